"""From a grade to a rating: the program rates the recall, so that nobody has to judge their own."""

from quizapp.core.learning.grading.verdict import ALMOST_SCORE, CORRECT_FROM, Grade, Verdict
from quizapp.core.learning.memory import Rating

HARD_FROM = 0.5
_DIGITS = 9  # of a share, so that a hair's breadth of a sum of tenths does not matter


def _share_without_slips(grade: Grade) -> float:
    """The score if slips in spelling were worth nothing."""
    if grade.verdict is Verdict.ALMOST:
        share = 1 - (1 - grade.score) / float(1 - ALMOST_SCORE)
    elif grade.verdict is Verdict.PARTLY and grade.parts:
        slips = sum(part.verdict is Verdict.ALMOST for part in grade.parts)
        share = grade.score - float(ALMOST_SCORE) * slips / len(grade.parts)
    else:
        share = grade.score
    return round(share, _DIGITS)


def rate(grade: Grade, *, hint_used: bool = False) -> Rating:
    """The rating of an answer: wrong is Again; right with a hint, or almost right, is Hard; right is Good.

    A partly right answer counts as right from 0.8 on, as Hard from 0.5 on. So does one with slips in some of its
    blanks, which is never rated worse than with these left empty. A flashcard keeps the learner's own rating.
    """
    if grade.self_rating is not None:
        return grade.self_rating
    if grade.score < HARD_FROM:
        return Rating.AGAIN
    return Rating.HARD if hint_used or _share_without_slips(grade) < CORRECT_FROM else Rating.GOOD
