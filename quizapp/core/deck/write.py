"""A ``Deck`` to a deck file that people like to read and edit, and that reads back as the same deck."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from quizapp.core.deck.schema import Card, Deck, DeckHead, StrictModel, WrongOption

Written: TypeAlias = "str | bool | int | Decimal | Sequence[Written] | Mapping[str, Written]"

_WIDTH = 98
_LONGEST_FLOW = 80
# What other readers of YAML take for something else than a text.
_AMBIGUOUS = re.compile(r"y|n|yes|no|on|off|true|false|null|nan|inf", re.IGNORECASE)
_FLOW_MARKS = frozenset(",[]{}?:")
# Where a folded text may break: at a single space between words.
_ONE_SPACE = re.compile(r"(?<=[^\s]) (?=[^\s])")

# The order of the keys of decks and cards; smaller things keep that of the schema.
KEYS = (
    *("format", "id", "title", "description", "language", "theme", "sources", "author", "license"),
    *("type", "prompt", "text", "answer", "answers", "wrong", "accept", "match", "tolerance", "items", "pairs"),
    *("explanation", "note", "hint", "tags", "difficulty", "citations", "waive"),
)


def _is_plain(text: str) -> bool:
    """Whether a text can stand without quotation marks and will not be taken for a number, a truth or a comment."""
    return (
        text[:1].isalpha()
        and text.isprintable()
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not _AMBIGUOUS.fullmatch(text)
    )


def _quote(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def _write_short(text: str) -> str:
    return text if _is_plain(text) else _quote(text)


def _fold(text: str, width: int) -> list[str]:
    """The text in lines that end at single spaces; a folded block puts those spaces back."""
    lines, line = [], ""
    for word in _ONE_SPACE.split(text):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _write_text(text: str, depth: int) -> str:
    """What stands behind ``key: `` or ``- `` for a text whose further lines are indented by ``depth``."""
    margin = " " * depth
    if "\r" in text or "\t" in text:
        return _quote(text)
    if "\n" in text:
        lines = [f"{margin}{line}" if line else "" for line in text.split("\n")]
        return "\n".join(["|-", *lines])
    if len(text) + depth > _WIDTH and len(folded := _fold(text, _WIDTH - depth)) > 1:
        return "\n".join([">-", *(margin + line for line in folded)])
    return _write_short(text)


def _write_flow(entries: Sequence[Written]) -> str | None:
    """A list of short texts in one line; None where that does not look well."""
    texts = [entry for entry in entries if isinstance(entry, str)]
    if len(texts) < len(entries) or any("\n" in text for text in texts):
        return None
    written = [text if _is_plain(text) and not _FLOW_MARKS & set(text) else _quote(text) for text in texts]
    line = f"[{', '.join(written)}]"
    return line if len(line) <= _LONGEST_FLOW else None


def write_item(head: str, value: Written, depth: int) -> Iterator[str]:
    """The lines of a value behind its head, ``key:`` or ``-``, which stands at ``depth``."""
    if isinstance(value, str):
        yield f"{head} {_write_text(value, depth + 2)}"
    elif isinstance(value, bool):
        yield f"{head} {'true' if value else 'false'}"
    elif isinstance(value, Mapping):
        if not head.endswith("-"):
            yield head
        yield from write_mapping(value, depth + 2, f"{head} " if head.endswith("-") else "")
    elif isinstance(value, Sequence):
        flow = _write_flow(value)
        yield f"{head} {flow}" if flow else head
        for entry in () if flow else value:
            yield from write_item(f"{' ' * (depth + 2)}-", entry, depth + 2)
    else:
        yield f"{head} {value}"


def write_mapping(mapping: Mapping[str, Written], depth: int, first: str = "") -> Iterator[str]:
    for number, (key, value) in enumerate(mapping.items()):
        margin = first if first and number == 0 else " " * depth
        name = _quote(key) if _AMBIGUOUS.fullmatch(key) or not key[0].isalpha() else key
        yield from write_item(f"{margin}{name}:", value, depth)


def _simplify(value: object) -> Written:
    """A value of a deck as it is written: an option without feedback is its text alone."""
    if isinstance(value, WrongOption) and not value.why:
        return value.text
    if isinstance(value, StrictModel):
        return list_pairs(value)
    if isinstance(value, tuple):
        return [_simplify(entry) for entry in value]
    if isinstance(value, Mapping):
        return {str(key): _simplify(inner) for key, inner in value.items()}
    return value if isinstance(value, str | bool | int | Decimal) else str(value)


def list_pairs(model: StrictModel) -> dict[str, Written]:
    """The keys and values of a model in the order people expect, without those that only say what is assumed anyway."""
    fields = type(model).model_fields
    assumed = {key: info.get_default(call_default_factory=True) for key, info in fields.items()}
    order = [key for key in KEYS if key in fields] if "id" in fields else fields
    return {key: _simplify(getattr(model, key)) for key in order if getattr(model, key) != assumed[key]}


def write_card(card: Card, column: int = 2) -> str:
    """A card as an entry of the list of cards whose dashes stand behind this many spaces, with its last line end."""
    lines = write_mapping(list_pairs(card), column + 2, " " * column + "- ")
    return "\n".join(lines) + "\n"


def write_cards(cards: Sequence[Card]) -> str:
    """The key ``cards`` of a deck file with all that stands behind it."""
    return "cards:\n" + "\n".join(write_card(card) for card in cards) if cards else "cards: []\n"


def write_content(head: DeckHead, cards: Sequence[Card]) -> str:
    """A deck file (format 1); one without cards is none yet, and says so by an empty list."""
    return "\n".join([*write_mapping(list_pairs(head), 0), write_cards(cards)])


def write_deck(deck: Deck) -> str:
    """A deck file (format 1) that reads back as an equal deck.

    Texts stand plain where YAML in any reader takes them for text, else in quotation marks; long ones are folded
    (``>-``), those of several lines kept (``|-``).
    """
    return write_content(deck, deck.cards)
