from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.learning.examrun import LAST_WEEK, STEEPEST, Chances, ExamRun, Journey
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.workload import KnownCard

MODEL = MemoryModel(DEFAULT_PARAMETERS)
HABITS = Habits()


def play(journey: Journey, minutes: float = 60, seed: bytes = b"seed") -> ExamRun:
    return ExamRun(journey, MODEL, HABITS, minutes * 60, Chances(seed))


def test_a_day_takes_no_more_time_than_its_portion():
    run = play(Journey([KnownCard(3, 5, 30)] * 100, 100, 20, 0.9, 100), minutes=5)
    assert all(day.seconds <= 300 for day in run.days)
    assert run.days[0].reviews > 0


def test_due_cards_go_before_new_ones():
    run = play(Journey([KnownCard(3, 5, 30)] * 100, 100, 20, 0.9, 100), minutes=5)
    assert run.days[0].new == 0


def test_no_more_new_cards_are_begun_than_a_day_may_take():
    run = play(Journey([], 100, 20, 0.9, 7))
    assert run.days[0].new == 7
    assert sum(day.new for day in run.days) + run.unbegun == 100
    assert run.last_new == 100 // 7


def test_what_is_not_reached_is_counted_and_what_is_known_is_recalled():
    run = play(Journey([], 1_000, 2, 0.9, 100), minutes=1)
    assert run.unbegun == 1_000 - len(run.recalls)
    assert all(0 < recall <= 1 for recall in run.recalls)


def test_idle_days_are_left_empty():
    run = play(Journey([], 30, 10, 0.9, 10, idle=4))
    assert [bool(day.new) for day in run.days[:6]] == [False] * 4 + [True] * 2


def test_a_card_that_lasts_beyond_the_exam_is_left_alone():
    run = play(Journey([KnownCard(900, 5, 0)], 0, 30, 0.9, 10))
    assert sum(day.reviews for day in run.days) == 0
    assert run.last_new == -1


def test_what_would_fall_due_in_the_last_week_is_done_before_where_there_is_time():
    run = play(Journey([KnownCard(28, 5, 0)] * 50, 0, 30, 0.9, 10))
    assert sum(day.reviews for day in run.days[: 30 - LAST_WEEK]) >= 50


cards = st.builds(KnownCard, st.floats(0.01, 2_000), st.floats(1, 10), st.integers(0, 300))
journeys = st.builds(
    Journey,
    known=st.lists(cards, max_size=25),
    unseen=st.integers(0, 25),
    days=st.integers(1, 40),
    retention=st.floats(0.70, 0.97),
    new_per_day=st.integers(1, 20),
)


@settings(max_examples=60, deadline=None)
@given(journeys, st.floats(1, 60), st.binary(max_size=4))
def test_no_pile_on_the_eve_and_no_card_twice_a_day(journey: Journey, minutes: float, seed: bytes):
    run = play(journey, minutes, seed)
    seconds = [day.seconds for day in run.days]
    mean, last = sum(seconds) / len(seconds), seconds[-LAST_WEEK:]
    assert sum(last) / len(last) <= STEEPEST * mean + 1e-6 or len(seconds) <= LAST_WEEK + 3
    assert all(day.reviews <= len(journey.known) + journey.unseen for day in run.days)
    assert len(run.recalls) + run.unbegun == len(journey.known) + journey.unseen


@settings(max_examples=20, deadline=None)
@given(journeys, st.binary(max_size=4))
def test_the_same_way_twice_is_the_same(journey: Journey, seed: bytes):
    one, other = play(journey, seed=seed), play(journey, seed=seed)
    assert (one.days, one.recalls) == (other.days, other.recalls)
