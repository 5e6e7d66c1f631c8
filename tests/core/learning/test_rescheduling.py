from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.learning.fuzz import fuzz_range, fuzz_seed
from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.core.learning.rescheduling import SHARE_DAYS, PlannedCard, Reschedule, plan_reschedule
from quizapp.core.learning.scheduling import SchedulerSettings, days_until
from quizapp.core.learning.studyday import StudyCalendar

CALENDAR = StudyCalendar(ZoneInfo("UTC"))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = CALENDAR.day_of(NOON)
USUAL = SchedulerSettings()


def make_card(number: int, stability: float, answered: int, due: int, chosen: SchedulerSettings = USUAL) -> PlannedCard:
    """A card answered so many days ago, due in so many days."""
    state = MemoryState(
        phase=Phase.REVIEW,
        step=None,
        stability=stability,
        difficulty=5.0,
        due=CALENDAR.start_of(TODAY + timedelta(days=due)),
        last_review=NOON - timedelta(days=answered),
        reps=3,
        lapses=0,
    )
    return PlannedCard(number, state, chosen, fuzz_seed("bob", f"d/{number}", 3))


def plan(cards: list[PlannedCard], week: tuple[float, ...] = (1.0,) * 7) -> Reschedule:
    return plan_reschedule(cards, CALENDAR, NOON, week)


cards = st.lists(st.tuples(st.floats(0.1, 400), st.integers(0, 200), st.integers(-30, 200)), max_size=60).map(
    lambda some: [make_card(number, *one) for number, one in enumerate(some)]
)
weeks = st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 7)


def test_nothing_to_plan_moves_nothing():
    done = plan([])
    assert (done.moves, done.earlier, done.later, done.due_today, done.before, done.after) == ((), 0, 0, 0, {}, {})


def test_a_card_within_the_band_of_its_interval_stays():
    assert plan([make_card(1, 20, 5, 15), make_card(2, 20, 5, 16)]).moves == ()


def test_a_card_that_fades_more_slowly_than_was_thought_comes_later_and_a_faster_one_earlier():
    done = plan([make_card(1, 60, 5, 5), make_card(2, 20, 5, 90)])
    later, earlier = done.moves
    assert (done.earlier, done.later, done.due_today) == (1, 1, 0)
    assert CALENDAR.day_of(later.after) - TODAY in [timedelta(days=days - 5) for days in fuzz_range(60, 36_500)]
    assert CALENDAR.day_of(earlier.after) - TODAY in [timedelta(days=days - 5) for days in fuzz_range(20, 36_500)]


def test_an_overdue_card_that_can_wait_is_put_off_and_one_that_cannot_stays():
    done = plan([make_card(1, 90, 20, -3), make_card(2, 5, 20, -3)])
    assert [move.card_id for move in done.moves] == [1]
    assert done.later == 1


def test_another_desired_recall_moves_cards_too():
    eager = replace(USUAL, desired_retention=0.97)
    done = plan([make_card(1, 60, 5, 55, eager)])
    assert done.earlier == 1


def test_what_would_be_due_at_once_is_spread_and_what_gains_most_comes_first():
    pile = [make_card(number, 2 + number / 10, 40, 60) for number in range(70)]
    done = plan(pile)
    assert done.earlier == 70
    assert done.due_today == 5
    assert Counter(done.after.values()) == {5: 14}
    first = {move.card_id for move in done.moves if CALENDAR.day_of(move.after) == TODAY}
    assert first == {65, 66, 67, 68, 69}  # the most stable ones have most to lose


def test_days_off_take_none_of_the_pile_where_there_are_others():
    off = (1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
    done = plan([make_card(number, 2, 40, 60) for number in range(70)], off)
    assert all(day.weekday() < 5 for day in done.after)
    always = plan([make_card(number, 2, 40, 60) for number in range(7)], (0.0,) * 7)
    assert always.earlier == 7


def test_days_that_are_full_already_take_none_of_the_pile():
    full = [make_card(number, 30, 25, 3) for number in range(30)]
    done = plan([*full, *(make_card(100 + number, 2, 40, 60) for number in range(26))])
    assert done.before[TODAY + timedelta(days=3)] == 30
    assert done.after[TODAY + timedelta(days=3)] == 30
    assert max(count for day, count in done.after.items() if day != TODAY + timedelta(days=3)) <= 4


def test_a_card_of_the_pile_never_comes_later_than_before():
    done = plan([make_card(number, 2, 40, 1 + number % 3) for number in range(60)])
    assert all(move.after < move.before for move in done.moves)


@settings(max_examples=60)
@given(cards, weeks)
def test_every_move_is_for_the_better(some: list[PlannedCard], week: tuple[float, ...]):
    done = plan(some, week)
    by_id = {card.card_id: card for card in some}
    load = Counter(max(CALENDAR.day_of(card.state.due), TODAY) for card in some)
    assert done.before == load
    for move in done.moves:
        card = by_id[move.card_id]
        assert move.before == card.state.due
        day = CALENDAR.day_of(move.after)
        assert move.after == CALENDAR.start_of(day)
        assert day >= TODAY
        interval = min(days_until(0.9, card.state.stability), USUAL.maximum_interval)
        last = CALENDAR.day_of(card.state.last_review) + timedelta(days=fuzz_range(interval, 36_500)[-1])
        assert day <= last or (last <= TODAY and move.after < move.before)
        load[max(CALENDAR.day_of(move.before), TODAY)] -= 1
        load[day] += 1
    assert done.after == {day: count for day, count in load.items() if count}
    assert sum(done.after.values()) == len(some)
    assert done.earlier + done.later == len(done.moves)


@settings(max_examples=60)
@given(cards)
def test_no_day_takes_more_of_the_pile_than_its_share(some: list[PlannedCard]):
    done = plan(some)
    soon: list[date] = [TODAY + timedelta(days=days) for days in range(SHARE_DAYS)]
    most = len(some) // SHARE_DAYS + 1
    assert done.due_today <= most
    piled = Counter(CALENDAR.day_of(move.after) for move in done.moves if move.after < move.before)
    assert piled[soon[0]] <= most


@given(cards)
def test_the_plan_hangs_on_nothing_but_the_study_day(some: list[PlannedCard]):
    again = plan_reschedule(some[::-1], CALENDAR, NOON + timedelta(hours=3))
    assert again == plan(some)
