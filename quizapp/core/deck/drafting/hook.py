"""What a school's own language model is asked and may answer: the JSON contract of ``docs/drafting.md``, version 1.

The model's cards pass the same schema and the same checks as anybody's, and their quotes must stand in the text.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from quizapp.core.deck.checks import check_deck
from quizapp.core.deck.drafting.model import KINDS, Kind, Passage, Suggestion
from quizapp.core.deck.drafting.workshop import make_slug
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Card, Citation, Deck
from quizapp.core.deck.write import write_deck
from quizapp.core.problem import Severity
from quizapp.core.source.document import Source
from quizapp.core.source.quotes import find_quote

CONTRACT: Final = 1
MOST_ASKED: Final = 60
LARGEST_REQUEST: Final = 1_000_000
_LONGEST_ANSWER = 100
_CARD: TypeAdapter[Card] = TypeAdapter(Card)


class HookError(ValueError):
    """The answer as a whole is not of the contract."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The suggestions that passed, and how many did not."""

    suggestions: tuple[Suggestion, ...]
    refused: int


class _Entry(BaseModel):
    """One suggestion of an answer; ``card`` is looked at apart, so that one bad card spoils no other."""

    model_config = ConfigDict(extra="ignore", strict=True)

    paragraph: int = Field(ge=1)
    kind: Kind
    quote: str = Field(min_length=1, max_length=500)
    card: dict[str, Any]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    suggestions: list[Any] = Field(max_length=_LONGEST_ANSWER)


def write_request(source: Source, passages: Sequence[Passage]) -> bytes | None:
    """The body of the request, as JSON in UTF-8; None where the text is too long to be sent."""
    body = {
        "contract": CONTRACT,
        "source": {"id": source.id, "title": source.title, "language": source.language},
        "paragraphs": [{"number": passage.number, "text": passage.text} for passage in passages],
        "wanted": {"kinds": list(KINDS), "most": MOST_ASKED},
    }
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return data if len(data) <= LARGEST_REQUEST else None


def _to_text(value: Any) -> Any:
    """Numbers as text, as the deck format has them; models like to write years as numbers."""
    if isinstance(value, list):
        return [_to_text(entry) for entry in value]
    if isinstance(value, dict):
        return {str(key): _to_text(entry) for key, entry in value.items()}
    return value if isinstance(value, str | bool) or value is None else str(value)


def _read_card(source: Source, entry: _Entry, key: str) -> Card | None:
    """The card of an entry, if the schema takes it: its id and its citation are ours."""
    wanted = {name: value for name, value in _to_text(entry.card).items() if name not in ("id", "citations", "waive")}
    citation = Citation(source=source.id, paragraph=entry.paragraph, quote=" ".join(entry.quote.split()))
    name = make_slug(f"p{entry.paragraph}", "model", key)
    return _CARD.validate_python({**wanted, "id": name, "citations": (citation,)})


def _passes_checks(source: Source, card: Card) -> bool:
    deck = Deck(
        format=1,
        id="draft",
        title="Draft",
        language=source.language,
        theme="draft",
        sources=(source.id,),
        cards=(card,),
    )
    file = read_deck(write_deck(deck).encode("utf-8", "replace"), "draft.yaml")
    return isinstance(file, DeckFile) and all(
        problem.severity is not Severity.ERROR for problem in check_deck(file, {source.id: source})
    )


def find_sentence(passage: Passage, start: int, end: int) -> tuple[str, int]:
    """The sentence around some words of a paragraph, and where in it they begin; else the words alone."""
    for sentence in passage.sentences:
        if sentence.start <= start and end <= sentence.end:
            return sentence.text, start - sentence.start
    return passage.text[start:end], 0


def _find_place(passages: Mapping[int, Passage], entry: _Entry) -> tuple[int, int, str, int] | None:
    """Where the quote stands, once, the sentence around it, and where in that it begins."""
    passage = passages.get(entry.paragraph)
    spans = find_quote(passage.text, entry.quote) if passage else ()
    if passage is None or len(spans) != 1:
        return None
    span = spans[0]
    return span.start, span.end, *find_sentence(passage, span.start, span.end)


def _read_entry(source: Source, passages: Mapping[int, Passage], value: Any) -> Suggestion | None:
    try:
        entry = _Entry.model_validate(value)
        place = _find_place(passages, entry)
        told = json.dumps(value, sort_keys=True).encode("utf-8", "replace")
        key = f"m{hashlib.sha256(told).hexdigest()[:15]}"
        card = _read_card(source, entry, key) if place else None
    except (ValidationError, RecursionError):
        return None
    if place is None or card is None or not _passes_checks(source, card):
        return None
    start, end, sentence, at = place
    return Suggestion(key, entry.kind, "model", entry.paragraph, start, end, sentence, at, card)


def read_answer(data: bytes, source: Source, passages: Sequence[Passage]) -> Answered:
    """The suggestions in a model's answer. Raises HookError where the whole is no answer of the contract."""
    try:
        answer = _Answer.model_validate(json.loads(data))
    except (ValidationError, ValueError, RecursionError) as error:
        raise HookError("the answer is not of the contract") from error
    by_number = {passage.number: passage for passage in passages}
    read = [_read_entry(source, by_number, value) for value in answer.suggestions]
    unique = {suggestion.key: suggestion for suggestion in read if suggestion}
    return Answered(tuple(unique.values()), len(read) - len(unique))
