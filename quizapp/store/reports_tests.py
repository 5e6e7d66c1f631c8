"""Attempts at the tests of a class, for its reports: queries that never commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.assessments import AssessmentRecord, find_assessment, is_for_others
from quizapp.store.reports import FirstAnswer, chunks
from quizapp.store.tables import (
    AccommodationRow,
    AssessmentRow,
    AttemptQuestionRow,
    AttemptRow,
    ClassMemberRow,
    table_of,
)

_test, _attempt, _question = table_of(AssessmentRow), table_of(AttemptRow), table_of(AttemptQuestionRow)
_member, _more_time = table_of(ClassMemberRow), table_of(AccommodationRow)


@dataclass(frozen=True, slots=True)
class ClassAttempt:
    """An attempt at a test of the class, with how many questions it has and how many of them are answered."""

    learner_id: int
    handle: str
    assessment_id: int
    number: int
    started_at: datetime
    ended_at: datetime | None
    end_reason: str
    late: bool
    points: float | None
    most_points: float | None
    time_percent: int
    questions: int
    answered: int


@dataclass(frozen=True, slots=True)
class SatAnswer:
    """A question of an attempt with its answer. ``asked`` is the card as shown, ``response`` the answer, as JSON."""

    attempt: str
    position: int
    revision_id: int
    asked: str
    response: str
    confidence: int | None
    saved_at: datetime | None
    score: float | None
    verdict: str


def list_tests(session: Session, class_id: int) -> list[AssessmentRecord]:
    """The published tests of a class, the oldest first."""
    rows = session.execute(
        sa.select(_test.c.handle)
        .where(_test.c.class_id == class_id, _test.c.published_at.is_not(None))
        .order_by(_test.c.created_at, _test.c.id)
    )
    found = (find_assessment(session, handle) for (handle,) in rows.all())
    return [record for record in found if record is not None]


def list_given(session: Session, class_id: int) -> set[tuple[int, int]]:
    """Which published tests of a class are given to which of its members, those who left too: learner and test.

    A test for groups or single students is given to them alone; one that had closed before somebody came, or was
    published after they had left, was never theirs. One that they sat is.
    """
    rows = session.execute(
        sa.select(_member.c.learner_id, _test.c.id)
        .join_from(_member, _test, _test.c.class_id == _member.c.class_id)
        .where(
            _member.c.class_id == class_id,
            _test.c.published_at.is_not(None),
            sa.not_(is_for_others(_member.c.learner_id, _member)),
            _test.c.closes_at.is_(None) | (_member.c.joined_at < _test.c.closes_at),
            _member.c.left_at.is_(None) | (_test.c.published_at < _member.c.left_at),
        )
    )
    sat = session.execute(
        sa.select(_attempt.c.learner_id, _attempt.c.assessment_id)
        .join_from(_attempt, _test, _test.c.id == _attempt.c.assessment_id)
        .join(_member, _OF_CLASS)
        .where(_test.c.class_id == class_id, _test.c.published_at.is_not(None))
    )
    return {(learner_id, test_id) for found in (rows, sat) for learner_id, test_id in found}


_OF_CLASS = (_member.c.learner_id == _attempt.c.learner_id) & (_member.c.class_id == _test.c.class_id)
"""An attempt at a test of the class by who is, or was, in it."""
_OF_ATTEMPT = (_question.c.learner_id == _attempt.c.learner_id) & (_question.c.attempt == _attempt.c.handle)


def _count(which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).where(_OF_ATTEMPT, which).correlate(_attempt).scalar_subquery()


def list_attempts(session: Session, class_id: int) -> list[ClassAttempt]:
    """The attempts of members at published tests of their class, by student, then by test and number."""
    fields = list(ClassAttempt.__dataclass_fields__)[:10]
    rows = session.execute(
        sa.select(
            *(_attempt.c[name] for name in fields),
            sa.func.coalesce(_more_time.c.time_percent, 100),
            _count(sa.true()),
            _count(_question.c.response != ""),
        )
        .join_from(_attempt, _test, _test.c.id == _attempt.c.assessment_id)
        .join(_member, _OF_CLASS)
        .outerjoin(_more_time, _more_time.c.learner_id == _attempt.c.learner_id)
        .where(_test.c.class_id == class_id, _test.c.published_at.is_not(None))
        .order_by(_attempt.c.learner_id, _test.c.created_at, _test.c.id, _attempt.c.number)
    )
    return [ClassAttempt(*row) for row in rows]


def list_test_answers(session: Session, learner_id: int, class_id: int) -> list[SatAnswer]:
    """The questions of one learner's attempts at published tests of a class, in the order of ``list_attempts``."""
    rows = session.execute(
        sa.select(*(_question.c[name] for name in SatAnswer.__dataclass_fields__))
        .join_from(_attempt, _test, _test.c.id == _attempt.c.assessment_id)
        .join(_question, _OF_ATTEMPT)
        .where(_attempt.c.learner_id == learner_id, _test.c.class_id == class_id, _test.c.published_at.is_not(None))
        .order_by(_test.c.created_at, _test.c.id, _attempt.c.number, _question.c.position)
    )
    return [SatAnswer(*row) for row in rows]


def list_counted_questions(session: Session, learner_ids: Collection[int]) -> list[tuple[str, int]]:
    """The questions, as attempt and position, whose answers stand in the log of reviews, at whatever test."""
    found: list[tuple[str, int]] = []
    for chunk in chunks(learner_ids):
        rows = session.execute(
            sa.select(_question.c.attempt, _question.c.position)
            .join_from(_question, _attempt, _OF_ATTEMPT)
            .where(_attempt.c.learner_id.in_(chunk), _attempt.c.counted_at.is_not(None))
        )
        found += [(row[0], row[1]) for row in rows]
    return found


def list_first_in_test(session: Session, assessment_id: int, class_id: int) -> list[FirstAnswer]:
    """The answers of each member in the first attempt at a test that has ended; ``key`` is blank."""
    first = (
        sa.select(_attempt.c.learner_id, sa.func.min(_attempt.c.number).label("number"))
        .where(_attempt.c.assessment_id == assessment_id, _attempt.c.ended_at.is_not(None))
        .group_by(_attempt.c.learner_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            _question.c.learner_id,
            sa.literal(""),
            _question.c.revision_id,
            _question.c.response,
            _question.c.score,
            _question.c.verdict,
            _question.c.confidence,
            sa.null(),
        )
        .join_from(
            _attempt, first, (first.c.learner_id == _attempt.c.learner_id) & (first.c.number == _attempt.c.number)
        )
        .join(_question, _OF_ATTEMPT)
        .join(_member, (_member.c.learner_id == _attempt.c.learner_id) & (_member.c.class_id == class_id))
        .where(_attempt.c.assessment_id == assessment_id)
        .order_by(_question.c.learner_id, _question.c.position)
    )
    return [FirstAnswer(*row) for row in rows]
