"""Every memory state can be counted again from the log, and is what it was."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.learning.memory import from_millis
from quizapp.core.learning.scheduling import DEFAULT_PARAMETERS, Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import memory, study
from quizapp.services.accounts import Viewer
from quizapp.services.memory import Rebuild
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import FitRow, RescheduledCardRow, RescheduleRow

AddUser = Callable[..., Viewer]


def _study_for_weeks(database: Database, who: Viewer, rules: StudyRules, noon: datetime) -> None:
    with database.writing() as session:
        for day in range(6):
            for minute, card in enumerate(samples.RIGHT):
                right = (day * 7 + minute) % 5 > 0
                response = samples.RIGHT[card] if right else samples.WRONG[card]
                rating = (3 if right else 1) if card == "name" else None
                now = noon + timedelta(days=day * day, minutes=minute)
                key = str(uuid.uuid4())
                study.answer_card(session, who, Submission("birds", card, 1, response, rating=rating), key, rules, now)
                if minute == 3:
                    study.undo_answer(session, who.learner_id, key, now, rules=rules)


def test_states_counted_again_are_the_same_to_the_last_digit(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    for name in ("Bob", "Charlie"):
        _study_for_weeks(library_database, library_add_user(name), rules, noon)
    with library_database.writing() as session:
        assert memory.rebuild_states(session, rules) == Rebuild(14, ())


def test_a_state_that_differs_is_told_and_put_right(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    _study_for_weeks(library_database, bob, rules, noon)
    with library_database.writing() as session:
        raw = session.connection()
        lowest = "(SELECT min(card_id) FROM card_state)"
        raw.exec_driver_sql(f"UPDATE card_state SET stability = 999 WHERE card_id = {lowest}")
        raw.exec_driver_sql(f"DELETE FROM card_state WHERE card_id = {lowest} + 1")
        raw.exec_driver_sql(f"UPDATE review SET undone_at = 1 WHERE card_id = {lowest} + 2")
        session.commit()
        told = memory.rebuild_states(session, rules, dry_run=True)
        assert [(line.ref, line.stored is None, line.counted is None) for line in told.differences] == [
            ("birds/height", False, False),
            ("birds/food", True, False),
            ("birds/winter", False, True),
        ]
        assert told.miscounts > 0
        assert memory.rebuild_states(session, rules) == told
        assert memory.rebuild_states(session, rules) == Rebuild(6, ())


def test_counts_that_are_wrong_are_told_and_put_right(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    _study_for_weeks(library_database, library_add_user("Bob"), rules, noon)
    with library_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE due_count SET cards = cards + 1")
        session.connection().exec_driver_sql("UPDATE deck_progress SET seen = 0")
        session.commit()
        told = memory.rebuild_states(session, rules, dry_run=True)
        assert told.miscounts > 0
        assert memory.rebuild_states(session, rules).miscounts == told.miscounts
        assert memory.rebuild_states(session, rules) == Rebuild(7, ())


def test_each_answer_is_counted_by_the_steps_it_was_scheduled_with(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    _study_for_weeks(library_database, bob, rules, noon)
    settings = SchedulerSettings(desired_retention=0.8, learning_steps=(), relearning_steps=())
    tokyo = StudyCalendar(ZoneInfo("Asia/Tokyo"))
    later = replace(rules, scheduler=Scheduler(settings, tokyo), calendar=tokyo)
    _study_for_weeks(library_database, bob, later, noon + timedelta(days=300))
    with library_database.writing() as session:
        assert memory.rebuild_states(session, rules) == Rebuild(7, ())
        session.connection().exec_driver_sql("DELETE FROM scheduling")
        session.commit()
        assert memory.rebuild_states(session, rules, dry_run=True).differences


def test_fitted_parameters_and_priors_in_force_count_for_the_whole_log(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob, charlie = library_add_user("Bob"), library_add_user("Charlie")
    for who in (bob, charlie):
        _study_for_weeks(library_database, who, rules, noon)
    own, deck = ((0.5, 1.5, first_good, *DEFAULT_PARAMETERS[3:]) for first_good in (5.5, 4.5))
    with library_database.writing() as session:
        for number, (parameters, prior) in enumerate(((own, '{"birds/height":2.0}'), (deck, "")), start=1):
            session.add(
                FitRow(
                    id=number,
                    scope="learner",
                    subject_id=bob.learner_id,
                    outcome="kept",
                    parameters=json.dumps(parameters),
                    prior=prior,
                    reviews=400,
                    held_out=80,
                    log_loss=0.3,
                    log_loss_before=0.4,
                    log_loss_average=0.4,
                    created_at=noon,
                )
            )
        session.flush()
        session.connection().exec_driver_sql(f"UPDATE learner SET fit_id = 1 WHERE id = {bob.learner_id}")
        session.connection().exec_driver_sql("UPDATE deck SET fit_id = 2")
        session.commit()
        told = memory.rebuild_states(session, rules)
        assert len(told.differences) == 14
        for line in told.differences:
            assert line.stored is not None
            assert line.counted is not None
            same = ("phase", "step", "due", "last_review", "reps", "lapses")
            assert all(getattr(line.stored, name) == getattr(line.counted, name) for name in same)
        assert memory.rebuild_states(session, rules) == Rebuild(14, ())
        by_own = {line.ref: line.counted for line in told.differences if line.handle == bob.handle}
        by_deck = {line.ref: line.counted for line in told.differences if line.handle == charlie.handle}
        assert by_own["birds/height"] != by_deck["birds/height"]


def test_a_move_that_was_not_taken_back_says_when_a_card_is_due(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    _study_for_weeks(library_database, bob, rules, noon)
    moved_at = noon + timedelta(days=200)
    with library_database.writing() as session:
        lowest = session.execute(sa.text("SELECT min(card_id) FROM card_state")).scalar_one()
        reps, due = session.execute(
            sa.text("SELECT reps, due FROM card_state WHERE card_id = :card"), {"card": lowest}
        ).one()
        session.add(RescheduleRow(learner_id=bob.learner_id, number=1, reason="fit", created_at=moved_at))
        session.flush()
        before = from_millis(due)
        row = RescheduledCardRow(learner_id=bob.learner_id, number=1, card_id=lowest, reps=reps, due_before=before)
        row.due_after = before + timedelta(days=3)
        session.add(row)
        later = RescheduleRow(learner_id=bob.learner_id, number=2, reason="fit", created_at=moved_at)
        session.add(later)  # before an answer that was taken back
        session.flush()
        other = {"number": 2, "card_id": lowest, "reps": reps + 1, "due_before": before, "due_after": moved_at}
        session.add(RescheduledCardRow(learner_id=bob.learner_id, last_review=before, **other))
        session.commit()
        counted = memory.count_states(session, bob.learner_id, rules, [lowest])[lowest]
        assert counted is not None
        assert counted.due == before + timedelta(days=3)
        assert len(memory.rebuild_states(session, rules).differences) == 1
        assert memory.rebuild_states(session, rules) == Rebuild(7, ())
        session.connection().exec_driver_sql("UPDATE reschedule SET undone_at = 1")
        session.commit()
        counted = memory.count_states(session, bob.learner_id, rules, [lowest])[lowest]
        assert counted is not None
        assert counted.due == before


def test_answers_of_a_clock_that_jumps_and_late_ones_are_counted_as_they_came(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    with library_database.writing() as session:
        for days in (0, -2, 365, 1, 1, -400, 30):
            now = noon + timedelta(days=days)
            submission = Submission("birds", "winter", 1, days % 2 == 0)
            study.answer_card(session, bob, submission, str(uuid.uuid4()), rules, now)
        assert memory.rebuild_states(session, rules) == Rebuild(1, ())


def test_cards_that_were_never_answered_have_no_state_by_the_log(
    library_database: Database, library_add_user: AddUser, rules: StudyRules
) -> None:
    bob = library_add_user("Bob")
    with library_database.reading() as session:
        assert memory.count_states(session, bob.learner_id, rules, [1, 999]) == {1: None, 999: None}
        assert memory.count_states(session, bob.learner_id, rules, []) == {}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE review SET state_after = '{}' WHERE card_id = (SELECT min(card_id) FROM card_state)",
        "UPDATE scheduling SET settings = '{\"parameters\": 7}'",
    ],
)
def test_a_log_that_cannot_be_read_is_told_and_its_states_are_left_alone(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime, damage: str
) -> None:
    bob = library_add_user("Bob")
    _study_for_weeks(library_database, bob, rules, noon)
    with library_database.writing() as session:
        before = session.execute(sa.text("SELECT * FROM card_state ORDER BY card_id")).all()
        session.connection().exec_driver_sql(damage)
        session.commit()
        done = memory.rebuild_states(session, rules)
        assert done.differences == ()
        assert "birds/height cannot be read" in done.unreadable[0]
        assert session.execute(sa.text("SELECT * FROM card_state ORDER BY card_id")).all() == before


def test_without_answers_there_is_nothing_to_count(database: Database, rules: StudyRules) -> None:
    with database.writing() as session:
        assert memory.rebuild_states(session, rules) == Rebuild(0, ())
