"""Everything without a mouse, and everything without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from plumbing import samples
from plumbing.browser_steps import Student, Watch, straighten
from plumbing.keyboard_steps import Typist
from plumbing.server import LiveServer


@pytest.fixture
def typist(
    new_context: Callable[..., BrowserContext], answer_keys: dict, shared_server: LiveServer, watches: list[Watch]
) -> Typist:
    """A new visitor who has only keys."""
    page = new_context(viewport={"width": 1280, "height": 720}).new_page()
    watches.append(Watch(page, shared_server.url))
    return Typist(page, shared_server.url, answer_keys)


def test_a_deck_is_learned_by_keyboard_alone(typist: Typist) -> None:
    page = typist.page
    typist.open("/")
    typist.tab_to(lambda focus: focus.words == "Dates and periods")
    typist.press("Enter")
    expect(typist.asked).to_be_visible()

    first = typist.answer(right=False)
    expect(page.locator("mark").first).to_be_visible()
    typist.press("t")
    source, paragraph = first.places[0]
    expect(page).to_have_url(re.compile(rf"/sources/{source}\?answer=[0-9a-f-]+#p{paragraph}$"))
    expect(page.locator(f"#p{paragraph} mark").first).to_be_in_viewport()
    typist.press("Enter")
    expect(typist.verdict).to_have_text("Not yet")

    typist.go_on()
    second = typist.answer(right=True)
    typist.press("u")
    expect(typist.asked).to_be_visible()
    assert typist.find_card() == second

    answered = {first}
    while not typist.end.is_visible():
        answered.add(typist.answer(right=True))
        typist.go_on()
    assert len({entry.type for entry in answered}) >= 7
    expect(typist.end).to_be_focused()
    typist.press("Enter")
    expect(page).to_have_url(typist.url + "/")
    expect(page.get_by_text(f"{len(answered)} of {typist.count_cards('dates')} cards seen")).to_be_visible()


def test_every_type_has_its_keys_right_and_wrong(typist: Typist) -> None:
    typist.open("/study/birds")
    for card in samples.RIGHT:
        assert typist.find_card().id == card
        typist.answer(right=False)
        typist.press("u")
        expect(typist.asked).to_be_visible()
        typist.answer(right=True)
        typist.go_on()
    expect(typist.end).to_be_focused()


def test_the_hint_comes_by_its_key_and_what_was_chosen_stays(typist: Typist) -> None:
    typist.open("/study/birds")
    typist.press("2", "h")
    expect(typist.page.get_by_label("Hint", exact=True)).to_be_focused()
    expect(typist.page.get_by_text("Think of a table.")).to_be_visible()
    expect(typist.page.get_by_role("radio").nth(1)).to_be_checked()


def test_the_list_of_keys_opens_closes_and_can_switch_single_keys_off(typist: Typist) -> None:
    page = typist.page
    typist.open("/study/birds")
    typist.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    typist.press("Escape")
    expect(keys).to_be_hidden()
    typist.press("?")
    expect(keys).to_be_visible()
    typist.press("?")
    expect(keys).to_be_hidden()

    typist.press("?")
    typist.tab_to(lambda focus: focus.id == "keys-on")
    typist.press("Space", "Escape", "1")
    expect(page.get_by_role("radio").first).not_to_be_checked()
    page.reload()
    typist.press("1")
    expect(page.get_by_role("radio").first).not_to_be_checked()


def test_letters_are_typed_and_not_taken_for_keys(typist: Typist) -> None:
    typist.open("/study/birds")
    typist.go_to("legs")
    field = typist.page.get_by_label("Your answer")
    expect(field).to_be_focused()
    typist.page.keyboard.type("hut 1?")
    expect(field).to_have_value("hut 1?")
    expect(typist.page.get_by_role("dialog")).to_be_hidden()


def test_lines_are_put_in_order_by_keys_and_their_new_place_is_said(typist: Typist) -> None:
    typist.open("/study/birds")
    entry = typist.go_to("sequence")
    before = typist.list_values("item-")
    typist.press("1", "Tab")
    assert typist.focus.words == f"Move down: {straighten(before[0])}"
    typist.press("ArrowDown")
    assert typist.list_values("item-") == [before[1], before[0], before[2]]
    expect(typist.page.locator("#live")).to_have_text(f"{straighten(before[0])} is now number 2 of 3.")
    typist.press("ArrowDown")
    assert typist.focus.words == f"Move up: {straighten(before[0])}"  # at the end there is no further down
    typist.fill(entry, entry.right)
    typist.check()
    expect(typist.verdict).to_have_text("Right")


def test_enter_with_no_answer_leads_to_what_is_missing(typist: Typist) -> None:
    typist.open("/study/birds")
    typist.press("Enter")
    summary = typist.page.get_by_role("alert")
    expect(summary).to_be_focused()
    typist.press("Tab", "Enter")
    expect(typist.page.get_by_role("radio").first).to_be_focused()


def test_tab_goes_down_the_card_and_the_focus_is_never_hidden(typist: Typist) -> None:
    page = typist.page
    page.set_viewport_size({"width": 320, "height": 568})
    typist.open("/study/birds")
    asked = typist.list_stops()
    assert [stop.name or stop.words.split()[0] for stop in asked[-3:]] == ["response", "Check", "Hint"]
    assert asked[1].words == "Back to all decks"
    typist.answer(right=False)
    expect(typist.verdict).to_be_focused()
    typist.press("Tab")
    assert typist.focus.words.startswith("Continue")
    assert [stop for stop in (*asked, *typist.list_stops()) if not stop.in_sight] == []


@pytest.mark.parametrize("right", [True, False])
def test_without_script_every_type_can_be_answered(
    new_student: Callable[..., Student], shared_server: LiveServer, right: bool
) -> None:
    student = new_student(shared_server, java_script_enabled=False)
    student.open("/study/birds")
    seen = []
    for _ in samples.RIGHT:
        seen.append(student.answer(right=right).type)
        expect(student.page.locator("mark").first).to_be_visible()
        student.go_on()
    assert len(set(seen)) == len(samples.RIGHT)
    expect(student.end).to_be_visible()
    student.page.get_by_role("button", name="Undo the last answer").click()
    assert student.find_card().id == "name"


def test_without_script_the_hint_and_what_is_missing_are_shown(
    new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    student = new_student(shared_server, java_script_enabled=False)
    page = student.page
    student.open("/study/birds")
    student.fill(student.find_card(), "50 cm")
    page.get_by_role("button", name="Hint").click()
    expect(page.get_by_text("Think of a table.")).to_be_visible()
    expect(page.get_by_role("radio", name="50 cm")).to_be_checked()
    student.open("/study/birds")
    student.check()
    page.get_by_role("alert").get_by_role("link", name="Choose an answer.").click()
    expect(page).to_have_url(re.compile("#response$"))
    student.answer(right=True)
