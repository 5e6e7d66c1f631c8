"""Made-up students: what they are called, how good and how diligent they are. All of it follows from a seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

MARK = "(made up)"
"""Stands behind everything that a demo makes, so that nobody takes it for real."""
_FIRST = (
    *("Ada", "Amal", "Ben", "Bilal", "Chen", "Clara", "Dina", "Diego", "Elif", "Emil", "Farah", "Finn", "Greta"),
    *("Hana", "Hugo", "Ida", "Ivan", "Jana", "Jonas", "Kira", "Leon", "Lina", "Malik", "Mira", "Nadia", "Noah"),
    *("Olga", "Oskar", "Paula", "Pavel", "Rana", "Rosa", "Samir", "Sofia", "Tariq", "Tilda", "Uma", "Viktor", "Yara"),
    *("Zoe",),
)
MOST_STUDENTS = 400
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A made-up student.

    ``ability`` shifts the chance of a right answer, about -0.2 to 0.15. ``diligence`` is the chance, from 0 to 1, to
    study on a day; ``new_cards`` is how many they take on then. ``stops_after`` is the share of the time after which
    they study no more: 1 for most.
    """

    first_name: str
    ability: float
    diligence: float
    new_cards: int
    stops_after: float


def make_students(count: int, dice: Random) -> list[MadeUp]:
    """So many students, some of them strong, some careless, and three in ten who gave up on the way."""
    names = list(_FIRST)
    dice.shuffle(names)
    return [
        MadeUp(
            first_name=names[number % len(names)] + (f" {number // len(names) + 1}" if number >= len(names) else ""),
            ability=min(max(dice.gauss(0.0, 0.1), -0.25), 0.15),
            diligence=min(max(dice.betavariate(3, 2), 0.15), 0.95),
            new_cards=dice.randint(2, 6),
            stops_after=dice.uniform(0.3, 0.85) if dice.random() < 0.3 else 1.0,
        )
        for number in range(count)
    ]


def make_hardness(cards: int, dice: Random) -> list[float]:
    """How much harder than usual each of so many cards is for everybody: by this the chance to be right is lower."""
    return [min(max(dice.gauss(0.0, 0.12), -0.2), 0.25) for _ in range(cards)]


def list_study_days(student: MadeUp, last: date, days: int, dice: Random) -> list[date]:
    """The days on which a student studied, the last at most ``last``; weekends are thinner."""
    found = []
    for number in range(days):
        day = last - timedelta(days=days - 1 - number)
        chance = student.diligence * (0.5 if day.weekday() >= 5 else 1.0)
        if number < days * student.stops_after and dice.random() < chance:
            found.append(day)
    return found
