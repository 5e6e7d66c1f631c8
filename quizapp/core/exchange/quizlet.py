"""Quizlet's text export: a term and its definition, between terms and between rows whatever was chosen there.

Quizlet offers a tab, a comma or own characters between term and definition, a new line, a semicolon or own characters
between rows, and quotes nothing; so both are guessed by what parts the most rows in two. It has a place for two sides
and nothing else.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Choice, Cloze, Deck, Flashcard, Match, Multiple, Order, Short, TrueFalse
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.decoding import decode
from quizapp.core.exchange.gathering import Gathering
from quizapp.core.exchange.htmltext import escape_markdown
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, PastReview
from quizapp.core.exchange.tables_rows import name_separator
from quizapp.core.markup import plain_text
from quizapp.core.messages import join_said, say
from quizapp.core.problem import Problem, Severity

_LARGEST = 8 * 1024 * 1024
_SIDES: Final = ("\t", " => ", " -> ", " → ", " - ", " – ", ": ", ", ", ",", "; ", "=")
_ROWS: Final = (";\n\n", ";\n", "\n\n", "\n", ";")
_ROW_NAMES = {
    "\n": say("a line each"),
    "\n\n": say("empty lines between rows"),
    **dict.fromkeys((";", ";\n", ";\n\n"), say("semicolons between rows")),
}
_SAMPLE = 30_000
_MOST_SHOWN = 200
_MOST_ROWS = 300_000
_LONGEST_SEPARATOR = 10
_MARK = re.compile(r"(?<![^\w\s])[^\w\s\"'()\[\]]{2,5}(?![^\w\s])")
_FEWEST_MARKS = 2
_POOR = 0.5


def _rate(text: str, row: str, side: str) -> float:
    """The share of rows that a separator parts in exactly two; more rows are better where shares are equal."""
    rows = [part for part in text.split(row)[:_MOST_SHOWN] if part.strip()]
    if not rows:
        return 0.0
    return sum(part.count(side) == 1 and all(half.strip() for half in part.split(side)) for part in rows) / len(rows)


def _find_own_marks(sample: str) -> tuple[str, str] | None:
    """Marks that somebody chose, such as ``###`` between the sides and ``@@@`` or empty lines between the rows."""
    counts = Counter(found[0] for found in _MARK.finditer(sample))
    usual = [mark for mark, count in counts.most_common(2) if count >= _FEWEST_MARKS]
    pairs = [(row, side) for side in usual for row in (*usual, "\n\n", "\n") if row != side and row in sample]
    pairs += [(row, side) for row in usual for side in _SIDES if side in sample]
    pairs += [(row, "\n\n") for row in usual if "\n\n" in sample]
    best = max(pairs, key=lambda pair: _rate(sample, *pair), default=None)
    return best if best and _rate(sample, *best) > _POOR else None


def _guess(text: str, forced: str) -> tuple[str, str]:
    """What stands between rows, and between the two sides."""
    sample = text[:_SAMPLE]
    sides = (forced,) if forced else _SIDES
    pairs = [(row, side) for side in sides for row in _ROWS if row in sample or row == "\n"]
    if "\t" in sample and not forced:
        pairs = [(row, side) for row, side in pairs if side == "\t"]
    best = max(pairs, key=lambda pair: _rate(sample, *pair))
    own = None if forced or "\t" in sample or _rate(sample, *best) > _POOR else _find_own_marks(sample)
    return own or best


def _split(text: str, row: str, side: str) -> Iterator[tuple[int, str]]:
    """The rows with the line each begins on; where a line is a row, one without a separator goes on with the last."""
    line, held, began = 1, "", 1
    for part in text.split(row, _MOST_ROWS):
        if row == "\n" and part.strip() and side not in part and side in held:
            held = f"{held}\n{part}"
        else:
            if held.strip():
                yield began, held
            held, began = part, line + len(part) - len(part.lstrip("\n"))
        line += part.count("\n") + row.count("\n")
    if held.strip():
        yield began, held


def read(data: bytes, options: ImportOptions) -> Imported:
    """Read a text export of Quizlet. Never raises on what the bytes hold."""
    decoded = decode(data, options.file, _LARGEST, options.encoding)
    gathering = Gathering(options, problems=list(decoded.problems))
    if decoded.text is None:
        return gathering.finish()
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    row, side = _guess(text, options.separator[:_LONGEST_SEPARATOR])
    for line, part in _split(text, row, side):
        term, _, definition = part.strip(" \n").partition(side)
        if not term.strip() or not definition.strip():
            why = say("it has no definition") if term.strip() else say("it has no term")
            message = say("“%(name)s” is left out: %(why)s.", name=shorten(part, 50), why=why)
            gathering.report(line, "bad-row", message, say("Between the two belongs %(text)s.", text=_name(side)))
            continue
        values = {"type": "flashcard", "prompt": escape_markdown(term), "answer": escape_markdown(definition)}
        gathering.add(line, values)
        if gathering.is_full:
            break
    note = say(
        "sides separated by %(side)s, %(rows)s",
        side=say("empty lines") if side == "\n\n" else name_separator(side),
        rows=_ROW_NAMES.get(row) or say("%(mark)s between rows", mark=f"“{row.strip()}”"),
    )
    return gathering.finish(note=join_said((note, decoded.note)))


def _name(side: str) -> str:
    return say("a tab") if side == "\t" else f"“{side}”"


def answer_in_words(card: Card) -> str:
    match card:
        case Flashcard() | Choice():
            return plain_text(card.answer)
        case Short():
            return " / ".join([card.answer, *card.accept])
        case TrueFalse():
            return "True" if card.answer else "False"
        case Multiple():
            return "; ".join(map(plain_text, card.answers))
        case Cloze():
            return "; ".join(blank[0] for blank in parse_cloze(card.text).blanks)
        case Order():
            return "; ".join(f"{number}. {plain_text(item)}" for number, item in enumerate(card.items, 1))
        case _:
            return "; ".join(f"{plain_text(left)} – {plain_text(right)}" for left, right in card.pairs)


def _ask(card: Card) -> str:
    gaps = plain_text("\\_\\_\\_".join(parse_cloze(card.text).pieces)) if isinstance(card, Cloze) else ""
    return " ".join(f"{plain_text(card.prompt)} {gaps}".split())


def _tell(card: Card, file: str) -> Problem | None:
    shared = card.explanation or card.note or card.hint or card.tags or card.citations
    kind = "" if isinstance(card, Flashcard | Match) and not shared else say("only its question and answer")
    if isinstance(card, Match):
        kind = say("its pairs as one definition")
    if not kind:
        return None
    message = say(
        "Of “%(id)s”, %(kind)s could be written: Quizlet has two sides and nothing else.", id=card.id, kind=kind
    )
    return Problem(file, 0, 0, "left-behind", message, "", Severity.WARNING)


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as text to paste into Quizlet: a tab between the sides, a line for each card."""
    file = f"{deck.id}.quizlet.txt"
    rows = [f"{_ask(card)}\t{' '.join(answer_in_words(card).split())}" for card in deck.cards]
    told = (_tell(card, file) for card in deck.cards)
    data = ("\n".join(rows) + "\n").encode("utf-8", "replace")
    return Exported(data, file, "text/plain; charset=utf-8", tuple(problem for problem in told if problem))
