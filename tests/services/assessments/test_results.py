"""What a student may see of a test, and which cards are kept out of study meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from quizapp.core.assessments.plan import Counting, Draw, Feedback, Plan
from quizapp.core.assessments.timing import Phase, Window
from quizapp.core.errors import NotFound
from quizapp.services.assessments import holding, results, sitting

HOUR = timedelta(hours=1)
ONE = Plan(cards=("birds/legs",))


def _own(school: Any, handle: str, now: Any = None) -> Any:
    with school.database.reading() as session:
        return results.view_own_test(session, school.bob, handle, now or school.noon)


def _result(school: Any, handle: str, attempt: str, now: Any = None) -> Any:
    with school.database.reading() as session:
        return results.view_own_result(session, school.bob, handle, attempt, now or school.noon)


def _sit(school: Any, handle: str, response: str) -> str:
    attempt = school.begin(handle)
    school.save(attempt, school.make_save(1, response))
    school.hand_in(handle, attempt)
    return attempt


def test_the_page_before_says_what_is_left_and_what_counts(school: Any) -> None:
    handle = school.set_test(ONE.model_copy(update={"attempts": 3, "counting": Counting.AVERAGE}))
    assert (_own(school, handle).left, _own(school, handle).may_begin, _own(school, handle).share) == (3, True, None)
    _sit(school, handle, "long")
    _sit(school, handle, "blue")
    own = _own(school, handle)
    assert (own.left, own.share, [attempt.share for attempt in own.attempts]) == (1, 0.5, [1, 0])
    school.begin(handle)
    own = _own(school, handle)
    assert own.open_attempt.number == 3
    assert not own.may_begin


def test_the_list_has_the_tests_of_the_class_and_those_sat_by_link(school: Any) -> None:
    school.set_test(title="For the class")
    linked = school.set_test(title="By link", class_handle="", by_link=True)
    school.set_test(title="Later", window=Window(opens=school.noon + HOUR))

    def titles(who: Any) -> list[tuple[str, Phase]]:
        with school.database.reading() as session:
            return [(line.assessment.title, line.phase) for line in results.list_own_tests(session, who, school.noon)]

    assert sorted(titles(school.bob)) == [("For the class", Phase.OPEN), ("Later", Phase.BEFORE)]
    school.begin(linked)
    assert ("By link", Phase.OPEN) in titles(school.bob)
    assert titles(school.charlie) == []
    assert titles(None) == []


def test_a_result_has_own_and_right_answer_why_and_the_passage(school: Any) -> None:
    handle = school.set_test(ONE)
    result = _result(school, handle, _sit(school, handle, "blue"))
    (judged,) = result.questions
    assert result.shown
    assert (result.share, result.mistakes) == (0, ("birds/legs",))
    assert (judged.typed, judged.right_answer, judged.card.explanation) == (
        "blue",
        "long",
        "It is called long-legged.",
    )
    assert judged.passages[0].quotes == ("long-legged bird",)


@pytest.mark.parametrize("feedback", [Feedback.NEVER, Feedback.AFTER_DUE])
def test_a_hidden_result_has_neither_questions_nor_points(school: Any, feedback: Feedback) -> None:
    window = Window(due=school.noon + HOUR)
    handle = school.set_test(ONE.model_copy(update={"feedback": feedback}), window)
    attempt = _sit(school, handle, "long")
    result = _result(school, handle, attempt)
    assert (result.shown, result.share, result.questions, result.calibration) == (False, None, (), ())
    assert result.shown_from == (window.due if feedback is Feedback.AFTER_DUE else None)
    own = _own(school, handle)
    assert (own.share, own.attempts[0].share) == (None, None)
    later = school.noon + 2 * HOUR
    assert _result(school, handle, attempt, later).shown is (feedback is Feedback.AFTER_DUE)


def test_what_is_shown_after_the_due_date_waits_while_another_attempt_is_open(school: Any) -> None:
    plan = ONE.model_copy(update={"feedback": Feedback.AFTER_DUE, "attempts": 2, "limit_minutes": 60})
    handle = school.set_test(plan, Window(due=school.noon + HOUR))
    first = _sit(school, handle, "blue")
    late = school.noon + 2 * HOUR
    second = school.begin(handle, late)
    result = _result(school, handle, first, late)
    assert (result.shown, result.share, result.questions, result.open_attempt) == (False, None, (), True)
    assert [one.share for one in _own(school, handle, late).attempts] == [None, None]
    assert school.tidy(late) == 0  # nor does the log of reviews tell
    school.hand_in(handle, second, late)
    assert _result(school, handle, first, late).shown
    assert school.tidy(late) == 2


def test_an_attempt_whose_time_is_over_holds_nothing_back(school: Any) -> None:
    plan = ONE.model_copy(update={"feedback": Feedback.AFTER_DUE, "attempts": 2, "limit_minutes": 10})
    handle = school.set_test(plan, Window(due=school.noon + HOUR))
    first = _sit(school, handle, "blue")
    school.begin(handle, school.noon + HOUR)
    assert _result(school, handle, first, school.noon + 2 * HOUR).shown


def test_only_checked_questions_are_told_before_the_end(school: Any) -> None:
    plan = Plan(cards=("birds/legs", "birds/food"), feedback=Feedback.AT_ONCE, shuffle_questions=False)
    handle = school.set_test(plan)
    attempt = school.begin(handle)
    with school.database.writing() as session:
        sitting.check_answer(session, school.bob, attempt, school.make_save(1, "blue"), school.noon)
    with school.database.reading() as session:
        assert list(results.list_settled(session, school.bob, handle, attempt)) == [1]
    other = school.set_test(ONE)
    begun = school.begin(other)
    with school.database.reading() as session:
        assert results.list_settled(session, school.bob, other, begun) == {}


def test_strangers_see_no_results(school: Any) -> None:
    handle = school.set_test(ONE)
    attempt = _sit(school, handle, "long")
    with school.database.reading() as session:
        for who in (school.charlie, None):
            with pytest.raises(NotFound):
                results.view_own_test(session, who, handle, school.noon)
            with pytest.raises(NotFound):
                results.view_own_result(session, who, handle, attempt, school.noon)
            with pytest.raises(NotFound):
                results.list_settled(session, who, handle, attempt)
            with pytest.raises(NotFound):
                sitting.view_pulse(session, who, handle, attempt, school.noon)


def _held(school: Any, who: Any, now: Any = None) -> frozenset[str]:
    with school.database.reading() as session:
        return holding.list_held_refs(session, who.learner_id if who else None, now or school.noon)


def test_cards_are_held_from_its_students_alone_and_only_where_the_teacher_says_so(school: Any) -> None:
    school.set_test(ONE)
    assert _held(school, school.bob) == frozenset()
    school.set_test(ONE, holds=True)
    assert _held(school, school.bob) == {"birds/legs"}
    assert _held(school, school.charlie) == frozenset()
    assert _held(school, None) == frozenset()


def test_cards_are_held_until_the_student_can_sit_the_test_no_more(school: Any) -> None:
    plan = Plan(draws=(Draw(count=2, tags=("size",)), Draw(count=1)), attempts=1)
    handle = school.set_test(plan.model_copy(update={"draws": (Draw(count=1),)}), holds=True)
    assert len(_held(school, school.bob)) == 7
    attempt = school.begin(handle)
    assert len(_held(school, school.bob)) == 7
    school.hand_in(handle, attempt)
    assert _held(school, school.bob) == frozenset()


def test_whoever_sits_by_link_has_its_cards_held_as_well(school: Any) -> None:
    handle = school.set_test(ONE, class_handle="", by_link=True, holds=True)
    assert _held(school, school.bob) == frozenset()
    school.begin(handle)
    assert _held(school, school.bob) == {"birds/legs"}
