"""The deck as its authors see it: cards with their figures and findings, and how far the texts are covered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlmodel import Session

from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.schema import Card, DeckHead
from quizapp.core.markup import plain_text
from quizapp.core.problem import Problem
from quizapp.services.authoring.checking import find_findings, load_sources
from quizapp.services.authoring.drafts import Author, Draft, load_draft
from quizapp.services.authoring.history import find_folder_deck, read_folder
from quizapp.services.results import read_card
from quizapp.store import authoring as store
from quizapp.store import authoring_effects
from quizapp.store import decks as deck_store
from quizapp.store.authoring import EditorRecord
from quizapp.store.authoring_effects import CardFigures

ENOUGH: Final = 5
"""Fewer answers say nothing about a card."""
PAGE: Final = 100
SORTS: Final = ("order", "hard", "answers", "warnings", "changed")
_NOBODY: Final = CardFigures()


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card in the table. ``state`` is ``new``, ``changed`` or ``published``, as compared with what students have."""

    position: int
    card: Card
    words: str
    state: str
    figures: CardFigures
    warnings: tuple[Problem, ...]

    @property
    def facility(self) -> float | None:
        """The mean score of its answers, from 0 to 1; None where there are too few to say."""
        return self.figures.score / self.figures.answers if self.figures.answers >= ENOUGH else None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cards to show, and in which order."""

    words: str = ""
    type: str = ""
    tag: str = ""
    difficulty: str = ""
    show: str = ""
    source: str = ""
    paragraph: int = 0
    sort: str = "order"
    page: int = 1


@dataclass(frozen=True, slots=True)
class RetiredLine:
    """A card that students were asked once."""

    id: str
    words: str
    figures: CardFigures


@dataclass(frozen=True, slots=True)
class ParagraphLine:
    """A paragraph of a text, how it begins, and the cards that cite it."""

    number: int
    words: str
    cards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A text of the deck and how far its paragraphs are asked about."""

    source: str
    title: str
    paragraphs: tuple[ParagraphLine, ...]

    @property
    def asked(self) -> int:
        """How many paragraphs some card cites."""
        return sum(bool(line.cards) for line in self.paragraphs)


@dataclass(frozen=True, slots=True)
class DeckPage:
    """A deck with all that its page shows. ``draft`` is None for one whose master is a folder.

    ``lines`` are those of this page of ``pages``, out of ``found`` that the filter leaves.
    """

    slug: str
    head: DeckHead
    draft: Draft | None
    lines: tuple[CardLine, ...]
    total: int
    found: int
    pages: int
    retired: tuple[RetiredLine, ...]
    findings: tuple[Problem, ...]
    warned: int
    coverage: tuple[CoverageLine, ...]
    editors: tuple[EditorRecord, ...]
    tags: tuple[str, ...]
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeckEntry:
    """A deck in the list of an author: ``folder`` where its master is a folder. ``saved_at`` is None there."""

    slug: str
    title: str
    cards: int
    folder: bool
    is_published: bool
    has_changes: bool
    saved_at: datetime | None


def list_entries(session: Session, author: Author, now: datetime) -> list[DeckEntry]:
    """The decks that an author writes, the last saved first, then those from folders, by title."""
    drafts = store.list_drafts(session, None if author.is_admin else author.account_id)
    taken = store.list_browser_decks(session)
    own = [
        DeckEntry(
            slug=record.slug,
            title=record.title,
            cards=record.cards,
            folder=False,
            is_published=record.published > 0,
            has_changes=record.published != record.version,
            saved_at=record.saved_at,
        )
        for record in drafts
    ]
    folders = [
        DeckEntry(
            line.deck.slug,
            line.deck.title,
            line.cards,
            folder=True,
            is_published=True,
            has_changes=False,
            saved_at=None,
        )
        for line in deck_store.count_decks(session, None, now)
        if line.deck.slug not in taken
    ]
    return [*own, *sorted(folders, key=lambda entry: entry.title.casefold())]


@lru_cache(maxsize=20_000)
def _read_plainly(markdown: str) -> str:
    return plain_text(markdown)


def show_words(card: Card) -> str:
    """What a card asks, in plain words."""
    return _read_plainly(card.prompt or getattr(card, "text", ""))


def _make_lines(
    session: Session, slug: str, content: Content, warnings: Mapping[str, tuple[Problem, ...]]
) -> tuple[list[CardLine], list[RetiredLine]]:
    found = deck_store.find_deck(session, slug)
    stored = authoring_effects.list_revisions(session, found.id) if found else {}
    figures = authoring_effects.count_figures(session, found.id) if found else {}
    lines = []
    for position, card in enumerate(content.cards, start=1):
        known = stored.get(card.id)
        state = "new" if known is None else "published" if read_card(known.body) == card else "changed"
        own = figures.get(known.card_id, _NOBODY) if known else _NOBODY
        lines.append(CardLine(position, card, show_words(card), state, own, warnings.get(card.id, ())))
    present = {card.id for card in content.cards}
    retired = [
        RetiredLine(one.slug, show_words(read_card(one.body)), figures.get(one.card_id, _NOBODY))
        for one in stored.values()
        if one.slug not in present
    ]
    return lines, retired


def _matches(line: CardLine, wanted: Filter) -> bool:
    card, words = line.card, wanted.words.casefold().split()
    text = f"{card.id} {card.model_dump_json(exclude_defaults=True)}".casefold() if words else ""
    shown = {
        "": True,
        "warnings": bool(line.warnings),
        "new": line.state == "new",
        "changed": line.state == "changed",
        "hard": line.facility is not None and line.facility < 0.5,
        "unanswered": not line.figures.answers,
        "uncited": not card.citations,
    }
    return (
        all(word in text for word in words)
        and (not wanted.type or card.type == wanted.type)
        and (not wanted.tag or wanted.tag in card.tags)
        and (not wanted.difficulty or (card.difficulty or "none") == wanted.difficulty)
        and shown.get(wanted.show, True)
        and (not wanted.source or _cites(card, wanted.source, wanted.paragraph))
    )


def _cites(card: Card, source: str, paragraph: int) -> bool:
    return any(one.source == source and paragraph in (0, one.paragraph) for one in card.citations)


def _sort(lines: Sequence[CardLine], sort: str) -> list[CardLine]:
    if sort == "hard":
        return sorted(lines, key=lambda line: (line.facility is None, line.facility or 0.0))
    if sort == "answers":
        return sorted(lines, key=lambda line: -line.figures.answers)
    if sort == "warnings":
        return sorted(lines, key=lambda line: -len(line.warnings))
    if sort == "changed":
        return sorted(lines, key=lambda line: ("new", "changed", "published").index(line.state))
    return list(lines)


def _begin(text: str, words: int = 16) -> str:
    found = plain_text(text).split()
    return " ".join(found[:words]) + ("…" if len(found) > words else "")


def list_coverage(session: Session, content: Content) -> tuple[CoverageLine, ...]:
    """The texts of a deck, paragraph by paragraph, with the cards that cite each."""
    citing: dict[tuple[str, int], dict[str, None]] = {}
    for card in content.cards:
        for citation in card.citations:
            citing.setdefault((citation.source, citation.paragraph), {})[card.id] = None
    return tuple(
        CoverageLine(
            source.id,
            source.title,
            tuple(
                ParagraphLine(number, _begin(block.text), tuple(citing.get((source.id, number), ())))
                for number, block in enumerate(source.paragraphs, start=1)
            ),
        )
        for source in load_sources(session, content)
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values), key=str.casefold))


def load_page(session: Session, author: Author, slug: str, wanted: Filter) -> DeckPage:
    """A deck as its page shows it: an author's draft, or, to look at, one from a folder. Raises NotFound."""
    draft = None
    if store.find_draft(session, slug[:81]) is not None:
        draft = load_draft(session, author, slug)
        content, text = draft.content, draft.text
    else:
        text, content = read_folder(session, find_folder_deck(session, slug))
    findings = find_findings(session, content, text)
    lines, retired = _make_lines(session, slug, content, findings.cards)
    chosen = _sort([line for line in lines if _matches(line, wanted)], wanted.sort)
    pages = max(1, -(-len(chosen) // PAGE))
    first = (min(max(wanted.page, 1), pages) - 1) * PAGE
    return DeckPage(
        slug=slug,
        head=content.head,
        draft=draft,
        lines=tuple(chosen[first : first + PAGE]),
        total=len(lines),
        found=len(chosen),
        pages=pages,
        retired=tuple(retired),
        findings=findings.deck,
        warned=sum(bool(line.warnings) for line in lines),
        coverage=list_coverage(session, content),
        editors=tuple(store.list_editors(session, draft.id)) if draft else (),
        tags=_unique(tag for card in content.cards for tag in card.tags),
        types=_unique(card.type for card in content.cards),
    )
