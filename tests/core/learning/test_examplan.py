from datetime import date, timedelta

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.dice import Dice
from quizapp.core.learning.examplan import LONGEST_PLAN, ExamGoal, ExamPlan, ExamPlanner, plan_exam, roll_chances
from quizapp.core.learning.examrun import LAST_WEEK, STEEPEST, Chances, ExamRun, Journey
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.workload import KnownCard

TODAY = date(2026, 11, 22)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def plan(known=(), unseen: int = 0, days: int = 30, seed: bytes = b"seed", **goal) -> ExamPlan:
    return plan_exam(known, unseen, ExamGoal(after(days), **goal), TODAY, DEFAULT_PARAMETERS, Habits(), seed)


def test_the_plan_names_every_day_from_today_to_the_eve():
    assert [day.day for day in plan(unseen=20, days=3).days] == [after(0), after(1), after(2)]


def test_all_cards_are_begun_before_the_last_week_and_the_wish_is_reached():
    made = plan(unseen=80, days=30)
    assert made.feasible
    assert made.unbegun == 0
    assert sum(day.new for day in made.days) == pytest.approx(80)
    assert all(day.new == 0 for day in made.days[-7:])
    assert made.low <= made.recall <= made.high
    assert made.recall >= 0.9
    assert made.minutes_needed is None


def test_there_is_no_pile_on_the_eve():
    minutes = [day.minutes for day in plan([KnownCard(20, 5, 3)] * 60, 60, days=30).days]
    mean = sum(minutes) / len(minutes)
    assert sum(minutes[-7:]) / 7 <= 1.5 * mean
    assert max(minutes[-7:]) <= 1.5 * mean


def test_the_work_is_spread_evenly_rather_than_as_much_as_a_day_takes():
    made = plan(unseen=80, days=30, minutes_per_day=120)
    assert max(day.minutes for day in made.days) < 10


def test_what_cannot_be_reached_is_said_early_with_what_could():
    made = plan(unseen=300, days=10, minutes_per_day=10)
    assert not made.feasible
    assert made.start_by is None
    assert made.recall < 0.9
    assert made.unbegun > 0
    assert made.minutes_needed is not None
    assert made.minutes_needed > 10
    assert plan(unseen=300, days=10, minutes_per_day=made.minutes_needed + 5).feasible


def test_where_no_time_a_day_would_do_none_is_named():
    made = plan(unseen=300, days=10, new_per_day=5)
    assert not made.feasible
    assert made.minutes_needed is None
    assert made.unbegun == pytest.approx(250)


def test_the_last_day_to_start_leaves_enough_and_a_later_start_does_not():
    made = plan(unseen=200, days=40, minutes_per_day=20)
    assert made.start_by is not None
    left = (after(40) - made.start_by).days
    assert 0 < left < 40
    assert plan(unseen=200, days=left, minutes_per_day=20).feasible
    assert not plan(unseen=200, days=left // 2, minutes_per_day=20).feasible


def test_cards_that_last_beyond_the_exam_need_nothing():
    made = plan([KnownCard(900, 5, 0)] * 20)
    assert made.feasible
    assert sum(day.minutes for day in made.days) == 0
    assert made.recall > 0.99


def test_a_higher_wish_costs_more():
    def minutes(recall: float) -> float:
        return sum(day.minutes for day in plan([KnownCard(10, 5, 5)] * 60, days=25, recall=recall).days)

    assert minutes(0.75) < minutes(0.9) < minutes(0.97)


def test_the_range_is_wider_for_few_cards_than_for_many():
    few, many = plan(unseen=10, days=15), plan(unseen=200, days=15)
    assert few.high - few.low > many.high - many.low


def test_equal_seeds_give_equal_plans():
    assert plan(unseen=30, days=12) == plan(unseen=30, days=12)
    assert plan(unseen=30, days=12) != plan(unseen=30, days=12, seed=b"other")


@pytest.mark.parametrize("days", [0, -1, -4_000, LONGEST_PLAN + 1])
def test_an_exam_yesterday_today_or_in_many_years_is_refused(days: int):
    with pytest.raises(Invalid) as caught:
        plan(unseen=1, days=days)
    assert list(caught.value.fields) == ["day"]


def test_a_scope_without_cards_is_refused():
    with pytest.raises(Invalid) as caught:
        plan()
    assert list(caught.value.fields) == ["scope"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recall", 1.5),
        ("recall", 0.5),
        ("recall", float("nan")),
        ("minutes_per_day", 0),
        ("minutes_per_day", 601),
        ("minutes_per_day", float("nan")),
        ("new_per_day", 0),
        ("new_per_day", 1_001),
    ],
)
def test_a_goal_that_cannot_be_is_refused_with_its_field(field: str, value: float):
    with pytest.raises(Invalid) as caught:
        ExamGoal(after(9), **{field: value})
    assert list(caught.value.fields) == [field]


def test_all_that_cannot_be_is_said_at_once():
    with pytest.raises(Invalid) as caught:
        ExamGoal(after(9), recall=1.5, minutes_per_day=0, new_per_day=0)
    assert list(caught.value.fields) == ["recall", "minutes_per_day", "new_per_day"]


def test_a_later_day_that_would_do_is_named_and_does():
    made = plan(unseen=200, days=10, minutes_per_day=10)
    assert not made.feasible
    assert made.delay is not None
    assert plan(unseen=200, days=10 + made.delay, minutes_per_day=10).feasible
    assert not plan(unseen=200, days=10 + made.delay // 2, minutes_per_day=10).feasible


def test_where_no_later_day_would_do_none_is_named():
    made = plan(unseen=5_000, days=700, new_per_day=1)
    assert (made.feasible, made.delay, made.minutes_needed) == (False, None, None)
    assert plan(unseen=5_000, days=LONGEST_PLAN, new_per_day=1).delay is None


def test_a_rough_outline_of_many_cards_says_about_the_same():
    known = [KnownCard(1 + number % 40, 1 + number % 9, number % 30) for number in range(400)]
    planner = ExamPlanner(known, 600, ExamGoal(after(40)), TODAY, DEFAULT_PARAMETERS, Habits(), b"seed")
    rough, fine = planner.outline(roughly=True), planner.outline()
    assert rough.feasible == fine.feasible
    assert rough.recall == pytest.approx(fine.recall, abs=0.01)
    assert sum(day.new for day in rough.days) == pytest.approx(600, abs=5)
    assert sum(day.minutes for day in rough.days) == pytest.approx(sum(day.minutes for day in fine.days), rel=0.08)


def test_about_eight_of_ten_exams_fall_into_the_range():
    cards, days, ways = 60, 25, 150
    made = plan(unseen=cards, days=days, minutes_per_day=6)
    journey, model = Journey([], cards, days, 0.9, 100), MemoryModel(DEFAULT_PARAMETERS)
    portion = 60 * max(day.minutes for day in made.days)
    inside = 0
    for number in range(ways):
        run = ExamRun(journey, model, Habits(), portion, Chances(b"%d" % number))
        dice = Dice(b"exam %d" % number)
        inside += made.low <= sum(dice.roll() < recall for recall in run.recalls) / cards <= made.high
    assert 0.75 <= inside / ways <= 0.97


cards = st.builds(KnownCard, st.floats(0.01, 2_000), st.floats(1, 10), st.integers(0, 300))


@settings(max_examples=15, deadline=None)
@given(st.lists(cards, max_size=12), st.integers(1, 12), st.integers(1, 25), st.floats(0.7, 0.97), st.floats(1, 30))
def test_whatever_the_scope_the_figures_make_sense(known, unseen, days, recall, minutes):
    made = plan(known, unseen, days, recall=recall, minutes_per_day=minutes)
    assert len(made.days) == days
    assert 0 <= made.low <= made.high <= 1
    assert 0 <= made.recall <= 1
    assert all(day.minutes <= minutes + 1e-6 for day in made.days)
    assert made.feasible == (made.start_by is not None)
    assert made.start_by is None or TODAY <= made.start_by < after(days)
    share = len(known) + unseen
    assert made.low * share == pytest.approx(round(made.low * share))


@pytest.mark.unmeasured
@settings(max_examples=25, deadline=None)
@given(
    st.lists(cards, max_size=40),
    st.integers(1, 40),
    st.integers(1, 60),
    st.floats(0.7, 0.97),
    st.floats(1, 30),
    st.integers(1, 20),
    st.binary(max_size=4),
)
def test_no_last_week_holds_more_than_one_and_a_half_times_the_mean(
    known, unseen, days, recall, minutes, new_per_day, seed
):
    made = plan(known, unseen, days, seed, recall=recall, minutes_per_day=minutes, new_per_day=new_per_day)
    load = [day.minutes for day in made.days]
    last = load[-LAST_WEEK:]
    assert sum(last) / len(last) <= STEEPEST * sum(load) / len(load) + 1e-6


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(1, 40),
    st.integers(1, 12),
    st.floats(10, 1200),
    st.integers(0, 9),
)
def test_a_way_is_left_early_only_where_it_could_not_have_been_in_time(
    known: int, unseen: int, days: int, new_per_day: int, portion: float, seed: int
) -> None:
    assume(known + unseen)
    cards = [KnownCard(1.0 + number, 1.0 + number % 9, number % 7) for number in range(known)]
    journey, model = Journey(cards, unseen, days, 0.9, new_per_day), MemoryModel(DEFAULT_PARAMETERS)
    latest = max(days - 1 - LAST_WEEK, 0)
    whole = ExamRun(journey, model, Habits(), portion, Chances(b"%d" % seed))
    left = ExamRun(journey, model, Habits(), portion, Chances(b"%d" % seed), begun_by=latest)
    assert not whole.late
    if left.late:
        assert whole.unbegun or whole.last_new > latest
    else:
        assert (left.days, left.recalls) == (whole.days, whole.recalls)


def test_chances_that_were_rolled_before_give_the_same_plan() -> None:
    known, goal = [KnownCard(5.0, 5.0, number % 9) for number in range(30)], ExamGoal(after(30))
    rolled = roll_chances(b"seed")
    plans = [
        ExamPlanner(known, 50, goal, TODAY, DEFAULT_PARAMETERS, Habits(), b"seed", chances).outline()
        for chances in (None, rolled, rolled)
    ]
    assert plans[0] == plans[1] == plans[2]
