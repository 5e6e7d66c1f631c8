"""No answer that a learner may send takes long: the time grows with its length, not with the square of it."""

import time

import pytest

from quizapp.core.deck.schema import Cloze, Short
from quizapp.core.learning.grading import LONGEST_TYPED, grade, parse_response

CARDS = {
    "text": Short(
        id="a", type="short", prompt="How many dollars?", answer="Soviet Union", accept=["USSR", "a b " * 100]
    ),
    "number": Short(
        id="a", type="short", prompt="How many?", answer="28,000 soldiers", accept=["five"], match="number"
    ),
    "date": Short(id="a", type="short", prompt="When?", answer="15 August 1945", accept=["1945"], match="date"),
    "cloze": Cloze(id="a", type="cloze", text="The {{Soviet Union|USSR}} ended."),
}
PIECES = [
    *("a", "1,111", " 1", "-", "1.", "/1", "1e", "x 10^", "a ", "soviett ", "the ", "- ", "1-", "1 -", "..,,::"),
    *("hundred ", "one million two hundred ", "twenty-", "mon ", "august ", "fifteenth ", "b.c. ", "1/2 "),
    *(
        "a\u0316\u0301",
        "\u0301\u0316",
        "\u0300a",
        "1\u0300",
        "²1",
        "٣",
        "½ ",
        "'",
        "年1",
        "€5 ",
        "\u0640",
        "가",
        "𝔘",
        "ﬁ",
    ),
]
_REPEATS = 3
_MOST = 8.0  # four times the length: 4 where time is linear, 16 where it is its square


def _measure(card: Short | Cloze, text: str) -> float:
    """The processor time of this thread, at its best of three: what else the machine does is left out."""
    raw = [text] if isinstance(card, Cloze) else text
    spent = []
    for _ in range(_REPEATS):
        start = time.thread_time()
        grade(card, parse_response(card, raw))
        spent.append(time.thread_time() - start)
    return min(spent)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("card", CARDS)
def test_the_time_grows_with_the_length_of_the_answer_and_not_with_its_square(card: str, piece: str):
    long = (piece * LONGEST_TYPED)[:LONGEST_TYPED]
    whole = _measure(CARDS[card], long)
    quarter = _measure(CARDS[card], long[: LONGEST_TYPED // 4])
    least = _measure(CARDS[card], "a" * LONGEST_TYPED)  # what is shorter than that is not worth a ratio
    assert whole <= _MOST * max(quarter, least)
