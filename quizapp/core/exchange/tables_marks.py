"""What people mark within a cell: the right one of some options, and the blank in a sentence."""

import re
from collections.abc import Sequence
from typing import Any, Final

from quizapp.core.exchange.htmltext import escape_markdown

_SIGN: Final = "\uf8f0"  # of the private use area: stands for a blank while the text around it is escaped
_BEFORE = re.compile(r"(?:\*|\[[xX✓✔]\]|[✓✔☑✅])\s*")
_AFTER: Final = (
    *("*", "✓", "✔", "☑", "✅"),
    *(f"({word})" for word in ("correct", "right", "richtig", "correcte", "correcta", "صحيح")),
)
_OPEN = re.compile(r"(?:\[\s*\]|☐)\s*")
_LETTER = re.compile(r"\(?[A-Ha-h1-9][).]\s+")
_GAP = re.compile(r"_{3,}")
_MARKED_GAPS = (
    re.compile(r"\{\{c[0-9]{1,4}::(?P<word>(?:[^{}|:]|:(?!:))+)(?:::[^{}]*)?\}\}"),
    re.compile(r"\[(?P<word>[^\[\]|{}]+)\](?!\()"),
    re.compile(r"\*\*(?P<word>[^*|{}]+)\*\*"),
)
_NOT_IN_BLANK = re.compile(r"[{}|\n]")


def _drop_letters(options: Sequence[str]) -> list[str]:
    """The options without “a)” or “A.” before them, where all have such."""
    found = [_LETTER.match(option) for option in options]
    if not all(found):
        return list(options)
    return [option[one.end() :] for option, one in zip(options, found, strict=True) if one]


def _find_bare(option: str) -> str | None:
    """What is marked as right, without the mark; None where nothing is. Looks at the two ends alone."""
    if len(option) > 4 and option.startswith("**") and option.endswith("**") and "*" not in option[2:-2]:
        return option[2:-2].strip() or None
    if found := _BEFORE.match(option):
        return option[found.end() :] or None
    end = option[-20:].lower()
    return next((option[: -len(mark)].rstrip() or None for mark in _AFTER if end.endswith(mark)), None)


def _drop_open(option: str) -> str:
    found = _OPEN.match(option)
    return option[found.end() :] if found else option


def find_marked(options: Sequence[str]) -> tuple[list[str], list[int]]:
    """The options without marks, and the places of those marked as right.

    Known are a star or a tick before or behind, two stars on both sides, ``[x]`` beside ``[ ]``, and “(correct)”. A
    letter such as “a)” may stand before all of them. No places, and the options as they are, where none or all are
    marked.
    """
    plain = [option.strip() for option in _drop_letters(options)]
    found = [_find_bare(option) for option in plain]
    places = [place for place, bare in enumerate(found) if bare is not None]
    if not places or len(places) == len(plain):
        return list(options), []
    bare = [_drop_open(option) if right is None else right for right, option in zip(found, plain, strict=True)]
    return bare, places


def _fill(text: str, words: Sequence[str]) -> dict[str, Any]:
    parts = escape_markdown(text).split(_SIGN)
    blanks = ["{{" + " ".join(word.split()) + "}}" for word in words]
    return {"type": "cloze", "text": "".join(a + b for a, b in zip(parts, [*blanks, ""], strict=True))}


def read_sentence(sentence: str, answer: str) -> dict[str, Any] | None:
    """The values of a card with blanks, where a sentence has one; None where it has none.

    Without an answer beside it, the blank holds it: ``{{c1::Paris}}``, ``[Paris]`` or ``**Paris**``. With one, the
    blank is a line of three or more underscores, and there must be just one.
    """
    if _SIGN in sentence:
        return None
    if answer:
        is_one = len(_GAP.findall(sentence)) == 1 and not _NOT_IN_BLANK.search(answer)
        return _fill(_GAP.sub(_SIGN, sentence), [answer]) if is_one else None
    for marked in _MARKED_GAPS:
        if words := [found["word"] for found in marked.finditer(sentence) if found["word"].strip()]:
            text = marked.sub(lambda found: _SIGN if found["word"].strip() else found[0], sentence)
            return _fill(text, words)
    return None
