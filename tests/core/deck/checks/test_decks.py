"""All checks put together."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.core.deck.checks import RULES, check_deck, check_decks, check_source
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.problem import Problem
from quizapp.core.source.document import Source, read_source
from quizapp.core.source.original import OriginalText, read_original

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]

PROJECT = Path(__file__).parents[4]
ORIGINALS = PROJECT.parent / "shared" / "sources"


def test_deck_ids_are_unique(check: Check, deck: Build, change: Change) -> None:
    second = deck(change(id="who", prompt="Who?", answer="Berlin"), name="second.yaml")
    third = deck(change(id="where", prompt="Where then?", answer="Leipzig"), name="third.yaml")
    found = check(deck(), second, third)
    assert [(problem.file, problem.line, problem.column, problem.code) for problem in found] == [
        ("second.yaml", 2, 5, "duplicate-deck-id"),
        ("third.yaml", 2, 5, "duplicate-deck-id"),
    ]
    assert all("small.yaml" in problem.message for problem in found)


def test_problems_come_in_the_order_of_files_and_places_with_the_severity_of_their_rule(
    check: Check, deck: Build, change: Change
) -> None:
    first = deck(change(hint=None, citations="[{source: wall, paragraph: 9, quote: x}]"), change(id="b", prompt="Who?"))
    second = deck(
        change(id="c", difficulty=None), head="format: 1\nid: c\ntitle: C\nlanguage: en\ntheme: t\n", name="c.yaml"
    )
    problems = check(first, second)
    assert [problem.file for problem in problems] == sorted((problem.file for problem in problems), reverse=True)
    for name in ("small.yaml", "c.yaml"):
        places = [(problem.line, problem.column) for problem in problems if problem.file == name]
        assert places == sorted(places)
    assert {problem.code for problem in problems} >= {
        "missing-paragraph",
        "no-hint",
        "no-difficulty",
        "unlisted-source",
    }
    assert all(problem.severity is RULES[problem.code].severity for problem in problems)


COPY = "the autumn of 1989 the Berlin Wall fell; Leipzig had seen protests. Once"
TEXT = "In the autumn of 1989 the Berlin Wall fell; Leipzig had seen protests. Once it was over, all went."


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"explanation": f"“{COPY}” says the text."}, 12),
        ({"note": f"'{COPY}'"}, 16),
        ({"prompt": f"'What is {COPY}?'", "answer": "Monday", "hint": "Say."}, 10),
        ({"type": "flashcard", "answer": f"'{COPY}'"}, 8),
    ],
)
def test_a_card_that_copies_the_original_is_told(
    deck: Build, change: Change, wall: Source, fields: dict[str, str], line: int
) -> None:
    original = OriginalText("wall.txt", "0" * 64, (TEXT,))
    problems = check_deck(deck(change(**fields)), {"wall": wall}, {"wall": original})
    assert [problem.line for problem in problems if problem.code == "copied-run"] == [line]
    assert "copied-run" not in [problem.code for problem in check_deck(deck(change(**fields)), {"wall": wall})]


def test_nothing_to_check_is_nothing_wrong() -> None:
    assert check_decks([], {}) == []


def _read_shipped() -> tuple[list[DeckFile], dict[str, Source]]:
    files, sources = [], {}
    for path in sorted((PROJECT / "decks").glob("*.yaml")):
        file = read_deck(path.read_bytes(), path.name)
        assert isinstance(file, DeckFile), [str(problem) for problem in file]
        files.append(file)
    for path in sorted((PROJECT / "decks" / "sources").glob("*.md")):
        source = read_source(path.read_bytes(), path.name)
        assert isinstance(source, Source), [str(problem) for problem in source]
        sources[source.id] = source
    return files, sources


def test_the_shipped_decks_and_sources_are_left_alone() -> None:
    files, sources = _read_shipped()
    assert len(files) >= 3
    assert len(sources) >= 2
    assert [str(problem) for problem in check_decks(files, sources)] == []
    assert [str(problem) for source in sources.values() for problem in check_source(source)] == []


def test_with_the_originals_at_hand_they_are_left_alone_too() -> None:
    files, sources = _read_shipped()
    originals: dict[str, OriginalText] = {}
    for source in sources.values():
        path = ORIGINALS / source.original.file if source.original else ORIGINALS
        original = read_original(path.read_bytes(), path.name) if path.is_file() else None
        if isinstance(original, OriginalText):
            originals[source.id] = original
    assert [str(problem) for problem in check_decks(files, sources, originals)] == []
    for source in sources.values():
        assert [str(problem) for problem in check_source(source, originals.get(source.id))] == []
