"""Units that are written in several ways: "5 km" and "5 kilometres", "km/h" and "kph"; and how they convert."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_SAME = """
$ dollar dollars usd us$ us_dollars
€ euro euros eur
£ pound pounds gbp
¥ yen jpy
₽ ruble rubles rouble roubles rub
₩ won krw
% percent percentage per_cent pct prozent prozentsatz procent yuzde процент процента процентов відсоток відсотків
% pourcentage pour_cent porcentaje por_ciento porcentagem por_cento percentuale per_cento
° degree degrees deg
°c °_c c deg_c degc degrees_celsius degree_celsius celsius degrees_c
°f °_f f deg_f degf degrees_fahrenheit degree_fahrenheit fahrenheit degrees_f
km kilometre kilometres kilometer kilometers kms км
m metre metres meter meters м
dm decimetre decimetres decimeter decimeters
cm centimetre centimetres centimeter centimeters см
mm millimetre millimetres millimeter millimeters мм
mi mile miles
yd yard yards
ft foot feet
in inch inches
ha hectare hectares
kg kilogram kilograms kilo kilos kgs кг
g gram grams г
t tonne tonnes
mg milligram milligrams
μg microgram micrograms
lb lbs
l litre litres liter liters л
dl decilitre decilitres deciliter deciliters
cl centilitre centilitres centiliter centiliters
ml millilitre millilitres milliliter milliliters
ms millisecond milliseconds
s second seconds sec secs
min minute minutes mins
h hour hours hr hrs
day days
week weeks wk wks
month months
year years yr yrs y
hz hertz
khz kilohertz
mhz megahertz
ghz gigahertz
n newton newtons
j joule joules
kj kilojoule kilojoules
kwh kilowatthour kilowatthours kilowatt_hour kilowatt_hours kw_h
w watt watts
kw kilowatt kilowatts
pa pascal pascals
hpa hectopascal hectopascals
kpa kilopascal kilopascals
v volt volts
kv kilovolt kilovolts
a amp amps ampere amperes
ω ohm ohms
mol mole moles
"""
UNITS: Mapping[str, str] = {
    name.replace("_", " "): line.split()[0] for line in _SAME.strip().splitlines() for name in line.split()
}
"""Each known unit by all its names, with the one way to write it that stands for all others."""
_NAMES = frozenset(UNITS.values())

_SHORT = {
    **dict.fromkeys(("kph", "kmh", "kmph"), "km/h"),
    "mph": "mi/h",
    "mps": "m/s",
    "sqkm": "km2",
    "sqm": "m2",
    "cc": "cm3",
    "ccm": "cm3",
}
# What each unit is in metres, grams, seconds, and amperes, with their powers.
_VALUES = """
mm 1/1000 m; cm 1/100 m; dm 1/10 m; m 1 m; km 1000 m
in 254/10000 m; ft 3048/10000 m; yd 9144/10000 m; mi 1609344/1000 m
ha 10000 mm; ml 1/1000000 mmm; cl 1/100000 mmm; dl 1/10000 mmm; l 1/1000 mmm
μg 1/1000000 g; mg 1/1000 g; g 1 g; kg 1000 g; t 1000000 g
ms 1/1000 s; s 1 s; min 60 s; h 3600 s; day 86400 s; week 604800 s; month 1 M; year 12 M
j 1000 gmm/ss; kj 1000000 gmm/ss; kwh 3600000000 gmm/ss; w 1000 gmm/sss; kw 1000000 gmm/sss
n 1000 gm/ss; pa 1000 g/mss; hpa 100000 g/mss; kpa 1000000 g/mss
hz 1 /s; khz 1000 /s; mhz 1000000 /s; ghz 1000000000 /s
a 1 a; v 1000 gmm/sssa; kv 1000000 gmm/sssa; ω 1000 gmm/sssaa
"""
_POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}
_PIECE = re.compile(r"(/|\bper\b|\ban?\b(?= ))|\^? ?(-?\d)(?!\d)|([^\W\d_]+|[°%$€£¥₽₩])|[ ×.]")
_HYPHEN = re.compile(r"-(?=[^\W\d_])")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit measures: how many of its base units it is, and their powers, sorted."""

    factor: Fraction
    powers: tuple[tuple[str, int], ...]


def _read_values() -> Mapping[str, Measure]:
    found = {}
    for each in _VALUES.replace("\n", ";").split(";"):
        if each.strip():
            name, factor, bases = each.split()
            above, _, below = bases.partition("/")
            powers = Counter(above)
            powers.subtract(below)
            found[name] = Measure(Fraction(factor), tuple(sorted(powers.items())))
    return found


_MEASURES = _read_values()


def same_unit(unit: str) -> str:
    """The one way to write a simplified unit that stands for all others; an unknown unit is its own."""
    return UNITS.get(unit, unit)


def _list_factors(unit: str) -> list[tuple[str, int]] | None:
    """The units that a unit is made of, each with its power; None where a piece is no unit."""
    factors: list[tuple[str, int]] = []
    sign, next_power, end = 1, 1, 0
    for piece in _PIECE.finditer(unit):
        if piece.start() != end:
            return None
        end = piece.end()
        over, power, name = piece.groups()
        if over:
            sign = -1
        elif power or name in ("squared", "cubed"):
            if not factors:
                return None
            factors[-1] = (factors[-1][0], sign * (int(power) if power else _POWERS[name]))
        elif name in _POWERS:
            next_power = _POWERS[name]
        elif name:
            factors.append((same_unit(name), sign * next_power))
            next_power = 1
    return factors if end == len(unit) else None


@lru_cache(maxsize=500)
def read_measure(unit: str) -> Measure | None:
    """What a simplified unit measures: "km/h", "m s^-2", "cubic metres"; None where it is no unit that is known."""
    if not unit or len(unit) > _LONGEST:
        return None
    unit = _HYPHEN.sub(" ", _SHORT.get(unit, unit))
    factors = [(UNITS[unit], 1)] if unit in UNITS else _list_factors(unit)
    value, powers = Fraction(1), Counter[str]()
    for name, power in factors or ():
        if name not in _NAMES:
            return None
        measure = _MEASURES.get(name) or Measure(Fraction(1), ((name, 1),))
        value *= measure.factor**power
        for base, times in measure.powers:
            powers[base] += times * power
    return Measure(value, tuple(sorted((base, power) for base, power in powers.items() if power))) if factors else None


def convert(unit: str, into: str) -> Fraction | None:
    """How many of one unit the other is, both simplified; None where they measure other things or are not known."""
    one, other = read_measure(unit), read_measure(into)
    return one.factor / other.factor if one and other and one.powers == other.powers else None
