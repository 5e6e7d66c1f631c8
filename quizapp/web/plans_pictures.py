"""The pictures and lines of a plan's page, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from markupsafe import Markup

from quizapp.core.analysis import charts, planchart
from quizapp.core.analysis.charts import Caption, Scale
from quizapp.core.analysis.planchart import ExpectedRecall, PlanBar
from quizapp.core.learning.examplan import PlannedDay
from quizapp.services.plans_class import StudentLine
from quizapp.services.plans_view import PastDay, PlanView
from quizapp.web.locales import locale
from quizapp.web.words import gettext, ngettext

_MOST_BARS = 63
"""Nine weeks of days have room beside each other on a phone; more are drawn week by week."""
_MARKS = 4


@dataclass(frozen=True, slots=True)
class DayLine:
    """A line of a table: a day with its numbers in words."""

    day: date
    words: str
    new: str
    reviews: str
    minutes: str


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of what was planned and done."""

    day: date
    words: str
    planned: str
    done: str
    minutes: str


@dataclass(frozen=True, slots=True)
class PlanDays:
    """The lines of the plan's tables."""

    coming: tuple[DayLine, ...]
    past: tuple[PastLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPictures:
    """The plan's pictures, drawn; None where there is nothing to draw."""

    recall: Markup | None
    cards: Markup | None
    minutes: Markup | None
    past: Markup | None
    weekly: bool


def say_date(day: date, *, weekday: bool = False) -> str:
    """A day as ``3 Dec``, or ``Thu, 3 Dec``."""
    skeleton = "MMMEd" if weekday else "MMMd"
    return format_skeleton(skeleton, datetime(day.year, day.month, day.day), locale=locale())  # noqa: DTZ001 - a date


def say_exam_day(day: date) -> str:
    """The exam's day as ``Thursday, 3 December 2026``."""
    return format_skeleton("yMMMMEEEEd", datetime(day.year, day.month, day.day), locale=locale())  # noqa: DTZ001 - a date


def say_number(value: float) -> str:
    """A number of cards: whole, but not nothing where there is something."""
    if 0 < value < 0.5:
        return gettext("under %(number)s", number=_whole(1))
    return _whole(value)


def _whole(value: float) -> str:
    return format_decimal(int(value + 0.5), format="#,##0", locale=locale())


def say_minutes(minutes: float) -> str:
    """A length of time in whole minutes: ``12 min``, ``under 1 min``."""
    if 0 < minutes < 0.5:
        return gettext("under %(time)s", time=format_unit(1, "minute", "short", locale=locale()))
    return format_unit(int(minutes + 0.5), "minute", "short", locale=locale())


def say_share(share: float) -> str:
    """A share in whole percent; not all where something is missing, and not nothing where something is there."""
    rounded = round(share, 2)
    if rounded in (0.0, 1.0) and rounded != share:
        rounded = 0.99 if share < 1 and rounded == 1 else 0.01
    return format_percent(rounded, locale=locale())


def _say_range(first: date, last: date) -> str:
    if first == last:
        return say_date(first, weekday=True)
    return gettext("%(first)s to %(last)s", first=say_date(first), last=say_date(last))


@dataclass(frozen=True, slots=True)
class _Span:
    """A day, or a week of days, of a plan."""

    first: date
    last: date
    new: float
    reviews: float
    minutes: float

    @property
    def label(self) -> str:
        return gettext(
            "%(days)s: %(new)s new, %(reviews)s to review, %(minutes)s",
            days=_say_range(self.first, self.last),
            new=say_number(self.new),
            reviews=say_number(self.reviews),
            minutes=say_minutes(self.minutes),
        )


def _group(days: Sequence[PlannedDay]) -> list[_Span]:
    """The days as they are drawn: one by one, or where they are many, week by week from the first."""
    size = 1 if len(days) <= _MOST_BARS else 7
    spans = []
    for at in range(0, len(days), size):
        some = days[at : at + size]
        new, reviews = sum(day.new for day in some), sum(day.reviews for day in some)
        spans.append(_Span(some[0].day, some[-1].day, new, reviews, sum(day.minutes for day in some)))
    return spans


def _mark(number: int, count: int, words: str) -> str:
    """The words under a bar, where there is room: at the ends and a few times between."""
    step = max(-(-count // _MARKS), 1)
    near_end = number > count - 1 - step * 0.9
    return words if number in (0, count - 1) or (number % step == 0 and not near_end) else ""


def _scale(highest: float, *, minutes: bool = False) -> Scale:
    top = charts.find_top(highest)
    words = format_unit(top, "minute", "short", locale=locale()) if minutes else _whole(top)
    return Scale(top, words, format_decimal(top / 2, locale=locale()))


def _draw_cards(spans: Sequence[_Span]) -> Markup:
    bars = [
        PlanBar(span.reviews, span.new, span.label, _mark(number, len(spans), say_date(span.first)))
        for number, span in enumerate(spans)
    ]
    caption = Caption(
        "cards",
        gettext("Reviews and new cards until the exam"),
        gettext(
            "New cards: %(new)s. Reviews: %(reviews)s. The most at once: %(most)s.",
            new=say_number(sum(span.new for span in spans)),
            reviews=say_number(sum(span.reviews for span in spans)),
            most=max(spans, key=lambda span: span.new + span.reviews).label,
        ),
    )
    return Markup(planchart.draw_days(caption, bars, _scale(max(span.new + span.reviews for span in spans))))  # noqa: S704 - escaped


def _draw_minutes(spans: Sequence[_Span]) -> Markup:
    bars = [
        PlanBar(span.minutes, 0, span.label, _mark(number, len(spans), say_date(span.first)))
        for number, span in enumerate(spans)
    ]
    caption = Caption(
        "minutes",
        gettext("Minutes until the exam"),
        gettext(
            "All together: %(all)s. The most at once: %(most)s.",
            all=say_minutes(sum(span.minutes for span in spans)),
            most=max(spans, key=lambda span: span.minutes).label,
        ),
    )
    scale = _scale(max(span.minutes for span in spans), minutes=True)
    return Markup(planchart.draw_days(caption, bars, scale))  # noqa: S704 - the chart escapes its words


def _draw_recall(view: PlanView) -> Markup | None:
    if view.forecast is None:
        return None
    outline, goal = view.forecast.outline, view.plan.goal.recall
    caption = Caption(
        "recall",
        gettext("Recall to expect on the day"),
        gettext(
            "%(recall)s, between %(low)s and %(high)s. The goal is %(goal)s.",
            recall=say_share(outline.recall),
            low=say_share(outline.low),
            high=say_share(outline.high),
            goal=say_share(goal),
        ),
    )
    expected = ExpectedRecall(
        outline.recall,
        outline.low,
        outline.high,
        goal,
        format_percent(0, locale=locale()),
        format_percent(1, locale=locale()),
        gettext("Goal %(share)s", share=say_share(goal)),
    )
    return Markup(planchart.draw_recall(caption, expected))  # noqa: S704 - the chart escapes its words


def _planned_cards(day: PastDay) -> float | None:
    return None if day.planned is None else day.planned.new + day.planned.reviews


def _describe_past(day: PastDay) -> PastLine:
    planned = day.planned
    return PastLine(
        day.day,
        say_date(day.day, weekday=True),
        gettext("no plan yet")
        if planned is None
        else gettext(
            "%(new)s new, %(reviews)s to review", new=say_number(planned.new), reviews=say_number(planned.reviews)
        ),
        gettext("%(new)s new, %(reviews)s reviewed", new=_whole(day.done.new), reviews=_whole(day.done.reviews))
        if day.done.answers
        else gettext("nothing"),
        say_minutes(day.done.minutes),
    )


def _draw_past(past: Sequence[PastDay]) -> Markup | None:
    shown = list(reversed(past[:_MOST_BARS]))
    if not shown:
        return None
    bars = []
    for number, day in enumerate(shown):
        line = _describe_past(day)
        label = gettext(
            "%(day)s: planned %(planned)s; done %(done)s", day=line.words, planned=line.planned, done=line.done
        )
        mark = _mark(number, len(shown), say_date(day.day))
        bars.append(PlanBar(day.done.reviews, day.done.new, label, mark, _planned_cards(day)))
    studied = sum(day.done.answers > 0 for day in shown)
    caption = Caption(
        "past",
        gettext("Cards planned and done"),
        ngettext(
            "Something was done on %(num)s of %(all)s day.",
            "Something was done on %(num)s of %(all)s days.",
            studied,
            all=len(shown),
        ),
    )
    highest = max(max(bar.lower + bar.upper, bar.planned or 0) for bar in bars)
    return Markup(planchart.draw_days(caption, bars, _scale(highest)))  # noqa: S704 - the chart escapes its words


def draw_pictures(view: PlanView) -> PlanPictures:
    """All pictures of a plan's page."""
    spans = [] if view.forecast is None else _group(view.forecast.outline.days)
    return PlanPictures(
        recall=_draw_recall(view),
        cards=_draw_cards(spans) if spans else None,
        minutes=_draw_minutes(spans) if spans else None,
        past=_draw_past(view.past),
        weekly=any(span.first != span.last for span in spans),
    )


def list_days(view: PlanView) -> PlanDays:
    """The tables behind the pictures."""
    coming = () if view.forecast is None else view.forecast.outline.days
    return PlanDays(
        tuple(
            DayLine(
                day.day,
                gettext("Today") if day.day == view.today else say_date(day.day, weekday=True),
                say_number(day.new),
                say_number(day.reviews),
                say_minutes(day.minutes),
            )
            for day in coming
        ),
        tuple(_describe_past(day) for day in view.past),
    )


def sort_students(students: Sequence[StudentLine], order: str) -> list[StudentLine]:
    """The students in an order: by name, or who needs help first by recall or minutes."""
    keys: dict[str, Any] = {
        "recall": lambda student: student.recall,
        "minutes": lambda student: -student.minutes,
        "begun": lambda student: student.begun,
    }
    return sorted(students, key=keys[order]) if order in keys else list(students)
