"""The learner's progress: what is remembered, what comes back, how it went; each picture with its numbers."""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.analysis import charts
from quizapp.core.analysis.charts import Bar, Caption, DayCell, MonthMark, Scale, ShareBar
from quizapp.core.analysis.progress import CalendarDay, DayWork, Recall, lay_out_calendar, sum_work
from quizapp.core.learning.studyday import add_days
from quizapp.services import progress
from quizapp.services.progress import FORECAST_DAYS, Progress
from quizapp.web.context import learner_id, lost_sign_in, now, reader, rules
from quizapp.web.locales import locale
from quizapp.web.words import gettext, ngettext

bp = Blueprint("progress", __name__)

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_WEEKS_IN_HALF = 27


@dataclass(frozen=True, slots=True)
class DayLine:
    """A line of a table of days."""

    day: date
    words: str
    count: int
    time: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The page's pictures, drawn."""

    forecast: Markup
    themes: Markup
    decks: Markup
    year: tuple[Markup, ...]
    time: Markup


def say_date(day: date, *, year: bool = False) -> str:
    """A day as ``3 Dec``, or with its year."""
    return format_skeleton("yMMMd" if year else "MMMd", datetime(day.year, day.month, day.day), locale=locale())  # noqa: DTZ001 - a date


def say_retention(share: float) -> str:
    """A desired retention, to the hundredth of a percent: ``90%``, ``92.5%``."""
    return format_percent(share, format="#,##0.##%", locale=locale())


def say_length(millis: int) -> str:
    """A length of time: ``under 1 min``, ``12 min``, ``3 hr 5 min``; ``0 min`` where it is nothing."""
    if 0 < millis < _MINUTE:
        return gettext("under %(time)s", time=format_unit(1, "minute", "short", locale=locale()))
    hours, rest = divmod(round(millis / _MINUTE), 60)
    minutes = format_unit(rest, "minute", "short", locale=locale())
    if not hours:
        return minutes
    whole = format_unit(hours, "hour", "short", locale=locale())
    return f"{whole} {minutes}" if rest else whole


def _number(value: float) -> str:
    return format_decimal(value, format="#,##0", locale=locale())


def _days_ahead(shown: Progress) -> list[DayLine]:
    days = [add_days(shown.today, ahead) for ahead in range(FORECAST_DAYS)]
    names = [gettext("Today")] + [say_date(day) for day in days[1:]]
    return [DayLine(*line) for line in zip(days, names, shown.forecast, strict=True)]


def _is_marked(number: int, count: int) -> bool:
    """Whether a day's name stands under its bar: the first, the last, and each week between, where there is room."""
    return number in (0, count - 1) or (number % 7 == 0 and number < count - 4)


def _scale(highest: float, unit: str = "") -> Scale:
    top = charts.find_top(highest)
    if unit:
        return Scale(top, format_unit(top, unit, "short", locale=locale()), _number(top / 2))
    return Scale(top, _number(top), _number(top / 2))


def _draw_forecast(shown: Progress, lines: list[DayLine]) -> Markup:
    most = max(lines, key=lambda line: line.count)
    caption = Caption(
        "forecast",
        gettext("Cards due on each of the next %(days)s study days", days=len(lines)),
        gettext(
            "Today: %(today)s. The most: %(most)s (%(day)s). All together: %(all)s.",
            today=_number(lines[0].count),
            most=_number(most.count),
            day=most.words,
            all=_number(sum(shown.forecast)),
        ),
    )
    bars = [
        Bar(
            line.count,
            ngettext(
                "%(day)s: %(number)s card",
                "%(day)s: %(number)s cards",
                line.count,
                day=line.words,
                number=_number(line.count),
            ),
            line.words if _is_marked(number, len(lines)) else "",
            strong=number == 0,
        )
        for number, line in enumerate(lines)
    ]
    return Markup(charts.draw_bars(caption, bars, _scale(most.count)))  # noqa: S704 - the chart escapes its words


def _draw_shares(name: str, title: str, bars: list[ShareBar]) -> Markup:
    shares = [f"{bar.label}: {bar.figure}" for bar in bars]
    caption = Caption(name, title, "; ".join(shares) + ".")
    return Markup(charts.draw_shares(caption, bars))  # noqa: S704 - the chart escapes its words


def _share_bar(label: str, language: str, recall: Recall) -> ShareBar:
    share = format_percent(recall.share, locale=locale())
    # For translators: the recall of a deck or theme, such as "93% of 40" cards.
    figure = gettext("%(share)s of %(cards)s", share=share, cards=_number(recall.cards))
    return ShareBar(label, language, recall.share, figure)


def _draw_themes(shown: Progress) -> Markup:
    bars = [_share_bar(each.theme.capitalize(), "", each.recall) for each in shown.themes]
    return _draw_shares("themes", gettext("Recall today by theme"), bars)


def _draw_decks(shown: Progress) -> Markup:
    bars = [_share_bar(each.title, each.language, each.recall) for each in shown.decks]
    return _draw_shares("decks", gettext("Recall today by deck"), bars)


def _say_answers(day: str, count: int) -> str:
    return ngettext("%(day)s: %(number)s answer", "%(day)s: %(number)s answers", count, day=day, number=_number(count))


def _mark_months(days: list[CalendarDay]) -> list[MonthMark]:
    """The months that begin in these days, save where the name would run over the edge."""
    last = days[-1].week
    firsts = [day for day in days if day.day.day == 1 and day.week < last - 1]
    return [
        MonthMark(each.week, format_skeleton("MMM", datetime(each.day.year, each.day.month, 1), locale=locale()))  # noqa: DTZ001 - a date
        for each in firsts
    ]


def _draw_half(name: str, days: list[CalendarDay]) -> Markup:
    first, last = say_date(days[0].day, year=True), say_date(days[-1].day, year=True)
    studied = sum(day.answers > 0 for day in days)
    answers = sum(day.answers for day in days)
    caption = Caption(
        name,
        gettext("Study days from %(first)s to %(last)s", first=first, last=last),
        ngettext("%(days)s study day", "%(days)s study days", studied, days=_number(studied))
        + ", "
        + ngettext("%(number)s answer", "%(number)s answers", answers, number=_number(answers)),
    )
    cells = [
        DayCell(day.week, day.weekday, day.level, _say_answers(say_date(day.day, year=True), day.answers))
        for day in days
    ]
    return Markup(charts.draw_calendar(caption, cells, _mark_months(days)))  # noqa: S704 - the chart escapes its words


def _draw_year(shown: Progress) -> tuple[Markup, ...]:
    """The year in two halves: beside each other they read as one, on a phone the later one comes below."""
    days = lay_out_calendar(shown.days, shown.first_day, shown.today, locale().first_week_day)
    halves = (
        [day for day in days if day.week < _WEEKS_IN_HALF],
        [day for day in days if day.week >= _WEEKS_IN_HALF],
    )
    return tuple(_draw_half(f"year-{number}", half) for number, half in enumerate(halves, 1))


def _draw_time(shown: Progress) -> Markup:
    worked = {work.day: work.millis for work in shown.days}
    days = [add_days(shown.today, 1 + ahead - FORECAST_DAYS) for ahead in range(FORECAST_DAYS)]
    names = [say_date(day) for day in days[:-1]] + [gettext("Today")]
    millis = [worked.get(day.toordinal(), 0) for day in days]
    month = sum_work(shown.days, days[0].toordinal(), days[-1].toordinal())
    caption = Caption(
        "time",
        gettext("Minutes on each of the last %(days)s study days", days=len(days)),
        gettext(
            "Today: %(today)s. The most on one day: %(most)s. All together: %(all)s.",
            today=say_length(millis[-1]),
            most=say_length(max(millis)),
            all=say_length(month.millis),
        ),
    )
    bars = [
        Bar(
            spent / _MINUTE,
            f"{name}: {say_length(spent)}",
            name if _is_marked(len(days) - 1 - number, len(days)) else "",
            strong=number == len(days) - 1,
        )
        for number, (name, spent) in enumerate(zip(names, millis, strict=True))
    ]
    return Markup(charts.draw_bars(caption, bars, _scale(max(millis) / _MINUTE, "minute")))  # noqa: S704 - escaped


def _list_days(days: tuple[DayWork, ...]) -> list[DayLine]:
    """The study days with answers, the latest first."""
    found = [(date.fromordinal(work.day), work) for work in reversed(days)]
    return [DayLine(day, say_date(day, year=True), work.answers, say_length(work.millis)) for day, work in found]


def _list_recent(shown: Progress) -> list[DayLine]:
    """The days of the picture of time, the latest first, those without an answer too."""
    work = {each.day: each for each in shown.days}
    lines = []
    for back in range(FORECAST_DAYS):
        day = add_days(shown.today, -back)
        found = work.get(day.toordinal())
        name = say_date(day) if back else gettext("Today")
        lines.append(DayLine(day, name, found.answers if found else 0, say_length(found.millis if found else 0)))
    return lines


@bp.get("/progress")
def show() -> ResponseReturnValue:
    """What the viewer remembers, and what was done for it; a visitor is told how it begins."""
    learner = learner_id()
    shown = None if learner is None else progress.view_progress(reader(), learner, rules(), now())
    if shown is None or not shown.begun:
        return render_template("progress/begin.html", signed_out=lost_sign_in())
    ahead = _days_ahead(shown)
    pictures = Pictures(
        forecast=_draw_forecast(shown, ahead),
        themes=_draw_themes(shown),
        decks=_draw_decks(shown),
        year=_draw_year(shown),
        time=_draw_time(shown),
    )
    return render_template(
        "progress/progress.html",
        shown=shown,
        pictures=pictures,
        ahead=ahead,
        worked=_list_days(shown.days),
        recent=_list_recent(shown),
        say_length=say_length,
        desired=say_retention(shown.desired),
        day_start=format_time(rules().calendar.day_start, "short", locale=locale()),
    )
