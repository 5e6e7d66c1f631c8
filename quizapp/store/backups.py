"""The folder of the backups that are made by themselves: its files, whose turn it is, and what went wrong."""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from quizapp.store.damage import read_mark
from quizapp.store.engine import find_file, normalise_url
from quizapp.store.writers import make_private_file

_NAME = re.compile(r"quizapp-(\d{8}T\d{6})Z\.db")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup, with the moment at which it was begun and its size in bytes."""

    path: Path
    taken_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Notes:
    """What is remembered between two backups. ``seen`` is what the database looked like when the last one began."""

    seen: tuple[int, ...] = ()
    failed_at: int | None = None
    """Milliseconds since 1970 UTC; None where the last attempt succeeded."""
    why: str = ""


def find_database(url: str) -> Path | None:
    """The file that backups are made of; None where there is none yet, or the database is no file."""
    file = find_file(normalise_url(url))
    return file if file is not None and file.is_file() else None


def look_at(file: Path) -> tuple[int, ...]:
    """What changes with every write: sizes and times of the file and of its log."""
    found: list[int] = []
    for path in (file, file.with_name(f"{file.name}-wal")):
        with suppress(FileNotFoundError):
            state = path.stat()
            if path != file and not state.st_size:
                continue  # an empty log is as good as none: whoever only reads may leave one
            found += [state.st_ino, state.st_size, state.st_mtime_ns]
    return tuple(found)


def measure(file: Path) -> int:
    """Bytes that a copy of the database takes at most."""
    log = file.with_name(f"{file.name}-wal")
    return file.stat().st_size + (log.stat().st_size if log.exists() else 0)


def find_mark(file: Path) -> str | None:
    """Why the database counts as damaged; None where it does not."""
    return read_mark(file)


def count_free_bytes(folder: Path) -> int:
    """Bytes that this user may still write into the folder's disk."""
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize


def name_backup(folder: Path, now: datetime) -> Path:
    """The path of a backup begun now."""
    return folder / f"quizapp-{now.astimezone(UTC):{_STAMP}}Z.db"


def list_backups(folder: Path) -> list[BackupFile]:
    """The backups of a folder, newest first. Files with other names are nobody's business here."""
    found = []
    for path in folder.glob("quizapp-*.db"):
        if (match := _NAME.fullmatch(path.name)) is not None:
            with suppress(ValueError, FileNotFoundError):
                taken_at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                found.append(BackupFile(path, taken_at, path.stat().st_size))
    return sorted(found, key=lambda each: each.taken_at, reverse=True)


def remove_backup(backup: BackupFile) -> None:
    """Remove one."""
    backup.path.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Remove what a backup that was broken off has left. Only for whoever has the turn."""
    for path in folder.glob(".quizapp-*.db.part*"):
        path.unlink(missing_ok=True)


@contextmanager
def taking_turn(folder: Path) -> Iterator[bool]:
    """Be the only one who makes backups here; gives whether that is so. The kernel ends a turn with its process."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / ".turn"
    make_private_file(path)
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def read_notes(folder: Path) -> Notes:
    """What was written down last; nothing where it cannot be read."""
    try:
        held = json.loads((folder / ".notes.json").read_text(encoding="utf-8"))
        return Notes(tuple(map(int, held["seen"])), held["failed_at"], str(held["why"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Notes()


def write_notes(folder: Path, notes: Notes) -> None:
    """Write down, whole or not at all."""
    aside = folder / ".notes.json.part"
    make_private_file(aside)
    aside.write_text(json.dumps(asdict(notes)), encoding="utf-8")
    aside.replace(folder / ".notes.json")
