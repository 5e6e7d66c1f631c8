"""A learner's progress, counted from answers as they are given, taken back and outlived by their cards."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from fsrs.scheduler import DEFAULT_PARAMETERS
from plumbing import samples
from sqlmodel import select

from quizapp.core.analysis.progress import DayWork, Recall, Retention
from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.services import progress, recording, study
from quizapp.services.accounts import Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.progress import Progress
from quizapp.services.results import AnswerResult
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import study as study_store
from quizapp.store.engine import Database
from quizapp.store.study import ReviewRecord
from quizapp.store.tables import CardRevisionRow, FitRow, known_id

AddUser = Callable[..., Viewer]
Answer = Callable[..., AnswerResult]
Look = Callable[..., Progress]


@pytest.fixture
def answer(library_database: Database, rules: StudyRules) -> Answer:
    """Answer a card: ``answer(bob, "height", now, right=False, shown_ms=5000)``."""

    def give(who: Viewer, card: str, now: datetime, *, right: bool = True, shown_ms: int | None = None) -> AnswerResult:
        response = (samples.RIGHT if right else samples.WRONG)[card]
        rating = (3 if right else 1) if card == "name" else None
        submission = Submission("birds", card, 1, response, shown_ms=shown_ms, rating=rating)
        with library_database.writing() as session:
            return study.answer_card(session, who, submission, str(uuid.uuid4()), rules, now)

    return give


@pytest.fixture
def look(library_database: Database, rules: StudyRules, noon: datetime) -> Look:
    """See somebody's progress: ``look(bob, now)``."""

    def see(who: Viewer, now: datetime = noon) -> Progress:
        with library_database.reading() as session:
            return progress.view_progress(session, who.learner_id, rules, now)

    return see


def test_who_has_answered_nothing_has_not_begun(library_add_user: AddUser, look: Look, noon: datetime) -> None:
    seen = look(library_add_user("Bob"))
    assert not seen.begun
    assert (seen.now, seen.later, seen.waiting) == (Recall(0, 0), Recall(0, 0), 0)
    assert (seen.themes, seen.decks, seen.days) == ((), (), ())
    assert seen.forecast == (0,) * 30
    assert [span.all for span in seen.retention] == [Retention(), Retention()]
    assert [span.work.answers for span in seen.time] == [0, 0, 0]
    assert (seen.today, seen.first_day) == (noon.date(), noon.date() - timedelta(days=364))


def test_a_card_just_answered_is_remembered_due_today_and_in_its_deck_and_theme(
    library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, "height", noon)
    seen = look(bob)
    assert seen.begun
    assert seen.now == Recall(1, 1.0)
    assert 0 < seen.later.recalled < 1
    assert seen.forecast == (1,) + (0,) * 29
    assert [(deck.slug, deck.title, deck.language, deck.recall.cards) for deck in seen.decks] == [
        ("birds", "Birds", "en", 1)
    ]
    assert [(theme.theme, theme.recall.cards) for theme in seen.themes] == [("nature", 1)]
    assert seen.desired == 0.9


def test_recall_falls_and_what_was_missed_waits_today(
    library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, "height", noon)
    answer(bob, "height", noon + timedelta(minutes=10))
    assert look(bob).forecast[0] == 0
    assert sum(look(bob).forecast) == 1
    later = look(bob, noon + timedelta(days=20))
    assert later.now.cards == 1
    assert later.now.recalled < 0.9
    assert (later.waiting, later.forecast[0]) == (1, 1)


def test_an_answer_taken_back_counts_nowhere(
    library_database: Database, library_add_user: AddUser, answer: Answer, look: Look, noon: datetime, rules: StudyRules
) -> None:
    bob = library_add_user("Bob")
    untouched = look(bob)
    given = answer(bob, "height", noon, shown_ms=9000)
    with library_database.writing() as session:
        study.undo_answer(session, bob.learner_id, given.key, noon, rules=rules)
    assert look(bob) == untouched


def test_a_retired_card_is_remembered_no_more_but_its_day_stays(
    library_database: Database, library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, "name", noon, shown_ms=9000)
    smaller = samples.DECK[: samples.DECK.index(b"  - id: name")]
    with library_database.writing() as session:
        report = load_files(session, [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", smaller)], noon)
    assert report.decks[0].retired == ("name",)
    seen = look(bob)
    assert seen.begun
    assert (seen.now, seen.decks, sum(seen.forecast)) == (Recall(0, 0), (), 0)
    assert seen.days == (DayWork(noon.toordinal(), 1, 1, 1, 9000),)


def test_one_learners_answers_are_not_anothers(
    library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob, eve = library_add_user("Bob"), library_add_user("Eve")
    answer(bob, "height", noon)
    assert not look(eve).begun


def test_an_answer_takes_two_minutes_at_most_and_one_without_a_time_takes_none(
    library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    for card, shown_ms in {"height": 30_000, "food": 120_001, "legs": 7 * 24 * 3_600_000, "winter": None}.items():
        answer(bob, card, noon, right=card != "legs", shown_ms=shown_ms)
    assert look(bob).days == (DayWork(noon.toordinal(), 4, 3, 3, 270_000),)


def test_time_is_told_for_today_a_week_and_a_month_by_the_schools_days(
    library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    night = noon.replace(hour=3, minute=59)
    for card, moment in {
        "height": noon,
        "food": night,
        "winter": noon - timedelta(days=6),
        "legs": noon - timedelta(days=7),
        "waiting": noon - timedelta(days=29),
        "sequence": noon - timedelta(days=30),
        "seasons": noon - timedelta(days=364),
        "name": noon - timedelta(days=365),
    }.items():
        answer(bob, card, moment, shown_ms=1000)
    seen = look(bob)
    assert [(span.days, span.work.answers, span.work.millis) for span in seen.time] == [
        (1, 1, 1000),
        (7, 3, 3000),
        (30, 5, 5000),
    ]
    assert [noon.toordinal() - work.day for work in seen.days] == [364, 30, 29, 7, 6, 1, 0]


def test_what_a_clock_ahead_wrote_is_left_for_its_day(
    library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, "height", noon + timedelta(days=400))
    seen = look(bob)
    assert (seen.days, seen.now) == ((), Recall(1, 1.0))
    assert seen.begun


def test_only_the_first_answer_of_a_day_to_a_card_in_review_tells_retention(
    library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    for minutes in (0, 10):
        due = answer(bob, "height", noon + timedelta(minutes=minutes)).due
    answer(bob, "food", noon)
    assert look(bob, due).retention[0].all == Retention(0, 0)
    answer(bob, "height", due, right=False)
    answer(bob, "height", due + timedelta(minutes=10))
    answer(bob, "height", due + timedelta(minutes=20))
    month, year = look(bob, due).retention
    assert (month.young, month.mature) == (Retention(1, 0), Retention(0, 0))
    assert (month.days, year.days, year.all) == (30, 365, Retention(1, 0))
    assert year.all.share is None


def test_an_answer_taken_back_leaves_the_first_place_to_the_next(
    library_database: Database, library_add_user: AddUser, answer: Answer, look: Look, noon: datetime, rules: StudyRules
) -> None:
    bob = library_add_user("Bob")
    for minutes in (0, 10):
        due = answer(bob, "height", noon + timedelta(minutes=minutes)).due
    slip = answer(bob, "height", due, right=False)
    with library_database.writing() as session:
        study.undo_answer(session, bob.learner_id, slip.key, due, rules=rules)
    answer(bob, "height", due)
    assert look(bob, due).retention[0].all == Retention(1, 1)


@pytest.mark.parametrize(("days", "mature"), [(20, False), (21, True), (400, True)])
@pytest.mark.parametrize("hour", [4, 12, 23])
def test_a_card_is_mature_when_its_break_was_set_to_21_study_days_or_more(
    library_database: Database,
    library_add_user: AddUser,
    look: Look,
    noon: datetime,
    days: int,
    mature: bool,
    hour: int,
    rules: StudyRules,
) -> None:
    bob = library_add_user("Bob")
    reviewed = noon.replace(hour=hour) - timedelta(days=days)
    before = MemoryState(Phase.REVIEW, None, 30.0, 5.0, noon.replace(hour=4), reviewed, 5, 0)
    _write_review(library_database, bob, before, noon, rating=3, rules=rules)
    assert look(bob).retention[0].mature == (Retention(1, 1) if mature else Retention())
    assert look(bob).retention[0].all == Retention(1, 1)


def test_what_is_older_than_a_month_counts_for_the_year_alone(
    library_database: Database, library_add_user: AddUser, look: Look, noon: datetime, rules: StudyRules
) -> None:
    bob = library_add_user("Bob")
    start = noon - timedelta(days=30)
    before = MemoryState(Phase.REVIEW, None, 3.0, 5.0, start, start - timedelta(days=3), 5, 0)
    _write_review(library_database, bob, before, start, rating=1, rules=rules)
    late = replace(before, due=noon, last_review=noon - timedelta(days=40))
    _write_review(library_database, bob, late, noon - timedelta(days=29), rating=2, rules=rules)
    month, year = look(bob).retention
    assert (month.young, month.mature) == (Retention(), Retention(1, 1))
    assert (year.young, year.mature) == (Retention(1, 0), Retention(1, 1))


def _write_review(
    database: Database, who: Viewer, before: MemoryState, now: datetime, rating: int, rules: StudyRules
) -> None:
    """An answer with a history that would take a year to give."""
    with database.writing() as session:
        revision = session.exec(select(CardRevisionRow).limit(1)).one()
        review = ReviewRecord(
            learner_id=who.learner_id,
            key=str(uuid.uuid4()),
            seq=study_store.next_seq(session, who.learner_id),
            deck_id=session.execute(sa.text("SELECT id FROM deck")).scalar_one(),
            card_id=revision.card_id,
            revision_id=known_id(revision.id),
            answered_at=now,
            study_day=now.toordinal(),
            response='"100 cm"',
            body_digest="",
            score=1.0,
            verdict="right",
            rating=rating,
            hint_used=False,
            confidence=None,
            shown_ms=None,
            model="",
            **recording.write_states(before, before, rules),
        )
        study_store.add_review(session, review)
        session.commit()


def test_a_decks_own_parameters_say_how_fast_its_cards_fade(
    library_database: Database, library_add_user: AddUser, answer: Answer, look: Look, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, "height", noon - timedelta(days=60))
    before = look(bob)
    fit = FitRow(
        scope="deck",
        subject_id=1,
        outcome="kept",
        parameters=json.dumps((*DEFAULT_PARAMETERS[:20], 0.7)),
        reviews=1,
        held_out=1,
        log_loss=0.3,
        log_loss_before=0.4,
        log_loss_average=0.5,
        created_at=noon,
    )
    with library_database.writing() as session:
        session.add(fit)
        session.flush()
        session.execute(sa.text("UPDATE deck SET fit_id = :fit"), {"fit": fit.id})
        session.commit()
    after = look(bob)
    assert after.now.recalled < before.now.recalled
    assert after.later.recalled < before.later.recalled
    assert after.decks[0].recall == after.themes[0].recall == after.now
