"""Cells: on one line, without noise, and never a formula."""

import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.reports.cells import (
    LONGEST_SHEET_TEXT,
    clean_text,
    fit_sheet,
    is_dangerous,
    make_harmless,
    round_number,
    show_moment,
    show_number,
    show_value,
)

_SIGNS = "=+-@|%"
_WIDE = "＝＋－＠｜％﹦﹢﹣﹫"
_BEFORE = st.text(st.sampled_from(" \t\r\n\0\u00a0\u200b\ufeff\u3000"), max_size=3)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "|calc",
        "%0A",
        "\t=1+1",
        "\r=1",
        "\n=1",
        "\0=1",
        "  =1+1",
        "\u00a0=1",
        "\ufeff=1",
        "\u200b=1",
        "＝1+1",
        "－1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://x","y")',
        "+49 170 123",
        "--1",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert is_dangerous(text)
    harmless = make_harmless(text)
    assert harmless.startswith("'")
    assert harmless[1:] == clean_text(text)


@pytest.mark.parametrize(
    "text",
    ["-5", "-5.25", "+3", "-1,5", "-.5", "-5%", "-1e-7", "+2E+10", "-", "", "a=b", "100 %", "user@example.org", "'=1"],
)
def test_numbers_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert not is_dangerous(text)
    assert make_harmless(text) == text


@given(_BEFORE, st.sampled_from([*_SIGNS, *_WIDE]), st.text(max_size=20))
def test_no_text_that_begins_like_a_formula_leaves_as_one(before: str, sign: str, rest: str) -> None:
    harmless = make_harmless(before + sign + rest)
    assert harmless[:1] == "'" or not is_dangerous(harmless)


@given(st.text())
def test_whatever_comes_in_no_cell_begins_a_formula(text: str) -> None:
    harmless = make_harmless(text)
    assert not is_dangerous(harmless)
    assert "\n" not in harmless
    assert "\r" not in harmless
    assert "\0" not in harmless
    assert not any(is_dangerous(cell.strip()) for cell in harmless.split(";"))


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; \t=1+1", "a;  '=1+1"),
        ("a;-5;b", "a;-5;b"),
        ("a; -5 =1", "a; '-5 =1"),
        ("a;+1+1;=2", "a;'+1+1;'=2"),
        ("1; 2; 3", "1; 2; 3"),
        ("a;@x", "a;'@x"),
        ("a;", "a;"),
    ],
)
def test_a_cell_that_a_semicolon_would_begin_is_guarded_too(text: str, harmless: str) -> None:
    assert make_harmless(text) == harmless


@given(st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9)))
def test_numbers_are_shown_without_exponent_and_are_never_guarded(number: float) -> None:
    rounded = round_number(number)
    assert rounded is not None
    shown = show_number(rounded)
    assert "e" not in shown
    assert make_harmless(shown) == shown
    assert float(shown) == pytest.approx(number, abs=1e-6)


def test_numbers_have_six_places_and_no_negative_zero() -> None:
    assert show_number(2.5) == "2.5"
    assert show_number(-3) == "-3"
    assert show_number(round_number(-1e-9) or 0.0) == "0"
    assert str(round_number(-1e-9)) == "0.0"
    assert round_number(1 / 3) == 0.333333
    assert round_number(None) is None
    assert round_number(float("nan")) is None
    assert round_number(float("inf")) is None


@given(st.text())
def test_a_text_is_on_one_line_and_cleaning_it_again_changes_nothing(text: str) -> None:
    clean = clean_text(text)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in clean)
    assert clean_text(clean) == clean


def test_what_is_seen_of_a_text_stays() -> None:
    assert clean_text(" a\r\n\tb\0 ") == "a b"
    assert clean_text("محمد\u200c ها") == "محمد\u200c ها"
    assert clean_text("two  spaces") == "two  spaces"


def test_moments_have_their_zone() -> None:
    moment = datetime(2026, 7, 1, 12, 0, 5, 999_000, tzinfo=UTC)
    assert show_moment(moment, ZoneInfo("Europe/Berlin")) == "2026-07-01T14:00:05+02:00"
    assert show_moment(moment, UTC) == "2026-07-01T12:00:05+00:00"


def test_every_kind_of_value_is_shown() -> None:
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    shown = [show_value(value, UTC) for value in (None, "=1", True, False, 0, 0.0, 1.5, moment)]
    assert shown == ["", "=1", "true", "false", "0", "0", "1.5", "2026-07-01T12:00:00+00:00"]


def test_a_text_that_no_sheet_can_hold_is_cut_and_says_so() -> None:
    assert fit_sheet("x" * LONGEST_SHEET_TEXT) == "x" * LONGEST_SHEET_TEXT
    cut = fit_sheet("x" * (LONGEST_SHEET_TEXT + 1))
    assert len(cut) == LONGEST_SHEET_TEXT
    assert cut.endswith("[cut here: CSV and JSON hold all of it]")
