"""A teacher looks through suggested cards, in a real browser: by script, by keyboard, on a small screen."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from plumbing.browser_steps import Student
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
TEXT = """\
---
id: wall
title: The wall
language: en
kind: article
---

The old wall fell down in 1989. Spain sold the ship in order to pay its debts. Nobody saw Ada Lovelace there.
During the Cold War, Ada met Bea; in the Middle Ages it rained, and the tower stems from the Soviet era.
"""


def _begin(server: LiveServer, teacher: Student, folder: Path) -> Page:
    folder.mkdir()
    (folder / "wall.md").write_text(TEXT, encoding="utf-8")
    assert server.run("deck", "load", str(folder / "wall.md")).returncode == 0
    server.run("user", "add", "Alice", "--role", "teacher", "--password-stdin", typed=PASSWORD)
    page = teacher.page
    teacher.open("/sign-in")
    page.get_by_label("Name").fill("Alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    teacher.open("/author/")
    page.get_by_label("Title").fill("Walls")
    page.get_by_label("Theme").fill("history")
    page.get_by_label("The wall").check()
    page.get_by_role("button", name="Begin the deck").click()
    teacher.open("/author/walls/suggestions")
    return page


def _check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_suggestions_are_ticked_taken_and_left(
    new_student: Callable[..., Student],
    live_server: Callable[..., LiveServer],
    tmp_path: Path,
    width: int,
    scheme: str,
) -> None:
    server = live_server()
    alice = new_student(server, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    page = _begin(server, alice, tmp_path / "sources")
    _check(page)
    boxes = page.locator("input[name=key]")
    count = boxes.count()
    assert count >= 5
    take = page.get_by_role("button", name=re.compile("Take the ticked ones"))

    page.get_by_label("Tick all on this page").check()
    expect(take).to_have_text(re.compile(rf"\({count}\)"))
    page.get_by_label("Tick all on this page").uncheck()
    boxes.nth(1).check()
    boxes.nth(2).focus()
    page.keyboard.press("Space")
    expect(take).to_have_text(re.compile(r"\(2\)"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 cards are in your draft now.")).to_be_visible()
    expect(boxes).to_have_count(count - 2)

    page.get_by_role("button", name="Leave", exact=True).first.click()
    expect(boxes).to_have_count(count - 3)
    page.get_by_text("1 suggestion was left out").click()
    _check(page)
    page.get_by_role("button", name="Bring back").click()
    expect(boxes).to_have_count(count - 2)
    page.get_by_role("button", name="Take and change").first.click()
    expect(page.get_by_text("The card is in your draft. Change it here.")).to_be_visible()
