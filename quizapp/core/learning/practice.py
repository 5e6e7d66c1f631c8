"""Practice: which cards a learner asked for, and in which order they come. It is off every schedule."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from quizapp.core.errors import Invalid
from quizapp.core.messages import Message, say

MOST_CARDS = 500
USUAL_CARDS = 20
MOST_DAYS = 3650
USUAL_DAYS = 7
MOST_NAMES = 200
LONGEST_NAME = 500
SURE = 3
"""The highest of the three steps of confidence."""

_DECLARED = {"easy": 3.0, "medium": 5.0, "hard": 7.0}
_UNKNOWN_DIFFICULTY = 5.0


class Mistakes(StrEnum):
    """Which cards by how they were answered: all; last answered wrong; wrong within some days; wrong though sure."""

    ALL = "all"
    LAST = "last"
    RECENT = "recent"
    SURE = "sure"


class Order(StrEnum):
    """In which order the cards come: as in their decks, shuffled, or the hardest first."""

    DECK = "deck"
    SHUFFLED = "shuffled"
    HARDEST = "hardest"


class PracticeChoice(BaseModel):
    """What a learner asked for. Each list narrows the cards down; an empty one lets all through.

    ``decks`` and ``themes`` belong together: a card is in one of the decks or of one of the themes. ``sources`` names
    whole texts and ``paragraphs`` single ones of them. ``cards`` are names ``DECK/CARD``. ``days`` counts study days,
    today among them; ``count`` None means all the cards there are, up to ``MOST_CARDS``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decks: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    paragraphs: tuple[tuple[str, int], ...] = ()
    cards: tuple[str, ...] = ()
    mistakes: Mistakes = Mistakes.ALL
    days: int = USUAL_DAYS
    count: int | None = USUAL_CARDS
    order: Order = Order.SHUFFLED
    confidence: bool = False

    def to_fields(self) -> list[tuple[str, str]]:
        """The form's fields (or an address's query) that ``read_choice`` reads as this choice."""
        lists = {"deck": self.decks, "theme": self.themes, "tag": self.tags, "source": self.sources, "card": self.cards}
        fields = [(name, value) for name, values in lists.items() for value in values]
        fields += [("paragraph", f"{source}:{number}") for source, number in self.paragraphs]
        fields += [("mistakes", self.mistakes.value), ("days", str(self.days)), ("order", self.order.value)]
        fields.append(("n", "" if self.count is None else str(self.count)))
        return [*fields, ("confidence", "1")] if self.confidence else fields


Fields = Mapping[str, Sequence[str]]


def _read_names(fields: Fields, name: str, faults: dict[str, str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(value.strip() for value in fields.get(name, ()) if value.strip()))
    if len(names) > MOST_NAMES or any(len(one) > LONGEST_NAME for one in names):
        faults[name] = say("This is more than can be chosen at once.")
        return ()
    return names


def _read_whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _read_number(
    fields: Fields, name: str, most: int, usual: int | None, fault: Message, faults: dict[str, str]
) -> int | None:
    """The number in a field: ``usual`` where there is no such field, None where it is empty."""
    if name not in fields:
        return usual
    text = (fields[name] or [""])[0].strip()
    number = _read_whole(text)
    if text and (number is None or not 1 <= number <= most):
        faults[name] = fault
    return number


def _read_word(kind: type[StrEnum], fields: Fields, name: str, usual: StrEnum, faults: dict[str, str]) -> str:
    text = (fields.get(name) or [""])[0].strip() or usual.value
    if text not in tuple(kind):
        faults[name] = say("Choose one of these.")
        return usual.value
    return text


def _read_paragraphs(
    fields: Fields, sources: tuple[str, ...], faults: dict[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """Whole texts and single paragraphs. A number alone belongs to the one text that is named beside it."""
    places: dict[tuple[str, int], None] = {}
    whole = dict.fromkeys(sources)
    for text in _read_names(fields, "paragraph", faults):
        named, _, number_text = text.rpartition(":")
        source = named or (sources[0] if len(sources) == 1 else "")
        number = _read_whole(number_text)
        if not source or not number:
            faults["paragraph"] = say("Name a text and the number of a paragraph, such as source=my-text&paragraph=4.")
            continue
        places[source, number] = None
        whole.pop(source, None)
    return tuple(whole), tuple(places)


def read_choice(fields: Fields) -> PracticeChoice:
    """The choice in a form, or in the address of a link. Raises Invalid, with the fields at fault.

    Repeated fields ``deck``, ``theme``, ``tag``, ``source``, ``card`` and ``paragraph`` (``TEXT:NUMBER``, or a number
    beside one ``source``); ``mistakes`` (a word of ``Mistakes``; ``1`` for ``last``), ``days``, ``n`` (empty: all),
    ``order`` and ``confidence``. Whether there are such decks is not looked at.
    """
    faults: dict[str, str] = {}
    aliases = {"1": Mistakes.LAST.value, "0": Mistakes.ALL.value}
    asked = [aliases.get(text, text) for text in fields.get("mistakes", ())]
    few = say("From 1 to %(most)s cards; leave it empty for all of them.", most=MOST_CARDS)
    days_fault = say("From 1 to %(most)s days.", most=MOST_DAYS)
    sources, paragraphs = _read_paragraphs(fields, _read_names(fields, "source", faults), faults)
    choice = PracticeChoice(
        decks=_read_names(fields, "deck", faults),
        themes=_read_names(fields, "theme", faults),
        tags=_read_names(fields, "tag", faults),
        sources=sources,
        paragraphs=paragraphs,
        cards=_read_names(fields, "card", faults),
        mistakes=Mistakes(_read_word(Mistakes, {"mistakes": asked}, "mistakes", Mistakes.ALL, faults)),
        days=_read_number(fields, "days", MOST_DAYS, USUAL_DAYS, days_fault, faults) or USUAL_DAYS,
        count=_read_number(fields, "n", MOST_CARDS, USUAL_CARDS, few, faults),
        order=Order(_read_word(Order, fields, "order", Order.SHUFFLED, faults)),
        confidence=bool((fields.get("confidence") or [""])[0]),
    )
    if faults:
        raise Invalid(say("This practice cannot begin yet."), faults)
    return choice


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that could be practised; ``ref`` is ``DECK/CARD``.

    ``difficulty`` is 1 to 10. ``wrong_at`` is when the learner last had it wrong; ``wrong_last`` says that the last
    answer was wrong, ``wrong_though_sure`` that the last answer of which the learner was sure was.
    """

    card_id: int
    revision_id: int
    ref: str
    deck: str
    theme: str
    tags: frozenset[str] = frozenset()
    places: frozenset[tuple[str, int]] = frozenset()
    difficulty: float = _UNKNOWN_DIFFICULTY
    wrong_at: datetime | None = None
    wrong_last: bool = False
    wrong_though_sure: bool = False


def guess_difficulty(known: float | None, declared: str | None) -> float:
    """How hard a card is, 1 to 10: as the memory model found it, else as the deck says."""
    return known if known is not None else _DECLARED.get(declared or "", _UNKNOWN_DIFFICULTY)


def _is_in_places(candidate: Candidate, choice: PracticeChoice) -> bool:
    if not (choice.sources or choice.paragraphs):
        return True
    cited = {source for source, _ in candidate.places}
    return not cited.isdisjoint(choice.sources) or not candidate.places.isdisjoint(choice.paragraphs)


def _is_mistake(candidate: Candidate, mistakes: Mistakes, since: datetime) -> bool:
    match mistakes:
        case Mistakes.LAST:
            return candidate.wrong_last
        case Mistakes.RECENT:
            return candidate.wrong_at is not None and candidate.wrong_at >= since
        case Mistakes.SURE:
            return candidate.wrong_though_sure
        case _:
            return True


def find_fitting(candidates: Iterable[Candidate], choice: PracticeChoice, since: datetime) -> list[Candidate]:
    """The cards that a choice lets through, in the order given; ``since`` is when the chosen days began."""
    return [
        one
        for one in candidates
        if (not (choice.decks or choice.themes) or one.deck in choice.decks or one.theme in choice.themes)
        and (not choice.tags or not one.tags.isdisjoint(choice.tags))
        and (not choice.cards or one.ref in choice.cards)
        and _is_in_places(one, choice)
        and _is_mistake(one, choice.mistakes, since)
    ]


def draw_cards(fitting: Sequence[Candidate], choice: PracticeChoice, seed: bytes) -> list[Candidate]:
    """The cards of a round, in the order of asking. Equal seeds give equal rounds.

    Of more cards than are wanted the first are taken, after they were put in order.
    """

    def rank(one: Candidate) -> bytes:
        return hmac.digest(seed, one.ref.encode(), hashlib.sha256)

    match choice.order:
        case Order.DECK:
            ordered = list(fitting)
        case Order.SHUFFLED:
            ordered = sorted(fitting, key=rank)
        case _:
            ordered = sorted(fitting, key=lambda one: -one.difficulty)
    return ordered[: choice.count or MOST_CARDS]
