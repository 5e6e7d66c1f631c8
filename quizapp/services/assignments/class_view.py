"""The teacher's pages: the assignments of a class, and one of them with every student."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assignments.standing import Standing
from quizapp.core.learning.examscope import ExamScope
from quizapp.services.accounts import Viewer
from quizapp.services.assignments.access import TaughtAssignment, load_taught
from quizapp.services.assignments.asked import Asked, list_asked
from quizapp.services.assignments.changes import Change, list_changes
from quizapp.services.assignments.editing import list_new_cards
from quizapp.services.classes import Member, TaughtClass, list_members, load_taught_class
from quizapp.services.plans import ScopePart, describe_scope
from quizapp.store import assignments as store
from quizapp.store.assignments import AssignmentRecord, GroupRecord
from quizapp.store.assignments_asked import Asking


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An assignment in the list of a class: how many students stand where, and the cards to study."""

    record: AssignmentRecord
    counts: Counter[Standing]
    cards: int

    @property
    def asked(self) -> int:
        """How many students are asked."""
        return self.counts.total() - self.counts[Standing.EXCUSED]

    @property
    def completed(self) -> int:
        """How many are done, late ones too."""
        return self.counts[Standing.DONE] + self.counts[Standing.LATE]


@dataclass(frozen=True, slots=True)
class ClassAssignments:
    """The assignments of a class, the newest first."""

    taught: TaughtClass
    lines: tuple[AssignmentLine, ...]


@dataclass(frozen=True, slots=True)
class StudentLine:
    """A student and where the student stands."""

    member: Member
    asked: Asked


@dataclass(frozen=True, slots=True)
class NamedChange:
    """A change, with the name of the student it was about; blank for all."""

    change: Change
    student: str


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """An assignment with every student. ``all_lines`` are the students before the filter.

    ``students`` counts those who are in the class now.
    """

    found: TaughtAssignment
    parts: tuple[ScopePart, ...]
    groups: tuple[GroupRecord, ...]
    cards: int
    new_cards: int
    lines: tuple[StudentLine, ...]
    all_lines: tuple[StudentLine, ...]
    students: int
    changes: tuple[NamedChange, ...]

    @property
    def counts(self) -> Counter[Standing]:
        """How many students stand where."""
        return Counter(line.asked.standing for line in self.all_lines)

    @property
    def gone_groups(self) -> tuple[str, ...]:
        """The names of groups that were asked and are deleted."""
        return tuple(group.name for group in self.groups if not group.handle)


def list_class_assignments(
    session: Session, viewer: Viewer | None, class_handle: str, now: datetime
) -> ClassAssignments:
    """The assignments of a class, for its teachers: a handful of queries, however many there are.

    Raises Forbidden for who is not signed in, NotFound where the class is not the viewer's.
    """
    taught = load_taught_class(session, viewer, class_handle)
    counts: dict[int, Counter[Standing]] = defaultdict(Counter)
    for one in list_asked(session, Asking(class_id=taught.id), now):
        counts[one.record.assignment_id][one.standing] += 1
    cards = store.count_cards(session, taught.id)
    return ClassAssignments(
        taught,
        tuple(
            AssignmentLine(record, counts[record.id], cards.get(record.id, 0))
            for record in store.list_of_class(session, taught.id)
        ),
    )


def _filter(lines: Collection[StudentLine], shown: str) -> tuple[StudentLine, ...]:
    return tuple(line for line in lines if shown in ("", line.asked.standing))


def view_assignment(
    session: Session, viewer: Viewer | None, handle: str, now: datetime, shown: str = ""
) -> AssignmentPage:
    """An assignment with every student by name, for the teachers of its class; those who left come last.

    ``shown`` is a standing to filter by; blank: all. Raises Forbidden for who is not signed in, NotFound for others.
    """
    found = load_taught(session, viewer, handle)
    record = found.record
    members = {member.learner_id: member for member in list_members(session, found.taught, with_left=True)}
    asked = {
        one.record.learner_id: one for one in list_asked(session, Asking(assignment_id=record.id, with_left=True), now)
    }
    lines = [StudentLine(member, asked[learner]) for learner, member in members.items() if learner in asked]
    lines.sort(key=lambda line: line.member.left_at is not None)
    names = {learner: member.name for learner, member in members.items()}
    return AssignmentPage(
        found=found,
        parts=() if record.is_test else describe_scope(session, ExamScope.from_json(record.scope)),
        groups=tuple(store.list_groups(session, record.id)),
        cards=len(store.list_cards(session, record.id)),
        new_cards=len(list_new_cards(session, record)),
        lines=_filter(lines, shown),
        all_lines=tuple(lines),
        students=sum(member.left_at is None for member in members.values()),
        changes=tuple(
            NamedChange(change, names.get(change.learner_id, "")) for change in list_changes(session, record.id)
        ),
    )
