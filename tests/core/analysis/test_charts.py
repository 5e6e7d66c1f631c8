"""Pictures: sound SVG whatever the words and numbers, with a title, a description, and no colour of its own."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.analysis.charts import (
    Bar,
    Caption,
    DayCell,
    MonthMark,
    Scale,
    ShareBar,
    draw_bars,
    draw_calendar,
    draw_shares,
    find_top,
    shorten,
)

CAPTION = Caption("due", "Cards due", "Today: 3.")
SCALE = Scale(4, "4", "2")
HOSTILE = """</title><script>alert('"&')</script>"""


def _parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own picture


def _find(picture: ET.Element, kind: str) -> list[ET.Element]:
    return [part for part in picture.iter() if kind in part.get("class", "").split()]


def _percent(part: ET.Element, name: str) -> float:
    return float(part.attrib[name].removesuffix("%"))


def test_a_picture_names_and_describes_itself() -> None:
    picture = _parse(draw_bars(CAPTION, [Bar(3, "Today: 3")], SCALE))
    assert picture.get("role") == "img"
    named = {part.get("id"): part.text for part in picture if part.get("id")}
    assert [named[name] for name in picture.attrib["aria-labelledby"].split()] == ["Cards due", "Today: 3."]


def test_no_picture_has_a_style_or_a_colour_of_its_own() -> None:
    for svg in (
        draw_bars(CAPTION, [Bar(3, "Today", "Today", strong=True), Bar(1, "Tomorrow")], SCALE),
        draw_shares(CAPTION, [ShareBar("Birds", "en", 0.5, "50%")]),
        draw_calendar(CAPTION, [DayCell(0, 0, 1, "1 answer")], [MonthMark(0, "May")]),
    ):
        assert not re.search(r"style=|fill=|stroke=|#[0-9a-f]{3}", svg)


def test_a_bar_is_as_high_as_its_value_and_nothing_has_no_bar() -> None:
    values = [4, 2, 0, -1, 0.001, 9]
    picture = _parse(draw_bars(CAPTION, [Bar(value, str(value)) for value in values], SCALE))
    bars = {bar[0].text: float(bar.attrib["height"]) for bar in _find(picture, "bar")}
    assert bars == {"4": 120, "2": 60, "0.001": 2, "9": 120}
    assert {float(bar.attrib["y"]) + float(bar.attrib["height"]) for bar in _find(picture, "bar")} == {140}
    assert [line.text for line in _find(picture, "tick")] == ["4", "2"]


def test_the_first_and_the_last_mark_stay_inside_the_picture() -> None:
    bars = [Bar(1, "", mark) for mark in ("first", "", "middle", "last")]
    marks = [part for part in _find(_parse(draw_bars(CAPTION, bars, SCALE)), "tick") if part.text not in ("4", "2")]
    assert [(mark.text, mark.get("text-anchor"), mark.get("x")) for mark in marks] == [
        ("first", "start", "0"),
        ("middle", "middle", "62.5%"),
        ("last", "end", "100%"),
    ]


def test_a_strong_bar_is_set_off() -> None:
    picture = _parse(draw_bars(CAPTION, [Bar(1, "Today", strong=True), Bar(1, "Tomorrow")], SCALE))
    assert [bar[0].text for bar in _find(picture, "strong")] == ["Today"]


def test_no_bars_are_an_empty_picture() -> None:
    assert _find(_parse(draw_bars(CAPTION, [], SCALE)), "bar") == []
    assert len(_parse(draw_shares(CAPTION, []))) == 2
    assert len(_parse(draw_calendar(CAPTION, [], []))) == 2


@given(st.lists(st.floats(0, 1e6), max_size=40))
def test_bars_stand_side_by_side_within_the_picture(values: list[float]) -> None:
    top = find_top(max(values, default=0))
    bars = _find(_parse(draw_bars(CAPTION, [Bar(value, "x") for value in values], Scale(top, "", ""))), "bar")
    end = 0.0
    for bar in bars:
        assert _percent(bar, "x") >= end - 0.01
        end = _percent(bar, "x") + _percent(bar, "width")
        assert float(bar.attrib["y"]) >= 20
    assert end <= 100


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 2), (1, 2), (2, 2), (2.1, 4), (5, 6), (8, 8), (9, 10), (10, 10), (11, 20), (99, 100), (101, 200)],
)
def test_a_scale_ends_at_a_round_number_with_a_whole_half(value: float, top: int) -> None:
    assert find_top(value) == top


@given(st.floats(0, 1e12))
def test_a_scale_holds_its_value_and_is_not_far_too_long(value: float) -> None:
    top = find_top(value)
    assert value <= top <= max(2, 2 * value)
    assert top % 2 == 0


def test_a_share_fills_its_part_of_the_track() -> None:
    bars = [ShareBar("Birds", "en", share, "") for share in (0.25, 1, 0, 7, -1)]
    picture = _parse(draw_shares(CAPTION, bars))
    assert [bar.get("width") for bar in _find(picture, "bar")] == ["25%", "100%", "100%"]
    assert len(_find(picture, "track")) == 5
    assert picture.get("height") == str(4 * 48 + 32)


def test_a_label_knows_its_language_where_it_has_one() -> None:
    picture = _parse(draw_shares(CAPTION, [ShareBar("鳥", "ja", 0.5, "50%"), ShareBar("Nature", "", 0.5, "50%")]))
    assert [label.get("lang") for label in _find(picture, "label")] == ["ja", None]
    assert [figure.text for figure in _find(picture, "figure")] == ["50%", "50%"]


def test_a_long_label_is_cut_to_the_room_it_has() -> None:
    assert shorten("Organisations and people") == "Organisations and people"
    assert shorten("a" * 28) == "a" * 28
    assert shorten("a" * 29) == "a" * 28 + "…"
    assert shorten("鳥" * 15) == "鳥" * 14 + "…"
    assert shorten("A quiet and very long name of a deck") == "A quiet and very long name o…"
    assert shorten("") == ""


def test_a_calendar_shows_blank_days_without_words_and_busy_ones_by_shade() -> None:
    cells = [DayCell(27, 6, 0, "nothing"), DayCell(28, 0, 3, "2 May: 30 answers")]
    picture = _parse(draw_calendar(CAPTION, cells, [MonthMark(28, "May")]))
    blank, busy = _find(picture, "day")
    assert (len(blank), blank.get("x"), blank.get("y")) == (0, "0", str(18 + 72))
    assert (busy[0].text, busy.get("class"), busy.get("x")) == ("2 May: 30 answers", "day level-3", "12")
    assert [(mark.text, mark.get("x")) for mark in _find(picture, "tick")] == [("May", "12")]
    assert picture.get("viewBox") == "0 0 22 102"


@pytest.mark.parametrize("words", [HOSTILE, "a\u202eb", "&amp;", "]]>"])
def test_hostile_words_stay_words(words: str) -> None:
    caption = Caption("due", words, words)
    for svg in (
        draw_bars(caption, [Bar(1, words, words)], Scale(2, words, words)),
        draw_shares(caption, [ShareBar(words, words, 0.5, words)]),
        draw_calendar(caption, [DayCell(0, 0, 1, words)], [MonthMark(0, words)]),
    ):
        assert "<script" not in svg
        assert _parse(svg).findtext("title") == words
