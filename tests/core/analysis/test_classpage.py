"""A class at a glance: signs by stated rules, and figures that say of how many they are."""

import pytest

from quizapp.core.analysis.classpage import Activity, DeckRecall, Sign, find_signs, summarise

TODAY = 739_000
FINE = Activity(joined_day=TODAY - 100, last_day=TODAY, recalls=(DeckRecall(1, 20, 0.9),))


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
        (Activity(TODAY - 9, TODAY, recalls=(DeckRecall(1, 10, 0.69),)), (Sign.FORGETS,)),
        (Activity(TODAY - 9, TODAY, recalls=(DeckRecall(1, 9, 0.1),)), ()),
        (Activity(TODAY - 9, TODAY, recalls=(DeckRecall(1, 5, 0.1), DeckRecall(2, 95, 0.9))), ()),
        (Activity(TODAY - 9, TODAY, stuck={7: 4}), (Sign.STUCK,)),
        (Activity(TODAY - 9, TODAY, due=50), (Sign.BEHIND,)),
        (Activity(TODAY - 9, TODAY, due=49), ()),
    ],
)
def test_a_sign_follows_its_rule(activity: Activity, signs: tuple[Sign, ...]) -> None:
    assert find_signs(activity, TODAY) == signs


def test_the_recall_of_a_student_is_weighed_by_cards_and_that_of_a_class_by_students() -> None:
    one = Activity(TODAY, TODAY, today=3, recalls=(DeckRecall(1, 30, 0.9), DeckRecall(2, 10, 0.5)))
    other = Activity(TODAY, TODAY, recalls=(DeckRecall(1, 1, 0.2),))
    nobody = Activity(TODAY)
    assert one.recall == pytest.approx(0.8)
    assert (nobody.recall, nobody.cards) == (None, 0)
    summary = summarise([one, other, nobody], [(Sign.AWAY, Sign.STUCK), (), ()])
    assert (summary.students, summary.studied, summary.answers, summary.signs) == (3, 1, 3, 1)
    assert summary.recall == pytest.approx(0.5)
    assert summarise([], []).recall is None
