"""Where tests asked a card, for grading its old answers again: queries that never commit."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.assessments_attempts import AttemptRecord
from quizapp.store.tables import (
    AssessmentCardRow,
    AttemptQuestionRow,
    AttemptRow,
    CardRevisionRow,
    CardRow,
    ClaimRow,
    RegradedAnswerRow,
    RegradeRow,
    table_of,
)

_attempt, _question, _pool = table_of(AttemptRow), table_of(AttemptQuestionRow), table_of(AssessmentCardRow)
_card, _revision, _claim = table_of(CardRow), table_of(CardRevisionRow), table_of(ClaimRow)
_regraded, _regrade = table_of(RegradedAnswerRow), table_of(RegradeRow)
_OF_ATTEMPT = (_question.c.learner_id == _attempt.c.learner_id) & (_question.c.attempt == _attempt.c.handle)
_SLICE = 500


@dataclass(frozen=True, slots=True)
class AskedRecord:
    """A question of an attempt that asked the card, with the answer that was saved last (JSON, blank for none)."""

    learner_id: int
    attempt: str
    position: int
    revision_id: int
    response: str
    saved_at: datetime | None
    settled_at: datetime | None
    score: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class WorthRecord:
    """What a question of an attempt is worth; ``score`` is None without an answer, or before it is graded."""

    position: int
    score: float | None
    confidence: int | None


@dataclass(frozen=True, slots=True)
class MovedRecord:
    """A question that counts for another revision of its card, with what its answer is worth since."""

    learner_id: int
    attempt: str
    position: int
    revision_id: int
    score: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class WorthEvent:
    """When an answer (a review's ``key``) came to be worth something else, and what it was worth before.

    ``regrade_id`` is the decision that did it, None for a claim that a teacher accepted.
    """

    learner_id: int
    key: str
    at: datetime
    regrade_id: int | None
    score_before: float


def _asking(card_id: int, learner_id: int | None) -> list[sa.ColumnElement[bool]]:
    """The attempts that may have asked a card: a test's cards are written down, and stay once somebody has begun."""
    tests = sa.select(_pool.c.assessment_id).where(_pool.c.card_id == card_id)
    mine = [] if learner_id is None else [_attempt.c.learner_id == learner_id]
    return [_attempt.c.assessment_id.in_(tests), *mine]


def _asks(card_id: int) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(_question.c.position).where(_OF_ATTEMPT, _question.c.card_id == card_id)).correlate(
        _attempt
    )


def list_attempts(session: Session, card_id: int, learner_id: int | None = None) -> list[AttemptRecord]:
    """The attempts in which a card was asked, of one learner or of all, by learner. One learner's are locked."""
    found = sa.select(*(_attempt.c[name] for name in AttemptRecord.__dataclass_fields__)).where(
        *_asking(card_id, learner_id), _asks(card_id)
    )
    if learner_id is not None:
        found = found.with_for_update()
    return [AttemptRecord(*row) for row in session.execute(found.order_by(_attempt.c.learner_id, _attempt.c.handle))]


def list_asked(session: Session, card_id: int, learner_id: int | None = None) -> list[AskedRecord]:
    """The questions with which attempts asked a card, of one learner or of all, by learner."""
    rows = session.execute(
        sa.select(*(_question.c[name] for name in AskedRecord.__dataclass_fields__))
        .join_from(_attempt, _question, _OF_ATTEMPT)
        .where(*_asking(card_id, learner_id), _question.c.card_id == card_id)
        .order_by(_question.c.learner_id, _question.c.attempt, _question.c.position)
    )
    return [AskedRecord(*row) for row in rows]


def list_worth(session: Session, card_id: int, learner_id: int | None = None) -> dict[str, list[WorthRecord]]:
    """What all questions of the attempts that asked a card are worth, by the attempts' handles."""
    rows = session.execute(
        sa.select(_attempt.c.handle, _question.c.position, _question.c.score, _question.c.confidence)
        .join_from(_attempt, _question, _OF_ATTEMPT)
        .where(*_asking(card_id, learner_id))
        .order_by(_question.c.learner_id, _question.c.attempt, _question.c.position)
    )
    found = defaultdict[str, list[WorthRecord]](list)
    for handle, *rest in rows:
        found[handle].append(WorthRecord(*rest))
    return dict(found)


_MOVE = (
    sa.update(_question)
    .where(
        _question.c.learner_id == sa.bindparam("learner"),
        _question.c.attempt == sa.bindparam("handle"),
        _question.c.position == sa.bindparam("at"),
    )
    .values(
        revision_id=sa.bindparam("revision"),
        score=sa.bindparam("worth", type_=sa.Float),
        verdict=sa.bindparam("said", type_=sa.String),
    )
)


def move_questions(session: Session, moved: Sequence[MovedRecord]) -> None:
    """Write what questions count for now, and what they are worth."""
    rows = [
        {
            "learner": one.learner_id,
            "handle": one.attempt,
            "at": one.position,
            "revision": one.revision_id,
            "worth": one.score,
            "said": one.verdict,
        }
        for one in moved
    ]
    if rows:
        session.connection().execute(_MOVE, rows)


def list_later_revisions(session: Session, attempt: AttemptRecord) -> dict[int, tuple[int, str]]:
    """By which words answers of an attempt are to be graded, where that was decided since its questions were drawn.

    By position: the revision and the card as JSON, of the last decision to grade old answers again.
    """
    drawn, later = _revision.alias(), _revision.alias()
    rows = session.execute(
        sa.select(_question.c.position, later.c.id, later.c.body)
        .join_from(_question, drawn, drawn.c.id == _question.c.revision_id)
        .join(_regrade, (_regrade.c.card_id == _question.c.card_id) & (_regrade.c.revision > drawn.c.number))
        .join(later, (later.c.card_id == _regrade.c.card_id) & (later.c.number == _regrade.c.revision))
        .where(_question.c.learner_id == attempt.learner_id, _question.c.attempt == attempt.handle, _regrade.c.again)
        .order_by(_regrade.c.id)
    )
    return {position: (revision_id, body) for position, revision_id, body in rows}


def count_uncounted(session: Session, deck_id: int) -> dict[int, int]:
    """By card of a deck: the questions in attempts that are not in the log of reviews and can still be graded by it.

    Those of open attempts, answered or not, and the answers of ended ones.
    """
    rows = session.execute(
        sa.select(_question.c.card_id, sa.func.count())
        .join_from(_attempt, _question, _OF_ATTEMPT)
        .join(_card, _card.c.id == _question.c.card_id)
        .where(
            _attempt.c.assessment_id.in_(
                sa.select(_pool.c.assessment_id)
                .join(_card, _card.c.id == _pool.c.card_id)
                .where(_card.c.deck_id == deck_id)
            ),
            _attempt.c.counted_at.is_(None),
            _card.c.deck_id == deck_id,
            _attempt.c.ended_at.is_(None) | (_question.c.response != ""),
        )
        .group_by(_question.c.card_id)
    )
    return {card_id: int(count) for card_id, count in rows}


def _slices(ids: Collection[int]) -> list[list[int]]:
    listed = sorted(ids)
    return [listed[start : start + _SLICE] for start in range(0, len(listed), _SLICE)]


def list_events(session: Session, learner_ids: Collection[int]) -> list[WorthEvent]:
    """All that made answers of these learners worth something else, in the order of time."""
    found = list[WorthEvent]()
    for chunk in _slices(learner_ids):
        again: sa.Select[Any] = (
            sa.select(
                _regraded.c.learner_id, _regraded.c.review_key, _regrade.c.at, _regrade.c.id, _regraded.c.score_before
            )
            .join_from(_regraded, _regrade, _regrade.c.id == _regraded.c.regrade_id)
            .where(_regraded.c.learner_id.in_(chunk))
        )
        accepted: sa.Select[Any] = sa.select(
            _claim.c.learner_id, _claim.c.review_key, _claim.c.settled_at, sa.null(), _claim.c.score_before
        ).where(
            _claim.c.learner_id.in_(chunk),
            _claim.c.kind == "right",
            _claim.c.outcome == "accepted",
            _claim.c.score_before.is_not(None),
        )
        found += [WorthEvent(*row) for query in (again, accepted) for row in session.execute(query)]
    return sorted(found, key=lambda one: (one.at, one.regrade_id or 0))
