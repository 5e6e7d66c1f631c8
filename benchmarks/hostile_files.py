"""The hostile files that ``hostile.py`` measures: archives, databases, XML, YAML, JSON, marks, pictures."""

import io
import json
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite

_PARTS = (
    "<b>x</b>",
    "<td>x",
    "<table><tr><td>x",
    "<ul><li>x",
    "<blockquote>",
    "<div>",
    "<a href='https://example.org'>x</a>",
    "\\(x\\)",
    "[sound:a.mp3]",
    "[$]x",
    "*_`[",
    "&amp;",
    "<",
    "<p>x",
    "<pre>",
    "<h1>",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile file: its name says how it is read, ``make`` gives its bytes.

    ``is_taken`` is one that does no harm: as large as files get, and taken.
    """

    name: str
    file: str
    make: Callable[[], bytes]
    is_taken: bool = False


def zip_files(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of files with these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def _link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("media/x/a.png")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("collection.anki2", b"")
    return out.getvalue()


def _lying() -> bytes:
    data = bytearray(zip_files([("collection.anki2", bytes(60_000_000))]))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 1_000)
    return bytes(data)


def _million_entries() -> bytes:
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = 1_000_000
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, count * len(entry), len(local))
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(local) + count * len(entry), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + entry * count + end_64 + place + end


def make_database(
    fill: Callable[[sqlite.Connection], object], change: Callable[[bytearray], object] | None = None
) -> bytes:
    """A package around a collection that ``fill`` fills and ``change`` breaks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection.anki2"
        opened = sqlite.connect(str(path))
        opened.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        fill(opened)
        opened.commit()
        opened.close()
        data = bytearray(path.read_bytes())
    if change is not None:
        change(data)
    return zip_files([("collection.anki2", bytes(data)), ("media", b"{}")])


SCHEMA = """
CREATE TABLE col (id, crt, mod, scm, ver, dty, usn, ls, conf, models, decks, dconf, tags);
CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data);
CREATE TABLE cards (id INTEGER PRIMARY KEY, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses,
  left, odue, odid, flags, data);
CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid, usn, ease, ivl, lastIvl, factor, time, type);
"""


def make_collection(
    models: dict[str, object], notes: Iterable[str], cards: int = 1
) -> Callable[[sqlite.Connection], None]:
    """What fills a collection with notes of one type, each with so many cards."""

    def fill(opened: sqlite.Connection) -> None:
        opened.executescript(SCHEMA)
        decks = json.dumps({"1": {"id": 1, "name": "Default", "desc": ""}})
        row = (1, 0, 0, 0, 11, 0, 0, 0, '{"schedVer": 2}', json.dumps(models), decks, "{}", "{}")
        opened.execute("INSERT INTO col VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", row)
        for number, fields in enumerate(notes, 1):
            opened.execute("INSERT INTO notes VALUES (?,?,1,0,0,'',?,'',0,0,'')", (number, f"guid{number}", fields))
            for ord_ in range(cards):
                opened.execute("INSERT INTO cards VALUES (NULL,?,1,?,0,0,0,0,0,0,0,0,0,0,0,0,0,'')", (number, ord_))

    return fill


def _type(front: str, back: str, count: int = 1, kind: int = 0) -> dict[str, object]:
    templates = [{"name": f"Card {number}", "ord": number, "qfmt": front, "afmt": back} for number in range(count)]
    fields = [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}]
    return {"1": {"id": 1, "name": "Basic", "type": kind, "flds": fields, "tmpls": templates}}


PLAIN = _type("{{Front}}", "{{Back}}")


_VIEW = "CREATE VIEW v%d AS SELECT * FROM v%d"


def _views(opened: sqlite.Connection) -> None:
    make_collection(PLAIN, ["a\x1fb"])(opened)
    opened.execute("CREATE VIEW v0 AS SELECT * FROM notes")
    for number in range(1, 20_000):
        opened.execute(_VIEW % (number, number - 1))
    opened.executescript("CREATE TRIGGER t AFTER INSERT ON notes BEGIN INSERT INTO notes SELECT * FROM notes; END;")


def _endless(opened: sqlite.Connection) -> None:
    opened.executescript(SCHEMA.replace("CREATE TABLE notes", "CREATE TABLE olds"))
    endless = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM r) SELECT x FROM r"
    opened.executescript(f"CREATE VIEW notes AS {endless};")


def _break_header(data: bytearray) -> None:
    data[16:100] = b"\xff" * 84


def _loop(data: bytearray) -> None:
    for at in range(4096, len(data), 4096):
        data[at : at + 4096] = data[:4096]


def _many_types(opened: sqlite.Connection) -> None:
    opened.executescript(
        SCHEMA + "CREATE TABLE notetypes (id INTEGER PRIMARY KEY, name, mtime_secs, usn, config);"
        "CREATE TABLE fields (ntid, ord, name, config); CREATE TABLE templates (ntid, ord, name, m, u, config);"
        "CREATE TABLE decks (id INTEGER PRIMARY KEY, name, m, u, common, kind);"
    )
    opened.executemany("INSERT INTO notetypes VALUES (?, 'x', 0, 0, x'')", ((number,) for number in range(300_000)))


def _fields_of(part: str) -> Callable[[], bytes]:
    """A package of several megabytes, its notes full of one mark."""
    text = part * (20_000 // len(part))
    return lambda: make_database(
        make_collection(PLAIN, (f"{number} {text}\x1f{number} {text}" for number in range(180)))
    )


def make_png(width: int, height: int) -> bytes:
    """A black picture of two colours."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((width // 8 + 2) * height), 9)
    head = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _yaml_bomb() -> bytes:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    return ("format: 1\n" + "\n".join(lines) + "\ncards: *a59\n").encode()


_XML = '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a0 "ha">{}]><quiz>&a19;</quiz>'
_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
MEGA = 1_000_000


def make_moodle(text: str, count: int) -> bytes:
    """A bank of equal questions."""
    question = (
        '<question type="multichoice"><name><text>n</text></name><questiontext format="html"><text><![CDATA['
        f'{text}]]></text></questiontext><answer fraction="100"><text>a</text></answer>'
        '<answer fraction="0"><text>b</text></answer></question>'
    )
    return ("<quiz>" + question * count + "</quiz>").encode()


def _moodle_of(part: str) -> Callable[[], bytes]:
    """Sixty questions, their texts full of one mark."""
    return lambda: make_moodle(part * (90_000 // len(part)), 60)


def make_docx(document: bytes) -> bytes:
    """A Word document around its main part."""
    kinds = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return zip_files([("[Content_Types].xml", kinds), ("word/document.xml", document)])


CASES: tuple[Case, ...] = (
    Case("zip with ../", "a.apkg", lambda: zip_files([("../../etc/x", b"x"), ("collection.anki2", b"")])),
    Case("zip with a link", "a.apkg", _link),
    Case("zip with a lying size", "a.apkg", _lying),
    Case("zip bomb, 2 GB", "a.apkg", lambda: zip_files([("collection.anki2", bytes(2_000 * MEGA))])),
    Case("zip of a million entries", "a.apkg", _million_entries),
    Case("zip of 50,000 pictures", "a.zip", lambda: zip_files((f"media/x/{n}.png", b"x") for n in range(49_999))),
    Case("anki: 20,000 views, a trigger", "a.apkg", lambda: make_database(_views)),
    Case("anki: an endless view", "a.apkg", lambda: make_database(_endless)),
    Case(
        "anki: broken header",
        "a.apkg",
        lambda: make_database(make_collection(PLAIN, ["a\x1fb"] * 2_000), _break_header),
    ),
    Case(
        "anki: pages that lead in a circle",
        "a.apkg",
        lambda: make_database(make_collection(PLAIN, ["a\x1fb"] * 9_000), _loop),
    ),
    Case("anki: 300,000 note types", "a.apkg", lambda: make_database(_many_types)),
    Case(
        "anki: one note, 500 cards, deep template",
        "a.apkg",
        lambda: make_database(
            make_collection(_type("{{#Front}}" * 900 + "{{Front}}", "{{Back}}" * 900, 500), ["a\x1fb"], 500)
        ),
    ),
    Case(
        "anki: 500 clozes in 90,000 characters",
        "a.apkg",
        lambda: make_database(
            make_collection(
                _type("{{cloze:Front}}", "{{cloze:Front}}", kind=1),
                ("".join(f"{{{{c{n}::a::b}}}}" for n in range(1, 500)) * 14 + "\x1f" for _ in range(40)),
                499,
            )
        ),
    ),
    *(Case(f"anki: fields full of {part}", "a.apkg", _fields_of(part)) for part in _PARTS),
    Case("xml: entities in entities", "a.xml", lambda: _XML.format(_LAUGHS).encode()),
    Case(
        "xml: a file from outside", "a.xml", lambda: _XML.format('<!ENTITY a19 SYSTEM "file:///etc/passwd">').encode()
    ),
    Case("xml: 200,000 deep", "a.xml", lambda: b"<quiz>" + b"<a>" * 200_000),
    Case("xml: 30 MB of elements", "a.xml", lambda: b"<quiz>" + b"<a/>" * 7_500_000 + b"</quiz>"),
    Case(
        "xml: a million attributes",
        "a.xml",
        lambda: b"<quiz " + b" ".join(b'a%d=""' % number for number in range(MEGA)) + b"/>",
    ),
    *(Case(f"moodle: texts full of {part}", "a.xml", _moodle_of(part)) for part in _PARTS),
    Case("yaml: aliases", "a.yaml", _yaml_bomb),
    Case("yaml: 100,000 deep", "a.yaml", lambda: b"format: 1\ncards: " + b"[" * 100_000),
    Case("yaml: 20 MB", "a.yaml", lambda: b"format: 1\ncards:\n" + b"- {id: a, type: short, prompt: x}\n" * 620_000),
    Case("json: 10 million deep", "a.json", lambda: b"[" * 10_000_000),
    Case("json: 20 MB of cards", "a.json", lambda: b'{"cards": [' + b'{"type":"flashcard"},' * 950_000 + b"{}]}"),
    Case("json: 20 MB of empty lists", "a.json", lambda: b"[" + b"[]," * 7_000_000 + b"[]]"),
    Case("json: a number of 20 MB", "a.json", lambda: b"[" + b"9" * 20_000_000 + b"]"),
    Case("html: 2 MB of brackets", "a.html", lambda: b"<" * 2_000_000),
    Case("html: 2 MB of open tags", "a.html", lambda: b"<div>" * 400_000),
    Case("html: 2 MB of open cells", "a.html", lambda: b"<table><tr>" + b"<td>x" * 400_000),
    Case("gift: 8 MB of braces", "a.gift", lambda: b"::a::b{=c}\n" + b"{" * 8_000_000),
    Case("gift: 8 MB of questions", "a.gift", lambda: b"::a::b{=c ~d}\n\n" * 530_000),
    Case("gift: 8 MB of answers", "a.gift", lambda: b"::a::b{=c " + b"~d " * 2_600_000 + b"}"),
    Case("gift: 8 MB of escapes", "a.gift", lambda: b"::a::b" + b"\\~\\=" * 2_000_000 + b"{=c}"),
    Case("table: 20 MB of formulas", "a.csv", lambda: b"=HYPERLINK(1),@SUM(A1)\n" * 900_000),
    Case("table: 24 MB of commas", "a.csv", lambda: b"," * 24_000_000),
    Case("table: 24 MB of quotation marks", "a.csv", lambda: b'"' * 24_000_000),
    Case("table: 24 MB of marks", "a.tsv", lambda: b"a*_`<&[\t](x)\n" * 1_700_000),
    Case("aiken: 8 MB", "a.txt", lambda: b"Q\nA. a\nB. b\nANSWER: A\n\n" * 330_000),
    Case("quizlet: 8 MB", "b.txt", lambda: b"a\n" * 4_000_000),
    Case("anki text: 20 MB of <td>", "a.txt", lambda: b"#html:true\n" + (b"<td>x" * 4_000 + b"\ty\n") * 1_000),
    Case("picture: PNG of 500 megapixels", "a.png", lambda: make_png(25_000, 20_000)),
    Case("picture: PNG of 10 by 50 million", "a.png", lambda: make_png(50_000_000, 10)),
    Case("docx: 2 GB in 2 MB", "a.docx", lambda: make_docx(bytes(2_000 * MEGA))),
    Case("docx: entities", "a.docx", lambda: make_docx(_XML.format(_LAUGHS).encode())),
)
