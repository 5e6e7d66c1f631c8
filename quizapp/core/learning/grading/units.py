"""Units that are written in several ways: "5 km" and "5 kilometres", "$5" and "5 dollars"."""

_SAME = """
$ dollar dollars usd us$ us_dollars
€ euro euros eur
£ pound pounds gbp
¥ yen jpy
% percent percentage per_cent pct
° degree degrees deg
°c c degrees_celsius degree_celsius celsius degrees_c
°f f degrees_fahrenheit degree_fahrenheit fahrenheit degrees_f
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
h hour hours hr hrs
min minute minutes mins
s second seconds sec secs
year years yr yrs
day days
"""
_SAME_AS = {name.replace("_", " "): line.split()[0] for line in _SAME.strip().splitlines() for name in line.split()}


def same_unit(unit: str) -> str:
    """The one way to write a simplified unit that stands for all others; an unknown unit is its own."""
    return _SAME_AS.get(unit, unit)
