"""Our cards as notes of Anki, and back: what nobody changed there comes back to the letter; changes are taken."""

import base64
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from quizapp.core.deck.schema import Card, Deck
from quizapp.core.exchange.anki.fields import take_change, write_fields
from quizapp.core.exchange.anki.fieldtext import write_text
from quizapp.core.exchange.anki.kinds import CARRY
from quizapp.core.exchange.anki.model import Note, NoteType
from quizapp.core.exchange.carry import BEGIN, Carried, pack_html, pack_lines, unpack_html
from quizapp.core.exchange.heads import read_head, write_head
from quizapp.core.messages import say

_CARD: Final[TypeAdapter[Card]] = TypeAdapter(Card)
_BASE_91: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&()*+,-./:;<=>?@[]^_`{|}~"
_FOLDED: Final = "<details><summary>Quizapp</summary>"
_FOLDED_END: Final = "</details>"


def make_guid(deck_id: str, card_id: str) -> str:
    """The id of a card's note in every Anki: ten signs, as Anki's own have."""
    number = int.from_bytes(hashlib.sha256(f"{deck_id}/{card_id}".encode()).digest()[:8], "big")
    signs = []
    for _ in range(10):
        number, place = divmod(number, len(_BASE_91))
        signs.append(_BASE_91[place])
    return "".join(signs)


def _to_json(card: Card) -> str:
    """A card as letters that no editor changes, for cards whose lines would not come back to the letter."""
    text = json.dumps(card.model_dump(mode="json", exclude_defaults=True) | {"type": card.type})
    return base64.b64encode(text.encode()).decode()


def pack_card(card: Card, deck_id: str, place: int) -> str:
    """The field that carries a card: lines for people, or, where these could not hold it exactly, one for programs."""
    extra = [("Deck", deck_id), ("Place", str(place))]
    packed = pack_html(card, whole=True, extra=[*extra, ("Prompt", card.prompt)])
    carried = _unpack(unicodedata.normalize("NFC", packed))
    if carried is not None and carried.card == card:
        return packed
    lines = [("Card", card.id), ("Type", card.type), *extra, ("Whole", _to_json(card))]
    return f"<p>{html.escape(pack_lines(lines), quote=False).replace(chr(10), '<br>')}</p>"


@dataclass(frozen=True, slots=True)
class _CarriedCard:
    card: Card
    deck_id: str
    place: int


def _first(carried: Carried, key: str) -> str:
    return carried.extra.get(key, ("",))[0].strip()


def _unpack(markup: str) -> _CarriedCard | None:
    """The card that a field carries; None where there is none that our decks could hold."""
    carried = unpack_html(markup)[1]
    whole = _first(carried, "Whole")
    values: object = {**carried.values, **carried.parts, "prompt": _first(carried, "Prompt")}
    try:
        if whole:
            values = json.loads(base64.b64decode(whole, validate=True))
        if not isinstance(values, dict):
            return None
        card = _CARD.validate_python({**values, "id": carried.id, "type": carried.type})
    except (ValueError, RecursionError):
        return None
    place = _first(carried, "Place")
    return _CarriedCard(card, _first(carried, "Deck"), int(place) if place.isdecimal() and len(place) < 10 else 0)


@dataclass(frozen=True, slots=True)
class OurNote:
    """A card of ours that comes back from Anki, with what was changed there.

    ``values`` are the card as the schema takes it, without id and tags; ``is_original`` is False for a note that was
    copied in Anki. ``tags`` are those of ours that are still there, ``new_tags`` were added there; ``problems`` say
    what else was changed there and could not be taken.
    """

    id: str
    place: int
    values: dict[str, Any]
    tags: tuple[str, ...]
    new_tags: tuple[str, ...]
    is_original: bool
    problems: tuple[str, ...]


def write_tag(tag: str) -> str:
    """A tag as Anki keeps it: without spaces and quotation marks, and no part of it empty."""
    parts = re.sub(r'[\s\x00-\x1f\x7f"\u3000]+', "_", tag).split("::")
    return unicodedata.normalize("NFC", "::".join(part or "_" for part in parts))


def _read_tags(found: Sequence[str], card: Card) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Our own tags that are still there, in their order, and those that are new."""
    there = {tag.casefold() for tag in found}
    known = {write_tag(tag).casefold() for tag in card.tags}
    kept = tuple(tag for tag in card.tags if write_tag(tag).casefold() in there)
    return kept, tuple(tag for tag in found if tag.casefold() not in known)


def read_our_note(note: Note, note_type: NoteType) -> OurNote | None:
    """The card that a note carries, changed as its fields were; None where the note carries none."""
    fields = dict(zip(note_type.fields, note.fields, strict=False))
    carried = _unpack(fields.get(CARRY, "")) if BEGIN in fields.get(CARRY, "") else None
    if carried is None:
        return None
    card = carried.card
    rendered = write_fields(card)
    changed = [
        name
        for name, markup in rendered.items()
        if name in fields and unicodedata.normalize("NFC", markup) != unicodedata.normalize("NFC", fields[name])
    ]
    values = card.model_dump(mode="json", exclude_defaults=True) | {"type": card.type}
    problems: list[str] = []
    for name in changed:
        taken = take_change(card, name, fields)
        if taken is None or not _is_valid({**values, **taken}):
            problems.append(say("what was changed in Anki in its field “%(name)s” could not be taken.", name=name))
        else:
            values |= taken
    values = {key: value for key, value in values.items() if key not in ("id", "tags")}
    is_original = note.guid == make_guid(carried.deck_id, card.id)
    return OurNote(card.id, carried.place, values, *_read_tags(note.tags, card), is_original, tuple(problems))


def _is_valid(values: Mapping[str, Any]) -> bool:
    try:
        _CARD.validate_python(values)
    except ValidationError:
        return False
    return True


def write_deck_head(deck: Deck) -> str:
    """The description of a deck in Anki: ours, and folded away below it, what else the head of our deck says."""
    head = html.escape(write_head(deck), quote=False)
    return f"{write_text(deck.description)}{_FOLDED}{head}{_FOLDED_END}"


def read_deck_head(description: str) -> tuple[dict[str, object], str]:
    """What the description of a deck in Anki says of our deck, nothing where it is none of ours; and the rest of it."""
    before, found, after = description.partition(_FOLDED)
    if not found:
        return {}, description
    head, _, rest = after.partition(_FOLDED_END)
    said = read_head(html.unescape(head))
    shown = unicodedata.normalize("NFC", write_text(str(said.get("description", ""))))
    is_same = unicodedata.normalize("NFC", before.strip()) == shown and not rest.strip()
    if not is_same:
        said.pop("description", None)
    return said, "" if is_same else before + rest
