"""Slips in spelling: near enough that the word was known, and never another word.

A slip costs little, taking another word for it costs much: "Iraq" for "Iran" would count as known.
"""

import re
import unicodedata

from rapidfuzz.distance import OSA, Levenshtein

from quizapp.core.learning.grading.folding import fold, limit_marks
from quizapp.core.learning.grading.lookalikes import mean_different_things
from quizapp.core.learning.grading.verdict import Change, Difference

_SHORTEST_WORD = 5
_LONG_WORD = 9
_SHORTEST_FOR_TWO = 7
_SHORTEST_SINGULAR = 3
_SOUNDS = ("aeiouy", "ckqsxz", "fpvwb", "gjhy", "dt")

# Scripts that write words letter by letter, with spaces between. In others one sign is a syllable or a word.
_ALPHABETS = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "ARABIC", "HEBREW"})
_ROMAN_NUMERAL = re.compile(r"m{0,4}(?:cm|cd|d?c{0,4})(?:xc|xl|l?x{0,4})(?:ix|iv|v?i{0,4})")


def _is_spelled(word: str) -> bool:
    if not word.isalpha() or _ROMAN_NUMERAL.fullmatch(word):
        return False
    return {unicodedata.name(letter, "").split(" ")[0] for letter in set(word)} <= _ALPHABETS


def _allowed_edits(given: str, expected: str) -> int:
    if len(expected) < _SHORTEST_WORD:
        return 0
    return 2 if len(expected) >= _LONG_WORD and len(given) >= _SHORTEST_FOR_TWO else 1


def _is_plural(one: str, other: str) -> bool:
    """Whether one word is the regular English plural of the other, which has three letters or more."""
    if len(other) < _SHORTEST_SINGULAR or not other.isalpha() or not other.isascii() or other.endswith("ss"):
        return False
    if other.endswith(("s", "x", "ch", "sh")):
        return one == f"{other}es"
    return one == f"{other}s" or (other.endswith("y") and one == f"{other[:-1]}ies")


def _begins_alike(given: str, expected: str) -> bool:
    """Whether the first letter is the same, left out, added, swapped, or one that sounds alike: Nixon is not Dixon."""
    one, other = given[0], expected[0]
    if one == other or expected[1] == one or given[1] == other:
        return True
    return any(one in letters and other in letters for letters in _SOUNDS)


def is_slip(given: str, expected: str) -> bool:
    """Whether one simplified word is the other with a slip of the pen.

    Words under five letters are never taken for each other, save for an English plural; five to eight letters forgive
    one letter left out, added, changed or swapped with its neighbour, longer words two where seven letters are left
    (optimal string alignment). Words with digits, Roman numerals, words that are known to look alike, first letters
    that sound otherwise, and scripts that do not spell are never forgiven.
    """
    if _is_plural(given, expected) or _is_plural(expected, given):
        return not mean_different_things(given, expected)
    allowed = _allowed_edits(given, expected)
    if not allowed or OSA.distance(given, expected, score_cutoff=allowed) > allowed:
        return False
    if not _begins_alike(given, expected):
        return False
    return _is_spelled(given) and _is_spelled(expected) and not mean_different_things(given, expected)


def _key(character: str) -> str:
    return (fold(character) or character)[0]


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(limit_marks(text).split()))


def find_difference(given: str, expected: str) -> Difference:
    """The pieces that lead from a near miss to the expected wording; case and accents alone make no piece.

    Kept and missing pieces joined are the expected text.
    """
    given, expected = _compose(given), _compose(expected)
    steps = Levenshtein.opcodes("".join(map(_key, given)), "".join(map(_key, expected)))
    pieces: list[tuple[Change, str]] = []
    for step in steps:
        extra = given[step.src_start : step.src_end]
        wanted = expected[step.dest_start : step.dest_end]
        if step.tag == "equal":
            pieces.append((Change.KEPT, wanted))
            continue
        pieces += [(change, text) for change, text in ((Change.EXTRA, extra), (Change.MISSING, wanted)) if text]
    return tuple(pieces)
