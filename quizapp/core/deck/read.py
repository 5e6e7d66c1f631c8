"""A deck file's bytes to a ``Deck``, or to every problem in it with line and column.

The one way in for the command line, for uploads and for tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from quizapp.core.deck.places import Places
from quizapp.core.deck.refusals import Path, explain_refusals, look_up
from quizapp.core.deck.schema import CARD_MODELS, AnyCard, Citation, Deck, WrongOption
from quizapp.core.deck.text import decode_text, shorten
from quizapp.core.deck.tree import MOST_PROBLEMS, Tree, read_tree
from quizapp.core.problem import Problem


@dataclass(frozen=True, slots=True)
class DeckFile:
    """A deck, the name of its file, where each of its values stands there, and what looks odd in how it is written."""

    deck: Deck
    file: str
    places: Places = field(compare=False, repr=False)
    warnings: tuple[Problem, ...] = ()


def _list_keys(value: Tree, path: Path) -> Sequence[str]:
    if not path:
        return tuple(Deck.model_fields)
    if len(path) == 2:
        kind = look_up(value, (*path, "type"))
        return tuple(CARD_MODELS[kind].model_fields) if isinstance(kind, str) and kind in CARD_MODELS else ()
    return tuple((Citation if path[2] == "citations" else WrongOption).model_fields)


def _refuse(refusal: ValidationError, value: Tree, places: Places, file: str, base: Path = ()) -> list[Problem]:
    return explain_refusals(refusal, value, places, file, "the deck", lambda path: _list_keys(value, path), base)


def _list_cards(value: Tree) -> list[Tree]:
    cards = value.get("cards") if isinstance(value, dict) else None
    return cards if isinstance(cards, list) else []


def _find_repeated_ids(value: Tree, places: Places, file: str) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for index, card in enumerate(_list_cards(value)):
        identifier = card.get("id") if isinstance(card, dict) else None
        if not isinstance(identifier, str) or not identifier:
            continue
        if identifier in first:
            line, _ = places.at("cards", first[identifier], "id")
            message = f"The id `{shorten(identifier)}` is already that of the card on line {line}."
            fix = "Give one of the two another id; a card that learners have met keeps its own."
            problems.append(Problem(file, *places.at("cards", index, "id"), "duplicate-card-id", message, fix))
        first.setdefault(identifier, index)
    return problems


def _check_untyped_cards(value: Tree, places: Places, file: str) -> list[Problem]:
    """What else is wrong with the cards whose type is missing or unknown, which pydantic does not look into."""
    problems: list[Problem] = []
    for index, card in enumerate(_list_cards(value)):
        kind = card.get("type") if isinstance(card, dict) else "flashcard"
        if isinstance(kind, str) and kind in CARD_MODELS:
            continue
        try:
            AnyCard.model_validate(card)
        except ValidationError as refusal:
            problems += _refuse(refusal, value, places, file, ("cards", index))
    return problems


def _arrange(problems: list[Problem]) -> tuple[Problem, ...]:
    arranged = sorted(problems, key=lambda problem: (problem.line, problem.column))
    if len(arranged) <= MOST_PROBLEMS:
        return tuple(arranged)
    last = arranged[MOST_PROBLEMS]
    message = f"{len(arranged) - MOST_PROBLEMS} more problems follow from here on."
    told = Problem(last.file, last.line, last.column, "more-problems", message, "Mend those above first.")
    return (*arranged[:MOST_PROBLEMS], told)


def read_deck(data: bytes, file: str) -> DeckFile | tuple[Problem, ...]:
    """Read one deck file (format 1, see docs/writing-decks.md). ``file`` is its name, for the problems.

    Never raises on what the bytes hold: whatever is wrong comes back as problems, all of them in the order of their
    places (at most 1,000, and then one that says how many more). Only an error of YAML's own syntax hides what stands
    behind it.
    """
    text, problems = decode_text(data, file)
    if text is None:
        return tuple(problems)
    tree = read_tree(text, file)
    problems += tree.problems
    if tree.value is None:
        return _arrange(
            problems or [Problem(file, 1, 1, "empty-file", "The file holds no deck.", "Begin it with `format: 1`.")]
        )
    aliases = {(problem.line, problem.column) for problem in problems if problem.code == "alias"}
    try:
        deck = Deck.model_validate(tree.value)
    except ValidationError as refusal:
        told = _refuse(refusal, tree.value, tree.places, file) + _check_untyped_cards(tree.value, tree.places, file)
        problems += [problem for problem in told if (problem.line, problem.column) not in aliases]
    problems += _find_repeated_ids(tree.value, tree.places, file)
    return _arrange(problems) if problems else DeckFile(deck, file, tree.places, tuple(tree.warnings))
