"""Moodle's GIFT: questions as text, between braces the answers.

The rules are those of https://docs.moodle.org/en/GIFT_format. Quizapp writes its texts as ``[markdown]``, ids and tags
in comments as Moodle does, and what GIFT has no place for in the general feedback. Cards to turn over, to put in order
and with several blanks become essay questions there, and come back as what they were.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from quizapp.core.deck.schema import Deck
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.carry import Carried, unpack
from quizapp.core.exchange.decoding import decode
from quizapp.core.exchange.effort import Effort
from quizapp.core.exchange.gathering import Gathering, clean_line
from quizapp.core.exchange.gift_answers import Values, read_answers
from quizapp.core.exchange.gift_blocks import (
    HEAD,
    Block,
    BrokenQuestion,
    Question,
    read_category,
    read_question,
    split_blocks,
)
from quizapp.core.exchange.gift_writing import tell_essay, write_question
from quizapp.core.exchange.heads import read_head, write_head
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, PastReview
from quizapp.core.exchange.proof import tell_changes
from quizapp.core.messages import join_said, say
from quizapp.core.problem import Problem, Severity

_LARGEST = 8 * 1024 * 1024
_MOST_BLOCKS: Final = 15_000
_FENCED = re.compile(r"```\n(?=\[Quizapp)|(?<=lines\])\n```")
_WHOLE = frozenset({"flashcard", "order", "cloze", "multiple", "match"})


def _read_own(carried: Carried) -> Values | None:
    """The card that the carried lines hold whole, where GIFT has no such type."""
    if carried.type not in _WHOLE or not set(carried.parts) - {"match", "tolerance"}:
        return None
    return Values({"type": carried.type, "prompt": carried.extra.get("Prompt", ("",))[0], **carried.parts})


def _mend_match(made: Values, carried: Carried) -> None:
    """A match whose sides hold marks of GIFT: the lines know them better, as long as there are as many."""
    pairs = carried.parts.get("pairs")
    if carried.type == "match" and isinstance(pairs, list) and len(pairs) == len(made.values.get("pairs", ())):
        made.values["pairs"] = pairs


def _read(question: Question) -> tuple[Values | None, Carried]:
    feedback = question.feedback.to_markdown(question.before.format or "moodle")
    rest, carried = unpack(_FENCED.sub("", feedback))
    made = read_answers(question)
    if made is None:
        return _read_own(carried), carried
    _mend_match(made, carried)
    if carried.type == "multiple" and made.values["type"] == "choice":
        made.values |= {"type": "multiple", "answers": [made.values.pop("answer")]}
    if made.values["type"] == "short" and {"match", "tolerance"} & set(carried.parts):
        made.values |= {name: carried.parts[name] for name in ("match", "tolerance") if name in carried.parts}
    explanation = "\n\n".join(part for part in (*made.told, rest) if part)
    if explanation:
        made.values["explanation"] = explanation
    return made, carried


def _explain_untaken(question: Question) -> str:
    if question.answers is None:
        return say("it is a description without a question")
    return say("it is an essay question, whose answer only a person can grade")


def _take(block: Block, category: str, gathering: Gathering) -> None:
    try:
        question = read_question(block)
        made, carried = _read(question)
    except BrokenQuestion as error:
        message = say(
            "The question “%(name)s” is left out: %(error)s.", name=shorten(block.text, 50), error=error.args[0]
        )
        gathering.report(block.line, "bad-question", message, say("Mend it there, and import the file again."))
        return
    name = question.name or shorten(question.before.to_plain(), 50)
    if made is None:
        message = say("“%(name)s” is left out: %(text)s.", name=name, text=_explain_untaken(question))
        gathering.report(block.line, "not-taken", message, say("Make a card of it by hand."))
        return
    tags = [clean_line(tag) for tag in (*block.tags, category) if tag]
    values: dict[str, Any] = {**made.values, **({"tags": list(dict.fromkeys(tags))} if tags else {})}
    card_id = gathering.add(block.line, values, carried, block.id)
    if card_id and made.lost:
        message = say("“%(name)s” was taken, but %(text)s.", name=name, text=join_said(made.lost))
        gathering.report(block.line, "taken-otherwise", message, say("Look at the card."), warning=True)


def read(data: bytes, options: ImportOptions) -> Imported:
    """Read a GIFT file. Never raises on what the bytes hold."""
    decoded = decode(data, options.file, _LARGEST, options.encoding)
    gathering = Gathering(options, problems=list(decoded.problems))
    if decoded.text is None:
        return gathering.finish()
    blocks = list(islice(split_blocks(decoded.text), _MOST_BLOCKS + 1))
    names = list(dict.fromkeys(name for block in blocks if (name := read_category(block))))
    category, effort = "", Effort()
    for block in blocks[:_MOST_BLOCKS]:
        named = read_category(block)
        if block.head:
            gathering.head = read_head(block.head)
        if named is not None:
            category = named if len(names) > 1 else ""
        elif block.text:
            effort.cut(block.text)
            if not effort.start():
                message = say("The file holds more than is read at once; what follows here was left out.")
                gathering.report(block.line, "file-too-large", message, say("Export it in several parts."))
                break
            _take(block, category, gathering)
        if gathering.is_full:
            break
    else:
        if len(blocks) > _MOST_BLOCKS:
            gathering.report_too_many(blocks[-1].line, _MOST_BLOCKS)
    note = say("%(count)s categories became tags", count=len(names)) if len(names) > 1 else ""
    return gathering.finish(names[0] if len(names) == 1 else "", join_said((note, decoded.note)))


def _name_category(title: str) -> str:
    return " ".join(title.split()).replace("/", "//")


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as a GIFT file. Pictures and sounds stay behind: GIFT has no place for them."""
    head = [f"{HEAD} {write_head(deck)}", f"$CATEGORY: $course$/top/{_name_category(deck.title)}\n"]
    written = "\n".join([*head, *map(write_question, deck.cards)])
    file = f"{deck.id}.gift.txt"
    problems = tuple(
        Problem(
            file,
            0,
            0,
            "other-type",
            say("“%(id)s” is written as %(kind)s.", id=card.id, kind=kind),
            "",
            Severity.WARNING,
        )
        for card in deck.cards
        if (kind := tell_essay(card))
    )
    exported = Exported(written.encode("utf-8", "replace"), file, "text/plain; charset=utf-8", problems)
    return tell_changes(deck, exported, read)
