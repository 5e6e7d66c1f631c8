"""Whoever watches a server sees how it does, and nothing of anybody who studies on it."""

import http.client
import json
import re
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from plumbing.answer_key import read_key
from plumbing.api_client import make_body, make_tokens, send
from plumbing.checkout import ROOT
from plumbing.server import LiveServer, find_free_port

from quizapp import watching
from quizapp.core.errors import Invalid
from quizapp.services import backups, jobs
from quizapp.settings import Settings, load_settings
from quizapp.store.engine import Database

NAME, TYPED, GUESS = "Canaryname Zwick", "canarytyped words", "canaryguess password"
PATIENCE = 60


def _read_metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        text: str = response.read().decode()
    return text


def _wait_for_metrics(port: int) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return _read_metrics(port)
        except (OSError, http.client.HTTPException):
            assert time.monotonic() < deadline, "the metrics are not served"
            time.sleep(0.1)


def _count(text: str, name: str, **labels: str) -> float:
    """The sum over all lines of this name that carry these labels."""
    lines = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", text, re.MULTILINE)
    wanted = [f'{key}="{value}"' for key, value in labels.items()]
    return sum(float(value) for found, value in lines if all(each in found for each in wanted))


def _ask(server: LiveServer, method: str, path: str, body: str = "", **headers: str) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request(method, path, body or None, {name.replace("_", "-"): v for name, v in headers.items()})
        response = connection.getresponse()
        response.read()
        return response


def _guess(server: LiveServer) -> None:
    """Try to sign in with a wrong password."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("GET", "/sign-in")
        page = connection.getresponse()
        cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token is not None
    form = f"csrf_token={token[1]}&name={NAME}&password={GUESS}".replace(" ", "+")
    kind = "application/x-www-form-urlencoded"
    assert _ask(server, "POST", "/sign-in", form, Content_Type=kind, Cookie=cookie).status == 422


def test_metrics_and_logs_tell_what_happened_and_nothing_of_anybody(live_server: Callable[..., LiveServer]) -> None:
    port = find_free_port()
    server = live_server(QUIZAPP_METRICS=f"127.0.0.1:{port}", QUIZAPP_LOG="json")
    (token,) = make_tokens(server, [NAME])
    entry = next(one for one in read_key((ROOT / "decks" / "dates.yaml").read_bytes()).values() if one.type == "short")
    body = make_body(entry) | {"response": TYPED}
    assert [send(server, token, body).status for _ in range(3)] == [201, 200, 200]
    assert send(server, token, make_body(entry)).status == 201
    assert send(server, token, body | {"response": "another"}).status == 409
    _guess(server)
    ours = _ask(server, "GET", f"/canarypath/{token}?q=canaryquery", Cookie="quizapp_sign_in=canarycookie")
    assert re.fullmatch("[0-9a-f]{16}", ours.headers["X-Request-ID"])
    theirs = _ask(server, "GET", "/decks/canarydeck", X_Request_ID="0123-abcd-good", User_Agent="canaryagent")
    assert theirs.headers["X-Request-ID"] == "0123-abcd-good"
    assert _ask(server, "CANARYVERB", "/", X_Request_ID="canary id!").headers["X-Request-ID"] != "canary id!"

    text = _wait_for_metrics(port)
    assert _count(text, "quizapp_requests_total", endpoint="api.answer", status="201", method="POST") == 2
    assert _count(text, "quizapp_requests_total", endpoint="api.answer", status="200") == 2
    assert _count(text, "quizapp_requests_total", endpoint="none", status="404") >= 1
    assert _count(text, "quizapp_request_seconds_count", endpoint="api.answer") == 5
    assert _count(text, "quizapp_answers_total") == 2
    assert _count(text, "quizapp_sign_in_failures_total") == 1
    assert _count(text, "quizapp_writers_waiting") == 0
    assert _count(text, "quizapp_write_wait_seconds_count") >= 5
    assert _count(text, "quizapp_database_up") == 1

    server.kill()  # counts begin anew, the folder of the old ones is not in the way
    server.start()
    assert _count(_wait_for_metrics(port), "quizapp_answers_total") == 0
    assert server.stop() == 0

    lines = [json.loads(line) for line in server.output.splitlines() if line.startswith("{")]
    asked = [line for line in lines if line.get("message") == "request"]
    assert {(line["endpoint"], line["status"]) for line in asked} >= {("api.answer", 201), ("none", 404)}
    assert any(line["request_id"] == "0123-abcd-good" for line in asked)
    assert all(line["ms"] > 0 and line["method"] != "CANARYVERB" for line in asked)
    for secret in ("canary", "zwick", token.lower(), body["key"], entry.id):
        assert secret not in (server.output + text).lower(), secret


def test_where_the_database_does_not_answer_the_metrics_say_so(tmp_path: Any) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such.db")
    registry = watching.make_registry(Settings(data_dir=tmp_path, backups="off"), database, tmp_path)
    assert {each.name: each.samples[0].value for each in registry.collect()} == {"quizapp_database_up": 0}


def test_the_figures_of_the_database_are_read_at_each_scrape(database: Database, tmp_path: Any) -> None:
    now = datetime.now(UTC)
    settings = Settings(data_dir=tmp_path, database_url=database.url)
    counts = tmp_path / "counts"
    counts.mkdir()
    registry = watching.make_registry(settings, database, counts)

    def read() -> dict[str, float]:
        return {
            " ".join([each.name, *each.labels.values()]): each.value
            for family in registry.collect()
            for each in family.samples
        }

    on_sqlite = database.engine.dialect.name == "sqlite"
    before = read()
    assert before["quizapp_database_up"] == 1
    assert "quizapp_backup_age_seconds" not in before
    assert before.get("quizapp_backup_unsaved" if on_sqlite else "quizapp_locks_waiting") == (1 if on_sqlite else 0)
    with database.writing() as session:
        jobs.enqueue(session, "fit", "learner:1", now)
        jobs.enqueue(session, "fit", "learner:2", now)
        session.commit()
    assert settings.backup_folder is not None
    backups.keep_backups(database.url, settings.backup_folder, now)
    after = read()
    assert after["quizapp_jobs fit waiting"] == 2
    if on_sqlite:
        assert 0 <= after["quizapp_backup_age_seconds"] < 3600
        assert (after["quizapp_backup_unsaved"], after["quizapp_backup_failed"]) == (0, 0)


@pytest.mark.parametrize("wrong", ["9090", "localhost", ":9090", "localhost:0", "localhost:70000", "localhost:x"])
def test_an_address_for_metrics_needs_host_and_port(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_METRICS", wrong)
    with pytest.raises(Invalid) as caught:
        load_settings()
    assert "127.0.0.1:9090" in caught.value.fields["QUIZAPP_METRICS"]


def test_an_unknown_kind_of_log_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_LOG", "xml")
    with pytest.raises(Invalid):
        load_settings()
