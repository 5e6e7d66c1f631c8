"""Keeping nothing longer than the school wants."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.privacy.acts import Act, Way
from quizapp.services import accounts, jobs, working
from quizapp.services.privacy import audit, erasing, sweeping
from quizapp.store import jobs as job_store
from quizapp.store import privacy_scrub
from quizapp.store.engine import Database
from quizapp.store.tables import AccountRow, JobRow, LearnerRow, SignInRow, table_of

HERE = "192.0.2.1"


def _count(room: Any, model: Any) -> int:
    with room.database.reading() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table_of(model))).scalar_one())


def _work(room: Any, days: float) -> None:
    now = room.noon + timedelta(days=days)
    kinds = working.list_kinds(room.database, room.rules, lambda: now)
    jobs.work(room.database, kinds, lambda: now, look_around=working.look_around, rest=lambda: False)


def _list_jobs(room: Any) -> list[tuple[str, str, str]]:
    with room.database.reading() as session:
        found = sa.select(JobRow.kind, JobRow.state, JobRow.result).order_by(JobRow.id)
        return [tuple(row) for row in session.execute(found)]


def test_the_working_process_deletes_who_asked_when_it_is_due_and_not_before(room: Any, password: str) -> None:
    bob = room.enrol("Bob", first_name="Quagmire")
    room.answer(bob, "legs", "my own typed words")
    with room.database.writing() as session:
        erasing.ask(session, bob, password, HERE, room.rules, room.noon)
    _work(room, 6)
    assert room.find("Quagmire")
    _work(room, 9)
    assert room.find("Quagmire", "my own typed words", bob.handle) == []
    states = {(kind, state) for kind, state, _ in _list_jobs(room)}
    assert {("privacy-erase", "done"), ("privacy-scrub", "done"), ("privacy-sweep", "done")} <= states


def test_who_does_not_come_for_long_is_deleted_by_the_nights_sweep(room: Any, password: str) -> None:
    bob, charlie = room.enrol("Bob"), room.enrol("Charlie")
    with room.database.writing() as session:
        sweeping.choose(session, "learners", 100)
        guest = accounts.start_guest(session, HERE, room.noon).viewer
        accounts.sign_in(session, "Charlie", password, HERE, room.noon + timedelta(days=50))
    room.answer(bob, "legs", "long", hours=24 * 60)
    _work(room, 120)
    with room.database.reading() as session:
        assert {name for (name,) in session.execute(sa.select(AccountRow.name))} == {"Alice", "Bob", "Charlie"}
    _work(room, 155)
    with room.database.reading() as session:
        assert {name for (name,) in session.execute(sa.select(AccountRow.name))} == {"Alice", "Bob"}
        assert session.get(LearnerRow, guest.learner_id) is not None
    _work(room, 400)
    with room.database.reading() as session:
        assert {name for (name,) in session.execute(sa.select(AccountRow.name))} == {"Alice"}
        left = {one for (one,) in session.execute(sa.select(LearnerRow.handle))}
    assert left.isdisjoint({bob.handle, charlie.handle, guest.handle})


def test_a_token_in_use_keeps_its_owner(room: Any) -> None:
    bob = room.enrol("Bob")
    with room.database.writing() as session:
        sweeping.choose(session, "learners", 100)
        token = accounts.create_token_for(session, "Bob", "phone", room.noon)
        accounts.note_token(session, token, room.noon + timedelta(days=90))
    now = room.noon + timedelta(days=150)
    assert sweeping.sweep(room.database, room.rules, now).counts["learners"] == 0
    assert sweeping.sweep(room.database, room.rules, now + timedelta(days=50)).counts["learners"] == 1
    with room.database.reading() as session:
        assert session.get(LearnerRow, bob.learner_id) is None or bob.handle == ""


def test_old_rows_go_and_a_dry_run_changes_nothing(small_room: Any, password: str) -> None:
    with small_room.database.writing() as session:
        accounts.sign_in(session, "Alice", password, HERE, small_room.noon)
        audit.write_down(session, Act.REPORT, Way.PAGE, small_room.alice, small_room.noon)
        jobs.enqueue(session, "fit", "learner:99", small_room.noon)
        job = job_store.claim(session, ["fit"], small_room.noon)
        assert job is not None
        job_store.finish(session, job, "", small_room.noon)
        session.commit()
    later = small_room.noon + timedelta(days=800)
    with small_room.database.writing() as session:
        found = sweeping.preview(session, later)
    assert found.counts == {"guests": 0, "sign_ins": 1, "audit": 1, "jobs": 1, "throttles": 4}
    assert (_count(small_room, SignInRow), found.due) == (1, 0)
    assert sweeping.sweep(small_room.database, small_room.rules, later).counts == found.counts
    with small_room.database.writing() as session:
        again = sweeping.preview(session, later)
    assert set(again.counts.values()) == {0}


def test_due_wishes_are_granted_by_the_command_too(small_room: Any, password: str) -> None:
    bob = small_room.enrol("Bob")
    with small_room.database.writing() as session:
        erasing.ask(session, bob, password, HERE, small_room.rules, small_room.noon)
    assert sweeping.sweep(small_room.database, small_room.rules, small_room.noon + timedelta(days=9)).due == 1
    assert small_room.find(bob.handle) == []


def test_a_wish_taken_back_or_granted_meanwhile_deletes_nobody(small_room: Any, password: str) -> None:
    bob = small_room.enrol("Bob")
    with small_room.database.writing() as session:
        for kind in (sweeping.ERASE, sweeping.EXPIRE):
            jobs.enqueue(session, kind, str(bob.learner_id), small_room.noon)
            jobs.enqueue(session, kind, "4711", small_room.noon)
        session.commit()
    _work(small_room, 0)
    results = [(kind, result) for kind, _, result in _list_jobs(small_room)]
    for kind in (sweeping.ERASE, sweeping.EXPIRE):
        assert (kind, "Nothing was deleted: it is not wanted any more.") in results
        assert (kind, "It is no longer there.") in results
    assert small_room.find(bob.handle)


def test_choices_are_kept_and_bad_ones_refused(small_room: Any) -> None:
    with small_room.database.writing() as session:
        sweeping.choose(session, "guests", 40)
        sweeping.choose(session, "guests", 50)
        with pytest.raises(Invalid):
            sweeping.choose(session, "guests", 1)
        assert sweeping.list_choices(session)["guests"] == 50


def test_a_file_that_is_being_read_is_written_anew_later(small_room: Any) -> None:
    with small_room.database.reading() as session:
        session.execute(sa.text("SELECT count(*) FROM account")).scalar_one()
        engine = small_room.database.engine
        with engine.connect() as reading:
            reading.exec_driver_sql("PRAGMA busy_timeout=0")
            with pytest.raises(privacy_scrub.StillRead):
                privacy_scrub.scrub(engine)
    assert privacy_scrub.scrub(small_room.database.engine)


def test_a_database_in_memory_is_scrubbed_too() -> None:
    database = Database("sqlite://")
    assert sweeping.scrub(database)
    database.dispose()


def test_a_session_on_one_connection_has_no_file_to_be_written_anew(small_room: Any) -> None:
    with small_room.database.engine.connect() as connection, small_room.database.new_reader() as session:
        session.bind = connection
        with pytest.raises(NotFound):
            sweeping.list_kinds(small_room.rules)[erasing.SCRUB](session, "all")


def test_a_sweep_waits_for_the_small_hours_and_passes_over_who_is_gone(
    small_room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_room.database.reading() as session:
        assert sweeping.find_due(session, small_room.noon.replace(hour=1)) == []
        assert [kind for kind, _ in sweeping.find_due(session, small_room.noon)] == [sweeping.SWEEP]
    monkeypatch.setattr(sweeping.store, "list_due", lambda *_, **__: [4711])
    assert sweeping.sweep(small_room.database, small_room.rules, small_room.noon).due == 1


def test_a_large_file_is_written_anew_in_the_night_and_once(small_room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy_scrub, "LARGEST_BY_DAY", 0)
    by_day, by_night = small_room.noon, small_room.noon.replace(hour=2)
    bob = small_room.enrol("bob")

    def find(now: datetime) -> list[tuple[str, str]]:
        with small_room.database.reading() as session:
            return sweeping.find_owed(session, small_room.rules, now)

    assert find(by_night) == []
    with small_room.database.writing() as session:
        person = sweeping.store.find_person(session, bob.learner_id)
        erasing.erase_now(session, person, Way.COMMAND, None, small_room.rules, by_night - timedelta(hours=6))
        assert session.execute(sa.select(table_of(JobRow).c.id)).all() == []
    assert (find(by_day), find(by_night)) == ([], [(erasing.SCRUB, "all")])
    with small_room.database.writing() as session:
        jobs.enqueue(session, erasing.SCRUB, "all", by_night)
        session.commit()
    assert find(by_night) == []
    kinds = sweeping.list_kinds(small_room.rules)
    assert jobs.run_next(small_room.database, kinds, lambda: by_night) is not None
    assert find(by_night) == []
