"""What is typed survives a sign-in that ran out and a database that went away, in a real browser, with script."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from playwright.sync_api import Page, expect
from plumbing.browser_steps import Student
from plumbing.database_file import count_answers, run_sql
from plumbing.inspection import Inspector
from plumbing.server import LiveServer
from sqlalchemy.engine import make_url

PASSWORD = "three grey herons"


def _sign_up(student: Student, name: str) -> None:
    page = student.page
    student.open("/sign-up")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def _read_key(page: Page) -> str:
    return page.locator("input[name=key]").input_value()


def test_an_answer_from_a_sign_in_that_ran_out_is_kept_and_sent_after_signing_in_again(
    student: Student, shared_server: LiveServer
) -> None:
    page = student.page
    _sign_up(student, "Faith")
    student.open("/study/birds")
    entry = student.go_to("legs")
    page.get_by_label("Your answer").fill("long, I think")
    key = _read_key(page)
    learner = run_sql(shared_server.data_dir, "SELECT learner_id FROM account WHERE name = 'Faith'")[0][0]
    run_sql(shared_server.data_dir, "DELETE FROM sign_in WHERE learner_id = ?", learner)

    student.check()
    expect(page.get_by_role("heading", name="You are no longer signed in")).to_be_focused()
    expect(page.get_by_text("long, I think")).to_be_visible()
    assert count_answers(shared_server.data_dir, key) == 0
    page.get_by_label("Name").fill("Faith")
    page.get_by_label("Password").fill("not this one at all")
    page.get_by_role("button", name="Sign in and go on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="You are signed in again")).to_be_visible()
    expect(page.get_by_text("long, I think")).to_be_visible()

    page.get_by_role("button", name="Send it again").click()
    expect(student.verdict).to_have_text("Not yet")
    expect(page.get_by_text("long, I think")).to_be_visible()
    rows = run_sql(shared_server.data_dir, "SELECT learner_id FROM review WHERE key = ?", key)
    assert rows == [(learner,)]
    student.go_on()
    assert student.find_card() != entry


def test_an_answer_of_somebody_who_signed_out_in_another_tab_is_not_recorded_for_a_guest(
    new_student: Callable[..., Student], shared_server: LiveServer
) -> None:
    one = new_student(shared_server)
    _sign_up(one, "Grace")
    one.open("/study/birds")
    other = new_student(shared_server, beside=one)
    other.open("/")
    other.page.get_by_role("button", name="Sign out").click()
    expect(other.page.get_by_role("link", name="Sign in")).to_be_visible()
    key = _read_key(one.page)
    one.fill(one.find_card(), "200 cm")
    one.check()
    expect(one.page.get_by_text("What you typed is kept")).to_be_visible()
    one.page.get_by_role("button", name="Send it again").click()
    expect(one.page.get_by_role("heading", name="You are no longer signed in")).to_be_visible()
    expect(one.page.get_by_text("200 cm")).to_be_visible()
    assert count_answers(shared_server.data_dir, key) == 0


@contextmanager
def _without_database(url: str) -> Iterator[None]:
    """The database takes no connection, and those it had are gone."""
    address = make_url(url)
    host, name = address.query["host"], address.database
    with psycopg.connect(f"host={host} user={address.username} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


@pytest.mark.postgresql
def test_while_the_database_is_gone_pages_say_so_and_an_answer_waits(
    live_server: Callable[..., LiveServer], postgresql_url: str, new_student: Callable[..., Student]
) -> None:
    server = live_server(QUIZAPP_DATABASE_URL=postgresql_url)
    assert server.run("deck", "load", "decks").returncode == 0
    student = new_student(server)
    page = student.page
    student.open("/study/dates")
    student.answer(right=True)
    student.go_on()
    entry = student.go_to("soviet-union-breaks-up-year")
    student.fill(entry, "1991")
    key = _read_key(page)

    inspector = Inspector()
    with _without_database(postgresql_url):
        student.check()
        expect(page.get_by_role("alert")).to_contain_text("Nothing is lost")
        expect(page.get_by_label("Your answer")).to_have_value("1991")
        inspector.look(page, "an answer that waits")
        elsewhere = page.context.new_page()
        for path, words in (("/", "The database does not answer."), ("/healthz", "The database does not answer.")):
            response = elsewhere.goto(server.url + path)
            assert response is not None
            assert (response.status, response.headers["retry-after"]) == (503, "30")
            expect(elsewhere.get_by_text(words)).to_be_visible()
        elsewhere.goto(server.url + "/sources")
        inspector.look(elsewhere, "503")
    assert inspector.wrong == []

    page.get_by_role("button", name="Try again").click()
    expect(student.verdict).to_have_text("Right")
    with psycopg.connect(make_url(postgresql_url).set(drivername="postgresql").render_as_string()) as connection:
        assert connection.execute("SELECT count(*) FROM review WHERE key = %s", [key]).fetchone() == (1,)
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Texts")).to_be_visible()
