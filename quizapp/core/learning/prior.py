"""What a class's first answers teach about its cards, for those who start later.

FSRS-6 gives every card the same stability after a first answer. But some cards fade faster than others, and whoever
learned them before has shown which. So the first stability of a card is multiplied by a factor ``t``, its prior:

- A card's evidence are its *outcomes*: of each learner, the next review at least a day after the first answer,
  remembered or forgotten. With the factor ``t``, FSRS-6 gives each outcome a probability; their product is ``L(t)``.
- Before any evidence, ``log t`` is normal around 0 with the spread ``s``: most cards are like others. ``s`` itself is
  the one that makes all outcomes of all cards likeliest, ``max over s of sum over cards of log integral L(t) N(log t;
  0, s)`` (empirical Bayes: Efron and Hastie, Computer Age Statistical Inference, 2016, chapter 6). Where no spread is
  likeliest, the cards do not differ and there is no prior.
- The prior of a card is ``exp(E[log t])``, the mean under ``L(t) N(log t; 0, s)``. So few outcomes leave it near 1, and
  many let the card speak for itself.

The integrals are sums over a grid.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp.core.learning.evaluate import Metrics, Predict, measure, predict_average, predict_with
from quizapp.core.learning.histories import History, list_items
from quizapp.core.learning.model import AGAIN

FEWEST_OUTCOMES = 100
"""With fewer outcomes before the cut, or a quarter as many predicted reviews behind it, no prior is looked for."""
HELD_OUT_FROM = 0.8

_STEP = 0.15
_GRID = tuple(_STEP * place for place in range(-16, 17))  # of log t: from a ninth to eleven times
_SPREADS = (0.15, 0.25, 0.4, 0.6, 0.9)
_SURE = 1e-12
_DIGITS = 4

Priors = Mapping[str, float]
"""The factors of cards, by their names; a card that is missing has 1."""
_Outcome = tuple[tuple[int, ...], tuple[int, ...]]  # days and ratings up to the first review on a later day


@dataclass(frozen=True, slots=True)
class PriorTrial:
    """What priors are worth: learned from the earlier starts, they predicted all reviews of the later ones.

    ``plain`` is the same model without priors, ``current`` what is in use.
    """

    priors: Priors
    outcomes: int
    fitted: Metrics
    plain: Metrics
    current: Metrics
    average: Metrics

    @property
    def better(self) -> bool:
        """Whether to keep them: they beat no priors, what is in use, and the plain running average."""
        return self.fitted.log_loss < min(self.plain.log_loss, self.current.log_loss, self.average.log_loss)


def _find_outcome(history: History, before: int | None) -> _Outcome | None:
    """The first review on a later day than the one before it, if it was earlier than ``before`` (ms; None: ever)."""
    for review, elapsed in enumerate(history.elapsed):
        if review and elapsed:
            early = before is None or history.times[review] < before
            return (history.elapsed[: review + 1], history.ratings[: review + 1]) if early else None
    return None


def _log_likelihoods(outcome: _Outcome, parameters: Sequence[float]) -> list[float]:
    """The logarithm of the probability of an outcome for each factor of the grid."""
    elapsed, ratings = outcome
    factors = [math.exp(place) for place in _GRID]
    histories = [History(elapsed, ratings, tuple(range(len(ratings))), factor) for factor in factors]
    items = list_items(histories)
    found = [0.0] * len(_GRID)
    for item, recall in zip(items, predict_with(parameters)(histories, items), strict=True):
        likely = recall if ratings[-1] > AGAIN else 1 - recall
        found[item.history] = math.log(max(likely, _SURE))
    return found


def _weigh(likelihoods: Sequence[float], spread: float) -> tuple[float, list[float]]:
    """The logarithm of the integral, and the weight of each place of the grid in it."""
    scale = _STEP / (spread * math.sqrt(2 * math.pi))
    logs = [found - (place / spread) ** 2 / 2 for found, place in zip(likelihoods, _GRID, strict=True)]
    highest = max(logs)
    weights = [math.exp(one - highest) for one in logs]
    return highest + math.log(scale * sum(weights)), weights


def estimate_priors(
    histories: Sequence[History], cards: Sequence[str], parameters: Sequence[float], *, before: int | None = None
) -> dict[str, float]:
    """The prior of each card that has outcomes, to four digits; none at all where the cards do not differ.

    ``cards`` names the card of each history; several learners' histories share a name. Priors that the histories carry
    are not looked at. ``before``: only what happened before this instant (ms) is known.
    """
    outcomes: dict[str, Counter[_Outcome]] = defaultdict(Counter)
    for history, card in zip(histories, cards, strict=True):
        if (outcome := _find_outcome(history, before)) is not None:
            outcomes[card][outcome] += 1
    known = {one: _log_likelihoods(one, parameters) for one in {one for some in outcomes.values() for one in some}}
    evidence = {
        card: [sum(known[one][place] * count for one, count in some.items()) for place in range(len(_GRID))]
        for card, some in outcomes.items()
    }
    alike = sum(likelihoods[len(_GRID) // 2] for likelihoods in evidence.values())
    likeliest, spread = max(
        ((sum(_weigh(some, spread)[0] for some in evidence.values()), spread) for spread in _SPREADS),
    )
    if likeliest <= alike:
        return {}
    priors = {}
    for card, likelihoods in sorted(evidence.items()):
        weights = _weigh(likelihoods, spread)[1]
        mean = sum(weight * place for weight, place in zip(weights, _GRID, strict=True)) / sum(weights)
        priors[card] = round(math.exp(mean), _DIGITS)
    return priors


def try_priors(
    histories: Sequence[History], cards: Sequence[str], parameters: Sequence[float], in_use: Predict
) -> PriorTrial | None:
    """Learn priors from what was known before the last fifth of the starts, and see how those starts went on.

    A start is a learner's first answer to a card. ``in_use`` predicts as what the priors would replace. None where
    there are too few starts, or the cards do not differ.
    """
    starts = sorted(history.times[0] for history in histories)
    if not starts:
        return None
    cut = starts[int(len(starts) * HELD_OUT_FROM)]
    outcomes = sum(_find_outcome(history, cut) is not None for history in histories)
    late = [item for item in list_items(histories) if histories[item.history].times[0] >= cut]
    if outcomes < FEWEST_OUTCOMES or 4 * len(late) < FEWEST_OUTCOMES:
        return None
    priors = estimate_priors(histories, cards, parameters, before=cut)
    if not priors:
        return None
    plain = [replace(history, prior=1.0) for history in histories]
    fitted = [replace(one, prior=priors.get(card, 1.0)) for one, card in zip(histories, cards, strict=True)]
    early = [item for item in list_items(histories) if item.at < cut]
    predict = predict_with(parameters)
    return PriorTrial(
        priors=priors,
        outcomes=outcomes,
        fitted=measure(late, predict(fitted, late)),
        plain=measure(late, predict(plain, late)),
        current=measure(late, in_use(histories, late)),
        average=measure(late, predict_average(late, early)),
    )
