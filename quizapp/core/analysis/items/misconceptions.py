"""Wrong answers that say the same, together with how sure the students were: what a class believes.

Answers that grading would take for the same text are one; so are those that differ by slips of the pen.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quizapp.core.learning.grading import Part, Verdict
from quizapp.core.learning.grading.formulas import simplify_answer
from quizapp.core.learning.grading.spelling import is_slip

CONFIDENCES = (1, 2, 3)
"""The steps of confidence: guessed, fairly sure, sure."""
MOST_COMPARED = 300
"""With so many other answers at most is one compared for slips: the most frequent ones."""
LONGEST_COMPARED = 80
MOST_WRITINGS = 5


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """A wrong answer, or the wrong part of one, as it was given; ``confidence`` from 1 to 3, None where not asked."""

    student: int
    text: str
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Misconception:
    """One wrong answer in its most frequent wording, with others that say the same.

    ``students`` gave it, ``answers`` times in all; ``sure`` counts the answers by confidence, 1 to 3, ``unasked``
    those that came without one.
    """

    text: str
    students: int
    answers: int
    sure: tuple[int, int, int]
    unasked: int
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class _Group:
    words: tuple[str, ...]
    writings: Counter[str] = field(default_factory=Counter)
    students: set[int] = field(default_factory=set)
    sure: Counter[int | None] = field(default_factory=Counter)

    def add(self, answer: WrongAnswer) -> None:
        self.writings[" ".join(answer.text.split())] += 1
        self.students.add(answer.student)
        self.sure[answer.confidence] += 1

    def take_in(self, other: "_Group") -> None:
        self.writings += other.writings
        self.students |= other.students
        self.sure += other.sure


def list_wrong_parts(parts: Sequence[Part]) -> tuple[str, ...]:
    """What is wrong in a graded answer, as texts: each option ticked wrongly, each wrong pair, each wrong blank.

    What was left blank says nothing of what is believed, so it is left out.
    """
    wrong = [(place, part) for place, part in enumerate(parts, start=1) if part.verdict is Verdict.WRONG and part.given]
    if len(parts) == 1:
        return tuple(part.given for _, part in wrong)
    return tuple(
        part.given if part.label == part.given else f"{part.label or place} → {part.given}" for place, part in wrong
    )


def _are_near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if len(one) != len(other) or sum(map(len, one)) > LONGEST_COMPARED:
        return False
    return all(left == right or is_slip(left, right) for left, right in zip(one, other, strict=True))


def _merge(groups: Iterable[_Group]) -> list[_Group]:
    """The rarer wording joins the more frequent one from which it differs by slips."""
    kept: list[_Group] = []
    for group in sorted(groups, key=lambda one: (-one.sure.total(), one.words)):
        near = (other for other in kept[:MOST_COMPARED] if _are_near(group.words, other.words))
        home = next(near, None)
        if home is None:
            kept.append(group)
        else:
            home.take_in(group)
    return kept


def _describe(group: _Group) -> Misconception:
    writings = sorted(group.writings, key=lambda text: (-group.writings[text], text))
    return Misconception(
        text=writings[0],
        students=len(group.students),
        answers=group.sure.total(),
        sure=(group.sure[1], group.sure[2], group.sure[3]),
        unasked=group.sure[None],
        others=tuple(writings[1 : MOST_WRITINGS + 1]),
    )


def group_wrong_answers(answers: Iterable[WrongAnswer], language: str) -> tuple[Misconception, ...]:
    """Wrong answers in a language (BCP 47) by what they say; those that most students were sure of come first."""
    groups: dict[tuple[str, ...], _Group] = defaultdict(lambda: _Group(()))
    for answer in answers:
        if answer.text.strip():
            words = simplify_answer(answer.text, language) or (answer.text.strip(),)
            group = groups[words]
            group.words = words
            group.add(answer)
    found = map(_describe, _merge(groups.values()))
    return tuple(sorted(found, key=lambda one: (-one.sure[2], -one.students, -one.answers, one.text)))
