"""The cells of a report: texts on one line, numbers without noise, and nothing that a spreadsheet would run.

A cell that begins with one of ``= + - @ | %`` may be run as a formula when a CSV file is opened (OWASP, "CSV
Injection"); so may the full-width forms, and what follows blanks, controls or, where semicolons part the cells, a
semicolon. Such a text gets an apostrophe before the sign, which spreadsheets take for "this is text". Plain numbers
such as -5 stay as they are: they harm nobody.
"""

import math
import re
import unicodedata
from datetime import datetime, tzinfo

from quizapp.core.reports.columns import Value

LONGEST_SHEET_TEXT = 32_767
"""The characters that a cell of a spreadsheet can hold (Excel's limit)."""
DIGITS = 6
"""Decimal places of a number."""
_CUT = " … [cut here: CSV and JSON hold all of it]"
_DANGEROUS = frozenset("=+-@|%")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?%?\Z")
_NEW_CELL = re.compile(r";\s*\S", re.DOTALL)
# Controls, the ends of lines and pages, halves of characters, and what XML cannot hold.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def clean_text(text: str) -> str:
    """The text on one line: a run of controls and line ends becomes a space; nothing at its ends but what is seen."""
    return (text if text.isprintable() else _UNSEEN.sub(" ", text)).strip()


def show_moment(moment: datetime, zone: tzinfo) -> str:
    """A moment as ISO 8601 with its zone, to the second: ``2026-11-22T13:05:00+01:00``."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def round_number(number: float | None) -> float | None:
    """The number to six decimal places; None where it is none."""
    if number is None or not math.isfinite(number):
        return None
    return round(number, DIGITS) + 0.0  # no negative zero


def show_number(number: float) -> str:
    """A number as digits, never with an exponent: ``2.5``, ``-3``."""
    return str(number) if isinstance(number, int) else f"{number:.{DIGITS}f}".rstrip("0").rstrip(".")


def show_value(value: Value, zone: tzinfo) -> str:
    """A cell as text, as it is on the page and in CSV; blank where there is nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return show_moment(value, zone) if isinstance(value, datetime) else show_number(value)


def _begins_formula(text: str) -> bool:
    """Whether the first sign that is seen begins a formula, in any width."""
    for sign in text:
        if sign.isspace() or unicodedata.category(sign)[0] in "CZ":
            continue
        return unicodedata.normalize("NFKC", sign)[:1] in _DANGEROUS
    return False


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might run this text as a formula. A dash alone, "no grade" in Moodle, is none."""
    return (
        not text[:1].isalnum() and _begins_formula(text) and text != "-" and _NUMBER.match(text) is None
    )  # the first test is for speed: nearly all texts begin with a letter or a digit


def _guard(found: re.Match[str]) -> str:
    cell = found.string[found.end() - 1 :].partition(";")[0].rstrip()
    return f"{found[0][:-1]}'{found[0][-1]}" if is_dangerous(cell) else found[0]


def make_harmless(text: str) -> str:
    """The text for a CSV cell, on one line, such that no spreadsheet runs any of it."""
    if text[:1].isalnum() and ";" not in text and text.isprintable():
        return text.rstrip()  # nearly all texts; for speed
    clean = clean_text(text)
    guarded = f"'{clean}" if is_dangerous(clean) else clean
    return _NEW_CELL.sub(_guard, guarded) if ";" in guarded else guarded


def fit_sheet(text: str) -> str:
    """The text as far as a cell of a spreadsheet can hold it; where it is cut, it says so."""
    return text if len(text) <= LONGEST_SHEET_TEXT else text[: LONGEST_SHEET_TEXT - len(_CUT)] + _CUT
