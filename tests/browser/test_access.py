"""Every page in every state, in any colours, narrow and wide: no axe violation, nothing beside the page, no trouble."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect
from plumbing.answer_key import Entry
from plumbing.browser_steps import Student
from plumbing.database_file import run_sql
from plumbing.inspection import NARROW, Inspector
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
LARGEST_FIRST_VISIT = 45_000
IN_PART = {
    "food": ["Fish", "Frogs", "Bread"],
    "sequence": ["What it eats", "How it looks", "Where it goes"],
    "waiting": ["withuot", "lunch"],
    "seasons": {"Winter": "fish", "Water": "fish"},
}
ALMOST = {"waiting": ["withuot", "prey"]}
TYPED = """\
format: 1
id: capitals
title: Capitals
description: Two answers to be typed.
language: en
theme: places
cards:
  - id: capital
    type: short
    prompt: What is the capital of North Korea?
    answer: Pyongyang
    accept: [Pyeongyang]
    explanation: It is.
  - id: day
    type: short
    match: date
    prompt: When did the war in the Pacific end?
    answer: 15 August 1945
    explanation: On that day.
"""
_SMALLEST_TARGET = 24
# What is pressed, with what belongs to it: a box and its label are one target. Links in a sentence may be low.
_SMALL_TARGETS = """(smallest) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((each) => each.checkVisibility() && each.type !== "hidden" && !each.matches(".skip"))
  .filter((each) => !(each.matches("a") && getComputedStyle(each).display === "inline"))
  .filter((each) => ![each, ...(each.labels ?? [])].some((place) => {
    const box = place.getBoundingClientRect();
    return Math.min(box.width, box.height) >= smallest;
  }))
  .map((each) => each.outerHTML.slice(0, 150))"""


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Whatever is wrong with the pages looked at fails the test, all at once."""
    looking = Inspector()
    yield looking
    assert looking.wrong == []


def _look(page: Page, inspector: Inspector, state: str) -> None:
    """Look at a card; also measure all that can be pressed."""
    inspector.look(page, state)
    page.set_viewport_size(NARROW)
    small = page.evaluate(_SMALL_TARGETS, _SMALLEST_TARGET)
    inspector.wrong += [f"{state}: too small to hit: {target}" for target in small]


def _try(student: Student, entry: Entry, given: object, word: str) -> None:
    """Answer the card on the page so, and come to the verdict."""
    student.fill(entry, given)
    if entry.type != "flashcard":
        student.check()
    expect(student.verdict).to_have_text(word)


def _look_at_card(student: Student, inspector: Inspector, entry: Entry) -> None:
    """The card in each state it can be in; it ends with the right answer's verdict."""
    page = student.page
    _look(page, inspector, f"{entry.type} asked")
    if entry.hint:
        page.get_by_role("button", name="Hint").click()
        expect(page.get_by_label("Hint", exact=True)).to_be_visible()
        _look(page, inspector, f"{entry.type} with hint")
    if entry.type in ("choice", "truefalse", "match"):
        student.check()
        expect(page.get_by_role("alert")).to_be_visible()
        _look(page, inspector, f"{entry.type} with errors")
    if entry.type == "flashcard":
        page.get_by_role("button", name="Show the answer").click()
        expect(page.get_by_text("How well did you know it?")).to_be_visible()
        _look(page, inspector, "flashcard turned over")
        page.reload()
    tries = [(entry.wrong, "Not yet"), (IN_PART.get(entry.id), "Partly"), (ALMOST.get(entry.id), "Almost")]
    for given, word in tries:
        if given is not None:
            _try(student, entry, given, word)
            _look(page, inspector, f"{entry.type} answered: {word}")
            page.get_by_role("button", name="Undo").first.click()
            expect(student.asked).to_be_visible()
    _try(student, entry, entry.right, "Right")
    _look(page, inspector, f"{entry.type} answered: Right")


def test_studying_is_accessible(student: Student, inspector: Inspector) -> None:
    page = student.page
    student.open("/")
    inspector.look(page, "home, first visit")
    student.open("/study/birds")
    types = []
    while not student.end.is_visible():
        entry = student.find_card()
        types.append(entry.type)
        _look_at_card(student, inspector, entry)
        student.go_on()
    assert len(types) == 8
    inspector.look(page, "end of the queue")
    student.open("/")
    inspector.look(page, "home with progress")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    inspector.look(page, "list of keys")


def _load(server: LiveServer, folder: Path, deck: str) -> None:
    (folder / "deck.yaml").write_text(deck, encoding="utf-8")
    done = server.run("deck", "load", str(folder / "deck.yaml"))
    assert done.returncode == 0, done.stderr


def test_typed_answers_are_accessible_near_misses_too(
    student: Student, shared_server: LiveServer, inspector: Inspector, tmp_path: Path
) -> None:
    _load(shared_server, tmp_path, TYPED)
    page = student.page
    tries = {"capital": {"Pyongyng": "Almost", "pyeongyang": "Right"}, "day": {"August 1945": "Partly"}}
    student.open("/study/capitals")
    for card, answers in tries.items():
        for given, word in answers.items():
            expect(page.locator("input[name=card]")).to_have_value(card)
            page.get_by_label("Your answer").fill(given)
            student.check()
            expect(student.verdict).to_have_text(word)
            _look(page, inspector, f"short answered: {word}")
            if given != list(answers)[-1]:
                page.get_by_role("button", name="Undo").first.click()
                expect(student.asked).to_be_visible()
        student.go_on()


def _sign_in(page: Page, server: LiveServer, name: str, role: str) -> None:
    done = server.run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr
    page.goto(f"{server.url}/sign-in")
    _send(page, "Sign in", Name=name, Password=PASSWORD)
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_telling_a_teacher_and_the_desk_are_accessible(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer], inspector: Inspector
) -> None:
    server = live_server()  # of its own, since teachers end the welcome of the first one
    student, teacher = new_student(server), new_student(server)
    page, desk = student.page, teacher.page
    _sign_in(page, server, "Bob", "student")
    _sign_in(desk, server, "Alice", "teacher")
    student.open("/study/dates")
    student.answer(right=False)
    page.keyboard.press("r")
    told = page.locator("#told-right")
    expect(told).to_be_focused()
    told.get_by_text("Add a word").click()
    page.get_by_label("Why you were right").fill("Egrets are herons.")
    told.get_by_role("button", name="Send").click()
    expect(told.get_by_text("Your words")).to_be_visible()
    page.get_by_text("Tell a teacher about this card").click()
    page.locator("#note-to-teacher").get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_focused()
    _look(page, inspector, "a note without words")
    page.get_by_label("What is hard or wrong about it?").fill("The picture is dark.")
    page.locator("#note-to-teacher").get_by_role("button", name="Send").click()
    expect(page.locator("#told-note")).to_be_focused()
    _look(page, inspector, "a claim and a note")

    teacher.open("/claims")
    desk.locator("summary").first.click()
    desk.get_by_role("button", name="Keep the verdict").click()
    expect(desk.get_by_role("alert")).to_be_focused()
    _look(desk, inspector, "the desk with an error")
    desk.get_by_label("Your reply to the student").first.fill("Well spotted.")
    desk.get_by_role("button", name="Count it as right").click()
    expect(desk.get_by_role("status")).to_be_visible()
    _look(desk, inspector, "the desk with a claim settled")
    teacher.open("/claims?show=settled")
    inspector.look(desk, "what was settled")

    page.reload()
    expect(student.verdict).to_have_text("Right")
    expect(page.get_by_text("Well spotted.")).to_be_visible()
    inspector.look(page, "an answer counted as right by a teacher")
    student.open("/claims")
    _look(page, inspector, "what one told")


def test_an_answer_taken_back_is_accessible(student: Student, inspector: Inspector) -> None:
    page = student.page
    student.open("/study/dates")
    student.go_to("soviet-union-breaks-up-year")
    student.answer(right=False)
    place = page.url
    page.get_by_role("button", name="Undo").first.click()
    expect(student.asked).to_be_visible()
    page.goto(place)
    expect(page.get_by_text("You took this answer back.")).to_be_visible()
    inspector.look(page, "answer taken back")


def test_reading_is_accessible(student: Student, inspector: Inspector) -> None:
    page = student.page
    for path in ("/sources", "/sources/russia-vs-america"):
        student.open(path)
        inspector.look(page, path)
    page.get_by_text("What the marks in the margin mean").click()
    inspector.look(page, "text with its legend")
    student.open("/study/dates")
    student.answer(right=False)
    page.get_by_role("link", name="Read it in the text").first.click()
    expect(page.locator("mark").first).to_be_in_viewport()
    inspector.look(page, "text with a highlight")
    student.open("/sources")
    inspector.look(page, "texts with progress")


ELSEWHERE = """
INSERT INTO sign_in (token_hash, learner_id, account_id, created_at, seen_at, expires_at, device)
SELECT 'elsewhere', account.learner_id, account.id, created, created, expires_at, 'samsung/android'
FROM account JOIN (SELECT account_id, max(created_at) AS created, expires_at FROM sign_in GROUP BY account_id)
  ON account_id = account.id
WHERE account.name = ?
"""


def _send(page: Page, button: str, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).first.fill(value)
    page.get_by_role("button", name=button, exact=True).click()


def test_accounts_are_accessible(student: Student, shared_server: LiveServer, inspector: Inspector) -> None:
    page = student.page
    student.open("/study/birds")
    student.answer(right=True)
    student.open("/sign-up")
    expect(page.get_by_text("The one answer you gave as a guest is kept.")).to_be_visible()
    inspector.look(page, "sign-up with a guest's answers")
    _send(page, "Sign up", Name="Evelyn", Password="short")
    expect(page.get_by_role("alert")).to_be_focused()
    inspector.look(page, "sign-up with errors")
    _send(page, "Sign up", Name="Evelyn", Password=PASSWORD)
    page.get_by_role("link", name="Evelyn").click()
    inspector.look(page, "account")
    _send(page, "Change password", Password_now="not this one", New_password="short")
    expect(page.get_by_role("alert")).to_be_focused()
    inspector.look(page, "account with errors")
    _send(page, "Make a token", **{"What is the new token for?": "my script", "Your password": PASSWORD})
    expect(page.get_by_text("Here is your new token.")).to_be_visible()
    inspector.look(page, "account with a new token")
    run_sql(shared_server.data_dir, ELSEWHERE, "Evelyn")
    student.open("/account")
    expect(page.get_by_role("heading", name="Chrome/Chromium on Linux")).to_be_visible()
    expect(page.get_by_role("heading", name="Samsung Internet on Android")).to_be_visible()
    inspector.look(page, "account with another device")
    page.get_by_role("button", name="Sign out Samsung Internet on Android").click()
    expect(page.get_by_role("heading", name="Samsung Internet on Android")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign out all other devices")).to_be_hidden()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    student.open("/study/birds")
    student.answer(right=True)
    student.open("/sign-in")
    inspector.look(page, "sign-in")
    _send(page, "Sign in")
    expect(page.get_by_role("alert")).to_be_focused()
    inspector.look(page, "sign-in with errors")
    _send(page, "Sign in", Name="Evelyn", Password=PASSWORD)
    expect(page.get_by_text("Are these answers yours?")).to_be_visible()
    inspector.look(page, "whose answers")


def test_the_first_teachers_welcome_is_accessible(
    student: Student, shared_server: LiveServer, inspector: Inspector
) -> None:
    page = student.page
    link = re.search(r"/welcome/\S+", shared_server.output)
    assert link
    student.open(link[0])
    inspector.look(page, "welcome")
    _send(page, "Make the account", Name="", Password="short")
    expect(page.get_by_role("alert")).to_be_focused()
    inspector.look(page, "welcome with errors")


def test_errors_are_accessible(student: Student, shared_server: LiveServer, inspector: Inspector) -> None:
    page = student.page
    student.open("/nowhere")
    inspector.look(page, "404")
    student.open("/study/birds")
    entry = student.find_card()
    page.context.clear_cookies()
    student.fill(entry, entry.right)
    student.check()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    inspector.look(page, "form that could not be taken")
    page.get_by_role("button", name="Send it again").click()
    expect(student.verdict).to_have_text("Right")
    student.go_on()
    run_sql(shared_server.data_dir, "DELETE FROM sign_in WHERE account_id IS NULL")
    student.fill(student.find_card(), student.find_card().right)
    student.check()
    expect(page.get_by_text("You are no longer signed in")).to_be_visible()
    inspector.look(page, "sign-in that has run out")


def test_a_card_is_accessible_without_its_script(
    new_student: Callable[..., Student], shared_server: LiveServer, inspector: Inspector
) -> None:
    """The scripts do not come; with script switched off, axe would not run either."""
    student = new_student(shared_server, network_fails=True)
    student.page.route("**/*.js*", lambda route: route.abort())
    student.open("/study/birds")
    entry = student.go_to("sequence")
    inspector.look(student.page, "order without script")
    student.check()
    expect(student.page.get_by_role("alert")).to_be_visible()
    inspector.look(student.page, "order without script, with errors")
    _try(student, entry, entry.right, "Right")


def test_the_first_visit_to_the_study_page_is_small(
    new_context: Callable[..., BrowserContext], shared_server: LiveServer
) -> None:
    page = new_context().new_page()
    loaded: dict[str, int] = {}

    def note(response: Response) -> None:
        length = response.header_value("content-length")
        loaded[response.url] = len(response.body()) if length is None else int(length)  # as it travels

    page.on("response", note)
    page.goto(f"{shared_server.url}/study/dates", wait_until="networkidle")
    icon = urljoin(page.url, page.locator("link[rel=icon]").get_attribute("href"))
    if icon not in loaded:
        loaded[icon] = len(page.request.get(icon).body())
    assert len(loaded) >= 4
    total = sum(loaded.values())
    assert total <= LARGEST_FIRST_VISIT, f"{total} bytes: {loaded}"
