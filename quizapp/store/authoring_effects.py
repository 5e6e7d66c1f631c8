"""Whom a change of a deck concerns, and what became of old answers: queries that never commit."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.study import REVIEW_FIELDS, ReviewRecord
from quizapp.store.tables import (
    AccountRow,
    AnonymousLearnerRow,
    CardRevisionRow,
    CardRow,
    CardStateRow,
    ClaimRow,
    ClassMemberRow,
    ClassRow,
    ClassTeacherRow,
    LearnerRow,
    RegradedAnswerRow,
    RegradeRow,
    ReviewRow,
    known_id,
    table_of,
)

_learner, _review, _state = table_of(LearnerRow), table_of(ReviewRow), table_of(CardStateRow)
_card, _revision, _claim = table_of(CardRow), table_of(CardRevisionRow), table_of(ClaimRow)
_member, _class, _teacher = table_of(ClassMemberRow), table_of(ClassRow), table_of(ClassTeacherRow)
_account, _regraded, _regrade = table_of(AccountRow), table_of(RegradedAnswerRow), table_of(RegradeRow)
_nobody = table_of(AnonymousLearnerRow)
_EVERYBODY = sa.select(_learner.c.id)  # leads the search into indexes that begin with the learner
_HERE = _review.c.undone_at.is_(None) & (_review.c.response != "")  # counts, and was not made elsewhere
_SLICE = 500


@dataclass(frozen=True, slots=True)
class CardFigures:
    """How a card did: learners whose memory holds it, answers that count, and their scores' sum."""

    learners: int = 0
    answers: int = 0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """The current words of a card in use or retired, as JSON."""

    card_id: int
    slug: str
    number: int
    body: str
    retired: bool


@dataclass(frozen=True, slots=True)
class RegradeRecord:
    """A decision about the old answers of a card."""

    id: int
    revision: int
    again: bool
    changed: int
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RegradedRecord:
    """An answer that was graded again, before and after; one that is worth the same counts for new words since."""

    learner_id: int
    review_key: str
    regrade_id: int
    revision_before: int
    verdict_before: str
    score_before: float
    rating_before: int
    verdict_after: str
    score_after: float
    rating_after: int

    @property
    def changed(self) -> bool:
        """Whether it is worth something else since."""
        return abs(self.score_before - self.score_after) > 1e-9 or self.verdict_before != self.verdict_after


def list_revisions(session: Session, deck_id: int) -> dict[str, StoredRevision]:
    """The cards of a deck at their current revisions, by their ids in the file; retired ones too."""
    rows = session.execute(
        sa.select(_card.c.id, _card.c.slug, _revision.c.number, _revision.c.body, _card.c.retired_at.is_not(None))
        .join(_revision, (_revision.c.card_id == _card.c.id) & (_revision.c.number == _card.c.revision))
        .where(_card.c.deck_id == deck_id)
        .order_by(_card.c.position, _card.c.id)
    )
    return {row.slug: StoredRevision(row[0], row[1], row[2], row[3], retired=bool(row[4])) for row in rows}


def count_figures(session: Session, deck_id: int) -> dict[int, CardFigures]:
    """How each card of a deck that anybody met did, by its row."""
    states = session.execute(
        sa.select(_state.c.card_id, sa.func.count())
        .where(_state.c.learner_id.in_(_EVERYBODY), _state.c.deck_id == deck_id)
        .group_by(_state.c.card_id)
    )
    learners = {row[0]: int(row[1]) for row in states}
    reviews = session.execute(
        sa.select(_review.c.card_id, sa.func.count(), sa.func.sum(_review.c.score))
        .where(_review.c.learner_id.in_(_EVERYBODY), _review.c.deck_id == deck_id, _HERE)
        .group_by(_review.c.card_id)
    )
    answers = {card_id: (count, float(score)) for card_id, count, score in reviews}
    return {one: CardFigures(learners.get(one, 0), *answers.get(one, (0, 0.0))) for one in {*learners, *answers}}


def count_people(session: Session, card_ids: Collection[int]) -> int:
    """How many learners have progress on any of these cards."""
    found = set[int]()
    listed = sorted(card_ids)
    for start in range(0, len(listed), _SLICE):
        rows = session.execute(
            sa.select(_state.c.learner_id)
            .where(_state.c.learner_id.in_(_EVERYBODY), _state.c.card_id.in_(listed[start : start + _SLICE]))
            .distinct()
        )
        found.update(rows.scalars())
    return len(found)


def is_nobody(session: Session, learner_id: int) -> bool:
    """Whether a learner is what the figures of a class keep of somebody deleted: answers, and no memory of any card."""
    found = sa.select(_nobody.c.learner_id).where(_nobody.c.learner_id == learner_id)
    return session.execute(found).first() is not None


def list_reviews(session: Session, card_id: int) -> dict[int, list[ReviewRecord]]:
    """All answers to a card that count and were given here, by learner, each learner's in their order."""
    rows = session.execute(
        sa.select(*(_review.c[name] for name in REVIEW_FIELDS))
        .where(_review.c.learner_id.in_(_EVERYBODY), _review.c.card_id == card_id, _HERE)
        .order_by(_review.c.learner_id, _review.c.seq)
    )
    found = defaultdict[int, list[ReviewRecord]](list)
    for row in rows:
        found[row.learner_id].append(ReviewRecord(*row))
    return dict(found)


def list_judged(session: Session, card_id: int) -> set[tuple[int, str]]:
    """The answers to a card, as (learner, key), that a teacher has judged by accepting a claim."""
    rows = session.execute(
        sa.select(_claim.c.learner_id, _claim.c.review_key).where(
            _claim.c.card_id == card_id, _claim.c.kind == "right", _claim.c.outcome == "accepted"
        )
    )
    return {(learner_id, key) for learner_id, key in rows}


def name_students(session: Session, account_id: int, learner_ids: Collection[int]) -> dict[int, str]:
    """The names of those of these learners who study now in a class of this teacher."""
    names, listed = dict[int, str](), sorted(learner_ids)
    for start in range(0, len(listed), _SLICE):
        rows = session.execute(
            sa.select(
                _member.c.learner_id, _member.c.first_name, _member.c.last_name, _account.c.name, _member.c.pseudonym
            )
            .join(_class, _class.c.id == _member.c.class_id)
            .join(_teacher, (_teacher.c.class_id == _class.c.id) & (_teacher.c.account_id == account_id))
            .outerjoin(_account, _account.c.learner_id == _member.c.learner_id)
            .where(
                _member.c.learner_id.in_(listed[start : start + _SLICE]),
                _member.c.left_at.is_(None),
                _class.c.archived_at.is_(None),
            )
        )
        for learner_id, first, last, name, pseudonym in rows:
            names[learner_id] = f"{first} {last}".strip() or name or pseudonym
    return names


def add_regrade(session: Session, card_id: int, regrade: RegradeRecord, account_id: int) -> int:
    """Write a decision down; gives its number. The number within the record is not looked at."""
    row = RegradeRow(
        card_id=card_id,
        revision=regrade.revision,
        again=regrade.again,
        changed=regrade.changed,
        by_account_id=account_id,
        by_name=regrade.by_name,
        at=regrade.at,
    )
    session.add(row)
    session.flush()
    return known_id(row.id)


def count_changed(session: Session, regrade_id: int, changed: int) -> None:
    """Write down how many answers a decision changed."""
    session.execute(sa.update(_regrade).where(_regrade.c.id == regrade_id).values(changed=changed))


def add_regraded(session: Session, records: Sequence[RegradedRecord]) -> None:
    """Write down what answers were worth before and since."""
    if records:
        fields = RegradedRecord.__dataclass_fields__
        session.execute(sa.insert(_regraded), [{name: getattr(record, name) for name in fields} for record in records])


def move_reviews(session: Session, learner_id: int, keys: Sequence[str], revision_id: int) -> None:
    """Let answers of a learner count for another revision of their card; what they are worth stays."""
    for start in range(0, len(keys), _SLICE):
        these = _review.c.key.in_(keys[start : start + _SLICE])
        moved = sa.update(_review).where(_review.c.learner_id == learner_id, these)
        session.execute(moved.values(revision_id=revision_id))


def list_regrades(session: Session, card_id: int) -> list[RegradeRecord]:
    """The decisions about the old answers of a card, the last first."""
    fields = (_regrade.c[name] for name in RegradeRecord.__dataclass_fields__)
    rows = session.execute(sa.select(*fields).where(_regrade.c.card_id == card_id).order_by(_regrade.c.id.desc()))
    return [RegradeRecord(*row) for row in rows]


def _list_regraded(session: Session, condition: sa.ColumnElement[bool]) -> list[RegradedRecord]:
    fields: list[Any] = [_regraded.c[name] for name in RegradedRecord.__dataclass_fields__]
    rows = session.execute(sa.select(*fields).where(condition).order_by(_regraded.c.regrade_id, _regraded.c.learner_id))
    return [record for row in rows if (record := RegradedRecord(*row)).changed]


def list_regraded_by(session: Session, regrade_id: int) -> list[RegradedRecord]:
    """The answers that one decision changed; those that are worth the same are left out."""
    return _list_regraded(session, _regraded.c.regrade_id == regrade_id)


def list_regraded_of(session: Session, learner_id: int, key: str) -> list[RegradedRecord]:
    """What became of one answer, decision after decision; where it stayed worth the same, nothing."""
    return _list_regraded(session, (_regraded.c.learner_id == learner_id) & (_regraded.c.review_key == key))


def move_regraded(session: Session, from_learner: int, to_learner: int) -> None:
    """Give what became of a guest's answers to the account that takes them over."""
    session.execute(sa.update(_regraded).where(_regraded.c.learner_id == from_learner).values(learner_id=to_learner))


def list_card_revisions(session: Session, card_id: int) -> list[tuple[int, str, datetime]]:
    """All words a card ever had, as (number, JSON, since when), the last first."""
    rows = session.execute(
        sa.select(_revision.c.number, _revision.c.body, _revision.c.created_at)
        .where(_revision.c.card_id == card_id)
        .order_by(_revision.c.number.desc())
    )
    return [(number, body, at) for number, body, at in rows]


def count_by_revision(session: Session, card_id: int) -> dict[int, tuple[int, float]]:
    """How many answers to a card count, and their scores' sum, by the number of the revision that they count for."""
    rows = session.execute(
        sa.select(_revision.c.number, sa.func.count(), sa.func.sum(_review.c.score))
        .join(_revision, _revision.c.id == _review.c.revision_id)
        .where(_review.c.learner_id.in_(_EVERYBODY), _review.c.card_id == card_id, _HERE)
        .group_by(_revision.c.number)
    )
    return {number: (count, float(score)) for number, count, score in rows}
