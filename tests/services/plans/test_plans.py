"""Making, changing, finding and deleting plans, and whose they are."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.learning.examscope import ExamScope, TextPart
from quizapp.services import accounts, classes, plans
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass
from quizapp.services.library import InputFile, load_files
from quizapp.services.plans import PlanRole
from quizapp.store import classes as class_store
from quizapp.store import plans as store
from quizapp.store import plans_scope
from quizapp.store.tables import ExamForecastRow, ExamPlanRow

AddUser = Callable[..., Viewer]

STORKS = b"""\
---
id: storks
title: The stork
language: en
kind: article
---

Storks are white.

They nest on roofs.

Nobody asks about this.
"""
STORK_DECK = """\
format: 1
id: storks
title: Storks
description: More birds.
language: en
theme: nature
sources: [storks]
tags: [white, größe]
cards:
  - id: colour
    type: truefalse
    prompt: Storks are white.
    answer: true
    tags: [size, "50 % \\\\_"]
    explanation: They are.
    citations:
      - {source: storks, paragraph: 1, quote: Storks are white}
  - id: nest
    type: truefalse
    prompt: They nest on roofs.
    answer: true
    explanation: They do.
    citations:
      - {source: storks, paragraph: 2, quote: nest on roofs}
"""


@pytest.fixture
def storks(desk, noon: datetime) -> None:
    """A second text and deck."""
    with desk.database.writing() as session:
        report = load_files(
            session, [InputFile("storks.md", STORKS)], [InputFile("storks.yaml", STORK_DECK.encode())], noon
        )
    assert report.problems == ()


def faults(desk, who: Viewer, now: datetime, **fields: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        desk.make(who, now, **fields)
    return caught.value.fields


def count_cards(desk, who: Viewer, now: datetime, **scope: object) -> int:
    with desk.database.reading() as session:
        plan = plans.load_plan(session, who, desk.make(who, now, **({"decks": ()} | scope)))
        return len(plans_scope.list_scope_cards(session, plan.scope))


def test_a_plan_is_found_again_as_it_was_typed(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon, title="  Birds\t and\u202e more ", recall="92,5 %", paragraphs={"herons": "2-3"})
    with desk.database.reading() as session:
        plan = plans.load_plan(session, bob, handle)
        listed = plans.list_plans(session, bob)
    assert (plan.title, plan.day, plan.role) == ("Birds and more", date(2026, 12, 12), PlanRole.OWN)
    assert (plan.goal.recall, plan.goal.minutes_per_day, plan.goal.new_per_day) == (0.925, 20, 10)
    assert [(part.kind, part.title, part.ranges) for part in plan.parts] == [
        ("deck", "Birds", ""),
        ("text", "The grey heron", "2-3"),
    ]
    assert [one.handle for one in listed.mine] == [handle]
    assert listed.taught == ()
    typed = plans.type_plan(plan)
    assert (typed.recall, typed.minutes_per_day, typed.day) == ("92.5", "20", "2026-12-12")
    assert (typed.decks, typed.paragraphs) == (("birds",), {"herons": "2-3"})


REFUSED = [
    ({"days": -1}, ["day"]),
    ({"days": 0}, ["day"]),
    ({"days": 3653}, ["day"]),
    ({"day": ""}, ["day"]),
    ({"day": "2026-02-30"}, ["day"]),
    ({"day": "soon"}, ["day"]),
    ({"day": "20270131"}, ["day"]),
    ({"recall": "1.5"}, ["recall"]),
    ({"recall": "150"}, ["recall"]),
    ({"recall": "nan"}, ["recall"]),
    ({"recall": ""}, ["recall"]),
    ({"minutes_per_day": "0"}, ["minutes_per_day"]),
    ({"minutes_per_day": "1e3"}, ["minutes_per_day"]),
    ({"new_per_day": "2.5"}, ["new_per_day"]),
    ({"new_per_day": "0"}, ["new_per_day"]),
    ({"title": " \u200b"}, ["title"]),
    ({"title": "x" * 201}, ["title"]),
    ({"decks": ()}, ["scope"]),
    ({"decks": (), "paragraphs": {"herons": " "}}, ["scope"]),
    ({"decks": ("bees",)}, ["decks"]),
    ({"decks": tuple(f"d{number}" for number in range(501))}, ["decks"]),
    ({"tags": ("nope",)}, ["tags"]),
    ({"paragraphs": {"herons": "4"}}, ["paragraphs-herons"]),
    ({"paragraphs": {"herons": "2-1"}}, ["paragraphs-herons"]),
    ({"paragraphs": {"nowhere": "1"}}, ["scope"]),
    (
        {"title": "", "day": "x", "recall": "2", "new_per_day": "", "decks": ()},
        ["title", "day", "new_per_day", "recall", "scope"],
    ),
]


def test_what_cannot_be_planned_is_said_at_its_fields_and_nothing_is_made(desk, bob: Viewer, noon: datetime) -> None:
    for fields, names in REFUSED:
        assert (fields, sorted(faults(desk, bob, noon, **fields))) == (fields, sorted(names))
    with desk.database.reading() as session:
        assert session.exec(select(ExamPlanRow)).all() == []


def test_a_scope_is_any_mix_of_decks_tags_and_paragraphs(desk, bob: Viewer, storks: None, noon: datetime) -> None:
    assert count_cards(desk, bob, noon, decks=("birds",)) == 8
    assert count_cards(desk, bob, noon, tags=("size",)) == 2
    assert count_cards(desk, bob, noon, tags=("größe",)) == 2
    assert count_cards(desk, bob, noon, tags=("50 % \\_",)) == 1
    assert count_cards(desk, bob, noon, paragraphs={"herons": "1"}) == 3
    assert count_cards(desk, bob, noon, paragraphs={"herons": "2-3", "storks": "1"}) == 6
    assert count_cards(desk, bob, noon, decks=("storks",), tags=("size",), paragraphs={"herons": "1"}) == 5
    assert count_cards(desk, bob, noon, decks=("birds", "storks")) == 10


def test_a_scope_of_nothing_holds_nothing(desk) -> None:
    with desk.database.reading() as session:
        assert plans_scope.list_scope_cards(session, ExamScope()) == []


def test_paragraphs_that_no_card_is_about_are_refused(desk, bob: Viewer, storks: None, noon: datetime) -> None:
    assert list(faults(desk, bob, noon, decks=(), paragraphs={"storks": "3"})) == ["scope"]


def test_what_can_be_chosen_is_offered_with_its_numbers(
    desk, bob: Viewer, alice: Viewer, herons: TaughtClass, storks: None, noon: datetime
) -> None:
    with desk.database.reading() as session:
        offer, teachers = plans.offer_plan(session, bob), plans.offer_plan(session, alice)
    assert [(deck.slug, deck.cards) for deck in offer.decks] == [("birds", 8), ("storks", 2)]
    assert offer.tags == ("50 % \\_", "größe", "size", "white")
    assert [(text.id, text.paragraphs, text.cards) for text in offer.texts] == [("herons", 3, 8), ("storks", 3, 2)]
    assert offer.classes == ()
    assert [(each.handle, each.name) for each in teachers.classes] == [(herons.handle, "Herons 8b")]


def test_the_same_form_sent_twice_makes_one_plan(desk, bob: Viewer, library_add_user: AddUser, noon: datetime) -> None:
    key = str(uuid.uuid4())

    def send(who: Viewer) -> str:
        with desk.database.writing() as session:
            return plans.create_plan(session, who, desk.type(noon), desk.rules, noon, key=key)

    assert send(bob) == send(bob) == key
    assert send(library_add_user("Charlie")) != key
    with desk.database.reading() as session:
        assert len(plans.list_plans(session, bob).mine) == 1


def test_nobody_has_plans_without_end(desk, bob: Viewer, noon: datetime) -> None:
    for _ in range(plans.MOST_PLANS):
        desk.make(bob, noon)
    with pytest.raises(Conflict):
        desk.make(bob, noon)


def test_what_is_no_plan_is_not_found(desk, bob: Viewer) -> None:
    for handle in ("", "x", "\x00", "1" * 5_000, str(uuid.uuid4()), str(uuid.uuid4()).upper()):
        with desk.database.reading() as session, pytest.raises(NotFound):
            plans.load_plan(session, bob, handle)


def test_a_plan_that_is_not_mine_is_not_there(desk, bob: Viewer, library_add_user: AddUser, noon: datetime) -> None:
    handle, others = desk.make(bob, noon), [library_add_user("Charlie"), library_add_user("Dana", Role.TEACHER), None]
    for other in others:
        with desk.database.writing() as session:
            for act in (plans.load_plan, plans.delete_plan):
                with pytest.raises(NotFound):
                    act(session, other, handle)
            with pytest.raises(NotFound):
                plans.change_plan(session, other, handle, desk.type(noon), desk.rules, noon)


def test_a_plan_is_changed_and_counts_its_changes(desk, bob: Viewer, noon: datetime) -> None:
    handle, later = desk.make(bob, noon), noon + timedelta(days=2)

    def find() -> store.PlanRecord:
        with desk.database.reading() as session:
            return plans.load_plan(session, bob, handle).record

    desk.change(bob, handle, noon, title="Another name")
    assert (find().title, find().version, find().planned_from) == ("Another name", 1, noon.date().toordinal())
    desk.change(bob, handle, later, days=18, recall="95")
    assert (find().version, find().planned_from, find().recall) == (2, later.date().toordinal(), 0.95)
    with pytest.raises(Invalid):
        desk.change(bob, handle, later, days=0)
    assert find().version == 2


def test_a_plan_is_deleted_once_with_all_that_was_worked_out_of_it(desk, bob: Viewer, noon: datetime) -> None:
    handle = desk.make(bob, noon)
    desk.answer(bob, "height", noon)
    desk.view(bob, handle, noon)
    with desk.database.writing() as session:
        assert plans.delete_plan(session, bob, handle) == "Herons"
    with desk.database.writing() as session:
        with pytest.raises(NotFound):
            plans.delete_plan(session, bob, handle)
        assert session.exec(select(ExamForecastRow)).all() == []


def test_a_class_plan_is_seen_by_its_students_and_changed_by_its_teachers_alone(
    desk, alice: Viewer, bob: Viewer, herons: TaughtClass, join, library_add_user: AddUser, noon: datetime
) -> None:
    join(bob)
    handle = desk.make(alice, noon, class_handle=herons.handle)
    others = [library_add_user("Charlie"), library_add_user("Dana", Role.TEACHER)]
    with desk.database.writing() as session:
        assert plans.load_plan(session, alice, handle).role is PlanRole.TAUGHT
        seen = plans.load_plan(session, bob, handle)
        assert (seen.role, seen.can_change, seen.record.class_name) == (PlanRole.MEMBER, False, "Herons 8b")
        assert [plan.handle for plan in plans.list_plans(session, bob).mine] == [handle]
        assert [plan.handle for plan in plans.list_plans(session, alice).taught] == [handle]
        assert plans.list_plans(session, alice).mine == ()
        for act in (
            lambda: plans.delete_plan(session, bob, handle),
            lambda: plans.change_plan(session, bob, handle, desk.type(noon), desk.rules, noon),
        ):
            with pytest.raises(Forbidden):
                act()
        for other in others:
            assert plans.list_plans(session, other) == plans.PlanLists((), ())
            with pytest.raises(NotFound):
                plans.load_plan(session, other, handle)
        plans.change_plan(session, alice, handle, desk.type(noon, title="New"), desk.rules, noon)


def test_who_teaches_a_class_and_studies_in_it_sees_the_plan_once(
    desk, alice: Viewer, herons: TaughtClass, join, noon: datetime
) -> None:
    join(alice)
    handle = desk.make(alice, noon, class_handle=herons.handle)
    with desk.database.reading() as session:
        lists = plans.list_plans(session, alice)
    assert (lists.mine, [plan.handle for plan in lists.taught]) == ((), [handle])


def test_only_a_teacher_of_the_class_makes_a_plan_for_it(
    desk, bob: Viewer, herons: TaughtClass, join, library_add_user: AddUser, noon: datetime
) -> None:
    join(bob)
    for other in (bob, library_add_user("Dana", Role.TEACHER)):
        with pytest.raises(NotFound):
            desk.make(other, noon, class_handle=herons.handle)


def test_who_left_the_class_and_who_is_in_an_archived_one_no_longer_see_its_plan(
    desk, alice: Viewer, bob: Viewer, herons: TaughtClass, join, library_add_user: AddUser, noon: datetime
) -> None:
    charlie = join(library_add_user("Charlie"))
    handle = desk.make(alice, noon, class_handle=join(bob) and herons.handle)
    with desk.database.writing() as session:
        classes.leave(session, bob, herons.handle, noon)
        assert plans.list_plans(session, bob).mine == ()
        with pytest.raises(NotFound):
            plans.load_plan(session, bob, handle)
        assert plans.load_plan(session, charlie, handle).role is PlanRole.MEMBER
        class_store.set_archived(session, herons.id, noon)
        with pytest.raises(NotFound):
            plans.load_plan(session, charlie, handle)
        assert plans.load_plan(session, alice, handle).role is PlanRole.TAUGHT


def test_what_is_gone_from_the_library_is_named_by_its_id(desk, bob: Viewer, noon: datetime) -> None:
    part = TextPart(source="g", ranges=((1, 2),))
    scope = ExamScope(decks=("gone",), tags=("t",), parts=(part,))
    handle = desk.make(bob, noon, days=9)
    with desk.database.writing() as session:
        store.change_plan(session, plans.load_plan(session, bob, handle).record.id, {"scope": scope.to_json()})
        assert [part.title for part in plans.load_plan(session, bob, handle).parts] == ["gone", "t", "g"]
        session.commit()
    seen = desk.view(bob, handle, noon)
    assert (seen.cards, seen.forecast, seen.past) == (0, None, ())
    assert desk.ask(bob, handle, noon).question is None


def test_a_guests_plans_go_along_to_the_account(desk, bob: Viewer, noon: datetime) -> None:
    with desk.database.writing() as session:
        guest = accounts.start_guest(session, "192.0.2.1", noon).viewer
    handle = desk.make(guest, noon)
    desk.answer(guest, "height", noon)
    desk.view(guest, handle, noon)
    with desk.database.writing() as session:
        store.move_plans(session, guest.learner_id, bob.learner_id)
        session.commit()
        assert plans.load_plan(session, bob, handle).role is PlanRole.OWN
        assert session.exec(select(ExamForecastRow)).all() == []
