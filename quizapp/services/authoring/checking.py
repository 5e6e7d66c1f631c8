"""What the checks say of a draft, card by card."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlmodel import Session

from quizapp.core.deck.checks import check_deck
from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.read import DeckFile
from quizapp.core.deck.write import write_content
from quizapp.core.problem import Problem
from quizapp.core.source.document import Source
from quizapp.services import media
from quizapp.services.authoring.drafts import read_text
from quizapp.services.sources import load_source_for_checks

_CACHED = 16


@dataclass(frozen=True, slots=True)
class Findings:
    """What the checks found: of the deck as a whole, and of each card by its id."""

    deck: tuple[Problem, ...] = ()
    cards: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)


def load_sources(session: Session, content: Content) -> tuple[Source, ...]:
    """The texts that a deck lists or cites, as far as they are there."""
    names = dict.fromkeys(content.head.sources)
    names |= dict.fromkeys(citation.source for card in content.cards for citation in card.citations)
    found = (load_source_for_checks(session, name) for name in names)
    return tuple(source for source in found if source is not None)


def _split(file: DeckFile, problems: Sequence[Problem]) -> Findings:
    """Which problem is whose: cards follow one another, so a line tells the card."""
    starts = [file.places.at("cards", number)[0] for number in range(len(file.deck.cards))]
    own: dict[str, list[Problem]] = {}
    others = []
    for problem in problems:
        number = bisect_right(starts, problem.line) - 1
        if problem.file != file.file or number < 0:
            others.append(problem)
        else:
            own.setdefault(file.deck.cards[number].id, []).append(problem)
    return Findings(tuple(others), {card: tuple(found) for card, found in own.items()})


@lru_cache(maxsize=_CACHED)
def _find(text: str, slug: str, sources: tuple[Source, ...], names: frozenset[str]) -> Findings:
    file = read_text(text, slug).file
    if file is None:
        return Findings()
    return _split(file, check_deck(file, {source.id: source for source in sources}, {}, media=names))


def find_findings(session: Session, content: Content, text: str | None = None) -> Findings:
    """What the checks say of a deck that may not have been saved yet; ``text`` is its file, where there is one.

    Raises Invalid where the content cannot be written as a file that is read again.
    """
    slug = content.head.id
    written = write_content(content.head, content.cards) if text is None else text
    return _find(written, slug, load_sources(session, content), media.list_names(session, slug))
