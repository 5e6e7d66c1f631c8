from datetime import timedelta

from plumbing import samples

from quizapp.core.assignments.standing import AssignmentCells
from quizapp.services import classes, study
from quizapp.services.assignments import asked

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def cells(desk, now):
    with desk.database.reading() as session:
        return asked.assignment_cells(session, desk.herons, now)


def test_a_class_without_assignments_has_no_cells(desk, bob) -> None:
    assert cells(desk, desk.noon) == {}


def test_progress_counts_the_cards_that_were_right_since_the_opening(desk, bob) -> None:
    desk.make()
    assert desk.standings(desk.noon) == ["waiting"]
    desk.answer(bob, "height", desk.noon + HOUR)
    desk.answer(bob, "winter", desk.noon + HOUR, right=False)
    (one,) = desk.look(desk.noon + HOUR)
    assert (one.work.done, one.work.cards, one.standing) == (1, len(samples.RIGHT), "underway")
    assert one.work.completed_at is None


def test_it_is_done_with_the_last_right_answer_and_late_after_the_due_date(desk, bob) -> None:
    desk.make()
    desk.answer_all(bob, desk.noon + 8 * DAY)
    (one,) = desk.look(desk.noon + 9 * DAY)
    assert (one.standing, one.work.completed_at) == ("late", desk.noon + 8 * DAY)
    assert cells(desk, desk.noon + 9 * DAY) == {bob.learner_id: AssignmentCells(1, 1, 1, 0)}


def test_done_stays_done_when_a_card_is_forgotten_later(desk, bob) -> None:
    desk.make()
    desk.answer_all(bob, desk.noon + DAY)
    desk.answer(bob, "height", desk.noon + 10 * DAY, right=False)
    (one,) = desk.look(desk.noon + 11 * DAY)
    assert (one.standing, one.work.completed_at) == ("done", desk.noon + DAY)


def test_what_was_known_when_it_opened_counts_from_the_opening_on(desk, bob) -> None:
    for hour in (1, 2, 3):
        desk.answer_all(bob, desk.noon + hour * HOUR)  # out of the steps and days ahead
    opens = desk.noon + 4 * HOUR
    desk.make(opens=opens.strftime("%Y-%m-%dT%H:%M"))
    (one,) = desk.look(opens + HOUR)
    assert (one.standing, one.work.completed_at) == ("done", opens)
    desk.answer_all(bob, desk.noon + 13 * DAY)  # after the due date, when they come up in the deck
    desk.answer(bob, "height", desk.noon + 13 * DAY + HOUR, right=False)
    (one,) = desk.look(desk.noon + 20 * DAY)
    assert (one.standing, one.work.completed_at) == ("done", opens)


def test_what_was_due_when_it_opened_is_to_be_answered_again(desk, bob) -> None:
    for hour in (1, 2, 3):
        desk.answer_all(bob, desk.noon + hour * HOUR)
    opens = desk.noon + 300 * DAY
    desk.make(opens=opens.strftime("%Y-%m-%dT%H:%M"), due=(opens + DAY).strftime("%Y-%m-%dT%H:%M"), closes="")
    assert desk.standings(opens) == ["waiting"]
    desk.answer(bob, "height", opens + HOUR, right=False)
    (one,) = desk.look(opens + HOUR)
    assert (one.work.done, one.work.begun) == (0, True)


def test_an_answer_taken_back_is_open_again(desk, bob) -> None:
    desk.make()
    desk.answer_all(bob, desk.noon + HOUR)
    key = desk.answer(bob, "height", desk.noon + 2 * HOUR)
    assert desk.standings(desk.noon + 3 * HOUR) == ["done"]
    with desk.database.writing() as session:
        study.undo_answer(session, bob.learner_id, key, desk.noon + 3 * HOUR, rules=desk.rules)
    assert desk.standings(desk.noon + 3 * HOUR) == ["done"]
    other = desk.make(decks=(), tags=("size",), opens=(desk.noon + 4 * DAY).strftime("%Y-%m-%dT%H:%M"))
    later = desk.noon + 5 * DAY
    key = desk.answer(bob, "height", later)
    assert [one.standing for one in desk.look(later) if one.record.handle == other] == ["done"]
    with desk.database.writing() as session:
        study.undo_answer(session, bob.learner_id, key, later, rules=desk.rules)
    assert [one.standing for one in desk.look(later) if one.record.handle == other] == ["waiting"]


def test_after_the_closing_nothing_counts_any_more(desk, bob) -> None:
    desk.make()
    assert desk.standings(desk.noon + 8 * DAY) == ["overdue"]
    desk.answer_all(bob, desk.noon + 14 * DAY)
    assert desk.standings(desk.noon + 15 * DAY) == ["missed"]
    assert cells(desk, desk.noon + 15 * DAY) == {bob.learner_id: AssignmentCells(1, 0, 0, 1)}


def test_what_has_not_opened_is_not_assigned_yet(desk, bob) -> None:
    desk.make(opens=(desk.noon + DAY).strftime("%Y-%m-%dT%H:%M"))
    assert desk.standings(desk.noon) == ["planned"]
    assert cells(desk, desk.noon) == {bob.learner_id: AssignmentCells()}


def test_students_of_other_classes_are_not_asked(desk, bob, charlie) -> None:
    desk.make()
    assert [one.record.learner_id for one in desk.look(desk.noon)] == [bob.learner_id]
    assert desk.look(desk.noon, learner_id=charlie.learner_id, class_id=None) == []


def test_who_leaves_is_asked_no_more_and_kept_in_the_history(desk, bob) -> None:
    desk.make()
    desk.answer(bob, "height", desk.noon + HOUR)
    with desk.database.writing() as session:
        classes.remove_member(session, desk.alice, desk.herons.handle, bob.handle, desk.noon + DAY)
    desk.answer(bob, "winter", desk.noon + 2 * DAY)
    assert desk.look(desk.noon + 2 * DAY) == []
    (one,) = desk.look(desk.noon + 2 * DAY, with_left=True)
    assert (one.standing, one.work.done) == ("left", 1)
    assert cells(desk, desk.noon + 2 * DAY) == {}


def test_who_comes_after_the_closing_owes_nothing(desk, library_add_user, join) -> None:
    desk.make()
    join(library_add_user("Bob"), desk.noon + 15 * DAY)
    assert desk.look(desk.noon + 16 * DAY) == []
