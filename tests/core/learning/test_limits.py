import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.limits import (
    HIGHEST_LIMIT,
    USUAL_PORTION,
    DailyLimits,
    DayCount,
    Room,
    find_portion,
    room_today,
)

limits = st.builds(DailyLimits, st.none() | st.integers(0, 300), st.none() | st.integers(0, 300))
done = st.builds(DayCount, st.integers(0, 400), st.integers(0, 400))
pairs = st.lists(st.tuples(limits, done), max_size=4)


def test_without_limits_the_day_takes_everything():
    assert room_today([], waiting=5_000) == Room(None, None, backlog=False)
    assert room_today([(DailyLimits(), DayCount(90, 900))], waiting=0) == Room()


def test_the_tighter_of_deck_and_learner_counts():
    deck = (DailyLimits(new=10, reviews=100), DayCount(new=2, reviews=30))
    learner = (DailyLimits(new=20, reviews=200), DayCount(new=15, reviews=175))
    assert room_today([deck, learner], waiting=0) == Room(new=5, reviews=25)


def test_more_done_than_allowed_leaves_nothing_and_never_less():
    assert room_today([(DailyLimits(5, 5), DayCount(9, 9))], waiting=0) == Room(0, 0)


def test_new_cards_get_only_the_places_that_waiting_reviews_leave():
    assert room_today([(DailyLimits(20, 100), DayCount())], waiting=95).new == 5
    assert room_today([(DailyLimits(None, 100), DayCount())], waiting=95).new == 5
    assert room_today([(DailyLimits(20, 100), DayCount())], waiting=400).new == 0


def test_new_cards_of_today_have_taken_their_places():
    assert room_today([(DailyLimits(None, 100), DayCount(new=3))], waiting=95).new == 2
    assert room_today([(DailyLimits(None, 100), DayCount(new=5))], waiting=95).new == 0


def test_a_limit_on_new_cards_alone_is_not_touched_by_waiting_reviews():
    assert room_today([(DailyLimits(new=20), DayCount(new=1))], waiting=400) == Room(19, None)


def test_a_backlog_is_more_than_the_day_takes():
    tight = (DailyLimits(reviews=100), DayCount(reviews=40))
    assert not room_today([tight], waiting=60).backlog
    assert room_today([tight], waiting=61).backlog


@pytest.mark.parametrize("limit", [-1, HIGHEST_LIMIT + 1])
@pytest.mark.parametrize("field", ["new", "reviews"])
def test_a_limit_out_of_range_is_refused_with_its_field(field: str, limit: int):
    with pytest.raises(Invalid) as caught:
        DailyLimits(**{field: limit})
    assert list(caught.value.fields) == [field]


@given(pairs, st.integers(0, 1_000), st.randoms())
def test_the_order_of_the_limits_does_not_matter_and_no_room_is_below_zero(some, waiting, rng):
    room = room_today(some, waiting)
    assert all(count is None or count >= 0 for count in (room.new, room.reviews))
    rng.shuffle(some)
    assert room_today(some, waiting) == room


@given(pairs, limits, done, st.integers(0, 1_000))
def test_one_more_limit_never_makes_more_room(some, limit, count, waiting):
    before, after = room_today(some, waiting), room_today([*some, (limit, count)], waiting)
    assert before.reviews is None or (after.reviews is not None and after.reviews <= before.reviews)
    assert before.new is None or (after.new is not None and after.new <= before.new)


def test_what_has_piled_up_is_taken_in_portions_where_nobody_chose_a_limit():
    assert find_portion(DailyLimits(), DayCount(), USUAL_PORTION) == DailyLimits()
    assert find_portion(DailyLimits(new=5), DayCount(), USUAL_PORTION + 1) == DailyLimits(5, USUAL_PORTION)
    assert find_portion(DailyLimits(), DayCount(reviews=150), 60) == DailyLimits(None, USUAL_PORTION)


def test_a_chosen_limit_stands_whatever_has_piled_up():
    assert find_portion(DailyLimits(reviews=500), DayCount(), 9_000) == DailyLimits(reviews=500)
