"""Source texts: loading them, and showing them as a text to read."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlmodel import Session

from quizapp.core.errors import NotFound
from quizapp.core.markup import plain_text, render_inline, render_passage
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.core.slugs import is_slug
from quizapp.core.source.document import Block, Kind, Original, Source
from quizapp.core.source.quotes import Span, find_quote
from quizapp.services.results import AnswerResult
from quizapp.store import sources as store
from quizapp.store import texts as text_store
from quizapp.store.sources import BlockRecord, ParagraphProgress, SourceRecord


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What loading a source does: ``fresh``, ``changed``, or neither."""

    id: str
    title: str
    fresh: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in the list: how many cards cite it, and how many of them the learner has answered."""

    id: str
    title: str
    kind: str
    language: str
    paragraphs: int
    cards: int
    studied: int


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A heading or paragraph as shown: safe HTML, with what the learner has studied of it."""

    kind: str
    level: int
    number: int | None
    html: str
    cards: int
    studied: int
    recalled: int


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source as a text to read."""

    source: SourceRecord
    blocks: tuple[ShownBlock, ...]


def _values(source: Source, digest: str) -> dict[str, object]:
    return {
        "id": source.id,
        "title": source.title,
        "language": source.language,
        "kind": source.kind,
        "author": source.author or "",
        "published": source.published or "",
        "url": source.url or "",
        "license": source.license or "",
        "original_file": source.original.file if source.original else "",
        "original_sha256": source.original.sha256 if source.original else "",
        "digest": digest,
    }


def load_source(session: Session, source: Source, data: bytes, now: datetime) -> SourceChange:
    """Bring the stored source to what the file says. The caller commits, with the decks that cite it."""
    digest = hashlib.sha256(data).hexdigest()
    stored = store.find_source(session, source.id)
    if stored is not None and stored.digest == digest:
        return SourceChange(source.id, source.title, fresh=False, changed=False)
    blocks = [(block.kind, block.level, block.number, block.text) for block in source.blocks]
    store.save_source(session, _values(source, digest), blocks, now)
    return SourceChange(source.id, source.title, fresh=stored is None, changed=stored is not None)


def _is_of_a_teacher(session: Session, source: Source) -> bool:
    text = text_store.find_text(session, source.id)
    if text is None or not text.is_uploaded:
        return False
    stored = store.list_blocks(session, source.id)
    return [block.text for block in stored] != [block.text for block in source.blocks]


def find_lost_quotes(session: Session, source: Source, file: str, decks_loaded: Collection[str]) -> list[Problem]:
    """The quotes of stored cards that a changed source no longer holds.

    Decks that are loaded together with it are left out: their own check looks at them. A text that a teacher uploaded
    is lost as a whole: no file takes its place.
    """
    if _is_of_a_teacher(session, source):
        message = f"a teacher here has uploaded another text with the id `{source.id}`."
        return [Problem(file, 1, 1, "source-taken", message, "Give the source in the file another id.")]
    texts = {block.number: plain_text(block.text) for block in source.blocks if block.number is not None}
    return [
        Problem(
            file,
            1,
            1,
            "quote-lost",
            f"card {cited.deck_slug}/{cited.card_slug} cites “{cited.quote}” in paragraph {cited.paragraph},"
            " which the new text does not hold.",
            f"Keep these words in that paragraph, or correct the deck {cited.deck_slug} and load both together;"
            f" or let `quizapp source replace {source.id} FILE` find the words again.",
        )
        for cited in store.list_cited_quotes(session, source.id)
        if cited.deck_slug not in decks_loaded and not find_quote(texts.get(cited.paragraph, ""), cited.quote)
    ]


def load_source_for_checks(session: Session, source_id: str) -> Source | None:
    """A source loaded before, as the checks of a deck want it."""
    stored = store.find_source(session, source_id)
    if stored is None:
        return None
    blocks = tuple(
        Block(
            kind=cast(Literal["heading", "paragraph"], block.kind),
            level=block.level,
            number=block.number,
            text=block.text,
            line=1,
        )
        for block in store.list_blocks(session, source_id)
    )
    original = Original(file=stored.original_file, sha256=stored.original_sha256) if stored.original_file else None
    return Source(
        id=stored.id,
        title=stored.title,
        language=stored.language,
        kind=cast(Kind, stored.kind),
        original=original,
        published=stored.published or None,
        author=stored.author or None,
        url=stored.url or None,
        license=stored.license or None,
        blocks=blocks,
    )


def list_sources(session: Session, learner_id: int | None, *, published_only: bool = False) -> list[SourceLine]:
    """All sources, with how much of each a learner (None: a visitor) has studied.

    ``published_only`` leaves out uploaded texts that no card in use cites: they are not for students yet.
    """
    hidden = text_store.list_hidden(session) if published_only else frozenset()
    return [
        SourceLine(
            id=source.id,
            title=source.title,
            kind=source.kind,
            language=source.language,
            paragraphs=store.count_paragraphs(session, source.id),
            cards=cards,
            studied=studied,
        )
        for source in store.list_sources(session)
        if source.id not in hidden
        for cards, studied in [store.count_cards(session, source.id, learner_id)]
    ]


def _spans(block: BlockRecord, source_id: str, answer: AnswerResult | None) -> tuple[Span, ...]:
    if answer is None:
        return ()
    text = plain_text(block.text)
    found = (
        span
        for citation in answer.card.citations
        if citation.source == source_id and citation.paragraph == block.number
        for span in find_quote(text, citation.quote)
    )
    return tuple(sorted(found))


def _show(
    block: BlockRecord, source_id: str, progress: ParagraphProgress | None, answer: AnswerResult | None
) -> ShownBlock:
    return ShownBlock(
        kind=block.kind,
        level=block.level,
        number=block.number,
        html=render_inline(block.text)
        if block.kind == "heading"
        else render_passage(block.text, _spans(block, source_id, answer)),
        cards=progress.cards if progress else 0,
        studied=progress.studied if progress else 0,
        recalled=progress.recalled if progress else 0,
    )


def _is_published(session: Session, source_id: str) -> bool:
    if text_store.is_cited(session, source_id, in_use=True):
        return True
    text = text_store.find_text(session, source_id)
    return text is not None and not text.is_uploaded


def read_source(
    session: Session,
    source_id: str,
    learner_id: int | None,
    answer: AnswerResult | None = None,
    *,
    published_only: bool = False,
) -> ShownSource:
    """A source to read, marked with what the learner has studied.

    ``answer``, where given, is an answer of this learner: the passages it cites are highlighted. ``published_only``
    refuses an uploaded text that no card in use cites. Raises NotFound.
    """
    source = store.find_source(session, source_id) if is_slug(source_id) else None
    if source is None or (published_only and not _is_published(session, source_id)):
        raise NotFound(say("There is no such text."))
    progress = {line.paragraph: line for line in store.count_progress(session, source_id, learner_id)}
    blocks = store.list_blocks(session, source_id)
    return ShownSource(
        source,
        tuple(_show(block, source_id, progress.get(block.number or 0), answer) for block in blocks),
    )
