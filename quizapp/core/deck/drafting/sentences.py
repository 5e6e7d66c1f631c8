"""A plain text in sentences: full stops of abbreviations, initials and ordinals end none.

An ordinal (“am 3. Oktober”) has its full stop in other languages than English alone.
"""

import re
from collections.abc import Iterator

from quizapp.core.deck.checks.words import get_primary
from quizapp.core.deck.drafting.model import Passage, Sentence
from quizapp.core.deck.drafting.wordlists import split_set
from quizapp.core.deck.text import HIDDEN

# A longer run without an end is a table, a list of words or an attack, and no sentence to ask about.
LONGEST_SENTENCE = 1_000

_END = re.compile(r"[.!?…]{1,3}[\"”’'»)\]]{0,3}(?=\s|$)|[。！？]")
_SPACE = re.compile(r"\s")
_HIDDEN = re.compile(f"[{HIDDEN}]")
_LAST_WORD = re.compile(r"(?:[^\W\d_]\.){1,8}$|[^\W_]{1,12}$")
_ABBREVIATIONS = split_set(
    "al approx art bd bzw ca capt cf ch co col corp dept dr ed eds eg etc ex fig gen gov hr inc ing jr ltd lt m "
    "mr mrs ms mme mlle mt no nos nr op p para pp prof rep rev sen sgt sr st vol vs z zb jan feb mar apr jun jul "
    "aug sep sept oct nov dec"
)
_STARTERS = split_set("A All An And As At But By For He Her His However In It Its On She Since That The There")
_STARTERS |= frozenset(["These", "They", "This", "Those", "Though", "To", "We", "What", "When", "While", "With", "Yet"])


def _is_abbreviated(before: str, after: str, language: str) -> bool:
    """Whether the full stop between the two ends an abbreviation, an initial or an ordinal, and no sentence."""
    found = _LAST_WORD.search(before[-16:])
    word = found[0] if found else ""
    follower = after.lstrip()
    next_word = re.match(r"[\w’']*", follower[:20])
    if follower[:1].islower():
        return True
    if "." in word or (len(word) == 1 and word.isupper() and word != "I"):
        return bool(follower) and (next_word is None or next_word[0] not in _STARTERS)
    if word.isdigit() and len(word) <= 2 and get_primary(language) != "en":
        return follower[:1].isalpha() and len(before) > len(word) and before[-len(word) - 1 :][:1].isspace()
    return word.casefold() in _ABBREVIATIONS and bool(follower)


def _find_ends(text: str, language: str) -> Iterator[int]:
    for match in _END.finditer(text):
        mark = match[0]
        before, after = text[max(0, match.start() - 20) : match.start()], text[match.end() :][:40]
        if mark == "." and _is_abbreviated(before, after, language):
            continue
        if mark[0] in "?!…" and text[match.end() : match.end() + 2].lstrip()[:1].islower():
            continue
        yield match.end()
    yield len(text)


def split_sentences(text: str, paragraph: int = 1, language: str = "und") -> tuple[Sentence, ...]:
    """The sentences of a paragraph's plain text; one of over 1,000 characters or with hidden ones is left out."""
    even = _SPACE.sub(" ", text)
    sentences = []
    start = 0
    for end in _find_ends(even, language):
        piece = even[start:end]
        stripped = piece.strip()
        if stripped and len(stripped) <= LONGEST_SENTENCE and not _HIDDEN.search(stripped):
            sentences.append(Sentence(paragraph, start + len(piece) - len(piece.lstrip()), stripped))
        start = end
    return tuple(sentences)


def make_passage(number: int, text: str, language: str = "und") -> Passage:
    """A paragraph with its sentences."""
    return Passage(number, text, split_sentences(text, number, language))
