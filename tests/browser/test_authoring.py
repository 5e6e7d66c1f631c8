"""A new teacher, from an empty deck to students who study it, and safely on from there; in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from plumbing import samples
from plumbing.browser_steps import Student
from plumbing.server import LiveServer

PASSWORD = "three grey herons"


def _sign_in(person: Student, name: str) -> None:
    person.open("/sign-in")
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(person.page).not_to_have_url(re.compile("sign-in"))


def _begin(teacher: Student, title: str) -> None:
    teacher.open("/author/")
    page = teacher.page
    page.get_by_label("Title").fill(title)
    page.get_by_label("Theme").fill("nature")
    page.get_by_label("The grey heron").check()
    page.get_by_role("button", name="Begin the deck").click()


def _write(page: Page, prompt: str, answer: str, quote: str, paragraph: str) -> None:
    page.get_by_label("Question").fill(prompt)
    page.get_by_label("Answer", exact=True).fill(answer)
    page.get_by_label("Paragraph of citation 1").fill(paragraph)
    page.get_by_label("Words of citation 1").fill(quote)


def _check_pages(teacher: Student, paths: tuple[str, ...]) -> None:
    for path in paths:
        teacher.open(path)
        found = Axe().run(teacher.page)
        assert found.violations_count == 0, (path, found.generate_report())
        assert not teacher.page.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def _load_text(server: LiveServer, folder: Path) -> None:
    folder.mkdir()
    (folder / "herons.md").write_bytes(samples.SOURCE)
    done = server.run("deck", "load", str(folder / "herons.md"))
    assert done.returncode == 0, done.stderr
    for name, role in (("Alice", "teacher"), ("Bob", "student")):
        server.run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD)


def test_while_another_type_of_card_is_on_its_way_nothing_can_be_typed_that_would_be_lost(
    new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    done = shared_server.run(
        "user", "add", "Alice types", "--role", "teacher", "--password-stdin", typed=PASSWORD + "\n"
    )
    assert done.returncode == 0, done.stderr
    alice = new_student(shared_server)
    page = alice.page
    _sign_in(alice, "Alice types")
    _begin(alice, "Herons on their way")
    page.get_by_label("Question", exact=True).fill("How tall is it?")
    is_inert = page.evaluate("""() => {
      const type = document.querySelector("#type");
      type.value = "short";
      type.dispatchEvent(new Event("change", { bubbles: true }));
      return document.querySelector("form#card").inert;
    }""")
    assert is_inert
    page.get_by_label("Answer", exact=True).fill("100 cm")
    expect(page.get_by_label("Question", exact=True)).to_have_value("How tall is it?")


def test_from_an_empty_deck_to_students_and_on(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    server = live_server()
    _load_text(server, tmp_path / "sources")
    still = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}  # colours are measured
    alice, bob = new_student(server, **still), new_student(server)
    _sign_in(alice, "Alice")
    _begin(alice, "Herons up close")
    page = alice.page

    page.get_by_label("Type").select_option("short")
    _write(page, "How tall is it at most?", "1 metre", "stands up to 300 cm tall", "1")
    expect(page.get_by_text("These words are not in that paragraph")).to_be_visible()
    page.get_by_label("Words of citation 1").fill("stands up to 100 cm tall")
    expect(page.get_by_text("The card has no hint.")).to_be_visible()
    page.get_by_label("Explanation").fill("The text says how tall the bird stands, and that it is *up to* that height.")
    page.get_by_text("Hint, note, tags and more").click()
    page.get_by_label("Hint", exact=True).fill("Think of a table.")
    page.get_by_label("Difficulty").select_option("easy")
    page.get_by_label("Answer", exact=True).fill("100 cm")
    expect(page.get_by_text("No warnings.")).to_be_visible()
    page.get_by_label("Answer", exact=True).fill("1 metre")
    expect(page.locator("#preview mark")).to_have_text("stands up to 100 cm tall")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("How tall is it at most"))).to_be_visible()

    page.get_by_role("link", name="New card", exact=True).first.click()
    page.get_by_label("Answer", exact=True).fill("Fish")
    page.get_by_label("Option 1").fill("Bread")
    page.get_by_label("Option 2").fill("Grass")
    expect(page.get_by_label("Option 3")).to_be_visible()  # the rows grow
    _write(page, "What does it eat?", "Fish", "fish, frogs and voles", "2")
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("this is what students study now")).to_be_visible()

    _sign_in(bob, "Bob")
    bob.open("/study/herons-up-close")
    bob.page.get_by_label("Your answer").fill("100 cm")
    bob.check()
    expect(bob.verdict).to_have_text("Not yet")

    alice.open("/author/herons-up-close/")
    page.get_by_role("link", name="How tall is it at most?").click()
    page.get_by_label("Answer", exact=True).fill("100 cm")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_text("1 learner keep").or_(page.get_by_text("1 learner keeps"))).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("link", name="Choose what becomes of the old answers to this card.")).to_be_visible()
    page.get_by_label("Grade them again by the new answer").check()
    page.get_by_text("Whose result would change").click()
    expect(page.get_by_role("row", name=re.compile("100 cm"))).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    alice.open("/author/herons-up-close/cards/how-tall-is-it-at-most/history")
    expect(page.get_by_text("Old answers graded again: 1 result changed")).to_be_visible()
    bob.page.reload()
    expect(bob.verdict).to_have_text("Right")

    alice.open("/author/herons-up-close/upload")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download herons")).click()
    file = tmp_path / "herons-up-close.yaml"
    download.value.save_as(file)
    page.get_by_label("Deck file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("no difference")).to_be_visible()
    pages = ("", "cards/new", "cards/what-does-it-eat", "versions", "versions/4", "about", "upload", "publish")
    _check_pages(alice, ("/author/", *(f"/author/herons-up-close/{path}" for path in pages)))
    page.set_viewport_size({"width": 320, "height": 700})
    _check_pages(alice, ("/author/", *(f"/author/herons-up-close/{path}" for path in pages)))


def test_a_deck_is_written_without_script(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    server = live_server()
    _load_text(server, tmp_path / "sources")
    alice = new_student(server, java_script_enabled=False)
    _sign_in(alice, "Alice")
    _begin(alice, "Plain herons")
    page = alice.page
    page.get_by_label("Type").select_option("short")
    page.get_by_role("button", name="Show its fields").click()
    _write(page, "How tall is it at most?", "100 cm", "stands up to 100 cm tall", "1")
    page.get_by_role("button", name="Check and show").click()
    expect(page.get_by_text("The card has no hint.")).to_be_visible()
    expect(page.get_by_label("Question")).to_have_value("How tall is it at most?")
    page.get_by_role("button", name="Save and write another").click()
    expect(page.get_by_text("The next one:")).to_be_visible()
    _write(page, "What are its legs like?", "long", "long-legged bird", "1")
    page.get_by_label("Question").press("Tab")
    page.get_by_label("Answer", exact=True).press("Enter")
    expect(page.get_by_role("row", name=re.compile("What are its legs like"))).to_be_visible()


def test_a_warning_is_set_aside_by_a_press_and_the_view_scrolls_by_keys(
    new_student: Callable[..., Student], live_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    server = live_server()
    _load_text(server, tmp_path / "sources")
    alice = new_student(server, viewport={"width": 1280, "height": 500}, reduced_motion="reduce")
    _sign_in(alice, "Alice")
    _begin(alice, "Herons aside")
    page = alice.page
    page.get_by_label("Type").select_option("short")
    _write(page, "How tall is it at most?", "100 cm", "stands up to 100 cm tall", "1")
    page.get_by_label("Explanation").fill("The text says how tall the bird stands, and that it is up to that height.")
    expect(page.get_by_text("The card has no hint.")).to_be_visible()
    assert Axe().run(page).violations_count == 0  # what is higher than the window can be scrolled with the keyboard
    aside = page.get_by_role("listitem").filter(has_text="The card has no hint.")
    aside.get_by_role("button", name="Set this warning aside…").click()
    expect(page.get_by_label("Name of the warning 1")).to_have_value("no-hint")
    expect(page.get_by_label("Why it is fine here 1")).to_be_focused()
    expect(page.get_by_text("Name the warning, and say why it is fine here.")).to_be_visible()
    page.keyboard.type("A guess is wanted.")
    expect(page.get_by_text("The card has no hint.")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    _check_pages(alice, ("/author/herons-aside/export/aiken", "/author/herons-aside/"))
    page.set_viewport_size({"width": 320, "height": 700})
    _check_pages(alice, ("/author/herons-aside/export/aiken", "/author/herons-aside/versions"))
