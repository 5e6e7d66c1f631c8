"""Pictures as SVG, drawn from plain rows; every word comes in as an argument, in the reader's language.

Bars stand at percentages of the width and text keeps its size, so one picture suits a phone and a wide screen. Colours
are classes of the style sheet: no picture carries a colour or a style of its own.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_PLOT_TOP, _PLOT_HEIGHT = 20, 120
_BASE = _PLOT_TOP + _PLOT_HEIGHT
_BARS_HEIGHT = _BASE + 24
_BAR_SHARE = 0.72  # of the room that a bar has
_ROW_HEIGHT, _TEXT_AT, _BAR_AT, _BAR_HEIGHT = 48, 15, 24, 8
_LONGEST_LABEL = 28  # columns of text, so that label and figure have room beside each other at 320 px
_PITCH, _CELL, _MONTHS_HEIGHT = 12, 10, 18


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture says to who cannot see it. ``name`` is its name among the page's pictures, a slug."""

    name: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Bar:
    """An upright bar; ``label`` says it in words, ``mark`` stands under it, ``strong`` sets it off from the others."""

    value: float
    label: str
    mark: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """What the bars are measured by: the value of the top line, and the words at it and at the half."""

    top: float
    top_text: str
    half_text: str


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A lying bar for a share from 0 to 1, with its label in ``language`` and its figure in words."""

    label: str
    language: str
    share: float
    figure: str


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of a calendar: its column, its row, its shade from 0 (blank) on, and the day in words."""

    column: int
    row: int
    level: int
    label: str


@dataclass(frozen=True, slots=True)
class MonthMark:
    """The name of a month over the column in which it begins."""

    column: int
    text: str


def find_top(value: float) -> int:
    """The smallest round number, with a whole half, that holds ``value``: 2, 4, 6, 8, 10, 20, 40, 60 and so on."""
    unit = 1
    while 10 * unit < value:
        unit *= 10
    return next(step * unit for step in (2, 4, 6, 8, 10) if step * unit >= value)


def _round(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _percent(share: float) -> str:
    return f"{_round(100 * min(max(share, 0), 1))}%"


def _frame(caption: Caption, size: str, kind: str, parts: Iterable[str]) -> str:
    name = f"chart-{escape(caption.name)}"
    return (
        f'<svg class="chart {kind}" role="img" aria-labelledby="{name}-title {name}-desc" {size}>'
        f'<title id="{name}-title">{escape(caption.title)}</title>'
        f'<desc id="{name}-desc">{escape(caption.description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _text(x: str, y: float, anchor: str, kind: str, words: str, more: str = "") -> str:
    place = f'x="{x}" y="{_round(y)}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}{more}>{escape(words)}</text>'


def _draw_line(y: float) -> str:
    return f'<line class="grid" x1="0" x2="100%" y1="{_round(y)}" y2="{_round(y)}"/>'


def _draw_bar(number: int, count: int, bar: Bar, top: float) -> str:
    if bar.value <= 0:
        return ""
    height = max(_PLOT_HEIGHT * min(bar.value / top, 1), 2)
    x, width = _percent((number + (1 - _BAR_SHARE) / 2) / count), _percent(_BAR_SHARE / count)
    kind = "bar strong" if bar.strong else "bar"
    place = f'x="{x}" y="{_round(_BASE - height)}" width="{width}" height="{_round(height)}" rx="2"'
    return f'<rect class="{kind}" {place}><title>{escape(bar.label)}</title></rect>'


def _draw_mark(number: int, count: int, words: str) -> str:
    if not words:
        return ""
    if number == 0:
        x, anchor = "0", "start"
    elif number == count - 1:
        x, anchor = "100%", "end"
    else:
        x, anchor = _percent((number + 0.5) / count), "middle"
    return _text(x, _BASE + 18, anchor, "tick", words)


def draw_bars(caption: Caption, bars: Sequence[Bar], scale: Scale) -> str:
    """Upright bars, one a day, over a line at the half and one at the top of the scale."""
    count = len(bars)
    levels = ((_PLOT_TOP, scale.top_text), (_PLOT_TOP + _PLOT_HEIGHT / 2, scale.half_text))
    parts = [_draw_line(y) for y, _ in levels]
    parts += [_draw_bar(number, count, bar, scale.top) for number, bar in enumerate(bars)]
    parts += [_text("0", y - 5, "start", "tick", words) for y, words in levels]  # over the bars, never behind one
    parts.append(f'<line class="base" x1="0" x2="100%" y1="{_BASE}" y2="{_BASE}"/>')
    parts += [_draw_mark(number, count, bar.mark) for number, bar in enumerate(bars)]
    return _frame(caption, f'width="100%" height="{_BARS_HEIGHT}"', "columns", parts)


def _measure(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def shorten(text: str) -> str:
    """The beginning of a text, as much as has room over a bar; the table holds the whole of it."""
    width = 0
    for place, sign in enumerate(text):
        width += _measure(sign)
        if width > _LONGEST_LABEL:
            return text[:place].rstrip() + "…"
    return text


def _draw_share(number: int, bar: ShareBar) -> str:
    y = number * _ROW_HEIGHT
    track = f'<rect class="track" x="0" y="{y + _BAR_AT}" width="100%" height="{_BAR_HEIGHT}" rx="{_BAR_HEIGHT // 2}"/>'
    filled = track.replace('"track"', '"bar strong"').replace("100%", _percent(bar.share)) if bar.share > 0 else ""
    label = _text(
        "0",
        y + _TEXT_AT,
        "start",
        "label",
        shorten(bar.label),
        f' lang="{escape(bar.language)}"' if bar.language else "",
    )
    return label + _text("100%", y + _TEXT_AT, "end", "figure", bar.figure) + track + filled


def draw_shares(caption: Caption, bars: Sequence[ShareBar]) -> str:
    """Lying bars from 0 to 100 percent, one under the other, each under its label and figure."""
    height = len(bars) * _ROW_HEIGHT - (_ROW_HEIGHT - _BAR_AT - _BAR_HEIGHT)
    size = f'width="100%" height="{max(height, 0)}"'
    return _frame(caption, size, "shares", (_draw_share(number, bar) for number, bar in enumerate(bars)))


def _draw_day(cell: DayCell, left: int) -> str:
    x, y = (cell.column - left) * _PITCH, _MONTHS_HEIGHT + cell.row * _PITCH
    place = f'x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" rx="2"'
    if cell.level == 0:
        return f'<rect class="day" {place}/>'
    return f'<rect class="day level-{cell.level}" {place}><title>{escape(cell.label)}</title></rect>'


def draw_calendar(caption: Caption, cells: Sequence[DayCell], months: Iterable[MonthMark]) -> str:
    """Days as squares in columns of a week, stronger where more was done; a blank day is simply blank."""
    left = min((cell.column for cell in cells), default=0)
    columns = max((cell.column for cell in cells), default=left) - left + 1
    parts = [_text(str((mark.column - left) * _PITCH), 11, "start", "tick", mark.text) for mark in months]
    parts += [_draw_day(cell, left) for cell in cells]
    box = f'viewBox="0 0 {columns * _PITCH - (_PITCH - _CELL)} {_MONTHS_HEIGHT + 7 * _PITCH}"'
    return _frame(caption, f'{box} width="100%"', "calendar", parts)
