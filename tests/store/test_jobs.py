"""Jobs: one waits, one claims, and what a dead process left is taken up again."""

import threading
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from quizapp.store import jobs
from quizapp.store.engine import Database
from quizapp.store.jobs import DEAD_AFTER, MOST_ATTEMPTS, RETRY_AFTER, JobRecord
from quizapp.store.tables import JobRow, table_of

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KINDS = ("fit", "adopt")


def _enqueue(database: Database, kind: str = "fit", subject: str = "learner:1", now: datetime = NOON) -> bool:
    with database.writing() as session:
        new = jobs.enqueue(session, kind, subject, now)
        session.commit()
    return new


def _claim(database: Database, now: datetime = NOON) -> JobRecord | None:
    with database.writing() as session:
        job = jobs.claim(session, KINDS, now)
        session.commit()
    return job


def _list(database: Database) -> list[tuple[str, str, str, int]]:
    job = table_of(JobRow)
    with database.reading() as session:
        rows = session.execute(sa.select(job.c.kind, job.c.subject, job.c.state, job.c.attempts).order_by(job.c.id))
        return [(row.kind, row.subject, row.state, row.attempts) for row in rows]


def test_the_same_job_waits_once(database: Database) -> None:
    assert [_enqueue(database), _enqueue(database), _enqueue(database, subject="deck:1")] == [True, False, True]
    assert _list(database) == [("fit", "learner:1", "waiting", 0), ("fit", "deck:1", "waiting", 0)]


def test_the_oldest_is_claimed_first_and_by_one_only(database: Database) -> None:
    _enqueue(database, subject="learner:2", now=NOON + timedelta(seconds=1))
    _enqueue(database)
    first, second = _claim(database), _claim(database)
    assert first is not None
    assert second is not None
    assert (first.subject, second.subject) == ("learner:1", "learner:2")
    assert _claim(database) is None


def test_of_many_who_claim_at_once_each_job_goes_to_one(database: Database) -> None:
    for number in range(12):
        _enqueue(database, subject=f"learner:{number}")
    claimed: list[str] = []

    def claim_all() -> None:
        while (job := _claim(database)) is not None:
            claimed.append(job.subject)

    threads = [threading.Thread(target=claim_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(f"learner:{number}" for number in range(12))


def test_jobs_of_a_kind_nobody_knows_are_left_alone(database: Database) -> None:
    _enqueue(database, kind="bake")
    assert _claim(database) is None


def test_while_one_runs_its_twin_waits(database: Database) -> None:
    _enqueue(database)
    job = _claim(database)
    assert job is not None
    assert _enqueue(database)
    assert _claim(database) is None
    with database.writing() as session:
        assert jobs.finish(session, job, "done", NOON)
        session.commit()
    assert _claim(database) is not None


def test_a_dead_process_loses_its_job_to_another_and_can_no_longer_end_it(database: Database) -> None:
    _enqueue(database)
    dead = _claim(database)
    assert dead is not None
    assert _claim(database, NOON + DEAD_AFTER) is None
    later = NOON + DEAD_AFTER + timedelta(seconds=1)
    alive = _claim(database, later)
    assert alive == JobRecord(dead.id, "fit", "learner:1", 2)
    with database.writing() as session:
        assert not jobs.keep_alive(session, dead, later)
        assert not jobs.finish(session, dead, "late", later)
        assert not jobs.fail(session, dead, "late", later, again=True)
        assert not jobs.release(session, dead, later)
        assert jobs.finish(session, alive, "in time", later)
        session.commit()
    assert _list(database) == [("fit", "learner:1", "done", 2)]


def test_who_gives_signs_of_life_keeps_the_job(database: Database) -> None:
    _enqueue(database)
    job = _claim(database)
    assert job is not None
    with database.writing() as session:
        assert jobs.keep_alive(session, job, NOON + DEAD_AFTER)
        session.commit()
    assert _claim(database, NOON + 2 * DEAD_AFTER) is None


def test_a_clock_put_back_does_not_hide_a_dead_process_for_ever(database: Database) -> None:
    _enqueue(database, now=NOON - timedelta(days=400))
    assert _claim(database, NOON) is not None
    assert _claim(database, NOON - timedelta(days=365)) is not None


def test_a_job_whose_processes_die_is_given_up_in_the_end(database: Database) -> None:
    _enqueue(database)
    now = NOON
    for _ in range(MOST_ATTEMPTS):
        assert _claim(database, now) is not None
        now += DEAD_AFTER + timedelta(seconds=1)
    assert _claim(database, now) is None
    assert _list(database) == [("fit", "learner:1", "failed", MOST_ATTEMPTS)]


def test_a_failed_attempt_is_repeated_later_and_at_most_twice(database: Database) -> None:
    _enqueue(database)
    now = NOON
    for attempt in range(1, MOST_ATTEMPTS + 1):
        job = _claim(database, now)
        assert job is not None
        assert job.attempts == attempt
        with database.writing() as session:
            jobs.fail(session, job, "no luck", now, again=True)
            session.commit()
        assert _claim(database, now + RETRY_AFTER) is None
        now += RETRY_AFTER + timedelta(seconds=1)
    assert _list(database) == [("fit", "learner:1", "failed", MOST_ATTEMPTS)]


def test_a_job_that_cannot_be_done_is_not_repeated(database: Database) -> None:
    _enqueue(database)
    job = _claim(database)
    assert job is not None
    with database.writing() as session:
        assert jobs.fail(session, job, "too few reviews", NOON, again=False)
        session.commit()
    assert _list(database) == [("fit", "learner:1", "failed", 1)]


def test_where_a_twin_waits_a_failed_or_released_job_leaves_the_work_to_it(database: Database) -> None:
    for end in ("fail", "release"):
        _enqueue(database, subject=end)
        job = _claim(database)
        assert job is not None
        _enqueue(database, subject=end)
        with database.writing() as session:
            done = (
                jobs.release(session, job, NOON) if end == "release" else jobs.fail(session, job, "x", NOON, again=True)
            )
            assert done
            session.commit()
        twin = _claim(database, NOON + 2 * RETRY_AFTER)
        assert twin is not None
        assert twin.id != job.id


def test_a_released_job_waits_as_if_it_had_not_been_claimed(database: Database) -> None:
    _enqueue(database)
    job = _claim(database)
    assert job is not None
    with database.writing() as session:
        assert jobs.release(session, job, NOON)
        session.commit()
    assert _claim(database) == job


def test_only_the_last_ended_job_of_a_subject_is_kept(database: Database) -> None:
    for _ in range(3):
        _enqueue(database)
        job = _claim(database)
        assert job is not None
        with database.writing() as session:
            jobs.finish(session, job, "done", NOON)
            session.commit()
    assert _list(database) == [("fit", "learner:1", "done", 1)]


def test_asking_for_work_says_what_claiming_does(database: Database) -> None:
    with database.reading() as session:
        assert not jobs.has_ready(session, KINDS, NOON)
    _enqueue(database)
    with database.reading() as session:
        assert jobs.has_ready(session, KINDS, NOON)
        assert not jobs.has_ready(session, (), NOON)
