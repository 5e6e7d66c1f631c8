import pytest

from quizapp.core.learning.grading import Grade, Verdict
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.rating import rate

AGAIN, HARD, GOOD, EASY = Rating
RIGHT, ALMOST, PARTLY, WRONG = Verdict


@pytest.mark.parametrize(
    ("score", "verdict", "plain", "with_hint"),
    [
        (1.0, RIGHT, GOOD, HARD),
        (0.9, ALMOST, HARD, HARD),
        (0.98, ALMOST, HARD, HARD),
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
