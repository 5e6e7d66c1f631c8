"""No answer that a learner may send takes long: the time grows with its length, not with the square of it."""

import time

import pytest

from quizapp.core.deck.schema import Cloze, Short
from quizapp.core.learning.grading import LONGEST_TYPED, Response, grade, parse_response
from quizapp.core.learning.grading import text as typed_text
from quizapp.core.learning.grading.folding import simplify

pytestmark = pytest.mark.unmeasured

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
# One sign of these stands for up to eighteen letters; an answer of 30 kB on the wire.
GROWING = ["ﷺ", "ﷲ", "ﷺ a", "㌖", "ﬃ", "ΐ", "ᾂ", "⑴", "½", "ｶﾞ", "㌀1", "İ"]
_MOST_TIMES_PLAIN = 20.0  # it was 37 where nothing was cut
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


@pytest.mark.parametrize("piece", GROWING)
def test_what_unicode_makes_longer_is_cut_to_the_length_that_may_be_typed(piece: str):
    answer = (piece * LONGEST_TYPED)[:LONGEST_TYPED]
    assert sum(map(len, simplify(answer))) <= 4 * LONGEST_TYPED  # letters that fold to several, such as ß
    assert simplify(answer) != simplify(piece)


@pytest.mark.parametrize("piece", GROWING)
@pytest.mark.parametrize("card", CARDS)
def test_letters_that_grow_cost_little_more_than_plain_ones(card: str, piece: str):
    def spend(text: str) -> float:
        start = time.thread_time()
        grade(CARDS[card], Response((text[:LONGEST_TYPED],)))
        return time.thread_time() - start

    grown = min(spend(piece * LONGEST_TYPED) for _ in range(_REPEATS))
    assert grown <= _MOST_TIMES_PLAIN * min(spend("a" * LONGEST_TYPED) for _ in range(_REPEATS))


def test_many_long_wordings_are_taken_apart_once_and_not_for_each_answer(monkeypatch: pytest.MonkeyPatch):
    wordings = [f"{number} {'é ' * 240}" for number in range(100)]
    card = Short(id="a", type="short", prompt="Who?", answer="Bertrand Russell", accept=wordings)
    asked: list[str] = []

    def count(text: str, language: str) -> tuple[str, ...]:
        asked.append(text)
        return simplify(text, language)

    monkeypatch.setattr(typed_text, "simplify", count)
    for answer in ("Russel", "Bertrand Russel"):
        asked.clear()
        grade(card, Response((answer,)))
    assert asked.count("Bertrand Russell") == 0
    assert len(asked) <= 2
