"""A card as a question of GIFT."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Choice, Cloze, Flashcard, Match, Multiple, Order, Short, TrueFalse
from quizapp.core.exchange.carry import Line, list_lines, pack_lines
from quizapp.core.exchange.gathering import clean_line
from quizapp.core.exchange.gift_text import escape
from quizapp.core.exchange.moodlexml.fractions import MOST_RIGHT, penalise, share_evenly
from quizapp.core.markup import plain_text
from quizapp.core.messages import say

_FENCE: Final = "```"
_FORMAT = re.compile(r"\[(?:html|moodle|plain|markdown)\]")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def _write(text: str) -> str:
    """A text after the first of a question, whose format it shares."""
    return ("[markdown]" if _FORMAT.match(text) else "") + escape(text)


def _write_choice(card: Choice | Multiple) -> Iterator[str]:
    if isinstance(card, Choice):
        yield f"={_write(card.answer)}"
    else:
        shares = share_evenly(len(card.answers)) or ()
        yield from (f"~%{share}%{_write(text)}" for text, share in zip(card.answers, shares, strict=True))
    minus = "" if isinstance(card, Choice) else f"%{penalise(len(card.answers))}%"
    for option in card.wrong:
        mark = minus or ("%0%" if option.text.startswith("%") else "")
        yield f"~{mark}{_write(option.text)}" + (f"#{_write(option.why)}" if option.why else "")


def _write_short(card: Short) -> Iterator[str]:
    # To Moodle a plain asterisk means any letters.
    yield from (f"=%100%{escape(text.replace('*', chr(92) + '*'))}" for text in (card.answer, *card.accept))


def _write_numbers(card: Short) -> Iterator[str]:
    margin = "" if card.tolerance is None else f":{card.tolerance:f}"
    yield from (f"=%100%{text}{margin}" for text in (card.answer, *card.accept))


def is_numerical(card: Short) -> bool:
    """Whether Moodle can take the answers as numbers."""
    return card.match == "number" and all(_NUMBER.fullmatch(text) for text in (card.answer, *card.accept))


def _list_answers(card: Card) -> tuple[str, list[str]] | None:
    """What stands right behind the brace, and the answers; None for a card that can only be an essay."""
    match card:
        case Choice():
            return "", list(_write_choice(card))
        case Multiple():
            return ("", list(_write_choice(card))) if len(card.answers) <= MOST_RIGHT else None
        case TrueFalse():
            return ("TRUE" if card.answer else "FALSE"), []
        case Short():
            return ("#", list(_write_numbers(card))) if is_numerical(card) else ("", list(_write_short(card)))
        case Match():
            # An arrow within a left side would part it there.
            pairs = ((left.replace("->", "-\\>"), right) for left, right in card.pairs)
            return "", [f"={_write(left)} -> {escape(right)}" for left, right in pairs]
        case _:
            return None


def _list_carried(card: Card) -> list[Line]:
    """The lines to carry: what GIFT has no place for."""
    if _list_answers(card) is None or isinstance(card, Match):
        return [line for line in list_lines(card, whole=True) if line[0] != "Explanation"]
    lines = [(key, value) for key, value in list_lines(card) if key not in ("Option", "Why")]
    if isinstance(card, Short) and card.match != "text" and not is_numerical(card):
        lines.append(("Match", card.match))
        lines += [("Tolerance", str(card.tolerance))] if card.tolerance is not None else []
    return lines


def _show(card: Card) -> str:
    """The prompt, and for an essay what has to be put in order or filled in."""
    if isinstance(card, Order):
        return "\n".join([card.prompt, "", *(f"- {item}" for item in sorted(card.items, key=str.casefold))])
    if isinstance(card, Cloze):
        return "\n\n".join(part for part in (card.prompt, "_____".join(parse_cloze(card.text).pieces)) if part)
    return card.prompt


def tell_essay(card: Card) -> str:
    """What a card that GIFT has no type for is asked as; blank for the others."""
    return say("an essay question, which a person has to grade") if _list_answers(card) is None else ""


def _write_comment(card: Card) -> str:
    marked = [re.sub(r"([\]\[\\])", r"\\\1", " ".join(text.split())) for text in (card.id, *card.tags)]
    return " ".join(["//", f"[id:{marked[0]}]", *(f"[tag:{tag}]" for tag in marked[1:])])


def _answer_in_words(card: Card) -> str:
    match card:
        case Flashcard():
            return card.answer
        case Order():
            return "\n".join(f"{number}. {item}" for number, item in enumerate(card.items, 1))
        case Cloze():
            return "; ".join(blank[0] for blank in parse_cloze(card.text).blanks)
        case _:
            return ""


def _join(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def write_question(card: Card) -> str:
    """A card as a question: a comment with id and tags, its text in Markdown, its answers, and the lines carried."""
    answers = _list_answers(card)
    name = clean_line(plain_text(card.prompt) or card.id, 80)
    lines = _list_carried(card)
    if answers is None:
        lines += [("Prompt", card.prompt)] if card.prompt else []
        lines += [("Explanation", card.explanation)] if card.explanation else []
    told = _answer_in_words(card) if answers is None else ""
    feedback = _join([told, card.explanation, f"{_FENCE}\n{pack_lines(lines)}\n{_FENCE}"])
    first, rest = answers or ("", [])
    body = "".join(f"\n\t{answer}" for answer in rest)
    text = f"::{escape(name)}::[markdown]{escape(_show(card))}"
    return f"{_write_comment(card)}\n{text}{{{first}{body}\n\t####{_write(feedback)}\n}}\n"
