"""Different ways of writing the same words: "World War II" and "World War Two", "St." and "Saint".

``write_alike`` leads them to one way. Two texts that are alike then say the same; nothing is made alike that a person
would tell apart.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from quizapp.core.learning.grading.folding import ENGLISH, is_english
from quizapp.core.learning.grading.numberwords import SCALES, read_number_words
from quizapp.core.learning.grading.units import UNITS

_MOST_WORDS = 60
_LONGEST_NUMBER = 12  # words

_ONES = "first second third fourth fifth sixth seventh eighth ninth"
_TEENS = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
_ORDINALS = {word: number for number, word in enumerate(f"{_ONES} {_TEENS}".split(), start=1)} | {
    f"{tens}ieth": number
    for number, tens in zip(
        range(30, 100, 10), ("thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"), strict=True
    )
}
_DECADES = {
    f"{tens}ies": f"{number}s"
    for number, tens in zip(
        range(20, 100, 10), ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"), strict=True
    )
}
_WORDS: Mapping[str, str] = {
    "dr": "doctor",
    "prof": "professor",
    "mt": "mount",
    "jr": "junior",
    "sr": "senior",
    "vs": "versus",
    "bce": "bc",
    "okay": "ok",
    "grey": "gray",
    "tyre": "tire",
    "tyres": "tires",
    "plough": "plow",
    "programme": "program",
    "defence": "defense",
    "offence": "offense",
    "licence": "license",
    "catalogue": "catalog",
    "dialogue": "dialog",
    "aluminium": "aluminum",
    "jewellery": "jewelry",
    "judgement": "judgment",
    **_DECADES,
}
# Short forms that are no other word without their apostrophe, as "its", "well" and "wont" are.
_NOT = "are could did do does had has have is must need should was were would"
_SHORT_FORMS = {f"{verb}nt": f"{verb} not" for verb in _NOT.split()} | {
    "cant": "can not",
    "cannot": "can not",
    "im": "i am",
    "youre": "you are",
    "theyre": "they are",
    **{f"{who}ve": f"{who} have" for who in ("i", "you", "we", "they")},
}
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
_OPENINGS = frozenset({"in", "on", "at", "to"})

_ORDINAL_ENDING = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_SCALED = re.compile(rf"(?<![\d.])(\d+(?:\.\d+)?) ?({'|'.join(SCALES)})\b")
_PERCENT = re.compile(r"(?<=\d) ?(?:%|percent|per cent|pct)(?!\w)")
_CURRENCY = re.compile(rf"(?<!\S)([{''.join(_CURRENCIES)}]) ?(\d[\d.]*)(?!\S)")
_UNIT = re.compile(r"(?<![\w.,:/-])(\d+(?:\.\d+)?) ?([^\W\d_][^\W_]*)(?!\S)")
_RANGE = re.compile(
    r"\b(?:(?:from )?(\d+)(?: ?- ?| to | until | till | through )|between (\d+) and )(\d+)\b(?![.,:/-])"
)
_SHORT_RANGE = re.compile(r"\b(\d\d)(\d\d)-(\d\d)\b(?![.,:/-])")
_CENTURY = re.compile(r"\b(\d{1,2})(?:th)? (?:c|cent|century)\b")
_OF_OUR_ERA = re.compile(r"^(?:ad (\d{1,4})|(\d{1,4}) (?:ad|ce))$")
_YEAR_OPENING = re.compile(r"^(?:in |the )*year (?=\d)")
_POWER_SIGN = re.compile(r"(?<=[^\W\d_])\^(?=\d)")
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}

_OUR = re.compile(
    r"\b(dis)?(arm|behavi|cand|clam|col|endeav|fav|ferv|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|sav|splend|"
    r"tum|val|vap|vig)our"
)
_RE = re.compile(r"(cent|fib|lit|lust|met|spect|theat)re(?=s?\b)")
_ISE = re.compile(r"(?<=[a-z]{3})(is|ys)(?=(?:e[drs]?|ers|ing|ations?|ational)\b)")
_DOUBLED = re.compile(
    r"\b(cancel|travel|model|label|signal|fuel|jewel|marvel|quarrel|counsel|total|level)l(?=ed|ing|er)"
)

_LOOKS_LATIN = str.maketrans("авекмнорстухіјѕԁԛԝһαεικνορτυχ", "abekmhopctyxijsdqwhaeiknoptux")
_MIXED = re.compile("(?=.*[a-z])(?=.*[\u0370-\u052f])")


def _join_letters(words: Sequence[str]) -> list[str]:
    """The words with runs of single letters written as one: U. S. A."""
    joined: list[str] = []
    in_run = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and in_run:
            joined[-1] += word
        else:
            joined.append(word)
        in_run = single
    return joined


def _read_number(words: Sequence[str]) -> tuple[str, int] | None:
    """The number in words at the start, in digits, and how many words it takes."""
    some = " ".join(words[:_LONGEST_NUMBER])
    found = read_number_words(some)
    value, taken = (0, 0)
    if found is not None:
        value, taken = found[0], len(some.split()) - len(found[1].split())
    ordinal = _ORDINALS.get(words[taken]) if taken < len(words) else None
    if ordinal is not None and (not taken or (value % 10 == 0 and ordinal < (100 if value % 100 == 0 else 10))):
        return f"{value + ordinal}th", taken + 1
    return None if found is None else (str(value), taken)


def _write_digits(words: Sequence[str]) -> list[str]:
    written: list[str] = []
    place = 0
    while place < len(words):
        number = _read_number(words[place:])
        written.append(number[0] if number else words[place])
        place += number[1] if number else 1
    return written


def _write_roman(place: int, words: Sequence[str]) -> str:
    """The word, or the number that it is behind another word: "war ii", "louis xiv"."""
    word = words[place]
    before = words[place - 1] if place else ""
    is_number = before.isalpha() or "".join(words[place + 1 : place + 2]) in ("century", "cent")
    if not is_number or not _ROMAN.fullmatch(word):
        return word
    values = [_ROMAN_VALUES[letter] for letter in word]
    return str(sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True)))


def _write_word(place: int, words: Sequence[str]) -> str:
    word = words[place]
    if word == "st" and len(words) > 1:
        return "saint" if place < len(words) - 1 else "street"
    return _WORDS.get(word, word)


def _multiply(found: re.Match[str]) -> str:
    value = Fraction(found[1]) * SCALES[found[2]]
    return str(value) if value.denominator == 1 else found[0]


def _write_unit(found: re.Match[str]) -> str:
    unit = UNITS.get(found[2])
    return found[0] if unit is None else f"{found[1]} {unit}"


def _expand_range(found: re.Match[str]) -> str:
    century, start, end = found.groups()
    return f"{century}{start}-{century}{end}" if start < end else found[0]


def _write_quantities(text: str) -> str:
    text = _SCALED.sub(_multiply, text)
    text = _CURRENCY.sub(lambda found: f"{found[2]} {_CURRENCIES[found[1]]}", text)
    text = _UNIT.sub(_write_unit, _PERCENT.sub(" percent", text))
    text = _RANGE.sub(lambda found: f"{found[1] or found[2]}-{found[3]}", text)
    return _SHORT_RANGE.sub(_expand_range, text)


def _number_ruler(words: Sequence[str]) -> list[str]:
    """ "Henry the Eighth" as "Henry 8"."""
    *name, the, last = words if len(words) > 2 else ("", "", "")
    number = str(_ORDINALS[last]) if last in _ORDINALS else _ORDINAL_ENDING.sub(r"\1", last)
    return [*name, number] if the == "the" and number.isdecimal() and name[-1].isalpha() else list(words)


def _write_english(words: Sequence[str]) -> list[str]:
    words = _number_ruler([part for word in words for part in _SHORT_FORMS.get(word, word).split()])
    words = [word for word in words if word != "the"] or list(words)
    words = [_write_word(place, words) for place in range(len(words))]
    text = _write_quantities(_ORDINAL_ENDING.sub(r"\1th", " ".join(_write_digits(words))))
    text = _CENTURY.sub(r"\1th century", _YEAR_OPENING.sub("", text))
    text = _OF_OUR_ERA.sub(r"\1\2 ad", text)
    text = _DOUBLED.sub(r"\1", _RE.sub(r"\1er", _OUR.sub(r"\1\2or", text)))
    return _ISE.sub(lambda found: found[1].replace("s", "z"), text).split()


def write_alike(words: Sequence[str], language: str = ENGLISH) -> tuple[str, ...]:
    """Simplified words in the one way of writing that stands for all others.

    In every language: single letters in a row are one word, Roman numerals behind a word are numbers, and Cyrillic or
    Greek letters within a Latin word are the letters that they look like. In English: numbers in words, ordinals,
    percent, currencies, units, ranges and decades, common abbreviations and short forms, British spellings, and "the"
    anywhere. More
    than 60 words are left as they are.
    """
    if len(words) > _MOST_WORDS:
        return tuple(words)
    alike = [word.translate(_LOOKS_LATIN) if _MIXED.match(word) else word for word in words]
    alike = [_POWER_SIGN.sub("", word) for word in _join_letters(alike)]
    alike = [_write_roman(place, alike) for place in range(len(alike))]
    return tuple(_write_english(alike) if is_english(language) else alike)


def drop_opening(words: Sequence[str]) -> tuple[str, ...]:
    """English words without the little word in front: "in 1991", "to attack"."""
    return tuple(words[1:] if len(words) > 1 and words[0] in _OPENINGS else words)
