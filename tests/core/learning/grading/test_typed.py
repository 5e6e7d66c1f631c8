import pytest

from quizapp.core.learning.grading.typed import judge_typed
from quizapp.core.learning.grading.verdict import Verdict


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("August 15, 1945", "15 August 1945"),
        ("15.8.1945", "15 August 1945"),
        ("15 Aug 1945", "1945-08-15"),
        ("28.000 soldiers", "28,000 soldiers"),
        ("2500000 dollars", "$2.5 million"),
        ("50 kph", "50 km/h"),
        ("50 km per hour", "50 km/h"),
    ],
)
def test_a_date_or_quantity_is_right_in_its_other_forms_where_text_is_asked(typed: str, answer: str):
    assert judge_typed(typed, [answer]).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("August 1945", "15 August 1945"),
        ("16 August 1945", "15 August 1945"),
        ("1-3", "3-1"),
        ("50", "50%"),
        ("5 miles", "5 km"),
        ("5000 m", "5 km"),
        ("50 m/h", "50 km/h"),
        ("7", "007"),
        ("1", "50/50"),
        ("15 August 1945 " * 6, "15 August 1945"),
        ("15 August 1945", "It was on the day that is in all the books, the one of 15 August 1945, a Wednesday there"),
    ],
)
def test_less_more_or_other_is_not(typed: str, answer: str):
    assert judge_typed(typed, [answer]).verdict is Verdict.WRONG


def test_the_wording_that_was_met_is_named():
    assert judge_typed("15.8.1945", ["V-J Day", "15 August 1945"]).wording == "15 August 1945"
