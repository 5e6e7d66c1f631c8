"""The one way in: what a file is, and what is told of it."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.source.document import read_blocks, read_source
from quizapp.core.source.importing.language import guess_language
from quizapp.core.source.importing.reading import check_body, read_text
from quizapp.core.source.importing.source import body_of, front_of, write_source

_TEXT = "The heron waits for a fish in the water, and that is all of it."


@given(st.binary(max_size=300), st.sampled_from(["x.docx", "x.html", "x.md", "x.txt", "x", "", "x.mhtml"]))
def test_whatever_the_bytes_are_they_are_read_or_refused(data: bytes, file: str) -> None:
    with suppress(Invalid):
        assert any(block.number for block in read_blocks(read_text(data, file).body))


def test_each_kind_is_known_by_its_bytes_or_its_name(
    make_docx: Callable[..., bytes], paragraph: Callable[..., str]
) -> None:
    assert read_text(make_docx(paragraph(_TEXT)), "x.txt").body == f"{_TEXT}\n"
    assert read_text(f"<!doctype html><p>{_TEXT}".encode(), "x.txt").body == f"{_TEXT}\n"
    assert read_text(f"<p>{_TEXT}".encode(), "x.HTM").body == f"{_TEXT}\n"
    assert read_text(f"<p>{_TEXT}".encode(), "x.txt").body == f"\\<p>{_TEXT}\n"
    assert read_text(f"<p>{_TEXT}".encode(), form="html").body == f"{_TEXT}\n"
    assert read_text(f"*{_TEXT}*".encode(), "x.md").body == f"*{_TEXT}*\n"
    assert read_text(f"*{_TEXT}*".encode(), "x.txt").body == f"\\*{_TEXT}\\*\n"
    mhtml = (
        f"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>{_TEXT}"
    )
    assert read_text(mhtml.encode(), "x.bin").body == f"{_TEXT}\n"


def test_pasted_markdown_is_known_by_its_marks() -> None:
    assert read_text(f"# Title\n\n{_TEXT}\n\n## Part\n\nMore **bold** text.".encode()).about.title == "Title"
    assert read_text(f"---\ntitle: T\n---\n{_TEXT}".encode()).about.title == "T"
    assert "\\*" in read_text(f"{_TEXT} It is *one* mark.".encode()).body


@pytest.mark.parametrize(
    ("data", "file", "told"),
    [
        (b"%PDF-1.7", "x.pdf", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x.doc", "old Word"),
        (b"{\\rtf1", "x.rtf", "RTF"),
        (b"bplist00", "x.webarchive", "Safari"),
        (b"\x89PNG\r\n", "x.png", "picture"),
        (b"\xff\xd8\xff\xe0", "x.jpg", "picture"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text", "x.odt", "OpenDocument"),
        (b"just text", "x.docx", "called .docx and is none"),
        (b"", "x.txt", "no paragraph"),
        (b"\n \n", "", "no paragraph"),
        (b"---\ntitle: T\n---\n", "x.md", "no paragraph"),
        (b"x" * (10 * 1024 * 1024 + 1), "x.txt", "larger than 10 MB"),
        (b"x" * (9 * 1024 * 1024), "x.txt", "longer than 2 MB"),
        (b"x" * (2 * 1024 * 1024 + 1), "x.txt", "longer than 2 MB"),
        ("é".encode() * (1024 * 1024 + 1), "x.md", "longer than 2 MB"),
        (b"A.\n\n" * 10_001, "x.md", "more than 10000 paragraphs"),
        (b"- a\n" * 50_002, "x.md", "more than 50000 lines"),
        (b"A.\n" * 50_001, "x.txt", "more than 50000 lines"),
        (b"<html><body>" + b"<p>a" * 200_000, "x.html", "too many parts"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(data: bytes, file: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        read_text(data, file)


@pytest.mark.unmeasured
@pytest.mark.parametrize("line", [b"x", b"word wor-\n", b"some more words of a line that is wrapped, wor-\n"])
def test_long_words_and_many_divided_ones_are_read_in_one_pass(line: bytes) -> None:
    assert read_text((line * 400_000)[:400_000], "x.txt").body


def test_a_body_at_fault_is_said_beside_the_text() -> None:
    with pytest.raises(Invalid) as refused:
        check_body("## Only a heading")
    assert set(refused.value.fields) == {"body"}


def test_what_markdown_says_of_itself_is_taken_as_far_as_it_is_sound() -> None:
    front = "---\r\nTitle: no\ntitle: The heron\nlang: de\ndate: 2024-05\nsource: https://a.example/x\nlicence: CC0\n"
    about = read_text(f"{front}author: [a]\n---\n\n# Another\n\n{_TEXT}".encode(), "x.md").about
    assert (about.title, about.language, about.published) == ("The heron", "de", "2024-05")
    assert (about.url, about.license, about.author) == ("https://a.example/x", "CC0", "")
    odd = f"---\ntitle: T\nlang: German of the south\ndate: May\nurl: javascript:alert(1)\n---\n{_TEXT}"
    about = read_text(odd.encode(), "x.md").about
    assert (about.language, about.published, about.url) == ("en", "", "")


def test_a_title_of_markdown_leaves_the_text() -> None:
    assert read_text(f"The heron\n=====\n\n{_TEXT}".encode(), "x.md").body == f"{_TEXT}\n"
    assert read_text(b"# Alone", "x.txt").body == "Alone\n"
    same = read_text(f"---\ntitle: Heron\n---\n# Heron\n\n{_TEXT}".encode(), "x.md")
    other = read_text(f"---\ntitle: Heron\n---\n# Birds\n\n{_TEXT}".encode(), "x.md")
    assert same.body == f"{_TEXT}\n"
    assert other.body == f"# Birds\n\n{_TEXT}\n"


def test_a_front_matter_that_is_no_mapping_is_passed_over() -> None:
    assert read_text(f"---\n- a\n---\n{_TEXT}".encode(), "x.md").about.title == ""


def test_an_odd_encoding_is_said() -> None:
    assert "UTF-16" in str(read_text(_TEXT.encode("utf-16"), "x.txt").remarks[0])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (_TEXT, "en"),
        ("Der Reiher und die Fische sind nicht von dem See, den es gibt.", "de"),
        ("Le héron est dans la rivière, et il ne mange pas les poissons des autres.", "fr"),
        ("Цапля ждёт рыбу.", "ru"),
        ("ينتظر مالك الحزين السمك", "ar"),
        ("鷺は水の中で待つ", "ja"),
        ("苍鹭站在水里", "zh"),
        ("xyzzy", ""),
        ("", ""),
    ],
)
def test_the_language_is_guessed(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize("name", ["growing-partnership", "russia-vs-america"])
def test_a_source_is_written_and_reads_back_the_same(name: str) -> None:
    data = Path("decks/sources", f"{name}.md").read_bytes()
    source = read_source(data, "x.md")
    assert not isinstance(source, tuple)
    again = read_source(write_source(front_of(source), body_of(source)), "x.md")
    assert not isinstance(again, tuple)
    assert front_of(again) == front_of(source)
    assert [block.text for block in again.blocks] == [block.text for block in source.blocks]


def test_blocks_that_would_run_together_are_kept_apart() -> None:
    data = (
        b"---\nid: a\ntitle: 'A: \"b\"'\nlanguage: en\nkind: article\n---\n- one\n\n***\n\n- two\n\n***\n\n    code\n"
    )
    source = read_source(data, "x.md")
    assert not isinstance(source, tuple)
    assert len(read_blocks(body_of(source))) == 3
    again = read_source(write_source(front_of(source), body_of(source)), "x.md")
    assert not isinstance(again, tuple)
    assert again.title == 'A: "b"'
    assert [block.text for block in again.blocks] == [block.text for block in source.blocks]
