"""One free period: a new teacher pastes a text, takes two drafts, makes two cards by selecting, and publishes."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from plumbing.browser_steps import Student
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
TEXT = """The marsh at Lower Ferry

In 1911 the River Board drained the marsh at Lower Ferry in order to win land for wheat. The farmers feared floods, so
they built a second dyke in 1913.

The Heron Society bought forty hectares because the birds had lost their nests. It wanted to bring the water back.

In 1954 the Society and the River Board signed the Ferry Agreement. Since then the marsh has been flooded every winter.
"""
ADDRESS = "/author/cards-on-the-marsh-at-lower-ferry"
SELECT = """([number, words]) => {
  const text = document.querySelector(`[data-paragraph="${number}"]`).firstChild;
  const range = document.createRange();
  range.setStart(text, text.data.indexOf(words));
  range.setEnd(text, text.data.indexOf(words) + words.length);
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}"""


def _sign_in(person: Student, name: str) -> None:
    person.open("/sign-in")
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(person.page.get_by_role("button", name="Sign out")).to_be_visible()


def _paste(teacher: Student) -> None:
    page = teacher.page
    teacher.open("/author/")
    page.get_by_role("link", name="Bring a text").click()
    page.get_by_label("Or paste the text").fill(TEXT)
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_label("Title")).to_have_value("The marsh at Lower Ferry")
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_text("The text is kept.")).to_be_visible()


def _make_card(teacher: Student, paragraph: int, quote: str, question: str, answer: str, *, fixed: bool) -> None:
    """A card by selecting words and pressing a key; ``fixed``: until no warning is left."""
    page = teacher.page
    teacher.open("/texts/the-marsh-at-lower-ferry")
    page.evaluate(SELECT, [paragraph, quote])
    expect(page.get_by_role("region", name="Selected words")).to_contain_text(quote)
    page.keyboard.press("c")
    expect(page.get_by_label("Words of citation 1")).to_have_value(quote)
    page.get_by_label("Type").select_option("short")
    page.get_by_label("Question").fill(question)
    page.get_by_label("Answer", exact=True).fill(answer)
    expect(page.get_by_text("The card explains nothing.")).to_be_visible()
    if fixed:
        page.get_by_label("Explanation").fill("The text names the year in which the *drained* marsh became land.")
        page.get_by_text("Hint, note, tags and more").click()
        page.get_by_label("Hint", exact=True).fill("Before the first world war.")
        page.get_by_label("Difficulty").select_option("easy")
        expect(page.get_by_text("No warnings.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row", name=re.compile(re.escape(question)))).to_be_visible()


def _take_two_drafts(page: Page) -> None:
    page.get_by_role("link", name="Suggestions").click()
    expect(page.get_by_role("heading", name=re.compile("Suggested cards"))).to_be_visible()
    boxes = page.locator("input[type=checkbox][name=key]")
    expect(boxes.nth(2)).to_be_visible()
    for number in (0, 2):
        boxes.nth(number).check()
    page.get_by_role("button", name="Take the ticked ones").click()


def test_a_teacher_makes_a_deck_of_a_text_in_one_free_period(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    server = live_server()
    for name, role in (("Alice", "teacher"), ("Bob", "student")):
        server.run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD)
    alice, bob = new_student(server, viewport={"width": 1280, "height": 800}), new_student(server)
    page = alice.page
    _sign_in(alice, "Alice")
    _paste(alice)
    drained = "When did the River Board drain the marsh?"
    _make_card(alice, 1, "In 1911 the River Board drained the marsh", drained, "1911", fixed=True)
    _make_card(alice, 3, "signed the Ferry Agreement", "What was signed in 1954?", "the Ferry Agreement", fixed=False)
    _take_two_drafts(page)
    alice.open(f"{ADDRESS}/")
    expect(page.get_by_text("4 cards").first).to_be_visible()

    bob.open("/")
    expect(bob.page.get_by_text("The marsh at Lower Ferry")).to_have_count(0)  # nothing is published unseen
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("this is what students study now")).to_be_visible()

    _sign_in(bob, "Bob")
    bob.open("/study/cards-on-the-marsh-at-lower-ferry")
    expect(bob.page.get_by_text(drained)).to_be_visible()
    bob.page.get_by_label("Your answer").fill("1913")
    bob.check()
    expect(bob.verdict).to_have_text("Not yet")
    expect(bob.page.locator("mark")).to_have_text("In 1911 the River Board drained the marsh")

    alice.open(f"{ADDRESS}/")
    page.get_by_role("link", name=drained).click()
    page.get_by_label("Answer", exact=True).fill("1913")  # the text was wrong, say
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_label("Grade them again by the new answer").check()
    page.get_by_role("button", name="Publish", exact=True).click()
    bob.page.reload()
    expect(bob.verdict).to_have_text("Right")

    alice.open(f"{ADDRESS}/upload")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download")).first.click()
    file = tmp_path / "deck.yaml"
    download.value.save_as(file)
    assert b"1913" in file.read_bytes()
    page.get_by_label("Deck file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("no difference")).to_be_visible()
