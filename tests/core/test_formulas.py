"""LaTeX to inert MathML, and to a line that can be read."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.formulas import ATTRIBUTES, ELEMENTS, LONGEST_FORMULA, read_formula


@pytest.mark.parametrize(
    ("latex", "reading"),
    [
        ("x", "x"),
        (r"x^2+\frac{a}{b}", "x² + a/b"),
        ("E=mc^2", "E = mc²"),
        ("-5+x", "−5 + x"),
        ("a=-5", "a = −5"),
        ("(-5)", "(−5)"),
        (r"\frac{x+1}{2y}", "(x + 1)/2y"),
        (r"x^{2k}+e^x+y^k", "x^(2k) + eˣ + y^k"),
        (r"x_{12}^{n+1}", "x₁₂ⁿ⁺¹"),
        (r"x_i", "x_i"),
        (r"x_{ij k}", "x_ijk"),
        (r"x_{i+j}", "x_(i + j)"),
        ("f'(x)", "f′(x)"),
        ("2H_2 + O_2 \\rightarrow 2H_2O", "2H₂ + O₂ → 2H₂O"),
        (r"\sqrt{x}+\sqrt{x+1}+\sqrt[3]{8}", "√x + √(x + 1) + ³√8"),
        (r"\sum_{i=1}^n i", "∑_(i = 1)ⁿi"),
        (r"\lim_{x\to 0}\frac{\sin x}{x}", "lim_(x → 0)(sin x)/x"),
        (r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "(a, b; c, d)"),
        (r"\binom{n}{k}", "(n k)"),
        (r"\hat{x}\vec v\bar{AB}", "x̂v⃗AB^¯"),
        (r"\text{if } x<1\,\%", "if x < 1 %"),
        (r"\mathrm{kg}\mathbb{R}\mathbf{v}{\bf xY}", "kgℝ𝐯𝐱𝐘"),
        (r"\mathbf{é}", "é"),
        (r"a\phantom{b}c", "ac"),
        (r"\xrightarrow{a}", "→^a"),
        (r"\underset{a}{b}", "b_a"),
        (r"\boxed{x}", "x"),
        ("π", "π"),
    ],
)
def test_a_formula_can_be_read_as_a_line(latex: str, reading: str) -> None:
    formula = read_formula(latex)
    assert formula is not None
    assert formula.reading == reading


def test_a_formula_becomes_mathml() -> None:
    formula = read_formula("x^2 < 1")
    assert formula is not None
    assert formula.mathml == (
        '<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo><mn>1</mn></mrow></math>'
    )
    display = read_formula("x", display=True)
    assert display is not None
    assert display.mathml == '<math display="block"><mrow><mi>x</mi></mrow></math>'


@pytest.mark.parametrize(
    "latex",
    [
        "",
        " ",
        "{",
        "}{",
        "x^",
        "x_1_2",
        r"\frac{1}",
        r"\foo",
        r"\left( x",
        r"\middle|",
        r"\begin{matrix} a",
        r"\hline",
        r"\ce{H2O}",
        r"\unicode{202e}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{app}{x}",
        r"\rule{100em}{100em}",
        r"\def\a{\a}\a",
        r"\newcommand{\a}{xxxxxxxxxx}\newcommand{\b}{\a\a\a\a\a\a\a\a\a\a}\b",
        "{" * 41 + "x" + "}" * 41,
        r"\sqrt" * 150 + "x",
        "_" * 1000,
        "x" * (LONGEST_FORMULA + 1),
    ],
)
def test_what_cannot_be_read_is_no_formula(latex: str) -> None:
    assert read_formula(latex) is None


def test_a_formula_of_very_many_parts_is_refused() -> None:
    assert read_formula("x'" * 400) is not None
    assert read_formula("x'" * 500) is None


class Checker(HTMLParser):
    """Holds MathML to the lists of elements and attributes, and to good nesting."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(mathml: str) -> None:
    checker = Checker()
    checker.feed(mathml)
    checker.close()
    assert checker.open == []


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{&lt;img src=x onerror=y&gt;}",
        r"\mathrm{</math><b>}",
        r"\color{red" + '"onclick=' + r"}{x}",
        r"\hspace{99999em}x\hspace{1em}y",
        r"\llap{x}\fbox{<b>}\colorbox{url(x)}{y}",
        r"\operatorname{<b>}",
        r"\begin{array}{c|c}a&b\\\hline c\end{array}",
    ],
)
def test_nothing_in_a_formula_can_run_or_style(latex: str) -> None:
    formula = read_formula(latex)
    if formula is not None:
        check(formula.mathml)
        for bad in ("script>", "<img", "<b", "red", "99999", "url("):
            assert bad not in formula.mathml.replace("&lt;script&gt;", "").replace("&lt;/script&gt;", "")


PIECES = [
    "x", "1", "+", "<", "^", "_", "{", "}", "&", "\\\\", "'", " ", "\\frac", "\\sqrt", "[", "]", "\\left(", "\\right)",
    "\\text{", "\\begin{matrix}", "\\end{matrix}", "\\alpha", "\\sum", "\\limits", "\\hat", "\\overbrace", "\\mathbf{",
    "\\over", "\\choose", "\\color{", "\\tag{", "\\pmod", "\\substack{", "\\not", "\\genfrac", "\\sideset", "\\skew",
    "\\bra{", "\\xrightarrow[", "\\cfrac", "\\hfil", "\\displaystyle", "\\bf", "\\big", "\\mkern", "\\hspace{",
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=40).map("".join))
def test_whatever_is_written_a_formula_is_inert_or_none(latex: str) -> None:
    formula = read_formula(latex)
    if formula is not None:
        check(formula.mathml)
        assert "\n" not in formula.reading
