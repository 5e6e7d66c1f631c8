"""Who was deleted, as fingerprints: in the database, and in a file beside it that no backup replaces.

A backup from before an erasure brings the deleted person back. So whoever restores one looks here, and deletes them
again. A fingerprint is the SHA-256 of the random handle that the learner had: it leads to nobody but in such a backup.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from pysqlite3 import dbapi2 as bundled_sqlite
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from quizapp.store.soundness import open_to_read
from quizapp.store.tables import ErasedRow, LearnerRow, table_of
from quizapp.store.writers import make_private_file

FILE = "erased.log"
"""The name of the file, in the data directory: a line for each, ``TIME FINGERPRINT``."""
Erased = Mapping[str, datetime]
"""When each was deleted, by fingerprint."""
_LINE = re.compile(r"(\S+) ([0-9a-f]{64})")
_erased, _learner = table_of(ErasedRow), table_of(LearnerRow)


def _digest(handle: str) -> str:
    return hashlib.sha256(handle.encode()).hexdigest()


def note_all(session: Session, erased: Erased) -> None:
    """Keep these too; what is there already stays as it is."""
    if not erased:
        return
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    rows = [{"digest": digest, "erased_at": at} for digest, at in erased.items()]
    session.execute(make(_erased).on_conflict_do_nothing(), rows)


def note(session: Session, learner_id: int, now: datetime) -> None:
    """Keep that a learner, who is still there, is deleted now."""
    handle = session.scalar(sa.select(_learner.c.handle).where(_learner.c.id == learner_id))
    if handle is not None:
        note_all(session, {_digest(handle): now})


def list_all(session: Session) -> Erased:
    """All that the database knows of."""
    return {row.digest: row.erased_at for row in session.execute(sa.select(_erased.c.digest, _erased.c.erased_at))}


def find_back(session: Session, erased: Erased) -> dict[int, str]:
    """The learners of this database who were deleted elsewhere: their fingerprints by id."""
    found = ((row.id, _digest(row.handle)) for row in session.execute(sa.select(_learner.c.id, _learner.c.handle)))
    return {learner_id: digest for learner_id, digest in found if digest in erased}


def read_database(file: Path) -> Erased:
    """All that an SQLite file knows of, as far as it can be read; nothing of one that is broken or older."""
    with suppress(bundled_sqlite.Error), closing(open_to_read(file)) as connection:
        rows = connection.execute("SELECT digest, erased_at FROM erased").fetchall()
        return {str(digest): datetime.fromtimestamp(at / 1000, UTC) for digest, at in rows}
    return {}


def read_log(file: Path) -> Erased:
    """What the file beside the database holds; a line that was not written to its end counts for nothing."""
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    found = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        with suppress(ValueError):
            if match is not None:
                found[match[2]] = datetime.fromisoformat(match[1])
    return found


def write_log(file: Path, erased: Iterable[tuple[str, datetime]]) -> None:
    """Write the file anew: as a whole or not at all, and for its owner alone."""
    aside = file.with_name(f".{file.name}.part")
    make_private_file(aside)
    lines = sorted(f"{at.astimezone(UTC).isoformat(timespec='milliseconds')} {digest}\n" for digest, at in erased)
    aside.write_text("".join(lines), encoding="ascii")
    aside.replace(file)
