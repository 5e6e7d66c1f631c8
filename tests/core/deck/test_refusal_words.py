"""The words of refusals: lists with their last word, and names at the beginning of a sentence."""

from quizapp.core.deck.refusal_words import begin, join_and, join_or


def test_lists_end_with_and_or_or() -> None:
    assert [str(join_and(words)) for words in ([], ["a"], ["a", "b", "c"])] == ["", "`a`", "`a`, `b` and `c`"]
    assert [str(join_or(words)) for words in (["a"], ["a", "b", "c"])] == ["`a`", "`a`, `b` or `c`"]


def test_a_name_of_the_file_begins_with_a_capital() -> None:
    assert begin("citations") == "Citations"
    assert begin("") == ""
