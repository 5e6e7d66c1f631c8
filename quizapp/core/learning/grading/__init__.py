"""Grading: from what a learner answered to what it is worth, part by part, with the reasons that a page can show.

``parse_response`` checks an answer against its card, ``grade`` says how right it is. Both are exact, take time linear
in the length of the answer, and give equal results for equal input.
"""

from quizapp.core.learning.grading.cards import count_wrong, grade
from quizapp.core.learning.grading.response import LONGEST_TYPED, Response, parse_response
from quizapp.core.learning.grading.verdict import (
    ALMOST_SCORE,
    CORRECT_FROM,
    Change,
    Difference,
    Grade,
    Part,
    Verdict,
)

__all__ = [
    "ALMOST_SCORE",
    "CORRECT_FROM",
    "LONGEST_TYPED",
    "Change",
    "Difference",
    "Grade",
    "Part",
    "Response",
    "Verdict",
    "count_wrong",
    "grade",
    "parse_response",
]
