"""The cards that an exam is about, with what learners know of them and did for them: queries that never commit."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.examscope import ExamScope, TextPart
from quizapp.core.learning.memory import MemoryState
from quizapp.store.states import RESTING, STATE_COLUMNS, state_of
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    CardStateRow,
    CitationRow,
    DeckRow,
    FitRow,
    ReviewRow,
    SourceBlockRow,
    SourceRow,
    table_of,
)

_card, _deck, _revision = table_of(CardRow), table_of(DeckRow), table_of(CardRevisionRow)
_citation, _state, _review = table_of(CitationRow), table_of(CardStateRow), table_of(ReviewRow)
_source, _block, _fit = table_of(SourceRow), table_of(SourceBlockRow), table_of(FitRow)


@dataclass(frozen=True, slots=True)
class ScopeCard:
    """A card in use, and the deck it is in; ``parameters`` are those fitted to the deck (JSON, blank: none)."""

    id: int
    deck_id: int
    parameters: str


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer that counts. ``state_before`` is a memory state as JSON, blank where the card was new."""

    learner_id: int
    card_id: int
    study_day: int
    state_before: str
    shown_ms: int | None


@dataclass(frozen=True, slots=True)
class DeckChoice:
    """A deck that may be chosen, with its cards in use."""

    slug: str
    title: str
    language: str
    theme: str
    cards: int


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A text of which paragraphs may be chosen: how many it has, and how many cards in use cite it."""

    id: str
    title: str
    language: str
    paragraphs: int
    cards: int


_CURRENT = (
    sa.select(_card.c.id)
    .select_from(_card)
    .join(_revision, (_revision.c.card_id == _card.c.id) & (_revision.c.number == _card.c.revision))
)


def _cites(part: TextPart) -> sa.ColumnElement[bool]:
    places = sa.or_(*(_citation.c.paragraph.between(first, last) for first, last in part.ranges))
    cited = _CURRENT.join(_citation, _citation.c.revision_id == _revision.c.id)
    return _card.c.id.in_(cited.where(_citation.c.source_id == part.source, places))


def _list_tagged_decks(session: Session, tags: Collection[str]) -> list[int]:
    rows = session.execute(sa.select(_deck.c.id, _deck.c.tags))
    return [deck_id for deck_id, given in rows if not set(given).isdisjoint(tags)]


def _list_tagged_cards(session: Session, tags: Collection[str]) -> list[int]:
    """The cards in use with one of these tags: the database passes over bodies without the words."""
    words = [_revision.c.body.contains(json.dumps(tag, ensure_ascii=False), autoescape=True) for tag in tags]
    rows = session.execute(_CURRENT.add_columns(_revision.c.body).where(_card.c.retired_at.is_(None), sa.or_(*words)))
    return [card_id for card_id, body in rows if not set(json.loads(body).get("tags", ())).isdisjoint(tags)]


def list_scope_cards(session: Session, scope: ExamScope) -> list[ScopeCard]:
    """The cards in use that belong to a scope, in the order of the list of decks and then of each deck."""
    conditions = [_cites(part) for part in scope.parts if part.ranges]
    if scope.decks:
        conditions.append(_deck.c.slug.in_(scope.decks))
    if scope.themes:
        conditions.append(_deck.c.theme.in_(scope.themes))
    if scope.tags:
        conditions.append(_deck.c.id.in_(_list_tagged_decks(session, scope.tags)))
        conditions.append(_card.c.id.in_(_list_tagged_cards(session, scope.tags)))
    if not conditions:
        return []
    rows = session.execute(
        sa.select(_card.c.id, _card.c.deck_id, sa.func.coalesce(_fit.c.parameters, ""))
        .select_from(_card)
        .join(_deck, _deck.c.id == _card.c.deck_id)
        .outerjoin(_fit, _fit.c.id == _deck.c.fit_id)
        .where(_card.c.retired_at.is_(None), sa.or_(*conditions))
        .order_by(_deck.c.theme, _deck.c.title, _deck.c.id, _card.c.position, _card.c.id)
    )
    return [ScopeCard(*row) for row in rows]


def list_scope_states(
    session: Session, learner_ids: Collection[int], deck_ids: Collection[int]
) -> dict[int, dict[int, MemoryState]]:
    """What the model holds of the cards in use of these decks: by learner and card."""
    rows = session.execute(
        sa.select(_state.c.learner_id, _state.c.card_id, *STATE_COLUMNS).where(
            _state.c.learner_id.in_(learner_ids), _state.c.deck_id.in_(deck_ids), _state.c.queue < RESTING
        )
    )
    found: dict[int, dict[int, MemoryState]] = {}
    for learner_id, card_id, *columns in rows:
        found.setdefault(learner_id, {})[card_id] = state_of(tuple(columns))
    return found


def list_scope_answers(
    session: Session, learner_ids: Collection[int], deck_ids: Collection[int], first_day: int
) -> list[AnswerRecord]:
    """The answers to cards of these decks from a study day (its ordinal) on, each learner's in their order."""
    names = tuple(AnswerRecord.__dataclass_fields__)
    rows = session.execute(
        sa.select(*(_review.c[name] for name in names))
        .where(
            _review.c.learner_id.in_(learner_ids),
            _review.c.study_day >= first_day,
            _review.c.deck_id.in_(deck_ids),
            _review.c.undone_at.is_(None),
        )
        .order_by(_review.c.learner_id, _review.c.seq)
    )
    return [AnswerRecord(*row) for row in rows]


def find_last_answer(session: Session, learner_id: int, card_ids: Collection[int]) -> tuple[str, str] | None:
    """The deck and key of the last answer of a learner that counts, where it was one to these cards.

    None where it is a review made elsewhere.
    """
    row = session.execute(
        sa.select(_deck.c.slug, _review.c.key, _review.c.card_id, _review.c.response)
        .join(_deck, _deck.c.id == _review.c.deck_id)
        .where(_review.c.learner_id == learner_id, _review.c.undone_at.is_(None))
        .order_by(_review.c.seq.desc())
        .limit(1)
    ).first()
    return None if row is None or row[2] not in card_ids or not row[3] else (row[0], row[1])


def list_deck_choices(session: Session) -> list[DeckChoice]:
    """All decks with cards, in the order of the list of decks."""
    rows = session.execute(
        sa.select(_deck.c.slug, _deck.c.title, _deck.c.language, _deck.c.theme, sa.func.count())
        .join(_card, _card.c.deck_id == _deck.c.id)
        .where(_card.c.retired_at.is_(None))
        .group_by(_deck.c.id)
        .order_by(_deck.c.theme, _deck.c.title, _deck.c.id)
    )
    return [DeckChoice(*row) for row in rows]


def list_source_choices(session: Session) -> list[SourceChoice]:
    """All texts, by title."""
    paragraphs = (
        sa.select(_block.c.source_id, sa.func.count().label("n"))
        .where(_block.c.number.is_not(None))
        .group_by(_block.c.source_id)
        .subquery()
    )
    citing = (
        _CURRENT.with_only_columns(_citation.c.source_id, sa.func.count(_card.c.id.distinct()).label("n"))
        .join(_citation, _citation.c.revision_id == _revision.c.id)
        .where(_card.c.retired_at.is_(None))
        .group_by(_citation.c.source_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            _source.c.id,
            _source.c.title,
            _source.c.language,
            sa.func.coalesce(paragraphs.c.n, 0),
            sa.func.coalesce(citing.c.n, 0),
        )
        .select_from(_source)
        .outerjoin(paragraphs, paragraphs.c.source_id == _source.c.id)
        .outerjoin(citing, citing.c.source_id == _source.c.id)
        .order_by(_source.c.title, _source.c.id)
    )
    return [SourceChoice(*row) for row in rows]


def list_tag_choices(session: Session) -> list[str]:
    """All tags of cards in use and of their decks, by the alphabet."""
    rows = session.execute(
        _CURRENT.with_only_columns(_revision.c.body).where(
            _card.c.retired_at.is_(None), _revision.c.body.contains('"tags":')
        )
    )
    found = {tag for (body,) in rows for tag in json.loads(body).get("tags", ())}
    for (tags,) in session.execute(sa.select(_deck.c.tags)):
        found.update(tags)
    return sorted(found, key=lambda tag: (tag.casefold(), tag))


def find_titles(session: Session, table: sa.Table, key: str, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Title and language of rows by their public ids."""
    rows: Any = session.execute(
        sa.select(table.c[key], table.c.title, table.c.language).where(table.c[key].in_(list(ids)))
    )
    return {name: (title, language) for name, title, language in rows}


def find_deck_titles(session: Session, slugs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Title and language of decks, by slug; one that is gone is left out."""
    return find_titles(session, _deck, "slug", slugs)


def find_source_titles(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Title and language of texts, by id; one that is gone is left out."""
    return find_titles(session, _source, "id", ids)
