"""A test sat in a real browser: networks, servers, tabs and pages fail, and every answer is accounted for."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from plumbing import samples
from plumbing.browser_steps import Student
from plumbing.database_file import run_sql
from plumbing.inspection import Inspector
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
CARDS = ("height", "food", "winter", "legs", "waiting", "sequence", "seasons")


def _sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("^Sign in")).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.fixture
def add_people() -> Callable[[LiveServer, str], tuple[str, str]]:
    """Make a teacher and a student with names of this test's own."""

    def add(server: LiveServer, mark: str) -> tuple[str, str]:
        people = {f"Alice {mark}": "teacher", f"Bob {mark}": "student"}
        for name, role in people.items():
            done = server.run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD + "\n")
            assert done.returncode == 0, done.stderr
        teacher, student = people
        return teacher, student

    return add


def _set_test(teacher: Student, **choices: str) -> str:
    """Alice sets a test of all birds, by link; gives its path."""
    page = teacher.page
    teacher.open("/tests/new")
    page.get_by_label("Name", exact=True).fill("Herons")
    page.get_by_label("Whoever is signed in").check()
    page.get_by_label("Keep these cards").uncheck()
    for label, value in choices.items():
        page.locator(f"#{label}").select_option(value)
    page.get_by_label("Another order of questions").uncheck()
    page.get_by_role("button", name="Save").click()
    address = re.sub(r"^https?://[^/]+", "", page.url)
    teacher.open(f"{address}/cards?deck=birds")
    for card in CARDS:
        page.locator(f"input[value='birds/{card}']").check()
    page.get_by_role("button", name="Keep this choice").click()
    teacher.open(address)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Students do not see this test yet.")).to_be_hidden()
    return address


def _ledger(server: LiveServer, student: str) -> dict[str, str]:
    """What the database holds of a student's answers, by card."""
    rows = run_sql(
        server.data_dir,
        "SELECT card.slug, attempt_question.typed FROM attempt_question JOIN card ON card.id = card_id"
        " JOIN account ON account.learner_id = attempt_question.learner_id WHERE account.name = ? AND typed <> ''",
        student,
    )
    return dict(rows)


def _question(page: Page, number: int) -> Locator:
    return page.locator(f"[data-question='{number}']")


def _saved(page: Page, number: int) -> None:
    expect(_question(page, number).locator("[data-saved]")).to_contain_text(re.compile(r"^saved \d\d:\d\d:\d\d"))


def test_a_test_survives_a_cut_network_a_killed_server_a_closed_tab_and_reloads(
    new_student: Callable[..., Student],
    live_server: Callable[..., LiveServer],
    add_people: Callable[..., tuple[str, str]],
) -> None:
    server = live_server()
    _add_birds(server)
    teacher_name, student_name = add_people(server, "one")
    teacher = new_student(server)
    _sign_in(teacher.page, server.url, teacher_name)
    address = _set_test(teacher)
    bob = new_student(server, network_fails=True)
    page = bob.page
    _sign_in(page, server.url, student_name)
    bob.open(address)
    page.get_by_role("button", name="Begin").click()
    go_on = page.get_by_role("button", name="Save and go on")

    page.get_by_role("radio", name="100 cm").check()  # 1: all is well
    _saved(page, 1)
    page.reload()
    expect(page.get_by_role("radio", name="100 cm")).to_be_checked()
    go_on.click()

    page.context.set_offline(True)  # 2 and 3: no network, and going on all the same
    for fish in ("Fish", "Frogs", "Voles"):
        page.get_by_role("checkbox", name=fish).check()
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    expect(_question(page, 2).locator("[data-saved]")).to_have_text("not sent yet, kept on this device")
    go_on.click()
    page.get_by_role("radio", name="False").check()
    expect(_question(page, 3).locator("[data-saved]")).to_have_text("not sent yet, kept on this device")
    assert set(_ledger(server, student_name)) == {"height"}
    page.context.set_offline(False)
    _saved(page, 3)
    expect(page.get_by_text("No connection")).to_be_hidden()
    assert set(_ledger(server, student_name)) == {"height", "food", "winter"}
    go_on.click()

    page.evaluate("navigator.serviceWorker.ready.then(() => {})")
    server.kill()  # 4: the server dies, the page is loaded anew while it is gone, and it comes back
    page.reload()
    page.get_by_label("Your answer").fill("long")
    expect(_question(page, 4).locator("[data-saved]")).to_have_text("not sent yet, kept on this device")
    server.start()
    _saved(page, 4)
    go_on.click()

    page.get_by_label("Blank 1 of 2").fill("without")  # 5: the tab is closed in the middle of typing
    page.context.set_offline(True)
    page.get_by_label("Blank 2 of 2").fill("prey")
    expect(_question(page, 5).locator("[data-saved]")).to_have_text("not sent yet, kept on this device")
    page.close()
    again = new_student(server, beside=bob, network_fails=True)
    page = again.page
    page.context.set_offline(False)
    again.open(address)
    page.get_by_role("link", name="Go on with the test").click()
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("^5")).click()
    expect(page.get_by_label("Blank 2 of 2")).to_have_value("prey")
    _saved(page, 5)
    page.get_by_role("button", name="Save and go on").click()

    for number, item in enumerate(("How it looks", "What it eats", "Where it goes"), start=1):  # 6: reload at each step
        page.get_by_label(f"Place of “{item}”").select_option(str(number))
        _saved(page, 6)
        page.reload()
    expect(_question(page, 6).locator("[data-saved]")).not_to_contain_text("not complete")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Winter", exact=True).select_option("the south")
    page.get_by_label("Water", exact=True).select_option("fish")
    _saved(page, 7)
    page.get_by_role("button", name="Save and look over all").click()
    expect(page.get_by_text("Every question has an answer.")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("7 of 7 points")).to_be_visible()
    assert set(_ledger(server, student_name)) == set(CARDS)
    inspector = Inspector()
    inspector.look(page, "the result of a test")
    assert "\n".join(inspector.wrong) == ""


def _add_birds(server: LiveServer) -> None:
    path = server.data_dir.parent / "decks"
    (path / "sources").mkdir(parents=True)
    (path / "sources" / "herons.md").write_bytes(samples.SOURCE)
    (path / "birds.yaml").write_bytes(samples.DECK)
    done = server.run("deck", "load", str(path / "birds.yaml"), str(path / "sources" / "herons.md"))
    assert done.returncode == 0, done.stderr


def test_lines_and_pairs_are_moved_by_buttons_and_by_dragging_and_saved_as_they_are_moved(
    new_student: Callable[..., Student], shared_server: LiveServer, add_people: Callable[..., tuple[str, str]]
) -> None:
    teacher_name, student_name = add_people(shared_server, "movers")
    teacher = new_student(shared_server)
    _sign_in(teacher.page, shared_server.url, teacher_name)
    address = _set_test(teacher, layout="all")
    bob = new_student(shared_server)
    page = bob.page
    _sign_in(page, shared_server.url, student_name)
    bob.open(address)
    page.get_by_role("button", name="Begin").click()
    lines = _question(page, 6).get_by_role("listitem")
    expect(_question(page, 6).locator("[data-saved]")).not_to_contain_text("saved")  # untouched, it is no answer
    assert _ledger(shared_server, student_name) == {}

    last = lines.nth(2).locator(".item").inner_text()
    lines.nth(2).get_by_role("button", name=re.compile("^Move up")).click()
    _saved(page, 6)
    expect(lines.nth(1).locator(".item")).to_have_text(last)
    lines.nth(1).locator("[data-grip]").drag_to(lines.nth(0))
    expect(lines.nth(0).locator(".item")).to_have_text(last)
    chips = _question(page, 7).locator(".chips").get_by_role("button")
    chips.filter(has_text="fish").drag_to(_question(page, 7).get_by_role("listitem").filter(has_text="Water"))
    chips.filter(has_text="south").click()
    _saved(page, 7)
    page.reload()
    expect(lines.nth(0).locator(".item")).to_have_text(last)
    expect(page.get_by_label("Winter", exact=True)).to_have_value("the south")
    expect(page.get_by_label("Water", exact=True)).to_have_value("fish")
    assert set(_ledger(shared_server, student_name)) == {"sequence", "seasons"}


def test_two_tabs_and_a_lost_sign_in(
    new_student: Callable[..., Student], shared_server: LiveServer, add_people: Callable[..., tuple[str, str]]
) -> None:
    teacher_name, student_name = add_people(shared_server, "two")
    teacher = new_student(shared_server)
    _sign_in(teacher.page, shared_server.url, teacher_name)
    address = _set_test(teacher, layout="all")
    one = new_student(shared_server)
    _sign_in(one.page, shared_server.url, student_name)
    one.open(address)
    one.page.get_by_role("button", name="Begin").click()
    other = new_student(shared_server, beside=one)
    other.page.goto(one.page.url)

    one.page.get_by_label("Your answer").fill("from one")
    _saved(one.page, 4)
    expect(other.page.get_by_role("alert")).to_contain_text("Answered in another window")
    other.page.get_by_label("Your answer").fill("from the other")
    _saved(other.page, 4)
    expect(one.page.get_by_role("alert")).to_contain_text("Answered in another window")
    one.page.get_by_role("link", name="Show the newer answer").click()
    expect(one.page.get_by_label("Your answer")).to_have_value("from the other")
    assert _ledger(shared_server, student_name) == {"legs": '"from the other"'}

    learner = run_sql(shared_server.data_dir, "SELECT learner_id FROM account WHERE name = ?", student_name)[0][0]
    run_sql(shared_server.data_dir, "DELETE FROM sign_in WHERE learner_id = ?", learner)
    one.page.get_by_label("Your answer").fill("long")
    expect(one.page.get_by_role("alert")).to_contain_text("You are no longer signed in")
    inspector = Inspector()
    inspector.look(one.page, "a test without a sign-in")
    one.page.get_by_role("alert").get_by_role("link", name="Sign in").click()
    one.page.get_by_label("Name").fill(student_name)
    one.page.get_by_label("Password").fill(PASSWORD)
    one.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(one.page.get_by_label("Your answer")).to_have_value("long")
    _saved(one.page, 4)
    assert _ledger(shared_server, student_name) == {"legs": '"long"'}
    inspector.look(one.page, "a test, all on one page")
    for path in ("/tests", address):
        one.open(path)
        inspector.look(one.page, path)
    for path in (address, f"{address}/edit", f"{address}/cards?deck=birds", f"{address}/preview"):
        teacher.open(path)
        inspector.look(teacher.page, f"the teacher's {path}")
    assert "\n".join(inspector.wrong) == ""


def test_the_clock_follows_extra_time_and_hands_in_at_the_end(
    new_student: Callable[..., Student], shared_server: LiveServer, add_people: Callable[..., tuple[str, str]]
) -> None:
    teacher_name, student_name = add_people(shared_server, "three")
    teacher = new_student(shared_server)
    _sign_in(teacher.page, shared_server.url, teacher_name)
    address = _set_test(teacher)
    data = shared_server.data_dir
    handle = address.rsplit("/", 1)[1]
    limited = (
        "UPDATE assessment SET plan = replace(plan, '\"limit_minutes\":null', '\"limit_minutes\":1') WHERE handle = ?"
    )
    run_sql(data, limited, handle)
    bob = new_student(shared_server)
    _sign_in(bob.page, shared_server.url, student_name)
    bob.open(address)
    bob.page.get_by_role("button", name="Begin").click()
    clock = bob.page.get_by_role("timer")
    expect(clock).to_have_text(re.compile(r"^(1:00|0:[2-5]\d) left$"))
    learner = run_sql(data, "SELECT learner_id FROM account WHERE name = ?", student_name)[0][0]
    millis = int(datetime.now(UTC).timestamp() * 1000)
    run_sql(data, "INSERT INTO accommodation (learner_id, time_percent, set_at) VALUES (?, 300, ?)", learner, millis)
    bob.page.get_by_role("radio", name="100 cm").check()
    _saved(bob.page, 1)
    expect(clock).to_have_text(re.compile(r"^2:\d\d left$"))
    began = int(datetime.now(UTC).timestamp() * 1000) - 170_000  # of three minutes ten seconds are left
    run_sql(data, "UPDATE attempt SET started_at = ? WHERE learner_id = ?", began, learner)
    bob.page.get_by_role("radio", name="50 cm").check()
    expect(bob.page.get_by_text("The time ran out")).to_be_visible()
    assert _ledger(shared_server, student_name) == {"height": '"50 cm"'}


def test_when_the_time_ends_without_network_the_page_waits_and_takes_the_extra_time_that_was_given(
    new_student: Callable[..., Student], shared_server: LiveServer, add_people: Callable[..., tuple[str, str]]
) -> None:
    teacher_name, student_name = add_people(shared_server, "late")
    teacher = new_student(shared_server)
    _sign_in(teacher.page, shared_server.url, teacher_name)
    address = _set_test(teacher)
    data = shared_server.data_dir
    limited = (
        "UPDATE assessment SET plan = replace(plan, '\"limit_minutes\":null', '\"limit_minutes\":9') WHERE handle = ?"
    )
    run_sql(data, limited, address.rsplit("/", 1)[1])
    bob = new_student(shared_server, network_fails=True)
    page = bob.page
    page.clock.install()
    _sign_in(page, shared_server.url, student_name)
    bob.open(address)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("radio", name="100 cm").check()
    _saved(page, 1)
    page.context.set_offline(True)
    page.clock.fast_forward("10:00")
    expect(page.get_by_role("timer")).to_have_text("0:00 left")
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    learner = run_sql(data, "SELECT learner_id FROM account WHERE name = ?", student_name)[0][0]
    millis = int(datetime.now(UTC).timestamp() * 1000)
    run_sql(data, "INSERT INTO accommodation (learner_id, time_percent, set_at) VALUES (?, 300, ?)", learner, millis)
    page.context.set_offline(False)
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^2\d:\d\d left$"))
    page.get_by_role("radio", name="50 cm").check()
    expect(_question(page, 1).locator("[data-saved]")).to_contain_text(re.compile("^saved"))
    assert _ledger(shared_server, student_name) == {"height": '"50 cm"'}


def test_late_scripts_another_sign_in_and_a_page_of_whoever_owns_the_network_lose_no_answer(
    new_student: Callable[..., Student], shared_server: LiveServer, add_people: Callable[..., tuple[str, str]]
) -> None:
    teacher_name, student_name = add_people(shared_server, "late scripts")
    teacher = new_student(shared_server)
    _sign_in(teacher.page, shared_server.url, teacher_name)
    address = _set_test(teacher)
    bob = new_student(shared_server, network_fails=True)
    bob.page.context.add_init_script("ServiceWorkerContainer.prototype.register = () => Promise.reject()")
    other, page = new_student(shared_server, beside=bob).page, bob.page
    _sign_in(other, shared_server.url, student_name)
    bob.open(address)
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/assessments-kept.js*", hold)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("radio", name="100 cm").check()
    page.wait_for_timeout(1000)
    assert (len(late), _ledger(shared_server, student_name)) == (1, {})
    late[0].continue_()
    _saved(page, 1)
    assert _ledger(shared_server, student_name) == {"height": '"100 cm"'}

    other.get_by_role("button", name="Sign out").click()
    _sign_in(other, shared_server.url, student_name)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("checkbox", name="Fish").check()
    _saved(page, 2)
    expect(page.get_by_text("You are no longer signed in")).to_be_hidden()

    page.route(re.compile("/(pulse|answers/)"), lambda route: route.fulfill(body="<p>Pay for the network"))
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    page.get_by_role("checkbox", name="Frogs").check()
    expect(_question(page, 2).locator("[data-saved]")).to_have_text("not sent yet, kept on this device")
    page.unroute_all()
    _saved(page, 2)
    assert sorted(json.loads(_ledger(shared_server, student_name)["food"])) == ["Fish", "Frogs"]  # in any order
