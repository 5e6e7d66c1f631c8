"""Drafts: beginning one, reading it, and keeping every save of it.

The master of a draft is its text, a deck file. ``load_draft`` loads and authorises; whatever else a use case does with
a draft begins there.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from pydantic import ValidationError
from sqlmodel import Session

from quizapp.core.deck.edit.content import Content, content_of, read_content
from quizapp.core.deck.edit.ids import make_slug, make_unique, name_cards
from quizapp.core.deck.edit.revise import revise
from quizapp.core.deck.schema import Card, Deck, DeckHead
from quizapp.core.deck.write import write_content
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.store import authoring as store
from quizapp.store import decks as deck_store
from quizapp.store.authoring import DraftHead, DraftRecord, Save

MOST_CARDS = 5_000
LARGEST_TEXT = 8 * 1024 * 1024
"""What a deck in the browser may hold: beyond that, pages of it take long, and a folder serves better."""
_CACHED = 16


@dataclass(frozen=True, slots=True)
class Author:
    """A teacher at their desk; an administrator reaches every draft."""

    account_id: int
    name: str
    is_admin: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its author has it before them, at one version.

    ``deck`` is None while there are no cards. ``problems`` are of the text, which is only kept where it can be read:
    so there are none but for texts kept by other releases.
    """

    id: int
    slug: str
    title: str
    text: str
    content: Content
    version: int
    published: int
    problems: tuple[Problem, ...] = ()

    @property
    def deck(self) -> Deck | None:
        """The deck that the text says; None while there are no cards."""
        return self.content.deck

    @property
    def is_published(self) -> bool:
        """Whether students study some version of it."""
        return self.published > 0

    @property
    def has_changes(self) -> bool:
        """Whether there is something to publish."""
        return self.published != self.version


@lru_cache(maxsize=_CACHED)
def _read(text: str, slug: str) -> Content | tuple[Problem, ...]:
    """Reading takes seconds for the largest decks, and the same text is asked for page after page."""
    return read_content(text.encode(), f"{slug}.yaml")


def read_text(text: str, slug: str) -> Content:
    """What the text of a draft says. Raises Invalid where it cannot be read."""
    content = _read(text, slug)
    if isinstance(content, tuple):
        raise Invalid(say("This deck cannot be read: %(problem)s", problem=content[0]))
    return content


def digest_of(text: str) -> str:
    """The fingerprint of a text, the same as that of a file that holds it."""
    return hashlib.sha256(text.encode()).hexdigest()


def _find(session: Session, author: Author, slug: str, *, lock: bool) -> DraftRecord:
    record = (store.lock_draft if lock else store.find_draft)(session, slug) if len(slug) <= 80 else None
    if record is None or not (author.is_admin or store.is_editor(session, record.id, author.account_id)):
        raise NotFound(say("There is no such deck, or it is not yours."))
    return record


def load_draft(session: Session, author: Author, slug: str, *, version: int | None = None, lock: bool = False) -> Draft:
    """The draft at its last version, or at another one, for one of its authors. Raises NotFound for anybody else.

    With ``lock`` nobody else saves it until this transaction ends.
    """
    record = _find(session, author, slug, lock=lock)
    number = record.version if version is None else version
    if store.find_version(session, record.id, number) is None:
        raise NotFound(say("There is no such version of this deck."))
    text = store.load_text(session, record.id, number)
    return Draft(record.id, slug, record.title, text, read_text(text, slug), number, record.published)


def list_drafts(session: Session, author: Author) -> list[DraftRecord]:
    """The drafts of an author, the last saved first; for an administrator all there are."""
    return store.list_drafts(session, None if author.is_admin else author.account_id)


def _check_size(text: str, content: Content) -> None:
    if len(content.cards) > MOST_CARDS or len(text.encode()) > LARGEST_TEXT:
        raise Invalid(
            say(
                "This deck is too large to be written in the browser: at most %(cards)s cards and %(size)s MB."
                " Split it, or load it from a folder with “quizapp deck load”.",
                cards=MOST_CARDS,
                size=LARGEST_TEXT // 1024 // 1024,
            )
        )


def keep_version(
    session: Session,
    draft_id: int,
    author: Author,
    text: str,
    content: Content,
    what: str,
    cards: Sequence[str],
    now: datetime,
) -> int:
    """Keep a text as the next version of a draft; the caller holds its lock, and commits. Raises Invalid for size."""
    _check_size(text, content)
    save = Save(what, tuple(cards), author.account_id, author.name, now)
    head = DraftHead(content.head.title, len(content.cards), digest_of(text))
    return store.add_version(session, draft_id, head, text, save)


_RESERVED = frozenset(("import", "upload"))
"""Words that stand in the place of a deck's id in the addresses of other pages."""


def _is_taken(session: Session, slug: str) -> bool:
    return (
        slug in _RESERVED
        or store.find_draft(session, slug) is not None
        or deck_store.find_deck(session, slug) is not None
    )


def add_draft(session: Session, slug: str, title: str, author: Author, now: datetime) -> int:
    """Make a draft that its author writes; gives its row. Raises Conflict where somebody made it at the same moment."""
    draft_id = store.add_draft(session, slug, title, author.account_id, now)
    if draft_id is None:
        raise Conflict(
            say("Somebody has just begun a deck “%(slug)s”. Give yours another id, or look for it.", slug=slug)
        )
    return draft_id


def _make_deck_slug(session: Session, title: str, refused: Collection[str]) -> str:
    slug, taken = make_slug(title, "deck"), set(refused)
    while _is_taken(session, made := make_unique(slug, taken)):
        taken.add(made)
    return made


def _make_head(slug: str, title: str, language: str, theme: str, sources: Sequence[str]) -> DeckHead:
    try:
        return DeckHead(
            format=1, id=slug, title=title, language=language, theme=theme or "other", sources=tuple(sources)
        )
    except ValidationError as refusal:
        told = {
            "title": say("Give the deck a title of one line, at most 500 characters."),
            "language": say("Give the language by its code, such as en or pt-BR."),
            "theme": say("Give the theme in one line, at most 500 characters."),
            "sources": say("Choose texts that are listed."),
        }
        wrong = {str(error["loc"][0]) for error in refusal.errors() if error["loc"]}
        fields = {name: told[name] for name in told if name in wrong}
        raise Invalid(say("The deck was not made."), fields) from refusal


def start_draft(
    session: Session, author: Author, title: str, language: str, theme: str, sources: Sequence[str], now: datetime
) -> str:
    """Begin a deck without cards; gives its slug, the id of the deck to be.

    Raises Invalid (fields ``title``, ``language``, ``theme``, ``sources``).
    """
    refused = set[str]()
    while True:
        slug = _make_deck_slug(session, title, refused)
        head = _make_head(slug, title, language, theme, sources)
        draft_id = store.add_draft(session, slug, head.title, author.account_id, now)
        if draft_id is not None:
            break
        refused.add(slug)  # somebody took it between looking and taking
    keep_version(session, draft_id, author, write_content(head, ()), Content(head, ()), "started", (), now)
    session.commit()
    return slug


def _take_new(session: Session, author: Author, content: Content, text: str | None, now: datetime) -> None:
    slug = content.head.id
    if deck_store.find_deck(session, slug) is not None:
        message = say("The deck “%(slug)s” comes from a folder. Take it over on its page first.", slug=slug)
        raise Conflict(message)
    kept = write_content(content.head, content.cards) if text is None else text
    draft_id = add_draft(session, slug, content.head.title, author, now)
    keep_version(session, draft_id, author, kept, content, "uploaded", (), now)


def take_content(session: Session, author: Author, content: Content, now: datetime, text: str | None = None) -> str:
    """Like ``take_draft``, for a deck that may have no cards; the caller commits."""
    slug = content.head.id
    record = store.lock_draft(session, slug)
    if record is None:
        _take_new(session, author, content, text, now)
        return slug
    if not (author.is_admin or store.is_editor(session, record.id, author.account_id)):
        raise Conflict(say("Another deck here has the id “%(slug)s” already. Give yours another one.", slug=slug))
    draft = load_draft(session, author, slug)
    kept = revise(draft.text, draft.content, content) if text is None else text
    if kept != draft.text:
        touched = [card.id for card in content.cards if draft.content.find(card.id) != card]
        keep_version(session, record.id, author, kept, content, "uploaded", touched[:MOST_NAMED], now)
    return slug


MOST_NAMED = 20
"""A version names the cards it touched up to this number: more are a change of the whole deck."""


def take_draft(session: Session, author: Author, deck: Deck, now: datetime, *, text: str | None = None) -> str:
    """Take a whole deck as a new draft, or as the next version of the author's own; equal content changes nothing.

    ``text`` is the file that says so, kept as it is; without it, the draft's own text is changed as little as can be.
    Gives the slug. Raises Conflict where the id belongs to somebody else's deck or to one from a folder, Invalid where
    the deck is too large.
    """
    slug = take_content(session, author, content_of(deck), now, text)
    session.commit()
    return slug


def _list_sources(content: Content) -> Content:
    """The same with each text that a card cites among those of the deck."""
    known = content.head.sources
    cited = dict.fromkeys(citation.source for card in content.cards for citation in card.citations)
    unlisted = tuple(source for source in cited if source not in known)
    if not unlisted:
        return content
    return replace(content, head=content.head.model_copy(update={"sources": (*known, *unlisted)}))


def add_cards(
    session: Session, author: Author, slug: str, cards: Sequence[Card], seen_version: int | None, now: datetime
) -> int:
    """Add cards at the end of a draft, with ids made unique; gives the number of the new version.

    Adding overwrites nothing, so a draft that was saved since ``seen_version`` is no obstacle. Without cards nothing
    changes. Raises NotFound, and Invalid where the deck becomes too large.
    """
    draft = load_draft(session, author, slug, lock=True)
    if not cards:
        return draft.version
    named = name_cards(cards, (card.id for card in draft.content.cards))
    after = _list_sources(draft.content.with_cards((*draft.content.cards, *named)))
    text = revise(draft.text, draft.content, after)
    touched = [card.id for card in named]
    version = keep_version(session, draft.id, author, text, after, "added", touched[:MOST_NAMED], now)
    session.commit()
    return version
