"""Questions and hints that tell the answer."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.read import DeckFile
from quizapp.core.problem import Problem

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]
Codes = Callable[..., list[str]]


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": "What fell in the *autumn* of 1989?", "answer": "Autumn of 1989"},
        {"prompt": "Which Berlin Wall was in Berlin?", "answer": "the Berlin Wall"},
        {"prompt": "Where is the wall of Berlin?", "accept": "[Berlin]"},
        {"type": "flashcard", "prompt": "Who let people pass in Berlin?", "answer": "Berlin"},
        {"type": "choice", "prompt": "Why did Berlin open?", "answer": "Berlin", "wrong": "[Leipzig, Bonn]"},
        {
            "type": "cloze",
            "answer": None,
            "prompt": None,
            "text": "'In {{Berlin|West Berlin}}, which is Berlin, it fell.'",
        },
        {
            "type": "multiple",
            "prompt": "What of Berlin?",
            "answer": None,
            "answers": "[Leipzig, Berlin]",
            "wrong": "[Bonn]",
        },
    ],
)
def test_a_question_that_holds_the_answer_is_told(codes: Codes, change: Change, fields: dict[str, str | None]) -> None:
    assert codes(change(**fields)) == ["answer-in-stem"]


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": "Who was in Berliners’ way?", "answer": "Berlin"},
        {"prompt": "Was it Berlin or Bonn?", "type": "choice", "answer": "Berlin", "wrong": "[the Bonn]"},
        {"prompt": "It is to be in a place?", "answer": "to be in", "citations": None},
        {"prompt": "Which 5 or a?", "answer": "5 in Berlin"},
        {"prompt": "Which is 5?", "answer": "5", "citations": None},
        {
            "type": "flashcard",
            "prompt": "Which autumn of 1989 saw protests in Leipzig end?",
            "answer": "autumn of 1989 saw protests",
        },
        {"type": "truefalse", "prompt": "True?", "answer": "true"},
        {"type": "order", "prompt": "Protests, fall?", "answer": None, "items": "[protests, fall]"},
        {
            "type": "match",
            "prompt": "Protests, Berlin?",
            "answer": None,
            "pairs": "[[protests, Leipzig], [fall, Berlin]]",
        },
    ],
)
def test_a_question_that_gives_nothing_away_is_left_alone(
    codes: Codes, change: Change, fields: dict[str, str | None]
) -> None:
    assert "answer-in-stem" not in codes(change(**fields))


def test_a_hint_that_tells_is_told_at_its_line(check: Check, deck: Build, change: Change) -> None:
    (problem,) = check(deck(change(hint="It was in the [autumn](https://example.org/a-1989) of *1989*.")))
    assert (problem.code, problem.line, problem.column) == ("answer-in-hint", 13, 11)
    assert "“in the autumn of 1989”" in problem.message


OPENED = "Who opened the gates of that border when protests grew?"


def test_another_question_that_tells_the_answer_is_told(check: Check, deck: Build, change: Change) -> None:
    asked = change(prompt="When did the gates of that border open?")
    telling = change(id="who", prompt="Who opened the gates of that border in the autumn of 1989?", answer="Berlin")
    (problem,) = check(deck(asked, telling))
    assert (problem.code, problem.line) == ("answer-in-other-stem", 10)
    assert "`who` (line 16)" in problem.message
    assert "“in the autumn of 1989”" in problem.message


def test_a_deck_beside_may_tell_the_answer_as_well(check: Check, deck: Build, change: Change) -> None:
    asked = change(prompt="When did the gates of that border open?")
    telling = change(id="who", prompt="Who opened the gates of that border in the autumn of 1989?", answer="Berlin")
    other = deck(
        telling, head="format: 1\nid: other\ntitle: O\nlanguage: en\ntheme: t\nsources: [wall]\n", name="other.yaml"
    )
    assert check(deck(asked)) == check(other) == []
    (problem,) = check(deck(asked), other)
    assert (problem.file, problem.code) == ("small.yaml", "answer-in-other-stem")
    assert "`other/who`" in problem.message


@pytest.mark.parametrize(
    "prompt",
    [
        "Who sang a song in the autumn of 1989?",
        "Who opened the gates of that border?",
        "Where was Ann, whose gates were blue, in the autumn of 1989?",
    ],
)
def test_a_question_about_something_else_tells_nothing(codes: Codes, change: Change, prompt: str) -> None:
    asked = change(prompt="When did the gates of that border open at last?")
    assert codes(asked, change(id="who", prompt=prompt, answer="Berlin")) == []


def test_a_name_that_stands_in_many_questions_tells_nothing(codes: Codes, change: Change) -> None:
    asked = change(prompt="Which city had gates and a border then?", answer="Berlin")
    others = [
        change(
            id=f"other-{word}", prompt=f"What had gates and a border in {word} Berlin then?", answer=f"{word} autumn"
        )
        for word in ("grey", "green", "white", "black")
    ]
    found = codes(asked, *others)
    assert "answer-in-other-stem" not in found
    assert "answer-in-other-stem" in codes(asked, *others[:3])


def test_an_answer_of_many_cards_is_told_by_none(codes: Codes, change: Change) -> None:
    nouns = [f"{letter}ash" for letter in "bcdfghjklmnpqrstvwxyz"]
    asked = [
        change(id=noun, prompt=f"Whose {noun} had gates, cellars, {noun}ish towers?", answer="Berlin") for noun in nouns
    ]
    telling = change(id="zoo", prompt="Which bash of Berlin had bashish cellars, gates, towers?", answer="Leipzig")
    assert "answer-in-other-stem" not in codes(*asked, telling)
    assert "answer-in-other-stem" in codes(*asked[:3], telling)
