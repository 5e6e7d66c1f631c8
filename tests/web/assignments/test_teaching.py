import re
from datetime import UTC, datetime, timedelta

import pytest

from quizapp.services import classes, classes_settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_class_without_assignments_says_how_it_begins(school) -> None:
    school.alice.get(f"/classes/{school.herons.handle}/assignments")
    assert "No assignments yet" in school.text_of(school.alice.page)
    school.alice.get("/assignments")
    assert "Herons 8b" in school.alice.page
    assert "Owls 8c" not in school.alice.page


def test_the_form_keeps_all_that_was_typed_beside_what_is_wrong(school) -> None:
    path = f"/classes/{school.herons.handle}/assignments"
    school.alice.get(f"{path}/new")
    sent = school.fields(title="", due="2020-01-01T10:00", closes="soon", tags=["size"])
    response = school.alice.post(path, sent)
    assert response.status_code == 422
    words = school.text_of(school.alice.page)
    assert "3 things to put right" in words
    assert "due before it opens" in words
    assert "Give the assignment a title" in words
    for kept in ('value="2020-01-01T10:00"', 'value="soon"', "Take *your* time.", 'value="size" checked'):
        assert kept in school.alice.page, kept
    assert re.search(r'value="birds"\s+checked', school.alice.page)
    school.alice.get(path)
    assert "No assignments yet" in school.text_of(school.alice.page)


def test_the_same_form_sent_twice_makes_one_assignment(school, make) -> None:
    key = school.fields()["key"]
    assert make(key=key) == make(key=key)


def test_an_assignment_is_changed_and_the_log_says_who_did(school, make) -> None:
    path = make()
    school.alice.get(f"{path}/edit")
    version = school.alice.hidden("version")
    changed = school.fields(title="Herons & <b>owls</b>", version=version)
    assert school.alice.post(f"{path}/edit", changed).status_code == 303
    school.alice.get(path)
    words = school.text_of(school.alice.page)
    assert "Herons & <b>owls</b>" in words
    assert "Alice : title: Read about herons" in words.replace("· ", "")
    school.alice.get(f"{path}/edit")
    assert school.alice.post(f"{path}/edit", changed).status_code == 409  # an older page
    assert school.alice.post(f"{path}/edit", changed | {"version": "zwei", "title": "Gulls"}).status_code == 409
    assert "Gulls" in school.alice.page
    assert "What you typed is still here." in school.alice.page
    again = changed | {"version": school.alice.hidden("version"), "title": "Gulls"}
    assert school.alice.post(f"{path}/edit", again).status_code == 303


def test_a_faulty_change_keeps_what_was_typed(school, make) -> None:
    path = make()
    school.alice.get(f"{path}/edit")
    sent = school.fields(version=school.alice.hidden("version"), title="x" * 300)
    assert school.alice.post(f"{path}/edit", sent).status_code == 422
    assert "x" * 300 in school.alice.page
    assert "at most 200 characters" in school.alice.page


def test_the_page_of_an_assignment_can_be_filtered(school, make) -> None:
    path = make()
    school.alice.get(path)
    words = school.text_of(school.alice.page)
    assert "bob" in words.casefold()
    assert "0 of 8" in words
    assert "All 1" in words
    assert "Not begun 1" in words
    school.alice.get(f"{path}?show=done")
    assert "No student stands there now" in school.text_of(school.alice.page)
    school.alice.get(f"{path}?show=<b>")
    assert "0 of 8" in school.text_of(school.alice.page)


def test_a_student_is_excused_and_gets_dates_of_their_own(school, make) -> None:
    path, bob = make(), school.people["bob"].handle
    form = f"{path}/students/{bob}"
    school.alice.get(form)
    due = school.moment(days=9)
    assert school.alice.post(form, {"due": due}).status_code == 303
    school.alice.get(form)
    assert f'value="{due}"' in school.alice.page
    assert school.alice.post(form, {"due": "2001-01-01T00:00", "excused": "1"}).status_code == 422
    assert 'value="2001-01-01T00:00"' in school.alice.page
    school.alice.get(form)
    assert school.alice.post(form, {"due": due, "excused": "1"}).status_code == 303
    school.alice.get(path)
    words = school.text_of(school.alice.page)
    assert "Excused 1" in words
    assert "bob : excused" in words.casefold()
    school.bob.get("/")
    assert "To do" not in school.text_of(school.bob.page)
    school.bob.get(path)
    assert "You are excused" in school.text_of(school.bob.page)


def test_a_copy_for_another_class_is_looked_over_before_it_is_made(school, make) -> None:
    path = make()
    with school.database.writing() as session:
        other = classes.create_class(session, school.people["alice"], "Herons 9a", datetime.now(UTC))
    school.alice.get(f"{path}/copy")
    assert "Herons 9a" in school.alice.page
    assert "Owls" not in school.alice.page
    assert school.alice.get(f"/classes/{other.handle}/assignments/new?from={path.split('/')[-1]}").status_code == 200
    assert 'value="Read about herons"' in school.alice.page
    assert (
        school.dana.get(f"/classes/{school.owls.handle}/assignments/new?from={path.split('/')[-1]}").status_code == 404
    )


def test_an_assignment_is_deleted_after_a_question(school, make) -> None:
    path = make()
    school.alice.get(f"{path}/delete")
    assert "Delete this assignment?" in school.alice.page
    assert school.alice.post(f"{path}/delete").status_code == 303
    assert school.alice.get(path).status_code == 404
    assert school.bob.get(path).status_code == 404


def test_an_archived_class_can_be_read_and_not_changed(school, make) -> None:
    path = make()
    with school.database.writing() as session:
        classes_settings.archive_class(session, school.people["alice"], school.herons.handle, datetime.now(UTC))
    school.alice.get(path)
    assert "archived" in school.text_of(school.alice.page)
    assert f"{path}/edit" not in school.alice.page
    for page in ("edit", "delete"):
        assert school.alice.get(f"{path}/{page}").status_code == 409
    assert school.alice.get(f"/classes/{school.herons.handle}/assignments").status_code == 200
    assert school.bob.get(path).status_code == 404


def test_groups_that_are_deleted_and_classes_without_students_are_told(school, make) -> None:
    assert school.herons.name == "Herons 8b"
    with school.database.writing() as session:
        group = classes_settings.add_group(session, school.people["alice"], school.herons.handle, "Early birds")
    path = make(whom="groups", groups=[group])
    school.alice.get(path)
    assert "Nobody is asked" in school.text_of(school.alice.page)
    assert school.bob.get(path).status_code == 404
    with school.database.writing() as session:
        bob = school.people["bob"].handle
        classes_settings.set_group_members(session, school.people["alice"], school.herons.handle, group, [bob])
    assert school.bob.get(path).status_code == 200
    with school.database.writing() as session:
        classes_settings.remove_group(session, school.people["alice"], school.herons.handle, group)
    school.alice.get(path)
    assert "The group “Early birds” was deleted" in school.text_of(school.alice.page)
    assert school.bob.get(path).status_code == 404
    alone = make()
    with school.database.writing() as session:
        later = datetime.now(UTC) + timedelta(seconds=1)
        classes.remove_member(session, school.people["alice"], school.herons.handle, bob, later)
    school.alice.get(alone)
    assert "Left the class" in school.text_of(school.alice.page)
