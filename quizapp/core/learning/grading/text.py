"""Typed words: what counts as the same answer, and what as a slip in spelling."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quizapp.core.learning.grading.folding import ENGLISH, is_english, limit_marks, simplify
from quizapp.core.learning.grading.formulas import Sort, find_sort, simplify_as
from quizapp.core.learning.grading.spelling import is_slip
from quizapp.core.learning.grading.verdict import Judgement, Verdict, judge
from quizapp.core.learning.grading.writings import drop_opening, write_alike

_NEEDLESS_SPACE = re.compile(r"(?<!\d) | (?!\d)")
_PICTURES = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")
# However it is written, a text is not a wording that is so much shorter.
_MOST_LONGER = 4
_LONGEST_ALIKE = 100
_DECADE = re.compile(r"[2-9]0s")
_LONGEST_REMEMBERED = 500
_MOST_REMEMBERED = 2_000
# Letters of their own that German and Scandinavian write with two where the keyboard has none.
_IN_TWO_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
)
_ALEFS = str.maketrans("أإآٱ", "اااا")
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]")


def _join(words: Sequence[str]) -> str:
    """The words without the spaces between them, save those that keep two numbers apart."""
    return _NEEDLESS_SPACE.sub("", " ".join(words))


def is_near(given: Sequence[str], expected: Sequence[str]) -> bool:
    """Whether two texts have the same words, one by one, slips in spelling forgiven."""
    return len(given) == len(expected) and all(
        one == other or is_slip(one, other) for one, other in zip(given, expected, strict=True)
    )


def _as_typed(text: str) -> str:
    return unicodedata.normalize("NFKC", limit_marks(text)).strip()


def _drop_pictures(text: str, wordings: Sequence[str]) -> str:
    """The text without emoji, where no wording has one and something else is left."""
    if text.isascii() or any(map(_PICTURES.search, wordings)):
        return text
    return _PICTURES.sub("", text) or text


def _match_points(given: str, expected: str) -> tuple[str, str]:
    """Arabic and Hebrew words as they are compared: vowel points count only where both texts have them."""
    given, expected = (text if text.isascii() else text.translate(_ALEFS) for text in (given, expected))
    if bool(_POINTS.search(given)) != bool(_POINTS.search(expected)):
        return _POINTS.sub("", given), _POINTS.sub("", expected)
    return given, expected


def _write_in_two(sort: Sort, text: str, language: str) -> str:
    composed = unicodedata.normalize("NFC", limit_marks(text)).translate(_IN_TWO_LETTERS)
    return _join(simplify_as(sort, composed, language))


@dataclass(frozen=True, slots=True)
class _Wording:
    """An accepted wording as it is compared: its words, them without spaces, and its other ways of writing."""

    text: str
    sort: Sort
    words: tuple[str, ...]
    joined: str
    alike: tuple[str, ...]
    in_two_letters: str


def _read_wording(text: str, language: str) -> _Wording:
    sort = find_sort(text)
    words = simplify_as(sort, text, language)
    two = _write_in_two(sort, text, language)
    return _Wording(text, sort, words, _join(words), write_alike(words, language), two)


_remember_wording = lru_cache(maxsize=_MOST_REMEMBERED)(_read_wording)  # each answer asks for the same few again


def _find_in_two_letters(given: str, wordings: Sequence[_Wording], language: str) -> str:
    """The wording that a text is with two letters for one: "Mueller" for "Müller"; blank where there is none."""
    pairs = [wording for wording in wordings if not (given.isascii() and wording.text.isascii())]
    written = {sort: _write_in_two(sort, given, language) for sort in {wording.sort for wording in pairs}}
    return next((one.text for one in pairs if written[one.sort] and one.in_two_letters == written[one.sort]), "")


def _is_same(given: Sequence[str], expected: Sequence[str]) -> bool:
    one, other = _match_points(_join(given), _join(expected))
    return one == other or (_DECADE.fullmatch(one) is not None and len(other) == 5 and other.endswith(one))


def _says_the_same(given: Sequence[str], expected: Sequence[str], language: str) -> bool:
    """Whether two texts of one way of writing are equal; "in" or "to" in front of one of them says no more."""
    if _is_same(given, expected):
        return True
    shorter, other = drop_opening(given), drop_opening(expected)
    one_sided = (len(shorter) < len(given)) != (len(other) < len(expected))
    return is_english(language) and one_sided and _is_same(shorter, other)


def _judge_alike(words: Mapping[Sort, Sequence[str]], expected: Sequence[_Wording], language: str) -> Judgement:
    """Compare the words of an answer, as each sort of wording wants them, with the wordings' other ways of writing."""
    alike = {sort: write_alike(some, language) for sort, some in words.items()}
    for one in expected:
        if one.words and _says_the_same(alike[one.sort], one.alike, language):
            return judge(Verdict.RIGHT, one.text)
    for one in expected:
        if is_near(words[one.sort], one.words) or is_near(alike[one.sort], one.alike):
            return judge(Verdict.ALMOST, one.text)
    return judge(Verdict.WRONG, expected[0].text)


def judge_text(given: str, wordings: Sequence[str], language: str = ENGLISH) -> Judgement:
    """Compare a typed answer with the accepted wordings, the main one first.

    A missing space or hyphen is right, and so is another way of writing the same (see ``write_alike``). It is almost
    right if it has as many words as a wording and each of them is the same or a slip in spelling. What has no letter,
    digit or sign, such as ``?``, is compared as it is.
    """
    given = _drop_pictures(given, wordings)
    if not simplify(given, language):
        same = next((wording for wording in wordings if _as_typed(wording) == _as_typed(given)), None)
        return judge(Verdict.WRONG, wordings[0]) if same is None else judge(Verdict.RIGHT, same)
    expected = [
        (_remember_wording if len(wording) <= _LONGEST_REMEMBERED else _read_wording)(wording, language)
        for wording in wordings
    ]
    words = {sort: simplify_as(sort, given, language) for sort in {one.sort for one in expected}}
    joined = {sort: _join(some) for sort, some in words.items()}
    for one in expected:
        if one.words and one.joined == joined[one.sort]:
            return judge(Verdict.RIGHT, one.text)
    if len(joined[expected[0].sort]) > _MOST_LONGER * max(map(len, wordings)) + _LONGEST_ALIKE:
        return judge(Verdict.WRONG, wordings[0])
    if two := _find_in_two_letters(given, expected, language):
        return judge(Verdict.RIGHT, two)
    return _judge_alike(words, expected, language)
