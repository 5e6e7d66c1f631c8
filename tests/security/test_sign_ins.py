"""Sign-ins end at once, cannot be planted, and cannot be guessed; a class behind one address is never locked out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from plumbing.school import PASSWORD, OpenSchool, Person

from quizapp.core.errors import Invalid, TooManyAttempts
from quizapp.services import accounts, passwords
from quizapp.services.accounts import Role
from quizapp.store.engine import Database

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class _Counter:
    """argon2 in the place of argon2, which takes no time and counts how often it was asked."""

    def __init__(self) -> None:
        self.verified = 0

    def hash(self, password: str) -> str:
        return f"kept:{password}"

    def verify(self, kept: str, password: str) -> bool:
        self.verified += 1
        if kept != f"kept:{password}":
            raise passwords.VerificationError
        return True


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Counter]:
    """What takes the place of argon2."""
    counter = _Counter()
    monkeypatch.setattr(passwords, "_HASHER", counter)
    passwords._hash_of_nobody.cache_clear()
    yield counter
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture
def guess(sqlite_database: Database, hasher: _Counter) -> Callable[..., str]:
    """Try to sign in: ``guess("Bob", "wrong", "10.0.0.1", NOON)`` gives what came of it."""
    with sqlite_database.writing() as session:
        accounts.add_user(session, "Bob", Role.STUDENT, PASSWORD, NOON)

    def try_once(name: str, password: str, address: str, now: datetime) -> str:
        with sqlite_database.writing() as session:
            try:
                accounts.sign_in(session, name, password, address, now)
            except TooManyAttempts:
                return "wait"
            except Invalid as error:
                return str(error)
        return "in"

    return try_once


def _address(number: int) -> str:
    return f"10.{number // 65_536 % 256}.{number // 256 % 256}.{number % 256}"


def test_of_many_guesses_from_one_address_ten_are_looked_at(guess: Callable[..., str], hasher: _Counter) -> None:
    told = [guess("Bob", f"guess {number}", "10.0.0.1", NOON) for number in range(300)]
    assert told.count("wait") == 290
    assert hasher.verified == 10


def test_of_many_guesses_spread_over_addresses_fifty_are_looked_at(guess: Callable[..., str], hasher: _Counter) -> None:
    told = [guess("Bob", f"guess {number}", _address(number), NOON) for number in range(300)]
    assert told.count("wait") == 250
    assert hasher.verified == 50


def test_one_password_tried_on_many_names_is_stopped_at_the_address(
    guess: Callable[..., str], hasher: _Counter
) -> None:
    told = [guess(f"pupil {number}", "123456 789", "10.0.0.1", NOON) for number in range(300)]
    assert told.count("wait") == 100
    assert hasher.verified == 200


def test_while_somebody_guesses_elsewhere_the_owner_comes_in_at_home(guess: Callable[..., str]) -> None:
    assert guess("Bob", PASSWORD, "192.0.2.7", NOON) == "in"
    assert "wait" in [guess("Bob", "wrong", _address(number), NOON) for number in range(200)]
    assert guess("Bob", PASSWORD, "192.0.2.7", NOON) == "in"


def test_a_whole_school_signs_in_from_one_address(guess: Callable[..., str], sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        for number in range(210):
            accounts.add_user(session, f"pupil {number}", Role.STUDENT, PASSWORD, NOON)
    moments = [NOON + timedelta(milliseconds=number) for number in range(210)]
    assert {guess(f"pupil {number}", PASSWORD, "10.0.0.1", now) for number, now in enumerate(moments)} == {"in"}


def test_an_unknown_name_takes_as_much_work_and_says_the_same(guess: Callable[..., str], hasher: _Counter) -> None:
    told, worked = [], []
    for name in ("Bob", "Nobody", "bob", "ＢＯＢ", "x" * 80):
        before = hasher.verified
        told.append(guess(name, "wrong words", "10.0.0.1", NOON))
        worked.append(hasher.verified - before)
    assert len(set(told)) == 1
    assert worked == [1] * 5


def test_a_known_and_an_unknown_name_are_kept_waiting_alike(guess: Callable[..., str], hasher: _Counter) -> None:
    for name in ("Bob", "Nobody"):
        assert [guess(name, "wrong", "10.0.0.1", NOON) for _ in range(11)][10] == "wait"
    assert hasher.verified == 20


def _sign_in(app: Flask, name: str, planted: str = "") -> tuple[Person, str]:
    person = Person(app, planted or None)
    sent = person.send("POST", "/sign-in", {"name": name, "password": PASSWORD})
    cookie = person.client.get_cookie("quizapp_sign_in")
    assert sent.status_code == 303, sent.text
    assert cookie
    return person, cookie.value


def test_a_sign_in_that_was_planted_is_not_the_one_that_is_opened(school: OpenSchool) -> None:
    attacker = school.app.test_client()
    attacker.set_cookie("quizapp_sign_in", "chosen-by-somebody-else")
    assert attacker.get("/account").status_code == 303
    form = Person(school.app, None)
    form.client.set_cookie("quizapp_sign_in", "chosen-by-somebody-else")
    form.send("POST", "/sign-in", {"name": "Bob", "password": PASSWORD})
    assert attacker.get("/account").status_code == 303


def test_who_signs_in_again_ends_the_sign_in_of_before(school: OpenSchool) -> None:
    before, thief = school.school.cookies["Bob"], school.app.test_client()
    bob = school.person("Bob")
    assert bob.send("POST", "/sign-in", {"name": "Bob", "password": PASSWORD}).status_code == 303
    thief.set_cookie("quizapp_sign_in", before)
    assert thief.get("/account").status_code == 303


def test_sign_ins_and_refusals_are_written_down_without_names(
    school: OpenSchool, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Person(school.app, None)
    with caplog.at_level("INFO", "quizapp"):
        for tried in ("wrong words", PASSWORD, *["wrong words"] * 11):
            visitor.send("POST", "/sign-in", {"name": "Bob", "password": tried})
    told = [record.getMessage() for record in caplog.records if record.name == "quizapp"]
    assert {"a password was refused", "somebody signed in", "a password was tried too often"} <= set(told)
    assert not [line for line in told if "Bob" in line or PASSWORD in line]


def test_the_browser_session_of_before_a_sign_in_is_worth_nothing_after_it(school: OpenSchool) -> None:
    person, cookie = _sign_in(school.app, "Bob")
    after = person.client.get_cookie("quizapp_form")
    client = school.app.test_client()
    client.set_cookie("quizapp_sign_in", cookie)
    assert after is None or after.value != person._cookies["quizapp_form"]
    stale = client.post("/sign-out", headers={"X-CSRFToken": person.form_token})
    assert stale.status_code == 400


@pytest.mark.parametrize("how", ["signing out", "another password", "a teacher's reset", "the command line"])
def test_a_sign_in_that_was_ended_is_dead_wherever_it_was_copied_to(school: OpenSchool, how: str) -> None:
    bob, alice, ids = school.person("Bob"), school.person("Alice"), school.school.owned[0]
    thief = school.app.test_client()
    thief.set_cookie("quizapp_sign_in", school.school.cookies["Bob"])
    assert thief.get("/account").status_code == 200
    if how == "signing out":
        bob.send("POST", "/sign-out")
    elif how == "another password":
        sent = bob.send("POST", "/account/password", {"current": PASSWORD, "new": "four white storks"})
        assert sent.status_code == 200
    elif how == "a teacher's reset":
        address = f"/classes/{ids['class']}/students/{ids['student']}/reset"
        assert alice.send("POST", address).status_code == 303
    else:
        with school.database.writing() as session:
            accounts.set_password(session, "Bob", "four white storks", datetime.now(UTC))
    thief.set_cookie("quizapp_sign_in", school.school.cookies["Bob"])
    assert thief.get("/account").location == "/sign-in?next=/account"
