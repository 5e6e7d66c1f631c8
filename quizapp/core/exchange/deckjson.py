"""A deck as JSON, with the keys of the deck file (format 1), for other people's programs; and the deck file itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import MOST_CARDS, Deck
from quizapp.core.deck.text import decode_text
from quizapp.core.deck.write import write_deck
from quizapp.core.exchange.carry import Carried
from quizapp.core.exchange.decoding import decode, mend
from quizapp.core.exchange.foreignjson import MOST_ENTRIES, choose_first, find_entries, list_numbers, read_entry
from quizapp.core.exchange.gathering import Gathering
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, PastReview
from quizapp.core.messages import say

_HEAD: Final = ("id", "title", "description", "language", "theme", "sources", "author", "license", "tags", "waive")
_DEEPEST = 20
_MOST_DECKS = 100
# What a deck as large as decks may be has of each, when its cards are written as this module writes them, and more.
_MOST_BRACKETS, _MOST_COMMAS = 500_000, 2_000_000


def _as_text(value: Any, depth: int = 0) -> Any:
    """Numbers and truths as the texts of a deck file, changed in place. Raises ValueError where it is too deep."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        for place, entry in enumerate(value):
            value[place] = _as_text(entry, depth + 1)
    if isinstance(value, dict):
        for key, inner in list(value.items()):
            if inner is None:
                del value[key]
            else:
                value[key] = _as_text(inner, depth + 1)
    return value


def _read_number(text: str) -> str:
    return text


def _load(text: str) -> Any:
    return json.loads(text, parse_float=_read_number, parse_int=_read_number)


def _is_lines(text: str) -> bool:
    """Whether the first line is an object of its own, and more follow (JSON Lines)."""
    first, _, rest = text.strip().partition("\n")
    if not (first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")):
        return False
    try:
        _load(first)
    except (ValueError, RecursionError):
        return False
    return True


# What Python's reader says, the beginning of it, in words for people.
_WHYS: Final = {
    "Expecting property name": say(
        "a name in double quotation marks has to stand here, or a comma before is one too many"
    ),
    "Expecting value": say("a value is missing here, or a comma before is one too many"),
    "Expecting ','": say("a comma is missing here, or a bracket before is not closed"),
    "Expecting ':'": say("a colon is missing here"),
    "Extra data": say("the file goes on after its end"),
    "Unterminated string": say("the quotation mark that opens here is never closed"),
    "Invalid control character": say("a line ends within quotation marks, or a tab stands there"),
    "Invalid \\": say("after a backslash something stands that means nothing"),
}


_KEYS: Final = say(
    "An entry needs a question (question, front, term or prompt) and an answer (answer, back, definition, or options)."
)


def _explain(said: str) -> str:
    return next((why for begins, why in _WHYS.items() if said.startswith(begins)), said)


def _find_decks(value: Any) -> list[dict[str, Any]]:
    """A deck, a list of decks, or a bare list of cards."""
    if isinstance(value, dict):
        return [value] if isinstance(value.get("cards"), list) else _find_decks(value.get("decks"))
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        decks = [entry for entry in value if isinstance(entry.get("cards"), list)]
        return decks[:_MOST_DECKS] if decks else [{"cards": value}]
    return []


def _take_foreign(value: Any, entries: Sequence[Any], gathering: Gathering) -> None:
    """Take the questions in another program's JSON. Their entries are counted, since no line is known of them."""
    title = value.get("title", value.get("name")) if isinstance(value, dict) else None
    gathering.head = {"title": title} if isinstance(title, str) else {}
    numbers = list(list_numbers(entries[:MOST_ENTRIES]))
    first = choose_first(numbers)
    if numbers:
        message = say("Right options are told by their numbers, which were counted from %(first)s.", first=first)
        gathering.report(0, "counted-options", message, say("Look whether the first cards are right."), warning=True)
    for number, entry in enumerate(entries, 1):
        if number > MOST_ENTRIES:
            gathering.report_too_many(0, MOST_ENTRIES)
            return
        read = read_entry(entry, first)
        if isinstance(read, str):
            message = say("Entry %(number)s is left out: %(why)s.", number=number, why=read)
            gathering.report(0, "bad-entry", message, say("Mend it in the file, and import it again."))
        else:
            values, key = read
            gathering.add(0, values, key=key)
        if gathering.is_full:
            return


def _take(found: Mapping[str, Any], gathering: Gathering) -> None:
    texts = {key: value for key, value in found.items() if key in _HEAD and value is not None}
    gathering.head = {key: value for key, value in texts.items() if not isinstance(value, int | float)}
    for number, card in enumerate(found["cards"], 1):
        if not isinstance(card, dict):
            message = say("Entry %(number)s of the cards is no card.", number=number)
            gathering.report(0, "wrong-shape", message, say("Write a mapping of keys and values."))
            continue
        identifier = card.get("id")
        carried = Carried(id=identifier) if isinstance(identifier, str) else None
        gathering.add(0, {key: value for key, value in card.items() if key != "id"}, carried)
        if gathering.is_full:
            return


def _parse(text: str, gathering: Gathering) -> Any:
    if text.count("{") + text.count("[") > _MOST_BRACKETS or text.count(",") > _MOST_COMMAS:
        message = say("The file holds more lists and values than a deck of %(count)s cards.", count=f"{MOST_CARDS:,}")
        gathering.report(0, "too-many", message, say("Split it into several files."))
        return None
    line = 1
    try:
        if not _is_lines(text):
            return _as_text(_load(text))
        values = []
        for number, entry in enumerate(text.split("\n"), 1):
            line = number
            values += [_as_text(_load(entry))] if entry.strip() else []
        return values
    except json.JSONDecodeError as error:
        gathering.report(
            line + error.lineno - 1,
            "bad-json",
            say("This is no JSON: %(why)s.", why=_explain(error.msg)),
            say("Mend it at this place."),
        )
    except (ValueError, RecursionError):
        gathering.report(0, "too-deep", say("The lists in this file lie too deep in each other."))
    return None


def read(data: bytes, options: ImportOptions) -> Imported:
    """Read JSON with the keys of a deck file: one deck, a list of them, or a list of cards. Never raises.

    A list may be JSON Lines too: an object a line, without brackets and commas around.
    Lists of questions with the keys of other programs are read too: see ``foreignjson``.
    """
    decoded = decode(data, options.file, encoding=options.encoding)
    first = Gathering(options, problems=list(decoded.problems))
    if decoded.text is None:
        return first.finish()
    value = _parse(decoded.text, first)
    if entries := find_entries(value):
        _take_foreign(value, entries, first)
        return first.finish(note=decoded.note)
    found = _find_decks(value)
    if not found:
        if not first.problems:
            first.report(0, "empty-file", say("There is no list of questions in the file."), _KEYS)
        return first.finish()
    gatherings = [first, *(Gathering(options) for _ in found[1:])]
    for deck, gathering in zip(found, gatherings, strict=True):
        _take(deck, gathering)
    read = [gathering.finish() for gathering in gatherings]
    problems = tuple(problem for imported in read for problem in imported.problems)
    return Imported(tuple(deck for imported in read for deck in imported.decks), problems)


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as JSON; pictures and sounds are named, and stay behind."""
    said = deck.model_dump(mode="json", exclude_defaults=True)
    data = json.dumps(said, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
    return Exported(data, f"{deck.id}.json", "application/json", ())


def read_yaml(data: bytes, options: ImportOptions) -> Imported:
    """Read a deck file (format 1). Never raises on what the bytes hold."""
    read = read_deck(data, options.file)
    if not isinstance(read, DeckFile):
        return Imported((), read)
    said = {"id": options.deck_id, "title": options.title}
    changed = {key: value for key, value in said.items() if value}
    text = "" if changed else decode_text(data, options.file)[0] or ""
    return Imported((read.deck.model_copy(update=changed),), read.warnings, texts=(text,))


def write_yaml(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as a deck file."""
    return Exported(write_deck(deck).encode("utf-8", "replace"), f"{deck.id}.yaml", "application/yaml", ())
