from datetime import UTC, datetime, timedelta

from quizapp.core.assignments.queue import Choice, OpenCard, choose_card
from quizapp.core.learning.memory import MemoryState, Phase

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def state(phase: Phase, due: datetime) -> MemoryState:
    step = None if phase is Phase.REVIEW else 0
    return MemoryState(phase, step, 1.0, 5.0, due, NOON - timedelta(days=1), 1, 0)


def test_nothing_is_asked_where_all_is_done() -> None:
    assert choose_card([], NOON) == Choice(None)


def test_steps_whose_time_has_come_go_first_then_known_cards_then_new_ones() -> None:
    new, early = OpenCard(1), OpenCard(2, state(Phase.REVIEW, NOON + MINUTE))
    late, step = OpenCard(3, state(Phase.REVIEW, NOON - MINUTE)), OpenCard(4, state(Phase.LEARNING, NOON))
    assert choose_card([new, early, late, step], NOON) == Choice(4)
    assert choose_card([new, early, late], NOON) == Choice(3)
    assert choose_card([new, early], NOON) == Choice(2)
    assert choose_card([new, OpenCard(5)], NOON) == Choice(1)


def test_a_step_that_is_not_due_waits_behind_all_others() -> None:
    waiting = OpenCard(1, state(Phase.RELEARNING, NOON + 10 * MINUTE))
    assert choose_card([waiting, OpenCard(2)], NOON) == Choice(2)
    assert choose_card([waiting], NOON) == Choice(None, NOON + 10 * MINUTE)
    assert choose_card([waiting], NOON + 10 * MINUTE) == Choice(1)


def test_a_card_whose_sibling_was_answered_today_waits_as_long_as_there_are_others() -> None:
    known = OpenCard(1, state(Phase.REVIEW, NOON - MINUTE), given_away=True)
    assert choose_card([known, OpenCard(2)], NOON) == Choice(2)
    assert choose_card([known, OpenCard(2, given_away=True)], NOON) == Choice(1)
