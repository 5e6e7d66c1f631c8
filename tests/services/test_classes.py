"""Classes: who teaches, who is in them, and who may see what."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from quizapp.core.errors import Forbidden, Invalid, NotFound
from quizapp.services import accounts, classes
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass
from quizapp.store.engine import Database

AddUser = Callable[..., Viewer]
HERE = "192.0.2.1"


@pytest.fixture
def alice(add_user: AddUser) -> Viewer:
    """A teacher."""
    return add_user("Alice", Role.TEACHER)


@pytest.fixture
def herons(database: Database, alice: Viewer, noon: datetime) -> TaughtClass:
    """Alice's class."""
    with database.writing() as session:
        return classes.create_class(session, alice, "Herons 8b", noon)


@pytest.fixture
def bob(database: Database, add_user: AddUser, herons: TaughtClass, noon: datetime) -> Viewer:
    """A student of Alice's class."""
    viewer = add_user("Bob")
    with database.writing() as session:
        assert classes.add_member(session, herons, viewer.learner_id, viewer.handle, noon)
    return viewer


def test_who_makes_a_class_teaches_it(database: Database, alice: Viewer, herons: TaughtClass) -> None:
    with database.reading() as session:
        assert classes.load_taught_class(session, alice, herons.handle) == herons
        assert [teacher.name for teacher in classes.list_teachers(session, herons)] == ["Alice"]
        assert [(line.handle, line.name, line.members) for line in classes.list_taught_classes(session, alice)] == [
            (herons.handle, "Herons 8b", 0)
        ]
    assert (herons.archived_at, herons.pseudonymous, herons.sees_names) == (None, False, True)


def test_an_administrator_sees_every_class_without_teaching_it(
    database: Database, add_user: AddUser, herons: TaughtClass
) -> None:
    admin = add_user("Erin", Role.ADMIN)
    with database.reading() as session:
        assert classes.load_taught_class(session, admin, herons.handle) == herons
        assert [line.handle for line in classes.list_taught_classes(session, admin)] == [herons.handle]
        assert [teacher.name for teacher in classes.list_teachers(session, herons)] == ["Alice"]


@pytest.mark.parametrize("role", [Role.STUDENT, Role.TEACHER])
def test_a_class_of_somebody_else_is_not_there(
    database: Database, add_user: AddUser, herons: TaughtClass, role: Role
) -> None:
    stranger = add_user("Dana", role)
    with database.reading() as session:
        for handle in (herons.handle, "nothing", ""):
            with pytest.raises(NotFound):
                classes.load_taught_class(session, stranger, handle)
            with pytest.raises(NotFound):
                classes.load_own_class(session, stranger, handle)
        assert classes.list_taught_classes(session, stranger) == []


def test_a_visitor_and_a_guest_are_asked_to_sign_in(database: Database, herons: TaughtClass, noon: datetime) -> None:
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon).viewer
    with database.reading() as session:
        for viewer in (None, guest):
            with pytest.raises(Forbidden):
                classes.load_taught_class(session, viewer, herons.handle)
            assert classes.list_taught_classes(session, viewer) == []
        with pytest.raises(NotFound):
            classes.load_own_class(session, None, herons.handle)


def test_a_teacher_who_became_a_student_teaches_no_more(database: Database, alice: Viewer, herons: TaughtClass) -> None:
    demoted = Viewer(alice.learner_id, alice.handle, alice.account_id, alice.name, Role.STUDENT)
    with database.reading() as session, pytest.raises(NotFound):
        classes.load_taught_class(session, demoted, herons.handle)


def test_students_make_no_classes(database: Database, add_user: AddUser, noon: datetime) -> None:
    bob = add_user("Bob")
    with database.writing() as session, pytest.raises(Forbidden):
        classes.create_class(session, bob, "Mine", noon)


@pytest.mark.parametrize("name", ["", "  ", "---", "\u202e", "x" * 81])
def test_a_class_needs_a_name(database: Database, alice: Viewer, noon: datetime, name: str) -> None:
    with database.writing() as session, pytest.raises(Invalid) as caught:
        classes.create_class(session, alice, name, noon)
    assert list(caught.value.fields) == ["name"]


def test_a_student_sees_the_class_and_nothing_of_the_others(
    database: Database, bob: Viewer, herons: TaughtClass, noon: datetime
) -> None:
    with database.reading() as session:
        own = classes.load_own_class(session, bob, herons.handle)
        assert classes.list_classes_of(session, bob.learner_id) == [own]
        with pytest.raises(NotFound):
            classes.load_own_class(session, bob, "another")
        with pytest.raises(NotFound):
            classes.load_taught_class(session, bob, herons.handle)
    assert (own.name, own.teachers, own.groups, own.joined_at) == ("Herons 8b", ("Alice",), (), noon)


def test_members_come_by_name_each_once(
    database: Database, add_user: AddUser, bob: Viewer, herons: TaughtClass, noon: datetime
) -> None:
    amir = add_user("amir")
    with database.writing() as session:
        assert classes.add_member(session, herons, amir.learner_id, amir.handle, noon)
        assert not classes.add_member(session, herons, bob.learner_id, bob.handle, noon)
        members = classes.list_members(session, herons)
    assert [(member.name, member.sign_in_name, member.has_account) for member in members] == [
        ("amir", "amir", True),
        ("Bob", "Bob", True),
    ]
    assert len({member.pseudonym for member in members}) == 2


def test_who_left_can_come_back_as_the_same_member(
    database: Database, alice: Viewer, bob: Viewer, herons: TaughtClass, noon: datetime
) -> None:
    later = noon + timedelta(days=1)
    with database.writing() as session:
        before = classes.load_member(session, herons, bob.handle)
        classes.leave(session, bob, herons.handle, later)
        assert classes.list_members(session, herons) == []
        assert [member.left_at for member in classes.list_members(session, herons, with_left=True)] == [later]
        with pytest.raises(NotFound):
            classes.leave(session, bob, herons.handle, later)
        with pytest.raises(NotFound):
            classes.remove_member(session, alice, herons.handle, bob.handle, later)
        assert classes.add_member(session, herons, bob.learner_id, bob.handle, later)
        assert classes.load_member(session, herons, bob.handle) == before


def test_a_teacher_takes_a_student_out(
    database: Database, add_user: AddUser, alice: Viewer, bob: Viewer, herons: TaughtClass, noon: datetime
) -> None:
    dana = add_user("Dana", Role.TEACHER)
    with database.writing() as session:
        for viewer, error in ((dana, NotFound), (bob, NotFound), (None, Forbidden)):
            with pytest.raises(error):
                classes.remove_member(session, viewer, herons.handle, bob.handle, noon)
        classes.remove_member(session, alice, herons.handle, bob.handle, noon)
        assert classes.list_classes_of(session, bob.learner_id) == []


def test_the_command_line_finds_a_class_by_its_handle(database: Database, herons: TaughtClass) -> None:
    with database.reading() as session:
        assert classes.find_class(session, herons.handle) == herons
        with pytest.raises(NotFound):
            classes.find_class(session, "nothing")


def test_only_teachers_are_found_as_teachers(database: Database, alice: Viewer, bob: Viewer) -> None:
    with database.reading() as session:
        assert classes.find_teacher_account(session, " ALICE ") == (alice.account_id, "Alice")
        said = set()
        for name in ("Bob", "Nobody"):
            with pytest.raises(Invalid) as caught:
                classes.find_teacher_account(session, name)
            said.add(caught.value.fields["name"].replace(name, ""))
        assert len(said) == 1
