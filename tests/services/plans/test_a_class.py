"""A class's plan as its teacher sees it, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from plumbing import samples

from quizapp.services.accounts import Viewer
from quizapp.services.classes import TaughtClass
from quizapp.services.plans_class import Standing

AddUser = Callable[..., Viewer]
CARDS = list(samples.RIGHT)
DAY = timedelta(days=1)


def test_a_teacher_sees_each_student_by_their_own_memory(
    desk, alice: Viewer, bob: Viewer, herons: TaughtClass, join, library_add_user: AddUser, noon: datetime
) -> None:
    charlie = join(library_add_user("Charlie"))
    join(bob)
    handle = desk.make(alice, noon, days=2, class_handle=herons.handle, recall="70", minutes_per_day="1")
    for day in (5, 3, 1):
        for card in CARDS:
            desk.answer(bob, card, noon - day * DAY)
    seen = desk.view_class(alice, handle, noon)
    assert [(line.name, line.standing, line.begun) for line in seen.students] == [
        ("Bob", Standing.ON_THE_WAY, 8),
        ("Charlie", Standing.OUT_OF_REACH, 0),
    ]
    strong, weak = seen.students
    assert strong.low <= strong.recall <= strong.high
    assert strong.recall > weak.recall
    assert weak.minutes > 0
    assert (seen.count("on-the-way"), seen.count("out-of-reach"), seen.cards, seen.over) == (1, 1, 8, False)
    assert len(seen.changed) == 2
    assert desk.view_class(alice, handle, noon).changed == ()
    own = desk.view(charlie, handle, noon)
    assert own.forecast.outline.recall == pytest.approx(weak.recall, abs=0.05)
    assert own.forecast.advice.minutes_needed > 1
    assert desk.view_class(alice, handle, noon).changed == ()


def test_a_student_finds_the_first_plan_though_the_teacher_looked_first(
    desk, alice: Viewer, herons: TaughtClass, join, library_add_user: AddUser, noon: datetime
) -> None:
    bob = join(library_add_user("Bob"))
    handle = desk.make(alice, noon, days=9, class_handle=herons.handle)
    desk.view_class(alice, handle, noon + DAY)
    assert desk.ask(bob, handle, noon + DAY).question is not None
    seen = desk.view(bob, handle, noon + 2 * DAY)
    assert [day.day for day in seen.forecast.first] == [(noon + number * DAY).date() for number in range(9)]
    assert all(day.planned is not None for day in seen.past)
    desk.change(alice, handle, noon + 3 * DAY, days=9)
    changed = desk.view_class(alice, handle, noon + 4 * DAY)
    assert len(changed.changed) == 1
    later = desk.view(bob, handle, noon + 4 * DAY)
    assert later.forecast.first[:3] == seen.forecast.first[:3]
    assert [day.day for day in later.forecast.first] == [(noon + number * DAY).date() for number in range(12)]
