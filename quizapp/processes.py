"""Processes that share their memory with the server they come from, and how its memory is dealt out.

A server loads the app once and then forks: pages of memory that nobody writes to exist once for all its processes.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable

log = logging.getLogger("quizapp")

# mallopt(3) of the GNU C library.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGE = 1024 * 1024
"""Bytes. Blocks from this size on, such as the 19 MiB that hash a password, go back to the system when free."""
_SET_NAME = 15  # PR_SET_NAME of prctl(2)
_NAP = 0.02


def keep_memory_small() -> None:
    """One heap for all threads of this process and those forked from it; what is large goes back when it is free.

    The GNU C library would give each thread a heap of its own and keep what any of them ever held. Python's lock lets
    one thread at a time ask for memory anyway. Other C libraries have no such settings, and need none.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        for option, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE)):
            set_option(option, value)


def share_memory() -> None:
    """Call it last before the fork: the collector would write to each object, and so make it the process's own."""
    gc.collect()
    gc.freeze()


def name_process(name: str) -> None:
    """The name that ``ps`` and ``top`` show of this process, 15 letters at most; Linux only."""
    set_option = getattr(ctypes.CDLL(None), "prctl", None)
    if set_option is not None:
        set_option(_SET_NAME, name.encode()[:15], 0, 0, 0)


def _become(name: str, run: Callable[[], object]) -> None:
    """Be another process until ``run`` has ended; never returns to where the parent goes on."""
    status = 1
    try:
        for number in signal.valid_signals():
            if signal.getsignal(number) not in (signal.SIG_DFL, signal.SIG_IGN, None):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        name_process(name)
        run()
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:
        log.exception("%s ended", name)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


class Fork:
    """A process forked from this one, whoever fetches its ending."""

    def __init__(self, name: str, run: Callable[[], object]) -> None:
        """Start it: it runs ``run``, with signals as a new program has them, and ends."""
        # A signal that comes at once must meet the new process, not the handlers of this one.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self.pid = os.fork()
            if self.pid == 0:
                _become(name, run)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._runs = True

    def runs(self) -> bool:
        """Whether it has not ended yet."""
        if self._runs:
            try:
                ended = os.waitpid(self.pid, os.WNOHANG)[0] != 0
            except ChildProcessError:  # gunicorn fetches the endings of all children
                ended = True
            self._runs = not ended
        return self._runs

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended: its id may be another's then."""
        if self.runs():
            os.kill(self.pid, number)

    def wait(self, seconds: float) -> bool:
        """Whether it ends within this time."""
        until = time.monotonic() + seconds
        while self.runs() and time.monotonic() < until:
            time.sleep(_NAP)
        return not self.runs()
