"""A picture of what a desired retention costs and brings: two curves over the same scale, drawn in the ways of charts.

Points stand at percentages of the width and text keeps its size, so one picture suits a phone and a wide screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from quizapp.core.analysis.charts import Caption, Scale

_TOP, _HEIGHT, _GAP = 26, 96, 58
_LEFT, _RIGHT = 3.0, 97.0  # percent of the width, so that no point is cut
_DOT, _OWN_DOT = 4, 6
_MARK_SPACE = 22


@dataclass(frozen=True, slots=True)
class Point:
    """A retention from 0 to 1 with its value in words; ``mark`` stands under it, ``own`` sets it off as the own one."""

    share: float
    value: float
    label: str
    mark: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """Points by rising share, what they are measured by, and the curve's name."""

    name: str
    points: Sequence[Point]
    scale: Scale


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(x: str, y: float, anchor: str, kind: str, words: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{_number(y)}" text-anchor="{anchor}">{escape(words)}</text>'


class _Plot:
    """One curve with its lines, from a height of the picture on."""

    def __init__(self, curve: Curve, top: float, first: float, last: float) -> None:
        self._curve, self._top, self._first = curve, top, first
        self._width = (last - first) or 1.0

    def _x(self, point: Point) -> str:
        return f"{_number(_LEFT + (_RIGHT - _LEFT) * (point.share - self._first) / self._width)}%"

    def _y(self, value: float) -> float:
        top = self._curve.scale.top
        return self._top + _HEIGHT * (1 - min(value / top, 1) if top > 0 else 1)

    def _draw_grid(self) -> list[str]:
        scale, parts = self._curve.scale, []
        for y, words in ((self._top, scale.top_text), (self._top + _HEIGHT / 2, scale.half_text)):
            parts.append(f'<line class="grid" x1="0" x2="100%" y1="{_number(y)}" y2="{_number(y)}"/>')
            parts.append(_text("0", y - 4, "start", "tick", words))
        base = _number(self._top + _HEIGHT)
        parts.append(f'<line class="base" x1="0" x2="100%" y1="{base}" y2="{base}"/>')
        return parts

    def _draw_line(self, start: Point, end: Point) -> str:
        places = f'x1="{self._x(start)}" y1="{_number(self._y(start.value))}"'
        return f'<line class="curve" {places} x2="{self._x(end)}" y2="{_number(self._y(end.value))}"/>'

    def _draw_point(self, point: Point) -> str:
        kind, radius = ("dot own", _OWN_DOT) if point.own else ("dot", _DOT)
        place = f'cx="{self._x(point)}" cy="{_number(self._y(point.value))}" r="{radius}"'
        return f'<circle class="{kind}" {place}><title>{escape(point.label)}</title></circle>'

    def _draw_own(self, point: Point) -> str:
        x = self._x(point)
        return f'<line class="own" x1="{x}" x2="{x}" y1="{self._top}" y2="{self._top + _HEIGHT}"/>'

    def _draw_mark(self, place: int, point: Point) -> str:
        points = self._curve.points
        anchor = "start" if place == 0 else "end" if place == len(points) - 1 else "middle"
        x = {"start": "0", "end": "100%"}.get(anchor, self._x(point))
        return _text(x, self._top + _HEIGHT + 17, anchor, "tick", point.mark)

    def draw(self) -> list[str]:
        points = self._curve.points
        parts = [_text("0", self._top - 20, "start", "label", self._curve.name), *self._draw_grid()]
        parts += [self._draw_own(point) for point in points if point.own]
        parts += [self._draw_line(start, end) for start, end in pairwise(points)]
        parts += [self._draw_point(point) for point in points]
        return parts + [self._draw_mark(place, point) for place, point in enumerate(points) if point.mark]


def draw_curves(caption: Caption, curves: Sequence[Curve]) -> str:
    """The curves one under the other, each under its name; all share the scale from the least to the greatest share."""
    shares = [point.share for curve in curves for point in curve.points]
    first, last = min(shares, default=0.0), max(shares, default=0.0)
    parts: list[str] = []
    for number, curve in enumerate(curves):
        parts += _Plot(curve, _TOP + 14 + number * (_HEIGHT + _GAP + 8), first, last).draw()
    name = f"chart-{escape(caption.name)}"
    height = _TOP + 14 + len(curves) * (_HEIGHT + _GAP + 8) - _GAP - 8 + _MARK_SPACE if curves else 0
    return (
        f'<svg class="chart curves" role="img" aria-labelledby="{name}-title {name}-desc"'
        f' width="100%" height="{height}">'
        f'<title id="{name}-title">{escape(caption.title)}</title>'
        f'<desc id="{name}-desc">{escape(caption.description)}</desc>'
        f"{''.join(parts)}</svg>"
    )
