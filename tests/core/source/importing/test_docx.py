"""Word documents: what a reader of Word would see; and archives made to do harm."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from quizapp.core.errors import Invalid
from quizapp.core.source.document import read_blocks
from quizapp.core.source.importing.docx import read_docx

_STYLES = """<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="de-DE"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Own"><w:name w:val="My part"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>"""
_NUMBERING = """<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>"""


def _style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def _number(level: int, number: int = 3) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def _texts(data: bytes) -> list[str]:
    return [block.text for block in read_blocks(read_docx(data).body)]


def test_headings_paragraphs_and_lists_are_read(make_docx: Callable[..., bytes], paragraph: Callable[..., str]) -> None:
    body = (
        paragraph("Der Reiher", _style("Titel"))
        + paragraph("Nahrung", _style("H1"))
        + paragraph("Er frisst &lt;Fisch&gt; &amp; mehr.")
        + paragraph("Teil", _style("Own"))
        + paragraph("Teil zwei", '<w:outlineLvl w:val="2"/>')
        + paragraph("eins", _number(0))
        + paragraph("innen", _number(1))
        + paragraph("zwei", _number(0))
        + paragraph("Kein Punkt.", _number(0, 0))
        + paragraph("Noch ein Titel", _style("Titel"))
        + paragraph("Kein Teil.", '<w:outlineLvl w:val="9"/>')
    )
    read = read_docx(make_docx(body, styles=_STYLES, numbering=_NUMBERING))
    assert (read.about.title, read.about.language) == ("Der Reiher", "de-DE")
    assert read.body == (
        "## Nahrung\n\nEr frisst \\<Fisch> & mehr.\n\n### Teil\n\n#### Teil zwei\n\n"
        "1. eins\n   - innen\n2. zwei\n\nKein Punkt.\n\n# Noch ein Titel\n\nKein Teil.\n"
    )


def test_only_what_is_shown_is_read(make_docx: Callable[..., bytes]) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>".format
    body = (
        f"<w:p><w:del>{run('deleted')}</w:del><w:moveFrom>{run('moved')}</w:moveFrom><w:ins>{run('It waits')}</w:ins>"
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t><w:tab/></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr>'
        "<w:t> long</w:t><w:noBreakHyphen/><w:t>legged</w:t><w:tab/><w:t>in</w:t><w:br/><w:t>water.</w:t>"
        '<w:br w:type="page"/><w:softHyphen/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f"<w:r><w:footnoteReference/></w:r><w:hyperlink>{run('')}</w:hyperlink></w:p>"
    )
    read = read_docx(make_docx(body))
    assert read.body == "It waits long\u2011legged in\\\nwater.\n"
    assert "1" in str(read.remarks[0])


def test_text_boxes_are_read_once(make_docx: Callable[..., bytes], paragraph: Callable[..., str]) -> None:
    box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
    body = f"<w:p><w:r><w:t>Around.</w:t><Choice>{box}</Choice><Fallback>{box}</Fallback></w:r></w:p>"
    assert sorted(_texts(make_docx(body))) == ["Around.", "In a box."]


def _table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_a_table_is_a_list_of_its_rows(make_docx: Callable[..., bytes], paragraph: Callable[..., str]) -> None:
    year, heron, empty = paragraph("Year"), paragraph("Heron"), "<w:p/>"
    assert _texts(make_docx(_table((year, heron), (paragraph("1990"), heron), (empty, empty)))) == [
        "- Year | Heron\n- 1990 | Heron"
    ]


def test_a_table_that_lays_out_the_page_is_read_through(
    make_docx: Callable[..., bytes], paragraph: Callable[..., str]
) -> None:
    long = paragraph("It waits. " * 40)
    assert len(_texts(make_docx(_table((paragraph("One."), long), (long, paragraph("Two.")))))) == 4
    assert _texts(make_docx(_table((paragraph("One."),), (paragraph("Two."),)))) == ["One.", "Two."]
    nested = _table((paragraph("One."), _table((paragraph("In."), paragraph("ner.")))))
    assert _texts(make_docx(nested)) == ["One.", "In.", "ner."]


def test_the_document_says_whose_it_is(make_docx: Callable[..., bytes], paragraph: Callable[..., str]) -> None:
    core = "<core><title> The  heron </title> <creator>A. Writer</creator><language>en</language></core>"
    about = read_docx(make_docx(paragraph("Text."), more={"docProps/core.xml": core})).about
    assert (about.title, about.author, about.language) == ("The heron", "A. Writer", "en")


def test_stray_parts_of_tables_and_texts_do_no_harm(make_docx: Callable[..., bytes]) -> None:
    body = "<w:tr><w:tc/></w:tr><w:t>x</w:t><w:tbl><w:tc/></w:tbl><w:p><w:r><w:t>Text.</w:t></w:r></w:p>"
    assert _texts(make_docx(body)) == ["Text."]


def _zip(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def _lie(data: bytes, size: int) -> bytes:
    """The archive saying that its first entry is of another size."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<L", size) + data[at + 4 :]


def _many() -> bytes:
    return _zip({str(number): b"" for number in range(2100)}, zipfile.ZIP_STORED)


_GOOD = _zip({"word/document.xml": b"<document><p><r><t>Text.</t></r></p></document>"})
_HOSTILE = {
    "nothing": b"",
    "only a start": b"PK\x03\x04",
    "cut off": _GOOD[:60],
    "an end alone": b"PK\x05\x06" + b"\x00" * 18,
    "an end that is cut": b"PK\x05\x06" + b"\xff" * 5,
    "no document": _zip({"mimetype": b"x"}),
    "a bomb": _zip({"word/document.xml": b"<p>" + b" " * 60_000_000}),
    "a bomb within its size": _zip({"word/document.xml": b"<p>" + b" " * 5_000_000}),
    "a size that is a lie": _lie(_GOOD, 20),
    "a list that is enormous": _GOOD[:-10] + struct.pack("<LLH", 10_000_000, 0, 0),
    "a list that is damaged": _GOOD.replace(b"PK\x01\x02", b"XX\x01\x02"),
    "thousands of entries": _many(),
    "entries in hidden number": _many()[:-14] + struct.pack("<HH", 1, 1) + _many()[-10:],
    "zip64": _GOOD[:-22] + b"PK\x06\x07" + b"\x00" * 16 + _GOOD[-22:],
    "another method": _zip({"word/document.xml": b"<p/>"}, zipfile.ZIP_BZIP2),
    "locked": _GOOD.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
    "damaged": _GOOD[:45] + b"\xff\xff\xff" + _GOOD[48:],
    "no xml": _zip({"word/document.xml": b"<p>"}),
    "entities": _zip({"word/document.xml": b'<!DOCTYPE p [<!ENTITY a "aaaa">]><p>&a;</p>'}),
    "an outside entity": _zip({"word/document.xml": b'<!DOCTYPE p [<!ENTITY a SYSTEM "file:///x">]><p>&a;</p>'}),
    "a strange encoding": _zip({"word/document.xml": b'<?xml version="1.0" encoding="no-such"?><p/>'}),
    "tables in tables": _zip({"word/document.xml": b"<tbl><tr><tc>" * 5000}),
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_archives_made_to_do_harm_are_refused_in_words_for_a_teacher(name: str) -> None:
    with pytest.raises(Invalid, match=r"damaged, locked with a password, or not made by a word processor"):
        read_docx(_HOSTILE[name])


def test_the_archive_that_the_hostile_ones_are_made_of_is_good() -> None:
    assert _texts(_GOOD) == ["Text."]


def test_a_document_of_more_paragraphs_than_anybody_reads_is_refused(make_docx: Callable[..., bytes]) -> None:
    with pytest.raises(Invalid, match="more than 50000 lines"):
        read_docx(make_docx("".join(f'<w:p w:n="{number}"/>' for number in range(50_001))))


def test_a_document_of_more_than_two_megabytes_of_text_is_refused(
    make_docx: Callable[..., bytes], paragraph: Callable[..., str]
) -> None:
    words = " ".join(str(number * 7919) for number in range(60_000))
    with pytest.raises(Invalid, match="longer than 2 MB"):
        read_docx(make_docx(paragraph(words) * 6))
