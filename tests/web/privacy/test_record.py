"""Every view that shows or takes away what is kept of students is decided on, and what is decided happens."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.timing import Window
from quizapp.services import accounts
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assessments import editing
from quizapp.services.assessments.editing import Draft
from quizapp.services.privacy import audit
from quizapp.store.accounts import find_account_by_name
from quizapp.store.engine import Database
from quizapp.web.privacy.decisions import DECISIONS, RECORDED, Nothing

_ABOUT_STUDENTS = re.compile(
    r"^/classes/<|^/tests/<|^/api/v1/classes|<learner>|<student>|report|slips|roster|students|assignments/<"
)


def test_every_view_about_students_has_a_decision(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if _ABOUT_STUDENTS.search(rule.rule)]
    assert len(rules) > 40
    missing = sorted({rule.endpoint for rule in rules} - set(DECISIONS))
    assert missing == [], "decide in quizapp/web/privacy/decisions.py whether to write it down"
    assert sorted(set(DECISIONS) - set(app.view_functions)) == []
    assert all(one.why for one in DECISIONS.values() if isinstance(one, Nothing))
    assert not any(name.startswith(("study.", "practice.", "games.")) for name in RECORDED)


def test_reports_are_written_down_with_kind_format_and_way(classroom: Any, web_database: Database, app: Flask) -> None:
    alice, url = classroom.alice, classroom.url
    for path in ("/reports", "/reports/items/birds/height/9", "/reports/nonsense", "/reports/students.csv?sort=no"):
        alice.get(url + path)
    assert classroom.acts() == []
    assert alice.get(f"{url}/reports/students").status_code == 200
    for end in ("csv", "xlsx"):
        assert alice.client.get(f"{url}/reports/responses.{end}").status_code == 200
    with web_database.writing() as session:
        header = {"Authorization": f"Bearer {accounts.create_token_for(session, 'Alice', 'x', datetime.now(UTC))}"}
    for wanted in ("json", "ods"):
        done = app.test_client().get(f"/api/v1{url}/report/items?format={wanted}", headers=header)
        assert done.status_code == 200
    assert classroom.acts() == [
        ("report", "page", "students", ""),
        ("report", "page", "responses", "csv"),
        ("report", "page", "responses", "xlsx"),
        ("report", "api", "items", "json"),
        ("report", "api", "items", "ods"),
    ]


def test_pages_of_a_student_are_written_down(classroom: Any) -> None:
    alice, url, bob = classroom.alice, classroom.url, classroom.bob
    alice.get(f"{url}/students/{bob.handle}")
    alice.post(f"{url}/students/{bob.handle}", {"first_name": "Bob"})
    alice.get(f"{url}/reports/students/{bob.handle}")
    alice.client.get(f"{url}/reports/students/{bob.handle}.pdf")
    alice.get(f"{url}/slips?only={bob.handle}")
    alice.get(f"{url}/texts/herons?student={bob.handle}")
    alice.get(f"{url}/texts/herons")
    alice.get(f"{url}/students/nobody")
    alice.client.head(f"{url}/students/{bob.handle}")
    alice.get(f"{url}/students/{bob.handle}")
    alice.post(f"{url}/students/{bob.handle}/reset")
    assert [act[:1] + act[2:] for act in classroom.acts()] == [
        ("looked", "", ""),
        ("looked", "", ""),
        ("sheet", "", ""),
        ("sheet", "", "pdf"),
        ("slips", "", ""),
        ("looked", "map", ""),
        ("looked", "", ""),
        ("reset", "", ""),
    ]
    page = classroom.alice.get(f"{url}/privacy").get_data(as_text=True)
    assert page.count("Looked at a student’s page") == 5  # four acts, and one kind to choose


def test_students_and_strangers_leave_no_trace_in_it(classroom: Any, browser_of: Callable[..., Any]) -> None:
    dana = browser_of("Dana", Role.TEACHER)
    for browser in (classroom.bobs, dana):
        browser.get(f"{classroom.url}/reports/students.csv")
        browser.get(f"{classroom.url}/students/{classroom.bob.handle}")
        browser.get("/tests/3f2c8a10-0000-4000-8000-000000000000")
    assert classroom.acts() == []


def test_where_an_act_cannot_be_written_down_nothing_is_sent(classroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", None, Exception("database is locked"))

    monkeypatch.setattr(audit, "write_down", fail)
    response = classroom.alice.get(f"{classroom.url}/reports/students.csv")
    assert response.status_code == 503
    assert "student_id" not in response.get_data(as_text=True)
    assert classroom.alice.get(f"{classroom.url}/reports").status_code == 200


def test_a_test_is_written_down_where_its_teacher_looks_and_not_where_its_student_does(classroom: Any) -> None:
    with classroom.database.writing() as session:
        teacher = find_account_by_name(session, "alice")
        assert teacher is not None
        alice = Viewer(teacher.learner_id, "", teacher.id, "Alice", Role.TEACHER)
        draft = Draft("Herons", Plan(cards=("birds/height",)), Window(), classroom.handle)
        handle = editing.create_test(session, alice, draft, datetime.now(UTC))
        editing.publish_test(session, alice, handle, datetime.now(UTC))
    assert classroom.bobs.get(f"/tests/{handle}").status_code == 200
    assert classroom.acts() == []
    assert classroom.alice.get(f"/tests/{handle}").status_code == 200
    classroom.alice.client.get(f"/tests/{handle}/attempts/nothing")
    assert classroom.acts() == [("report", "page", "test", "")]
