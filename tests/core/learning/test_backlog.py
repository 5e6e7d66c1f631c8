from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.backlog import Waiting, gain, spread_backlog
from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.core.learning.scheduling import recall_after

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def state(stability: float, days: float) -> MemoryState:
    last = NOW - days * DAY
    return MemoryState(Phase.REVIEW, None, stability, 5.0, last + stability * DAY, last, reps=3, lapses=0)


waiting = st.lists(st.tuples(st.floats(0.1, 400), st.floats(0, 400)), max_size=30).map(
    lambda some: [Waiting(number, state(*one)) for number, one in enumerate(some)]
)


def test_a_card_that_starts_to_fade_gains_more_than_one_nearly_lost():
    assert gain(state(3, 4), NOW) > gain(state(3, 300), NOW)


def test_a_short_memory_loses_more_in_a_day_than_a_long_one():
    assert gain(state(2, 2), NOW) > gain(state(200, 200), NOW)


def test_a_review_dated_in_the_future_counts_as_one_just_done():
    assert gain(state(10, -5), NOW) == gain(state(10, 0), NOW)


def test_of_two_equal_falls_the_one_with_less_effort_goes_first():
    light, heavy = state(10, 5), state(10, 40)
    fall = recall_after(40, 10) - recall_after(41, 10)
    assert gain(heavy, NOW) < fall
    assert gain(light, NOW) < recall_after(5, 10) - recall_after(6, 10)
    assert fall / gain(heavy, NOW) > (recall_after(5, 10) - recall_after(6, 10)) / gain(light, NOW)


def test_an_empty_backlog_takes_no_day():
    assert spread_backlog([], 10, NOW) == []


def test_what_gains_most_comes_first_and_no_day_gets_more_than_its_portion():
    cards = [Waiting(1, state(3, 300)), Waiting(2, state(3, 4)), Waiting(3, state(100, 110))]
    assert spread_backlog(cards, 2, NOW) == [(2, 3), (1,)]


def test_equal_cards_come_in_the_order_of_their_ids():
    assert spread_backlog([Waiting(2, state(3, 4)), Waiting(1, state(3, 4))], 1, NOW) == [(1,), (2,)]


@pytest.mark.parametrize("per_day", [0, -1])
def test_a_day_that_takes_no_card_is_refused(per_day: int):
    with pytest.raises(Invalid) as caught:
        spread_backlog([Waiting(1, state(3, 4))], per_day, NOW)
    assert "reviews" in caught.value.fields


def test_by_gain_less_is_forgotten_on_the_way_than_oldest_first():
    """What the order is for: the sum of recalls on the day each card is taken, over a month's backlog."""
    cards = [Waiting(number, state(1 + number % 30, 1 + number % 30 + number % 47)) for number in range(400)]
    plan = spread_backlog(cards, 20, NOW)
    by_id = {card.card_id: card.state for card in cards}

    def recalls(days: list[tuple[int, ...]]) -> float:
        return sum(
            recall_after((NOW + number * DAY - by_id[card].last_review) / DAY, by_id[card].stability)
            for number, day in enumerate(days)
            for card in day
        )

    oldest = sorted(by_id, key=lambda card: by_id[card].due)
    assert recalls(plan) > recalls([tuple(oldest[start : start + 20]) for start in range(0, 400, 20)])


@given(waiting, st.integers(1, 10))
def test_every_card_is_taken_exactly_once_and_no_day_is_empty(cards: list[Waiting], per_day: int):
    plan = spread_backlog(cards, per_day, NOW)
    assert sorted(card for day in plan for card in day) == [card.card_id for card in cards]
    assert all(len(day) == per_day for day in plan[:-1])
    assert all(plan)


@given(waiting, st.integers(1, 10), st.randoms())
def test_the_order_in_which_cards_are_given_does_not_matter(cards: list[Waiting], per_day: int, rng):
    plan = spread_backlog(cards, per_day, NOW)
    rng.shuffle(cards)
    assert spread_backlog(cards, per_day, NOW) == plan
