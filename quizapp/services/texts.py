"""Texts that teachers bring: reading them, keeping them, and who may do what with them.

Every teacher may read and cite every text. Changing one is for whoever uploaded it, and for administrators.
``load_text`` loads and authorises.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from pydantic import ValidationError
from sqlmodel import Session

from quizapp.core.deck.edit.ids import make_slug, make_unique
from quizapp.core.deck.schema import LONGEST_QUOTE_WORDS
from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.markup import plain_text, render_inline, render_passage
from quizapp.core.messages import Message, say
from quizapp.core.slugs import is_slug
from quizapp.core.source.document import Block, FrontMatter, Source, read_blocks, read_source
from quizapp.core.source.importing.decoding import clean_characters
from quizapp.core.source.importing.model import ImportedText
from quizapp.core.source.importing.reading import check_body
from quizapp.core.source.importing.source import body_of, front_of, write_source
from quizapp.core.source.quotes import find_quote, fold_text
from quizapp.services.authoring import Author, drafts
from quizapp.services.sources import load_source, load_source_for_checks
from quizapp.store import authoring
from quizapp.store import sources as source_store
from quizapp.store import texts as store
from quizapp.store.texts import RestingCard, TextRecord

_LONGEST_FILE = 200


@dataclass(frozen=True, slots=True)
class TextFields:
    """A text as a teacher has it in a form: its Markdown, and what is known of it. Blank is not known."""

    title: str
    language: str
    body: str
    author: str = ""
    published: str = ""
    url: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A heading or a numbered paragraph as shown: safe HTML."""

    kind: str
    level: int
    number: int | None
    html: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A text that is not kept yet, as it would be read; ``twins`` are texts here that hold the same words."""

    blocks: tuple[ShownBlock, ...]
    paragraphs: int
    words: int
    twins: tuple[TextRecord, ...]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text in the list of an author; ``cards`` in use cite it, ``resting`` ones wait for a teacher."""

    text: TextRecord
    is_own: bool
    paragraphs: int
    cards: int
    resting: int


@dataclass(frozen=True, slots=True)
class TextPage:
    """A text as a teacher has it before them."""

    text: TextRecord
    source: Source
    digest: str
    can_change: bool
    resting: tuple[RestingCard, ...]

    @property
    def fields(self) -> TextFields:
        """The text as it stands in the form."""
        source = self.source
        return TextFields(
            source.title,
            source.language,
            body_of(source),
            source.author or "",
            source.published or "",
            source.url or "",
            source.license or "",
        )


def take_fields(read: ImportedText) -> TextFields:
    """What goes into the form of a text just read."""
    about = read.about
    return TextFields(about.title, about.language, read.body, about.author, about.published, about.url, about.license)


def _clean_line(text: str) -> str:
    return " ".join(clean_characters(text).replace("\f", " ").split())


_TOLD: dict[str, Message] = {
    "title": say("Give the text a title of one line, at most 500 characters."),
    "language": say("Give the language by its code, such as en or pt-BR."),
    "author": say("Name the author in one line, at most 500 characters."),
    "published": say("Write a year, a month or a day: 2024, 2024-01 or 2024-01-02."),
    "url": say("Write the whole address, beginning with https://."),
    "license": say("Name the licence in one line, at most 500 characters."),
}


def make_source(source_id: str, given: TextFields, based_on: Source | None = None) -> tuple[Source, bytes]:
    """The source that these fields make, and the file that says so.

    ``based_on`` is the source that it takes the place of. Raises Invalid, each field with what to do about it.
    """
    own = {name: _clean_line(getattr(given, name)) for name in _TOLD}
    body = clean_characters(given.body).replace("\f", "\n").strip("\n")
    told: dict[str, str] = {}
    front = None
    keeps = based_on is not None and body == body_of(based_on).strip("\n")
    kept = {"kind": based_on.kind, "original": based_on.original} if based_on and keeps else {"kind": "article"}
    try:
        front = FrontMatter.model_validate({"id": source_id, **{key: own[key] for key in own if own[key]}, **kept})
    except ValidationError as refusal:
        wrong = {str(error["loc"][0]) for error in refusal.errors() if error["loc"]}
        told |= {name: message for name, message in _TOLD.items() if name in wrong}
    try:
        check_body(body)
    except Invalid as error:
        told |= error.fields
    if front is None or told:
        raise Invalid(say("The text was not kept."), told)
    data = write_source(front, body)
    source = read_source(data, f"{source_id}.md")
    if isinstance(source, tuple):
        raise Invalid(say("The text was not kept."), {"body": str(source[0].message)})
    return source, data


def show_blocks(blocks: Sequence[Block]) -> tuple[ShownBlock, ...]:
    """Headings and paragraphs as safe HTML."""
    return tuple(
        ShownBlock(
            block.kind,
            block.level,
            block.number,
            render_inline(block.text) if block.kind == "heading" else render_passage(block.text, ()),
        )
        for block in blocks
    )


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A heading or paragraph of the page from which cards are made; ``cards`` in use or in own drafts cite it."""

    kind: str
    level: int
    number: int | None
    html: str
    cards: int


def _list_cited(session: Session, author: Author, source_id: str) -> set[tuple[str, str, int, str]]:
    """Deck, card, paragraph and quote of each citation that students have, or that stands in the author's drafts."""
    cited = {
        (each.deck_slug, each.card_slug, each.paragraph, each.quote)
        for each in source_store.list_cited_quotes(session, source_id)
    }
    for record in drafts.list_drafts(session, author):
        text = authoring.load_text(session, record.id, record.version)
        content = drafts.read_text(text, record.slug) if source_id in text else None
        cited |= {
            (record.slug, card.id, each.paragraph, each.quote)
            for card in (content.cards if content else ())
            for each in card.citations
            if each.source == source_id
        }
    return cited


def read_for_cards(session: Session, author: Author, page: TextPage) -> list[ReadBlock]:
    """A text to make cards from: what is cited already is marked."""
    cited = _list_cited(session, author, page.text.id)
    shown = []
    for block in page.source.blocks:
        if block.kind == "heading":
            shown.append(ReadBlock(block.kind, block.level, None, render_inline(block.text), 0))
            continue
        own = [each for each in cited if each[2] == block.number]
        text = plain_text(block.text) if own else ""
        spans = sorted({span for each in own for span in find_quote(text, each[3])[:1]})
        html = render_passage(block.text, spans)
        shown.append(ReadBlock(block.kind, 0, block.number, html, len({each[:2] for each in own})))
    return shown


def check_quote(page: TextPage, paragraph: int, quote: str) -> str:
    """The words as a card would cite them: one line, whole words. Raises NotFound, and Invalid (field ``quote``)."""
    if not 1 <= paragraph <= len(page.source.paragraphs):
        raise NotFound(say("There is no such paragraph in this text."))
    words = _clean_line(quote)
    count = len(words.split())
    if not words:
        message = say("Select some words of paragraph %(number)s first, or type them.", number=paragraph)
    elif count > LONGEST_QUOTE_WORDS:
        message = say(
            "These are %(count)s words; at most %(most)s can be cited. Keep those that prove the answer.",
            count=count,
            most=LONGEST_QUOTE_WORDS,
        )
    elif not find_quote(plain_text(page.source.paragraphs[paragraph - 1].text), words):
        message = say(
            "These words do not stand in paragraph %(number)s like this. Copy them from it.", number=paragraph
        )
    else:
        return words
    raise Invalid(message, {"quote": message})


def _words_of(texts: Sequence[str]) -> list[str]:
    return [fold_text(plain_text(text)) for text in texts]


def _find_twins(session: Session, paragraphs: Sequence[Block], besides: str) -> tuple[TextRecord, ...]:
    own = _words_of([block.text for block in paragraphs])
    twins = []
    for source_id in store.list_same_size(session, len(own)):
        stored = [block.text for block in source_store.list_blocks(session, source_id) if block.number is not None]
        record = store.find_text(session, source_id)
        if source_id != besides and record is not None and _words_of(stored) == own:
            twins.append(record)
    return tuple(twins)


def preview_text(session: Session, given: TextFields, besides: str = "") -> Preview:
    """How a text would be read; ``besides`` is the id of the text it would replace.

    Nothing is shown of a text that could not be kept.
    """
    body = clean_characters(given.body).replace("\f", "\n")
    try:
        check_body(body)
    except Invalid:
        return Preview((), 0, 0, ())
    blocks = read_blocks(body)
    paragraphs = [block for block in blocks if block.number is not None]
    words = sum(len(plain_text(block.text).split()) for block in blocks)
    return Preview(show_blocks(blocks), len(paragraphs), words, _find_twins(session, paragraphs, besides))


def _make_id(session: Session, title: str) -> str:
    slug, taken = make_slug(title, "text"), set[str]()
    while source_store.find_source(session, made := make_unique(slug, taken)) is not None:
        taken.add(made)
    return made


def _clean_file(file: str) -> str:
    return _clean_line(re.split(r"[/\\]", file)[-1])[:_LONGEST_FILE]


def keep_text(session: Session, author: Author, given: TextFields, file: str, now: datetime) -> str:
    """Keep a text as this author's own; gives its id. Raises Invalid, by field."""
    source, data = make_source(_make_id(session, given.title), given)
    load_source(session, source, data, now)
    store.save_text(session, source.id, author.account_id, _clean_file(file), now)
    session.commit()
    return source.id


def list_texts(session: Session, author: Author) -> list[TextLine]:
    """All texts, the author's own first, then by title."""
    resting = [card.source_id for card in store.list_resting(session)]
    lines = [
        TextLine(
            text,
            text.owner_id == author.account_id,
            source_store.count_paragraphs(session, text.id),
            source_store.count_cards(session, text.id, None)[0],
            resting.count(text.id),
        )
        for text in store.list_texts(session)
    ]
    return sorted(lines, key=lambda line: not line.is_own)


def load_text(session: Session, author: Author, source_id: str) -> TextPage:
    """A text for a teacher. Raises NotFound."""
    text = store.find_text(session, source_id) if is_slug(source_id) else None
    source = load_source_for_checks(session, source_id) if text else None
    head = source_store.find_source(session, source_id) if text else None
    if text is None or source is None or head is None:
        raise NotFound(say("There is no such text."))
    can_change = author.is_admin or (text.is_uploaded and text.owner_id == author.account_id)
    return TextPage(text, source, head.digest, can_change, tuple(store.list_resting(session, source_id)))


def load_own_text(session: Session, author: Author, source_id: str) -> TextPage:
    """A text that this author may change. Raises NotFound, and Forbidden for a text that is only theirs to read."""
    page = load_text(session, author, source_id)
    if not page.can_change:
        raise Forbidden(
            say("This text belongs to somebody else. You can read and cite it; to change it, upload a copy.")
        )
    return page


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a card can be mended: decks that are the author's ``own`` drafts, and those of ``others``.

    Any other deck comes from a folder: its page says how to take it over.
    """

    own: frozenset[str]
    others: frozenset[str]


def find_ways(session: Session, author: Author) -> Ways:
    """Which decks this author writes, and which other teachers do."""
    own = frozenset(record.slug for record in drafts.list_drafts(session, author))
    return Ways(own, frozenset(authoring.list_browser_decks(session)) - own)


def change_about(session: Session, author: Author, source_id: str, given: TextFields, now: datetime) -> None:
    """Write down what is known of a text; its words stay. Raises NotFound, Forbidden, Invalid by field."""
    page = load_own_text(session, author, source_id)
    kept = {field.name: getattr(given, field.name) for field in fields(TextFields)} | {"body": page.fields.body}
    source, data = make_source(source_id, TextFields(**kept), page.source)
    load_source(session, source, data, now)
    if page.text.is_uploaded:
        store.save_text(session, source_id, author.account_id, "", now)
    session.commit()


def _is_in_draft(session: Session, source_id: str) -> bool:
    """Whether anybody's draft lists or cites a source."""
    for record in authoring.list_drafts(session, None):
        text = authoring.load_text(session, record.id, record.version)
        content = drafts.read_text(text, record.slug) if source_id in text else None
        cited = {each.source for card in (content.cards if content else ()) for each in card.citations}
        if content and source_id in cited.union(content.head.sources):
            return True
    return False


def delete_text(session: Session, author: Author, source_id: str) -> None:
    """Delete an uploaded text that nothing cites. Raises NotFound, Forbidden, and Conflict where something does."""
    page = load_own_text(session, author, source_id)
    if not page.text.is_uploaded:
        raise Conflict(say("This text comes from a folder. It cannot be deleted here."))
    if _is_in_draft(session, source_id) or store.is_cited(session, source_id, in_use=False):
        raise Conflict(say("Cards cite this text, or did once. It stays, so that their proof can be read."))
    store.delete_source(session, source_id)
    session.commit()


def write_file(page: TextPage) -> bytes:
    """The text as a file of ``decks/sources/``."""
    return write_source(front_of(page.source), body_of(page.source))
