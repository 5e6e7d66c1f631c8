"""From a note of Anki and the number of a card to what our cards hold: front and back to Markdown, clozes to blanks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizapp.core.exchange.anki.clozes import Hollow, hollow_out
from quizapp.core.exchange.anki.model import Note, NoteType, Template
from quizapp.core.exchange.anki.templates import Side, escape, fill, list_filtered, take_answer
from quizapp.core.exchange.htmltext import to_markdown, to_text
from quizapp.core.messages import say

LONGEST_TYPED = 80
"""Characters that a learner is asked to type at most; what is longer is recalled and rated instead."""

CHECK_DATABASE = say("In Anki, use Tools › Check Database, and export again.")

_SPACES = re.compile(r"\s+")
_NOT_TYPED = re.compile(r"!\[|(?<!\\)\$")


class CardRefused(Exception):
    """A card that cannot be taken. ``code`` is stable, ``message`` and ``fix`` are for people."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class _Sides:
    """What one card of a note shows; ``context`` names things that templates may show beside the fields."""

    template: Template
    fields: Mapping[str, str]
    context: Mapping[str, str]

    def fill(self, template: str, side: Side, changed: Mapping[str, str] | None = None) -> str:
        return fill(template, {**self.context, **self.fields, **(changed or {})}, side)

    def read_hint(self) -> str:
        names = list_filtered(self.template.front, "hint")
        return "\n\n".join(text for name in names if (text := to_markdown(self.fields.get(name, ""))))


def _one_line(markdown: str) -> str:
    """An answer that can be typed; blank where it cannot: of several lines, long, with a picture or a formula."""
    is_typed = "\n" not in markdown and len(markdown) <= LONGEST_TYPED and not _NOT_TYPED.search(markdown)
    return markdown if is_typed else ""


def _read_typed(sides: _Sides, front: str, prompt: str, name: str) -> dict[str, Any] | None:
    """A card whose answer is typed; None where the field to type is no short text."""
    answer = _one_line(to_markdown(sides.fields[name]))
    if not answer:
        return None
    back = take_answer(sides.fill(sides.template.back, Side.FRONT), front)
    rest = to_markdown(back)
    explanation = "" if rest == answer else rest
    return {"type": "short", "prompt": prompt, "answer": answer, "explanation": explanation}


def _read_plain(sides: _Sides) -> dict[str, Any]:
    front = sides.fill(sides.template.front, Side.FRONT)
    prompt = to_markdown(front)
    if not prompt:
        fix = say("Fill in the field that is asked, in Anki.")
        raise CardRefused("anki-empty-front", say("It asks nothing: its front is empty."), fix)
    typed = [name for name in list_filtered(sides.template.front, "type") if name in sides.fields]
    if typed and (found := _read_typed(sides, front, prompt, typed[0])):
        return found
    answer = to_markdown(take_answer(sides.fill(sides.template.back, Side.BACK), front))
    if not answer:
        raise CardRefused(
            "anki-empty-back", say("It has no answer: its back is empty."), say("Fill in its back, in Anki.")
        )
    return {"type": "flashcard", "prompt": prompt, "answer": answer}


def _read_blank(answer: str) -> str:
    """The answer of a blank as a cloze text takes it; blank where nobody could type it."""
    if _NOT_TYPED.search(to_markdown(answer)):
        return ""
    text = _SPACES.sub(" ", to_text(answer)).replace("|", "/").replace("{{", "{ {").replace("}}", "} }")
    return text.strip("{} ") if len(text) <= LONGEST_TYPED else ""


def fill_blanks(markdown: str, hollow: Hollow, known: Mapping[str, str] | None = None) -> str | None:
    """A text with our blanks; None where a blank is lost, doubled, or nothing to be typed.

    ``known`` maps answers to all wordings that a blank of them accepts, as a cloze text lists them.
    """
    text = markdown.replace("{{", "{ {").replace("}}", "} }")
    for sign, blank in zip(hollow.signs, hollow.blanks, strict=True):
        answer = _read_blank(blank.answer)
        if text.count(sign) != 1 or not answer:
            return None
        text = text.replace(sign, f"{{{{{(known or {}).get(answer, answer)}}}}}")
    return text


def _read_cloze(sides: _Sides, number: int) -> dict[str, Any]:
    names = [name for name in list_filtered(sides.template.front, "cloze") if name in sides.fields]
    hollows = {name: hollow_out(sides.fields[name], number) for name in names}
    asked = [name for name in names if hollows[name].blanks]
    if not asked:
        message = say("It has no cloze {{c%(number)s::…}} (any more).", number=number)
        raise CardRefused("anki-no-cloze", message, say("In Anki, use Tools › Empty Cards, and export again."))
    bare = dict.fromkeys(names, "")
    around = sides.fill(sides.template.front, Side.FRONT, bare)
    explanation = to_markdown(take_answer(sides.fill(sides.template.back, Side.BACK, bare), around))
    hint = "; ".join(dict.fromkeys(to_text(blank.hint) for blank in hollows[asked[0]].blanks if blank.hint))
    if len(asked) == 1:
        front = sides.fill(sides.template.front, Side.FRONT, {name: hollows[name].markup for name in names})
        text = fill_blanks(to_markdown(front), hollows[asked[0]])
        if text is not None:
            return {"type": "cloze", "text": text, "explanation": explanation, "hint": hint}
    blanks = (blank for name in asked for blank in hollows[name].blanks)
    answers = dict.fromkeys(answer for blank in blanks if (answer := to_markdown(blank.answer)))
    if not answers:
        raise CardRefused("anki-empty-back", say("Its cloze is empty."), say("Write the answer into it, in Anki."))
    shown = {name: hollows[name].show(answers=False) for name in names}
    return {
        "type": "flashcard",
        "prompt": to_markdown(sides.fill(sides.template.front, Side.FRONT, shown)),
        "answer": "\n\n".join(answers),
        "explanation": explanation,
    }


def find_template(note_type: NoteType, ord_: int) -> Template | None:
    """The template of a card: clozes all share the first. None where there is none."""
    return note_type.templates.get(0 if note_type.is_cloze else ord_)


def read_card(note: Note, note_type: NoteType, ord_: int, deck: tuple[str, ...]) -> dict[str, Any]:
    """A card as the schema takes it, without id and tags. Raises CardRefused where there is none."""
    template = find_template(note_type, ord_)
    if template is None:
        message = say(
            "Its note type “%(name)s” has no template number %(number)s.", name=note_type.name[:60], number=ord_ + 1
        )
        raise CardRefused("anki-no-template", message, CHECK_DATABASE)
    context = {
        "Tags": escape(" ".join(note.tags)),
        "Type": escape(note_type.name),
        "Deck": escape("::".join(deck)),
        "Subdeck": escape(deck[-1]),
        "Card": escape(template.name),
    }
    if note_type.is_cloze:
        context[f"c{ord_ + 1}"] = "1"
    sides = _Sides(template, dict(zip(note_type.fields, note.fields, strict=False)), context)
    values = _read_cloze(sides, ord_ + 1) if note_type.is_cloze else _read_plain(sides)
    hint = "; ".join(text for text in (values.get("hint", ""), sides.read_hint()) if text)
    return {**{key: value for key, value in values.items() if value}, **({"hint": hint} if hint else {})}
