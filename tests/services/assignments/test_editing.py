import uuid
from datetime import timedelta

import pytest

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.services import classes, classes_settings
from quizapp.services.assignments import class_view, editing, students
from quizapp.services.assignments.access import load_own, load_taught
from quizapp.store.tables import AssignmentRow

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def page(desk, handle, now=None, shown="", who=None):
    with desk.database.reading() as session:
        return class_view.view_assignment(session, who or desk.alice, handle, now or desk.noon, shown)


def change(desk, handle, version, at=None, who=None, **fields) -> None:
    with desk.database.writing() as session:
        editing.change_assignment(
            session, who or desk.alice, handle, desk.type(**fields), version, desk.rules, at or desk.noon
        )


def set_own(desk, handle, who, *, excused=False, at=None, **typed) -> None:
    with desk.database.writing() as session:
        students.set_own(session, desk.alice, handle, who.handle, typed, desk.rules, at or desk.noon, excused=excused)


def write(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def test_without_an_opening_it_opens_at_once_and_not_after_it_was_due(desk, bob) -> None:
    handle = desk.make(opens="", at=desk.noon + HOUR)
    assert page(desk, handle).found.record.opens_at == desk.noon + HOUR
    with pytest.raises(Invalid) as error:
        desk.make(opens="", due=write(desk.noon - HOUR), closes=write(desk.noon - HOUR))
    assert set(error.value.fields) == {"due", "closes"}


def test_a_form_sent_twice_makes_one_and_another_class_does_not_get_it(desk, dana, charlie) -> None:
    key = str(uuid.uuid4())
    with desk.database.writing() as session:
        make = [
            editing.create_assignment(
                session, desk.alice, desk.herons.handle, desk.type(), desk.rules, desk.noon, key=key
            )
            for _ in range(2)
        ]
    assert make == [key, key]
    with desk.database.writing() as session:
        owls = classes.list_taught_classes(session, dana)[0]
        other = editing.create_assignment(session, dana, owls.handle, desk.type(), desk.rules, desk.noon, key=key)
    assert other != key


def test_what_holds_no_card_is_refused(desk) -> None:
    with desk.database.writing() as session:
        with pytest.raises(Invalid) as error:
            editing._find_cards(session, editing.ExamScope(tags=("nothing",)))
        assert set(error.value.fields) == {"scope"}


def test_a_class_has_so_many_assignments_at_most(desk, monkeypatch) -> None:
    monkeypatch.setattr(editing, "MOST_ASSIGNMENTS", 1)
    desk.make()
    with pytest.raises(Conflict, match="1 assignments"):
        desk.make()


def test_a_change_is_noted_with_what_was_before(desk, bob) -> None:
    handle = desk.make()
    change(desk, handle, 1, title="Owls", due=write(desk.noon + 8 * DAY), whom="students", students=(bob.handle,))
    seen = page(desk, handle)
    latest = {field.field: (field.before, field.after) for field in seen.changes[0].change.fields}
    assert latest["title"] == ("Read about herons", "Owls")
    assert latest["due"] == (desk.noon + 7 * DAY, desk.noon + 8 * DAY)
    assert latest["whom"] == ("class", f"students: {bob.handle}")
    assert (seen.changes[0].change.by, seen.changes[-1].change.fields[0].field) == ("Alice", "made")
    with pytest.raises(Conflict, match="Somebody else"):
        change(desk, handle, 1, title="Terns")


def test_study_that_has_opened_keeps_its_opening_where_the_field_is_blank(desk, bob) -> None:
    handle = desk.make()
    change(desk, handle, 1, at=desk.noon + DAY, opens="")
    assert page(desk, handle).found.record.opens_at == desk.noon
    later = desk.make(opens=write(desk.noon + 2 * DAY))
    change(desk, later, 1, at=desk.noon + DAY, opens="")
    assert page(desk, later).found.record.opens_at == desk.noon + DAY


def test_other_material_is_looked_up_and_new_cards_wait_to_be_taken(desk, bob) -> None:
    handle = desk.make(decks=(), tags=("size",))
    assert (page(desk, handle).cards, page(desk, handle).new_cards) == (1, 0)
    change(desk, handle, 1, decks=(), themes=("nature",))
    assert page(desk, handle).cards == 8
    with desk.database.writing() as session:
        row = session.get_one(AssignmentRow, page(desk, handle).found.record.id)
        editing.store.replace_cards(session, row.id, list(editing.store.list_cards(session, row.id))[:6])
        session.commit()
    assert page(desk, handle).new_cards == 2
    for taken in (2, 0):
        with desk.database.writing() as session:
            assert editing.take_new_cards(session, desk.alice, handle, desk.noon) == taken
    assert (page(desk, handle).cards, page(desk, handle).changes[0].change.fields[0].after) == (8, "+2")


def test_a_group_is_asked_while_it_is_there_and_remembered_by_name(desk, bob) -> None:
    with desk.database.writing() as session:
        group = classes_settings.add_group(session, desk.alice, desk.herons.handle, "Early birds")
    handle = desk.make(whom="groups", groups=(group,))
    assert page(desk, handle).all_lines == ()
    with desk.database.writing() as session:
        classes_settings.set_group_members(session, desk.alice, desk.herons.handle, group, [bob.handle])
    assert [line.member.name for line in page(desk, handle).lines] == ["Bob"]
    assert page(desk, handle, shown="done").lines == ()
    with desk.database.reading() as session:
        found = load_taught(session, desk.alice, handle)
        typed = editing.type_assignment(session, found, desk.rules)
        assert (typed.whom, typed.groups, typed.due) == ("groups", (group,), write(desk.noon + 7 * DAY))
        assert editing.without_people(typed).whom == "class"
    desk.answer(bob, "height", desk.noon + HOUR)
    with desk.database.writing() as session:
        classes.leave(session, bob, desk.herons.handle, desk.noon + DAY)
    assert [line.asked.standing for line in page(desk, handle, desk.noon + DAY).lines] == ["left"]
    with desk.database.writing() as session:
        classes_settings.remove_group(session, desk.alice, desk.herons.handle, group)
    assert page(desk, handle).gone_groups == ("Early birds",)


def test_a_student_has_dates_of_their_own_and_the_log_says_so(desk, bob) -> None:
    handle = desk.make()
    set_own(desk, handle, bob, due=write(desk.noon + 9 * DAY))
    set_own(desk, handle, bob, due=write(desk.noon + 9 * DAY))  # again changes nothing
    assert desk.standings(desk.noon + 8 * DAY) == ["waiting"]
    (one,) = desk.look(desk.noon)
    assert one.has_own_dates
    seen = page(desk, handle)
    assert [(named.student, len(named.change.fields)) for named in seen.changes] == [("Bob", 1), ("", 1)]
    with pytest.raises(Invalid) as error:
        set_own(desk, handle, bob, due=write(desk.noon + 15 * DAY))
    assert set(error.value.fields) == {"closes"}
    set_own(desk, handle, bob, excused=True)
    assert desk.standings(desk.noon + 30 * DAY) == ["excused"]


def test_the_list_of_a_class_counts_and_goes_by_class(desk, bob, dana, charlie) -> None:
    desk.make()
    desk.make(title="Second", decks=(), tags=("size",))
    desk.answer_all(bob, desk.noon + HOUR)
    with desk.database.reading() as session:
        found = class_view.list_class_assignments(session, desk.alice, desk.herons.handle, desk.noon + DAY)
        assert [(line.record.title, line.cards, line.asked, line.completed) for line in found.lines] == [
            ("Second", 1, 1, 1),
            ("Read about herons", 8, 1, 1),
        ]
        with pytest.raises(NotFound):
            class_view.list_class_assignments(session, dana, desk.herons.handle, desk.noon)


def test_nobody_else_may_load_it(desk, bob, dana, charlie) -> None:
    handle = desk.make()
    with desk.database.reading() as session:
        for who in (dana, bob, charlie):
            with pytest.raises(NotFound, match="no such assignment"):
                load_taught(session, who, handle)
        with pytest.raises(Forbidden):
            load_taught(session, None, handle)
        for who in (None, charlie, desk.alice):
            with pytest.raises(NotFound):
                load_own(session, who, handle, desk.noon)
        for odd in ("", "x", handle.upper() + "0", str(uuid.uuid4())):
            with pytest.raises(NotFound):
                load_taught(session, desk.alice, odd)


def test_an_archived_class_is_read_only(desk, bob) -> None:
    handle = desk.make()
    with desk.database.writing() as session:
        classes_settings.archive_class(session, desk.alice, desk.herons.handle, desk.noon)
    assert page(desk, handle).students == 1
    for act in (lambda: change(desk, handle, 1), lambda: set_own(desk, handle, bob, excused=True), desk.make):
        with pytest.raises(Conflict, match="archived"):
            act()
    assert desk.look(desk.noon, class_id=None, learner_id=bob.learner_id) == []
    with desk.database.reading() as session:
        assert editing.list_copy_choices(session, desk.alice) == []


def test_a_deleted_assignment_leaves_the_answers(desk, bob) -> None:
    handle = desk.make()
    key = desk.answer(bob, "height", desk.noon + HOUR)
    with desk.database.writing() as session:
        assert editing.delete_assignment(session, desk.alice, handle).handle == handle
    with desk.database.reading() as session:
        assert editing.list_copy_choices(session, desk.alice)[0].name == "Herons 8b"
        assert desk.look(desk.noon) == []
        from_log = session.connection().exec_driver_sql("SELECT key FROM review").scalar()
    assert from_log == key
