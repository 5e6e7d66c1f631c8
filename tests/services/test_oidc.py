"""Two who are quicker than each other: sign-ins by way of the school that meet in the middle."""

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from quizapp.core.errors import Conflict, Forbidden
from quizapp.core.identities import Identity
from quizapp.services import accounts, oidc
from quizapp.services.accounts import Role
from quizapp.store import accounts as account_store
from quizapp.store import identities as store
from quizapp.store.engine import Database

NOOR = Identity("https://id.example.org", "person-1", "Noor", None)
HERE = "192.0.2.1"


def test_the_same_person_in_two_windows_gets_one_account(
    sqlite_database: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, made = oidc._make_account, []

    def be_late(session: Session, identity: Identity, now: datetime) -> store.IdentityRecord:
        if not made:
            made.append(make(session, identity, now))  # the other window
            session.commit()
            raise IntegrityError("INSERT", None, Exception("taken"))
        return make(session, identity, now)

    monkeypatch.setattr(oidc, "_make_account", be_late)
    with sqlite_database.writing() as session:
        opened = oidc.sign_in(session, NOOR, HERE, noon)
    assert opened.viewer.account_id == made[0].account_id


def test_an_account_deleted_on_the_way_is_said(
    sqlite_database: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_database.writing() as session:
        oidc.sign_in(session, NOOR, HERE, noon)
    monkeypatch.setattr(account_store, "find_account", lambda *_: None)
    with sqlite_database.writing() as session, pytest.raises(Conflict, match="deleted a moment ago"):
        oidc.sign_in(session, NOOR, HERE, noon)


def test_linking_twice_is_linking_once(sqlite_database: Database, noon: datetime) -> None:
    with sqlite_database.writing() as session:
        alice = accounts.add_user(session, "Alice", Role.TEACHER, "three grey herons", noon)
        session.commit()
    assert alice.account_id is not None
    for _ in range(2):
        with sqlite_database.writing() as session:
            oidc.link(session, alice, NOOR, alice.account_id, noon)
    other = Identity(NOOR.issuer, "person-2", "Noor", None)
    with sqlite_database.writing() as session, pytest.raises(Conflict, match="linked already"):
        oidc.link(session, alice, other, alice.account_id, noon)
    with sqlite_database.reading() as session:
        found = store.find_identity_of(session, alice.account_id)
    assert found is not None
    assert found.subject == "person-1"


def test_a_guest_has_nothing_to_link(sqlite_database: Database, noon: datetime) -> None:
    with sqlite_database.writing() as session:
        guest = accounts.start_guest(session, HERE, noon).viewer
    for nobody in (None, guest):
        with sqlite_database.reading() as session, pytest.raises(Forbidden, match="Sign in first"):
            oidc.view_link(session, nobody)
