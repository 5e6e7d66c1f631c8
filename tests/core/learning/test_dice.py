from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.dice import Dice


def test_the_numbers_are_evenly_spread():
    dice = Dice(b"seed")
    rolls = [dice.roll() for _ in range(10_000)]
    for tenth in range(10):
        assert 900 < sum(tenth / 10 <= roll < (tenth + 1) / 10 for roll in rolls) < 1_100
    assert len(set(rolls)) == 10_000


@given(st.binary(), st.binary())
def test_equal_seeds_give_equal_numbers_and_other_seeds_others(one: bytes, other: bytes):
    first, again, second = Dice(one), Dice(one), Dice(other)
    rolls = [first.roll() for _ in range(9)]
    assert [again.roll() for _ in range(9)] == rolls
    assert ([second.roll() for _ in range(9)] == rolls) == (one == other)
    assert all(0 <= roll < 1 for roll in rolls)
