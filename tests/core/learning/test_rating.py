import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Cloze
from quizapp.core.learning.grading import Grade, Response, Verdict
from quizapp.core.learning.grading import grade as grade_answer
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.rating import rate

AGAIN, HARD, GOOD, EASY = Rating
RIGHT, ALMOST, PARTLY, WRONG = Verdict


@pytest.mark.parametrize(
    ("score", "verdict", "plain", "with_hint"),
    [
        (1.0, RIGHT, GOOD, HARD),
        (0.9, ALMOST, HARD, HARD),
        (0.98, ALMOST, GOOD, HARD),
        (0.95, ALMOST, HARD, HARD),
        (0.9, PARTLY, GOOD, HARD),
        (0.8, PARTLY, GOOD, HARD),
        (0.79, PARTLY, HARD, HARD),
        (0.5, PARTLY, HARD, HARD),
        (0.49, PARTLY, AGAIN, AGAIN),
        (0.0, WRONG, AGAIN, AGAIN),
    ],
)
def test_the_answer_gives_the_rating(score, verdict, plain, with_hint):
    grade = Grade(score, verdict, ())
    assert rate(grade) is plain
    assert rate(grade, hint_used=True) is with_hint


@pytest.mark.parametrize("rating", Rating)
def test_a_flashcard_keeps_the_learner_s_own_rating(rating):
    grade = Grade(float(rating > 1), RIGHT, (), self_rating=rating)
    assert rate(grade) is rate(grade, hint_used=True) is rating


_TYPED = ["", "Pyongyng", "Pyongyang"]  # from the worst to the best


def _rate_blanks(levels):
    card = Cloze(id="a-card", type="cloze", text="{{Pyongyang}} " * len(levels))
    return rate(grade_answer(card, Response(tuple(_TYPED[level] for level in levels))))


def test_a_slip_in_one_of_five_blanks_is_rated_no_worse_than_that_blank_left_empty():
    assert _rate_blanks([2, 2, 2, 2, 0]) is GOOD
    assert _rate_blanks([2, 2, 2, 2, 1]) is GOOD
    assert _rate_blanks([2, 2, 2, 1, 1]) is HARD
    assert _rate_blanks([2, 1]) is HARD
    assert _rate_blanks([1]) is HARD


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=25))
def test_a_better_answer_is_never_rated_worse(pairs):
    worse, better = [min(pair) for pair in pairs], [max(pair) for pair in pairs]
    assert _rate_blanks(worse) <= _rate_blanks(better)
