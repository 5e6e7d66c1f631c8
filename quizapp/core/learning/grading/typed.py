"""Typed answers to a card that asks for text: words, and where the wording is a date or a quantity, its other forms.

An author need not say ``match: date`` or ``match: number`` for "August 15, 1945" to be right where the answer reads
"15 August 1945". Here all parts have to be there, and nothing may be added.
"""

import re
from collections.abc import Sequence

from quizapp.core.learning.grading.dates import PartialDate, read_date
from quizapp.core.learning.grading.folding import ENGLISH, plain
from quizapp.core.learning.grading.number import Quantity, read_quantity
from quizapp.core.learning.grading.text import judge_text
from quizapp.core.learning.grading.units import convert, same_unit
from quizapp.core.learning.grading.verdict import Judgement, Verdict, judge

_LONGEST = 80
_NAMES_A_DATE = re.compile(r"(?=.*\d)(?:.*(?:[^\W\d_]{3}|[年月년월])|\d{4}-\d\d-\d\d)", re.DOTALL)  # "3-1" is a score
_FIRST_LONG_YEAR = 1000
# What begins with digits or a currency and goes on in words: no fraction, score, time or code, and no leading zero.
_QUANTITY = re.compile(r"[$€£¥+-]? ?(?!0\d)\d[\d., ]*(?:[^\W\d_]|[ .%°$€£¥²³]|/(?=[^\W\d_]))*")


def _read_dates(text: str, language: str, *, with_months: bool) -> frozenset[PartialDate]:
    """The dates that a text could mean: years of four digits or before Christ, and months with a day or a year."""
    return frozenset(
        date
        for date in read_date(text, language).dates
        if (date.month is None and date.year is not None and (date.year < 0 or date.year >= _FIRST_LONG_YEAR))
        or (with_months and date.month is not None and (date.day or date.year) is not None)
    )


def _is_same_date(given: str, wording: str, language: str) -> bool:
    with_months = _NAMES_A_DATE.match(wording) is not None
    asked = _read_dates(wording, language, with_months=with_months)
    return bool(asked and asked & _read_dates(given, language, with_months=with_months))


def _read_amount(text: str, language: str, *, one_reading: bool = False) -> Quantity | None:
    return read_quantity(text, language, one_reading=one_reading) if _QUANTITY.fullmatch(plain(text)) else None


def _is_same_amount(given: str, wording: str, language: str) -> bool:
    asked = _read_amount(wording, language, one_reading=True)
    answer = _read_amount(given, language) if asked else None
    if asked is None or answer is None:
        return False
    is_same_unit = same_unit(asked.unit) == same_unit(answer.unit) or convert(asked.unit, answer.unit) == 1
    return is_same_unit and bool(asked.values & answer.values)


def judge_typed(given: str, wordings: Sequence[str], language: str = ENGLISH) -> Judgement:
    """Compare a typed answer with the accepted wordings, the main one first, as text, date or quantity."""
    judgement = judge_text(given, wordings, language)
    if judgement.verdict is Verdict.RIGHT or len(given) > _LONGEST:
        return judgement
    for wording in wordings:
        if len(wording) <= _LONGEST and (
            _is_same_date(given, wording, language) or _is_same_amount(given, wording, language)
        ):
            return judge(Verdict.RIGHT, wording)
    return judgement
