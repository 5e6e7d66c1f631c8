"""The processes beside a server: forked, started again, and ended, whatever they do."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from quizapp import helpers
from quizapp.helpers import Helper
from quizapp.processes import Fork

PATIENCE = 60.0


@pytest.fixture(autouse=True)
def _undisturbed() -> Iterator[None]:
    """Signals as the test runner has them, before and after."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def _read_status(process: Fork) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process.pid, 0)[1])


@pytest.mark.parametrize(
    ("run", "status"),
    [
        (lambda: None, 0),
        (sys.exit, 0),
        (lambda: sys.exit(3), 3),
        (lambda: sys.exit("a word"), 1),
        (lambda: 1 // 0, 1),
    ],
)
def test_a_fork_ends_with_what_it_runs_and_never_goes_on_as_its_parent(run: object, status: int) -> None:
    assert callable(run)
    assert _read_status(Fork("quizapp-test", run)) == status


def test_a_fork_meets_a_signal_as_a_new_program_does() -> None:
    signal.signal(signal.SIGTERM, lambda *_: None)
    process = Fork("quizapp-test", lambda: time.sleep(PATIENCE))
    process.send(signal.SIGTERM)
    assert _read_status(process) == -signal.SIGTERM


def test_a_fork_whose_ending_somebody_else_fetched_has_ended() -> None:
    process = Fork("quizapp-test", lambda: None)
    os.waitpid(process.pid, 0)
    assert not process.runs()
    process.send(signal.SIGKILL)  # to nobody: the id may be another's by now
    assert process.wait(0)


def test_a_helper_that_keeps_dying_is_given_longer_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[float | None] = []
    moments = [1_000.0]

    class Dead:
        def __init__(self, *_: object) -> None:
            started.append(moments[0] - 1_000)

        def runs(self) -> bool:
            return False

        def send(self, _: int) -> None:
            started.append(None)

        def wait(self, _: float) -> bool:
            return True

    monkeypatch.setattr(helpers, "Fork", Dead)
    monkeypatch.setattr(helpers.time, "monotonic", lambda: moments[0])
    helper = Helper("quizapp-test", lambda _: None)
    helper.ask_to_end()
    helper.end()
    for _ in range(400):
        helper.keep(lambda: None)
        moments[0] += 1
    pauses = [int((later or 0) - (earlier or 0)) for earlier, later in pairwise(started)]
    assert pauses[:6] == [2, 4, 8, 16, 32, 60]
    assert set(pauses[6:]) == {60}
    moments[0] += 1_000
    helper.keep(lambda: None)
    assert (started[-1] or 0) > 1_000
    helper.ask_to_end()
    helper.end()
    assert started[-1] is None


def test_a_helper_lets_go_of_what_is_the_servers_before_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "_START_SECONDS", 0)
    inner, outer = os.pipe()

    def run(parent: int) -> None:
        os.write(outer, b" run by %d" % parent)

    helper = Helper("quizapp-test", run)
    helper.keep(lambda: os.write(outer, b"let go"))
    helper.keep(lambda: os.write(outer, b", and a second one"))
    assert helper._process is not None
    assert helper._process.wait(PATIENCE)
    os.close(outer)
    assert os.read(inner, 99) == b"let go run by %d" % os.getpid()
    os.close(inner)


def test_a_helper_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "_START_SECONDS", 0)
    monkeypatch.setattr(helpers, "_STOP_SECONDS", 0.05)
    inner, outer = os.pipe()

    def be_stubborn(_: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(outer, b"ready")
        time.sleep(PATIENCE)

    helper = Helper("quizapp-test", be_stubborn)
    helper.keep(lambda: None)
    assert os.read(inner, 99) == b"ready"
    for end in (outer, inner):
        os.close(end)
    helper.ask_to_end()
    helper.end()
    process = helper._process
    assert process is not None
    assert process.wait(PATIENCE / 2)
