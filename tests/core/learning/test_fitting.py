from zoneinfo import ZoneInfo

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.evaluate import Metrics, measure, predict_with
from quizapp.core.learning.fitting import FEWEST_ITEMS, FitTrial, fit_parameters, try_fit
from quizapp.core.learning.histories import History, collect_histories, list_items
from quizapp.core.learning.scheduling import SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar

CALENDAR = StudyCalendar(ZoneInfo("UTC"))
FORGETFUL = (
    *(0.1, 0.4, 0.8, 2.0, 7.5, 0.83, 3.0, 0.01, 1.2, 0.17, 0.8),
    *(1.0, 0.06, 0.26, 1.6, 0.4, 1.9, 0.54, 0.09, 0.07, 0.3),
)


@pytest.fixture(scope="module")
def forgetful(make_log):
    """A learner who forgets much faster than most."""
    histories = collect_histories(make_log(120, 7, FORGETFUL), CALENDAR)
    return histories, list_items(histories)


def test_a_fit_predicts_later_reviews_better_than_the_defaults_and_the_average(forgetful):
    trial = try_fit(*forgetful)
    assert trial.better
    assert trial.fitted.log_loss < trial.average.log_loss < trial.current.log_loss
    assert trial.trained_on + trial.fitted.items == len(forgetful[1])


def test_a_fit_comes_near_to_how_the_learner_really_forgets(forgetful):
    histories, items = forgetful
    fitted, true, default = (
        measure(items, predict_with(parameters)(histories, items)).log_loss
        for parameters in (fit_parameters(histories, items), FORGETFUL, DEFAULT_PARAMETERS)
    )
    assert fitted - true < 0.15 * (default - true)


def test_what_is_in_use_and_already_right_is_not_beaten(forgetful):
    histories, items = forgetful
    good = try_fit(histories, items).parameters
    assert not try_fit(histories, items, predict_with(good)).better


def test_a_fit_is_judged_by_those_who_would_get_it(forgetful):
    histories, items = forgetful
    half = range(len(histories) // 2)
    trial = try_fit(histories, items, judged_by=half)
    assert 0 < trial.fitted.items < len(items) - trial.trained_on


def test_equal_reviews_and_seeds_give_equal_parameters(forgetful):
    histories, items = forgetful
    few = items[:FEWEST_ITEMS]
    assert fit_parameters(histories, few, seed=b"a") == fit_parameters(histories, few, seed=b"a")
    assert fit_parameters(histories, few, seed=b"a") != fit_parameters(histories, few, seed=b"b")


def test_what_is_fitted_can_be_scheduled_with(forgetful):
    parameters = fit_parameters(*forgetful)
    assert SchedulerSettings(parameters=parameters).parameters == parameters


def test_few_reviews_pull_less_away_from_the_start_than_many(forgetful):
    histories, items = forgetful

    def distance(parameters: tuple[float, ...]) -> float:
        return sum(abs(one - other) for one, other in zip(parameters[4:], DEFAULT_PARAMETERS[4:], strict=True))

    assert distance(fit_parameters(histories, items[:FEWEST_ITEMS])) < distance(fit_parameters(histories, items))


def test_a_fit_from_what_a_class_taught_stays_nearer_to_it(forgetful):
    histories, items = forgetful
    few = items[:FEWEST_ITEMS]
    from_class = fit_parameters(histories, few, start=FORGETFUL)
    from_default = fit_parameters(histories, few)
    assert abs(from_class[0] - FORGETFUL[0]) < abs(from_default[0] - FORGETFUL[0])


def test_more_reviews_than_can_be_looked_at_are_sampled(make_log, monkeypatch, forgetful):
    monkeypatch.setattr("quizapp.core.learning.fitting._LOOKS", 1_000)
    histories, items = forgetful
    sampled = fit_parameters(histories, items)
    losses = [
        measure(items, predict_with(parameters)(histories, items)).log_loss
        for parameters in (sampled, DEFAULT_PARAMETERS)
    ]
    assert losses[0] < losses[1]


@pytest.mark.parametrize("count", [0, FEWEST_ITEMS - 1])
def test_too_few_reviews_are_refused_with_both_numbers(forgetful, count: int):
    histories, items = forgetful
    with pytest.raises(Invalid) as caught:
        fit_parameters(histories, items[:count])
    assert str(count) in caught.value.message
    assert str(FEWEST_ITEMS) in caught.value.message


def test_a_trial_needs_enough_reviews_before_the_cut(forgetful):
    histories, items = forgetful
    with pytest.raises(Invalid):
        try_fit(histories, items[:FEWEST_ITEMS])


def test_a_fit_is_kept_only_where_it_beats_both():
    def metrics(loss: float) -> Metrics:
        return Metrics(10, loss, 0.1, None)

    def better(fitted: float, current: float, average: float) -> bool:
        return FitTrial(DEFAULT_PARAMETERS, 40, metrics(fitted), metrics(current), metrics(average)).better

    assert better(0.3, 0.4, 0.35)
    assert not better(0.3, 0.4, 0.29)
    assert not better(0.3, 0.29, 0.4)
    assert not better(0.3, 0.3, 0.4)


cards = st.lists(
    st.lists(st.tuples(st.integers(1, 3_000), st.integers(1, 4)), min_size=30, max_size=40), min_size=11, max_size=13
)


@settings(max_examples=5, deadline=None)
@given(cards)
def test_however_odd_the_answers_the_parameters_stay_in_their_bounds(some: list[list[tuple[int, int]]]):
    histories = []
    for card in some:
        elapsed = (0, *(days for days, _ in card[1:]))
        histories.append(History(elapsed, tuple(rating for _, rating in card), tuple(range(len(card)))))
    parameters = fit_parameters(histories, list_items(histories))
    for value, lowest, highest in zip(parameters, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True):
        assert lowest <= value <= highest
