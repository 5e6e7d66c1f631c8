"""Cookies and form tokens are proved once; forged, foreign and old ones are refused as ever."""

from collections.abc import Callable

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFError, generate_csrf

from quizapp.web import remembering
from quizapp.web.remembering import FormTokens, RememberingSessions


def _cookie(client: FlaskClient) -> str:
    found = client.get_cookie("quizapp_form")
    assert found is not None
    return found.value


def _with_cookie(app: Flask, value: str) -> Callable[[], dict[str, object]]:
    def read() -> dict[str, object]:
        with app.test_request_context("/", headers={"Cookie": f"quizapp_form={value}"}):
            return dict(session)

    return read


def test_a_cookie_read_twice_gives_the_same_session_and_a_forged_one_gives_none(app: Flask) -> None:
    client = app.test_client()
    client.get("/study/birds")
    good = _cookie(client)
    read = _with_cookie(app, good)
    assert read() == read()
    assert read()["csrf_token"]
    # Not the last letter: it holds two bits of no meaning, so that four letters there stand for the same signature.
    forged = good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1]
    assert _with_cookie(app, forged)() == {}


def test_what_one_request_does_to_its_session_is_not_seen_by_others(app: Flask) -> None:
    client = app.test_client()
    client.get("/study/birds")
    header = {"Cookie": f"quizapp_form={_cookie(client)}"}
    for _ in range(2):
        with app.test_request_context("/", headers=header):
            assert "more" not in session
            session["more"] = {"birds": 1}


def test_a_remembered_cookie_is_proved_again_after_a_minute(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(remembering.time, "monotonic", lambda: clock[0])
    client = app.test_client()
    client.get("/study/birds")
    read = _with_cookie(app, _cookie(client))
    assert read()
    app.permanent_session_lifetime = app.permanent_session_lifetime * 0
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 4_000_000_000)
    assert read()
    clock[0] += 61
    assert read() == {}


def test_a_new_secret_ends_what_is_remembered(app: Flask) -> None:
    client = app.test_client()
    client.get("/study/birds")
    read = _with_cookie(app, _cookie(client))
    assert read()
    app.secret_key = "another secret, quite as long as the first"
    assert read() == {}


def test_memory_has_an_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "_MOST", 2)
    sessions = RememberingSessions()
    for number in range(5):
        sessions._read.keep(str(number), (0.0, {}))
    assert len(sessions._read._known) <= 2


def test_pages_of_one_session_carry_one_token_which_is_flask_wtfs(app: Flask) -> None:
    tokens = FormTokens()
    with app.test_request_context("/"):
        first = tokens.make()
        raw = session["csrf_token"]
    with app.test_request_context("/"):
        session["csrf_token"] = raw
        assert tokens.make() == first == generate_csrf()
        assert str(tokens.show()) == f'<input type="hidden" name="csrf_token" value="{first}">'
    with app.test_request_context("/"):
        assert tokens.make() != first


@pytest.mark.parametrize("repeats", [1, 3])
def test_a_token_passes_with_its_own_session_alone(app: Flask, repeats: int) -> None:
    tokens = FormTokens()
    with app.test_request_context("/"):
        token, raw = tokens.make(), session["csrf_token"]
    for _ in range(repeats):
        with app.test_request_context("/", method="POST", data={"csrf_token": token}):
            session["csrf_token"] = raw
            tokens.prove()
    for secret, sent in (("somebody else's", token), (raw, token + "x"), (raw, ""), ("", token), ("", "")):
        with app.test_request_context("/", method="POST", data={"csrf_token": sent}):
            if secret:
                session["csrf_token"] = secret
            with pytest.raises(CSRFError):
                tokens.prove()


def test_pages_asked_for_at_once_by_one_who_is_signed_in_all_have_good_forms(browser_of) -> None:
    bob = browser_of("Bob")
    bob.client.delete_cookie("quizapp_form")  # the phone ended the browser, which opens its tabs again
    bob.get("/study/birds")
    first = bob.hidden("csrf_token")
    bob.client.delete_cookie("quizapp_form")
    bob.get("/sources")
    assert bob.hidden("csrf_token") == first
    assert bob.client.get("/offline/token").get_json()["csrf_token"] == first
    assert bob.client.post("/sign-out", data={"csrf_token": first}).status_code == 303


def test_no_two_sign_ins_share_a_token_and_none_outlives_its_own(browser_of, password) -> None:
    bob, charlie = browser_of("Bob"), browser_of("Charlie")
    tokens = set()
    for browser in (bob, charlie):
        browser.get("/study/birds")
        tokens.add(browser.hidden("csrf_token"))
    earlier = bob.hidden("csrf_token")
    assert bob.client.post("/sign-out", data={"csrf_token": earlier}).status_code == 303
    bob.get("/sign-in")
    tokens.add(bob.hidden("csrf_token"))
    assert bob.post("/sign-in", {"name": "Bob", "password": password}).status_code == 303
    bob.get("/study/birds")
    tokens.add(bob.hidden("csrf_token"))
    assert len(tokens) == 4
    assert bob.client.post("/sign-out", data={"csrf_token": earlier}).status_code == 400
    assert charlie.client.post("/sign-out", data={"csrf_token": earlier}).status_code == 400
