"""Everything without a mouse, and everything without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
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
    assert typist.find_card() in (second, first)  # the first one, where a minute has passed since

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


def _check_read_in_order(page: Page, what: str, *wanted: str) -> None:
    """A screen reader meets these lines of the accessibility tree in this order."""
    said = page.locator("main").aria_snapshot()
    place = 0
    for each in wanted:
        found = re.compile(each).search(said, place)
        assert found, f"{what}: {each} does not come where it should in\n{said}"
        place = found.end()


_ANSWERED_BY = {
    "choice": r'radio "100 cm',
    "multiple": r'checkbox "Voles',
    "truefalse": r'radio "True',
    "short": 'textbox "Your answer"',
    "cloze": 'textbox "Blank 1 of 2".*(?s:.*)textbox "Blank 2 of 2"',
    "order": 'combobox "Place of “.*(?s:.*)button "Move down: ',
    "match": 'combobox "W.*(?s:.*)group "Partners"',
}


def test_every_type_is_read_aloud_from_the_question_to_the_button_and_from_the_verdict_to_the_proof(
    typist: Typist,
) -> None:
    page = typist.page
    typist.open("/study/birds")
    for card in samples.RIGHT:
        entry = typist.go_to(card)  # on a busy machine one that was wrong may be due again before it
        question = "heading .*(?s:.*?)list .Cards left today.*(?s:.*?)paragraph"
        if entry.type == "flashcard":
            _check_read_in_order(page, card, question, 'button "Show the answer"')
        else:
            _check_read_in_order(page, card, question, _ANSWERED_BY[entry.type], 'button "Check"')
        typist.answer(right=False)
        expect(typist.verdict).to_be_focused()  # so it is said at once
        shown = "list .Your answer and the right one" if entry.type not in ("flashcard", "cloze") else ""
        _check_read_in_order(
            page,
            f"{card} answered",
            'heading "Not yet"',
            'link "Continue"',
            shown,
            straighten(entry.explanation)[:10],
            "figure",
            'link "Read it in the text',
        )
        typist.go_on()


def test_pairs_are_found_with_keys_alone_and_each_choice_is_said(typist: Typist) -> None:
    typist.open("/study/birds")
    entry = typist.go_to("seasons")
    typist.fill(entry, entry.right)
    typist.press("Tab")
    assert typist.focus.words.startswith("Check")  # the partners that can be pressed are no stops on the way
    typist.press("Enter")
    expect(typist.verdict).to_have_text("Right")


def test_i_was_right_is_a_key_and_its_answer_takes_the_focus(typist: Typist) -> None:
    page = typist.page
    typist.open("/study/birds")
    typist.answer(right=False)
    typist.press("r")
    told = page.locator("#told-right")
    expect(told).to_be_focused()
    expect(told).to_contain_text("A teacher will look at your answer.")
    typist.tab_to(lambda focus: focus.words == "Withdraw this")
    typist.press("Enter")
    expect(page.get_by_role("button", name="I was right")).to_be_visible()
    typist.tab_to(lambda focus: focus.words == "Tell a teacher about this card")
    typist.press("Enter", "Tab")
    assert typist.focus.name == "text"
    page.keyboard.type("u 1 r?")
    expect(page.get_by_label("What is hard or wrong about it?")).to_have_value("u 1 r?")


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
    for card in samples.RIGHT:
        student.go_to(card)
        last = student.answer(right=right)
        seen.append(last.type)
        expect(student.page.locator("mark").first).to_be_visible()
        student.go_on()
    assert len(set(seen)) == len(samples.RIGHT)
    while not student.end.is_visible():  # what was wrong more than a minute ago is due again
        last = student.answer(right=True)
        student.go_on()
    student.page.get_by_role("button", name="Undo the last answer").click()
    assert student.find_card() == last


def test_without_script_an_answer_is_claimed_and_a_note_written(
    new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    student = new_student(shared_server, java_script_enabled=False)
    page = student.page
    student.open("/study/birds")
    student.answer(right=False)
    page.get_by_role("button", name="I was right").click()
    expect(page.get_by_text("A teacher will look at your answer.")).to_be_visible()
    page.get_by_text("Tell a teacher about this card").click()
    page.locator("#note-to-teacher").get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what is hard or wrong about the card.")
    page.get_by_label("What is hard or wrong about it?").fill("It is too small.")
    page.locator("#note-to-teacher").get_by_role("button", name="Send").click()
    expect(page.get_by_text("There is no answer yet.")).to_be_visible()


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
