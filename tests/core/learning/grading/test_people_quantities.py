"""A table of answers as a person would judge them: numbers and dates.

In each row: the answer of the card, and what was typed that is right, almost right, and not right, with bars between.
"""

import pytest

from quizapp.core.learning.grading.dates import judge_date
from quizapp.core.learning.grading.number import judge_number
from quizapp.core.learning.grading.verdict import CORRECT_FROM

NUMBERS = [
    (
        "1000",
        "1,000|1.000|1 000|1\u202f000|1e3|1E3|1.0e3|10^3|one thousand|a thousand|thousand|1k|1K|1000.0|1000,0",
        "",
        "100|10000|1001|1,00|1,000.5|k",
    ),
    ("0.5", "1/2|½|.5|0,5|50%|half|one half|a half", "", "1/20"),
    ("0.75", "three quarters", "", ""),
    ("1.5", "one and a half", "", "1 and a third"),
    ("1/2", "0.5|2/4", "", ""),
    ("1/3", "", "", "0.33"),
    ("2/3", "two thirds", "", ""),
    ("1/4", "a quarter", "", "twenty fifth"),
    ("50%", "50|50 %|50 percent|fifty percent|50 per cent|50 pct", "", "5%"),
    ("50", "", "", "50%"),
    ("3.14", "3,14", "", "3.14159|π|314|3 14"),
    ("-5", "-5|−5|minus 5|negative 5|- 5|–5|—5|-5.0", "", "5|(5)|-5°C|5 negative"),
    (
        "5",
        "+5|5.|5,|05|5.00|\u2464|5\ufe0f\u20e3|\u0665|\uff15|\U0001d7d3|5\u200b|\u200f5",
        "",
        (
            "not 5|5 not|no 5|5 hundreds|5 tens|5 thousandths|5 percent|5 degrees|5 tonnes|5 or 6|5, 6|5 6|"
            "5 and 6|5 plus 1|five or six|five six|five thousand|5 squared|over 5|at least 5|less than 5|5+|5-|"
            "5/2|1/5|5 dozen|half of 5|5k"
        ),
    ),
    ("-5 °C", "-5|-5C|-5 degrees|−5° C", "", "5 below zero"),
    (
        "28000",
        (
            "28,000|28.000|28 thousand|twenty-eight thousand|twenty eight thousand|28k|about 28,000|~28000|"
            "28000?|28000!|approx. 28000|approx 28000|c. 28000|nearly 28000|= 28000"
        ),
        "",
        "2800|28|28000 or 29000|28000-29000|not 28000|more than 28000|> 28000|<28000",
    ),
    ("5 million", "5,000,000|5000000|5m|5M|5 mil|5 mio|five million", "", "5|5 billion"),
    ("2.5 million", "2,5 million|2500000|two and a half million|two point five million", "", ""),
    ("3.5", "three point five", "", ""),
    ("1.5 billion", "1500 million", "", ""),
    ("1000000", "one million|a million|million", "", "m|millions"),
    ("100", "one hundred|hundred", "", "hundreds"),
    ("12", "a dozen|dozen", "", "dozens of"),
    ("0", "none|zero|nought", "", "no idea|none of them||o|O"),
    ("1", "", "", "once|l|I|a|an"),
    ("2", "", "", "both|two thirds"),
    ("$5", "5 dollars|5$|USD 5|5", "", "€5"),
    ("$5 million", "5 million dollars|5000000|$5m|US$5 million", "", ""),
    ("5 km", "5|5 km|5km|5 kilometres|5000 m", "", "5 m|5 mi|5 kg|5000 km|500 m"),
    ("10 kg", "10 kilos", "", ""),
    ("3 h", "180 min", "", ""),
    ("1.5 m", "150 cm", "", ""),
    ("1991", "1991|1,991|nineteen ninety-one", "", "91"),
    ("1945", "nineteen forty-five", "", "1945 BC|1954|1945.5|19 45"),
    ("2010", "twenty ten", "", ""),
    ("2005", "two thousand five|two thousand and five", "", ""),
    ("4", "four", "", "for|fourth|twenty fifth"),
    ("21", "twenty one", "", "twelve"),
    ("1e6", "1000000", "", ""),
    ("6.02e23", "6.02 \xd7 10^23|6.02*10^23|6.02x10²³", "", "6.02e22"),
    ("0.001", "1e-3|10^-3|1/1000", "", ""),
    ("1234.5", "1.234,5|1,234.5|1 234,5|1'234.5", "", ""),
    ("1234567", "1.234.567|1,234,567|12,34,567|1 234 567|1_234_567", "", ""),
    ("7", "", "", "nan|inf|0x7|7/0|--7|3+4|1e400"),
    ("20", "", "", "twenty first"),
    ("3", "", "", "three quarters"),
    ("5 kg", "", "", "5 km"),
    ("5 m", "", "", "5 million|5 min"),
    ("5 min", "", "", "5 m"),
    ("5000", "", "", "5"),
    ("1.000", "", "", "1000"),
    ("38", "", "", "38.0001|38th parallel of|83"),
]

UNITS_AND_RANGES = [
    ("5-10", "5-10|5–10|5 - 10|5 to 10|from 5 to 10|between 5 and 10|5—10", "", "5|10|7|5-11|50-10|-5|5-"),
    (
        "5-10 km",
        "5–10 km|5 to 10 km|5-10|5-10 kilometres|5 km to 10 km|5km-10km|5000-10000 m|between 5 and 10 km",
        "",
        "5 km|10 km|5|5-10 m",
    ),
    ("5–10 %", "5-10%|5% to 10%|5 to 10 percent|5%-10%", "", "5%|10%"),
    ("5 to 10", "5-10|5–10|five to ten", "", "5|10"),
    ("-5 to 10", "-5 – 10|−5 to 10|from -5 to 10", "", "5 to 10|-5"),
    ("1914–1918", "1914-1918|1914 to 1918|1914-18", "", "1914|1918"),
    ("5", "five.|Five!|5.|“five”|five,|  five  |(five)|five…|5 .|the five|5", "", "5-10|5 to 10|-5|five or six"),
    ("5.", "5|five", "", ""),
    ("five", "5|five.|Five", "", ""),
    (
        "9.81 m/s²",
        (
            "9.81 m/s^2|9.81 m/s2|9,81 m/s²|9.81m/s²|9.81 m s^-2|9.81 m·s⁻²|9.81"
            "|9.81 metres per second squared|9.81 meters per second per second"
        ),
        "",
        "9.81 m/s|9.81 m|9.81 km/s²|98.1 m/s²",
    ),
    (
        "50 km/h",
        (
            "50 kph|50 kmh|50 km/hr|50 km / h|50 kilometres per hour"
            "|50 kilometers an hour|50 km per hour|50 km/hour|50 km h^-1|50 km h⁻¹|50kph|50 kmph|50"
        ),
        "",
        "50 mph|50 m/s|50 km|50 m/h",
    ),
    ("50 kph", "50 km/h", "", ""),
    ("60 mph", "60 miles per hour|60 mi/h|60 miles/hour|60 miles an hour", "", "60 km/h"),
    ("10 m/s", "10 m s^-1|36 km/h|10 metres per second|10 mps", "", "10 km/h|10 m"),
    ("50%", "50 %|50|50 percent|0.5|0,5|1/2|½|half|one half|.5", "", "5|0.05|500|0.5%|5%"),
    ("0.5", "50%|50 %|half|1/2", "", "0.5%|50|5%"),
    ("100%", "100|1|1.0", "", "10|1%"),
    ("1%", "1|0.01|1/100", "", "100|10"),
    ("5%", "0.05|5", "", "0.5|50"),
    ("25%", "0.25|1/4|a quarter|25", "", ""),
    ("1", "100%", "", ""),
    ("5 %", "5|0.05", "", ""),
    ("3 1/2", "3.5|3½|3 ½|7/2|3,5|three and a half", "", "31/2|3/2|3 1"),
    ("3½", "3.5|3 1/2", "", ""),
    ("-3 1/2", "-3.5|−3½|-7/2", "", "3.5|-2.5"),
    ("1e3", "1000|10^3|1 000|1.000|10³", "", ""),
    ("10^3", "1000|10³|1e3|10**3", "", "103|30"),
    ("2^10", "1024|2¹⁰", "", "210|20"),
    ("π", "pi|Pi", "", "3"),
    ("√2", "sqrt(2)|sqrt 2", "", "2"),
    ("1.000,5", "1000.5|1000,5", "", ""),
    ("−5", "-5|minus 5|- 5|–5", "", "5"),
    ("5 °C", "5°C|5 degrees|5 degrees C|5 Celsius|5C|5|5 º C|5ºC|5 degC", "", "5 °F|-5 °C|5 K"),
    ("20 m³", "20 m3|20 m^3|20 cubic metres|20 cubic meters|20", "", "20 m²|20 m|20 cm³"),
    ("20 cm²", "20 cm2|20 cm^2|20 square centimetres|20 sq cm|20", "", "20 cm|20 m²"),
    ("5 N", "5 newtons|5 Newton|5", "", "5 J"),
    ("220 V", "220 volts|220V|0.22 kV", "", "220 A|220 kV|220 W"),
    ("100 W", "100 watts|0.1 kW|100", "", "100 kW|100 J"),
    ("3 GHz", "3 gigahertz|3", "", "3 Hz|3 MHz"),
    ("5 kWh", "5 kilowatt hours|5 kW h|5 kilowatt-hours", "", ""),
    ("6.02×10²³", "6.02e23|6.02*10^23|6.02x10^23|6,02·10^23|6.02 x 10 ^ 23|6.02E+23|6.02 × 10**23", "", "6.02e22|6.02"),
    ("1.6×10⁻¹⁹ C", "1.6e-19|1.6*10^-19 C|1.6 x 10^(-19) C", "", "1.6e19|1.6×10⁻¹⁸ C"),
    ("10 Ω", "10 ohm|10 ohms|10 Ohm", "", "10 V"),
    ("1 hour", "60 minutes|60 min|1h|1 hr|one hour", "", ""),
    ("3.14", "3.14.|3,14|~3.14|3.14...|≈3.14", "", ""),
    ("1000", "1'000|1 000|1,000|1.000|1k|１０００|１，０００|١٬٠٠٠|١٠٠٠", "", "1,0000|10,00"),
    ("12.5", "12,5|12.50|twelve and a half|12 1/2|12½", "", "125|12"),
    ("2", "two|2.0|2.|2!|2 :)", "", "3"),
    ("1/3", "1 / 3|a third|one third|2/6", "", "3/1|0.3"),
    ("1:3", "1 : 3", "", "3:1|1"),
    ("10:30", "", "", "10|1030"),
    ("40 000 km", "40,000 km|40000km|40 000 kilometres|40.000 km|forty thousand km", "", "4000 km|40"),
    ("300000 km/s", "300,000 km/s|3e5 km/s|3×10⁵ km/s|3×10⁸ m/s|300 000 km per second", "", "300000 m/s"),
    ("> 5", ">5", "", "5|<5|less than 5"),
    ("about 5", "5|~5|approximately 5|around five", "", "6"),
    ("3 apples", "3|three apples|3 apples.", "", "3 pears|4 apples"),
    ("1 000 000", "a million|1 million|1m|10^6|1000k", "", "100000"),
]

DATES = [
    (
        "15 August 1945",
        (
            "15 August 1945|August 15, 1945|August 15th, 1945|15th August 1945|15 Aug 45|15 Aug 1945|"
            "Aug. 15, 1945|15.8.1945|15.08.1945|15/8/1945|15/08/45|1945-08-15|1945/08/15|1945.08.15|8/15/1945|"
            "08-15-1945|15-Aug-1945|15-aug-45|the 15th of August 1945|15 august1945|15 AUGUST 1945|"
            "  15  August  1945  |15. August 1945|1945, August 15|1945 Aug 15|15 aug. '45|Aug 15 '45|"
            "15 August, in 1945|on August 15, 1945|Wednesday 15 August 1945|August 15 1945 AD|15 VIII 1945|"
            "15.VIII.1945|fifteenth August 1945|15/8/45"
        ),
        "15 Auguts 1945|15 Agust 1945",
        (
            "1945-15-08|1945-08-16|16 August 1945|15 August 1946|15 September 1945|5 August 1945|51 August 1945|"
            "not 15 August 1945|15 or 16 August 1945|15 August 1945 or 1946|before 15 August 1945|"
            "after 15 August 1945|15-16 August 1945|15 August 1945 BC|15 August 1845|15 Aug 46|15 August 945|"
            "1945 08|08/16/1945|15/9/1945"
        ),
    ),
    (
        "15 August",
        "15 August|Aug. 15|15.8.|15.8|8/15|15/8|August 15th|the 15th of August|15th Aug|08-15|15 aug.|--08-15",
        "",
        "15|16 August|15 April|8.15.|ides of August|8",
    ),
    ("5 June", "6/5|5/6", "", "5 July|6 May"),
    (
        "August 1945",
        "Aug 1945|8/1945|1945-08|08.1945|aug. 45|15 August 1945|August of 1945|August, 1945",
        "",
        "July 1945|September 1945|summer 1945|8",
    ),
    ("August", "august|Aug|Aug.|8|08|in August|the month of August", "", "July|9|13|March"),
    ("June", "Jun", "", "July"),
    ("March", "", "", "May"),
    ("September", "Sept.", "Septembre|Setpember", ""),
    (
        "1991",
        (
            "1991|in 1991|the year 1991|1991 AD|AD 1991|1991 CE|'91|91|December 1991|late 1991|about 1991|"
            "circa 1991|c. 1991|ca. 1991|1,991|nineteen ninety-one|1991?"
        ),
        "",
        "1992|1991 BC|199|19991|1991-1992|1990s|19 91|after 1991|before 1991|not 1991",
    ),
    (
        "44 BC",
        "44 BC|44 B.C.|44BC|BC 44|44 BCE|44 bce|44 before Christ|-44|15 March 44 BC",
        "",
        "44 AD|44|45 BC|-43|144 BC|-45|AD 44",
    ),
    ("AD 79", "79|79 AD|79 A.D.|79 anno Domini|Anno Domini 79|year 79", "", "79 BC|1979"),
    ("5th century BC", "5th century BCE|fifth century BC", "", "5th century"),
    ("1939-1945", "1939–1945|1939 to 1945|1939-45|between 1939 and 1945|from 1939 until 1945", "", "1939-1946|1939"),
    ("1990s", "1990s|the 1990s|1990's|90s|the nineties", "", "1980s|1990"),
    ("29 February 2000", "Feb 29, 2000", "", "30 February 2000"),
    ("1 May 1889", "", "", "May Day 1889"),
    (
        "4 July 1776",
        (
            "Fourth of July 1776|4/7/1776|7/4/1776|4.7.1776|July fourth, 1776|the 4th July, 1776|4 July '76|"
            "1776-07-04|1776-7-4|04071776"
        ),
        "",
        "7.4.1776",
    ),
    (
        "11 September 2001",
        "9/11/2001|9-11-01|11/9/01|Sept 11, 2001|11. 9. 2001|September 11th 2001|Sep 11 01",
        "",
        "November 9, 2001",
    ),
    ("1945", "", "", "45 BC|before 1945|not 1945|1945 or 1946|1944/45|1944-1945|nineteen forty-six|two thousand"),
    ("1 January 2000", "", "", "2 January 2000|2000-02-01|1/1/2001"),
    ("June 1950", "", "", "July 1950"),
    ("June 25, 1950", "", "", "June 26, 1950|January 25, 1950"),
    ("March 1953", "", "", "May 1953"),
    ("20th century", "", "", "19th century"),
]


@pytest.mark.parametrize("judge", [judge_number, judge_date])
@pytest.mark.parametrize(("column", "least", "most"), [(1, 1, 1), (2, CORRECT_FROM, 0.99), (3, 0, CORRECT_FROM - 0.01)])
def test_numbers_and_dates_are_judged_as_a_person_would(judge, column: int, least: float, most: float):
    table = NUMBERS + UNITS_AND_RANGES if judge is judge_number else DATES
    cases = [(row[0], typed) for row in table for typed in row[column].split("|") if typed]
    judged = [(answer, typed, judge(typed, [answer]).score) for answer, typed in cases]
    assert [case for case in judged if not least <= case[2] <= most] == []
