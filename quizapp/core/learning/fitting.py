"""Fitting the 21 parameters of FSRS-6 to what a learner, or a class, has answered.

The parameters go step by step down the slope of the log loss over small batches of cards (Adam, Kingma and Ba 2014,
https://arxiv.org/abs/1412.6980, with a step that shrinks to nothing along a cosine), held back by a pull towards where
they started, so that few reviews change little. The spread of the parameters among Anki's users, which sets how strong
the pull is, is published with the benchmark (https://github.com/open-spaced-repetition/srs-benchmark).

It is pure Python on purpose: 21 numbers need no more than some hundred thousand looks at a review, which takes a few
seconds, in a process of its own. More reviews than that are sampled.
"""

import math
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from quizapp.core.errors import Invalid
from quizapp.core.learning.dice import Dice
from quizapp.core.learning.evaluate import Metrics, Predict, measure, predict_average, predict_with, weigh_recent
from quizapp.core.learning.gradient import PARAMETERS, Lesson, Slope
from quizapp.core.learning.histories import History, Item, split_items
from quizapp.core.messages import say

FEWEST_ITEMS = 300
"""Fewer predicted reviews than this say more about chance than about a memory.

With the fifth that is held out, a fit needs ``FEWEST_IN_ALL`` of them. One that was made from fewer is judged by so few
lapses, about one in ten of the rest, that its keeping would be a throw of dice.
"""
HELD_OUT_FROM = 0.8
FEWEST_IN_ALL = math.ceil(FEWEST_ITEMS / HELD_OUT_FROM)

_INITIAL = 4  # the first four parameters are stabilities in days: what counts is their ratio
_SPREAD = (
    *(1.0, 1.0, 1.0, 1.0),  # in logarithms
    *(0.57, 0.28, 0.60, 0.12, 0.39, 0.18, 0.33, 0.30, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27),
)
_LOOKS = 400_000  # reviews gone through in all, however many there are
_MOST_ROUNDS = 40
_BATCHES = 10
_SMALLEST_BATCH, _LARGEST_BATCH = 32, 64
_STRIDE = 0.04
_MOMENTUM, _SCALING, _TINY = 0.9, 0.999, 1e-8
_DIGITS = 4
_USUAL = predict_with(DEFAULT_PARAMETERS)


@dataclass(frozen=True, slots=True)
class FitTrial:
    """What a fit is worth: it saw the earlier reviews only, and all three predicted the later ones.

    ``trained_on`` counts the items it was fitted to. Keep ``parameters`` only where ``better``: its log loss is below
    that of what is in use and that of the plain running average.
    """

    parameters: tuple[float, ...]
    trained_on: int
    fitted: Metrics
    current: Metrics
    average: Metrics

    @property
    def better(self) -> bool:
        return self.fitted.log_loss < min(self.current.log_loss, self.average.log_loss)


def _make_lessons(histories: Sequence[History], items: Sequence[Item]) -> list[Lesson]:
    """What there is to learn from each card, up to its last item; later items weigh more."""
    weights: dict[int, dict[int, float]] = defaultdict(dict)
    for item, weight in zip(items, weigh_recent(len(items)), strict=True):
        weights[item.history][item.review] = weight
    lessons = []
    for number, of_card in weights.items():
        history, length = histories[number], max(of_card) + 1
        card_weights = tuple(of_card.get(review, 0.0) for review in range(length))
        lessons.append(Lesson(history.elapsed[:length], history.ratings[:length], card_weights, history.prior))
    return lessons


def _shuffle(lessons: list[Lesson], dice: Dice) -> None:
    for last in range(len(lessons) - 1, 0, -1):
        other = int(dice.roll() * (last + 1))
        lessons[last], lessons[other] = lessons[other], lessons[last]


def _plan_batches(lessons: Sequence[Lesson], count: int, dice: Dice) -> list[list[Lesson]]:
    """All batches in the order in which they are learned from: every card some times over, or a sample of cards."""
    total = sum(len(lesson.ratings) for lesson in lessons)
    size = min(max(count // _BATCHES, _SMALLEST_BATCH), _LARGEST_BATCH)
    cards = max(round(size * len(lessons) / count), 1)
    order = list(lessons)
    batches: list[list[Lesson]] = []
    for _ in range(min(max(_LOOKS // total, 1), _MOST_ROUNDS)):
        _shuffle(order, dice)
        batches += [order[start : start + cards] for start in range(0, len(order), cards)]
    return batches[: math.ceil(len(batches) * min(_LOOKS / total, 1))]


class _Descent:
    """Where the parameters stand and how they move. Stabilities are moved by ratios, the others by differences."""

    def __init__(self, start: Sequence[float], count: int) -> None:
        self.parameters = list(start)
        self._start = tuple(start)
        self._pull = 1 / count
        self._mean = [0.0] * PARAMETERS
        self._square = [0.0] * PARAMETERS
        self._steps = 0

    def _slope_of(self, number: int, gradient: float) -> float:
        value, start = self.parameters[number], self._start[number]
        away = math.log(value / start) if number < _INITIAL else value - start
        steep = gradient * value if number < _INITIAL else gradient
        return steep + 2 * self._pull * away / _SPREAD[number] ** 2

    def move(self, gradient: Sequence[float], stride: float) -> None:
        """One step of Adam, kept inside the bounds of each parameter."""
        self._steps += 1
        for number in range(PARAMETERS):
            slope = self._slope_of(number, gradient[number])
            self._mean[number] += (1 - _MOMENTUM) * (slope - self._mean[number])
            self._square[number] += (1 - _SCALING) * (slope * slope - self._square[number])
            mean = self._mean[number] / (1 - _MOMENTUM**self._steps)
            square = self._square[number] / (1 - _SCALING**self._steps)
            step = stride * mean / (math.sqrt(square) + _TINY)
            value = self.parameters[number]
            value = value * math.exp(-step) if number < _INITIAL else value - step
            lowest, highest = LOWER_BOUNDS_PARAMETERS[number], UPPER_BOUNDS_PARAMETERS[number]
            self.parameters[number] = min(max(value, lowest), highest)


def _list_strides(count: int) -> Iterator[float]:
    for step in range(count):
        yield _STRIDE * (1 + math.cos(math.pi * step / count)) / 2


def fit_parameters(
    histories: Sequence[History],
    items: Sequence[Item],
    *,
    start: Sequence[float] = DEFAULT_PARAMETERS,
    seed: bytes = b"",
) -> tuple[float, ...]:
    """The 21 parameters that predict these items best, starting from others; to four digits.

    ``items`` are in the order of time, ``seed`` orders the batches: equal arguments give equal parameters. Raises
    Invalid where there are too few items.
    """
    if len(items) < FEWEST_ITEMS:
        message = say(
            "There are %(found)s reviews to learn from, and %(least)s are needed. The parameters stay as they are.",
            found=len(items),
            least=FEWEST_ITEMS,
        )
        raise Invalid(message)
    lessons = _make_lessons(histories, items)
    batches = _plan_batches(lessons, len(items), Dice(b"fit" + seed))
    descent = _Descent(start, len(items))
    for batch, stride in zip(batches, _list_strides(len(batches)), strict=True):
        gradient = [0.0] * PARAMETERS
        Slope(descent.parameters).add(batch, gradient)
        weight = sum(sum(lesson.weights) for lesson in batch)
        descent.move([part / weight for part in gradient], stride)
    return tuple(round(value, _DIGITS) for value in descent.parameters)


def try_fit(
    histories: Sequence[History],
    items: Sequence[Item],
    in_use: Predict = _USUAL,
    *,
    start: Sequence[float] = DEFAULT_PARAMETERS,
    seed: bytes = b"",
    judged_by: Container[int] | None = None,
) -> FitTrial:
    """Fit to the earlier four fifths of the items, and see how the later fifth is predicted.

    ``in_use`` predicts as what the fit would replace. ``start`` is where the fit begins and is pulled to: the defaults,
    or what a class has taught. ``judged_by`` are the numbers of the histories that would get the new parameters, where
    those are not all. Raises Invalid where there are too few items, or none to judge by.
    """
    early, late = split_items(items, HELD_OUT_FROM)
    parameters = fit_parameters(histories, early, start=start, seed=seed)
    if judged_by is not None:
        late = [item for item in late if item.history in judged_by]
    return FitTrial(
        parameters=parameters,
        trained_on=len(early),
        fitted=measure(late, predict_with(parameters)(histories, late)),
        current=measure(late, in_use(histories, late)),
        average=measure(late, predict_average(late, early)),
    )
