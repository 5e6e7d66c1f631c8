"""A student's sheet, and its PDF."""

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from quizapp.core.errors import NotFound
from quizapp.services.accounts import Viewer
from quizapp.services.reports.letters import can_draw, make_drawable
from quizapp.services.reports.pdf import Saying, draw_sheet
from quizapp.services.reports.sheets import WEEKS, Sheet, SheetDeck, SheetTest, Work, view_sheet

PLAIN = Saying(str, lambda day: day.isoformat(), str, lambda share: f"{share:.0%}")


def _view(room, who: Viewer, days: float = 2) -> Sheet:
    with room.database.reading() as session:
        return view_sheet(session, room.taught, who.handle, room.rules, room.noon + timedelta(days=days))


def _read(data: bytes) -> str:
    """The words that a PDF of ours shows."""
    assert data.startswith(b"%PDF-")
    streams = re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)
    shown = b" ".join(zlib.decompress(stream) for stream in streams if stream.startswith(b"x"))
    words = re.findall(rb"\((.*?)(?<!\\)\) Tj", shown, re.DOTALL)
    return re.sub(r"\\(.)", r"\1", b" ".join(words).decode("windows-1252"))


def _list_embedded(data: bytes) -> str:
    """The signs that the embedded fonts of a PDF say they show, in no order."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)
    found = re.findall(rb"<[0-9A-F]{4}> <((?:[0-9A-F]{4})+)>\n", b" ".join(one for one in streams if b"beginbf" in one))
    return "".join(bytes.fromhex(one.decode()).decode("utf-16-be") for one in found)


def test_a_sheet_tells_work_memory_and_tests(room, bob: Viewer) -> None:
    room.answer(bob, "legs", shown_ms=60_000)
    room.answer(bob, "height", right=False, hours=30)
    test = room.set_test("First")
    room.set_test("Second")
    room.sit(bob, test, legs="blue")
    sheet = _view(room, bob)
    assert (sheet.name, sheet.class_name, sheet.teachers) == ("Bob Young", "Herons 8b", ("Alice",))
    assert sheet.total == Work(answers=2, right=1, days=2, millis=60_000)
    assert sheet.total.time == timedelta(minutes=1)
    assert len(sheet.weeks) == WEEKS
    # 22 November 2026 is a Sunday: the second answer is the first of a new week.
    assert [(week.first, week.work.answers) for week in sheet.weeks[-2:]] == [
        (date(2026, 11, 16), 1),
        (date(2026, 11, 23), 1),
    ]
    assert (sheet.seen, [deck.title for deck in sheet.decks]) == (2, ["Birds"])
    assert sheet.due == 2
    assert [(one.title, one.share, one.late) for one in sheet.tests] == [
        ("First", pytest.approx(6 / 7), False),
        ("Second", None, False),
    ]
    assert sheet.tests[0].ended == room.noon + timedelta(hours=1, minutes=10)


def test_a_sheet_of_who_did_nothing_is_empty_and_one_of_a_stranger_is_not_there(
    room, bob: Viewer, add_user: Callable[..., Viewer]
) -> None:
    sheet = _view(room, bob)
    assert (sheet.total, sheet.decks, sheet.tests, sheet.seen) == (Work(), (), (), 0)
    for stranger in (add_user("charlie"), room.alice, replace(bob, handle="")):
        with pytest.raises(NotFound):
            _view(room, stranger)


def test_a_sheet_of_who_left_ends_there(room, bob: Viewer) -> None:
    room.answer(bob, "legs")
    room.leave(bob, hours=2)
    room.answer(bob, "height", hours=3)
    sheet = _view(room, bob)
    assert (sheet.total.answers, sheet.member.left_at) == (1, room.noon + timedelta(hours=2))


def test_a_pdf_shows_what_the_page_shows(room, bob: Viewer) -> None:
    room.answer(bob, "legs", shown_ms=60_000)
    test = room.set_test("First (1)")
    room.set_test("Second")
    room.sit(bob, test, legs="blue")
    words = _read(draw_sheet(_view(room, bob), PLAIN))
    for said in ("Bob Young", "Herons 8b", "Alice", "1 answers on 1 days", "Birds", "First (1)", "86%", "not finished"):
        assert said in words
    assert "cannot draw" not in words


def test_a_pdf_of_nothing_says_so(room, bob: Viewer) -> None:
    words = _read(draw_sheet(_view(room, bob), PLAIN))
    for said in ("0 answers on 0 days", "No card has been answered yet", "There were no tests yet"):
        assert said in words
    assert "Time:" not in words


@pytest.mark.parametrize(
    ("first", "last"),
    [("Żaneta", "Öztürk"), ("Ждана", "Щукина"), ("Ελένη", "Παππά"), ("Tuyết", "Nguyễn"), ("ليلى", "الحسن")],
)
def test_names_in_other_letters_are_drawn_with_an_embedded_font(room, first: str, last: str) -> None:
    data = draw_sheet(_view(room, room.enrol("who", first_name=first, last_name=last)), PLAIN)
    assert set(first + last) <= set(_list_embedded(data))
    assert "cannot draw" not in _read(data)
    assert len(data) < 60_000  # the letters used, not the whole font


@pytest.mark.parametrize(("first", "last"), [("小明", "王"), ("😀", "")])
def test_letters_that_no_font_has_are_said_to_be_missing(room, first: str, last: str) -> None:
    who = room.enrol("who", first_name=first, last_name=last, external_id="77")
    words = _read(draw_sheet(_view(room, who), PLAIN))
    assert "A student whose name has letters that this PDF cannot draw" in words
    assert "This PDF cannot draw all letters" in words
    assert "77, Herons 8b" in words


def test_a_late_test_and_long_titles_fit_on_the_page(room, bob: Viewer) -> None:
    sheet = _view(room, bob)
    recall = sheet.recall
    decks = tuple(SheetDeck(f"{number} " + "long title " * 30, "en", recall) for number in range(40))
    tests = tuple(SheetTest(f"{number} 小St", 0.5, number % 2 == 0, None) for number in range(40))
    data = draw_sheet(replace(sheet, decks=decks, tests=tests, teachers=()), PLAIN)
    words = _read(data)
    assert "50%, late" in words
    assert "..." in words
    assert "39 ??" not in words


def test_words_in_a_language_whose_letters_are_there_are_drawn_and_others_said_in_english(room, bob: Viewer) -> None:
    room.answer(bob, "legs", shown_ms=60_000)
    arabic = Saying(lambda message: "عمل", lambda _: "٢٢", lambda _: "دقيقة", lambda _: "٪٥٠")
    data = draw_sheet(_view(room, bob), arabic)
    assert set("عمل٢٪٥٠") <= set(_list_embedded(data))
    assert "Work" not in _read(data)
    chinese = Saying(lambda message: "工作", lambda _: "十二", lambda _: "分", lambda _: "百")
    words = _read(draw_sheet(_view(room, bob), chinese))
    for said in ("Work", "Remembered today", "Time: 0:01:00", "11-16", "2026"):
        assert said in words


def test_what_can_be_drawn_is_drawn() -> None:
    assert can_draw("Ärger – “quoted” €")
    assert can_draw("Łódź, Ελλάδα, Ждана, نور")
    assert make_drawable("Z\u0307") == "\u017b"
    assert make_drawable("Ab王") == "Ab"
    assert make_drawable("①王") == "1"
    assert make_drawable("王") == ""
    assert make_drawable("") == ""
