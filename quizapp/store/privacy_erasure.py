"""Taking a person out of the database. Queries that never commit.

What goes by itself with the learner and the account is declared with the tables (ON DELETE CASCADE); what must be done
by hand is driven by the inventory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.privacy.anonymous import blank_memory, ceil_day, floor_day, strip_words
from quizapp.core.privacy.inventory import INVENTORY
from quizapp.core.privacy.model import Erasure
from quizapp.store.tables import (
    AccountRow,
    AnonymousLearnerRow,
    AssessmentRow,
    AttemptQuestionRow,
    AttemptRow,
    AuditRow,
    CardRevisionRow,
    ClassMemberRow,
    DeckProgressRow,
    FitRow,
    JobRow,
    LearnerRow,
    ReviewRow,
    SQLModel,
    table_of,
)

_learner, _account, _member = table_of(LearnerRow), table_of(AccountRow), table_of(ClassMemberRow)
_review, _revision, _audit = table_of(ReviewRow), table_of(CardRevisionRow), table_of(AuditRow)
_attempt, _question, _test = table_of(AttemptRow), table_of(AttemptQuestionRow), table_of(AssessmentRow)
_begun, _nobody = table_of(DeckProgressRow), table_of(AnonymousLearnerRow)
_KEPT = ("deck_id", "card_id", "revision_id", "score", "verdict", "rating", "hint_used", "confidence", "shown_ms")
_KEPT_OF_TEST = ("position", "card_id", "revision_id", "confidence", "score", "verdict")


@dataclass(frozen=True, slots=True)
class Membership:
    """A class somebody is or was in, with the times that count for its figures."""

    class_id: int
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Leftover:
    """What a class's figures keep of somebody: rows of first answers in study, and of first attempts at its tests."""

    reviews: Sequence[sa.RowMapping]
    attempts: Sequence[sa.RowMapping]


def list_memberships(session: Session, learner_id: int) -> list[Membership]:
    """All classes that somebody is or was in."""
    rows = session.execute(
        sa.select(_member.c.class_id, _member.c.joined_at, _member.c.left_at)
        .where(_member.c.learner_id == learner_id)
        .order_by(_member.c.class_id)
    )
    return [Membership(*row) for row in rows]


def find_leftover(session: Session, learner_id: int, of: Membership) -> Leftover:
    """What the figures of a class count of somebody (see ``store.reports``), those counted with tests among it."""
    place = sa.func.row_number().over(partition_by=_review.c.revision_id, order_by=_review.c.seq)
    log = (
        sa.select(_review, place.label("place"))
        .where(
            _review.c.learner_id == learner_id,
            _review.c.answered_at >= of.joined_at,
            _review.c.undone_at.is_(None),
            _review.c.response != "",
            sa.true() if of.left_at is None else _review.c.answered_at <= of.left_at,
        )
        .subquery()
    )
    reviews = session.execute(
        sa.select(log, _revision.c.body)
        .join(_revision, _revision.c.id == log.c.revision_id)
        .where(log.c.place == 1)
        .order_by(log.c.seq)
    )
    return Leftover(reviews.mappings().all(), _find_first_attempts(session, learner_id, of.class_id))


def _find_first_attempts(session: Session, learner_id: int, class_id: int) -> Sequence[sa.RowMapping]:
    first = (
        sa.select(sa.func.min(_attempt.c.number).label("number"), _attempt.c.assessment_id)
        .join(_test, _test.c.id == _attempt.c.assessment_id)
        .where(_attempt.c.learner_id == learner_id, _attempt.c.ended_at.is_not(None), _test.c.class_id == class_id)
        .group_by(_attempt.c.assessment_id)
        .subquery()
    )
    same = (first.c.number == _attempt.c.number) & (first.c.assessment_id == _attempt.c.assessment_id)
    found = session.execute(sa.select(_attempt).join(first, same).where(_attempt.c.learner_id == learner_id))
    return found.mappings().all()


def _make_nobody(session: Session, of: Membership, handle: str, now: datetime) -> int:
    """A learner that is nobody, in the class as somebody who left."""
    made = sa.insert(_learner).values(handle=handle, created_at=floor_day(now), choices="").returning(_learner.c.id)
    learner_id = int(session.execute(made).scalar_one())
    session.execute(sa.insert(_nobody).values(learner_id=learner_id, class_id=of.class_id))
    session.execute(
        sa.insert(_member).values(
            class_id=of.class_id,
            learner_id=learner_id,
            pseudonym=f"deleted {handle}"[:60],
            external_id="",
            first_name="",
            last_name="",
            email="",
            joined_at=floor_day(of.joined_at),
            left_at=ceil_day(of.left_at or now),
        )
    )
    return learner_id


def _keep_reviews(session: Session, learner_id: int, handle: str, reviews: Sequence[sa.RowMapping]) -> None:
    rows: list[dict[str, Any]] = []
    for seq, row in enumerate(reviews, start=1):
        day = floor_day(row["answered_at"])
        rows.append(
            {name: row[name] for name in _KEPT}
            | {
                "learner_id": learner_id,
                "key": f"{handle[:27]}-{seq:08x}",
                "seq": seq,
                "answered_at": day,
                "study_day": day.toordinal(),
                "response": strip_words(row["response"], row["body"]),
                "body_digest": "",
                "model": row["model"],
                "phase_before": "",
                "interval_before": 0,
                "state_before": "",
                "state_after": blank_memory(day),
                "undone_at": None,
            }
        )
    if rows:
        session.execute(sa.insert(_review), rows)
        decks = sorted({row["deck_id"] for row in rows})
        begun = [{"learner_id": learner_id, "deck_id": deck_id, "seen": 0, "frontier": 0} for deck_id in decks]
        session.execute(sa.insert(_begun), begun)


def _keep_attempt(session: Session, learner_id: int, handle: str, attempt: sa.RowMapping) -> None:
    fields = ("assessment_id", "number", "end_reason", "late", "points", "most_points")
    values = {name: attempt[name] for name in fields}
    begun, ended = floor_day(attempt["started_at"]), floor_day(attempt["ended_at"])
    times = {"started_at": begun, "ended_at": ended, "counted_at": ended}
    session.execute(sa.insert(_attempt).values(learner_id=learner_id, handle=handle, seed="", **times, **values))
    asked = session.execute(
        sa.select(*(_question.c[name] for name in (*_KEPT_OF_TEST, "response")), _revision.c.body)
        .join(_revision, _revision.c.id == _question.c.revision_id)
        .where(_question.c.learner_id == attempt["learner_id"], _question.c.attempt == attempt["handle"])
    ).mappings()
    rows = [
        {name: row[name] for name in _KEPT_OF_TEST}
        | {"learner_id": learner_id, "attempt": handle, "asked": "{}", "typed": "", "version": 0, "clients": "{}"}
        | {"response": strip_words(row["response"], row["body"]), "saved_at": None, "settled_at": None}
        for row in asked
    ]
    if rows:
        session.execute(sa.insert(_question), rows)


def keep_figures(session: Session, of: Membership, kept: Leftover, handles: Sequence[str], now: datetime) -> None:
    """Give what the class's figures keep to a learner that is nobody. ``handles`` are fresh random names: one for the
    learner, and one for each attempt.
    """
    if not kept.reviews and not kept.attempts:
        return
    learner_id = _make_nobody(session, of, handles[0], now)
    _keep_reviews(session, learner_id, handles[0], kept.reviews)
    for handle, attempt in zip(handles[1:], kept.attempts, strict=True):
        _keep_attempt(session, learner_id, handle, attempt)


def _blank_names(session: Session, account_id: int) -> None:
    """Take the name out of what names the account in words; the reference to it goes with the account itself."""
    for table in INVENTORY.values():
        texts = {column.name: "" for column in table.columns if column.erasure is Erasure.BLANK}
        if texts:
            stored = SQLModel.metadata.tables[table.name]
            session.execute(sa.update(stored).where(stored.c.by_account_id == account_id).values(**texts))


def write_zeros(session: Session) -> None:
    """From here on SQLite overwrites what this connection deletes; other databases forget in their own way."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def erase_account(session: Session, account_id: int, code: str) -> None:
    """Take out an account with all that is only its own; acts go on under the code."""
    _blank_names(session, account_id)
    session.execute(sa.update(_audit).where(_audit.c.by_account_id == account_id).values(by_code=code))
    session.execute(sa.delete(_account).where(_account.c.id == account_id))


def erase_learner(session: Session, learner_id: int, code: str) -> None:
    """Take out a learner with everything that is only theirs; acts about them go on under the code."""
    fit, job = table_of(FitRow), table_of(JobRow)
    session.execute(sa.update(_audit).where(_audit.c.learner_id == learner_id).values(pupil_code=code))
    session.execute(sa.delete(fit).where(fit.c.scope == "learner", fit.c.subject_id == learner_id))
    theirs = job.c.subject.in_((str(learner_id), f"learner:{learner_id}")) & job.c.kind.in_(("fit", "adopt"))
    session.execute(sa.delete(job).where(theirs))
    session.execute(sa.delete(_learner).where(_learner.c.id == learner_id))
