"""Tests sat without network: kept on the device, sent once, in the order of answering."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate
from plumbing.browser_steps import Student
from plumbing.database_file import run_sql
from plumbing.inspection import Inspector
from plumbing.offline_steps import HELD, PASSWORD, find_news, find_unsent, sign_in, wait_until
from plumbing.server import LiveServer


@pytest.fixture
def enter(new_student: Callable[..., Student], shared_server: LiveServer) -> Callable[..., Student]:
    """Somebody with an account of this test's own, signed in, whose network may fail: ``enter("Bob")``."""

    def sign_up(name: str, role: str = "student") -> Student:
        done = shared_server.run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
        somebody = new_student(shared_server, network_fails=True)
        sign_in(somebody.page, shared_server.url, name)
        return somebody

    return sign_up


def _set_test(teacher: Student, deck: str = "birds") -> str:
    """A test of three birds, or of a whole deck, for whoever has the link; gives its path."""
    page = teacher.page
    teacher.open("/tests/new")
    page.get_by_label("Name", exact=True).fill("Herons")
    page.get_by_label("Whoever is signed in").check()
    page.get_by_label("Another order of questions").uncheck()
    page.get_by_role("button", name="Save").click()
    address = urlsplit(page.url).path
    teacher.open(f"{address}/cards?deck={deck}")
    wanted = [f"birds/{card}" for card in ("height", "winter", "legs")]
    for box in page.locator("input[type=checkbox][value*='/']").all():
        if deck != "birds" or box.input_value() in wanted:
            box.check()
    page.get_by_role("button", name="Keep this choice").click()
    teacher.open(address)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Students do not see this test yet.")).to_be_hidden()
    return address


def test_a_test_goes_on_with_the_network_cut_in_the_middle_and_late_answers_are_shown_as_late(
    enter: Callable[..., Student], new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    address = _set_test(enter("Alice offline", "teacher"))
    bob = enter("Ian offline")
    page = bob.page
    bob.open(address)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("radio", name="100 cm").check()
    expect(page.locator("[data-question='1'] [data-saved]")).to_contain_text(re.compile(r"^saved"))
    page.context.set_offline(True)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("radio", name="False").check()
    expect(find_unsent(page)).to_have_text("Not sent yet: 1")
    page.close()

    again = new_student(shared_server, beside=bob, network_fails=True)
    page = again.page
    page.context.set_offline(False)
    again.open("/")  # any page sends what the closed one could not
    expect(find_unsent(page)).to_be_hidden()
    saved = (
        "SELECT typed FROM attempt_question JOIN account USING (learner_id)"
        " WHERE name = 'Ian offline' ORDER BY position"
    )
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    wait_until(page, f"({HELD})().then(({{ answers }}) => !answers.length)")
    assert [typed for (typed,) in run_sql(shared_server.data_dir, saved)] == ['"100 cm"', '"false"', ""]

    again.open(address)
    page.get_by_role("link", name="Go on with the test").click()
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("^3")).click()
    page.context.set_offline(True)
    page.get_by_label("Your answer").fill("long")
    expect(find_unsent(page)).to_have_text("Not sent yet: 1")
    elsewhere = new_student(shared_server, network_fails=True)
    sign_in(elsewhere.page, shared_server.url, "Ian offline")
    elsewhere.open(address)
    elsewhere.page.get_by_role("link", name="Go on with the test").click()
    elsewhere.page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("^3")).click()
    elsewhere.page.get_by_role("button", name="Save and look over all").click()
    elsewhere.page.get_by_role("button", name="Hand in").click()
    expect(elsewhere.page.get_by_text("2 of 3 points")).to_be_visible()
    page.context.set_offline(False)
    late = find_news(page).get_by_role("listitem")
    expect(late).to_contain_text("This attempt is over. What was saved before counts.")
    expect(late).to_contain_text("You answered: long")
    assert [typed for (typed,) in run_sql(shared_server.data_dir, saved)] == ['"100 cm"', '"false"', ""]


CACHED = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const held = await cache.match(request);
      const type = held.headers.get("Content-Type") ?? "";
      if (!/javascript|css|svg/.test(type)) texts.push(await held.text());
    }
  }
  return texts.join();
}"""
KEPT = "caches.open('tests').then((cache) => cache.keys()).then((keys) => keys.length)"
SAVED = "SELECT typed, version FROM attempt_question JOIN account USING (learner_id) WHERE name = ? ORDER BY position"


def _begin(student: Student, address: str, pages: int = 1) -> None:
    """Begin a test, and wait until the device holds it."""
    page = student.page
    student.open(address)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("navigation", name="Questions")).to_be_visible()
    wait_until(page, "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    wait_until(page, f"{KEPT}.then((number) => number === {pages})")


def _note(page: Page, number: int) -> Locator:
    return page.locator(f"[data-question='{number}'] [data-saved]")


def test_a_test_is_opened_again_without_network_with_all_that_was_typed_and_sent_once(
    enter: Callable[..., Student], new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    address = _set_test(enter("Alice reopens", "teacher"))
    bob = enter("Jack offline")
    page = bob.page
    _begin(bob, address)
    place = urlsplit(page.url).path
    held = page.evaluate(CACHED)
    assert "How tall is a grey heron at most?" in held
    secrets = ("Think of a table", "That is a small egret", "It is called long-legged", "very long", "Many leave")
    assert [secret for secret in secrets if secret in held] == []
    page.get_by_role("radio", name="100 cm").check()
    expect(_note(page, 1)).to_contain_text(re.compile("^saved"))
    page.context.set_offline(True)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("radio", name="False").check()
    expect(_note(page, 2)).to_have_text("not sent yet, kept on this device")
    page.close()

    one = new_student(shared_server, beside=bob, network_fails=True)
    one.open("/tests")
    one.page.get_by_role("link", name="Herons").click()
    expect(one.page.get_by_role("radio", name="100 cm")).to_be_checked()
    expect(_note(one.page, 1)).to_contain_text(re.compile("^saved"))
    one.page.get_by_role("button", name="Save and go on").click()
    expect(one.page.get_by_role("radio", name="False")).to_be_checked()
    expect(_note(one.page, 2)).to_have_text("not sent yet, kept on this device")
    one.page.get_by_role("button", name="Save and go on").click()
    one.page.get_by_label("Your answer").fill("short")
    expect(find_unsent(one.page)).to_have_text("Not sent yet: 2")
    inspector = Inspector()
    inspector.look(one.page, "a test opened without network")

    other = new_student(shared_server, beside=bob, network_fails=True)
    other.open(f"{place}?at=3")
    expect(other.page.get_by_label("Your answer")).to_have_value("short")
    other.page.get_by_label("Your answer").fill("long")
    expect(find_unsent(other.page)).to_have_text("Not sent yet: 2")
    one.page.close()
    other.page.context.set_offline(False)
    expect(find_unsent(other.page)).to_be_hidden()
    expect(_note(other.page, 3)).to_contain_text(re.compile("^saved"))
    rows = run_sql(shared_server.data_dir, SAVED, "Jack offline")
    assert rows == [('"100 cm"', 1), ('"false"', 1), ('"long"', 1)]
    other.page.get_by_role("button", name="Save and look over all").click()
    other.page.get_by_role("button", name="Hand in").click()
    expect(other.page.get_by_text("3 of 3 points")).to_be_visible()
    wait_until(other.page, f"{KEPT}.then((number) => number === 0)")
    wait_until(other.page, f"({HELD})().then(({{ answers, tests }}) => !answers.length && !tests.length)")
    assert "\n".join(inspector.wrong) == ""


def test_what_older_releases_kept_is_sent_and_signing_out_asks_first_and_leaves_no_page_of_a_test(
    enter: Callable[..., Student], shared_server: LiveServer
) -> None:
    address = _set_test(enter("Alice leaves", "teacher"))
    kate = enter("Kate offline")
    page = kate.page
    _begin(kate, address)
    attempt = urlsplit(page.url).path.rsplit("/", 1)[1]
    page.context.route("**/answers/*", lambda route: route.abort())
    page.get_by_role("radio", name="50 cm").check()
    expect(_note(page, 1)).to_have_text("not sent yet, kept on this device")
    kate.open("/")
    expect(find_unsent(page)).to_have_text("Not sent yet: 1")
    page.get_by_role("button", name="Sign out", exact=True).click()
    dialog = page.get_by_role("dialog", name="Not sent yet: 1")
    dialog.get_by_role("button", name="Stay signed in").click()
    assert page.evaluate(KEPT) == 1

    move = """async ([held, attempt]) => {
      const { answers: [kept] } = await eval(held)();
      localStorage.setItem(`quizapp-attempt-${attempt}`, JSON.stringify({ 3: { ...kept, url: kept.url.replace(/1$/, 3),
        fields: [["q3-response", "long"]], counter: 9, order: 1, id: undefined, position: undefined } }));
      localStorage.setItem("quizapp-attempt-nonsense", "{");
    }"""
    page.evaluate(move.replace("eval(held)()", f"({HELD})()"), ["", attempt])
    page.reload()
    expect(find_unsent(page)).to_have_text("Not sent yet: 2")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('quizapp-attempt'))") == []
    page.context.unroute("**/answers/*")
    page.reload()
    expect(find_unsent(page)).to_be_hidden()
    wait_until(page, f"({HELD})().then(({{ answers }}) => !answers.length)")
    rows = run_sql(shared_server.data_dir, SAVED, "Kate offline")
    assert [typed for typed, _ in rows] == ['"50 cm"', "", '"long"']
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    assert page.evaluate(HELD) == {"answers": [], "decks": [], "tests": []}
    assert page.evaluate(KEPT) == 0


def _follow(page: Page, wanted: str) -> None:
    """Until the third question holds an answer, saved, by the link that a page offers whose answer is older.

    A kept page loads itself anew once there is network, at any moment: also when the link is about to be pressed.
    """
    saved = _note(page, 3).filter(has_text=re.compile("^saved"))
    newer = page.get_by_role("link", name="Show the newer answer")
    field = page.get_by_label("Your answer")
    for _ in range(50):
        expect(saved.or_(newer).first).to_be_visible()
        with suppress(TooLate):
            if newer.is_visible():
                newer.click(timeout=1000)
            elif saved.is_visible() and field.input_value(timeout=1000) == wanted:
                return
        page.wait_for_timeout(100)
    expect(field).to_have_value(wanted)


def test_of_two_kept_tabs_the_later_answer_counts_once_and_the_other_tab_says_so(
    enter: Callable[..., Student], new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    address = _set_test(enter("Alice twice", "teacher"))
    bob = enter("Liam offline")
    _begin(bob, address)
    place = urlsplit(bob.page.url).path
    bob.page.context.set_offline(True)
    one = new_student(shared_server, beside=bob, network_fails=True)
    other = new_student(shared_server, beside=bob, network_fails=True)
    for tab, number in ((one, 3), (other, 3)):
        tab.open(f"{place}?at={number}")
        expect(tab.page.get_by_label("Your answer")).to_be_visible()
    bob.page.get_by_role("radio", name="100 cm").check()
    one.page.get_by_label("Your answer").fill("first")
    expect(_note(one.page, 3)).to_have_text("not sent yet, kept on this device")
    other.page.get_by_label("Your answer").fill("second")
    expect(_note(one.page, 3)).to_have_text("answered later in another window; that answer counts")
    expect(one.page.get_by_role("alert")).to_contain_text("Answered in another window")
    one.page.get_by_role("link", name="Show the newer answer").click()
    expect(one.page.get_by_label("Your answer")).to_have_value("second")
    one.page.get_by_label("Your answer").fill("third")
    expect(_note(other.page, 3)).to_have_text("answered later in another window; that answer counts")
    bob.page.context.set_offline(False)
    for tab in (one, other):
        _follow(tab.page, "third")
        if tab is other:
            expect(tab.page.get_by_role("alert")).to_contain_text("Answered in another window")
        expect(_note(tab.page, 3)).to_have_text(re.compile("^saved"))
        expect(find_unsent(tab.page)).to_be_hidden()
    rows = run_sql(shared_server.data_dir, SAVED, "Liam offline")
    assert rows == [('"100 cm"', 1), ("", 0), ('"third"', 1)]


def test_a_long_test_keeps_the_questions_that_were_seen_and_says_which_are_not_here(
    enter: Callable[..., Student], shared_server: LiveServer, tmp_path: Path
) -> None:
    lines = ["format: 1", "id: many", "title: Many", "description: Many.", "language: en", "theme: dates", "cards:"]
    for number in range(1, 62):
        lines += [f"  - id: c{number}", "    type: truefalse", f"    prompt: Is {number} a number?", "    answer: true"]
        lines += ["    explanation: It is one."]
    (tmp_path / "many.yaml").write_text("\n".join(lines), encoding="utf-8")
    done = shared_server.run("deck", "load", str(tmp_path / "many.yaml"))
    assert done.returncode == 0, done.stderr
    address = _set_test(enter("Alice long", "teacher"), "many")
    bob = enter("Mia offline")
    page = bob.page
    _begin(bob, address, pages=2)
    true = page.get_by_role("radio", name="True")
    on = page.get_by_role("button", name="Save and go on")
    true.check()
    on.click()
    expect(page.get_by_text("Is 2 a number?")).to_be_visible()
    page.get_by_role("radio", name="False").check()
    on.click()
    expect(page.get_by_text("Is 3 a number?")).to_be_visible()
    wait_until(page, f"{KEPT}.then((number) => number === 4)")
    page.context.set_offline(True)
    true.check()
    expect(_note(page, 3)).to_have_text("not sent yet, kept on this device")
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("Is 2 a number?")).to_be_visible()
    expect(page.get_by_role("radio", name="False")).to_be_checked()
    true.check()
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("^1 ")).click()
    expect(page.get_by_text("Is 1 a number?")).to_be_visible()
    expect(true).to_be_checked()
    expect(_note(page, 1)).to_contain_text(re.compile("^saved"))
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("^50")).click()
    expect(page.get_by_role("alert")).to_contain_text("That question is not on this device")
    page.context.set_offline(False)
    expect(page.get_by_text("Is 50 a number?")).to_be_visible()
    wait_until(page, f"({HELD})().then(({{ answers }}) => !answers.length)")
    rows = run_sql(shared_server.data_dir, SAVED, "Mia offline")
    assert rows[:4] == [('"true"', 1), ('"true"', 2), ('"true"', 1), ("", 0)]
