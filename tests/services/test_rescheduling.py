"""Moving cards after new parameters: told before, done at once, and taken back."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing.learning import FORGETFUL, load_cards, study_for_a_year

from quizapp.core.errors import NotFound
from quizapp.core.learning.memory import from_millis
from quizapp.core.learning.scheduling import Scheduler
from quizapp.services import memory, rescheduling, study
from quizapp.services.accounts import Viewer
from quizapp.services.rescheduling import ReschedulePreview, UndoneReschedule
from quizapp.services.rules import StudyRules, find_rules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.states import find_miscounts
from quizapp.store.tables import FitRow

AddUser = Callable[..., Viewer]
KEY = "123e4567-e89b-42d3-a456-426614174000"


@pytest.fixture
def bob(database: Database, add_user: AddUser, rules: StudyRules, noon: datetime) -> Viewer:
    """Somebody who studied thirty cards for a year as most do, and then was found to forget faster."""
    load_cards(database, "many", 30, noon)
    bob = add_user("Bob")
    with database.writing() as session:
        study_for_a_year(session, bob, rules, noon, parameters=rules.scheduler.settings.parameters)
        fit = FitRow(
            scope="learner",
            subject_id=bob.learner_id,
            outcome="kept",
            parameters=json.dumps(FORGETFUL),
            reviews=400,
            held_out=80,
            log_loss=0.3,
            log_loss_before=0.4,
            log_loss_average=0.4,
            created_at=noon,
        )
        session.add(fit)
        session.flush()
        session.execute(sa.text("UPDATE learner SET fit_id = :fit"), {"fit": fit.id})
        session.commit()
        memory.rebuild_states(session, rules)
    return bob


@pytest.fixture
def later(database: Database, bob: Viewer) -> datetime:
    """Noon of a day when about half of the cards wait."""
    with database.reading() as session:
        dues = session.execute(sa.text("SELECT due FROM card_state ORDER BY due")).scalars().all()
    return from_millis(dues[len(dues) // 2]) + timedelta(hours=8)


def _dues(database: Database) -> list[tuple[int, int]]:
    with database.reading() as session:
        rows = session.execute(sa.text("SELECT card_id, due FROM card_state ORDER BY card_id"))
        return [(row.card_id, row.due) for row in rows]


def _apply(database: Database, who: Viewer, rules: StudyRules, now: datetime) -> ReschedulePreview:
    with database.writing() as session:
        return rescheduling.apply_reschedule(session, who, find_rules(session, rules, who.learner_id), now)


def _undo(database: Database, who: Viewer, now: datetime) -> UndoneReschedule:
    with database.writing() as session:
        return rescheduling.undo_reschedule(session, who, now)


def test_what_is_told_is_what_happens_and_all_of_it_goes_back(
    database: Database, bob: Viewer, rules: StudyRules, later: datetime
) -> None:
    before = _dues(database)
    with database.reading() as session:
        own = find_rules(session, rules, bob.learner_id)
        told = rescheduling.preview_reschedule(session, bob, own, later)
        assert rescheduling.find_last_reschedule(session, bob.learner_id) is None
    assert _dues(database) == before
    assert told.moved == told.earlier + told.later > 5
    assert told.cards <= 30
    assert sum(day.after for day in told.days) >= sum(day.before for day in told.days)
    assert told.days[0].day == rules.calendar.day_of(later)
    assert _apply(database, bob, rules, later) == told
    moved = sum(old != new for old, new in zip(before, _dues(database), strict=True))
    assert moved == told.moved
    with database.reading() as session:
        last = rescheduling.find_last_reschedule(session, bob.learner_id)
        assert last is not None
        assert (last.number, last.created_at, last.undone_at) == (1, later, None)
        assert (last.cards, last.untouched) == (moved, moved)
        assert find_miscounts(session) == 0
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()
    assert _undo(database, bob, later) == UndoneReschedule(moved, 0)
    assert _dues(database) == before
    with database.reading() as session:
        last = rescheduling.find_last_reschedule(session, bob.learner_id)
        assert last is not None
        assert (last.undone_at, last.untouched) == (later, 0)
        assert find_miscounts(session) == 0
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()
    with pytest.raises(NotFound):
        _undo(database, bob, later)


def test_a_second_time_moves_only_what_could_not_be_moved_before(
    database: Database, bob: Viewer, rules: StudyRules, later: datetime
) -> None:
    first = _apply(database, bob, rules, later)
    again = _apply(database, bob, rules, later)
    assert again.moved < first.moved / 2


def test_cards_answered_since_stay_where_the_answer_put_them(
    database: Database, bob: Viewer, rules: StudyRules, later: datetime
) -> None:
    done = _apply(database, bob, rules, later)
    with database.writing() as session:
        card_id, slug = session.execute(
            sa.text("SELECT card_id, slug FROM rescheduled_card JOIN card ON card.id = card_id ORDER BY card_id")
        ).first() or (0, "")
        own = find_rules(session, rules, bob.learner_id)
        study.answer_card(session, bob, Submission("many", slug, 1, True), KEY, own, later)
    answered = dict(_dues(database))[card_id]
    assert _undo(database, bob, later) == UndoneReschedule(done.moved - 1, 1)
    assert dict(_dues(database))[card_id] == answered
    with database.reading() as session:
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()


def test_where_no_card_is_left_nothing_goes_back(
    database: Database, bob: Viewer, rules: StudyRules, later: datetime
) -> None:
    done = _apply(database, bob, rules, later)
    with database.writing() as session:
        session.execute(sa.text("DELETE FROM card_state"))
        session.commit()
    assert _undo(database, bob, later) == UndoneReschedule(0, done.moved)


def test_another_desired_recall_can_be_followed_too(
    database: Database, bob: Viewer, rules: StudyRules, later: datetime
) -> None:
    with database.writing() as session:
        own = find_rules(session, rules, bob.learner_id)
        rescheduling.apply_reschedule(session, bob, own, later)
        eager = replace(own.scheduler.settings, desired_retention=0.96)
        own = replace(own, scheduler=Scheduler(eager, own.calendar))
        done = rescheduling.apply_reschedule(session, bob, own, later)
        assert done.earlier > 5
        assert rescheduling.undo_reschedule(session, bob, later).back == done.moved
        assert rescheduling.undo_reschedule(session, bob, later).back > 0


def test_an_account_is_found_by_the_name_that_people_use(database: Database, bob: Viewer) -> None:
    with database.reading() as session:
        found = rescheduling.find_viewer(session, " bob ")
        assert (found.learner_id, found.handle, found.name) == (bob.learner_id, bob.handle, "Bob")
        with pytest.raises(NotFound):
            rescheduling.find_viewer(session, "Nobody")


@pytest.mark.parametrize("days", [0, 200, 360, 500])
def test_while_nothing_about_the_memory_changes_no_card_moves(
    sqlite_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime, days: int
) -> None:
    load_cards(sqlite_database, "many", 30, noon)
    charlie = add_sqlite_user("Charlie")
    with sqlite_database.writing() as session:
        study_for_a_year(session, charlie, rules, noon)
        told = rescheduling.preview_reschedule(session, charlie, rules, noon + timedelta(days=days))
    assert (told.cards, told.moved) == (30, 0)
    assert all(day.before == day.after for day in told.days)


def test_who_has_no_cards_has_nothing_to_move(
    database: Database, add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    charlie = add_user("Charlie")
    assert _apply(database, charlie, rules, noon).moved == 0
    with database.reading() as session:
        assert rescheduling.find_last_reschedule(session, charlie.learner_id) is None


def test_the_cards_of_others_are_left_alone(
    database: Database, bob: Viewer, add_user: AddUser, rules: StudyRules, later: datetime
) -> None:
    charlie = add_user("Charlie")
    with database.writing() as session:
        study_for_a_year(session, charlie, rules, later - timedelta(days=300))
        find = sa.text("SELECT card_id, due FROM card_state WHERE learner_id = :learner ORDER BY card_id")
        before = session.execute(find, {"learner": charlie.learner_id}).all()
    _apply(database, bob, rules, later)
    with database.reading() as session:
        assert session.execute(find, {"learner": charlie.learner_id}).all() == before
        assert rescheduling.find_last_reschedule(session, charlie.learner_id) is None
    with pytest.raises(NotFound):
        _undo(database, charlie, later)
