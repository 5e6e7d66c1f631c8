"""What the map of a text is drawn from: queries that never commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.analysis.textmap import Remembered
from quizapp.store.prepared import Prepared
from quizapp.store.recalls import PASSES, Curves, Pass
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    CardStateRow,
    CitationRow,
    ClassMemberRow,
    DeckRow,
    FitRow,
    ReviewRow,
    SourceRow,
    table_of,
)

_card, _revision, _citation = table_of(CardRow), table_of(CardRevisionRow), table_of(CitationRow)
_deck, _fit, _source = table_of(DeckRow), table_of(FitRow), table_of(SourceRow)
_state, _review, _member = table_of(CardStateRow), table_of(ReviewRow), table_of(ClassMemberRow)


@dataclass(frozen=True, slots=True)
class CitingCard:
    """A card in use that cites a text, once for each citation. ``parameters`` are its deck's (JSON), blank for none."""

    card_id: int
    deck_slug: str
    card_slug: str
    language: str
    body: str
    parameters: str
    paragraph: int
    quote: str


@dataclass(frozen=True, slots=True)
class WrongReview:
    """An answer that was not right: ``body`` is the card as it was answered, ``response`` the answer as JSON."""

    learner_id: int
    card_id: int
    body: str
    language: str
    response: str
    confidence: int | None


def list_citing(session: Session, source_id: str) -> list[CitingCard]:
    """The cards in use that cite a text, in the order of decks and cards."""
    current = sa.and_(_revision.c.card_id == _card.c.id, _revision.c.number == _card.c.revision)
    rows = session.execute(
        sa.select(
            _card.c.id,
            _deck.c.slug,
            _card.c.slug,
            _deck.c.language,
            _revision.c.body,
            sa.func.coalesce(_fit.c.parameters, ""),
            _citation.c.paragraph,
            _citation.c.quote,
        )
        .select_from(_citation)
        .join(_revision, _revision.c.id == _citation.c.revision_id)
        .join(_card, current)
        .join(_deck, _deck.c.id == _card.c.deck_id)
        .outerjoin(_fit, _fit.c.id == _deck.c.fit_id)
        .where(_citation.c.source_id == source_id, _card.c.retired_at.is_(None))
        .order_by(_deck.c.slug, _card.c.position, _citation.c.position)
    )
    return [CitingCard(*row) for row in rows]


def _prepare(one: Pass, *more: sa.ColumnElement[bool]) -> Prepared:
    states = sa.select(_state.c.learner_id, _state.c.card_id, one.recall).select_from(one.tables)
    return Prepared(states.where(one.condition, *more).order_by(_state.c.learner_id))


_OF_CLASS = tuple(_prepare(one) for one in PASSES)
_OF_STUDENT = tuple(_prepare(one, _state.c.learner_id == sa.bindparam("learner", type_=sa.Integer)) for one in PASSES)


def list_recalls(
    session: Session,
    class_id: int,
    cards: Collection[int],
    day_ends: datetime,
    curves: Curves,
    learner_id: int | None = None,
) -> list[Remembered]:
    """What the students of a class remember of these cards on the study day that ends then: one student's together.

    ``learner_id`` asks for one student alone.
    """
    wanted = frozenset(cards)
    values = curves.values(day_ends) | {"class": class_id}
    passes = _OF_CLASS if learner_id is None else _OF_STUDENT
    if learner_id is not None:
        values["learner"] = learner_id
    found: list[tuple[Any, ...]] = []
    for place in curves.places():
        found += passes[place].all(session, values)
    found.sort(key=itemgetter(0))  # who studies by curves of decks and by the usual one stands in two of them
    return [(learner, card, recall) for learner, card, recall in found if card in wanted]


def list_wrong(session: Session, class_id: int, cards: Collection[int]) -> list[WrongReview]:
    """The answers to these cards that were not right, since each student came to the class, the latest first."""
    joined = sa.and_(
        _member.c.learner_id == _review.c.learner_id,
        _member.c.class_id == class_id,
        _member.c.left_at.is_(None),
        _review.c.answered_at >= _member.c.joined_at,
    )
    rows = session.execute(
        sa.select(
            _review.c.learner_id,
            _review.c.card_id,
            _revision.c.body,
            _deck.c.language,
            _review.c.response,
            _review.c.confidence,
        )
        .join(_member, joined)
        .join(_revision, _revision.c.id == _review.c.revision_id)
        .join(_deck, _deck.c.id == _review.c.deck_id)
        .where(_review.c.card_id.in_(cards), _review.c.undone_at.is_(None), _review.c.verdict.in_(("wrong", "partly")))
        .where(_review.c.response != "")  # blank: made elsewhere
        .order_by(_review.c.answered_at.desc(), _review.c.learner_id)
    )
    return [WrongReview(*row) for row in rows]


def list_cited(session: Session) -> list[tuple[str, str, str, int]]:
    """The texts that cards in use cite, by title: id, title, language, and how many cards."""
    current = sa.and_(_revision.c.card_id == _card.c.id, _revision.c.number == _card.c.revision)
    rows = session.execute(
        sa.select(_source.c.id, _source.c.title, _source.c.language, sa.func.count(sa.distinct(_card.c.id)))
        .select_from(_citation)
        .join(_source, _source.c.id == _citation.c.source_id)
        .join(_revision, _revision.c.id == _citation.c.revision_id)
        .join(_card, current)
        .where(_card.c.retired_at.is_(None))
        .group_by(_source.c.id, _source.c.title, _source.c.language)
        .order_by(_source.c.title, _source.c.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
