from dataclasses import replace

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.learning.dice import Dice
from quizapp.core.learning.evaluate import Metrics, predict_with
from quizapp.core.learning.histories import History
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.prior import PriorTrial, estimate_priors, try_priors

DAY_MS = 86_400_000
PLAIN = predict_with(DEFAULT_PARAMETERS)


def make_class(factors: dict[str, float], learners: int, seed: bytes = b"class") -> tuple[list[History], list[str]]:
    """Learners who start one after the other with all cards, each of which fades by a factor of its own."""
    dice, model = Dice(seed), MemoryModel(DEFAULT_PARAMETERS)
    histories, cards = [], []
    for learner in range(learners):
        for card, factor in factors.items():
            stability, difficulty = model.start(3)
            memory = (stability * factor, difficulty)
            elapsed, ratings, day = [0], [3], learner
            times = [day * DAY_MS]
            for _ in range(3):
                days = max(1, round(stability * (0.5 + dice.roll())))
                known = dice.roll() < model.recall(days, memory[0])
                memory = model.step(memory, days, 3 if known else 1)
                day += days
                elapsed.append(days)
                ratings.append(3 if known else 1)
                times.append(day * DAY_MS)
            histories.append(History(tuple(elapsed), tuple(ratings), tuple(times)))
            cards.append(card)
    return histories, cards


MIXED = {f"d/{number}": 0.2 if number % 2 else 2.5 for number in range(30)}


def test_cards_that_fade_faster_get_a_prior_below_one_and_others_above():
    priors = estimate_priors(*make_class(MIXED, 30), DEFAULT_PARAMETERS)
    fast, slow = ([priors[card] for card in MIXED if (MIXED[card] < 1) is below] for below in (True, False))
    assert sum(fast) / len(fast) < 0.5
    assert sum(slow) / len(slow) > 1.3


def test_priors_learned_from_the_first_predict_the_later_starts_better():
    trial = try_priors(*make_class(MIXED, 30), DEFAULT_PARAMETERS, PLAIN)
    assert trial is not None
    assert trial.better
    assert trial.outcomes > 500
    assert trial.plain == trial.current


def test_where_all_cards_fade_alike_priors_stay_at_one():
    same = dict.fromkeys(MIXED, 1.0)
    priors = estimate_priors(*make_class(same, 60), DEFAULT_PARAMETERS)
    assert all(0.6 < factor < 1.6 for factor in priors.values())


def test_few_outcomes_say_less_than_many():
    histories, cards = make_class(MIXED, 30)
    fast = [number for number, card in enumerate(cards) if card == "d/1"]
    left_out = set(fast[2:])
    fewer = [number for number in range(len(cards)) if number not in left_out]
    much = estimate_priors(histories, cards, DEFAULT_PARAMETERS)["d/1"]
    little = estimate_priors([histories[n] for n in fewer], [cards[n] for n in fewer], DEFAULT_PARAMETERS)["d/1"]
    assert much < little < 1.5


def test_what_comes_after_the_cut_is_not_known():
    histories, cards = make_class(MIXED, 30)
    cut = 20 * DAY_MS
    known = estimate_priors(histories, cards, DEFAULT_PARAMETERS, before=cut)
    changed = [
        replace(
            one, ratings=tuple(1 if at >= cut else rating for rating, at in zip(one.ratings, one.times, strict=True))
        )
        for one in histories
    ]
    assert estimate_priors(changed, cards, DEFAULT_PARAMETERS, before=cut) == known


def test_what_was_in_use_has_to_be_beaten_too():
    histories, cards = make_class(MIXED, 30)
    trial = try_priors(histories, cards, DEFAULT_PARAMETERS, PLAIN)
    assert trial is not None
    in_use = [replace(one, prior=MIXED[card]) for one, card in zip(histories, cards, strict=True)]
    again = try_priors(histories, cards, DEFAULT_PARAMETERS, lambda _, items: PLAIN(in_use, items))
    assert again is not None
    assert again.plain == trial.plain
    assert again.current.log_loss < trial.fitted.log_loss
    assert not again.better


@pytest.mark.parametrize("learners", [0, 1, 3])
def test_too_few_starts_give_no_priors(learners: int):
    assert try_priors(*make_class(MIXED, learners), DEFAULT_PARAMETERS, PLAIN) is None


def test_cards_that_do_not_differ_at_all_give_no_trial():
    as_expected = [  # after a first Good and two days, FSRS-6 expects nine of ten to be remembered
        History((0, 2), (3, 3 if day % 10 else 1), (day * DAY_MS, (day + 2) * DAY_MS)) for day in range(400)
    ]
    cards = [f"d/{day // 10 % 2}" for day in range(400)]
    assert estimate_priors(as_expected, cards, DEFAULT_PARAMETERS) == {}
    assert try_priors(as_expected, cards, DEFAULT_PARAMETERS, PLAIN) is None


def test_without_outcomes_there_are_no_priors():
    assert estimate_priors([], [], DEFAULT_PARAMETERS) == {}
    once = [History((0,), (3,), (0,))] * 5
    assert estimate_priors(once, ["d/1"] * 5, DEFAULT_PARAMETERS) == {}


def test_reviews_on_the_same_day_are_no_outcomes_but_shape_the_memory():
    soon = [History((0, 0, 3), (1, 3, 1), (0, 600_000, 3 * DAY_MS))] * 20
    priors = estimate_priors(soon, ["d/1"] * 20, DEFAULT_PARAMETERS)
    assert priors["d/1"] < 1
    assert estimate_priors([History((0, 0), (1, 3), (0, 600_000))], ["d/1"], DEFAULT_PARAMETERS) == {}


def test_priors_are_kept_only_where_they_beat_everything_else():
    def metrics(loss: float) -> Metrics:
        return Metrics(10, loss, 0.1, None)

    def better(fitted: float, plain: float, current: float, average: float) -> bool:
        return PriorTrial({}, 9, metrics(fitted), metrics(plain), metrics(current), metrics(average)).better

    assert better(0.3, 0.4, 0.4, 0.4)
    assert not better(0.3, 0.3, 0.4, 0.4)
    assert not better(0.3, 0.4, 0.2, 0.4)
    assert not better(0.3, 0.4, 0.4, 0.2)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4_000), st.integers(1, 4), st.integers(1, 4)), max_size=30))
def test_however_odd_the_answers_priors_stay_in_their_range(some: list[tuple[int, int, int, int]]):
    histories = [History((0, days), (first, then), (0, days * DAY_MS)) for _, days, first, then in some]
    priors = estimate_priors(histories, [f"d/{card}" for card, *_ in some], DEFAULT_PARAMETERS)
    assert all(0.09 < factor < 12 for factor in priors.values())
    assert set(priors) <= {f"d/{card}" for card, *_ in some}
