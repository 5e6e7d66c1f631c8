"""The words of which refusals are made: names of shapes, examples of keys, and lists."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from quizapp.core.messages import Message, say

_LONGEST_ID = 1000  # characters that an id is suggested from
# Latin letters that are not another one with a mark, in the spelling of those who lack them; ß casefolds to ss.
_SPELLED = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"})

EXAMPLES = {
    "format": "format: 1",
    "id": "id: fall-of-the-wall",
    "title": "title: Dates and periods",
    "language": "language: en",
    "theme": "theme: dates",
    "cards": 'cards: [{id: fall, type: short, prompt: When did the Wall fall?, answer: "1989"}]',
    "type": "type: choice",
    "prompt": "prompt: In which year did the Wall fall?",
    "answer": 'answer: "1989"',
    "answers": "answers: [Paris, Lyon]",
    "wrong": "wrong: [Rome, Madrid]",
    "text": 'text: "The Wall fell in {{1989}}."',
    "items": "items: [first, second, third]",
    "pairs": "pairs: [[France, Paris], [Italy, Rome]]",
    "source": "source: my-article",
    "paragraph": "paragraph: 4",
    "quote": "quote: a few words of the source",
    "kind": "kind: article",
    "file": "file: my-article.txt",
    "sha256": f"sha256: {hashlib.sha256().hexdigest()}",
}
# What other programs and people call a key -> its names here, of which the first that is allowed is meant.
_CALLED_ELSEWHERE = {
    **dict.fromkeys(("options", "choices", "distractors", "incorrect", "wrongs"), ("wrong",)),
    **dict.fromkeys(("question", "questions", "front", "stem", "ask"), ("prompt", "cards")),
    **dict.fromkeys(("back", "solution", "correct", "right"), ("answer", "answers")),
    **dict.fromkeys(("synonyms", "alternatives", "also"), ("accept",)),
    **dict.fromkeys(("cites", "evidence", "proof", "references", "sources"), ("citations",)),
    **dict.fromkeys(("reason", "feedback", "why", "because"), ("explanation",)),
    **dict.fromkeys(("clue", "tip"), ("hint",)),
    **dict.fromkeys(("name",), ("title",)),
    **dict.fromkeys(("level",), ("difficulty",)),
    **dict.fromkeys(("labels", "keywords"), ("tags",)),
}
_LONGEST_KEY = 80
# What pydantic wanted -> its name.
SHAPES = {
    "string_type": say("a text"),
    "tuple_type": say("a list"),
    "dict_type": say("a mapping of keys and values"),
    "model_type": say("a mapping of keys and values"),
    "model_attributes_type": say("a mapping of keys and values"),
    "bool_type": say("true or false"),
    "int_type": say("a whole number"),
    "decimal_type": say("a number"),
    "literal_error": say("a word"),
}


# What a sentence may begin with, here for gettext to find; within a sentence its first letter is small.
_BEGINNINGS = (
    say("The deck"),
    say("The card"),
    say("The front matter"),
    say("The card `%(identifier)s`"),
    say("Card number %(number)s"),
    say("Citation %(number)s of %(whole)s"),
    say("Entry %(number)s of `%(key)s` of %(whole)s"),
)
_BEGINNING_OF = {f"{one.template[0].lower()}{one.template[1:]}": one.template for one in _BEGINNINGS}


def begin(name: str) -> str:
    """What is named, at the beginning of a sentence."""
    if isinstance(name, Message) and name.template in _BEGINNING_OF:
        return Message(_BEGINNING_OF[name.template], name.values)
    return name[:1].upper() + name[1:]


def join_or(words: Sequence[str]) -> str:
    """Words of the format, one of which is to be chosen."""
    quoted = [f"`{word}`" for word in words]
    return say("%(words)s or %(last)s", words=", ".join(quoted[:-1]), last=quoted[-1]) if quoted[1:] else quoted[0]


def join_and(words: Sequence[str]) -> str:
    """Words of the format, all of them."""
    quoted = [f"`{word}`" for word in words]
    if not quoted[1:]:
        return "".join(quoted)
    return say("%(words)s and %(last)s", words=", ".join(quoted[:-1]), last=quoted[-1])


def find_meant(key: str, allowed: Sequence[str]) -> str | None:
    """Which of the allowed keys is most likely meant by one that is not known; None where none is near."""
    plain = key[:_LONGEST_KEY].strip().lower()
    if plain in _CALLED_ELSEWHERE:
        return next((name for name in _CALLED_ELSEWHERE[plain] if name in allowed), None)
    return next(iter(get_close_matches(plain, allowed, 1)), None)


def name_shape(value: Any) -> str:
    """What a value is, for people."""
    if isinstance(value, dict):
        return say("a mapping of keys and values")
    return say("a list") if isinstance(value, list) else say("a text")


def suggest_slug(text: str) -> str:
    """An id made of a text; blank where none of its letters can stand in one."""
    spelled = text[:_LONGEST_ID].casefold().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", plain))[:80].strip("-")
