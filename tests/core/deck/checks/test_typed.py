"""Typed answers that can be judged."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.read import DeckFile
from quizapp.core.problem import Problem

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]
Codes = Callable[..., list[str]]


@pytest.mark.parametrize(("match", "answer"), [("number", "of Berlin"), ("date", "in autumn"), ("date", "32 May 1989")])
def test_an_answer_that_is_no_number_or_date_is_told(
    check: Check, deck: Build, change: Change, match: str, answer: str
) -> None:
    (problem,) = [
        problem
        for problem in check(deck(change(match=match, answer=answer)))
        if problem.code != "answer-not-in-passage"
    ]
    assert (problem.code, problem.line, problem.column) == ("unreadable-answer", 11, 13)
    assert f"cannot be read as a {match}" in problem.message


@pytest.mark.parametrize(
    "fields",
    [
        {"match": "number", "answer": "'1989'"},
        {"match": "number", "answer": "the year of 1989 in Berlin", "accept": "['1989']"},
        {"match": "date", "answer": "autumn of 1989", "accept": "[9 November 1989]"},
        {"match": "text", "answer": "in autumn"},
        {"type": "choice", "answer": "in autumn", "wrong": "[in May, in June]"},
    ],
)
def test_an_answer_that_can_be_read_is_left_alone(codes: Codes, change: Change, fields: dict[str, str]) -> None:
    assert "unreadable-answer" not in codes(change(**fields))
