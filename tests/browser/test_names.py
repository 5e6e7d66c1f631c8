"""Words that JavaScript keeps for itself, as answers, names of fields and keys of what the server or the device holds.

None of them may change an object that the pages' scripts did not mean, or keep a page from working.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect
from plumbing.answer_key import read_key
from plumbing.browser_steps import Student
from plumbing.offline_steps import HELD, PASSWORD, sign_in, wait_until
from plumbing.server import LiveServer

NAMES = ("__proto__", "constructor", "prototype", "toString", "hasOwnProperty")
WORDS = [name.replace("_", r"\_") for name in NAMES]  # in Markdown a line below is a mark
PAIRS = [[word, other] for word, other in zip(WORDS, (*WORDS[1:], "valueOf"), strict=True)]
CARDS = (
    {"type": "choice", "answer": WORDS[0], "wrong": WORDS[1:]},
    {"type": "multiple", "answers": WORDS[:2], "wrong": WORDS[2:]},
    {"type": "order", "items": WORDS},
    {"type": "match", "pairs": PAIRS},
    {"type": "short", "answer": WORDS[1], "match": "text"},
    {"type": "cloze", "text": "Here is {{" + NAMES[1] + "}}, there {{" + NAMES[2] + "}}."},
)
DECK = json.dumps(
    {"format": "1", "id": "names", "title": "constructor", "description": "Words.", "language": "en", "theme": "words"}
    | {
        "cards": [
            {"id": one["type"], "prompt": f"Say {one['type']}", "explanation": "So it is.", "citations": []} | one
            for one in CARDS
        ]
    }
)
BAD = {"polluted": "yes"}
FOULED = """() => {
  const clean = document.body.appendChild(document.createElement("iframe")).contentWindow;
  const kinds = ["Object", "Array", "Map", "String", "Function"];
  const list = (where, kind) => Reflect.ownKeys(where[kind].prototype).map(String).sort().join();
  const changed = kinds.filter((kind) => list(window, kind) !== list(clean, kind));
  return [...changed, ...["polluted", "learner", "typed"].filter((name) => name in {} || name in Object)];
}"""
PLANT = """async ([names, attempt, learner]) => {
  const entry = { state: "waiting", learner, attempt, client: "elsewhere", counter: 1, at: 1, order: 1, fields: [],
    url: `/tests/attempts/${attempt}/answers/0`, words: "x", polluted: "yes" };
  const text = names.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(entry)}`).join();
  const typed = JSON.parse(`{${text}}`);
  const database = await new Promise((resolve) => {
    const asked = indexedDB.open("quizapp");
    asked.onsuccess = () => resolve(asked.result);
  });
  const transaction = database.transaction(["tests", "answers"], "readwrite");
  const tests = transaction.objectStore("tests");
  const held = await new Promise((resolve) => {
    tests.get(attempt).onsuccess = ({ target }) => resolve(target.result);
  });
  tests.put({ ...held, typed });
  const answers = transaction.objectStore("answers");
  for (const name of names) answers.put({ ...entry, position: name, id: `${attempt}/${name}` });
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
  localStorage.setItem(`quizapp-attempt-${attempt}`, `{${text}}`);
}"""


@pytest.fixture(scope="session")
def answer_keys() -> dict[str, object]:
    """What is right and wrong in the deck of this file."""
    return {"names": read_key(DECK.encode())}


@pytest.fixture
def server(_sqlite_template: Path, tmp_path: Path) -> Iterator[LiveServer]:
    """A server with the deck of this file, Alice, who teaches, and Bob."""
    (tmp_path / "instance").mkdir()
    shutil.copyfile(_sqlite_template, tmp_path / "instance" / "quizapp.db")
    (tmp_path / "names.yaml").write_text(DECK, encoding="utf-8")
    running = LiveServer(tmp_path / "instance", tmp_path / "log", extra={})
    loaded = running.run("deck", "load", str(tmp_path / "names.yaml"))
    assert loaded.returncode == 0, loaded.stderr
    for name, role in (("Alice", "teacher"), ("Bob", "student")):
        running.run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD + "\n")
    running.start()
    yield running
    running.kill()


def _find_fouled(page: Page) -> list[str]:
    """What is changed of the objects that all scripts share."""
    return list(page.evaluate(FOULED))


@pytest.fixture
def poison() -> Callable[[Page, str], set[str]]:
    """Put such keys into the JSON replies of some addresses, at the head and within: gives which addresses it were."""

    def begin(page: Page, addresses: str) -> set[str]:
        poisoned: set[str] = set()

        def change(route: Route) -> None:
            reply = route.fetch()
            if "json" not in reply.headers.get("content-type", ""):
                route.fulfill(response=reply)
                return
            told = reply.json()
            for within in (told, *(value for value in told.values() if isinstance(value, dict))):
                within.update(dict.fromkeys(NAMES[:3], BAD))
            poisoned.add(urlsplit(route.request.url).path)
            route.fulfill(response=reply, body=json.dumps(told))

        page.route(re.compile(addresses), change)
        return poisoned

    return begin


def test_what_is_fouled_is_found(student: Student) -> None:
    student.open("/")
    assert _find_fouled(student.page) == []
    student.page.evaluate("() => { Object.prototype.polluted = 1; Array.prototype.more = 1; }")
    assert _find_fouled(student.page) == ["Object", "Array", "polluted"]


def test_such_words_are_studied_and_taken_along_like_any_other(
    new_student: Callable[..., Student], server: LiveServer, poison: Callable[[Page, str], set[str]]
) -> None:
    bob = new_student(server)
    page = bob.page
    page.add_init_script(
        "delete Navigator.prototype.serviceWorker"
    )  # what goes through it passes the routes of tests by
    sign_in(page, server.url, "Bob")
    poisoned = poison(page, "/offline/")
    bob.open("/study/names")
    wait_until(page, f"({HELD})().then(({{ decks }}) => decks.length === 1)")
    assert _find_fouled(page) == []
    for _ in CARDS:
        bob.answer(right=True)
        assert _find_fouled(page) == []
        bob.go_on()
    assert "/offline/decks/names" in poisoned
    page.unroute_all(behavior="ignoreErrors")


def _begin_test(alice: Student, bob: Student, server: LiveServer) -> str:
    """Alice sets a test of the short card for whoever has the link, Bob begins it; gives the attempt."""
    page = alice.page
    sign_in(page, server.url, "Alice")
    alice.open("/tests/new")
    page.get_by_label("Name", exact=True).fill("constructor")
    page.get_by_label("Whoever is signed in").check()
    page.get_by_role("button", name="Save").click()
    address = urlsplit(page.url).path
    alice.open(f"{address}/cards?deck=names")
    page.locator("input[value='names/short']").check()
    page.get_by_role("button", name="Keep this choice").click()
    alice.open(address)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Students do not see this test yet.")).to_be_hidden()
    sign_in(bob.page, server.url, "Bob")
    bob.open(address)
    bob.page.get_by_role("button", name="Begin").click()
    expect(bob.page.locator("[data-question]").first).to_be_visible()
    return urlsplit(bob.page.url).path.rsplit("/", 1)[1]


def test_a_test_goes_on_where_the_device_the_server_and_another_tab_speak_in_such_words(
    new_student: Callable[..., Student], server: LiveServer, poison: Callable[[Page, str], set[str]]
) -> None:
    bob = new_student(server, network_fails=True)
    page = bob.page
    attempt = _begin_test(new_student(server), bob, server)
    wait_until(page, f"({HELD})().then(({{ tests }}) => tests.length === 1)")
    learner = page.locator("input[name=learner]").first.input_value()
    page.evaluate(PLANT, [list(NAMES), attempt, learner])
    poisoned = poison(page, "/answers/|/pulse|/offline/")
    page.reload()
    assert _find_fouled(page) == []
    tell = f"names => {{ const all = new BroadcastChannel('quizapp-{attempt}');"
    tell += "for (const position of names) all.postMessage({ position, at: 9e15 }); }"
    page.evaluate(tell, list(NAMES))
    page.get_by_label("Your answer").fill("constructor")
    page.get_by_label("Your answer").press("Tab")
    expect(page.locator("[data-question='1'] [data-saved]")).to_contain_text("saved")
    assert _find_fouled(page) == []
    with page.expect_response(re.compile("/pulse")):
        page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("[data-question='1'] [data-saved]")).to_contain_text("saved")
    assert _find_fouled(page) == []
    assert {path.rpartition("/")[2] for path in poisoned} >= {"1", "pulse"}
    page.unroute_all(behavior="ignoreErrors")
