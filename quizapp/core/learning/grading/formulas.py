"""Formulas among typed answers: what is a hyphen in "well-known" is a minus in "x = -5", and says something else.

What the author wrote decides how an answer to it is read: a wording of words forgives a hyphen, a formula forgives
spaces and the ways to type a sign, and what stands for an ion, a blood group or a mark keeps the minus at its end.
"""

import re
import unicodedata
from enum import Enum

from quizapp.core.learning.grading.folding import is_english, limit_marks, plain, simplify, tidy_numbers

_SIGN = re.compile(r"[=≠<>≤≥≈≡^√∫∑∏±∓×÷·⋅∙→⟶⇌↔⇒⇔⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ]|(?<![^\W\d_]{2})−|\w ?\+")
_FUNCTIONS = "arccos|arcsin|arctan|cosh|cos|cot|csc|exp|lim|ln|log|max|min|mod|pi|sec|sinh|sin|sqrt|tanh|tan"
# Numbers, letters that stand for one, and what joins them: no words, no capitals.
_ALGEBRA = re.compile(
    rf"(?:(?:{_FUNCTIONS})(?![^\W\d_])|\d[a-z]{{1,3}}(?![a-z])|(?<![^\W\d_π])[a-zα-ω](?![^\W\d_π])"
    r"|[π\d\s.,;:!%()\[\]{}|/*+−–-])++"
)
_SUBSTANCE = re.compile(r"\d{0,3}(?:[A-Z][a-z]?\d{0,3}|[()\[\]]\d{0,3}){1,20}(?:\^?\d?[+−–-])?")

_TO_PLAIN = str.maketrans(
    {"*": "×", "·": "×", "⋅": "×", "∙": "×", "÷": "/", "[": "(", "]": ")", "{": "(", "}": ")"}
    | {"→": "->", "⟶": "->", "⇌": "<=>", "↔": "<->", "⇒": "=>", "≤": "<=", "≥": ">=", "≠": "<>", "√": " sqrt "}
)
_NOT_EQUAL = re.compile(r"!=|=/=")
_BARE_PAIR = re.compile(r"\(\s?([^\W_]+(?:\.\d+)?)\s?\)")
_BELOW_ZERO = re.compile(r"([\^=<>])\s?\(\s?(- ?[^\W_]+(?:\.\d+)?)\s?\)")
_BRACKETS = re.compile(r"\([^()]*\)")
_NO_GROUP = re.compile(r"(?<=\d),(?!\d{3}(?!\d))")
_LONG_ARROW = re.compile("(?<!-)-+>")
_SAID = (
    (re.compile(r"^the\b"), ""),
    (re.compile(r"\b(?:the )?(?:square )?root of\b"), " sqrt "),
    (re.compile(r"\bminus\b"), "-"),
    (re.compile(r"\bplus\b"), "+"),
    (re.compile(r"\btimes\b"), "×"),
    (re.compile(r"\b(?:is equal to|equals)\b"), "="),
)
_PI = re.compile(r"(?<![^\W\d_])pi(?![^\W\d_])")
_RATIO = re.compile(r"(?<=\d) ?: ?(?=\d)")
_LOOSE = re.compile(r"(?<!\d)[.,:]|[.,:](?!\d)")


class Sort(Enum):
    """What an author's wording is made of."""

    WORDS = "words"
    FORMULA = "formula"
    SUBSTANCE = "substance"


def find_sort(wording: str) -> Sort:
    """What a wording is made of: ``x - 5`` and ``10⁻³`` are formulas, ``Cl⁻`` and ``A-`` end in a sign that counts."""
    text = wording.strip()
    if _SUBSTANCE.fullmatch(unicodedata.normalize("NFKC", limit_marks(text)).replace(" ", "")):
        return Sort.SUBSTANCE
    return Sort.FORMULA if _SIGN.search(text) or _ALGEBRA.fullmatch(text) else Sort.WORDS


def _drop_outer_pair(text: str) -> str:
    """The text without the brackets around all of it."""
    inner = text[1:-1]
    is_pair = text[:1] == "(" and text[-1:] == ")" and "(" not in inner and ")" not in inner
    return inner if is_pair else text


def _simplify_formula(text: str, language: str) -> tuple[str, ...]:
    text = plain(_NOT_EQUAL.sub("<>", text).translate(_TO_PLAIN), kept="()")
    if is_english(language):
        for said, sign in _SAID:
            text = said.sub(sign, text)
        text = _BRACKETS.sub(lambda found: _NO_GROUP.sub(", ", found[0]), text)  # (3,4) is a point
    text = _LONG_ARROW.sub("->", _PI.sub("π", text))
    text = _BELOW_ZERO.sub(r"\1\2", _BARE_PAIR.sub(r" \1 ", _drop_outer_pair(text.rstrip(" .,:"))))
    return tuple(_LOOSE.sub(" ", tidy_numbers(_RATIO.sub(":", text))).split())


def _simplify_substance(text: str, language: str) -> tuple[str, ...]:
    """Words, save that a minus at the end stays, and that a charge may be written as it is spoken or typed in TeX."""
    text = plain(text).replace("^", "")
    words = simplify(text, language)
    return (f"{''.join(words)}-",) if words and text.endswith("-") else words


def simplify_as(sort: Sort, text: str, language: str) -> tuple[str, ...]:
    """The words of a text as they are compared with a wording of this sort."""
    if sort is Sort.FORMULA:
        return _simplify_formula(text, language)
    return _simplify_substance(text, language) if sort is Sort.SUBSTANCE else simplify(text, language)


def simplify_answer(text: str, language: str) -> tuple[str, ...]:
    """The words of an answer, by which answers are alike or not: in what looks like a formula, with its signs."""
    return simplify_as(find_sort(text), text, language)
