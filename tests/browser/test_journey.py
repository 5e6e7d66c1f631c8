"""The whole way of a guest, on a server started as the README says: answers, proofs, undo, the end, a restart."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from plumbing.answer_key import Entry
from plumbing.browser_steps import Student, straighten
from plumbing.server import LiveServer


def _read_marks(place: Locator) -> str:
    """The words that are highlighted in a passage, as one text."""
    return straighten(" ".join(place.locator("mark").all_inner_texts()))


def _check_explained(page: Page, entry: Entry) -> None:
    """The explanation stands there, and each quote is highlighted in its own passage."""
    shown = straighten(page.locator("main").inner_text())
    assert straighten(entry.explanation)[:80] in shown
    passages = page.get_by_role("figure")
    assert passages.count() == len(entry.quotes)
    for number, quote in enumerate(entry.quotes):
        expect(passages.nth(number).locator("mark").first).to_be_visible()
        assert straighten(quote) in _read_marks(passages.nth(number))


def _check_landed(page: Page, entry: Entry) -> None:
    """The text is open at the paragraph: it is in view, and so is the highlighted quote."""
    source, paragraph = entry.places[0]
    expect(page).to_have_url(re.compile(rf"/sources/{source}\?answer=[0-9a-f-]+#p{paragraph}$"))
    place = page.locator(f"#p{paragraph}")
    expect(place).to_be_in_viewport()
    expect(place.locator("mark").first).to_be_in_viewport()
    assert straighten(entry.quotes[0]) in _read_marks(place)


def test_a_guest_learns_a_deck_from_the_readmes_command_to_a_restart(
    live_server: Callable[..., LiveServer], new_student: Callable[..., Student]
) -> None:
    server = live_server(through_make=True)
    guest = new_student(server, viewport={"width": 1280, "height": 720})
    page = guest.page

    guest.open("/")
    page.get_by_role("link", name="Dates and periods", exact=True).click()
    first = guest.answer(right=False)
    _check_explained(page, first)

    page.get_by_role("link", name="Read it in the text").first.click()
    _check_landed(page, first)
    page.get_by_role("link", name="Back to your answer").click()
    expect(guest.verdict).to_have_text("Not yet")

    guest.go_on()
    left = page.get_by_label("Cards left today").inner_text()
    second = guest.answer(right=True)
    assert second != first
    _check_explained(page, second)

    page.get_by_role("button", name="Undo").click()
    expect(guest.asked).to_be_visible()
    assert guest.find_card() in (second, first)  # the first one, where a minute has passed since
    assert page.get_by_label("Cards left today").inner_text() == left

    answered = {first}
    while not guest.end.is_visible():
        answered.add(guest.answer(right=True))
        guest.go_on()
    assert len({entry.type for entry in answered}) >= 7
    said = page.get_by_text(re.compile(r"\d+ answers today; \d+ were right")).inner_text()

    server.restart()
    guest.open("/")
    expect(page.get_by_text(f"{len(answered)} of {guest.count_cards('dates')} cards seen")).to_be_visible()
    guest.open("/study/dates")
    if not guest.end.is_visible():  # the first card comes back after a minute
        assert guest.find_card() == first
        guest.answer(right=True)
        guest.go_on()
    else:
        expect(page.get_by_text(said)).to_be_visible()
