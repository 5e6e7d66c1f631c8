"""The report ``attempts``: every attempt at a test of the class."""

from collections.abc import Iterator

from quizapp.core.assessments.scoring import find_share
from quizapp.core.reports.cells import clean_text, round_number
from quizapp.core.reports.columns import Row
from quizapp.services.assessments.access import Assessment
from quizapp.services.reports.scope import Scope, identify
from quizapp.store.reports_tests import ClassAttempt


def name_test(test: Assessment) -> Row:
    """The columns ``test_id`` and ``test``."""
    return test.handle, clean_text(test.title)


def _describe(attempt: ClassAttempt) -> Row:
    share = find_share(attempt.points, attempt.most_points)
    ended = attempt.ended_at
    return (
        attempt.number,
        attempt.end_reason or "open",
        attempt.started_at,
        ended,
        None if ended is None else round_number((ended - attempt.started_at).total_seconds()),
        attempt.time_percent,
        None if ended is None else attempt.late,
        attempt.questions,
        attempt.answered,
        round_number(attempt.points),
        round_number(attempt.most_points),
        None if share is None else round_number(100 * share),
    )


def list_attempts(scope: Scope) -> Iterator[Row]:
    """A row for each attempt, by student, then by test and number."""
    tests = {test.record.id: test for test in scope.tests}
    for member in scope.members:
        who = identify(scope.taught, member)
        for attempt in scope.attempts.get(member.learner_id, ()):
            yield (*who, *name_test(tests[attempt.assessment_id]), *_describe(attempt))
