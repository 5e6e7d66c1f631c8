"""Choosing how to study in a real browser: what a choice does is seen while it is made; sound for eyes and readers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from plumbing.browser_steps import Student
from plumbing.inspection import Inspector


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Whatever is wrong with the pages looked at fails the test, all at once."""
    looking = Inspector()
    yield looking
    assert looking.wrong == []


def _begin(student: Student) -> None:
    student.open("/study/birds")
    student.answer(right=True)


def test_what_a_choice_does_is_seen_while_it_is_made_and_said_after_it_is_saved(student: Student) -> None:
    _begin(student)
    page = student.page
    student.open("/settings")
    effect = page.get_by_role("region", name="What this does")
    expect(effect).to_contain_text("This is how it is now.")
    expect(page.get_by_role("button", name="Show what this does")).to_be_hidden()
    page.get_by_label("New cards").first.fill("2")
    expect(effect).to_contain_text("2 new cards")
    expect(effect).to_contain_text("As it is now:")
    page.get_by_label("New cards").first.fill("-2")
    expect(effect).to_contain_text("A daily limit goes from 0 to 9999 cards.")
    page.get_by_label("New cards").first.fill("2")
    expect(effect).to_contain_text("2 new cards")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("New cards").first).to_have_value("2")


def test_every_state_of_the_choices_and_the_workload_is_sound(student: Student, inspector: Inspector) -> None:
    page = student.page
    for path in ("/settings", "/workload"):
        student.open(path)
        inspector.look(page, f"{path} of a visitor")
    _begin(student)
    for path in ("/settings", "/workload"):
        student.open(path)
        inspector.look(page, path)
    page.get_by_role("link", name=re.compile("Use this.*97%")).click()
    expect(page.get_by_text("not saved yet")).to_be_visible()
    inspector.look(page, "settings filled in from the workload")
    page.get_by_label("No card stays away for longer than").fill("never")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()
    inspector.look(page, "settings with something to put right")
    page.get_by_label("No card stays away for longer than").fill("100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    inspector.look(page, "settings after saving")
