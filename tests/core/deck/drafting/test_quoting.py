"""The words that prove a card."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.drafting import Passage
from quizapp.core.deck.drafting.quoting import find_proof
from quizapp.core.source.quotes import Span, find_quote


def _prove(text: str, words: str) -> str | None:
    start = text.index(words)
    return find_proof(Passage(1, text, ()), start, start + len(words), Span(0, len(text)))


def test_a_quote_has_some_words_around_what_it_proves() -> None:
    text = "a b c d e f g h i j k l m n o p"
    assert _prove(text, "h") == "d e f g h i j k l"
    assert _prove(text, "a") == "a b c d e f g h i"
    assert _prove(text, "p") == "h i j k l m n o p"


def test_a_quote_never_has_more_than_twelve_words() -> None:
    text = "a b c d e f g h i j k l m n o p"
    assert _prove(text, "b c d e f g h i j k l m n o") == "b c d e f g h i j k l m"


def test_marks_at_its_ends_are_left_out() -> None:
    assert _prove("“Well, (it fell in 1989).”", "1989") == "Well, (it fell in 1989"
    assert _prove("(1989)", "1989") == "1989"


def test_words_that_stand_twice_prove_nothing() -> None:
    assert _prove("ha ha", "ha") == "ha ha"
    assert _prove("a b. a b.", "a b.") == "a b. a b"
    text = "it fell. it fell."
    assert find_proof(Passage(1, text, ()), 0, 7, Span(0, 8)) is None


def test_nothing_is_proved_outside_the_sentence_or_in_endless_paragraphs() -> None:
    assert find_proof(Passage(1, "a b", ()), 2, 3, Span(0, 1)) is None
    assert _prove("word " * 5_000, "word") is None


@given(
    st.lists(st.sampled_from(["a", "b", "fell", "1989", ".", "(", "“"]), min_size=1, max_size=25), st.integers(0, 24)
)
def test_every_quote_stands_in_its_paragraph_once(words: list[str], at: int) -> None:
    text = " ".join(words)
    word = words[at % len(words)]
    start = len(" ".join([*words[: at % len(words)], ""]))
    proof = find_proof(Passage(1, text, ()), start, start + len(word), Span(0, len(text)))
    assert proof is None or (len(find_quote(text, proof)) == 1 and len(proof.split()) <= 12)
