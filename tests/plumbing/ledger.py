"""What clients were told was kept, compared with what is there; and how long a run against faults is to be.

By itself each test against faults is short. With ``QUIZAPP_TEST_FAULTS=long`` (``make faults``) it is as long as
docs/reliability.md says, and its figures are added to ``build/faults.jsonl``.
"""

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from plumbing.answer_key import Entry
from plumbing.api_client import Answerer, Reachable, make_tokens
from plumbing.checkout import ROOT
from plumbing.database_file import run_sql
from plumbing.server import LiveServer, run_quizapp

IS_LONG = os.environ.get("QUIZAPP_TEST_FAULTS") == "long"
SHARE = float(os.environ.get("QUIZAPP_TEST_FAULTS_SHARE", "1"))
STUDENTS = ("Alice", "Bob", "Charlie", "Dana")
_JOIN_SECONDS = 90


def choose(short: int, long: int) -> int:
    """How often, in this run; ``QUIZAPP_TEST_FAULTS_SHARE=0.1`` makes a long one a tenth as long."""
    return max(short, round(long * SHARE)) if IS_LONG else short


def tell(test: str, **figures: object) -> None:
    """Keep the figures of a long run."""
    if IS_LONG:
        (ROOT / "build").mkdir(exist_ok=True)
        with (ROOT / "build" / "faults.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"test": test} | figures) + "\n")


class Clients:
    """Students who answer at the same time. ``told`` is the ledger: for each name, the keys that were acknowledged."""

    def __init__(self, answerers: Mapping[str, Answerer]) -> None:
        self._answerers = dict(answerers)

    @property
    def told(self) -> dict[str, list[str]]:
        return {name: [body["key"] for body in list(each.told)] for name, each in self._answerers.items()}

    @property
    def asked(self) -> dict[str, list[str]]:
        return {name: [body["key"] for body in list(each.asked)] for name, each in self._answerers.items()}

    @property
    def acknowledged(self) -> int:
        return sum(len(each.told) for each in self._answerers.values())

    @property
    def resent(self) -> int:
        return sum(each.resent for each in self._answerers.values())

    @property
    def refused(self) -> int:
        return sum(each.refused for each in self._answerers.values())

    @property
    def last_refusal(self) -> str:
        """What those were told last whose answers could not be taken."""
        return " ".join(each.last_refusal for each in self._answerers.values())

    def check(self) -> None:
        """Nothing came back that should not have come."""
        assert [each.odd for each in self._answerers.values() if each.odd] == []


@contextmanager
def answering(
    server: LiveServer,
    entries: Sequence[Entry],
    not_now: frozenset[int] = frozenset(),
    through: Reachable | None = None,
) -> Iterator[Clients]:
    """Students answer as long as the block runs, and their last answers are waited for."""
    stop = threading.Event()
    tokens = make_tokens(server, STUDENTS)
    answerers = {
        name: Answerer(through or server, token, entries, stop, not_now)
        for name, token in zip(STUDENTS, tokens, strict=True)
    }
    for each in answerers.values():
        each.start()
    clients = Clients(answerers)
    try:
        yield clients
    finally:
        stop.set()
        for each in answerers.values():
            each.join(_JOIN_SECONDS)
            assert not each.is_alive()
    clients.check()


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 90) -> None:
    """Wait for something to come true; a busy machine takes its time."""
    waited = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if holds():
            return
        waited.wait(0.01)
    raise AssertionError(f"it did not come true within {seconds:.0f} s: {what}")


def wait_for_answers(clients: Clients, more: int) -> None:
    """Wait until so many more answers were acknowledged."""
    wanted = clients.acknowledged + more

    def enough() -> bool:
        clients.check()
        return clients.acknowledged >= wanted

    wait_until(enough, "the server takes answers")


def read_log(data_dir: Path, name: str) -> list[tuple[str, int, int]]:
    """A student's answers in their order: key, number, card."""
    learner = run_sql(data_dir, "SELECT learner_id FROM account WHERE name = ?", name)
    assert learner, f"{name} is gone"
    return [
        (key, seq, card)
        for key, seq, card in run_sql(
            data_dir, "SELECT key, seq, card_id FROM review WHERE learner_id = ? ORDER BY seq", learner[0][0]
        )
    ]


def compare(data_dir: Path, told: Mapping[str, Sequence[str]], asked: Mapping[str, Sequence[str]]) -> int:
    """Compare a database with the ledger, with nobody writing; gives how many answers it holds.

    Whatever was acknowledged is there, everything that is there was asked for, nothing is there twice, the numbers of
    a log have no gap, the states are those that the log gives, and the file is sound.
    """
    stored = 0
    for name in told:
        log = read_log(data_dir, name)
        keys = Counter(key for key, _, _ in log)
        stored += len(log)
        assert set(told[name]) <= keys.keys(), f"{len(set(told[name]) - keys.keys())} answers of {name} are lost"
        assert keys.keys() <= set(asked[name])
        assert max(keys.values(), default=1) == 1
        assert [seq for _, seq, _ in log] == list(range(1, len(log) + 1))
        reps = run_sql(
            data_dir,
            "SELECT card_id, reps FROM card_state JOIN account USING (learner_id) WHERE account.name = ?",
            name,
        )
        assert dict(reps) == Counter(card for _, _, card in log)
    assert run_sql(data_dir, "PRAGMA integrity_check") == [("ok",)]
    assert run_sql(data_dir, "PRAGMA foreign_key_check") == []
    return stored


def prove_states(data_dir: Path) -> None:
    """Count every state again from the log, by the program's own proof."""
    said = run_quizapp(data_dir, "memory", "rebuild", "--dry-run")
    assert said.returncode == 0, said.stderr
    assert " 0 differed." in said.stdout, said.stdout
    assert "wrong" not in said.stdout
