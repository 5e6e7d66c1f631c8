"""Suggestions as a deck file to edit: commented YAML, each card below the sentence it comes from."""

import textwrap
from collections.abc import Sequence

from quizapp.core.deck.drafting.drafting import Drafted
from quizapp.core.deck.drafting.model import Suggestion
from quizapp.core.deck.schema import Deck
from quizapp.core.deck.write import write_deck
from quizapp.core.slugs import LONGEST_SLUG
from quizapp.core.source.document import Source

_WIDTH = 96
_CARD = "  - id: "
_HEAD = """\
A draft: cards suggested by rules for the text “{title}”. Read each one, then take, change or delete it.
Above each card stands what was found (a date, a name or a motive), the paragraph, and the whole sentence.
When you are done: give the deck an id and a title of its own, delete these comments if you like, and run
`quizapp deck check` on it. The source must lie beside the deck, as sources/{source}.md.
"""
_MORE = "There was no room for {count} more findings: the suggestions are spread over the whole text."
_OTHER_LANGUAGE = (
    "This text is not English: only dates in digits, states and acronyms are found, and cards have gaps only."
)


def make_deck(source: Source, suggestions: Sequence[Suggestion]) -> Deck:
    """The suggestions as a deck of their own. There must be at least one."""
    return Deck(
        format=1,
        id=f"{source.id[: LONGEST_SLUG - 6].rstrip('-')}-draft",
        title=f"Draft: {source.title}"[:200].strip(),
        language=source.language,
        theme="draft",
        sources=(source.id,),
        cards=tuple(suggestion.card for suggestion in suggestions),
    )


def _comment(text: str, margin: str = "") -> list[str]:
    lines = textwrap.wrap(" ".join(text.split()), _WIDTH - len(margin), break_on_hyphens=False)
    return [f"{margin}# {line}" for line in lines]


def write_draft(source: Source, drafted: Drafted, notes: Sequence[str] = ()) -> str:
    """The suggestions, at least one, as a deck file that reads back as ``make_deck``; ``notes`` stand at its head."""
    paragraphs = [*_HEAD.format(title=source.title, source=source.id).splitlines(), *notes]
    if drafted.left_out:
        paragraphs.append(_MORE.format(count=drafted.left_out))
    if not source.language.casefold().startswith("en"):
        paragraphs.append(_OTHER_LANGUAGE)
    lines = [line for text in paragraphs for line in _comment(text)]
    waiting = list(drafted.suggestions)
    in_cards = False
    for line in write_deck(make_deck(source, drafted.suggestions)).splitlines():
        if in_cards and line.startswith(_CARD):
            told = waiting.pop(0)
            lines += _comment(f"{told.kind} ({told.sort}), paragraph {told.paragraph}: “{told.sentence}”", "  ")
        in_cards = in_cards or line == "cards:"
        lines.append(line)
    return "\n".join(lines) + "\n"
