from datetime import timedelta

import pytest
from icalendar import Calendar

from quizapp.services import accounts, merging
from quizapp.services.assignments import calendar, class_view, students

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def guest(desk, join):
    """Somebody who studies in the class without an account."""
    with desk.database.writing() as session:
        who = accounts.start_guest(session, "10.0.0.1", desk.noon).viewer
    return join(who)


def test_a_guest_is_asked_and_has_a_calendar(desk, guest) -> None:
    desk.make()
    desk.answer(guest, "height", desk.noon + HOUR)
    assert desk.standings(desk.noon + HOUR) == ["underway"]
    with desk.database.writing() as session:
        token = calendar.make_feed(session, guest, b"a secret", desk.noon)
        assert len(Calendar.from_ical(calendar.write_feed(session, token, desk.noon)).walk("VEVENT")) == 1


def test_what_a_guest_did_and_was_granted_goes_along_to_the_account(desk, guest, library_add_user) -> None:
    handle = desk.make(whom="students", students=(guest.handle,))
    due = (desk.noon + 9 * DAY).strftime("%Y-%m-%dT%H:%M")
    with desk.database.writing() as session:
        students.set_own(session, desk.alice, handle, guest.handle, {"due": due}, desk.rules, desk.noon, excused=False)
    desk.answer(guest, "height", desk.noon + HOUR)
    bob = library_add_user("Bob")
    with desk.database.writing() as session:
        merging.merge_guest(session, bob, guest.handle, desk.rules)
    (one,) = desk.look(desk.noon + DAY)
    assert (one.record.learner_id, one.work.done, one.dates.due) == (bob.learner_id, 1, desk.noon + 9 * DAY)
    with desk.database.reading() as session:
        page = class_view.view_assignment(session, desk.alice, handle, desk.noon + DAY)
    assert page.counts["underway"] == 1
    assert [named.student for named in page.changes] == ["Bob", ""]
