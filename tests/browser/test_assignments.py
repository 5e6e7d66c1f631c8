"""A class in a real browser: its teacher makes an assignment and sees what came of it, a student without script finds
it and begins, and the teacher of another class sees none of it.
"""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import openpyxl
from playwright.sync_api import Page, expect
from plumbing.answer_key import Entry
from plumbing.browser_steps import Student
from plumbing.inspection import Inspector
from plumbing.server import LiveServer

PASSWORD = "three grey herons"


def _sign_in(person: Student, name: str, password: str) -> None:
    person.open("/sign-in")
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Password").fill(password)
    person.page.get_by_role("main").get_by_role("button", name="Sign in").click()


def _make_class(page: Page) -> str:
    """A class with one student; gives the student's first password."""
    page.get_by_label("Name of the class").fill("Herons 8b")
    page.get_by_role("button", name="Make the class").click()
    page.get_by_role("link", name="Import a list").click()
    page.get_by_label("Or paste the list").fill("first_name,last_name\nZoë,Müller\n")
    page.get_by_role("button", name="See what would happen").click()
    page.get_by_role("button", name="Import 1 student").click()
    return page.locator(".slip code").nth(1).inner_text()


def _moment(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def _see_what_came_of_it(page: Page) -> None:
    """The class page and a report as a workbook tell of the answer, and of the assignment."""
    page.get_by_role("link", name="Herons 8b").click()
    page.get_by_role("link", name="Today", exact=True).click()
    expect(page.get_by_role("row", name="Zoë Müller")).to_contain_text("today")
    page.get_by_role("link", name="Reports", exact=True).click()
    page.get_by_role("link", name="Students", exact=True).last.click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="XLSX").click()
    sheet = openpyxl.load_workbook(io.BytesIO(downloading.value.path().read_bytes()))["students"]
    names, row = sheet.iter_rows(values_only=True)
    told = dict(zip(names, row, strict=True))
    assert (told["last_name"], told["assigned"], told["completed"], told["late"]) == ("Müller", 1, 0, 0)


def _see_nothing(new_student: Callable[..., Student], server: LiveServer, address: str) -> None:
    """The teacher of another class opens the address of a report of this one."""
    server.run("user", "add", "Dana", "--role", "teacher", "--password-stdin", typed=PASSWORD)
    dana = new_student(server)
    _sign_in(dana, "Dana", PASSWORD)
    dana.page.wait_for_url("**/")
    path = urlsplit(address).path
    for hidden in (path, path.rpartition("/")[0], path.rpartition("/reports")[0] + "/today"):
        found = dana.page.goto(f"{server.url}{hidden}")
        assert found is not None
        assert found.status == 404
        expect(dana.page.get_by_role("main")).not_to_contain_text("Müller")


def test_an_assignment_is_made_found_and_begun(
    new_student: Callable[..., Student],
    live_server: Callable[..., LiveServer],
    answer_keys: Mapping[str, Mapping[str, Entry]],
) -> None:
    server, inspector = live_server(), Inspector()
    server.run("user", "add", "Alice", "--role", "teacher", "--password-stdin", typed=PASSWORD)
    alice = new_student(server)
    _sign_in(alice, "Alice", PASSWORD)
    alice.open("/classes")
    code, page = _make_class(alice.page), alice.page
    page.get_by_role("link", name="Assignments", exact=True).last.click()
    page.get_by_role("link", name="New assignment").click()
    inspector.look(page, "the form of an assignment")
    page.get_by_label("Due", exact=True).fill(_moment(-1))
    page.get_by_label("Opens", exact=True).fill(_moment(0))
    page.get_by_role("button", name="Make the assignment").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("due before it opens")
    page.get_by_label("Title", exact=True).fill("Read part one")
    page.get_by_label("Due", exact=True).fill(_moment(7))
    page.get_by_label("Dates and periods").check()
    page.get_by_role("button", name="Make the assignment").click()
    expect(page.get_by_role("row", name="Zoë Müller")).to_contain_text("Not begun")
    inspector.look(page, "an assignment with its students")
    zoe = new_student(server, java_script_enabled=False)
    _sign_in(zoe, "zoe.mueller", code.lower())
    zoe.page.get_by_label("New password").fill(PASSWORD)
    zoe.page.get_by_role("button", name="Go on").click()
    zoe.open("/")
    zoe.page.get_by_role("link", name="Read part one").click()
    zoe.page.get_by_role("link", name="Study for this assignment").click()
    expect(zoe.page.locator(".plan-line")).to_contain_text("0 of 20 cards")
    card = zoe.page.locator("input[name=card]").get_attribute("value") or ""
    key = answer_keys["dates"][card]
    zoe.fill(key, key.right)
    zoe.check()
    zoe.go_on()
    expect(zoe.page.locator(".plan-line")).to_contain_text("1 of 20 cards")
    page.reload()
    expect(page.get_by_role("row", name="Zoë Müller")).to_contain_text("1 of 20")
    _see_what_came_of_it(page)
    _see_nothing(new_student, server, page.url)
    assert inspector.wrong == []
