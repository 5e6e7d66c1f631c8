"""The form of a learner's choices: what was chosen as text, and what was typed as choices."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from quizapp.core.errors import Invalid
from quizapp.core.learning.balance import REDUCED_DAY
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.limits import HIGHEST_LIMIT, DailyLimits
from quizapp.core.learning.scheduling import LONGEST_INTERVAL
from quizapp.core.learning.steps import parse_steps, write_steps
from quizapp.core.messages import Message, say
from quizapp.services.settings import DeckLine
from quizapp.settings import list_zones
from quizapp.web.forms import PageForm
from quizapp.web.text import translate

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The fields of the week, in its order."""

WEIGHTS = {"1": 1.0, "half": REDUCED_DAY, "off": 0.0}
"""What can be chosen for a weekday, with its weight."""

_NUMBER = re.compile(r"[0-9]{0,6}(?:[.,][0-9]{1,9})?", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)
_MOST_DIGITS = 12
_KINDS = ("new_cards", "reviews")
_Value = TypeVar("_Value")


class SettingsForm(PageForm):
    """A learner's choices as they are typed; limits of single decks are fields ``new_cards-DECK`` and ``reviews-DECK``.

    No field is called ``new``: that is the name of a password elsewhere, which no page ever shows again.
    """

    learner = HiddenField()
    desired_retention = StringField(_l("Remember"))
    new_cards = StringField(_l("New cards a day"))
    reviews = StringField(_l("Reviews a day"))
    learning_steps = StringField(_l("Steps of a new card"))
    relearning_steps = StringField(_l("Steps of a forgotten card"))
    maximum_interval = StringField(_l("Longest break"))
    timezone = StringField(_l("Time zone"))


for _day in WEEKDAYS:
    setattr(SettingsForm, _day, StringField())


@dataclass(frozen=True, slots=True)
class ZoneGroup:
    """The time zones of a part of the world."""

    region: str
    names: tuple[str, ...]


@cache
def group_zones() -> tuple[ZoneGroup, ...]:
    """The time zones that are places, by part of the world, with UTC before them."""
    places: dict[str, list[str]] = {}
    for name in sorted(list_zones()):
        region, slash, _ = name.partition("/")
        if slash and region not in ("Etc", "SystemV", "US", "posix", "right"):
            places.setdefault(region, []).append(name)
    return ZoneGroup("UTC", ("UTC",)), *(ZoneGroup(region, tuple(names)) for region, names in places.items())


def make_form(decks: Sequence[DeckLine], *args: Any, **values: Any) -> SettingsForm:
    """The form with fields for the limits of these decks."""
    fields = {f"{kind}-{deck.slug}": StringField() for deck in decks for kind in _KINDS}
    form: SettingsForm = type("SettingsForm", (SettingsForm,), fields)(*args, **values)
    return form


def write_percent(share: float) -> str:
    """A share as it is typed: ``90``, ``92.5``."""
    return f"{round(100 * share, 2):g}"


def _write(value: object) -> str:
    return "" if value is None else str(value)


def _write_steps(steps: tuple[timedelta, ...] | None) -> str:
    return "" if steps is None else write_steps(steps)


def write_choices(choices: Choices, decks: Sequence[DeckLine], learner: str) -> dict[str, str]:
    """The choices as the fields of the form show them."""
    weights = {weight: name for name, weight in WEIGHTS.items()}
    retention = choices.desired_retention
    texts = {
        "learner": learner,
        "desired_retention": "" if retention is None else write_percent(retention),
        "new_cards": _write(choices.limits.new),
        "reviews": _write(choices.limits.reviews),
        "learning_steps": _write_steps(choices.learning_steps),
        "relearning_steps": _write_steps(choices.relearning_steps),
        "maximum_interval": _write(choices.maximum_interval),
        "timezone": choices.timezone,
    }
    for deck in decks:
        limits = choices.decks.get(deck.slug, DailyLimits())
        texts |= {f"new_cards-{deck.slug}": _write(limits.new), f"reviews-{deck.slug}": _write(limits.reviews)}
    return texts | {day: weights.get(weight, "1") for day, weight in zip(WEEKDAYS, choices.week, strict=True)}


class _Reader:
    """Reads the fields one by one; what is wrong is put beside its field."""

    def __init__(self, form: SettingsForm) -> None:
        self._form = form
        self.is_sound = True

    def read(self, name: str, parse: Callable[[str], _Value], nothing: _Value) -> _Value:
        try:
            return parse(str(self._form[name].data or "").strip())
        except Invalid as error:
            self.refuse(name, next(iter(error.fields.values()), error.message))
            return nothing

    def refuse(self, name: str, message: str) -> None:
        self.is_sound = False
        self._form[name].errors = (*self._form[name].errors, translate(message))


def _refuse(message: Message) -> Invalid:
    return Invalid(message)


def _parse_retention(text: str) -> float | None:
    said = text.removesuffix("%").strip()
    if not said:
        return None
    if not _NUMBER.fullmatch(said):
        raise _refuse(say("Write a number from 70 to 97, such as 90."))
    value = float(said.replace(",", "."))
    share = round(value if value <= 1 else value / 100, 4)
    return Choices(desired_retention=share).desired_retention


def _parse_whole(text: str, most: int) -> int | None:
    """A whole number; one beyond all bounds is ``most`` + 1. Raises Invalid for anything else."""
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise _refuse(say("Write a whole number, such as 20, or nothing."))
    return int(text) if len(text) < _MOST_DIGITS else most + 1


def _parse_limit(text: str) -> int | None:
    return DailyLimits(new=_parse_whole(text, HIGHEST_LIMIT)).new


def _parse_longest(text: str) -> int | None:
    return Choices(maximum_interval=_parse_whole(text, LONGEST_INTERVAL)).maximum_interval


def _parse_learning(text: str) -> tuple[timedelta, ...] | None:
    return Choices(learning_steps=parse_steps(text, "learning_steps")).learning_steps


def _parse_relearning(text: str) -> tuple[timedelta, ...] | None:
    return Choices(relearning_steps=parse_steps(text, "relearning_steps")).relearning_steps


def _parse_zone(text: str) -> str:
    if text and text not in list_zones():
        raise _refuse(say("There is no time zone of this name. Choose one from the list."))
    return text


def _parse_weight(text: str) -> float:
    if text not in WEIGHTS:
        raise _refuse(say("Choose one of the three."))
    return WEIGHTS[text]


def _read_limits(reader: _Reader, ending: str = "") -> DailyLimits:
    new, reviews = (reader.read(f"{kind}{ending}", _parse_limit, None) for kind in _KINDS)
    return DailyLimits(new, reviews)


def read_choices(form: SettingsForm, decks: Sequence[DeckLine]) -> Choices | None:
    """The choices that were typed; None where something is wrong, which is then said beside its field."""
    reader = _Reader(form)
    week = tuple(reader.read(day, _parse_weight, 1.0) for day in WEEKDAYS)
    if not any(week):
        reader.refuse(WEEKDAYS[0], say("Keep at least one day on which cards may come back."))
    choices = Choices(
        desired_retention=reader.read("desired_retention", _parse_retention, None),
        learning_steps=reader.read("learning_steps", _parse_learning, None),
        relearning_steps=reader.read("relearning_steps", _parse_relearning, None),
        maximum_interval=reader.read("maximum_interval", _parse_longest, None),
        timezone=reader.read("timezone", _parse_zone, ""),
        limits=_read_limits(reader),
        decks={deck.slug: _read_limits(reader, f"-{deck.slug}") for deck in decks},
        week=week,
    )
    return choices if reader.is_sound else None
