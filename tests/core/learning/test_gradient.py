import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.evaluate import measure, predict_with
from quizapp.core.learning.gradient import PARAMETERS, Lesson, Slope
from quizapp.core.learning.histories import History, list_items

OTHER = (
    *(0.5, 2.0, 4.0, 12.0, 6.0, 0.7, 2.5, 0.1, 1.5, 0.12, 1.0),
    *(1.8, 0.08, 0.3, 1.7, 0.5, 2.0, 0.5, 0.3, 0.1, 0.2),
)
EXTREMES = [DEFAULT_PARAMETERS, OTHER, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS]

reviews = st.lists(st.tuples(st.sampled_from([0, 1, 2, 7, 60, 400]), st.integers(1, 4)), min_size=2, max_size=8)


priors = st.sampled_from([0.2, 1.0, 3.0])


def lesson_of(history: list[tuple[int, int]], prior: float = 1.0) -> Lesson:
    elapsed = (0, *(days for days, _ in history[1:]))
    return Lesson(elapsed, tuple(rating for _, rating in history), tuple(float(days > 0) for days in elapsed), prior)


def loss_of(lesson: Lesson, parameters: tuple[float, ...]) -> float:
    return Slope(parameters).add([lesson], [0.0] * PARAMETERS)


def slope_beside(lesson: Lesson, parameters: tuple[float, ...], number: int, width: float) -> float:
    below, above = list(parameters), list(parameters)
    below[number] -= width
    above[number] += width
    return (loss_of(lesson, tuple(above)) - loss_of(lesson, tuple(below))) / (2 * width)


def test_nothing_to_learn_has_no_loss_and_no_slope():
    gradient = [0.0] * PARAMETERS
    assert Slope(DEFAULT_PARAMETERS).add([], gradient) == 0
    assert Slope(DEFAULT_PARAMETERS).add([Lesson((0,), (3,), (0.0,))], gradient) == 0
    assert gradient == [0.0] * PARAMETERS


def test_one_review_depends_on_the_first_stability_and_the_curve_alone():
    gradient = [0.0] * PARAMETERS
    Slope(DEFAULT_PARAMETERS).add([Lesson((0, 5), (3, 3), (0.0, 1.0))], gradient)
    assert [number for number, slope in enumerate(gradient) if slope] == [2, 20]


def test_a_weight_multiplies_loss_and_slope():
    once, thrice = [0.0] * PARAMETERS, [0.0] * PARAMETERS
    loss = Slope(OTHER).add([Lesson((0, 5, 9), (1, 3, 1), (0.0, 1.0, 1.0))], once)
    assert Slope(OTHER).add([Lesson((0, 5, 9), (1, 3, 1), (0.0, 3.0, 3.0))], thrice) == pytest.approx(3 * loss)
    assert thrice == pytest.approx([3 * slope for slope in once])


@given(reviews, st.sampled_from(EXTREMES), priors)
def test_the_loss_is_the_one_that_evaluation_measures(
    history: list[tuple[int, int]], parameters: tuple[float, ...], prior: float
):
    lesson = lesson_of(history, prior)
    one = History(lesson.elapsed, lesson.ratings, tuple(range(len(history))), prior)
    if items := list_items([one]):
        mean = measure(items, predict_with(parameters)([one], items)).log_loss
        assert loss_of(lesson, parameters) == pytest.approx(mean * len(items), rel=1e-6)


@given(reviews, st.sampled_from([DEFAULT_PARAMETERS, OTHER]), st.integers(0, PARAMETERS - 1), priors)
def test_the_slope_is_how_the_loss_changes(
    history: list[tuple[int, int]], parameters: tuple[float, ...], number: int, prior: float
):
    """Against differences of two widths; where these disagree, a bound or a kink lies between, and nothing is said."""
    lesson = lesson_of(history, prior)
    gradient = [0.0] * PARAMETERS
    Slope(parameters).add([lesson], gradient)
    wide, narrow = (slope_beside(lesson, parameters, number, width) for width in (2e-5, 1e-5))
    if wide == pytest.approx(narrow, rel=1e-5, abs=1e-7):
        assert gradient[number] == pytest.approx(narrow, rel=1e-3, abs=1e-5)
