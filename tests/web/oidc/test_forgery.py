"""Every way in which a sign-in by way of the school's server could be forged or go wrong."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from plumbing.school_sign_in import BACK, count_rows, go_and_return, list_roles
from plumbing.sign_in_server import CLIENT, SECRET, SignInServer

from quizapp.services import guessing
from quizapp.store.engine import Database
from quizapp.store.throttles import Limit


def test_nobody_is_sent_elsewhere_after_signing_in(visitor: Any, server: SignInServer) -> None:
    for wanted in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        sent = visitor.client.get("/sign-in/school", query_string={"next": wanted})
        assert visitor.get(f"{BACK}?{server.authorise(sent.location)}").location == "/"


def test_a_link_on_another_site_signs_nobody_in(visitor: Any, server: SignInServer) -> None:
    for site in ("cross-site", "same-site"):
        sent = visitor.client.get("/sign-in/school?next=/progress", headers={"Sec-Fetch-Site": site})
        assert sent.location == "/sign-in?next=/progress"
    assert visitor.client.get_cookie("quizapp_form") is None
    assert server.asked == []
    assert visitor.client.get("/sign-in/school", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_what_is_kept_for_the_way_back_finds_room_in_a_cookie(visitor: Any, server: SignInServer) -> None:
    assert visitor.get(f"{BACK}?state=guess&code=guess").status_code == 400
    assert visitor.client.get_cookie("quizapp_form") is None
    for number in range(5):
        visitor.client.get("/sign-in/school", query_string={"next": f"/{number}{'ab?c=%&' * 42}"})
        assert len(visitor.client.get_cookie("quizapp_form").value) < 4_000
    sent = visitor.client.get("/sign-in/school", query_string={"next": "/" + "x" * 5_000})
    assert visitor.get(f"{BACK}?{server.authorise(sent.location)}").location == "/"


NOW = datetime.now(UTC)
LIES: dict[str, dict[str, object]] = {
    "the nonce of another sign-in": {"nonce": "guess"},
    "no nonce": {"nonce": None},
    "a nonce that is no text": {"nonce": 5},
    "for another program": {"aud": "another"},
    "for nobody": {"aud": None},
    "for several, given to another": {"aud": [CLIENT, "another"], "azp": "another"},
    "for several, given to nobody": {"aud": [CLIENT, "another"]},
    "made by another server": {"iss": "https://evil.example"},
    "expired": {"exp": int((NOW - timedelta(minutes=5)).timestamp())},
    "without an end": {"exp": None},
    "ends at no time": {"exp": float("nan")},
    "ends at a word": {"exp": "tomorrow"},
    "made yesterday": {"iat": int((NOW - timedelta(days=1)).timestamp())},
    "made tomorrow": {"iat": int((NOW + timedelta(days=1)).timestamp())},
    "made at a truth": {"iat": True},
    "not valid yet": {"nbf": int((NOW + timedelta(days=1)).timestamp())},
    "about nobody": {"sub": None},
    "about an empty name": {"sub": ""},
    "about a list": {"sub": ["person-1"]},
    "about too long a name": {"sub": "x" * 256},
    "about a name with controls": {"sub": "person\x001"},
}


def test_a_token_that_says_something_else_is_not_believed(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    for lie, claims in LIES.items():
        server.claims = claims
        assert go_and_return(visitor, server).status_code == 403, lie
        assert "cannot be believed" in visitor.page
        assert visitor.get("/account").status_code == 303, lie
    assert list_roles(web_database) == {}
    server.claims = {}
    assert go_and_return(visitor, server).status_code == 303


def _with_secret(server: SignInServer, secret: bytes) -> Callable[[dict[str, Any]], str]:
    """A token signed with HMAC, made by hand: the library refuses to take a public key for a secret."""

    def encode(part: bytes) -> bytes:
        return base64.urlsafe_b64encode(part).rstrip(b"=")

    def sign(claims: dict[str, Any]) -> str:
        head = encode(json.dumps({"alg": "HS256", "kid": "first"}).encode())
        signed = head + b"." + encode(json.dumps(claims).encode())
        return (signed + b"." + encode(hmac.digest(secret, signed, "sha256"))).decode()

    return sign


def _forge(server: SignInServer, how: str) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "first"})
    whole = server.sign_with_key
    if how == "none":
        server.sign = lambda claims: jwt.encode({"alg": "none"}, claims, OctKey.import_key("x" * 32), ["none"])
    elif how == "public key as secret":
        server.sign = _with_secret(server, server.key.as_pem(private=False))
    elif how == "client's secret":
        server.sign = _with_secret(server, SECRET.encode())
    elif how == "another key of this name":
        server.sign = lambda claims: whole(claims, stranger)
    elif how == "a key that comes along":
        server.sign = lambda claims: whole(claims, stranger, jwk=stranger.as_dict(private=False))
    elif how == "changed":
        server.sign = lambda claims: whole(claims)[:-6] + "AAAAAA"
    elif how == "a short key":
        weak = RSAKey.generate_key(1024, {"kid": "weak"})
        server.published.append(weak)
        server.sign = lambda claims: whole(claims, weak)
    elif how == "a key for other uses":
        other = RSAKey.generate_key(2048, {"kid": "other", "use": "enc"})
        signing = RSAKey.import_key(other.as_dict(private=True) | {"use": "sig"})
        server.published.append(other)
        server.sign = lambda claims: whole(claims, signing)
    else:
        server.sign = lambda claims: how


FORGERIES = (
    "none",
    "public key as secret",
    "client's secret",
    "another key of this name",
    "a key that comes along",
    "changed",
    "a short key",
    "a key for other uses",
    "no token at all",
    "a.b.c",
    "é.é.é",
    "",
)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_token_that_the_server_did_not_sign_is_not_believed(
    visitor: Any, server: SignInServer, web_database: Database, app: Flask
) -> None:
    for how in FORGERIES:
        server.begin_anew()
        _forge(server, how)
        _wait(app, 3_601)
        assert go_and_return(visitor, server).status_code == 403, how
        assert "cannot be believed" in visitor.page
    assert list_roles(web_database) == {}


def _wait(app: Flask, seconds: int) -> None:
    app.extensions["quizapp-school"].provider._keys_since -= seconds


def test_keys_may_change_and_be_of_curves(
    visitor: Any, new_browser: Callable[[], Any], server: SignInServer, app: Flask
) -> None:
    assert go_and_return(visitor, server).status_code == 303
    fresh = ECKey.generate_key("P-256", {"kid": "second", "use": "sig"})
    server.replies["/keys"] = server._reply({"keys": [{"kty": "what"}, 7, fresh.as_dict(private=False)]})
    server.sign = lambda claims: server.sign_with_key(claims, fresh)
    assert go_and_return(new_browser(), server).status_code == 403  # keys were asked for a moment ago
    _wait(app, 31)
    assert go_and_return(new_browser(), server).status_code == 303
    server.replies["/keys"] = server._reply({"keys": "none"})
    _wait(app, 3_601)
    assert go_and_return(new_browser(), server).status_code == 403


def test_a_way_back_is_good_once_and_in_its_own_browser_alone(
    visitor: Any, new_browser: Callable[[], Any], server: SignInServer, web_database: Database
) -> None:
    query = server.authorise(visitor.get("/sign-in/school").location)
    assert new_browser().get(f"{BACK}?{query}").status_code == 400
    assert visitor.get(f"{BACK}?{query}").status_code == 303
    assert visitor.get(f"{BACK}?{query}").status_code == 400
    assert count_rows(web_database, "identity") == 1


def test_a_copied_cookie_and_state_open_nothing_a_second_time(visitor: Any, app: Flask, server: SignInServer) -> None:
    query = server.authorise(visitor.get("/sign-in/school").location)
    copied = visitor.client.get_cookie("quizapp_form")
    assert visitor.get(f"{BACK}?{query}").status_code == 303
    thief = app.test_client()
    thief.set_cookie("quizapp_form", copied.value)
    assert thief.get(f"{BACK}?{query}").status_code == 403  # the server changes a code once
    assert thief.get("/account").status_code == 303


def test_an_old_way_back_is_too_late(visitor: Any, server: SignInServer) -> None:
    query = server.authorise(visitor.get("/sign-in/school").location)
    with visitor.client.session_transaction() as kept:
        kept["school_attempts"] = [{**each, "began_at": each["began_at"] - 601} for each in kept["school_attempts"]]
    assert visitor.get(f"{BACK}?{query}").status_code == 400
    assert "took too long" in visitor.page


def test_of_many_windows_the_last_three_come_back(visitor: Any, server: SignInServer) -> None:
    queries = [server.authorise(visitor.get("/sign-in/school").location) for _ in range(4)]
    assert visitor.get(f"{BACK}?{queries[0]}").status_code == 400
    assert visitor.get(f"{BACK}?{queries[1]}").status_code == 303


def test_an_answer_from_another_server_is_not_believed(visitor: Any, server: SignInServer) -> None:
    query = server.authorise(visitor.get("/sign-in/school").location)
    mixed = query.replace(f"iss={server.issuer}", "iss=https://evil.example")
    assert visitor.get(f"{BACK}?{mixed}").status_code == 403
    assert server.forms == []


def test_a_server_that_says_it_names_itself_must(visitor: Any, server: SignInServer) -> None:
    server.discovery = {"authorization_response_iss_parameter_supported": True}
    query = server.authorise(visitor.get("/sign-in/school").location)
    assert visitor.get(f"{BACK}?{query.partition('&iss=')[0]}").status_code == 403


ODD_DISCOVERY: dict[str, dict[str, object]] = {
    "another issuer": {"issuer": "https://evil.example"},
    "no keys": {"jwks_uri": None},
    "plain http": {"token_endpoint": "http://school.example/token"},
    "no text": {"authorization_endpoint": 7},
    "a script": {"authorization_endpoint": "javascript:alert(1)"},
    "a password within": {"token_endpoint": "https://a:b@school.example/token"},
    "a file": {"jwks_uri": "file:///etc/passwd"},
}


def test_a_server_with_odd_addresses_is_not_used(visitor: Any, server: SignInServer) -> None:
    for odd, addresses in ODD_DISCOVERY.items():
        server.discovery = addresses
        assert visitor.get("/sign-in/school").status_code == 503, odd
        assert "does not answer as it should" in visitor.page
    assert visitor.client.get_cookie("quizapp_form") is None


ODD_REPLIES = {
    "an error": (500, {}, b"{}"),
    "a redirect": (302, {"Location": "http://127.0.0.1:1/"}, b""),
    "no JSON": (200, {}, b"<html>"),
    "a list": (200, {}, b"[]"),
    "very deep": (200, {}, b"[" * 200_000),
    "very long": (200, {}, b'{"a": "' + b"x" * 600_000 + b'"}'),
    "cut off": (200, {"Content-Length": "1000"}, b"{"),
    "no gzip": (200, {"Content-Encoding": "gzip"}, b"{}"),
}


def test_a_server_that_answers_oddly_lets_nobody_in(
    visitor: Any, server: SignInServer, web_database: Database, app: Flask
) -> None:
    for path in ("/.well-known/openid-configuration", "/token", "/keys"):
        for odd, reply in ODD_REPLIES.items():
            app.extensions["quizapp-school"].provider.__init__(app.extensions["quizapp-school"].provider._settings)
            server.replies = {path: reply}
            sent = visitor.get("/sign-in/school")
            if sent.status_code == 303:
                sent = visitor.get(f"{BACK}?{server.authorise(sent.location)}")
            assert sent.status_code in (403, 503), (path, odd)
            assert visitor.get("/account").status_code == 303, (path, odd)
    assert list_roles(web_database) == {}


def test_a_server_that_is_away_is_not_asked_again_at_once(make: Callable[..., Flask], new_browser: Any) -> None:
    client = make(oidc_issuer="http://127.0.0.1:9").test_client()
    assert client.get("/sign-in/school").status_code == 503
    assert client.get("/sign-in/school").status_code == 503
    assert client.get("/sign-in").status_code == 200


def test_names_that_are_told_apart_from_the_token_are_asked_for(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    del server.person["name"]
    server.userinfo = {"sub": "person-1", "name": "Noor", "iss": "https://evil.example"}
    assert go_and_return(visitor, server).status_code == 303
    assert list_roles(web_database) == {"Noor": "student"}


def test_coming_back_again_and_again_without_success_is_stopped(
    visitor: Any, server: SignInServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "RETURNS", Limit("few", burst=3, per=timedelta(hours=1)))
    server.replies["/token"] = (400, {}, b'{"error": "invalid_grant"}')
    assert [go_and_return(visitor, server).status_code for _ in range(4)] == [403, 403, 403, 429]
    assert server.asked.count("/token") == 3


def test_who_signs_in_counts_for_nothing(
    new_browser: Callable[[], Any], server: SignInServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "RETURNS", Limit("few", burst=3, per=timedelta(hours=1)))
    assert [go_and_return(new_browser(), server).status_code for _ in range(5)] == [303] * 5


def test_an_access_token_that_could_break_a_header_is_not_sent(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    del server.person["name"]
    server.userinfo = {"sub": "person-1", "name": "Noor"}
    server.access_token = "access\r\nX-Evil: 1"
    go_and_return(visitor, server)
    assert list_roles(web_database) == {}
