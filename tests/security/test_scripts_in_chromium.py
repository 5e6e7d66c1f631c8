"""Hostile words in every field, and every page that shows them, in a real browser whose alarm is the site's policy."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from plumbing.matrix import ACTORS, read_matrix
from plumbing.school import SECRET, School, build_school
from plumbing.server import LiveServer

HOSTILE = "<svg/onload=alert(1)>'\"><b>{{7*7}}quillomint"
OTHER = "</script></title></textarea><img src=x onerror=alert(2)> vexillarum"
MARKDOWN = "[x](javascript:alert(3)) <javascript:alert(4)> [y]: data:text/html,z ![p](//evil.example/p.png) " + OTHER
ALARM = """
window.alarms = [];
document.addEventListener("securitypolicyviolation", event => window.alarms.push(event.violatedDirective));
"""
FIND_ALIVE = """() => [...document.querySelectorAll("*")].filter(element =>
  [...element.attributes].some(each => /^on/i.test(each.name) || /^\\s*(javascript|data|vbscript):/i.test(each.value))
  || /evil\\.example/.test(element.getAttribute("src") || element.getAttribute("href") || "")
).map(element => element.outerHTML)"""
CARDS = (
    ("choice", {"answer": OTHER, "wrong": [{"text": HOSTILE, "why": MARKDOWN}]}),
    ("short", {"answer": OTHER}),
    ("cloze", {"text": "It is {{here}}. " + HOSTILE.replace("{{7*7}}", "")}),
)


def _write_deck() -> str:
    """A published deck that is hostile wherever it can be. JSON is YAML."""
    shown = {"explanation": MARKDOWN, "note": MARKDOWN, "hint": MARKDOWN}
    cards = [{"id": f"c-{kind}", "type": kind, "prompt": MARKDOWN + HOSTILE} | shown | own for kind, own in CARDS]
    head = {"format": "1", "id": "hostile", "title": HOSTILE, "description": OTHER, "language": "en", "theme": HOSTILE}
    return json.dumps(head | {"cards": cards}, indent=1)


@pytest.fixture
def hostile_school(_sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[School, LiveServer]]:
    """A server of a school in which every word that people chose is hostile."""
    school = build_school(_sqlite_template, tmp_path, (HOSTILE, OTHER[:78]))
    (tmp_path / "instance").mkdir()
    shutil.copyfile(school.file, tmp_path / "instance" / "quizapp.db")
    (tmp_path / "hostile.yaml").write_text(_write_deck(), encoding="utf-8")
    server = LiveServer(tmp_path / "instance", tmp_path / "log", extra={"QUIZAPP_SECRET_KEY": SECRET})
    loaded = server.run("deck", "load", str(tmp_path / "hostile.yaml"))
    assert loaded.returncode == 0, loaded.stderr
    server.start()
    yield school, server
    server.kill()


def _check(page: Page, dialogs: list[str]) -> None:
    assert page.evaluate("window.alarms") == [], page.url
    assert page.evaluate(FIND_ALIVE) == [], page.url
    assert dialogs == [], page.url


def _open_pages(page: Page, server: LiveServer, school: School, actor: str, dialogs: list[str]) -> int:
    """Open every page on which a hostile word stands; gives how many there are."""
    shown = 0
    for row in read_matrix():
        if row.method == "GET" and row.cells[actor] == "Y" and not row.endpoint.startswith("api."):
            path = server.url + row.address(school.owned[0])
            sent = page.context.request.get(path)
            if "text/html" in sent.headers["content-type"] and b"quillomint" in sent.body():
                page.goto(path, wait_until="load")
                _check(page, dialogs)
                shown += 1
    return shown


def _study(page: Page, server: LiveServer, dialogs: list[str]) -> None:
    """Answer each hostile card with hostile words, and look at the verdict."""
    for _ in CARDS:
        page.goto(f"{server.url}/study/hostile")
        _check(page, dialogs)
        if page.locator("input[type=radio][name=response]").count():
            page.locator("input[type=radio][name=response]").first.check(force=True)
        for field in page.locator("form.card input[type=text]:visible").all():
            field.fill(HOSTILE)
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.get_by_text("Not yet").or_(page.get_by_text("Right", exact=True)).first).to_be_visible()
        _check(page, dialogs)


def _sign_in(context: BrowserContext, server: LiveServer, school: School, actor: str) -> None:
    cookie: Any = {"name": "quizapp_sign_in", "value": school.cookies[str(ACTORS[actor])], "url": server.url}
    context.clear_cookies()
    context.add_cookies([cookie])


def test_no_word_that_somebody_wrote_runs_on_any_page(
    hostile_school: tuple[School, LiveServer], context: BrowserContext
) -> None:
    school, server = hostile_school
    dialogs: list[str] = []
    context.add_init_script(ALARM)
    page = context.new_page()
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for actor, least in (("T", 25), ("S", 6)):
        _sign_in(context, server, school, actor)
        assert _open_pages(page, server, school, actor, dialogs) >= least
    _study(page, server, dialogs)
    _sign_in(context, server, school, "T")
    page.goto(f"{server.url}/classes/{school.owned[0]['class']}/reports/responses")
    _check(page, dialogs)
    # The alarm is heard: what a page must not do, done on purpose.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(5)>')")
    page.wait_for_function("window.alarms.length > 0")
    assert page.evaluate(FIND_ALIVE) != []
    assert dialogs == []
