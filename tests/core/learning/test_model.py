from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import example, given
from hypothesis import strategies as st

from quizapp.core.learning.memory import Rating
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings, days_until, recall_after
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.learning.workload import learn_again

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DEFAULT = SchedulerSettings().parameters

parameters = st.tuples(*map(st.floats, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS))
histories = st.lists(st.tuples(st.sampled_from(Rating), st.integers(0, 400)), min_size=1, max_size=12)


def test_the_known_answer_after_six_reviews():
    model = MemoryModel(DEFAULT)
    memory = model.start(1)
    for days in (0, 1, 3, 8, 21):
        memory = model.step(memory, days, 3)
    assert memory == pytest.approx((53.62691, 6.3574867), rel=1e-6)


@given(st.just(DEFAULT) | parameters, histories)
def test_every_step_is_the_schedulers_own(chosen: tuple[float, ...], history: list[tuple[Rating, int]]):
    scheduler = Scheduler(SchedulerSettings(parameters=chosen), StudyCalendar(ZoneInfo("UTC")))
    model, now, state, memory = MemoryModel(chosen), NOON, None, None
    for rating, days in history:
        if state is not None:
            now += timedelta(days=days)
        state = scheduler.review(state, rating, now)
        memory = model.step(memory, days, rating) if memory else model.start(rating)
        assert memory == pytest.approx((state.stability, state.difficulty), rel=1e-9)


@given(
    st.just(DEFAULT) | parameters,
    st.floats(0.001, 36_500),
    st.floats(1, 10),
    st.integers(1, 4_000),
    st.sampled_from([1, 2, 3, 4]),
)
@example(DEFAULT, 36_500.0, 1.0, 4_000, 4)
@example(DEFAULT, 5.0, 1.0, 5, 4)
@example((*DEFAULT[:6], 4.0, *DEFAULT[7:]), 5.0, 9.0, 5, 2)
@example((*DEFAULT[:7], 0.001, *DEFAULT[8:]), 5.0, 1.0, 5, 4)
def test_the_formulas_in_one_piece_give_the_very_same_numbers(
    chosen: tuple[float, ...], stability: float, difficulty: float, days: int, rating: int
):
    model = MemoryModel(chosen)
    whole = model.relearn(stability, difficulty, model.recall(days, stability), rating)
    assert whole == learn_again(model, (stability, difficulty), days, rating)


@given(st.floats(0, 40_000), st.floats(0.001, 36_500), st.floats(0.7, 0.97))
def test_curve_and_interval_are_the_schedulers_own(days: float, stability: float, retention: float):
    model = MemoryModel(DEFAULT)
    assert model.recall(days, stability) == pytest.approx(recall_after(days, stability), rel=1e-12)
    assert model.interval(stability, retention) == days_until(retention, stability)
