"""The fields of the notes that our cards become in Anki, and what a change in one of them says of the card."""

import hashlib
import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import (
    Card,
    Choice,
    Citation,
    Cloze,
    Flashcard,
    Match,
    Multiple,
    Order,
    Short,
    TrueFalse,
    option_key,
)
from quizapp.core.exchange.anki.clozes import hollow_out
from quizapp.core.exchange.anki.fieldtext import (
    read_list,
    read_pairs,
    write_cloze,
    write_line,
    write_list,
    write_pairs,
    write_text,
)
from quizapp.core.exchange.anki.kinds import KINDS
from quizapp.core.exchange.anki.sides import fill_blanks
from quizapp.core.exchange.htmltext import to_markdown, to_text
from quizapp.core.markup import plain_text

_LETTERS: Final = "A"


def _shuffle(texts: Sequence[str], seed: str) -> list[str]:
    """The texts in an order that tells nothing, and stays the same; never in the one they came in."""
    shuffled = sorted(texts, key=lambda text: hashlib.sha256(f"{seed}\0{text}".encode()).digest())
    return shuffled if shuffled != list(texts) else shuffled[1:] + shuffled[:1]


def _write_citations(citations: Sequence[Citation]) -> str:
    return "".join(
        f"<blockquote>“{html.escape(one.quote, quote=False)}”<br>{one.source}, paragraph {one.paragraph}</blockquote>"
        for one in citations
    )


def _write_feedback(card: Choice | Multiple) -> str:
    items = [f"<li>{write_line(one.text)}: {write_text(one.why)}</li>" for one in card.wrong if one.why]
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _write_also(card: Short | Cloze) -> str:
    if isinstance(card, Short):
        return write_list(list(card.accept))
    blanks = parse_cloze(card.text).blanks
    return write_list([f"{words[0]}: {', '.join(words[1:])}" for words in blanks if len(words) > 1])


def _write_own(card: Card) -> dict[str, str]:
    """The fields in which note types differ."""
    match card:
        case Flashcard():
            return {"Back": write_text(card.answer)}
        case Choice() | Multiple():
            answer = write_line(card.answer) if isinstance(card, Choice) else write_list(list(card.answers))
            options = write_list(_shuffle(sorted(card.options), card.id), "ol", _LETTERS)
            return {"Options": options, "Answer": answer, "Feedback": _write_feedback(card)}
        case TrueFalse():
            return {"Answer": "True" if card.answer else "False"}
        case Short():
            return {"Back": html.escape(plain_text(card.answer), quote=False), "Also right": _write_also(card)}
        case Cloze():
            return {"Text": write_cloze(card.text), "Also right": _write_also(card)}
        case Order():
            return {"Items": write_list(_shuffle(card.items, card.id)), "Answer": write_list(list(card.items), "ol")}
    lefts, rights = zip(*card.pairs, strict=True)
    return {
        "Left": write_list(_shuffle(lefts, card.id), "ol"),
        "Right": write_list(_shuffle(sorted(set(rights)), card.id), "ol", _LETTERS),
        "Answer": write_pairs(list(card.pairs)),
    }


def write_fields(card: Card) -> dict[str, str]:
    """The fields of a card's note by name, but the one with the lines to carry."""
    return {
        KINDS[card.type].prompt: write_text(card.prompt),
        **_write_own(card),
        "Explanation": write_text(card.explanation),
        "Citations": _write_citations(card.citations),
        "Note": write_text(card.note),
        "Hint": write_text(card.hint),
    }


def _restore(items: Sequence[str], known: Iterable[str]) -> list[str]:
    """Items of HTML as the texts they were written from, where they still are as they were; others as Markdown."""
    written = {write_line(text): text for text in known}
    return [written.get(item.strip()) or to_markdown(item) for item in items]


def _read_options(card: Choice | Multiple, fields: Mapping[str, str]) -> dict[str, Any] | None:
    """The right and wrong options as they stand in two fields, in the order they had, new ones behind the others."""
    listed = _restore(read_list(fields.get("Options", "")), card.options)
    answer = fields.get("Answer", "")
    right = _restore([answer] if isinstance(card, Choice) else read_list(answer), card.options)
    keys = {option_key(text) for text in right}
    if not listed or not right or not keys <= {option_key(text) for text in listed}:
        return None
    places = {option_key(text): place for place, text in enumerate(card.options)}
    ordered = sorted(listed, key=lambda text: places.get(option_key(text), len(places)))
    whys = {option_key(one.text): one.why for one in card.wrong}
    wrong = [{"text": text, "why": whys.get(option_key(text), "")} for text in ordered if option_key(text) not in keys]
    if isinstance(card, Choice):
        return {"answer": right[0], "wrong": wrong}
    return {"answers": sorted(right, key=lambda text: places.get(option_key(text), len(places))), "wrong": wrong}


def _read_cloze(card: Cloze, markup: str) -> dict[str, Any] | None:
    """The text of a cloze; a blank that still asks the same keeps the other wordings that are accepted."""
    hollow = hollow_out(markup, 1)
    known = {wordings[0]: "|".join(wordings) for wordings in parse_cloze(card.text).blanks}
    text = fill_blanks(to_markdown(hollow.markup), hollow, known) if hollow.blanks else None
    return {"text": text} if text else None


def _read_answer(card: Card, fields: Mapping[str, str]) -> dict[str, Any] | None:
    """What the changed field of the answer says; None where it cannot be told."""
    match card:
        case Flashcard():
            return {"answer": to_markdown(fields["Back"])}
        case Short():
            return {"answer": to_markdown(fields["Back"])}
        case TrueFalse():
            said = to_text(fields["Answer"]).strip(" .!").casefold()
            return {"answer": said == "true"} if said in ("true", "false") else None
        case Order():
            return {"items": _restore(read_list(fields["Answer"]), card.items)}
        case Match():
            known = [text for pair in card.pairs for text in pair]
            return {"pairs": [_restore(row, known) for row in read_pairs(fields["Answer"])]}
        case Cloze():
            return _read_cloze(card, fields["Text"])
    return _read_options(card, fields)


_SHARED_VALUES: Final = {"Explanation": "explanation", "Note": "note", "Hint": "hint"}
_ANSWERS: Final = {
    "flashcard": ("Back",),
    "short": ("Back",),
    "truefalse": ("Answer",),
    "order": ("Answer",),
    "match": ("Answer",),
    "cloze": ("Text",),
    "choice": ("Options", "Answer"),
    "multiple": ("Options", "Answer"),
}


def take_change(card: Card, name: str, fields: Mapping[str, str]) -> dict[str, Any] | None:
    """What a field that was changed in Anki says of the card, as the schema takes it; None where it cannot be told."""
    if name == KINDS[card.type].prompt:
        return {"prompt": to_markdown(fields[name])}
    if name in _SHARED_VALUES:
        return {_SHARED_VALUES[name]: to_markdown(fields[name])}
    if name in _ANSWERS[card.type]:
        return _read_answer(card, fields)
    if name == "Also right" and isinstance(card, Short):
        return {"accept": _restore(read_list(fields[name]), card.accept)}
    return None
