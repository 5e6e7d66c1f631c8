"""A test given to a group or to single students is nobody else's: not in a list, not by its address."""

import uuid
from datetime import timedelta

import pytest

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.timing import Window
from quizapp.core.errors import Conflict, NotFound
from quizapp.services import accounts, classes, classes_settings
from quizapp.services.assessments import editing as tests
from quizapp.services.assessments import results, sitting
from quizapp.services.assessments.access import load_for_student
from quizapp.services.assessments.holding import list_held_refs
from quizapp.services.assignments import calendar, editing, students

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECRET = b"a secret for tests only"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def eve(library_add_user, join):
    """Another student of Alice's class."""
    return join(library_add_user("Eve"))


def make_group(desk, name: str, *members) -> str:
    with desk.database.writing() as session:
        group = classes_settings.add_group(session, desk.alice, desk.herons.handle, name)
        put_into(session, desk, group, *members)
    return group


def put_into(session, desk, group: str, *members) -> None:
    handles = [one.handle for one in members]
    classes_settings.set_group_members(session, desk.alice, desk.herons.handle, group, handles)


def make_test(desk, **more) -> str:
    window = Window(desk.noon, desk.noon + 7 * DAY, desk.noon + 14 * DAY)
    plan = Plan(cards=("birds/height",), attempts=2)
    draft = tests.Draft("The herons test", plan, window, desk.herons.handle, holds=True, **more)
    with desk.database.writing() as session:
        handle = tests.create_test(session, desk.alice, draft, desk.noon)
        tests.publish_test(session, desk.alice, handle, desk.noon)
    return handle


def give(desk, test: str, **whom) -> str:
    return desk.make(title="", kind="test", test=test, decks=(), **whom)


def begin(desk, who, test: str) -> str:
    with desk.database.reading() as session:
        drawn = sitting.draw_attempt(session, who, test, b"seed", desk.rules)
    with desk.database.writing() as session:
        return sitting.begin_attempt(session, who, test, drawn, desk.noon)


def sees(desk, who, test: str) -> bool:
    """Whether a test is there for somebody: listed, opened by its address, and held back from study; all or none."""
    with desk.database.reading() as session:
        listed = [one.assessment.handle for one in results.list_own_tests(session, who, desk.noon)] == [test]
        held = bool(list_held_refs(session, who.learner_id, desk.noon))
        try:
            opened = load_for_student(session, who, test).handle == test
        except NotFound:
            opened = False
    assert listed == held == opened
    return listed


def has_date(desk, who) -> bool:
    """Whether a test of the class stands in somebody's calendar."""
    with desk.database.writing() as session:
        token = calendar.make_feed(session, who, SECRET, desk.noon)
        return b"VEVENT" in calendar.write_feed(session, token, desk.noon)


def test_a_test_for_a_group_is_seen_by_its_students_alone(desk, bob, eve, charlie) -> None:
    test, red = make_test(desk), make_group(desk, "Red", bob)
    assert [sees(desk, who, test) for who in (bob, eve, charlie)] == [True, True, False]
    give(desk, test, whom="groups", groups=(red,))
    assert [sees(desk, who, test) for who in (bob, eve, charlie)] == [True, False, False]
    assert [has_date(desk, who) for who in (bob, eve, charlie)] == [True, False, False]
    with pytest.raises(NotFound):
        begin(desk, eve, test)
    with desk.database.reading() as session:
        report = results.view_report(session, desk.alice, test)
        assert [line.student.name for line in report.lines] == ["Bob"]
    with desk.database.writing() as session:
        put_into(session, desk, red, bob, eve)
    assert sees(desk, eve, test)


@on_sqlite
def test_a_test_for_single_students_is_theirs_guests_too(desk, bob, eve, join) -> None:
    with desk.database.writing() as session:
        guest = join(accounts.start_guest(session, "10.0.0.1", desk.noon).viewer)
    test = make_test(desk)
    give(desk, test, whom="students", students=(guest.handle,))
    assert [sees(desk, who, test) for who in (bob, eve, guest)] == [False, False, True]
    with pytest.raises(NotFound), desk.database.reading() as session:
        results.find_student(session, tests.load_taught(session, desk.alice, test), bob.handle)


@on_sqlite
def test_a_test_for_the_class_stays_everybodys_who_is_excused_too(desk, bob, eve) -> None:
    test = make_test(desk)
    handle = give(desk, test)
    with desk.database.writing() as session:
        students.set_own(session, desk.alice, handle, bob.handle, {}, desk.rules, desk.noon, excused=True)
    with desk.database.reading() as session:
        assert load_for_student(session, bob, test).handle == test
    assert sees(desk, eve, test)


@on_sqlite
def test_being_excused_or_having_dates_of_ones_own_is_not_being_asked(desk, bob, eve) -> None:
    test = make_test(desk)
    handle = give(desk, test, whom="students", students=(bob.handle,))
    with desk.database.writing() as session:
        students.set_own(session, desk.alice, handle, eve.handle, {}, desk.rules, desk.noon, excused=True)
    assert not sees(desk, eve, test)


@on_sqlite
def test_who_is_moved_while_a_test_is_open_keeps_what_was_begun_and_begins_nothing_more(desk, bob, eve) -> None:
    test, red = make_test(desk), make_group(desk, "Red", bob)
    give(desk, test, whom="groups", groups=(red,))
    attempt = begin(desk, bob, test)
    with desk.database.writing() as session:
        put_into(session, desk, red, eve)
    assert begin(desk, bob, test) == attempt
    with desk.database.reading() as session:
        assert sitting.view_sitting(session, bob, test, attempt) is not None
        assert not results.view_own_test(session, bob, test, desk.noon).may_begin
        assert list_held_refs(session, bob.learner_id, desk.noon) == {"birds/height"}
    with desk.database.writing() as session:
        sitting.hand_in(session, bob, test, attempt, desk.noon + HOUR)
    with desk.database.reading() as session:
        own = results.view_own_test(session, bob, test, desk.noon + HOUR)
        assert (own.left, own.may_begin, len(own.attempts)) == (1, False, 1)
        assert [one.may_begin for one in results.list_own_tests(session, bob, desk.noon + HOUR)] == [False]
        assert list_held_refs(session, bob.learner_id, desk.noon + HOUR) == frozenset()
        report = results.view_report(session, desk.alice, test)
        assert [(line.student.name, line.student.member) for line in report.lines] == [("Bob", True), ("Eve", True)]
    with pytest.raises(Conflict, match="not given to you"):
        begin(desk, bob, test)


@on_sqlite
def test_who_left_the_class_keeps_what_was_begun_and_begins_nothing_more(desk, bob) -> None:
    test = make_test(desk)
    attempt = begin(desk, bob, test)
    with desk.database.writing() as session:
        sitting.hand_in(session, bob, test, attempt, desk.noon)
        classes.leave(session, bob, desk.herons.handle, desk.noon)
    with desk.database.reading() as session:
        assert len(results.view_own_test(session, bob, test, desk.noon).attempts) == 1
    with pytest.raises(Conflict, match="not given to you"):
        begin(desk, bob, test)


@on_sqlite
def test_with_its_group_gone_a_test_is_nobodys_until_it_is_given_anew(desk, bob, eve) -> None:
    test, red = make_test(desk), make_group(desk, "Red", bob)
    handle = give(desk, test, whom="groups", groups=(red,))
    with desk.database.writing() as session:
        classes_settings.remove_group(session, desk.alice, desk.herons.handle, red)
    assert [sees(desk, who, test) for who in (bob, eve)] == [False, False]
    with desk.database.writing() as session:
        editing.delete_assignment(session, desk.alice, handle)
    assert [sees(desk, who, test) for who in (bob, eve)] == [True, True]


@on_sqlite
def test_a_link_lets_in_whoever_holds_it(desk, bob, charlie) -> None:
    test = make_test(desk, by_link=True)
    give(desk, test, whom="students", students=(bob.handle,))
    with desk.database.reading() as session:
        assert load_for_student(session, charlie, test).handle == test
        assert results.list_own_tests(session, charlie, desk.noon) == []
    begin(desk, charlie, test)
    assert sees(desk, charlie, test)
    with pytest.raises(NotFound), desk.database.reading() as session:
        load_for_student(session, None, str(uuid.uuid4()))


@on_sqlite
def test_a_test_that_another_class_was_given_is_no_longer_for_the_group_of_the_first(desk, bob, eve) -> None:
    test, red = make_test(desk), make_group(desk, "Red", bob)
    give(desk, test, whom="groups", groups=(red,))
    with desk.database.writing() as session:
        owls = classes.create_class(session, desk.alice, "Owls", desk.noon)
        classes.add_member(session, owls, eve.learner_id, eve.handle, desk.noon)
        plan = Plan(cards=("birds/height",), attempts=2)
        window = Window(desk.noon, desk.noon + 7 * DAY, desk.noon + 14 * DAY)
        moved = tests.Draft("The herons test", plan, window, owls.handle, holds=True)
        tests.change_test(session, desk.alice, test, moved, 2, desk.noon)
    assert [sees(desk, who, test) for who in (bob, eve)] == [False, True]
    assert [has_date(desk, who) for who in (bob, eve)] == [False, True]
