"""Signing in by way of the school's own server: there and back, and every way in which that could be forged."""

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from plumbing import samples, sign_in_server
from plumbing.sign_in_server import CLIENT, SECRET, SignInServer
from werkzeug.test import TestResponse

from quizapp.services import accounts, guessing
from quizapp.services.accounts import Role
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database
from quizapp.store.throttles import Limit

BACK = "/sign-in/school/back"
PASSWORD = "three grey herons"


@pytest.fixture(scope="module")
def _server() -> Iterator[SignInServer]:
    with sign_in_server.serving() as server:
        yield server


@pytest.fixture
def server(_server: SignInServer) -> SignInServer:
    """The school's sign-in server, as it should be."""
    _server.begin_anew()
    return _server


@pytest.fixture
def web_database(sqlite_database: Database) -> Database:
    """A database with a deck. Nothing here is a matter of its dialect."""
    with sqlite_database.writing() as session:
        texts, decks = [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)]
        assert load_files(session, texts, decks, datetime.now(UTC)).problems == ()
    return sqlite_database


@pytest.fixture
def make(make_app: Callable[..., Flask], server: SignInServer) -> Callable[..., Flask]:
    """Make the app of a school with a sign-in server."""

    def make_with(**more: object) -> Flask:
        usual: dict[str, object] = {
            "public_url": "http://127.0.0.1",
            "oidc_issuer": server.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_name": "Hill School",
        }
        return make_app(**(usual | more))

    return make_with


@pytest.fixture
def app(make: Callable[..., Flask]) -> Flask:
    """The app of a school with a sign-in server."""
    return make()


def _return(browser: Any, server: SignInServer, path: str = "/sign-in/school") -> TestResponse:
    """To the server and back again."""
    sent = browser.get(path)
    assert sent.status_code == 303, browser.page
    back: TestResponse = browser.get(f"{BACK}?{server.authorise(sent.location)}")
    return back


def _count(database: Database, table: str) -> int:
    with database.reading() as session:
        return int(session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def _add(database: Database, name: str, role: Role = Role.STUDENT) -> None:
    with database.writing() as session:
        accounts.add_user(session, name, role, PASSWORD, datetime.now(UTC))


def _names(database: Database) -> dict[str, str]:
    with database.reading() as session:
        rows = session.execute(sa.text("SELECT name, role FROM account"))
        return {row.name: row.role for row in rows}


def test_the_first_time_an_account_is_made_and_the_next_time_it_is_the_same(
    visitor: Any, new_browser: Callable[[], Any], server: SignInServer, web_database: Database
) -> None:
    visitor.get("/sign-in?next=/progress")
    assert "Sign in with Hill School" in visitor.page
    assert _return(visitor, server, "/sign-in/school?next=/progress").location == "/progress"
    assert "Noor Ali" in visitor.get("/account").text
    server.person["name"] = "Noor Ali-Haddad"  # names change; who somebody is does not
    again = new_browser()
    assert _return(again, server).location == "/"
    assert "Noor Ali<" in again.get("/account").text
    assert _names(web_database) == {"Noor Ali": "student"}
    assert server.forms[0]["grant_type"] == "authorization_code"


def test_without_the_setting_there_is_nothing(make_app: Callable[..., Flask]) -> None:
    client = make_app().test_client()
    assert "school" not in client.get("/sign-in").text
    for path in ("/sign-in/school", BACK, "/account/school/go", "/signed-out"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_after_signing_in(visitor: Any, server: SignInServer, wanted: str) -> None:
    visitor.client.get("/sign-in")
    sent = visitor.client.get("/sign-in/school", query_string={"next": wanted})
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
    "not valid yet": {"nbf": int((NOW + timedelta(hours=1)).timestamp())},
    "about nobody": {"sub": None},
    "about an empty name": {"sub": ""},
    "about a list": {"sub": ["person-1"]},
    "about too long a name": {"sub": "x" * 256},
    "about a name with controls": {"sub": "person\x001"},
}


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_token_that_says_something_else_is_not_believed(
    visitor: Any, server: SignInServer, web_database: Database, lie: str
) -> None:
    server.claims = LIES[lie]
    back = _return(visitor, server)
    assert back.status_code == 403
    assert "cannot be believed" in visitor.page
    assert _names(web_database) == {}
    assert visitor.get("/account").status_code == 303


def _with_secret(server: SignInServer, secret: bytes) -> Callable[[dict[str, Any]], str]:
    key = OctKey.import_key({"kty": "oct", "k": base64.urlsafe_b64encode(secret).decode().rstrip("=")})
    return lambda claims: jwt.encode({"alg": "HS256", "kid": "first"}, claims, key, algorithms=["HS256"])


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


@pytest.mark.filterwarnings("ignore:.*:joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    "how",
    [
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
    ],
)
def test_a_token_that_the_server_did_not_sign_is_not_believed(
    visitor: Any, server: SignInServer, web_database: Database, how: str
) -> None:
    _forge(server, how)
    assert _return(visitor, server).status_code == 403
    assert _names(web_database) == {}


def _wait(app: Flask, seconds: int) -> None:
    app.extensions["quizapp-school"].provider._keys_since -= seconds


def test_keys_may_change_and_be_of_curves(
    visitor: Any, new_browser: Callable[[], Any], server: SignInServer, app: Flask
) -> None:
    assert _return(visitor, server).status_code == 303
    fresh = ECKey.generate_key("P-256", {"kid": "second", "use": "sig"})
    server.replies["/keys"] = server._reply({"keys": [{"kty": "what"}, 7, fresh.as_dict(private=False)]})
    server.sign = lambda claims: server.sign_with_key(claims, fresh)
    assert _return(new_browser(), server).status_code == 403  # keys were asked for a moment ago
    _wait(app, 31)
    assert _return(new_browser(), server).status_code == 303
    server.replies["/keys"] = server._reply({"keys": "none"})
    _wait(app, 3_601)
    assert _return(new_browser(), server).status_code == 403


def test_a_way_back_is_good_once_and_in_its_own_browser_alone(
    visitor: Any, new_browser: Callable[[], Any], server: SignInServer, web_database: Database
) -> None:
    query = server.authorise(visitor.get("/sign-in/school").location)
    assert new_browser().get(f"{BACK}?{query}").status_code == 400
    assert visitor.get(f"{BACK}?{query}").status_code == 303
    assert visitor.get(f"{BACK}?{query}").status_code == 400
    assert _count(web_database, "identity") == 1


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


def test_who_stops_on_the_way_is_told_so(visitor: Any, server: SignInServer) -> None:
    state = server.authorise(visitor.get("/sign-in/school").location).split("state=")[1].split("&")[0]
    back = visitor.get(f"{BACK}?error=access_denied&error_description=<script>alert(1)</script>&state={state}")
    assert back.status_code == 403
    assert "did not let you in" in visitor.page
    assert "<script>alert" not in visitor.page


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


@pytest.mark.parametrize("odd", ODD_DISCOVERY, ids=str)
def test_a_server_with_odd_addresses_is_not_used(visitor: Any, server: SignInServer, odd: str) -> None:
    server.discovery = ODD_DISCOVERY[odd]
    assert visitor.get("/sign-in/school").status_code == 503
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


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("odd", ODD_REPLIES, ids=str)
def test_a_server_that_answers_oddly_lets_nobody_in(
    visitor: Any, server: SignInServer, web_database: Database, path: str, odd: str
) -> None:
    server.replies[path] = ODD_REPLIES[odd]
    sent = visitor.get("/sign-in/school")
    if sent.status_code == 303:
        sent = visitor.get(f"{BACK}?{server.authorise(sent.location)}")
    assert sent.status_code in (403, 503)
    assert _names(web_database) == {}
    assert visitor.get("/account").status_code == 303


def test_a_server_that_is_away_is_not_asked_again_at_once(make: Callable[..., Flask], new_browser: Any) -> None:
    client = make(oidc_issuer="http://127.0.0.1:9").test_client()
    assert client.get("/sign-in/school").status_code == 503
    assert client.get("/sign-in/school").status_code == 503
    assert client.get("/sign-in").status_code == 200


def test_the_secret_goes_as_the_server_wants_it(visitor: Any, server: SignInServer) -> None:
    server.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert _return(visitor, server).status_code == 303
    assert server.forms[0]["client_secret"] == SECRET


def test_without_a_secret_the_verifier_alone_proves_who_asks(make: Callable[..., Flask], server: SignInServer) -> None:
    client = make(oidc_client_secret="").test_client()
    query = server.authorise(client.get("/sign-in/school").location)
    assert client.get(f"{BACK}?{query}").status_code == 403  # this server wants one
    assert server.forms[0]["client_id"] == CLIENT
    assert "client_secret" not in server.forms[0]


def test_names_that_are_told_apart_from_the_token_are_asked_for(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    del server.person["name"]
    server.userinfo = {"sub": "person-1", "name": "Noor", "iss": "https://evil.example"}
    assert _return(visitor, server).status_code == 303
    assert _names(web_database) == {"Noor": "student"}


def test_names_of_somebody_else_are_not_believed(visitor: Any, server: SignInServer) -> None:
    del server.person["name"]
    server.userinfo = {"sub": "person-2", "name": "Noor"}
    assert _return(visitor, server).status_code == 403


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Noor Ali", "Noor Ali 2"),
        ("  noor   ALI ", "noor ALI 2"),
        ("<b>Noor</b>", "Student"),
        ("", "Student"),
        (7, "Student"),
        ("x" * 80, "x" * 80),
        ("x" * 200, "x" * 80),
        ("\u202eNoor", "Student"),
    ],
)
def test_a_name_never_opens_the_account_of_a_namesake(
    visitor: Any, server: SignInServer, web_database: Database, name: object, expected: str
) -> None:
    _add(web_database, "Noor Ali", Role.TEACHER)
    server.person |= {"name": name, "email": "noor@school.example", "email_verified": True}
    server.userinfo = {"sub": "person-1"}
    assert _return(visitor, server).status_code == 303
    assert _names(web_database) == {"Noor Ali": "teacher", expected: "student"}


@pytest.mark.parametrize(
    ("groups", "role"),
    [(["pupils", "teachers"], "teacher"), ("teachers", "teacher"), (["Teachers"], "student"), (None, "student")],
)
def test_who_teaches_is_the_servers_word_where_the_school_says_so(
    make: Callable[..., Flask], server: SignInServer, web_database: Database, groups: object, role: str
) -> None:
    server.person["realm"] = {"groups": groups}
    server.userinfo = {"sub": "person-1"}
    client = make(oidc_teachers="realm.groups=teachers").test_client()
    assert client.get(f"{BACK}?{server.authorise(client.get('/sign-in/school').location)}").status_code == 303
    assert _names(web_database) == {"Noor Ali": role}


def test_who_teaches_no_more_is_out_at_the_next_sign_in(
    make: Callable[..., Flask], server: SignInServer, web_database: Database
) -> None:
    app = make(oidc_teachers="groups=teachers")
    old, new = app.test_client(), app.test_client()
    server.person["groups"] = "teachers"
    old.get(f"{BACK}?{server.authorise(old.get('/sign-in/school').location)}")
    assert old.get("/account/two-factor").status_code == 200
    server.person["groups"] = "pupils"
    new.get(f"{BACK}?{server.authorise(new.get('/sign-in/school').location)}")
    assert _names(web_database) == {"Noor Ali": "student"}
    assert old.get("/account").status_code == 303
    assert new.get("/account").status_code == 200


def test_without_a_mark_a_claim_makes_nobody_a_teacher(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    server.person |= {"role": "admin", "groups": ["teachers"], "is_admin": True}
    _return(visitor, server)
    assert _names(web_database) == {"Noor Ali": "student"}


def _link(browser: Any, server: SignInServer, password: str = PASSWORD) -> TestResponse:
    browser.get("/account")
    proved: TestResponse = browser.post("/account/school/link", {"password": password})
    if proved.status_code != 200:
        return proved
    assert "Go on to Hill School" in browser.page
    return _return(browser, server, "/account/school/go")


def test_an_account_is_linked_by_its_holder_with_the_password_and_opened_from_then_on(
    browser_of: Callable[..., Any], visitor: Any, server: SignInServer, web_database: Database
) -> None:
    alice = browser_of("Alice", Role.TEACHER)
    assert _link(alice, server).location == "/account"
    assert "has opened this account since" in alice.get("/account").text
    assert _return(visitor, server).status_code == 303
    assert "Alice" in visitor.get("/account").text
    assert _names(web_database) == {"Alice": "teacher"}
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
    assert _count(web_database, "identity") == 0


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
    assert _count(web_database, "identity") == 1


def test_a_link_begun_by_one_person_is_not_finished_by_another(
    browser_of: Callable[..., Any], server: SignInServer, web_database: Database
) -> None:
    alice = browser_of("Alice")
    _add(web_database, "Bob")
    alice.get("/account")
    alice.post("/account/school/link", {"password": PASSWORD})
    query = server.authorise(alice.get("/account/school/go").location)
    with web_database.writing() as session:
        bobs = accounts.sign_in(session, "Bob", PASSWORD, "127.0.0.1", datetime.now(UTC))
    alice.client.set_cookie("quizapp_sign_in", bobs.token)
    assert alice.get(f"{BACK}?{query}").status_code == 403
    assert _count(web_database, "identity") == 0


def test_a_link_is_removed_with_the_password_alone(
    browser_of: Callable[..., Any], visitor: Any, server: SignInServer, web_database: Database
) -> None:
    bob = browser_of("Bob")
    _link(bob, server)
    bob.get("/account")
    assert bob.post("/account/school/unlink", {"password": "wrong"}).status_code == 422
    assert bob.post("/account/school/unlink", {"password": PASSWORD}).status_code == 303
    _return(visitor, server)
    assert sorted(_names(web_database)) == ["Bob", "Noor Ali"]
    visitor.get("/account")
    assert "Change your password" not in visitor.page
    assert visitor.post("/account/school/unlink", {"password": "Noor Ali"}).status_code == 409
    assert visitor.post("/account/school/link", {"password": "Noor Ali"}).status_code == 409


def test_an_account_without_a_password_is_opened_by_none(visitor: Any, server: SignInServer, app: Flask) -> None:
    _return(visitor, server)
    other = type(visitor)(app.test_client())
    for guess in ("-", "", " ", "Noor Ali"):
        other.get("/sign-in")
        assert other.post("/sign-in", {"name": "Noor Ali", "password": guess}).status_code == 422


def test_signing_out_ends_it_here_and_leads_to_the_server(visitor: Any, server: SignInServer, app: Flask) -> None:
    _return(visitor, server)
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


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in", {"name": "Bob", "password": PASSWORD}),
        ("/sign-in/start", {"name": "Bob", "password": PASSWORD, "new": PASSWORD}),
        ("/sign-up", {"name": "Ann", "password": PASSWORD}),
    ],
)
def test_where_the_server_is_the_only_way_passwords_open_nothing(
    make: Callable[..., Flask],
    visitor: Any,
    server: SignInServer,
    web_database: Database,
    path: str,
    form: dict[str, object],
) -> None:
    _add(web_database, "Bob")
    browser = type(visitor)(make(oidc_only=True).test_client())
    browser.get("/sign-in")
    assert "Sign in with Hill School" in browser.page
    assert 'type="password"' not in browser.page
    browser.get("/study/birds")
    assert browser.post(path, form).location == "/sign-in"
    assert browser.get("/account").status_code == 303
    assert browser.get("/sign-up").location == "/sign-in"
    assert _names(web_database) == {"Bob": "student"}
    assert _return(browser, server).status_code == 303


def test_a_guest_is_asked_whose_the_answers_are_and_keeps_them(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    assert _return(visitor, server).location == "/account/guest"
    visitor.get("/account/guest")
    assert visitor.post("/account/guest", {"choice": "add"}).status_code == 303
    with web_database.reading() as session:
        owners = session.execute(sa.text("SELECT name FROM review JOIN account USING (learner_id)")).scalars().all()
    assert owners == ["Noor Ali"]


def test_coming_back_again_and_again_without_success_is_stopped(
    visitor: Any, server: SignInServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "RETURNS", Limit("few", burst=3, per=timedelta(hours=1)))
    server.replies["/token"] = (400, {}, b'{"error": "invalid_grant"}')
    assert [_return(visitor, server).status_code for _ in range(4)] == [403, 403, 403, 429]
    assert server.asked.count("/token") == 3


def test_who_signs_in_counts_for_nothing(
    new_browser: Callable[[], Any], server: SignInServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "RETURNS", Limit("few", burst=3, per=timedelta(hours=1)))
    assert [_return(new_browser(), server).status_code for _ in range(5)] == [303] * 5
