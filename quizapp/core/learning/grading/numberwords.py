"""Numbers in words: all of English; of other languages the words for thousands and more that stand behind digits."""

from collections.abc import Mapping

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: number for number, word in enumerate(_ONES.split())} | {
    word: 10 * number for number, word in enumerate(_TENS.split(), start=2)
}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_HUNDRED = 100
_LONGEST = 40

# As they are left by folding: without accents and points, in small letters.
_MULTIPLIERS: Mapping[str, Mapping[str, int]] = {
    "en": SCALES
    | {"hundred": 10**2, "thousands": 10**3, "millions": 10**6, "mn": 10**6, "mil": 10**6}
    | {"mio": 10**6, "billions": 10**9, "bn": 10**9, "bln": 10**9, "trillions": 10**12, "tn": 10**12}
    | {"dozen": 12, "dozens": 12},
    "de": {
        "tausend": 10**3,
        "tsd": 10**3,
        "million": 10**6,
        "millionen": 10**6,
        "mio": 10**6,
        "milliarde": 10**9,
        "milliarden": 10**9,
        "mrd": 10**9,
        "billion": 10**12,
        "billionen": 10**12,
    },
    "fr": {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9},
    "es": {"mil": 10**3, "millon": 10**6, "millones": 10**6, "billon": 10**12, "billones": 10**12},
    "ru": {
        "тыс": 10**3,
        "тысяча": 10**3,
        "тысячи": 10**3,
        "тысяч": 10**3,
        "млн": 10**6,
        "миллион": 10**6,
        "миллиона": 10**6,
        "миллионов": 10**6,
        "млрд": 10**9,
        "миллиард": 10**9,
        "миллиарда": 10**9,
        "миллиардов": 10**9,
    },
}
_NONE: Mapping[str, int] = {}


def take_multipliers(text: str, language: str) -> tuple[int, str]:
    """The product of the words for hundreds, thousands and more at the start of a text, and the text behind them.

    English, German, French, Spanish and Russian words are known, each in decks of that language.
    """
    known = _MULTIPLIERS.get(language.casefold().split("-")[0], _NONE)
    factor, rest = 1, text.strip(" .,")
    for _ in range(2):  # "hundred thousand", "mil millones"
        first, _, behind = rest.partition(" ")
        if first.rstrip(".") not in known:
            break
        factor, rest = factor * known[first.rstrip(".")], behind.strip()
    return factor, rest


def _read_below_hundred(words: list[str]) -> int | None:
    """Take a number from 0 to 99 off the front of the words."""
    value = _WORDS.get(words[0]) if words else None
    if value is None:
        return None
    del words[0]
    if value >= 20 and words and 0 < _WORDS.get(words[0], 0) < 10:
        value += _WORDS[words.pop(0)]
    return value


def _read_below_thousand(words: list[str]) -> int | None:
    """Take a number up to "ninety-nine hundred and ninety-nine" off the front of the words."""
    if words[:1] in (["a"], ["an"]) and words[1:2] and words[1] in {"hundred", "dozen", *SCALES}:
        words[0] = "one"
    value = _read_below_hundred(words)
    if value is None or words[:1] != ["hundred"]:
        return value
    del words[0]
    more = words[1:] if words[:1] == ["and"] else words[:]
    rest = _read_below_hundred(more)
    if rest is not None:
        words[:] = more
    return value * _HUNDRED + (rest or 0)


def _read_year(words: list[str]) -> int | None:
    """Take a number said in two halves off the front of the words: "nineteen ninety-one", "nineteen oh five"."""
    more = words[:]
    century = _read_below_hundred(more)
    short = more[:1] in (["oh"], ["o"])
    if short:
        del more[0]
    year = _read_below_hundred(more)
    if century is None or year is None or century < 10 or short != (0 < year < 10):
        return None
    if more and more[0] in {"hundred", *SCALES}:
        return None
    words[:] = more
    return century * _HUNDRED + year


def read_number_words(text: str) -> tuple[int, str] | None:
    """The English number that a text begins with, and what stands behind it; None where there is none.

    ``text`` is in small letters: "two hundred and fifty thousand soldiers" is 250000 and "soldiers", "nineteen
    ninety-one" 1991.
    """
    words = text.replace("-", " ").split()
    tail = words[_LONGEST:]
    del words[_LONGEST:]
    if (year := _read_year(words)) is not None:
        return year, " ".join([*words, *tail])
    total, below = 0, 10**15
    group = _read_below_thousand(words)
    if group is None:
        return None
    while group is not None:
        scale = SCALES.get(words[0]) if words else None
        if scale is None or scale >= below:
            return total + group, " ".join([*words, *tail])
        del words[0]
        total, below = total + group * scale, scale
        more = words[1:] if words[:1] == ["and"] else words[:]
        group = _read_below_thousand(more)
        if group is not None:
            words = more
    return total, " ".join([*words, *tail])
