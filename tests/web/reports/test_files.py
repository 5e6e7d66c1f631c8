"""Long reports in the browser: asked for, made by the working process, taken away by who asked."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.core.reports.definitions import DEFINITIONS, Kind
from quizapp.services import jobs
from quizapp.services.accounts import Role
from quizapp.services.reports import filing, filing_work
from quizapp.store.tables import AuditRow, ReportFileRow, table_of
from quizapp.web.reports_words import say_in


@pytest.fixture
def database(sqlite_database):
    """Nothing here depends on the kind of database."""
    return sqlite_database


@pytest.fixture
def files(classroom, monkeypatch) -> str:
    """Three answers, which are a long report here; gives where the files are."""
    monkeypatch.setattr(filing, "LONG", 2)
    classroom.answer(3)
    return f"{classroom.url}/files"


def _work(classroom) -> None:
    rules = classroom.app.extensions["quizapp"].rules
    kinds = filing_work.list_kinds(classroom.database, rules, lambda: datetime.now(UTC), say_in)
    while jobs.run_next(classroom.database, kinds, lambda: datetime.now(UTC)) is not None:
        pass


def _ask(browser, files: str, **fields: str):
    browser.get(files)
    return browser.post(files, fields, follow_redirects=True)


def _read_form(page: str) -> dict[str, str]:
    """The fields of the form that makes a file."""
    form = page.split("<form")[1:]
    wanted = next(part for part in form if 'name="kind"' in part)
    return dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', wanted))


def test_a_long_report_is_asked_for_followed_taken_away_and_removed(alice, classroom, files) -> None:
    sent = alice.get(f"{classroom.url}/responses.csv?bom=1")
    assert sent.status_code == 303
    page = alice.get(sent.headers["Location"]).get_data(as_text=True)
    assert "has more than 2 rows" in page
    fields = _read_form(page)
    assert {fields["kind"], fields["format"], fields["bom"]} == {"responses", "csv", "1"}
    asked = alice.post(files, fields, follow_redirects=True).get_data(as_text=True)
    assert "You may leave this page" in asked
    assert "Waiting for its turn" in asked
    with classroom.database.reading() as session:
        handle = session.scalar(sa.select(table_of(ReportFileRow).c.handle))
    assert alice.get(f"{files}/{handle}").headers["Location"].endswith("/reports/files")
    _work(classroom)
    sent = alice.get(f"{files}/{handle}")
    assert (sent.status_code, sent.mimetype) == (200, "text/csv")
    assert sent.content_length == len(sent.data)
    assert sent.data.startswith("\ufeff".encode())
    assert sent.data.count(b"\r\n") == 4
    assert "attachment" in sent.headers["Content-Disposition"]
    with classroom.database.reading() as session:
        acts = session.execute(sa.select(table_of(AuditRow).c.detail, table_of(AuditRow).c.format)).all()
    assert acts == [("responses", "csv")]
    page = alice.get(files).get_data(as_text=True)
    assert "Ready" in page
    assert f'href="{files}/{handle}"' in page
    assert "There are none" in alice.post(f"{files}/{handle}/remove", follow_redirects=True).get_data(as_text=True)
    assert alice.get(f"{files}/{handle}").status_code == 404


def test_programs_and_short_reports_get_theirs_at_once(alice, classroom, files) -> None:
    assert len(alice.get(f"{classroom.api}/responses?format=json").json) == 3
    assert alice.get(f"{classroom.url}/students.csv").status_code == 200
    for path in (files, f"{files}?kind=nothing&format=csv", f"{files}?kind=items&format=exe"):
        assert 'name="kind"' not in alice.get(path).get_data(as_text=True)


def test_what_cannot_be_asked_for_is_said(alice, files) -> None:
    page = _ask(alice, files, kind="responses", format="exe")
    assert "There is no such format" in page.get_data(as_text=True)
    assert _ask(alice, files, kind="nothing", format="csv").status_code == 404
    assert alice.get(f"{files}/nothing").status_code == 404
    alice.get(files)
    assert alice.post(f"{files}/nothing/remove").status_code == 404


def test_others_do_not_find_the_file(browser_of, alice, classroom, files) -> None:
    _ask(alice, files, kind="responses", format="csv")
    _work(classroom)
    with classroom.database.reading() as session:
        handle = session.scalar(sa.select(table_of(ReportFileRow).c.handle))
    for name, role in (("Dana", Role.TEACHER), ("Erin", Role.ADMIN)):
        other = browser_of(name, role)
        assert other.get(f"{files}/{handle}").status_code == 404
        other.get("/")
        assert other.post(f"{files}/{handle}/remove").status_code == 404


def test_a_file_taken_away_while_it_is_sent_is_shorter_than_was_said(alice, classroom, files, monkeypatch) -> None:
    _ask(alice, files, kind="responses", format="csv")
    _work(classroom)
    with classroom.database.reading() as session:
        handle = session.scalar(sa.select(table_of(ReportFileRow).c.handle))
    monkeypatch.setattr(filing.store, "read_piece", lambda *_: None)
    with pytest.raises(NotFound):
        alice.get(f"{files}/{handle}")


def test_a_sheet_is_said_in_the_language_of_who_asked_as_far_as_there_is_a_catalogue() -> None:
    title = DEFINITIONS[Kind.STUDENTS].title
    assert say_in("ar")(title) != title
    assert say_in("nl")(title) == say_in("en")(title) == title
    assert say_in("ar")("Herons 8b") == "Herons 8b"
    assert say_in("en")(say("At most %(what)s.", what=title)) == f"At most {title}."
