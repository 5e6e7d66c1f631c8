"""What each desired retention would cost and bring a learner."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from fsrs.scheduler import DEFAULT_PARAMETERS
from plumbing import samples

from quizapp.core.learning.choices import Choices
from quizapp.core.learning.limits import DailyLimits
from quizapp.core.learning.workload import RETENTIONS
from quizapp.services import study, workload
from quizapp.services.accounts import Viewer
from quizapp.services.rules import StudyRules, rules_over
from quizapp.services.submissions import Submission
from quizapp.services.workload import WorkloadPage
from quizapp.store.engine import Database
from quizapp.store.tables import CardRow, CardStateRow, FitRow, table_of

Look = Callable[..., WorkloadPage]
CARDS = ("height", "food", "winter", "legs")


@pytest.fixture
def bob(library_add_user: Callable[..., Viewer]) -> Viewer:
    return library_add_user("Bob")


@pytest.fixture
def begin(library_database: Database, bob: Viewer, rules: StudyRules, noon: datetime) -> Callable[..., None]:
    """Let Bob have answered these cards some days ago."""

    def answer(*cards: str, days_ago: int = 3) -> None:
        for card in cards:
            submission = Submission("birds", card, 1, samples.RIGHT[card], shown_ms=9_000)
            with library_database.writing() as session:
                now = noon - timedelta(days=days_ago)
                study.answer_card(session, bob, submission, str(uuid.uuid4()), rules, now)

    return answer


@pytest.fixture
def look(library_database: Database, bob: Viewer, rules: StudyRules, noon: datetime) -> Look:
    """See Bob's workload: ``look(desired_retention=0.88)``."""

    def see(**choices: object) -> WorkloadPage:
        chosen = rules_over(rules, Choices(**choices))  # type: ignore[arg-type]
        with library_database.reading() as session:
            return workload.view_workload(session, bob.learner_id, chosen, noon)

    return see


def test_who_has_begun_nothing_has_nothing_to_compare(look: Look) -> None:
    page = look()
    assert not page.begun
    assert (page.rows, page.best, page.known, page.unseen, page.played) == ((), None, 0, 0, 0)


def test_every_retention_is_there_with_the_own_one_among_them(look: Look, begin: Callable[..., None]) -> None:
    begin(*CARDS)
    page = look(desired_retention=0.88)
    assert [row.retention for row in page.rows] == sorted([*RETENTIONS, 0.88])
    assert page.own == 0.88
    assert [row.retention for row in look().rows] == list(RETENTIONS)
    assert (page.known, page.unseen, page.days) == (4, 4, 365)
    assert page.played == 8


def test_more_recall_takes_more_time_and_the_best_remembers_most_for_each_minute(
    look: Look, begin: Callable[..., None]
) -> None:
    begin(*CARDS)
    page = look()
    assert page.rows[-1].minutes > page.rows[0].minutes
    assert page.rows[-1].remembered > page.rows[0].remembered
    best = max(page.rows, key=lambda row: row.remembered / row.minutes)
    assert page.best == best.retention


def test_where_no_minute_is_needed_none_is_best(library_database: Database, look: Look, begin) -> None:
    begin("height")
    with library_database.writing() as session:
        session.execute(sa.update(table_of(CardStateRow)).values(stability=36_500.0, phase="review", queue=1))
        session.commit()
    page = look(limits=DailyLimits(new=0))
    assert (page.unseen, page.best) == (0, None)
    assert all(row.minutes == 0 and row.remembered > 0.9 for row in page.rows)


def test_no_new_cards_are_expected_where_none_are_wanted(look: Look, begin: Callable[..., None]) -> None:
    begin(*CARDS)
    assert look(limits=DailyLimits(new=0)).unseen == 0
    assert look(decks={"birds": DailyLimits(new=0)}).unseen == 0
    assert look(decks={"birds": DailyLimits(reviews=1)}).unseen == 4


@pytest.mark.parametrize(
    ("choices", "new_per_day"),
    [
        ({}, 1),  # four cards in four days
        ({"limits": DailyLimits(new=20)}, 20),
        ({"decks": {"birds": DailyLimits(new=2)}, "limits": DailyLimits(new=20)}, 2),
        ({"decks": {"trees": DailyLimits(new=2)}, "limits": DailyLimits(new=20)}, 20),
        ({"decks": {"birds": DailyLimits(reviews=2)}, "limits": DailyLimits(new=20)}, 20),
    ],
)
def test_new_cards_come_as_the_limits_let_them_or_as_so_far(
    look: Look, begin: Callable[..., None], choices: dict[str, object], new_per_day: int
) -> None:
    begin(*CARDS)
    assert look(**choices).new_per_day == new_per_day


def test_a_deck_is_forgotten_by_its_own_parameters(
    library_database: Database, look: Look, begin: Callable[..., None], noon: datetime
) -> None:
    begin(*CARDS)
    before = look()
    with library_database.writing() as session:
        fit = FitRow(
            scope="deck",
            subject_id=1,
            outcome="kept",
            parameters=json.dumps((*DEFAULT_PARAMETERS[:20], 0.6)),
            reviews=1,
            held_out=1,
            log_loss=0.3,
            log_loss_before=0.4,
            log_loss_average=0.5,
            created_at=noon,
        )
        session.add(fit)
        session.flush()
        session.execute(sa.text("UPDATE deck SET fit_id = :fit"), {"fit": fit.id})
        session.commit()
    after = look()
    assert after.rows != before.rows
    assert (after.known, after.unseen) == (before.known, before.unseen)


def test_retired_cards_ask_for_nothing(library_database: Database, look: Look, begin, noon: datetime) -> None:
    begin(*CARDS)
    with library_database.writing() as session:
        session.execute(sa.update(table_of(CardRow)).where(table_of(CardRow).c.slug == "legs").values(retired_at=noon))
        session.execute(
            sa.text("UPDATE card_state SET queue = 2 WHERE card_id = (SELECT id FROM card WHERE slug = 'legs')")
        )
        session.commit()
    assert look().known == 3


def test_of_very_many_cards_a_part_is_played_and_that_is_said(look: Look, begin, monkeypatch) -> None:
    begin(*CARDS)
    whole = look()
    monkeypatch.setattr(workload, "MOST_PLAYED", 2)
    monkeypatch.setattr(workload, "_FEWEST_PLAYED", 1)
    part = look()
    assert part.played == 4 < part.known + part.unseen
    assert part.rows != whole.rows
    assert part.rows[0].remembered == pytest.approx(whole.rows[0].remembered, rel=0.5)


def test_equal_questions_get_equal_answers(look: Look, begin: Callable[..., None]) -> None:
    begin(*CARDS)
    assert look() == look()
    assert replace(look(), rows=()) == replace(look(desired_retention=0.9), rows=())
