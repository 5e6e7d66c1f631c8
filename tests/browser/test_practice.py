"""Practice and its games in a real browser: every state accessible, by keys, by pressing and by dragging."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from plumbing.answer_key import Entry
from plumbing.browser_steps import Student
from plumbing.inspection import Inspector
from plumbing.server import LiveServer

PARTNERS = {
    "How tall is a grey heron at most?": "100 cm",
    "What are the legs of the bird like?": "long",
    "Winter": "the south",
    "Water": "fish",
}


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Whatever is wrong with the pages looked at fails the test, all at once."""
    looking = Inspector()
    yield looking
    assert looking.wrong == []


def _find_card(page: Page, answer_keys: dict[str, dict[str, Entry]]) -> Entry:
    deck, _, card = (page.locator("input[name=card]").get_attribute("value") or "").partition("/")
    return answer_keys[deck][card]


def _tile(page: Page, side: str, text: str) -> Locator:
    return page.locator(f"[data-side={side}]").filter(has=page.get_by_text(text, exact=True))


def test_practising_is_accessible_and_goes_on_after_a_reload_and_in_another_tab(
    student: Student,
    new_student: Callable[..., Student],
    shared_server: LiveServer,
    answer_keys: dict[str, dict[str, Entry]],
    inspector: Inspector,
) -> None:
    page = student.page
    student.open("/practice")
    inspector.look(page, "practice page")
    page.get_by_text("Narrow it down").click()
    page.get_by_label("Cards", exact=True).fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    inspector.look(page, "practice page with errors, all open")
    page.get_by_label("Cards", exact=True).fill("")
    page.get_by_role("checkbox", name="Birds").check()
    expect(page.get_by_role("status")).to_have_text("8 cards fit.")
    student.open("/practice?deck=birds&n=&order=deck&confidence=1")
    page.keyboard.press("Enter")
    seen = []
    while not page.get_by_role("heading", name="Practice done").is_visible():
        expect(student.asked).to_be_visible()
        entry = _find_card(page, answer_keys)
        seen.append(entry.type)
        if entry.id == "height":
            inspector.look(page, "practice question")
            page.keyboard.press("l")
            student.fill(entry, entry.wrong)
        elif entry.type == "flashcard":
            page.get_by_role("button", name="Show the answer").click()
            expect(page.get_by_text("How well did you know it?")).to_be_visible()
            inspector.look(page, "practice flashcard turned over")
            page.locator("button[name=rating][value='3']").click()
        else:
            page.reload()
            assert _find_card(page, answer_keys) == entry
            student.fill(entry, entry.right)
        if entry.type != "flashcard":
            student.check()
        expect(student.verdict).to_have_text("Not yet" if entry.id == "height" else "Right")
        if entry.id == "height":
            inspector.look(page, "practice verdict")
        page.keyboard.press("Enter")
        expect(student.verdict).to_have_count(0)
    assert len(seen) == 8
    expect(page.get_by_role("heading", name="Practice done")).to_be_focused()
    inspector.look(page, "practice result")
    page.keyboard.press("m")
    expect(student.asked).to_be_visible()
    other = new_student(shared_server, beside=student)
    other.page.goto(page.url)
    entry = _find_card(page, answer_keys)
    other.fill(entry, entry.right)
    other.check()
    expect(other.verdict).to_have_text("Right")
    student.fill(entry, entry.wrong)
    student.check()
    expect(page.get_by_text("was answered in this practice already")).to_be_visible()
    expect(student.verdict).to_have_text("Right")
    inspector.look(page, "practice verdict of another tab")


def test_pairs_are_found_by_keys_by_pressing_and_by_dragging(student: Student, inspector: Inspector) -> None:
    page = student.page
    student.open("/games/match?deck=birds")
    told = page.get_by_role("status")
    inspector.look(page, "match game")
    page.set_viewport_size({"width": 1280, "height": 800})
    lefts = [text.strip() for text in page.locator("[data-side=left] > span:first-child").all_inner_texts()]
    rights = [text.strip() for text in page.locator("[data-side=right] > span:first-child").all_inner_texts()]
    first, second, third, fourth = lefts

    page.keyboard.press("1")
    expect(told).to_have_text(f"Chosen: {first}. Now its partner.")
    wrong = next(text for text in rights if text != PARTNERS[first])
    page.keyboard.press("abcd"[rights.index(wrong)])
    expect(told).to_have_text("Not yet: these two do not belong together.")
    page.keyboard.press("1")
    page.keyboard.press("abcd"[rights.index(PARTNERS[first])])
    expect(told).to_contain_text("1 of 4 pairs found.")
    expect(_tile(page, "left", second)).to_be_focused()

    page.keyboard.press("Enter")
    _tile(page, "right", PARTNERS[second]).focus()
    page.keyboard.press("Enter")
    expect(told).to_contain_text("2 of 4 pairs found.")
    _tile(page, "right", PARTNERS[third]).click()
    inspector.look(page, "match game, half done, a tile chosen")
    page.set_viewport_size({"width": 1280, "height": 800})
    _tile(page, "left", third).click()
    expect(told).to_contain_text("3 of 4 pairs found.")

    _tile(page, "left", fourth).drag_to(_tile(page, "right", PARTNERS[fourth]))
    expect(page.get_by_role("heading", name="All pairs found")).to_be_focused()
    expect(page.get_by_text("5 tries for 4 pairs.")).to_be_visible()
    inspector.look(page, "match game, done")


def test_a_timed_round_pauses_and_needs_no_timer(student: Student, inspector: Inspector) -> None:
    page = student.page
    student.open("/games/timed?card=birds/height&card=birds/legs")
    inspector.look(page, "timed round, settings")
    page.get_by_role("button", name="Start").click()
    expect(student.asked).to_be_visible()
    expect(page.get_by_role("timer")).to_be_visible()
    inspector.look(page, "timed round")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_focused()
    expect(student.asked).to_be_hidden()
    stands = page.get_by_role("timer").inner_text()
    inspector.look(page, "timed round, paused")
    expect(page.get_by_role("timer")).to_have_text(stands)
    page.keyboard.press("p")
    expect(student.asked).to_be_visible()
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("heading", name="Stopped")).to_be_focused()

    student.open("/games/timed?card=birds/height&card=birds/legs")
    page.get_by_role("radio", name="No timer").check()
    page.keyboard.press("Enter")
    for turn in range(2):
        expect(student.asked).to_be_visible()
        expect(page.get_by_role("timer")).to_be_hidden()
        is_choice = page.get_by_role("radio").count() > 0
        if is_choice:
            page.get_by_role("radio", name="50 cm").check()
        else:
            page.get_by_role("textbox", name="Your answer").fill("long")
        student.check()
        if turn == 0:
            expect(page.get_by_role("status")).to_contain_text("Not yet. " if is_choice else "Right.")
    expect(page.get_by_role("heading", name="All cards answered")).to_be_focused()
    expect(page.get_by_text("1 of 2 right")).to_be_visible()
    inspector.look(page, "timed round, done")
    page.get_by_role("button", name="Practise what was not right").click()
    expect(page.get_by_text("How tall is a grey heron at most?")).to_be_visible()
