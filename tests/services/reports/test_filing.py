"""Long reports as files: asked for, made by a job, taken away by who asked, and by nobody else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.reports import formats
from quizapp.core.reports.formats import Format
from quizapp.services import classes, jobs
from quizapp.services.accounts import Role
from quizapp.services.reports import filing, filing_work
from quizapp.services.reports.filing import State
from quizapp.store.jobs import MOST_ATTEMPTS
from quizapp.store.tables import (
    AccountRow,
    ClassRow,
    ClassTeacherRow,
    JobRow,
    ReportFileRow,
    ReportPieceRow,
    table_of,
)


@pytest.fixture
def database(sqlite_database):
    """Nothing here depends on the kind of database; what does is in test_filing_work.py."""
    return sqlite_database


def test_a_report_is_long_from_one_row_more_than_the_limit_on_and_keeps_all_its_rows(desk, monkeypatch) -> None:
    for limit, is_long in ((2, True), (3, False)):
        monkeypatch.setattr(filing, "LONG", limit)
        with desk.room.database.reading() as session:
            report = filing_work.make_report(session, desk.load(), "responses", desk.room.rules, desk.now)
            report, found = filing.peel(report)
            assert found is is_long
            assert len(list(report.rows)) == 3


@pytest.mark.parametrize("file_format", [Format.XLSX, Format.ODS, Format.JSON])
def test_every_format_is_made_whole_and_in_the_language_of_who_asked(desk, file_format) -> None:
    spoken = []
    handle = desk.ask(file_format=file_format.value, language="ar")
    desk.work(say_in=lambda language: spoken.append(language) or str)
    assert desk.read(handle)[:2] == (b"[\n" if file_format is Format.JSON else b"PK")
    assert spoken == ["ar"]


def test_asking_again_changes_nothing_while_it_is_made_and_makes_it_anew_afterwards(desk) -> None:
    first = desk.ask(bom=True)
    assert desk.ask(bom=True) == first
    assert desk.ask() != first
    desk.work()
    again = desk.ask(bom=True)
    assert again != first
    assert len(desk.lines()) == 2
    desk.work()
    assert desk.read(again).startswith("\ufeff".encode())
    with pytest.raises(NotFound):
        desk.open(first)


def test_nobody_but_who_asked_finds_the_file_not_even_another_teacher_of_the_class(desk) -> None:
    handle = desk.ask()
    desk.work()
    dana = desk.room.add_user("Dana", Role.TEACHER)
    admin = desk.room.add_user("Erin", Role.ADMIN)
    with desk.room.database.writing() as session:
        session.add(ClassTeacherRow(class_id=desk.room.taught.id, account_id=dana.account_id, added_at=desk.now))
        session.commit()
    for who in (dana, admin):
        assert desk.lines(who) == []
        with pytest.raises(NotFound):
            desk.open(handle, who)
        with pytest.raises(NotFound):
            desk.remove(handle, who)
    with desk.room.database.writing() as session:
        other = classes.create_class(session, desk.room.alice, "Storks", desk.now)
        with pytest.raises(NotFound):
            filing.open_file(session, desk.room.alice, other, handle, desk.now)
    assert desk.read(handle)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"kind": "secrets"}, NotFound),
        ({"file_format": "exe"}, Invalid),
        ({"sort": "score"}, Invalid),
        ({"kind": "students", "sort": "nothing"}, Invalid),
        ({"kind": "students", "sort": "x" * 301}, Invalid),
    ],
)
def test_what_there_is_not_cannot_be_asked_for(desk, wish, error) -> None:
    with pytest.raises(error):
        desk.ask(**wish)
    assert desk.count(ReportFileRow) == 0
    assert desk.count(JobRow) == 0


def test_a_sorted_report_is_sorted_in_the_file_and_gradebooks_by_the_title_of_a_test(desk) -> None:
    desk.room.set_test("Herons and more")
    handles = [desk.ask("students", sort="-last_name"), desk.ask("moodle", sort="Herons and more")]
    desk.work()
    assert all(desk.read(handle) for handle in handles)
    broken = desk.ask("moodle", sort="Storks")
    desk.work()
    assert {line.handle: line.why for line in desk.lines()}[broken] is not None


def test_a_student_or_visitor_cannot_ask(desk, bob) -> None:
    with pytest.raises(NotFound):
        desk.ask(who=bob)
    with desk.room.database.writing() as session, pytest.raises(Forbidden):
        filing.ask(session, None, desk.room.taught.handle, "responses", "csv", desk.now)


def test_nobody_heaps_up_files_without_end(desk, monkeypatch) -> None:
    monkeypatch.setattr(filing, "MOST_FILES", 2)
    desk.ask()
    removed = desk.ask("students")
    with pytest.raises(Conflict, match="Remove one"):
        desk.ask("items")
    desk.remove(removed)
    assert desk.ask("items")


def test_a_mistake_of_ours_is_tried_again_and_said_in_the_end(desk, monkeypatch) -> None:
    handle = desk.ask()
    monkeypatch.setattr(filing_work, "make_report", lambda *_, **__: 1 / 0)
    for _ in range(MOST_ATTEMPTS):
        desk.work()
        desk.now += timedelta(minutes=5)
    (line,) = desk.lines()
    assert line.state is State.FAILED
    assert "our side" in line.why
    monkeypatch.undo()
    assert desk.ask() != handle
    desk.work()
    assert [line.state for line in desk.lines()] == [State.READY]


def test_while_it_is_made_it_says_so(desk) -> None:
    desk.ask()
    desk.change(JobRow, state="running", alive_at=desk.now)
    assert [line.state for line in desk.lines()] == [State.RUNNING]


def test_a_sheet_that_cannot_hold_it_says_so(desk, monkeypatch) -> None:
    desk.ask(file_format="xlsx")
    monkeypatch.setitem(formats.MOST_ROWS, Format.XLSX, 1)
    desk.work()
    (line,) = desk.lines()
    assert (line.state, desk.count(ReportPieceRow)) == (State.FAILED, 0)
    assert "CSV or JSON" in line.why


@pytest.mark.parametrize("at", [1, 99], ids=["while it is made", "at the very end"])
def test_a_file_removed_meanwhile_is_not_made(desk, monkeypatch, at) -> None:
    handle = desk.ask()
    gather = filing_work._gather

    def remove_meanwhile(pieces):
        for number, piece in enumerate(gather(pieces)):
            if number == at:
                desk.remove(handle)
            yield piece
        if at == 99:
            desk.remove(handle)

    monkeypatch.setattr(filing_work, "_gather", remove_meanwhile)
    desk.work()
    assert desk.lines() == []
    assert desk.count(ReportPieceRow) == 0


def test_who_is_taken_from_the_class_loses_the_file_before_and_after_it_is_made(desk) -> None:
    desk.ask()
    with desk.room.database.writing() as session:
        session.execute(sa.delete(table_of(ClassTeacherRow)))
        session.commit()
    kinds = filing_work.list_kinds(desk.room.database, desk.room.rules, lambda: desk.now)
    jobs.run_next(desk.room.database, kinds, lambda: desk.now)
    with desk.room.database.reading() as session:
        assert session.scalar(sa.select(table_of(ReportFileRow).c.failure)) == filing.GONE
        assert filing_work.find_due(session, desk.now) == [(filing_work.FORGET, "all")]
    desk.work()
    assert desk.count(ReportFileRow) == 0


def test_names_are_not_given_to_who_may_no_longer_see_them(desk) -> None:
    handle = desk.ask()
    desk.work()
    desk.change(ClassRow, pseudonymous=True)
    desk.change(AccountRow, role="admin")
    with desk.room.database.writing() as session:
        session.execute(sa.delete(table_of(ClassTeacherRow)))
        session.commit()
    admin = type(desk.room.alice)(
        desk.room.alice.learner_id, desk.room.alice.handle, desk.room.alice.account_id, "Alice", Role.ADMIN
    )
    with pytest.raises(NotFound):
        desk.open(handle, admin)


def test_a_file_taken_away_while_it_is_sent_is_broken_off(desk) -> None:
    handle = desk.ask()
    desk.work()
    with desk.room.database.reading() as session:
        pieces = filing.read_file(session, desk.open(handle))
        assert next(pieces)
        desk.remove(handle)
        with pytest.raises(NotFound, match="removed while"):
            list(pieces)


def test_a_job_that_nobody_wants_any_more_does_nothing(desk, bob) -> None:
    handle = desk.ask()
    with desk.room.database.writing() as session:
        record = filing_work.store.find_file(session, filing.JOB, handle)
        write = filing_work._write_failure(record, filing.GONE)
        filing_work.store.remove_file(session, record.id)
        assert "Not made" in write(session, desk.now)
        session.commit()
    desk.work()
    with desk.room.database.reading() as session:
        states = session.execute(sa.select(table_of(JobRow).c.state, table_of(JobRow).c.result)).all()
    assert states == [("failed", "The file is not wanted any more.")]


def test_a_report_of_somebody_who_was_deleted_meanwhile_is_nobodys(desk) -> None:
    desk.ask()
    with desk.room.database.writing() as session:
        record = filing_work.store.list_files(session, filing.JOB, desk.room.alice.account_id)[0]
        session.execute(sa.delete(table_of(ClassTeacherRow)))
        session.execute(sa.delete(table_of(AccountRow)).where(table_of(AccountRow).c.name == "Alice"))
        with pytest.raises(NotFound, match="not wanted"):
            filing_work._load_class(session, record)
        session.rollback()


def test_attempts_whose_time_is_over_are_ended_before_they_are_told(desk, bob) -> None:
    test = desk.room.set_test(limit_minutes=10)
    desk.room.begin(bob, test)
    handle = desk.ask("attempts")
    desk.work()
    assert b",time," in desk.read(handle)
