"""Texts without what is forgiven in a typed answer.

Letter case, Unicode form, accents, punctuation, quotes, spaces and a leading English article are forgiven. Digits,
signs such as ``+`` and ``%``, and the points and dashes inside numbers are not: they change what is said.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

ENGLISH = "en"
_ARTICLES = frozenset({"the", "a", "an"})

# More marks on one letter than any language writes; Python's normalisation takes quadratic time for long runs of them
# (30 is the limit of the Stream-Safe Text Format, Unicode Standard Annex 15).
_MOST_MARKS = 30
# One sign of Unicode can stand for eighteen letters. What is longer than it was typed is cut here: it is no wording.
_LONGEST_GROWN = 2_000
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff"
_LATIN_GREEK_CYRILLIC = "a-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u1e00-\u1fff\u2c60-\u2c7f\ua640-\ua69f\ua720-\ua7ff"
_ACCENT = re.compile(f"(?<=[{_LATIN_GREEK_CYRILLIC}])[{_MARKS}]+")
_POWER = re.compile("(?<=[0-9])(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻])")
# Unicode takes these apart into a space and a mark, but people type them for an apostrophe.
_TYPED_FOR_APOSTROPHE = str.maketrans("´`", "''")
_LETTERS_WITHOUT_PARTS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)

_APOSTROPHES = frozenset("'’‘‛ʼʻʹ′ـ")  # with the tatweel, which only stretches an Arabic word
_KEPT = frozenset("#%&@‰.,:/")
_DIGIT_MARKS = {"٫": ".", "٬": ",", "−": "-", "⁄": "/", "٪": "%"}

_GROUPS_BY_COMMA = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})++(?!,?\d)")
_GROUPS_BY_SPACE = re.compile(r"(?<!\d)(?<!\d )\d{1,3}(?: \d{3})++(?! ?\d)")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_RANGE = re.compile(r"(?<=\d) ?- ?(?=\d)")
# A hyphen is loose behind a letter, and where neither a number nor a currency follows; else it is a minus.
_LOOSE_MARK = re.compile(r"(?<!\d)[.,:/]|[.,:/](?!\d)|(?<=[^\d\s=<>:+*×/^(%$€£¥-])-|-(?! ?[$€£¥]? ?\d)")
_INITIAL = re.compile(r"a(?:\.|[ -][^\W\d_](?![^\W_]))")  # "a.m." and "A. D. 79" have no article
_POINT_IN_FRONT = re.compile(r"(?<![^\s+$€£¥-])\.(?=\d)")
_MIXED_NUMBER = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞])")


def limit_marks(text: str) -> str:
    """The text with at most 30 combining marks in a row, so that normalising it takes linear time."""
    if text.isascii():
        return text
    runs = groupby(text, key=lambda character: unicodedata.combining(character) != 0)
    return "".join("".join(run)[:_MOST_MARKS] if marks else "".join(run) for marks, run in runs)


def fold(text: str) -> str:
    """The text without what is forgiven in letters: case, Unicode form, accents on Latin, Greek and Cyrillic letters.

    In other scripts a mark may be a vowel, so it stays. A power keeps its caret: 10² is not 102. What Unicode makes
    longer than it was typed is cut at 2,000 characters.
    """
    if text.isascii():
        return text.casefold().replace("`", "'")
    longest = max(len(text), _LONGEST_GROWN)
    text = _MIXED_NUMBER.sub(" ", text)
    text = _POWER.sub("^", limit_marks(text.translate(_TYPED_FOR_APOSTROPHE)))
    text = unicodedata.normalize("NFKC", text)[:longest].casefold()
    text = _ACCENT.sub("", unicodedata.normalize("NFD", text))
    text = text.translate(_LETTERS_WITHOUT_PARTS)
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)  # more than an alphabet has; answers are made of few
def _plain_character(character: str) -> str:
    if character in _APOSTROPHES:
        return ""
    if character in _KEPT:
        return character
    if character in _DIGIT_MARKS:
        return _DIGIT_MARKS[character]
    category = unicodedata.category(character)
    if category in ("Nd", "No") and (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)  # of any script, and those in black rings, which Unicode leaves as they are
    if category == "Pd":
        return "-"
    if category in ("Cf", "Me") or "\ufe00" <= character <= "\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return ""  # what shows nothing, or only changes a picture's dress: keycaps and tones of skin
    return character if category[0] in "LMNS" else " "


def plain(text: str, *, kept: str = "") -> str:
    """Folded text whose digits, dashes and spaces are ASCII and single, without apostrophes and other punctuation.

    ``kept``: the punctuation that stays.
    """
    folded = fold(text)
    table = {ord(character): _plain_character(character) for character in set(folded) - set(kept)}
    return " ".join(folded.translate(table).split())


def tidy_numbers(text: str) -> str:
    """Plain text with its numbers in one way of writing: no groups, decimal points, ranges without spaces."""
    text = _POINT_IN_FRONT.sub("0.", text)
    text = _GROUPS_BY_COMMA.sub(lambda found: found[0].replace(",", ""), text)
    text = _GROUPS_BY_SPACE.sub(lambda found: found[0].replace(" ", ""), text)
    return _RANGE.sub("-", _DECIMAL_COMMA.sub(".", text))


def is_english(language: str) -> bool:
    """Whether a language tag such as ``en-GB`` names English."""
    return language.casefold().split("-")[0] == ENGLISH


def simplify(text: str, language: str = ENGLISH) -> tuple[str, ...]:
    """The words of a text as they are compared: two texts with equal words say the same.

    Empty where a text has no letter, digit or sign at all.
    """
    text = plain(text)
    if is_english(language):
        text = text.replace("&", " and ")
    words = _LOOSE_MARK.sub(" ", tidy_numbers(text)).split()
    if is_english(language) and len(words) > 1 and words[0] in _ARTICLES and not _INITIAL.match(text):
        del words[0]
    return tuple(words)
