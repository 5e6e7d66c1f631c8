"""Whether the database answers, and what it means where it does not."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.services.accounts import Role, Viewer
from quizapp.services.backups import BackupState, describe_backups
from quizapp.store.backups import count_free_bytes, find_database, find_mark
from quizapp.store.damage import is_damage, is_failing_disk, is_full


class Trouble(Enum):
    """Why a database did not do as asked."""

    SILENT = auto()
    """It is away, or busy for too long."""
    FULL = auto()
    """There is no room left on its disk: it can be read."""
    DAMAGED = auto()
    """Its file is broken: it is only read, as far as it can be."""
    DISK = auto()
    """Its disk could not be read or written."""


OK, READ_ONLY = "ok", "read-only"


def check(session: Session, url: str = "") -> str:
    """Ask the database the smallest question; ``read-only`` where its file is known to be damaged, else ``ok``.

    Raises SQLAlchemy's errors where it does not answer. What is damaged can still be studied in, as far as it can be
    read, and no other node would do better with the same file: so it is a state to be told, and no failure.
    """
    session.execute(sa.text("SELECT 1"))
    file = find_database(url) if url else None
    return READ_ONLY if file is not None and find_mark(file) is not None else OK


def explain(error: BaseException) -> Trouble:
    """What a database error means for whoever runs the server."""
    if is_damage(error):
        return Trouble.DAMAGED
    if is_full(error):
        return Trouble.FULL
    return Trouble.DISK if is_failing_disk(error) else Trouble.SILENT


@dataclass(frozen=True, slots=True)
class ServerState:
    """How the server stands, for whoever looks after it.

    ``damage`` says why the database is only read, None where it is sound as far as known; ``free_bytes`` is the room on
    its disk; ``backups`` are those that make themselves. The last two are None where the database is no file of this
    machine, and ``backups`` where they are switched off.
    """

    damage: str | None
    free_bytes: int | None
    backups: BackupState | None


def describe_server(viewer: Viewer | None, url: str, folder: Path | None) -> ServerState:
    """How the server stands. Raises NotFound for everybody but teachers and administrators."""
    if viewer is None or viewer.role not in (Role.TEACHER, Role.ADMIN):
        raise NotFound(say("There is nothing at this address, or it is not yours to see."))
    file = find_database(url)
    if file is None:
        return ServerState(None, None, None)
    state = None if folder is None else describe_backups(url, folder)
    return ServerState(find_mark(file), count_free_bytes(file.parent), state)
