"""Measuring the memory model on a log that somebody brings."""

import random
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from quizapp.core.errors import Invalid
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services.evaluation import Evaluation, evaluate_log

CALENDAR = StudyCalendar(ZoneInfo("UTC"), time(4))
HEAD = b"card_id,review_time,review_rating\n"
DAY = 86_400_000


def _make_log(cards: int, seed: int = 1) -> bytes:
    dice = random.Random(seed)
    rows = []
    for card in range(cards):
        now = 1_700_000_000_000 + dice.randrange(DAY)
        for days in (1, 2, 4, 8, 16):
            rows.append(f"c{card},{now},{3 if dice.random() < 0.85 else 1}")
            now += days * DAY
    return HEAD + "\n".join(rows).encode()


def _evaluated(data: bytes, fit: bool = False) -> Evaluation:
    found = evaluate_log(data, "log.csv", CALENDAR, fit=fit)
    assert isinstance(found, Evaluation)
    return found


def test_defaults_and_average_are_measured_on_the_same_reviews() -> None:
    found = _evaluated(_make_log(200))
    assert (found.reviews, found.trial) == (1000, None)
    assert found.default.items == found.average.items == 800 - found.dropped
    assert 0 < found.average.log_loss < 1


def test_a_fit_is_measured_on_later_reviews_than_it_saw() -> None:
    found = _evaluated(_make_log(200), fit=True)
    assert found.trial is not None
    assert found.trial.fitted.items == found.default.items == found.average.items
    assert found.trial.trained_on >= 4 * found.default.items - 4
    assert found.trial.fitted.log_loss < found.default.log_loss


def test_a_small_log_is_measured_whole() -> None:
    found = _evaluated(_make_log(5))
    assert (found.default.items, found.dropped) == (20, 0)


@pytest.mark.parametrize("data", [HEAD + b"a,1700000000000,3\n", HEAD + b"a,1700000000000,3\na,1700000000001,3\n"])
def test_a_log_without_a_later_day_cannot_be_measured(data: bytes) -> None:
    with pytest.raises(Invalid):
        evaluate_log(data, "log.csv", CALENDAR)


def test_too_few_reviews_cannot_be_fitted() -> None:
    with pytest.raises(Invalid):
        evaluate_log(_make_log(2), "log.csv", CALENDAR, fit=True)


def test_what_is_wrong_with_the_file_is_told_line_by_line() -> None:
    problems = evaluate_log(HEAD + b"a,1700000000,3\na,1700000000000,0\n", "log.csv", CALENDAR)
    assert isinstance(problems, tuple)
    assert [problem.line for problem in problems] == [2, 3]


@pytest.mark.parametrize("data", [b"", HEAD])
def test_an_empty_file_is_told(data: bytes) -> None:
    assert isinstance(evaluate_log(data, "log.csv", CALENDAR), tuple)
