"""The server is killed while students answer: what it has acknowledged is there afterwards, once."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from plumbing.answer_key import Entry, read_key
from plumbing.api_client import Answerer, Body, Reply, make_body, make_tokens, send
from plumbing.checkout import ROOT
from plumbing.database_file import count_answers, run_sql
from plumbing.ledger import choose, tell
from plumbing.server import LiveServer

KILLS = choose(short=5, long=20)
STOPS = choose(short=3, long=50)
ANSWERS_BETWEEN_KILLS = 20
TIMES = choose(short=3, long=1_000)
STUDENTS = ("Alice", "Bob", "Charlie", "Dana")
SECONDS_FOR_ANSWERS = 60


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """The cards of a shipped deck."""
    return list(read_key((ROOT / "decks" / "dates.yaml").read_bytes()).values())


def _wait_for_answers(answerers: list[Answerer], more: int) -> None:
    wanted = sum(len(each.told) for each in answerers) + more
    deadline = time.monotonic() + SECONDS_FOR_ANSWERS
    while sum(len(each.told) for each in answerers) < wanted:
        assert [each.odd for each in answerers if each.odd] == []
        assert time.monotonic() < deadline, "the server no longer takes answers"
        time.sleep(0.005)


def _check_log(server: LiveServer, name: str, told: list[str]) -> None:
    """A student's log holds the acknowledged answers and no other, in one line of numbers; the states fit the log."""
    learner = run_sql(server.data_dir, "SELECT learner_id FROM account WHERE name = ?", name)[0][0]
    log = run_sql(server.data_dir, "SELECT key, seq, card_id FROM review WHERE learner_id = ? ORDER BY seq", learner)
    assert Counter(key for key, _, _ in log) == Counter(told)
    assert [seq for _, seq, _ in log] == list(range(1, len(log) + 1))
    states = run_sql(server.data_dir, "SELECT card_id, reps FROM card_state WHERE learner_id = ?", learner)
    assert dict(states) == Counter(card for _, _, card in log)


def test_every_acknowledged_answer_is_there_once_after_kills(
    live_server: Callable[..., LiveServer], entries: list[Entry]
) -> None:
    server = live_server()
    tokens = make_tokens(server, STUDENTS)
    stop = threading.Event()
    answerers = [Answerer(server, token, entries, stop) for token in tokens]
    for each in answerers:
        each.start()
    for _ in range(KILLS):
        _wait_for_answers(answerers, ANSWERS_BETWEEN_KILLS)
        server.kill()
        server.start()
    _wait_for_answers(answerers, ANSWERS_BETWEEN_KILLS)
    stop.set()
    for each in answerers:
        each.join(SECONDS_FOR_ANSWERS)
        assert not each.is_alive()

    assert [each.odd for each in answerers if each.odd] == []
    assert sum(each.resent for each in answerers) >= KILLS
    for each, name in zip(answerers, STUDENTS, strict=True):
        _check_log(server, name, [body["key"] for body in each.told])
    again = [
        send(server, token, body) for each, token in zip(answerers, tokens, strict=True) for body in each.told[-9:]
    ]
    assert {reply.status for reply in again} == {200}
    server.kill()
    assert run_sql(server.data_dir, "PRAGMA integrity_check") == [("ok",)]
    assert run_sql(server.data_dir, "PRAGMA foreign_key_check") == []


def _ask_to_stop(server: LiveServer) -> None:
    assert server.stop() == 0
    server.start()


def _ask_to_renew(server: LiveServer) -> None:
    os.kill(server.pid, signal.SIGHUP)


@pytest.mark.parametrize("ask", [_ask_to_stop, _ask_to_renew])
def test_a_server_that_is_asked_to_stop_answers_what_it_took_or_ends_the_connection(
    live_server: Callable[..., LiveServer], entries: list[Entry], ask: Callable[[LiveServer], None]
) -> None:
    server = live_server()
    tokens = make_tokens(server, STUDENTS)
    stop = threading.Event()
    answerers = [Answerer(server, token, entries, stop) for token in tokens]
    for each in answerers:
        each.start()
    for _ in range(STOPS):
        _wait_for_answers(answerers, ANSWERS_BETWEEN_KILLS)
        ask(server)
    _wait_for_answers(answerers, ANSWERS_BETWEEN_KILLS)
    stop.set()
    for each in answerers:
        each.join(SECONDS_FOR_ANSWERS)
        assert not each.is_alive()

    assert [each.odd + each.broken for each in answerers if each.odd or each.broken] == []
    if ask is _ask_to_renew:
        assert sum(each.resent for each in answerers) == 0  # the port stays open: nobody has to try again
    for each, name in zip(answerers, STUDENTS, strict=True):
        _check_log(server, name, [body["key"] for body in each.told])
    assert server.stop() == 0
    assert "Traceback" not in server.output
    assert run_sql(server.data_dir, "PRAGMA integrity_check") == [("ok",)]


def _send_at_once(server: LiveServer, token: str, bodies: list[Body]) -> list[Reply]:
    gate = threading.Barrier(len(bodies))
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(lambda body: send(server, token, body, gate), bodies))


def test_one_answer_sent_fifty_times_at_once_is_recorded_once(
    live_server: Callable[..., LiveServer], entries: list[Entry]
) -> None:
    server = live_server()
    (token,) = make_tokens(server, ["Bob"])
    for entry in (entries * TIMES)[:TIMES]:
        body = make_body(entry)
        replies = _send_at_once(server, token, [body] * 50)
        assert Counter(reply.status for reply in replies) == {201: 1, 200: 49}
        assert all(reply.data == replies[0].data for reply in replies)
        assert count_answers(server.data_dir, body["key"]) == 1
    tell("R7 fifty at once", times=TIMES, sent=50 * TIMES, stored=TIMES, doubled=0)


def test_one_key_for_two_answers_at_once_records_one_and_refuses_the_other(
    live_server: Callable[..., LiveServer], entries: list[Entry]
) -> None:
    server = live_server()
    (token,) = make_tokens(server, ["Bob"])
    right = make_body(entries[0])
    wrong = right | {"response": entries[0].wrong}
    replies = _send_at_once(server, token, [right, wrong] * 10)
    assert Counter(reply.status for reply in replies) == {201: 1, 200: 9, 409: 10}
    assert count_answers(server.data_dir, right["key"]) == 1


def test_many_answers_of_one_student_at_once_are_all_recorded_in_one_line(
    live_server: Callable[..., LiveServer], entries: list[Entry]
) -> None:
    server = live_server()
    (token,) = make_tokens(server, ["Bob"])
    bodies = [make_body(entry) for entry in entries[:10] * 3]
    replies = _send_at_once(server, token, bodies)
    assert {reply.status for reply in replies} == {201}
    _check_log(server, "Bob", [body["key"] for body in bodies])
