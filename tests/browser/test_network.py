"""Networks fail, replies get lost, people press twice: no answer is lost, and none is recorded twice."""

import http.client
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from plumbing.browser_steps import Student
from plumbing.database_file import count_answers, run_sql
from plumbing.server import LiveServer


@pytest.fixture
def student(new_student: Callable[..., Student], shared_server: LiveServer) -> Student:
    """A guest whose network may fail; the first answer is given."""
    somebody = new_student(shared_server, network_fails=True)
    somebody.open("/study/birds")
    somebody.answer(right=True)
    somebody.go_on()
    return somebody


def _read_key(page: Page) -> str:
    return page.locator("input[name=key]").input_value()


def _alert(page: Page) -> Locator:
    return page.get_by_role("alert")


def _lose_reply(route: Route) -> None:
    """The server takes the request as it is; of the reply, cookies and all, nothing comes back."""
    request = route.request
    address = urlsplit(request.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.request(request.method, address.path, request.post_data_buffer, request.all_headers())
    assert connection.getresponse().status < 400
    connection.close()
    route.abort("connectionreset")


@pytest.mark.parametrize("card", ["legs", "sequence", "seasons"])
def test_with_the_network_cut_an_answer_stays_and_is_recorded_once_when_it_is_back(
    student: Student, shared_server: LiveServer, card: str
) -> None:
    page = student.page
    entry = student.go_to(card)
    student.fill(entry, entry.right)
    key, filled = _read_key(page), page.locator("form[data-question]").evaluate("form => [...new FormData(form)]")
    page.context.set_offline(True)
    student.check()
    expect(_alert(page)).to_contain_text("No connection")
    expect(_alert(page)).to_contain_text("Nothing is lost")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    again.click()
    expect(again).to_be_focused()
    now = page.locator("form[data-question]").evaluate("form => [...new FormData(form)]")
    assert [field for field in now if field[0] != "shown_ms"] == [field for field in filled if field[0] != "shown_ms"]
    assert count_answers(shared_server.data_dir, key) == 0

    page.context.set_offline(False)
    again.click()
    expect(student.verdict).to_have_text("Right")
    expect(_alert(page)).to_be_hidden()
    assert count_answers(shared_server.data_dir, key) == 1


def test_a_rating_a_hint_and_going_on_survive_a_cut_network(student: Student, shared_server: LiveServer) -> None:
    page = student.page
    again = page.get_by_role("button", name="Try again")

    def cut_and_mend(press: Callable[[], None]) -> None:
        page.context.set_offline(True)
        press()
        expect(again).to_be_focused()
        page.context.set_offline(False)
        again.click()

    student.go_to("legs")
    cut_and_mend(page.get_by_role("button", name="Hint").click)
    expect(page.get_by_text("The opposite of short.")).to_be_visible()
    student.answer(right=True)
    cut_and_mend(page.get_by_role("link", name="Continue").click)
    expect(student.asked).to_be_visible()
    student.go_to("name")
    cut_and_mend(page.get_by_role("button", name="Show the answer").click)
    expect(page.get_by_text("How well did you know it?")).to_be_visible()
    key = _read_key(page)
    cut_and_mend(page.get_by_role("button", name="Easily").click)
    expect(student.verdict).to_have_text("Right")
    assert run_sql(shared_server.data_dir, "SELECT rating FROM review WHERE key = ?", key) == [(4,)]


def test_an_answer_whose_reply_is_lost_is_sent_again_and_recorded_once(
    student: Student, shared_server: LiveServer
) -> None:
    page = student.page
    entry = student.go_to("legs")
    student.fill(entry, entry.wrong)
    key = _read_key(page)
    page.route("**/study/birds", _lose_reply)
    student.check()
    expect(_alert(page)).to_contain_text("Nothing is lost")
    assert count_answers(shared_server.data_dir, key) == 1
    page.unroute("**/study/birds")
    page.get_by_role("button", name="Try again").click()
    expect(student.verdict).to_have_text("Not yet")
    assert count_answers(shared_server.data_dir, key) == 1


def test_an_answer_whose_reply_is_lost_and_that_is_then_changed_shows_what_was_recorded(
    student: Student, shared_server: LiveServer
) -> None:
    page = student.page
    entry = student.go_to("legs")
    student.fill(entry, entry.wrong)
    key = _read_key(page)
    page.route("**/study/birds", _lose_reply)
    student.check()
    expect(_alert(page)).to_contain_text("Nothing is lost")
    page.unroute("**/study/birds")
    student.fill(entry, entry.right)
    page.get_by_role("button", name="Try again").click()
    expect(student.verdict).to_have_text("Not yet")
    assert count_answers(shared_server.data_dir, key) == 1


def test_what_is_typed_while_the_hint_is_on_its_way_is_kept(student: Student) -> None:
    page = student.page
    student.go_to("legs")
    typed = page.get_by_label("Your answer")
    typed.fill("lo")
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    page.route("**/hint", hold)
    page.get_by_role("button", name="Hint").click()
    typed.fill("long")
    slow[0].continue_()
    expect(page.locator("#hint")).to_be_visible()
    expect(typed).to_have_value("long")


def test_an_undo_whose_reply_is_lost_can_be_sent_again(student: Student) -> None:
    page = student.page
    entry = student.answer(right=False)
    page.route("**/undo", _lose_reply)
    page.get_by_role("button", name="Undo").first.click()
    expect(_alert(page)).to_contain_text("Nothing is lost")
    page.unroute("**/undo")
    page.get_by_role("button", name="Try again").click()
    expect(student.asked).to_be_visible()
    assert student.find_card() == entry


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_is_recorded_once(
    new_student: Callable[..., Student], shared_server: LiveServer, script: bool
) -> None:
    student = new_student(shared_server, java_script_enabled=script)
    student.open("/study/birds")
    student.answer(right=True)
    for _ in range(3):
        student.go_on()
        entry = student.find_card()
        student.fill(entry, entry.right)
        key = _read_key(student.page)
        student.page.get_by_role("button", name="Check").dblclick(no_wait_after=True)
        expect(student.verdict).to_have_text("Right")
        assert count_answers(shared_server.data_dir, key) == 1


def test_two_tabs_are_one_learner_and_both_answers_count(
    new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    one = new_student(shared_server)
    other = new_student(shared_server, beside=one)
    for tab in (one, other):
        tab.open("/study/birds")
    assert one.find_card() == other.find_card()
    keys = [_read_key(tab.page) for tab in (one, other)]
    one.answer(right=True)
    other.answer(right=False)
    rows = run_sql(
        shared_server.data_dir,
        "SELECT learner_id, seq, verdict FROM review WHERE key IN (?, ?) ORDER BY seq",
        *keys,
    )
    assert [row[1:] for row in rows] == [(1, "right"), (2, "wrong")]
    assert len({row[0] for row in rows}) == 1
    one.go_on()
    assert one.find_card().id != "height"


def test_an_answer_taken_back_in_another_tab_is_said_to_be_taken_back(
    new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    one = new_student(shared_server)
    one.open("/study/birds")
    entry = one.answer(right=True)
    other = new_student(shared_server, beside=one)
    other.page.goto(one.page.url)
    other.page.get_by_role("button", name="Undo").first.click()
    expect(other.asked).to_be_visible()
    one.page.reload()
    expect(one.page.get_by_text("You took this answer back.")).to_be_visible()
    one.go_on()
    assert one.find_card() == entry


def test_reloading_at_every_step_loses_and_repeats_nothing(student: Student, shared_server: LiveServer) -> None:
    page = student.page
    page.reload()
    entry = student.find_card()
    student.fill(entry, entry.wrong)
    page.reload()
    key = _read_key(page)
    assert student.answer(right=False) == entry
    for _ in range(2):
        page.reload()
        expect(student.verdict).to_have_text("Not yet")
    assert count_answers(shared_server.data_dir, key) == 1
    student.go_on()
    following = student.find_card()
    page.reload()
    assert student.find_card() in (following, entry)  # what was wrong a minute ago is due again
    while not student.end.is_visible():
        student.answer(right=True)
        student.go_on()
    page.reload()
    expect(student.end.or_(student.asked)).to_be_visible()
    assert student.end.is_visible() or student.find_card() == entry


def test_back_and_forward_go_through_what_was_seen_and_record_nothing(
    student: Student, shared_server: LiveServer
) -> None:
    page = student.page
    key = _read_key(page)
    student.answer(right=False)
    at_verdict = page.url
    page.go_back()
    expect(student.asked).to_be_visible()
    expect(student.verdict).to_be_hidden()
    page.go_forward()
    expect(student.verdict).to_have_text("Not yet")
    assert page.url == at_verdict
    page.get_by_role("link", name="Read it in the text").first.click()
    expect(page.locator("mark").first).to_be_in_viewport()
    page.go_back()
    expect(student.verdict).to_have_text("Not yet")
    student.go_on()
    assert count_answers(shared_server.data_dir, key) == 1
