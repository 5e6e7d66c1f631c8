"""The page of progress: for a visitor, a guest and the holder of an account; its pictures, tables and words."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from plumbing import samples
from sqlmodel import select

from quizapp.services import study
from quizapp.services.accounts import Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import AccountRow, LearnerRow
from quizapp.web.progress import say_date, say_length

PICTURES = {"forecast", "decks", "year-1", "year-2", "time"}
CARDS = ["height", "food", "winter", "legs", "waiting"]


@pytest.fixture
def give_history(app: Flask, web_database: Database) -> Callable[..., None]:
    """Let somebody who has an account, or the one guest there is, answer five cards whenever they are due.

    ``give_history()`` goes back ``days`` study days; each fourth answer is not right.
    """
    rules = app.extensions["quizapp"].rules

    def answer(who: Viewer, deck: str, card: str, now: datetime, right: bool) -> datetime:
        submission = Submission(
            deck, card, 1, (samples.RIGHT if right else samples.WRONG)[card], shown_ms=None if card == "legs" else 9000
        )
        with web_database.writing() as session:
            return study.answer_card(session, who, submission, str(uuid.uuid4()), rules, now).due

    def give(deck: str = "birds", days: int = 60) -> None:
        with web_database.reading() as session:
            account = session.exec(select(AccountRow)).first()
            learner = session.exec(select(LearnerRow)).first() if account is None else None
        learner_id = account.learner_id if account else learner.id
        who, now = Viewer(learner_id, "whoever"), datetime.now(UTC)
        for card in CARDS:
            due, number = now - timedelta(days=days), 0
            while due < now:
                due, number = answer(who, deck, card, due, right=number % 4 != 3), number + 1

    return give


def _pictures(page: str) -> dict[str, ET.Element]:
    found = [ET.fromstring(svg) for svg in re.findall(r'<svg class="chart.*?</svg>', page, re.DOTALL)]  # noqa: S314
    return {
        picture.attrib["aria-labelledby"].removeprefix("chart-").partition("-title")[0]: picture for picture in found
    }


def _rows(page: str, heading: str) -> list[list[str]]:
    """The body of the table that has this heading, as texts."""
    table = next(
        table
        for table in re.findall(r"<table.*?</table>", page, re.DOTALL)
        if re.search(rf">\s*{heading}\s*</th>", table)
    )
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table.partition("</thead>")[2], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split()) for cell in row] for row in cells]


def test_a_visitor_is_told_kindly_how_it_begins(visitor, web_database: Database) -> None:
    assert visitor.get("/progress").status_code == 200
    assert "Your progress begins with one answer" in visitor.page
    assert "No account needed" in visitor.page
    assert 'href="/progress"' not in visitor.page
    assert "0%" not in visitor.page
    with web_database.reading() as session:
        assert session.exec(select(LearnerRow)).all() == []


def test_who_is_signed_in_and_has_answered_nothing_is_told_the_same(browser_of) -> None:
    browser = browser_of("Bob")
    assert browser.get("/progress").status_code == 200
    assert "Your progress begins with one answer" in browser.page
    assert "No account needed" not in browser.page
    assert 'href="/progress" aria-current="page"' in browser.page


def test_who_was_signed_out_elsewhere_is_told_so(visitor, app: Flask) -> None:
    visitor.client.set_cookie("quizapp_sign_in", "of a browser that was signed out")
    visitor.get("/progress")
    assert "You were signed out here" in visitor.page


def test_a_guests_first_answer_begins_the_page(visitor) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    response = visitor.get("/progress")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "You have begun 1 card. If you were asked today, you would probably know 1." in visitor.page
    assert "1 card is due in the next 30 study days" in visitor.page
    assert "You studied on 1 day of the last year." in visitor.page
    assert visitor.page.count("too few answers to say") == 6
    assert set(_pictures(visitor.page)) == PICTURES
    visitor.get("/")
    assert 'href="/progress"' in visitor.page


def test_each_picture_has_its_words_and_no_style(browser_of, give_history) -> None:
    browser = browser_of("Bob")
    give_history()
    browser.get("/progress")
    pictures = _pictures(browser.page)
    assert set(pictures) == PICTURES
    for name, picture in pictures.items():
        assert picture.get("role") == "img"
        assert picture.findtext("title"), name
        assert picture.findtext("desc"), name
    assert "style=" not in browser.page
    ids = re.findall(r'\bid="([^"]*)"', browser.page)
    assert len(ids) == len(set(ids))


def test_the_numbers_of_the_tables_agree_with_each_other(browser_of, give_history) -> None:
    browser = browser_of("Bob")
    give_history()
    browser.get("/progress")
    ahead = _rows(browser.page, "Cards due")
    assert len(ahead) == 30
    assert ahead[0][0] == "Today"
    due = sum(int(count) for _, count in ahead)
    assert re.search(rf"\b{due} cards? (is|are) due in the next 30 study days", browser.page)
    recall = _rows(browser.page, "Cards begun")
    assert [row[:2] for row in recall] == [["Nature", "5"], ["Birds", "5"], ["All", "5"]]
    assert len({tuple(row[1:]) for row in recall}) == 1
    retention = _rows(browser.page, "Last year")
    answers = [int(re.search(r"of (\d+) answer", row[2])[1]) for row in retention]
    assert answers[0] + answers[1] == answers[2] >= 10
    assert re.match(r"\d+% of \d+ answers$", retention[2][2])
    worked = _rows(browser.page, "Time")
    assert f"You studied on {len(worked)} days of the last year." in browser.page
    halves = [_pictures(browser.page)[name] for name in ("year-1", "year-2")]
    shaded = [part for half in halves for part in half.iter() if " level-" in part.get("class", "")]
    assert len(shaded) == len(worked)


def test_answers_without_a_time_are_told_apart(browser_of, give_history) -> None:
    browser = browser_of("Bob")
    give_history(days=20)
    browser.get("/progress")
    month = next(row for row in _rows(browser.page, "Study days") if row[0] == "Last 30 days")
    answers, timed = re.match(r"(\d+) (\d+) of them timed", month[2]).groups()
    assert 0 < int(timed) < int(answers)


def test_a_second_theme_is_shown_beside_the_first_and_a_deck_not_begun_is_not_shown(
    browser_of, give_history, web_database: Database
) -> None:
    browser = browser_of("Bob")
    hostile = samples.DECK.replace(b"title: Birds", b"title: '<b>\"Skies\" & co</b>'").replace(b"nature", b"sky")
    others = [hostile.replace(b"id: birds", b"id: skies"), samples.DECK.replace(b"id: birds", b"id: never")]
    with web_database.writing() as session:
        files = [InputFile(f"{number}.yaml", data) for number, data in enumerate(others)]
        load_files(session, [InputFile("herons.md", samples.SOURCE)], files, datetime.now(UTC))
    give_history("birds", 30)
    give_history("skies", 20)
    browser.get("/progress")
    pictures = _pictures(browser.page)
    assert set(pictures) == PICTURES | {"themes"}
    assert [part.text for part in pictures["themes"].iter() if part.get("class") == "label"] == ["Nature", "Sky"]
    assert len([part for part in pictures["decks"].iter() if part.get("class") == "label"]) == 2
    assert "<b>&#34;Skies" not in browser.page
    assert "&lt;b&gt;" in browser.page


def test_cards_no_longer_in_use_leave_the_work_that_was_done(browser_of, give_history, web_database: Database) -> None:
    browser = browser_of("Bob")
    give_history(days=10)
    only_name = (
        samples.DECK[: samples.DECK.index(b"  - id: height")] + samples.DECK[samples.DECK.index(b"  - id: name") :]
    )
    with web_database.writing() as session:
        load_files(
            session,
            [InputFile("herons.md", samples.SOURCE)],
            [InputFile("birds.yaml", only_name)],
            datetime.now(UTC),
        )
    assert browser.get("/progress").status_code == 200
    assert "no longer in use" in browser.page
    assert set(_pictures(browser.page)) == {"year-1", "year-2", "time"}
    assert "Remembered today" not in browser.page


def test_another_method_is_refused_and_a_bearer_token_is_no_viewer(visitor, token_of) -> None:
    assert visitor.client.post("/progress").status_code in (400, 405)
    assert "begins with one answer" in visitor.client.get("/progress", headers=token_of("Bob")).text


@pytest.mark.parametrize(
    ("millis", "words"),
    [
        (0, "0 min"),
        (1, "under 1 min"),
        (59_999, "under 1 min"),
        (60_000, "1 min"),
        (59 * 60_000, "59 min"),
        (3_599_999, "1 hr"),
        (3 * 3_600_000 + 5 * 60_000, "3 hr 5 min"),
        (1_000 * 3_600_000, "1,000 hr"),
    ],
)
def test_a_length_of_time_is_told_in_hours_and_minutes(app: Flask, millis: int, words: str) -> None:
    with app.test_request_context():
        assert say_length(millis) == words


def test_a_day_is_told_with_its_year_where_it_may_be_another(app: Flask) -> None:
    with app.test_request_context():
        assert (say_date(date(2026, 5, 1)), say_date(date(2026, 5, 1), year=True)) == ("May 1", "May 1, 2026")
