"""Suggested cards for a deck that is being written: shown beside their sentences, taken, or left.

Whoever may write the deck may do all of this; ``load_draft`` authorises. Nothing here is ever published: what is taken
becomes a card of the draft, and publishing stays the author's own step.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, cast

from pydantic import TypeAdapter
from sqlmodel import Session

from quizapp.core.deck.drafting import KINDS, Drafted, Kind, Passage, Suggestion, draft_cards, read_passages
from quizapp.core.deck.drafting.hook import find_sentence
from quizapp.core.deck.schema import Card
from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.core.source.document import Source
from quizapp.core.source.quotes import find_quote
from quizapp.services.authoring import Author, Draft, add_cards, load_draft
from quizapp.services.drafting_model import Hook, ask_model
from quizapp.services.sources import load_source_for_checks
from quizapp.store import drafting as store
from quizapp.store import sources as source_store
from quizapp.store.drafting import Desk, ModelSuggestion

PAGE: Final = 50
MOST_TAKEN: Final = 600
_CACHED = 8
_CARD: TypeAdapter[Card] = TypeAdapter(Card)


@dataclass(frozen=True, slots=True)
class TextChoice:
    """A text to take suggestions from; ``listed``: the deck names it among its sources."""

    id: str
    title: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The suggestions for one text, as an author of the draft sees them.

    ``suggestions`` are those of the page, ``total`` all of the kind that wait, ``counts`` those of each kind; ``left``
    are those that were left and can be brought back, ``taken`` how many are in the deck. ``left_out`` findings had no
    room in a long text. ``by_rules`` says whether the rules know the language well.
    """

    draft: Draft
    source: Source
    suggestions: tuple[Suggestion, ...]
    left: tuple[Suggestion, ...]
    kind: Kind | None
    counts: dict[Kind, int]
    total: int
    taken: int
    left_out: int
    page: int
    pages: int

    @property
    def knows_language(self) -> bool:
        """Whether the rules are made for the language of the text."""
        return self.source.language.casefold().partition("-")[0] == "en"


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking the model brought: suggestions kept, and refused ones."""

    kept: int
    refused: int


@lru_cache(maxsize=_CACHED)
def _draft_cards(source: Source) -> Drafted:
    """Long texts take seconds, and the same one is asked for page after page."""
    return draft_cards(source)


def _load_source(session: Session, source_id: str) -> Source:
    source = load_source_for_checks(session, source_id) if is_slug(source_id) else None
    if source is None:
        raise NotFound(say("There is no such text."))
    return source


def list_texts(session: Session, author: Author, slug: str) -> tuple[Draft, list[TextChoice]]:
    """The texts to choose from, those of the deck first. Raises NotFound for whoever does not write the deck."""
    draft = load_draft(session, author, slug)
    listed = set(draft.content.head.sources)
    choices = [
        TextChoice(source.id, source.title, source.id in listed) for source in source_store.list_sources(session)
    ]
    return draft, sorted(choices, key=lambda choice: (not choice.listed, choice.title.casefold(), choice.id))


def _read_model(record: ModelSuggestion, passages: Mapping[int, Passage]) -> Suggestion | None:
    """A stored suggestion; None where the text has changed since and no longer holds its quote at that place."""
    card, kind = _CARD.validate_json(record.body), cast(Kind, record.kind)
    passage = passages.get(record.paragraph)
    spans = find_quote(passage.text, card.citations[0].quote) if passage else ()
    if passage is None or len(spans) != 1:
        return None
    start, end = spans[0].start, spans[0].end
    sentence, at = find_sentence(passage, start, end)
    return Suggestion(record.key, kind, "model", record.paragraph, start, end, sentence, at, card)


def _list_all(session: Session, desk: Desk, source: Source) -> list[Suggestion]:
    """What the rules suggest, and the model where it was asked, in the order of the text."""
    records = store.list_model_suggestions(session, desk)
    passages = {passage.number: passage for passage in read_passages(source)} if records else {}
    by_model = (_read_model(record, passages) for record in records)
    every = [*_draft_cards(source).suggestions, *(one for one in by_model if one)]
    return sorted(every, key=lambda one: (one.paragraph, one.start, one.end, one.key))


def load_board(session: Session, author: Author, slug: str, source_id: str, kind: str = "", page: int = 1) -> Board:
    """The suggestions of a text for a draft, ``PAGE`` at a time; ``kind`` picks one kind, any other word all.

    Raises NotFound for whoever does not write the deck, and where there is no such text.
    """
    draft, source = load_draft(session, author, slug), _load_source(session, source_id)
    desk = Desk(draft.id, source.id)
    marks = store.list_marks(session, desk)
    every = _list_all(session, desk, source)
    waiting = [one for one in every if one.key not in marks]
    wanted = next((name for name in KINDS if name == kind), None)
    shown = [one for one in waiting if wanted in (None, one.kind)]
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(1, page), pages)
    return Board(
        draft=draft,
        source=source,
        suggestions=tuple(shown[(page - 1) * PAGE : page * PAGE]),
        left=tuple(one for one in every if marks.get(one.key) == "left"),
        kind=wanted,
        counts={name: sum(one.kind == name for one in waiting) for name in KINDS},
        total=len(shown),
        taken=sum(state == "taken" for state in marks.values()),
        left_out=_draft_cards(source).left_out,
        page=page,
        pages=pages,
    )


def _pick(session: Session, desk: Desk, source: Source, keys: Collection[str]) -> list[Suggestion]:
    """The suggestions with these keys that are not in the deck yet; keys of none are passed over."""
    marks = store.list_marks(session, desk)
    every = _list_all(session, desk, source)
    return [one for one in every if one.key in keys and marks.get(one.key) != "taken"][:MOST_TAKEN]


def take(
    session: Session, author: Author, slug: str, source_id: str, keys: Collection[str], now: datetime
) -> list[str]:
    """Add the suggestions with these keys to the draft, all at once; gives the ids of the new cards.

    A suggestion that is in the deck already is not added twice, so a form sent again does no harm.
    """
    draft, source = load_draft(session, author, slug, lock=True), _load_source(session, source_id)
    desk = Desk(draft.id, source.id)
    picked = _pick(session, desk, source, keys)
    store.set_marks(session, desk, [one.key for one in picked], "taken", now)
    known = {card.id for card in draft.content.cards}
    add_cards(session, author, slug, [one.card for one in picked], draft.version, now)
    after = load_draft(session, author, slug)
    return [card.id for card in after.content.cards if card.id not in known]


def leave(session: Session, author: Author, slug: str, source_id: str, keys: Collection[str], now: datetime) -> int:
    """Show the suggestions with these keys no more in this draft; gives how many."""
    draft, source = load_draft(session, author, slug, lock=True), _load_source(session, source_id)
    desk = Desk(draft.id, source.id)
    picked = _pick(session, desk, source, keys)
    store.set_marks(session, desk, [one.key for one in picked], "left", now)
    session.commit()
    return len(picked)


def bring_back(session: Session, author: Author, slug: str, source_id: str, keys: Collection[str]) -> int:
    """Show suggestions again that were left; gives how many. What was taken stays taken."""
    draft, source = load_draft(session, author, slug, lock=True), _load_source(session, source_id)
    desk = Desk(draft.id, source.id)
    left = [key for key, state in store.list_marks(session, desk).items() if state == "left" and key in keys]
    store.remove_marks(session, desk, left)
    session.commit()
    return len(left)


def prepare_question(session: Session, author: Author, slug: str, source_id: str) -> Source:
    """The source to ask the model about, loaded and authorised, so that no database waits while the model thinks."""
    load_draft(session, author, slug)
    return _load_source(session, source_id)


def keep_answer(
    session: Session, author: Author, slug: str, source: Source, suggestions: Sequence[Suggestion], now: datetime
) -> None:
    """Keep what the model suggested for this draft, in the place of what it suggested before."""
    draft = load_draft(session, author, slug, lock=True)
    records = [ModelSuggestion(one.key, one.kind, one.paragraph, one.card.model_dump_json()) for one in suggestions]
    store.replace_model_suggestions(session, Desk(draft.id, source.id), records, now)
    session.commit()


def question_model(hook: Hook, source: Source) -> tuple[tuple[Suggestion, ...], Asked]:
    """Ask the model about a source. Raises ModelFailed; the suggestions of the rules stay as they are."""
    answered = ask_model(hook, source, read_passages(source))
    return answered.suggestions, Asked(len(answered.suggestions), answered.refused)
