"""The formulas of FSRS-6 in plain numbers, for work on a hundred thousand reviews: evaluating, fitting, simulating.

Scheduling goes through the ``fsrs`` package; a step here takes a microsecond instead of twenty. Both give the same
numbers, which a test over random histories makes sure of. Source of the formulas:
https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm (FSRS-6).
"""

import math
from collections.abc import Callable, Sequence

from fsrs.scheduler import STABILITY_MIN

from quizapp.core.learning.memory import HIGHEST_DIFFICULTY, LOWEST_DIFFICULTY
from quizapp.core.learning.scheduling import HIGHEST_STABILITY, REFERENCE_RECALL

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
Memory = tuple[float, float]
"""Stability in days, and difficulty from 1 to 10."""


def _within(value: float, lowest: float, highest: float) -> float:
    return lowest if value < lowest else min(value, highest)


class MemoryModel:
    """FSRS-6 with one set of its 21 parameters."""

    def __init__(self, parameters: Sequence[float]) -> None:
        w = self._w = tuple(parameters)
        self._decay = -w[20]
        self._factor = math.pow(REFERENCE_RECALL, 1 / self._decay) - 1
        self._growth = math.exp(w[8])
        self._forgetting_cap = math.exp(-w[17] * w[18])
        self._reversion = w[7] * self._first_difficulty(EASY)
        self._short = tuple(math.exp(w[17] * (rating - 3 + w[18])) for rating in (AGAIN, HARD, GOOD, EASY))
        self._bonus = (0.0, w[15], 1.0, w[16])
        self.relearn = self._make_relearn()
        """The memory after a review on a later day, given stability, difficulty, the probability of recall and the
        rating; what was forgotten is relearned at once, on the same day."""

    def _first_difficulty(self, rating: int) -> float:
        return self._w[4] - math.exp(self._w[5] * (rating - 1)) + 1

    def start(self, rating: int) -> Memory:
        """The memory after a first review, rated from 1 to 4."""
        stability = _within(self._w[rating - 1], STABILITY_MIN, HIGHEST_STABILITY)
        return stability, _within(self._first_difficulty(rating), LOWEST_DIFFICULTY, HIGHEST_DIFFICULTY)

    def recall(self, days: float, stability: float) -> float:
        """The probability of recall so many days, from 0 on, after a review."""
        return math.pow(1 + self._factor * days / stability, self._decay)

    def stretch(self, retention: float) -> float:
        """What ``interval`` asks of a desired recall, for who asks for many intervals with the same one."""
        return math.pow(retention, 1 / self._decay) - 1

    def interval(self, stability: float, retention: float) -> int:
        """After how many whole days, at least one, recall falls to the desired one."""
        return self.interval_for(stability, self.stretch(retention))

    def interval_for(self, stability: float, stretch: float) -> int:
        """The same for a ``stretch`` that is known."""
        days = round(stability / self._factor * stretch)
        return days if days > 1 else 1

    def step(self, memory: Memory, days: int, rating: int) -> Memory:
        """The memory after a further review, whole study days after the last; 0 is the same day."""
        return self.step_from(memory, days, 1.0 if days < 1 else self.recall(days, memory[0]), rating)

    def step_from(self, memory: Memory, days: int, recall: float, rating: int) -> Memory:
        """The same where the probability of recall at the review is known already."""
        stability, difficulty = memory
        if days < 1:
            grown = self._same_day(stability, rating)
        elif rating == AGAIN:
            grown = self._forgotten(stability, difficulty, recall)
        else:
            grown = self._recalled(stability, difficulty, recall, rating)
        return _within(grown, STABILITY_MIN, HIGHEST_STABILITY), self._next_difficulty(difficulty, rating)

    def _make_relearn(self) -> Callable[[float, float, float, int], Memory]:
        """Make ``relearn``: the formulas of ``step`` in one piece, for simulations that go through nothing else."""
        w, growth, bonus, reversion = self._w, self._growth, self._bonus, self._reversion
        power, surprise, change, kept = -w[9], w[10], w[6], 1 - w[7]

        def relearn(stability: float, difficulty: float, recall: float, rating: int) -> Memory:
            if rating == AGAIN:
                return self.step(self.step_from((stability, difficulty), 1, recall, AGAIN), 0, GOOD)
            grown = growth * (11 - difficulty) * math.pow(stability, power) * (math.exp((1 - recall) * surprise) - 1)
            stability *= 1 + grown * bonus[rating - 1]
            difficulty = reversion + kept * (difficulty - (10 - difficulty) * change * (rating - 3) / 9)
            if not STABILITY_MIN <= stability <= HIGHEST_STABILITY:
                stability = _within(stability, STABILITY_MIN, HIGHEST_STABILITY)
            if not LOWEST_DIFFICULTY <= difficulty <= HIGHEST_DIFFICULTY:
                difficulty = _within(difficulty, LOWEST_DIFFICULTY, HIGHEST_DIFFICULTY)
            return stability, difficulty

        return relearn

    def _same_day(self, stability: float, rating: int) -> float:
        change = self._short[rating - 1] * math.pow(stability, -self._w[19])
        return stability * (change if rating == AGAIN else max(change, 1.0))

    def _forgotten(self, stability: float, difficulty: float, recall: float) -> float:
        w = self._w
        forgetting = 1 - recall
        kept = (
            w[11] * math.pow(difficulty, -w[12]) * (math.pow(stability + 1, w[13]) - 1) * math.exp(forgetting * w[14])
        )
        return min(kept, stability * self._forgetting_cap)

    def _recalled(self, stability: float, difficulty: float, recall: float, rating: int) -> float:
        w = self._w
        surprise = math.exp((1 - recall) * w[10]) - 1
        growth = self._growth * (11 - difficulty) * math.pow(stability, -w[9]) * surprise
        return stability * (1 + growth * self._bonus[rating - 1])

    def _next_difficulty(self, difficulty: float, rating: int) -> float:
        w = self._w
        moved = difficulty - (10 - difficulty) * w[6] * (rating - 3) / 9
        return _within(self._reversion + (1 - w[7]) * moved, LOWEST_DIFFICULTY, HIGHEST_DIFFICULTY)
