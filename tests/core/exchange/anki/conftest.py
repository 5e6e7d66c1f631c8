"""Packages of Anki made by hand, and the real Anki beside them."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
import zstandard
from anki.collection import Collection
from plumbing.media import make_mp3, make_picture

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.anki.protobuf import write_message
from quizapp.core.exchange.anki.sqlitefile import SqliteFile
from quizapp.core.exchange.anki.sqlitewriter import Cell, Table, write_database

_COLUMNS = {"col": 13, "notes": 11, "cards": 18, "revlog": 9}
BASIC, REVERSED, TYPED, CLOZE, OCCLUSION = 10, 11, 12, 13, 14


def make_type(
    type_id: int, name: str, fields: Sequence[str], templates: Sequence[tuple[str, str]], **more: Any
) -> dict[str, Any]:
    """A note type as the old inner format has it."""
    return {
        "id": type_id,
        "name": name,
        "flds": [{"name": one} for one in fields],
        "tmpls": [{"name": f"Card {at}", "qfmt": front, "afmt": back} for at, (front, back) in enumerate(templates, 1)],
        **more,
    }


_BACK = "{{FrontSide}}<hr id=answer>{{Back}}"
TYPES = (
    make_type(BASIC, "Basic", ("Front", "Back"), [("{{Front}}", _BACK)], type=0),
    make_type(
        REVERSED,
        "Both",
        ("Front", "Back"),
        [("{{Front}}", _BACK), ("{{Back}}", "{{FrontSide}}<hr id=answer>{{Front}}")],
    ),
    make_type(TYPED, "Typed", ("Front", "Back"), [("{{Front}}{{type:Back}}", "{{Front}}<hr id=answer>{{type:Back}}")]),
    make_type(CLOZE, "Cloze", ("Text", "Extra"), [("{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}")], type=1),
    make_type(
        OCCLUSION, "Image Occlusion", ("Mask", "Image"), [("{{cloze:Mask}}", "{{Image}}")], type=1, originalStockKind=6
    ),
)


@dataclass
class Package:
    """An Anki package in the making, in the old inner format unless ``new``."""

    types: list[dict[str, Any]] = field(default_factory=lambda: list(TYPES))
    decks: dict[int, tuple[str, str]] = field(default_factory=lambda: {1: ("Default", ""), 2: ("Biology", "")})
    notes: list[tuple[Cell, ...]] = field(default_factory=list)
    cards: list[tuple[Cell, ...]] = field(default_factory=list)
    reviews: list[tuple[Cell, ...]] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    conf: object = field(default_factory=lambda: {"schedVer": 2})

    def add(
        self,
        type_id: int,
        *fields: str,
        guid: str = "",
        tags: str = "",
        deck: int = 2,
        ords: Sequence[int] = (0,),
        queue: int = 0,
        flags: int = 0,
        home: int = 0,
    ) -> int:
        """Add a note with cards; gives the id of its first card."""
        note_id = 1_000 + len(self.notes)
        self.notes.append((note_id, guid or f"guid{note_id}", type_id, 0, -1, tags, "\x1f".join(fields), "", 0, 0, ""))
        first = 10_000 + len(self.cards)
        for at, ord_ in enumerate(ords):
            row = (first + at, note_id, deck, ord_, 0, -1, 0, queue, 1, 0, 0, 0, 0, 0, 0, home, flags, "")
            self.cards.append(row)
        return first

    def review(
        self, card_id: int, at_ms: int, ease: int, *, kind: int = 1, factor: int = 2_500, took: int = 900
    ) -> None:
        """Add a line to the review log."""
        self.reviews.append((at_ms, card_id, -1, ease, 1, 1, factor, took, kind))

    def database(self, **texts: str) -> bytes:
        """The database of the old inner format; ``texts`` replace what stands in the columns of ``col``."""
        decks = {str(key): {"id": key, "name": name, "desc": desc} for key, (name, desc) in self.decks.items()}
        columns = {
            "conf": json.dumps(self.conf),
            "models": json.dumps({str(one["id"]): one for one in self.types}),
            "decks": json.dumps(decks),
            **texts,
        }
        rows: Mapping[str, Sequence[Sequence[Cell]]] = {
            "col": [(1, 0, 0, 0, 11, 0, 0, 0, columns["conf"], columns["models"], columns["decks"], "{}", "{}")],
            "notes": self.notes,
            "cards": self.cards,
            "revlog": sorted(self.reviews, key=lambda row: int(row[0] or 0)),
        }
        return write_database([_make_table(name, rows[name]) for name in rows])

    def pack(self, **texts: str) -> bytes:
        """The package in the old inner format."""
        names = json.dumps({str(at): name for at, name in enumerate(self.media)})
        files = {"collection.anki2": self.database(**texts), "media": names.encode()}
        return pack(files | {str(at): data for at, data in enumerate(self.media.values())})


def _make_table(name: str, rows: Sequence[Sequence[Cell]]) -> Table:
    columns = ", ".join(f"c{at}" for at in range(1, _COLUMNS[name]))
    return Table(name, f"CREATE TABLE {name} (id integer primary key, {columns})", rows)


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def pack_new(database: bytes, media: Mapping[str, bytes] | None = None, entries: bytes | None = None) -> bytes:
    """A package of the new inner format around a database."""
    files = media or {}
    listed = write_message([(1, write_message([(1, name), (2, len(data))])) for name, data in files.items()])
    packer = zstandard.ZstdCompressor()
    packed = {"collection.anki21b": database, "media": listed if entries is None else entries}
    packed |= {str(at): data for at, data in enumerate(files.values())}
    return pack({name: packer.compress(data) for name, data in packed.items()})


@pytest.fixture
def package() -> Package:
    """An empty package with the usual note types and the decks Default and Biology."""
    return Package()


@pytest.fixture
def pack_files() -> Callable[[Mapping[str, bytes]], bytes]:
    """Makes a zip archive."""
    return pack


@pytest.fixture
def pack_new_format() -> Callable[..., bytes]:
    """Makes a package of the new inner format around a database."""
    return pack_new


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """A new collection of the real Anki."""
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


_SAMPLE = {
    "format": 1,
    "id": "all-kinds",
    "title": "All kinds: a deck",
    "description": "A *deck* of all kinds,\n\nwith two paragraphs.",
    "language": "en-GB",
    "theme": "tests",
    "sources": ["a-source"],
    "author": "Alice",
    "license": "CC0-1.0",
    "tags": ["two words"],
    "waive": {"no-citation": "a test"},
    "cards": [
        {
            "type": "flashcard",
            "id": "front-and-back",
            "prompt": "What is **bold**?\n\n![A map](map.png) and $x^{2}$",
            "answer": "Strong\n\n- a\n- b\n\n![A tone](tone.mp3)",
            "explanation": "Because  \nof a hard break.",
            "hint": "Look <closely> & see",
            "note": "A note\nof two lines",
            "tags": ["two words", "b", "a::b", 'say "x"', "::odd::"],
            "difficulty": "hard",
            "citations": [
                {"source": "a-source", "paragraph": 4, "quote": "when it “ended” & began"},
                {"source": "a-source", "paragraph": 12, "quote": "so"},
            ],
            "waive": {"long-answer": "on purpose"},
        },
        {
            "type": "choice",
            "id": "choose-one",
            "prompt": "Which?",
            "answer": "A & b",
            "wrong": [{"text": "C <i>", "why": "Not & never"}, {"text": "D"}],
        },
        {
            "type": "multiple",
            "id": "choose-many",
            "prompt": "Which of these?",
            "answers": ["A", "B"],
            "wrong": [{"text": "C", "why": "Two\n\nparagraphs"}, {"text": "D"}],
        },
        {"type": "truefalse", "id": "it-is-so", "prompt": "Water is wet.", "answer": True},
        {"type": "truefalse", "id": "it-is-not", "prompt": "Water is dry.", "answer": False},
        {
            "type": "short",
            "id": "year",
            "prompt": "In which year?",
            "answer": "1991",
            "accept": ["91", "MCMXCI"],
            "match": "number",
            "tolerance": "0.50",
        },
        {
            "type": "cloze",
            "id": "gaps",
            "prompt": "Fill in",
            "text": "The {{Soviet Union|USSR}} ended in {{1991}}: $\\frac{a}{b}$ and {{a::b}}.",
        },
        {"type": "cloze", "id": "gap", "text": "One {{gap}}"},
        {"type": "order", "id": "row", "prompt": "Put in order", "items": ["one", "two", "three"]},
        {"type": "match", "id": "pairs", "prompt": "Match", "pairs": [["a", "1"], ["b", "2"], ["c", "1"]]},
    ],
}


@pytest.fixture(scope="session")
def deck() -> Deck:
    """A deck with cards of all types and everything that a card can hold."""
    return Deck.model_validate(_SAMPLE)


@pytest.fixture(scope="session")
def media() -> dict[str, bytes]:
    """The picture and the sound that the deck shows."""
    return {"map.png": make_picture(), "tone.mp3": make_mp3()}


def change_note(data: bytes, card_id: str, changes: Mapping[str, str], guid: str = "") -> bytes:
    """Our package with fields of the note of one card changed, as somebody may do in Anki."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    database = SqliteFile(files["collection.anki2"])
    rows = {name: [list(row) for row in database.rows(name)] for name in _COLUMNS}
    models = json.loads(str(rows["col"][0][9]))
    for row in rows["notes"]:
        if f"Card: {card_id}<" in str(row[6]):
            names = [one["name"] for one in models[str(row[2])]["flds"]]
            fields = dict(zip(names, str(row[6]).split("\x1f"), strict=True)) | dict(changes)
            row[6] = "\x1f".join(fields.values())
            row[1] = guid or row[1]
    tables = [_make_table(name, cast("Sequence[Sequence[Cell]]", rows[name])) for name in _COLUMNS]
    return pack(files | {"collection.anki2": write_database(tables)})


@pytest.fixture
def change_fields() -> Callable[..., bytes]:
    """Changes fields of a note in a package of ours."""
    return change_note
