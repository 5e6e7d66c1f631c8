"""Grading that never stands in the way."""

from typing import Any

import pytest

from quizapp.core.deck.schema import Flashcard, Short
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import Response, Verdict
from quizapp.services import grading

LEGS = Short(id="legs", type="short", prompt="How are its legs?", answer="long")


def test_an_answer_is_worth_what_grading_says() -> None:
    assert grading.grade_any(LEGS, Response(("long",)), "en").verdict is Verdict.RIGHT


def test_where_grading_fails_the_answer_is_wrong_and_the_log_says_where_without_the_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(card: Any, response: Response, language: str) -> None:
        raise ValueError(response.texts[0])

    monkeypatch.setattr(grading, "grade", fail)
    found = grading.grade_any(LEGS, Response(("secret words",)), "en")
    assert (found.score, found.verdict, found.parts[0].expected) == (0, Verdict.WRONG, "long")
    assert "legs: ValueError in fail" in caplog.text
    assert "secret" not in caplog.text


def test_what_is_no_answer_to_the_card_is_refused_as_ever() -> None:
    card = Flashcard(id="legs", type="flashcard", prompt="How are its legs?", answer="long")
    with pytest.raises(Invalid):
        grading.grade_any(card, Response(()), "en")
