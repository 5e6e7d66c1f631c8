"""Doing the work that waits, in a process of its own: a job is never lost, and never done by two at once.

A job reads, then computes without any connection to the database, then writes in one short transaction together with
the news that it is done. So nobody who studies waits for a computation, and a process that dies leaves nothing half
done: its job is taken up again when it has given no sign of life for a minute.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from quizapp.core.errors import QuizappError
from quizapp.store import jobs as store
from quizapp.store.engine import Database
from quizapp.store.jobs import JobRecord

log = logging.getLogger("quizapp")

BEAT_SECONDS = 15.0
LOOK_AROUND_EVERY = timedelta(minutes=1)

Clock = Callable[[], datetime]
Write = Callable[[Session, datetime], str]
"""The last part of a job: writes what was computed, does not commit, and says in a sentence what came of it."""
Compute = Callable[[], Write]
Read = Callable[[Session, str], Compute]
"""The first part of a job: reads all that is known of its subject. What is not possible raises a QuizappError."""
LookAround = Callable[[Session, datetime], Sequence[tuple[str, str]]]
"""Finds work that nobody asked for: kinds and subjects of jobs that should wait."""


def enqueue(session: Session, kind: str, subject: str, now: datetime) -> bool:
    """Let a job wait; False where one of the same kind and subject waits already. The caller commits."""
    return store.enqueue(session, kind, subject, now)


class Ended(BaseException):
    """This process is to end; no Exception, so that nothing takes it for a mistake."""


class Ending:
    """Whether this process is to end. A computation ends at once; what is being written is written to its end."""

    def __init__(self) -> None:
        self.wanted = False
        self._may_interrupt = False

    def ask(self, *_: object) -> None:
        """End; to be called by a signal. Raises Ended where that does no harm."""
        self.wanted = True
        if self._may_interrupt:
            raise Ended

    @contextmanager
    def may_interrupt(self) -> Iterator[None]:
        """A part of the work that may be cut short. Raises Ended where the end was asked for before."""
        try:
            self._may_interrupt = True
            if self.wanted:
                raise Ended
            yield
        finally:
            self._may_interrupt = False


@contextmanager
def _giving_signs_of_life(database: Database, job: JobRecord, clock: Clock) -> Iterator[None]:
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT_SECONDS):
            try:
                with database.writing() as session:
                    store.keep_alive(session, job, clock())
                    session.commit()
            except SQLAlchemyError:  # a database that is busy for once is no reason to stop the work
                log.warning("no sign of life could be given for job %s", job.id)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _do(database: Database, job: JobRecord, read: Read, clock: Clock, ending: Ending) -> None:
    with _giving_signs_of_life(database, job, clock):
        with database.reading() as session:
            compute = read(session, job.subject)
        with ending.may_interrupt():
            write = compute()
    with database.writing() as session:
        now = clock()
        if store.finish(session, job, write(session, now), now):
            session.commit()


def _give_up(database: Database, job: JobRecord, why: str, clock: Clock, *, again: bool) -> None:
    with database.writing() as session:
        store.fail(session, job, why, clock(), again=again)
        session.commit()


def run_next(
    database: Database, kinds: Mapping[str, Read], clock: Clock, ending: Ending | None = None
) -> JobRecord | None:
    """Do the oldest job that is ready, of these kinds; gives it, or None where there was none.

    What a job cannot do (a QuizappError) ends it with that sentence; any other mistake is tried again, three times in
    all. Where this process is told to end (``ending``), the job waits for the next one.
    """
    with database.reading() as session:
        if not store.has_ready(session, kinds, clock()):
            return None
    with database.writing() as session:
        job = store.claim(session, kinds, clock())
        session.commit()
    if job is None:
        return None
    try:
        _do(database, job, kinds[job.kind], clock, ending or Ending())
    except QuizappError as error:
        _give_up(database, job, error.message, clock, again=False)
    except Exception as error:
        log.exception("job %s (%s %s) failed at attempt %s", job.id, job.kind, job.subject, job.attempts)
        _give_up(database, job, f"{type(error).__name__}: {error}", clock, again=True)
    except BaseException:
        with database.writing() as session:
            store.release(session, job, clock())
            session.commit()
        raise
    return job


def _look_around(database: Database, look_around: LookAround, now: datetime) -> None:
    """Let wait what is found, and forget what ended long ago."""
    with database.reading() as session:
        found, old = look_around(session, now), store.has_old(session, now)
    if found or old:
        with database.writing() as session:
            store.forget_old(session, now)
            for kind, subject in found:
                store.enqueue(session, kind, subject, now)
            session.commit()


def work(
    database: Database,
    kinds: Mapping[str, Read],
    clock: Clock,
    *,
    look_around: LookAround,
    rest: Callable[[], bool],
    ending: Ending | None = None,
) -> None:
    """Do jobs until ``rest``, which is called when none is left, says that it is enough, or the end is asked for.

    At the start and once a minute ``look_around`` may name further work. A database that does not answer is waited for.
    """
    ending = ending or Ending()
    with suppress(Ended):
        _work(database, kinds, clock, look_around, rest, ending)


def _work(
    database: Database,
    kinds: Mapping[str, Read],
    clock: Clock,
    look_around: LookAround,
    rest: Callable[[], bool],
    ending: Ending,
) -> None:
    looked_at = None
    while True:
        try:
            now = clock()
            if looked_at is None or not timedelta(0) <= now - looked_at < LOOK_AROUND_EVERY:
                _look_around(database, look_around, now)
                looked_at = now
            while not ending.wanted and run_next(database, kinds, clock, ending) is not None:
                pass
        except SQLAlchemyError as error:
            log.warning("the database does not answer: %s", type(error).__name__)
        with ending.may_interrupt():
            if not rest():
                return
