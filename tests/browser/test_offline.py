"""Without network: studying and tests go on, and each answer is sent once, in its order, as its own learner's."""

import http.client
import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from plumbing.browser_steps import Student
from plumbing.database_file import count_answers, run_sql
from plumbing.inspection import Inspector
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
HELD = """async () => {
  const database = await new Promise((resolve) => {
    const asked = indexedDB.open("quizapp");
    asked.onsuccess = () => resolve(asked.result);
  });
  const stores = [...database.objectStoreNames];
  const all = stores.map((name) => new Promise((resolve) => {
    const asked = database.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => resolve([name, asked.result]);
  }));
  const held = Object.fromEntries(await Promise.all(all));
  database.close();
  return held;
}"""


def _sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.fixture
def enter(new_student: Callable[..., Student], shared_server: LiveServer) -> Callable[..., Student]:
    """Somebody with an account of this test's own, signed in, whose network may fail: ``enter("Bob")``."""

    def sign_up(name: str, role: str = "student") -> Student:
        done = shared_server.run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
        somebody = new_student(shared_server, network_fails=True)
        _sign_in(somebody.page, shared_server.url, name)
        return somebody

    return sign_up


def _wait_until(page: Page, script: str) -> None:
    """Until a script, which may be a promise, says yes."""
    for _ in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


def _take_along(student: Student) -> None:
    """Open the deck, and wait until the device holds what it needs."""
    student.open("/study/birds")
    _wait_until(student.page, "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    _wait_until(student.page, f"({HELD})().then(({{ decks }}) => decks.length === 1)")


def _read_key(page: Page) -> str:
    return page.locator("input[name=key]").input_value()


def _unsent(page: Page) -> Locator:
    return page.locator("#outbox-bar")


def _news(page: Page) -> Locator:
    return page.locator("#outbox-news")


def _answer_unseen(student: Student, *, right: bool) -> str:
    """Answer the card on the page without network; give the key."""
    entry, key = student.find_card(), _read_key(student.page)
    student.fill(entry, entry.right if right else entry.wrong)
    student.check()
    expect(student.page.locator(f"input[name=key][value='{key}']")).to_have_count(0)
    return key


def _lose_reply(route: Route) -> None:
    """The server takes the request; of the reply nothing comes back."""
    request, address = route.request, urlsplit(route.request.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.request(request.method, address.path, request.post_data_buffer, request.all_headers())
    assert connection.getresponse().status == 200
    connection.close()
    route.abort("connectionreset")


def test_studying_goes_on_without_network_and_is_sent_in_its_order_each_answer_once(
    enter: Callable[..., Student], new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    bob = enter("Bob offline")
    _take_along(bob)
    held = json.dumps(bob.page.evaluate(HELD))
    assert [
        secret for secret in ("Think of a table", "That is a small egret", "The grey heron") if secret in held
    ] == []
    bob.page.context.set_offline(True)
    keys = [_answer_unseen(bob, right=True), _answer_unseen(bob, right=False)]
    expect(bob.page.get_by_text("Kept on this device; it will be checked when you are back online.")).to_be_visible()
    expect(_unsent(bob.page)).to_have_text("Not sent yet: 2")
    inspector = Inspector()
    inspector.look(bob.page, "studying without network")
    bob.page.close()

    again = new_student(shared_server, beside=bob, network_fails=True)
    again.open("/progress")
    expect(again.page.get_by_role("heading", name="Without network")).to_be_visible()
    inspector.look(again.page, "the page for no network")
    again.page.get_by_role("link", name="Birds").click()
    keys.append(_answer_unseen(again, right=True))
    expect(_unsent(again.page)).to_have_text("Not sent yet: 3")
    assert [count_answers(shared_server.data_dir, key) for key in keys] == [0, 0, 0]

    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.fallback()
            return
        lost.append(route.request.url)
        _lose_reply(route)

    again.page.context.route("**/study/birds", lose_first)
    again.page.context.set_offline(False)
    expect(_news(again.page).get_by_role("heading")).to_have_text(
        "While you were offline: 3 answers, 2 right", timeout=20_000
    )
    expect(_unsent(again.page)).to_be_hidden()
    assert len(lost) == 1
    rows = run_sql(shared_server.data_dir, "SELECT key FROM review WHERE key IN (?, ?, ?) ORDER BY seq", *keys)
    assert [key for (key,) in rows] == keys
    inspector.look(again.page, "what came of answers given without network")
    _news(again.page).get_by_role("link").nth(1).click()
    expect(again.verdict).to_have_text("Not yet")
    _news(again.page).get_by_role("button").click()
    expect(_news(again.page)).to_be_hidden()
    again.page.reload()
    expect(again.verdict).to_be_visible()
    expect(_news(again.page)).to_be_hidden()
    assert "\n".join(inspector.wrong) == ""


def test_signing_out_asks_before_it_throws_answers_away_and_then_leaves_nothing(
    enter: Callable[..., Student], shared_server: LiveServer
) -> None:
    faith = enter("Faith offline")
    page = faith.page
    _take_along(faith)
    page.context.route(
        "**/study/birds", lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    )
    key = _answer_unseen(faith, right=True)
    page.goto(shared_server.url + "/")
    expect(_unsent(page)).to_have_text("Not sent yet: 1")
    out = page.get_by_role("button", name="Sign out", exact=True)
    out.click()
    dialog = page.get_by_role("dialog", name="Not sent yet: 1")
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(_unsent(page)).to_be_visible()

    out.click()
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Throw them away and sign out").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing was thrown away.")
    page.context.set_offline(False)
    dialog.get_by_role("button", name="Throw them away and sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    expect(_unsent(page)).to_be_hidden()
    assert page.evaluate(HELD) == {"answers": [], "decks": [], "tests": []}
    assert count_answers(shared_server.data_dir, key) == 0


def test_another_person_on_the_same_browser_never_sends_the_first_ones_answers(
    enter: Callable[..., Student], shared_server: LiveServer
) -> None:
    grace = enter("Grace offline")
    page = grace.page
    _take_along(grace)
    page.context.set_offline(True)
    key = _answer_unseen(grace, right=True)
    learner = run_sql(shared_server.data_dir, "SELECT learner_id FROM account WHERE name = 'Grace offline'")[0][0]
    run_sql(shared_server.data_dir, "DELETE FROM sign_in WHERE learner_id = ?", learner)
    page.context.set_offline(False)
    page.goto(shared_server.url + "/")
    expect(_unsent(page)).to_contain_text("Sign in as the one who answered")

    done = shared_server.run(
        "user", "add", "Henry offline", "--role", "student", "--password-stdin", typed=PASSWORD + "\n"
    )
    assert done.returncode == 0, done.stderr
    _sign_in(page, shared_server.url, "Henry offline")
    grace.open("/study/birds")
    _wait_until(page, f"({HELD})().then(({{ decks }}) => decks.length === 1)")
    expect(_unsent(page)).to_be_hidden()
    assert [kept["state"] for kept in page.evaluate(HELD)["answers"]] == ["waiting"]
    assert count_answers(shared_server.data_dir, key) == 0
    grace.open("/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()

    _sign_in(page, shared_server.url, "Grace offline")
    expect(_news(page).get_by_role("heading")).to_have_text("While you were offline: one answer, 1 right")
    rows = run_sql(shared_server.data_dir, "SELECT learner_id FROM review WHERE key = ?", key)
    assert rows == [(learner,)]


def _set_test(teacher: Student) -> str:
    """A test of three birds for whoever has the link; gives its path."""
    page = teacher.page
    teacher.open("/tests/new")
    page.get_by_label("Name", exact=True).fill("Herons")
    page.get_by_label("Whoever is signed in").check()
    page.get_by_label("Another order of questions").uncheck()
    page.get_by_role("button", name="Save").click()
    address = urlsplit(page.url).path
    teacher.open(f"{address}/cards?deck=birds")
    for card in ("height", "winter", "legs"):
        page.locator(f"input[value='birds/{card}']").check()
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
    expect(_unsent(page)).to_have_text("Not sent yet: 1")
    page.close()

    again = new_student(shared_server, beside=bob, network_fails=True)
    page = again.page
    page.context.set_offline(False)
    again.open("/")  # any page sends what the closed one could not
    expect(_unsent(page)).to_be_hidden()
    saved = (
        "SELECT typed FROM attempt_question JOIN account USING (learner_id)"
        " WHERE name = 'Ian offline' ORDER BY position"
    )
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    _wait_until(page, f"({HELD})().then(({{ answers }}) => !answers.length)")
    assert [typed for (typed,) in run_sql(shared_server.data_dir, saved)] == ['"100 cm"', '"false"', ""]

    again.open(address)
    page.get_by_role("link", name="Go on with the test").click()
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("^3")).click()
    page.context.set_offline(True)
    page.get_by_label("Your answer").fill("long")
    expect(_unsent(page)).to_have_text("Not sent yet: 1")
    elsewhere = new_student(shared_server, network_fails=True)
    _sign_in(elsewhere.page, shared_server.url, "Ian offline")
    elsewhere.open(address)
    elsewhere.page.get_by_role("link", name="Go on with the test").click()
    elsewhere.page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("^3")).click()
    elsewhere.page.get_by_role("button", name="Save and look over all").click()
    elsewhere.page.get_by_role("button", name="Hand in").click()
    expect(elsewhere.page.get_by_text("2 of 3 points")).to_be_visible()
    page.context.set_offline(False)
    late = _news(page).get_by_role("listitem")
    expect(late).to_contain_text("This attempt is over. What was saved before counts.", timeout=20_000)
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


def _begin(student: Student, address: str) -> None:
    """Begin a test, and wait until the device holds it."""
    page = student.page
    student.open(address)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("navigation", name="Questions")).to_be_visible()
    _wait_until(page, "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    _wait_until(page, f"{KEPT}.then((number) => number === 1)")


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
    expect(_unsent(one.page)).to_have_text("Not sent yet: 2")
    inspector = Inspector()
    inspector.look(one.page, "a test opened without network")

    other = new_student(shared_server, beside=bob, network_fails=True)
    other.open(f"{place}?at=3")
    expect(other.page.get_by_label("Your answer")).to_have_value("short")
    other.page.get_by_label("Your answer").fill("long")
    expect(_unsent(other.page)).to_have_text("Not sent yet: 2")
    one.page.close()
    other.page.context.set_offline(False)
    expect(_unsent(other.page)).to_be_hidden()
    expect(_note(other.page, 3)).to_contain_text(re.compile("^saved"))
    rows = run_sql(shared_server.data_dir, SAVED, "Jack offline")
    assert rows == [('"100 cm"', 1), ('"false"', 1), ('"long"', 1)]
    other.page.get_by_role("button", name="Save and look over all").click()
    other.page.get_by_role("button", name="Hand in").click()
    expect(other.page.get_by_text("3 of 3 points")).to_be_visible()
    _wait_until(other.page, f"{KEPT}.then((number) => number === 0)")
    _wait_until(other.page, f"({HELD})().then(({{ answers, tests }}) => !answers.length && !tests.length)")
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
    expect(_unsent(page)).to_have_text("Not sent yet: 1")
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
    expect(_unsent(page)).to_have_text("Not sent yet: 2")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('quizapp-attempt'))") == []
    page.context.unroute("**/answers/*")
    page.reload()
    expect(_unsent(page)).to_be_hidden()
    _wait_until(page, f"({HELD})().then(({{ answers }}) => !answers.length)")
    rows = run_sql(shared_server.data_dir, SAVED, "Kate offline")
    assert [typed for typed, _ in rows] == ['"50 cm"', "", '"long"']
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    assert page.evaluate(HELD) == {"answers": [], "decks": [], "tests": []}
    assert page.evaluate(KEPT) == 0
