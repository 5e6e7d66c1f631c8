"""The page of workloads: its picture, its table, and the way from each line to the settings."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from plumbing import samples
from sqlmodel import select

from quizapp.services import study
from quizapp.services.accounts import Viewer
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import LearnerRow
from quizapp.web.workload import say_amount


@pytest.fixture
def bob(visitor, app: Flask, web_database: Database):
    """The browser of Bob, a guest who answered four cards some days ago."""
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    rules = app.extensions["quizapp"].rules
    with web_database.reading() as session:
        who = Viewer(session.exec(select(LearnerRow)).one().id, "whoever")
    for number, card in enumerate(("food", "winter", "legs")):
        submission = Submission("birds", card, 1, samples.RIGHT[card], shown_ms=9_000)
        with web_database.writing() as session:
            key = f"123e4567-e89b-42d3-a456-42661417400{number}"
            study.answer_card(session, who, submission, key, rules, datetime.now(UTC) - timedelta(days=4))
    return visitor


@pytest.fixture
def rows_of() -> Callable[[str], list[list[str]]]:
    """The lines of the page's table, as texts."""

    def read(page: str) -> list[list[str]]:
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
        return [
            [
                " ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split())
                for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            ]
            for row in rows
        ]

    return read


def test_a_visitor_is_told_how_it_begins(visitor, web_database: Database) -> None:
    assert visitor.get("/workload").status_code == 200
    assert "Your workload begins with one answer" in visitor.page
    with web_database.reading() as session:
        assert session.exec(select(LearnerRow)).all() == []


def test_who_has_answered_nothing_is_told_the_same(browser_of) -> None:
    browser = browser_of("Bob")
    assert browser.get("/workload").status_code == 200
    assert "begins with one answer" in browser.page
    assert "No account needed" not in browser.page


def test_who_was_signed_out_elsewhere_is_told_so(visitor) -> None:
    visitor.client.set_cookie("quizapp_sign_in", "of a browser that was signed out")
    visitor.get("/workload")
    assert "You were signed out here" in visitor.page


def test_every_retention_has_its_line_and_all_but_the_own_one_a_button(bob, rows_of) -> None:
    bob.get("/workload")
    rows = rows_of(bob.page)
    assert [row[0].split()[0] for row in rows] == [
        *("70%", "75%", "80%", "85%", "90%", "92%", "94%", "95%", "96%", "97%")
    ]
    assert [row[0] for row in rows if "yours" in row[0]] == ["90% yours"]
    assert sum("most for each minute" in row[0] for row in rows) == 1
    assert [row[0].split()[0] for row in rows if not row[4]] == ["90%"]
    assert 'href="/settings?desired_retention=85"' in bob.page
    assert 'href="/settings?desired_retention=90"' not in bob.page
    assert "That does not make it the best for you" in bob.page


def test_a_button_leads_to_the_settings_with_its_number(bob) -> None:
    bob.get("/workload")
    path = re.search(r'href="(/settings\?desired_retention=97)"', bob.page)
    assert path
    assert bob.get(path[1]).status_code == 200
    assert re.search(r'name="desired_retention"[^>]*value="97"', bob.page)


def test_the_own_retention_has_its_place_among_the_lines(bob, rows_of, web_database: Database) -> None:
    with web_database.writing() as session:
        session.exec(select(LearnerRow)).one().choices = '{"desired_retention":0.885}'
        session.commit()
    bob.get("/workload")
    shown = [row[0].split()[0] for row in rows_of(bob.page)]
    assert shown[3:6] == ["85%", "88.5%", "90%"]
    assert "As you have it: 88.5%" in bob.page


def test_the_picture_shows_each_line_twice_and_has_words(bob, rows_of) -> None:
    bob.get("/workload")
    found = re.search(r'<svg class="chart curves".*?</svg>', bob.page, re.DOTALL)
    assert found
    picture = ET.fromstring(found[0])  # noqa: S314 - our own page
    dots = [each for each in picture.iter() if each.get("class", "").startswith("dot")]
    assert len(dots) == 2 * len(rows_of(bob.page))
    assert sum(each.get("class") == "dot own" for each in dots) == 2
    assert picture.findtext("title")
    assert "a day" in (picture.findtext("desc") or "")
    assert "style=" not in bob.page
    ids = re.findall(r'\bid="([^"]*)"', bob.page)
    assert len(ids) == len(set(ids))


def test_it_says_what_was_played_and_that_it_is_no_promise(bob) -> None:
    bob.get("/workload")
    words = " ".join(unescape(re.sub(r"<[^>]*>", " ", bob.page)).split())
    assert "Your 4 cards are played through a year, with 4 cards of your decks that you have not seen yet" in words
    assert "A forecast, not a promise" in words
    assert "Of all these cards" not in words


def test_the_pages_lead_to_each_other(bob) -> None:
    for path, others in {
        "/workload": ("/progress", "/settings", "/plans"),
        "/settings": ("/progress", "/workload", "/plans"),
        "/progress": ("/workload", "/settings", "/plans"),
    }.items():
        bob.get(path)
        main = bob.page.partition("<main")[2]
        assert all(f'href="{other}"' in main for other in others), path


def test_another_method_is_refused(visitor) -> None:
    assert visitor.client.post("/workload").status_code in (400, 405)


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (0.04, "0"), (0.06, "0.1"), (9.96, "10"), (23.4, "23"), (1234.5, "1,234")]
)
def test_an_amount_is_as_precise_as_it_is_worth(app: Flask, value: float, words: str) -> None:
    with app.test_request_context():
        assert say_amount(value) == words
