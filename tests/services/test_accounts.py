"""Guests, accounts, sign-ins, passwords, tokens and the first teacher."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TooManyAttempts
from quizapp.services import accounts, first_teacher, guessing
from quizapp.services.accounts import Role, Viewer
from quizapp.store import accounts as store
from quizapp.store.engine import Database

HERE = "192.0.2.1"
AddUser = Callable[..., Viewer]


def test_who_signs_up_is_a_student_and_signed_in(database: Database, noon: datetime, password: str) -> None:
    with database.writing() as session:
        opened = accounts.sign_up(session, "  Bob   B. ", password, None, HERE, noon)
    with database.reading() as session:
        viewer, wants_touch = accounts.recognise(session, opened.token, noon) or (None, None)
    assert viewer == opened.viewer
    assert (viewer.name, viewer.kind, viewer.signed_in, wants_touch) == ("Bob B.", "student", True, False)


def test_the_secret_of_a_sign_in_is_not_in_the_database(database: Database, noon: datetime, password: str) -> None:
    with database.writing() as session:
        opened = accounts.sign_up(session, "Bob", password, None, HERE, noon)
    with database.reading() as session:
        kept = [row[0] for row in session.connection().exec_driver_sql("SELECT token_hash FROM sign_in")]
    assert len(kept) == 1
    assert opened.token not in kept[0]


@pytest.mark.parametrize("name", ["bob", "BOB", " Bob ", "ＢＯＢ"])
def test_a_name_is_taken_in_every_way_of_writing_it(
    database: Database, add_user: AddUser, noon: datetime, password: str, name: str
) -> None:
    add_user("Bob")
    with database.writing() as session, pytest.raises(Invalid) as caught:
        accounts.sign_up(session, name, password, None, HERE, noon)
    assert list(caught.value.fields) == ["name"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Bob\u202eecilA", "<b>Bob</b>", "a\x00b", "---"])
def test_a_name_that_could_deceive_or_is_none_is_refused(
    database: Database, noon: datetime, password: str, name: str
) -> None:
    with database.writing() as session, pytest.raises(Invalid) as caught:
        accounts.sign_up(session, name, password, None, HERE, noon)
    assert list(caught.value.fields) == ["name"]


@pytest.mark.parametrize("weak", ["", "short", "password", "aaaaaaaabb", "Charlie Brown", "x" * 201])
def test_a_weak_password_is_refused_and_says_why(database: Database, noon: datetime, weak: str) -> None:
    with database.writing() as session, pytest.raises(Invalid) as caught:
        accounts.sign_up(session, "charlie brown", weak, None, HERE, noon)
    assert caught.value.fields["password"]


def test_a_guest_who_signs_up_stays_the_same_learner(database: Database, noon: datetime, password: str) -> None:
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon)
    with database.writing() as session:
        opened = accounts.sign_up(session, "Bob", password, guest.viewer, HERE, noon)
    assert opened.viewer.learner_id == guest.viewer.learner_id
    assert (guest.viewer.kind, guest.viewer.signed_in) == ("guest", False)
    with database.reading() as session:
        assert accounts.recognise(session, guest.token, noon) is None


def test_who_is_signed_in_and_signs_up_again_becomes_somebody_new(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        opened = accounts.sign_up(session, "Charlie", password, bob, HERE, noon)
    assert opened.viewer.learner_id != bob.learner_id


def test_sign_in_takes_the_name_in_any_case(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        assert accounts.sign_in(session, " bOB ", password, HERE, noon).viewer == bob


@pytest.mark.parametrize(("name", "given"), [("Bob", "three grey geese"), ("Nobody", "three grey herons")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    database: Database, add_user: AddUser, noon: datetime, name: str, given: str
) -> None:
    add_user("Bob")
    with database.writing() as session, pytest.raises(Invalid) as caught:
        accounts.sign_in(session, name, given, HERE, noon)
    assert caught.value.message == "Name and password do not fit together. Check both and try again."


def test_after_ten_wrong_passwords_even_the_right_one_must_wait(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    add_user("Bob")
    for _ in range(10):
        with database.writing() as session, pytest.raises(Invalid):
            accounts.sign_in(session, "Bob", "three grey geese", HERE, noon)
    with database.writing() as session, pytest.raises(TooManyAttempts) as caught:
        accounts.sign_in(session, "Bob", password, HERE, noon)
    assert 0 < caught.value.retry_after <= 31
    with database.writing() as session:
        later = noon + timedelta(seconds=caught.value.retry_after)
        assert accounts.sign_in(session, "Bob", password, HERE, later).viewer.name == "Bob"


def test_guesses_at_one_address_do_not_lock_the_pupil_out_at_another(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    add_user("Bob")
    for _ in range(11):
        with database.writing() as session, pytest.raises((Invalid, TooManyAttempts)):
            accounts.sign_in(session, "Bob", "three grey geese", "198.51.100.7", noon)
    with database.writing() as session:
        assert accounts.sign_in(session, "Bob", password, HERE, noon).viewer.name == "Bob"


def test_a_class_behind_one_address_signs_in_at_once(sqlite_database: Database, noon: datetime, password: str) -> None:
    names = [f"Pupil {number}" for number in range(1, 13)]
    for name in names:
        with sqlite_database.writing() as session:
            accounts.add_user(session, name, Role.STUDENT, password, noon)
    for name in names * 2:
        with sqlite_database.writing() as session:
            assert accounts.sign_in(session, name, password, HERE, noon).viewer.name == name


def test_signing_out_ends_the_sign_in_at_once_and_twice_is_no_harm(
    database: Database, noon: datetime, password: str
) -> None:
    with database.writing() as session:
        opened = accounts.sign_up(session, "Bob", password, None, HERE, noon)
    for _ in range(2):
        with database.writing() as session:
            accounts.sign_out(session, opened.token)
    with database.reading() as session:
        assert accounts.recognise(session, opened.token, noon) is None


def test_a_sign_in_runs_out_unless_it_is_used(database: Database, noon: datetime, password: str) -> None:
    with database.writing() as session:
        opened = accounts.sign_up(session, "Bob", password, None, HERE, noon)
    later = noon + timedelta(days=29)
    with database.writing() as session:
        _, wants_touch = accounts.recognise(session, opened.token, later) or (None, False)
        assert wants_touch
        assert accounts.keep_alive(session, opened.viewer, opened.token, later) == later + timedelta(days=30)
    with database.reading() as session:
        assert accounts.recognise(session, opened.token, noon + timedelta(days=58)) is not None
        assert accounts.recognise(session, opened.token, later + timedelta(days=30)) is None


def test_a_sign_in_that_is_used_every_day_ends_after_half_a_year(
    sqlite_database: Database, noon: datetime, password: str
) -> None:
    with sqlite_database.writing() as session:
        opened = accounts.sign_up(session, "Bob", password, None, HERE, noon)
        last = max(
            accounts.keep_alive(session, opened.viewer, opened.token, noon + timedelta(days=day))
            for day in range(1, 180)
        )
        assert last == noon + timedelta(days=180)
        assert accounts.recognise(session, opened.token, last) is None
        accounts.sign_out(session, opened.token)
        assert accounts.keep_alive(session, opened.viewer, opened.token, noon) == noon + timedelta(days=30)
        assert accounts.recognise(session, opened.token, noon) is None


def test_a_guests_sign_in_lives_for_a_year(database: Database, noon: datetime) -> None:
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon)
        assert accounts.keep_alive(session, guest.viewer, guest.token, noon) == noon + timedelta(days=365)
    assert guest.expires_at == noon + timedelta(days=365)


def test_a_new_password_ends_every_other_sign_in(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        elsewhere = accounts.sign_in(session, "Bob", password, HERE, noon)
    with database.writing() as session:
        opened = accounts.change_password(session, bob, password, "four white storks", HERE, noon)
    with database.writing() as session:
        assert accounts.recognise(session, elsewhere.token, noon) is None
        assert accounts.recognise(session, opened.token, noon) is not None
        assert accounts.sign_in(session, "Bob", "four white storks", HERE, noon).viewer == bob
    with database.writing() as session, pytest.raises(Invalid):
        accounts.sign_in(session, "Bob", password, HERE, noon)


def test_a_password_is_changed_only_by_who_knows_the_old_one(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    bob = add_user("Bob")
    with database.writing() as session, pytest.raises(Invalid) as caught:
        accounts.change_password(session, bob, "not the password", "four white storks", HERE, noon)
    assert list(caught.value.fields) == ["current"]
    with database.writing() as session, pytest.raises(Invalid) as caught:
        accounts.change_password(session, bob, password, "short", HERE, noon)
    assert list(caught.value.fields) == ["new"]


def test_a_guest_has_no_account_to_change(database: Database, noon: datetime, password: str) -> None:
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon).viewer
        with pytest.raises(Forbidden):
            accounts.view_account(session, guest)
        with pytest.raises(Forbidden):
            accounts.create_token(session, guest, "script", noon)
        with pytest.raises(Forbidden):
            accounts.change_password(session, guest, password, "four white storks", HERE, noon)


def test_an_access_token_stands_for_its_account_until_it_is_revoked(
    database: Database, add_user: AddUser, noon: datetime
) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        token = accounts.create_token_for(session, "bob", "  my   script ", noon)
        assert accounts.recognise_token(session, token, noon) == (bob, True)
        page = accounts.view_account(session, bob)
        assert [(line.label, line.used) for line in page.tokens] == [("my script", None)]
        accounts.revoke_token(session, bob, page.tokens[0].id)
        assert accounts.recognise_token(session, token, noon) is None
        with pytest.raises(NotFound):
            accounts.revoke_token(session, bob, page.tokens[0].id)


def test_a_stranger_cannot_revoke_a_token(database: Database, add_user: AddUser, noon: datetime) -> None:
    bob, charlie = add_user("Bob"), add_user("Charlie")
    with database.writing() as session:
        token = accounts.create_token(session, bob, "script", noon)
        token_id = accounts.view_account(session, bob).tokens[0].id
        with pytest.raises(NotFound):
            accounts.revoke_token(session, charlie, token_id)
        assert accounts.recognise_token(session, token, noon) == (bob, True)


@pytest.mark.parametrize("label", ["", "  ", "x" * 81])
def test_a_token_says_what_it_is_for(database: Database, add_user: AddUser, noon: datetime, label: str) -> None:
    bob = add_user("Bob")
    with database.writing() as session, pytest.raises(Invalid):
        accounts.create_token(session, bob, label, noon)


def test_there_is_no_token_for_nobody(database: Database, noon: datetime) -> None:
    with database.writing() as session, pytest.raises(NotFound):
        accounts.create_token_for(session, "Nobody", "script", noon)


def test_the_first_link_makes_one_teacher_and_then_no_other(database: Database, noon: datetime, password: str) -> None:
    with database.writing() as session:
        older = first_teacher.offer_first_teacher(session, noon)
        link = first_teacher.offer_first_teacher(session, noon)
    assert older is not None
    assert link is not None
    with database.writing() as session:
        with pytest.raises(NotFound):
            first_teacher.check_setup_link(session, older, noon)
        first_teacher.check_setup_link(session, link, noon)
        with pytest.raises(Invalid):
            first_teacher.make_first_teacher(session, link, "Alice", "short", noon)
        opened = first_teacher.make_first_teacher(session, link, "Alice", password, noon)
    assert opened.viewer.role is Role.TEACHER
    with database.writing() as session:
        with pytest.raises(NotFound):
            first_teacher.make_first_teacher(session, link, "Dana", password, noon)
        assert first_teacher.offer_first_teacher(session, noon) is None


def test_a_taken_name_leaves_the_first_link_good(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    add_user("Alice")
    with database.writing() as session:
        link = first_teacher.offer_first_teacher(session, noon) or ""
    with database.writing() as session, pytest.raises(Invalid):
        first_teacher.make_first_teacher(session, link, "Alice", password, noon)
    with database.writing() as session:
        assert first_teacher.make_first_teacher(session, link, "Dana", password, noon).viewer.name == "Dana"


def test_the_first_link_is_good_for_a_day(database: Database, noon: datetime) -> None:
    with database.writing() as session:
        link = first_teacher.offer_first_teacher(session, noon) or ""
        with pytest.raises(NotFound):
            first_teacher.check_setup_link(session, link, noon + timedelta(days=1))


def test_of_two_who_press_at_once_one_becomes_the_first_teacher(
    database: Database, noon: datetime, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        link = first_teacher.offer_first_teacher(session, noon) or ""
    monkeypatch.setattr(store, "take_setup_link", lambda *_: False)  # the other was faster after our look
    with database.writing() as session, pytest.raises(Conflict):
        first_teacher.make_first_teacher(session, link, "Alice", password, noon)


def test_many_accounts_from_one_address_must_wait(
    database: Database, noon: datetime, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.services.accounts.hash_password", lambda _: "kept")
    for number in range(100):
        with database.writing() as session:
            accounts.sign_up(session, f"Pupil {number}", password, None, HERE, noon)
    with database.writing() as session, pytest.raises(TooManyAttempts):
        accounts.sign_up(session, "One more", password, None, HERE, noon)


def test_only_a_guest_is_told_what_signing_up_would_keep(database: Database, add_user: AddUser, noon: datetime) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon).viewer
        assert [accounts.count_guest_answers(session, who) for who in (None, bob, guest)] == [0, 0, 0]


def test_a_damaged_hash_lets_nobody_in(database: Database, add_user: AddUser, noon: datetime, password: str) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        assert bob.account_id is not None
        store.replace_password(session, bob.account_id, "not a hash", noon)
        session.commit()
    with database.writing() as session, pytest.raises(Invalid):
        accounts.sign_in(session, "Bob", password, HERE, noon)


def test_many_who_sign_in_at_once_from_a_new_address_are_all_answered(
    database: Database, add_user: AddUser, noon: datetime
) -> None:
    add_user("Bob")
    start, said = threading.Barrier(6), []

    def try_it() -> None:
        start.wait()
        with database.writing() as session:
            try:
                accounts.sign_in(session, "Bob", "three grey geese", "198.51.100.77", noon)
            except Exception as error:  # noqa: BLE001 - what is raised is what is asked
                said.append(type(error))

    threads = [threading.Thread(target=try_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [Invalid] * 6


def test_guesses_from_many_places_do_not_lock_the_owner_out_at_home(
    database: Database, add_user: AddUser, noon: datetime, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user("Alice")
    with database.writing() as session:
        accounts.sign_in(session, "Alice", password, HERE, noon)
    monkeypatch.setattr("quizapp.services.accounts.verify_password", lambda kept, given: given == password)
    for number in range(60):
        with database.writing() as session, pytest.raises((Invalid, TooManyAttempts)):
            accounts.sign_in(session, "Alice", "guess", f"203.0.113.{number}", noon)
    with database.writing() as session, pytest.raises(TooManyAttempts):
        accounts.sign_in(session, "Alice", password, "203.0.113.200", noon)
    with database.writing() as session:
        assert accounts.sign_in(session, "Alice", password, HERE, noon).viewer.name == "Alice"


def test_the_addresses_of_one_ipv6_network_count_as_one(
    database: Database, add_user: AddUser, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user("Bob")
    monkeypatch.setattr("quizapp.services.accounts.verify_password", lambda *_: False)
    for number in range(10):
        with database.writing() as session, pytest.raises(Invalid):
            accounts.sign_in(session, "Bob", "guess", f"2001:db8::{number:x}", noon)
    with database.writing() as session, pytest.raises(TooManyAttempts):
        accounts.sign_in(session, "Bob", "guess", "2001:db8::ffff", noon)
    for address in ("2001:db8:0:1::1", "::ffff:192.0.2.55", "unknown"):
        with database.writing() as session, pytest.raises(Invalid):
            accounts.sign_in(session, "Bob", "guess", address, noon)


def test_a_new_password_ends_every_access_token(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        token = accounts.create_token(session, bob, "script", noon)
        accounts.change_password(session, bob, password, "four white storks", HERE, noon)
        assert accounts.recognise_token(session, token, noon) is None


def test_the_use_of_a_token_is_noted_now_and_then(database: Database, add_user: AddUser, noon: datetime) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        token = accounts.create_token(session, bob, "script", noon)
        accounts.note_token(session, token, noon)
        assert accounts.view_account(session, bob).tokens[0].used == noon
        assert accounts.recognise_token(session, token, noon + timedelta(minutes=5)) == (bob, False)
        assert accounts.recognise_token(session, token, noon + timedelta(hours=2)) == (bob, True)


def test_guests_who_never_answered_are_forgotten_when_their_cookie_has_run_out(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    add_user("Bob")
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon).viewer
    with database.writing() as session:
        accounts.sign_in(session, "Bob", password, HERE, noon + timedelta(days=364))
        assert store.find_guest(session, guest.handle) is not None
        accounts.sign_in(session, "Bob", password, HERE, noon + timedelta(days=366))
        assert store.find_guest(session, guest.handle) is None


def test_very_many_guests_from_one_address_must_wait(database: Database, noon: datetime) -> None:
    with database.writing() as session:
        for _ in range(600):
            guessing.count_guest(session, HERE, noon)
        with pytest.raises(TooManyAttempts):
            accounts.start_guest(session, HERE, noon)


def test_an_administrator_sets_a_forgotten_password(
    database: Database, add_user: AddUser, noon: datetime, password: str
) -> None:
    bob = add_user("Bob")
    with database.writing() as session:
        before = accounts.sign_in(session, "Bob", password, HERE, noon)
        with pytest.raises(Invalid):
            accounts.set_password(session, "Bob", "short", noon)
        with pytest.raises(NotFound):
            accounts.set_password(session, "Nobody", "four white storks", noon)
        accounts.set_password(session, "bob", "four white storks", noon)
        assert accounts.recognise(session, before.token, noon) is None
        assert accounts.sign_in(session, "Bob", "four white storks", HERE, noon).viewer == bob
