"""A table of answers as a person would judge them: formulas of mathematics and chemistry, where signs count.

In each row: the answer of the card, and what was typed that is right, and not right, with bars between (¦).
"""

import pytest

from quizapp.core.learning.grading.typed import judge_typed
from quizapp.core.learning.grading.verdict import Verdict

MATHEMATICS = [
    ("x=-5", "x = -5¦x = - 5¦X=−5¦x=–5¦x = minus 5¦x equals -5¦ x=-5. ¦x=(-5)", "x=5¦x = 5¦-x=5¦-5=x¦x=-50¦x=-5.5¦x"),
    ("x = 5", "x=5¦X = 5¦x equals 5", "x=-5¦x = −5¦x - 5¦x5¦5¦-x=5¦x=5-"),
    ("-5", "−5¦–5¦- 5¦(-5)¦minus 5¦-5.", "5¦+5¦--5¦-50"),
    ("5", "5.¦ 5 ¦(5)¦five¦“5”¦５¦٥¦5\u200f", "-5¦- 5¦5-¦−5¦–5¦5%"),
    ("5 3", "5  3", "5 - 3¦5-3¦53¦5+3"),
    ("5 - 3", "5-3¦5–3¦5 − 3¦5 minus 3", "5 3¦53¦3 - 5¦5+3"),
    ("x - 5", "x-5¦x−5¦x – 5¦X-5¦x minus 5", "x 5¦x5¦x+5¦5-x"),
    ("2x-3", "2x - 3¦2x−3¦2X-3¦2 x - 3", "2x3¦2x+3¦2x--3¦x-3"),
    ("-x", "- x¦−x¦minus x", "x¦+x"),
    ("a - b", "a-b¦a−b¦a minus b", "ab¦b - a¦a + b¦a b"),
    ("a + b", "a+b¦a plus b¦A+B", "b¦ab¦+b¦a-b"),
    ("a+b", "a + b", "b + a + c¦a b"),
    ("y = -x + 2", "y=-x+2¦y = −x+2", "y = x + 2¦y=-x-2¦y=-(x+2)"),
    ("10^-3", "10⁻³¦10^(-3)¦10^ -3¦10^−3¦10^{-3}", "10^3¦10³¦103¦10-3"),
    ("10⁻³", "10^-3¦10^(-3)", "10³¦10-3"),
    ("10³", "10^3¦10 ^ 3", "103¦10^-3¦10⁻³"),
    ("e^-x", "e^(-x)¦e^−x¦e^{-x}", "e^x¦e-x"),
    ("x²", "x^2¦x2¦X²", "2x¦x³"),
    ("(a+b)c", "(a + b)c¦(a+b) c", "a+bc¦ab+c"),
    ("2(x+3)", "2 (x + 3)¦2(x+3).", "2x+3¦2x3"),
    ("sin(x)", "sin x¦Sin(x)¦sin (x)", "cos(x)¦sinx-"),
    ("√2", "sqrt(2)¦sqrt 2¦√(2)¦square root of 2¦the square root of 2¦√ 2", "2¦√3¦-√2"),
    ("π", "pi¦Pi¦π.", "p¦2π¦-π"),
    ("2π", "2pi¦2 π¦2 pi", "π¦2p"),
    ("2πr", "2pi r¦2 π r", "πr¦2πr²"),
    ("1/x", "1 / x", "1x¦x/1¦1-x"),
    ("a/b", "a / b¦a÷b", "ab¦b/a¦a-b"),
    ("3½", "3 1/2¦3 ½", "31/2¦3/2¦3"),
    ("1/2", "½¦1 / 2", "12¦2/1¦1-2¦1 2"),
    (".5", "0.5¦0,5", "5¦-0.5¦.05"),
    ("0.5", ".5¦0,5", "5¦05"),
    ("x ≤ 5", "x <= 5¦x≤5¦x<=5", "x < 5¦x >= 5¦x = 5"),
    ("x ≠ 5", "x != 5¦x≠5¦x <> 5", "x = 5¦x 5"),
    ("x = 5", "", "x != 5¦x ≠ 5¦x > 5"),
    ("2 × 3", "2*3¦2·3¦2 * 3¦2 times 3", "23¦2+3¦2 3"),
    ("-1/2", "−½¦- 1/2¦-½", "1/2¦½¦-12"),
    (
        "profit = revenue - costs",
        "profit = revenue-costs¦Profit=revenue − costs",
        "profit = revenue costs¦profit = revenue + costs",
    ),
    ("-$5", "−$5¦- $5", "$5¦5 dollars"),
    ("$5", "5 $¦$ 5", "-$5¦$-5"),
    ("1,000", "1000¦1 000¦1.000", "1¦10000¦-1000"),
    ("5 %", "5%¦5 percent¦5 per cent", "5¦-5 %"),
    ("(3, 4)", "(3; 4)¦3, 4¦( 3 , 4 )¦(3,4)", "(4, 3)¦34¦3.4¦(-3, 4)"),
]

CHEMISTRY = [
    ("H₂O", "H2O¦h2o¦H_2O¦H₂O.", "HO¦H2O2¦H²O-"),
    ("H2O", "H₂O¦H 2 O", "2HO¦H20"),
    ("Cl⁻", "Cl-¦Cl−¦Cl^-¦cl-¦Cl –", "Cl¦Cl+¦Cl2-"),
    ("Cl-", "Cl⁻¦Cl −", "Cl¦Cl+"),
    ("Cl", "cl", "Cl-¦Cl⁻¦Cl+"),
    ("Fe³⁺", "Fe3+¦Fe^3+¦Fe^{3+}¦Fe 3+¦fe3+", "Fe2+¦Fe²⁺¦Fe¦Fe3-¦Fe+"),
    ("Fe3+", "Fe³⁺¦Fe^{3+}", "Fe3¦Fe²⁺"),
    ("Na+", "Na⁺¦Na +¦na+", "Na¦Na-"),
    ("SO₄²⁻", "SO42-¦SO4^2-¦SO_4^{2-}¦SO4 2-¦SO₄2−", "SO4¦SO42¦SO42+¦SO3²⁻"),
    ("OH-", "OH⁻¦OH−", "OH¦OH+"),
    ("A-", "A−¦A –¦a-", "A¦A+¦B-"),
    ("A", "a¦A.", "A-¦A+"),
    ("C-14", "C14¦C 14¦c-14", "C-12¦C¦14"),
    ("carbon-14", "carbon 14¦Carbon14", "carbon-12"),
    ("2H₂ + O₂ → 2H₂O", "2H2 + O2 -> 2H2O¦2 H2 + O2 --> 2 H2O¦2H2+O2→2H2O", "H2 + O2 -> H2O¦2H2 + O2 <- 2H2O"),
    ("e⁻", "e-¦e−", "e¦e+"),
    ("Na+ and Cl-", "Na⁺ and Cl⁻¦na+ and cl−", "Na and Cl¦Na+ and Cl"),
]

WORDS = [
    ("well-known", "well known¦wellknown¦well–known¦Well-Known", "well"),
    ("COVID-19", "COVID 19¦covid19¦Covid–19¦covid-19", "COVID-20¦COVID -19x"),
    ("B-52", "B52¦B 52¦b-52¦b52", "B-53¦52"),
    ("U2", "U-2¦u-2¦u 2", "U-3"),
    ("to-do", "to do¦todo", "to"),
    ("un-", "un", "in-"),
    ("Kim Jong-un", "Kim Jong Un¦kim jong − un", "Kim Jong-il"),
    ("an ox", "ox¦the ox", ""),
    ("ox", "an ox¦the ox", ""),
    ("UN", "the UN¦U.N.¦U. N.¦the U.N.", "US"),
    ("28,000 soldiers", "28 000 soldiers", "-28,000 soldiers"),
    ("T-shirt", "t shirt¦tshirt¦T−shirt", "shirt"),
    ("the Na+ pump", "Na+ pump", "Na pump"),
]


def _find_others(table: list[tuple[str, str, str]], column: int, *, right: bool) -> list[tuple[str, str]]:
    """The cases that are judged otherwise."""
    cases = [(row[0], typed) for row in table for typed in row[column].split("¦") if typed]
    return [case for case in cases if (judge_typed(case[1], [case[0]]).verdict is Verdict.RIGHT) != right]


@pytest.mark.parametrize("table", [MATHEMATICS, CHEMISTRY, WORDS], ids=["mathematics", "chemistry", "words"])
def test_formulas_are_judged_as_a_person_would(table: list[tuple[str, str, str]]) -> None:
    assert _find_others(table, 1, right=True) == []
    assert _find_others(table, 2, right=False) == []
