from datetime import timedelta

import pytest

from quizapp.core.errors import Conflict, NotFound
from quizapp.services import study
from quizapp.services.assignments import todo

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def write(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def list_todo(desk, who, now, **more):
    with desk.database.reading() as session:
        return todo.list_todo(session, who and who.learner_id, now, **more)


def test_only_what_is_not_done_is_asked_until_all_is(desk, bob) -> None:
    handle, now, asked = desk.make(), desk.noon + HOUR, []
    while (step := desk.ask(bob, handle, now)).question is not None:
        asked.append(step.question.slug)
        desk.answer(bob, asked[-1], now)
    assert sorted(asked) == sorted({"height", "food", "winter", "legs", "waiting", "sequence", "seasons", "name"})
    assert (step.next_step, step.own.asked.standing, step.held) == (None, "done", 0)
    assert step.undoable is not None
    assert step.decks == (("birds", "Birds", "en"),)


def test_a_wrong_answer_comes_back_in_its_steps(desk, bob) -> None:
    handle, now = desk.make(decks=(), tags=("size",)), desk.noon + HOUR
    desk.answer(bob, "height", now, right=False)
    step = desk.ask(bob, handle, now)
    assert step.question is None
    assert step.next_step is not None
    assert desk.ask(bob, handle, step.next_step).question.slug == "height"


def test_it_is_asked_neither_before_the_opening_nor_after_the_closing(desk, bob, charlie) -> None:
    handle = desk.make()
    with pytest.raises(Conflict, match="not opened"):
        desk.ask(bob, handle, desk.noon - HOUR)
    assert desk.ask(bob, handle, desk.noon + 14 * DAY).question is None
    with pytest.raises(NotFound):
        desk.ask(charlie, handle, desk.noon)


def test_cards_that_a_test_holds_wait(desk, bob, monkeypatch) -> None:
    handle = desk.make(decks=(), tags=("size",))
    card = desk.ask(bob, handle, desk.noon + HOUR).question
    assert card.slug == "height"
    with desk.database.reading() as session:
        revision = study.store.find_revision(session, "birds", "height", 1)
    monkeypatch.setattr("quizapp.services.assignments.studying.list_held_cards", lambda *_: {revision.card_id})
    step = desk.ask(bob, handle, desk.noon + HOUR)
    assert (step.question, step.held) == (None, 1)


def test_the_list_of_what_is_to_do_goes_by_due_date(desk, bob) -> None:
    assert list_todo(desk, bob, desk.noon).empty
    assert list_todo(desk, None, desk.noon).empty
    desk.make(title="Later", due="", closes="")
    desk.make(title="Soon", due=write(desk.noon + DAY))
    desk.make(title="Coming", opens=write(desk.noon + 2 * DAY))
    desk.make(title="Over", opens=write(desk.noon - 9 * DAY), due="", closes=write(desk.noon - 8 * DAY))
    desk.make(title="Just over", opens=write(desk.noon - 3 * DAY), due="", closes=write(desk.noon - 2 * DAY))

    # Bob joined at noon, so what closed before is not asked of him.
    found = list_todo(desk, bob, desk.noon + HOUR)
    assert [one.record.title for one in found.now] == ["Soon", "Later"]
    assert [one.record.title for one in found.coming] == ["Coming"]
    assert found.over == ()
    assert list_todo(desk, bob, desk.noon + HOUR, recent=True) == found  # it is asked for in words of its own
    late = list_todo(desk, bob, desk.noon + 30 * DAY)
    assert {one.record.title for one in late.over} == {"Coming", "Soon"}
    assert list_todo(desk, bob, desk.noon + 30 * DAY, recent=True).over == ()


def test_before_it_opens_nothing_of_it_is_shown(desk, bob) -> None:
    handle = desk.make(instructions="Secret", opens=write(desk.noon + DAY))
    with desk.database.reading() as session:
        early = todo.view_own(session, bob, handle, desk.noon)
        open_page = todo.view_own(session, bob, handle, desk.noon + DAY)
    assert (early.instructions, early.parts) == ("", ())
    assert (open_page.instructions, [part.title for part in open_page.parts]) == ("Secret", ["Birds"])
