"""From a grade to a rating: the program rates the recall, so that nobody has to judge their own."""

from quizapp.core.learning.grading.verdict import Grade, Verdict
from quizapp.core.learning.memory import Rating

HARD_FROM = 0.5


def rate(grade: Grade, *, hint_used: bool = False) -> Rating:
    """The rating of an answer: wrong is Again; right with a hint, or almost right, is Hard; right is Good.

    A partly right answer counts as right from 0.8 on, as Hard from 0.5 on. A flashcard keeps the learner's own rating.
    """
    if grade.self_rating is not None:
        return grade.self_rating
    if grade.score < HARD_FROM:
        return Rating.AGAIN
    if not grade.correct or grade.verdict is Verdict.ALMOST or hint_used:
        return Rating.HARD
    return Rating.GOOD
