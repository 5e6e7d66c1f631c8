"""A class at a glance: signs by stated rules, and figures that say of how many they are."""

import pytest

from quizapp.core.analysis.classpage import Activity, DeckRecall, Sign, find_signs, summarise

TODAY = 739_000
FINE = Activity(joined_day=TODAY - 100, last_day=TODAY, cards=20, recall=0.9)


@pytest.mark.parametrize(
    ("activity", "signs"),
    [
        (FINE, ()),
        (Activity(joined_day=TODAY), ()),
        (Activity(joined_day=TODAY - 6), ()),
        (Activity(joined_day=TODAY - 7), (Sign.AWAY,)),
        (Activity(joined_day=TODAY - 100, last_day=TODAY - 7), (Sign.AWAY,)),
        (Activity(joined_day=TODAY - 100, last_day=TODAY - 6), ()),
        (Activity(joined_day=TODAY - 3, last_day=TODAY - 50), ()),
        (Activity(TODAY - 9, TODAY, cards=10, recall=0.69), (Sign.FORGETS,)),
        (Activity(TODAY - 9, TODAY, cards=9, recall=0.1), ()),
        (Activity(TODAY - 9, TODAY, cards=100, recall=0.7), ()),
        (Activity(TODAY - 9, TODAY, stuck={7: 4}), (Sign.STUCK,)),
        (Activity(TODAY - 9, TODAY, due=50), (Sign.BEHIND,)),
        (Activity(TODAY - 9, TODAY, due=49), ()),
        (Activity(TODAY - 9, TODAY, overdue=1), (Sign.OVERDUE,)),
        (Activity(TODAY - 9, TODAY - 8, due=50, overdue=2), (Sign.AWAY, Sign.BEHIND, Sign.OVERDUE)),
    ],
)
def test_a_sign_follows_its_rule(activity: Activity, signs: tuple[Sign, ...]) -> None:
    assert find_signs(activity, TODAY) == signs


def test_the_recall_of_a_class_is_the_mean_over_those_who_have_met_any_card() -> None:
    one = Activity(TODAY, TODAY, today=3, cards=40, recall=0.8)
    other = Activity(TODAY, TODAY, cards=1, recall=0.2)
    summary = summarise([one, other, Activity(TODAY)], [(Sign.AWAY, Sign.STUCK), (), ()])
    assert (summary.students, summary.studied, summary.answers, summary.signs) == (3, 1, 3, 1)
    assert summary.recall == pytest.approx(0.5)
    assert summarise([], []).recall is None


@pytest.mark.parametrize(("recall", "step"), [(0.0, 1), (0.59, 1), (0.6, 2), (0.75, 3), (0.85, 4), (0.93, 5), (1.0, 5)])
def test_the_shade_of_a_deck_is_that_of_a_sentence_on_the_map(recall: float, step: int) -> None:
    assert DeckRecall(1, 20, recall).step == step
