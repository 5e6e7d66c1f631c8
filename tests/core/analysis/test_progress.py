"""Counting progress: recall, due days, work and the calendar, from rows made by hand."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.analysis.progress import (
    FEWEST_ANSWERS,
    DayCounter,
    DayWork,
    Recall,
    Retention,
    StudiedCard,
    count_waiting,
    expect_recall,
    expect_recall_by_deck,
    forecast_due,
    lay_out_calendar,
    sum_recall_by_theme,
    sum_work,
)
from quizapp.core.learning.studyday import StudyCalendar


def _card(deck: int = 1, stability: float = 10, days_ago: int = 0, due_in: int = 1) -> StudiedCard:
    return StudiedCard(deck, stability, days_ago, due_in)


CARDS = st.lists(
    st.builds(
        StudiedCard, st.integers(1, 4), st.floats(0.01, 36_500), st.integers(0, 10_000), st.integers(-10_000, 10_000)
    )
)


def test_a_card_is_remembered_surely_today_and_by_nine_tenths_after_its_stability() -> None:
    assert expect_recall([_card()]) == Recall(1, 1.0)
    assert expect_recall([_card(days_ago=10)]).recalled == pytest.approx(0.9)
    assert expect_recall([_card(days_ago=4)], in_days=6).recalled == pytest.approx(0.9)


def test_a_card_is_forgotten_as_the_parameters_of_its_deck_say() -> None:
    fast, slow = (StudiedCard(1, 10.0, 40, 0, decay) for decay in (0.5, 0.1))
    assert expect_recall([fast]).recalled < expect_recall([slow]).recalled
    assert expect_recall([fast, slow]).recalled == pytest.approx(
        expect_recall([fast]).recalled + expect_recall([slow]).recalled
    )


def test_a_last_answer_in_the_future_counts_as_today() -> None:
    assert expect_recall([_card(days_ago=-400)]).share == 1.0


def test_without_cards_nothing_is_expected() -> None:
    assert expect_recall([]) == Recall(0, 0)
    assert Recall(0, 0.0).share == 0.0
    assert expect_recall_by_deck([]) == {}
    assert sum_recall_by_theme({}, {}) == {}


@given(CARDS)
def test_decks_and_themes_add_up_to_the_whole(cards: list[StudiedCard]) -> None:
    whole = expect_recall(cards)
    by_deck = expect_recall_by_deck(cards)
    by_theme = sum_recall_by_theme(by_deck, {1: "dates", 2: "dates", 3: "people", 4: "places"})
    for parts in (by_deck, by_theme):
        assert sum(part.cards for part in parts.values()) == whole.cards
        assert sum(part.recalled for part in parts.values()) == pytest.approx(whole.recalled)
        assert all(part.cards > 0 and 0 <= part.share <= 1 for part in parts.values())
    assert set(by_deck) == {card.deck for card in cards}


@given(CARDS)
def test_who_answers_nothing_never_remembers_more(cards: list[StudiedCard]) -> None:
    later = [expect_recall(cards, in_days=days).recalled for days in (0, 1, 30, 400)]
    assert all(before >= after for before, after in pairwise(later))


def test_what_waits_is_due_today_and_what_comes_after_the_forecast_is_left_out() -> None:
    cards = [_card(due_in=days) for days in (-400, -1, 0, 1, 1, 2, 3, 400)]
    assert forecast_due(cards, 3) == (3, 2, 1)
    assert count_waiting(cards) == 2
    assert forecast_due([], 3) == (0, 0, 0)
    assert count_waiting([]) == 0


def test_a_share_is_told_from_ten_answers_on() -> None:
    assert Retention(FEWEST_ANSWERS - 1, 9).share is None
    assert Retention(10, 9).share == 0.9
    assert Retention().share is None
    assert Retention(6, 3) + Retention(4, 3) == Retention(10, 6)


def test_work_is_summed_over_the_days_of_a_span_and_no_others() -> None:
    days = [DayWork(day, 10, 8, 9, 1000) for day in (1, 2, 5, 9)]
    assert sum_work(days, 2, 8) == DayWork(8, 20, 16, 18, 2000)
    assert sum_work(days, 1, 1) == DayWork(1, 10, 8, 9, 1000)
    assert sum_work([], 1, 9) == DayWork(9, 0, 0, 0, 0)


@pytest.mark.parametrize("first_weekday", range(7))
def test_a_calendar_has_each_day_once_in_its_row_and_week(first_weekday: int) -> None:
    first, last = date(2025, 11, 23), date(2026, 11, 22)
    cells = lay_out_calendar([], first, last, first_weekday)
    assert [cell.day for cell in cells] == [first + timedelta(days=number) for number in range(365)]
    assert cells[0].week == 0
    assert cells[-1].week in (52, 53)
    for cell in cells:
        assert cell.weekday == (cell.day.weekday() - first_weekday) % 7
        assert (cell.answers, cell.level) == (0, 0)
    for before, after in pairwise(cells):
        assert after.week - before.week == (1 if after.weekday == 0 else 0)


def test_the_busier_a_day_the_stronger_its_shade_and_one_long_day_pales_no_other() -> None:
    first = date(2026, 11, 1)
    counts = [0, 1, 10, 11, 20, 30, 40, 40, 40, 40, 5000]
    days = [DayWork(first.toordinal() + number, count, 0, 0, 0) for number, count in enumerate(counts)]
    levels = [cell.level for cell in lay_out_calendar(days, first, date(2026, 11, 12))]
    assert levels == [0, 1, 1, 2, 2, 3, 4, 4, 4, 4, 4, 0]


@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_a_day_has_a_shade_exactly_where_something_was_answered(counts: list[int]) -> None:
    first = date(2026, 1, 1)
    days = [DayWork(first.toordinal() + number, count, 0, 0, 0) for number, count in enumerate(counts)]
    cells = lay_out_calendar(days, first, first + timedelta(days=60))
    for cell, count in zip(cells, counts, strict=False):
        assert cell.answers == count
        assert 0 <= cell.level <= 4
        assert (cell.level > 0) == (count > 0)


@given(
    st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe"]),
    st.lists(st.datetimes(datetime(2011, 12, 1), datetime(2012, 4, 1), timezones=st.just(UTC)), max_size=30),
)
def test_the_day_counter_says_what_the_calendar_says_in_whatever_order(zone: str, moments: list[datetime]) -> None:
    calendar = StudyCalendar(ZoneInfo(zone))
    counter = DayCounter(calendar)
    for moment in moments + moments[::-1]:
        assert counter.find(moment) == calendar.day_of(moment).toordinal()


def test_the_day_counter_bears_the_ends_of_time() -> None:
    calendar = StudyCalendar(ZoneInfo("UTC"))
    counter = DayCounter(calendar)
    for moment in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        assert counter.find(moment) == counter.find(moment) == calendar.day_of(moment).toordinal()
