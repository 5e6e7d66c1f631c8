"""Long reports: asked for, made by a job while nobody waits, and kept for some days for who asked.

Whoever asked sees how it stands, and takes the file away as often as they like; for everybody else it is not there.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from itertools import chain, islice

from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.messages import Message, say
from quizapp.core.reports.definitions import DEFINITIONS, Kind
from quizapp.core.reports.formats import MOST_ROWS, Format, parse_format
from quizapp.core.reports.model import Report
from quizapp.services import jobs
from quizapp.services.accounts import Viewer
from quizapp.services.classes import TaughtClass, load_taught_class, require_person
from quizapp.services.reports.making import find_definition
from quizapp.store import reports_files as store
from quizapp.store.reports_files import FileRecord, Wish

JOB = "report"
LONG = 10_000
"""A report with more rows than these is not made while somebody waits."""
KEPT_FOR = timedelta(days=7)
MOST_FILES = 20
"""Files that one person may have waiting or ready."""
_LONGEST_SORT = 300

GONE, FULL, ERASED = "gone", "full", "erased"
_WHY = {
    GONE: say("When it was to be made, you could no longer see this report."),
    FULL: say(
        "It has more rows than such a sheet can hold: %(xlsx)s in XLSX, %(ods)s in ODS. Take CSV or JSON.",
        xlsx=f"{MOST_ROWS[Format.XLSX]:,}",
        ods=f"{MOST_ROWS[Format.ODS]:,}",
    ),
    ERASED: say("Somebody in it was deleted from Quizapp since, so it was removed. Ask for it again."),
}
_BROKEN = say("Something went wrong on our side, several times. Ask for it again, or tell whoever runs Quizapp.")


class State(Enum):
    """How a file stands."""

    WAITING = say("Waiting for its turn")
    RUNNING = say("Being made")
    READY = say("Ready")
    FAILED = say("Not made")


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file in the list of who asked for it. ``why`` says why there is none; ``size`` is in bytes, 0 until ready."""

    handle: str
    title: Message
    format: Format
    asked_at: datetime
    expires_at: datetime
    state: State
    why: Message | None
    size: int


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is ready: its name, format and bytes, the kind of report, and where its pieces are."""

    id: int
    name: str
    kind: str
    format: Format
    size: int
    batch: str


def peel(report: Report) -> tuple[Report, bool]:
    """The same report, and whether it is long. Its rows are as they were; the first of them are made by now."""
    rows = iter(report.rows)
    first = list(islice(rows, LONG + 1))
    return replace(report, rows=chain(first, rows)), len(first) > LONG


def _read_wish(taught: TaughtClass, account_id: int, kind: str, format_: str, sort: str, *, bom: bool) -> Wish:
    """What is asked for, checked. Raises NotFound, Forbidden, Invalid (fields ``format``, ``sort``)."""
    definition = find_definition(kind)
    wanted = parse_format(format_)
    names = {column.name for column in definition.columns}
    if sort and (not definition.sortable or len(sort) > _LONGEST_SORT):
        message = say("This report cannot be sorted by “%(name)s”.", name=sort[:_LONGEST_SORT])
        raise Invalid(message, {"sort": message})
    if sort and definition.per_test is None and sort.removeprefix("-") not in names:
        message = say("This report cannot be sorted by “%(name)s”.", name=sort)
        raise Invalid(message, {"sort": message})
    return Wish(taught.id, account_id, kind, wanted.value, bom and wanted is Format.CSV, sort, "")


def ask(
    session: Session,
    viewer: Viewer | None,
    class_handle: str,
    kind: str,
    file_format: str,
    now: datetime,
    *,
    sort: str = "",
    bom: bool = False,
    language: str = "en",
) -> str:
    """Ask for a report as a file; gives its handle. What is being made already is not asked for twice.

    Asked for again, one that was made (or could not be) is made anew. Raises as ``load_taught_class``; NotFound for a
    kind that there is not, Invalid (fields ``format``, ``sort``), Conflict where there are too many.
    """
    taught = load_taught_class(session, viewer, class_handle)
    account_id = require_person(viewer).account_id or 0
    wish = replace(_read_wish(taught, account_id, kind, file_format, sort, bom=bom), language=language)
    files = store.list_files(session, JOB, account_id)
    for same in (each for each in files if each.wish == wish):
        if _find_state(same) in (State.WAITING, State.RUNNING):
            return same.handle
        store.remove_file(session, same.id)
        files.remove(same)
    if len(files) >= MOST_FILES:
        raise Conflict(say("You have %(count)s files already. Remove one of them first.", count=MOST_FILES))
    handle = str(uuid.uuid4())
    store.add_file(session, handle, wish, now, now + KEPT_FOR)
    jobs.enqueue(session, JOB, handle, now)
    session.commit()
    return handle


def _find_state(record: FileRecord) -> State:
    if record.made_at is not None:
        return State.READY
    if record.failure or record.job_state in ("failed", "done"):
        return State.FAILED
    return State.RUNNING if record.job_state == "running" else State.WAITING


def _make_line(record: FileRecord) -> FileLine:
    state = _find_state(record)
    return FileLine(
        handle=record.handle,
        title=DEFINITIONS[Kind(record.wish.kind)].title,
        format=Format(record.wish.format),
        asked_at=record.asked_at,
        expires_at=record.expires_at,
        state=state,
        why=_WHY.get(record.failure, _BROKEN) if state is State.FAILED else None,
        size=record.size,
    )


def list_lines(session: Session, viewer: Viewer | None, taught: TaughtClass, now: datetime) -> list[FileLine]:
    """The files of a class that whoever looks asked for, the newest first."""
    account_id = require_person(viewer).account_id or 0
    records = store.list_files(session, JOB, account_id, taught.id)
    return [_make_line(record) for record in records if record.expires_at > now]


def _find(session: Session, viewer: Viewer | None, taught: TaughtClass, handle: str, now: datetime) -> FileRecord:
    """The file of somebody's own. Raises NotFound, for what is over and for files with names for who sees none too."""
    record = store.find_file(session, JOB, handle)
    if (
        record is None
        or record.wish.account_id != require_person(viewer).account_id
        or record.wish.class_id != taught.id
        or record.expires_at <= now
        or (record.sees_names and not taught.sees_names)
    ):
        raise NotFound(say("There is no such file, or it is not yours."))
    return record


def open_file(
    session: Session, viewer: Viewer | None, taught: TaughtClass, handle: str, now: datetime
) -> OpenFile | None:
    """A file of one's own; None where it is not ready. Raises NotFound for everybody else."""
    record = _find(session, viewer, taught, handle, now)
    if _find_state(record) is not State.READY:
        return None
    wish = record.wish
    return OpenFile(record.id, record.name, wish.kind, Format(wish.format), record.size, record.batch)


def read_file(session: Session, opened: OpenFile) -> Iterator[bytes]:
    """The bytes of a file, each piece read in a transaction of its own.

    Raises NotFound where it is taken away meanwhile: half a file must not look like a whole one.
    """
    left, number = opened.size, 0
    while left > 0:
        piece = store.read_piece(session, opened.id, opened.batch, number)
        session.rollback()
        if piece is None:
            raise NotFound(say("The file was removed while it was sent."))
        left, number = left - len(piece), number + 1
        yield piece


def remove(session: Session, viewer: Viewer | None, class_handle: str, handle: str, now: datetime) -> None:
    """Remove a file of one's own, or ask for it no more. Raises NotFound for everybody else."""
    taught = load_taught_class(session, viewer, class_handle)
    store.remove_file(session, _find(session, viewer, taught, handle, now).id)
    session.commit()
