"""Getting into a class, and its settings, as the services see them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.services import accounts, classes, classes_passwords, classes_settings, joining
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass
from quizapp.store.engine import Database

AddUser = Callable[..., Viewer]
HERE = "192.0.2.1"
SECRET = b"a secret for tests only"


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
def code_of(database: Database, alice: Viewer, herons: TaughtClass, noon: datetime) -> Callable[[str], str]:
    """Open a way into the class for a day."""

    def open_way(kind: str) -> str:
        with database.writing() as session:
            joining.open_invite(session, alice, herons.handle, kind, "day", SECRET, noon)
            return joining.list_invites(session, herons, SECRET, noon)[kind].code

    return open_way


def test_a_link_runs_out(database: Database, add_user: AddUser, code_of, noon: datetime) -> None:
    code, bob = code_of("link"), add_user("Bob")
    with database.writing() as session:
        with pytest.raises(NotFound):
            joining.join(session, bob, code, "", HERE, noon + timedelta(days=1))
        assert joining.join(session, bob, code, "", HERE, noon).standing == "member"


def test_a_class_of_thirty_behind_one_address_comes_in(database: Database, code_of, noon: datetime) -> None:
    code = code_of("link")
    with database.writing() as session:
        for number in range(60):
            guest = accounts.start_guest(session, HERE, noon).viewer
            assert joining.join(session, guest, code, f"Kim {number}", HERE, noon).standing == "member"


def test_a_guest_says_a_name(database: Database, code_of, herons: TaughtClass, noon: datetime) -> None:
    code = code_of("code")
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon).viewer
        for name in ("", " ", "---", "x" * 61):
            with pytest.raises(Invalid):
                joining.join(session, guest, code, name, HERE, noon)
        assert joining.join(session, guest, code, " Kim  K. ", HERE, noon).standing == "waiting"
        waiting = joining.list_waiting(session, herons)
    assert [(one.name, one.has_account, one.asked_at) for one in waiting] == [("Kim K.", False, noon)]


def test_who_waits_by_code_comes_in_by_link_and_waits_no_more(
    database: Database, add_user: AddUser, code_of, herons: TaughtClass, noon: datetime
) -> None:
    code, link, bob = code_of("code"), code_of("link"), add_user("Bob")
    with database.writing() as session:
        assert joining.join(session, bob, code, "", HERE, noon).standing == "waiting"
        assert joining.view_invitation(session, bob, link, HERE, noon).standing == ""
        assert joining.join(session, bob, link, "", HERE, noon).standing == "member"
        assert joining.join(session, bob, code, "", HERE, noon).standing == "member"
        assert joining.list_waiting(session, herons) == []


def test_an_administrator_sees_no_name_of_who_waits_for_a_pseudonymous_class(
    database: Database, add_user: AddUser, alice: Viewer, code_of, herons: TaughtClass, noon: datetime
) -> None:
    code, bob, erin = code_of("code"), add_user("Bob"), add_user("Erin", Role.ADMIN)
    with database.writing() as session:
        classes_settings.change_class(session, alice, herons.handle, "Herons", pseudonymous=True)
        assert joining.join(session, bob, code, "", HERE, noon).pseudonymous
        taught = classes.load_taught_class(session, erin, herons.handle)
        assert [one.name for one in joining.list_waiting(session, taught)] == [""]


def test_closing_archiving_and_settling_twice(
    database: Database, add_user: AddUser, alice: Viewer, code_of, herons: TaughtClass, noon: datetime
) -> None:
    code, bob = code_of("code"), add_user("Bob")
    with database.writing() as session:
        joining.join(session, bob, code, "", HERE, noon)
        joining.settle_request(session, alice, herons.handle, bob.handle, let_in=False, now=noon)
        with pytest.raises(NotFound):
            joining.settle_request(session, alice, herons.handle, bob.handle, let_in=True, now=noon)
        for _ in range(2):
            joining.close_invite(session, alice, herons.handle, "code")
        with pytest.raises(NotFound):
            joining.join(session, bob, code, "", HERE, noon)
        classes_settings.archive_class(session, alice, herons.handle, noon)
        with pytest.raises(Conflict):
            joining.open_invite(session, alice, herons.handle, "link", "day", SECRET, noon)
        classes_settings.restore_class(session, alice, herons.handle)
        for kind, lasts in (("door", "day"), ("link", "year")):
            with pytest.raises(Invalid):
                joining.open_invite(session, alice, herons.handle, kind, lasts, SECRET, noon)


def test_groups_have_an_end_and_are_their_own_classes(
    database: Database, alice: Viewer, herons: TaughtClass, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classes_settings, "MOST_GROUPS", 1)
    with database.writing() as session:
        red = classes_settings.add_group(session, alice, herons.handle, "Red")
        with pytest.raises(Invalid, match="enough groups"):
            classes_settings.add_group(session, alice, herons.handle, "Blue")
        owls = classes.create_class(session, alice, "Owls", noon)
        for change in (classes_settings.remove_group, lambda *all_: classes_settings.set_group_members(*all_, [])):
            with pytest.raises(NotFound):
                change(session, alice, owls.handle, red)
        classes_settings.set_group_members(session, alice, herons.handle, red, ["nobody"])
        assert [(group.name, group.members) for group in classes_settings.list_groups(session, herons)] == [
            ("Red", frozenset())
        ]


def test_two_students_have_not_one_number(
    database: Database, add_user: AddUser, alice: Viewer, herons: TaughtClass, noon: datetime
) -> None:
    bob, kim = add_user("Bob"), add_user("Kim")
    with database.writing() as session:
        for viewer in (bob, kim):
            classes.add_member(session, herons, viewer.learner_id, viewer.handle, noon)
        classes_settings.change_member(session, alice, herons.handle, bob.handle, {"external_id": "7"})
        with pytest.raises(Invalid) as caught:
            classes_settings.change_member(session, alice, herons.handle, kim.handle, {"external_id": "7"})
        assert list(caught.value.fields) == ["external_id"]
        classes_settings.change_member(session, alice, herons.handle, bob.handle, {})
        assert classes.load_member(session, herons, bob.handle).external_id == ""


def test_a_teacher_who_is_none_is_not_removed(database: Database, alice: Viewer, herons: TaughtClass) -> None:
    with database.writing() as session, pytest.raises(NotFound):
        classes_settings.remove_teacher(session, alice, herons.handle, "nobody")


def test_an_administrator_resets_nobody_in_a_pseudonymous_class(
    database: Database, add_user: AddUser, alice: Viewer, herons: TaughtClass, noon: datetime
) -> None:
    bob, erin = add_user("Bob"), add_user("Erin", Role.ADMIN)
    with database.writing() as session:
        classes.add_member(session, herons, bob.learner_id, bob.handle, noon)
        classes_passwords.reset_password(session, erin, herons.handle, bob.handle, SECRET, noon)
        classes_settings.change_class(session, alice, herons.handle, "Herons", pseudonymous=True)
        with pytest.raises(Forbidden):
            classes_passwords.reset_password(session, erin, herons.handle, bob.handle, SECRET, noon)


@pytest.mark.parametrize("order", [("Red", "Blue"), ("Blue", "Red")])
def test_of_two_groups_the_one_named_is_removed(
    database: Database, alice: Viewer, herons: TaughtClass, order: tuple[str, str]
) -> None:
    with database.writing() as session:
        for name in ("Red", "Blue"):
            classes_settings.add_group(session, alice, herons.handle, name)
        groups = {group.name: group.handle for group in classes_settings.list_groups(session, herons)}
        for name in order:
            classes_settings.remove_group(session, alice, herons.handle, groups.pop(name))
            assert {group.name for group in classes_settings.list_groups(session, herons)} == set(groups)
