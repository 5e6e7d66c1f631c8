"""Importing a school's list into a class."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.rosters.plan import Act
from quizapp.services import accounts, classes, classes_passwords, classes_settings, joining, rosters
from quizapp.services.accounts import NewSignIn, Role, Viewer
from quizapp.services.classes import Member, TaughtClass
from quizapp.services.classes_start import START_LASTS, ChooseOwnPassword
from quizapp.services.rosters import Imported, Preview
from quizapp.store.engine import Database
from quizapp.store.tables import AccountRow, StartPasswordRow

AddUser = Callable[..., Viewer]
HERE = "192.0.2.1"
SECRET = b"a secret for tests only"
LIST = "id;first_name;last_name;groups\n7;Zoë;Müller;Red\n8;Amir;Ó Súilleabháin;Red|Blue\n"


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
def look(database: Database, alice: Viewer, herons: TaughtClass) -> Callable[..., Preview]:
    """A dry run: ``look(text)``."""

    def run(text: str | bytes, viewer: Viewer | None = None, taught: TaughtClass = herons) -> Preview:
        data = text if isinstance(text, bytes) else text.encode()
        with database.reading() as session:
            return rosters.preview_import(session, viewer or alice, taught.handle, data, "", SECRET)

    return run


@pytest.fixture
def bring_in(
    database: Database, alice: Viewer, herons: TaughtClass, noon: datetime, look: Callable[..., Preview]
) -> Callable[..., Imported]:
    """A dry run and the import: ``bring_in(text)``."""

    def run(text: str, viewer: Viewer | None = None, taught: TaughtClass = herons) -> Imported:
        shown = look(text, viewer, taught)
        with database.writing() as session:
            return rosters.import_roster(session, viewer or alice, taught.handle, shown.text, SECRET, noon)

    return run


@pytest.fixture
def members(database: Database, herons: TaughtClass, alice: Viewer) -> Callable[..., list[Member]]:
    """The members of the class as somebody sees them."""

    def read(viewer: Viewer | None = None) -> list[Member]:
        with database.reading() as session:
            return classes.list_members(session, classes.load_taught_class(session, viewer or alice, herons.handle))

    return read


@pytest.fixture
def slips(database: Database, alice: Viewer, herons: TaughtClass) -> Callable[[datetime], dict[str, str]]:
    """The start passwords by sign-in name."""

    def read(now: datetime) -> dict[str, str]:
        with database.reading() as session:
            taught = classes.load_taught_class(session, alice, herons.handle)
            found = classes_passwords.list_slips(session, taught, SECRET, now)
        return {slip.member.sign_in_name or "": slip.code for slip in found}

    return read


def test_a_dry_run_shows_everything_and_stores_nothing(look, members) -> None:
    shown = look(LIST)
    assert [(step.act, step.pupil.full_name, step.sign_in_name) for step in shown.plan.steps] == [
        (Act.ADD, "Zoë Müller", "zoe.mueller"),
        (Act.ADD, "Amir Ó Súilleabháin", "amir.osuilleabhain"),
    ]
    assert (shown.plan.problems, shown.unlisted, shown.classes) == ((), (), ())
    assert members() == []


def test_an_import_makes_accounts_groups_and_details(bring_in, members) -> None:
    done = bring_in(LIST)
    assert (done.added, done.joined, done.returned, done.changed, done.left_out) == (2, 0, 0, 0, 0)
    assert done.anything
    assert [(one.name, one.sign_in_name, one.external_id, one.groups) for one in members()] == [
        ("Zoë Müller", "zoe.mueller", "7", ("Red",)),
        ("Amir Ó Súilleabháin", "amir.osuilleabhain", "8", ("Blue", "Red")),
    ]


def test_the_same_list_twice_changes_nothing(bring_in, members, slips, noon: datetime) -> None:
    bring_in(LIST)
    before, codes = members(), slips(noon)
    assert not bring_in(LIST).anything
    assert (members(), slips(noon)) == (before, codes)


def test_a_later_list_changes_adds_and_takes_nothing_away(bring_in, members, look) -> None:
    bring_in(LIST)
    later = "id,first_name,last_name,email,groups\n7,Zoe,Miller,z@example.org,Green\n9,Ben,Ng,,\n"
    assert look(later).unlisted == ("Amir Ó Súilleabháin",)
    done = bring_in(later)
    assert (done.added, done.changed) == (1, 1)
    found = {one.external_id: one for one in members()}
    assert len(found) == 3
    assert (found["7"].name, found["7"].email, found["7"].groups) == ("Zoe Miller", "z@example.org", ("Green", "Red"))
    assert found["7"].sign_in_name == "zoe.mueller"


def test_problem_lines_stay_out_and_the_good_ones_come_in(bring_in, look) -> None:
    text = "id,first_name,last_name\n1,Ann,Lee\n1,Bob,Ray\n,,\n3,,\n"
    assert [problem.line for problem in look(text).plan.problems] == [3, 5]
    assert bring_in(text).added == 1


def test_a_name_that_is_taken_gets_a_number(bring_in, members, add_user: AddUser) -> None:
    add_user("Zoe.Mueller")
    bring_in(LIST)
    assert members()[0].sign_in_name == "zoe.mueller2"


def test_an_account_outside_the_class_is_not_taken_by_a_list(
    bring_in, look, members, add_user: AddUser, database: Database
) -> None:
    for name, role in (("bob", Role.STUDENT), ("dana", Role.TEACHER)):
        add_user(name, role)
    text = "username,first_name\nBob,Bob\ndana,Dana\nnew.one,Ann\n"
    assert [problem.line for problem in look(text).plan.problems] == [2, 3]
    assert bring_in(text).added == 1
    assert [one.sign_in_name for one in members()] == ["new.one"]


def test_a_student_of_another_class_of_the_teacher_joins_with_the_same_account(
    bring_in, database: Database, alice: Viewer, noon: datetime
) -> None:
    bring_in(LIST)
    with database.writing() as session:
        owls = classes.create_class(session, alice, "Owls", noon)
    done = bring_in("id,first_name\n7,Zoë\n", None, owls)
    assert (done.added, done.joined) == (0, 1)
    assert not bring_in("id,first_name\n7,Zoë\n", None, owls).anything
    with database.reading() as session:
        assert [(one.name, one.sign_in_name, one.groups) for one in classes.list_members(session, owls)] == [
            ("Zoë Müller", "zoe.mueller", ())
        ]
        assert len(session.execute(sa.select(AccountRow).where(AccountRow.role == "student")).all()) == 2


def test_who_left_is_brought_back(bring_in, members, database: Database, alice, herons, noon: datetime) -> None:
    bring_in(LIST)
    gone = members()[0]
    with database.writing() as session:
        classes.remove_member(session, alice, herons.handle, gone.handle, noon)
    assert bring_in(LIST).returned == 1
    assert members()[0] == gone


def test_who_joined_by_link_is_known_by_name(
    bring_in, members, add_user: AddUser, database: Database, herons, noon: datetime
) -> None:
    bob = add_user("Bob Ray")
    with database.writing() as session:
        classes.add_member(session, herons, bob.learner_id, bob.handle, noon)
    done = bring_in("number,id,name\n1,55,Bob Ray\n")
    assert (done.added, done.changed) == (0, 1)
    assert [(one.handle, one.external_id) for one in members()] == [(bob.handle, "55")]


def test_300_students_come_in_at_once(bring_in, members, slips, noon: datetime) -> None:
    rows = "id,first_name,last_name\n" + "".join(f"{number},Ann{number % 90},Lee{number}\n" for number in range(300))
    assert bring_in(rows).added == 300
    assert len({one.sign_in_name for one in members()}) == 300
    assert len(set(slips(noon).values())) == 300


def test_15_students_of_one_name_get_names_of_their_own_and_the_next_waits(bring_in, members) -> None:
    rows = "id,first_name,last_name\n" + "".join(f"{number},Ann,Lee\n" for number in range(15))
    assert bring_in(rows).added == 15
    assert "ann.lee9" in {one.sign_in_name for one in members()}


def test_nobody_but_the_teachers_sees_names_in_a_pseudonymous_class(
    bring_in, look, members, database: Database, alice, herons, add_user: AddUser, noon: datetime
) -> None:
    admin = add_user("Erin", Role.ADMIN)
    with database.writing() as session:
        classes_settings.change_class(session, alice, herons.handle, "Herons", pseudonymous=True)
    bring_in(LIST)
    assert [one.name for one in members()] == ["Zoë Müller", "Amir Ó Súilleabháin"]
    text = repr(members(admin)).casefold()
    for name in ("zoë", "zoe", "mueller", "müller", "amir", "súil", "'7'"):
        assert name not in text
    assert [one.name for one in members(admin)] == [one.pseudonym for one in members(admin)]
    with database.reading() as session:
        assert "mueller" not in repr(session.execute(sa.select(AccountRow.name)).all())
        assert not classes.find_class(session, herons.handle).sees_names
        taught = classes.load_taught_class(session, admin, herons.handle)
        with pytest.raises(Forbidden):
            classes_passwords.list_slips(session, taught, SECRET, noon)
    with pytest.raises(Forbidden):
        look(LIST, admin)
    with database.writing() as session:
        with pytest.raises(Forbidden):
            classes_settings.change_class(session, admin, herons.handle, "Herons", pseudonymous=False)
        with pytest.raises(Forbidden):
            classes_settings.add_teacher(session, admin, herons.handle, "Erin", noon)
        classes_settings.change_class(session, admin, herons.handle, "Grey herons", pseudonymous=True)


def test_strangers_import_nothing_and_an_archived_class_takes_nothing(
    look, add_user: AddUser, database: Database, alice, herons, noon: datetime
) -> None:
    for viewer in (add_user("Bob"), add_user("Dana", Role.TEACHER)):
        with pytest.raises(NotFound):
            look(LIST, viewer)
    with database.writing() as session:
        classes_settings.archive_class(session, alice, herons.handle, noon)
    with pytest.raises(Conflict):
        look(LIST)


def test_a_name_taken_at_the_same_moment_imports_nothing(
    database: Database, alice, herons, members, noon: datetime, monkeypatch: pytest.MonkeyPatch, add_user: AddUser
) -> None:
    add_user("zoe.mueller")
    monkeypatch.setattr("quizapp.store.rosters.list_taken_names", lambda *_: set())
    with database.writing() as session, pytest.raises(Conflict):
        rosters.import_roster(session, alice, herons.handle, LIST, SECRET, noon)
    assert members() == []


def _choose(database: Database, name: str, start: str, new: str, now: datetime) -> NewSignIn:
    with database.writing() as session:
        return accounts.use_start_password(session, name, start, new, HERE, now)


def test_a_start_password_only_lets_its_holder_choose_one_once(
    bring_in, slips, database: Database, noon: datetime, password: str
) -> None:
    bring_in(LIST)
    code = slips(noon)["zoe.mueller"]
    assert len(code) == 15
    with database.writing() as session, pytest.raises(ChooseOwnPassword):
        accounts.sign_in(session, "ZOE.mueller", f" {code[:5].lower()}-{code[5:]} ", HERE, noon)
    with pytest.raises(Invalid) as caught:
        _choose(database, "zoe.mueller", code, code, noon)
    assert list(caught.value.fields) == ["new"]
    opened = _choose(database, "zoe.mueller", code, password, noon)
    assert opened.viewer.name == "zoe.mueller"
    assert "zoe.mueller" not in slips(noon)
    for wrong in (code, "", "nothing here"):
        with pytest.raises(Invalid):
            _choose(database, "zoe.mueller", wrong, password, noon)
        with database.writing() as session, pytest.raises(Invalid):
            accounts.sign_in(session, "zoe.mueller", wrong, HERE, noon)
    with database.writing() as session:
        assert accounts.sign_in(session, "zoe.mueller", password, HERE, noon).viewer == opened.viewer


def test_of_two_who_use_one_start_password_at_once_only_the_first_comes_in(
    bring_in, slips, database: Database, noon: datetime, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(LIST)
    code = slips(noon)["zoe.mueller"]
    monkeypatch.setattr("quizapp.store.accounts.take_start_password", lambda *_: False)
    with pytest.raises(Invalid):
        _choose(database, "zoe.mueller", code, password, noon)
    assert "zoe.mueller" in slips(noon)


def test_a_start_password_is_not_in_the_database_and_fits_one_account(
    bring_in, slips, database: Database, noon: datetime, password: str
) -> None:
    bring_in(LIST)
    codes = slips(noon)
    with database.reading() as session:
        kept = repr(session.execute(sa.select(StartPasswordRow.code_hash, StartPasswordRow.nonce)).all())
    assert not any(code in kept for code in codes.values())
    with pytest.raises(Invalid):
        _choose(database, "zoe.mueller", codes["amir.osuilleabhain"], password, noon)
    with pytest.raises(Invalid):
        _choose(database, "nobody", codes["zoe.mueller"], password, noon)


def test_what_is_kept_for_no_password_fits_nothing(bring_in, database: Database, noon: datetime) -> None:
    bring_in(LIST)
    for typed in ("-", "", " "):
        with database.writing() as session, pytest.raises(Invalid):
            accounts.sign_in(session, "zoe.mueller", typed, HERE, noon)


def test_an_old_start_password_says_so_and_is_renewed(
    bring_in, slips, database: Database, alice, herons, noon: datetime, password: str
) -> None:
    bring_in(LIST)
    code, late = slips(noon)["zoe.mueller"], noon + START_LASTS
    with pytest.raises(Invalid, match="too old"):
        _choose(database, "zoe.mueller", code, password, late)
    assert set(slips(late).values()) == {""}
    with database.writing() as session:
        assert classes_passwords.renew_slips(session, alice, herons.handle, SECRET, late) == 2
        assert classes_passwords.renew_slips(session, alice, herons.handle, SECRET, late) == 0
    fresh = slips(late)
    assert code not in fresh.values()
    assert _choose(database, "zoe.mueller", fresh["zoe.mueller"], password, late)


def test_a_reset_ends_sign_ins_and_tokens_and_is_written_down(
    bring_in, slips, members, database: Database, alice, herons, noon: datetime, password: str
) -> None:
    bring_in(LIST)
    zoe = members()[0]
    opened = _choose(database, "zoe.mueller", slips(noon)["zoe.mueller"], password, noon)
    with database.writing() as session:
        token = accounts.create_token_for(session, "zoe.mueller", "phone", noon)
        classes_passwords.reset_password(session, alice, herons.handle, zoe.handle, SECRET, noon)
    with database.reading() as session:
        assert accounts.recognise(session, opened.token, noon) is None
        assert accounts.recognise_token(session, token, noon) is None
        resets = classes_passwords.list_resets(session, herons, zoe.handle)
        assert [(reset.by_name, reset.at) for reset in resets] == [("Alice", noon)]
        assert classes_passwords.list_resets(session, herons, "nobody") == []
    with database.writing() as session, pytest.raises(Invalid):
        accounts.sign_in(session, "zoe.mueller", password, HERE, noon)
    assert _choose(database, "zoe.mueller", slips(noon)["zoe.mueller"], password, noon)


def test_only_students_of_an_own_class_are_reset(
    bring_in, members, database: Database, alice, herons, add_user: AddUser, noon: datetime
) -> None:
    bring_in(LIST)
    zoe, dana, bob = members()[0], add_user("Dana", Role.TEACHER), add_user("Bob")
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon).viewer
        classes.add_member(session, herons, guest.learner_id, guest.handle, noon)
        classes.add_member(session, herons, dana.learner_id, dana.handle, noon)
        cases = [
            (dana, zoe.handle, NotFound),
            (bob, zoe.handle, NotFound),
            (None, zoe.handle, Forbidden),
            (alice, bob.handle, NotFound),
            (alice, guest.handle, NotFound),
            (alice, dana.handle, Forbidden),
            (alice, alice.handle, NotFound),
        ]
        for viewer, target, error in cases:
            with pytest.raises(error):
                classes_passwords.reset_password(session, viewer, herons.handle, target, SECRET, noon)
        classes.remove_member(session, alice, herons.handle, zoe.handle, noon)
        with pytest.raises(NotFound):
            classes_passwords.reset_password(session, alice, herons.handle, zoe.handle, SECRET, noon)


def test_a_password_from_the_command_line_ends_the_start_password(
    bring_in, slips, database: Database, noon: datetime, password: str
) -> None:
    bring_in(LIST)
    with database.writing() as session:
        accounts.set_password(session, "zoe.mueller", password, noon)
    assert list(slips(noon)) == ["amir.osuilleabhain"]


def test_another_secret_shows_no_wrong_codes(bring_in, database: Database, alice, herons, noon: datetime) -> None:
    bring_in(LIST)
    with database.writing() as session:
        joining.open_invite(session, alice, herons.handle, "link", "day", SECRET, noon)
        found = classes_passwords.list_slips(session, herons, b"another", noon)
        assert [slip.code for slip in found] == ["", ""]
        assert joining.list_invites(session, herons, b"another", noon) == {}
        assert list(joining.list_invites(session, herons, SECRET, noon + timedelta(hours=23))) == ["link"]
