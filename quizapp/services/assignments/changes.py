"""The log of who changed what of an assignment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assignments.dates import Dates
from quizapp.services.accounts import Viewer
from quizapp.store import assignments as store

MOST_SHOWN = 50
_MOMENTS = frozenset({"opens", "due", "closes"})

Facts = Mapping[str, str | datetime | None]
"""What is so, by field."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field: what it was and what it is. Moments are moments; None and blank stand for nothing."""

    field: str
    before: str | datetime | None
    after: str | datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """A change: when, by whom (blank: somebody whose account is gone), of which student (0: for all)."""

    at: datetime
    by: str
    learner_id: int
    fields: tuple[ChangedField, ...]


def dates_facts(dates: Dates) -> dict[str, str | datetime | None]:
    """Dates by their fields."""
    return {"opens": dates.opens, "due": dates.due, "closes": dates.closes}


def _write(value: str | datetime | None) -> str:
    return value.isoformat() if isinstance(value, datetime) else value or ""


def _read(field: str, text: str) -> str | datetime | None:
    if field not in _MOMENTS:
        return text
    return datetime.fromisoformat(text) if text else None


def note_change(
    session: Session,
    viewer: Viewer | None,
    assignment_id: int,
    before: Facts,
    after: Facts,
    now: datetime,
    learner_id: int | None = None,
) -> bool:
    """Write down what is different, of one student's or for all; says whether anything is."""
    changed = [
        [field, _write(before.get(field)), _write(value)]
        for field, value in after.items()
        if before.get(field) != value
    ]
    if changed:
        account_id = viewer.account_id if viewer else None
        store.add_change(session, assignment_id, learner_id, account_id, json.dumps(changed), now)
    return bool(changed)


def list_changes(session: Session, assignment_id: int) -> tuple[Change, ...]:
    """The latest changes, the newest first."""
    return tuple(
        Change(
            record.at,
            record.by,
            record.learner_id,
            tuple(
                ChangedField(field, _read(field, before), _read(field, after))
                for field, before, after in json.loads(record.changes)
            ),
        )
        for record in store.list_changes(session, assignment_id, MOST_SHOWN)
    )
