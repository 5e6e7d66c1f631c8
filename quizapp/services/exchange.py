"""Decks from other systems and to them: a look at what a file would bring, taking it into drafts, and writing decks.

An uploaded file waits while its teacher looks at it and changes what was guessed; taking it makes each of its decks the
teacher's own draft, or the next version of it. Who may do so: teachers, with drafts of their own; any teacher may write
a deck that students study.
"""

import gc
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session

from quizapp.core.deck.edit.content import content_of
from quizapp.core.deck.edit.ids import make_unique
from quizapp.core.deck.edit.revise import revise
from quizapp.core.deck.places import Places
from quizapp.core.deck.read import DeckFile
from quizapp.core.deck.schema import Deck
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, MediaFile
from quizapp.core.exchange.registry import Format, find_format, guess_format
from quizapp.core.learning.memory import to_millis
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.core.slugs import is_slug
from quizapp.services import decks, media
from quizapp.services.authoring import Author, load_draft, take_draft
from quizapp.services.authoring.history import read_folder
from quizapp.services.decks import DeckChange
from quizapp.store import authoring as draft_store
from quizapp.store import decks as deck_store
from quizapp.store import exchange as store

LARGEST_UPLOAD: Final = 64 * 1024 * 1024
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person says of a file; whatever is blank is guessed. ``as_new`` makes a deck of its own in any case."""

    format: str = ""
    title: str = ""
    language: str = "en"
    theme: str = ""
    separator: str = ""
    as_new: bool = False
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class DeckPlan:
    """What taking one deck would do. ``slug`` is the id it gets; ``fresh``: it is a new deck. Counts are of cards.

    ``origin`` is the id that the deck has in its file. ``rewritten``: something else than cards differs, be it what
    stands about the deck, their order or comments; ``files`` counts the pictures and sounds that are new or other ones.
    """

    slug: str
    deck: Deck
    fresh: bool
    new: int
    changed: int
    same: int
    gone: int
    origin: str
    rewritten: bool = False
    files: int = 0

    @property
    def changes_something(self) -> bool:
        """Whether there is anything to take."""
        return bool(self.fresh or self.new or self.changed or self.gone or self.rewritten or self.files)


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it is understood: its format, what it holds, and what taking it would do."""

    handle: str
    file: str
    format: Format
    imported: Imported
    plans: tuple[DeckPlan, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken: the slugs of the drafts, how many cards, and the problems of pictures and sounds."""

    slugs: tuple[str, ...]
    cards: int
    problems: tuple[Problem, ...]


def _choose_format(name: str, data: bytes, file: str) -> Format:
    if not name:
        return guess_format(data, file)
    chosen = find_format(name)
    if chosen is None:
        raise Invalid(say("There is no such format."), {"format": say("Choose a format that is listed.")})
    return chosen


@contextmanager
def many_at_once() -> Iterator[None]:
    """While a hundred thousand cards are made none is garbage; to look for it would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_file(data: bytes, file: str, choices: Choices) -> tuple[Format, Imported]:
    """A file as its format reads it. Raises Invalid for a format that is not known."""
    form = _choose_format(choices.format, data, file)
    options = ImportOptions(
        file,
        title=choices.title,
        language=choices.language,
        theme=choices.theme or "imported",
        separator=choices.separator,
        encoding=choices.encoding,
    )
    with many_at_once():
        return form, form.read(data, options)


def keep_upload(session: Session, author: Author, file: str, data: bytes, now: datetime) -> str:
    """Keep a file while its teacher looks at it; gives its handle. Commits. Raises Invalid (field ``file``)."""
    if not data.strip():
        raise Invalid(say("There is nothing in it."), {"file": say("Choose a file, or paste a text.")})
    if len(data) > LARGEST_UPLOAD:
        most = LARGEST_UPLOAD // 1024 // 1024
        raise Invalid(say("The file is too large."), {"file": say("Choose one of at most %(size)s MB.", size=most)})
    handle = str(uuid.uuid4())
    store.keep_upload(session, handle, author.account_id, file[-_LONGEST_NAME:], data, now)
    session.commit()
    return handle


def _load_upload(session: Session, author: Author, handle: str) -> tuple[str, bytes]:
    found = store.find_upload(session, handle, author.account_id)
    if found is None:
        raise NotFound(say("This file is not here any more. Upload it again."))
    return found


def _is_free(session: Session, author: Author, slug: str, *, as_new: bool) -> bool:
    """Whether a deck of this id may be made, or is a draft of the author's own."""
    draft = draft_store.find_draft(session, slug)
    if draft is not None:
        return not as_new and (author.is_admin or draft_store.is_editor(session, draft.id, author.account_id))
    return deck_store.find_deck(session, slug) is None


def _choose_slug(session: Session, author: Author, wanted: str, taken: set[str], *, as_new: bool) -> str:
    """The id that a deck gets: its own, or the first with a number that is free or the author's."""
    refused = set(taken)
    while not _is_free(session, author, slug := make_unique(wanted, refused), as_new=as_new):
        refused.add(slug)
    return slug


def list_shown(deck: Deck, files: Sequence[MediaFile], origin: str = "") -> tuple[MediaFile, ...]:
    """The files that are the deck's own, by the id that it has in its file, or that some text of the deck names."""
    texts, own = deck.model_dump_json() if files else "", origin or deck.id
    return tuple(
        file
        for file in files
        if file.deck == own or (not file.deck and (f"({file.name})" in texts or f"<{file.name}>" in texts))
    )


def _plan(
    session: Session, author: Author, imported: Imported, deck: Deck, taken: set[str], *, as_new: bool
) -> DeckPlan:
    slug = _choose_slug(session, author, deck.id, taken, as_new=as_new)
    taken.add(slug)
    origin = deck.id
    deck = deck if slug == origin else deck.model_copy(update={"id": slug})
    files = len(media.find_new(session, slug, list_shown(deck, imported.media, origin)))
    if draft_store.find_draft(session, slug) is None:
        return DeckPlan(slug, deck, True, len(deck.cards), 0, 0, 0, origin, files=files)
    draft, text = load_draft(session, author, slug), imported.find_text(origin) if slug == origin else None
    rewritten = draft.text != (revise(draft.text, draft.content, content_of(deck)) if text is None else text)
    before = {card.id: card for card in draft.content.cards}
    after = {card.id: card for card in deck.cards}
    both = before.keys() & after.keys()
    same = sum(before[name] == after[name] for name in both)
    counts = len(after) - len(both), len(both) - same, same, len(before) - len(both)
    return DeckPlan(slug, deck, False, *counts, origin, rewritten, files)


def look(session: Session, author: Author, handle: str, choices: Choices) -> Look:
    """What an upload holds and what taking it would do; nothing is changed. Raises NotFound and Invalid."""
    file, data = _load_upload(session, author, handle)
    form, imported = read_file(data, file, choices)
    taken: set[str] = set()
    plans = tuple(_plan(session, author, imported, deck, taken, as_new=choices.as_new) for deck in imported.decks)
    return Look(handle, file, form, imported, plans)


def forget(session: Session, author: Author, handle: str) -> None:
    """Forget an upload of the author's. Commits."""
    store.drop_upload(session, handle, author.account_id)
    session.commit()


def take(
    session: Session, author: Author, handle: str, choices: Choices, now: datetime, *, keep: bool = False
) -> Taken:
    """Take what an upload holds into drafts of the author; the same again changes nothing.

    With ``keep`` the upload stays, for the past reviews in it to be taken later.
    Raises NotFound, and Invalid where there is nothing to take or too much for a draft.
    """
    seen = look(session, author, handle, choices)
    if not seen.plans:
        raise Invalid(say("There is nothing in this file that can be taken."))
    problems: list[Problem] = []
    for plan in seen.plans:
        problems += media.keep(session, plan.slug, list_shown(plan.deck, seen.imported.media, plan.origin), now)
        text = seen.imported.find_text(plan.origin) if plan.slug == plan.origin else None
        take_draft(session, author, plan.deck, now, text=text)
    if not keep:
        store.drop_upload(session, handle, author.account_id)
    session.commit()
    cards = sum(len(plan.deck.cards) for plan in seen.plans)
    return Taken(tuple(plan.slug for plan in seen.plans), cards, tuple(problems))


def _read_published(session: Session, slug: str) -> Deck:
    found = deck_store.find_deck(session, slug) if is_slug(slug) else None
    deck = read_folder(session, found)[1].deck if found is not None else None
    if deck is None:
        raise NotFound(say("There is no such deck."))
    return deck


def load_own_deck(session: Session, author: Author, slug: str) -> Deck:
    """The deck that a teacher may write out: their draft as it is now, else what students study of it.

    Raises NotFound, and Invalid where it has no cards.
    """
    try:
        deck = load_draft(session, author, slug).deck
    except NotFound:
        return _read_published(session, slug)
    if deck is None:
        raise Invalid(say("This deck has no cards yet."))
    return deck


def write_deck_as(deck: Deck, format_name: str, files: Mapping[str, bytes], now: datetime) -> Exported:
    """A deck with its pictures and sounds in another format. Raises Invalid for a format that is not known."""
    form = _choose_format(format_name or "-", b"", "")
    if form.write_dated is not None:
        return form.write_dated(deck, files, (), at_ms=to_millis(now))
    return form.write(deck, files, ())


def export(session: Session, author: Author, slug: str, format_name: str, now: datetime) -> Exported:
    """A deck of the author's, or one that students study, in another format. Raises NotFound and Invalid."""
    deck = load_own_deck(session, author, slug)
    return write_deck_as(deck, format_name, media.load_all(session, slug), now)


def export_loaded(session: Session, slug: str, format_name: str, now: datetime) -> Exported:
    """A deck that students study, in another format: for the command line. Raises NotFound and Invalid."""
    deck = _read_published(session, slug)
    return write_deck_as(deck, format_name, media.load_all(session, slug), now)


def _find_errors(session: Session, deck: Deck, file: str) -> list[Problem]:
    """What keeps a deck from being loaded: only what it cites can be wrong, once its cards were read."""
    if not deck.sources:
        return []
    return decks.find_errors(session, DeckFile(deck, file, Places()), {})


def _load_one(session: Session, deck: Deck, data: bytes, text: str | None, now: datetime) -> DeckChange:
    with many_at_once():
        if text is not None:
            return decks.load_deck(session, deck, text.encode(), now)
        said = f"{deck.id}\n{deck.title}\n{deck.language}\n{deck.theme}\n".encode()
        return decks.load_deck(session, deck, said + data, now, is_deck_file=False)


def load(
    session: Session, data: bytes, imported: Imported, now: datetime
) -> tuple[tuple[DeckChange, ...], list[Problem]]:
    """Load imported decks as from a folder, at once for students: for the command line. Commits.

    Gives what changed, and what kept decks from being loaded. The same file again changes nothing. Raises Conflict for
    a deck that is written in the browser.
    """
    changes, problems = list[DeckChange](), list[Problem]()
    for deck in imported.decks:
        if draft_store.find_draft(session, deck.id) is not None:
            raise Conflict(say("The deck “%(slug)s” is written in the browser. Import it there.", slug=deck.id))
        problems += media.keep(session, deck.id, list_shown(deck, imported.media), now)  # checked for below
        found = _find_errors(session, deck, f"{deck.id}.yaml")
        problems += found
        if not found:
            changes.append(_load_one(session, deck, data, imported.find_text(deck.id), now))
    session.commit()
    return tuple(changes), problems
