"""The API: decks, the next card, answers, undo; tokens, cookies, strangers, and words for every mistake."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from plumbing import samples
from werkzeug.test import TestResponse

from quizapp.store.engine import Database
from quizapp.store.tables import CardStateRow, ReviewRow

Headers = dict[str, str]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A program."""
    return app.test_client()


@pytest.fixture
def bob(token_of: Callable[[str], Headers]) -> Headers:
    """Bob's program."""
    return token_of("Bob")


def _body(name: str, **more: object) -> dict[str, object]:
    body: dict[str, object] = {"key": str(uuid.uuid4()), "card": f"birds/{name}", "revision": 1, "shown_ms": 1500}
    body |= {"rating": 3} if name == "name" else {"response": samples.RIGHT[name]}
    return body | more


def _problem(response: TestResponse) -> dict[str, object]:
    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    return dict(body)


def _rows(database: Database) -> list[int]:
    with database.reading() as session:
        return [
            session.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in (ReviewRow, CardStateRow)
        ]


def test_the_decks_have_exactly_the_fields_of_the_contract(client: FlaskClient, bob: Headers) -> None:
    expected = [{"id": "birds", "title": "Birds", "theme": "nature", "cards": 8, "new": 8, "due": 0}]
    assert client.get("/api/v1/decks", headers=bob).json == expected


def test_a_deck_is_studied_from_end_to_end(client: FlaskClient, bob: Headers) -> None:
    for number, card in enumerate(samples.RIGHT):
        asked = client.get("/api/v1/decks/birds/next", headers=bob).json
        assert asked["counts"] == {"new": 8 - number, "learning": number, "due": 0}
        assert (asked["card"]["ref"], asked["card"]["revision"]) == (f"birds/{card}", 1)
        response = client.post("/api/v1/answers", headers=bob, json=_body(card))
        assert response.status_code == 201
        assert response.json["correct"] is True
        assert response.json["answer"] == samples.RIGHT[card] or card == "name"
    assert client.get("/api/v1/decks/birds/next", headers=bob).status_code == 204


def test_what_comes_of_an_answer_is_all_there(client: FlaskClient, bob: Headers) -> None:
    body = _body("height", hint_used=True, confidence=3)
    result = client.post("/api/v1/answers", headers=bob, json=body).json
    due = datetime.fromisoformat(result.pop("due"))
    assert due.tzinfo is not None
    url = result["citations"][0].pop("url")
    assert url == f"/sources/herons?answer={body['key']}#p1"
    assert result == {
        "key": body["key"],
        "card": "birds/height",
        "revision": 1,
        "correct": True,
        "verdict": "right",
        "score": 1.0,
        "answer": "100 cm",
        "explanation": "The text says *up to* 100 cm.",
        "note": "Measured standing upright.",
        "citations": [{"source": "herons", "paragraph": 1, "quote": "stands up to 100 cm tall"}],
        "rating": 2,
        "undone": False,
    }


@pytest.mark.parametrize(
    ("card", "fields"),
    [
        ("height", {"options"}),
        ("food", {"options"}),
        ("winter", set()),
        ("legs", set()),
        ("waiting", {"blanks", "text"}),
        ("sequence", {"options"}),
        ("seasons", {"left", "right"}),
        ("name", set()),
    ],
)
def test_a_card_as_asked_gives_nothing_away(client: FlaskClient, bob: Headers, card: str, fields: set[str]) -> None:
    for earlier in samples.RIGHT:
        if earlier == card:
            break
        client.post("/api/v1/answers", headers=bob, json=_body(earlier))
    asked = client.get("/api/v1/decks/birds/next", headers=bob).json["card"]
    common = {"ref", "revision", "type", "prompt", "language", "hint_available"}
    assert set(asked) == common | fields
    assert not any(secret in json.dumps(asked) for secret in ("explanation", "grey heron is", "citation", "|with no"))


def test_the_same_key_gives_the_first_result_again(client: FlaskClient, bob: Headers, web_database: Database) -> None:
    body = _body("height")
    first = client.post("/api/v1/answers", headers=bob, json=body)
    again = client.post("/api/v1/answers", headers=bob, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    other = client.post("/api/v1/answers", headers=bob, json=body | {"response": "50 cm"})
    assert _problem(other)["status"] == 409
    assert _rows(web_database) == [1, 1]


@pytest.mark.parametrize(
    "change",
    [
        {"response": "50 cm"},
        {"revision": 99},
        {"shown_ms": -5},
        {"confidence": 9},
        {"rating": 4},
        {"response": ["100 cm"]},
        {"card": "birds/none"},
        {"card": "birds/food"},
        {"card": "../x"},
    ],
)
def test_a_key_that_was_used_is_no_key_for_another_answer_whatever_is_wrong_with_it(
    client: FlaskClient, bob: Headers, web_database: Database, change: dict[str, object]
) -> None:
    body = _body("height")
    client.post("/api/v1/answers", headers=bob, json=body)
    assert _problem(client.post("/api/v1/answers", headers=bob, json=body | change))["status"] == 409
    assert client.post("/api/v1/answers", headers=bob, json=body).status_code == 200
    assert _rows(web_database) == [1, 1]


@pytest.mark.parametrize("odd", ["\ud800", "a\udfffb", "\x00", "\u202e"])
@pytest.mark.parametrize("name", ["key", "card", "response", "new"])
def test_letters_that_are_none_are_refused_in_words_that_are_letters(
    client: FlaskClient, bob: Headers, web_database: Database, name: str, odd: str
) -> None:
    body = _body("height") | ({odd: 1} if name == "new" else {name: odd})
    response = client.post("/api/v1/answers", headers=bob, data=json.dumps(body), content_type="application/json")
    assert response.status_code in (201, 404, 422)
    for text in _list_texts(json.loads(response.data)):
        assert text.encode("utf-8")
    again = client.post("/api/v1/answers", headers=bob, data=json.dumps(body), content_type="application/json")
    assert again.status_code in (200, 404, 422)


def _list_texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*map(str, value), *(text for each in value.values() for text in _list_texts(each))]
    return [text for each in value for text in _list_texts(each)] if isinstance(value, list) else [str(value)]


def test_undo_puts_all_back_and_twice_is_no_harm(client: FlaskClient, bob: Headers, web_database: Database) -> None:
    before = client.get("/api/v1/decks/birds/next", headers=bob).json
    body = _body("height")
    client.post("/api/v1/answers", headers=bob, json=body)
    for _ in range(2):
        undone = client.post(f"/api/v1/answers/{body['key']}/undo", headers=bob)
        assert (undone.status_code, undone.json["undone"]) == (200, True)
    assert client.get("/api/v1/decks/birds/next", headers=bob).json == before
    assert _rows(web_database) == [1, 0]


def test_a_stranger_can_undo_nothing(client: FlaskClient, bob: Headers, token_of: Callable[[str], Headers]) -> None:
    body = _body("height")
    client.post("/api/v1/answers", headers=bob, json=body)
    charlie = token_of("Charlie")
    for path in (
        f"/api/v1/answers/{body['key']}/undo",
        f"/api/v1/answers/{uuid.uuid4()}/undo",
        "/api/v1/answers/x/undo",
    ):
        assert _problem(client.post(path, headers=charlie))["status"] == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "x"}, "key"),
        ({"key": 5}, "key"),
        ({"key": ""}, "key"),
        ({"card": 5}, "card"),
        ({"revision": "1"}, "revision"),
        ({"revision": True}, "revision"),
        ({"revision": 0}, "revision"),
        ({"revision": 99}, "revision"),
        ({"revision": 2**40}, "revision"),
        ({"response": ["100 cm"]}, "response"),
        ({"response": 100}, "response"),
        ({"response": None}, "response"),
        ({"response": "x" * 20_000}, "response"),
        ({"shown_ms": -5}, "shown_ms"),
        ({"shown_ms": 1.5}, "shown_ms"),
        ({"hint_used": "yes"}, "hint_used"),
        ({"confidence": 0}, "confidence"),
        ({"rating": 4}, "rating"),
        ({"score": 1}, "score"),
    ],
)
def test_an_answer_of_the_wrong_shape_names_its_field_and_records_nothing(
    client: FlaskClient, bob: Headers, web_database: Database, change: dict[str, object], field: str
) -> None:
    problem = _problem(client.post("/api/v1/answers", headers=bob, json=_body("height") | change))
    assert problem["status"] == 422
    assert list(problem["errors"]) == [field]  # type: ignore[call-overload]
    assert _rows(web_database) == [0, 0]


@pytest.mark.parametrize("missing", ["key", "card", "revision"])
def test_a_missing_field_is_named(client: FlaskClient, bob: Headers, missing: str) -> None:
    body = _body("height")
    del body[missing]
    problem = _problem(client.post("/api/v1/answers", headers=bob, json=body))
    assert problem["errors"] == {missing: "This field is missing."}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"text"', b"\xff", b"null", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(client: FlaskClient, bob: Headers, data: bytes) -> None:
    response = client.post("/api/v1/answers", headers=bob, data=data, content_type="application/json")
    assert _problem(response)["status"] == 422


def test_a_form_is_not_json(client: FlaskClient, bob: Headers) -> None:
    assert _problem(client.post("/api/v1/answers", headers=bob, data=_body("height")))["status"] == 422


@pytest.mark.parametrize(
    "card", ["birds/none", "none/height", "birds", "birds/height/more", "/", "bi\x00rds/height", "birds/" + "x" * 90]
)
def test_an_unknown_card_is_not_found(client: FlaskClient, bob: Headers, card: str) -> None:
    assert _problem(client.post("/api/v1/answers", headers=bob, json=_body("height", card=card)))["status"] == 404


@pytest.mark.parametrize("path", ["/api/v1/decks/none/next", "/api/v1/none"])
def test_an_unknown_address_is_a_problem_document(client: FlaskClient, bob: Headers, path: str) -> None:
    assert _problem(client.get(path, headers=bob))["status"] == 404


def test_the_wrong_method_says_which_is_right(client: FlaskClient, bob: Headers) -> None:
    response = client.get("/api/v1/answers", headers=bob)
    assert _problem(response)["status"] == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic Ym9i"}, {"Authorization": "Bearer"}]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/decks"),
        ("GET", "/api/v1/decks/birds/next"),
        ("POST", "/api/v1/answers"),
        ("POST", "/api/v1/answers/x/undo"),
    ],
)
def test_who_is_not_signed_in_gets_nothing(client: FlaskClient, header: Headers, method: str, path: str) -> None:
    response = client.open(path, method=method, headers=header, json={} if method == "POST" else None)
    assert _problem(response)["status"] == 401
    assert "Bearer" in response.headers["WWW-Authenticate"]


def test_a_browser_session_needs_its_form_token(browser_of, web_database: Database) -> None:
    bob = browser_of("Bob")
    bob.get("/study/birds")
    refused = bob.client.post("/api/v1/answers", json=_body("height"))
    assert _problem(refused)["status"] == 400
    assert _rows(web_database) == [0, 0]
    taken = bob.client.post("/api/v1/answers", json=_body("height"), headers={"X-CSRFToken": bob.hidden("csrf_token")})
    assert taken.status_code == 201


def test_a_guests_browser_may_use_the_api_too(visitor) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    assert visitor.client.get("/api/v1/decks").json[0]["new"] == 7


def test_a_token_opens_the_api_and_nothing_else(client: FlaskClient, bob: Headers) -> None:
    assert client.get("/account", headers=bob).status_code == 303


def test_a_body_of_more_than_a_megabyte_is_refused(client: FlaskClient, bob: Headers) -> None:
    response = client.post("/api/v1/answers", headers=bob, json=_body("height", response="x" * 1_100_000))
    assert _problem(response)["status"] == 413


def test_the_description_names_every_route_and_every_field(app: Flask, client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").json
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.endpoint.startswith("api.") and method in ("GET", "POST") and rule.endpoint != "api.openapi"
    }
    told = {(path, method) for path, methods in described["paths"].items() for method in methods}
    assert told == routes | {("/healthz", "get")}
    assert set(described["components"]["schemas"]["Answer"]["required"]) == {"key", "card", "revision"}


def test_times_are_in_the_schools_zone(make_app: Callable[..., Flask], bob: Headers) -> None:
    client = make_app(timezone="Asia/Kathmandu").test_client()
    result = client.post("/api/v1/answers", headers=bob, json=_body("height")).json
    assert result["due"].endswith("+05:45")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/api/v1/nothing", 404), ("POST", "/api/v1/decks", 405), ("PUT", "/api/v1/answers", 405)],
)
def test_a_wrong_address_or_method_is_told_before_any_token(
    client: FlaskClient, bob: Headers, method: str, path: str, status: int
) -> None:
    assert _problem(client.open(path, method=method, headers=bob, json={}))["status"] == status


def test_the_use_of_a_token_shows_on_the_account(
    app: Flask, client: FlaskClient, bob: Headers, web_database: Database
) -> None:
    client.get("/api/v1/decks", headers=bob)
    with web_database.reading() as session:
        assert session.execute(sa.text("SELECT used_at FROM access_token")).scalar_one() is not None


def test_an_answer_nested_deeper_than_anything_is_refused(client: FlaskClient, bob: Headers) -> None:
    body = _body("height")
    assert client.post("/api/v1/answers", headers=bob, json=body).status_code == 201
    deep = json.dumps(body).replace('"100 cm"', "[" * 600 + "]" * 600)
    response = client.post("/api/v1/answers", headers=bob, data=deep, content_type="application/json")
    assert response.status_code in (409, 422)
