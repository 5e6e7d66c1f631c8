"""Plans in a real browser: sound for eyes and screen readers, and followed by keyboard alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from plumbing.browser_steps import Student
from plumbing.inspection import Inspector


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Whatever is wrong with the pages looked at fails the test, all at once."""
    looking = Inspector()
    yield looking
    assert looking.wrong == []


def _fill(page: Page, days: int) -> None:
    page.get_by_label("Title", exact=True).fill("The end-of-term exam")
    page.get_by_label("Day of the exam").fill((datetime.now(UTC) + timedelta(days=days)).date().isoformat())


def _answer(page: Page) -> None:
    """Answer the first card of the deck, which asks for one of four years, with whatever stands first."""
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#verdict")).to_be_focused()


def test_every_state_of_a_plan_is_sound_and_it_is_followed_card_by_card(student: Student, inspector: Inspector) -> None:
    page = student.page
    student.open("/plans")
    inspector.look(page, "plans of a visitor")
    student.open("/study/motivations")
    student.answer(right=True)
    student.open("/plans")
    page.get_by_role("link", name="Make a plan").click()
    inspector.look(page, "the form of a plan")
    _fill(page, -3)
    page.get_by_role("button", name="Make the plan").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    inspector.look(page, "the form with what is to put right")
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Day of the exam")).to_be_focused()
    _fill(page, 30)
    page.get_by_label("Dates and periods").check()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("heading", name="What to expect on the day")).to_be_visible()
    page.locator("summary").first.click()
    inspector.look(page, "a plan")
    page.get_by_role("link", name="Study for this exam").click()
    expect(page.locator(".plan-line")).to_contain_text("today's portion")
    inspector.look(page, "a card of a plan")
    _answer(page)
    page.keyboard.press("Enter")
    expect(page.locator(".plan-line")).to_contain_text("today's portion")
    page.get_by_role("link", name="The end-of-term exam").click()
    expect(page.get_by_text("Done so far: 1 new, 0 reviewed.")).to_be_visible()
