"""What the makers write on a card: English for English texts, for others only what needs no words."""

import re

from quizapp.core.deck.drafting.questions import raise_first

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$&])")
_UNSAFE = re.compile(r"[\\`*_\[\]<>#|~${}\n]")
_BULLET = re.compile(r"^(\s*(?:\d{1,9}(?=[.)])|(?=[-+])))([-+.)])(?=\s|$)")


def escape(text: str) -> str:
    """A plain text as Markdown that shows it as it stands."""
    return _BULLET.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", text)) if text else text


def is_safe(text: str) -> bool:
    """Whether a text may be an answer as it stands: nobody should have to type marks of Markdown."""
    return bool(text.strip()) and len(text) <= 200 and not _UNSAFE.search(text)


def quote(text: str) -> str:
    """Words in quotation marks, those within made single."""
    inner = text.replace("“", "‘").replace("”", "’").replace('"', "’").strip()
    return f"“{escape(inner)}”"


def explain(proof: str, more: str) -> str:
    """The sentence behind an answer: what the text says, and what to see in it."""
    return f"The text says {quote(proof)}. {more}".strip()


def capitalise(text: str) -> str:
    """An answer with a capital at its head, without the full stop of a sentence."""
    return raise_first(text.strip().rstrip(".,;:"))


def shorten(text: str, most_words: int) -> str | None:
    """The text up to a break within so many words; None where there is no such break."""
    words = text.split()
    if len(words) <= most_words:
        return text
    for at in range(most_words, 4, -1):
        if words[at - 1].endswith((",", ";")):
            return " ".join(words[:at]).rstrip(",;")
        if words[at] in ("and", "which", "that", "while", "when", "where", "especially", "particularly"):
            return " ".join(words[:at])
    return None
