"""Codes at the sign-in, in the browser."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest

from quizapp.services.accounts import Role

PAGE = "/account/two-factor"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def alice(browser_of: Callable[..., Any]) -> Any:
    """Alice's browser."""
    return browser_of("Alice", Role.TEACHER)


@pytest.fixture
def codes(alice: Any, password: str) -> list[str]:
    """Alice has set it up; her recovery codes."""
    alice.get("/account")
    assert PAGE in alice.page
    alice.get(PAGE)
    assert alice.post(f"{PAGE}/begin").status_code == 422
    assert alice.post(f"{PAGE}/begin", {"password": "no"}).status_code == 422
    assert "This is not your password." in alice.page
    assert alice.client.get(f"{PAGE}/key.png").status_code == 404
    assert alice.post(f"{PAGE}/begin", {"password": password}).location == PAGE
    alice.get(PAGE)
    picture = alice.client.get(f"{PAGE}/key.png")
    assert (picture.content_type, picture.headers["Cache-Control"]) == ("image/png", "no-store")
    assert picture.data.startswith(b"\x89PNG")
    assert 'autocomplete="one-time-code"' in alice.page
    key = re.findall(r'<code class="token">([A-Z2-7]+)</code>', alice.page)[0]
    assert alice.post(f"{PAGE}/confirm", {"otp": "x"}).status_code == 422
    assert "This code does not fit" in alice.page
    assert alice.post(f"{PAGE}/confirm", {"otp": pyotp.TOTP(key).at(datetime.now(UTC))}).status_code == 200
    found = re.findall(r"<code>([0-9-]{44})</code>", alice.page)
    assert len(found) == 10
    alice.get(PAGE)
    assert key not in alice.page
    assert "10 recovery codes are left." in alice.page
    assert alice.post(f"{PAGE}/begin", {"password": password}).location == PAGE
    assert alice.client.get(f"{PAGE}/key.png").status_code == 404
    return found


def test_after_the_password_the_code_is_asked_for(codes: list[str], visitor: Any, password: str) -> None:
    visitor.get("/sign-in?next=/classes")
    asked = visitor.post("/sign-in", {"name": "Alice", "password": password, "next": "/classes"})
    assert asked.status_code == 200
    assert visitor.client.get_cookie("quizapp_sign_in") is None
    hidden = {name: visitor.hidden(name) for name in ("waiting", "next")}
    for typed in ("", "000000"):
        assert visitor.post("/sign-in/code", hidden | {"otp": typed}).status_code == 422
        assert visitor.client.get_cookie("quizapp_sign_in") is None
        assert 'value="000000"' not in visitor.page
    assert visitor.post("/sign-in/code", hidden | {"otp": codes[0]}).location == "/classes"
    assert visitor.get("/account").status_code == 200
    visitor.get("/sign-in")
    assert visitor.post("/sign-in/code", hidden | {"otp": codes[1]}).location == "/sign-in?next=/classes"


def test_too_many_codes_must_wait(codes: list[str], visitor: Any, password: str) -> None:
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"name": "Alice", "password": password})
    hidden = {"waiting": visitor.hidden("waiting")}
    told = [visitor.post("/sign-in/code", hidden | {"otp": f"{number:06}"}) for number in range(12)]
    assert told[-1].status_code == 429
    assert int(told[-1].headers["Retry-After"]) > 0


def test_it_is_turned_off_with_password_and_code(codes: list[str], alice: Any, password: str) -> None:
    alice.get(PAGE)
    assert alice.post(f"{PAGE}/off", {"current": "no", "otp": codes[0]}).status_code == 422
    assert alice.post(f"{PAGE}/off", {"current": password, "otp": ""}).status_code == 422
    assert alice.post(f"{PAGE}/off", {"current": password, "otp": codes[0]}).location == PAGE
    alice.get(PAGE)
    assert "Set up" in alice.page
    assert alice.post(f"{PAGE}/off", {"current": password, "otp": codes[1]}).location == PAGE


def test_setting_it_up_and_turning_it_off_sign_all_other_browsers_out(
    alice: Any, visitor: Any, codes: list[str], password: str
) -> None:
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"name": "Alice", "password": password})
    visitor.post("/sign-in/code", {"waiting": visitor.hidden("waiting"), "otp": codes[0]})
    assert visitor.get("/account").status_code == 200
    alice.get(PAGE)
    assert alice.post(f"{PAGE}/off", {"current": password, "otp": codes[1]}).location == PAGE
    assert alice.get(PAGE).status_code == 200
    assert visitor.get("/account").status_code == 303


def test_too_many_wrong_passwords_must_wait(alice: Any, password: str) -> None:
    alice.get(PAGE)
    told = [alice.post(f"{PAGE}/begin", {"password": f"no {number}"}) for number in range(12)]
    assert told[-1].status_code == 429
    assert int(told[-1].headers["Retry-After"]) > 0


def test_a_form_that_is_forged_shows_no_code(codes: list[str], visitor: Any) -> None:
    shown = visitor.client.post("/sign-in/code", data={"otp": codes[0], "waiting": "x"})
    assert shown.status_code == 400
    assert codes[0] not in shown.text


def test_for_students_there_is_no_such_page(browser_of: Callable[..., Any], visitor: Any) -> None:
    bob = browser_of("Bob")
    bob.get("/account")
    assert PAGE not in bob.page
    for path in ("", "/begin", "/confirm", "/off"):
        assert bob.post(PAGE + path).status_code == (405 if path == "" else 404)
    assert bob.get(PAGE).status_code == 404
    for path in ("/begin", "/confirm", "/off"):
        visitor.get("/sign-in")
        assert visitor.post(PAGE + path).status_code == 401
    assert visitor.client.get(f"{PAGE}/key.png").location.startswith("/sign-in")
