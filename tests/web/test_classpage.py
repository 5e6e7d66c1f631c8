"""The page of a class today, in the browser."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from quizapp.services import accounts, classes
from quizapp.services.accounts import Role, Viewer
from quizapp.store.engine import Database


@pytest.fixture
def school(browser_of: Callable[..., Any], web_database: Database, password: str) -> tuple[Any, Any, str, Viewer]:
    """Alice's and Bob's browsers, the address of her class, and who Bob is; he came eight days ago."""
    now = datetime.now(UTC)
    alice, bob = browser_of("Alice", Role.TEACHER), browser_of("Bob")
    with web_database.writing() as session:
        teacher = accounts.sign_in(session, "Alice", password, "somewhere", now).viewer
        student = accounts.sign_in(session, "Bob", password, "somewhere", now).viewer
        made = classes.create_class(session, teacher, "Birds", now)
        classes.add_member(session, made, student.learner_id, student.handle, now - timedelta(days=8))
    return alice, bob, f"/classes/{made.handle}", student


def test_a_teacher_sees_who_is_away_and_dismisses_it(school: tuple[Any, Any, str, Viewer]) -> None:
    alice, _, address, bob = school
    assert alice.get(f"{address}/today").status_code == 200
    assert "no answer yet" in alice.page
    assert "No answer for 7 study days or more" in alice.page
    sent = alice.post(f"{address}/students/{bob.handle}/signs/away/dismiss")
    assert (sent.status_code, sent.location) == (303, f"{address}/today")
    alice.get(f"{address}/today")
    assert "Seen to." in alice.page
    assert "no answer yet" not in alice.page


def test_answers_show_at_once(school: tuple[Any, Any, str, Viewer]) -> None:
    alice, bob, address, _ = school
    bob.get("/study/birds")
    bob.answer("birds", {"response": "100 cm"})
    alice.get(f"{address}/today?sort=recall")
    page = unescape(alice.page)
    assert 'aria-sort="descending"' in page
    assert "100%" in page
    assert "1 card" in page
    assert alice.get(f"{address}/today?sort=nonsense").status_code == 200


def test_a_students_page_leads_to_what_the_student_remembers(school: tuple[Any, Any, str, Viewer]) -> None:
    alice, _, address, bob = school
    assert alice.get(f"{address}/students/{bob.handle}").status_code == 200
    for path in (f"{address}/texts/herons?student={bob.handle}", f"{address}/reports/students/{bob.handle}"):
        assert f'href="{path}"' in alice.page
        assert alice.client.get(path).status_code == 200


def test_a_students_page_says_how_the_student_stands(school: tuple[Any, Any, str, Viewer]) -> None:
    alice, bob, address, person = school
    own = f"{address}/students/{person.handle}"
    assert alice.get(own).status_code == 200
    assert "no answer yet" in alice.page
    bob.get("/study/birds")
    bob.answer("birds", {"response": "100 cm"})
    assert alice.get(own).status_code == 200
    assert "no answer yet" not in alice.page
    assert 'class="recall r5"' in alice.page
    sent = alice.post(own, {"first_name": "x" * 2000})
    assert sent.status_code == 422
    assert 'class="recall r5"' in alice.page, "the page is whole where its form is refused"


def test_others_find_no_such_page(school: tuple[Any, Any, str, Viewer], browser_of, visitor) -> None:
    _, bob, address, person = school
    dana = browser_of("Dana", Role.TEACHER)
    for path in [f"{address}/today"]:
        assert bob.get(path).status_code == 404
        assert dana.get(path).status_code == 404
        assert visitor.get(path).status_code == 303
    dana.get("/classes")
    assert dana.post(f"{address}/students/{person.handle}/signs/away/dismiss").status_code == 404
    assert dana.client.get(f"{address}/students/{person.handle}/signs/away/dismiss").status_code == 405


def test_a_class_without_students_says_what_to_do(browser_of, web_database: Database, password: str) -> None:
    alice = browser_of("Alice", Role.TEACHER)
    with web_database.writing() as session:
        teacher = accounts.sign_in(session, "Alice", password, "somewhere", datetime.now(UTC)).viewer
        made = classes.create_class(session, teacher, "Empty", datetime.now(UTC))
    assert alice.get(f"/classes/{made.handle}/today").status_code == 200
    assert "Nobody is in this class yet." in alice.page
