"""Questions in other programs' JSON."""

import json
from typing import Any

import pytest

from quizapp.core.exchange import deckjson, gathering
from quizapp.core.exchange.model import Imported, ImportOptions


def read(value: object) -> Imported:
    return deckjson.read(json.dumps(value).encode(), ImportOptions("quiz.json"))


def dump(value: object) -> list[dict[str, Any]]:
    imported = read(value)
    cards = imported.decks[0].cards if imported.decks else ()
    return [card.model_dump(exclude_defaults=True, exclude={"id"}) for card in cards]


@pytest.mark.parametrize(
    "entry",
    [
        {"front": "When?", "back": "1989"},
        {"question": "When?", "answer": 1989},
        {"term": "When?", "definition": "1989"},
        {"Frage": "When?", "Antwort": "1989"},
    ],
)
def test_two_sides_under_the_names_that_people_use(entry: dict[str, object]) -> None:
    assert dump([entry]) == [{"type": "flashcard", "prompt": "When?", "answer": "1989"}]


CHOICE = {"type": "choice", "prompt": "When?", "answer": "1989", "wrong": ({"text": "1988"}, {"text": "1990"})}


@pytest.mark.parametrize(
    "told",
    [
        {"options": ["1988", "1989", "1990"], "answer": "1989"},
        {"choices": ["1988", "1989", "1990"], "correctAnswer": "B"},
        {"options": {"a": "1988", "b": "1989", "c": "1990"}, "correct": "(b)"},
        {"options": ["1988", "1989", "1990"], "correct_index": 1},
        {"answers": [{"text": "1988"}, {"text": "1989", "isCorrect": True}, {"text": "1990", "isCorrect": False}]},
        {"correct_answer": "1989", "incorrect_answers": ["1988", "1990"]},
    ],
)
def test_options_with_the_right_one_told_in_any_way(told: dict[str, object]) -> None:
    for whole in ([{"question": "When?"} | told], {"title": "T", "questions": [{"question": "When?"} | told]}):
        assert dump(whole) == [CHOICE]


def test_several_right_ones_and_truths() -> None:
    cities = {"question": "Cities?", "options": ["Bonn", "Rhine", "Trier"], "correct": ["Bonn", "Trier"]}
    truth = {"type": "boolean", "question": "So?", "correct_answer": "True", "incorrect_answers": ["False"]}
    several, true = dump({"results": [cities, truth]})
    assert (several["type"], several["answers"]) == ("multiple", ("Bonn", "Trier"))
    assert true == {"type": "truefalse", "prompt": "So?", "answer": True}


def test_what_stands_beside_comes_along_as_plain_text() -> None:
    entry = {
        "id": 7,
        "question": "Who said &quot;*now*&quot;?",
        "answer": "He",
        "explanation": "He did.",
        "hint": "A man",
        "notes": "old",
        "category": ["History", "History"],
        "difficulty": "Hard",
        "points": 3,
    }
    (card,) = dump({"data": {"questions": [entry]}, "name": "Words"})
    assert card["prompt"] == 'Who said "\\*now\\*"?'
    assert [card[name] for name in ("explanation", "hint", "note", "tags", "difficulty")] == [
        *("He did.", "A man", "old", ("History",), "hard")
    ]


def test_numbers_count_from_1_only_where_they_must_and_it_is_told() -> None:
    low = {"question": "Low?", "options": ["a1", "b1"], "correct": 1}
    high = {"question": "High?", "options": ["a2", "b2"], "correct": 2}
    assert [card["answer"] for card in dump([low, high])] == ["a1", "b2"]
    assert [card["answer"] for card in dump([low])] == ["b1"]
    (problem,) = read([low, high]).problems
    assert (problem.code, problem.severity) == ("counted-options", "warning")
    assert "from 1" in problem.message


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("text", "no question with an answer"),
        ({"question": " ", "answer": "x"}, "no question"),
        ({"question": "Essay?"}, "no answer"),
        ({"question": "Q?", "options": ["a", "b"], "answer": "z-"}, "none of the options"),
        ({"question": "Q?", "options": ["a", "b"], "answer": 9}, "none of the options"),
        ({"question": "Q?", "options": ["a"], "answer": "a"}, "nothing to choose"),
        ({"question": "Q?", "options": [f"o{number}" for number in range(31)], "answer": "o1"}, "too long"),
        ({"question": "Q?", "answer": {"deep": ["x"]}}, "no answer"),
    ],
)
def test_an_entry_that_cannot_be_taken_is_told_with_its_number(entry: object, why: str) -> None:
    imported = read([{"front": "a", "back": "b"}, entry])
    assert len(imported.decks[0].cards) == 1
    told = [problem for problem in imported.problems if problem.code == "bad-entry"]
    assert ["Entry 2" in problem.message and why in problem.message for problem in told] == [True]


def test_cards_of_our_own_are_not_taken_for_others_and_nothing_is_told_plainly() -> None:
    assert dump([{"type": "short", "prompt": "When?", "answer": "1989"}])[0]["type"] == "short"
    for empty in ([], {}, [1], "text", {"a": {"b": {"c": {"d": {"e": {"f": {"questions": [{"q": 1}]}}}}}}}):
        imported = read(empty)
        assert imported.decks == ()
        assert [problem.code for problem in imported.problems] == ["empty-file"]
        assert "An entry needs a question" in imported.problems[0].fix


def test_a_file_that_never_ends_being_wrong_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_REFUSED", 20)
    imported = read([{"front": "a", "back": "b"}] + [{"front": "a", "back": "\u202e"}] * 100)
    assert len(imported.problems) == 21


def test_a_list_is_read_up_to_its_limit_and_the_rest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deckjson, "MOST_ENTRIES", 250)
    imported = read([{"front": f"a{number}", "back": "b"} for number in range(252)])
    assert len(imported.decks[0].cards) == 250
    assert [problem.code for problem in imported.problems] == ["too-many"]


def read_lines(text: str) -> Imported:
    return deckjson.read(text.encode(), ImportOptions("quiz.jsonl"))


def test_an_object_a_line_is_a_list_too() -> None:
    entries = [{"question": "When?", "answer": "1989"}, {"question": "Where?", "answer": "Berlin"}]
    lines = "\r\n\n".join(map(json.dumps, entries)) + "\n"
    assert [card.prompt for deck in read_lines("\n" + lines).decks for card in deck.cards] == ["When?", "Where?"]
    own = '{"type": "short", "prompt": "When?", "answer": 1989}\n{"type": "short", "prompt": "Where?", "answer": "x"}\n'
    assert [card.type for deck in read_lines(own).decks for card in deck.cards] == ["short", "short"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"question": "When?", "answer": "1989"}\n\n{"question": "Where?", \n', 3),
        ('{"question": "When?" "answer": "1989"}\n{"question": "Where?"}\n', 1),
        ('{"question": "When?",\n "answer": "1989"}\n{"question": "Where?"}\n', 3),
        ('{"a": ' + "[" * 5_000 + "]" * 5_000 + "}\n{}\n", 0),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str, line: int) -> None:
    imported = read_lines(text)
    assert not imported.decks
    assert [problem.line for problem in imported.problems] == [line]
