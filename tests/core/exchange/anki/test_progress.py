"""Past reviews become lines of Anki's log, and a state to go on from."""

import json

from quizapp.core.exchange.anki.progress import find_progress
from quizapp.core.exchange.model import PastReview

_DAY = 86_400_000
_AT = 1_700_000_000_000


def _review(day: float, rating: int, took: int | None = 1_000, card: str = "a") -> PastReview:
    return PastReview(card, _AT + int(day * _DAY), rating, took)


def test_nothing_was_reviewed() -> None:
    assert find_progress(()) == {}


def test_reviews_are_told_again_in_their_order() -> None:
    progress = find_progress([_review(10, 1), _review(0, 4), _review(3, 3), _review(0, 3, card="b")])

    told = progress["a"]
    assert [line.at_ms for line in told.log] == [_AT, _AT + 3 * _DAY, _AT + 10 * _DAY]
    assert [line.kind for line in told.log] == [0, 1, 1]
    assert [line.factor for line in told.log] == [0, 2_500, 2_500]
    assert (told.reps, told.lapses) == (3, 1)
    assert not told.is_learned
    assert told.log[1].last_interval == told.log[0].interval > 0
    assert told.log[2].interval == -600
    assert set(progress) == {"a", "b"}


def test_a_card_that_was_learned_comes_due_with_what_is_known_of_its_memory() -> None:
    told = find_progress([_review(0, 4), _review(20, 3)])["a"]

    memory = json.loads(told.data)
    assert told.is_learned
    assert told.interval > 20
    assert memory["s"] > 20
    assert 1 <= memory["d"] <= 10
    assert memory["lrt"] == (_AT + 20 * _DAY) // 1_000
    assert told.due_ms > _AT + (20 + told.interval - 1) * _DAY


def test_impossible_times_and_ratings_are_left_out_and_durations_kept_in_bounds() -> None:
    impossible = [PastReview("a", at, 3, 1) for at in (-1, 0, 1_700_000_000, 10**14, 10**17)]

    assert find_progress([*impossible, _review(0, 0), _review(0, 5)]) == {}
    told = find_progress([_review(0, 3, -5), _review(1, 3, 10**12), _review(2, 3, None)])["a"]
    assert [line.duration_ms for line in told.log] == [0, 2**31 - 1, 0]
