"""Formulas: LaTeX to inert MathML, and to a line of text that can be read aloud.

latex2mathml reads the LaTeX; what it makes is a tree, of which only the elements and attributes listed here pass, each
with its own kind of value (MathML Core, W3C). Nothing in a formula can lead anywhere, style anything or run.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import Final, Protocol, cast

from latex2mathml.converter import Converter

LONGEST_FORMULA: Final = 1000
"""Characters. What is longer is shown as it stands; reading this much takes some 20 ms at worst."""

_DEEPEST = 40
_MOST_ELEMENTS = 1500
# Commands that name other commands (their work can grow without end), write any character, or lead elsewhere.
_REFUSED = re.compile(
    r"\\(?:newcommand|renewcommand|providecommand|def|let|unicode|href|style|class|rule|require|DeclareMathOperator)"
    r"(?![A-Za-z])"
)
_MATHML: Final[Mapping[str, int | None]] = {
    **dict.fromkeys(("math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "msqrt", "mstyle", "mpadded", "mphantom")),
    **dict.fromkeys(("mtable", "mtr", "mtd")),
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "mover", "munder"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
"""The elements that pass, and how many parts each must have. Any other becomes a row of its parts."""
ELEMENTS: Final = frozenset(_MATHML)
_VALUES: Final = {
    "display": re.compile(r"block|inline"),
    "form": re.compile(r"prefix|infix|postfix"),
    "linethickness": re.compile(r"0"),
    "mathvariant": re.compile(r"normal"),
    "scriptlevel": re.compile(r"[0-2]"),
    **dict.fromkeys(("accent", "displaystyle", "fence", "movablelimits", "stretchy"), re.compile(r"true|false")),
    **dict.fromkeys(("height", "maxsize", "minsize", "width"), re.compile(r"0|[0-4](?:\.\d{1,3})?em")),
}
ATTRIBUTES: Final = frozenset(_VALUES)

_RAISED = str.maketrans("0123456789+-−=()nix′″", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱˣ′″")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_ABOVE = {"^": "\u0302", "→": "\u20d7", "―": "\u0305", "¯": "\u0304", "~": "\u0303", "˙": "\u0307", "¨": "\u0308"}
_SPACED = frozenset("+−-=≠≈≡<>≤≥±∓×⋅·÷→⇒⇔↔⟶∈∉⊂⊆∪∩∧∨∝∼")


class _Element(Protocol):
    """An element of the tree that latex2mathml makes."""

    tag: str
    text: str | None
    attrib: dict[str, str]

    def __iter__(self) -> Iterator["_Element"]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as MathML, safe to be put into a page, and as a line of text."""

    mathml: str
    reading: str


class _Unreadable(Exception):
    """A formula that makes no sense, or too much of it."""


def _read_text(element: _Element) -> str:
    text = unescape(element.text or "")
    if text.startswith("\\") and len(text) > 1:
        raise _Unreadable
    if element.attrib.get("mathvariant", "").startswith("bold"):
        return "".join(map(_embolden, text))
    return text


def _embolden(sign: str) -> str:
    """The bold letter or digit: browsers know no other way to write one (MathML Core, section 2.1.3)."""
    for first, last, bold in (("A", "Z", 0x1D400), ("a", "z", 0x1D41A), ("0", "9", 0x1D7CE)):
        if first <= sign <= last:
            return chr(bold + ord(sign) - ord(first))
    return sign


def _write_attributes(element: _Element) -> str:
    return "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in _VALUES and _VALUES[name].fullmatch(value)
    )


def _write(element: _Element, depth: int, budget: list[int]) -> str:
    """The element as HTML. ``budget`` counts down how many elements may still come."""
    budget[0] -= 1
    parts = _MATHML.get(element.tag)
    if depth > _DEEPEST or budget[0] < 0 or (parts is not None and len(element) != parts):
        raise _Unreadable
    inside = escape(_read_text(element)) + "".join(_write(child, depth + 1, budget) for child in element)
    if element.tag not in _MATHML:
        return f"<mrow>{inside}</mrow>"
    return f"<{element.tag}{_write_attributes(element)}>{inside}</{element.tag}>"


def _group(reading: str) -> str:
    """The reading as one thing beside others."""
    return reading if len(reading) < 2 or reading.isalnum() else f"({reading})"


def _raise(reading: str) -> str:
    raised = reading.replace(" ", "").translate(_RAISED)
    is_raised = not set(raised) & set(reading.replace("′", "").replace("″", ""))
    return raised if is_raised else f"^{reading}" if len(reading) == 1 else f"^({reading})"


def _lower(reading: str) -> str:
    lowered = reading.replace(" ", "").translate(_LOWERED)
    return lowered if not set(lowered) & set(reading) else f"_{_group(reading)}"


def _read_row(element: _Element) -> str:
    """The parts one after another, with spaces around signs that stand between two things."""
    said = ""
    for child in element:
        part = _read(child)
        is_between = child.tag == "mo" and part in _SPACED and said and said.rstrip()[-1:] not in _SPACED | {"("}
        is_name = child.tag in ("mi", "mo") and len(part) > 1 and part.isalpha()
        said += f" {part} " if is_between or is_name else part
    return said


def _read(element: _Element) -> str:
    """The element as one would write it in a line of text."""
    tag, own = element.tag, _read_text(element)
    if tag == "mphantom":
        return ""
    if tag == "mspace":
        return " "
    if tag in ("mfrac", "mroot", "msub", "msup", "mover", "munder", "msubsup", "munderover"):
        return _read_pair(element, [" ".join(_read(child).split()) for child in element])
    if tag == "msqrt":
        return f"√{_group(_read_row(element).strip())}"
    if tag == "mtable":
        return "; ".join(_read(row) for row in element)
    if tag == "mtr":
        return ", ".join(" ".join(_read(cell).split()) for cell in element)
    return own + _read_row(element)


def _read_pair(element: _Element, parts: list[str]) -> str:
    first, second = parts[0], parts[1]
    match element.tag:
        case "mfrac":
            is_choice = element.attrib.get("linethickness") == "0"
            return f"{first} {second}" if is_choice else f"{_group(first)}/{_group(second)}"
        case "mroot":
            return f"{_raise(second).removeprefix('^')}√{_group(first)}"
        case "msup":
            return first + _raise(second)
        case "msub" | "munder":
            return first + _lower(second)
        case "mover":
            return first + _ABOVE.get(second, "") if len(first) == 1 and second in _ABOVE else first + _raise(second)
    return first + _lower(second) + _raise(parts[2])


def _is_deep(latex: str) -> bool:
    depth = 0
    for sign in latex:
        depth += (sign == "{") - (sign == "}")
        if depth > _DEEPEST:
            return True
    return False


@lru_cache(maxsize=4096)
def read_formula(latex: str, *, display: bool = False) -> Formula | None:
    """The formula; None where it cannot be read: a command that is not known, an open brace, or too much of it.

    ``display``: set on a line of its own, as between ``$$``.
    """
    if len(latex) > LONGEST_FORMULA or _REFUSED.search(latex) or _is_deep(latex):
        return None
    try:
        tree = cast(_Element, Converter(display="block" if display else "inline").convert_to_element(latex))
        mathml = _write(tree, 0, [_MOST_ELEMENTS])
        return Formula(mathml, " ".join(_read(tree).split()))
    except Exception:  # noqa: BLE001 - the library raises many kinds of errors on formulas that are none
        return None
