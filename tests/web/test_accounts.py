"""Signing up, in and out in the browser; the account's page; the first teacher."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.services import first_teacher
from quizapp.services.accounts import Role
from quizapp.store.engine import Database
from quizapp.store.tables import AccountRow, ReviewRow


def test_a_guest_keeps_the_progress_when_signing_up(visitor, web_database: Database, password: str) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    visitor.get("/sign-up")
    assert "The one answer you gave as a guest is kept." in visitor.page
    assert visitor.post("/sign-up", {"name": "Bob", "password": password}).status_code == 303
    visitor.get("/")
    assert "1 of 8 cards seen" in visitor.page
    with web_database.reading() as session:
        account = session.execute(sa.select(AccountRow)).scalar_one()
        assert session.execute(sa.select(ReviewRow.learner_id)).scalar_one() == account.learner_id
        assert account.role == "student"


def test_a_name_that_is_taken_is_said_beside_the_field_and_stays_typed(browser_of, visitor, password: str) -> None:
    browser_of("Bob")
    visitor.get("/sign-up")
    response = visitor.post("/sign-up", {"name": "bob", "password": password})
    assert response.status_code == 422
    assert "Somebody has this name already" in visitor.page
    assert 'value="bob"' in visitor.page
    assert password not in visitor.page


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up"])
def test_an_empty_form_says_what_is_missing(visitor, path: str) -> None:
    visitor.get(path)
    response = visitor.post(path, {"name": "", "password": ""})
    assert response.status_code == 422
    assert "2 things to put right" in visitor.page


def test_no_field_makes_a_teacher(visitor, web_database: Database, password: str) -> None:
    visitor.get("/sign-up")
    extra = {"role": "admin", "id": "7", "learner_id": "1", "password_hash": "x", "guest": "1"}
    visitor.post("/sign-up", {"name": "Bob", "password": password} | extra)
    with web_database.reading() as session:
        assert session.execute(sa.select(AccountRow.role)).scalars().all() == ["student"]


def test_signing_in_gives_a_fresh_cookie_and_an_old_one_is_dead(browser_of, app: Flask, password: str) -> None:
    bob = browser_of("Bob")
    old = bob.client.get_cookie("quizapp_sign_in")
    assert old is not None
    assert old.http_only
    bob.get("/account")
    assert bob.post("/sign-out").status_code == 303
    assert bob.client.get_cookie("quizapp_sign_in") is None
    replay = app.test_client()
    replay.set_cookie("quizapp_sign_in", old.value)
    assert replay.get("/account").status_code == 303


def test_a_wrong_password_is_said_and_the_name_stays(browser_of, visitor) -> None:
    browser_of("Bob")
    visitor.get("/sign-in")
    response = visitor.post("/sign-in", {"name": "Bob", "password": "wrong words here"})
    assert response.status_code == 422
    assert "Check both and try again." in visitor.page
    assert 'value="Bob"' in visitor.page
    assert "wrong words here" not in visitor.page


def test_many_wrong_passwords_must_wait(browser_of, visitor, password: str) -> None:
    browser_of("Bob")
    visitor.get("/sign-in")
    for _ in range(10):
        assert visitor.post("/sign-in", {"name": "Bob", "password": "wrong words here"}).status_code == 422
    response = visitor.post("/sign-in", {"name": "Bob", "password": password})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "tried too often" in visitor.page


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/study/birds", "/study/birds"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\tevil", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_goes_on_within_this_site(
    browser_of, visitor, password: str, wanted: str, expected: str
) -> None:
    browser_of("Bob")
    visitor.get("/sign-in", query_string={"next": wanted})
    response = visitor.post("/sign-in", {"name": "Bob", "password": password, "next": wanted})
    assert (response.status_code, response.location) == (303, expected)


def test_signing_out_needs_a_form_of_ours(browser_of) -> None:
    bob = browser_of("Bob")
    assert bob.client.post("/sign-out").status_code == 400
    assert bob.client.get("/sign-out").status_code == 405
    assert bob.get("/account").status_code == 200


def test_a_guest_who_presses_sign_out_keeps_the_progress(visitor) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    visitor.get("/sign-in")
    visitor.post("/sign-out")
    visitor.get("/")
    assert "1 of 8 cards seen" in visitor.page


def test_a_new_password_is_taken_and_other_browsers_are_out(
    browser_of, new_browser: Callable[[], object], password: str
) -> None:
    bob = browser_of("Bob")
    other = new_browser()
    other.get("/sign-in")  # type: ignore[attr-defined]
    other.post("/sign-in", {"name": "Bob", "password": password})  # type: ignore[attr-defined]
    bob.get("/account")
    wrong = bob.post("/account/password", {"current": "no", "new": "four white storks"})
    assert wrong.status_code == 422
    assert "This is not your current password." in bob.page
    assert bob.post("/account/password", {"current": password, "new": "four white storks"}).status_code == 200
    assert bob.post("/account/tokens", {"label": "go on", "proof": "four white storks"}).status_code == 201
    assert other.get("/account").status_code == 303  # type: ignore[attr-defined]
    assert bob.get("/account").status_code == 200


def test_a_token_is_shown_once_and_can_be_revoked(browser_of, app: Flask, password: str) -> None:
    bob = browser_of("Bob")
    bob.get("/account")
    assert bob.post("/account/tokens", {"label": "my script", "proof": password}).status_code == 201
    found = re.search(r"quizapp_[\w-]{43}", bob.page)
    assert found
    header = {"Authorization": f"Bearer {found[0]}"}
    assert app.test_client().get("/api/v1/decks", headers=header).status_code == 200
    bob.get("/account")
    assert found[0] not in bob.page
    place = re.search(r'action="(/account/tokens/\d+/revoke)"', bob.page)
    assert place
    assert bob.post(place[1]).status_code == 303
    assert app.test_client().get("/api/v1/decks", headers=header).status_code == 401
    bob.get("/account")
    assert bob.post("/account/tokens", {"label": "", "proof": password}).status_code == 422


def test_a_token_is_made_only_for_who_gives_the_password(browser_of, password: str) -> None:
    bob = browser_of("Bob")
    bob.get("/account")
    for wrong in ({}, {"proof": ""}, {"proof": "four white storks"}):
        assert bob.post("/account/tokens", {"label": "my script", **wrong}).status_code == 422
        assert "This is not your password." in bob.page
        assert "quizapp_" not in bob.page.replace("quizapp_sign_in", "")
    for _ in range(7):
        assert bob.post("/account/tokens", {"label": "my script", "proof": "guess"}).status_code == 422
    refused = bob.post("/account/tokens", {"label": "my script", "proof": password})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a_stranger_cannot_revoke_a_token(browser_of, password: str) -> None:
    bob, charlie = browser_of("Bob"), browser_of("Charlie")
    bob.get("/account")
    assert bob.post("/account/tokens", {"label": "my script", "proof": password}).status_code == 201
    charlie.get("/account")
    assert charlie.post("/account/tokens/1/revoke").status_code == 404


@pytest.mark.parametrize("path", ["/account/password", "/account/tokens", "/account/tokens/1/revoke"])
def test_a_visitor_is_led_to_sign_in(visitor, path: str) -> None:
    assert visitor.get("/account").location == "/sign-in?next=/account"
    visitor.get("/sign-in")
    assert visitor.post(path, {"label": "x"}).location == "/sign-in?next=/account"


def test_the_link_of_the_first_start_makes_a_teacher_once(visitor, web_database: Database, password: str) -> None:
    with web_database.writing() as session:
        link = first_teacher.offer_first_teacher(session, datetime.now(UTC))
    assert visitor.get(f"/welcome/{link}").status_code == 200
    assert visitor.post(f"/welcome/{link}", {"name": "Alice", "password": "short"}).status_code == 422
    assert visitor.post(f"/welcome/{link}", {"name": "Alice", "password": password}).status_code == 303
    visitor.get("/account")
    assert "Teacher" in visitor.page
    assert visitor.get(f"/welcome/{link}").status_code == 404


def test_a_made_up_link_is_not_found(visitor) -> None:
    assert visitor.get("/welcome/guess").status_code == 404


def test_a_student_does_not_become_the_first_teacher_by_name(
    browser_of, web_database: Database, visitor, password: str
) -> None:
    browser_of("Alice", Role.STUDENT)
    with web_database.writing() as session:
        link = first_teacher.offer_first_teacher(session, datetime.now(UTC))
    visitor.get(f"/welcome/{link}")
    assert visitor.post(f"/welcome/{link}", {"name": "alice", "password": password}).status_code == 422
    assert "Somebody has this name already" in visitor.page


def test_over_https_cookies_are_bound_to_this_host(
    make_app: Callable[..., Flask], web_database: Database, password: str
) -> None:
    client = make_app(public_url="https://quiz.example.org").test_client()
    page = client.get("/sign-up", base_url="https://quiz.example.org")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert token
    response = client.post(
        "/sign-up",
        base_url="https://quiz.example.org",
        data={"csrf_token": token[1], "name": "Bob", "password": password},
        headers={"Referer": "https://quiz.example.org/sign-up"},
    )
    assert response.status_code == 303
    cookies = page.headers.getlist("Set-Cookie") + response.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-quizapp_form", "__Host-quizapp_sign_in"}
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]


def _answer_as_guest_and_sign_in(browser, password: str) -> None:
    browser.get("/study/birds")
    browser.answer("birds", {"response": "100 cm"})
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"name": "Bob", "password": password}).location == "/account/guest"
    assert browser.get("/account/guest").status_code == 200
    assert "one answer was given" in browser.page


def test_a_guest_who_signs_in_is_asked_and_keeps_the_answers(browser_of, visitor, password: str) -> None:
    browser_of("Bob")
    _answer_as_guest_and_sign_in(visitor, password)
    assert visitor.post("/account/guest", {"choice": "add"}).status_code == 303
    visitor.get("/")
    assert "1 of 8 cards seen" in visitor.page
    assert visitor.get("/account/guest").status_code == 303


def test_answers_of_somebody_else_on_the_device_are_left(browser_of, visitor, password: str) -> None:
    browser_of("Bob")
    _answer_as_guest_and_sign_in(visitor, password)
    assert visitor.post("/account/guest", {"choice": "leave"}).status_code == 303
    visitor.get("/")
    assert "0 of 8 cards seen" in visitor.page
    visitor.get("/sign-up")
    assert visitor.post("/account/guest", {"choice": "add"}).status_code == 303
    visitor.get("/")
    assert "0 of 8 cards seen" in visitor.page


def test_without_a_guest_there_is_nothing_to_ask(browser_of, visitor, password: str) -> None:
    bob = browser_of("Bob")
    assert bob.get("/account/guest").location == "/"
    visitor.get("/sign-in")
    assert visitor.post("/account/guest", {"choice": "add"}).location == "/"
    visitor.get("/sign-in")
    assert visitor.post("/sign-in", {"name": "Bob", "password": password}).location == "/"
