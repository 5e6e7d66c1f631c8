"""The formats by name, and which of them a file has by the look of its bytes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from quizapp.core.deck.schema import CARD_TYPES, Deck
from quizapp.core.exchange import aiken, anki, ankitext, bundle, deckjson, gift, moodlexml, qti, quizlet, tables
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, PastReview
from quizapp.core.messages import say

Read = Callable[[bytes, ImportOptions], Imported]
Write = Callable[[Deck, Mapping[str, bytes], Sequence[PastReview]], Exported]


class WriteDated(Protocol):
    """``write`` for a system that updates what it has only from a newer file: ``at_ms`` is now, in ms since 1970."""

    def __call__(
        self, deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = (), *, at_ms: int = 0
    ) -> Exported:
        """Write the deck."""


_ALL: Final = frozenset(CARD_TYPES)


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``name`` stays the same for ever: scripts rely on it.

    ``returns`` are the types of cards that come back just as they were when what was written is read again, with all
    that a card holds. ``ending`` is that of its files; ``about`` says for people what becomes of a deck in it.
    ``write_dated``, where a format has it, is to be called instead of ``write``.
    """

    name: str
    title: str
    ending: str
    read: Read
    write: Write
    returns: frozenset[str]
    about: str
    keeps_media: bool = False
    write_dated: WriteDated | None = None


_TABLE = say("Everything but pictures and sounds, in columns that a spreadsheet program shows.")

FORMATS: Final[tuple[Format, ...]] = (
    Format(
        "yaml",
        say("Quizapp deck file"),
        ".yaml",
        deckjson.read_yaml,
        deckjson.write_yaml,
        _ALL,
        say("Everything, as a text file made for people to edit; pictures and sounds lie beside it."),
    ),
    Format(
        "zip",
        say("Quizapp deck with pictures and sounds (.zip)"),
        ".zip",
        bundle.read,
        bundle.write,
        _ALL,
        say("Everything: the deck file and its pictures and sounds, in one archive."),
        keeps_media=True,
    ),
    Format("csv", say("Table (CSV)"), ".csv", tables.read, tables.write, _ALL, _TABLE),
    Format("tsv", say("Table with tabs (TSV)"), ".tsv", tables.read, tables.write_tabs, _ALL, _TABLE),
    Format(
        "anki",
        say("Anki package (.apkg, .colpkg)"),
        ".apkg",
        anki.read,
        anki.write,
        _ALL,
        say("Everything, with pictures, sounds and past reviews: each card as a note to study in Anki."),
        keeps_media=True,
        write_dated=anki.write,
    ),
    Format(
        "anki-new",
        say("Anki package, for Anki 2.1.50 and newer (.apkg, .colpkg)"),
        ".apkg",
        anki.read,
        anki.write_new,
        _ALL,
        say("The same in a smaller file, which other programs than Anki may not read."),
        keeps_media=True,
        write_dated=anki.write_new,
    ),
    Format(
        "anki-text",
        say("Anki text file"),
        ".txt",
        ankitext.read,
        ankitext.write,
        _ALL,
        say("Every card as a note of the type Basic or Cloze; what Anki has no field for stands on the back."),
    ),
    Format(
        "gift",
        say("Moodle GIFT"),
        ".txt",
        gift.read,
        gift.write,
        _ALL,
        say("Every card as a question; what Moodle has no place for stands in the general feedback."),
    ),
    Format(
        "moodle-xml",
        say("Moodle XML"),
        ".xml",
        moodlexml.read,
        moodlexml.write,
        _ALL,
        say("Every card as a question, with pictures, sounds and hints; the rest stands in the general feedback."),
        keeps_media=True,
    ),
    Format(
        "canvas",
        say("Canvas quiz (QTI 1.2, .zip)"),
        ".zip",
        qti.read,
        qti.write_canvas,
        _ALL,
        say("Every card as a question of a classic quiz, with pictures and sounds; the rest stands in the feedback."),
        keeps_media=True,
    ),
    Format(
        "qti21",
        say("QTI 2.1 (.zip)"),
        ".zip",
        qti.read,
        qti.write,
        _ALL,
        say("Every card as an item, with pictures and sounds; the rest stands in the feedback."),
        keeps_media=True,
    ),
    Format(
        "aiken",
        say("Aiken"),
        ".txt",
        aiken.read,
        aiken.write,
        frozenset(),
        say("Cards with one right option, and true or false; the question and its options alone."),
    ),
    Format(
        "quizlet",
        say("Quizlet text"),
        ".txt",
        quizlet.read,
        quizlet.write,
        frozenset(),
        say("Every card as a term and a definition; nothing else."),
    ),
    Format(
        "json",
        say("JSON"),
        ".json",
        deckjson.read,
        deckjson.write,
        _ALL,
        say("Everything but pictures and sounds, for programs."),
    ),
)
_BY_NAME: Final = {one.name: one for one in FORMATS}

_SAMPLE = 20_000
_ANKI_HEAD = re.compile(r"#(?:separator|html|tags|columns|notetype|deck|guid|quizapp)(?: column)?:", re.IGNORECASE)
_AIKEN = re.compile(
    r"^[ \t]*(?:CORRECT |RIGHT )?(?:ANSWER|ANS\.?|KEY)\s*:\s*[(\[]?[A-Za-z]\b", re.MULTILINE | re.IGNORECASE
)
_AIKEN_OPTION = re.compile(r"^[ \t]*[(\[]?[A-Za-z]\s?[).\]]\s?\S", re.MULTILINE)
_GIFT = re.compile(r"^[ \t]*(?:::|\$CATEGORY:)|\{\s*(?:[=~#]|T(?:RUE)?\b|F(?:ALSE)?\b|\})", re.MULTILINE)
_DECK_FILE = re.compile(r"^(?:format|cards)\s*:", re.MULTILINE)


_DECK_MARKS, _PACKAGE_MARK = (b".yaml", b".yml"), b"imsmanifest.xml"
_CANVAS_MARKS = (b"assessment_meta.xml", b".xml.qti", b"non_cc_assessments")
_XML_ROOTS = (("<quiz", "moodle-xml"), ("<questestinterop", "canvas"), ("<assessment", "qti21"), ("<manifest", "qti21"))


def find_format(name: str) -> Format | None:
    """The format of this name."""
    return _BY_NAME.get(name)


def _sniff_xml(head: str) -> str:
    """The name of the first root that the start of an XML document names."""
    found = [(at, name) for root, name in _XML_ROOTS if (at := head.find(root)) >= 0]
    return min(found)[1] if found and head.startswith("<") else ""


def _sniff_text(text: str, ending: str) -> str:
    head = text.lstrip("\ufeff").lstrip().replace("\r\n", "\n").replace("\r", "\n")  # old Macs end lines with \r alone
    if name := _sniff_xml(head):
        return name
    if _ANKI_HEAD.match(head):
        return "anki-text"
    if head[:1] in ("{", "[") and ending != "txt":
        return "json"
    if ending in ("csv", "tsv", "tab"):
        return "tsv" if ending != "csv" else "csv"
    if len(_DECK_FILE.findall(head)) > 1 and ending not in ("txt", "gift"):
        return "yaml"
    if (_AIKEN.search(head) and _AIKEN_OPTION.search(head)) or aiken.has_marked_options(head):
        return "aiken"
    if _GIFT.search(head):
        return "gift"
    return "json" if head[:1] in ("{", "[") else ""


def _sniff_rows(text: str) -> str:
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    if any("\t" in line for line in lines):
        return "tsv"
    for sign, name in ((";", "csv"), (",", "csv"), ("|", "csv")):
        if lines and sum(sign in line for line in lines) * 2 > len(lines):
            return name
    return "quizlet"


def guess_format(data: bytes, file: str) -> Format:
    """The format that a file most likely has; where nothing tells, that of a list with two sides."""
    ending = file.rsplit(".", 1)[-1].lower() if "." in file else ""
    if data.startswith(b"PK") and (ending in ("apkg", "colpkg") or b"collection.anki2" in data):
        return _BY_NAME["anki-new" if b"collection.anki21b" in data else "anki"]
    if data.startswith(b"PK") and _PACKAGE_MARK not in data and any(mark in data for mark in _DECK_MARKS):
        return _BY_NAME["zip"]
    if data.startswith(b"PK"):
        return _BY_NAME["canvas" if any(mark in data for mark in _CANVAS_MARKS) else "qti21"]
    head = data[:_SAMPLE]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        text = head.decode("utf-8", "replace").replace("\0", "")
    return _BY_NAME[_sniff_text(text, ending) or _sniff_rows(text)]


_ALIASES: Final = {
    "apkg": "anki",
    "colpkg": "anki",
    "moodle": "moodle-xml",
    "qti": "qti21",
    "qti12": "canvas",
    "tab": "tsv",
    "xml": "moodle-xml",
    "yml": "yaml",
}
"""What people call a format by its files' ending or its number, and the name that it has here."""


def _squeeze(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "", name.lower())


def find_name(said: str) -> str | None:
    """The name of the format that somebody means: capitals, hyphens and dots do not matter. None for an unknown one."""
    wanted = _ALIASES.get(_squeeze(said), said)
    return next((form.name for form in FORMATS if _squeeze(form.name) == _squeeze(wanted)), None)
