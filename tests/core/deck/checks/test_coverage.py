"""Which paragraphs are cited, by theme."""

from collections.abc import Callable

from quizapp.core.deck.checks import Coverage, list_coverage
from quizapp.core.deck.read import DeckFile
from quizapp.core.problem import Problem
from quizapp.core.source.document import Source

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]

OTHER = "format: 1\nid: other\ntitle: O\nlanguage: en\ntheme: people\nsources: [wall]\n"


def test_each_theme_source_and_paragraph_has_a_row(deck: Build, change: Change, wall: Source) -> None:
    people = deck(
        change(id="who", citations="[{source: wall, paragraph: 2, quote: opened the gates}]"),
        change(id="where", citations="[{source: gone, paragraph: 2, quote: opened the gates}]"),
        head=OTHER,
    )
    assert list_coverage([deck(), people], {"wall": wall}) == [
        Coverage("dates", "wall", 1, ("small/fall",)),
        Coverage("dates", "wall", 2, ()),
        Coverage("people", "wall", 1, ()),
        Coverage("people", "wall", 2, ("other/who",)),
    ]
    assert list_coverage([], {"wall": wall}) == []
    assert list_coverage([deck()], {}) == []


def test_a_card_that_cites_a_paragraph_twice_is_listed_once(deck: Build, change: Change, wall: Source) -> None:
    twice = "[{source: wall, paragraph: 1, quote: autumn of 1989}, {source: wall, paragraph: 1, quote: fell in Berlin}]"
    (row, _) = list_coverage([deck(change(citations=twice))], {"wall": wall})
    assert row.cards == ("small/fall",)


def test_a_paragraph_that_no_card_cites_is_told_where_it_stands(check: Check, deck: Build, change: Change) -> None:
    (problem,) = check(deck(), whole=True)
    assert (problem.file, problem.line, problem.code) == ("wall.md", 13, "uncited-paragraph")
    citation = "[{source: wall, paragraph: 2, quote: opened the gates}]"
    other = deck(change(id="who", prompt="Who did it?", answer="guards", citations=citation), head=OTHER, name="o.yaml")
    assert check(deck(), other, whole=True) == []


def test_a_source_that_no_deck_lists_is_not_asked_about(check: Check) -> None:
    assert check(whole=True) == []
