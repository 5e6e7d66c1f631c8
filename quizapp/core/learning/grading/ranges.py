"""Ranges between two numbers: "5-10 km", "from 5 to 10 km", "between 5 km and 10 km"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.learning.grading.folding import is_english

# In English; and, as they are left by folding, in German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian,
# Ukrainian and Arabic, none of which has the English ones for another word.
_ENGLISH_WORDS = ("from", "between", "and", "to|until|till|through")
_WORDS = (
    "von|de|da|van|od|от|с|від|من",
    "zwischen|entre|tra|fra|tussen|miedzy|между|між|بين",
    "und|et|y|e|en|i|и|і|و",
    "bis|a|tot|do|до|الى|إلى",
)
_DASH = re.compile(r"(?<=[^\s^+-])(?<!\de) ?- ?(?=[\d$€£¥])")
_TWO_DIGITS = re.compile(r"\d\d(?!\d)")
_YEAR = re.compile(r"(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True)
class _Marks:
    """The words around the ends of a range in a language."""

    start: re.Pattern[str]
    between: re.Pattern[str]
    both: re.Pattern[str]
    until: re.Pattern[str]


def _make_marks(words: Sequence[str]) -> _Marks:
    start, between, both, until = words
    return _Marks(*map(re.compile, (f"(?:{start}) ", f"(?:{between}) ", f" (?:{both}) ", f" (?:{until}) ")))


_ENGLISH_MARKS, _OTHER_MARKS = _make_marks(_ENGLISH_WORDS), _make_marks(_WORDS)


def split_range(text: str, language: str) -> tuple[str, str] | None:
    """The two ends of a range in a plain text; None where it is none. "1914-18" ends in 1918."""
    marks = _ENGLISH_MARKS if is_english(language) else _OTHER_MARKS
    between = marks.between.match(text)
    start = between or marks.start.match(text)
    text = text[start.end() :] if start else text
    for mark in (marks.both,) if between else (marks.until, _DASH):
        ends = mark.split(text)
        if len(ends) == 2:
            first, last = ends
            year = _YEAR.fullmatch(first)
            return first, f"{year[1]}{last}" if year and _TWO_DIGITS.match(last) and last[:2] > year[2] else last
    return None
