from datetime import UTC, datetime, timedelta

import pytest

from quizapp.core.assignments.dates import Dates
from quizapp.core.assignments.standing import AssignmentCells, Standing, Work, count_cells, find_standing

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DATES = Dates(NOON, NOON + DAY, NOON + 2 * DAY)
DONE = Work(2, 2, True, NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("work", "days", "standing"),
    [
        (Work(2), -1, "planned"),
        (Work(2), 0, "waiting"),
        (Work(2, 1, True), 0, "underway"),
        (Work(2, 1, True), 1.5, "overdue"),
        (Work(2, 1, True), 2, "missed"),
        (DONE, 0.5, "done"),
        (DONE, 5, "done"),
        (Work(2, 2, True, NOON + DAY), 5, "done"),
        (Work(2, 2, True, NOON + 1.5 * DAY), 5, "late"),
        (Work(begun=True, completed_at=NOON + 1.5 * DAY, late=False), 5, "done"),
        (Work(begun=True, completed_at=NOON, late=True), 5, "late"),
        (Work(0, 0, False, NOON), -1, "planned"),
    ],
)
def test_a_student_stands_where_dates_and_work_say(work: Work, days: float, standing: str) -> None:
    assert find_standing(work, DATES, NOON + days * DAY) == standing


def test_who_is_excused_or_has_left_is_asked_nothing() -> None:
    assert find_standing(DONE, DATES, NOON, excused=True) is Standing.EXCUSED
    assert find_standing(DONE, DATES, NOON, excused=True, left=True) is Standing.LEFT


def test_without_dates_nothing_is_ever_late() -> None:
    assert find_standing(DONE, Dates(NOON), NOON + 999 * DAY) is Standing.DONE
    assert find_standing(Work(2), Dates(NOON), NOON + 999 * DAY) is Standing.WAITING


def test_cells_count_what_was_asked() -> None:
    assert count_cells([]) == AssignmentCells()
    assert count_cells(list(Standing)) == AssignmentCells(assigned=6, completed=2, late=1, overdue=2)
