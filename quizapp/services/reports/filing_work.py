"""Making the files of long reports, as jobs.

The rows are read in short transactions of their own, and each piece of the file is kept at once, in a short one of its
own; the last transaction of all says that the file is whole. So nobody who studies waits for it, half a file is never
given to anybody, and an attempt that dies leaves pieces that nobody names, which the next attempt removes.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Forbidden, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.reports.formats import Format, SheetFull
from quizapp.core.reports.model import Words
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass, load_taught_class
from quizapp.services.jobs import Clock, Compute, Read, Write
from quizapp.services.reports.files import name_file, write_file
from quizapp.services.reports.filing import FULL, GONE, JOB
from quizapp.services.reports.making import has_untidy, make_report, tidy_tests
from quizapp.services.rules import StudyRules
from quizapp.store import accounts as account_store
from quizapp.store import reports_files as store
from quizapp.store.engine import Database
from quizapp.store.reports_files import FileRecord

FORGET = "report-forget"
PIECE = 1024 * 1024
"""Bytes of a piece, before it is packed."""
_LEVELS = {Format.CSV: 6, Format.JSON: 6, Format.XLSX: 0, Format.ODS: 0}
"""How hard pieces are packed: sheets are packed by themselves."""

SayIn = Callable[[str], Words]
"""Gives what says messages in a language."""


class _Unwanted(NotFound):
    """The file was removed, or somebody else has made it."""

    def __init__(self) -> None:
        super().__init__(say("The file is not wanted any more."))


@dataclass(frozen=True, slots=True)
class _Made:
    """A file whose pieces are all kept, under the name of their batch."""

    name: str
    size: int
    batch: str
    sees_names: bool


@dataclass(frozen=True, slots=True)
class _Maker:
    """What it takes to make files."""

    database: Database
    school: StudyRules
    clock: Clock
    say_in: SayIn

    def make(self, record: FileRecord) -> _Made:
        """Make a file and keep its pieces. Raises what ``make_report`` and ``write_file`` raise, and NotFound."""
        now, wish = self.clock(), record.wish
        with self.database.writing() as session:
            taught = _load_class(session, record)
            store.drop_pieces(session, record.id)
            session.commit()
            if has_untidy(session, taught, now):
                tidy_tests(session, taught, now)
        file_format, batch, size = Format(wish.format), str(uuid.uuid4()), 0
        with self.database.reading() as session:
            report = make_report(session, taught, wish.kind, self.school, now, sort=wish.sort)
            words = self.say_in(wish.language)
            with closing(write_file(report, file_format, bom=wish.bom, words=words)) as pieces:
                for number, piece in enumerate(_gather(pieces)):
                    self._keep(record.id, batch, number, piece, _LEVELS[file_format])
                    size += len(piece)
        return _Made(name_file(report, file_format), size, batch, taught.sees_names)

    def _keep(self, file_id: int, batch: str, number: int, piece: bytes, level: int) -> None:
        """Keep a piece. Raises NotFound where the file is not wanted any more, and leaves nothing then."""
        with self.database.writing() as session:
            if not store.is_wanted(session, file_id):
                raise _Unwanted
            store.add_piece(session, file_id, batch, number, piece, level)
            session.commit()


def _load_class(session: Session, record: FileRecord) -> TaughtClass:
    """The class as whoever asked may see it now. Raises NotFound, Forbidden where they may not."""
    account = account_store.find_account(session, record.wish.account_id)
    if account is None:
        raise _Unwanted
    viewer = Viewer(account.learner_id, account.handle, account.id, account.name, Role(account.role))
    return load_taught_class(session, viewer, record.class_handle)


def _gather(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of about one size."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _write_made(record: FileRecord, made: _Made) -> Write:
    def write(session: Session, now: datetime) -> str:
        if not store.is_wanted(session, record.id):
            raise _Unwanted
        store.drop_pieces(session, record.id, but=made.batch)
        store.finish_file(
            session, record.id, now, name=made.name, size=made.size, batch=made.batch, sees_names=made.sees_names
        )
        return say("Made: %(size)s bytes.", size=made.size)

    return write


def _write_failure(record: FileRecord, why: str) -> Write:
    def write(session: Session, _: datetime) -> str:
        if store.is_wanted(session, record.id):
            store.fail_file(session, record.id, why)
        return say("Not made: %(why)s.", why=why)

    return write


def _make_job(maker: _Maker) -> Read:
    """The job that makes a file, whose handle is the subject."""

    def read(session: Session, subject: str) -> Compute:
        record = store.find_file(session, JOB, subject)
        if record is None or record.failure or record.made_at is not None:
            raise _Unwanted

        def compute() -> Write:
            try:
                made = maker.make(record)
            except _Unwanted:
                raise
            except SheetFull:
                return _write_failure(record, FULL)
            except (NotFound, Forbidden, Invalid):
                return _write_failure(record, GONE)
            return _write_made(record, made)

        return compute

    return read


def _read_forgetting(_: Session, __: str) -> Compute:
    def write(session: Session, now: datetime) -> str:
        return say("Removed: %(count)s.", count=store.remove_over(session, now))

    return lambda: write


def list_kinds(database: Database, school: StudyRules, clock: Clock, say_in: SayIn = lambda _: str) -> dict[str, Read]:
    """The jobs about files; ``school`` are the rules of the installation, ``say_in`` says sheets in a language."""
    return {JOB: _make_job(_Maker(database, school, clock, say_in)), FORGET: _read_forgetting}


def find_due(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Jobs that should wait: files that nobody makes, and those whose time is over."""
    found = [(JOB, handle) for handle in store.list_forgotten(session, JOB)]
    if store.has_over(session, now):
        found.append((FORGET, "all"))
    return found
