"""Classes in a real browser: from the list to the first sign-in, without script too, and nothing in anybody's way."""

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from plumbing.browser_steps import Student
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
LIST = "first_name,last_name,groups\nZoë,Müller,Red\nAmir,Haddad,\n"


def _sign_in(person: Student, name: str, password: str) -> None:
    person.open("/sign-in")
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Password").fill(password)
    person.page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_from_an_empty_class_to_the_first_sign_in(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer]
) -> None:
    server = live_server()
    server.run("user", "add", "Alice", "--role", "teacher", "--password-stdin", typed=PASSWORD)
    alice = new_student(server, viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    _sign_in(alice, "Alice", PASSWORD)
    alice.open("/classes")
    alice.page.get_by_label("Name of the class").fill("Herons 8b")
    alice.page.get_by_role("button", name="Make the class").click()
    herons = alice.page.url
    alice.page.get_by_role("link", name="Import a list").click()
    alice.page.get_by_label("Or paste the list").fill(LIST)
    alice.page.get_by_role("button", name="See what would happen").click()
    alice.page.get_by_role("button", name="Import 2 students").click()
    expect(alice.page.get_by_role("heading", name="Zoë Müller")).to_be_visible()
    code = alice.page.locator(".slip", has_text="Zoë").locator("code").nth(1).inner_text()
    for path in ("", "/groups", "/import", "/slips", "/settings"):
        alice.page.goto(herons + path)
        found = Axe().run(alice.page).response["violations"]
        assert [(each["id"], path, each["nodes"][0]["html"][:200]) for each in found] == []
        assert alice.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    zoe = new_student(server, java_script_enabled=False)
    _sign_in(zoe, "zoe.mueller", code.lower())
    zoe.page.get_by_label("New password").fill(PASSWORD)
    zoe.page.get_by_role("button", name="Go on").click()
    zoe.open("/classes")
    zoe.page.get_by_role("link", name="Herons 8b").click()
    expect(zoe.page.get_by_role("main")).to_contain_text("Red")
    assert not re.search("Amir", zoe.page.content())


def test_who_presses_twice_on_a_slow_line_makes_one_class(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer]
) -> None:
    server = live_server()
    server.run("user", "add", "Alice", "--role", "teacher", "--password-stdin", typed=PASSWORD)
    alice = new_student(server)
    _sign_in(alice, "Alice", PASSWORD)
    alice.open("/classes")
    asked: list[str] = []
    alice.page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    alice.page.get_by_label("Name of the class").fill("Herons 8b")
    line = alice.page.context.new_cdp_session(alice.page)
    slow = {"offline": False, "latency": 3_000, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", slow)
    button = alice.page.get_by_role("button", name="Make the class")
    place = button.bounding_box()
    assert place is not None
    middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    with alice.page.expect_request(lambda request: request.method == "POST"):
        alice.page.mouse.click(*middle)  # a locator would wait for the page that comes
    alice.page.mouse.click(*middle)
    expect(alice.page.get_by_role("heading", name="Herons 8b")).to_be_visible()
    alice.open("/classes")
    assert alice.page.get_by_role("link", name="Herons 8b").count() == 1
    assert len(asked) == 1
