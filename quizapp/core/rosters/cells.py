"""One cell of a list, made safe to keep and to show."""

import unicodedata

# Joiners that Persian and Indic names are written with; every other invisible sign goes.
_JOINERS = frozenset("\u200c\u200d")
_SPACES = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"), " ")


def _is_hidden(sign: str) -> bool:
    return sign not in _JOINERS and unicodedata.category(sign)[0] == "C"


def clean_cell(text: str) -> str:
    """A text on one line: one Unicode form, single spaces, no signs that cannot be seen.

    A formula (``=HYPERLINK(…)``) stays the plain text it is; where texts leave for a spreadsheet it is made harmless.
    """
    normal = unicodedata.normalize("NFC", text)
    seen = ("" if _is_hidden(sign) else sign for sign in normal.translate(_SPACES))
    return unicodedata.normalize("NFC", " ".join("".join(seen).split()))
