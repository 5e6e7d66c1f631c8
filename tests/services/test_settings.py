"""What a learner chooses: tried out without a trace, saved once, and true of the cards that wait."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from plumbing import samples
from sqlmodel import select

from quizapp.core.learning.balance import EVEN_WEEK
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.limits import DailyLimits
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.learning.workload import Workload
from quizapp.services import settings, study
from quizapp.services.accounts import Viewer
from quizapp.services.rules import StudyRules, find_rules
from quizapp.services.settings import Effect, SettingsPage
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.states import find_miscounts
from quizapp.store.tables import CardStateRow, FitRow, LearnerRow, RescheduledCardRow, RescheduleRow

AddUser = Callable[..., Viewer]
CARDS = ("height", "food", "winter", "legs")


class Desk:
    """Somebody at the settings, with a past."""

    def __init__(self, database: Database, who: Viewer, school: StudyRules, now: datetime) -> None:
        self.database, self.who, self.school, self.now = database, who, school, now

    def answer(self, card: str, now: datetime, *, right: bool = True) -> datetime:
        response = (samples.RIGHT if right else samples.WRONG)[card]
        submission = Submission("birds", card, 1, response, shown_ms=9_000)
        with self.database.writing() as session:
            rules = find_rules(session, self.school, self.who.learner_id)
            return study.answer_card(session, self.who, submission, str(uuid.uuid4()), rules, now).due

    def begin(self, *cards: str, days_ago: int = 3) -> None:
        """Let these cards be out of their steps since some days ago."""
        for card in cards:
            start = self.now - timedelta(days=days_ago)
            self.answer(card, start)
            self.answer(card, start + timedelta(minutes=10))

    def view(self) -> SettingsPage:
        with self.database.reading() as session:
            return settings.view_settings(session, self.who.learner_id)

    def preview(self, **choices: object) -> Effect:
        with self.database.reading() as session:
            return settings.preview_choices(
                session,
                self.who.learner_id,
                self.school,
                Choices(**choices),
                self.now,  # type: ignore[arg-type]
            )

    def save(self, **choices: object) -> bool:
        with self.database.writing() as session:
            return settings.save_choices(
                session,
                self.who.learner_id,
                self.school,
                Choices(**choices),
                self.now,  # type: ignore[arg-type]
            )

    def reset(self) -> bool:
        with self.database.writing() as session:
            return settings.reset_choices(session, self.who.learner_id, self.school, self.now)

    def find_rules(self) -> StudyRules:
        with self.database.reading() as session:
            return find_rules(session, self.school, self.who.learner_id)

    def list_dues(self) -> list[datetime]:
        with self.database.reading() as session:
            rows = session.exec(select(CardStateRow).where(CardStateRow.learner_id == self.who.learner_id))
            return [row.due for row in sorted(rows, key=lambda row: row.card_id)]

    def list_moves(self) -> list[tuple[int, str, int]]:
        """The reschedules written down: number, reason and cards of each."""
        with self.database.reading() as session:
            cards = session.exec(select(RescheduledCardRow)).all()
            return [
                (row.number, row.reason, sum(card.number == row.number for card in cards))
                for row in session.exec(select(RescheduleRow).order_by(RescheduleRow.number))  # type: ignore[arg-type]
            ]

    def count_miscounts(self) -> int:
        with self.database.reading() as session:
            return find_miscounts(session)


@pytest.fixture
def desk(library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime) -> Desk:
    return Desk(library_database, library_add_user("Bob"), rules, noon)


def test_who_has_chosen_nothing_and_answered_nothing_has_not_begun(desk: Desk) -> None:
    assert desk.view() == SettingsPage(Choices(), ())
    assert not desk.view().begun
    effect = desk.preview(desired_retention=0.95)
    assert (effect.now.tomorrow.reviews, effect.then.tomorrow.reviews) == (0, 0)
    assert effect.then.year == Workload(0.95, 0, 0, 0)


def test_the_decks_begun_can_have_limits_of_their_own(desk: Desk) -> None:
    desk.begin("height")
    page = desk.view()
    assert page.begun
    assert [(deck.slug, deck.title, deck.language) for deck in page.decks] == [("birds", "Birds", "en")]


def test_what_was_saved_is_there_again_and_holds_from_the_next_answer_on(desk: Desk) -> None:
    desk.begin("height")
    assert desk.save(desired_retention=0.8, limits=DailyLimits(new=3), decks={"birds": DailyLimits(reviews=5)})
    choices = desk.view().choices
    assert (choices.desired_retention, choices.limits, choices.decks) == (
        0.8,
        DailyLimits(new=3),
        {"birds": DailyLimits(reviews=5)},
    )
    assert desk.find_rules().scheduler.settings.desired_retention == 0.8


def test_saving_the_same_again_changes_nothing(desk: Desk) -> None:
    desk.begin("height")
    assert not desk.save()
    assert desk.save(timezone="Asia/Tokyo")
    moves = desk.list_moves()
    assert not desk.save(timezone="Asia/Tokyo")
    assert desk.list_moves() == moves


def test_a_preview_leaves_no_trace(desk: Desk) -> None:
    desk.begin(*CARDS)
    dues = desk.list_dues()
    desk.preview(desired_retention=0.97, timezone="Asia/Tokyo")
    assert (desk.view().choices, desk.list_dues(), desk.list_moves()) == (Choices(), dues, [])


def test_nothing_changed_is_said_to_change_nothing(desk: Desk) -> None:
    desk.begin(*CARDS)
    effect = desk.preview()
    assert not effect.changed
    assert effect.now == effect.then


def test_each_part_of_a_change_is_told_by_itself(desk: Desk) -> None:
    desk.begin(*CARDS)
    effect = desk.preview(
        desired_retention=0.95,
        limits=DailyLimits(reviews=1),
        decks={"birds": DailyLimits(new=0)},
        learning_steps=(),
        maximum_interval=30,
        timezone="Asia/Tokyo",
        week=(0.5, *EVEN_WEEK[1:]),
    )
    assert set(effect.parts) == {"retention", "limits", "decks", "steps", "longest", "zone", "week"}
    assert effect.parts["week"] == effect.now.tomorrow
    assert effect.parts["limits"].reviews <= 1
    assert effect.parts["decks"].new == 0 < effect.now.tomorrow.new


def test_to_remember_more_is_more_work_over_the_year(desk: Desk) -> None:
    desk.begin(*CARDS)
    effect = desk.preview(desired_retention=0.97)
    assert effect.then.year.reviews > effect.now.year.reviews
    assert effect.then.year.remembered > effect.now.year.remembered
    assert effect.then.year.retention == 0.97


def test_cards_planned_for_tomorrow_are_tomorrows_load_and_a_limit_keeps_some_back(desk: Desk) -> None:
    desk.begin(*CARDS, days_ago=1)
    planned = [due for due in desk.list_dues() if due.date() == desk.now.date() + timedelta(days=1)]
    effect = desk.preview(limits=DailyLimits(new=0, reviews=len(planned) - 1))
    assert len(planned) > 1
    assert effect.now.tomorrow.reviews >= len(planned)
    assert (effect.then.tomorrow.reviews, effect.then.tomorrow.new) == (len(planned) - 1, 0)
    assert effect.then.tomorrow.kept_back > 0.9


def test_new_cards_begun_today_count_towards_todays_limit(desk: Desk) -> None:
    desk.begin("height", days_ago=0)
    effect = desk.preview(limits=DailyLimits(new=2))
    assert effect.then.tomorrow.new == 2
    assert desk.preview(limits=DailyLimits(new=9)).then.tomorrow.new == 0  # today takes the other seven


def test_fewer_steps_take_less_time(desk: Desk) -> None:
    desk.begin(*CARDS)
    effect = desk.preview(learning_steps=(), relearning_steps=())
    assert effect.then.year.minutes < effect.now.year.minutes


def test_the_own_parameters_stay_whatever_is_chosen(desk: Desk) -> None:
    desk.begin(*CARDS)
    before = desk.preview(desired_retention=0.85).then.year
    _adopt(desk, replace_decay(0.5))
    after = desk.preview(desired_retention=0.85).then.year
    assert after != before
    assert desk.find_rules().fitted


def replace_decay(decay: float) -> tuple[float, ...]:
    return (*DEFAULT_PARAMETERS[:20], decay)


def _adopt(desk: Desk, parameters: tuple[float, ...]) -> None:
    with desk.database.writing() as session:
        fit = FitRow(
            scope="learner",
            subject_id=desk.who.learner_id,
            outcome="kept",
            parameters=json.dumps(parameters),
            reviews=1,
            held_out=1,
            log_loss=0.3,
            log_loss_before=0.4,
            log_loss_average=0.5,
            created_at=desk.now,
        )
        session.add(fit)
        session.flush()
        session.get_one(LearnerRow, desk.who.learner_id).fit_id = fit.id
        session.commit()


def test_limits_of_a_deck_that_is_not_shown_stay(desk: Desk) -> None:
    with desk.database.writing() as session:
        written = Choices(decks={"elsewhere": DailyLimits(new=1)}).to_json()
        session.get_one(LearnerRow, desk.who.learner_id).choices = written
        session.commit()
    desk.begin("height")
    assert desk.save(decks={"birds": DailyLimits(new=2), "unheard-of": DailyLimits(new=3)})
    assert desk.view().choices.decks == {"elsewhere": DailyLimits(new=1), "birds": DailyLimits(new=2)}
    assert not desk.preview(decks={"birds": DailyLimits(new=2)}).changed
    assert desk.reset()
    assert desk.view().choices == Choices()


def test_beginning_again_takes_all_back_and_says_what_that_does(desk: Desk) -> None:
    desk.begin(*CARDS)
    assert not desk.reset()
    desk.save(desired_retention=0.97, timezone="Pacific/Auckland")
    with desk.database.reading() as session:
        effect = settings.preview_reset(session, desk.who.learner_id, desk.school, desk.now)
    assert set(effect.parts) == {"retention", "zone"}
    assert desk.reset()
    assert desk.view().choices == Choices()
    assert all(due == rules_day(desk.school.calendar, due) for due in desk.list_dues())


def rules_day(calendar: StudyCalendar, moment: datetime) -> datetime:
    """The start of the study day of a moment."""
    return calendar.start_of(calendar.day_of(moment))


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_in_another_zone_cards_keep_their_days_and_it_is_written_down(desk: Desk, zone: str) -> None:
    desk.begin("height", "food", days_ago=5)
    desk.begin("winter", days_ago=0)
    desk.answer("legs", desk.now)  # in its steps
    before = dict(enumerate(desk.list_dues()))
    old = desk.school.calendar
    desk.save(timezone=zone)
    new = desk.find_rules().calendar
    assert new.zone.key == zone
    kept = [due for place, due in enumerate(desk.list_dues()) if due == before[place]]
    assert kept == [before[3]]  # the step goes by the clock, wherever it hangs
    for place, due in list(enumerate(desk.list_dues()))[:3]:
        assert due == new.start_of(new.day_of(due))
        assert 0 <= (new.day_of(due) - old.day_of(before[place])).days <= 1
    assert desk.list_moves() == [(1, "zone", 3)]
    assert desk.count_miscounts() == 0


def test_what_was_answered_today_is_not_due_again_today_after_a_flight(desk: Desk) -> None:
    desk.save(timezone="America/Los_Angeles")
    desk.now = desk.now.replace(hour=3)  # the evening of the 21st there; noon of the 22nd in Tokyo
    desk.begin("height", days_ago=0)
    desk.save(timezone="Asia/Tokyo")
    calendar = desk.find_rules().calendar
    (due,) = desk.list_dues()
    assert calendar.day_of(due) > calendar.day_of(desk.now)


def test_the_preview_of_another_zone_is_what_happens(desk: Desk) -> None:
    desk.begin(*CARDS, days_ago=1)
    told = desk.preview(timezone="Pacific/Kiritimati").then
    desk.save(timezone="Pacific/Kiritimati")
    found = desk.preview(timezone="Pacific/Kiritimati").now
    assert found.tomorrow.reviews == pytest.approx(told.tomorrow.reviews, abs=1)


def test_another_zone_with_no_card_begun_writes_nothing_down_but_the_choice(desk: Desk) -> None:
    assert desk.save(timezone="Asia/Tokyo")
    assert desk.list_moves() == []
    assert desk.view().begun


def test_one_learners_choices_are_not_anothers(desk: Desk, library_add_user: AddUser) -> None:
    eve = Desk(desk.database, library_add_user("Eve"), desk.school, desk.now)
    eve.begin("height")
    dues = eve.list_dues()
    desk.begin("height")
    desk.save(desired_retention=0.97, timezone="Asia/Tokyo")
    assert eve.view().choices == Choices()
    assert eve.list_dues() == dues


def test_a_school_with_other_rules_is_the_base_of_what_is_open(desk: Desk) -> None:
    strict = replace(desk.school.scheduler.settings, desired_retention=0.95, maximum_interval=100)
    desk.school = replace(desk.school, scheduler=replace(desk.school.scheduler, settings=strict))
    desk.begin("height")
    desk.save(maximum_interval=50)
    own = desk.find_rules().scheduler.settings
    assert (own.desired_retention, own.maximum_interval) == (0.95, 50)


def test_a_zone_with_the_same_clock_moves_nothing(desk: Desk) -> None:
    desk.begin("height", "food")
    dues = desk.list_dues()
    assert desk.save(timezone="Africa/Abidjan")
    assert (desk.list_dues(), desk.list_moves()) == (dues, [])
