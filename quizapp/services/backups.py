"""Backups that make themselves: every half hour where anything changed, thinned, by one process at a time.

Nobody waits for them and nothing stops when they fail: that is logged, written down beside them, and said on the page
of the server's state.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quizapp.core.backups import choose_kept
from quizapp.core.errors import Invalid, QuizappError
from quizapp.store import backups as store
from quizapp.store.backup import save_backup
from quizapp.store.setup import is_behind

log = logging.getLogger("quizapp")

EVERY = timedelta(minutes=30)
RETRY_AFTER = timedelta(minutes=5)
LEAST_ROOM = 50_000_000
"""Bytes that a backup leaves free: it must not take the room that the next answers need."""
LOOK_SECONDS = 20.0
_STOP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class BackupState:
    """The backups that make themselves, for whoever looks after the server. ``newest`` and ``failed_at`` may be None.

    ``unsaved`` says whether the database has changed since the newest one; ``why`` is what the last failure said.
    """

    count: int
    bytes: int
    newest: datetime | None
    unsaved: bool
    failed_at: datetime | None
    why: str


def _is_recent(moment: datetime, now: datetime, length: timedelta) -> bool:
    """Whether a moment lies within this length before now. What lies ahead was noted before the clock was put back."""
    return now - length < moment <= now


def _failed_at(notes: store.Notes) -> datetime | None:
    return None if notes.failed_at is None else datetime.fromtimestamp(notes.failed_at / 1000, UTC)


def _is_due(folder: Path, seen: tuple[int, ...], now: datetime) -> bool:
    notes = store.read_notes(folder)
    failed_at = _failed_at(notes)
    if failed_at is not None and _is_recent(failed_at, now, RETRY_AFTER):
        return False
    made = store.list_backups(folder)
    if made and notes.seen == seen and failed_at is None:
        return False
    return not any(_is_recent(each.taken_at, now, EVERY) for each in made)


def _check_room(folder: Path, file: Path) -> None:
    needed = store.measure(file)
    if store.count_free_bytes(folder) < needed + max(needed, LEAST_ROOM):
        raise Invalid(
            f"There is too little room for another backup in {folder}: it takes {needed:,} bytes, and as many must stay"
            f" free, at least {LEAST_ROOM:,}. Make room, or set QUIZAPP_BACKUPS to a folder on another disk."
        )


def _thin(folder: Path) -> None:
    made = store.list_backups(folder)
    kept = choose_kept(each.taken_at for each in made)
    for each in made:
        if each.taken_at not in kept:
            store.remove_backup(each)


def _save(url: str, folder: Path, file: Path, now: datetime) -> Path:
    if (reason := store.find_mark(file)) is not None:
        raise Invalid(f"The database is damaged, and no backup is made of it: {reason}.")
    store.remove_leftovers(folder)
    _check_room(folder, file)
    target = store.name_backup(folder, now)
    save_backup(url, target)
    _thin(folder)
    return target


def _say(error: Exception) -> str:
    return error.message if isinstance(error, QuizappError) else str(error)


def _note_failure(folder: Path, why: str, now: datetime) -> None:
    notes = replace(store.read_notes(folder), failed_at=int(now.timestamp() * 1000), why=why)
    store.write_notes(folder, notes)


def keep_backups(url: str, folder: Path, now: datetime) -> Path | None:
    """Make a backup where one is due; gives its path, None where none was due or another process makes one.

    One is due where the newest is older than ``EVERY`` and the database has changed since. A failure is logged and
    written down, and tried again after ``RETRY_AFTER``.
    """
    file = store.find_database(url)
    if file is None:
        return None
    try:
        with store.taking_turn(folder) as mine:
            seen = store.look_at(file)
            if not mine or not _is_due(folder, seen, now):
                return None
            try:
                made = _save(url, folder, file, now)
            except (QuizappError, OSError) as error:
                _note_failure(folder, _say(error), now)
                raise
            store.write_notes(folder, store.Notes(seen=seen))
            return made
    except (QuizappError, OSError) as error:
        log.error("no backup could be made: %s", _say(error))
        return None


def save_before_upgrade(url: str, folder: Path | None, now: datetime) -> Path | None:
    """Make a backup of a database that an upgrade is about to change; gives its path.

    None where there is nothing to save: the database is new, or at this release already, or no file. Where no backups
    are made by themselves (``folder`` is None), it goes beside the database. Raises Invalid where it cannot be made.
    """
    file = store.find_database(url)
    if file is None or not is_behind(url):
        return None
    folder = folder or file.with_name("backups")
    try:
        with store.taking_turn(folder) as mine:
            if not mine:
                raise Invalid("A backup is just being made. Try again in a minute.")
            return _save(url, folder, file, now)
    except (Invalid, OSError) as error:
        raise Invalid(f"The upgrade was not begun. {_say(error)} Without a backup: --no-backup.") from error


def describe_backups(url: str, folder: Path) -> BackupState:
    """How the backups stand."""
    made, notes, file = store.list_backups(folder), store.read_notes(folder), store.find_database(url)
    return BackupState(
        count=len(made),
        bytes=sum(each.size for each in made),
        newest=made[0].taken_at if made else None,
        unsaved=file is not None and (not made or notes.seen != store.look_at(file)),
        failed_at=_failed_at(notes),
        why=notes.why,
    )


def refuse_lost_database(url: str, folder: Path | None) -> None:
    """Raise Invalid where the database is gone or empty and there are backups: it must not be made anew unseen."""
    made = store.list_backups(folder) if folder is not None else []
    file = store.find_database(url)
    if made and (file is None or store.measure(file) == 0):
        raise Invalid(
            f"The database is gone or empty, and there is a backup of it: quizapp db restore {made[0].path}"
            f"  To begin with an empty one all the same, move {folder} away first."
        )


@contextmanager
def keeping_backups(url: str, folder: Path | None, clock: Callable[[], datetime]) -> Iterator[None]:
    """Make backups in a thread of its own while the block runs; none where ``folder`` is None."""
    if folder is None:
        yield
        return
    ended = threading.Event()

    def keep() -> None:
        while True:
            try:
                keep_backups(url, folder, clock())
            except Exception:
                log.exception("no backup could be made")
            if ended.wait(LOOK_SECONDS):
                return

    thread = threading.Thread(target=keep, name="backups", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_STOP_SECONDS)
