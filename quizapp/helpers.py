"""The processes beside the workers of a server: started, started again where they die, and ended with it."""

import os
import runpy
import signal
import sys
import time
from collections.abc import Callable

from quizapp.processes import Fork

RESTART_SECONDS = 2.0
"""The pause before a helper that died is started again; it doubles each time, up to a minute."""
_LONGEST_PAUSE = 60.0
_START_SECONDS = 3.0  # the pages come first
_STOP_SECONDS = 5.0


def work(parent: int) -> None:
    """Run ``quizapp work`` in this process, until ``parent`` has ended."""
    sys.argv[1:] = ["work", "--while-pid", str(parent)]
    runpy.run_module("quizapp.cli", run_name="__main__")


class Helper:
    """A process forked from the server: what the app takes in memory the helper shares with the workers."""

    def __init__(self, name: str, run: Callable[[int], object]) -> None:
        """``run`` gets the server's process id, and ends soon after that process."""
        self._name = name
        self._run = run
        self._process: Fork | None = None
        self._start_at = time.monotonic() + _START_SECONDS
        self._pause = RESTART_SECONDS / 2

    def keep(self, let_go: Callable[[], object]) -> None:
        """Start the process where it does not run; one that keeps dying is given longer and longer pauses.

        The process calls ``let_go`` first: it closes what only the server may hold.
        """
        if self._process is not None and self._process.runs():
            return
        now = time.monotonic()
        if now < self._start_at:
            return
        self._pause = RESTART_SECONDS if now > self._start_at + _LONGEST_PAUSE else min(2 * self._pause, _LONGEST_PAUSE)
        self._start_at = now + self._pause
        parent = os.getpid()

        def run() -> None:
            let_go()
            self._run(parent)

        self._process = Fork(self._name, run)

    def ask_to_end(self) -> None:
        """Let the process end; its job waits for the next one."""
        if self._process is not None:
            self._process.send(signal.SIGTERM)

    def end(self) -> None:
        """See that the process has ended: what it leaves undone is taken up again all the same."""
        if self._process is not None and not self._process.wait(_STOP_SECONDS):
            self._process.send(signal.SIGKILL)
            self._process.wait(_STOP_SECONDS)
