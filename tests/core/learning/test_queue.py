import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.limits import Room
from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.core.learning.queue import ANSWERS_BETWEEN_NEW_CARDS, Waiting, choose_next, overdueness

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def review(card_id: int, interval: timedelta, late: timedelta) -> Waiting:
    due = NOW - late
    return Waiting(card_id, MemoryState(Phase.REVIEW, None, 1.0, 5.0, due, due - interval, reps=2, lapses=0))


def step(card_id: int, late: timedelta) -> Waiting:
    due = NOW - late
    return Waiting(card_id, MemoryState(Phase.LEARNING, 0, 1.0, 5.0, due, due - MINUTE, reps=1, lapses=0))


Choose = Callable[..., int | None]


@pytest.fixture
def choose() -> Choose:
    def call(learning=(), reviews=(), new=(), answered_today=0, **rest):
        return choose_next(learning=learning, reviews=reviews, new=new, answered_today=answered_today, now=NOW, **rest)

    return call


def test_an_empty_queue_has_no_next_card(choose):
    assert choose() is None


def test_steps_go_before_reviews_and_new_cards_the_longest_waiting_first(choose):
    learning = [step(1, MINUTE), step(2, 2 * MINUTE)]
    assert choose(learning, [review(3, DAY, 100 * DAY)], [4], ANSWERS_BETWEEN_NEW_CARDS) == 2


def test_what_is_not_yet_due_is_passed_over(choose):
    assert choose([step(1, -MINUTE)], [review(2, DAY, -DAY)]) is None
    assert choose([step(1, -MINUTE)], [review(2, DAY, -DAY)], [3]) == 3


def test_a_card_is_due_from_the_very_moment(choose):
    assert choose([step(1, timedelta(0))]) == 1
    assert choose(reviews=[review(1, DAY, timedelta(0))]) == 1


def test_a_day_late_is_more_for_a_short_interval_than_for_a_long_one(choose):
    assert choose(reviews=[review(1, 365 * DAY, 30 * DAY), review(2, 2 * DAY, DAY)]) == 2
    assert overdueness(review(2, 2 * DAY, DAY).state, NOW) == 0.5


def test_equally_late_cards_come_in_the_order_of_their_ids(choose):
    assert choose(reviews=[review(2, DAY, DAY), review(1, DAY, DAY)]) == 1


def test_a_card_whose_interval_is_lost_is_simply_very_late():
    assert overdueness(review(1, timedelta(0), DAY).state, NOW) > 1_000_000


def test_one_new_card_comes_after_every_four_answers(choose):
    reviews = [review(1, DAY, DAY)]
    asked = [choose(reviews=reviews, new=[9], answered_today=count) for count in range(10)]
    assert asked == [1, 1, 1, 1, 9] * 2


def test_without_reviews_new_cards_follow_each_other_and_without_new_cards_reviews(choose):
    assert [choose(new=[9, 8], answered_today=count) for count in range(3)] == [9, 9, 9]
    assert choose(reviews=[review(1, DAY, DAY)], answered_today=ANSWERS_BETWEEN_NEW_CARDS) == 1


def test_a_learning_step_at_the_turn_of_a_new_card_delays_it_and_never_skips_it(choose):
    reviews = [review(1, DAY, DAY)]
    assert choose([step(2, MINUTE)], reviews, [9], 4, new_today=0) == 2
    assert choose(reviews=reviews, new=[9], answered_today=5, new_today=0) == 9
    assert choose(reviews=reviews, new=[9], answered_today=6, new_today=1) == 1


def test_with_the_days_totals_one_new_card_follows_four_other_answers(choose):
    asked, answered, new = [], 0, 0
    for _ in range(15):
        asked.append(choose(reviews=[review(1, DAY, DAY)], new=[9], answered_today=answered, new_today=new))
        answered, new = answered + 1, new + (asked[-1] == 9)
    assert asked == [1, 1, 1, 1, 9] * 3


def test_a_day_without_room_asks_neither_reviews_nor_new_cards_but_finishes_steps(choose):
    full = Room(new=0, reviews=0, backlog=True)
    assert choose([], [review(1, DAY, DAY)], [9], room=full) is None
    assert choose([step(2, MINUTE)], [review(1, DAY, DAY)], [9], room=full) == 2


def test_with_room_for_one_kind_only_that_kind_is_asked(choose):
    assert choose([], [review(1, DAY, DAY)], [9], room=Room(new=3, reviews=0)) == 9
    assert choose([], [review(1, DAY, DAY)], [9], 4, room=Room(new=0, reviews=3)) == 1


def test_under_a_backlog_the_card_that_gains_most_comes_before_the_most_overdue(choose):
    nearly_lost, fading = review(1, DAY, 300 * DAY), review(2, DAY, DAY)
    assert choose(reviews=[nearly_lost, fading]) == 1
    assert choose(reviews=[nearly_lost, fading], room=Room(new=0, reviews=5, backlog=True)) == 2


ages = st.timedeltas(timedelta(days=-30), timedelta(days=30))
intervals = st.timedeltas(timedelta(milliseconds=1), timedelta(days=400))


@given(st.lists(ages, max_size=6), st.lists(st.tuples(intervals, ages), max_size=6), st.integers(0, 50), st.randoms())
def test_the_order_of_the_candidates_does_not_matter(late: list, some: list, answered: int, rng: random.Random):
    learning = [step(number, age) for number, age in enumerate(late)]
    reviews = [review(100 + number, interval, age) for number, (interval, age) in enumerate(some)]
    first = choose_next(learning=learning, reviews=reviews, new=[999], answered_today=answered, now=NOW)
    rng.shuffle(learning)
    rng.shuffle(reviews)
    again = choose_next(learning=learning, reviews=reviews, new=[999], answered_today=answered, now=NOW)
    assert first == again
    assert first is not None


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_turn_of_a_new_card_stays_until_one_was_answered(others: int, new: int):
    def asked(answered: int, new_today: int) -> int | None:
        due = [review(1, DAY, DAY)]
        return choose_next(learning=[], reviews=due, new=[9], answered_today=answered, new_today=new_today, now=NOW)

    if asked(others + new, new) == 9:
        assert asked(others + new + 1, new) == 9


def test_of_the_most_overdue_cards_one_with_another_topic_goes_first(choose):
    reviews = [review(number, DAY, (9 - number) * DAY) for number in (1, 2, 3)]
    assert choose(reviews=reviews, same_topic={1}) == 2
    assert choose(reviews=reviews, same_topic={1, 2}) == 3


def test_a_card_that_is_far_from_its_turn_does_not_go_first_for_its_topic(choose):
    reviews = [review(number, DAY, (9 - number) * DAY) for number in (1, 2, 3, 4, 5)]
    assert choose(reviews=reviews, same_topic={1, 2, 3}) == 1


def test_new_cards_keep_the_order_of_their_deck(choose):
    assert choose(new=[7, 8, 9], same_topic={7}) == 7
