import pytest

from quizapp.core.analysis.plandays import DoneDay, sum_days


def test_a_card_counts_once_a_day_as_begun_or_as_reviewed():
    answers = [(7, 1, True, 60_000), (7, 1, False, 30_000), (7, 2, False, None), (8, 1, False, 0)]
    assert sum_days(answers) == {7: DoneDay(1, 1, 3, 1.5), 8: DoneDay(0, 1, 1, 0.0)}


def test_an_answer_takes_two_minutes_at_most():
    assert sum_days([(1, 1, True, 86_400_000)])[1].minutes == pytest.approx(2)


def test_no_answers_are_no_days():
    assert sum_days([]) == {}
