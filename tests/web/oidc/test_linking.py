"""Linking an account with the school's server, and signing out of both."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from plumbing.school_sign_in import BACK, PASSWORD, add_person, count_rows, go_and_return, list_roles
from plumbing.sign_in_server import SignInServer
from werkzeug.test import TestResponse

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.store.engine import Database


def _link(browser: Any, server: SignInServer, password: str = PASSWORD) -> TestResponse:
    browser.get("/account")
    proved: TestResponse = browser.post("/account/school/link", {"password": password})
    if proved.status_code != 200:
        return proved
    assert "Go on to Hill School" in browser.page
    return go_and_return(browser, server, "/account/school/go")


def test_an_account_is_linked_by_its_holder_with_the_password_and_opened_from_then_on(
    browser_of: Callable[..., Any], visitor: Any, server: SignInServer, web_database: Database
) -> None:
    alice = browser_of("Alice", Role.TEACHER)
    assert _link(alice, server).location == "/account"
    assert "has opened this account since" in alice.get("/account").text
    assert go_and_return(visitor, server).status_code == 303
    assert "Alice" in visitor.get("/account").text
    assert list_roles(web_database) == {"Alice": "teacher"}
    assert alice.post("/account/school/link", {"password": PASSWORD}).status_code == 409


def test_linking_asks_for_the_password_and_counts_guesses(
    browser_of: Callable[..., Any], server: SignInServer, web_database: Database
) -> None:
    bob = browser_of("Bob")
    assert _link(bob, server, "wrong").status_code == 422
    assert _link(bob, server, "").status_code == 422
    assert bob.get("/account/school/go").status_code == 409
    told = [_link(bob, server, f"guess {number}").status_code for number in range(12)]
    assert told[-1] == 429
    assert count_rows(web_database, "identity") == 0


def test_the_proof_of_a_password_is_good_once_and_not_for_long(
    browser_of: Callable[..., Any], server: SignInServer
) -> None:
    bob = browser_of("Bob")
    assert _link(bob, server).status_code == 303
    assert bob.get("/account/school/go").status_code == 409
    bob.get("/account")
    bob.post("/account/school/unlink", {"password": PASSWORD})
    bob.get("/account")
    bob.post("/account/school/link", {"password": PASSWORD})
    with bob.client.session_transaction() as kept:
        kept["school_proved"][1] -= 601
        kept.modified = True
    assert bob.get("/account/school/go").status_code == 409


def test_an_identity_opens_one_account_alone(
    browser_of: Callable[..., Any], server: SignInServer, web_database: Database
) -> None:
    alice, bob = browser_of("Alice"), browser_of("Bob")
    assert _link(alice, server).status_code == 303
    refused = _link(bob, server)
    assert refused.status_code == 409
    assert "another account" in refused.text
    assert count_rows(web_database, "identity") == 1


def test_a_link_begun_by_one_person_is_not_finished_by_another(
    browser_of: Callable[..., Any], server: SignInServer, web_database: Database
) -> None:
    alice = browser_of("Alice")
    add_person(web_database, "Bob")
    alice.get("/account")
    alice.post("/account/school/link", {"password": PASSWORD})
    query = server.authorise(alice.get("/account/school/go").location)
    with web_database.writing() as session:
        bobs = accounts.sign_in(session, "Bob", PASSWORD, "127.0.0.1", datetime.now(UTC))
    alice.client.set_cookie("quizapp_sign_in", bobs.token)
    assert alice.get(f"{BACK}?{query}").status_code == 403
    assert count_rows(web_database, "identity") == 0


def test_a_link_is_removed_with_the_password_alone(
    browser_of: Callable[..., Any], visitor: Any, server: SignInServer, web_database: Database
) -> None:
    bob = browser_of("Bob")
    _link(bob, server)
    bob.get("/account")
    assert bob.post("/account/school/unlink", {"password": "wrong"}).status_code == 422
    assert bob.post("/account/school/unlink", {"password": PASSWORD}).status_code == 303
    go_and_return(visitor, server)
    assert sorted(list_roles(web_database)) == ["Bob", "Noor Ali"]
    visitor.get("/account")
    assert "Change your password" not in visitor.page
    assert visitor.post("/account/school/unlink", {"password": "Noor Ali"}).status_code == 409
    assert visitor.post("/account/school/link", {"password": "Noor Ali"}).status_code == 409


def test_an_account_without_a_password_is_opened_by_none(visitor: Any, server: SignInServer, app: Flask) -> None:
    go_and_return(visitor, server)
    other = type(visitor)(app.test_client())
    for guess in ("-", "", " ", "Noor Ali"):
        other.get("/sign-in")
        assert other.post("/sign-in", {"name": "Noor Ali", "password": guess}).status_code == 422


def test_signing_out_ends_it_here_and_leads_to_the_server(visitor: Any, server: SignInServer, app: Flask) -> None:
    go_and_return(visitor, server)
    cookie = visitor.client.get_cookie("quizapp_sign_in").value
    visitor.get("/account")
    assert visitor.post("/sign-out").location == "/signed-out"
    thief = app.test_client()
    thief.set_cookie("quizapp_sign_in", cookie)
    assert thief.get("/account").status_code == 303
    visitor.get("/signed-out")
    assert (
        f"{server.issuer}/leave?client_id=quizapp&amp;post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%2F"
        in visitor.page
    )


@pytest.mark.parametrize("address", [None, "javascript:alert(1)", "http://school.example/leave"])
def test_a_server_without_a_way_out_is_named_without_a_link(
    visitor: Any, server: SignInServer, address: str | None
) -> None:
    server.discovery = {"end_session_endpoint": address}
    visitor.get("/signed-out")
    assert "may still be signed in with Hill School" in visitor.page
    assert "Sign out of Hill School" not in visitor.page


def test_where_the_server_is_away_the_page_after_signing_out_still_comes(make: Callable[..., Flask]) -> None:
    page = make(oidc_issuer="http://127.0.0.1:9").test_client().get("/signed-out")
    assert page.status_code == 200
    assert "Sign out of" not in page.text
