"""How well a memory model predicts what is remembered, measured as the public FSRS benchmark does.

Definitions: https://github.com/open-spaced-repetition/srs-benchmark, and for RMSE (bins)
https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Metric. No model is good that does not beat the plain
running average of outcomes, so that is measured too.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from fsrs.scheduler import STABILITY_MIN

from quizapp.core.errors import Invalid
from quizapp.core.learning.histories import History, Item
from quizapp.core.learning.model import Memory, MemoryModel
from quizapp.core.learning.scheduling import HIGHEST_STABILITY
from quizapp.core.messages import say

_SURE = 1e-15  # how near to 0 or 1 a prediction may come, for its logarithm
_USUAL_RECALL = 0.9
Predict = Callable[[Sequence[History], Sequence[Item]], list[float]]


@dataclass(frozen=True, slots=True)
class Metrics:
    """How far predictions of ``items`` reviews were from outcomes.

    ``log_loss`` from 0 (all knowing), in natural logarithms; ``rmse_bins`` from 0 to 1, by how much predicted and true
    recall differ in groups of alike reviews; ``auc`` from 0 to 1, how often a remembered review was predicted likelier
    than a forgotten one (0.5 is chance), None where all were remembered or all forgotten.
    """

    items: int
    log_loss: float
    rmse_bins: float
    auc: float | None


def _start(model: MemoryModel, history: History) -> Memory:
    stability, difficulty = model.start(history.ratings[0])
    return min(max(stability * history.prior, STABILITY_MIN), HIGHEST_STABILITY), difficulty


def predict_with(parameters: Sequence[float]) -> Predict:
    """Predictions of FSRS-6 with these parameters: the recall of each item from its card's reviews before."""
    same = tuple(parameters)
    return predict_by(lambda _: same)


def predict_by(parameters_of: Callable[[int], tuple[float, ...]]) -> Predict:
    """Predictions of FSRS-6 where each history, named by its number, has parameters of its own."""
    make = cache(MemoryModel)

    def predict(histories: Sequence[History], items: Sequence[Item]) -> list[float]:
        wanted: dict[int, dict[int, int]] = defaultdict(dict)
        for place, item in enumerate(items):
            wanted[item.history][item.review] = place
        predictions = [0.0] * len(items)
        for number, places in wanted.items():
            model, history = make(parameters_of(number)), histories[number]
            memory = _start(model, history)
            for review in range(1, max(places) + 1):
                if review in places:
                    predictions[places[review]] = model.recall(history.elapsed[review], memory[0])
                memory = model.step(memory, history.elapsed[review], history.ratings[review])
        return predictions

    return predict


def predict_average(items: Sequence[Item], earlier: Sequence[Item] = ()) -> list[float]:
    """Predictions without any model: the share of all outcomes before that were remembered.

    ``earlier`` items are known from the start. Before the first outcome the guess is 90 %, with the weight of one.
    """
    remembered, seen = _USUAL_RECALL, 1
    for item in earlier:
        remembered += item.recalled
        seen += 1
    predictions = []
    for item in items:
        predictions.append(remembered / seen)
        remembered += item.recalled
        seen += 1
    return predictions


def weigh_recent(count: int) -> list[float]:
    """Weights for so many items in the order of time, from a quarter to one, rising with the cube of the place.

    Memories and habits change: what was answered lately says more. These are the weights of fsrs-rs
    (https://github.com/open-spaced-repetition/fsrs-rs), which it uses for fitting and in its own evaluation.
    """
    return [0.25 + 0.75 * (place / max(count - 1, 1)) ** 3 for place in range(count)]


def _mean_log_loss(items: Sequence[Item], predictions: Sequence[float], weights: Sequence[float]) -> float:
    total = 0.0
    for item, prediction, weight in zip(items, predictions, weights, strict=True):
        likely = prediction if item.recalled else 1 - prediction
        total -= weight * math.log(max(likely, _SURE))
    return total / sum(weights)


@cache
def _bin(value: int, scale: float, base: float, digits: int) -> float:
    """The benchmark's bins grow by ``base``; zero has one of its own."""
    return round(scale * math.pow(base, math.floor(math.log(value) / math.log(base))), digits) if value else 0.0


def _rmse_in_bins(items: Sequence[Item], predictions: Sequence[float], weights: Sequence[float]) -> float:
    """Bins are weighted by their items; inside a bin all items count the same, as in the benchmark."""
    bins: dict[tuple[float, float, float], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for item, prediction, weight in zip(items, predictions, weights, strict=True):
        place = (
            _bin(item.elapsed, 2.48, 3.62, 2),
            _bin(item.length, 1.99, 1.89, 0),
            _bin(item.lapses, 1.65, 1.73, 0),
        )
        bins[place][0] += prediction - item.recalled
        bins[place][1] += 1
        bins[place][2] += weight
    squares = sum(weight * (error / count) ** 2 for error, count, weight in bins.values())
    return math.sqrt(squares / sum(weights))


def _area_under_curve(items: Sequence[Item], predictions: Sequence[float]) -> float | None:
    """By the ranks of the remembered (Mann-Whitney U); equal predictions share their ranks."""
    counts: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for item, prediction in zip(items, predictions, strict=True):
        counts[prediction][item.recalled] += 1
    below = wins = 0.0
    for forgotten, remembered in (counts[prediction] for prediction in sorted(counts)):
        wins += remembered * (below + forgotten / 2)
        below += forgotten
    remembered_all = len(items) - below
    return wins / (below * remembered_all) if below and remembered_all else None


def measure(items: Sequence[Item], predictions: Sequence[float], weights: Sequence[float] | None = None) -> Metrics:
    """Compare predictions with what happened; every item counts the same unless ``weights`` say otherwise.

    Raises Invalid where there is nothing to compare.
    """
    if not items:
        raise Invalid(say("There is nothing to measure: no card was reviewed again on a later day."))
    weights = weights or [1.0] * len(items)
    return Metrics(
        items=len(items),
        log_loss=_mean_log_loss(items, predictions, weights),
        rmse_bins=_rmse_in_bins(items, predictions, weights),
        auc=_area_under_curve(items, predictions),
    )
