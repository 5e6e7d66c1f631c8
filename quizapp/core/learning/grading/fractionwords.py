"""Numbers in English words that are not whole, or said without "one": "two and a half million", "three point five"."""

from fractions import Fraction

from quizapp.core.learning.grading.numberwords import SCALES, read_number_words

_DIGIT_WORDS = "zero one two three four five six seven eight nine"
_DIGITS = {word: str(digit) for digit, word in enumerate(_DIGIT_WORDS.split())}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8} | {
    "ninth": 9,
    "tenth": 10,
    "hundredth": 100,
    "thousandth": 1000,
}
_MANY = {"halves": 2} | {f"{part}s": number for part, number in _PARTS.items()}
_ALONE = {"hundred": Fraction(100), "dozen": Fraction(12)} | {scale: Fraction(value) for scale, value in SCALES.items()}
_NOTHING = frozenset({"none", "nil", "nought", "naught"})

Spoken = tuple[Fraction, list[str]]


def _take_whole(words: list[str]) -> Spoken | None:
    """A whole number, in words or as "a"; never one with "hundred" or more behind "a"."""
    found = read_number_words(" ".join(words))
    if found is not None:
        return Fraction(found[0]), found[1].split()
    return (Fraction(1), words[1:]) if words[:1] in (["a"], ["an"]) else None


def _take_part(words: list[str]) -> Spoken | None:
    """A fraction below one: "a half", "two thirds", "quarter"."""
    if words[:1] in (["half"], ["quarter"]):
        return Fraction(1, _PARTS[words[0]]), words[1:]
    whole = _take_whole(words)
    if whole is None or not whole[1]:
        return None
    value, rest = whole
    below = _PARTS.get(rest[0]) if value == 1 else _MANY.get(rest[0])
    return None if below is None else (value / below, rest[1:])


def _take_decimals(whole: Fraction, words: list[str]) -> Spoken | None:
    if words[:1] != ["point"]:
        return None
    digits = ""
    rest = words[1:]
    while rest and rest[0] in _DIGITS:
        digits += _DIGITS[rest.pop(0)]
    return (whole + Fraction(int(digits), 10 ** len(digits)), rest) if digits else None


def _scale_up(spoken: Spoken) -> Spoken:
    value, rest = spoken
    behind = rest[1:] if rest[:1] in (["a"], ["an"]) else rest  # "half a million"
    if behind and behind[0] in _ALONE:
        return value * _ALONE[behind[0]], behind[1:]
    return spoken


def _take_alone(words: list[str]) -> Spoken | None:
    """A word for a number without one before it: "million"."""
    if not words or words[0] not in _ALONE or words[1:2] == ["and"] or set(words[1:]) & set(_ALONE):
        return None
    return _ALONE[words[0]], words[1:]


def _take_mixed(words: list[str]) -> Spoken | None:
    """A number from "two" on, with a fraction or decimals behind it."""
    found = read_number_words(" ".join(words))
    if found is None:
        return None
    whole, rest = Fraction(found[0]), found[1].split()
    part = _take_part(rest[1:]) if rest[:1] == ["and"] else None
    return (whole + part[0], part[1]) if part else _take_decimals(whole, rest) or (whole, rest)


def read_spoken(text: str) -> tuple[Fraction, str] | None:
    """The number that an English text in small letters begins with, and what stands behind it; None where none does.

    "two and a half million soldiers" is 2500000 and "soldiers"; "half", "three point five", "a dozen", "million" and
    "none" are numbers too.
    """
    words = text.replace("-", " ").split()
    if words and words[0] in _NOTHING:
        return Fraction(0), " ".join(words[1:])
    spoken = _take_part(words) or _take_mixed(words)
    if spoken is None:
        alone = _take_alone(words)
        return None if alone is None else (alone[0], " ".join(alone[1]))
    value, rest = _scale_up(spoken)
    return value, " ".join(rest)
