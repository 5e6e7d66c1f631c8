"""A server rehearses before it forks: nothing of that is left, and it starts though the rehearsal fails."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, request
from flask.typing import ResponseReturnValue
from plumbing import samples

from quizapp import rehearsal
from quizapp.app import create_app
from quizapp.rehearsal import TIMES, rehearse
from quizapp.services.library import InputFile, load_files
from quizapp.settings import Settings
from quizapp.store.engine import Database
from quizapp.store.tables import AccountRow, DeckRow, ReviewRow
from quizapp.web.logs import requests_log


@pytest.fixture
def make_app(sqlite_database: Database, tmp_path: Path) -> Callable[..., Flask]:
    """Make the app as a server does, with some settings."""

    def make(**settings: object) -> Flask:
        return create_app(Settings(data_dir=tmp_path, **settings), sqlite_database)  # type: ignore[arg-type]

    return make


def _count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("settings", [{}, {"public_url": "https://quiz.example.org"}, {"trusted_proxies": 1}])
def test_a_rehearsal_signs_in_studies_and_answers(
    settings: dict[str, object], make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(**settings)
    asked: list[tuple[str, str, int]] = []
    ask = rehearsal._Player.ask

    def watch(player: rehearsal._Player, method: str, path: str, **more: object) -> object:
        response = ask(player, method, path, **more)
        asked.append((method, re.sub(r"[0-9a-f-]{36}", "KEY", path), response.status_code))
        return response

    monkeypatch.setattr(rehearsal._Player, "ask", watch)
    assert rehearse(app)
    assert asked.count(("POST", "/sign-in", 303)) == 1
    assert asked.count(("POST", "/study/deck", 303)) == TIMES
    assert asked.count(("POST", "/api/v1/answers", 201)) == TIMES
    assert asked.count(("GET", "/study/deck/answers/KEY", 200)) == TIMES


def test_nothing_of_a_rehearsal_is_left(
    make_app: Callable[..., Flask], sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, requests_log.name)
    with sqlite_database.writing() as session:
        load_files(
            session,
            [InputFile("h.md", samples.SOURCE)],
            [InputFile("deck.yaml", samples.DECK)],
            datetime(2026, 11, 1, tzinfo=UTC),
        )
    app = make_app()
    assert rehearse(app)
    assert caplog.records == []
    assert [_count(sqlite_database, table) for table in (DeckRow, AccountRow, ReviewRow)] == [1, 0, 0]
    client = app.test_client()
    shown = client.get("/").text
    assert "/study/birds" in shown
    assert "Rehearsal" not in shown
    assert "Which bird is number" not in client.get("/study/birds").text
    assert client.get("/study/deck").status_code == 404
    assert [record.message for record in caplog.records] == ["request"] * 3


def test_a_server_starts_though_its_rehearsal_fails(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()

    @app.before_request
    def refuse() -> ResponseReturnValue | None:
        return ("no", 500) if request.path.startswith("/api/") and rehearsal.REHEARSAL in request.environ else None

    assert not rehearse(app)
    assert [record.message for record in caplog.records] == ["the rehearsal failed; the server starts all the same"]
    assert app.test_client().get("/").status_code == 200
