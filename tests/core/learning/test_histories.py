from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.histories import (
    LONGEST_HISTORY,
    History,
    Item,
    collect_histories,
    drop_outliers,
    list_items,
    split_items,
)
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.reviewlog import LoggedReview
from quizapp.core.learning.studyday import StudyCalendar

CALENDAR = StudyCalendar(ZoneInfo("UTC"))
NOON = 1_795_348_800_000
HOUR = 3_600_000
DAY = 24 * HOUR
AGAIN, HARD, GOOD, EASY = Rating


def log_of(card: str, *reviews: tuple[int, Rating]) -> list[LoggedReview]:
    return [LoggedReview(card, NOON + hours * HOUR, rating) for hours, rating in reviews]


def items_of(*elapsed: int, first: Rating = GOOD) -> list[Item]:
    """One card for each delay of its second review day."""
    days = [History((0, delay), (first, GOOD), (NOON, NOON + delay * DAY)) for delay in elapsed]
    return list_items(days)


def test_an_empty_log_has_no_histories_and_no_items():
    assert collect_histories([], CALENDAR) == ()
    assert list_items(()) == []
    assert drop_outliers([]) == []
    assert split_items([], 0.8) == ([], [])


def test_days_are_study_days_so_that_23_hours_can_be_one_and_a_night_none():
    [history] = collect_histories(log_of("a", (0, GOOD), (15, GOOD), (23, GOOD), (24 * 9, EASY)), CALENDAR)
    assert history.elapsed == (0, 0, 1, 8)
    assert history.ratings == (3, 3, 3, 4)


def test_a_clock_that_went_back_counts_as_the_same_day():
    [history] = collect_histories(log_of("a", (48, GOOD), (0, GOOD)), CALENDAR)
    assert history.elapsed == (0, 0)


def test_first_reviews_and_those_of_the_same_day_are_not_predicted():
    histories = collect_histories(log_of("a", (0, AGAIN), (0, GOOD), (24, GOOD), (24, GOOD)), CALENDAR)
    assert [(item.review, item.elapsed, item.length) for item in list_items(histories)] == [(2, 1, 2)]


def test_length_counts_review_days_and_lapses_those_before_that_found_the_card_forgotten():
    log = log_of("a", (0, AGAIN), (24, AGAIN), (24, AGAIN), (48, GOOD), (72, AGAIN))
    items = list_items(collect_histories(log, CALENDAR))
    assert [(item.length, item.lapses, item.recalled) for item in items] == [(2, 0, False), (3, 1, True), (4, 1, False)]
    assert {item.first for item in items} == {AGAIN}


def test_items_of_all_cards_come_in_the_order_of_time():
    log = [*log_of("a", (0, GOOD), (96, GOOD)), *log_of("b", (0, GOOD), (48, GOOD), (120, GOOD))]
    assert [item.history for item in list_items(collect_histories(log, CALENDAR))] == [1, 0, 1]


def test_the_filter_drops_the_rarest_delays_first_and_whole_cards():
    items = items_of(*[1] * 300, *[2] * 100, *[7] * 3, 30)
    kept = drop_outliers(items)
    assert {item.elapsed for item in kept} == {1, 2}
    assert len(kept) == 400


def test_beyond_a_twentieth_only_what_fewer_than_six_share_or_what_is_very_long_is_dropped():
    items = items_of(*[1] * 300, *[2] * 17, *[3] * 15, *[4] * 10, *[101] * 25)
    assert {item.elapsed for item in drop_outliers(items)} == {1, 2, 3}
    assert 101 in {item.elapsed for item in drop_outliers(items_of(*[1] * 300, *[101] * 25, first=EASY))}


def test_a_small_log_may_lose_everything_to_the_filter():
    assert drop_outliers(items_of(1, 1, 2)) == []


def test_what_comes_after_128_reviews_of_a_card_is_dropped():
    long = History((0, *[1] * 200), (3,) * 201, tuple(NOON + day * DAY for day in range(201)))
    others = [History((0, 1), (3, 3), (NOON, NOON + DAY))] * 40
    kept = drop_outliers(list_items([long, *others]))
    assert max(item.review for item in kept) == LONGEST_HISTORY - 1


def test_what_happens_at_one_instant_is_not_split():
    items = items_of(1, 1, 1, 2)
    assert split_items(items, 0.5) == ([], items)
    assert split_items(items, 0.8) == (items[:3], items[3:])
    assert split_items(items, 1.0) == (items[:3], items[3:])


reviews = st.builds(LoggedReview, st.sampled_from("abc"), st.integers(NOON, NOON + 30 * DAY), st.sampled_from(Rating))


@given(st.lists(reviews, max_size=30), st.floats(0, 1))
def test_the_split_keeps_everything_and_nothing_early_comes_late(log: list[LoggedReview], share: float):
    items = list_items(collect_histories(sorted(log, key=lambda review: review.at), CALENDAR))
    early, late = split_items(items, share)
    assert early + late == items
    assert not early or not late or early[-1].at < late[0].at
    assert all(item.elapsed >= 1 and item.length >= 2 and item.review >= 1 for item in items)
