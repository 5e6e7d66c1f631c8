from datetime import timedelta

import pytest
from icalendar import Calendar

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.timing import Window
from quizapp.core.errors import NotFound
from quizapp.services import classes_settings
from quizapp.services.assessments import editing as tests
from quizapp.services.assessments import students as exceptions
from quizapp.services.assignments import calendar, editing, students
from quizapp.store.assessments import ExceptionRecord

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECRET = b"a secret for tests only"


def write(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def make_feed(desk, who) -> str:
    with desk.database.writing() as session:
        return calendar.make_feed(session, who, SECRET, desk.noon)


def read(desk, token, now=None):
    with desk.database.reading() as session:
        content = calendar.write_feed(session, token, now or desk.noon)
    return [
        (str(event["SUMMARY"]), event.decoded("DTSTART"), str(event["UID"]), int(event["SEQUENCE"]))
        for event in Calendar.from_ical(content).walk("VEVENT")
    ]


def make_test(desk, *, minutes: int | None = None) -> str:
    window = Window(None, None, desk.noon + 3 * DAY)
    plan = Plan(cards=("birds/height",), limit_minutes=minutes)
    draft = tests.Draft("The herons test", plan, window, desk.herons.handle)
    with desk.database.writing() as session:
        handle = tests.create_test(session, desk.alice, draft, desk.noon)
        tests.publish_test(session, desk.alice, handle, desk.noon)
    return handle


def test_a_feed_is_the_owners_and_ends_when_it_is_taken_back(desk, bob) -> None:
    with desk.database.reading() as session:
        assert calendar.find_token(session, bob, SECRET) == ""
    first, second = make_feed(desk, bob), make_feed(desk, bob)
    assert first != second
    assert len(second) == 64
    with desk.database.reading() as session:
        assert calendar.find_token(session, bob, SECRET) == second
    assert read(desk, second) == []
    for gone in (first, "", "x" * 64, second.upper(), second + "0"):
        with pytest.raises(NotFound, match="no such calendar"):
            read(desk, gone)
    for _ in range(2):
        with desk.database.writing() as session:
            calendar.end_feed(session, bob)
    with pytest.raises(NotFound):
        read(desk, second)


def test_each_sees_what_is_due_for_them(desk, bob, charlie, dana) -> None:
    handle = desk.make()
    desk.make(title="No date", due="", closes="")
    desk.make(title="Closes only", due="")
    test = make_test(desk, minutes=60)
    expected = [
        ("The herons test", desk.noon + 3 * DAY, f"{test}@quizapp"),
        ("Read about herons", desk.noon + 7 * DAY, f"{handle}@quizapp"),
    ]
    for who in (bob, desk.alice):
        found = read(desk, make_feed(desk, who))
        assert [line[:3] for line in found[:2]] == expected
        assert found[2][:2] == ("Closes only", desk.noon + 14 * DAY)
        assert len(found) == 3
    for who in (charlie, dana):
        assert read(desk, make_feed(desk, who)) == []
    given = ExceptionRecord(time_percent=200)
    with desk.database.writing() as session:
        exceptions.set_exception(session, desk.alice, test, bob.handle, given, desk.noon + HOUR)
    assert read(desk, make_feed(desk, bob))[0][1:] == (desk.noon + 3 * DAY + HOUR, f"{test}@quizapp", 3600)


def test_a_change_moves_the_event_and_raises_its_sequence(desk, bob) -> None:
    handle, token = desk.make(), make_feed(desk, bob)
    before = read(desk, token)[0]
    with desk.database.writing() as session:
        own = {"due": write(desk.noon + 9 * DAY)}
        students.set_own(session, desk.alice, handle, bob.handle, own, desk.rules, desk.noon + HOUR, excused=False)
    after = read(desk, token)[0]
    assert (after[1], after[2], before[3], after[3]) == (desk.noon + 9 * DAY, before[2], 0, 3600)
    assert read(desk, make_feed(desk, desk.alice))[0][1] == desk.noon + 7 * DAY
    with desk.database.writing() as session:
        students.set_own(session, desk.alice, handle, bob.handle, {}, desk.rules, desk.noon + DAY, excused=True)
    assert read(desk, token) == []


def test_an_archived_class_and_a_deleted_assignment_leave_the_calendar(desk, bob) -> None:
    handle, token, taught = desk.make(), make_feed(desk, bob), make_feed(desk, desk.alice)
    with desk.database.writing() as session:
        editing.delete_assignment(session, desk.alice, handle)
    assert read(desk, token) == []
    desk.make()
    make_test(desk)
    with desk.database.writing() as session:
        classes_settings.archive_class(session, desk.alice, desk.herons.handle, desk.noon)
    assert read(desk, token) == []
    assert read(desk, taught) == []


def test_one_assignment_is_a_file_for_those_it_concerns(desk, bob, charlie) -> None:
    handle, dateless = desk.make(), desk.make(due="", closes="")
    with desk.database.reading() as session:
        for who in (bob, desk.alice):
            content = calendar.write_one(session, who, handle, desk.noon)
            assert [str(event["SUMMARY"]) for event in Calendar.from_ical(content).walk("VEVENT")] == [
                "Read about herons"
            ]
            assert b"VEVENT" not in calendar.write_one(session, who, dateless, desk.noon)
        for stranger in (charlie, None):
            with pytest.raises(NotFound):
                calendar.write_one(session, stranger, handle, desk.noon)
