"""The primary dies while students answer on two web nodes: what was acknowledged is on the standby, once."""

import http.client
import itertools
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from plumbing import postgresql, samples
from plumbing.answer_key import Entry, read_key
from plumbing.api_client import Body, make_body
from plumbing.replication import Node, run_pair
from plumbing.server import LiveServer

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database, normalise_url
from quizapp.store.migrate import upgrade

log = logging.getLogger("quizapp.tests")
"""The figures of docs/operations.md: pytest tests/failover --log-cli-level=INFO"""

STUDENTS = ("Alice", "Bob", "Charlie", "Dana")
ANSWERS = 12
"""How many more answers of each student are waited for, before the kill and after it."""
PATIENCE = 90
SECRET = "k3V9-xT2_pQ7wZ5mL8rN1bC4jH6fD0sA"


class Student(threading.Thread):
    """Answers on whichever node replies; what was not acknowledged is sent again with its key until it is."""

    def __init__(self, servers: list[LiveServer], token: str, entries: list[Entry], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.told: list[tuple[float, Body]] = []
        self.odd: list[tuple[int, object]] = []
        self.unsure = 0
        self._servers = itertools.cycle(servers)
        self._token = token
        self._entries = itertools.cycle(entries)
        self._ended = stop

    def run(self) -> None:
        while not self._ended.is_set():
            self._answer(make_body(next(self._entries)))

    def _answer(self, body: Body) -> None:
        while not self._ended.is_set():
            status, data = self.send(next(self._servers), body)
            if status in (200, 201):
                self.told.append((time.monotonic(), body))
                return
            if status not in (0, 503):
                self.odd.append((status, data))
                return
            self.unsure += 1
            self._ended.wait(0.05)

    def send(self, server: LiveServer, body: Body) -> tuple[int, object]:
        """The status and what came with it; 0 where nothing came."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
                connection.request("POST", "/api/v1/answers", json.dumps(body), headers)
                response = connection.getresponse()
                return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None


def _url(*nodes: Node) -> str:
    hosts = ",".join(str(node.folder) for node in nodes)
    ports = ",".join("5432" for _ in nodes)
    return f"postgresql://quizapp@/quizapp?host={hosts}&port={ports}&target_session_attrs=read-write"


def _prepare(url: str) -> list[str]:
    """Tables, a deck and students; gives their access tokens."""
    upgrade(url)
    database = Database(url)
    now = datetime.now(UTC)
    tokens = []
    with database.writing() as session:
        load_files(session, [InputFile("h.md", samples.SOURCE)], [InputFile("b.yaml", samples.DECK)], now)
    for name in STUDENTS:
        with database.writing() as session:
            accounts.add_user(session, name, Role.STUDENT, "three grey herons", now)
        with database.writing() as session:
            tokens.append(accounts.create_token_for(session, name, "tests", now))
    database.dispose()
    return tokens


@pytest.fixture
def pair() -> Iterator[tuple[Node, Node]]:
    """A primary and its synchronous standby."""
    programs = postgresql.find_programs()
    assert programs is not None
    with run_pair(programs) as (primary, standby):
        primary.ask("CREATE DATABASE quizapp")
        yield primary, standby


def _wait(students: list[Student], more: int) -> None:
    wanted = [len(each.told) + more for each in students]
    deadline = time.monotonic() + PATIENCE
    while any(len(each.told) < number for each, number in zip(students, wanted, strict=True)):
        assert [each.odd for each in students if each.odd] == []
        assert time.monotonic() < deadline, "no more answers are taken"
        time.sleep(0.02)


def _check_log(standby: Node, students: list[Student]) -> None:
    """Each student's log on the new primary holds what was acknowledged, in one line of numbers; the states fit it."""
    database = Database(_url(standby))
    with database.reading() as session:
        connection = session.connection()
        for name, student in zip(STUDENTS, students, strict=True):
            learner = connection.exec_driver_sql("SELECT learner_id FROM account WHERE name = %s", (name,)).scalar_one()
            log = connection.exec_driver_sql(
                "SELECT key, seq, card_id FROM review WHERE learner_id = %s ORDER BY seq", (learner,)
            ).all()
            told = Counter(body["key"] for _, body in student.told)
            assert Counter(row.key for row in log) >= told
            assert len(log) <= len(student.told) + 1  # the last one may be there without its reply
            assert set(told.values()) == {1}
            assert [row.seq for row in log] == list(range(1, len(log) + 1))
            states = connection.exec_driver_sql(
                "SELECT card_id, reps FROM card_state WHERE learner_id = %s", (learner,)
            )
            assert dict(tuple(row) for row in states) == Counter(row.card_id for row in log)
    database.dispose()


@pytest.mark.postgresql
def test_no_acknowledged_answer_is_lost_or_doubled_by_a_failover(pair: tuple[Node, Node], tmp_path: Path) -> None:
    primary, standby = pair
    url = _url(primary, standby)
    tokens = _prepare(url)
    extra = {"QUIZAPP_DATABASE_URL": url, "QUIZAPP_SECRET_KEY": SECRET}
    entries = list(read_key(samples.DECK).values())
    stop = threading.Event()
    with ExitStack() as stack:
        servers = []
        for number in (1, 2):
            server = LiveServer(
                tmp_path / f"node-{number}", tmp_path / f"log-{number}", through_make=False, extra=extra
            )
            stack.callback(server.kill)
            server.start()
            servers.append(server)
        stack.callback(stop.set)
        students = [
            Student(servers[number % 2 :] + servers[: number % 2], token, entries, stop)
            for number, token in enumerate(tokens)
        ]
        for each in students:
            each.start()
        _wait(students, ANSWERS)
        killed = time.monotonic()
        primary.kill()
        standby.promote()
        _wait(students, ANSWERS)
        stop.set()
        for each in students:
            each.join(PATIENCE)
            assert not each.is_alive()
        assert [each.odd for each in students if each.odd] == []
        moments = sorted([killed, *(at for each in students for at, _ in each.told if at > killed)])
        gap = max(after - before for before, after in pairwise(moments))
        log.info("%.2f s without service, %s times sent again", gap, sum(each.unsure for each in students))
        _check_log(standby, students)
        again = {each.send(servers[0], body)[0] for each in students for _, body in each.told[-5:]}
        assert again == {200}


def test_an_address_of_several_hosts_is_kept_whole() -> None:
    url = "postgresql://quizapp:secret@/quizapp?host=db1:5432&host=db2:5433&target_session_attrs=read-write"
    address = normalise_url(url)
    assert address.drivername == "postgresql+psycopg"
    database = Database(url)
    _, options = database.engine.dialect.create_connect_args(address)
    assert (options["host"], options["port"]) == ("db1,db2", "5432,5433")
    assert options["target_session_attrs"] == "read-write"
    database.dispose()
