from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.grading.dates import judge_date, read_date
from quizapp.core.learning.grading.verdict import Verdict

WHOLE = "15 August 1945"


@pytest.mark.parametrize(
    "typed",
    [
        "15 August 1945",
        "15 august, 1945.",
        "August 15, 1945",
        "Aug. 15, 1945",
        "15th of August 1945",
        "on the 15th of August, 1945",
        "Wednesday, 15 August 1945",
        "1945 August 15",
        "15.8.1945",
        "15. 8. 1945",
        "15.08.45",
        "15/08/1945",
        "08/15/1945",
        "15-8-1945",
        "15 8 1945",
        "1945-08-15",
        "1945/8/15",
        "15 August ’45",
        "1945年8月15日",
        "١٥/٨/١٩٤٥",
        "15 Aug1945",
        "Aug 15th 1945",
        "19450815",
        "15081945",
        "15-VIII-1945",
        "15. viii. 1945",
        "fifteenth of August 1945",
        "August the fifteenth, 1945",
        "Wed, 15/8/1945",
        "on 1945-08-15",
    ],
)
def test_the_common_ways_of_writing_a_date_are_right(typed: str):
    assert judge_date(typed, [WHOLE]).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "August",
        "16 August 1945",
        "15 July 1945",
        "15 August 1946",
        "31 February 1945",
        "15.13.1945",
        "x" * 101,
        "15 August 19450",
        "15 August August 1945",
        "some day",
        "15 16 August 1945",
        "0 August",
        "1 1 1 1",
        "thirty-second of August 1945",
        "twenty-fifteenth of August 1945",
        "15-XIII-1945",
        "45190815",
        "Wednesday",
    ],
)
def test_another_date_or_none_is_not_right(typed: str):
    assert judge_date(typed, [WHOLE]).verdict in (Verdict.WRONG, Verdict.PARTLY)
    assert judge_date(typed, [WHOLE]).score < Fraction(1, 2)


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("August 1945", Fraction(2, 3)),
        ("8/1945", Fraction(2, 3)),
        ("1945-08", Fraction(2, 3)),
        ("August 15th", Fraction(2, 3)),
        ("in 1945", Fraction(1, 3)),
        ("in August", Fraction(1, 3)),
    ],
)
def test_less_than_was_asked_is_partly_right_by_its_share(typed: str, share: Fraction):
    judgement = judge_date(typed, [WHOLE])
    assert (judgement.verdict, judgement.score) == (Verdict.PARTLY, share)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("26 December 1991", "1991"),
        ("in the year 1991", "1991"),
        ("12/1991", "1991"),
        ("91", "1991"),
        ("'91", "1991"),
        ("1991-12", "December 1991"),
        ("Aug 22", "August 2022"),
        ("dec 91", "December 1991"),
        ("December 26, 1991", "December 1991"),
        ("15 August 2022", "15 August"),
        ("Aug. 15", "15 August"),
        ("15.8.", "15 August"),
        ("8/15", "15 August"),
        ("A.D. 79", "79"),
        ("79 CE", "79 AD"),
        ("44 B.C.E.", "44 BC"),
        ("44 BC", "44 B. C."),
        ("March 44 BC", "44 BC"),
        ("15 March 44 BC", "15 March 44 BC"),
        ("15.8.1945", "15.8.45"),
        ("the 1990s", "1990s"),
        ("1939-1945", "1939–1945"),
        ("29 February", "29 February"),
    ],
)
def test_dates_are_right_at_the_precision_of_the_answer(typed: str, answer: str):
    assert judge_date(typed, [answer]).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1990", "1991"),
        ("1990", "1990s"),
        ("1979", "79"),
        ("44", "44 BC"),
        ("45 BC", "44 BC"),
        ("16.8.", "15 August"),
        ("16 August", "15 August"),
        ("16 August", "15 August 2016"),
        ("30 February", "28 February"),
        ("1991", "a long time ago"),
    ],
)
def test_another_year_or_day_is_wrong(typed: str, answer: str):
    assert judge_date(typed, [answer]).verdict is Verdict.WRONG


def test_a_slip_in_the_name_of_the_month_is_almost_right():
    assert judge_date("15 Agust 1945", [WHOLE]).verdict is Verdict.ALMOST
    assert judge_date("Febuary 15th, 1945", ["15 February 1945"]).verdict is Verdict.ALMOST
    assert judge_date("febuary 1945", ["Febuary 1945"]).verdict is Verdict.RIGHT


def test_months_are_read_in_the_language_of_the_deck_and_in_english():
    assert judge_date("15 aout 1945", ["15 août 1945"], "fr").verdict is Verdict.RIGHT
    assert judge_date("15 августа 1945", ["15.8.1945"], "ru").verdict is Verdict.RIGHT
    assert judge_date("am 15. März 1945", ["1945-03-15"], "de-CH").verdict is Verdict.RIGHT
    assert judge_date("15 أغسطس 1945", ["15 August 1945"], "ar").verdict is Verdict.RIGHT
    assert judge_date("1945年8月15日", ["15 August 1945"], "ja").verdict is Verdict.RIGHT
    assert judge_date("15 August 1945", ["15.8.1945"], "xx-unknown").verdict is Verdict.RIGHT
    assert judge_date("15 август 1945", ["15.8.1945"], "en").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("Mittwoch, den 15. August 1945", "de"),
        ("Mi, 15.8.1945", "de"),
        ("am 15. Aug. 1945", "de-AT"),
        ("mercredi 15 août 1945", "fr"),
        ("le 15 aout 1945", "fr-CA"),
        ("miércoles, 15 de agosto de 1945", "es"),
        ("15 ago. 1945", "es"),
        ("среда, 15 августа 1945 года", "ru"),
        ("15 авг. 1945 г.", "ru"),
        ("15 sierpnia 1945", "pl"),
        ("15. srpna 1945", "cs"),
        ("il 15 agosto 1945", "it"),
        ("15 Ağustos 1945", "tr"),
        ("15 באוגוסט 1945", "he"),
        ("ב-15 באוגוסט 1945", "he"),
        ("1945. augusztus 15.", "hu"),
    ],
)
def test_each_language_writes_its_months_and_weekdays(typed: str, language: str):
    assert judge_date(typed, [WHOLE], language).verdict is Verdict.RIGHT
    assert judge_date(typed, ["14 August 1945"], language).verdict is Verdict.WRONG


@pytest.mark.parametrize(("typed", "language"), [("1er mai 1889", "fr"), ("1º de mayo de 1889", "es")])
def test_the_first_of_a_month_has_a_form_of_its_own(typed: str, language: str):
    assert judge_date(typed, ["1889-05-01"], language).verdict is Verdict.RIGHT


def test_a_word_that_is_a_weekday_and_a_month_is_read_as_the_month_unless_the_month_is_there():
    assert judge_date("15 mar 1945", ["15 March 1945"], "es").verdict is Verdict.RIGHT


def test_month_before_day_is_an_english_habit():
    assert judge_date("08/15/1945", ["15.8.1945"], "de").verdict is Verdict.WRONG
    assert judge_date("8.15.1945", ["15.8.1945"], "en").verdict is Verdict.WRONG
    assert judge_date("08/09/1945", ["9 August 1945"], "en").verdict is Verdict.RIGHT
    assert judge_date("08/09/1945", ["8 September 1945"], "en").verdict is Verdict.RIGHT


def test_any_of_several_wordings_may_be_met():
    assert judge_date("V-J Day", [WHOLE, "V-J Day"]).wording == "V-J Day"
    assert judge_date("14.8.1945", [WHOLE, "14 August 1945"]).wording == "14 August 1945"


@given(st.dates())
def test_iso_dates_are_read_as_themselves(date):
    [read] = read_date(date.isoformat()).dates
    assert (read.year, read.month, read.day) == (date.year, date.month, date.day)


@given(st.text(max_size=120))
def test_any_text_is_read_or_not_but_never_fails(text: str):
    assert judge_date(text, [WHOLE, "1991", "long ago"]).verdict in Verdict
