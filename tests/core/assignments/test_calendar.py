from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from quizapp.core.assignments.calendar import DueDate, write_calendar

MADE = datetime(2026, 11, 22, 12, 0, 0, 500_000, tzinfo=UTC)
DUE = DueDate("h-1", "Herons, owls; and\nmore\\", datetime(2027, 7, 1, 9, tzinfo=ZoneInfo("Europe/Berlin")), MADE, MADE)


def events(content: bytes):
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_an_empty_calendar_is_one() -> None:
    content = write_calendar("Quizapp", [])
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert events(content) == []


def test_a_due_date_reads_back_with_its_name_and_moment_in_utc() -> None:
    content = write_calendar("Quizapp", [DUE])
    (event,) = events(content)
    assert event["SUMMARY"] == DUE.title
    assert event["UID"] == "h-1@quizapp"
    assert event.decoded("DTSTART") == datetime(2027, 7, 1, 7, tzinfo=UTC)
    assert b"DTSTART:20270701T070000Z" in content
    assert (int(event["SEQUENCE"]), event.decoded("LAST-MODIFIED")) == (0, MADE.replace(microsecond=0))
    assert "DESCRIPTION" not in event
    assert Calendar.from_ical(content).errors == []


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    changed = DueDate(DUE.handle, "New", DUE.at + timedelta(days=1), MADE, MADE + timedelta(hours=1))
    (event,) = events(write_calendar("Quizapp", [changed]))
    assert (event["UID"], int(event["SEQUENCE"])) == ("h-1@quizapp", 3600)
    assert event.decoded("LAST-MODIFIED") == (MADE + timedelta(hours=1)).replace(microsecond=0)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200))
def test_no_title_breaks_out_of_its_line(title: str) -> None:
    content = write_calendar("Quizapp", [DueDate("h-1", title, DUE.at, MADE, MADE)])
    (event,) = events(content)
    assert str(event["SUMMARY"]) == title
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
