"""The map of a text in the browser."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest

from quizapp.services import accounts, classes
from quizapp.services.accounts import Role
from quizapp.store.engine import Database


@pytest.fixture
def address(browser_of: Callable[..., object], web_database: Database, password: str) -> str:
    """The maps of Alice's class, with Bob in it."""
    now = datetime.now(UTC)
    browser_of("Alice", Role.TEACHER)
    browser_of("Bob")
    with web_database.writing() as session:
        alice = accounts.sign_in(session, "Alice", password, "somewhere", now).viewer
        bob = accounts.sign_in(session, "Bob", password, "somewhere", now).viewer
        made = classes.create_class(session, alice, "Birds", now)
        classes.add_member(session, made, bob.learner_id, bob.handle, now)
    return f"/classes/{made.handle}/texts"


@pytest.fixture
def sign_in(new_browser, password: str):
    """Somebody who has an account already, in a new browser."""

    def enter(name: str):
        browser = new_browser()
        browser.get("/sign-in")
        assert browser.post("/sign-in", {"name": name, "password": password}).status_code == 303
        return browser

    return enter


def test_a_teacher_reads_the_map_looks_into_a_sentence_and_prints_what_to_teach(address: str, sign_in) -> None:
    alice, bob = sign_in("Alice"), sign_in("Bob")
    bob.get("/study/birds")
    bob.answer("birds", {"response": "50 cm"})
    assert alice.get(address).status_code == 200
    assert f"{address}/herons" in alice.page
    assert alice.get(f"{address}/herons?at=1.1").status_code == 200
    page = unescape(alice.page)
    assert "How tall is a grey heron at most?" in page
    assert "50 cm" in page
    assert "never asked" in page
    assert page.count('id="look"') == 1
    assert alice.get(f"{address}/herons/again").status_code == 200
    assert alice.get(f"{address}/herons?student=nobody").status_code == 404
    assert alice.get(f"{address}/nothing").status_code == 404


def test_students_strangers_and_visitors_see_no_map(address: str, sign_in, browser_of, visitor) -> None:
    dana = browser_of("Dana", Role.TEACHER)
    for path in [address, f"{address}/herons", f"{address}/herons/again"]:
        assert sign_in("Bob").get(path).status_code == 404
        assert dana.get(path).status_code == 404
        assert visitor.get(path).status_code == 303
        assert sign_in("Alice").client.post(path).status_code in (400, 405)
