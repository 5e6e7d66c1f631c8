"""Making the files of long reports, on every kind of database: nothing is lost, and nothing left of who is deleted."""

import csv
import io

import pytest
import sqlalchemy as sa

from quizapp.core.errors import NotFound
from quizapp.core.privacy.acts import Way
from quizapp.core.reports.formats import Format
from quizapp.services.privacy import erasing
from quizapp.services.reports import filing, filing_work
from quizapp.services.reports.filing import State
from quizapp.store import privacy as privacy_store
from quizapp.store.tables import (
    JobRow,
    ReportFileRow,
    ReportPieceRow,
    table_of,
)


def test_a_file_waits_is_made_and_holds_the_same_rows_as_the_page(desk) -> None:
    handle = desk.ask()
    assert [(line.handle, line.state, line.why) for line in desk.lines()] == [(handle, State.WAITING, None)]
    assert desk.open(handle) is None
    desk.work()
    (line,) = desk.lines()
    assert (line.state, line.format, line.title) == (State.READY, Format.CSV, "Responses")
    data = desk.read(handle)
    assert len(data) == line.size == desk.open(handle).size
    assert desk.count(ReportPieceRow) > 2
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    _, told = desk.room.tell("responses")
    assert [row["item_id"] for row in rows] == [row["item_id"] for row in told]
    assert desk.open(handle).name == f"herons-8b-responses-{desk.now:%Y-%m-%d}.csv"
    assert line.expires_at == desk.now + filing.KEPT_FOR


def test_a_worker_that_dies_in_the_middle_loses_nothing_and_half_a_file_is_never_given(desk, monkeypatch) -> None:
    handle = desk.ask()
    add_piece, kept = filing_work.store.add_piece, []

    def die(*args) -> None:
        add_piece(*args)
        kept.append(args)
        if len(kept) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(filing_work.store, "add_piece", die)
    with pytest.raises(KeyboardInterrupt):
        desk.work()
    monkeypatch.undo()
    assert desk.count(ReportPieceRow) == 1
    assert desk.open(handle) is None
    desk.work()
    data = desk.read(handle)
    assert data.count(b"\r\n") == 4
    with desk.room.database.reading() as session:
        batches = session.scalars(sa.select(table_of(ReportPieceRow).c.batch).distinct()).all()
    assert batches == [desk.open(handle).batch]


def test_a_file_whose_job_is_gone_is_made_all_the_same(desk) -> None:
    handle = desk.ask()
    with desk.room.database.writing() as session:
        session.execute(sa.delete(table_of(JobRow)))
        session.commit()
    desk.work()
    assert desk.read(handle)


def test_the_file_goes_with_the_first_person_in_it_who_is_deleted(desk, bob) -> None:
    ready = desk.ask()
    desk.work()
    waiting = desk.ask("students")
    with desk.room.database.writing() as session:
        person = privacy_store.find_person(session, bob.learner_id)
        erasing.erase_now(session, person, Way.COMMAND, None, desk.room.rules, desk.now)
    assert desk.count(ReportPieceRow) == 0
    assert {line.handle: line.state for line in desk.lines()} == {ready: State.FAILED, waiting: State.FAILED}
    assert all("deleted" in line.why for line in desk.lines())
    desk.work()
    assert desk.count(ReportPieceRow) == 0
    assert desk.open(ready) is None


def test_an_erasure_in_the_middle_of_the_making_leaves_nothing_of_it(desk, bob, monkeypatch) -> None:
    desk.ask()
    wanted = filing_work.store.is_wanted
    seen = []

    def erase_first(session, file_id):
        seen.append(file_id)
        if len(seen) == 2:
            filing_work.store.withdraw(session, bob.learner_id, filing.ERASED)
            session.commit()
        return wanted(session, file_id)

    monkeypatch.setattr(filing_work.store, "is_wanted", erase_first)
    desk.work()
    assert desk.count(ReportPieceRow) == 0
    assert [line.state for line in desk.lines()] == [State.FAILED]


def test_files_go_when_their_time_is_over(desk) -> None:
    handle = desk.ask()
    desk.work()
    desk.now += filing.KEPT_FOR
    assert desk.lines() == []
    with pytest.raises(NotFound):
        desk.open(handle)
    desk.work()
    assert (desk.count(ReportFileRow), desk.count(ReportPieceRow)) == (0, 0)
