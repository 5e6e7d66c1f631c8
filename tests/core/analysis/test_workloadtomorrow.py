"""What tomorrow brings, for cards, decks and limits made by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.analysis.workloadtomorrow import (
    DeckToday,
    Limits,
    Tomorrow,
    WaitingCard,
    adapt_habits,
    expect_tomorrow,
)
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.limits import DailyLimits, DayCount
from quizapp.core.learning.scheduling import SchedulerSettings

SCHOOL = SchedulerSettings()
MINUTE = timedelta(minutes=1)
FREE = Limits(DailyLimits(), {}, pace=0)


def card(due_in: int, *, deck: str = "birds", stability: float = 20.0, days_ago: int = 20, in_steps: bool = False):
    return WaitingCard(deck, stability, 5.0, days_ago, due_in, in_steps)


def deck(slug: str = "birds", *, unseen: int = 0, new: int = 0, reviews: int = 0, settings: SchedulerSettings = SCHOOL):
    return DeckToday(slug, unseen, DayCount(new, reviews), settings)


def look(cards, decks=None, limits: Limits = FREE, habits: Habits | None = None) -> Tomorrow:
    return expect_tomorrow(cards, [deck()] if decks is None else decks, limits, habits or Habits())


def limit(new: int | None = None, reviews: int | None = None, *, pace: int = 0) -> Limits:
    return Limits(DailyLimits(new, reviews), {}, pace)


def test_who_has_begun_nothing_has_nothing_to_do():
    assert look([], []) == Tomorrow()
    assert look([card(1)], []) == Tomorrow()


def test_what_is_planned_for_tomorrow_is_due_and_what_is_planned_later_is_not():
    seen = look([card(1), card(1), card(2), card(30)])
    assert (seen.reviews, seen.new, seen.kept_back) == (2, 0, 0)
    assert seen.minutes == pytest.approx(2 * (0.9 * 10 + 0.1 * 25) / 60, rel=0.1)


def test_what_waits_today_is_done_today_and_little_of_it_is_back_tomorrow():
    seen = look([card(0), card(-5), card(-400)])
    assert 0 <= seen.reviews < 0.5


def test_a_weak_card_answered_today_is_back_tomorrow_where_much_is_to_be_remembered():
    weak = [card(0, stability=0.3, days_ago=1)]
    eager = deck(settings=replace(SCHOOL, desired_retention=0.97))
    easy_going = deck(settings=replace(SCHOOL, desired_retention=0.70))
    assert look(weak, [eager]).reviews > 0.9 > look(weak, [easy_going]).reviews


def test_without_relearning_steps_a_forgotten_card_is_no_firmer_the_next_day():
    weak = [card(0, stability=5.0, days_ago=300)]
    bare = replace(SCHOOL, relearning_steps=(), desired_retention=0.85)
    assert look(weak, [deck(settings=bare)]).reviews >= look(weak).reviews * 0.99


def test_a_longest_break_of_a_day_brings_everything_back():
    daily = replace(SCHOOL, maximum_interval=1)
    assert look([card(0), card(-1)], [deck(settings=daily)]).reviews == pytest.approx(2)


def test_a_card_in_its_steps_ends_them_today():
    stable = card(0, stability=10.0, days_ago=0, in_steps=True)
    weak = card(0, stability=0.01, days_ago=0, in_steps=True)
    assert look([stable]).reviews == 0
    assert look([weak]).reviews == 1


def test_new_cards_come_at_the_pace_so_far_where_no_limit_is_set():
    seen = look([], [deck(unseen=100)], replace(FREE, pace=7))
    assert seen.new == 7
    assert seen.reviews > 0  # those begun today that were hard
    assert look([], [deck(unseen=100, new=3)], replace(FREE, pace=7)).reviews < seen.reviews


def test_a_limit_for_new_cards_is_used_in_full_and_no_further():
    assert look([], [deck(unseen=100)], limit(new=20, pace=7)).new == 20
    assert look([], [deck(unseen=100)], limit(new=0, pace=7)) == Tomorrow()
    assert look([], [deck(unseen=30)], limit(new=20)).new == 10


def test_the_smaller_of_two_limits_holds():
    decks = [deck("birds", unseen=50), deck("trees", unseen=50)]
    own = Limits(DailyLimits(new=10), {"birds": DailyLimits(new=4)}, 0)
    assert look([], decks, own).new == 10
    assert look([], decks, Limits(DailyLimits(), {"birds": DailyLimits(new=4)}, 3)).new == 4 + 3
    assert look([], decks, Limits(DailyLimits(new=3), {"birds": DailyLimits(new=4)}, 0)).new == 3


def test_a_limit_on_reviews_keeps_the_others_back():
    seen = look([card(1)] * 30, limits=limit(reviews=10))
    assert (seen.reviews, seen.kept_back) == (10, 20)


def test_what_does_not_fit_into_today_waits_tomorrow():
    seen = look([card(0)] * 30, limits=limit(reviews=10))
    assert seen.reviews == 10
    assert seen.kept_back == pytest.approx(10, abs=1)
    full = look([card(0)] * 30, [deck(reviews=10)], limit(reviews=10))
    assert full.kept_back == pytest.approx(20)


def test_a_limit_of_one_deck_is_no_limit_of_another():
    cards = [card(1)] * 10 + [card(1, deck="trees")] * 10
    own = Limits(DailyLimits(), {"birds": DailyLimits(reviews=3)}, 0)
    seen = look(cards, [deck("birds"), deck("trees")], own)
    assert (seen.reviews, seen.kept_back) == (13, 7)


def test_where_reviews_are_limited_new_cards_get_what_is_left():
    assert look([card(1)] * 8, [deck(unseen=100, new=20)], limit(new=20, reviews=10)).new == 2
    assert look([card(1)] * 30, [deck(unseen=100)], limit(new=20, reviews=10)).new == 0
    own = Limits(DailyLimits(new=20), {"birds": DailyLimits(reviews=8)}, 0)
    assert look([card(1)] * 8, [deck(unseen=100)], own).new == 0


def test_reviews_of_all_decks_leave_new_cards_of_none_where_they_fill_the_day():
    cards = [card(1, deck="trees")] * 10
    assert look(cards, [deck("birds", unseen=100), deck("trees")], limit(new=20, reviews=10)).new == 0


def test_more_steps_take_more_time_and_never_less_than_one_answer():
    habits = Habits()
    longer = adapt_habits(habits, (2, 1), (4, 2))
    assert longer.new_seconds == habits.new_seconds + 2 * habits.known_seconds
    assert longer.forgotten_seconds == habits.forgotten_seconds + habits.known_seconds
    assert adapt_habits(habits, (2, 1), (2, 1)) == habits
    assert adapt_habits(habits, (0, 0), (1, 0)) == habits
    least = adapt_habits(habits, (9, 9), (0, 0))
    assert least.new_seconds == least.forgotten_seconds == habits.known_seconds


def test_an_easy_beginner_needs_no_further_steps():
    surely_easy = Habits(first=(0, 0, 0, 1.0))
    many = replace(SCHOOL, learning_steps=tuple(MINUTE * each for each in (1, 2, 3, 4, 5)))
    seen = look([], [deck(unseen=100, settings=many)], limit(new=10), surely_easy)
    assert (seen.new, seen.reviews) == (10, 0)


limits = st.builds(
    Limits,
    st.builds(DailyLimits, st.none() | st.integers(0, 40), st.none() | st.integers(0, 40)),
    st.dictionaries(
        st.sampled_from(["birds", "trees"]),
        st.builds(DailyLimits, st.none() | st.integers(0, 40), st.none() | st.integers(0, 40)),
    ),
    st.integers(0, 50),
)
cards = st.lists(
    st.builds(
        WaitingCard,
        st.sampled_from(["birds", "trees", "gone"]),
        st.floats(0.001, 36_500),
        st.floats(1, 10),
        st.integers(0, 5_000),
        st.integers(-500, 500),
        st.booleans(),
    ),
    max_size=40,
)
decks = st.tuples(
    *(
        st.builds(
            DeckToday,
            st.just(slug),
            st.integers(0, 60),
            st.builds(DayCount, st.integers(0, 50), st.integers(0, 50)),
            st.builds(SchedulerSettings, desired_retention=st.floats(0.70, 0.97)),
        )
        for slug in ("birds", "trees")
    )
)


@given(cards, decks, limits)
def test_no_limit_is_ever_broken_and_no_card_lost_or_counted_twice(
    waiting: list[WaitingCard], begun: tuple[DeckToday, ...], chosen: Limits
):
    seen = expect_tomorrow(waiting, begun, chosen, Habits())
    unseen = sum(deck.unseen for deck in begun)
    assert 0 <= seen.new <= unseen
    assert seen.kept_back >= -1e-9
    assert 0 <= seen.reviews + seen.kept_back <= len(waiting) + unseen + 1e-9
    assert seen.minutes >= 0
    assert chosen.all.reviews is None or seen.reviews <= chosen.all.reviews + 1e-9
    assert chosen.all.new is None or seen.new <= chosen.all.new
