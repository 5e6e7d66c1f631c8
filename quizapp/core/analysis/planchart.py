"""The pictures of a plan: what each day brings, what was planned and done, and what to expect; in the ways of charts.

Bars stand at percentages of the width and text keeps its size, so one picture suits a phone and a wide screen. Every
word comes in as an argument; colours are classes of the style sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from quizapp.core.analysis.charts import Caption, Scale

_TOP, _HEIGHT = 20, 120
_BASE = _TOP + _HEIGHT
_SHARE = 0.72  # of the room that a bar has
_LEFT = 0.075  # of the width: room for the numbers of the scale, also at 320 px
_TRACK_AT, _TRACK_HEIGHT, _RANGE_HEIGHT = 26, 12, 62


@dataclass(frozen=True, slots=True)
class PlanBar:
    """One day or week: ``lower`` and ``upper`` stand on each other; ``planned`` is a line across, where there is one.

    ``label`` says all of it in words, ``mark`` stands under the bar.
    """

    lower: float
    upper: float
    label: str
    mark: str = ""
    planned: float | None = None


@dataclass(frozen=True, slots=True)
class ExpectedRecall:
    """Shares from 0 to 1: what is expected, its range, and what is wished for; with the words at the ends and the goal.

    ``goal_text`` stands at the goal's place.
    """

    recall: float
    low: float
    high: float
    goal: float
    low_text: str
    high_text: str
    goal_text: str


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _percent(share: float) -> str:
    return f"{_number(100 * min(max(share, 0.0), 1.0))}%"


def _text(x: str, y: float, anchor: str, kind: str, words: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{_number(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def _line(kind: str, y: float, first: str = "0", last: str = "100%") -> str:
    return f'<line class="{kind}" x1="{first}" x2="{last}" y1="{_number(y)}" y2="{_number(y)}"/>'


def _frame(caption: Caption, kind: str, height: int, parts: Sequence[str]) -> str:
    name = f"chart-{escape(caption.name)}"
    return (
        f'<svg class="chart {kind}" role="img" aria-labelledby="{name}-title {name}-desc" width="100%"'
        f' height="{height}"><title id="{name}-title">{escape(caption.title)}</title>'
        f'<desc id="{name}-desc">{escape(caption.description)}</desc>{"".join(parts)}</svg>'
    )


def _draw_piece(kind: str, x: str, width: str, bottom: float, height: float) -> str:
    if height <= 0:
        return ""
    place = f'x="{x}" y="{_number(bottom - height)}" width="{width}" height="{_number(height)}"'
    return f'<rect class="{kind}" {place}/>'


def _place(number: float, count: int) -> str:
    """How far from the left a bar's room begins."""
    return _percent(_LEFT + (1 - _LEFT) * number / count)


def _draw_mark(number: int, count: int, words: str) -> str:
    if number == 0:
        x, anchor = _place(0, count), "start"
    elif number == count - 1:
        x, anchor = "100%", "end"
    else:
        x, anchor = _place(number + 0.5, count), "middle"
    return _text(x, _BASE + 18, anchor, "tick", words)


def _draw_bar(number: int, count: int, bar: PlanBar, top: float) -> str:
    whole = (1 - _LEFT) / count
    x, width = _place(number + (1 - _SHARE) / 2, count), _percent(_SHARE * whole)
    lower = _HEIGHT * min(bar.lower / top, 1)
    upper = min(_HEIGHT * bar.upper / top, _HEIGHT - lower)
    pieces = [
        _draw_piece("bar", x, width, _BASE, lower),
        _draw_piece("bar strong", x, width, _BASE - lower, upper),
    ]
    if bar.planned is not None:
        y = _BASE - _HEIGHT * min(bar.planned / top, 1)
        pieces.append(_line("planned", y, _place(number, count), _place(number + 1, count)))
    # The whole column can be pointed at, also where the bar is low.
    room = _draw_piece("room", _place(number, count), _percent(whole), _BASE, _HEIGHT)
    mark = _draw_mark(number, count, bar.mark) if bar.mark else ""
    return f"<g><title>{escape(bar.label)}</title>{room}{''.join(pieces)}</g>{mark}"


def draw_days(caption: Caption, bars: Sequence[PlanBar], scale: Scale) -> str:
    """Upright bars, one a day or week, over a line at the half and one at the top of the scale."""
    parts = [
        _line("grid", _TOP),
        _text("0", _TOP - 5, "start", "tick", scale.top_text),
        _line("grid", _TOP + _HEIGHT / 2, _place(0, 1)),
        _text("0", _TOP + _HEIGHT / 2 + 4, "start", "tick", scale.half_text),
    ]
    parts += [_draw_bar(number, len(bars), bar, scale.top) for number, bar in enumerate(bars)]
    parts.append(_line("base", _BASE))
    return _frame(caption, "plan-days", _BASE + 24, parts)


def _draw_upright(kind: str, x: str, beyond: int) -> str:
    top, bottom = _TRACK_AT - beyond, _TRACK_AT + _TRACK_HEIGHT + beyond
    return f'<line class="{kind}" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>'


def draw_recall(caption: Caption, expected: ExpectedRecall) -> str:
    """A lying bar from 0 to 100 percent: the range that is expected, what is most likely in it, and the goal."""
    bottom = _TRACK_AT + _TRACK_HEIGHT
    track = f'y="{_TRACK_AT}" height="{_TRACK_HEIGHT}" rx="{_TRACK_HEIGHT // 2}"'
    width = max(expected.high - expected.low, 0.005)
    goal = _percent(expected.goal)
    parts = [
        f'<rect class="track" x="0" width="100%" {track}/>',
        f'<rect class="bar" x="{_percent(min(expected.low, 0.995))}" width="{_percent(width)}" {track}/>',
        _draw_upright("likely", _percent(expected.recall), 3),
        _draw_upright("goal", goal, 8),
        _text(goal, _TRACK_AT - 13, "end" if expected.goal > 0.5 else "start", "tick", expected.goal_text),
        _text("0", bottom + 22, "start", "tick", expected.low_text),
        _text("100%", bottom + 22, "end", "tick", expected.high_text),
    ]
    return _frame(caption, "plan-recall", _RANGE_HEIGHT + 2, parts)
