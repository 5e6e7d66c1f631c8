"""The end of an attempt: its score, and its answers as reviews."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from plumbing import samples

from quizapp.core.assessments.plan import Draw, Feedback, Plan
from quizapp.core.assessments.timing import Window
from quizapp.core.errors import Conflict
from quizapp.core.learning.memory import MemoryState
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.services import asking, claims, grading, memory, settling
from quizapp.services.assessments import counting, finishing, results, sitting
from quizapp.services.assessments.students import ExceptionRecord, set_exception
from quizapp.services.study import answer_card, may_undo, undo_answer
from quizapp.services.submissions import Submission
from quizapp.store import assessments_attempts as attempts
from quizapp.store import logs, states

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ONE = Plan(cards=("birds/legs",))


def _find(school: Any, attempt: str) -> Any:
    with school.database.reading() as session:
        return attempts.find_attempt(session, attempt)


def _log(school: Any) -> Any:
    with school.database.reading() as session:
        return logs.list_reviews(session, school.bob.learner_id)


def _state(school: Any, card_id: int) -> Any:
    with school.database.reading() as session:
        return states.find_state(session, school.bob.learner_id, card_id)


def test_all_right_is_all_points(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    school.answer_all(handle, attempt)
    school.hand_in(handle, attempt, school.noon + MINUTE)
    ended = _find(school, attempt)
    assert (ended.points, ended.most_points, ended.end_reason, ended.late) == (7, 7, "handed-in", False)
    assert ended.ended_at == school.noon + MINUTE


def test_what_has_no_answer_is_worth_nothing(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    school.answer_all(handle, attempt, legs="blue", height=None, winter=None)
    school.hand_in(handle, attempt)
    assert _find(school, attempt).points == 4


def test_an_attempt_that_nobody_closes_is_ended_at_its_deadline_by_whoever_looks(school: Any) -> None:
    handle = school.set_test(ONE.model_copy(update={"limit_minutes": 10}))
    attempt = school.begin(handle)
    school.answer_all(handle, attempt)
    assert school.tidy(school.noon + 9 * MINUTE) == 0
    with school.database.writing() as session:
        untidy = finishing.list_untidy_of_test(session, _find(school, attempt).assessment_id, school.noon + HOUR)
        session.rollback()
        for assessment, one in untidy:
            finishing.end_if_over(session, assessment, one, school.noon + HOUR)
            finishing.end_if_over(session, assessment, one, school.noon + 2 * HOUR)
    ended = _find(school, attempt)
    assert (ended.ended_at, ended.end_reason, ended.points) == (school.noon + 10 * MINUTE, "time", 1)
    assert _log(school) == []


def test_closing_ends_what_is_open_and_late_is_said(school: Any) -> None:
    window = Window(due=school.noon + HOUR, closes=school.noon + 2 * HOUR)
    handle = school.set_test(ONE, window)
    attempt = school.begin(handle)
    assert school.tidy(school.noon + 3 * HOUR) == 1
    ended = _find(school, attempt)
    assert (ended.ended_at, ended.end_reason, ended.late) == (school.noon + 2 * HOUR, "closed", True)


def test_more_time_reaches_a_running_attempt_at_once(school: Any) -> None:
    handle = school.set_test(ONE.model_copy(update={"limit_minutes": 10}))
    attempt = school.begin(handle)
    with school.database.writing() as session:
        set_exception(session, school.alice, handle, school.bob.handle, ExceptionRecord(150), school.noon)
    assert school.view(handle, attempt).ends_at == school.noon + 15 * MINUTE
    school.save(attempt, school.make_save(1, "long"), school.noon + 14 * MINUTE)
    assert school.tidy(school.noon + 14 * MINUTE) == 0


def test_confidence_is_scored_by_the_scheme(school: Any) -> None:
    plan = Plan(cards=("birds/legs", "birds/height"), confidence=True, shuffle_questions=False)
    handle = school.set_test(plan)
    attempt = school.begin(handle)
    school.save(attempt, school.make_save(1, "long", 3))
    school.save(attempt, school.make_save(2, "50 cm", 2))
    school.hand_in(handle, attempt)
    ended = _find(school, attempt)
    assert (ended.points, ended.most_points) == (1, 6)
    with school.database.reading() as session:
        result = results.view_own_result(session, school.bob, handle, attempt, school.noon)
    assert [(line.answers, line.right) for line in result.calibration] == [(0, 0), (1, 0), (1, 1)]


def test_each_answer_counts_as_one_review_however_often_somebody_looks(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    school.answer_all(handle, attempt, legs="blue", height=None)
    school.hand_in(handle, attempt, school.noon + MINUTE)
    assert _log(school) == []
    assert school.tidy(school.noon + MINUTE) == 1
    assert school.tidy(school.noon + MINUTE) == 0
    record = _find(school, attempt)
    with school.database.writing() as session:
        counting.record_test_reviews(session, record, school.rules, school.noon)
    log = _log(school)
    assert len(log) == 6
    assert [review.seq for review in log] == [1, 2, 3, 4, 5, 6]
    assert {review.rating for review in log if review.verdict == "wrong"} == {1}
    assert {review.answered_at for review in log} == {school.noon}
    assert all(_state(school, review.card_id).reps == 1 for review in log)


def test_a_settled_answer_keeps_its_score_and_counts_too(school: Any) -> None:
    handle = school.set_test(ONE.model_copy(update={"feedback": Feedback.AT_ONCE}))
    attempt = school.begin(handle)
    with school.database.writing() as session:
        sitting.check_answer(session, school.bob, attempt, school.make_save(1, "long"), school.noon)
    school.hand_in(handle, attempt)
    assert _find(school, attempt).points == 1
    school.tidy(school.noon)
    assert [review.verdict for review in _log(school)] == ["right"]


@pytest.mark.parametrize(
    ("feedback", "before", "after"),
    [(Feedback.AFTER_DUE, HOUR, HOUR + MINUTE), (Feedback.NEVER, 2 * HOUR, 2 * HOUR + MINUTE)],
)
def test_reviews_wait_until_the_answers_may_be_seen(
    school: Any, feedback: Feedback, before: timedelta, after: timedelta
) -> None:
    window = Window(due=school.noon + HOUR, closes=school.noon + 2 * HOUR)
    handle = school.set_test(ONE.model_copy(update={"feedback": feedback}), window)
    attempt = school.begin(handle)
    school.answer_all(handle, attempt)
    school.hand_in(handle, attempt)
    assert school.tidy(school.noon + before) == 0
    assert school.tidy(school.noon + after) == 1
    assert len(_log(school)) == 1


def _study(school: Any, response: str, now: Any, key: str) -> Any:
    submission = Submission("birds", "legs", 1, response)
    with school.database.writing() as session:
        return answer_card(session, school.bob, submission, key, school.rules, now)


def _keys() -> list[str]:
    return [f"123e4567-e89b-42d3-a456-42661417400{number}" for number in range(10)]


def test_a_right_answer_before_a_card_is_due_never_brings_it_back_sooner(school: Any) -> None:
    moment = school.noon - 40 * DAY
    for key in _keys()[:6]:
        _study(school, "long", moment, key)
        card_id = _log(school)[0].card_id
        moment = _state(school, card_id).due
    with school.database.writing() as session:  # as if the card had been moved to a later day
        stored = states.find_state(session, school.bob.learner_id, card_id)
        place = logs.list_cards(session, school.bob.learner_id, [card_id])[card_id].place
        states.write_state(session, place, stored, replace(stored, due=stored.due + 300 * DAY))
        session.commit()
    before = _state(school, card_id)
    handle = school.set_test(ONE)
    now = before.last_review + MINUTE
    attempt = school.begin(handle, now)
    school.save(attempt, school.make_save(1, "long"), now)
    school.hand_in(handle, attempt, now)
    school.tidy(now)
    after = _state(school, card_id)
    assert after.due == before.due
    assert after.reps == before.reps + 1


def test_counting_the_log_again_keeps_that_it_never_brings_it_back_sooner(school: Any) -> None:
    patient = Scheduler(SchedulerSettings(desired_retention=0.7), school.rules.calendar)
    moment = school.noon - 400 * DAY
    for number, key in enumerate(_keys()[:6]):
        with school.database.writing() as session:
            submission = Submission("birds", "legs", 1, "long" if number else "thin")
            answer_card(session, school.bob, submission, key, replace(school.rules, scheduler=patient), moment)
        moment = _state(school, _log(school)[0].card_id).due
    handle = school.set_test(ONE)
    now = _log(school)[-1].answered_at + MINUTE
    attempt = school.begin(handle, now)
    school.save(attempt, school.make_save(1, "long"), now)
    school.hand_in(handle, attempt, now)
    school.tidy(now)
    with school.database.writing() as session:
        claim = claims.make_claim(session, school.bob, _keys()[0], claims.RIGHT, "", now)
        settling.settle_claim(session, school.alice, claim.handle, accept=True, rules=school.rules, now=now)
    *_, studied, tested = (MemoryState.from_json(review.state_after) for review in _log(school))
    assert tested.due == studied.due
    assert _state(school, _log(school)[0].card_id) == tested
    with school.database.writing() as session:
        assert memory.rebuild_states(session, school.rules, dry_run=True).differences == ()


def test_a_wrong_answer_brings_the_card_back_as_in_study(school: Any) -> None:
    key = _keys()[0]
    _study(school, "long", school.noon - DAY, key)
    handle = school.set_test(ONE)
    attempt = school.begin(handle)
    school.save(attempt, school.make_save(1, "blue"))
    school.hand_in(handle, attempt)
    school.tidy(school.noon)
    state = _state(school, _log(school)[0].card_id)
    assert state.due <= school.noon + HOUR


def test_an_answer_counted_after_the_card_was_studied_again_comes_after_it(school: Any) -> None:
    window = Window(due=school.noon + HOUR)
    handle = school.set_test(ONE.model_copy(update={"feedback": Feedback.AFTER_DUE}), window)
    attempt = school.begin(handle)
    school.save(attempt, school.make_save(1, "long"))
    school.hand_in(handle, attempt)
    _study(school, "long", school.noon + MINUTE, _keys()[0])
    school.tidy(school.noon + 2 * HOUR)
    assert [review.answered_at for review in _log(school)] == [school.noon + MINUTE] * 2
    assert _state(school, _log(school)[0].card_id).reps == 2


def test_a_review_of_a_test_stays_and_undo_is_not_offered_for_it(school: Any) -> None:
    def find_undoable() -> str | None:
        with school.database.reading() as session:
            return asking.same_question(session, "birds", "food", 1, school.bob, school.rules, school.noon).undoable

    handle = school.set_test(ONE)
    attempt = school.begin(handle)
    school.answer_all(handle, attempt)
    school.hand_in(handle, attempt)
    school.tidy(school.noon)
    (review,) = _log(school)
    before = _state(school, review.card_id)
    with school.database.writing() as session:
        assert not may_undo(session, school.bob.learner_id, review.key, school.rules)
        with pytest.raises(Conflict, match="in a test"):
            undo_answer(session, school.bob.learner_id, review.key, school.noon, rules=school.rules)
    assert _state(school, review.card_id) == before
    assert find_undoable() is None
    studied = str(uuid.uuid4())
    with school.database.writing() as session:
        submission = Submission("birds", "legs", 1, "long")
        answer_card(session, school.bob, submission, studied, school.rules, school.noon + HOUR)
    assert find_undoable() == studied
    with school.database.writing() as session:
        assert may_undo(session, school.bob.learner_id, studied, school.rules)
        undo_answer(session, school.bob.learner_id, studied, school.noon + HOUR, rules=school.rules)
    assert _state(school, review.card_id) == before


def test_keys_of_reviews_hang_on_the_secret() -> None:
    one = counting.make_key(b"one", "attempt", 1)
    assert one == counting.make_key(b"one", "attempt", 1)
    assert len({one, counting.make_key(b"two", "attempt", 1), counting.make_key(b"one", "attempt", 2)}) == 3


def test_tidying_twice_at_once_ends_an_attempt_once(school: Any) -> None:
    handle = school.set_test(Plan(draws=(Draw(count=2),), limit_minutes=1))
    attempt = school.begin(handle)
    with school.database.reading() as session:
        untidy = finishing.list_untidy_of_learner(session, school.bob.learner_id, school.noon + HOUR)
    for _ in range(2):
        with school.database.writing() as session:
            for assessment, one in untidy:
                finishing.tidy_attempt(session, assessment, one, school.rules, school.noon + HOUR)
    assert _find(school, attempt).ended_at == school.noon + MINUTE


def test_several_attempts_are_tidied_at_one_look(school: Any) -> None:
    handle = school.set_test(ONE.model_copy(update={"attempts": 3}))
    for response in ("blue", "long"):
        attempt = school.begin(handle)
        school.save(attempt, school.make_save(1, response))
        school.hand_in(handle, attempt)
    assert school.tidy(school.noon) == 2
    assert [review.rating for review in _log(school)] == [1, 3]


def _fail_on(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Grading has a fault: it fails on one answer."""
    usual = grading.grade

    def grade(card: Any, response: Any, language: str) -> Any:
        if response.texts == (typed,):
            raise ValueError(typed)
        return usual(card, response, language)

    monkeypatch.setattr(grading, "grade", grade)


def test_an_answer_that_grading_fails_on_is_wrong_and_no_other_answer_is_lost(
    school: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    school.answer_all(handle, attempt)
    _fail_on(monkeypatch, samples.RIGHT["legs"])
    school.hand_in(handle, attempt)
    assert _find(school, attempt).points == 6
    school.tidy(school.noon)
    assert [review.verdict for review in _log(school)].count("right") == 6
    with school.database.reading() as session:
        result = results.view_own_result(session, school.bob, handle, attempt, school.noon)
    assert [one.grade.verdict for one in result.questions if one.ref == "birds/legs"] == ["wrong"]
    assert "legs" in caplog.text
