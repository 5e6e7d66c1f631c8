"""A card as it is typed into a form, and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pydantic import TypeAdapter, ValidationError
from werkzeug.datastructures import MultiDict

from quizapp.core.deck.schema import CARD_TYPES, Card
from quizapp.core.messages import say
from quizapp.services.authoring.editing import tell_fields

_CARD: TypeAdapter[Card] = TypeAdapter(Card)
_TEXTS = (
    *("prompt", "text", "answer", "match", "tolerance", "explanation", "note", "hint", "tags", "difficulty"),
    *("answers", "accept", "items"),
)
_LISTS = ("answers", "accept", "items")
_OF_TYPE: Mapping[str, Sequence[str]] = {
    "flashcard": ("answer",),
    "choice": ("answer", "wrong"),
    "multiple": ("answers", "wrong"),
    "truefalse": ("answer",),
    "short": ("answer", "accept", "match", "tolerance"),
    "cloze": ("text",),
    "order": ("items",),
    "match": ("pairs",),
}
_SHARED = ("prompt", "explanation", "note", "hint", "difficulty")
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardFields:
    """What stands in the fields of the form: ``texts`` by name, lists with an entry a line; rows of the rest."""

    type: str
    texts: Mapping[str, str]
    wrong: tuple[Row, ...] = ()
    pairs: tuple[Row, ...] = ()
    citations: tuple[Row, ...] = ()
    waive: tuple[Row, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def wanted(self) -> Sequence[str]:
        """The fields that the type of card has beside those that all have."""
        return _OF_TYPE[self.type]


def _rows(form: MultiDict[str, str], *names: str) -> tuple[Row, ...]:
    columns = [form.getlist(name) for name in names]
    rows = (tuple(text.strip() for text in row) for row in zip_longest(*columns, fillvalue=""))
    return tuple(row for row in rows if any(row))


def read_fields(form: MultiDict[str, str]) -> CardFields:
    """What was typed, be it sound or not."""
    kind = form.get("type", "")
    citations = (row for row in _rows(form, "source", "paragraph", "quote") if row[1] or row[2])
    return CardFields(
        type=kind if kind in CARD_TYPES else "choice",
        texts={name: form.get(name, "").replace("\r\n", "\n") for name in _TEXTS},
        wrong=_rows(form, "wrong", "why"),
        pairs=_rows(form, "left", "right"),
        citations=tuple(citations),
        waive=_rows(form, "waive", "reason"),
    )


def fill_fields(card: Card) -> CardFields:
    """The fields of a card that is there."""
    values: dict[str, Any] = {name: getattr(card, name, None) for name in _TEXTS}
    texts = {name: "" if value is None else str(value) for name, value in values.items()}
    for name in _LISTS:
        texts[name] = "\n".join(values[name] or ())
    texts["tags"] = ", ".join(card.tags)
    if isinstance(values["answer"], bool):
        texts["answer"] = "true" if values["answer"] else "false"
    return CardFields(
        type=card.type,
        texts=texts,
        wrong=tuple((option.text, option.why) for option in getattr(card, "wrong", ())),
        pairs=tuple(getattr(card, "pairs", ())),
        citations=tuple((one.source, str(one.paragraph), one.quote) for one in card.citations),
        waive=tuple(card.waive.items()),
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def split_tags(text: str) -> list[str]:
    """Tags as they are typed: with commas between them, each once."""
    return list(dict.fromkeys(tag.strip() for tag in text.replace("\n", ",").split(",") if tag.strip()))


def _value(fields: CardFields, name: str) -> object:
    if name in _LISTS:
        return _lines(fields[name])
    if name == "wrong":
        return [{"text": text, "why": why} for text, why in fields.wrong]
    if name == "pairs":
        return [list(row) for row in fields.pairs]
    return fields[name].strip()


def _list_values(fields: CardFields) -> Iterable[tuple[str, object]]:
    for name in (*_SHARED, *fields.wanted):
        value = _value(fields, name)
        if value not in ("", []) and not (name == "match" and value == "text"):
            yield name, value
    if fields["tags"].strip():
        yield "tags", split_tags(fields["tags"])
    if fields.citations:
        yield "citations", [dict(zip(("source", "paragraph", "quote"), row, strict=True)) for row in fields.citations]
    if fields.waive:
        yield "waive", {row[0]: row[1] for row in fields.waive}


def make_card(fields: CardFields) -> tuple[Card | None, dict[str, str]]:
    """The card that was typed; or what is wrong, by the fields it was typed into. Its id is made elsewhere."""
    values = dict(_list_values(fields)) | {"id": "card", "type": fields.type}
    try:
        return _CARD.validate_python(values), {}
    except ValidationError as refusal:
        told = tell_fields(refusal)
        if "waive" in told and not all(name and reason for name, reason in fields.waive):
            told["waive"] = say("Name the warning, and say why it is fine here.")
        return None, told
