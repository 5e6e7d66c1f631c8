"""What the reports of a class are made from: read in batches, by keys that only grow, and never committed."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.memory import Phase
from quizapp.store.prepared import Prepared
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    ClassMemberRow,
    DeckProgressRow,
    DeckRow,
    ReviewRow,
    table_of,
)

BATCH = 5_000
_MOST_VALUES = 500
"""Values in one statement: every database takes so many."""

_member, _review, _begun = table_of(ClassMemberRow), table_of(ReviewRow), table_of(DeckProgressRow)
_deck, _card, _revision = table_of(DeckRow), table_of(CardRow), table_of(CardRevisionRow)

_IN_TIME = (
    (_review.c.learner_id == _member.c.learner_id)
    & (_review.c.answered_at >= _member.c.joined_at)
    & (_member.c.left_at.is_(None) | (_review.c.answered_at <= _member.c.left_at))
    & _review.c.undone_at.is_(None)
    & (_review.c.response != "")
)
"""An answer that counts, given here by a member while in the class: what was made elsewhere proves nothing."""


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """The work of a member since joining: answers, right ones, study days, milliseconds, and when the last was."""

    answers: int
    right: int
    days: int
    millis: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """Cards that came back to a member and were answered, each once a day, and those of them remembered."""

    answers: int
    recalled: int


@dataclass(frozen=True, slots=True)
class RevisionText:
    """A card at a revision. ``body`` is the card as JSON."""

    id: int
    number: int
    type: str
    body: str
    card: str
    deck: str
    title: str
    language: str


class StudyAnswer(NamedTuple):
    """An answer of the log, as far as reports tell it. A tuple, since a report makes a million of them."""

    seq: int
    key: str
    revision_id: int
    answered_at: datetime
    response: str
    score: float
    verdict: str
    rating: int
    hint_used: bool
    confidence: int | None
    shown_ms: int | None


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The first answer of a student to a revision in one place."""

    learner_id: int
    key: str
    revision_id: int
    response: str
    score: float | None
    verdict: str
    confidence: int | None
    shown_ms: int | None


def sum_work(session: Session, class_id: int, right_from: float, longest_ms: int) -> dict[int, WorkRecord]:
    """The work of each member who has answered anything. An answer takes ``longest_ms`` at most."""
    taken = sa.case((_review.c.shown_ms > longest_ms, longest_ms), else_=_review.c.shown_ms)
    rows = session.execute(
        sa.select(
            _review.c.learner_id,
            sa.func.count(),
            sa.func.count().filter(_review.c.score >= right_from),
            sa.func.count(_review.c.study_day.distinct()),
            sa.func.coalesce(sa.func.sum(taken), 0),
            sa.func.max(_review.c.answered_at),
        )
        .select_from(_member)
        .join(_review, _IN_TIME)
        .where(_member.c.class_id == class_id)
        .group_by(_review.c.learner_id)
    )
    return {row[0]: WorkRecord(row[1], row[2], row[3], int(row[4]), row[5]) for row in rows}


def count_returns(session: Session, class_id: int) -> dict[int, ReturnRecord]:
    """The first answers of each study day to cards in review, by member."""
    place = sa.func.row_number().over(
        partition_by=(_review.c.learner_id, _review.c.study_day, _review.c.card_id), order_by=_review.c.seq
    )
    log = (
        sa.select(_review.c.learner_id, _review.c.phase_before, _review.c.rating, place.label("place"))
        .select_from(_member)
        .join(_review, _IN_TIME)
        .where(_member.c.class_id == class_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(log.c.learner_id, sa.func.count(), sa.func.count().filter(log.c.rating > 1))
        .where(log.c.place == 1, log.c.phase_before == Phase.REVIEW.value)
        .group_by(log.c.learner_id)
    )
    return {row[0]: ReturnRecord(row[1], row[2]) for row in rows}


_PAGE = Prepared(
    sa.select(*(_review.c[name] for name in StudyAnswer._fields))
    .where(
        _review.c.learner_id == sa.bindparam("learner"),
        _review.c.seq > sa.bindparam("after"),
        _review.c.answered_at >= sa.bindparam("since", type_=_review.c.answered_at.type),
        _review.c.answered_at <= sa.bindparam("until", type_=_review.c.answered_at.type),
        _review.c.undone_at.is_(None),
        _review.c.response != "",
    )
    .order_by(_review.c.seq)
    .limit(BATCH)
)


def page_answers(session: Session, learner_id: int, since: datetime, until: datetime, after: int) -> list[StudyAnswer]:
    """The next answers of a learner that count, given from ``since`` to ``until``, after that of number ``after``."""
    values = {"learner": learner_id, "after": after, "since": since, "until": until}
    return [StudyAnswer._make(row) for row in _PAGE.all(session, values)]


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in lists that fit into one statement."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _MOST_VALUES):
        yield ordered[start : start + _MOST_VALUES]


def list_revisions(session: Session, ids: Collection[int]) -> dict[int, RevisionText]:
    """These revisions by id."""
    found: dict[int, RevisionText] = {}
    for chunk in chunks(ids):
        rows = session.execute(
            sa.select(
                _revision.c.id,
                _revision.c.number,
                _revision.c.type,
                _revision.c.body,
                _card.c.slug,
                _deck.c.slug,
                _deck.c.title,
                _deck.c.language,
            )
            .join_from(_revision, _card, _card.c.id == _revision.c.card_id)
            .join(_deck, _deck.c.id == _card.c.deck_id)
            .where(_revision.c.id.in_(chunk))
        )
        found |= {row[0]: RevisionText(*row) for row in rows}
    return found


def list_decks(session: Session, class_id: int) -> list[int]:
    """The decks that a member of the class has begun, by title."""
    rows = session.execute(
        sa.select(_deck.c.id)
        .where(
            _deck.c.id.in_(
                sa.select(_begun.c.deck_id)
                .join_from(_begun, _member, _member.c.learner_id == _begun.c.learner_id)
                .where(_member.c.class_id == class_id)
            )
        )
        .order_by(_deck.c.title, _deck.c.id)
    )
    return [row[0] for row in rows]


def _first_in_study(class_id: int, deck_id: int) -> sa.Select[Any]:
    place = sa.func.row_number().over(
        partition_by=(_review.c.learner_id, _review.c.revision_id), order_by=_review.c.seq
    )
    fields = [_review.c[name] for name in FirstAnswer.__dataclass_fields__]
    log = (
        sa.select(*fields, place.label("place"))
        .select_from(_member)
        .join(_review, _IN_TIME & (_review.c.deck_id == deck_id))
        .where(_member.c.class_id == class_id)
        .subquery()
    )
    return sa.select(*(log.c[name] for name in FirstAnswer.__dataclass_fields__)).where(log.c.place == 1)


def list_first_in_study(session: Session, class_id: int, deck_id: int) -> list[FirstAnswer]:
    """The first answer of each member to each revision of a deck since joining."""
    return [FirstAnswer(*row) for row in session.execute(_first_in_study(class_id, deck_id))]


def list_days(
    session: Session, learner_id: int, since: datetime, until: datetime, longest_ms: int
) -> list[tuple[int, int, int, int]]:
    """A learner's study days in a time, as ordinal, answers, right ones and milliseconds."""
    taken = sa.case((_review.c.shown_ms > longest_ms, longest_ms), else_=_review.c.shown_ms)
    rows = session.execute(
        sa.select(
            _review.c.study_day,
            sa.func.count(),
            sa.func.count().filter(_review.c.rating > 1),
            sa.func.coalesce(sa.func.sum(taken), 0),
        )
        .where(
            _review.c.learner_id == learner_id,
            _review.c.answered_at >= since,
            _review.c.answered_at <= until,
            _review.c.undone_at.is_(None),
            _review.c.response != "",
        )
        .group_by(_review.c.study_day)
        .order_by(_review.c.study_day)
    )
    return [(row[0], row[1], row[2], int(row[3])) for row in rows]
