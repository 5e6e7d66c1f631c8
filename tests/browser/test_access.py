"""Every page in every state, light and dark, narrow and wide: no axe violation, nothing beside the page, no trouble."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from plumbing.answer_key import Entry
from plumbing.browser_steps import Student
from plumbing.database_file import run_sql
from plumbing.inspection import Inspector
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
LARGEST_FIRST_VISIT = 60_000
IN_PART = {
    "food": ["Fish", "Frogs", "Bread"],
    "sequence": ["What it eats", "How it looks", "Where it goes"],
    "waiting": ["withuot", "lunch"],
}
ALMOST = {"waiting": ["withuot", "prey"]}


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Whatever is wrong with the pages looked at fails the test, all at once."""
    looking = Inspector()
    yield looking
    assert looking.wrong == []


def _try(student: Student, entry: Entry, given: object, word: str) -> None:
    """Answer the card on the page so, and come to the verdict."""
    student.fill(entry, given)
    if entry.type != "flashcard":
        student.check()
    expect(student.verdict).to_have_text(word)


def _look_at_card(student: Student, inspector: Inspector, entry: Entry) -> None:
    """The card in each state it can be in; it ends with the right answer's verdict."""
    page = student.page
    inspector.look(page, f"{entry.type} asked")
    if entry.hint:
        page.get_by_role("button", name="Hint").click()
        expect(page.get_by_label("Hint", exact=True)).to_be_visible()
        inspector.look(page, f"{entry.type} with hint")
    if entry.type in ("choice", "truefalse", "match"):
        student.check()
        expect(page.get_by_role("alert")).to_be_visible()
        inspector.look(page, f"{entry.type} with errors")
    if entry.type == "flashcard":
        page.get_by_role("button", name="Show the answer").click()
        expect(page.get_by_text("How well did you know it?")).to_be_visible()
        inspector.look(page, "flashcard turned over")
        page.reload()
    tries = [(entry.wrong, "Not yet"), (IN_PART.get(entry.id), "Partly"), (ALMOST.get(entry.id), "Almost")]
    for given, word in tries:
        if given is not None:
            _try(student, entry, given, word)
            inspector.look(page, f"{entry.type} answered: {word}")
            page.get_by_role("button", name="Undo").first.click()
            expect(student.asked).to_be_visible()
    _try(student, entry, entry.right, "Right")
    inspector.look(page, f"{entry.type} answered: Right")


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
    _send(page, "Make a token", **{"What is the new token for?": "my script"})
    expect(page.get_by_text("Here is your new token.")).to_be_visible()
    inspector.look(page, "account with a new token")
    page.get_by_role("button", name="Sign out").click()
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
    page.on("response", lambda response: loaded.update({response.url: len(response.body())}))
    page.goto(f"{shared_server.url}/study/dates", wait_until="networkidle")
    icon = urljoin(page.url, page.locator("link[rel=icon]").get_attribute("href"))
    if icon not in loaded:
        loaded[icon] = len(page.request.get(icon).body())
    assert len(loaded) >= 4
    total = sum(loaded.values())
    assert total <= LARGEST_FIRST_VISIT, f"{total} bytes: {loaded}"
