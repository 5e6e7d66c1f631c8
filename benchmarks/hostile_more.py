"""More hostile files: what somebody tries who has read how the first ones were refused."""

import io
import json
import struct
import zipfile
import zlib

import zstandard
from hostile_files import MEGA, PLAIN, SCHEMA, Case, make_collection, make_database, make_docx, make_moodle, zip_files
from PIL import Image
from pysqlite3 import dbapi2 as sqlite

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


def _nest() -> bytes:
    data = bytes(50 * MEGA)
    for _ in range(4):
        data = zip_files([("collection.anki2", data)])
    return data


def _overlap() -> bytes:
    """One stretch of packed zeros, that ten thousand entries share."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(bytes(8 * MEGA)) + packed.flush()
    local = _LOCAL.pack(b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(body), 8 * MEGA, 1, 0) + b"a" + body
    entries = b"".join(
        _CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(body), 8 * MEGA, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in (b"media/%d.png" % number for number in range(10_000))
    )
    return local + entries + _END.pack(b"PK\x05\x06", 0, 0, 10_000, 10_000, len(entries), len(local), 0)


def _lie_in_zip64() -> bytes:
    extra = struct.pack("<HHQQQ", 1, 24, 1 << 60, 10, 0)
    name = b"collection.anki2"
    local = _LOCAL.pack(b"PK\x03\x04", 45, 0, 0, 0, 0, 0, 10, 10, len(name), 0) + name + bytes(10)
    sizes = (0xFFFFFFFF, 0xFFFFFFFF)
    entry = _CENTRAL.pack(b"PK\x01\x02", 45, 45, 0, 0, 0, 0, 0, *sizes, len(name), 28, 0, 0, 0, 0, 0xFFFFFFFF)
    entry += name + extra
    return local + entry + _END.pack(b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local), 0)


def _name(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("x" * len(name))
        archive.writestr(entry, b"x")
        archive.writestr("deck.yaml", b"format: 1")
    return out.getvalue().replace(b"x" * len(name), name.encode("cp437", "replace"))


def _alter(*statements: str) -> bytes:
    def fill(opened: sqlite.Connection) -> None:
        make_collection(PLAIN, ["a\x1fb"] * 50)(opened)
        for statement in statements:
            opened.execute(statement)

    return make_database(fill)


def _change_column(opened: sqlite.Connection) -> None:
    opened.executescript(SCHEMA.replace("flds,", "flds AS (hex(randomblob(1000000))),"))
    opened.execute("INSERT INTO notes (id, guid, mid) VALUES (1, 'a', 1)")


def _blob(opened: sqlite.Connection) -> None:
    make_collection(PLAIN, [])(opened)
    opened.execute("INSERT INTO notes VALUES (1,'a',1,0,0,'',zeroblob(60000000),'',0,0,'')")


def _wal(data: bytearray) -> None:
    data[18:20] = b"\x02\x02"
    data += b"\x37\x7f\x06\x82" + bytes(30 * MEGA)


def _zstd(data: bytes, lying: bool) -> bytes:
    packer = zstandard.ZstdCompressor(level=19, write_content_size=not lying)
    return zip_files([("meta", b"\x08\x03"), ("collection.anki21b", packer.compress(data)), ("media", b"")])


def _lie_in_zstd() -> bytes:
    packed = bytearray(zstandard.ZstdCompressor(level=1).compress(bytes(100 * MEGA)))
    packed[5:9] = struct.pack("<L", 10)
    return zip_files([("meta", b"\x08\x03"), ("collection.anki21b", bytes(packed)), ("media", b"")])


def _xml(encoding: str, text: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)


def _picture(kind: str, frames: int, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    images = [Image.new("P", size, number % 250) for number in range(frames)]
    images[0].save(out, kind, save_all=True, append_images=images[1:])
    return out.getvalue()


def _text_chunks() -> bytes:
    """A picture of one pixel behind a thousand packed remarks of ten megabytes each."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    remark = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10 * MEGA), 9))
    head = chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + remark * 1_000 + body


def _jpeg() -> bytes:
    """A photo whose head says 60,000 by 60,000."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG")
    data = bytearray(out.getvalue())
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(data)


def _cards(card: dict[str, object], count: int) -> bytes:
    return json.dumps({"cards": [card] * count}).encode()


_WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
_OPTIONS = [{"text": f"option {number}"} for number in range(100)]

MORE_CASES: tuple[Case, ...] = (
    Case("zip in a zip in a zip", "a.apkg", _nest),
    Case("zip of 10,000 entries on one another", "a.zip", _overlap),
    Case("zip with a lie in zip64", "a.apkg", _lie_in_zip64),
    Case("zip with a NUL in a name", "a.zip", lambda: _name("a\0b.yaml")),
    Case("zip with a drive in a name", "a.zip", lambda: _name("C:\\a.yaml")),
    Case("zip with a name of 60,000 letters", "a.zip", lambda: _name("y" * 60_000)),
    Case(
        "zip of 100 deck files of 300 KB",
        "a.zip",
        lambda: zip_files((f"{n}.yaml", b"- [" * 100_000) for n in range(100)),
    ),
    Case(
        "zip cut in its middle", "a.apkg", lambda: zip_files([("collection.anki2", bytes(range(256)) * 9_000)])[:9_000]
    ),
    Case("anki: a virtual table", "a.apkg", lambda: _alter("CREATE VIRTUAL TABLE v USING fts5(a)")),
    Case("anki: an index on everything", "a.apkg", lambda: _alter("CREATE INDEX i ON notes (id, guid, flds, tags)")),
    Case("anki: a column that is computed", "a.apkg", lambda: make_database(_change_column)),
    Case("anki: a field of 60 MB", "a.apkg", lambda: make_database(_blob)),
    Case("anki: a log of writes behind", "a.apkg", lambda: make_database(make_collection(PLAIN, ["a\x1fb"]), _wal)),
    Case("anki: zstd bomb of 1 GB", "a.apkg", lambda: _zstd(bytes(1_000 * MEGA), lying=True)),
    Case("anki: zstd with a lying size", "a.apkg", _lie_in_zstd),
    Case(
        "anki: 100,000 notes",
        "a.apkg",
        lambda: make_database(make_collection(PLAIN, (f"q{n}\x1fa{n}" for n in range(100_000)))),
        is_taken=True,
    ),
    Case("xml: UTF-7", "a.xml", lambda: b'<?xml version="1.0" encoding="utf-7"?>+ADw-quiz+AD4-'),
    Case("xml: 30 MB of UTF-16", "a.xml", lambda: _xml("utf-16", "<quiz>" + "<a>b</a>" * 1_800_000 + "</quiz>")),
    Case("xml: 30 MB of one text", "a.xml", lambda: b"<quiz><question>" + b"a &lt; b " * 3_300_000),
    Case("xml: 30 MB of comments", "a.xml", lambda: b"<quiz>" + b"<!--a-->" * 3_700_000 + b"</quiz>"),
    Case("xml: an attribute of 30 MB", "a.xml", lambda: b'<quiz a="' + b"a" * 30_000_000 + b'"/>'),
    Case(
        "xml: 100,000 namespaces",
        "a.xml",
        lambda: b"<quiz " + b" ".join(b'xmlns:n%d="u"' % n for n in range(100_000)) + b"/>",
    ),
    Case("moodle: 30,000 small questions", "a.xml", lambda: make_moodle("x", 100_000)[:31_000_000] + b"</quiz>"),
    Case(
        "qti: 100,000 items",
        "a.xml",
        lambda: b"<questestinterop>" + b"<item ident='a'/>" * 100_000 + b"</questestinterop>",
    ),
    Case("yaml: merge keys", "a.yaml", lambda: b"format: 1\na: &a {b: c}\ncards:\n" + b"- <<: *a\n" * 500_000),
    Case("yaml: tags", "a.yaml", lambda: b"format: 1\ncards:\n" + b"- !!python/object/apply:os.system [a]\n" * 200_000),
    Case("yaml: the same key a million times", "a.yaml", lambda: b"format: 1\n" + b"id: a\n" * MEGA),
    Case("yaml: a number of 10 MB", "a.yaml", lambda: b"format: " + b"9" * 10_000_000),
    Case("yaml: 20 MB of NEL", "a.yaml", lambda: b"format: 1\n" + "\x85".encode() * 10_000_000),
    Case("yaml: 20 MB in quotation marks", "a.yaml", lambda: b'format: 1\ntitle: "' + b"\\x41" * 5_000_000 + b'"'),
    Case(
        "json: 1e400 and the like",
        "a.json",
        lambda: _cards({"type": "flashcard", "prompt": 1e300, "answer": 7}, 200_000),
    ),
    Case("json: the same key a million times", "a.json", lambda: b"{" + b'"cards": [],' * MEGA + b'"cards": []}'),
    Case("json: halves of characters", "a.json", lambda: b'{"cards": [' + b'{"type":"\\ud800"},' * 800_000 + b"{}]}"),
    Case(
        "json: 3,000 cards of 100 options",
        "a.json",
        lambda: _cards({"type": "choice", "prompt": "a", "answer": "b", "wrong": _OPTIONS}, 3_000),
        is_taken=True,
    ),
    Case("html: 2 MB of styles", "a.html", lambda: b"<style>" + b"a{b:c}" * 300_000 + b"</style><p style='a:b'>x" * 3),
    Case("html: 2 MB of SVG", "a.html", lambda: b"<svg>" + b"<g><use href='#a'/>" * 100_000),
    Case("html: 2 MB of attributes", "a.html", lambda: b"<p " + b"a=b " * 500_000 + b">x"),
    Case("html: 5 MB of formatting never closed", "a.html", lambda: b"<b><i><a href=x>" * 300_000),
    Case("markdown: 2 MB of brackets", "a.md", lambda: b"[" * 1_000_000 + b"](" * 500_000),
    Case(
        "gift: 15,000 questions",
        "a.gift",
        lambda: b"".join(b"::q%d::a%d b{=c~d~e#f}\n\n" % (n, n) for n in range(15_000)),
    ),
    Case(
        "aiken: 25,000 questions",
        "a.txt",
        lambda: b"".join(b"Q%d\nA. a\nB. b\nANSWER: A\n\n" % n for n in range(30_000)),
    ),
    Case(
        "table: 24 MB beside one far sign",
        "a.tsv",
        lambda: "\U0001f600\n".encode() + b"question?\tan answer\n" * 1_200_000,
        is_taken=True,
    ),
    Case(
        "table: 100,000 rows of options",
        "a.csv",
        lambda: b"question,a,b,c,correct\n" + b"x,1,2,3,b\n" * 2_000_000,
        is_taken=True,
    ),
    Case(
        "table: 100,000 rows of marks that differ",
        "a.tsv",
        lambda: b"".join(b"%d *a*\t<b>%d</b>\n" % (n, n) for n in range(600_000)),
    ),
    Case(
        "anki text: 100,000 notes of HTML",
        "a.txt",
        lambda: b"#html:true\n" + b"".join(b"<b>%d</b>\ta<br>%d\n" % (n, n) for n in range(300_000)),
        is_taken=True,
    ),
    Case(
        "anki text: 20,000 clozes of 50",
        "a.txt",
        lambda: b"#notetype:Cloze\n" + (b"".join(b"{{c%d::a}}" % n for n in range(50)) + b"\tx\n") * 20_000,
        is_taken=True,
    ),
    Case("picture: GIF of 3,000 images", "a.gif", lambda: _picture("GIF", 3_000, (400, 400))),
    Case("picture: PNG that moves", "a.png", lambda: _picture("PNG", 200, (400, 400))),
    Case("picture: 10 GB of packed remarks", "a.png", _text_chunks),
    Case("picture: JPEG of 3,600 megapixels", "a.jpg", _jpeg),
    Case("picture: cut off", "a.png", lambda: _picture("PNG", 1, (3_000, 3_000))[:-500]),
    Case("picture: a page behind its head", "a.gif", lambda: b"GIF89a/*" + b"<script>alert(1)</script>" * 100_000),
    Case("sound: 10 MB of heads of frames", "a.mp3", lambda: b"\xff\xfb\x90\x00" * 2_500_000),
    Case("sound: 10 MB of pages of nothing", "a.ogg", lambda: (b"OggS" + bytes(22) + b"\x01\x00") * 350_000),
    Case(
        "docx: a million paragraphs", "a.docx", lambda: make_docx(_WORD + b"<w:p/>" * MEGA + b"</w:body></w:document>")
    ),
    Case("docx: 100,000 deep", "a.docx", lambda: make_docx(_WORD + b"<w:p>" * 100_000)),
    Case(
        "docx: a document of 60 MB of runs",
        "a.docx",
        lambda: make_docx(_WORD + b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_700_000),
    ),
)
