"""Reports in a real browser: from the class to the downloaded workbook, and nothing in anybody's way."""

import io
from collections.abc import Callable

import openpyxl
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from plumbing.browser_steps import Student
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
LIST = "first_name,last_name,external_id\nZoë,=Müller,-7\nAmir,Haddad,+8\n"


def _sign_in(person: Student, name: str) -> None:
    person.open("/sign-in")
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_from_a_class_to_the_downloaded_workbook(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer]
) -> None:
    server = live_server()
    server.run("user", "add", "Alice", "--role", "teacher", "--password-stdin", typed=PASSWORD)
    alice = new_student(server, viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    _sign_in(alice, "Alice")
    alice.open("/classes")
    alice.page.get_by_label("Name of the class").fill("Herons 8b")
    alice.page.get_by_role("button", name="Make the class").click()
    alice.page.get_by_role("link", name="Import a list").click()
    alice.page.get_by_label("Or paste the list").fill(LIST)
    alice.page.get_by_role("button", name="See what would happen").click()
    alice.page.get_by_role("button", name="Import 2 students").click()
    alice.page.get_by_role("link", name="Reports", exact=True).click()
    overview = alice.page.url
    alice.page.get_by_role("link", name="Students", exact=True).last.click()
    expect(alice.page.get_by_role("table")).to_contain_text("=Müller")
    alice.page.get_by_role("link", name="last_name").click()
    expect(alice.page.get_by_role("columnheader", name="last_name")).to_have_attribute("aria-sort", "ascending")
    with alice.page.expect_download() as downloading:
        alice.page.get_by_role("link", name="XLSX").click()
    sheet = openpyxl.load_workbook(io.BytesIO(downloading.value.path().read_bytes()))["students"]
    rows = list(sheet.iter_rows(values_only=True))
    shown = alice.page.get_by_role("row").all()
    assert [list(map(str, row[:4])) for row in rows] == [
        [cell.inner_text() for cell in row.get_by_role("columnheader").or_(row.get_by_role("cell")).all()[:4]]
        for row in shown
    ]
    alice.page.goto(overview)
    alice.page.get_by_role("link", name="Zoë =Müller").click()
    sheet_url = alice.page.url
    for url in (overview, f"{overview}/students", f"{overview}/items", f"{overview}/canvas", sheet_url):
        alice.page.goto(url)
        found = Axe().run(alice.page).response["violations"]
        assert [(each["id"], url, each["nodes"][0]["html"][:200]) for each in found] == []
        assert alice.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
