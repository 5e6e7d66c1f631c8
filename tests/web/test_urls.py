"""Addresses built by hand are those that Flask builds."""

from collections.abc import Callable
from typing import Any

import flask
import pytest
from flask import Flask, g
from werkzeug.routing import BuildError

from quizapp.services.accounts import Role
from quizapp.web.urls import url_for

KEY = "123e4567-e89b-42d3-a456-426614174000"
WANTED = [
    ("pages.home", {}),
    ("study.ask", {"deck": "birds"}),
    ("study.ask", {"deck": "a/b c?d#e"}),
    ("study.undo", {"deck": "birds", "key": KEY}),
    ("study.ask", {"deck": "birds", "extra": "1"}),
    ("study.ask", {"deck": "birds", "_anchor": "p1"}),
    ("claims.tell", {"key": KEY, "kind": "note"}),
    ("static", {"filename": "study.js"}),
]


@pytest.mark.parametrize(("endpoint", "values"), WANTED)
@pytest.mark.parametrize("root", ["", "/school"])
def test_an_address_is_flasks(app: Flask, endpoint: str, values: dict[str, str], root: str) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        expected = flask.url_for(endpoint, **values)  # type: ignore[arg-type]
        assert [url_for(endpoint, **values) for _ in range(2)] == [expected] * 2


def test_what_is_followed_stands_in_the_address(app: Flask) -> None:
    with app.test_request_context("/"):
        g.followed = ("plan", KEY)
        assert url_for("study.ask", deck="birds") == f"/study/birds?plan={KEY}"


def test_a_page_that_is_not_there_has_no_address(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(BuildError, match="nowhere"):
        url_for("nowhere.at_all")


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_that_no_database_counts_to_leads_nowhere(browser_of: Callable[..., Any], number: int) -> None:
    alice = browser_of("Alice", Role.TEACHER)
    alice.get("/account")
    assert alice.post(f"/account/tokens/{number}/revoke").status_code == 404
    alice.get("/account")
    assert alice.post(f"/account/tokens/{2**31 - 1}/revoke").status_code == 404
    assert alice.get(f"/author/birds/versions/{number}").status_code == 404
