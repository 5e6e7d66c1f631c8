"""What a school chooses about how long things are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.core.errors import Invalid
from quizapp.core.privacy.choices import CHOICES, SWEPT, check_days, find_cut, find_end, settle_choices

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_what_was_not_chosen_is_as_by_default() -> None:
    assert settle_choices({"guests": 40})["guests"] == 40
    assert settle_choices({}) == {name: choice.default for name, choice in CHOICES.items()}
    assert set(SWEPT) < set(CHOICES)


@pytest.mark.parametrize(("name", "days"), [("guests", 0), ("guests", 30), ("jobs", 1), ("wait", 0), ("tell", 1)])
def test_days_within_bounds_can_be_chosen(name: str, days: int) -> None:
    assert check_days(name, days) == days


@pytest.mark.parametrize(
    ("name", "days"), [("guests", 29), ("guests", 3651), ("jobs", 0), ("wait", 91), ("tell", 2), ("wait", -1)]
)
def test_days_beyond_them_are_refused_by_name(name: str, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        check_days(name, days)
    assert name in refused.value.fields


def test_there_is_no_other_choice() -> None:
    with pytest.raises(Invalid):
        check_days("everything", 1)


def test_zero_days_keep_for_good() -> None:
    assert (find_cut(0, NOW), find_end(0, NOW)) == (None, None)
    assert find_cut(7, NOW) == NOW - timedelta(days=7)
    assert find_end(7, NOW) == NOW + timedelta(days=7)
