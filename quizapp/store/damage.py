"""Telling a broken SQLite file from a busy or a full one, and the mark that stops all writing to a broken one.

A file that SQLite has found malformed must not be written to: each further page could overwrite what is still whole.
The first process that meets the damage leaves a mark beside the file. From then on every process reads only, through
restarts too, until a backup is restored or a complete check finds the file sound.
"""

from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from quizapp.store.writers import make_private_file

# Result codes of SQLite, sqlite.org/rescode.html; the upper bits say more than is asked here.
_IO_ERROR, _CORRUPT, _FULL, _NOT_A_DATABASE = 10, 11, 13, 26
_PRIMARY = 0xFF


class DamagedDatabase(sa.exc.OperationalError):
    """Nothing is written: the database file is marked as damaged."""

    def __init__(self, reason: str) -> None:
        super().__init__("BEGIN IMMEDIATE", None, RuntimeError(f"the database is damaged: {reason}"))


def _read_code(error: BaseException) -> int:
    """SQLite's primary result code behind an error; 0 where it is none of SQLite's."""
    inner = getattr(error, "orig", None) or error
    return int(getattr(inner, "sqlite_errorcode", 0)) & _PRIMARY


def is_damage(error: BaseException) -> bool:
    """Whether a database error says that the SQLite file itself is broken, not that it is busy or away."""
    return isinstance(error, DamagedDatabase) or _read_code(error) in (_CORRUPT, _NOT_A_DATABASE)


def is_full(error: BaseException) -> bool:
    """Whether a database error says that the disk is full."""
    return _read_code(error) == _FULL


def is_failing_disk(error: BaseException) -> bool:
    """Whether a database error says that the disk could not be read or written."""
    return _read_code(error) == _IO_ERROR


def find_mark(file: Path) -> Path:
    """Where the mark of a database file is, if it has one."""
    return file.with_name(f"{file.name}.damaged")


def mark_damaged(file: Path, reason: str) -> None:
    """Leave the mark, unless there is one. Where even that cannot be written, the next who meets the damage tries."""
    mark = find_mark(file)
    with suppress(OSError):
        if not mark.exists():
            make_private_file(mark, like=file)
            mark.write_text(f"{' '.join(reason.split())[:500]}\n", encoding="utf-8")


def read_mark(file: Path) -> str | None:
    """Why a database file is not written to; None where it may be."""
    try:
        return find_mark(file).read_text(encoding="utf-8", errors="replace").strip() or "its pages are broken"
    except FileNotFoundError:
        return None


def clear_mark(file: Path) -> None:
    """The file was replaced, or found sound: it may be written to again."""
    find_mark(file).unlink(missing_ok=True)
