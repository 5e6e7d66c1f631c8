import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.dice import Dice
from quizapp.core.learning.habits import (
    LONGEST_ANSWER_MS,
    USUAL_PACE,
    Habits,
    Tally,
    find_pace,
    observe_habits,
    weigh_habits,
)
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.reviewlog import LoggedReview

AGAIN, HARD, GOOD, EASY = Rating
AT = 1_795_348_800_000


def log_of(*reviews: tuple[str, Rating, int | None]) -> list[LoggedReview]:
    return [LoggedReview(card, AT + number, rating, took) for number, (card, rating, took) in enumerate(reviews)]


def test_an_empty_log_tells_of_the_usual_habits():
    habits = observe_habits([])
    assert habits.first == pytest.approx(Habits().first)
    assert habits.known == pytest.approx(Habits().known)
    assert habits.known_seconds == pytest.approx(Habits().known_seconds)


def test_many_reviews_of_ones_own_outweigh_what_is_usual():
    habits = observe_habits(
        log_of(*[(f"card-{n}", EASY, 60_000) for n in range(2_000)], *[("card-1", HARD, 4_000)] * 2_000)
    )
    assert habits.first[3] > 0.98
    assert habits.known[0] > 0.98
    assert habits.new_seconds == pytest.approx(60, rel=0.02)
    assert habits.known_seconds == pytest.approx(4, rel=0.02)


def test_forgotten_cards_have_a_time_of_their_own_and_no_share_among_the_known():
    habits = observe_habits(log_of(("a", GOOD, None), *[("a", AGAIN, 50_000)] * 500))
    assert habits.forgotten_seconds == pytest.approx(50, rel=0.03)
    assert habits.known == pytest.approx(Habits().known)
    assert habits.known_seconds == pytest.approx(Habits().known_seconds)


def test_a_card_left_open_over_lunch_counts_two_minutes():
    habits = observe_habits(log_of(*[(str(n), GOOD, 3_600_000) for n in range(5_000)]))
    assert habits.new_seconds <= 120


def test_ratings_come_as_often_as_they_are_usual():
    habits, dice = Habits(), Dice(b"")
    first = [habits.rate_first(dice) for _ in range(5_000)]
    assert [first.count(rating) / 5_000 for rating in (1, 2, 3, 4)] == pytest.approx(habits.first, abs=0.02)
    later = [habits.rate_later(0.8, dice) for _ in range(5_000)]
    assert later.count(1) / 5_000 == pytest.approx(0.2, abs=0.02)
    assert later.count(3) / 5_000 == pytest.approx(0.8 * habits.known[1], abs=0.02)


def test_what_is_surely_known_is_never_forgotten_and_the_other_way_round():
    habits, dice = Habits(), Dice(b"")
    assert all(habits.rate_later(1.0, dice) > 1 for _ in range(100))
    assert all(habits.rate_later(0.0, dice) == 1 for _ in range(100))


def test_a_forgotten_card_takes_its_own_time():
    assert Habits().seconds_for(1) > Habits().seconds_for(3)


reviews = st.builds(
    LoggedReview, st.sampled_from("abc"), st.just(AT), st.sampled_from(Rating), st.none() | st.integers(0, 10**9)
)


@given(st.lists(reviews))
def test_shares_add_up_to_one_and_times_stay_sensible(log: list[LoggedReview]):
    habits = observe_habits(log)
    assert sum(habits.first) == pytest.approx(1)
    assert sum(habits.known) == pytest.approx(1)
    assert all(0 < seconds <= 120 for seconds in (habits.new_seconds, habits.known_seconds, habits.forgotten_seconds))


def test_no_answers_tell_of_the_usual_habits():
    assert weigh_habits([]) == Habits(*(pytest.approx(part) for part in (Habits().first, Habits().known)))


def test_a_new_card_takes_the_time_of_its_steps_too_and_a_forgotten_one_that_of_its_own():
    habits = weigh_habits(
        [
            Tally("", GOOD, 4_000, 4_000, 4_000 * 20_000),
            Tally("learning", GOOD, 8_000, 8_000, 8_000 * 5_000),
            Tally("review", AGAIN, 4_000, 2_000, 2_000 * 12_000),
            Tally("relearning", GOOD, 4_000, 4_000, 4_000 * 6_000),
            Tally("review", EASY, 4_000, 4_000, 4_000 * 3_000),
            Tally("review", HARD, 100, 0, 0),
        ]
    )
    assert habits.new_seconds == pytest.approx(30, rel=0.02)
    assert habits.forgotten_seconds == pytest.approx(18, rel=0.02)
    assert habits.known_seconds == pytest.approx(3, rel=0.03)
    assert habits.known[2] > 0.95
    assert habits.first[2] > 0.98


def test_steps_of_cards_whose_beginning_was_not_timed_tell_nothing():
    habits = weigh_habits([Tally("", GOOD, 50, 0, 0), Tally("learning", GOOD, 50, 50, 50 * 100_000)])
    assert habits.new_seconds == Habits().new_seconds


tallies = st.builds(
    Tally,
    st.sampled_from(["", "learning", "review", "relearning"]),
    st.integers(1, 4),
    st.integers(1, 1_000),
    st.just(1),
    st.integers(0, LONGEST_ANSWER_MS),
)


@given(st.lists(tallies))
def test_weighed_shares_add_up_to_one_and_every_time_is_above_nothing(counted: list[Tally]):
    habits = weigh_habits(counted)
    assert sum(habits.first) == pytest.approx(1)
    assert sum(habits.known) == pytest.approx(1)
    assert all(seconds > 0 for seconds in (habits.new_seconds, habits.known_seconds, habits.forgotten_seconds))


@pytest.mark.parametrize(
    ("begun", "pace"),
    [({}, USUAL_PACE), ({100: 0}, USUAL_PACE), ({100: 7}, 7), ({91: 20}, 2), ({99: 1, 100: 1}, 1), ({1: 1}, 1)],
)
def test_the_pace_is_the_mean_of_the_days_since_the_first_and_at_least_one(begun: dict[int, int], pace: int):
    assert find_pace(begun, 100) == pace
