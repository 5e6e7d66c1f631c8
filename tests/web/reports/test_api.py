"""Reports for programs."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from quizapp.core.reports.formats import MEDIA_TYPES, Format, SheetFull
from quizapp.services import accounts
from quizapp.web import reports_files


@pytest.fixture
def as_alice(classroom) -> dict[str, str]:
    """The header of Alice's program."""
    with classroom.database.writing() as session:
        token = accounts.create_token_for(session, "Alice", "tests", datetime.now(UTC))
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def client(classroom):
    """A program."""
    return classroom.app.test_client()


def test_a_program_gets_the_rows_of_the_command_line(client, classroom, as_alice) -> None:
    classroom.answer()
    response = client.get(f"{classroom.api}/responses", headers=as_alice)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    (row,) = response.json
    assert (row["item_id"], row["response"], row["score"], row["last_name"]) == ("birds/height", "50 cm", 0, "=Young")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", Format.JSON),
        ("", Format.JSON),
        ("text/csv", Format.CSV),
        ("text/*", Format.CSV),
        (MEDIA_TYPES[Format.XLSX], Format.XLSX),
        (f"{MEDIA_TYPES[Format.ODS]}, text/csv;q=0.5", Format.ODS),
        ("application/json;q=0.1, text/csv;q=0.2", Format.CSV),
        ("text/csv; charset=utf-8", Format.CSV),
        ('text/csv;header=present;charset="utf-8"', Format.CSV),
        ("text/csv; charset=utf-8;q=0.8, application/json;q=0.2", Format.CSV),
        ("text/csv; charset=utf-8;q=0.2, application/json;q=0.8", Format.JSON),
        ("application/json;version=1;q=0, */*;q=0.1", Format.CSV),
    ],
)
def test_the_format_goes_by_what_is_accepted(client, classroom, as_alice, accept: str, expected: Format) -> None:
    response = client.get(f"{classroom.api}/students", headers=as_alice | {"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, MEDIA_TYPES[expected])
    assert "Accept" in response.vary


def test_a_format_that_is_named_counts_more(client, classroom, as_alice) -> None:
    response = client.get(f"{classroom.api}/students?format=csv&bom=1", headers=as_alice | {"Accept": "image/png"})
    assert response.mimetype == "text/csv"
    read = list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"), newline="")))
    assert read[0]["last_name"] == "'=Young"


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("students", "image/png", 406),
        ("students?format=xls", "*/*", 422),
        ("students?format=", "*/*", 422),
        ("students?sort=nothing", "*/*", 422),
        ("nothing", "*/*", 404),
        ("nothing", "image/png", 404),
    ],
)
def test_what_there_is_not_is_told_as_a_problem(
    client, classroom, as_alice, path: str, accept: str, status: int
) -> None:
    response = client.get(f"{classroom.api}/{path}", headers=as_alice | {"Accept": accept})
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert json.loads(response.get_data())["status"] == status


def test_others_find_no_such_class(client, classroom, token_of: Callable[[str], dict[str, str]]) -> None:
    charlie = token_of("Charlie")
    for path in (f"{classroom.api}/students", "/api/v1/classes/none/report/students"):
        response = client.get(path, headers=charlie)
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert client.get(f"{classroom.api}/students").status_code == 401
    assert client.get(f"{classroom.api}/students", headers={"Authorization": "Bearer nothing"}).status_code == 401
    assert client.post(f"{classroom.api}/students", headers=charlie).status_code == 405


def test_a_sheet_that_is_too_long_is_told_as_a_problem(
    client, classroom, as_alice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise SheetFull(Format.XLSX)
        yield b""

    monkeypatch.setattr(reports_files, "write_file", refuse)
    response = client.get(f"{classroom.api}/students?format=xlsx", headers=as_alice)
    assert response.status_code == 422
    assert "Take CSV or JSON" in response.json["detail"]


def test_a_stream_gives_its_session_back_when_it_ends_or_is_left(client, classroom, as_alice) -> None:
    classroom.answer(3)
    pool = classroom.database.engine.pool
    before = pool.checkedout()
    for _ in range(30):
        response = client.get(f"{classroom.api}/responses?format=csv", headers=as_alice, buffered=False)
        next(iter(response.response))
        response.close()
    assert pool.checkedout() == before
    assert client.get(f"{classroom.api}/responses?format=csv", headers=as_alice).get_data().count(b"\n") == 4
    assert pool.checkedout() == before


def test_the_api_says_what_it_is(client, classroom) -> None:
    described = client.get("/api/v1/openapi.json").json
    assert "/api/v1/classes/{handle}/report/{kind}" in described["paths"]
