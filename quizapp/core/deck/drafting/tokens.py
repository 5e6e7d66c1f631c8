"""A sentence as tokens, and its runs of capitalised words: what names are made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.core.deck.drafting.wordlists import AFTER_HYPHEN, NOT_NAMES, PARTICLES

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+|\d+|[^\w\s]")
_HYPHENS = "-‐‑–"
_APOSTROPHES = "'’"
_SHORTENED = ("Jr", "Sr", "St")
_LONGEST_RUN = 12
_LONGEST_TAIL = 6  # letters of the small second half of a name, as in Jong-un and Ki-moon


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark, and its place in the sentence."""

    text: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that begins with a capital."""
        return self.text[0].isupper()

    @property
    def is_small(self) -> bool:
        """Whether it is a word in small letters."""
        return self.text[0].islower()


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens ``first`` up to, not including, ``last`` of a sentence that stand together as one name may."""

    first: int
    last: int


def split_tokens(text: str) -> list[Token]:
    """The words, numbers and marks of a sentence."""
    return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def get_token(tokens: Sequence[Token], at: int) -> str:
    """The text of a token; nothing outside the sentence."""
    return tokens[at].text if 0 <= at < len(tokens) else ""


def touches(tokens: Sequence[Token], at: int) -> bool:
    """Whether no space stands between a token and the next."""
    return at + 1 < len(tokens) and tokens[at].end == tokens[at + 1].start


def follows_closely(tokens: Sequence[Token], at: int) -> bool:
    """Whether just one space stands between a token and the next."""
    return at + 1 < len(tokens) and tokens[at].end + 1 == tokens[at + 1].start


def is_possessive(tokens: Sequence[Token], at: int) -> bool:
    """Whether an apostrophe, with or without an s, follows the token before ``at``."""
    return get_token(tokens, at) != "" and get_token(tokens, at) in _APOSTROPHES and touches(tokens, at - 1)


def _skip_mark(tokens: Sequence[Token], at: int) -> int | None:
    """The token behind a hyphen, an apostrophe or the full stop of an initial that joins names."""
    mark, after = get_token(tokens, at + 1), get_token(tokens, at + 2)
    if not mark or not after or not touches(tokens, at):
        return None
    if (
        mark == "."
        and (len(tokens[at].text) == 1 or tokens[at].text in _SHORTENED)
        and after[0].isupper()
        and follows_closely(tokens, at + 1)
    ):
        return at + 2
    if not touches(tokens, at + 1):
        return None
    if mark in _HYPHENS and len(tokens[at].text) > 1 and after[0].isupper():
        return at + 2
    if mark in _APOSTROPHES and len(tokens[at].text) <= 2 and after[0].isupper():
        return at + 2
    return None


def _skip_tail(tokens: Sequence[Token], at: int, first: int) -> int | None:
    """The small second half of a name of several words."""
    tail = get_token(tokens, at + 2)
    is_joined = get_token(tokens, at + 1) in ("-", "‑") and touches(tokens, at) and touches(tokens, at + 1)
    if is_joined and at > first and tail[0].islower() and len(tail) <= _LONGEST_TAIL and tail not in AFTER_HYPHEN:
        return at + 2
    return None


def _skip_particles(tokens: Sequence[Token], at: int) -> int | None:
    behind = at + 1
    while behind <= at + 3 and get_token(tokens, behind) in PARTICLES:
        behind += 1
    if at + 1 < behind < len(tokens) and tokens[behind].is_capital and tokens[at].text not in NOT_NAMES:
        return behind
    return None


def _extend(tokens: Sequence[Token], at: int, first: int) -> int | None:
    """The next token of the run that has reached ``at``."""
    if follows_closely(tokens, at) and tokens[at + 1].is_capital:
        return at + 1
    if follows_closely(tokens, at) and tokens[at + 1].text == "&" and get_token(tokens, at + 2)[:1].isupper():
        return at + 2
    found = _skip_mark(tokens, at)
    found = found if found is not None else _skip_tail(tokens, at, first)
    return found if found is not None else _skip_particles(tokens, at)


def list_runs(tokens: Sequence[Token]) -> Iterator[Run]:
    """The runs of capitalised words: with initials, hyphens, and the small words of people's names within."""
    at = 0
    while at < len(tokens):
        if not tokens[at].is_capital:
            at += 1
            continue
        first = at
        while at - first < _LONGEST_RUN and (reached := _extend(tokens, at, first)) is not None:
            at = reached
        at += 1
        yield Run(first, at)
