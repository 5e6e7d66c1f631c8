"""Source texts and their paragraphs: queries that never commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.store.prepared import Prepared
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    CitationRow,
    DeckRow,
    ReviewRow,
    SourceBlockRow,
    SourceRow,
    table_of,
)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source's head as stored."""

    id: str
    title: str
    language: str
    kind: str
    author: str
    published: str
    url: str
    license: str
    original_file: str
    original_sha256: str
    digest: str


@dataclass(frozen=True, slots=True)
class BlockRecord:
    """A heading or a paragraph, in Markdown."""

    kind: str
    level: int
    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphRecord:
    """A paragraph with what the page says of its source."""

    source_id: str
    source_title: str
    language: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A citation of a card in use: where it stands, and in which deck."""

    deck_slug: str
    card_slug: str
    paragraph: int
    quote: str


@dataclass(frozen=True, slots=True)
class ParagraphProgress:
    """For one paragraph: cards in use that cite it, how many of them a learner answered, and right the last time."""

    paragraph: int
    cards: int
    studied: int
    recalled: int


def _source_record(row: SourceRow) -> SourceRecord:
    return SourceRecord(
        row.id,
        row.title,
        row.language,
        row.kind,
        row.author,
        row.published,
        row.url,
        row.license,
        row.original_file,
        row.original_sha256,
        row.digest,
    )


def find_source(session: Session, source_id: str) -> SourceRecord | None:
    """The source with this id."""
    row = session.get(SourceRow, source_id)
    return None if row is None else _source_record(row)


def list_sources(session: Session) -> list[SourceRecord]:
    """All sources by title."""
    return [_source_record(row) for row in session.exec(select(SourceRow).order_by(SourceRow.title))]


def list_titles(session: Session) -> dict[str, str]:
    """The titles of all sources, by id."""
    return dict(session.exec(select(SourceRow.id, SourceRow.title)).all())


def save_source(
    session: Session, values: dict[str, Any], blocks: Sequence[tuple[str, int, int | None, str]], now: datetime
) -> None:
    """Insert the source or write it anew; ``blocks`` are (kind, level, number, text) in reading order."""
    row = session.get(SourceRow, values["id"], with_for_update=True)
    if row is None:
        session.add(SourceRow(**values, loaded_at=now))
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.loaded_at = now
    session.flush()
    session.exec(sa.delete(SourceBlockRow).where(col(SourceBlockRow.source_id) == values["id"]))
    if blocks:
        session.execute(
            sa.insert(table_of(SourceBlockRow)),
            [
                {
                    "source_id": values["id"],
                    "position": at,
                    "kind": kind,
                    "level": level,
                    "number": number,
                    "text": text,
                }
                for at, (kind, level, number, text) in enumerate(blocks)
            ],
        )


def list_blocks(session: Session, source_id: str) -> list[BlockRecord]:
    """The text of a source in reading order."""
    rows = session.exec(
        select(SourceBlockRow.kind, SourceBlockRow.level, SourceBlockRow.number, SourceBlockRow.text)
        .where(SourceBlockRow.source_id == source_id)
        .order_by(col(SourceBlockRow.position))
    )
    return [BlockRecord(*row) for row in rows]


_source, _block = table_of(SourceRow), table_of(SourceBlockRow)
_PARAGRAPH = Prepared(
    sa.select(_source.c.id, _source.c.title, _source.c.language, _block.c.number, _block.c.text)
    .join(_block, _block.c.source_id == _source.c.id)
    .where(_block.c.source_id == sa.bindparam("source"), _block.c.number == sa.bindparam("number"))
)


def find_paragraphs(session: Session, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], ParagraphRecord]:
    """The paragraphs at these (source, number) places; a place that is not there is left out."""
    wanted = sorted(set(places))
    found = [_PARAGRAPH.first(session, {"source": source, "number": number}) for source, number in wanted]
    return {place: ParagraphRecord(*row) for place, row in zip(wanted, found, strict=True) if row is not None}


def list_cited_quotes(session: Session, source_id: str) -> list[CitedQuote]:
    """The citations of a source by the current revisions of cards in use."""
    rows = session.exec(
        select(DeckRow.slug, CardRow.slug, CitationRow.paragraph, CitationRow.quote)
        .join(CardRow, col(CardRow.deck_id) == col(DeckRow.id))
        .join(
            CardRevisionRow,
            (col(CardRevisionRow.card_id) == col(CardRow.id)) & (col(CardRevisionRow.number) == col(CardRow.revision)),
        )
        .join(CitationRow, col(CitationRow.revision_id) == col(CardRevisionRow.id))
        .where(CitationRow.source_id == source_id, col(CardRow.retired_at).is_(None))
    )
    return [CitedQuote(*row) for row in rows]


def count_progress(session: Session, source_id: str, learner_id: int | None) -> list[ParagraphProgress]:
    """For each cited paragraph of a source: cards in use, answered by the learner, and right at the last answer."""
    latest = (
        sa.select(col(ReviewRow.card_id), sa.func.max(col(ReviewRow.seq)).label("seq"))
        .where(col(ReviewRow.learner_id) == (-1 if learner_id is None else learner_id))
        .where(col(ReviewRow.undone_at).is_(None))
        .group_by(col(ReviewRow.card_id))
        .subquery()
    )
    last = (
        sa.select(col(ReviewRow.card_id), (col(ReviewRow.rating) > 1).label("recalled"))
        .join(latest, (latest.c.card_id == col(ReviewRow.card_id)) & (latest.c.seq == col(ReviewRow.seq)))
        .where(col(ReviewRow.learner_id) == (-1 if learner_id is None else learner_id))
        .subquery()
    )
    cited = (
        sa.select(col(CitationRow.paragraph), col(CardRow.id).label("card_id"))
        .join(CardRevisionRow, col(CardRevisionRow.id) == col(CitationRow.revision_id))
        .join(
            CardRow,
            (col(CardRow.id) == col(CardRevisionRow.card_id)) & (col(CardRow.revision) == col(CardRevisionRow.number)),
        )
        .where(col(CitationRow.source_id) == source_id, col(CardRow.retired_at).is_(None))
        .distinct()
        .subquery()
    )
    rows = session.execute(
        sa.select(
            cited.c.paragraph,
            sa.func.count(),
            sa.func.count(last.c.card_id),
            sa.func.count().filter(last.c.recalled),
        )
        .select_from(cited)
        .outerjoin(last, last.c.card_id == cited.c.card_id)
        .group_by(cited.c.paragraph)
        .order_by(cited.c.paragraph)
    )
    return [ParagraphProgress(*row) for row in rows]


def count_paragraphs(session: Session, source_id: str) -> int:
    """How many paragraphs a source has."""
    counted = select(sa.func.count()).where(
        SourceBlockRow.source_id == source_id, col(SourceBlockRow.number).is_not(None)
    )
    return session.exec(counted).one()


def count_cards(session: Session, source_id: str, learner_id: int | None) -> tuple[int, int]:
    """How many cards in use cite a source, and how many of them the learner has answered."""
    answered = (
        sa.select(col(ReviewRow.card_id))
        .where(
            col(ReviewRow.learner_id) == (-1 if learner_id is None else learner_id),
            col(ReviewRow.undone_at).is_(None),
            col(ReviewRow.card_id) == col(CardRow.id),
        )
        .exists()
    )
    cards = (
        sa.select(col(CardRow.id), answered.label("answered"))
        .join(
            CardRevisionRow,
            (col(CardRevisionRow.card_id) == col(CardRow.id)) & (col(CardRevisionRow.number) == col(CardRow.revision)),
        )
        .join(CitationRow, col(CitationRow.revision_id) == col(CardRevisionRow.id))
        .where(col(CitationRow.source_id) == source_id, col(CardRow.retired_at).is_(None))
        .distinct()
        .subquery()
    )
    row = session.execute(sa.select(sa.func.count(), sa.func.count().filter(cards.c.answered)).select_from(cards)).one()
    return row[0], row[1]
