"""A report made by hand."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from quizapp.core.messages import say
from quizapp.core.reports.columns import Column, Row, Type
from quizapp.core.reports.definitions import DEFINITIONS, Kind
from quizapp.core.reports.model import Report

COLUMNS = (
    Column("name", Type.TEXT, say("The name.")),
    Column("count", Type.WHOLE, say("How many.")),
    Column("share", Type.SHARE, say("Which part.")),
    Column("late", Type.YES_NO, say("Whether late.")),
    Column("at", Type.MOMENT, say("When.")),
)


@pytest.fixture(scope="session")
def make_report() -> Callable[..., Report]:
    """Make a report from rows: ``make_report(rows)``, or with columns of its own."""

    def make(rows: Iterable[Row], columns: tuple[Column, ...] = COLUMNS, kind: Kind = Kind.STUDENTS) -> Report:
        made_at = datetime(2026, 11, 22, 12, tzinfo=UTC)
        zone = ZoneInfo("Europe/Berlin")
        return Report(DEFINITIONS[kind], "Herons 8b", columns, rows, made_at, zone, "1.2.3", (say("Take care."),))

    return make
