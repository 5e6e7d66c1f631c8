"""The picture of workloads: drawn whatever comes, with every word safe and every point in its place."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.analysis.charts import Caption, Scale
from quizapp.core.analysis.workloadchart import Curve, Point, draw_curves

CAPTION = Caption("workload", "What it costs", "70%: 3 min. 97%: 9 min.")


def draw(*curves: Curve) -> ET.Element:
    return ET.fromstring(draw_curves(CAPTION, curves))  # noqa: S314 - our own


def curve(*points: Point, top: float = 10) -> Curve:
    return Curve("Minutes a day", points, Scale(top, f"{top:g} min", f"{top / 2:g} min"))


def of_kind(picture: ET.Element, kind: str) -> list[ET.Element]:
    return [each for each in picture.iter() if each.get("class") == kind]


def test_every_point_is_drawn_from_left_to_right_the_higher_the_more():
    picture = draw(curve(Point(0.7, 2, "70%: 2"), Point(0.9, 5, "90%: 5"), Point(0.97, 10, "97%: 10")))
    dots = of_kind(picture, "dot")
    assert [dot.findtext("title") for dot in dots] == ["70%: 2", "90%: 5", "97%: 10"]
    across = [float(dot.attrib["cx"].removesuffix("%")) for dot in dots]
    assert across == sorted(across)
    assert across[1] - across[0] == pytest.approx((across[2] - across[1]) * 20 / 7, abs=0.1)
    up = [float(dot.attrib["cy"]) for dot in dots]
    assert up == sorted(up, reverse=True)
    assert len(of_kind(picture, "curve")) == 2


def test_the_own_point_is_set_off_and_stands_on_a_line():
    picture = draw(curve(Point(0.7, 2, "a"), Point(0.9, 5, "b", own=True)))
    (own,), (line,) = of_kind(picture, "dot own"), of_kind(picture, "own")
    assert own.attrib["cx"] == line.attrib["x1"] == line.attrib["x2"]
    assert float(own.attrib["r"]) > float(of_kind(picture, "dot")[0].attrib["r"])


def test_marks_stand_under_their_points_and_never_beyond_the_edges():
    points = [Point(0.7, 1, "a", "70%"), Point(0.8, 1, "b", "80%"), Point(0.9, 1, "c"), Point(0.97, 1, "d", "97%")]
    picture = draw(curve(*points))
    marks = [text for text in of_kind(picture, "tick") if text.text and text.text.endswith("%")]
    assert [(mark.text, mark.attrib["text-anchor"]) for mark in marks] == [
        ("70%", "start"),
        ("80%", "middle"),
        ("97%", "end"),
    ]
    assert marks[1].attrib["x"] == of_kind(picture, "dot")[1].attrib["cx"]


def test_it_says_what_it_shows_to_who_cannot_see_it():
    picture = draw(curve(Point(0.7, 2, "a")))
    assert picture.attrib["role"] == "img"
    assert picture.findtext("title") == CAPTION.title
    assert picture.findtext("desc") == CAPTION.description


def test_words_cannot_leave_their_place():
    nasty = '<script>"&'
    text = draw_curves(
        Caption("workload", nasty, nasty), [Curve(nasty, [Point(0.9, 1, nasty, nasty)], Scale(2, nasty, nasty))]
    )
    assert "<script>" not in text
    assert ET.fromstring(text).findtext("title") == nasty  # noqa: S314 - our own


def test_nothing_to_draw_is_an_empty_picture():
    assert draw().attrib["height"] == "0"
    assert of_kind(draw(curve()), "dot") == []


@given(st.lists(st.tuples(st.floats(0.7, 0.97), st.floats(0, 1e9)), min_size=1, max_size=12), st.floats(0, 1e6))
def test_no_point_is_ever_drawn_outside(values: list[tuple[float, float]], top: float):
    points = [Point(share, value, "") for share, value in sorted(values)]
    picture = draw(curve(*points, top=top), curve(*points, top=top))
    for dot in of_kind(picture, "dot"):
        assert 0 < float(dot.attrib["cx"].removesuffix("%")) < 100
        assert 0 < float(dot.attrib["cy"]) < float(picture.attrib["height"])
