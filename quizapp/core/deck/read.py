"""A deck file's bytes to a ``Deck``, or to every problem in it with line and column.

The one way in for the command line, for uploads and for tests.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pydantic import TypeAdapter, ValidationError

from quizapp.core.deck.places import Places
from quizapp.core.deck.recovery import Salvage, read_around_errors
from quizapp.core.deck.refusals import Path, explain_refusals, explain_variant, find_variant, look_up
from quizapp.core.deck.schema import (
    CARD_MODELS,
    CARD_TYPES,
    AnyCard,
    Card,
    Citation,
    Deck,
    Flashcard,
    WrongOption,
)
from quizapp.core.deck.text import decode_text, shorten
from quizapp.core.deck.tree import MOST_PROBLEMS, Tree
from quizapp.core.messages import say
from quizapp.core.problem import Problem

_CARD: Final[TypeAdapter[Card]] = TypeAdapter(Card)
# Stands for cards that are all wrong while the head of their deck is checked.
_SOME_CARD: Final = Flashcard(id="card", type="flashcard", prompt="prompt", answer="answer")


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
        card = look_up(value, path)
        kind = look_up(card, (find_variant(card, "type") or "type",))
        return tuple(CARD_MODELS[kind].model_fields) if isinstance(kind, str) and kind in CARD_MODELS else ()
    return tuple((Citation if path[2] == "citations" else WrongOption).model_fields)


def _refuse(refusal: ValidationError, value: Tree, places: Places, file: str, base: Path = ()) -> list[Problem]:
    return explain_refusals(refusal, value, places, file, say("the deck"), lambda path: _list_keys(value, path), base)


def _list_cards(value: Tree) -> list[Tree]:
    cards = value.get("cards") if isinstance(value, dict) else None
    return cards if isinstance(cards, list) else []


def _find_repeated_ids(value: Tree, places: Places, file: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, card in enumerate(_list_cards(value)):
        identifier = card.get("id") if isinstance(card, dict) else None
        if not isinstance(identifier, str) or not identifier:
            continue
        if identifier in first:
            line, _ = places.at("cards", first[identifier], "id")
            message = say(
                "The id `%(identifier)s` is already that of the card on line %(line)s.",
                identifier=shorten(identifier),
                line=line,
            )
            fix = say("Give one of the two another id; a card that learners have met keeps its own.")
            yield Problem(file, *places.at("cards", index, "id"), "duplicate-card-id", message, fix)
        first.setdefault(identifier, index)


def _check_as_typed(
    value: Tree, card: dict[str, Tree], variant: str, places: Places, file: str, base: Path
) -> list[Problem]:
    """What else is wrong with a card whose key ``type`` is written in other letters."""
    try:
        _CARD.validate_python({"type" if key == variant else key: inner for key, inner in card.items()})
    except ValidationError as refusal:
        return _refuse(refusal, value, places, file, base)
    return []


def _find_card_problems(value: Tree, index: int, refusal: ValidationError, places: Places, file: str) -> list[Problem]:
    """What is wrong with one card; pydantic looks no further where its type is missing or unknown."""
    base = ("cards", index)
    raw = look_up(value, base)
    if isinstance(raw, dict) and (variant := find_variant(raw, "type")):
        told = Problem(file, *places.key_at(*base, variant), *explain_variant(variant, "type"))
        return [told, *_check_as_typed(value, raw, variant, places, file, base)]
    problems = _refuse(refusal, value, places, file, base)
    if isinstance(raw, dict) and raw.get("type") not in CARD_TYPES:
        try:
            AnyCard.model_validate(raw)
        except ValidationError as more:
            problems += _refuse(more, value, places, file, base)
    return problems


def _check_cards(value: Tree, places: Places, file: str, stubs: Container[int]) -> tuple[list[Card], list[Problem]]:
    """The good cards and the problems of the others, one card after the other: a flood of errors stays small."""
    raw, cards, problems = _list_cards(value), list[Card](), list[Problem]()
    for index, card in enumerate(raw):
        try:
            cards.append(_CARD.validate_python(card))
        except ValidationError as refusal:
            if places.at("cards", index)[0] not in stubs:
                problems += _find_card_problems(value, index, refusal, places, file)
            if len(problems) > MOST_PROBLEMS:
                break
    return cards, problems


def _check_schema(salvage: Salvage, value: Tree, file: str) -> tuple[Deck | None, list[Problem]]:
    """The deck, or what keeps the value from being one; nothing about the empty cards that stand for broken ones."""
    places = salvage.tree.places
    cards, problems = _check_cards(value, places, file, salvage.stubs)
    deck: Deck | None = None
    whole: object = value
    if isinstance(value, dict) and _list_cards(value):
        whole = dict[str, object](value) | {"cards": cards or [_SOME_CARD]}
    try:
        deck = Deck.model_validate(whole)
    except ValidationError as refusal:
        problems += _refuse(refusal, value, places, file)
    aliases = {(problem.line, problem.column) for problem in salvage.tree.problems if problem.code in ("alias", "tag")}
    problems = [problem for problem in problems if (problem.line, problem.column) not in aliases]
    problems += islice(_find_repeated_ids(value, places, file), MOST_PROBLEMS)
    return deck, problems


def _arrange(problems: list[Problem]) -> tuple[Problem, ...]:
    arranged = sorted(problems, key=lambda problem: (problem.line, problem.column))
    if len(arranged) <= MOST_PROBLEMS:
        return tuple(arranged)
    last = arranged[MOST_PROBLEMS]
    fix = say("Mend those above first.")
    told = Problem(last.file, last.line, last.column, "more-problems", say("More problems follow from here on."), fix)
    return (*arranged[:MOST_PROBLEMS], told)


def read_deck(data: bytes, file: str) -> DeckFile | tuple[Problem, ...]:
    """Read one deck file (format 1, see docs/writing-decks.md). ``file`` is its name, for the problems.

    Never raises on what the bytes hold: whatever is wrong comes back as problems, all of them in the order of their
    places (at most 1,000, and then one that says that more follow). An error of YAML's own syntax hides no more than
    the card it stands in; one at the head of the deck hides what follows.
    """
    text, problems = decode_text(data, file)
    if text is None:
        return tuple(problems)
    salvage = read_around_errors(text, file)
    tree = salvage.tree
    problems += [*salvage.problems, *tree.problems]
    if tree.value is None:
        empty = Problem(file, 1, 1, "empty-file", say("The file holds no deck."), say("Begin it with `format: 1`."))
        return _arrange(problems or [empty])
    deck, told = _check_schema(salvage, tree.value, file)
    problems += told
    return DeckFile(deck, file, tree.places, tuple(tree.warnings)) if deck and not problems else _arrange(problems)
