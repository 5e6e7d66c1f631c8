"""Finding quotes, word for word and after edits."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.source.quotes import Span, find_quote, fold_text, relocate

PARAGRAPHS = [
    "The tie was close. It went back to the days of the Soviet Union.",
    "This changed in 1991, when the Soviet Union broke apart, and trade shrank.",
    "Later on, trade with China grew, year after year.",
]


def pieces(text: str, quote: str) -> list[str]:
    return [text[span.start : span.end] for span in find_quote(text, quote)]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("It was “new” then.", '"new" then'),
        ('It was "new" then.', "“new” then"),
        ("Russia’s plan", "Russia's plan"),
        ("a plan\u00a0 of\n\tmany", "plan of many"),
        ("a plan of many", " plan\nof  many "),
        ("co\u00adop\u200beration", "cooperation"),
        ("a caf\u0065\u0301 here", "café here"),
        ("a café here", "caf\u0065\u0301"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        ("well \u200b known", "well known"),
        ("a \ufb01ne o\ufb03ce here", "fine office"),
        ("a fine office here", "\ufb01ne o\ufb03ce"),
        ("\ufb01ne cafe\u0301\u00a0here", "fine café here"),
    ],
)
def test_texts_that_look_the_same_are_found(text: str, quote: str) -> None:
    (piece,) = pieces(text, quote)
    assert fold_text(piece) == fold_text(quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("a long-term plan", "long–term"),
        ("in 1991", "in 1992"),
        ("the Plan", "the plan"),
        ("cafe", "café"),
        ("ab", "a b"),
    ],
)
def test_other_letters_dashes_and_cases_are_not_found(text: str, quote: str) -> None:
    assert find_quote(text, quote) == ()


def test_all_places_are_found() -> None:
    assert find_quote("many a many, many", "many") == (Span(0, 4), Span(7, 11), Span(13, 17))
    assert find_quote("ha ha ha", "ha ha") == (Span(0, 5), Span(3, 8))


def test_a_cut_word_counts_only_where_nothing_else_is_found() -> None:
    assert pieces("Iranians in Iran", "Iran") == ["Iran"]
    assert find_quote("Iranians in Iran", "Iran") == (Span(12, 16),)
    assert find_quote("Iranians", "Iran") == (Span(0, 4),)
    assert find_quote("日本語", "本") == (Span(1, 2),)


@pytest.mark.parametrize(("text", "quote"), [("", "a"), ("a", ""), ("a", " \u200b "), ("", "")])
def test_nothing_is_found_in_nothing(text: str, quote: str) -> None:
    assert find_quote(text, quote) == ()


WORDS = st.lists(st.sampled_from(["one", "two", "“x”", "e\u0301a", "d'or"]), min_size=1, max_size=5).map(" ".join)


@given(before=WORDS, quote=WORDS, after=WORDS, gap=st.sampled_from([" ", "\n", "\u00a0 ", "\u00ad "]))
def test_a_quote_is_found_where_it_was_put_in_however_it_is_set(before: str, quote: str, after: str, gap: str) -> None:
    text = gap.join([before, quote.replace(" ", gap), after])
    spans = find_quote(text, unicodedata.normalize("NFC", quote).replace("“", '"'))
    start = len(before) + len(gap)
    assert start in [span.start for span in spans]
    assert all(fold_text(text[span.start : span.end]) == fold_text(quote) for span in spans)


@given(st.text(max_size=60), st.text(max_size=20))
def test_spans_lie_within_the_text_in_order(text: str, quote: str) -> None:
    spans = find_quote(text, quote)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert list(spans) == sorted(spans)


def test_a_quote_stays_where_it_stands_word_for_word() -> None:
    found = relocate(PARAGRAPHS, "when the Soviet Union", 2)
    assert found is not None
    assert (found.paragraph, found.kind, found.score) == (2, "exact", 100.0)
    assert PARAGRAPHS[1][found.span.start : found.span.end] == "when the Soviet Union"


def test_a_quote_that_moved_is_found_in_the_nearest_paragraph() -> None:
    for paragraph, expected in ((1, 1), (2, 2), (3, 2), (50, 2)):
        found = relocate(PARAGRAPHS, "the Soviet Union", paragraph)
        assert found is not None
        assert (found.paragraph, found.kind) == (expected, "exact" if expected == paragraph else "moved")


def test_an_edited_quote_is_found_by_closeness_in_whole_words() -> None:
    found = relocate(PARAGRAPHS, "In 1991, when the Soviet-Union broke up", 2)
    assert found is not None
    assert (found.paragraph, found.kind) == (2, "close")
    assert 70 <= found.score < 100
    assert PARAGRAPHS[1][found.span.start : found.span.end] == "in 1991, when the Soviet Union broke apart"


def test_a_close_place_begins_and_ends_with_whole_words() -> None:
    text = "Everybody knows the Unsoviet Unionists broke apart."
    found = relocate([text], "nows the Unsovietic Union", 1)
    assert found is not None
    assert text[found.span.start : found.span.end] == "knows the Unsoviet Unionists"
    found = relocate([text], "viet Unions broke apart", 1)
    assert found is not None
    assert text[found.span.start : found.span.end] == "Unsoviet Unionists broke apart"


def test_an_edited_quote_in_another_paragraph_must_be_closer() -> None:
    moved = relocate(PARAGRAPHS, "when the Soviet-Union broke apart", 3)
    assert moved is not None
    assert (moved.paragraph, moved.kind) == (2, "close")
    assert relocate(PARAGRAPHS, "when soviets and unions broke apart", 2) is not None
    assert relocate(PARAGRAPHS, "when soviets and unions broke apart", 3) is None
    assert relocate(PARAGRAPHS, "when Russian unions broke apart", 2) is None


@pytest.mark.parametrize(
    "quote",
    ["in 1992, when the Soviet Union broke apart", "China's grain harvest failed badly", "tie wax", "", "\u200b"],
)
def test_another_number_other_words_and_short_words_are_lost(quote: str) -> None:
    assert relocate(PARAGRAPHS, quote, 2) is None


def test_a_paragraph_shorter_than_the_quote_is_not_close_by_being_a_part_of_it() -> None:
    assert relocate(["when the", ""], "when the Soviet Union broke apart", 1) is None
    assert relocate([], "when the Soviet Union broke apart", 1) is None


def test_letters_whose_lower_case_is_longer_keep_their_place() -> None:
    text = "İİİ when the Soviet Union fell to pieces"
    found = relocate([text], "when the Soviet Union falls to pieces", 1)
    assert found is not None
    assert text[found.span.start : found.span.end] == "when the Soviet Union fell to pieces"


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=20), st.integers(-2, 6))
def test_any_text_can_be_looked_through(paragraphs: list[str], quote: str, paragraph: int) -> None:
    found = relocate(paragraphs, quote, paragraph)
    if found is not None:
        assert 0 <= found.span.start < found.span.end <= len(paragraphs[found.paragraph - 1])


@pytest.mark.parametrize(
    "changed",
    [
        "Russia has not become isolated from the West.",
        "Russia hasn’t become isolated from the West.",
        "Norway has become isolated from the West.",
        "Russia has become isolated from the East.",
    ],
)
def test_words_that_say_the_opposite_or_of_another_are_lost_and_not_close(changed: str) -> None:
    assert relocate([changed], "Russia has become isolated from the West", 1) is None


def test_a_negated_quote_is_close_where_it_is_still_negated() -> None:
    found = relocate(["Russia is not yet isolated from the West at all."], "Russia is not isolated from the West", 1)
    assert found is not None
    assert found.kind == "close"
