"""What is kept of people, in a real browser: taken along, asked to be deleted, and taken back."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect
from plumbing.browser_steps import Student
from plumbing.server import LiveServer


def test_a_guest_takes_all_along_asks_to_be_deleted_and_stays(
    new_student: Callable[..., Student], shared_server: LiveServer, tmp_path: Path
) -> None:
    guest = new_student(shared_server, viewport={"width": 320, "height": 700})
    page = guest.page
    guest.open("/study/birds")
    guest.answer(right=True)
    guest.open("/")
    page.get_by_role("link", name="Your data").click()
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download all that is kept of me").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert archive.read("answers.csv").count(b"\r\n") == 2
    page.get_by_role("button", name="Ask to be deleted").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Tick the box")
    page.get_by_label("Yes, delete all that is kept of me.").check()
    page.get_by_role("button", name="Ask to be deleted").click()
    expect(page.get_by_text(re.compile("It will be done on"))).to_be_visible()
    page.get_by_role("link", name="Who looked at your data").click()
    expect(page.get_by_role("row", name=re.compile("Downloaded all"))).to_contain_text("you")
    page.go_back()
    page.get_by_role("button", name="Do not delete me").click()
    expect(page.get_by_text("Nothing will be deleted.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
