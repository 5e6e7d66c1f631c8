"""Typed words: what counts as the same answer, and what as a slip in spelling."""

import re
import unicodedata
from collections.abc import Sequence

from quizapp.core.learning.grading.folding import ENGLISH, limit_marks, simplify
from quizapp.core.learning.grading.spelling import is_slip
from quizapp.core.learning.grading.verdict import Judgement, Verdict, judge

_NEEDLESS_SPACE = re.compile(r"(?<!\d) | (?!\d)")


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


def judge_text(given: str, wordings: Sequence[str], language: str = ENGLISH) -> Judgement:
    """Compare a typed answer with the accepted wordings, the main one first.

    A missing space or hyphen is right. It is almost right if it has as many words as a wording and each of them is
    the same or a slip in spelling. What has no letter, digit or sign, such as ``?``, is compared as it is.
    """
    words = simplify(given, language)
    if not words:
        same = next((wording for wording in wordings if _as_typed(wording) == _as_typed(given)), None)
        return judge(Verdict.WRONG, wordings[0]) if same is None else judge(Verdict.RIGHT, same)
    expected = [simplify(wording, language) for wording in wordings]
    joined = _join(words)
    for wording, candidate in zip(wordings, expected, strict=True):
        if candidate and _join(candidate) == joined:
            return judge(Verdict.RIGHT, wording)
    for wording, candidate in zip(wordings, expected, strict=True):
        if is_near(words, candidate):
            return judge(Verdict.ALMOST, wording)
    return judge(Verdict.WRONG, wordings[0])
