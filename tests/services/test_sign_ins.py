"""Where somebody is signed in, seen and ended; and access tokens only for a fresh proof."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from quizapp.core.errors import Forbidden, Invalid, NotFound, TooManyAttempts
from quizapp.services import accounts, oidc, sign_ins
from quizapp.services.accounts import NewSignIn, Viewer
from quizapp.services.sign_ins import Proof
from quizapp.store.engine import Database
from tests.services.conftest import PASSWORD

AddUser = Callable[..., Viewer]
SignIn = Callable[..., NewSignIn]
HERE = "192.0.2.1"


@pytest.fixture
def sign_in(database: Database, add_user: AddUser, noon: datetime) -> SignIn:
    """Sign in on a device: ``sign_in("Bob", "firefox/android", noon)``."""

    def open_one(name: str, device: str = "", now: datetime = noon) -> NewSignIn:
        with database.writing() as session:
            return accounts.sign_in(session, name, PASSWORD, HERE, now, device)

    return open_one


def test_this_device_comes_first_and_the_others_by_last_use(
    database: Database, add_user: AddUser, sign_in: SignIn, noon: datetime
) -> None:
    add_user("Bob")
    here = sign_in("Bob", "chromium/linux", noon - timedelta(days=9))
    sign_in("Bob", "firefox/android", noon - timedelta(days=3))
    latest = sign_in("Bob", "safari/iphone", noon - timedelta(days=5))
    with database.writing() as session:
        accounts.keep_alive(session, latest.viewer, latest.token, noon - timedelta(days=1), "safari/iphone")
        shown = sign_ins.list_sign_ins(session, here.viewer, here.token, noon)
    assert [(one.device, one.here) for one in shown] == [
        ("Chrome/Chromium on Linux", True),
        ("Safari on iPhone", False),
        ("Firefox on Android", False),
    ]
    assert (shown[1].since, shown[1].seen) == (noon - timedelta(days=5), noon - timedelta(days=1))
    assert len({one.handle for one in shown}) == 3


def test_only_ones_own_and_live_sign_ins_are_shown(
    database: Database, add_user: AddUser, sign_in: SignIn, noon: datetime
) -> None:
    add_user("Bob")
    add_user("Charlie")
    sign_in("Charlie")
    sign_in("Bob", now=noon - timedelta(days=31))
    here = sign_in("Bob")
    with database.reading() as session:
        assert [one.here for one in sign_ins.list_sign_ins(session, here.viewer, here.token, noon)] == [True]


def test_a_sign_in_of_before_the_device_was_written_down_gets_it_when_it_is_used(
    database: Database, add_user: AddUser, sign_in: SignIn, noon: datetime
) -> None:
    add_user("Bob")
    here = sign_in("Bob")
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE sign_in SET device = NULL")
        session.commit()
        shown = sign_ins.list_sign_ins(session, here.viewer, here.token, noon)
        assert [one.device for one in shown] == ["a browser"]
        for device in ("firefox/linux", ""):
            accounts.keep_alive(session, here.viewer, here.token, noon, device)
            shown = sign_ins.list_sign_ins(session, here.viewer, here.token, noon)
            assert [one.device for one in shown] == ["Firefox on Linux"], device


def test_one_other_sign_in_is_ended_at_once_and_no_more_than_that(
    database: Database, add_user: AddUser, sign_in: SignIn, noon: datetime
) -> None:
    add_user("Bob")
    here, lost, third = (sign_in("Bob") for _ in range(3))
    with database.writing() as session:
        handle = sign_ins.list_sign_ins(session, lost.viewer, lost.token, noon)[0].handle
        sign_ins.end_sign_in(session, here.viewer, handle, here.token, noon)
        assert accounts.recognise(session, lost.token, noon) is None
        assert accounts.recognise(session, here.token, noon)
        assert accounts.recognise(session, third.token, noon)
        with pytest.raises(NotFound):
            sign_ins.end_sign_in(session, here.viewer, handle, here.token, noon)


def test_neither_this_sign_in_nor_anothers_is_ended_by_its_name(
    database: Database, add_user: AddUser, sign_in: SignIn, noon: datetime
) -> None:
    add_user("Bob")
    add_user("Charlie")
    bob, charlie = sign_in("Bob"), sign_in("Charlie")
    with database.writing() as session:
        for one in (bob, charlie):
            handle = sign_ins.list_sign_ins(session, one.viewer, one.token, noon)[0].handle
            with pytest.raises(NotFound):
                sign_ins.end_sign_in(session, bob.viewer, handle, bob.token, noon)
            assert accounts.recognise(session, one.token, noon)


def test_all_others_are_ended_with_one_press(
    database: Database, add_user: AddUser, sign_in: SignIn, noon: datetime
) -> None:
    add_user("Bob")
    add_user("Charlie")
    charlie = sign_in("Charlie")
    here, *others = (sign_in("Bob") for _ in range(3))
    with database.writing() as session:
        assert sign_ins.end_other_sign_ins(session, here.viewer, here.token) == 2
        assert sign_ins.end_other_sign_ins(session, here.viewer, here.token) == 0
        assert [accounts.recognise(session, one.token, noon) for one in others] == [None, None]
        assert accounts.recognise(session, here.token, noon)
        assert accounts.recognise(session, charlie.token, noon)


def test_guests_and_visitors_have_no_list(database: Database, noon: datetime) -> None:
    with database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon)
        for who in (guest.viewer, None):
            with pytest.raises(Forbidden):
                sign_ins.list_sign_ins(session, who, guest.token, noon)
            with pytest.raises(Forbidden):
                sign_ins.end_other_sign_ins(session, who, guest.token)
        with pytest.raises(Forbidden):
            sign_ins.make_token(session, guest.viewer, "script", Proof("", HERE, guest.token), noon)


def test_an_access_token_wants_the_password_however_fresh_the_sign_in(
    database: Database, add_user: AddUser, sign_in: SignIn, noon: datetime
) -> None:
    add_user("Bob")
    here = sign_in("Bob")
    with database.writing() as session:
        with pytest.raises(Invalid) as caught:
            sign_ins.make_token(session, here.viewer, "script", Proof("guess", HERE, here.token), noon)
        assert list(caught.value.fields) == ["password"]
        made = sign_ins.make_token(session, here.viewer, "script", Proof(PASSWORD, HERE, here.token), noon)
        assert accounts.recognise_token(session, made, noon)


def test_guesses_at_the_password_for_a_token_are_counted_with_those_at_the_sign_in(
    database: Database, add_user: AddUser, sign_in: SignIn, noon: datetime
) -> None:
    add_user("Bob")
    here = sign_in("Bob")
    with database.writing() as session:
        for _ in range(10):
            with pytest.raises(Invalid):
                sign_ins.make_token(session, here.viewer, "script", Proof("guess", HERE, here.token), noon)
        with pytest.raises(TooManyAttempts):
            sign_ins.make_token(session, here.viewer, "script", Proof(PASSWORD, HERE, here.token), noon)
        with pytest.raises(TooManyAttempts):
            accounts.sign_in(session, "Bob", PASSWORD, HERE, noon)
        assert accounts.view_account(session, here.viewer).tokens == ()


def test_without_a_password_a_sign_in_of_the_last_ten_minutes_is_the_proof(database: Database, noon: datetime) -> None:
    identity = oidc.Identity("https://sign-in.school.example", "4711", "Noor", None)
    late = noon + timedelta(minutes=10, milliseconds=1)
    with database.writing() as session:
        here = oidc.sign_in(session, identity, HERE, noon)
        proof = Proof("", HERE, here.token)
        assert sign_ins.is_fresh(session, here.viewer, here.token, noon + timedelta(minutes=10))
        assert sign_ins.make_token(session, here.viewer, "script", proof, noon + timedelta(minutes=10))
        assert not sign_ins.is_fresh(session, here.viewer, here.token, late)
        for token in (here.token, "another browser’s", ""):
            with pytest.raises(Invalid, match="Sign in once more"):
                sign_ins.make_token(session, here.viewer, "script", Proof("Noor", HERE, token), late)
        again = oidc.sign_in(session, identity, HERE, late)
        assert sign_ins.make_token(session, again.viewer, "script", Proof("", HERE, again.token), late)
        assert len(accounts.view_account(session, here.viewer).tokens) == 2
