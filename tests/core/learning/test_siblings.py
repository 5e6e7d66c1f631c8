import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.siblings import Passage, find_siblings, overlap
from quizapp.core.source.quotes import Span


def quoted(quote: str, paragraph: int = 1, source: str = "text") -> Passage:
    return Passage(source, paragraph, quote)


def placed(start: int, end: int, paragraph: int = 1) -> Passage:
    return Passage("text", paragraph, "any words", Span(start, end))


def test_spans_that_share_a_character_overlap_and_spans_that_touch_do_not():
    assert overlap(placed(0, 10), placed(9, 20))
    assert overlap(placed(0, 30), placed(10, 12))
    assert not overlap(placed(0, 10), placed(10, 20))


def test_the_same_words_in_another_paragraph_or_source_are_another_passage():
    assert not overlap(placed(0, 10), placed(0, 10, paragraph=2))
    assert not overlap(quoted("in the year 1991"), quoted("in the year 1991", source="other"))


def test_where_spans_are_known_equal_quotes_at_two_places_are_apart():
    assert not overlap(placed(0, 9), placed(50, 59))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("in 1991, when the union fell apart", "when the union fell"),
        ("in 1991, when the union", "the union fell apart"),
        ("the Union fell", "THE union  fell"),
        ("it’s the end", "it's the end"),
        ("1991", "in the year 1991"),
    ],
)
def test_without_spans_quotes_that_hold_or_run_into_each_other_overlap(one: str, other: str):
    assert overlap(quoted(one), quoted(other))
    assert overlap(quoted(other), quoted(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the fall of the", "the union grew"),  # one word at the seam
        ("he came in", "coming home"),
        ("art", "the party"),  # letters, not words
        ("", "some words"),
        ("", ""),
    ],
)
def test_quotes_that_share_a_word_by_chance_do_not_overlap(one: str, other: str):
    assert not overlap(quoted(one), quoted(other))


def test_where_only_one_span_is_known_the_quotes_decide():
    assert overlap(Passage("text", 1, "the union fell", Span(0, 14)), quoted("the union fell"))


def test_cards_with_a_common_passage_are_siblings_of_each_other_and_not_of_themselves():
    cards = {
        "one": [quoted("the union fell apart")],
        "two": [quoted("in other words", 7), quoted("the union fell")],
        "three": [quoted("in other words", 7)],
        "four": [quoted("nothing of the kind")],
        "five": [],
    }
    assert find_siblings(cards) == {
        "one": {"two"},
        "two": {"one", "three"},
        "three": {"two"},
        "four": frozenset(),
        "five": frozenset(),
    }


def test_cards_with_the_very_same_passage_are_siblings():
    assert find_siblings({1: [placed(0, 5)], 2: [placed(0, 5)], 3: [placed(0, 5)]})[2] == {1, 3}


def test_a_card_that_cites_one_passage_twice_is_still_not_its_own_sibling():
    assert find_siblings({1: [placed(0, 5), placed(2, 8), placed(0, 5)]}) == {1: frozenset()}


def test_no_cards_have_no_siblings():
    assert find_siblings({}) == {}


words = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4).map(" ".join)
spans = st.none() | st.tuples(st.integers(0, 20), st.integers(1, 10)).map(lambda it: Span(it[0], it[0] + it[1]))
passages = st.builds(Passage, st.sampled_from(["x", "y"]), st.integers(1, 2), words, spans)


@given(passages, passages)
def test_overlapping_goes_both_ways(one: Passage, other: Passage):
    assert overlap(one, other) == overlap(other, one)


@given(st.dictionaries(st.integers(0, 9), st.lists(passages, max_size=3)))
def test_siblings_are_exactly_the_cards_with_overlapping_or_equal_passages(cards: dict[int, list[Passage]]):
    found = find_siblings(cards, most=len(cards))
    for card, mine in cards.items():
        expected = {
            other
            for other, theirs in cards.items()
            if other != card and any(a == b or overlap(a, b) for a in mine for b in theirs)
        }
        assert found[card] == expected


def test_of_a_crowd_on_one_passage_each_card_gets_those_that_follow_it():
    crowd = {number: [quoted("the same old words")] for number in range(100)}
    found = find_siblings(crowd, most=5)
    assert all(len(others) == 5 for others in found.values())
    assert found[98] == {99, 0, 1, 2, 3}


def test_a_card_with_many_citations_of_one_passage_crowds_no_other_card_out():
    """Each sibling counts once, however many of its passages overlap."""
    cards = {"a": [placed(0, 100)], "b": [placed(n, n + 1) for n in range(10)], "c": [placed(50, 60)]}

    assert find_siblings(cards)["a"] == {"b", "c"}
