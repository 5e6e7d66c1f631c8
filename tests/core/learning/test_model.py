from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.memory import Rating
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings, days_until, recall_after
from quizapp.core.learning.studyday import StudyCalendar

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


@given(st.floats(0, 40_000), st.floats(0.001, 36_500), st.floats(0.7, 0.97))
def test_curve_and_interval_are_the_schedulers_own(days: float, stability: float, retention: float):
    model = MemoryModel(DEFAULT)
    assert model.recall(days, stability) == pytest.approx(recall_after(days, stability), rel=1e-12)
    assert model.interval(stability, retention) == days_until(retention, stability)
