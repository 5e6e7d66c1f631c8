from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.grading.number import judge_number, read_quantity
from quizapp.core.learning.grading.verdict import Verdict

RIGHT = [
    ("1991", "1991"),
    ("1,234", "1234"),
    ("1.234", "1234"),
    ("1 234", "1,234"),
    ("1\u2009234", "1,234"),
    ("1'234", "1234"),
    ("1’234,5", "1234.5"),
    ("12,34,567", "1234567"),
    ("1.234", "1.234"),
    ("1,234", "1.234"),
    ("3,5", "3.5"),
    ("3.50", "3.5"),
    (".5", "0.5"),
    (",5", "0.5"),
    ("5.", "5"),
    ("007", "7"),
    ("+5", "5"),
    ("−5", "-5"),
    ("–5", "-5"),
    ("minus 5", "-5"),
    ("plus five", "5"),
    ("50", "50 %"),
    ("50 percent", "50%"),
    ("-5 °C", "-5 ℃"),
    ("$5", "5 $"),
    ("-$5", "-5 $"),
    ("5 Km.", "5 km"),
    ("1.2e6", "1,200,000"),
    ("1,2 × 10⁶", "1200000"),
    ("1.2·10^6", "1.2 million"),
    ("1.2 x 10^6", "1.2 million"),
    ("10⁶", "1 million"),
    ("10⁻³", "0.001"),
    ("2E-3", "0.002"),
    ("three million", "3,000,000"),
    ("1/2", "0.5"),
    ("½", "0.5"),
    ("1½", "1.5"),
    ("1 1/2", "1.5"),
    ("twenty-one", "21"),
    ("twenty", "20"),
    ("five km", "5 km"),
    ("about 500", "500"),
    ("28,000 soldiers", "28000 soldiers"),
    ("١٬٢٣٤", "1234"),
    ("٣٫٥", "3.5"),
    ("１２", "12"),
    ("many", "many"),
    ("-0", "0"),
    # thousands, millions and their short forms
    ("28k", "28000"),
    ("28 k", "28,000"),
    ("2.5 bn", "2500000000"),
    ("2.5 billions", "2.5 billion"),
    ("5 hundred thousand", "500000"),
    ("5 K", "5 K"),
    # English words
    ("two hundred and fifty", "250"),
    ("two hundred fifty", "250"),
    ("a hundred", "100"),
    ("a million dollars", "$1,000,000"),
    ("twenty-eight thousand soldiers", "28,000 soldiers"),
    ("nineteen hundred and forty-five", "1945"),
    ("One Thousand Nine Hundred and Ninety-One", "1991"),
    ("two million and five", "2000005"),
    ("zero", "0"),
    ("nineteen oh five", "1905"),
    ("sixteen hundred", "1600"),
    ("half a million", "500000"),
    # the same unit in another way
    ("5 kilometres", "5 km"),
    ("5km", "5 kilometers"),
    ("US$ 5", "$5"),
    ("5 billion dollars", "$5 billion"),
    ("€5", "5 euros"),
    ("20 degrees Celsius", "20 °C"),
    ("5 square kilometres", "5 km²"),
]

WRONG = [
    ("", "5"),
    ("1.2", "12"),
    ("5", "-5"),
    ("- 5", "5"),
    ("--5", "5"),
    ("106", "10^6"),
    ("5 km", "5 miles"),
    ("5 km", "5"),
    ("5 million", "5"),
    ("1,2,3", "123"),
    ("1 2", "12"),
    ("1'2", "12"),
    ("5-10", "5"),
    ("1/2/3", "0.5"),
    ("1/0", "1"),
    ("1,5/2", "0.75"),
    ("1e999999999", "5"),
    ("1e9999", "1"),
    ("10^9999", "1"),
    ("twenty twenty", "40"),
    ("abc", "5"),
    ("?", "5"),
    ("few", "many"),
    ("two hundred", "250"),
    ("five six", "56"),
    ("thousand million", "1000000000"),
    ("two thousand three thousand", "5000"),
    ("hundred and", "100"),
    ("and five", "5"),
    ("a five", "5"),
    ("five and", "5"),
    ("5 pounds", "5 dollars"),
    ("28k", "28"),
    ("5 km", "5 km²"),
    ("nineteen oh hundred", "1900"),
    ("twenty twenty thousand", "2020000"),
    ("three point", "3.5"),
]


@pytest.mark.parametrize(("typed", "answer"), RIGHT)
def test_the_same_number_written_otherwise_is_right(typed: str, answer: str):
    assert judge_number(typed, [answer]).verdict is Verdict.RIGHT


@pytest.mark.parametrize(("typed", "answer"), WRONG)
def test_another_number_or_unit_is_wrong(typed: str, answer: str):
    assert judge_number(typed, [answer]).verdict is Verdict.WRONG


def test_a_slip_in_the_unit_is_almost_right():
    assert judge_number("5 killometres", ["5 kilometres"]).verdict is Verdict.ALMOST


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("99", "right"),
        ("101", "right"),
        ("100.0000000000000000001", "right"),
        ("98.999", "wrong"),
        ("101.001", "wrong"),
    ],
)
def test_the_tolerance_goes_from_below_to_above_exactly(typed: str, verdict: str):
    assert judge_number(typed, ["100"], tolerance=Decimal(1)).verdict == verdict


def test_no_tolerance_is_exact_to_any_digit():
    assert judge_number("0.1000000000000000000000000000000001", ["0.1"]).verdict is Verdict.WRONG


def test_a_unit_that_the_question_names_may_be_repeated():
    prompt = "How many years did it last, and what percentage was that?"
    assert judge_number("70 years", ["70"], prompt=prompt).verdict is Verdict.RIGHT
    assert judge_number("70 %", ["70"], prompt=prompt).verdict is Verdict.RIGHT
    assert judge_number("70 days", ["70"], prompt=prompt).verdict is Verdict.WRONG


def test_a_bare_number_is_a_share_unless_the_question_asks_for_percent():
    assert judge_number("0.5", ["50%"], prompt="Which part was it?").verdict is Verdict.RIGHT
    assert judge_number("0.5", ["50%"], prompt="What percentage was it?").verdict is Verdict.WRONG
    assert judge_number("50", ["50%"], prompt="What percentage was it?").verdict is Verdict.RIGHT
    assert judge_number("0,5", ["50 %"], prompt="Wie viel Prozent waren es?", language="de").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("prompt", "typed", "answer"),
    [
        ("How many metres are 5 km?", "5 km", "5000 m"),
        ("Write 50% as a decimal.", "50%", "0.5"),
        ("What share is 0.5?", "0.5", "50%"),
    ],
)
def test_to_repeat_the_question_is_no_answer(prompt: str, typed: str, answer: str):
    assert judge_number(typed, [answer], prompt=prompt).verdict is Verdict.WRONG
    assert judge_number(answer, [answer], prompt=prompt).verdict is Verdict.RIGHT


def test_a_unit_of_the_question_may_be_written_in_its_other_ways():
    assert judge_number("50 kph", ["50"], prompt="How fast, in km/h?").verdict is Verdict.RIGHT
    assert judge_number("x = 5", ["5"], prompt="What is x?").verdict is Verdict.RIGHT
    assert judge_number("50 m/s", ["50"], prompt="How fast, in km/h?").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("von 5 bis 10 km", "de"),
        ("zwischen 5 und 10 km", "de"),
        ("de 5 à 10 km", "fr"),
        ("entre 5 y 10 km", "es"),
        ("da 5 a 10 km", "it"),
        ("van 5 tot 10 km", "nl"),
        ("od 5 do 10 km", "pl"),
        ("от 5 до 10 км", "ru"),
        ("من 5 إلى 10 km", "ar"),
    ],
)
def test_each_language_says_from_where_to_where(typed: str, language: str):
    assert judge_number(typed, ["5–10 km"], language=language).verdict is Verdict.RIGHT
    assert judge_number(typed, ["5 km"], language=language).verdict is Verdict.WRONG
    assert judge_number("5 km", [typed], language=language).verdict is Verdict.WRONG


def test_the_deck_of_another_language_may_mean_either_reading():
    assert judge_number("1234", ["1.234"], language="de").verdict is Verdict.RIGHT
    assert judge_number("1234", ["1.234"], language="en").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("2,5 Millionen", "de"),
        ("2,5 Mio.", "de-CH"),
        ("2.500 Tausend", "de"),
        ("2,5 millions", "fr"),
        ("2,5 millones", "es"),
        ("2 500 mil", "es"),
        ("2,5 млн", "ru"),
        ("2500 тыс.", "ru"),
        ("2,5 миллиона", "ru"),
    ],
)
def test_each_language_has_its_words_for_millions(typed: str, language: str):
    assert judge_number(typed, ["2500000"], language=language).verdict is Verdict.RIGHT
    assert judge_number(typed, ["2500000"], language="ja").verdict is Verdict.WRONG


def test_a_german_billion_is_a_thousand_english_ones():
    assert judge_number("1 Billion", ["1000000000000"], language="de").verdict is Verdict.RIGHT
    assert judge_number("1 billion", ["1000000000"], language="en").verdict is Verdict.RIGHT
    assert judge_number("2 mil millones", ["2000000000"], language="es").verdict is Verdict.RIGHT


def test_the_unit_of_the_question_may_be_written_in_another_way():
    assert judge_number("$5", ["5"], prompt="How many dollars did it cost?").verdict is Verdict.RIGHT
    assert judge_number("5 °C", ["5"], prompt="How many degrees Celsius?").verdict is Verdict.RIGHT
    assert judge_number("€5", ["5"], prompt="How many dollars did it cost?").verdict is Verdict.WRONG


def test_english_words_are_no_numbers_in_another_language():
    assert judge_number("five", ["5"], language="de").verdict is Verdict.WRONG


def test_the_wording_that_was_met_is_named():
    assert judge_number("12", ["10", "a dozen", "12"]).wording == "12"
    assert judge_number("a dozen", ["10", "a dozen", "12"]).wording == "a dozen"
    assert judge_number("99", ["10", "a dozen", "12"]).wording == "10"


@given(st.integers(-(10**12), 10**12), st.sampled_from([",", " ", "'", "\u202f", "."]))
def test_grouped_thousands_are_the_same_number(number: int, mark: str):
    assert judge_number(f"{number:,}".replace(",", mark), [str(number)]).verdict is Verdict.RIGHT


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_decimal_comma_is_a_decimal_point(number: Decimal):
    assert judge_number(str(number).replace(".", ","), [str(number)]).verdict is Verdict.RIGHT


@given(st.text(max_size=50))
def test_any_text_is_read_or_not_but_never_fails(text: str):
    quantity = read_quantity(text)
    assert quantity is None or quantity.values
    assert judge_number(text, ["5 km", "some"]).verdict in Verdict


@pytest.mark.parametrize(
    "hostile",
    [
        "hundred " * 1_250,
        "one million two hundred " * 400,
        "1" * 10_000,
        "1," * 5_000,
        "1 " * 5_000,
        "-" * 10_000,
        "1e" * 5_000,
        "/1" * 5_000,
        "x 10^" * 2_000,
        "٣" * 10_000,
    ],
)
def test_a_hostile_number_is_just_wrong(hostile: str):
    assert judge_number(hostile, ["1234 km", "many"]).verdict is Verdict.WRONG


_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ONES = dict(enumerate(_WORDS.split()))
_TENS = dict(enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2))
_SCALES = {10**12: "trillion", 10**9: "billion", 10**6: "million", 1000: "thousand", 100: "hundred"}


def _say(number: int) -> str:
    for scale, word in (
        (10**12, "trillion"),
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= scale:
            rest = number % scale
            joint = " and " if rest and rest < 100 else " "
            return f"{_say(number // scale)} {word}" + (joint + _say(rest) if rest else "")
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")


@given(st.integers(0, 10**15 - 1))
def test_every_number_in_english_words_is_read_as_itself(number: int):
    assert judge_number(_say(number), [str(number)]).verdict is Verdict.RIGHT
    assert judge_number(_say(number).upper().replace("-", " "), [str(number)]).verdict is Verdict.RIGHT
    assert judge_number(f"{_say(number)} soldiers", [f"{number} soldiers"]).verdict is Verdict.RIGHT


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_number_in_words_is_no_other_number(one: int, other: int):
    assert (judge_number(_say(one), [str(other)]).verdict is Verdict.RIGHT) == (one == other)
