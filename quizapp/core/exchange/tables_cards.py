"""One row of a table to a card, and a card to one row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from quizapp.core.deck.schema import Card
from quizapp.core.exchange.carry import Carried, Line, list_lines, pack_lines, read_lines, unpack_lines
from quizapp.core.exchange.htmltext import escape_markdown
from quizapp.core.exchange.tables_columns import OWN_COLUMNS, Columns
from quizapp.core.exchange.tables_marks import find_marked, read_sentence
from quizapp.core.messages import say

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_LETTER_OR_NUMBER = re.compile(r"(?:option |answer |choice )?\(?([a-z]|[0-9]{1,2})[).]?")
_PAIR = " => "
# The column of each key of ``carry``; lists have an entry a line.
_COLUMN_OF: Final[Mapping[str, str]] = {
    "Card": "id",
    "Type": "type",
    "Text": "text",
    "Answer": "answer",
    "Item": "answer",
    "Wrong": "wrong",
    "Accept": "accept",
    "Match": "match",
    "Tolerance": "tolerance",
    "Explanation": "explanation",
    "Note": "note",
    "Hint": "hint",
    "Tag": "tags",
    "Difficulty": "difficulty",
    "Cites": "citations",
}
_LISTS = frozenset(("Wrong", "Accept", "Tag", "Cites"))
_TYPES: Final = (
    ("truefalse", ("true", "t/f", "tf")),
    ("short", ("short", "fill", "type", "text", "open", "numer")),
    ("flashcard", ("flash", "card", "basic")),
)


# How people write it in a column that says that the question is one of true or false.
_TRUTHS: Final = (
    ("true", ("t", "yes", "y", "1", "right", "correct", "wahr", "richtig", "ja", "vrai", "oui", "verdadero", "vero")),
    ("false", ("f", "no", "n", "0", "wrong", "incorrect", "falsch", "nein", "faux", "non", "falso")),
)


def guard_cell(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay numbers."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard_cell(text: str) -> str:
    """What ``guard_cell`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _write_pair(left: str, right: str) -> str:
    return f"{left}{_PAIR}{right}" if _PAIR not in f"{left} " else f"{left}\n=> {right}"


def _read_pairs(cell: str) -> Iterator[Line]:
    lines = cell.split("\n")
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if after.startswith("=> "):
            yield from (("Left", line), ("Right", after[3:]))
        elif _PAIR in line and not line.startswith("=> "):
            left, _, right = line.partition(_PAIR)
            yield from (("Left", left), ("Right", right))


def write_row(card: Card, head: str = "") -> list[str]:
    """The cells of a card under ``OWN_COLUMNS``; every cell is safe in a spreadsheet.

    The first row tells the ``head`` of the deck as well.
    """
    cells: dict[str, list[str]] = {"prompt": [card.prompt]}
    kept: list[Line] = [("Deck", head)] if head else []
    pairs: list[str] = []
    lines = list_lines(card, whole=True)
    for number, (key, value) in enumerate(lines):
        if key == "Why":
            kept += [("Option", lines[number - 1][1]), (key, value)]
        elif key == "Waive":
            kept.append((key, value))
        elif key == "Left":
            pairs.append(_write_pair(value, lines[number + 1][1]))
        elif key != "Right":
            cells.setdefault(_COLUMN_OF[key], []).append(value)
    cells |= {"kept": [pack_lines(kept)] if kept else []} | ({"answer": pairs} if pairs else {})
    return [guard_cell("\n".join(cells.get(name, ()))) for name in OWN_COLUMNS]


def _list_own_lines(kind: str, cells: Mapping[str, str]) -> Iterator[Line]:
    splits = {"multiple": "Answer", "order": "Item"}
    for key, column in _COLUMN_OF.items():
        cell = cells.get(column, "")
        if not cell or key == "Item" or (key == "Answer" and kind in ("match", "order")):
            continue
        several = key in _LISTS or (key == "Answer" and kind in splits)
        yield from ((key, line) for line in (cell.split("\n") if several else [cell]) if line)
    if kind == "order":
        yield from (("Item", line) for line in cells.get("answer", "").split("\n") if line)
    elif kind == "match":
        yield from _read_pairs(cells.get("answer", ""))
    yield from unpack_lines(cells.get("kept", ""))[1]


def read_own_row(row: Sequence[str], columns: Columns) -> tuple[dict[str, Any], Carried]:
    """A row of Quizapp's own columns: the card's values, and its id and what goes with all types."""
    found = ((name, row[place]) for name, place in columns.places.items() if place < len(row))
    cells = {name: unguard_cell(cell.replace("\r\n", "\n").replace("\r", "\n")) for name, cell in found}
    kind = cells.get("type", "").strip().lower()
    carried = read_lines(list(_list_own_lines(kind, cells)))
    return {"type": kind, "prompt": cells.get("prompt", ""), **carried.parts}, carried


def _write_line(cell: str) -> str:
    return escape_markdown(" ".join(cell.split()))


def _find_right(said: str, options: Sequence[str]) -> list[int]:
    """Which options a cell means: by letters, by numbers counted from 1, or by their texts."""
    folded = [option.casefold() for option in options]
    whole = " ".join(said.split()).casefold()
    if whole in folded:
        return [folded.index(whole)]
    for parts in ([whole], re.split(r"\s*[,;|/&\n]\s*", said.strip().casefold())):
        found = [_LETTER_OR_NUMBER.fullmatch(part) for part in parts]
        if all(found):
            signs = [one[1] for one in found if one]
            places = [int(sign) - 1 if sign.isdigit() else ord(sign) - ord("a") for sign in signs]
            if all(0 <= place < len(options) for place in places):
                return sorted(set(places))
        if all(part in folded for part in parts):
            return sorted({folded.index(part) for part in parts})
    return []


def _make_choice(said: str, options: Sequence[str]) -> dict[str, Any] | str:
    """A card to choose, or a sentence why it cannot be one."""
    right = _find_right(said, options)
    if not right:
        return say("none of the options is “%(said)s”, which it calls right", said=" ".join(said.split())[:60])
    if len(right) == len(options):
        return say("all its options are right, so there is nothing to choose")
    return _sort_options(right, options)


def _sort_options(right: Sequence[int], options: Sequence[str]) -> dict[str, Any]:
    """A card to choose, by the places of the right options; not all of them are right."""
    texts = [_write_line(option) for option in options]
    wrong = [text for place, text in enumerate(texts) if place not in right]
    if len(right) == 1:
        return {"type": "choice", "answer": texts[right[0]], "wrong": wrong}
    return {"type": "multiple", "answers": [texts[place] for place in right], "wrong": wrong}


def _make_simple(said: str, kind: str) -> dict[str, Any]:
    word = said.strip().casefold() if len(said) < 10 else ""
    named = next((name for name, words in _TYPES if any(one in kind for one in words)), "") if kind else ""
    if word in ("true", "false") and named != "flashcard":
        return {"type": "truefalse", "answer": word}
    if named == "truefalse" and (truth := next((name for name, words in _TRUTHS if word in words), "")):
        return {"type": "truefalse", "answer": truth}
    if named == "short":
        first, *rest = [" ".join(line.split()) for line in said.split("\n") if line.strip()]
        return {"type": "short", "answer": first, "accept": rest}
    return {"type": "flashcard", "answer": escape_markdown(said)}


def _add_shared(made: dict[str, Any], cells: Mapping[str, str]) -> None:
    """Put what all types of cards share to the values of one."""
    for name in ("explanation", "hint", "note"):
        if text := cells.get(name):
            made[name] = escape_markdown(text)
    if tags := [tag.strip() for tag in re.split(r"[,;\n]", cells.get("tags", "")) if tag.strip()]:
        made["tags"] = list(dict.fromkeys(" ".join(tag.split()) for tag in tags))
    if (level := cells.get("difficulty", "").lower()) in ("easy", "medium", "hard"):
        made["difficulty"] = level


def read_foreign_row(row: Sequence[str], columns: Columns) -> tuple[dict[str, Any], str] | str:
    """A row of somebody else's table: the card's values and its own id there; or a sentence why it cannot be taken."""
    width = len(row)
    cells = {name: row[place].strip() for name, place in columns.places.items() if place < width}
    options = [" ".join(row[place].split()) for place in columns.options if place < width and row[place].strip()]
    wrongs = [row[place] for place in columns.wrongs if place < width and row[place].strip()]
    if "wrong" in cells:
        wrongs += [line for line in cells["wrong"].split("\n") if line.strip()]
    said = cells.get("correct") or cells.get("answer", "")
    if not cells.get("prompt"):
        return say("it has no question")
    made: dict[str, Any] | str
    marked = list[int]()
    if not said and not wrongs:
        options, marked = find_marked(options)
    sentence = None if options or wrongs else read_sentence(cells["prompt"], said)
    if not said and not marked and sentence is None:
        return say("it has no answer")
    if sentence is not None:
        made = sentence
    elif marked:
        made = _sort_options(marked, options)
    elif options and not wrongs:
        made = _make_choice(said, options)
    elif wrongs:
        made = {"type": "choice", "answer": _write_line(said), "wrong": [_write_line(text) for text in wrongs]}
    else:
        made = _make_simple(said, cells.get("type", "").casefold())
    if isinstance(made, str):
        return made
    if sentence is None:
        made["prompt"] = escape_markdown(cells["prompt"])
    if len(cells) > 2:
        _add_shared(made, cells)
    return made, cells.get("id", "")
