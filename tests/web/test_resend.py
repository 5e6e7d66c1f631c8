"""What was typed into a form comes back, wherever the sign-in or the form's token was lost."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from quizapp.services.accounts import Role
from quizapp.web.fieldlabels import find_passwords

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LONG = "Herons wait. سمك. " * 5_000


@pytest.fixture
def alice(browser_of: Callable[..., Any]) -> Any:
    """Alice's browser: she teaches."""
    return browser_of("Alice", Role.TEACHER)


@pytest.fixture
def lose_sign_in(alice: Any) -> Callable[[], None]:
    """End Alice's sign-in behind her back, with a form open."""

    def lose() -> None:
        alice.client.delete_cookie("quizapp_sign_in")

    return lose


def _carried(browser: Any, password: str) -> str:
    """Sign in on the page that says so; gives the address that the form is offered to."""
    fields = {"name": "Alice", "password": password, "carried": unescape(browser.hidden("carried"))}
    assert browser.post("/sign-in", fields).status_code == 200
    assert "You are signed in again" in browser.page
    found = re.findall(r'<form method="post" action="([^"]*)">', browser.page)
    return unescape(str(found[-1]))


@pytest.mark.parametrize(
    ("opened", "sent", "fields"),
    [
        ("/author/", "/author/", {"title": "Grey herons", "theme": "nature"}),
        ("/classes", "/classes", {"name": "Grey herons, year 7"}),
        ("/texts/new", "/texts/new", {"title": "Grey herons", "text": LONG}),
        ("/tests/new", "/tests/new?layout=one&deck=%D8%B3%20a", {"title": "Grey herons", "introduction": "Slowly."}),
    ],
)
def test_what_was_typed_goes_through_a_lost_sign_in(
    alice: Any, lose_sign_in: Any, password: str, opened: str, sent: str, fields: dict[str, object]
) -> None:
    alice.get(opened)
    lose_sign_in()
    assert alice.post(sent, fields).status_code == 401
    assert "You are no longer signed in" in alice.page
    for value in fields.values():
        assert str(value).strip() in unescape(alice.page)
    assert _carried(alice, password) == sent
    for name, value in fields.items():
        assert unescape(alice.hidden(name)) == value


def test_what_was_typed_is_called_as_in_its_form(alice: Any, lose_sign_in: Any, password: str) -> None:
    alice.get("/tests/new")
    lose_sign_in()
    alice.post("/tests/new", {"title": "Grey herons", "introduction": "Slowly."})
    for label, value in (("Title", "Grey herons"), ("What students read before they begin", "Slowly.")):
        assert re.search(rf"<dt>{label}</dt>\s*<dd dir=\"auto\">{value}</dd>", alice.page)
    before = re.findall("<dt>(.*?)</dt>", alice.page)
    _carried(alice, password)
    assert re.findall("<dt>(.*?)</dt>", alice.page) == before


def test_a_text_that_was_pasted_comes_back_however_long_when_the_token_is_lost(alice: Any) -> None:
    alice.get("/texts/new")
    alice.client.delete_cookie("quizapp_form")
    refused = alice.post("/texts/new?a=1", {"title": "Herons", "text": LONG}, headers={"Sec-Fetch-Site": "same-origin"})
    assert refused.status_code == 400
    assert unescape(alice.hidden("text")) == LONG
    assert 'action="/texts/new?a=1"' in alice.page


def test_what_cannot_go_through_a_sign_in_is_said_and_shown(alice: Any, lose_sign_in: Any) -> None:
    alice.get("/texts/new")
    lose_sign_in()
    fields = {"title": "Grey herons", "file": (io.BytesIO(b"Herons."), "herons.md")}
    assert alice.post("/texts/new", fields, content_type="multipart/form-data").status_code == 401
    assert "cannot be kept through a sign-in" in alice.page
    assert "Grey herons" in alice.page
    assert "Go on without signing in" not in alice.page


def test_an_address_with_odd_letters_is_sent_to_again_as_it_was(alice: Any, lose_sign_in: Any, password: str) -> None:
    alice.get("/classes")
    lose_sign_in()
    alice.post("/classes/%3F%20%22a/groups?sort=%26x", {"name": "Kim"})
    assert _carried(alice, password) == "/classes/%3F%20%22a/groups?sort=%26x"


def test_a_form_of_a_test_is_kept_though_without_the_sign_in_the_test_is_not_there(alice: Any, password: str) -> None:
    alice.get("/tests/new")
    fields = {"title": "Herons", "attempts": "1", "counting": "best", "feedback": "at-end", "layout": "all"}
    address = f"{alice.post('/tests/new', fields).location}/edit"
    alice.get(address)
    alice.client.set_cookie("quizapp_sign_in", "ended-elsewhere")
    assert alice.post(address, fields | {"introduction": "Read slowly."}).status_code == 401
    assert "Read slowly." in alice.page
    assert _carried(alice, password) == address


@pytest.mark.parametrize("token", ["", "forged"])
@pytest.mark.parametrize("address", ["/account/password", "/account/tokens", "/classes", "/settings", "/sign-in"])
def test_no_password_and_no_code_comes_back(alice: Any, token: str, address: str) -> None:
    secrets = {name: f"four white {name} storks" for name in find_passwords() | {"otp"}}
    assert secrets.keys() >= {"password", "current", "new", "proof"}
    response = alice.client.post(address, data=secrets | {"csrf_token": token, "label": "for tests"})
    page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert "for tests" in page
    assert "storks" not in page
