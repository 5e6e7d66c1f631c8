"""Hold processes to a share of a processor, by the kernel's control groups: a small machine that plays several."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

_ROOTS = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))  # those of the first version, of the second
_PERIOD = 20_000  # microseconds; short, so that who is held waits for little at a time
_PATIENCE = 50


class NoGroups(Exception):
    """This machine does not let this program hold others: it needs root, and control groups that can be written."""


def _list_family(pid: int) -> list[int]:
    """A process and all that came of it."""
    children = [
        child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return [pid, *(found for child in children for found in _list_family(int(child)))]


def _limit(group: Path, share: float) -> None:
    quota = round(share * _PERIOD)
    if (group / "cpu.max").exists():
        (group / "cpu.max").write_text(f"{quota} {_PERIOD}")
        return
    (group / "cpu.cfs_period_us").write_text(str(_PERIOD))
    (group / "cpu.cfs_quota_us").write_text(str(quota))


def _let_go(group: Path) -> None:
    for _ in range(_PATIENCE):  # who was killed stays in the group until it is buried
        for member in (group / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):
                (group.parent / "cgroup.procs").write_text(member)
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)


@contextlib.contextmanager
def hold(pid: int, share: float) -> Iterator[None]:
    """Hold a process, with all that came of it, to a share of one processor (0.25: a quarter of its time).

    Raises:
        NoGroups: where that cannot be done.
    """
    root = next((root for root in _ROOTS if root.is_dir() and os.access(root, os.W_OK)), None)
    if root is None:
        raise NoGroups
    group = root / f"quizapp-{pid}"
    try:
        group.mkdir()
        _limit(group, share)
        for member in _list_family(pid):
            (group / "cgroup.procs").write_text(str(member))
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        raise NoGroups from error
    try:
        yield
    finally:
        _let_go(group)
