"""The pages about what is kept: of oneself, of a class, of the school."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.store.tables import AccountRow, LearnerRow, table_of


def test_a_visitor_is_told_that_nothing_is_kept(visitor: Any) -> None:
    for path in ("/settings/privacy", "/settings/privacy/acts"):
        response = visitor.get(path)
        assert response.status_code == 200
        assert "Nothing is kept of you" in visitor.page
    visitor.get("/sign-in")
    assert visitor.post("/settings/privacy/delete", {"sure": "y"}).status_code in (401, 403)
    assert "Your data" in visitor.get("/").get_data(as_text=True)


def test_one_downloads_ones_own_with_the_password(classroom: Any, password: str) -> None:
    bobs = classroom.bobs
    bobs.get("/settings/privacy")
    refused = bobs.post("/settings/privacy/download", {"password": "wrong"})
    assert refused.status_code == 422
    assert "This is not your password." in bobs.page
    response = classroom.download(bobs, password)
    assert response.status_code == 200
    assert response.mimetype == "application/zip"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(response.get_data()))
    assert b"Bob" in archive.read("account.csv")
    assert "README.txt" in archive.namelist()
    assert classroom.acts() == [("downloaded", "page", "", "zip")]


def test_many_wrong_passwords_are_slowed_down(classroom: Any, password: str) -> None:
    bobs = classroom.bobs
    bobs.get("/settings/privacy")
    for _ in range(10):
        assert bobs.post("/settings/privacy/download", {"password": "wrong"}).status_code == 422
    for path, field in (("download", "password"), ("delete", "current")):
        refused = bobs.post(f"/settings/privacy/{path}", {field: password, "sure": "y"})
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
    assert classroom.acts() == []


def test_one_asks_to_be_deleted_and_takes_it_back(classroom: Any, password: str) -> None:
    bobs = classroom.bobs
    bobs.get("/settings/privacy")
    for fields, said in (({"current": password}, "Tick the box"), ({"sure": "y"}, "This is not your password.")):
        assert bobs.post("/settings/privacy/delete", fields).status_code == 422
        assert said in bobs.page
    assert bobs.post("/settings/privacy/delete", {"current": password, "sure": "y"}).status_code == 303
    assert "You asked to be deleted" in bobs.get("/settings/privacy").get_data(as_text=True)
    assert "Bob asked for it" in classroom.alice.get(f"{classroom.url}/privacy").get_data(as_text=True)
    assert bobs.post("/settings/privacy/keep").status_code == 303
    bobs.get("/settings/privacy")
    assert bobs.post("/settings/privacy/keep").status_code == 409
    assert "asked for it" not in classroom.alice.get(f"{classroom.url}/privacy").get_data(as_text=True)
    page = bobs.get("/settings/privacy/acts").get_data(as_text=True)
    assert "Took the wish to be deleted back" in page
    assert bobs.get("/settings/privacy/acts?act=nonsense").status_code == 404
    for path in ("download", "delete", "keep"):
        assert bobs.get(f"/settings/privacy/{path}").status_code == 405


def test_a_guest_downloads_and_asks_without_a_password(classroom: Any, new_browser: Callable[[], Any]) -> None:
    guest = new_browser()
    guest.get("/study/birds")
    guest.answer("birds", {"response": "100 cm"})
    page = guest.get("/settings/privacy").get_data(as_text=True)
    assert "is deleted after 365 days" in page
    assert 'type="password"' not in page
    assert classroom.download(guest).mimetype == "application/zip"
    guest.get("/settings/privacy")
    assert guest.post("/settings/privacy/delete", {"sure": "y"}).status_code == 303


def test_an_account_without_a_password_types_its_name(classroom: Any) -> None:
    with classroom.database.writing() as session:
        session.execute(sa.update(table_of(AccountRow)).values(password_hash="-"))
        session.commit()
    page = classroom.bobs.get("/settings/privacy").get_data(as_text=True)
    assert "The name of your account" in page
    assert classroom.download(classroom.bobs, "Alice").status_code == 422
    assert classroom.download(classroom.bobs, "bob").status_code == 200


def test_only_administrators_decide_for_the_school(classroom: Any, password: str) -> None:
    for browser in (classroom.bobs, classroom.alice):
        browser.get("/settings/privacy")
        assert browser.get("/privacy").status_code == 404
        assert browser.get("/privacy/acts").status_code == 404
        browser.get("/settings/privacy")
        assert browser.post("/privacy/choices", {"guests": "40"}).status_code == 404
        browser.get("/settings/privacy")
        assert browser.post("/privacy/erase", {"name": "Bob", "password": password, "sure": "y"}).status_code == 404
    erin = classroom.erin
    assert 'href="/privacy"' in erin.get("/settings/privacy").get_data(as_text=True)
    page = erin.get("/privacy").get_data(as_text=True)
    assert 'name="guests"' in page
    chosen = {"learners": "0", "guests": "40", "sign_ins": "7", "audit": "0", "jobs": "30", "throttles": "90"}
    assert erin.post("/privacy/choices", chosen | {"wait": "3", "tell": "1"}).status_code == 303
    assert 'value="40"' in erin.get("/privacy").get_data(as_text=True)
    for wrong in ("1", "x", "-5", "999999999999", ""):
        assert erin.post("/privacy/choices", chosen | {"guests": wrong, "wait": "3", "tell": "1"}).status_code == 422
        assert "Choose a number from 30 to 3650." in erin.page


def test_an_administrator_deletes_somebody_at_once(classroom: Any, password: str) -> None:
    erin, bobs = classroom.erin, classroom.bobs
    erin.get("/privacy")
    for fields in (
        {"name": "Bob", "password": "wrong", "sure": "y"},
        {"name": "Nobody", "password": password, "sure": "y"},
        {"name": "Bob", "password": password},
    ):
        assert erin.post("/privacy/erase", fields).status_code == 422
    assert bobs.get("/account").status_code == 200
    assert erin.post("/privacy/erase", {"name": "bob", "password": password, "sure": "y"}).status_code == 303
    assert bobs.get("/account").status_code == 303
    with classroom.database.reading() as session:
        found = session.execute(sa.select(LearnerRow.id).where(LearnerRow.handle == classroom.bob.handle)).first()
        waiting = session.execute(sa.text("SELECT kind FROM job")).scalars().all()
    assert (found, waiting) == (None, ["privacy-scrub"])
    page = erin.get("/privacy/acts").get_data(as_text=True)
    assert "Deleted a person" in page
    assert "Bob" not in re.sub(r'value="[^"]*"', "", page)  # a form's token has any letters


def test_wrong_passwords_of_an_administrator_are_counted(classroom: Any) -> None:
    classroom.erin.get("/privacy")
    statuses = [
        classroom.erin.post("/privacy/erase", {"name": "Bob", "password": "wrong", "sure": "y"}).status_code
        for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_a_class_shows_who_looked_to_its_teachers_alone(classroom: Any, browser_of: Callable[..., Any]) -> None:
    classroom.alice.get(f"{classroom.url}/reports/students.csv")
    page = classroom.alice.get(f"{classroom.url}/privacy").get_data(as_text=True)
    assert "students, csv" in page
    assert "the whole class" in page
    assert "students, csv" in classroom.bobs.get("/settings/privacy/acts").get_data(as_text=True)
    assert classroom.bobs.get(f"{classroom.url}/privacy").status_code == 404
    assert browser_of("Dana", Role.TEACHER).get(f"{classroom.url}/privacy").status_code == 404
    assert classroom.alice.get(f"{classroom.url}/privacy?act=report&before=1").status_code == 200


def test_a_download_that_fails_at_once_leaves_nothing_open(
    classroom: Any, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise accounts.NotFound("gone")

    monkeypatch.setattr("quizapp.services.privacy.exporting._find_hidden", fail)
    assert classroom.download(classroom.bobs, password).status_code == 404
