"""The reports of a class: what is in them, and who is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from quizapp.core.assessments.timing import Window
from quizapp.core.errors import Forbidden, Invalid, NotFound
from quizapp.core.reports.definitions import Kind
from quizapp.services import classes, classes_settings, study
from quizapp.services.accounts import Viewer
from quizapp.services.reports.making import has_untidy, make_report, tidy_tests

IDENTITY = ("student_id", "external_id", "last_name", "first_name", "email", "class", "groups")


@pytest.mark.parametrize("kind", Kind)
def test_a_class_without_students_makes_a_report_without_rows(room, kind: Kind) -> None:
    report, rows = room.tell(kind.value)
    assert [row for row in rows if row.get("Student") != "Points Possible"] == []
    assert any("no students" in note for note in report.notes)
    assert report.class_name == "Herons 8b"


def test_a_report_that_there_is_not_is_not_found(room) -> None:
    for kind in ("", "Students", "student"):
        with pytest.raises(NotFound):
            room.tell(kind)


def test_students_are_told_with_what_they_did_since_joining(room, bob: Viewer) -> None:
    room.answer(bob, "legs", hours=1, shown_ms=30_000)
    room.answer(bob, "height", right=False, hours=2, shown_ms=10 * 60_000)
    room.answer(bob, "winter", hours=30)
    before = room.answer(bob, "food", hours=31)
    with room.database.writing() as session:
        study.undo_answer(session, bob.learner_id, before, room.noon + timedelta(hours=31), rules=room.rules)
    test = room.set_test(window=Window(due=room.noon + timedelta(hours=2)))
    room.set_test("Later")
    room.sit(bob, test, hours=3, legs="blue", height=None)
    _, (row,) = room.tell("students")
    assert tuple(row)[:7] == IDENTITY
    assert tuple(row.values())[:7] == (bob.handle, "1001", "Young", "Bob", "bob@school.example", "Herons 8b", "")
    assert (row["joined_at"], row["left_at"]) == (room.noon, None)
    assert (row["answers"], row["answers_right"], row["active_days"]) == (3, 2, 2)
    assert row["minutes"] == 2.5  # the long one counts two minutes, the untimed one none
    assert row["last_answer_at"] == room.noon + timedelta(hours=30)
    assert (row["cards_seen"], row["returns"]) == (3, 0)
    assert isinstance(row["recall"], float)
    assert 0 < row["recall"] < 1
    assert (row["tests_set"], row["tests_finished"], row["tests_late"]) == (2, 1, 1)
    assert row["tests_percent"] == pytest.approx(100 * 5 / 7, abs=1e-4)


def test_students_are_told_with_their_assignments_and_why_they_may_need_help(room, bob: Viewer) -> None:
    room.assign("Over", due_days=5)
    room.assign("Under way", due_days=20)
    _, (row,) = room.tell("students", days=9)
    assert [row[name] for name in ("assigned", "completed", "late", "overdue")] == [2, 0, 0, 1]
    assert row["at_risk"] == "away, overdue"
    room.leave(bob, hours=4)
    _, (row,) = room.tell("students", days=9)
    assert [row[name] for name in ("assigned", "completed", "late", "overdue", "at_risk")] == [None] * 5


def test_a_student_who_did_nothing_has_zeros_and_blanks(room, bob: Viewer) -> None:
    _, (row,) = room.tell("students")
    assert (row["answers"], row["minutes"], row["cards_seen"], row["tests_set"]) == (0, 0, 0, 0)
    assert [row[name] for name in ("assigned", "completed", "late", "overdue", "at_risk")] == [0, 0, 0, 0, ""]
    assert (row["last_answer_at"], row["recall"], row["tests_percent"]) == (None, None, None)


def test_tests_for_others_of_the_class_are_not_counted_as_set(room, bob: Viewer) -> None:
    mia, ann = room.enrol("mia"), room.enrol("ann")
    noon = room.noon
    with room.database.writing() as session:
        red = classes_settings.add_group(session, room.alice, room.taught.handle, "Red")
        classes_settings.set_group_members(session, room.alice, room.taught.handle, red, [mia.handle])
    for_all, for_red, for_ann = (room.set_test(title) for title in ("All", "Red", "Ann"))
    room.assign_test(for_all, whom="class")
    room.sit(bob, for_red, hours=0.1)  # before it was given to others alone
    room.assign_test(for_red, whom="groups", groups=(red,))
    room.assign_test(for_ann, whom="students", students=(ann.handle,))
    room.set_test("Over before she came", window=Window(closes=noon + timedelta(hours=2)))
    with room.database.writing() as session:
        late = room.add_user("late")
        classes.add_member(session, room.taught, late.learner_id, late.handle, noon + timedelta(hours=3))
    room.leave(ann, hours=4)
    _, rows = room.tell("students")
    told = {row["student_id"]: row["tests_set"] for row in rows}
    assert len(told) == 4
    assert told[bob.handle] == 3  # for all, the one that he sat, and the one that is over
    assert told[mia.handle] == 3
    assert (told[late.handle], told[ann.handle]) == (1, 3)
    room.set_test("New", after_hours=5)
    told = {row["student_id"]: row["tests_set"] for row in room.tell("students")[1]}
    assert (told[late.handle], told[ann.handle]) == (2, 3)  # set after Ann had left


def test_cards_that_come_back_are_counted_once_a_day(room, bob: Viewer) -> None:
    for hours in (0, 0.1, 0.3):
        room.answer(bob, "legs", hours=hours)
    for hours in (24 * 20, 24 * 20 + 1):
        room.answer(bob, "legs", right=False, hours=hours)
    with room.database.reading() as session:
        report = make_report(session, room.taught, "students", room.rules, room.noon + timedelta(days=30))
        names = [column.name for column in report.columns]
        (row,) = [dict(zip(names, one, strict=True)) for one in report.rows]
    assert (row["returns"], row["returns_recalled"]) == (1, 0)


def test_who_left_stays_in_the_report_with_what_was_done_until_then(room, bob: Viewer) -> None:
    room.answer(bob, "legs", hours=1)
    room.leave(bob, hours=2)
    room.answer(bob, "height", hours=3)
    _, (row,) = room.tell("students")
    assert (row["left_at"], row["answers"]) == (room.noon + timedelta(hours=2), 1)
    assert [one["item_id"] for one in room.tell("responses")[1]] == ["birds/legs"]
    assert room.tell("moodle")[1] == []


def test_what_was_answered_before_joining_is_nobodys_business(room, add_user: Callable[..., Viewer]) -> None:
    charlie = add_user("charlie")
    room.answer(charlie, "legs", hours=-1)
    with room.database.writing() as session:
        classes.add_member(session, room.taught, charlie.learner_id, charlie.handle, room.noon)
    assert room.tell("responses")[1] == []
    assert room.tell("items")[1] == []
    assert room.tell("students")[1][0]["answers"] == 0


def test_groups_are_named(room, bob: Viewer) -> None:
    for name in ("Blue", "Amber"):
        with room.database.writing() as session:
            group = classes_settings.add_group(session, room.alice, room.taught.handle, name)
        with room.database.writing() as session:
            classes_settings.set_group_members(session, room.alice, room.taught.handle, group, [bob.handle])
    assert room.tell("students")[1][0]["groups"] == "Amber, Blue"


def test_a_name_is_what_the_list_says_else_the_one_to_sign_in_with(room, bob: Viewer) -> None:
    room.enrol("charlie")
    room.enrol("dana", first_name="Dana")
    _, rows = room.tell("students", sort="first_name")
    assert [(row["last_name"], row["first_name"]) for row in rows] == [
        ("Young", "Bob"),
        ("", "Dana"),
        ("charlie", ""),
    ]


def test_without_names_there_are_pseudonyms_only(room, bob: Viewer) -> None:
    room.answer(bob, "legs")
    for kind in ("students", "responses"):
        report, (row,) = room.tell(kind, as_stranger=True)
        assert row["last_name"] not in ("", "Young", "bob")
        assert (row["external_id"], row["first_name"], row["email"]) == ("", "", "")
        assert any("pseudonyms" in note for note in report.notes)
        assert not {"Young", "Bob", "bob", "bob@school.example", "1001"} & {str(value) for value in row.values()}
    for kind in ("canvas", "moodle"):
        with pytest.raises(Forbidden, match="Only a teacher of the class"):
            room.tell(kind, as_stranger=True)


def test_attempts_are_told_with_state_time_and_points(room, bob: Viewer) -> None:
    test = room.set_test(window=Window(due=room.noon + timedelta(hours=4)), attempts=3)
    room.sit(bob, test, hours=1, legs="blue", height=None)
    room.sit(bob, test, hours=5)
    room.begin(bob, test, hours=6)
    _, rows = room.tell("attempts")
    assert [row["attempt"] for row in rows] == [1, 2, 3]
    first, second, third = rows
    assert tuple(first)[:7] == IDENTITY
    assert (first["state"], first["late"], first["questions"], first["answered"]) == ("handed-in", False, 7, 6)
    assert (first["points"], first["max_points"], first["percent"]) == (5, 7, pytest.approx(71.428571))
    assert (first["seconds"], first["time_percent"]) == (600, 100)
    assert (second["late"], second["percent"]) == (True, 100)
    assert (third["state"], third["submitted_at"], third["late"], third["seconds"]) == ("open", None, None, None)
    assert (third["points"], third["max_points"], third["percent"]) == (None, None, None)


def test_attempts_whose_time_is_over_are_ended_first(room, bob: Viewer) -> None:
    test = room.set_test(limit_minutes=10)
    attempt = room.begin(bob, test)
    room.fill(bob, test, attempt)
    now = room.noon + timedelta(days=2)
    with room.database.writing() as session:
        assert has_untidy(session, room.taught, now)
        tidy_tests(session, room.taught, now)
        assert not has_untidy(session, room.taught, now)
        tidy_tests(session, room.taught, now)
    _, (row,) = room.tell("attempts")
    assert (row["state"], row["seconds"], row["percent"]) == ("time", 600, 100)


def test_rows_are_sorted_by_a_column_with_blanks_last(room, bob: Viewer) -> None:
    charlie = room.enrol("charlie", last_name="adams", external_id="7")
    room.enrol("dana", last_name="Brook")
    room.answer(charlie, "legs")
    names = [row["last_name"] for row in room.tell("students", sort="last_name")[1]]
    assert names == ["adams", "Brook", "Young"]
    assert [row["last_name"] for row in room.tell("students", sort="-last_name")[1]] == names[::-1]
    assert [row["external_id"] for row in room.tell("students", sort="external_id")[1]] == ["1001", "7", ""]
    assert [row["external_id"] for row in room.tell("students", sort="-external_id")[1]] == ["7", "1001", ""]
    assert [row["answers"] for row in room.tell("students", sort="-answers")[1]] == [1, 0, 0]
    assert room.tell("students", sort="last_answer_at")[1][0]["last_name"] == "adams"


@pytest.mark.parametrize(("kind", "sort"), [("students", "nothing"), ("students", "--answers"), ("responses", "score")])
def test_another_column_is_refused_by_name(room, kind: str, sort: str) -> None:
    with pytest.raises(Invalid) as caught:
        room.tell(kind, sort=sort)
    assert set(caught.value.fields) == {"sort"}
