"""One note of Anki's text files to cards, and a card to one note of the types Basic or Cloze."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Choice, Cloze, Flashcard, Match, Multiple, Order, Short, TrueFalse
from quizapp.core.exchange.anki.clozes import hollow_out, list_numbers
from quizapp.core.exchange.carry import Carried, pack_html, unpack_html
from quizapp.core.exchange.htmltext import escape_markdown, to_markdown, to_text
from quizapp.core.markup import render, render_inline
from quizapp.core.messages import say

_CARD: Final[TypeAdapter[Card]] = TypeAdapter(Card)
_OPTIONS = '<ul class="options">'
_RULE = "<hr>"
_SPACES = re.compile(r"\s+")
_LONGEST_TYPED = 80
_FIRST_SIGN = 0xF0000


@dataclass(frozen=True, slots=True)
class Note:
    """A note: its type, and HTML of its first field and of its second."""

    type: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card as the schema takes it; ``suffix`` tells the cards of a note apart; ``warning`` says what was left."""

    values: dict[str, Any]
    carried: Carried
    suffix: str = ""
    warning: str = ""


def _list(items: Sequence[str], opening: str = "<ul>") -> str:
    closing = "</ol>" if opening == "<ol>" else "</ul>"
    return opening + "".join(f"<li>{render_inline(item)}</li>" for item in items) + closing


def _sort(texts: Sequence[str]) -> list[str]:
    """In an order that does not tell which is right."""
    return sorted(texts, key=lambda text: (text.casefold(), text))


def _show_options(card: Card) -> str:
    match card:
        case Choice() | Multiple():
            return _list(_sort(card.options), _OPTIONS)
        case Order():
            return _list(_sort(card.items), _OPTIONS)
        case Match():
            sides = [_sort([left for left, _ in card.pairs]), _sort(list({right for _, right in card.pairs}))]
            return "".join(_list(side, _OPTIONS) for side in sides)
        case _:
            return ""


def _show_answer(card: Card) -> str:
    match card:
        case Flashcard():
            return render(card.answer)
        case Choice():
            return render_inline(card.answer)
        case Short():
            return html.escape(" / ".join([card.answer, *card.accept]), quote=False)
        case Multiple():
            return _list(card.answers)
        case TrueFalse():
            return "True" if card.answer else "False"
        case Order():
            return _list(card.items, "<ol>")
        case Match():
            return _list([f"{left} – {right}" for left, right in card.pairs])
        case _:
            return ""


def _write_cloze_text(card: Cloze) -> str:
    """The text with Anki's marks around the answers; all have the number 1, since they are one card."""
    parsed = parse_cloze(card.text)
    signs = [chr(_FIRST_SIGN + at) for at in range(len(parsed.blanks))]
    pieces = [piece for pair in zip(parsed.pieces, [*signs, ""], strict=True) for piece in pair]
    shown = render("".join(pieces))
    for sign, blank in zip(signs, parsed.blanks, strict=True):
        answer = html.escape(blank[0], quote=False).replace(":", "&#58;")
        shown = shown.replace(sign, f"{{{{c1::{answer}}}}}")
    return shown


def write_note(card: Card) -> Note:
    """The note of a card; all that the card holds stands in the lines at the end of its back."""
    shown = render(card.prompt)
    # Most prompts are told again from how they show; of the others the Markdown goes along.
    is_told = not isinstance(card, Cloze) and to_markdown(shown) == card.prompt
    extra = [("Prompt", card.prompt)] if card.prompt and not is_told else []
    block = pack_html(card, whole=True, extra=extra)
    explanation = render(card.explanation)
    back = _show_answer(card) + (_RULE + explanation if explanation else "") + block
    if isinstance(card, Cloze):
        return Note("Cloze", _write_cloze_text(card), shown + explanation + block)
    return Note("Basic", shown + _show_options(card), back)


def _squeeze(markup: str) -> str:
    return _SPACES.sub(" ", markup.replace("&nbsp;", " ")).strip()


def _read_prompt(front: str) -> str:
    return to_markdown(front.split(_OPTIONS, 1)[0])


def _rebuild(note: Note, carried: Carried) -> Card | None:
    shown = "" if carried.type == "cloze" else _read_prompt(note.front)
    prompt = carried.extra.get("Prompt", (shown,))[0]
    values = {"id": carried.id, "type": carried.type, "prompt": prompt, **carried.values, **carried.parts}
    try:
        return _CARD.validate_python(values)
    except ValidationError:
        return None


def _read_own(note: Note, back: str, carried: Carried) -> ReadCard | None:
    """The card that the lines hold; what somebody changed in Anki since then counts where it can be told."""
    card = _rebuild(note, carried)
    if card is None:
        return None
    written = write_note(card)
    values: dict[str, Any] = {"type": card.type, "prompt": card.prompt, **carried.parts}
    warning = ""
    if not isinstance(card, Cloze) and _squeeze(note.front) != _squeeze(written.front):
        values["prompt"] = _read_prompt(note.front)
    elif _squeeze(note.front) != _squeeze(written.front):
        warning = say("its text was changed in Anki; it is taken as it was in Quizapp")
    if _squeeze(back) != _squeeze(unpack_html(written.back)[0]):
        if isinstance(card, Flashcard):
            answer, _, explanation = back.partition(_RULE)
            values["answer"] = to_markdown(answer)
            shared = {**carried.values, "explanation": to_markdown(explanation)}
            carried = Carried(carried.id, carried.type, shared, {}, {}, {})
        else:
            warning = say("its back was changed in Anki; the answer is taken as it was in Quizapp")
    return ReadCard(values, carried, warning=warning)


def _read_clozes(text: str, extra: str, carried: Carried) -> Iterator[ReadCard]:
    """A card for each number of the clozes, as in Anki."""
    numbers = sorted(list_numbers(text))
    for number in numbers:
        hollow = hollow_out(text, number)
        shown = to_markdown(hollow.markup).replace("{{", "{ {").replace("}}", "} }")
        for sign, blank in zip(hollow.signs, hollow.blanks, strict=True):
            answer = re.sub(r"[{}|\s]+", " ", to_text(blank.answer)).strip()
            shown = shown.replace(sign, f"{{{{{answer or '?'}}}}}")
        values = {"type": "cloze", "text": shown, "explanation": to_markdown(extra)}
        yield ReadCard(values, carried, f"-c{number}" if len(numbers) > 1 else "")


def _convert(is_html: bool) -> Callable[[str], str]:
    return to_markdown if is_html else escape_markdown


def read_note(note: Note, rest: Sequence[str], *, is_html: bool) -> Iterator[ReadCard]:
    """The cards of a note. ``rest`` are its further fields, which become the explanation."""
    back, carried = unpack_html(note.back) if "[" in note.back else (note.back, Carried())
    if carried.is_whole and (own := _read_own(note, back, carried)):
        yield own
        return
    if "{{c" in note.front and list_numbers(note.front):
        yield from _read_clozes(note.front, "<br>".join(part for part in (back, *rest) if part), carried)
        return
    convert = _convert(is_html)
    prompt, answer = convert(note.front), convert(back)
    values: dict[str, Any] = {"type": "flashcard", "prompt": prompt, "answer": answer}
    if "type in" in note.type.lower() and "\n" not in answer and len(answer) <= _LONGEST_TYPED:
        values |= {"type": "short", "answer": to_text(back) if is_html else back.strip()}
    if rest:
        values["explanation"] = "\n\n".join(text for text in map(convert, rest) if text)
    yield ReadCard(values, carried)
