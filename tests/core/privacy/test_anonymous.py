"""What is left of an answer when nothing may lead to who gave it."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from quizapp.core.learning.memory import MemoryState
from quizapp.core.privacy.anonymous import NO_WORDS, blank_memory, ceil_day, floor_day, strip_words

CHOICE = {"type": "choice", "answer": "100 cm", "wrong": ["50 cm", {"text": "200 cm", "why": "No."}]}
MULTIPLE = {"type": "multiple", "answers": ["Fish", "Frogs"], "wrong": ["Bread"]}


@pytest.mark.parametrize(
    ("card", "response"),
    [
        (CHOICE, "50 cm"),
        (CHOICE, "200 cm"),
        (MULTIPLE, ["Fish", "Bread"]),
        (MULTIPLE, []),
        ({"type": "truefalse", "answer": True}, False),
        ({"type": "order", "items": ["a", "b"]}, ["b", "a"]),
        ({"type": "match", "pairs": [["a", "b"], ["c", "d"]]}, {"a": "d", "c": "b"}),
    ],
)
def test_the_cards_own_words_stay(card: object, response: object) -> None:
    assert strip_words(json.dumps(response), json.dumps(card)) == json.dumps(response)


@pytest.mark.parametrize(
    ("card", "response"),
    [
        (CHOICE, "call me Zebulon"),
        (MULTIPLE, ["Fish", "Zebulon"]),
        ({"type": "short", "answer": "long"}, "long"),
        ({"type": "cloze", "text": "a {{b}}"}, ["b"]),
        ({"type": "flashcard", "answer": "x"}, None),
        ({"type": "match", "pairs": [["a", "b"]]}, {"a": ["Zebulon"]}),
    ],
)
def test_what_somebody_wrote_does_not(card: object, response: object) -> None:
    assert strip_words(json.dumps(response), json.dumps(card)) == NO_WORDS


def test_no_answer_stays_none() -> None:
    assert strip_words("", json.dumps(CHOICE)) == ""


def test_a_moment_becomes_its_day() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert floor_day(late) == datetime(2026, 11, 23, tzinfo=UTC)
    assert ceil_day(late) == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_memory_that_says_nothing_is_one() -> None:
    assert MemoryState.from_json(blank_memory(datetime(2026, 11, 23, tzinfo=UTC))).reps == 1
