"""Without network: studying and tests go on, and each answer is sent once, in its order, as its own learner's."""

import http.client
import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect
from plumbing.browser_steps import Student
from plumbing.database_file import count_answers, run_sql
from plumbing.inspection import Inspector
from plumbing.offline_steps import HELD, PASSWORD, find_news, find_unsent, sign_in, wait_until
from plumbing.server import LiveServer


@pytest.fixture
def enter(new_student: Callable[..., Student], shared_server: LiveServer) -> Callable[..., Student]:
    """Somebody with an account of this test's own, signed in, whose network may fail: ``enter("Bob")``."""

    def sign_up(name: str, role: str = "student") -> Student:
        done = shared_server.run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
        somebody = new_student(shared_server, network_fails=True)
        sign_in(somebody.page, shared_server.url, name)
        return somebody

    return sign_up


def _take_along(student: Student) -> None:
    """Open the deck, and wait until the device holds what it needs."""
    student.open("/study/birds")
    wait_until(student.page, "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    wait_until(student.page, f"({HELD})().then(({{ decks }}) => decks.length === 1)")


def _read_key(page: Page) -> str:
    return page.locator("input[name=key]").input_value()


def _answer_unseen(student: Student, *, right: bool) -> str:
    """Answer the card on the page without network; give the key."""
    entry, key = student.find_card(), _read_key(student.page)
    student.fill(entry, entry.right if right else entry.wrong)
    student.check()
    expect(student.page.locator(f"input[name=key][value='{key}']")).to_have_count(0)
    return key


def _lose_reply(route: Route) -> None:
    """The server takes the request; of the reply nothing comes back."""
    request, address = route.request, urlsplit(route.request.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.request(request.method, address.path, request.post_data_buffer, request.all_headers())
    assert connection.getresponse().status == 200
    connection.close()
    route.abort("connectionreset")


def test_studying_goes_on_without_network_and_is_sent_in_its_order_each_answer_once(
    enter: Callable[..., Student], new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    bob = enter("Bob offline")
    _take_along(bob)
    held = json.dumps(bob.page.evaluate(HELD))
    assert [
        secret for secret in ("Think of a table", "That is a small egret", "The grey heron") if secret in held
    ] == []
    bob.page.context.set_offline(True)
    keys = [_answer_unseen(bob, right=True), _answer_unseen(bob, right=False)]
    expect(bob.page.get_by_text("Kept on this device; it will be checked when you are back online.")).to_be_visible()
    expect(find_unsent(bob.page)).to_have_text("Not sent yet: 2")
    inspector = Inspector()
    inspector.look(bob.page, "studying without network")
    bob.page.close()

    again = new_student(shared_server, beside=bob, network_fails=True)
    again.open("/progress")
    expect(again.page.get_by_role("heading", name="Without network")).to_be_visible()
    inspector.look(again.page, "the page for no network")
    again.page.get_by_role("link", name="Birds").click()
    keys.append(_answer_unseen(again, right=True))
    expect(find_unsent(again.page)).to_have_text("Not sent yet: 3")
    assert [count_answers(shared_server.data_dir, key) for key in keys] == [0, 0, 0]

    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.fallback()
            return
        lost.append(route.request.url)
        _lose_reply(route)

    again.page.context.route("**/study/birds", lose_first)
    again.page.context.set_offline(False)
    expect(find_news(again.page).get_by_role("heading")).to_have_text("While you were offline: 3 answers, 2 right")
    expect(find_unsent(again.page)).to_be_hidden()
    assert len(lost) == 1
    rows = run_sql(shared_server.data_dir, "SELECT key FROM review WHERE key IN (?, ?, ?) ORDER BY seq", *keys)
    assert [key for (key,) in rows] == keys
    inspector.look(again.page, "what came of answers given without network")
    find_news(again.page).get_by_role("link").nth(1).click()
    expect(again.verdict).to_have_text("Not yet")
    find_news(again.page).get_by_role("button").click()
    expect(find_news(again.page)).to_be_hidden()
    again.page.reload()
    expect(again.verdict).to_be_visible()
    expect(find_news(again.page)).to_be_hidden()
    assert "\n".join(inspector.wrong) == ""


def test_an_answer_whose_card_waits_for_a_test_is_kept_and_holds_up_no_other(
    enter: Callable[..., Student], shared_server: LiveServer
) -> None:
    bob = enter("Bob waits")
    _take_along(bob)
    bob.page.context.set_offline(True)
    first, second = _answer_unseen(bob, right=True), _answer_unseen(bob, right=True)

    def hold(route: Route) -> None:
        if first in (route.request.post_data or ""):
            route.fulfill(status=409, headers={"Retry-After": "600"}, body="<p>It waits until the test is over.</p>")
        else:
            route.fallback()

    bob.page.context.route("**/study/birds", hold)
    bob.page.context.set_offline(False)
    expect(find_news(bob.page).get_by_role("heading")).to_have_text("While you were offline: one answer, 1 right")
    expect(find_unsent(bob.page)).to_have_text("Not sent yet: 1")
    assert [count_answers(shared_server.data_dir, key) for key in (first, second)] == [0, 1]
    bob.page.context.unroute("**/study/birds")
    bob.page.reload()
    expect(find_news(bob.page).get_by_role("heading")).to_have_text("While you were offline: 2 answers, 2 right")
    expect(find_unsent(bob.page)).to_be_hidden()
    assert count_answers(shared_server.data_dir, first) == 1


def test_signing_out_asks_before_it_throws_answers_away_and_then_leaves_nothing(
    enter: Callable[..., Student], shared_server: LiveServer
) -> None:
    faith = enter("Faith offline")
    page = faith.page
    _take_along(faith)
    page.context.route(
        "**/study/birds", lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    )
    key = _answer_unseen(faith, right=True)
    page.goto(shared_server.url + "/")
    expect(find_unsent(page)).to_have_text("Not sent yet: 1")
    out = page.get_by_role("button", name="Sign out", exact=True)
    out.click()
    dialog = page.get_by_role("dialog", name="Not sent yet: 1")
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(find_unsent(page)).to_be_visible()

    out.click()
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Throw them away and sign out").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing was thrown away.")
    page.context.set_offline(False)
    dialog.get_by_role("button", name="Throw them away and sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    expect(find_unsent(page)).to_be_hidden()
    assert page.evaluate(HELD) == {"answers": [], "decks": [], "tests": []}
    assert count_answers(shared_server.data_dir, key) == 0


def test_another_person_on_the_same_browser_never_sends_the_first_ones_answers(
    enter: Callable[..., Student], shared_server: LiveServer
) -> None:
    grace = enter("Grace offline")
    page = grace.page
    _take_along(grace)
    page.context.set_offline(True)
    key = _answer_unseen(grace, right=True)
    learner = run_sql(shared_server.data_dir, "SELECT learner_id FROM account WHERE name = 'Grace offline'")[0][0]
    run_sql(shared_server.data_dir, "DELETE FROM sign_in WHERE learner_id = ?", learner)
    page.context.set_offline(False)
    page.goto(shared_server.url + "/")
    expect(find_unsent(page)).to_contain_text("Sign in as the one who answered")

    done = shared_server.run(
        "user", "add", "Henry offline", "--role", "student", "--password-stdin", typed=PASSWORD + "\n"
    )
    assert done.returncode == 0, done.stderr
    sign_in(page, shared_server.url, "Henry offline")
    grace.open("/study/birds")
    wait_until(page, f"({HELD})().then(({{ decks }}) => decks.length === 1)")
    expect(find_unsent(page)).to_be_hidden()
    assert [kept["state"] for kept in page.evaluate(HELD)["answers"]] == ["waiting"]
    assert count_answers(shared_server.data_dir, key) == 0
    grace.open("/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()

    sign_in(page, shared_server.url, "Grace offline")
    expect(find_news(page).get_by_role("heading")).to_have_text("While you were offline: one answer, 1 right")
    rows = run_sql(shared_server.data_dir, "SELECT learner_id FROM review WHERE key = ?", key)
    assert rows == [(learner,)]


def test_pressed_twice_without_network_an_answer_is_kept_once(
    enter: Callable[..., Student], shared_server: LiveServer
) -> None:
    heidi = enter("Heidi offline")
    page = heidi.page
    _take_along(heidi)
    entry, key = heidi.find_card(), _read_key(page)
    heidi.fill(entry, entry.right)
    page.context.set_offline(True)
    page.get_by_role("button", name="Check").dblclick()
    expect(page.locator(f"input[name=key][value='{key}']")).to_have_count(0)
    expect(find_unsent(page)).to_have_text("Not sent yet: 1")
    assert [dict(kept["fields"])["key"] for kept in page.evaluate(HELD)["answers"]] == [key]
    page.context.set_offline(False)
    expect(find_news(page).get_by_role("heading")).to_have_text("While you were offline: one answer, 1 right")
    assert count_answers(shared_server.data_dir, key) == 1
