"""What all reports of a class begin with: its students with what may be said of them, its tests, its attempts."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.scoring import count_attempts, find_share
from quizapp.core.reports.cells import clean_text
from quizapp.core.reports.columns import Row
from quizapp.services.assessments.access import Assessment, read_assessment
from quizapp.services.classes import Member, TaughtClass, list_members
from quizapp.services.rules import StudyRules
from quizapp.store import reports_tests as test_store
from quizapp.store.reports_tests import ClassAttempt


@dataclass(frozen=True, slots=True)
class Scope:
    """A class as its reports see it. ``members`` are those who left too, by name; attempts are by student.

    ``rules`` are those of the installation.
    """

    taught: TaughtClass
    members: tuple[Member, ...]
    tests: tuple[Assessment, ...]
    attempts: Mapping[int, tuple[ClassAttempt, ...]]
    rules: StudyRules
    now: datetime

    def attempts_at(self, member: Member, test: Assessment) -> tuple[ClassAttempt, ...]:
        """A student's attempts at a test, in their order."""
        mine = self.attempts.get(member.learner_id, ())
        return tuple(attempt for attempt in mine if attempt.assessment_id == test.record.id)

    def score(self, member: Member, test: Assessment) -> float | None:
        """The score that counts, from 0 to 1; None where the student has none."""
        sat = self.attempts_at(member, test)
        shares = (find_share(attempt.points, attempt.most_points) for attempt in sat)
        return count_attempts(test.plan.counting, [share for share in shares if share is not None])

    def until(self, member: Member) -> datetime:
        """Until when the student's answers are the class's business."""
        return member.left_at or self.now


def last_name_of(member: Member) -> str:
    """The family name; where the list has no name at all, the name to sign in with, or the pseudonym."""
    return member.last_name if member.first_name or member.last_name else member.name


def identify(taught: TaughtClass, member: Member) -> Row:
    """What a row about a student begins with: the columns ``definitions.IDENTITY``."""
    texts = (
        member.handle,
        member.external_id,
        last_name_of(member),
        member.first_name,
        member.email,
        taught.name,
        ", ".join(member.groups),
    )
    return tuple(clean_text(text) for text in texts)


def load_scope(session: Session, taught: TaughtClass, rules: StudyRules, now: datetime) -> Scope:
    """All that is known of a class but the answers themselves."""
    attempts: dict[int, list[ClassAttempt]] = defaultdict(list)
    for attempt in test_store.list_attempts(session, taught.id):
        attempts[attempt.learner_id].append(attempt)
    return Scope(
        taught=taught,
        members=tuple(list_members(session, taught, with_left=True)),
        tests=tuple(read_assessment(record) for record in test_store.list_tests(session, taught.id)),
        attempts={learner: tuple(sat) for learner, sat in attempts.items()},
        rules=rules,
        now=now,
    )
