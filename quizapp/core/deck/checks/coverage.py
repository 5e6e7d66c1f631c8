"""Which paragraphs the cards of each theme cite."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizapp.core.deck.checks.rules import RULES
from quizapp.core.deck.read import DeckFile
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.core.source.document import Source


@dataclass(frozen=True, slots=True)
class Coverage:
    """The cards, as ``DECK/CARD``, of one theme that cite one paragraph; none of them is an empty tuple."""

    theme: str
    source: str
    paragraph: int
    cards: tuple[str, ...]


def list_coverage(files: Sequence[DeckFile], sources: Mapping[str, Source]) -> list[Coverage]:
    """A row for each theme, source and paragraph: themes in the order of the decks, paragraphs in that of the text."""
    cited: dict[tuple[str, str, int], dict[str, None]] = defaultdict(dict)
    for file in files:
        for card in file.deck.cards:
            for citation in card.citations:
                cited[file.deck.theme, citation.source, citation.paragraph][f"{file.deck.id}/{card.id}"] = None
    themes = dict.fromkeys(file.deck.theme for file in files)
    return [
        Coverage(theme, name, number, tuple(cited.get((theme, name, number), ())))
        for theme in themes
        for name, source in sources.items()
        for number in range(1, len(source.paragraphs) + 1)
    ]


def find_uncited(files: Sequence[DeckFile], sources: Mapping[str, Source]) -> Iterator[Problem]:
    """Paragraphs that no card cites, of the sources that some deck lists and for which none waives the rule."""
    listed = {name for file in files for name in file.deck.sources}
    waived = {name for file in files for name in file.deck.sources if "uncited-paragraph" in file.deck.waive}
    cited = {(row.source, row.paragraph) for row in list_coverage(files, sources) if row.cards}
    for name, source in sources.items():
        if name not in listed or name in waived:
            continue
        for block in source.paragraphs:
            if (name, block.number) not in cited:
                message = say("No card cites paragraph %(number)s of `%(name)s`.", number=block.number, name=name)
                fix = say("Ask about it, or waive the rule in a deck that lists this source.")
                severity = RULES["uncited-paragraph"].severity
                yield Problem(source.file, block.line, 1, "uncited-paragraph", message, fix, severity)
