from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.leech import Advice, advise, count_notices, is_leech, is_time_to_tell
from quizapp.core.learning.memory import MemoryState, Phase

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def state(lapses: int) -> MemoryState:
    return MemoryState(Phase.REVIEW, None, 1.0, 5.0, NOW, NOW, reps=50, lapses=lapses)


def test_eight_lapses_make_a_leech():
    assert [is_leech(state(lapses)) for lapses in (0, 7, 8, 100)] == [False, False, True, True]


def test_the_learner_is_told_after_eight_lapses_and_every_four_more():
    told = [lapses for lapses in range(1, 25) if is_time_to_tell(state(lapses - 1), state(lapses))]
    assert told == [8, 12, 16, 20, 24]


def test_an_answer_that_is_no_lapse_tells_nothing_again():
    assert not is_time_to_tell(state(8), state(8))


def test_a_new_card_is_no_leech():
    assert not is_time_to_tell(None, state(0))


def test_advice_grows_stronger_with_the_lapses():
    assert advise(state(7)) == ()
    assert advise(state(8)) == (Advice.REREAD_PASSAGE,)
    assert advise(state(12)) == (Advice.REREAD_PASSAGE, Advice.TRY_VARIANT)
    assert advise(state(16)) == advise(state(99)) == tuple(Advice)


@given(st.integers(0, 500))
def test_notices_never_become_fewer(lapses: int):
    assert count_notices(lapses) <= count_notices(lapses + 1) <= count_notices(lapses) + 1
