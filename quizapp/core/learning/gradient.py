"""How the log loss of predictions changes with each of FSRS-6's 21 parameters: what fitting goes by.

One card's reviews are gone through forwards, as ``model.MemoryModel`` does, and each step notes how what it made
depends on what it was given; then backwards, from the losses to the parameters (reverse-mode differentiation by hand).
Where a value is cut to its bounds nothing depends on anything.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fsrs.scheduler import STABILITY_MIN

from quizapp.core.learning.memory import HIGHEST_DIFFICULTY, LOWEST_DIFFICULTY
from quizapp.core.learning.model import AGAIN, EASY, GOOD, HARD
from quizapp.core.learning.scheduling import HIGHEST_STABILITY, REFERENCE_RECALL

PARAMETERS = 21
_DECAY = 20
_SURE = 1e-12

Parts = tuple[tuple[int, float], ...]
"""Numbers of parameters, each with how a value changes with it."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One card's reviews for fitting: study days since the one before, ratings, and the weight of each prediction.

    A weight of 0 is a review that is not to be predicted; the first always is. ``prior`` multiplies the stability after
    the first review.
    """

    elapsed: tuple[int, ...]
    ratings: tuple[int, ...]
    weights: tuple[float, ...]
    prior: float = 1.0


@dataclass(slots=True)  # not frozen: that would cost a third of the time
class _Growth:
    """A new stability, and how it changes with the one before, the difficulty, the recall and the parameters."""

    value: float
    by_stability: float
    by_difficulty: float
    by_recall: float
    parts: Parts


@dataclass(slots=True)
class _Step:
    """What the way back needs to know of one review."""

    loss_by_stability: float
    stability_by_stability: float
    stability_by_difficulty: float
    difficulty_by_difficulty: float
    stability_parts: Parts
    difficulty_parts: Parts


class Slope:
    """The loss and its gradient at one set of parameters."""

    def __init__(self, parameters: Sequence[float]) -> None:
        w = self._w = tuple(parameters)
        self._factor = math.pow(REFERENCE_RECALL, -1 / w[_DECAY]) - 1
        self._factor_by_decay = (self._factor + 1) * math.log(REFERENCE_RECALL) / w[_DECAY] ** 2
        self._easy = w[4] - math.exp(w[5] * (EASY - 1)) + 1
        self._growth = math.exp(w[8])
        self._bonus = (0.0, w[15], 1.0, w[16])
        self._cap = math.exp(-w[17] * w[18])
        self._short = tuple(math.exp(w[17] * (rating - 3 + w[18])) for rating in (AGAIN, HARD, GOOD, EASY))
        self._easy_by_w5 = -(EASY - 1) * math.exp(w[5] * (EASY - 1))

    def add(self, lessons: Iterable[Lesson], gradient: list[float]) -> float:
        """The weighted log loss of these lessons, summed; what it adds to the gradient is added there."""
        return sum(self._add_lesson(lesson, gradient) for lesson in lessons)

    def _add_lesson(self, lesson: Lesson, gradient: list[float]) -> float:
        first = lesson.ratings[0]
        stability, difficulty, start_parts = self._start(first)
        stability *= lesson.prior
        prior = lesson.prior if STABILITY_MIN <= stability <= HIGHEST_STABILITY else 0.0
        stability = min(max(stability, STABILITY_MIN), HIGHEST_STABILITY)
        loss = 0.0
        steps = []
        for elapsed, rating, weight in zip(lesson.elapsed[1:], lesson.ratings[1:], lesson.weights[1:], strict=True):
            ratio = self._factor * elapsed / stability
            recall = math.pow(1 + ratio, -self._w[_DECAY])
            by_stability = recall * self._w[_DECAY] * ratio / ((1 + ratio) * stability)
            by_decay = -recall * (
                math.log(1 + ratio) + self._w[_DECAY] * ratio * self._factor_by_decay / ((1 + ratio) * self._factor)
            )
            slope = 0.0
            if weight:
                likely = max(recall if rating > AGAIN else 1 - recall, _SURE)
                loss -= weight * math.log(likely)
                slope = (-weight if rating > AGAIN else weight) / likely
                gradient[_DECAY] += slope * by_decay
            step, stability, difficulty = self._step(
                stability, difficulty, elapsed, rating, (recall, by_stability, by_decay)
            )
            step.loss_by_stability = slope * by_stability
            steps.append(step)
        gradient[first - 1] += prior * self._go_back(steps, start_parts, gradient)
        return loss

    def _start(self, rating: int) -> tuple[float, float, Parts]:
        w = self._w
        power = math.exp(w[5] * (rating - 1))
        difficulty = w[4] - power + 1
        if LOWEST_DIFFICULTY < difficulty < HIGHEST_DIFFICULTY:
            return w[rating - 1], difficulty, ((4, 1.0), (5, -(rating - 1) * power))
        return w[rating - 1], min(max(difficulty, LOWEST_DIFFICULTY), HIGHEST_DIFFICULTY), ()

    def _step(
        self, stability: float, difficulty: float, elapsed: int, rating: int, curve: tuple[float, float, float]
    ) -> tuple[_Step, float, float]:
        recall, recall_by_stability, recall_by_decay = curve
        if not elapsed:
            grown = self._same_day(stability, rating)
        elif rating == AGAIN:
            grown = self._forgotten(stability, difficulty, recall)
        else:
            grown = self._recalled(stability, difficulty, recall, rating)
        next_difficulty, by_difficulty, difficulty_parts = self._next_difficulty(difficulty, rating)
        if not STABILITY_MIN < grown.value < HIGHEST_STABILITY:
            cut = min(max(grown.value, STABILITY_MIN), HIGHEST_STABILITY)
            return _Step(0.0, 0.0, 0.0, by_difficulty, (), difficulty_parts), cut, next_difficulty
        step = _Step(
            0.0,
            grown.by_stability + grown.by_recall * recall_by_stability,
            grown.by_difficulty,
            by_difficulty,
            (*grown.parts, (_DECAY, grown.by_recall * recall_by_decay)),
            difficulty_parts,
        )
        return step, grown.value, next_difficulty

    def _same_day(self, stability: float, rating: int) -> _Growth:
        w = self._w
        bent = rating - 3 + w[18]
        change = self._short[rating - 1] * math.pow(stability, -w[19])
        if rating > AGAIN and change <= 1:
            return _Growth(stability, 1.0, 0.0, 0.0, ())
        grown = stability * change
        parts = ((17, grown * bent), (18, grown * w[17]), (19, -grown * math.log(stability)))
        return _Growth(grown, change * (1 - w[19]), 0.0, 0.0, parts)

    def _forgotten(self, stability: float, difficulty: float, recall: float) -> _Growth:
        w = self._w
        base = math.pow(difficulty, -w[12]) * math.exp((1 - recall) * w[14])
        power = math.pow(stability + 1, w[13])
        kept = w[11] * base * (power - 1)
        most = stability * self._cap
        if most <= kept:
            return _Growth(most, most / stability, 0.0, 0.0, ((17, -w[18] * most), (18, -w[17] * most)))
        parts = (
            (11, base * (power - 1)),
            (12, -kept * math.log(difficulty)),
            (13, w[11] * base * power * math.log(stability + 1)),
            (14, kept * (1 - recall)),
        )
        by_stability = w[11] * base * w[13] * power / (stability + 1)
        return _Growth(kept, by_stability, -w[12] * kept / difficulty, -w[14] * kept, parts)

    def _recalled(self, stability: float, difficulty: float, recall: float, rating: int) -> _Growth:
        w = self._w
        bonus = self._bonus[rating - 1]
        plain = self._growth * math.pow(stability, 1 - w[9])
        surprise = math.exp((1 - recall) * w[10])
        unit = plain * (11 - difficulty) * (surprise - 1)
        gained = unit * bonus
        by_surprise = plain * (11 - difficulty) * bonus * surprise
        parts: Parts = ((8, gained), (9, -gained * math.log(stability)), (10, by_surprise * (1 - recall)))
        if rating != GOOD:
            parts = (*parts, (15 if rating < GOOD else 16, unit))
        by_stability = 1 + gained / stability * (1 - w[9])
        return _Growth(stability + gained, by_stability, -plain * (surprise - 1) * bonus, -by_surprise * w[10], parts)

    def _next_difficulty(self, difficulty: float, rating: int) -> tuple[float, float, Parts]:
        w = self._w
        bent = (rating - 3) / 9
        moved = difficulty - (10 - difficulty) * w[6] * bent
        value = w[7] * self._easy + (1 - w[7]) * moved
        if not LOWEST_DIFFICULTY < value < HIGHEST_DIFFICULTY:
            return min(max(value, LOWEST_DIFFICULTY), HIGHEST_DIFFICULTY), 0.0, ()
        parts = (
            (4, w[7]),
            (5, w[7] * self._easy_by_w5),
            (6, -(1 - w[7]) * (10 - difficulty) * bent),
            (7, self._easy - moved),
        )
        return value, (1 - w[7]) * (1 + w[6] * bent), parts

    @staticmethod
    def _go_back(steps: Sequence[_Step], start_parts: Parts, gradient: list[float]) -> float:
        """Add what the steps teach to the gradient; gives how the loss changes with the first stability."""
        by_stability = by_difficulty = 0.0
        for step in reversed(steps):
            for number, part in step.stability_parts:
                gradient[number] += by_stability * part
            for number, part in step.difficulty_parts:
                gradient[number] += by_difficulty * part
            by_difficulty *= step.difficulty_by_difficulty
            by_difficulty += by_stability * step.stability_by_difficulty
            by_stability *= step.stability_by_stability
            by_stability += step.loss_by_stability
        for number, part in start_parts:
            gradient[number] += by_difficulty * part
        return by_stability
