"""The description of the API is true: whatever fits it is answered as it says, and what does not fit is refused."""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

import hypothesis
import hypothesis.strategies as st
import pytest
import schemathesis
from flask import Flask
from hypothesis import example, given
from plumbing import samples
from schemathesis import Case

from quizapp.web.api.openapi import describe

Headers = dict[str, str]


class _AppOfTheTest:
    """The app of whichever test runs now: the cases are made before there is one."""

    def __init__(self) -> None:
        self.app: Flask | None = None

    def __call__(self, environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start_response)


_current = _AppOfTheTest()
# Not from a fixture: that part of schemathesis 4.32 does not know pytest 9.2.
api = schemathesis.openapi.from_dict(describe())
api.app = _current
# No schema says which responses fit which card.
api.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "404", "409", "422"]
_no_deadline = hypothesis.settings(max_examples=50, suppress_health_check=list(hypothesis.HealthCheck))


@pytest.fixture
def bob(app: Flask, token_of: Callable[[str], Headers]) -> Iterator[Headers]:
    """Bob's program, at the app of this test."""
    _current.app = app
    yield token_of("Bob")
    _current.app = None


@api.parametrize()
@_no_deadline
def test_whatever_comes_is_answered_as_described(case: Case, bob: Headers) -> None:
    case.call_and_validate(headers=bob)


KNOWN = [*samples.RIGHT.values(), *samples.WRONG.values()]


def _find_texts(given: object) -> list[str]:
    if isinstance(given, dict):
        return _find_texts([*given.keys(), *given.values()])
    return [text for each in given for text in _find_texts(each)] if isinstance(given, list) else [str(given)]


def _make_json() -> st.SearchStrategy[object]:
    texts = st.text(max_size=20) | st.sampled_from([text for given in KNOWN for text in _find_texts(given)])
    plain = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False) | texts
    return st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3))


@_no_deadline
@given(
    card=st.sampled_from(sorted(samples.RIGHT)),
    response=st.sampled_from(KNOWN) | _make_json(),
    rating=st.none() | st.integers(1, 4),
    key=st.uuids(),
)
@example(card="height", response="100 cm", rating=None, key=UUID(int=1))
@example(card="height", response="200 cm", rating=None, key=UUID(int=1))
def test_answers_to_real_cards_are_answered_as_described(
    bob: Headers, card: str, response: object, rating: int | None, key: UUID
) -> None:
    body = {"key": str(key), "card": f"birds/{card}", "revision": 1, "response": response, "rating": rating}
    sent = api["/api/v1/answers"]["POST"].Case(body=body, media_type="application/json")
    first = sent.call_and_validate(headers=bob)
    again = sent.call_and_validate(headers=bob)
    assert (first.status_code, again.status_code) in {(201, 200), (200, 200), (409, 409), (422, 422)}
    assert again.json() == first.json()
    api["/api/v1/decks/{deck}/next"]["GET"].Case(path_parameters={"deck": "birds"}).call_and_validate(headers=bob)
    undo = api["/api/v1/answers/{key}/undo"]["POST"].Case(path_parameters={"key": str(key)})
    assert undo.call_and_validate(headers=bob).status_code == (200 if first.status_code != 422 else 404)


OPERATIONS = [(method, path) for path, methods in describe()["paths"].items() for method in methods]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer quizapp_guess"}])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_without_a_good_token_all_but_the_sign_of_life_is_refused(
    app: Flask, method: str, path: str, headers: Headers
) -> None:
    address = path.format(deck="birds", key=UUID(int=1), handle="none", kind="students")
    response = app.test_client().open(address, method=method.upper(), headers=headers)
    if path == "/healthz":
        assert response.status_code == 200
    else:
        assert (response.status_code, response.content_type) == (401, "application/problem+json")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        api[path][method.upper()].validate_response(response)
