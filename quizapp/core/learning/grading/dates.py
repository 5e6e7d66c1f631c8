"""Typed dates: a year, a month, a day, in the common ways of writing, as exactly as the answer asks.

More than was asked is right where it fits: "26 December 1991" for 1991. Less is partly right: "August 1945" for
15 August 1945 is two thirds. Anything that contradicts the answer is wrong.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import dropwhile

from babel import Locale, UnknownLocaleError
from rapidfuzz.distance import OSA

from quizapp.core.learning.grading.datewords import (
    ENGLISH_MONTHS,
    fold_name,
    list_fillers,
    list_more_months,
    write_signs,
    write_words,
)
from quizapp.core.learning.grading.folding import ENGLISH, is_english, plain
from quizapp.core.learning.grading.numberwords import read_number_words
from quizapp.core.learning.grading.text import judge_text
from quizapp.core.learning.grading.verdict import Judgement, Verdict, judge

_LONGEST = 100
_SHORTEST_SLIP = 5
_A_LEAP_YEAR = 2000

_MONTHS = (
    ENGLISH_MONTHS,
    "jan feb mar apr may jun jul aug sep oct nov dec",
)
_ROMAN_MONTHS = "i ii iii iv v vi vii viii ix x xi xii"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth"
)
_DAYS_IN_WORDS = {word: number for number, word in enumerate(_ORDINALS.split(), start=1)} | {"thirtieth": 30}
_DAY_IN_WORDS = re.compile(rf"\b(?:(twenty|thirty)[- ])?({'|'.join(_DAYS_IN_WORDS)})\b")
_BEFORE_CHRIST = frozenset({"bc", "bce"})
_NEGATIVE_YEAR = re.compile(r"-(\d{1,4})")
_MONTHS_OF_A_YEAR = range(1, 13)
_YEARS_IN_WORDS = range(100, 3000)
_MOST_NUMBER_WORDS = 8
_ERAS = re.compile(r"\b([abc])\. ?(?:([cde])\. ?)?([cde])\b\.?")

_YEAR_MONTH_DAY = re.compile(r"(\d{4}) ?[-./] ?(\d{1,2})(?: ?[-./] ?(\d{1,2}))?")
_TWO_AND_YEAR = re.compile(r"(\d{1,2})( ?[-./] ?| )(\d{1,2})(?: ?[-./] ?| )(\d{4}|\d{2})")
_TWO = re.compile(r"(\d{1,2})( ?[-./] ?)(\d{1,2})")
_EIGHT_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-./] ?(\d{4})")
_TOKEN = re.compile(r"\d+|[^\s\d.,;/()-]+")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """What is known of a date. ``short_year``: ``year`` is its last two digits; years before Christ are negative."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    short_year: bool = False


@dataclass(frozen=True, slots=True)
class Readings:
    """All dates that a text could mean, and whether its month is only almost spelled like one."""

    dates: tuple[PartialDate, ...]
    slip: bool = False


def _is_possible(date: PartialDate) -> bool:
    if date.month is None:
        return True
    if not 1 <= date.month <= 12:
        return False
    year = date.year if date.year and date.year > 0 and not date.short_year else _A_LEAP_YEAR
    return date.day is None or 1 <= date.day <= monthrange(year, date.month)[1]


def _year(digits: str) -> tuple[int, bool]:
    return int(digits), len(digits) == 2


def _read_numeric(text: str, language: str) -> Iterator[PartialDate]:
    month_first = ("-", "/", "") if is_english(language) else ("-",)
    if found := _YEAR_MONTH_DAY.fullmatch(text):
        yield PartialDate(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
    if found := _EIGHT_DIGITS.fullmatch(text):
        one, other, third, fourth = found.groups()
        yield PartialDate(int(one + other), int(third), int(fourth))
        yield PartialDate(int(third + fourth), int(other), int(one))
    if found := _MONTH_YEAR.fullmatch(text):
        yield PartialDate(int(found[2]), int(found[1]))
    if found := _TWO_AND_YEAR.fullmatch(text) or _TWO.fullmatch(text):
        year, short = _year(found[4]) if found.re is _TWO_AND_YEAR else (None, False)
        one, other = int(found[1]), int(found[3])
        yield PartialDate(year, other, one, short)
        if found[2].strip() in month_first:
            yield PartialDate(year, one, other, short)


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The months by all their names, and the words of a date that say nothing: weekdays and little words."""

    months: Mapping[str, int]
    fillers: frozenset[str]


def _list_names(names: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[str, int]]:
    """What Babel knows of months or weekdays, folded, with their numbers."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "short"):
            for number, name in names[context].get(width, {}).items():
                if not any(character.isdecimal() for character in name):
                    yield plain(name).strip("."), number


@lru_cache(maxsize=64)
def _read_calendar(language: str) -> _Calendar:
    """English and the language's own."""
    months = {name: number for line in _MONTHS for number, name in enumerate(line.split(), start=1)}
    months |= {name: number for number, name in enumerate(_ROMAN_MONTHS.split(), start=1)} | {"sept": 9}
    days: set[str] = set()
    for tag in (ENGLISH, language):
        try:
            locale = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        months = {fold_name(name, tag): number for name, number in _list_names(locale.months)} | months
        names = {fold_name(name, tag) for name, _ in _list_names(locale.days)}
        days |= names | {part for name in names for part in re.split("[- ]", name)}
        if tag == "he":
            months |= {f"ב{name}": number for name, number in months.items()}
            days.add("ב")
    return _Calendar(dict(list_more_months(language)) | months, list_fillers(language) | days)


def _read_month(word: str, names: Mapping[str, int]) -> tuple[int | None, bool]:
    """The month that a word names, and whether it does so with a slip in spelling."""
    if word in names or len(word) < _SHORTEST_SLIP:
        return names.get(word), False
    near = {
        number
        for name, number in names.items()
        if len(name) >= _SHORTEST_SLIP and OSA.distance(word, name, score_cutoff=1) <= 1
    }
    return (near.pop(), True) if len(near) == 1 else (None, False)


def _place_numbers(numbers: Sequence[str], month: int | None, era: int) -> Iterator[PartialDate]:
    if month is not None and not numbers:
        yield PartialDate(month=month)
    if len(numbers) == 1:
        year, short = _year(numbers[0])
        yield PartialDate(era * year, month, None, short and era > 0)
        if month is not None and len(numbers[0]) <= 2:
            yield PartialDate(None, month, year)
    if month is not None and len(numbers) == 2:
        for day, digits in (numbers, numbers[::-1]):
            year, short = _year(digits)
            if len(day) <= 2:
                yield PartialDate(era * year, month, int(day), short and era > 0)


def _write_day(found: re.Match[str]) -> str:
    """A day in words as digits; what is no day of a month is left as it is."""
    tens, ones = {"twenty": 20, "thirty": 30, None: 0}[found[1]], _DAYS_IN_WORDS[found[2]]
    return str(tens + ones) if not tens or ones < 10 else found[0]


def _read_worded(text: str, language: str) -> Readings:
    calendar = _read_calendar(language)
    names = calendar.months
    if is_english(language):
        text = _DAY_IN_WORDS.sub(_write_day, text)
    tokens = [token for token in _TOKEN.findall(text) if token in names or token not in calendar.fillers]
    era = -1 if _BEFORE_CHRIST.intersection(tokens) else 1
    numbers = [token for token in tokens if token.isdecimal()]
    words = [token for token in tokens if not token.isdecimal() and token not in _BEFORE_CHRIST]
    if len(words) > 1 or any(len(number) > 4 for number in numbers):
        return Readings(())
    month, slip = _read_month(words[0], names) if words else (None, False)
    if words and month is None:
        return Readings(())
    return Readings(tuple(filter(_is_possible, _place_numbers(numbers, month, era))), slip)


def _write_year(text: str) -> str:
    """A year in words at the end of the text as digits: "nineteen forty-five"."""
    words = text.replace("-", " ").split()
    if not words or not words[-1].isalpha():
        return text
    for start in range(max(0, len(words) - _MOST_NUMBER_WORDS), len(words) - 1):
        found = read_number_words(" ".join(words[start:]))
        if found is not None and not found[1] and found[0] in _YEARS_IN_WORDS:
            return " ".join([*words[:start], str(found[0])])
    return text


def _drop_fillers(text: str, language: str) -> str:
    """The text without the weekday and little words in front of it and behind it."""
    fillers = _read_calendar(language).fillers
    words = text.split(" ")
    for _ in range(2):
        words = list(dropwhile(lambda word: word.strip(",.") in fillers, words))[::-1]
    return " ".join(words)


def read_date(text: str, language: str = ENGLISH) -> Readings:
    """The dates that a text could mean; none where it is no date.

    Read are ISO dates, day.month.year, day/month/year (in English also month/day/year), and month names in English and
    in ``language`` or Roman numerals, with or without ordinals, weekdays, commas and "in the year"; in English also
    days in words ("the fifteenth of August"); years alone, and years before Christ.
    """
    if len(text) > _LONGEST:
        return Readings(())
    text = write_words(plain(write_signs(text)), language)
    text = _ERAS.sub(lambda found: "".join(filter(None, found.groups())), " ".join(text.split()))
    if below := _NEGATIVE_YEAR.fullmatch(text):
        return Readings((PartialDate(-int(below[1])),))
    text = text.strip(" .,-/")
    if is_english(language):
        text = _write_year(text)
    numeric = tuple(filter(_is_possible, _read_numeric(_drop_fillers(text, language), language)))
    return Readings(numeric) if numeric else _read_worded(text, language)


def _is_same_year(given: PartialDate, asked: PartialDate) -> bool:
    if given.year is None or asked.year is None or given.year == asked.year:
        return given.year == asked.year
    # "15.8.45" may be any century's; but an answer that is a year alone means that year: 79 is not 1979.
    short = given.short_year or (asked.short_year and asked.month is not None)
    return short and asked.year > 0 and (given.year - asked.year) % 100 == 0


def _share(given: PartialDate, asked: PartialDate) -> Fraction:
    """The share of what was asked that was given, or nothing where one part contradicts."""
    parts = (
        (given.year, asked.year, _is_same_year(given, asked)),
        (given.month, asked.month, given.month == asked.month),
        (given.day, asked.day, given.day == asked.day),
    )
    wanted = [(one is not None, same) for one, other, same in parts if other is not None]
    if any(there and not same for there, same in wanted):
        return Fraction(0)
    return Fraction(sum(there for there, _ in wanted), len(wanted))


def _fit(given: Readings, asked: PartialDate) -> Sequence[PartialDate]:
    """The readings that the question allows: "16 August" is a day where a day is asked, and no year where none is.

    A small number alone is a month where nothing but a month is asked.
    """
    if (asked.year, asked.day) == (None, None):
        months = [
            PartialDate(month=date.year)
            for date in given.dates
            if date.month is None and date.year in _MONTHS_OF_A_YEAR
        ]
        return [*(date for date in given.dates if not date.short_year), *months]
    days = [date for date in given.dates if date.day is not None]
    if asked.day is not None and days:
        return days
    return [date for date in given.dates if asked.year is not None or not date.short_year]


def _judge_readings(given: Readings, asked: Readings, wording: str) -> Judgement:
    sought = [date for date in asked.dates if not date.short_year] or asked.dates
    share = max((_share(one, other) for other in sought for one in _fit(given, other)), default=Fraction(0))
    if 0 < share < 1:
        return Judgement(share, Verdict.PARTLY, wording)
    if share == 0:
        return judge(Verdict.WRONG, wording)
    return judge(Verdict.ALMOST if given.slip and not asked.slip else Verdict.RIGHT, wording)


def judge_date(given: str, wordings: Sequence[str], language: str = ENGLISH) -> Judgement:
    """Compare a typed date with the accepted ones, the main one first. Wordings that are no dates are compared as text.

    A date with fewer parts than the answer is partly right, by its share of them.
    """
    readings = read_date(given, language)
    as_dates = [_judge_readings(readings, read_date(wording, language), wording) for wording in wordings]
    return max(judge_text(given, wordings, language), *as_dates, key=lambda judgement: judgement.score)
