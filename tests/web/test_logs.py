"""Failures are told with the number of their request, and without what was sent or stored."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.store import writers
from quizapp.store.engine import Database
from quizapp.web import logs

CANARY = "canary@example.org"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines that the formatter makes of what is logged."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


def _add_failing_views(app: Flask, database: Database) -> None:
    @app.get("/api/v1/crash")
    def crash() -> str:
        raise KeyError(CANARY)

    @app.get("/crash")
    def crash_page() -> str:
        raise KeyError(CANARY)

    @app.get("/api/v1/broken")
    def broken() -> str:
        with database.reading() as session:
            session.execute(sa.text("SELECT :word FROM nowhere"), {"word": CANARY})
        return ""


def test_a_failure_names_its_request_and_the_log_nobody(
    make_app: Callable[..., Flask], web_database: Database, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    app = make_app()
    _add_failing_views(app, web_database)
    client = app.test_client()
    given = {"X-Request-ID": "0123456789abcdef"}
    for path in ("/api/v1/crash", "/api/v1/broken"):
        answer = client.get(f"{path}?q={CANARY}", headers=given)
        assert answer.status_code in (500, 503)
        assert answer.json["request_id"] == "0123456789abcdef"
    page = client.get("/crash")
    assert re.search(rf"\b{page.headers['X-Request-ID']}\b", page.text)
    found = lines()
    assert CANARY not in json.dumps(found)
    assert found[0]["request_id"] == "0123456789abcdef"
    assert (found[0]["error"], found[0]["level"]) == ("KeyError", "error")
    assert found[0]["frames"][-1].endswith(" crash")
    assert "request_id" not in client.get("/api/v1/nowhere").json


def test_messages_of_others_are_told_by_place_and_numbers_alone(lines: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("elsewhere").warning(f"a text with {CANARY}")
    logging.getLogger("quizapp").warning("job %s of %s: %s", 7, CANARY, ValueError(CANARY))
    logging.getLogger("quizapp").warning("%(who)s", {"who": CANARY})
    found = lines()
    assert CANARY not in json.dumps(found)
    assert "message" not in found[0]
    assert re.fullmatch(r"test_logs.py:\d+", found[0]["place"])
    assert (found[1]["message"], found[1]["values"]) == ("job %s of %s: %s", [7, "…", "ValueError"])
    assert "request_id" not in found[1]


@pytest.mark.parametrize("odd", ["short", "x" * 65, "with space1", "new\tline12", "ümlaut-1234", "<script>123"])
def test_an_odd_id_is_replaced(app: Flask, odd: str) -> None:
    made = app.test_client().get("/healthz", headers={"X-Request-ID": odd.encode().decode("latin-1")})
    assert re.fullmatch("[0-9a-f]{16}", made.headers["X-Request-ID"])


def test_every_wait_is_counted_and_who_gives_up_no_longer(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    @contextmanager
    def waiting() -> Iterator[None]:
        told.append("waits")
        try:
            yield
        finally:
            told.append("ends")

    def refuse(*_: object) -> int:
        raise TimeoutError("no turn")

    monkeypatch.setattr(writers.WriteQueue, "around_waiting", staticmethod(waiting))
    with sqlite_database.reading() as session:
        session.execute(sa.text("SELECT 1"))
    assert told == []
    with sqlite_database.writing() as session:
        session.execute(sa.text("SELECT 1"))
    assert told == ["waits", "ends"]
    monkeypatch.setattr(writers.WriteQueue, "_wait", refuse)
    with pytest.raises(sa.exc.OperationalError), sqlite_database.writing() as session:
        session.execute(sa.text("SELECT 1"))
    assert told == ["waits", "ends"] * 2
