"""What a plan comes to: made from the memory as a day begins, anew from what was really done, and kept for the day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from plumbing import learning, samples
from sqlmodel import select

from quizapp.core.learning.dice import Dice
from quizapp.core.learning.examqueue import Portion
from quizapp.core.learning.examrun import LAST_WEEK, STEEPEST
from quizapp.services import plans, plans_class, plans_forecast, plans_view, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass
from quizapp.services.library import InputFile, load_files
from quizapp.services.plans_class import Standing
from quizapp.store import plans as store
from quizapp.store.tables import DeckRow, ExamForecastRow, FitRow

AddUser = Callable[..., Viewer]
CARDS = list(samples.RIGHT)
DAY = timedelta(days=1)
# What is counted here is the same on every database; test_plans.py and test_a_class.py ask both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORGETFUL = ",".join(str(each) for each in learning.FORGETFUL)


def test_a_new_plan_names_every_day_and_what_to_expect(desk, bob: Viewer, noon: datetime) -> None:
    seen = desk.view(bob, desk.make(bob, noon), noon)
    assert (seen.today, seen.cards, seen.begun, seen.days_left, seen.over) == (noon.date(), 8, 0, 20, False)
    outline, advice = seen.forecast.outline, seen.forecast.advice
    assert [day.day for day in outline.days] == [noon.date() + number * DAY for number in range(20)]
    assert sum(day.new for day in outline.days) == pytest.approx(8)
    assert outline.feasible
    assert 0 < outline.low <= outline.recall <= outline.high <= 1
    assert noon.date() < advice.start_by < seen.plan.day
    assert seen.forecast.lost_since is None
    assert (seen.past, seen.later_day, seen.done.answers) == ((), None, 0)
    assert seen.portion.new > 0
    assert seen.portion.reviews == 0


def test_a_days_plan_stands_all_day_whatever_is_answered(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon)
    first = desk.view(bob, handle, noon)
    assert len(first.changed) == 1
    desk.answer(bob, "height", noon)
    desk.answer(bob, "food", noon, right=False)
    again = desk.view(bob, handle, noon + timedelta(hours=3))
    assert again.changed == ()
    assert again.forecast == first.forecast
    assert (again.done.new, again.done.reviews, again.done.answers, again.done.minutes) == (2, 0, 2, 1.0)
    assert again.begun == 2


def test_a_plan_first_looked_at_after_studying_is_that_of_the_mornings_memory(
    desk, bob: Viewer, noon: datetime
) -> None:
    before, after = desk.make(bob, noon), desk.make(bob, noon)
    early = desk.view(bob, before, noon)
    for card in CARDS:
        desk.answer(bob, card, noon)
    late = desk.view(bob, after, noon)
    assert sum(day.new for day in late.forecast.outline.days) == sum(day.new for day in early.forecast.outline.days)


def test_the_next_days_plan_is_made_from_what_was_really_done(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon)
    first = desk.view(bob, handle, noon)
    for card in CARDS:
        desk.answer(bob, card, noon)
    second = desk.view(bob, handle, noon + DAY)
    assert sum(day.new for day in second.forecast.outline.days) == 0
    assert sum(day.reviews for day in second.forecast.outline.days) > 0
    assert len(second.forecast.outline.days) == 19
    assert second.forecast.first == tuple(
        replace(day, new=round(day.new, 2), reviews=round(day.reviews, 2), minutes=round(day.minutes, 2))
        for day in first.forecast.outline.days
    )
    (yesterday,) = second.past
    assert (yesterday.day, yesterday.planned.day) == (noon.date(), noon.date())
    assert (yesterday.done.new, yesterday.done.answers, yesterday.done.minutes) == (8, 8, 4.0)


def test_an_answer_taken_back_counts_nowhere(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon)
    key = desk.answer(bob, "height", noon)
    with desk.database.writing() as session:
        study.undo_answer(session, bob.learner_id, key, noon, rules=desk.rules)
    seen = desk.view(bob, handle, noon)
    assert (seen.done.answers, seen.begun) == (0, 0)


def test_answers_outside_the_scope_are_no_part_of_it(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon, decks=(), paragraphs={"herons": "1"})
    desk.answer(bob, "food", noon)
    seen = desk.view(bob, handle, noon)
    assert (seen.cards, seen.begun, seen.done.answers) == (3, 0, 0)


def test_the_first_plan_is_that_of_the_day_on_which_it_was_made_also_if_nobody_looked(
    desk, bob: Viewer, noon: datetime
) -> None:
    seen_early, seen_late = desk.make(bob, noon), desk.make(bob, noon)
    early = desk.view(bob, seen_early, noon)
    for card in CARDS:
        desk.answer(bob, card, noon + DAY)
    late = desk.view(bob, seen_late, noon + 3 * DAY)
    assert [day.day for day in late.forecast.first] == [day.day for day in early.forecast.first]
    assert sum(day.new for day in late.forecast.first) == pytest.approx(8, abs=0.1)
    assert [day.done.new for day in late.past] == [0, 8, 0]
    assert all(day.planned is not None for day in late.past)


def test_a_changed_plan_keeps_what_was_planned_for_days_gone_by(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon)
    first = desk.view(bob, handle, noon).forecast.first
    later = noon + 4 * DAY
    desk.change(bob, handle, later, days=30, recall="80")
    changed = desk.view(bob, handle, later)
    assert changed.forecast.first[:4] == first[:4]
    assert [day.day for day in changed.forecast.first] == [noon.date() + number * DAY for number in range(34)]
    assert [day.planned for day in changed.past] == list(reversed(first[:4]))
    desk.change(bob, handle, later, days=25, recall="80", title="Another name")
    assert len(desk.view(bob, handle, later).forecast.first) == 29


def test_a_goal_out_of_reach_is_said_with_what_could_be_reached(desk, bob: Viewer, noon: datetime) -> None:
    seen = desk.view(bob, desk.make(bob, noon, days=3, new_per_day="1", minutes_per_day="2"), noon)
    outline, advice = seen.forecast.outline, seen.forecast.advice
    assert not outline.feasible
    assert outline.unbegun == 5
    assert outline.recall < 0.5
    assert (advice.start_by, advice.minutes_needed) == (None, None)
    assert advice.delay >= 5
    assert seen.later_day == seen.plan.day + advice.delay * DAY
    assert seen.forecast.lost_since == seen.today - (advice.delay - 1) * DAY
    assert seen.new_needed == 3
    later = desk.make(bob, noon, days=3 + advice.delay, new_per_day="1", minutes_per_day="2")
    assert desk.view(bob, later, noon).forecast.outline.feasible


def test_minutes_that_would_do_are_named(desk, bob: Viewer, noon: datetime) -> None:
    hurried = {"days": 2, "minutes_per_day": "1", "new_per_day": "50", "recall": "70"}
    minutes = desk.view(bob, desk.make(bob, noon, **hurried), noon).forecast.advice.minutes_needed
    assert minutes > 1
    enough = hurried | {"minutes_per_day": f"{minutes + 1:.1f}"}
    assert desk.view(bob, desk.make(bob, noon, **enough), noon).forecast.outline.feasible


def test_a_goal_that_slips_away_is_lost_since_the_last_day_on_which_starting_was_early_enough(
    desk, bob: Viewer, noon: datetime
) -> None:
    handle = desk.make(bob, noon, days=12, new_per_day="1", minutes_per_day="2", recall="70")
    start_by = desk.view(bob, handle, noon).forecast.advice.start_by
    assert noon.date() <= start_by < noon.date() + 8 * DAY
    lost = desk.view(bob, handle, noon + 9 * DAY)
    assert not lost.forecast.outline.feasible
    assert lost.forecast.lost_since == start_by + DAY
    assert desk.view(bob, handle, noon + 10 * DAY).forecast.lost_since == start_by + DAY
    for card in CARDS:
        desk.answer(bob, card, noon + 10 * DAY)
    assert desk.view(bob, handle, noon + 11 * DAY).forecast.lost_since is None


def test_from_the_exams_day_on_only_what_was_done_is_told(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon, days=3)
    desk.view(bob, handle, noon)
    desk.answer(bob, "height", noon + DAY)
    seen = desk.view(bob, handle, noon + 9 * DAY)
    assert (seen.over, seen.forecast, seen.days_left, seen.portion, seen.later_day) == (True, None, 0, Portion(), None)
    assert [(day.day, day.done.new) for day in seen.past] == [
        (noon.date() + 2 * DAY, 0),
        (noon.date() + DAY, 1),
        (noon.date(), 0),
    ]
    assert all(day.planned is not None for day in seen.past)
    assert desk.ask(bob, handle, noon + 9 * DAY).over


def test_cards_taken_out_of_the_decks_leave_the_plan(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon)
    assert desk.view(bob, handle, noon).cards == 8
    shorter = samples.DECK[: samples.DECK.index(b"  - id: legs")]
    with desk.database.writing() as session:
        load_files(session, [], [InputFile("birds.yaml", shorter)], noon)
    seen = desk.view(bob, handle, noon)
    assert seen.cards == 3
    assert sum(day.new for day in seen.forecast.outline.days) == pytest.approx(3)


def test_parameters_fitted_to_a_deck_count(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon)
    before = desk.view(bob, handle, noon).forecast.outline
    with desk.database.writing() as session:
        fit = FitRow(
            scope="deck", subject_id=1, outcome="kept", parameters=f"[{FORGETFUL}]", reviews=1, held_out=1,
            log_loss=1, log_loss_before=1, log_loss_average=1, created_at=noon,
        )  # fmt: skip
        session.add(fit)
        session.flush()
        session.exec(select(DeckRow)).one().fit_id = fit.id
        session.commit()
    after = desk.view(bob, handle, noon).forecast.outline
    assert sum(day.reviews for day in after.days) > sum(day.reviews for day in before.days)


def test_nothing_is_kept_of_a_plan_that_was_changed_or_deleted_meanwhile(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon)
    seen = desk.view(bob, handle, noon, keep=False)
    desk.change(bob, handle, noon, days=9)
    for act in (lambda session: None, lambda session: plans.delete_plan(session, bob, handle)):
        with desk.database.writing() as session:
            act(session)
        with desk.database.writing() as session:
            plans_forecast.keep_forecasts(session, seen.plan, seen.changed)
            assert session.exec(select(ExamForecastRow)).all() == []


def test_nothing_is_kept_for_a_learner_who_is_gone(desk, bob: Viewer, noon: datetime) -> None:
    seen = desk.view(bob, desk.make(bob, noon), noon, keep=False)
    (record,) = seen.changed
    with desk.database.writing() as session:
        stranger = replace(record, learner_id=9_999)
        assert store.save_forecasts(session, record.plan_id, record.version, [stranger])
        assert session.exec(select(ExamForecastRow)).all() == []


@pytest.mark.parametrize("seed", range(4))
def test_the_last_week_is_no_steeper_whatever_was_done_before(desk, bob: Viewer, noon: datetime, seed: int) -> None:
    dice = Dice(b"%d" % seed)

    def pick(lowest: int, highest: int) -> int:
        return lowest + int(dice.roll() * (highest - lowest + 1))

    days, goal = pick(11, 45), {"recall": str(pick(70, 97)), "minutes_per_day": str(pick(1, 9))}
    handle = desk.make(bob, noon, days=days, new_per_day=str(pick(1, 8)), **goal)
    for day in range(0, days, pick(2, 5)):
        now = noon + day * DAY
        load = [each.minutes for each in desk.view(bob, handle, now).forecast.outline.days]
        last = load[-LAST_WEEK:]
        assert sum(last) / len(last) <= STEEPEST * sum(load) / len(load) + 1e-6
        for card in CARDS:
            if dice.roll() < 0.3:
                desk.answer(bob, card, now, right=dice.roll() < 0.8)


def test_the_plan_asks_its_portion_and_then_says_that_it_is_done(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon, days=4, new_per_day="3")
    first = desk.ask(bob, handle, noon)
    assert first.portion == first.left == Portion(3, 0)
    asked = desk.follow(bob, handle, noon)
    assert len(set(asked)) == 3
    done = desk.ask(bob, handle, noon + timedelta(hours=2))
    assert (done.question, done.left, done.next_step, done.over) == (None, Portion(), None, False)
    assert (done.done.new, done.done.reviews) == (3, 0)
    assert done.undoable is not None
    tomorrow = desk.ask(bob, handle, noon + DAY)
    assert tomorrow.question is not None
    assert tomorrow.portion.new > 0


def test_followed_to_the_eve_the_plan_begins_every_card(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon, days=9, new_per_day="4")
    asked = {card for day in range(9) for card in desk.follow(bob, handle, noon + day * DAY, right=day % 2 == 0)}
    assert asked == set(CARDS)
    last = desk.view(bob, handle, noon + 9 * DAY)
    assert sum(day.done.new for day in last.past) == 8
    assert sum(day.done.reviews for day in last.past) > 0


def test_cards_on_the_same_passage_are_kept_apart(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon, days=1, decks=(), paragraphs={"herons": "3"})
    desk.answer(bob, "seasons", noon)  # cites "In winter", as "sequence" does
    found = desk.ask(bob, handle, noon)
    assert found.question.slug == "winter"


def test_only_the_last_answer_of_the_scope_can_be_taken_back_here(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon, decks=(), paragraphs={"herons": "1"})
    assert desk.ask(bob, handle, noon).undoable is None
    key = desk.answer(bob, "height", noon)
    assert desk.ask(bob, handle, noon).undoable == ("birds", key)
    desk.answer(bob, "food", noon)
    assert desk.ask(bob, handle, noon).undoable is None


def test_a_card_that_a_test_holds_is_not_asked(
    desk, bob: Viewer, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = desk.make(bob, noon)
    first = desk.ask(bob, handle, noon).question.slug
    with desk.database.reading() as session:
        plan = plans.load_plan(session, bob, handle)
        held = frozenset([plans_view.scope_store.list_scope_cards(session, plan.scope)[0].id])
    monkeypatch.setattr(plans_view, "list_held_cards", lambda *_: held)
    assert desk.ask(bob, handle, noon).question.slug != first


def test_the_class_is_counted_anew_each_day(
    desk, alice: Viewer, bob: Viewer, herons: TaughtClass, join, noon: datetime
) -> None:
    join(bob)
    handle = desk.make(alice, noon, class_handle=herons.handle)
    assert desk.view_class(alice, handle, noon).students[0].begun == 0
    desk.follow(bob, handle, noon)
    later = desk.view_class(alice, handle, noon + DAY)
    assert later.students[0].begun > 0
    assert len(later.changed) == 1
    over = desk.view_class(alice, handle, noon + 30 * DAY)
    assert (over.over, over.students[0].standing) == (True, Standing.UNKNOWN)


def test_an_empty_class_has_a_plan_too(desk, alice: Viewer, herons: TaughtClass, noon: datetime) -> None:
    seen = desk.view_class(alice, desk.make(alice, noon, class_handle=herons.handle), noon)
    assert (seen.students, seen.changed, seen.cards) == ((), (), 8)


def test_students_who_know_the_same_share_the_work(
    desk, alice: Viewer, herons: TaughtClass, join, library_add_user: AddUser, noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name in ("Bob", "Charlie", "Erin"):
        join(library_add_user(name))
    made = []
    planner = plans_forecast.ExamPlanner

    class Counted(planner):
        def outline(self, **how: bool):
            made.append(how)
            return super().outline(**how)

    monkeypatch.setattr(plans_forecast, "ExamPlanner", Counted)
    seen = desk.view_class(alice, desk.make(alice, noon, class_handle=herons.handle), noon)
    assert len(seen.students) == 3
    assert len(made) == 1


def test_a_teacher_of_another_class_does_not_see_how_students_stand(
    desk, alice: Viewer, herons: TaughtClass, library_add_user: AddUser, noon: datetime
) -> None:
    handle, dana = desk.make(alice, noon, class_handle=herons.handle), library_add_user("Dana", Role.TEACHER)
    with desk.database.reading() as session:
        plan = plans.load_plan(session, alice, handle)
        with pytest.raises(plans.NotFound):
            plans_class.view_class_plan(session, plan, dana, desk.rules, desk.rules, noon)
    assert isinstance(plan.day, date)
