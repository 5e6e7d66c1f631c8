"""Files of long reports: who asked for which, and their pieces. Queries that never commit."""

import zlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.privacy_erasure import write_zeros
from quizapp.store.tables import (
    AccountRow,
    ClassMemberRow,
    ClassRow,
    ClassTeacherRow,
    JobRow,
    ReportFileRow,
    ReportPieceRow,
    table_of,
)

_file, _piece, _job = table_of(ReportFileRow), table_of(ReportPieceRow), table_of(JobRow)
_class, _teacher = table_of(ClassRow), table_of(ClassTeacherRow)
_account, _member = table_of(AccountRow), table_of(ClassMemberRow)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for. ``class_id`` and ``account_id`` say of which class, and who."""

    class_id: int
    account_id: int
    kind: str
    format: str
    bom: bool
    sort: str
    language: str


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that was asked for. ``job_state`` is that of its job, None where there is none (any more)."""

    id: int
    handle: str
    class_handle: str
    wish: Wish
    asked_at: datetime
    made_at: datetime | None
    expires_at: datetime
    failure: str
    sees_names: bool
    name: str
    size: int
    batch: str
    job_state: str | None


def _select(job_kind: str) -> sa.Select[tuple[object, ...]]:
    newest = (
        sa.select(_job.c.state)
        .where(_job.c.kind == job_kind, _job.c.subject == _file.c.handle)
        .order_by(_job.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(_file, _class.c.handle.label("class_handle"), newest.label("job_state")).join_from(
        _file, _class, _class.c.id == _file.c.class_id
    )


def _read(row: sa.RowMapping) -> FileRecord:
    wish = Wish(**{name: row[name] for name in Wish.__slots__})
    own = [name for name in FileRecord.__slots__ if name != "wish"]
    return FileRecord(wish=wish, **{name: row[name] for name in own})


def add_file(session: Session, handle: str, wish: Wish, now: datetime, expires_at: datetime) -> None:
    """Write down that somebody asked for a file."""
    wanted = {name: getattr(wish, name) for name in Wish.__slots__}
    times = {"asked_at": now, "expires_at": expires_at}
    rest = {"failure": "", "sees_names": False, "name": "", "size": 0, "batch": ""}
    session.execute(sa.insert(_file).values(handle=handle, **wanted, **times, **rest))


def list_files(session: Session, job_kind: str, account_id: int, class_id: int | None = None) -> list[FileRecord]:
    """The files somebody asked for (of one class, or all), the newest first."""
    found = _select(job_kind).where(_file.c.account_id == account_id).order_by(_file.c.id.desc())
    if class_id is not None:
        found = found.where(_file.c.class_id == class_id)
    return [_read(row) for row in session.execute(found).mappings()]


def find_file(session: Session, job_kind: str, handle: str) -> FileRecord | None:
    """The file of this handle."""
    row = session.execute(_select(job_kind).where(_file.c.handle == handle)).mappings().first()
    return None if row is None else _read(row)


def remove_file(session: Session, file_id: int) -> None:
    """Remove a file; nothing of it can be read from an SQLite file afterwards."""
    write_zeros(session)
    session.execute(sa.delete(_file).where(_file.c.id == file_id))


def _is_over(now: datetime) -> sa.ColumnElement[bool]:
    """Whose time is over, or whose owner no longer teaches the class."""
    teaches = sa.exists().where(_teacher.c.class_id == _file.c.class_id, _teacher.c.account_id == _file.c.account_id)
    admin = sa.exists().where(_account.c.id == _file.c.account_id, _account.c.role == "admin")
    return (_file.c.expires_at <= now) | ~(teaches | admin)


def has_over(session: Session, now: datetime) -> bool:
    """Whether ``remove_over`` would remove any."""
    return session.execute(sa.select(_file.c.id).where(_is_over(now)).limit(1)).first() is not None


def remove_over(session: Session, now: datetime) -> int:
    """Remove the files whose time is over, and those of who no longer teaches the class; says how many."""
    write_zeros(session)
    over = session.scalars(sa.select(_file.c.id).where(_is_over(now))).all()
    session.execute(sa.delete(_file).where(_file.c.id.in_(over)))
    return len(over)


def list_forgotten(session: Session, job_kind: str) -> list[str]:
    """The handles of files that wait to be made though no job is there to make them."""
    job = sa.exists().where(_job.c.kind == job_kind, _job.c.subject == _file.c.handle)
    waits = _file.c.made_at.is_(None) & (_file.c.failure == "")
    return list(session.scalars(sa.select(_file.c.handle).where(waits, ~job)))


def is_wanted(session: Session, file_id: int) -> bool:
    """Whether a file is still to be made; nobody else can change that before this transaction ends."""
    row = session.execute(
        sa.select(_file.c.id)
        .where(_file.c.id == file_id, _file.c.failure == "", _file.c.made_at.is_(None))
        .with_for_update()
    )
    return row.first() is not None


def add_piece(session: Session, file_id: int, batch: str, number: int, data: bytes, level: int) -> None:
    """Keep a piece of a file; ``level`` says how hard to pack it (zlib), 0 for what is packed already."""
    packed = zlib.compress(data, level)
    session.execute(sa.insert(_piece).values(file_id=file_id, batch=batch, number=number, packed=packed))


def read_piece(session: Session, file_id: int, batch: str, number: int) -> bytes | None:
    """A piece of a file; None behind the last one."""
    same = (_piece.c.file_id == file_id, _piece.c.batch == batch, _piece.c.number == number)
    packed = session.scalar(sa.select(_piece.c.packed).where(*same))
    return None if packed is None else zlib.decompress(packed)


def drop_pieces(session: Session, file_id: int, *, but: str = "") -> None:
    """Remove the pieces of attempts that came to nothing."""
    write_zeros(session)
    session.execute(sa.delete(_piece).where(_piece.c.file_id == file_id, _piece.c.batch != but))


def finish_file(session: Session, file_id: int, now: datetime, **values: object) -> None:
    """The file is whole: its name, size, batch and whether it has names in it."""
    session.execute(sa.update(_file).where(_file.c.id == file_id).values(made_at=now, **values))


def fail_file(session: Session, file_id: int, why: str) -> None:
    """The file cannot be made, or is there no more: what there is of it goes."""
    drop_pieces(session, file_id)
    session.execute(sa.update(_file).where(_file.c.id == file_id).values(failure=why, made_at=None, batch="", size=0))


def withdraw(session: Session, learner_id: int, why: str) -> None:
    """Take back every file of the classes that somebody is or was in: it tells of them."""
    theirs = sa.select(_member.c.class_id).where(_member.c.learner_id == learner_id)
    for file_id in session.scalars(sa.select(_file.c.id).where(_file.c.class_id.in_(theirs))).all():
        fail_file(session, file_id, why)
