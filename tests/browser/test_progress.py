"""The page of progress in a real browser: sound for eyes and screen readers, by keyboard alone and without script."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from plumbing.answer_key import Entry
from plumbing.browser_steps import Student
from plumbing.inspection import Inspector
from plumbing.server import LiveServer

from quizapp.services import study
from quizapp.services.accounts import Viewer
from quizapp.services.rules import make_school_rules
from quizapp.services.submissions import Submission
from quizapp.settings import Settings
from quizapp.store.engine import Database

DECKS = ("birds", "dates")


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Whatever is wrong with the pages looked at fails the test, all at once."""
    looking = Inspector()
    yield looking
    assert looking.wrong == []


@pytest.fixture
def give_history(shared_server: LiveServer, answer_keys: Mapping[str, Mapping[str, Entry]]) -> Callable[[], None]:
    """Let the guest who came last have answered cards of two decks for the last 90 days."""

    def answer(session_of: Database, who: Viewer, submission: Submission, now: datetime) -> datetime:
        rules = make_school_rules(ZoneInfo("UTC"), time(4), "a secret")
        with session_of.writing() as session:
            return study.answer_card(session, who, submission, str(uuid.uuid4()), rules, now).due

    def give() -> None:
        database = Database(Settings(data_dir=shared_server.data_dir).resolved_database_url)
        with database.reading() as session:
            learner = session.execute(sa.text("SELECT max(id) FROM learner")).scalar_one()
        now = datetime.now(UTC)
        for deck in DECKS:
            entries = [entry for entry in answer_keys[deck].values() if entry.type != "flashcard"][:6]
            for number, entry in enumerate(entries):
                due, turn = now - timedelta(days=90 - 3 * number), number
                while due < now:
                    given = entry.wrong if turn % 5 == 4 else entry.right
                    submission = Submission(deck, entry.id, 1, given, shown_ms=20_000 + 5_000 * turn)
                    due, turn = answer(database, Viewer(learner, "guest"), submission, due), turn + 1
        database.dispose()

    return give


def _begin(student: Student) -> None:
    student.open("/study/motivations")
    student.answer(right=True)


def test_every_state_of_the_page_is_sound(
    student: Student, inspector: Inspector, give_history: Callable[[], None]
) -> None:
    page = student.page
    student.open("/progress")
    inspector.look(page, "progress of a visitor")
    _begin(student)
    student.open("/")
    page.get_by_role("link", name="Progress", exact=True).click()
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()
    inspector.look(page, "progress after one answer")
    give_history()
    page.reload()
    inspector.look(page, "progress after months")
    for summary in page.locator("summary").all():
        summary.click()
    inspector.look(page, "progress with all its tables open")


def test_each_picture_is_drawn_in_its_size_and_has_a_name(student: Student, give_history: Callable[[], None]) -> None:
    _begin(student)
    give_history()
    student.open("/progress")
    pictures = student.page.get_by_role("img")
    assert pictures.count() == 6
    for picture in pictures.all():
        box = picture.bounding_box()
        assert box
        assert box["width"] > 150
        assert box["height"] > 50
        assert picture.evaluate("picture => picture.querySelector('title').textContent.length") > 10
    expect(student.page.get_by_role("img", name="Cards due on each of the next 30 study days")).to_be_visible()


def test_the_year_is_one_row_on_a_wide_screen_and_two_on_a_phone(student: Student) -> None:
    _begin(student)
    student.open("/progress")
    halves = student.page.locator("svg.calendar")
    for width, in_one_row in ((1280, True), (320, False)):
        student.page.set_viewport_size({"width": width, "height": 800})
        first, second = (half.bounding_box() for half in halves.all())
        assert first
        assert second
        assert (abs(first["y"] - second["y"]) < 2) == in_one_row


def test_a_long_table_is_reached_and_scrolled_by_keys(student: Student) -> None:
    _begin(student)
    student.open("/progress")
    page = student.page
    page.locator("summary", has_text="Cards due, day by day").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    box = page.get_by_role("region", name="Cards due, day by day")
    expect(box).to_be_focused()
    page.keyboard.press("End")
    page.wait_for_function("() => document.activeElement.scrollTop > 0")


def test_without_script_nothing_is_missing(new_student: Callable[..., Student], shared_server: LiveServer) -> None:
    student = new_student(shared_server, java_script_enabled=False)
    _begin(student)
    student.open("/progress")
    expect(student.page.get_by_role("img", name="Recall today by deck")).to_be_visible()
    student.page.locator("summary", has_text="Recall in numbers").click()
    expect(student.page.get_by_role("rowheader", name="All").first).to_be_visible()
    expect(student.page.locator("svg.calendar")).to_have_count(2)
