"""Texts as words, for the checks: good enough to compare, and fast enough for ten thousand cards."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_LINK_TARGET = re.compile(r"\]\([^)]*\)")
# Scripts written without spaces between words: Thai, Lao, Khmer, Myanmar, kana, Han.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

_COMMON = {
    "en": (
        "a about according after again all also although am an and any are article articles as at be because "
        "been before being between both but by can could did do does doing done down each either few for from "
        "further get give gives had has have having he her here hers him his how however if in into is it its "
        "itself just let many may me might more most much must my name names neither no nor not now of off on "
        "once one only or other our out over own part said same say says shall she should since so some such "
        "tell tells text texts than that the their them then there these they this those though through to "
        "too under until up upon us very was we were what when where which while who whom whose why will with "
        "within without word words would yes yet you your"
    ),
    "de": (
        "aber als am an auch auf aus bei bin bis da das dass dem den der des die dies diese dieser doch du durch ein "
        "eine einem einen einer eines er es für hat hatte ich ihr im in ist ja kann kein keine mit nach nicht noch nur "
        "oder ob sein seine sich sie sind so und um unter vom von vor war waren was wenn wer wie wird wo zu "
        "zum zur über"
    ),
    "fr": (
        "au aux avec ce ces cette dans de des du elle en est et il ils la le les leur mais ne ni on ont ou où par pas "
        "pour quand que quel quelle qui sa se ses son sont sur un une"
    ),
    "es": (
        "al como con cual cuando de del donde el ella en es esta este la las lo los más no o para pero por que qué "
        "quién se ser si sin son su sus un una y"
    ),
}
_COMMON_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_NO_WORDS: frozenset[str] = frozenset()


def get_primary(language: str) -> str:
    """The first part of a language tag: ``pt`` for ``pt-BR``."""
    return language.partition("-")[0].lower()


def list_words(text: str) -> list[str]:
    """The words of a text in order, letter case, punctuation, marks of Markdown and link targets aside."""
    if "](" in text:
        text = _LINK_TARGET.sub("]", text)
    return _WORD.findall(text.casefold())


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script without spaces, so that it cannot be taken apart into words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def pick_telling(words: Iterable[str], language: str) -> list[str]:
    """The words that carry meaning: no common ones of the language, none under three letters but numbers."""
    common = _COMMON_WORDS.get(language, _NO_WORDS)
    return [word for word in words if word not in common and (len(word) > 2 or word.isdecimal())]


def cut_ending(word: str) -> str:
    """The part of a word that its other forms are likely to share; a number is kept whole."""
    return word if word.isdecimal() else word[: max(4, len(word) - 3)]


@lru_cache(maxsize=4096)
def fold_case(text: str) -> str:
    """The text in one letter case, for looking for parts of words in a paragraph."""
    return text.casefold()


def pad(words: Sequence[str]) -> str:
    """The words in one string with spaces around, so that ``in`` finds whole words only."""
    return f" {' '.join(words)} "
