"""The decks of an installation: loading them from files, and listing them for a learner."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring as _quote

from sqlmodel import Session

from quizapp.core.deck.checks import check_deck
from quizapp.core.deck.read import DeckFile
from quizapp.core.deck.schema import Card, Deck, Flashcard
from quizapp.core.deck.write import write_deck
from quizapp.core.learning.siblings import Passage, find_siblings
from quizapp.core.problem import Problem, Severity
from quizapp.core.source.document import Source
from quizapp.services import media
from quizapp.services.sources import load_source_for_checks
from quizapp.store import authoring, decks_bulk, siblings, states
from quizapp.store import decks as store
from quizapp.store.decks import NewRevision, StoredCard
from quizapp.store.decks_bulk import NewCard


@dataclass(frozen=True, slots=True)
class DeckChange:
    """What loading a deck file does, as lists of card ids. ``fresh``: the deck itself is new."""

    slug: str
    title: str
    fresh: bool
    new: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class DeckLine:
    """A deck in the list, for one learner: ``learning`` counts steps that have come, ``due`` reviews."""

    slug: str
    title: str
    description: str
    language: str
    theme: str
    cards: int
    new: int
    learning: int
    due: int
    studied: int


_PLAIN = frozenset(("id", "type", "prompt", "answer"))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_body(card: Card) -> str:
    """A card as canonical JSON, as it is stored.

    Imports are made of cards with two sides and nothing else by the hundred thousand: those are written here.
    """
    if isinstance(card, Flashcard) and card.model_fields_set == _PLAIN:
        return f'{{"id":"{card.id}","prompt":{_quote(card.prompt)},"type":"flashcard","answer":{_quote(card.answer)}}}'
    return card.model_dump_json(exclude_defaults=True)


def _list_cited(card: Card) -> tuple[tuple[str, int, str], ...]:
    return tuple((one.source, one.paragraph, one.quote) for one in card.citations)


def _entries(deck: Deck) -> dict[str, NewCard]:
    """The cards of a deck, ready to be compared with what is stored, and to be stored, by their ids."""
    entries, hashed = {}, hashlib.sha256
    for position, card in enumerate(deck.cards, start=1):
        slug, body = card.id, write_body(card)
        cited = _list_cited(card) if card.citations else ()
        entries[slug] = NewCard(slug, position, card.type, hashed(body.encode()).hexdigest(), body, cited)
    return entries


def find_errors(session: Session, file: DeckFile, sources: Mapping[str, Source]) -> list[Problem]:
    """The errors that keep a deck from being loaded. Sources not given are looked up among those loaded before."""
    known = dict(sources)
    for source_id in {citation.source for card in file.deck.cards for citation in card.citations} | set(
        file.deck.sources
    ):
        if source_id not in known and (stored := load_source_for_checks(session, source_id)) is not None:
            known[source_id] = stored
    problems = check_deck(file, known, {}, media=media.list_names(session, file.deck.id))
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def _stored(session: Session, slug: str) -> tuple[int | None, dict[str, StoredCard]]:
    found = store.find_deck(session, slug)
    if found is None:
        return None, {}
    return found.id, {card.slug: card for card in store.list_stored_cards(session, found.id)}


def _compare(
    deck: Deck, entries: Mapping[str, NewCard], deck_id: int | None, stored: Mapping[str, StoredCard]
) -> DeckChange:
    changed = [
        slug
        for slug, entry in entries.items()
        if slug in stored and (stored[slug].retired or stored[slug].digest != entry.digest)
    ]
    new = [slug for slug in entries if slug not in stored]
    return DeckChange(
        slug=deck.id,
        title=deck.title,
        fresh=deck_id is None,
        new=tuple(new),
        changed=tuple(changed),
        retired=tuple(slug for slug, card in stored.items() if slug not in entries and not card.retired),
        unchanged=len(entries) - len(new) - len(changed),
    )


def _keep_file(session: Session, deck_id: int, data: bytes) -> None:
    """Keep the file as it was read, for whoever takes the deck over in the browser."""
    text = data.decode("utf-8-sig")
    if authoring.find_file(session, deck_id) != text:
        authoring.keep_file(session, deck_id, text)


def load_deck(session: Session, deck: Deck, data: bytes, now: datetime, *, is_deck_file: bool = True) -> DeckChange:
    """Bring the stored deck to what the file says; cards are known by their ids, so that history survives edits.

    ``data`` is the file as read; ``deck`` what it holds. The caller commits, so that several files are one transaction.
    Of a file in another format (``is_deck_file=False``) no deck file is kept: one is written when it is asked for.
    """
    digest = _digest(data)
    found = store.find_deck(session, deck.id)
    if not is_deck_file and found is not None and authoring.find_file(session, found.id) is not None:
        # What is kept would go on saying what the deck was before.
        data, is_deck_file = write_deck(deck).encode(), True
    if found is not None and found.digest == digest:
        if is_deck_file:
            _keep_file(session, found.id, data)
        return DeckChange(deck.id, deck.title, False, (), (), (), len(deck.cards))
    entries = _entries(deck)
    deck_id, stored = _stored(session, deck.id)
    change = _compare(deck, entries, deck_id, stored)
    deck_id = store.save_deck(session, _head(deck, digest), now)
    if is_deck_file:
        _keep_file(session, deck_id, data)
    cited = store.list_cited_sources(session, deck_id)
    _write_cards(session, deck_id, entries, stored, change, now)
    states.recount_deck(session, deck_id)
    for source_id in sorted(cited | store.list_cited_sources(session, deck_id)):
        find_siblings_of_source(session, source_id)
    return change


def find_siblings_of_source(session: Session, source_id: str) -> None:
    """Write down anew which cards cite overlapping words of a source.

    Two who do so at once would write the same; of several sources, the one that comes first by its id goes first.
    """
    siblings.lock_siblings(session, source_id)
    passages: dict[int, list[Passage]] = {}
    for card_id, paragraph, quote in siblings.list_citing_cards(session, source_id):
        passages.setdefault(card_id, []).append(Passage(source_id, paragraph, quote))
    found = find_siblings(passages)
    pairs = [(card_id, other) for card_id, others in found.items() for other in sorted(others)]
    siblings.replace_siblings(session, source_id, pairs)


def _head(deck: Deck, digest: str) -> dict[str, object]:
    return {
        "slug": deck.id,
        "title": deck.title,
        "description": deck.description,
        "language": deck.language,
        "theme": deck.theme,
        "author": deck.author,
        "license": deck.license,
        "tags": list(deck.tags),
        "sources": list(deck.sources),
        "digest": digest,
    }


def _write_cards(
    session: Session,
    deck_id: int,
    entries: Mapping[str, NewCard],
    stored: Mapping[str, StoredCard],
    change: DeckChange,
    now: datetime,
) -> None:
    new = entries.values() if not stored else [entries[slug] for slug in change.new]
    decks_bulk.add_new_cards(session, deck_id, new, now)
    revisions, updates = list[NewRevision](), list[tuple[int, int, int]]()
    for slug, entry in entries.items() if stored else ():
        card = stored.get(slug)
        if card is None:
            continue
        number = card.revision + (card.digest != entry.digest)
        if number != card.revision:
            revisions.append(_revision(card.id, number, entry))
        if number != card.revision or card.retired or card.position != entry.position:
            updates.append((card.id, entry.position, number))
    store.add_revisions(session, revisions, now)
    store.update_cards(session, updates)
    store.retire_cards(session, [stored[slug].id for slug in change.retired], now)


def _revision(card_id: int, number: int, entry: NewCard) -> NewRevision:
    return NewRevision(card_id, number, entry.type, entry.digest, entry.body, entry.citations)


def list_decks(session: Session, learner_id: int | None, now: datetime) -> list[DeckLine]:
    """Every deck that has cards, with what is new and due for a learner (None: a visitor)."""
    return [
        DeckLine(
            slug=line.deck.slug,
            title=line.deck.title,
            description=line.deck.description,
            language=line.deck.language,
            theme=line.deck.theme,
            cards=line.cards,
            new=line.cards - line.seen,
            learning=line.learning_due,
            due=line.review_due,
            studied=line.seen,
        )
        for line in store.count_decks(session, learner_id, now)
        if line.cards
    ]
