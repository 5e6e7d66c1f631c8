"""Whose rules count: the school's, what a learner chose, and parameters that were fitted."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.learning.choices import Choices
from quizapp.core.learning.scheduling import DEFAULT_PARAMETERS
from quizapp.services import memory, study
from quizapp.services.accounts import Viewer
from quizapp.services.rules import StudyRules, find_rules
from quizapp.store import replays
from quizapp.store.engine import Database
from quizapp.store.tables import FitRow, JobRow, LearnerRow, table_of

OTHERS = json.dumps([*DEFAULT_PARAMETERS[:2], DEFAULT_PARAMETERS[2] + 1, *DEFAULT_PARAMETERS[3:]])


@pytest.fixture
def bob(add_user: Callable[..., Viewer]) -> Viewer:
    return add_user("Bob")


def _set(database: Database, learner_id: int, now: datetime, choices: str = "", prior: str | None = None) -> None:
    with database.writing() as session:
        fit_id = None
        if prior is not None:
            figures = {"reviews": 1, "held_out": 1, "log_loss": 0.3, "log_loss_before": 0.4, "log_loss_average": 0.5}
            values = {"scope": "class", "subject_id": 1, "outcome": "kept", "parameters": OTHERS, "prior": prior}
            made = session.execute(sa.insert(table_of(FitRow)).values(**values, **figures, created_at=now))
            fit_id = made.inserted_primary_key[0]  # type: ignore[attr-defined]
        learner = table_of(LearnerRow)
        session.execute(sa.update(learner).where(learner.c.id == learner_id).values(choices=choices, fit_id=fit_id))
        session.commit()


def test_who_chose_nothing_studies_by_the_school_s_rules(database: Database, bob: Viewer, rules: StudyRules) -> None:
    with database.reading() as session:
        found = find_rules(session, rules, bob.learner_id)
        assert (found.scheduler, found.calendar, found.fitted) == (rules.scheduler, rules.calendar, False)
        assert find_rules(session, rules, -7).scheduler == rules.scheduler


def test_choices_are_laid_over_them(database: Database, bob: Viewer, rules: StudyRules, noon: datetime) -> None:
    _set(database, bob.learner_id, noon, Choices(desired_retention=0.8, timezone="Asia/Tokyo").to_json())
    with database.reading() as session:
        found = find_rules(session, rules, bob.learner_id)
    assert found.scheduler.settings.desired_retention == 0.8
    assert (found.calendar.zone.key, found.scheduler.calendar) == ("Asia/Tokyo", found.calendar)
    assert found.choices.timezone == "Asia/Tokyo"
    assert rules.scheduler.settings.desired_retention == 0.9
    assert found.day_ends(noon) - found.day_starts(noon) == timedelta(days=1)


def test_fitted_parameters_bring_their_prior(
    database: Database, bob: Viewer, rules: StudyRules, noon: datetime
) -> None:
    _set(database, bob.learner_id, noon, prior='{"birds/height": 1.5}')
    with database.reading() as session:
        found = find_rules(session, rules, bob.learner_id)
    assert found.scheduler.settings.parameters == tuple(json.loads(OTHERS))
    assert (found.prior_of("birds/height"), found.prior_of("birds/food")) == (1.5, 1.0)
    assert found.in_deck(json.dumps(DEFAULT_PARAMETERS)) is found


def test_a_deck_s_parameters_count_for_who_has_no_own(rules: StudyRules) -> None:
    assert rules.in_deck("") is rules
    assert rules.in_deck(OTHERS).scheduler.settings.parameters == tuple(json.loads(OTHERS))
    assert rules.in_deck(OTHERS) is rules.in_deck(OTHERS)


def test_an_answer_taken_back_after_other_parameters_came_into_use_leaves_what_they_say(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    keys = [str(uuid.uuid4()) for _ in range(3)]
    with library_database.writing() as session:
        for days, key in enumerate(keys):
            answer = study.Submission("birds", "height", 1, samples.RIGHT["height"])
            study.answer_card(session, bob, answer, key, rules, noon + timedelta(days=3 * days))
    _set(library_database, bob.learner_id, noon, prior="")
    with library_database.writing() as session:
        assert len(memory.rebuild_states(session, rules).differences) == 1
        before = replays.list_cards(session, bob.learner_id)[0].stored
        study.undo_answer(session, bob.learner_id, keys.pop(), noon, rules=find_rules(session, rules, bob.learner_id))
        after = replays.list_cards(session, bob.learner_id)[0].stored
        assert before is not None
        assert after is not None
        assert (after.reps, after.stability < before.stability) == (2, True)
        assert memory.rebuild_states(session, rules).differences == ()


def test_each_hundredth_answer_asks_whether_to_fit_anew(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    for number in range(study.FIT_EVERY * 5):
        with library_database.writing() as session:
            answer = study.Submission("birds", "height", 1, samples.RIGHT["height"])
            study.answer_card(session, bob, answer, str(uuid.uuid4()), rules, noon + timedelta(hours=number))
    with library_database.reading() as session:
        waiting = session.execute(sa.select(JobRow.kind, JobRow.subject)).all()  # type: ignore[call-overload]
    assert [tuple(row) for row in waiting] == [("fit", f"learner:{bob.learner_id}")]


def test_an_answer_under_way_while_other_parameters_come_into_use_is_scheduled_by_them(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    with library_database.reading() as session:
        before = find_rules(session, rules, bob.learner_id)
    _set(library_database, bob.learner_id, noon, prior='{"birds/height": 1.5}')
    with library_database.reading() as session:
        since = find_rules(session, rules, bob.learner_id)
    _set(library_database, bob.learner_id, noon, Choices(desired_retention=0.8).to_json(), prior="")
    for days, known in enumerate((before, since)):
        with library_database.writing() as session:
            answer = study.Submission("birds", "height", 1, samples.RIGHT["height"])
            at = noon + timedelta(days=days)
            study.answer_card(session, bob, answer, str(uuid.uuid4()), known, at)
            assert memory.rebuild_states(session, rules, dry_run=True).differences == ()
