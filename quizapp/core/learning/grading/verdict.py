"""What grading says about an answer."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from quizapp.core.learning.memory import Rating

CORRECT_FROM = 0.8
ALMOST_SCORE = Fraction(9, 10)


class Verdict(StrEnum):
    """``almost``: known, with a slip in spelling. ``partly``: some of several parts are right."""

    RIGHT = "right"
    ALMOST = "almost"
    PARTLY = "partly"
    WRONG = "wrong"


class Change(StrEnum):
    """What became of a piece of text between the answer given and the one expected."""

    KEPT = "kept"
    MISSING = "missing"
    EXTRA = "extra"


Difference = tuple[tuple[Change, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was asked: the whole answer, or one option, blank, place or pair of it.

    ``label`` names it where there are several: the option to tick, or the left side of a pair. ``given`` is empty where
    nothing was given, ``expected`` where nothing was to be given (an option that should stay without its tick).
    ``expected`` is the accepted wording that comes nearest. ``why`` is the author's feedback to a wrong option.
    ``difference`` leads from the answer given to the expected one; only a near miss has it.
    """

    given: str
    expected: str
    verdict: Verdict
    label: str = ""
    why: str = ""
    difference: Difference = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """How right an answer is: ``score`` from 0 to 1, and in words.

    ``taken`` is the accepted wording that a typed answer met, empty where it met none. ``self_rating`` is the learner's
    own, which only a flashcard has.
    """

    score: float
    verdict: Verdict
    parts: tuple[Part, ...]
    taken: str = ""
    self_rating: Rating | None = None

    @property
    def correct(self) -> bool:
        """Whether the answer counts as right."""
        return self.score >= CORRECT_FROM


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one typed text is worth, and the accepted ``wording`` that comes nearest to it."""

    score: Fraction
    verdict: Verdict
    wording: str


def judge(verdict: Verdict, wording: str) -> Judgement:
    """The judgement on a text that is right, almost right or wrong as a whole."""
    scores = {Verdict.RIGHT: Fraction(1), Verdict.ALMOST: ALMOST_SCORE, Verdict.WRONG: Fraction(0)}
    return Judgement(scores[verdict], verdict, wording)
