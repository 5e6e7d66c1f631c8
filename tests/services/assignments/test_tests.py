"""Tests as assignments: their dates, attempts and accommodations are those of the test."""

from datetime import timedelta

import pytest

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.timing import Window
from quizapp.core.errors import Conflict
from quizapp.services.assessments import editing as tests
from quizapp.services.assessments import sitting
from quizapp.services.assessments import students as exceptions
from quizapp.services.assignments import asked, class_view, editing, students, todo
from quizapp.services.assignments.access import load_taught
from quizapp.store.assessments import ExceptionRecord

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def test_handle(desk) -> str:
    draft = tests.Draft(
        "The herons test",
        Plan(cards=("birds/height",), limit_minutes=60),
        Window(desk.noon, desk.noon + 7 * DAY, desk.noon + 14 * DAY),
        desk.herons.handle,
    )
    with desk.database.writing() as session:
        return tests.create_test(session, desk.alice, draft, desk.noon)


@pytest.fixture
def handle(desk, test_handle) -> str:
    return desk.make(title="", kind="test", test=test_handle, decks=())


def publish(desk, test_handle) -> None:
    with desk.database.writing() as session:
        tests.publish_test(session, desk.alice, test_handle, desk.noon)


def test_students_see_it_once_the_test_is_published(desk, bob, test_handle, handle) -> None:
    assert desk.look(desk.noon) == []
    publish(desk, test_handle)
    (one,) = desk.look(desk.noon)
    assert (one.record.title, one.standing, one.dates.due) == ("The herons test", "waiting", desk.noon + 7 * DAY)
    with desk.database.reading() as session:
        assert todo.view_own(session, bob, handle, desk.noon).parts == ()
        seen = class_view.view_assignment(session, desk.alice, handle, desk.noon)
        assert (seen.parts, seen.new_cards, seen.found.record.test_here) == ((), 0, True)
        assert editing.type_assignment(session, seen.found, desk.rules).kind == "test"
    with pytest.raises(Conflict, match="is a test"):
        desk.ask(bob, handle, desk.noon)


def test_it_is_done_with_the_first_attempt_that_ended(desk, bob, test_handle, handle) -> None:
    publish(desk, test_handle)
    with desk.database.writing() as session:
        drawn = sitting.draw_attempt(session, bob, test_handle, b"seed", desk.rules)
        begun = sitting.begin_attempt(session, bob, test_handle, drawn, desk.noon + 8 * DAY)
    assert desk.standings(desk.noon + 8 * DAY) == ["overdue"]
    with desk.database.writing() as session:
        sitting.hand_in(session, bob, test_handle, begun, desk.noon + 8 * DAY + HOUR)
    (one,) = desk.look(desk.noon + 9 * DAY)
    assert (one.standing, one.work.completed_at) == ("late", desk.noon + 8 * DAY + HOUR)
    with desk.database.reading() as session:
        assert asked.assignment_cells(session, desk.herons, desk.noon + 9 * DAY)[bob.learner_id].late == 1


def test_more_time_and_dates_of_the_test_hold_for_the_assignment(desk, bob, test_handle, handle) -> None:
    publish(desk, test_handle)
    given = ExceptionRecord(time_percent=150, due_at=desk.noon + 8 * DAY)
    with desk.database.writing() as session:
        exceptions.set_exception(session, desk.alice, test_handle, bob.handle, given, desk.noon)
    (one,) = desk.look(desk.noon)
    assert one.dates.due == desk.noon + 8 * DAY + HOUR / 2
    assert one.dates.closes == desk.noon + 14 * DAY + HOUR / 2


def test_a_student_is_excused_and_the_dates_stay_with_the_test(desk, bob, test_handle, handle) -> None:
    publish(desk, test_handle)
    with desk.database.writing() as session:
        students.set_own(
            session, desk.alice, handle, bob.handle, {"due": "nonsense"}, desk.rules, desk.noon, excused=True
        )
    assert desk.standings(desk.noon) == ["excused"]


def test_a_test_is_assigned_once_and_changed_in_whom_it_is_for(desk, bob, test_handle, handle) -> None:
    with desk.database.reading() as session:
        found = load_taught(session, desk.alice, handle)
        assert editing.offer_for_class(session, desk.alice, desk.herons.handle).tests == ()
        assert editing.offer_assignment(session, found.taught, found.record).tests[0].handle == test_handle
    with desk.database.writing() as session:
        typed = desk.type(title="Sit it", whom="students", students=(bob.handle,))
        editing.change_assignment(session, desk.alice, handle, typed, 1, desk.rules, desk.noon)
    with desk.database.reading() as session:
        record = load_taught(session, desk.alice, handle).record
    assert (record.title, record.is_test, record.for_class) == ("Sit it", True, False)


def test_with_the_test_its_assignment_goes(desk, test_handle, handle) -> None:
    with desk.database.writing() as session:
        tests.remove_test(session, desk.alice, test_handle)
    with desk.database.reading() as session:
        assert class_view.list_class_assignments(session, desk.alice, desk.herons.handle, desk.noon).lines == ()
