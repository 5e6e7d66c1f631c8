"""A student's sheet: one page for parents, to print. What was done week by week, what is remembered, the tests."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlmodel import Session

from quizapp.core.analysis.progress import Recall
from quizapp.core.errors import NotFound
from quizapp.core.learning.studyday import add_days
from quizapp.core.messages import say
from quizapp.core.reports.cells import clean_text
from quizapp.services.classes import Member, TaughtClass, list_teachers
from quizapp.services.progress import LONGEST_ANSWER_MS
from quizapp.services.reports.scope import Scope, load_scope
from quizapp.services.reports.students import find_knowledge
from quizapp.services.rules import StudyRules
from quizapp.store import reports as store

WEEKS = 10
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Work:
    """What was done: answers, right ones, days on which something was answered, and milliseconds."""

    answers: int = 0
    right: int = 0
    days: int = 0
    millis: int = 0

    def __add__(self, other: "Work") -> "Work":
        return Work(
            self.answers + other.answers,
            self.right + other.right,
            self.days + other.days,
            self.millis + other.millis,
        )

    @property
    def time(self) -> timedelta:
        """The time that it took."""
        return timedelta(milliseconds=self.millis)


@dataclass(frozen=True, slots=True)
class Week:
    """A week by its first day, a Monday, with the work of it."""

    first: date
    work: Work


@dataclass(frozen=True, slots=True)
class SheetDeck:
    """A deck that the student studies, and how much of it is remembered today."""

    title: str
    language: str
    recall: Recall


@dataclass(frozen=True, slots=True)
class SheetTest:
    """A test of the class; ``share`` is the score that counts, None without one. ``ended`` is when the last ended."""

    title: str
    share: float | None
    late: bool
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on the page. ``total`` is the work since the student joined."""

    member: Member
    class_name: str
    teachers: tuple[str, ...]
    made_at: datetime
    zone: tzinfo
    total: Work
    weeks: tuple[Week, ...]
    seen: int
    due: int
    recall: Recall
    decks: tuple[SheetDeck, ...]
    tests: tuple[SheetTest, ...]

    @property
    def name(self) -> str:
        """The student, as whoever asked may see the name."""
        return clean_text(self.member.name)


def _list_weeks(days: dict[int, Work], today: date) -> tuple[Week, ...]:
    """The last weeks up to this one, those without work too."""
    monday = add_days(today, -today.weekday())
    weeks = []
    for number in range(WEEKS):
        first = add_days(monday, -_WEEK_DAYS * (WEEKS - 1 - number))
        ordinals = range(first.toordinal(), first.toordinal() + _WEEK_DAYS)
        weeks.append(Week(first, sum((days.get(day, Work()) for day in ordinals), Work())))
    return tuple(weeks)


def _list_tests(scope: Scope, member: Member) -> tuple[SheetTest, ...]:
    tests = []
    for test in scope.tests:
        sat = scope.attempts_at(member, test)
        ends = [attempt.ended_at for attempt in sat if attempt.ended_at is not None]
        late = any(attempt.late for attempt in sat)
        tests.append(SheetTest(clean_text(test.title), scope.score(member, test), late, max(ends, default=None)))
    return tuple(tests)


def view_sheet(session: Session, taught: TaughtClass, learner_handle: str, rules: StudyRules, now: datetime) -> Sheet:
    """The sheet of a student of a class that was loaded for who may see it; of one who left, too.

    Raises NotFound for who was never in it.
    """
    scope = load_scope(session, taught, rules, now)
    member = next((one for one in scope.members if one.handle == learner_handle), None)
    if member is None:
        raise NotFound(say("There is no such student in this class."))
    known = find_knowledge(session, scope, member, {})
    lines = store.list_days(session, member.learner_id, member.joined_at, scope.until(member), LONGEST_ANSWER_MS)
    days = {day: Work(answers, right, 1, millis) for day, answers, right, millis in lines}
    return Sheet(
        member=member,
        class_name=clean_text(taught.name),
        teachers=tuple(clean_text(teacher.name) for teacher in list_teachers(session, taught)),
        made_at=now,
        zone=rules.calendar.zone,
        total=sum(days.values(), Work()),
        weeks=_list_weeks(days, rules.calendar.day_of(now)),
        seen=known.seen,
        due=known.due,
        recall=known.recall,
        decks=tuple(SheetDeck(clean_text(one.deck.title), one.deck.language, one.recall) for one in known.decks),
        tests=_list_tests(scope, member),
    )
