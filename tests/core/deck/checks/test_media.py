"""Pictures, sounds and formulas in decks."""

from collections.abc import Collection

import pytest

from quizapp.core.deck.checks import check_deck, check_decks
from quizapp.core.deck.media import list_media_names
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.problem import Problem, Severity

CODES = {"missing-media", "no-alt", "strange-media", "unused-media", "unreadable-formula"}


def read(cards: str) -> DeckFile:
    head = "format: 1\nid: birds\ntitle: Birds\nlanguage: en\ntheme: nature\ncards:\n"
    file = read_deck(f"{head}{cards}".encode(), "birds.yaml")
    assert isinstance(file, DeckFile), file
    return file


def find(cards: str, names: Collection[str] | None = ("map.png", "call.mp3")) -> list[Problem]:
    return [problem for problem in check_deck(read(cards), {}, media=names) if problem.code in CODES]


def card(**texts: str) -> str:
    given = {"prompt": "What is it?", "answer": "A heron", **texts}
    lines = "".join(f"    {key}: '{text}'\n" for key, text in given.items())
    return f"  - id: a\n    type: flashcard\n{lines}"


GOOD = card(prompt="![a map](map.png)", answer="![a call](call.mp3) costs $5 and $x^2$")


def test_a_deck_whose_pictures_and_sounds_are_there_is_left_alone() -> None:
    assert find(GOOD) == []
    assert find(card(), ()) == []


@pytest.mark.parametrize("key", ["prompt", "answer", "explanation", "note", "hint"])
def test_a_missing_picture_is_told_at_its_text(key: str) -> None:
    (problem,) = find(card(**{key: "![a map](maps.png)"}), ())
    assert (problem.code, problem.severity) == ("missing-media", Severity.ERROR)
    assert problem.line == {"prompt": 9, "answer": 10}.get(key, 11)


def test_a_name_in_other_letters_is_told_the_right_one() -> None:
    problems = find(card(prompt="![a map](Map.PNG)"), ("map.png",))
    assert [problem.code for problem in problems] == ["unused-media", "missing-media"]
    assert "`map.png`" in problems[1].fix


def test_nothing_is_missing_where_the_files_are_not_known() -> None:
    assert find(card(prompt="![a map](nowhere.png)"), None) == []
    assert check_decks([read(GOOD)], {}, media={"other": ()}, whole=False) == check_deck(read(GOOD), {})


@pytest.mark.parametrize("words", ["", " ", "![]()"])
def test_a_picture_without_words_is_an_error(words: str) -> None:
    (problem,) = find(card(prompt=f"![{words}](map.png)", answer="![a](call.mp3)"))[:1]
    assert (problem.code, problem.severity) == ("no-alt", Severity.ERROR)


def test_a_sound_without_words_is_asked_what_is_heard() -> None:
    (problem,) = find(card(prompt="![](call.mp3) ![m](map.png)"))
    assert "heard" in problem.fix


@pytest.mark.parametrize("name", ["https://example.org/a.png", "../map.png", "map.svg", "map", "a/map.png"])
def test_what_is_no_plain_name_of_a_picture_or_sound_is_told(name: str) -> None:
    problems = find(card(prompt=f"![a]({name})"), ())
    assert [(problem.code, problem.severity) for problem in problems] == [("strange-media", Severity.WARNING)]


def test_a_file_that_no_card_shows_is_told_and_can_be_waived() -> None:
    (problem,) = find(GOOD, ("map.png", "call.mp3", "old.png"))
    assert (problem.code, problem.severity, problem.line) == ("unused-media", Severity.WARNING, 2)
    assert "old.png" in problem.message


def test_a_waiver_for_files_is_not_called_unused_where_the_files_are_not_known() -> None:
    file = read_deck(
        b"format: 1\nid: birds\ntitle: Birds\nlanguage: en\ntheme: nature\n"
        b"waive:\n  unused-media: the next unit shows it\ncards:\n" + card().encode(),
        "birds.yaml",
    )
    assert isinstance(file, DeckFile), file
    assert "unused-waiver" not in {problem.code for problem in check_deck(file, {})}
    assert "unused-waiver" in {problem.code for problem in check_deck(file, {}, media=())}
    assert "unused-media" not in {problem.code for problem in check_deck(file, {}, media=("a.png",))}


def test_a_formula_that_cannot_be_read_is_a_warning() -> None:
    (problem,) = find(card(prompt="Is $\\frac{1}$ a number?"), ())
    assert (problem.code, problem.severity) == ("unreadable-formula", Severity.WARNING)
    assert "$\\frac{1}$" in problem.message


def test_every_text_of_every_type_of_card_is_looked_at() -> None:
    cards = """\
  - {id: b, type: choice, prompt: p, answer: "![x](1.png)", wrong: [{text: "![x](2.png)", why: "![x](3.png)"}]}
  - {id: c, type: multiple, prompt: p, answers: ["![x](4.png)"], wrong: ["![x](5.png)"]}
  - {id: d, type: order, prompt: p, items: ["![x](6.png)", b]}
  - {id: e, type: match, prompt: p, pairs: [["![x](7.png)", a], [b, "![x](8.png)"]]}
  - {id: f, type: cloze, text: "![x](9.png) {{a}}"}
  - {id: g, type: truefalse, prompt: "![x](10.png)", answer: true}
  - {id: h, type: short, prompt: p, answer: a, explanation: "![x](11.png)"}
"""
    assert list_media_names(read(cards).deck.cards) == {f"{number}.png" for number in range(1, 12)}
    assert [problem.code for problem in find(cards, ())] == ["missing-media"] * 11
    assert list_media_names([]) == frozenset()
