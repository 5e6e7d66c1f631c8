import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.grading.folding import simplify
from quizapp.core.learning.grading.text import judge_text
from quizapp.core.learning.grading.verdict import ALMOST_SCORE, Verdict

RIGHT = [
    # letter case, spaces, punctuation, quotes
    ("soviet union", "Soviet Union"),
    ("  SOVIET   UNION.  ", "Soviet Union"),
    ("“Soviet Union”", "Soviet Union"),
    ("Soviet\tUnion\n", "Soviet Union"),
    ("Kim's", "Kim’s"),
    ("dont", "don't"),
    ("d´accord", "d'accord"),
    # a missing space, hyphen or point
    ("sovietunion", "Soviet Union"),
    ("Kim Jong Un", "Kim Jong-un"),
    ("North-Korea", "North Korea"),
    ("USSR", "U.S.S.R."),
    ("u. s. s. r.", "USSR"),
    # an English article in front
    ("the Soviet Union", "Soviet Union"),
    ("Hague", "The Hague"),
    ("an armistice", "armistice"),
    ("A", "a"),
    ("AM", "A.M."),
    ("a.m.", "am"),
    ("a b c", "ABC"),
    ("a-priori", "a priori"),
    # accents, Unicode forms, letters of other alphabets
    ("Muller", "Müller"),
    ("MU\u0308LLER", "Müller"),
    ("lodz", "Łódź"),
    ("strasse", "Straße"),
    ("oeuvre", "œuvre"),
    ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
    ("Αθηνα", "Αθήνα"),
    ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"),
    ("еж", "ёж"),
    ("北京。", "北京"),
    ("كـــتاب", "كتاب"),
    # numbers in a text
    ("28,000 soldiers", "28000 soldiers"),
    ("28 000 soldiers", "28,000 soldiers"),
    ("١٩٩١", "1991"),
    ("3,5", "3.5"),
    ("1990 – 1991", "1990-1991"),
    ("COVID 19", "COVID-19"),
    ("50 %", "50%"),
    ("10^2", "10²"),
    ("H2O", "H₂O"),
    ("AT and T", "AT&T"),
    ("C++", "c++"),
    # nothing but signs
    ("+", "+"),
    (" ？ ", "?"),
]

WRONG = [
    ("", "Soviet Union"),
    ("   ", "Soviet Union"),
    ("?", "!"),
    ("?", "Soviet Union"),
    ("Soviet Union", "?"),
    ("Union Soviet", "Soviet Union"),
    ("Soviet", "Soviet Union"),
    ("Soviet Union and China", "Soviet Union"),
    # short words are never forgiven
    ("Iran", "Iraq"),
    ("Kim Jong-il", "Kim Jong-un"),
    ("east", "west"),
    # digits and what is inside a number
    ("1990", "1991"),
    ("15", "1.5"),
    ("1 5", "15"),
    ("5", "-5"),
    ("31", "3:1"),
    ("102", "10²"),
    ("50", "50%"),
    ("19900", "1990"),
    ("G20s", "G20x"),
    # other words, near as they are
    ("south", "north"),
    ("export", "import"),
    ("Austria", "Australia"),
    ("Slovenian", "Slovakian"),
    ("Iceland", "Ireland"),
    ("Russia", "Prussia"),
    ("million", "billion"),
    ("eighty", "eight"),
    ("employer", "employee"),
    ("nitrite", "nitrate"),
    ("hypotension", "hypertension"),
    ("microeconomics", "macroeconomics"),
    ("intrastate", "interstate"),
    ("emigration", "immigration"),
    ("unconstitutional", "constitutional"),
    ("constitutional", "unconstitutional"),
    ("Louis XVII", "Louis XVIII"),
    # signs that change what is meant
    ("C", "C++"),
    ("C", "C#"),
    # scripts that do not spell word by word
    ("第一次世界大战", "第二次世界大战"),
    ("عِلم", "عَلم"),
    ("हिन्दी भाषा", "हिन्दू भाषा"),
]

ALMOST = [
    ("Soviet Unoin", "Soviet Union"),
    ("soviett union", "Soviet Union"),
    ("Sovet Union", "Soviet Union"),
    ("ussia", "Russia"),
    ("Pyongyng", "Pyongyang"),
    ("Pyonyan", "Pyongyang"),
    ("Kruschev", "Khrushchev"),
    ("the armistise", "armistice"),
    ("Gorbatchov", "Gorbachov"),
    ("Untied Nations", "United Nations"),
    ("Μοσχκα Ρωσσια", "Μοσχκα Ρωσια"),
    ("Gorbachev 1985", "Gorbatchev 1985"),
]


@pytest.mark.parametrize(("typed", "answer"), RIGHT)
def test_what_a_person_would_accept_is_right(typed: str, answer: str):
    assert judge_text(typed, [answer]).verdict is Verdict.RIGHT


@pytest.mark.parametrize(("typed", "answer"), WRONG)
def test_what_says_something_else_is_wrong(typed: str, answer: str):
    judgement = judge_text(typed, [answer])
    assert (judgement.verdict, judgement.score) == (Verdict.WRONG, 0)


@pytest.mark.parametrize(("typed", "answer"), ALMOST)
def test_a_slip_in_spelling_is_almost_right(typed: str, answer: str):
    judgement = judge_text(typed, [answer])
    assert (judgement.verdict, judgement.score) == (Verdict.ALMOST, ALMOST_SCORE)


def test_an_exact_wording_goes_before_a_near_one():
    judgement = judge_text("Gorbatchev", ["Gorbachev", "Gorbatchev"])
    assert (judgement.verdict, judgement.wording) == (Verdict.RIGHT, "Gorbatchev")


def test_a_wrong_answer_is_held_against_the_main_wording():
    assert judge_text("China", ["Soviet Union", "USSR"]).wording == "Soviet Union"


def test_an_article_is_a_word_where_the_language_is_not_english():
    assert judge_text("a Mallorca", ["Mallorca"], "es").verdict is Verdict.WRONG
    assert judge_text("the Hague", ["Hague"], "en-GB").verdict is Verdict.RIGHT


def test_an_ampersand_is_a_sign_where_the_language_is_not_english():
    assert judge_text("AT and T", ["AT&T"], "de").verdict is Verdict.WRONG


@given(st.text(max_size=60))
def test_any_text_is_right_for_itself(text: str):
    assert judge_text(text, [text]).verdict is Verdict.RIGHT


@given(st.text(max_size=60), st.sampled_from(["NFC", "NFD"]))
def test_the_unicode_form_does_not_matter(text: str, form: str):
    assert simplify(unicodedata.normalize(form, text)) == simplify(text)


words = st.lists(st.text("abcdefghijklmnopqrstuvwxyzäöüéßфжλ", min_size=2, max_size=12), min_size=1, max_size=5)


@given(words, st.sampled_from([" ", "  ", "-", ", ", " \u2014 ", "\u00a0"]))
def test_case_and_what_stands_between_words_do_not_matter(some: list[str], between: str):
    assert judge_text(between.join(some).upper(), [" ".join(some)]).verdict is Verdict.RIGHT


@given(
    words, st.sampled_from(["“{}”", "'{}'", "«{}»", "„{}“", "「{}」", " {} ", "\u00a0{}\u2003", "{}.", "¿{}?", "({})"])
)
def test_quotes_spaces_and_marks_around_an_answer_do_not_matter(some: list[str], around: str):
    answer = " ".join(some)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        typed = unicodedata.normalize(form, around.format(answer))
        assert judge_text(typed, [answer]).verdict is Verdict.RIGHT
        assert judge_text(answer, [typed]).verdict is Verdict.RIGHT


@given(st.lists(st.text("abc ’'-é", max_size=8), min_size=1, max_size=5), st.text("abc ’'-é", max_size=8))
def test_the_wording_that_is_named_is_one_of_the_accepted(wordings: list[str], typed: str):
    judgement = judge_text(typed, wordings)
    assert judgement.wording in wordings
    if judgement.verdict is Verdict.RIGHT:
        assert judge_text(typed, [judgement.wording]).verdict is Verdict.RIGHT


@given(st.text("bcdfghjklmnpqrstvwz", min_size=9, max_size=12), st.integers(0, 8))
def test_a_letter_left_out_of_a_long_word_is_almost_right(word: str, place: int):
    typed = word[:place] + word[place + 1 :]
    assert judge_text(typed, [word]).verdict is Verdict.ALMOST


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_are_right_only_if_they_are_equal(one: int, other: int):
    assert (judge_text(f"in {one}", [f"in {other}"]).verdict is Verdict.RIGHT) == (one == other)
    assert judge_text(f"in {one}", [f"in {other}"]).verdict is not Verdict.ALMOST


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 10_000,
        "1,111" * 2_000,
        "111 " * 2_500,
        "-" * 10_000,
        "a\u0316\u0301" * 3_000,
        "\u0301\u0316" * 5_000,
        "²1" * 5_000,
    ],
    ids=["letters", "commas", "groups", "dashes", "accents", "marks", "powers"],
)
def test_a_hostile_text_is_just_wrong(hostile: str):
    assert judge_text(hostile, ["Soviet Union", "a" * 500]).verdict is Verdict.WRONG
