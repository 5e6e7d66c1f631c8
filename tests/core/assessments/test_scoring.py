"""What an attempt is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.assessments.plan import Counting
from quizapp.core.assessments.scoring import (
    SCHEME,
    CalibrationLine,
    Scored,
    add_up,
    calibrate,
    count_attempts,
    find_points,
    find_share,
)

scored = st.builds(Scored, st.none() | st.floats(0, 1), st.none() | st.integers(1, 3))


@pytest.mark.parametrize(
    ("one", "by_confidence", "points"),
    [
        (Scored(None, 3), True, 0),
        (Scored(None), False, 0),
        (Scored(0.5, 3), False, 0.5),
        (Scored(1, 1), True, 1),
        (Scored(1, 2), True, 2),
        (Scored(1, 3), True, 3),
        (Scored(0, 1), True, 0),
        (Scored(0, 2), True, -2),
        (Scored(0, 3), True, -6),
        (Scored(1, None), True, 1),
        (Scored(0.5, 2), True, 0),
    ],
)
def test_points_follow_the_scheme(one: Scored, by_confidence: bool, points: float) -> None:
    assert find_points(one, by_confidence=by_confidence) == points


@given(st.floats(0, 1))
def test_saying_what_one_thinks_pays_best(chance: float) -> None:
    def expect(step: int) -> float:
        return chance * SCHEME[step].right + (1 - chance) * SCHEME[step].wrong

    honest = max(step for step in range(3) if SCHEME[step].pays_from <= chance)
    assert expect(honest) >= max(expect(step) for step in range(3)) - 1e-9


@given(st.lists(scored), st.booleans())
def test_an_attempt_has_from_nothing_to_all_points(questions: list[Scored], by_confidence: bool) -> None:
    points, most = add_up(questions, by_confidence=by_confidence)
    assert 0 <= points <= most == len(questions) * (3 if by_confidence else 1)


def test_a_share_needs_points_and_something_to_share() -> None:
    assert find_share(1.5, 3) == 0.5
    assert find_share(None, 3) is None
    assert find_share(0.0, 0.0) is None


def test_the_attempt_that_counts_is_the_one_the_teacher_chose() -> None:
    shares = [0.5, 1.0, 0.3]
    found = [count_attempts(each, shares) for each in (Counting.BEST, Counting.LAST, Counting.FIRST, Counting.AVERAGE)]
    assert found == [1.0, 0.3, 0.5, pytest.approx(0.6)]
    assert all(count_attempts(each, []) is None for each in Counting)


def test_calibration_counts_what_was_said_and_how_often_it_was_right() -> None:
    questions = [Scored(1, 3), Scored(0.9, 3), Scored(0.79, 3), Scored(0, 1), Scored(None, 2), Scored(1, None)]
    lines = calibrate(questions)
    assert lines == (CalibrationLine(1, 1, 0), CalibrationLine(2, 0, 0), CalibrationLine(3, 3, 2))
    assert [line.share for line in lines] == [0, None, pytest.approx(2 / 3)]
    assert all(line.answers == 0 for line in calibrate([]))
