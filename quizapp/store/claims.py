"""Claims and notes of students, and what they change in the log: queries that never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from quizapp.store.prepared import Prepared
from quizapp.store.study import REVIEW_FIELDS, ReviewRecord
from quizapp.store.tables import (
    AccountRow,
    ClaimRow,
    ClassMemberRow,
    ClassRow,
    ClassTeacherRow,
    LearnerRow,
    ReviewRow,
    SchedulingRow,
    table_of,
)


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim as stored; ``settled_by`` is an account's id."""

    learner_id: int
    review_key: str
    kind: str
    handle: str
    card_id: int
    revision_id: int
    text: str
    made_at: datetime
    settled_at: datetime | None = None
    settled_by: int | None = None
    outcome: str = ""
    reply: str = ""
    verdict_before: str = ""
    score_before: float | None = None
    rating_before: int | None = None


@dataclass(frozen=True, slots=True)
class DeskScope:
    """Whose desk is read: a teacher's account, and whether it is the ``whole`` school's, an administrator's."""

    account_id: int
    whole: bool = False


_FIELDS = tuple(ClaimRecord.__dataclass_fields__)


def _claims() -> sa.Select[Any]:
    table = table_of(ClaimRow)
    return sa.select(*(table.c[name] for name in _FIELDS))


_ABOUT = Prepared(
    _claims().where(
        col(ClaimRow.learner_id) == sa.bindparam("learner"), col(ClaimRow.review_key) == sa.bindparam("review")
    )
)


def find_claim(session: Session, handle: str) -> ClaimRecord | None:
    """The claim with this name."""
    row = session.execute(_claims().where(col(ClaimRow.handle) == handle)).first()
    return None if row is None else ClaimRecord(*row)


def list_claims_about(session: Session, learner_id: int, review_key: str) -> list[ClaimRecord]:
    """What a learner claimed of one answer."""
    return [ClaimRecord(*row) for row in _ABOUT.all(session, {"learner": learner_id, "review": review_key})]


def list_claims_of(session: Session, learner_id: int, limit: int) -> list[ClaimRecord]:
    """A learner's claims, the latest first."""
    mine = _claims().where(col(ClaimRow.learner_id) == learner_id).order_by(col(ClaimRow.made_at).desc())
    return [ClaimRecord(*row) for row in session.execute(mine.limit(limit))]


def count_open(session: Session, learner_id: int) -> int:
    """How many claims of a learner wait for a teacher."""
    waiting = sa.select(sa.func.count()).where(col(ClaimRow.learner_id) == learner_id, col(ClaimRow.outcome) == "")
    return int(session.execute(waiting).scalar_one())


def add_claim(session: Session, claim: ClaimRecord) -> None:
    """Write a claim down."""
    values = {name: getattr(claim, name) for name in _FIELDS}
    session.execute(sa.insert(table_of(ClaimRow)).values(**values))


def save_claim(session: Session, claim: ClaimRecord) -> None:
    """Write what became of a claim."""
    table = table_of(ClaimRow)
    values = {name: getattr(claim, name) for name in _FIELDS}
    session.execute(sa.update(table).where(table.c.handle == claim.handle).values(**values))


def remove_claim(session: Session, handle: str) -> None:
    """Forget a claim."""
    session.execute(sa.delete(table_of(ClaimRow)).where(col(ClaimRow.handle) == handle))


def move_claims(session: Session, from_learner: int, to_learner: int) -> None:
    """Give a guest's claims to an account that takes the guest's answers over. None of the answers may be in both."""
    table = table_of(ClaimRow)
    session.execute(sa.update(table).where(table.c.learner_id == from_learner).values(learner_id=to_learner))


def _in_class(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether the learner of a claim studies now in a class of which the conditions hold."""
    return (
        sa.select(sa.literal(1))
        .select_from(ClassMemberRow)
        .join(ClassRow, col(ClassRow.id) == col(ClassMemberRow.class_id))
        .where(
            col(ClassMemberRow.learner_id) == col(ClaimRow.learner_id),
            col(ClassMemberRow.left_at).is_(None),
            col(ClassRow.archived_at).is_(None),
            *conditions,
        )
        .exists()
    )


def _taught(account_id: int) -> sa.ColumnElement[bool]:
    classes = sa.select(col(ClassTeacherRow.class_id)).where(col(ClassTeacherRow.account_id) == account_id)
    return col(ClassMemberRow.class_id).in_(classes)


def _in_scope(scope: DeskScope) -> sa.ColumnElement[bool]:
    """The claims of a desk: those of the students of the teacher's classes, and of students in no class at all."""
    if scope.whole:
        return sa.true()
    return _in_class(_taught(scope.account_id)) | ~_in_class()


def _on_desk(scope: DeskScope, *, settled: bool) -> list[sa.ColumnElement[bool]]:
    outcome = col(ClaimRow.outcome)
    return [
        _in_scope(scope),
        outcome != "" if settled else outcome == "",
        sa.select(sa.literal(1))
        .where(
            col(ReviewRow.learner_id) == col(ClaimRow.learner_id),
            col(ReviewRow.key) == col(ClaimRow.review_key),
            col(ReviewRow.undone_at).is_(None),
        )
        .exists(),
    ]


def _name(scope: DeskScope) -> sa.ColumnElement[str | None]:
    """The student's name; the pseudonym where a class keeps the names from everybody but its own teachers."""
    pseudonym = (
        sa.select(sa.func.min(col(ClassMemberRow.pseudonym)))
        .join(ClassRow, col(ClassRow.id) == col(ClassMemberRow.class_id))
        .where(
            col(ClassMemberRow.learner_id) == col(ClaimRow.learner_id),
            col(ClassMemberRow.left_at).is_(None),
            col(ClassRow.archived_at).is_(None),
            col(ClassRow.pseudonymous),
        )
        .scalar_subquery()
    )
    return sa.case(
        (_in_class(_taught(scope.account_id)), col(AccountRow.name)),
        else_=sa.func.coalesce(pseudonym, col(AccountRow.name)),
    )


def list_on_desk(
    session: Session, scope: DeskScope, *, settled: bool, offset: int, limit: int
) -> list[tuple[ClaimRecord, str | None]]:
    """What lies on a desk, each claim with its student's name (None: a guest's).

    Open claims come with the longest waiting first, settled ones with the latest first. Answers that were taken back
    are not on the desk.
    """
    order = col(ClaimRow.settled_at).desc() if settled else col(ClaimRow.made_at)
    rows = session.execute(
        _claims()
        .add_columns(_name(scope))
        .outerjoin(AccountRow, col(AccountRow.learner_id) == col(ClaimRow.learner_id))
        .where(*_on_desk(scope, settled=settled))
        .order_by(order, col(ClaimRow.handle))
        .offset(offset)
        .limit(limit)
    )
    return [(ClaimRecord(*row[:-1]), row[-1]) for row in rows]


def count_on_desk(session: Session, scope: DeskScope, *, settled: bool) -> int:
    """How many claims lie on a desk."""
    counted = sa.select(sa.func.count()).select_from(ClaimRow).where(*_on_desk(scope, settled=settled))
    return int(session.execute(counted).scalar_one())


def is_in_scope(session: Session, handle: str, scope: DeskScope) -> bool:
    """Whether a claim is on this desk, be it open or settled."""
    found = sa.select(sa.literal(1)).select_from(ClaimRow).where(col(ClaimRow.handle) == handle)
    return session.execute(found.where(_in_scope(scope))).first() is not None


def list_open_about_card(session: Session, card_id: int, scope: DeskScope) -> list[ClaimRecord]:
    """The open claims of a desk to have been right with one card."""
    conditions = (*_on_desk(scope, settled=False), col(ClaimRow.card_id) == card_id, col(ClaimRow.kind) == "right")
    rows = session.execute(_claims().where(*conditions).order_by(col(ClaimRow.learner_id)))
    return [ClaimRecord(*row) for row in rows]


def list_responses(session: Session, card_id: int) -> list[tuple[int, str]]:
    """Who answered a card how, each learner with each answer (JSON) once; answers taken back are left out."""
    learners = sa.select(col(LearnerRow.id))  # leads the search into an index that begins with the learner
    rows = session.execute(
        sa.select(col(ReviewRow.learner_id), col(ReviewRow.response))
        .where(
            col(ReviewRow.learner_id).in_(learners),
            col(ReviewRow.card_id) == card_id,
            col(ReviewRow.undone_at).is_(None),
            col(ReviewRow.response) != "",  # blank: made elsewhere
        )
        .distinct()
    )
    return [(learner_id, response) for learner_id, response in rows]


def list_counted(session: Session, learner_id: int, card_id: int) -> list[ReviewRecord]:
    """The answers of a learner to a card that count, in their order."""
    table = table_of(ReviewRow)
    rows = session.execute(
        sa.select(*(table.c[name] for name in REVIEW_FIELDS))
        .where(table.c.learner_id == learner_id, table.c.card_id == card_id, table.c.undone_at.is_(None))
        .order_by(table.c.seq)
    )
    return [ReviewRecord(*row) for row in rows]


def rewrite_reviews(session: Session, reviews: Sequence[ReviewRecord]) -> None:
    """Write answers of the log anew: what they were worth, and the states they lead from and to."""
    table = table_of(ReviewRow)
    for review in reviews:
        values = {name: getattr(review, name) for name in REVIEW_FIELDS}
        own = (table.c.learner_id == review.learner_id, table.c.key == review.key)
        session.execute(sa.update(table).where(*own).values(**values))


def find_scheduling(session: Session, model: str) -> str | None:
    """What a review's ``model`` stands for, as JSON; None for one that was never written down."""
    row = session.get(SchedulingRow, model)
    return None if row is None else row.settings


def find_handle(session: Session, learner_id: int) -> str:
    """The handle of a learner who is there."""
    return str(session.execute(sa.select(col(LearnerRow.handle)).where(col(LearnerRow.id) == learner_id)).scalar_one())
