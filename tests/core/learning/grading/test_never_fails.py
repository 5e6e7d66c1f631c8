"""Whatever is typed into whatever card: grading says what it is worth, and soon."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.deck.schema import Card, Cloze, Short
from quizapp.core.learning.grading import LONGEST_TYPED, Response, Verdict, count_wrong, grade, parse_response
from quizapp.core.learning.rating import rate

_LANGUAGES = (
    "en",
    "en-GB",
    "de",
    "fr",
    "es",
    "it",
    "pt-BR",
    "nl",
    "pl",
    "ru",
    "uk",
    "ar",
    "he",
    "zh",
    "ja",
    "ko",
    "tr",
    "vi",
    "xx",
)
_DIGITS_OF_ALL_KINDS = "0159²³¹⁵①⑤❶❺⒈½Ⅷ五١٥۵५५５𝟝🄅㊿"
_MARKS = " .,:/-−–—^+%°$€'’()×·=√π~<>\u00a0\u200b\u200f\u202f\u2060"
_WORDS = [
    *("August", "year", "BC", "before Christ", "v. Chr.", "ngày", "tháng", "년", "月", "日", "Mai", "xiv", "half", "e"),
    *("million", "km", "km/h", "m/s²", "century", "the", "about", "10^", "H₂O", "Fe3+", "ﷺ", "e\u0301", "1/2", "10"),
]
_TYPED = st.one_of(
    st.text(max_size=40),
    st.text(_DIGITS_OF_ALL_KINDS + _MARKS, max_size=20),
    st.lists(st.one_of(st.sampled_from(_WORDS), st.sampled_from(_DIGITS_OF_ALL_KINDS + _MARKS)), max_size=8).map(
        "".join
    ),
    st.lists(st.one_of(st.sampled_from(_WORDS), st.sampled_from(_DIGITS_OF_ALL_KINDS)), max_size=8).map(" ".join),
).filter(lambda text: "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text))
_ANSWERS = _TYPED.filter(lambda text: bool(text.strip()))


def _shorts() -> st.SearchStrategy[Short]:
    return st.builds(
        lambda answer, accept, match: Short.model_construct(
            id="a", type="short", prompt="How many years?", answer=answer, accept=accept, match=match, tolerance=None
        ),
        _ANSWERS,
        st.lists(_ANSWERS, max_size=2),
        st.sampled_from(["text", "number", "date"]),
    )


def _clozes() -> st.SearchStrategy[Cloze]:
    words = _ANSWERS.map(lambda text: text.translate(dict.fromkeys(map(ord, "{}|\\"), "a")))
    return words.map(
        lambda text: Cloze.model_construct(id="a", type="cloze", prompt="", text="It is {{" + text + "}}.")
    )


@settings(deadline=None)
@given(st.one_of(_shorts(), _clozes()), _TYPED, st.sampled_from(_LANGUAGES))
def test_any_text_typed_into_any_card_is_graded(card: Short | Cloze, typed: str, language: str) -> None:
    found = grade(card, Response((typed,)), language)
    assert found.verdict in Verdict
    assert 0 <= found.score <= 1
    assert rate(found) in range(1, 5)


@pytest.mark.parametrize("match", ["text", "number", "date"])
@pytest.mark.parametrize(
    "typed", ["❶", "②", "①⑥ March 1946", "²", "❿ March 1946", "⒈", "Ⅷ", "五", "²/₃", "10^❶", "1e❶"]
)
def test_a_number_in_a_ring_or_a_list_is_a_sign_like_any_other(typed: str, match: Any) -> None:
    card = Short(id="a", type="short", prompt="When?", answer="15 August 1945", accept=["1945"], match=match)
    assert grade(card, Response((typed,))).verdict in (Verdict.WRONG, Verdict.PARTLY)


@pytest.mark.parametrize(
    "sign", ["❶", "²", "①", "½aa", "Ⅷaaaa", "-", "−", "5-", "x-", "-5 ", "km/h ", "10^-", "BC ", "c. "]
)
@pytest.mark.parametrize("match", ["text", "number", "date"])
def test_ten_thousand_signs_are_graded_at_once(sign: str, match: Any) -> None:
    card = Short(id="a", type="short", prompt="When?", answer="15 August 1945", accept=["x=-5", "5-10"], match=match)
    began = time.thread_time()
    grade(card, parse_response(card, (sign * LONGEST_TYPED)[:LONGEST_TYPED]))
    assert time.thread_time() - began < 1


@pytest.mark.parametrize("match", ["text", "number", "date"])
@pytest.mark.parametrize(
    "typed",
    ["1945", "①⑨④⑤", "❶❾❹❺", "１９４５", "١٩٤٥", "۱۹۴۵", "१९४५", "𝟙𝟡𝟜𝟝", "1\ufe0f\u20e3945", "\u200f1945\u200e"],
)
def test_the_digits_of_all_scripts_are_digits(typed: str, match: Any) -> None:
    card = Short(id="a", type="short", prompt="When?", answer="1945", match=match)
    assert grade(card, Response((typed,))).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("fields", "texts", "expected"),
    [
        ({"type": "short", "answer": "five"}, ("5",), ["five"]),
        ({"type": "cloze", "text": "{{one|1}} and {{two}}"}, ("a", ""), ["one", "two"]),
        ({"type": "choice", "answer": "a", "wrong": ["b"]}, ("b",), [""]),
    ],
)
def test_an_answer_that_grading_cannot_handle_is_wrong_in_each_part(
    make_card: Callable[..., Card], fields: dict[str, Any], texts: tuple[str, ...], expected: list[str]
) -> None:
    found = count_wrong(make_card(**fields), Response(texts))
    assert (found.score, found.verdict) == (0, Verdict.WRONG)
    assert [(part.given, part.expected) for part in found.parts] == list(zip(texts, expected, strict=True))
