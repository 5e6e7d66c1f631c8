"""The teacher's side: making, changing, publishing and copying tests, and what single students get."""

from datetime import timedelta
from typing import Any

import pytest

from quizapp.core.assessments.plan import Draw, Feedback, Plan
from quizapp.core.assessments.timing import Window
from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.services import classes
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assessments import access, editing, results, students
from quizapp.services.assessments.students import ExceptionRecord
from quizapp.store import classes as class_store

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)
ONE = Plan(cards=("birds/legs",))


def _load(school: Any, handle: str, who: Viewer | None = None) -> Any:
    with school.database.reading() as session:
        return access.load_taught(session, who or school.alice, handle)


def _change(school: Any, handle: str, draft: Any, version: int | None = None, who: Viewer | None = None) -> None:
    version = _load(school, handle).record.version if version is None else version
    with school.database.writing() as session:
        editing.change_test(session, who or school.alice, handle, draft, version, school.noon)


def _create(school: Any, draft: Any, who: Viewer | None = None) -> str:
    with school.database.writing() as session:
        return editing.create_test(session, who or school.alice, draft, school.noon)


def _publish(school: Any, handle: str) -> None:
    with school.database.writing() as session:
        editing.publish_test(session, school.alice, handle, school.noon)


def test_a_new_test_is_seen_by_its_teacher_alone_until_it_is_published(school: Any) -> None:
    handle = _create(school, school.draft(ONE))
    assert not _load(school, handle).published
    with pytest.raises(NotFound):
        school.begin(handle)
    _publish(school, handle)
    _publish(school, handle)
    assert school.begin(handle)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"class_handle": "no such class"}, "class_handle"),
        ({"plan": Plan(draws=(Draw(count=8),))}, "cards"),
        ({"plan": Plan(draws=(Draw(count=1, themes=("none",)),))}, "cards"),
        ({"plan": Plan(cards=("birds/gone",))}, "cards"),
    ],
)
def test_a_bad_test_is_refused_by_field_and_nothing_is_written(school: Any, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _create(school, school.draft(ONE, **more) if "plan" not in more else school.draft(more["plan"]))
    assert list(refused.value.fields) == [field]
    with school.database.reading() as session:
        assert editing.list_tests(session, school.alice) == []


def test_due_before_opening_is_refused(school: Any) -> None:
    with pytest.raises(Invalid) as refused:
        _create(school, school.draft(ONE, Window(opens=school.noon, due=school.noon - HOUR)))
    assert list(refused.value.fields) == ["due"]


@pytest.mark.parametrize(
    ("plan", "more", "field"),
    [
        (Plan(), {}, "cards"),
        (ONE, {"class_handle": ""}, "class_handle"),
        (ONE.model_copy(update={"feedback": Feedback.AFTER_DUE}), {}, "due"),
    ],
)
def test_what_cannot_be_sat_is_not_published(school: Any, plan: Plan, more: dict[str, Any], field: str) -> None:
    handle = _create(school, school.draft(plan, **more))
    with pytest.raises(Invalid) as refused:
        _publish(school, handle)
    assert list(refused.value.fields) == [field]


def test_students_set_no_tests_and_other_teachers_find_none(school: Any, library_add_user: Any) -> None:
    dana, admin = library_add_user("Dana", Role.TEACHER), library_add_user("Eve", Role.ADMIN)
    handle = school.set_test()
    with pytest.raises(Forbidden):
        _create(school, school.draft(ONE), school.bob)
    for stranger in (dana, school.bob):
        with pytest.raises(NotFound):
            _load(school, handle, stranger)
    with pytest.raises(Forbidden), school.database.reading() as session:
        access.load_taught(session, None, handle)
    assert _load(school, handle, admin).names is False
    with school.database.reading() as session:
        assert editing.list_tests(session, dana) == []
        assert editing.list_class_choices(session, dana) == []
        assert [choice.name for choice in editing.list_class_choices(session, school.alice)] == ["Year 7"]


def test_all_teachers_of_the_class_have_its_tests(school: Any, library_add_user: Any) -> None:
    dana = library_add_user("Dana", Role.TEACHER)
    handle = school.set_test()
    with school.database.writing() as session:
        taught = classes.load_taught_class(session, school.alice, school.class_handle)
        class_store.add_teacher(session, taught.id, dana.account_id, school.noon)
        session.commit()
    assert _load(school, handle, dana).names
    _change(school, handle, school.draft(ONE, title="Herons again"), who=dana)
    assert _load(school, handle).title == "Herons again"


def test_two_editors_do_not_overwrite_each_other(school: Any) -> None:
    handle = _create(school, school.draft(ONE))
    version = _load(school, handle).record.version
    _change(school, handle, school.draft(ONE, title="First"), version)
    with pytest.raises(Conflict, match="in the meantime"):
        _change(school, handle, school.draft(ONE, title="Second"), version)
    assert _load(school, handle).title == "First"


def test_once_begun_the_questions_the_class_and_the_opening_stay(school: Any) -> None:
    handle = school.set_test(ONE)
    school.begin(handle)
    for draft, field in [
        (school.draft(Plan(cards=("birds/food",))), "cards"),
        (school.draft(ONE, class_handle="", by_link=True), "class_handle"),
        (school.draft(ONE, Window(opens=school.noon + HOUR)), "opens"),
    ]:
        with pytest.raises(Invalid) as refused:
            _change(school, handle, draft)
        assert list(refused.value.fields) == [field]
    _change(school, handle, school.draft(ONE.model_copy(update={"attempts": 2}), title="Longer"))
    assert _load(school, handle).plan.attempts == 2


def test_a_test_that_was_begun_is_neither_hidden_nor_deleted(school: Any) -> None:
    handle = school.set_test(ONE)
    with school.database.writing() as session:
        editing.withdraw_test(session, school.alice, handle)
    assert not _load(school, handle).published
    _publish(school, handle)
    school.begin(handle)
    for refuse in (editing.withdraw_test, editing.remove_test):
        with pytest.raises(Conflict, match="Students have begun"), school.database.writing() as session:
            refuse(session, school.alice, handle)


def test_a_test_nobody_has_begun_can_be_deleted(school: Any) -> None:
    handle = school.set_test(ONE)
    with school.database.writing() as session:
        editing.remove_test(session, school.alice, handle)
    with pytest.raises(NotFound):
        _load(school, handle)


def test_a_copy_has_the_questions_but_neither_dates_nor_students(school: Any) -> None:
    handle = school.set_test(ONE, Window(due=school.noon + HOUR))
    school.begin(handle)
    with school.database.writing() as session:
        copied = editing.copy_test(session, school.alice, handle, school.noon)
    copy = _load(school, copied)
    assert (copy.plan, copy.window, copy.published) == (ONE, Window(), False)
    _change(school, copied, school.draft(Plan(cards=("birds/food",))))


def _choose(school: Any, handle: str, deck: str, *chosen: str) -> None:
    version = _load(school, handle).record.version
    with school.database.writing() as session:
        editing.choose_cards(session, school.alice, handle, deck, chosen, version, school.noon)


def test_cards_are_chosen_by_deck_in_its_order_and_flashcards_are_not_offered(school: Any) -> None:
    handle = _create(school, school.draft(Plan()))
    _choose(school, handle, "birds", "birds/legs", "birds/height")
    assert _load(school, handle).plan.cards == ("birds/height", "birds/legs")
    _choose(school, handle, "birds", "birds/legs", "birds/food")
    assert _load(school, handle).plan.cards == ("birds/legs", "birds/food")
    with school.database.reading() as session:
        lines = editing.list_deck_cards(session, _load(school, handle).plan, "birds")
        assert [deck[0] for deck in editing.list_decks(session)] == ["birds"]
    assert {line.ref for line in lines if line.chosen} == {"birds/legs", "birds/food"}
    assert "birds/name" not in {line.ref for line in lines}
    with pytest.raises(Invalid, match="not saved"):
        _choose(school, handle, "birds", "birds/name")


def test_more_cards_than_a_test_holds_are_refused(school: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "MOST_QUESTIONS", 1)
    handle = _create(school, school.draft(Plan()))
    with pytest.raises(Invalid, match="not saved"):
        _choose(school, handle, "birds", "birds/legs", "birds/food")


def test_a_preview_is_what_a_student_would_have_and_writes_nothing(school: Any) -> None:
    handle = _create(school, school.draft(Plan(draws=(Draw(count=3, decks=("birds",)),))))
    with school.database.reading() as session:
        seen = [
            editing.preview_test(session, school.alice, handle, bytes([seed]) * 16, school.rules, school.noon)
            for seed in (1, 1, 2)
        ]
    assert seen[0].questions == seen[1].questions != seen[2].questions
    assert len(seen[0].questions) == 3
    with school.database.reading() as session:
        assert editing.list_tests(session, school.alice)[0].attempts == 0


def _set_exception(school: Any, handle: str, given: ExceptionRecord, student: Viewer | None = None) -> None:
    with school.database.writing() as session:
        handle_of = (student or school.bob).handle
        students.set_exception(session, school.alice, handle, handle_of, given, school.noon)


def test_a_student_gets_more_attempts_and_dates_of_their_own(school: Any) -> None:
    handle = school.set_test(ONE, Window(closes=school.noon - HOUR))
    with pytest.raises(Conflict):
        school.begin(handle)
    _set_exception(school, handle, ExceptionRecord(extra_attempts=1, closes_at=school.noon + HOUR))
    for _ in range(2):
        school.hand_in(handle, school.begin(handle))
    with pytest.raises(Conflict):
        school.begin(handle)
    with school.database.reading() as session:
        page = students.view_student(session, school.alice, handle, school.bob.handle)
    assert page.own.extra_attempts == 1


def test_extra_time_goes_with_the_student_into_every_test(school: Any) -> None:
    one, other = school.set_test(ONE), school.set_test(ONE.model_copy(update={"limit_minutes": 10}))
    _set_exception(school, one, ExceptionRecord(time_percent=200))
    assert school.view(other, school.begin(other)).ends_at == school.noon + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (ExceptionRecord(time_percent=99), "time_percent"),
        (ExceptionRecord(time_percent=1001), "time_percent"),
        (ExceptionRecord(extra_attempts=-1), "extra_attempts"),
        (ExceptionRecord(extra_attempts=51), "extra_attempts"),
    ],
)
def test_odd_exceptions_are_refused(school: Any, given: ExceptionRecord, field: str) -> None:
    handle = school.set_test(ONE)
    with pytest.raises(Invalid) as refused:
        _set_exception(school, handle, given)
    assert list(refused.value.fields) == [field]


def test_own_dates_must_fit_together_with_those_of_the_class(school: Any) -> None:
    handle = school.set_test(ONE, Window(opens=school.noon))
    with pytest.raises(Invalid) as refused:
        _set_exception(school, handle, ExceptionRecord(due_at=school.noon - HOUR))
    assert list(refused.value.fields) == ["due"]


def test_the_extra_time_of_a_student_of_no_class_of_theirs_is_not_for_them_to_change(school: Any) -> None:
    handle = school.set_test(ONE, by_link=True)
    with pytest.raises(NotFound):
        _set_exception(school, handle, ExceptionRecord(), school.charlie)
    school.begin(handle, who=school.charlie)
    with pytest.raises(Invalid) as refused:
        _set_exception(school, handle, ExceptionRecord(time_percent=200), school.charlie)
    assert list(refused.value.fields) == ["time_percent"]
    _set_exception(school, handle, ExceptionRecord(extra_attempts=1), school.charlie)


def test_the_report_has_every_student_with_every_attempt(school: Any) -> None:
    plan = Plan(cards=("birds/legs",), attempts=2)
    handle = school.set_test(plan, by_link=True)
    for response in ("blue", "long"):
        attempt = school.begin(handle)
        school.save(attempt, school.make_save(1, response))
        school.hand_in(handle, attempt)
    open_one = school.begin(handle, who=school.charlie)
    with school.database.reading() as session:
        report = results.view_report(session, school.alice, handle)
        own = results.view_taught_result(session, school.alice, handle, attempt)
        other = results.view_taught_result(session, school.alice, handle, open_one)
    assert [(line.student.name, line.share, len(line.attempts)) for line in report.lines] == [
        ("Bob", 1.0, 2),
        ("Charlie", None, 1),
    ]
    assert report.begun
    assert (own.student, own.share, own.questions[0].points) == ("Bob", 1.0, 1)
    assert (other.share, other.questions[0].grade, other.mistakes) == (None, None, ("birds/legs",))
