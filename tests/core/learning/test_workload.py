from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.learning.workload import (
    LONGEST_DAYS,
    RETENTIONS,
    Future,
    KnownCard,
    Workload,
    list_known,
    simulate_workload,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALENDAR = StudyCalendar(ZoneInfo("UTC"))


def simulate(future: Future, retention: float = 0.9, seed: bytes = b"seed") -> Workload:
    return simulate_workload(future, DEFAULT_PARAMETERS, Habits(), retention, seed)


def test_nothing_to_learn_is_no_work():
    assert simulate(Future([], 0, 0)) == Workload(0.9, 0, 0, 0)


def test_a_higher_retention_costs_more_and_remembers_more():
    future = Future([], 200, 10)
    some = [simulate(future, retention) for retention in RETENTIONS]
    assert [one.reviews for one in some] == sorted(one.reviews for one in some)
    assert some[-1].minutes > 2 * some[0].minutes
    assert [one.remembered for one in some] == sorted(one.remembered for one in some)
    assert some[-1].remembered <= 200


def test_new_cards_are_begun_a_portion_a_day_and_no_more_than_the_days_take():
    seconds = Habits().new_seconds
    assert simulate(Future([], 30, 10, days=1)).minutes == pytest.approx(10 * seconds / 60)
    assert simulate(Future([], 5, 10, days=1)).minutes == pytest.approx(5 * seconds / 60)


def test_an_overdue_card_is_reviewed_at_once_and_one_far_from_due_is_not():
    overdue, fresh = KnownCard(10, 5, 40), KnownCard(500, 5, 0)
    assert simulate(Future([overdue], 0, 0, days=1)).reviews == 1
    assert simulate(Future([fresh], 0, 0, days=30)) == Workload(0.9, 0, 0, pytest.approx(0.99, abs=0.01))


def test_equal_seeds_give_equal_futures_and_other_seeds_others():
    future = Future([KnownCard(3, 5, 2)] * 30, 30, 5, days=60)
    assert simulate(future) == simulate(future)
    assert simulate(future, seed=b"other") != simulate(future)


def test_states_become_known_cards_with_study_days_since():
    def state(last: datetime) -> MemoryState:
        return MemoryState(Phase.REVIEW, None, 10.0, 5.0, last, last, reps=3, lapses=0)

    states = [state(NOON - timedelta(days=3)), state(NOON - timedelta(hours=9)), state(NOON + timedelta(days=5))]
    known = list_known(states, CALENDAR.day_of(NOON), CALENDAR)
    assert known == [KnownCard(10.0, 5.0, 3), KnownCard(10.0, 5.0, 1), KnownCard(10.0, 5.0, 0)]


@pytest.mark.parametrize("retention", [0.69, 0.98, 1.5, float("nan")])
def test_a_retention_out_of_range_is_refused(retention: float):
    with pytest.raises(Invalid) as caught:
        simulate(Future([], 1, 1), retention)
    assert list(caught.value.fields) == ["desired_retention"]


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("new_per_day", (-1, 1, 10)),
        ("new_per_day", (5, 0, 10)),
        ("days", (5, 1, 0)),
        ("days", (5, 1, LONGEST_DAYS + 1)),
    ],
)
def test_a_future_that_cannot_be_is_refused(field: str, arguments: tuple[int, int, int]):
    with pytest.raises(Invalid) as caught:
        Future([], *arguments)
    assert list(caught.value.fields) == [field]


cards = st.builds(KnownCard, st.floats(0.001, 36_500), st.floats(1, 10), st.integers(0, 1_000))


@settings(max_examples=30, deadline=None)
@given(st.lists(cards, max_size=5), st.integers(0, 9), st.integers(1, 120), st.floats(0.70, 0.97), st.binary())
def test_no_more_is_remembered_than_there_is_and_no_card_is_asked_twice_a_day(known, unseen, days, retention, seed):
    future = Future(known, unseen, 3, days)
    work = simulate_workload(future, DEFAULT_PARAMETERS, Habits(), retention, seed)
    assert 0 <= work.remembered <= len(known) + unseen
    assert 0 <= work.reviews <= len(known) + unseen


def test_a_part_of_many_cards_stands_for_all():
    known = [KnownCard(0.5 + number / 10, 1 + number % 9, number % 20) for number in range(1_000)]
    future = Future(known, 500, 5, days=365)
    whole = simulate_workload(future, DEFAULT_PARAMETERS, Habits(), 0.9, b"seed")
    part = simulate_workload(future, DEFAULT_PARAMETERS, Habits(), 0.9, b"seed", most=100)
    assert part != whole
    assert part.reviews == pytest.approx(whole.reviews, rel=0.1)
    assert part.minutes == pytest.approx(whole.minutes, rel=0.1)
    assert part.remembered == pytest.approx(whole.remembered, rel=0.05)


def test_where_all_can_be_played_all_are():
    future = Future([KnownCard(3, 5, 2)] * 30, 30, 5, days=60)
    assert simulate_workload(future, DEFAULT_PARAMETERS, Habits(), 0.9, b"seed", most=30) == simulate(future)


def test_a_shorter_longest_break_is_more_work():
    future = Future([KnownCard(400, 5, 0)] * 20, 0, 0)
    bounded = simulate_workload(future, DEFAULT_PARAMETERS, Habits(), 0.9, b"seed", longest=7)
    assert bounded.reviews == pytest.approx(20 / 7, rel=0.05)
    assert simulate(future).reviews < 0.2
