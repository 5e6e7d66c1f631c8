"""Reading on behind an error of YAML's syntax, so that one missing quotation mark does not hide all other problems.

YAML itself cannot: a parser that has lost its way is lost. But a deck is a list of cards, each beginning with a dash in
the same column. So the card with the error is taken out, its lines left empty, and the rest read again.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.deck.tree import ReadTree, read_tree
from quizapp.core.problem import Problem

_MOST_ERRORS = 20
# Each error costs one more reading of the whole text.
_LONGEST = 1_000_000
_CARDS_BEGIN = re.compile(r"cards[ \t]*:[ \t]*(?:#.*)?")
_ENTRY = re.compile(r"( *)- ")


@dataclass(frozen=True, slots=True)
class Salvage:
    """What is left of a text: the ``tree`` of the rest, the problems of the cards taken out, and the lines, from 1, on
    which an empty card now stands in the place of each."""

    tree: ReadTree
    problems: list[Problem]
    stubs: frozenset[int]


def _list_card_lines(lines: Sequence[str]) -> list[int]:
    """The indexes of the lines on which cards begin."""
    for index, line in enumerate(lines):
        if _CARDS_BEGIN.fullmatch(line):
            entries = [(number, _ENTRY.match(line)) for number, line in enumerate(lines[index + 1 :], index + 1)]
            indents = [(number, len(entry[1])) for number, entry in entries if entry]
            return [number for number, indent in indents if indent == indents[0][1]]
    return []


def read_around_errors(text: str, file: str) -> Salvage:
    """Read a deck's YAML; where its syntax breaks within a card, read all other cards nevertheless."""
    tree = read_tree(text, file)
    lines = text.split("\n") if tree.value is None and len(text) <= _LONGEST else []
    starts = _list_card_lines(lines)
    problems: list[Problem] = []
    stubs: set[int] = set()
    while tree.value is None and starts and len(stubs) < _MOST_ERRORS:
        error = tree.problems[-1] if tree.problems else None
        place = bisect_right(starts, error.line - 1) - 1 if error and error.code == "yaml-syntax" else -1
        if error is None or place < 0 or starts[place] + 1 in stubs:
            break
        first, last = starts[place], starts[place + 1] if place + 1 < len(starts) else len(lines)
        problems += [problem for problem in tree.problems if first < problem.line <= last]
        stubs.add(first + 1)
        lines[first:last] = [
            " " * (len(lines[first]) - len(lines[first].lstrip())) + "- {}",
            *[""] * (last - first - 1),
        ]
        tree = read_tree("\n".join(lines), file)
    return Salvage(tree, problems, frozenset(stubs))
