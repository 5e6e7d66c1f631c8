"""Typed numbers: what they could mean, compared exactly.

"1,234" may be a thousand or a little over one. What is typed counts where one of its readings is right; what the
author of an English deck wrote has the English reading only.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, takewhile

from quizapp.core.learning.grading.folding import ENGLISH, is_english, plain, simplify
from quizapp.core.learning.grading.fractionwords import read_spoken
from quizapp.core.learning.grading.numberwords import take_multipliers
from quizapp.core.learning.grading.ranges import split_range
from quizapp.core.learning.grading.text import is_near, judge_text
from quizapp.core.learning.grading.units import convert, read_measure, same_unit
from quizapp.core.learning.grading.verdict import Judgement, Verdict, judge
from quizapp.core.learning.grading.writings import write_alike

_LONGEST = 600
_HIGHEST_POWER = 400
_MOST_DIGITS_OF_A_FRACTION = 18

_SHORT_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_PERCENT = "%"
_DEGREES = "°"
_ABOUT_WORDS = "about approximately approx around c ca circa exactly nearly roughly some the ~ ≈ ≃ ="
_ABOUT = frozenset(_ABOUT_WORDS.split())
_SIGNS = {"+": 1, "plus": 1, "positive": 1, "-": -1, "minus": -1, "negative": -1}
_WORST_LAST = (Verdict.RIGHT, Verdict.ALMOST, Verdict.WRONG)
_MOST_WORDS_BEHIND = 2
_SHORTEST_NOUN = 3
# Words behind a number that make it another one, or take it back.
_NO_NOUN_WORDS = (
    "above after almost and before below beyond crore crores cubed equal except fewer half halves hundreds lakh "
    "lakhs least less minus more most nor not only over per plus quarter quarters since squared tens than third "
    "thirds times under until versus without wrong "
)
_NO_NOUNS = frozenset(_NO_NOUN_WORDS.split())

_BEFORE_PLAIN = str.maketrans("'’ʼ·⋅*º˚", "   ×××°°")
_VULGAR_FRACTION = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞])")
_START = re.compile(r"[.,]?\d")
_BODY = re.compile(r"[\d., ]*\d")
_EXPONENT = re.compile(r" ?(?:e|[x×] ?10 ?\^) ?([+-]?\d{1,4})(?!\d)")
_POWER = re.compile(r"(\d{1,9}) ?\^ ?([+-]?\d{1,4})(?!\d)")
# Behind a number: another number, a time, a score. In front of it: what makes another number of it.
_MORE_DIGITS = re.compile(r"^[^\w°%$€£¥]*\d|\s\d")
_NO_HEAD = re.compile(r"[<>≤≥√^×/]")
_OVER = re.compile(rf" ?/ ?(\d{{1,{_MOST_DIGITS_OF_A_FRACTION}}})(?!\d)")
_OVER_FROM = re.compile(rf"(?:(\d{{1,{_MOST_DIGITS_OF_A_FRACTION}}}) )?(\d{{1,{_MOST_DIGITS_OF_A_FRACTION}}})")


def _numeral(group: str, decimal: str, more: str = "") -> tuple[str, str, re.Pattern[str]]:
    group_mark, decimal_mark = re.escape(group), re.escape(decimal)
    whole = rf"(?:\d+|\d{{1,3}}(?:{group_mark}\d{{3}})+{more})"
    return group, decimal, re.compile(rf"{whole}(?:{decimal_mark}\d+)?|{decimal_mark}\d+")


_ENGLISH_NUMERALS = (_numeral(",", ".", more=r"|\d{1,2}(?:,\d{2})+,\d{3}"), _numeral(" ", "."))
_ALL_NUMERALS = (*_ENGLISH_NUMERALS, _numeral(".", ","), _numeral(" ", ","))


@dataclass(frozen=True, slots=True)
class Quantity:
    """All numbers that a text could mean, and its unit in simplified form, empty where it names none."""

    values: frozenset[Fraction]
    unit: str


@dataclass(frozen=True, slots=True)
class _Amount:
    values: frozenset[Fraction]
    rest: str


def _read_numeral(body: str, numerals: Sequence[tuple[str, str, re.Pattern[str]]]) -> frozenset[Fraction]:
    return frozenset(
        Fraction(body.replace(group, "").replace(decimal, "."))
        for group, decimal, pattern in numerals
        if pattern.fullmatch(body)
    )


def _raise(base: str, digits: str) -> Fraction | None:
    """A power whose result has no more than some 400 digits; None where it has, or is none."""
    power = int(digits)
    if abs(power) * max(len(base) - 1, 1) > _HIGHEST_POWER or (int(base) == 0 and power <= 0):
        return None
    return Fraction(int(base)) ** power


def _scale(values: frozenset[Fraction], factor: Fraction | None) -> frozenset[Fraction]:
    return frozenset(value * factor for value in values) if factor is not None else frozenset()


def _read_fraction(body: str, over: str) -> frozenset[Fraction]:
    parts = _OVER_FROM.fullmatch(body)
    if parts is None or int(over) == 0:
        return frozenset()
    return frozenset({int(parts[1] or 0) + Fraction(int(parts[2]), int(over))})


def _read_digits(text: str, numerals: Sequence[tuple[str, str, re.Pattern[str]]]) -> _Amount:
    if power := _POWER.match(text):
        return _Amount(_scale(frozenset({Fraction(1)}), _raise(power[1], power[2])), text[power.end() :])
    found = _BODY.match(text)
    body = found[0] if found else ""
    rest = text[len(body) :]
    if over := _OVER.match(rest):
        return _Amount(_read_fraction(body, over[1]), rest[over.end() :])
    if exponent := _EXPONENT.match(rest):
        values = _scale(_read_numeral(body, numerals), _raise("10", exponent[1]))
        return _Amount(values, rest[exponent.end() :])
    return _Amount(_read_numeral(body, numerals), rest)


def _read_words(text: str) -> _Amount:
    found = read_spoken(text)
    return _Amount(frozenset(), text) if found is None else _Amount(frozenset({found[0]}), found[1])


def _split_head(text: str) -> tuple[list[str], str]:
    """What stands before the number (signs, currency, "about"), and the text from the number on."""
    start = _START.search(text)
    if start:
        before = re.sub(r"([+=-])", r" \1 ", text[: start.start()])
        return [word for each in before.split() if (word := each.strip(".,:"))], text[start.start() :]
    words = text.split()
    head = list(takewhile(lambda word: word in _SIGNS or word.strip(".") in _ABOUT, words))
    return head, " ".join(words[len(head) :])


def _multiply(amount: _Amount, language: str) -> _Amount:
    factor, rest = take_multipliers(amount.rest, language)
    return _Amount(_scale(amount.values, Fraction(factor)), rest)


def _read_amount(body: str, language: str, *, one_reading: bool) -> _Amount:
    if not _START.match(body):
        return _read_words(body) if is_english(language) else _Amount(frozenset(), "")
    amount = _read_digits(body, _ENGLISH_NUMERALS if one_reading and is_english(language) else _ALL_NUMERALS)
    if not amount.values:  # "1.000,5" in an English deck
        amount = _read_digits(body, _ALL_NUMERALS)
    return _multiply(amount, language)


def _tidy(text: str) -> str:
    """A text as its number is read: plain, with powers by a caret and without marks at its end."""
    text = text.replace("**", "^").translate(_BEFORE_PLAIN)
    return plain(_VULGAR_FRACTION.sub(" ", text)).rstrip(" .,:/")


def read_quantity(text: str, language: str = ENGLISH, *, one_reading: bool = False) -> Quantity | None:
    """The numbers that a text could mean; None where it is no number.

    ``one_reading`` reads an English text with decimal points and grouping commas only. Powers beyond 10^±400 and
    numerals beyond 600 characters are no numbers.
    """
    if len(" ".join(text.split())) > _LONGEST:
        return None
    head, body = _split_head(_tidy(text))
    signs = [_SIGNS[word] for word in head if word in _SIGNS]
    if len(signs) > 1 or any(map(_NO_HEAD.search, head)):
        return None
    amount = _read_amount(body, language, one_reading=one_reading)
    if not amount.values or _MORE_DIGITS.search(amount.rest):
        return None
    unit = " ".join([*(word for word in head if word not in _SIGNS and word not in _ABOUT), amount.rest.strip(" .,")])
    return Quantity(_scale(amount.values, Fraction(*signs)) if signs else amount.values, unit.strip())


def _is_noun(word: str) -> bool:
    return all(part.isalpha() for part in write_alike([word])) and not word.endswith(("ths", "illions"))


def _is_mere_noun(unit: str) -> bool:
    """Whether the words behind a number only say what is counted: "28,500 troops". A unit of measure says more."""
    words = unit.split()
    if len(words) > _MOST_WORDS_BEHIND or read_measure(unit):
        return False
    return all(len(word) >= _SHORTEST_NOUN and word not in _NO_NOUNS and _is_noun(word) for word in words)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: ``free`` are the units that the prompt names, ``plain`` is its text."""

    plain: str
    free: frozenset[str]
    tolerance: Fraction

    def names(self, unit: str) -> bool:
        """Whether an answer may say this unit though none is in the card's answer."""
        if same_unit(unit) in self.free or self.free.issuperset(unit.split()):
            return True
        return read_measure(unit) is not None and any(convert(unit, one) == 1 for one in self.free)


def _compare_units(given: str, expected: str, question: _Question) -> Verdict:
    one, other = same_unit(given), same_unit(expected)
    if not given or one == other or (one == _DEGREES and other.startswith(_DEGREES)):
        return Verdict.RIGHT
    if not expected and (question.names(given) or _is_mere_noun(given)):
        return Verdict.RIGHT
    return Verdict.ALMOST if is_near(given.split(), expected.split()) else Verdict.WRONG


def _list_readings(given: Quantity, expected: Quantity, question: _Question) -> Iterator[Quantity]:
    """What else a quantity could mean: "28k" and "$5m" a scale, "0.5 km" as many metres, "50%" a half and "0.5" 50%.

    A number without a unit is a share where the question does not ask for percent.
    """
    head, _, last = f" {given.unit}".rpartition(" ")
    if last in _SHORT_SCALES and last not in expected.unit.split():
        yield Quantity(_scale(given.values, Fraction(_SHORT_SCALES[last])), head.strip())
    if factor := convert(given.unit, expected.unit):
        yield Quantity(_scale(given.values, factor), expected.unit)
    if same_unit(given.unit) == _PERCENT and not expected.unit:
        yield Quantity(_scale(given.values, Fraction(1, 100)), "")
    if not given.unit and same_unit(expected.unit) == _PERCENT and _PERCENT not in question.free:
        yield Quantity(_scale(given.values, Fraction(100)), "")


def _compare(given: Quantity, expected: Quantity, question: _Question, *, repeats: bool) -> Verdict:
    readings = [given, *(() if repeats else _list_readings(given, expected, question))]
    verdicts = {
        _compare_units(reading.unit, expected.unit, question)
        for reading in readings
        if any(abs(one - other) <= question.tolerance for one in reading.values for other in expected.values)
    }
    return next((verdict for verdict in (Verdict.RIGHT, Verdict.ALMOST) if verdict in verdicts), Verdict.WRONG)


def _read_question(prompt: str, language: str, tolerance: Decimal | None) -> _Question:
    words, text = simplify(prompt, language), _tidy(prompt)
    pairs = [" ".join(pair) for pair in pairwise(words)]
    free = frozenset(words) | {same_unit(each) for each in (*words, *pairs)} | set(text.split())
    return _Question(f" {text} ", free, Fraction(tolerance or 0))


def read_numbers(text: str, language: str, *, one_reading: bool = False) -> tuple[Quantity, ...]:
    """The number that a text is, or both ends of a range; nothing where it is neither.

    An end that has no unit has that of the other: "5-10 km".
    """
    ends = split_range(_tidy(text), language) if len(text) <= _LONGEST else None
    first, last = (read_quantity(end, language, one_reading=one_reading) for end in ends or ("", ""))
    if first and last:
        first = Quantity(first.values, first.unit or last.unit)
        last = Quantity(last.values, last.unit or first.unit)
        if min(first.values) * (convert(first.unit, last.unit) or 1) < max(last.values):
            return first, last
    quantity = read_quantity(text, language, one_reading=one_reading)
    return () if quantity is None else (quantity,)


def judge_number(
    given: str,
    wordings: Sequence[str],
    *,
    tolerance: Decimal | None = None,
    language: str = ENGLISH,
    prompt: str = "",
) -> Judgement:
    """Compare a typed number with the accepted ones, the main one first; right from ``tolerance`` below to above.

    Decimal comma and point, grouped thousands, powers of ten, fractions, "28k", "million" (and its like in German,
    French, Spanish and Russian decks) and English words are read. A unit may be left out or written in another way ("5
    kilometres", "$5" and "5 dollars"); one that the answer does not have is forgiven where the prompt names it ("How
    many years …?", "70 years"); another than the answer's is wrong, unless it comes to the same: "0.5 km" and "500 m",
    and "0.5" and "50%" where the prompt does not ask for percent. A range wants both its ends. Wordings that are no
    numbers are compared as text.
    """
    question = _read_question(prompt, language, tolerance)
    # "How many metres are 5 km?" is not answered by "5 km".
    repeats = f" {_tidy(given[:_LONGEST])} " in question.plain
    quantities = read_numbers(given, language)
    expected = {wording: read_numbers(wording, language, one_reading=True) for wording in wordings}
    judgements = [judge(Verdict.WRONG, wordings[0])]
    judgements += [judge(Verdict.RIGHT, wording) for wording in wordings if wording.split() == given.split()]
    if texts := [wording for wording, numbers in expected.items() if not numbers]:
        judgements.append(judge_text(given, texts, language))
    for wording, numbers in expected.items():
        if numbers and len(numbers) == len(quantities):
            pairs = zip(quantities, numbers, strict=True)
            verdicts = {_compare(one, other, question, repeats=repeats) for one, other in pairs}
            judgements.append(judge(max(verdicts, key=_WORST_LAST.index), wording))
    return max(judgements, key=lambda judgement: judgement.score)
