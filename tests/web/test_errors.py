"""Errors a person can meet: in words, with the right status, without a database, without a trace of our insides."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from quizapp.app import create_app
from quizapp.services import decks
from quizapp.settings import Settings
from quizapp.store.engine import Database

STRONG = "k3V9-xT2_pQ7wZ5mL8rN1bC4jH6fD0sA"


@pytest.fixture
def without_database(tmp_path: Path) -> FlaskClient:
    """A browser at an app whose database does not answer."""
    settings = Settings(data_dir=tmp_path, secret_key=STRONG, database_url=f"sqlite:///{tmp_path}/gone/quizapp.db")
    client = create_app(settings).test_client()
    client.set_cookie("quizapp_sign_in", "somebody")
    return client


@pytest.mark.parametrize("path", ["/", "/study/birds", "/sources", "/sources/herons", "/account", "/sign-up"])
def test_a_database_that_does_not_answer_is_said_on_a_page_that_needs_none(
    without_database: FlaskClient, path: str
) -> None:
    response = without_database.get(path)
    page = response.get_data(as_text=True)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "The database does not answer." in page
    assert "<!DOCTYPE html>" in page
    assert "sqlite" not in page.lower()


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/decks"])
def test_programs_are_told_too(without_database: FlaskClient, path: str) -> None:
    response = without_database.get(path, headers={"Authorization": "Bearer x"})
    assert response.status_code == 503


def test_a_postgresql_that_does_not_answer_is_said_as_well(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret_key=STRONG, database_url="postgresql://127.0.0.1:9/none")
    assert create_app(settings).test_client().get("/").status_code == 503


def test_the_sign_of_life(app: Flask) -> None:
    response = app.test_client().get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/", "/api/v1/openapi.json"])
def test_a_mistake_of_ours_shows_nothing_of_our_insides(
    app: Flask, monkeypatch: pytest.MonkeyPatch, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(decks, "list_decks", crash)
    monkeypatch.setattr("quizapp.web.api.views.describe", crash)
    response = app.test_client().get(path)
    assert response.status_code == 500
    assert "secret inside" not in response.get_data(as_text=True)
    assert "secret inside" in caplog.text


@pytest.mark.parametrize("path", ["/", "/study/birds", "/nowhere", "/api/v1/decks", "/static/app.css", "/healthz"])
def test_every_response_carries_the_guards(app: Flask, path: str) -> None:
    with app.test_client().get(path) as response:
        headers = response.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_kept_by_nobody_and_static_files_for_a_year(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/").headers["Cache-Control"] == "no-store"
    found = re.search(r"/static/app\.css\?v=\w+", client.get("/").get_data(as_text=True))
    assert found
    with client.get(found[0]) as response:
        assert "max-age=31536000" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["app.css", "app.css?v=1", "app.css?v=", "x/../app.css", "x/../app.css?v=1"])
def test_a_static_file_without_its_digest_in_the_address_is_asked_for_anew(app: Flask, address: str) -> None:
    with app.test_client().get(f"/static/{address}") as response:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["ETag"]


@pytest.mark.parametrize("path", ["/static/nothing.css?v=1", "/static/nothing.css", "/media/birds/x/y.png", "/nothing"])
def test_where_no_file_is_the_page_that_says_so_is_kept_by_nobody(browser_of, path: str) -> None:
    bob = browser_of("Bob")
    response = bob.get(path)
    assert response.status_code == 404
    assert "Bob" in bob.page
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Vary"] == "Cookie, X-Fragment, Accept-Language"


def test_a_forged_host_reaches_no_link(app: Flask) -> None:
    page = app.test_client().get("/study/birds", headers={"Host": "evil.example"}).get_data(as_text=True)
    assert "evil.example" not in page


def test_with_a_public_address_no_other_host_is_answered(make_app: Callable[..., Flask]) -> None:
    client = make_app(public_url="https://quiz.example.org").test_client()
    answered = {
        host: client.get("/", headers={"Host": host}).status_code
        for host in ("quiz.example.org", "127.0.0.1:8000", "evil.example", "quiz.example.org.evil.example")
    }
    assert answered == {
        "quiz.example.org": 200,
        "127.0.0.1:8000": 200,
        "evil.example": 400,
        "quiz.example.org.evil.example": 400,
    }


@pytest.mark.parametrize(("proxies", "expected"), [(0, "127.0.0.1"), (1, "198.51.100.1"), (2, "203.0.113.9")])
def test_proxy_headers_are_believed_from_as_many_proxies_as_are_named(
    make_app: Callable[..., Flask], proxies: int, expected: str
) -> None:
    app = make_app(trusted_proxies=proxies)
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get("/healthz", environ_overrides={"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.1"})
    assert seen == [expected]


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("POST", "/"), ("POST", "/study/birds")])
def test_other_errors_are_told_while_the_database_is_silent(
    without_database: FlaskClient, method: str, path: str
) -> None:
    response = without_database.open(path, method=method)
    assert response.status_code in (400, 404, 405)


def test_a_response_stands_even_if_its_sign_in_cannot_be_noted(
    browser_of: Callable[..., Any], web_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = browser_of("Bob")
    with web_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE sign_in SET seen_at = 0")
        session.commit()

    def fail(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("disk is full"))

    monkeypatch.setattr("quizapp.services.accounts.keep_alive", fail)
    assert bob.get("/account").status_code == 200


def test_a_sign_in_in_use_is_renewed(browser_of: Callable[..., Any], web_database: Database) -> None:
    bob = browser_of("Bob")
    with web_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE sign_in SET seen_at = 0")
        session.commit()
    assert "quizapp_sign_in" in bob.get("/account").headers["Set-Cookie"]


@pytest.mark.parametrize("beside", [{"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "no-cors"}, {"X-Fragment": "main"}])
def test_what_a_script_asks_for_beside_a_page_never_changes_the_sign_in_cookie(
    browser_of: Callable[..., Any], web_database: Database, beside: dict[str, str]
) -> None:
    bob = browser_of("Bob")
    bob.get("/study/birds")
    with web_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE sign_in SET seen_at = 0")
        session.commit()
    assert "Set-Cookie" not in bob.get("/offline/token", headers=beside).headers
    assert "quizapp_sign_in" in bob.get("/account", headers={"Sec-Fetch-Mode": "navigate"}).headers["Set-Cookie"]
    with web_database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM sign_in")
        session.commit()
    assert "Set-Cookie" not in bob.get("/offline/token", headers=beside).headers  # a newer one may be on its way
    assert "quizapp_sign_in=;" in bob.get("/", headers={"Sec-Fetch-Mode": "navigate"}).headers["Set-Cookie"]


@pytest.mark.parametrize("origin", ["http://[", "https://evil.example", "http://localhost.evil.example"])
def test_a_form_with_a_foreign_origin_is_refused(visitor: Any, origin: str) -> None:
    visitor.get("/sign-in")
    response = visitor.post("/sign-in", {"name": "x", "password": "y"}, headers={"Origin": origin})
    assert response.status_code == 400
    assert "Send it again" not in visitor.page


def test_over_https_no_referer_is_needed(make_app: Callable[..., Flask]) -> None:
    client = make_app(public_url="https://quiz.example.org").test_client()
    page = client.get("/sign-in", base_url="https://quiz.example.org").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    response = client.post(
        "/sign-in",
        base_url="https://quiz.example.org",
        data={"csrf_token": token[1], "name": "Nobody", "password": "nothing at all"},
        headers={"Origin": "https://quiz.example.org"},
    )
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://[::1]:8000", 422),
        ("http://[::1]:8001", 400),
        ("http://[::2]:8000", 400),
        ("http://[::1]:8000.evil.example", 400),
        ("http://[::1", 400),
        ("http://evil.example", 400),
    ],
)
def test_forms_are_sent_to_an_ipv6_address_from_its_own_pages_alone(
    make_app: Callable[..., Flask], origin: str, status: int
) -> None:
    client = make_app(public_url="http://[::1]:8000").test_client()
    page = client.get("/sign-in", base_url="http://[::1]:8000").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    fields = {"csrf_token": token[1], "name": "Nobody", "password": "nothing at all"}
    sent = client.post("/sign-in", base_url="http://[::1]:8000", data=fields, headers={"Origin": origin})
    assert sent.status_code == status


def test_redirects_stay_on_an_ipv6_address(make_app: Callable[..., Flask]) -> None:
    client = make_app(public_url="http://[::1]:8000").test_client()
    asked = client.get("/account", base_url="http://[::1]:8000")
    assert asked.status_code == 303
    assert asked.location.startswith(("/", "http://[::1]:8000/"))


def test_a_field_of_many_digits_is_shown_as_it_is(app: Flask) -> None:
    response = app.test_client().post("/study/birds", data={"x-" + "9" * 5000: "typed"})
    assert response.status_code == 400
    assert "typed" in response.get_data(as_text=True)
