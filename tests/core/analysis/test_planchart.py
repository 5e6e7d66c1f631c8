from xml.etree import ElementTree as ET

from quizapp.core.analysis.charts import Caption, Scale
from quizapp.core.analysis.planchart import ExpectedRecall, PlanBar, draw_days, draw_recall

CAPTION = Caption("days", "Days & <more>", "All of it")
NAMES = {"svg": "http://www.w3.org/2000/svg"}


def rects(svg: str, kind: str) -> list[ET.Element]:
    return [each for each in ET.fromstring(svg).iter("rect") if each.get("class") == kind]  # noqa: S314 - our own


def test_new_cards_stand_on_reviews_and_every_bar_says_itself_in_words():
    svg = draw_days(CAPTION, [PlanBar(5, 5, "Today: <5>", "Today"), PlanBar(10, 0, "Mon")], Scale(10, "10", "5"))
    reviews, new = rects(svg, "bar"), rects(svg, "bar strong")
    assert [float(each.get("height")) for each in reviews] == [60, 120]
    assert [float(each.get("height")) for each in new] == [60]
    assert float(new[0].get("y")) + 60 == float(reviews[0].get("y"))
    labels = [each.text for each in ET.fromstring(svg).iter("title")]  # noqa: S314 - our own
    assert labels == ["Days & <more>", "Today: <5>", "Mon"]
    assert 'role="img"' in svg


def test_nothing_planned_is_no_bar_and_what_was_planned_is_a_line():
    svg = draw_days(CAPTION, [PlanBar(0, 0, "Mon", planned=4), PlanBar(0, 0, "Tue")], Scale(8, "8", "4"))
    lines = [each for each in ET.fromstring(svg).iter("line") if each.get("class") == "planned"]  # noqa: S314 - our own
    assert not rects(svg, "bar")
    assert [line.get("y1") for line in lines] == ["80"]


def test_marks_stand_at_the_ends_and_under_their_bars():
    bars = [PlanBar(1, 0, str(number), str(number)) for number in range(3)]
    texts = list(ET.fromstring(draw_days(CAPTION, bars, Scale(2, "2", "1"))).iter("text"))  # noqa: S314
    assert [text.get("text-anchor") for text in texts[-3:]] == ["start", "middle", "end"]


def test_no_bar_leaves_the_picture_however_high():
    svg = draw_days(CAPTION, [PlanBar(50, 50, "Mon", planned=99)], Scale(10, "10", "5"))
    assert [each.get("height") for each in rects(svg, "bar")] == ["120"]
    assert not rects(svg, "bar strong")


def test_the_range_lies_between_its_ends_and_the_goal_has_its_words():
    svg = draw_recall(CAPTION, ExpectedRecall(0.8, 0.7, 0.9, 0.95, "0%", "100%", "Goal 95%"))
    (span,) = rects(svg, "bar")
    assert (span.get("x"), span.get("width")) == ("70%", "20%")
    assert "Goal 95%" in svg
    assert 'x1="80%"' in svg


def test_a_range_of_nothing_can_still_be_seen_at_either_end():
    for share in (0.0, 1.0):
        (span,) = rects(draw_recall(CAPTION, ExpectedRecall(share, share, share, 0.3, "", "", "")), "bar")
        first, width = (float(str(span.get(name)).rstrip("%")) for name in ("x", "width"))
        assert 0 <= first < first + width <= 100
