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
