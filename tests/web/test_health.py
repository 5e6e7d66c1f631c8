"""The page of the server's state: for those who look after it, in words, and a 404 for everybody else."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from quizapp.app import create_app
from quizapp.core.errors import NotFound
from quizapp.services import health
from quizapp.services.accounts import Role, Viewer
from quizapp.services.backups import BackupState
from quizapp.services.health import ServerState
from quizapp.settings import Settings
from quizapp.store.backups import Notes, write_notes
from quizapp.store.damage import mark_damaged
from quizapp.store.engine import Database
from quizapp.web.health import say_size

TEACHER = Viewer(1, "t", 1, "Alice", Role.TEACHER)
NOW = datetime.now(UTC)


def _state(**changes: object) -> BackupState:
    found: dict[str, object] = {"count": 3, "bytes": 12_345_678, "newest": NOW - timedelta(minutes=5)}
    return BackupState(**(found | {"unsaved": False, "failed_at": None, "why": ""} | changes))  # type: ignore[arg-type]


SAID = [
    (
        ServerState(None, 5_000_000_000, _state()),
        ["no damage is known", "5 GB", "Nothing has changed since", "12.3"],
    ),
    (ServerState(None, 5_000, None), ["switched off", "5 kB"]),
    (ServerState(None, None, None), ["tools of its own"]),
    (ServerState("page 7", 5_000, _state()), ["The database is damaged", "quizapp db restore FILE"]),
    (
        ServerState(None, 5, _state(failed_at=NOW, why="Too little room.")),
        ["The last attempt failed", "little room"],
    ),
    (ServerState(None, 5, _state(newest=NOW - timedelta(hours=2), unsaved=True)), ["that no backup holds"]),
    (ServerState(None, 5, _state(newest=None, unsaved=True)), ["that no backup holds", "There is none yet"]),
]


def test_every_state_is_said(browser_of: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_of("Alice", Role.TEACHER)
    for state, words in SAID:
        monkeypatch.setattr(health, "describe_server", lambda *_, state=state: state)
        response = browser.get("/health")  # type: ignore[attr-defined]
        assert response.status_code == 200
        page = response.get_data(as_text=True)
        assert [word for word in words if word not in page] == []


def test_a_student_finds_nothing_and_a_visitor_is_asked_to_sign_in(
    browser_of: Callable[..., object], app: Flask
) -> None:
    assert browser_of("Bob").get("/health").status_code == 404  # type: ignore[attr-defined]
    response = app.test_client().get("/health")
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/health")


def test_what_is_there_is_described(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "quizapp-20261122T120000Z.db").write_bytes(b"x" * 10)
    write_notes(folder, Notes(failed_at=1_000, why="no room"))
    told = health.describe_server(TEACHER, sqlite_url, folder)
    assert (told.damage, told.backups) == (
        None,
        BackupState(
            1, 10, datetime(2026, 11, 22, 12, tzinfo=UTC), True, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), "no room"
        ),
    )
    assert told.free_bytes is not None
    mark_damaged(Path(sqlite_url.removeprefix("sqlite:///")), "page 7")
    assert health.describe_server(TEACHER, sqlite_url, None).damage == "page 7"
    assert health.describe_server(TEACHER, "postgresql://127.0.0.1:9/none", folder) == ServerState(None, None, None)
    for stranger in (None, Viewer(2, "g"), Viewer(3, "s", 3, "Bob", Role.STUDENT)):
        with pytest.raises(NotFound):
            health.describe_server(stranger, sqlite_url, folder)


def test_sizes_are_said_in_units_one_can_picture(app: Flask) -> None:
    with app.test_request_context():
        assert [say_size(size) for size in (0, 1_500, 2_000_000, 3_210_000_000, 5 * 10**15)] == [
            "0 kB",
            "1.5 kB",
            "2 MB",
            "3.2 GB",
            "5,000 TB",
        ]


def test_a_page_on_a_damaged_database_says_what_to_do(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret_key="k3V9-xT2_pQ7wZ5mL8rN1bC4jH6fD0sA")
    client = create_app(settings, sqlite_database).test_client()
    mark_damaged(tmp_path / "quizapp.db", "page 7")
    response = client.post("/api/v1/answers", json={}, headers={"Authorization": "Bearer nobody"})
    assert response.status_code == 401
    assert client.get("/").status_code == 200
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'<input[^>]*name="csrf_token"[^>]*value="([^"]*)"', page)
    assert token is not None
    fields = {"csrf_token": token[1], "name": "Bob", "password": "three grey herons"}
    response = client.post("/sign-in", data=fields)
    assert response.status_code == 503
    said = response.get_data(as_text=True)
    assert "The database is damaged." in said
    assert "quizapp db restore" in said


def test_each_kind_of_trouble_has_its_name(tmp_path: Path) -> None:
    class Failed(Exception):
        def __init__(self, code: int) -> None:
            self.sqlite_errorcode = code

    found = [health.explain(Failed(code)) for code in (13, 10 | 4 << 8, 11, 26, 5)]
    kinds = health.Trouble
    assert found == [kinds.FULL, kinds.DISK, kinds.DAMAGED, kinds.DAMAGED, kinds.SILENT]


def test_the_sign_of_life_tells_a_damaged_database_from_a_sound_one_and_takes_no_node_out(
    tmp_path: Path, sqlite_database: Database
) -> None:
    settings = Settings(
        data_dir=tmp_path, secret_key="k3V9-xT2_pQ7wZ5mL8rN1bC4jH6fD0sA", database_url=sqlite_database.url
    )
    client = create_app(settings, sqlite_database).test_client()
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "ok"})
    mark_damaged(Path(sqlite_database.url.removeprefix("sqlite:///")), "page 7 is gone")
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "read-only"})
