"""Work in a process of its own: done once, told in words, and never lost by a restart."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.services import jobs
from quizapp.store.engine import Database
from quizapp.store.jobs import DEAD_AFTER, KEPT_FOR, RETRY_AFTER
from quizapp.store.tables import JobRow, table_of

Read = Callable[[Session, str], Callable[[], Callable[[Session, datetime], str]]]


def _list(database: Database) -> list[tuple[str, str, int, str]]:
    job = table_of(JobRow)
    with database.reading() as session:
        rows = session.execute(sa.select(job.c.subject, job.c.state, job.c.attempts, job.c.result).order_by(job.c.id))
        return [tuple(row) for row in rows]


def _enqueue(database: Database, subject: str, now: datetime, kind: str = "count") -> None:
    with database.writing() as session:
        jobs.enqueue(session, kind, subject, now)
        session.commit()


def _same(moment: datetime) -> datetime:
    return moment


def _counting(session: Session, subject: str) -> Callable[[], Callable[[Session, datetime], str]]:
    letters = len(subject)
    return lambda: lambda session, now: f"{letters} letters at {now:%H:%M}"


def _failing(error: BaseException) -> Read:
    def read(session: Session, subject: str) -> Callable[[], Callable[[Session, datetime], str]]:
        def compute() -> Callable[[Session, datetime], str]:
            raise error

        return compute

    return read


def test_a_job_is_done_and_told(database: Database, noon: datetime) -> None:
    _enqueue(database, "learner:1", noon)
    done = jobs.run_next(database, {"count": _counting}, lambda: noon)
    assert done is not None
    assert done.subject == "learner:1"
    assert jobs.run_next(database, {"count": _counting}, lambda: noon) is None
    assert _list(database) == [("learner:1", "done", 1, "9 letters at 12:00")]


def test_nobody_waits_for_a_computation(database: Database, noon: datetime) -> None:
    _enqueue(database, "learner:1", noon)
    written = []

    def read(session: Session, subject: str) -> Callable[[], Callable[[Session, datetime], str]]:
        def compute() -> Callable[[Session, datetime], str]:
            _enqueue(database, "somebody else writes meanwhile", noon, kind="other")
            written.append(True)
            return lambda session, now: "done"

        return compute

    jobs.run_next(database, {"count": read}, lambda: noon)
    assert written == [True]


def test_what_cannot_be_done_ends_with_its_sentence(database: Database, noon: datetime) -> None:
    _enqueue(database, "learner:1", noon)
    jobs.run_next(database, {"count": _failing(Invalid(say("Too few reviews.")))}, lambda: noon)
    assert _list(database) == [("learner:1", "failed", 1, "Too few reviews.")]


def test_a_mistake_is_tried_again_and_logged(
    database: Database, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    _enqueue(database, "learner:1", noon)
    for attempt in range(4):
        now = noon + attempt * 2 * RETRY_AFTER
        jobs.run_next(database, {"count": _failing(ZeroDivisionError("by zero"))}, lambda now=now: now)
    assert _list(database) == [("learner:1", "failed", 3, "ZeroDivisionError: by zero")]
    assert caplog.text.count("Traceback") == 3


def test_a_process_told_to_end_gives_its_job_back(database: Database, noon: datetime) -> None:
    _enqueue(database, "learner:1", noon)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_next(database, {"count": _failing(KeyboardInterrupt())}, lambda: noon)
    assert _list(database) == [("learner:1", "waiting", 0, "")]


def test_nothing_is_written_by_who_lost_the_job(database: Database, noon: datetime) -> None:
    _enqueue(database, "learner:1", noon)
    moments = iter([noon, noon, noon + 10 * DEAD_AFTER])

    def read(session: Session, subject: str) -> Callable[[], Callable[[Session, datetime], str]]:
        def compute() -> Callable[[Session, datetime], str]:
            later = noon + 2 * DEAD_AFTER
            jobs.run_next(database, {"count": _counting}, lambda: later)

            def write(session: Session, now: datetime) -> str:
                jobs.enqueue(session, "other", "must not stay", now)
                return "too late"

            return write

        return compute

    jobs.run_next(database, {"count": read}, lambda: next(moments))
    assert _list(database) == [("learner:1", "done", 2, "9 letters at 12:02")]


def test_another_claimer_may_be_faster(database: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.store, "has_ready", lambda *_: True)
    assert jobs.run_next(database, {"count": _counting}, lambda: noon) is None


def test_a_long_computation_gives_signs_of_life(
    database: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.001)
    _enqueue(database, "learner:1", noon)
    beaten = threading.Event()
    beats: list[int] = []

    def keep_alive(session: Session, job: object, now: datetime) -> bool:
        beats.append(1)
        if len(beats) == 1:
            raise sa.exc.OperationalError("UPDATE", None, Exception("busy"))
        beaten.set()
        return True

    monkeypatch.setattr(jobs.store, "keep_alive", keep_alive)

    def read(session: Session, subject: str) -> Callable[[], Callable[[Session, datetime], str]]:
        def compute() -> Callable[[Session, datetime], str]:
            assert beaten.wait(30)
            return lambda session, now: "done"

        return compute

    jobs.run_next(database, {"count": read}, lambda: noon)
    assert _list(database)[0][1] == "done"
    assert "no sign of life" in caplog.text


def test_work_looks_around_does_all_and_rests(database: Database, noon: datetime) -> None:
    _enqueue(database, "a", noon)
    moments = [noon]
    looks = []

    def look_around(session: Session, now: datetime) -> list[tuple[str, str]]:
        looks.append(now)
        return [("count", "found")] if len(looks) == 1 else []

    def rest() -> bool:
        moments[0] += timedelta(seconds=40)
        return len(_list(database)) < 3 and moments[0] < noon + timedelta(minutes=3)

    jobs.work(database, {"count": _counting}, lambda: moments[0], look_around=look_around, rest=rest)
    assert [(subject, state) for subject, state, *_ in _list(database)] == [("a", "done"), ("found", "done")]
    assert looks == [noon, noon + timedelta(seconds=80), noon + timedelta(seconds=160)]


def test_a_computation_is_cut_short_by_the_end_and_its_job_waits(database: Database, noon: datetime) -> None:
    _enqueue(database, "learner:1", noon)
    ending = jobs.Ending()

    def read(session: Session, subject: str) -> Callable[[], Callable[[Session, datetime], str]]:
        def compute() -> Callable[[Session, datetime], str]:
            ending.ask()
            raise AssertionError("nothing is computed after the end")

        return compute

    jobs.work(database, {"count": read}, lambda: noon, look_around=lambda *_: [], rest=lambda: True, ending=ending)
    assert _list(database) == [("learner:1", "waiting", 0, "")]


def test_what_is_being_written_is_written_to_its_end(database: Database, noon: datetime) -> None:
    for subject in ("a", "b"):
        _enqueue(database, subject, noon)
    ending = jobs.Ending()

    def read(session: Session, subject: str) -> Callable[[], Callable[[Session, datetime], str]]:
        def write(session: Session, now: datetime) -> str:
            ending.ask()
            return "written"

        return lambda: write

    jobs.work(database, {"count": read}, lambda: noon, look_around=lambda *_: [], rest=lambda: True, ending=ending)
    assert _list(database) == [("a", "done", 1, "written"), ("b", "waiting", 0, "")]


def test_the_end_may_come_while_resting_and_before_a_computation(database: Database, noon: datetime) -> None:
    ending = jobs.Ending()

    def rest() -> bool:
        ending.ask()
        raise AssertionError("nobody rests after the end")

    jobs.work(database, {}, lambda: noon, look_around=lambda *_: [], rest=rest, ending=ending)
    _enqueue(database, "a", noon)
    with pytest.raises(jobs.Ended):
        jobs.run_next(database, {"count": _counting}, lambda: noon, ending)
    assert _list(database) == [("a", "waiting", 0, "")]


def test_a_database_that_does_not_answer_is_waited_for(
    database: Database, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def look_around(session: Session, now: datetime) -> list[tuple[str, str]]:
        raise sa.exc.OperationalError("SELECT", None, Exception("gone"))

    jobs.work(database, {}, lambda: noon, look_around=look_around, rest=lambda: False)
    assert "does not answer" in caplog.text


_DIES = """
import os, signal, sys
from datetime import datetime
from quizapp.services import jobs
from quizapp.store.engine import Database

def read(session, subject):
    def compute():
        print("computing", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    return compute

now = datetime.fromisoformat(sys.argv[2])
jobs.run_next(Database(sys.argv[1]), {"count": read}, lambda: now)
"""


def test_a_job_of_a_killed_process_is_taken_up_again(database: Database, database_url: str, noon: datetime) -> None:
    _enqueue(database, "learner:1", noon)
    killed = subprocess.run(
        [sys.executable, "-c", _DIES, database_url, noon.isoformat()], capture_output=True, text=True, check=False
    )
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "computing\n")
    assert _list(database) == [("learner:1", "running", 1, "")]
    assert jobs.run_next(database, {"count": _counting}, lambda: noon) is None
    later = noon + DEAD_AFTER + timedelta(seconds=1)
    assert jobs.run_next(database, {"count": _counting}, lambda: later) is not None
    assert _list(database) == [("learner:1", "done", 2, "9 letters at 12:01")]


def test_jobs_that_ended_long_ago_are_forgotten(database: Database, noon: datetime) -> None:
    for subject in ("old", "new"):
        _enqueue(database, subject, noon)
    kinds = {"count": _counting}
    jobs.run_next(database, kinds, lambda: noon)
    later = noon + KEPT_FOR
    jobs.run_next(database, kinds, lambda: later)
    for moment, kept in ((later, ["old", "new"]), (later + timedelta(milliseconds=1), ["new"])):
        jobs.work(database, {}, partial(_same, moment), look_around=lambda *_: [], rest=lambda: False)
        assert [subject for subject, *_ in _list(database)] == kept


_WORKS = """
import os, signal, sys, time
from datetime import datetime, timedelta
from quizapp.services import jobs
from quizapp.store.engine import Database

begun, died = datetime.fromisoformat(sys.argv[2]), []

def read(session, subject):
    def compute():
        if subject == "deadly" and sys.argv[3] == "mortal":
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.02)
        return lambda session, now: sys.argv[3]
    return compute

database = Database(sys.argv[1])
while jobs.run_next(database, {"count": read}, lambda: begun) is not None:
    pass
"""


def test_workers_of_two_nodes_share_the_work_and_none_is_lost_with_one_of_them(
    database: Database, database_url: str, noon: datetime
) -> None:
    _enqueue(database, "deadly", noon)
    for number in range(20):
        _enqueue(database, f"learner:{number}", noon + timedelta(milliseconds=number + 1))
    later = noon + DEAD_AFTER + timedelta(seconds=1)
    mortal = [sys.executable, "-c", _WORKS, database_url, noon.isoformat(), "mortal"]
    assert subprocess.run(mortal, check=False).returncode == -signal.SIGKILL
    workers = [
        subprocess.Popen([sys.executable, "-c", _WORKS, database_url, later.isoformat(), name])
        for name in ("one", "two")
    ]
    assert [worker.wait(300) for worker in workers] == [0, 0]
    ended = _list(database)
    assert [(subject, state, attempts) for subject, state, attempts, _ in ended] == [
        ("deadly", "done", 2),
        *((f"learner:{number}", "done", 1) for number in range(20)),
    ]
    assert {result for *_, result in ended} <= {"one", "two"}
