"""What a student has to do, and one assignment as the student sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from quizapp.core.assignments.standing import TO_DO, Standing
from quizapp.core.learning.examscope import ExamScope
from quizapp.services.accounts import Viewer
from quizapp.services.assignments.access import OwnAssignment, load_own
from quizapp.services.assignments.asked import Asked, list_asked
from quizapp.services.plans import ScopePart, describe_scope
from quizapp.store.assignments_asked import Asking

RECENT = timedelta(days=7)
"""How long the first page goes on naming an assignment that has closed."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ToDo:
    """A student's assignments: what is to be done now, by its due date; what will open; and what is over or done."""

    now: tuple[Asked, ...]
    coming: tuple[Asked, ...]
    over: tuple[Asked, ...]

    @property
    def empty(self) -> bool:
        """Whether the student was never asked anything."""
        return not (self.now or self.coming or self.over)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """An assignment as its student sees it. Before it opens ``parts`` and ``instructions`` are blank."""

    own: OwnAssignment
    instructions: str
    parts: tuple[ScopePart, ...]


def _by_due(asked: Asked) -> tuple[datetime, datetime, int]:
    dates = asked.dates
    return dates.due or dates.closes or _NEVER, dates.opens or _NEVER, asked.record.assignment_id


def _sort(asked: Sequence[Asked]) -> ToDo:
    ordered = sorted(asked, key=_by_due)
    return ToDo(
        now=tuple(one for one in ordered if one.standing in TO_DO),
        coming=tuple(one for one in ordered if one.standing is Standing.PLANNED),
        over=tuple(one for one in reversed(ordered) if one.standing not in (*TO_DO, Standing.PLANNED)),
    )


def list_todo(session: Session, learner_id: int | None, now: datetime, *, recent: bool = False) -> ToDo:
    """What a learner (None: a visitor) has to do: two queries at most. ``recent``: nothing that closed long ago."""
    if learner_id is None:
        return ToDo((), (), ())
    closed_since = now - RECENT if recent else None
    return _sort(list_asked(session, Asking(learner_id=learner_id, closed_since=closed_since), now))


def view_own(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> OwnPage:
    """An assignment, for a student who is asked. Raises NotFound."""
    own = load_own(session, viewer, handle, now)
    if not own.asked.dates.has_opened(now):
        return OwnPage(own, "", ())
    record = own.record
    parts = () if record.is_test else describe_scope(session, ExamScope.from_json(record.scope))
    return OwnPage(own, record.instructions, parts)
