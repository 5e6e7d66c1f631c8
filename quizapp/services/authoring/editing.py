"""Changing a draft: its cards, one or many, and its head. Every change is a version of its own.

Two people at one card never overwrite each other unseen: whoever saves says which version they saw, and where the card
has changed since, the save is refused with both wordings (``CardConflict``).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.edit.ids import make_slug, make_unique
from quizapp.core.deck.edit.revise import revise
from quizapp.core.deck.schema import CARD_MODELS, Card, DeckHead
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.markup import plain_text
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services.authoring.drafts import MOST_NAMED, Author, Draft, keep_version, load_draft
from quizapp.services.results import read_card
from quizapp.store import authoring_effects
from quizapp.store import decks as deck_store

_MOST_TAGS = 50


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card that was saved: its id, and the version of the draft that holds it."""

    id: str
    version: int


class CardConflict(Conflict):
    """A card was changed, or removed, by somebody else since it was looked at.

    ``base`` is what both began with, ``theirs`` what it says now (None: removed), ``by`` who saved last, ``version``
    the one to name when saving all the same.
    """

    def __init__(self, base: Card | None, theirs: Card | None, version: int) -> None:
        super().__init__(say("Somebody else changed this card in the meantime. Nothing you typed is lost."))
        self.base, self.theirs, self.version = base, theirs, version


class HeadConflict(Conflict):
    """What is said of the whole deck was changed by somebody else since it was looked at."""

    def __init__(self, theirs: DeckHead, version: int) -> None:
        super().__init__(say("Somebody else changed this in the meantime. Nothing you typed is lost."))
        self.theirs, self.version = theirs, version


def save(
    session: Session, author: Author, draft: Draft, after: Content, what: str, cards: Sequence[str], now: datetime
) -> int:
    """Keep a draft that is locked with another content, unless that changes nothing; gives its version. Commits."""
    text = revise(draft.text, draft.content, after)
    if text == draft.text:
        return draft.version
    version = keep_version(session, draft.id, author, text, after, what, cards[:MOST_NAMED], now)
    session.commit()
    return version


def _content_at(session: Session, author: Author, draft: Draft, seen_version: int) -> Content:
    if seen_version == draft.version:
        return draft.content
    return load_draft(session, author, draft.slug, version=seen_version).content


def _list_known(session: Session, draft: Draft) -> set[str]:
    """All ids of cards that the deck has or had: none is used twice, since history hangs on it."""
    found = deck_store.find_deck(session, draft.slug)
    known = set(authoring_effects.list_revisions(session, found.id)) if found else set[str]()
    return known | {card.id for card in draft.content.cards}


def _name(session: Session, draft: Draft, card: Card) -> Card:
    words = plain_text(card.prompt or getattr(card, "text", ""))
    made = make_unique(make_slug(words, f"card-{len(draft.content.cards) + 1}"), _list_known(session, draft))
    return card.model_copy(update={"id": made})


def save_card(
    session: Session,
    author: Author,
    slug: str,
    card: Card,
    card_id: str | None,
    seen_version: int,
    now: datetime,
    *,
    put_back: bool = False,
) -> SavedCard:
    """Save a card of a draft; without ``card_id`` it is a new one, which comes last and gets an id of its words.

    ``put_back`` saves it even where somebody took it out of the deck, knowingly. Raises NotFound; CardConflict where
    the card changed since ``seen_version``.
    """
    draft = load_draft(session, author, slug, lock=True)
    if card_id is None:
        named = _name(session, draft, card)
        after = draft.content.with_cards((*draft.content.cards, named))
        return SavedCard(named.id, save(session, author, draft, after, "added", [named.id], now))
    card = card.model_copy(update={"id": card_id})
    base = _content_at(session, author, draft, seen_version).find(card_id)
    theirs = draft.content.find(card_id)
    gone = theirs is None and put_back and is_slug(card_id)
    if base is None and theirs is None and not gone:
        raise NotFound(say("There is no such card in this deck."))
    if not gone and theirs not in (base, card):
        raise CardConflict(base, theirs, draft.version)
    cards = [card if one.id == card_id else one for one in draft.content.cards]
    cards += [card] if gone else []
    return SavedCard(card_id, save(session, author, draft, draft.content.with_cards(cards), "changed", [card_id], now))


def save_head(
    session: Session, author: Author, slug: str, values: Mapping[str, Any], seen_version: int, now: datetime
) -> int:
    """Save what is said of the whole deck: any of the fields of ``DeckHead`` but its format and id.

    Raises NotFound, HeadConflict, Invalid (by fields).
    """
    draft = load_draft(session, author, slug, lock=True)
    head = draft.content.head
    kept = {name: getattr(head, name) for name in DeckHead.model_fields}
    try:
        wanted = DeckHead.model_validate(kept | dict(values) | {"format": 1, "id": head.id})
    except ValidationError as refusal:
        raise Invalid(say("The deck was not saved."), tell_fields(refusal)) from refusal
    if _content_at(session, author, draft, seen_version).head not in (head,) and wanted != head:
        raise HeadConflict(head, draft.version)
    return save(session, author, draft, Content(wanted, draft.content.cards), "head", [], now)


def tell_fields(refusal: ValidationError) -> dict[str, str]:
    """What is wrong with what was typed, by the field it was typed into."""
    told: dict[str, str] = {}
    for error in refusal.errors():
        place = [part for part in error["loc"] if part not in CARD_MODELS]
        told_path = error.get("ctx", {}).get("path", ())
        field = str((*place, *told_path)[0]) if place or told_path else ""
        told.setdefault(field, _explain(error))
    return told


_SAID: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda ctx: say("This is needed."),
    "string_too_short": lambda ctx: say("This is needed."),
    "too_short": lambda ctx: say("At least %(count)s are needed.", count=ctx["min_length"]),
    "string_too_long": lambda ctx: say("At most %(count)s characters.", count=ctx["max_length"]),
    "int_parsing": lambda ctx: say("Write a number."),
    "literal_error": lambda ctx: say("Choose one of those that are listed."),
    "string_pattern_mismatch": lambda ctx: say("Characters stand here that cannot be used in this place."),
}


def _explain(error: Mapping[str, Any]) -> str:
    context = error.get("ctx", {})
    if "fix" in context:
        return f"{context['message']} {context['fix']}"
    explain = _SAID.get(error["type"])
    return explain(context) if explain else say("This cannot be used here: %(reason)s.", reason=error["msg"])


def _find_all(draft: Draft, card_ids: Collection[str]) -> list[Card]:
    wanted = set(card_ids)
    found = [card for card in draft.content.cards if card.id in wanted]
    if len(found) < len(wanted) or not found:
        raise NotFound(say("Choose cards that are in this deck."))
    return found


def move_card(session: Session, author: Author, slug: str, card_id: str, position: int, now: datetime) -> int:
    """Move a card to a position of the deck, counted from 1; beyond its ends is at its ends. Raises NotFound."""
    draft = load_draft(session, author, slug, lock=True)
    (card,) = _find_all(draft, [card_id])
    others = [one for one in draft.content.cards if one.id != card_id]
    others.insert(min(max(position, 1), len(others) + 1) - 1, card)
    return save(session, author, draft, draft.content.with_cards(others), "moved", [card_id], now)


def duplicate_card(session: Session, author: Author, slug: str, card_id: str, now: datetime) -> SavedCard:
    """Put a copy of a card, with an id of its own, right behind it. Raises NotFound."""
    draft = load_draft(session, author, slug, lock=True)
    (card,) = _find_all(draft, [card_id])
    copy = card.model_copy(update={"id": make_unique(card.id, _list_known(session, draft))})
    at = draft.content.cards.index(card) + 1
    cards = (*draft.content.cards[:at], copy, *draft.content.cards[at:])
    after = draft.content.with_cards(cards)
    return SavedCard(copy.id, save(session, author, draft, after, "duplicated", [copy.id], now))


def retire_cards(session: Session, author: Author, slug: str, card_ids: Collection[str], now: datetime) -> int:
    """Take cards out of the deck: once published, nobody is asked them any more, and their history stays."""
    draft = load_draft(session, author, slug, lock=True)
    gone = {card.id for card in _find_all(draft, card_ids)}
    cards = [card for card in draft.content.cards if card.id not in gone]
    return save(session, author, draft, draft.content.with_cards(cards), "retired", sorted(gone), now)


def bring_back(session: Session, author: Author, slug: str, card_id: str, now: datetime) -> int:
    """Put a retired card back, last in the deck, with the words students knew last. Raises NotFound."""
    draft = load_draft(session, author, slug, lock=True)
    found = deck_store.find_deck(session, slug)
    stored = authoring_effects.list_revisions(session, found.id).get(card_id) if found else None
    if stored is None:
        raise NotFound(say("There is no such card in this deck."))
    if draft.content.find(card_id) is not None:
        return draft.version
    after = draft.content.with_cards((*draft.content.cards, read_card(stored.body)))
    return save(session, author, draft, after, "brought-back", [card_id], now)


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What to change about many cards; ``difficulty`` blank leaves it, ``none`` takes it away."""

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    difficulty: str = ""


def _apply(card: Card, change: BulkChange) -> Card:
    gone = set(change.remove_tags)
    tags = [*(tag for tag in card.tags if tag not in gone), *(tag for tag in change.add_tags if tag not in card.tags)]
    difficulty = card.difficulty if not change.difficulty else change.difficulty
    values = {"tags": tuple(tags), "difficulty": None if difficulty == "none" else difficulty}
    kept = {name: getattr(card, name) for name in type(card).model_fields}
    return type(card).model_validate(kept | values)


def change_cards(
    session: Session, author: Author, slug: str, card_ids: Collection[str], change: BulkChange, now: datetime
) -> int:
    """Change tags and difficulty of many cards at once. Raises NotFound, Invalid."""
    draft = load_draft(session, author, slug, lock=True)
    chosen = {card.id for card in _find_all(draft, card_ids)}
    try:
        cards = [_apply(card, change) if card.id in chosen else card for card in draft.content.cards]
    except ValidationError as refusal:
        raise Invalid(say("The cards were not changed."), tell_fields(refusal)) from refusal
    return save(session, author, draft, draft.content.with_cards(cards), "bulk", sorted(chosen), now)
