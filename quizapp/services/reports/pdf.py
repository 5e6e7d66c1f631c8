"""A student's sheet as a PDF, by fpdf2: one page, its pictures drawn with lines and boxes.

What Helvetica cannot draw stands in Noto Sans, shaped by HarfBuzz and embedded with the letters used. What no font here
has is left out; the page says so then, and names the way to print it all.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from fpdf import FPDF
from fpdf.enums import Align, TextMode, XPos, YPos

from quizapp.core.messages import Message, say
from quizapp.core.reports.model import Words
from quizapp.services.reports.letters import ARABIC, ENCODING, LATIN, can_draw, is_plain, make_drawable
from quizapp.services.reports.sheets import Sheet, SheetTest, Week

FONT, WIDE, _ARABIC = "helvetica", "noto sans", "noto sans arabic"
_BOLD_STROKE = 0.025
"""How thick the outline of bold letters is where the font has none, as a share of their size."""
_MARGIN, _LINE, _SMALL_LINE = 20, 6.5, 5
_CHART_HEIGHT, _BAR_SHARE, _ROW = 34, 0.7, 11
_INK, _SOFT, _ACCENT, _RULE = (31, 29, 26), (92, 86, 76), (36, 66, 127), (224, 217, 202)
_LINE_WIDTH = 0.2
_MOST_LINES = 12
"""Decks and tests on the page; the page in the browser lists all."""


@dataclass(frozen=True, slots=True)
class Saying:
    """How dates, times and shares are said in the reader's language."""

    words: Words
    day: Callable[[date], str]
    time: Callable[[timedelta], str]
    share: Callable[[float], str]


@dataclass(slots=True)
class _Page:
    """The page while it is drawn. ``lost``: letters were left out; ``wide``: the embedded fonts are there."""

    pdf: FPDF
    saying: Saying
    lost: bool = field(default=False)
    wide: bool = field(default=False)

    def say(self, message: Message) -> str:
        """A message in the reader's language; in English where the font has no letters for that."""
        said = self.saying.words(message)
        return said if can_draw(said) else str(message)

    def fit(self, text: str) -> str:
        """A text of somebody's own, as far as it can be drawn."""
        drawn = make_drawable(text)
        self.lost = self.lost or drawn != unicodedata.normalize("NFC", text)
        return drawn or "?"

    def use(self, text: str, size: float, colour: tuple[int, int, int] = _INK, *, bold: bool = False) -> None:
        """Choose the font that has the letters of a text."""
        plain = is_plain(text)
        if not (plain or self.wide):
            self.wide = True
            self.pdf.add_font(WIDE, fname=LATIN)
            self.pdf.add_font(_ARABIC, fname=ARABIC)
        self.pdf.set_fallback_fonts([] if plain else [_ARABIC])
        self.pdf.set_font(FONT if plain else WIDE, "B" if bold and plain else "", size)
        self.pdf.set_text_shaping(use_shaping_engine=not plain)
        self.pdf.text_mode = TextMode.FILL_STROKE if bold and not plain else TextMode.FILL
        self.pdf.set_line_width(_BOLD_STROKE * size if bold and not plain else _LINE_WIDTH)
        self.pdf.set_draw_color(*colour)
        self.pdf.set_text_color(*colour)

    def line(self, text: str, size: float = 11, colour: tuple[int, int, int] = _INK, *, bold: bool = False) -> None:
        """A text over as many lines as it takes."""
        self.use(text, size, colour, bold=bold)
        height = _LINE if size <= 12 else size * 0.6
        self.pdf.multi_cell(0, height, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.pdf.text_mode = TextMode.FILL

    def head(self, text: str) -> None:
        self.pdf.ln(4)
        self.line(text, 13, bold=True)

    @property
    def width(self) -> float:
        return float(self.pdf.epw)


def _shorten(page: _Page, text: str, room: float) -> str:
    if page.pdf.get_string_width(text) <= room:
        return text
    while text and page.pdf.get_string_width(text + "...") > room:
        text = text[:-1]
    return text.rstrip() + "..."


def _draw_weeks(page: _Page, weeks: tuple[Week, ...]) -> None:
    """A bar for each week: how many answers."""
    pdf, top = page.pdf, max(*(week.work.answers for week in weeks), 1)
    left, base = pdf.l_margin, pdf.get_y() + _CHART_HEIGHT
    room = page.width / len(weeks)
    for number, week in enumerate(weeks):
        height = (_CHART_HEIGHT - 6) * week.work.answers / top
        x = left + number * room + room * (1 - _BAR_SHARE) / 2
        pdf.set_fill_color(*_ACCENT)
        if week.work.answers:
            pdf.rect(x, base - height, room * _BAR_SHARE, height, style="F")
        for text, y in ((str(week.work.answers), base - height - 4.5), (page.saying.day(week.first), base + 1)):
            said = text if can_draw(text) else week.first.isoformat()[5:]
            page.use(said, 8, _SOFT)
            pdf.set_xy(left + number * room, y)
            pdf.cell(room, 4, said, align=Align.C)
    pdf.set_draw_color(*_SOFT)
    pdf.set_line_width(_LINE_WIDTH)
    pdf.line(left, base, left + page.width, base)
    pdf.set_xy(left, base + 7)


def _draw_share(page: _Page, label: str, share: float | None, figure: str) -> None:
    """A lying bar under its label and figure; without a share no bar."""
    pdf, y = page.pdf, page.pdf.get_y()
    page.use(figure, 10)
    room = pdf.get_string_width(figure) + 2
    page.use(label, 10)
    pdf.cell(page.width - room, _SMALL_LINE, _shorten(page, label, page.width - room - 2), align=Align.L)
    page.use(figure, 10)
    pdf.cell(room, _SMALL_LINE, figure, align=Align.R)
    if share is not None:
        for colour, part in ((_RULE, 1.0), (_ACCENT, share)):
            pdf.set_fill_color(*colour)
            pdf.rect(pdf.l_margin, y + _SMALL_LINE + 0.7, page.width * part, 2, style="F")
    pdf.set_xy(pdf.l_margin, y + (_ROW if share is not None else _LINE))


def _say_share(page: _Page, share: float) -> str:
    said = page.saying.share(share)
    return said if can_draw(said) else f"{share:.0%}"


def _draw_test(page: _Page, test: SheetTest) -> None:
    if test.share is None:
        figure = page.say(say("not finished"))
    else:
        late = f", {page.say(say('late'))}" if test.late else ""
        figure = _say_share(page, test.share) + late
    _draw_share(page, page.fit(test.title), test.share, figure)


def _draw_head(page: _Page, sheet: Sheet) -> None:
    name = make_drawable(sheet.name)
    page.lost = page.lost or name != unicodedata.normalize("NFC", sheet.name)
    page.line(name or page.say(say("A student whose name has letters that this PDF cannot draw")), 20, bold=True)
    made = sheet.made_at.astimezone(sheet.zone).date()
    day = page.saying.day(made)
    about = [page.fit(sheet.class_name), f"{day if can_draw(day) else ''} {made.year}".strip()]
    if not name and sheet.member.external_id:
        about.insert(0, page.fit(sheet.member.external_id))
    page.line(", ".join(about), 11, _SOFT)
    if sheet.teachers:
        page.line(", ".join(map(page.fit, sheet.teachers)), 11, _SOFT)


def _draw_work(page: _Page, sheet: Sheet) -> None:
    page.head(page.say(say("Work")))
    total = sheet.total
    time = page.saying.time(total.time)
    page.line(
        page.say(
            say(
                "%(answers)s answers on %(days)s days since joining the class, %(right)s of them remembered.",
                answers=total.answers,
                days=total.days,
                right=total.right,
            )
        )
    )
    if total.millis:
        page.line(page.say(say("Time: %(time)s.", time=time if can_draw(time) else str(total.time).split(".")[0])))
    page.line(page.say(say("Answers in each of the last weeks, by the Monday:")), 10, _SOFT)
    _draw_weeks(page, sheet.weeks)


def _draw_memory(page: _Page, sheet: Sheet) -> None:
    page.head(page.say(say("Remembered today")))
    if not sheet.decks:
        page.line(page.say(say("No card has been answered yet.")))
    for deck in sheet.decks[:_MOST_LINES]:
        _draw_share(page, page.fit(deck.title), deck.recall.share, _say_share(page, deck.recall.share))
    if sheet.decks:
        text = say("%(seen)s cards begun; %(due)s wait for review.", seen=sheet.seen, due=sheet.due)
        page.line(page.say(text), 10, _SOFT)


def _draw_tests(page: _Page, sheet: Sheet) -> None:
    page.head(page.say(say("Tests")))
    if not sheet.tests:
        page.line(page.say(say("There were no tests yet.")))
    for test in sheet.tests[-_MOST_LINES:]:
        _draw_test(page, test)


def draw_sheet(sheet: Sheet, saying: Saying) -> bytes:
    """The sheet as a PDF."""
    pdf = FPDF(format="A4")
    pdf.core_fonts_encoding = ENCODING
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.c_margin = 0  # words and bars begin on one line
    pdf.set_auto_page_break(True, margin=_MARGIN)
    pdf.set_creation_date(sheet.made_at)
    pdf.set_title(make_drawable(sheet.name) or "Quizapp")
    pdf.set_lang("en")
    pdf.add_page()
    page = _Page(pdf, saying)
    for draw in (_draw_head, _draw_work, _draw_memory, _draw_tests):
        draw(page, sheet)
    pdf.ln(4)
    page.line(page.say(say("Remembered: what the memory model expects to be known without looking.")), 9, _SOFT)
    if page.lost:
        page.line(
            page.say(
                say(
                    "This PDF cannot draw all letters of the names and titles above. The page in the browser has all of"
                    " them: print that one."
                )
            ),
            9,
            _SOFT,
        )
    return bytes(pdf.output())
