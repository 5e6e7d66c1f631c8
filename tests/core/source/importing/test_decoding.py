"""From bytes to characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.source.importing.decoding import clean_characters, decode

_TEXT = "Größe: “naïve” – 5 €. Herons stand."


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff")))
def test_utf_8_is_read_without_a_word(text: str) -> None:
    assert decode(text.encode()) == (text, None)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_TEXT.encode("utf-8-sig"), ""),
        (_TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + _TEXT.encode("utf-16-be"), "UTF-16"),
        (_TEXT.encode("utf-16-le"), "UTF-16"),
        (_TEXT.encode("utf-16-be"), "UTF-16"),
        (_TEXT.encode("utf-32"), "UTF-32"),
        (_TEXT.encode("cp1252"), "Windows-1252"),
    ],
)
def test_the_encoding_is_found_and_said(data: bytes, said: str) -> None:
    text, remark = decode(data)
    assert text == _TEXT
    assert said in str(remark or "")
    assert (remark is None) == (said == "")


def test_a_page_is_read_as_it_declares() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head>źdźbło'.encode("iso8859-2")
    assert decode(page, markup=True)[0].endswith("źdźbło")
    said = '<?xml version="1.0" encoding="windows-1251"?><p>Цапля'.encode("cp1251")
    assert decode(said, markup=True)[0].endswith("Цапля")


def test_latin_1_means_windows_1252_as_in_browsers() -> None:
    assert decode(b'<meta charset="iso-8859-1">\x93a\x94', markup=True)[0].endswith("“a”")
    assert decode(b"\x93a\x94", declared="us-ascii")[0] == "“a”"


@pytest.mark.parametrize("name", ["zlib", "idna", "utf-7", "unicode_escape", "no-such-thing", "punycode", "rot13"])
def test_encodings_that_are_none_of_a_page_are_passed_over(name: str) -> None:
    assert decode(f'<meta charset="{name}">é'.encode(), markup=True)[0].endswith("é")


def test_a_wrong_declaration_does_no_harm() -> None:
    assert decode('<meta charset="euc-jp">€'.encode(), markup=True)[0].endswith("€")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Invalid, match="no text that can be read"):
        decode(bytes(range(32)) * 40)


def test_a_byte_of_no_encoding_is_shown_as_a_sign() -> None:
    text, remark = decode(b"\xef\xbb\xbfa \x81 b")
    assert text.replace("\ufffd", "?").endswith("a ? b")
    assert "could not be read" in str(remark)


def test_what_nobody_sees_goes() -> None:
    assert clean_characters("a\r\nb\rc\x85d\u2028e") == "a\nb\nc\nd\ne"
    assert clean_characters("one\u2029two") == "one\n\ntwo"
    assert clean_characters("Do\u00adnau\u00ad\n  dampf\u200b\u202e") == "Donaudampf"
    assert clean_characters("a\x07b\x00c\fd") == "a b c\fd"
