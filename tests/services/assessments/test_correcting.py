"""A teacher who counts an answer of a test as right changes the test's score, and nothing else of it."""

from typing import Any

import pytest

from quizapp.core.assessments.plan import Plan
from quizapp.core.learning.grading import Verdict
from quizapp.services import claims, settling
from quizapp.services.assessments import counting, results
from quizapp.store import assessments_attempts as attempts

TWO = Plan(cards=("birds/legs", "birds/height"), shuffle_questions=False)


def _sit(school: Any, plan: Plan = TWO) -> tuple[str, str]:
    handle = school.set_test(plan)
    attempt = school.begin(handle)
    school.save(attempt, school.make_save(1, "stilts", 3 if plan.confidence else None))
    school.save(attempt, school.make_save(2, "50 cm", 1 if plan.confidence else None))
    school.hand_in(handle, attempt)
    school.tidy(school.noon)
    return handle, attempt


def _accept(school: Any, attempt: str, position: int) -> None:
    key = counting.make_key(school.rules.secret, attempt, position)
    with school.database.writing() as session:
        claim = claims.make_claim(session, school.bob, key, "right", "Birds on stilts.", school.noon)
    with school.database.writing() as session:
        settling.settle_claim(session, school.alice, claim.handle, accept=True, rules=school.rules, now=school.noon)


def _result(school: Any, handle: str, attempt: str) -> Any:
    with school.database.reading() as session:
        return results.view_own_result(session, school.bob, handle, attempt, school.noon)


def test_an_answer_that_the_teacher_counts_as_right_is_right_in_the_test_too(school: Any) -> None:
    handle, attempt = _sit(school)
    before = _result(school, handle, attempt)
    assert (before.share, before.mistakes) == (0, ("birds/legs", "birds/height"))
    _accept(school, attempt, 1)
    after = _result(school, handle, attempt)
    assert (after.share, after.mistakes) == (0.5, ("birds/height",))
    assert [one.grade.verdict for one in after.questions] == [Verdict.RIGHT, Verdict.WRONG]
    assert [one.points for one in after.questions] == [1, 0]
    with school.database.reading() as session:
        assert [line.share for line in results.view_report(session, school.alice, handle).lines] == [0.5]


def test_points_by_confidence_are_added_up_anew(school: Any) -> None:
    handle, attempt = _sit(school, TWO.model_copy(update={"confidence": True}))
    assert _result(school, handle, attempt).attempt.points == 0  # minus six, and never below zero
    _accept(school, attempt, 1)
    after = _result(school, handle, attempt)
    assert (after.attempt.points, after.attempt.most_points) == (3, 6)


@pytest.mark.parametrize("position", [1, 2])
def test_another_attempt_at_the_same_card_keeps_its_score(school: Any, position: int) -> None:
    handle, attempt = _sit(school)
    other, second = _sit(school)
    _accept(school, attempt, position)
    assert _result(school, handle, attempt).share == 0.5
    assert _result(school, other, second).share == 0
    with school.database.reading() as session:
        found = attempts.find_attempt(session, second)
    assert found is not None
    assert found.points == 0
