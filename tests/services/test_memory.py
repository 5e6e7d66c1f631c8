"""Every memory state can be counted again from the log, and is what it was."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from plumbing import samples

from quizapp.services import memory, study
from quizapp.services.accounts import Viewer
from quizapp.services.memory import Rebuild
from quizapp.services.rules import StudyRules
from quizapp.services.study import Submission
from quizapp.store.engine import Database

AddUser = Callable[..., Viewer]


def _study_for_weeks(database: Database, who: Viewer, rules: StudyRules, noon: datetime) -> None:
    with database.writing() as session:
        for day in range(12):
            for minute, card in enumerate(samples.RIGHT):
                right = (day * 7 + minute) % 5 > 0
                response = samples.RIGHT[card] if right else samples.WRONG[card]
                rating = (3 if right else 1) if card == "name" else None
                now = noon + timedelta(days=day * day, minutes=minute)
                key = str(uuid.uuid4())
                study.answer_card(session, who, Submission("birds", card, 1, response, rating=rating), key, rules, now)
                if minute == 3:
                    study.undo_answer(session, who.learner_id, key, now)


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
        assert memory.rebuild_states(session, rules).differences == told.differences
        assert memory.rebuild_states(session, rules) == Rebuild(6, ())


def test_without_answers_there_is_nothing_to_count(database: Database, rules: StudyRules) -> None:
    with database.writing() as session:
        assert memory.rebuild_states(session, rules) == Rebuild(0, ())
