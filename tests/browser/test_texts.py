"""A teacher's text in a real browser: pasted, read, words selected, a key pressed; without script by a form."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from plumbing.browser_steps import Student
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
TEXT = """The white stork

The stork eats frogs, and it builds its nest on roofs in many a village.

It claps with its beak; it has no voice to sing with, as other birds have."""
SELECT = """([number, start, end]) => {
  const words = document.querySelector(`[data-paragraph="${number}"]`).firstChild;
  const range = document.createRange();
  range.setStart(words, start);
  range.setEnd(words, end);
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}"""


def _sign_in(person: Student) -> None:
    person.open("/sign-in")
    person.page.get_by_label("Name").fill("Alice")
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(person.page.get_by_role("button", name="Sign out")).to_be_visible()


def _check_page(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], page.url, each["nodes"][0]["html"][:200]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_words_are_selected_and_a_key_makes_a_card_of_them(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer]
) -> None:
    server = live_server()
    server.run("user", "add", "Alice", "--role", "teacher", "--password-stdin", typed=PASSWORD)
    alice = new_student(server, viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    page = alice.page
    _sign_in(alice)
    alice.open("/texts/new")
    _check_page(page)
    page.get_by_label("Or paste the text").fill(TEXT)
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_label("Title")).to_have_value("The white stork")
    _check_page(page)
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The white stork")
    _check_page(page)
    bar = page.get_by_role("region", name="Selected words")
    expect(bar).to_be_hidden()
    page.evaluate(SELECT, [1, 0, 70])
    expect(bar).to_contain_text("At most 12 words")
    expect(bar.get_by_role("button")).to_be_disabled()
    page.evaluate(SELECT, [2, 4, 20])  # half of “claps” to half of “beak”
    expect(bar).to_contain_text("claps with its beak")
    _check_page(page)
    page.keyboard.press("c")
    expect(page).to_have_url(f"{server.url}/author/cards-on-the-white-stork/cards/new?source=the-white-stork"
                             "&paragraph=2&quote=claps+with+its+beak")  # fmt: skip
    expect(page.locator("[value='claps with its beak']").first).to_be_attached()
    alice.open("/texts/the-white-stork")
    page.evaluate(SELECT, [1, 4, 9])
    bar.get_by_role("button", name="Make a card").click()
    expect(page).to_have_url(f"{server.url}/author/cards-on-the-white-stork/cards/new?source=the-white-stork"
                             "&paragraph=1&quote=stork")  # fmt: skip
    plain = new_student(server, java_script_enabled=False)
    _sign_in(plain)
    plain.open("/texts/the-white-stork")
    plain.page.locator("#p2 summary").click()
    plain.page.get_by_label("Words it cites").nth(1).fill("no voice")
    plain.page.keyboard.press("Enter")
    expect(plain.page).to_have_url(f"{server.url}/author/cards-on-the-white-stork/cards/new?source=the-white-stork"
                                   "&paragraph=2&quote=no+voice")  # fmt: skip
