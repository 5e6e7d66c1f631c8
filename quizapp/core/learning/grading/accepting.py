"""The line that makes a deck accept one more wording, for a teacher to put into the deck file."""

import json
from collections.abc import Sequence

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Cloze, Short
from quizapp.core.learning.grading.cards import grade
from quizapp.core.learning.grading.folding import ENGLISH, simplify
from quizapp.core.learning.grading.response import Response
from quizapp.core.learning.grading.verdict import Verdict

_LONGEST = 200


def _quote(text: str) -> str:
    """A text as YAML and JSON both read it."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _tidy(text: str) -> str:
    """The wording to be written down; blank where grading would see nothing in it, as in control characters."""
    return " ".join(text.split()) if simplify(text) else ""


def _extend_blank(wordings: Sequence[str], given: str, missed: bool) -> str:
    wanted = missed and given and not set("{}|") & set(given)
    return "{{" + "|".join([*wordings, given] if wanted else wordings) + "}}"


def _suggest_text(card: Cloze, response: Response, language: str) -> str:
    parsed = parse_cloze(card.text)
    parts = grade(card, response, language).parts
    blanks = [
        _extend_blank(wordings, _tidy(part.given), part.verdict is Verdict.WRONG)
        for wordings, part in zip(parsed.blanks, parts, strict=True)
    ]
    text = "".join(piece + blank for piece, blank in zip(parsed.pieces, [*blanks, ""], strict=True))
    return "" if text == card.text else f"text: {_quote(text)}"


def suggest_line(card: Card, response: Response, language: str = ENGLISH) -> str:
    """The line of the deck file (format 1) with which this answer would be right; blank where there is none.

    Only typed answers have one: ``accept: […]`` of a ``short``, or the ``text: …`` of a ``cloze`` with the wording in
    its blank. Nothing is suggested for an empty answer or one of more than 200 characters.
    """
    if not isinstance(card, Short | Cloze) or sum(map(len, response.texts)) > _LONGEST:
        return ""
    if isinstance(card, Cloze):
        return _suggest_text(card, response, language)
    given = _tidy(response.texts[0])
    if not given or given in (card.answer, *card.accept):
        return ""
    return f"accept: [{', '.join(_quote(wording) for wording in (*card.accept, given))}]"
