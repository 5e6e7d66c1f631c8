"""Units that are written in several ways: "5 km" and "5 kilometres", "$5" and "5 dollars"; and how they convert."""

from collections.abc import Mapping
from fractions import Fraction

_SAME = """
$ dollar dollars usd us$ us_dollars
€ euro euros eur
£ pound pounds gbp
¥ yen jpy
₽ ruble rubles rouble roubles rub
₩ won krw
% percent percentage per_cent pct
° degree degrees deg
°c °_c c deg_c degrees_celsius degree_celsius celsius degrees_c
°f °_f f deg_f degrees_fahrenheit degree_fahrenheit fahrenheit degrees_f
km kilometre kilometres kilometer kilometers kms
m metre metres meter meters
cm centimetre centimetres centimeter centimeters
mm millimetre millimetres millimeter millimeters
mi mile miles
km² km2 km^2 square_kilometres square_kilometers square_km sq_km sqkm
kg kilogram kilograms kilo kilos kgs
g gram grams
t tonne tonnes
l litre litres liter liters
ml millilitre millilitres milliliter milliliters
µg μg microgram micrograms
mg milligram milligrams
lb lbs
ft foot feet
in inch inches
h hour hours hr hrs
min minute minutes mins
s second seconds sec secs
year years yr yrs y
month months
week weeks wk wks
day days
"""
UNITS: Mapping[str, str] = {
    name.replace("_", " "): line.split()[0] for line in _SAME.strip().splitlines() for name in line.split()
}
"""Each known unit by all its names, with the one way to write it that stands for all others."""

_KINDS = (
    {"mm": Fraction(1), "cm": Fraction(10), "m": Fraction(1000), "km": Fraction(10**6)},
    {"mg": Fraction(1), "g": Fraction(1000), "kg": Fraction(10**6), "t": Fraction(10**9)},
    {"ml": Fraction(1), "l": Fraction(1000)},
    {"s": Fraction(1), "min": Fraction(60), "h": Fraction(3600), "day": Fraction(86400), "week": Fraction(604800)},
    {"month": Fraction(1), "year": Fraction(12)},
)


def same_unit(unit: str) -> str:
    """The one way to write a simplified unit that stands for all others; an unknown unit is its own."""
    return UNITS.get(unit, unit)


def convert(unit: str, into: str) -> Fraction | None:
    """How many of one unit the other is, both in their one way of writing; None where they measure other things."""
    for kind in _KINDS:
        if unit in kind and into in kind:
            return kind[unit] / kind[into]
    return None
