import math
from zoneinfo import ZoneInfo

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.evaluate import measure, predict_average, predict_with, weigh_recent
from quizapp.core.learning.histories import Item, collect_histories, drop_outliers, list_items
from quizapp.core.learning.scheduling import recall_after
from quizapp.core.learning.studyday import StudyCalendar

CALENDAR = StudyCalendar(ZoneInfo("UTC"))
OTHER_PARAMETERS = (
    *(0.5, 2.0, 4.0, 12.0, 6.0, 0.7, 2.5, 0.01, 1.5, 0.12, 1.0),
    *(1.8, 0.08, 0.3, 1.7, 0.5, 2.0, 0.5, 0.1, 0.1, 0.2),
)


def item(recalled: bool, elapsed: int = 1, length: int = 2, lapses: int = 0, at: int = 0) -> Item:
    return Item(0, 1, at, elapsed, length, lapses, 3, recalled)


class TestAgreement:
    """With ``fsrs-rs-python`` 0.9.3, whose evaluation weighs recent reviews more and counts with 32 bits."""

    @pytest.mark.parametrize(
        ("cards", "seed", "parameters", "log_loss", "rmse_bins"),
        [
            (300, 1, DEFAULT_PARAMETERS, 0.30884960293769836, 0.04582255333662033),
            (300, 1, OTHER_PARAMETERS, 0.31147414445877075, 0.04949989914894104),
            (1000, 2, OTHER_PARAMETERS, 0.3357471823692322, 0.040431465953588486),
        ],
    )
    def test_log_loss_and_rmse_in_bins_are_those_of_fsrs_rs(
        self, make_log, cards, seed, parameters, log_loss, rmse_bins
    ):
        histories = collect_histories(make_log(cards, seed), CALENDAR)
        items = list_items(histories)
        metrics = measure(items, predict_with(parameters)(histories, items), weigh_recent(len(items)))
        assert metrics.log_loss == pytest.approx(log_loss, abs=2e-6)
        assert metrics.rmse_bins == pytest.approx(rmse_bins, abs=2e-6)

    def test_the_filter_of_outliers_keeps_as_many_as_fsrs_rs_does(self, make_log):
        items = list_items(collect_histories(make_log(300, 1), CALENDAR))
        kept = drop_outliers(items)
        assert (len(kept), sum(one.length == 2 for one in kept)) == (2_369, 267)


class TestPredictions:
    def test_the_model_predicts_from_the_reviews_before_and_never_from_the_outcome(self, make_log):
        histories = collect_histories(make_log(5, 3), CALENDAR)
        items = list_items(histories)
        first = next(one for one in items if one.review == 1)
        predictions = dict(zip(items, predict_with(DEFAULT_PARAMETERS)(histories, items), strict=True))
        start = DEFAULT_PARAMETERS[histories[first.history].ratings[0] - 1]
        assert predictions[first] == pytest.approx(recall_after(first.elapsed, start))

    def test_a_part_of_the_items_gets_the_same_predictions_as_in_the_whole(self, make_log):
        histories = collect_histories(make_log(20, 4), CALENDAR)
        items = list_items(histories)
        predict = predict_with(DEFAULT_PARAMETERS)
        assert predict(histories, items[50:]) == predict(histories, items)[50:]
        assert predict(histories, []) == []

    def test_the_running_average_knows_only_what_was_before(self):
        items = [item(True), item(False), item(True)]
        assert predict_average(items) == pytest.approx([0.9, 1.9 / 2, 1.9 / 3])
        assert predict_average(items[1:], earlier=items[:1]) == predict_average(items)[1:]
        assert predict_average([]) == []

    def test_the_model_that_made_the_log_beats_other_parameters_and_the_average(self, make_log):
        histories = collect_histories(make_log(1_500, 5, OTHER_PARAMETERS), CALENDAR)
        items = list_items(histories)
        true = measure(items, predict_with(OTHER_PARAMETERS)(histories, items)).log_loss
        assert true < measure(items, predict_with(DEFAULT_PARAMETERS)(histories, items)).log_loss
        assert true < measure(items, predict_average(items)).log_loss


class TestMetrics:
    def test_log_loss_is_the_mean_surprise(self):
        metrics = measure([item(True), item(False)], [0.8, 0.4])
        assert metrics.log_loss == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)
        assert metrics.items == 2

    def test_a_prediction_that_was_sure_and_wrong_costs_much_and_not_infinitely(self):
        assert 30 < measure([item(True), item(False)], [0.0, 1.0]).log_loss < 40

    def test_errors_of_one_bin_cancel_and_those_of_two_do_not(self):
        same = [item(True), item(False)]
        assert measure(same, [0.5, 0.5]).rmse_bins == 0
        apart = [item(True), item(False, elapsed=50)]
        assert measure(apart, [0.5, 0.5]).rmse_bins == pytest.approx(0.5)

    def test_delays_from_4_to_13_days_share_a_bin_and_14_is_another(self):
        assert measure([item(True, 4), item(False, 13)], [0.5, 0.5]).rmse_bins == 0
        assert measure([item(True, 3), item(False, 4)], [0.5, 0.5]).rmse_bins == 0.5
        assert measure([item(True, 13), item(False, 14)], [0.5, 0.5]).rmse_bins == 0.5

    def test_no_lapse_is_a_bin_of_its_own(self):
        assert measure([item(True), item(False, lapses=1)], [0.5, 0.5]).rmse_bins == 0.5

    def test_the_area_is_the_share_of_pairs_in_the_right_order(self):
        items = [item(True), item(True), item(False), item(False)]
        assert measure(items, [0.9, 0.8, 0.7, 0.6]).auc == 1
        assert measure(items, [0.6, 0.7, 0.8, 0.9]).auc == 0
        assert measure(items, [0.9, 0.7, 0.8, 0.7]).auc == pytest.approx((1 + 1 + 0 + 0.5) / 4)

    @pytest.mark.parametrize("recalled", [True, False])
    def test_where_all_was_remembered_or_all_forgotten_there_is_no_area(self, recalled: bool):
        assert measure([item(recalled)] * 3, [0.1, 0.2, 0.3]).auc is None

    def test_nothing_to_measure_is_said(self):
        with pytest.raises(Invalid):
            measure([], [])

    def test_recent_items_weigh_up_to_four_times_as_much(self):
        assert weigh_recent(3) == [0.25, 0.25 + 0.75 / 8, 1.0]
        assert weigh_recent(1) == [0.25]
        assert weigh_recent(0) == []


outcomes = st.lists(
    st.tuples(
        st.builds(item, st.booleans(), st.integers(1, 500), st.integers(2, 60), st.integers(0, 20)), st.floats(0, 1)
    ),
    min_size=1,
    max_size=30,
)


@given(outcomes, st.randoms())
def test_the_order_does_not_matter_and_all_stays_in_its_bounds(some, rng):
    metrics = measure(*zip(*some, strict=True))
    assert metrics.log_loss >= 0
    assert 0 <= metrics.rmse_bins <= 1
    assert metrics.auc is None or 0 <= metrics.auc <= 1
    rng.shuffle(some)
    again = measure(*zip(*some, strict=True))
    assert (again.log_loss, again.rmse_bins) == pytest.approx((metrics.log_loss, metrics.rmse_bins))
    assert again.auc == metrics.auc
