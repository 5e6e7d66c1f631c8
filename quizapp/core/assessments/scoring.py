"""What an attempt is worth, with or without confidence, and which attempt counts.

The scheme for confidence is that of certainty-based marking (A. Gardner-Medwin; in use in Moodle): being sure pays when
right and costs when not, so that saying what one truly thinks pays best.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizapp.core.assessments.plan import Counting
from quizapp.core.learning.grading import CORRECT_FROM


@dataclass(frozen=True, slots=True)
class Step:
    """A step of confidence: points for a right and for a wrong answer.

    ``pays_from`` is the chance of being right from which on the step pays best, where the steps before pay the same.
    """

    confidence: int
    right: int
    wrong: int
    pays_from: float


SCHEME = (Step(1, 1, 0, 0.0), Step(2, 2, -2, 2 / 3), Step(3, 3, -6, 0.8))
MOST_POINTS = SCHEME[-1].right


@dataclass(frozen=True, slots=True)
class Scored:
    """A question at the end of an attempt: ``score`` is None where there is no answer."""

    score: float | None
    confidence: int | None = None


def find_points(scored: Scored, *, by_confidence: bool) -> float:
    """The points of one question: its score, or what the scheme makes of it. No answer is worth nothing.

    An answer without a confidence counts as the lowest step. A partly right one lies between right and wrong.
    """
    if scored.score is None:
        return 0.0
    if not by_confidence:
        return scored.score
    step = SCHEME[(scored.confidence or 1) - 1]
    return step.wrong + (step.right - step.wrong) * scored.score


def add_up(questions: Iterable[Scored], *, by_confidence: bool) -> tuple[float, float]:
    """The points of an attempt, never below zero, and the most that it could have."""
    every = list(questions)
    points = sum(find_points(one, by_confidence=by_confidence) for one in every)
    return max(0.0, round(points, 6)), float(len(every) * (MOST_POINTS if by_confidence else 1))


def find_share(points: float | None, most: float | None) -> float | None:
    """The score as a share from 0 to 1; None where there is none."""
    return points / most if points is not None and most else None


def count_attempts(counting: Counting, shares: Sequence[float]) -> float | None:
    """The score that counts, from those of the finished attempts in their order; None where there is none."""
    if not shares:
        return None
    match counting:
        case Counting.BEST:
            return max(shares)
        case Counting.LAST:
            return shares[-1]
        case Counting.FIRST:
            return shares[0]
    return sum(shares) / len(shares)


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """What a student said, how often, and how often it was right."""

    confidence: int
    answers: int
    right: int

    @property
    def share(self) -> float | None:
        """The share of right answers; None where there are no answers."""
        return self.right / self.answers if self.answers else None


def calibrate(questions: Iterable[Scored]) -> tuple[CalibrationLine, ...]:
    """How sure a student was, and how often right: a line for each step. Answers without a confidence are left out."""
    said = [
        (one.confidence, one.score >= CORRECT_FROM) for one in questions if one.confidence and one.score is not None
    ]
    return tuple(
        CalibrationLine(
            step.confidence,
            sum(confidence == step.confidence for confidence, _ in said),
            sum(right for confidence, right in said if confidence == step.confidence),
        )
        for step in SCHEME
    )
