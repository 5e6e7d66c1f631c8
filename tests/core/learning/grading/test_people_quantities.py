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
    table = NUMBERS if judge is judge_number else DATES
    cases = [(row[0], typed) for row in table for typed in row[column].split("|") if typed]
    judged = [(answer, typed, judge(typed, [answer]).score) for answer, typed in cases]
    assert [case for case in judged if not least <= case[2] <= most] == []
