"""Item analysis, by hand and beside SciPy."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quizapp.core.analysis.items.model import FEWEST, Estimate, ItemAnswer, Options, ScaleStatistics, Thirds
from quizapp.core.analysis.items.statistics import analyse, correlate, rank_thirds


def _from_table(table: Sequence[Sequence[float | None]]) -> list[ItemAnswer]:
    """Answers from a table: a row for each student, a column for each item; None: not asked."""
    return [
        ItemAnswer(student, item, score)
        for student, row in enumerate(table)
        for item, score in enumerate(row)
        if score is not None
    ]


# Ten students and three items, worked out by hand:
# item 0 is right for 6 of 10; its rests (mean of the other two) are 1, 1, 1, .5, 1, .5, .5, 0, .5, 0.
_BY_HAND = [
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 0],
    [1, 1, 1],
    [1, 0, 1],
    [0, 1, 0],
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
]


def test_a_table_worked_out_by_hand() -> None:
    found = analyse(_from_table(_BY_HAND), {})
    first = found.items[0]
    assert (first.count, first.right, first.omitted) == (10, 6, 0)
    assert first.facility is not None
    assert first.facility.value == pytest.approx(0.6)
    # Means 0.6 and 0.6; sum of products 1.4, of squares 2.4 and 1.4: 1.4 / sqrt(2.4 * 1.4) = 0.7638.
    assert first.discrimination is not None
    assert first.discrimination.value == pytest.approx(1.4 / (2.4 * 1.4) ** 0.5)
    # Variances times ten: 2.4, 2.1, 2.5; of the totals 3 3 3 2 3 2 1 0 1 0 (mean 1.8): 13.6.
    assert found.alpha is not None
    assert found.alpha.value == pytest.approx(3 / 2 * (1 - 7 / 13.6))
    # Without item 0: totals 2 2 2 1 2 1 1 0 1 0 (mean 1.2): 5.6.
    assert first.alpha_without is not None
    assert first.alpha_without.value == pytest.approx(2 * (1 - 4.6 / 5.6))


@st.composite
def _tables(draw: st.DrawFn) -> list[list[float]]:
    students, items = draw(st.integers(FEWEST, 30)), draw(st.integers(2, 6))
    scores = st.sampled_from([0.0, 0.5, 0.9, 1.0])
    return draw(st.lists(st.lists(scores, min_size=items, max_size=items), min_size=students, max_size=students))


@pytest.mark.unmeasured
@given(_tables())
def test_discrimination_and_alpha_are_what_scipy_and_the_definition_say(table: list[list[float]]) -> None:
    found = analyse(_from_table(table), {})
    items = len(table[0])
    for item in range(items):
        own = [row[item] for row in table]
        rest = [(sum(row) - row[item]) / (items - 1) for row in table]
        told = found.items[item].discrimination
        if len(set(own)) > 1 and len({round(value, 9) for value in rest}) > 1:
            assert told is not None
            assert told.value == pytest.approx(stats.pearsonr(own, rest).statistic, abs=1e-6)
        else:
            assert told is None
    totals = [sum(row) for row in table]
    spread = stats.tvar(totals)
    if spread > 1e-9:
        each = sum(stats.tvar([row[item] for row in table]) for item in range(items))
        assert found.alpha is not None
        assert found.alpha.value == pytest.approx(items / (items - 1) * (1 - each / spread))
    else:
        assert found.alpha is None


def test_nobody_and_nothing_come_to_nothing() -> None:
    assert analyse([], {}) == ScaleStatistics()


def test_under_ten_students_only_counts_are_told() -> None:
    few = analyse(_from_table(_BY_HAND[: FEWEST - 1]), {})
    enough = analyse(_from_table(_BY_HAND), {})
    item = few.items[0]
    assert (item.count, item.right) == (9, 6)
    assert (item.facility, item.discrimination, item.alpha_without, item.median_ms) == (None, None, None, None)
    assert few.alpha is None
    assert enough.items[0].facility is not None


def test_the_first_answer_of_a_student_counts() -> None:
    found = analyse([ItemAnswer(1, 1, 0.0), ItemAnswer(1, 1, 1.0)], {})
    assert (found.items[1].count, found.items[1].right) == (1, 0)


def test_who_answered_nothing_else_stands_in_no_third() -> None:
    found = analyse([ItemAnswer(number, 1, 1.0) for number in range(12)], {1: Options(("a",), frozenset("a"))})
    item = found.items[1]
    assert item.thirds == Thirds(unranked=12)
    assert item.discrimination is None
    assert item.thirds.total == 12


def test_items_that_not_everybody_met_have_no_alpha_but_a_discrimination() -> None:
    table: list[list[float | None]] = [[*row, None] for row in _BY_HAND]
    table[0][3] = 1.0
    found = analyse(_from_table(table), {})
    assert found.alpha is None
    assert found.items[0].discrimination is not None


def test_an_item_that_all_got_right_tells_nobody_from_anybody() -> None:
    found = analyse(_from_table([[1, number % 2] for number in range(10)]), {})
    assert found.items[0].discrimination is None
    assert found.items[0].facility == Estimate(1.0, 10, found.items[0].facility.interval)  # type: ignore[union-attr]
    assert found.alpha is not None
    assert found.items[0].alpha_without is None  # one item alone has no alpha


def test_omitted_answers_count_and_score_nothing() -> None:
    answers = [ItemAnswer(number, 1, 0.0, given=number > 3) for number in range(10)]
    assert analyse(answers, {}).items[1].omitted == 4


def test_the_median_time_is_of_those_whose_time_is_known() -> None:
    answers = [ItemAnswer(number, 1, 1.0, millis=None if number > 10 else 1_000 * number) for number in range(20)]
    told = analyse(answers, {}).items[1].median_ms
    assert told is not None
    assert (told.value, told.count) == (5_000, 11)
    assert told.interval is not None
    assert told.interval.low < 5_000 < told.interval.high


@pytest.mark.parametrize(
    ("rests", "expected"),
    [
        ({}, {}),
        ({1: 0.5}, {1: "middle"}),
        ({1: 0.1, 2: 0.2, 3: 0.3}, {1: "bottom", 2: "middle", 3: "top"}),
        ({1: 0.5, 2: 0.5, 3: 0.5}, {1: "middle", 2: "middle", 3: "middle"}),
        ({1: 0.0, 2: 0.0, 3: 1.0, 4: 1.0}, {1: "bottom", 2: "bottom", 3: "top", 4: "top"}),
    ],
)
def test_thirds_are_by_rank_and_equal_scores_share_one(rests: dict[int, float], expected: dict[int, str]) -> None:
    assert rank_thirds(rests) == expected


@given(st.lists(st.integers(0, 5), max_size=60))
def test_better_students_never_stand_in_a_lower_third(scores: list[int]) -> None:
    order = {"bottom": 0, "middle": 1, "top": 2}
    thirds = rank_thirds(dict(enumerate(map(float, scores))))
    for one, score in enumerate(scores):
        for other, lower in enumerate(scores):
            assert score < lower or order[thirds[one]] >= order[thirds[other]]


def _ask(choices: Sequence[str], right: str, rest: Sequence[float]) -> list[ItemAnswer]:
    """A choice item (number 0) beside another one (number 1) whose score is the rest."""
    asked = [ItemAnswer(number, 0, float(text == right), (text,)) for number, text in enumerate(choices)]
    return asked + [ItemAnswer(number, 1, score) for number, score in enumerate(rest)]


_OPTIONS = {0: Options(("a", "b", "c"), frozenset("a"))}


def test_options_are_counted_by_thirds() -> None:
    rest = [number / 11 for number in range(12)]
    found = analyse(_ask(list("ccccbbbbaaaa"), "a", rest), _OPTIONS).items[0]
    lines = {line.text: line for line in found.options}
    assert lines["a"].chosen == Thirds(top=4)
    assert lines["b"].chosen == Thirds(middle=4)
    assert lines["c"].chosen == Thirds(bottom=4)
    assert lines["a"].right
    assert found.right_thirds == Thirds(top=4)
    assert found.likely_key == ""
    share = lines["a"].share
    assert share is not None
    assert share.value == pytest.approx(1 / 3)
    assert lines["a"].discrimination is not None
    assert lines["a"].discrimination.value > 0.7


def test_a_wrong_option_that_the_best_take_looks_like_the_key() -> None:
    rest = [number / 19 for number in range(20)]
    choices = ["a"] * 7 + ["c"] * 4 + ["b"] * 9
    assert analyse(_ask(choices, "a", rest), _OPTIONS).items[0].likely_key == "b"


def test_no_key_is_doubted_by_chance_or_where_several_are_right() -> None:
    rest = [number / 19 for number in range(20)]
    mixed = list("abcabcabcabcabcabcab")
    assert analyse(_ask(mixed, "a", rest), _OPTIONS).items[0].likely_key == ""
    several = {0: Options(("a", "b", "c"), frozenset("ac"))}
    turned = ["a"] * 7 + ["c"] * 4 + ["b"] * 9
    assert analyse(_ask(turned, "a", rest), several).items[0].likely_key == ""


def test_a_few_students_doubt_no_key() -> None:
    found = analyse(_ask(list("aabb"), "a", [0, 0.1, 0.9, 1]), _OPTIONS).items[0]
    assert found.likely_key == ""
    assert found.options[0].share is None


def test_a_correlation_needs_two_sides_that_vary() -> None:
    assert correlate([]) is None
    assert correlate([(1, 2)]) is None
    assert correlate([(1, 2), (1, 3)]) is None
    assert correlate([(1, 2), (2, 2)]) is None
    assert correlate([(1, 2), (2, 4)]) == pytest.approx(1)


def test_a_large_class_is_counted_like_a_small_one() -> None:
    answers = [
        ItemAnswer(student, item, float((student * 7 + item * 3) % 10 < 6))
        for student in range(300)
        for item in range(60)
    ]
    found = analyse(answers, {})
    assert [found.items[item].count for item in range(60)] == [300] * 60
    assert found.items[0].right == 180
