"""From the bytes of a text to its characters: which encoding it is in, and what of it nobody sees."""

import codecs
import re

from quizapp.core.deck.text import HIDDEN
from quizapp.core.messages import Message, say
from quizapp.core.source.importing.model import refuse

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "cp1252": "Windows-1252",
}
# The encodings of web pages (WHATWG Encoding Standard) as Python names them. Latin-1 and ASCII mean Windows-1252 there.
_KNOWN = frozenset(
    (
        *("utf-8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
        *("iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-10"),
        *("iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *("gb18030", "gbk", "gb2312", "big5", "euc_jp", "shift_jis", "euc_kr", "cp949", "cp866"),
    )
)
_WESTERN = frozenset(("iso8859-1", "ascii"))
_CHARSET = re.compile(rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([a-zA-Z0-9_.-]{2,40})""", re.IGNORECASE)
_START = 4096
# A share of control characters over this is no text; tab, line ends and form feed are none.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS = 0.01

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x85\u2028]")
_SOFT_BREAK = re.compile("\u00ad[ \t]*\n[ \t]*(?=\\w)")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]")
_CONTROL = re.compile(f"[{HIDDEN}]")


def _find_codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    if found in _WESTERN:
        return "cp1252"
    return found if found in _KNOWN else None


def _find_declared(data: bytes) -> str | None:
    start = data[:_START]
    match = _XML.search(start) or _CHARSET.search(start)
    return _find_codec(match[1].decode("ascii")) if match else None


def _guess_utf_16(data: bytes) -> str | None:
    """UTF-16 without a mark: in Western texts every other byte is zero."""
    start = data[:_START]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if len(start) >= 8 and max(even, odd) > 0.3 * len(start) and min(even, odd) < 0.05 * len(start):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _list_guesses(data: bytes, declared: str | None) -> list[str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return [name]
    guessed = [declared, "utf-8", _guess_utf_16(data), "cp1252"]
    return list(dict.fromkeys(name for name in guessed if name))


def _is_text(text: str) -> bool:
    start = text[:_START]
    return "\x00" not in text and len(_CONTROLS.findall(start)) <= _MOST_CONTROLS * len(start)


def decode(data: bytes, *, markup: bool = False, declared: str = "") -> tuple[str, Message | None]:
    """The characters of a text, and what to say where its encoding is not plainly UTF-8.

    In this order: the byte-order mark, what the file declares of itself (``markup``: in the head of a web page;
    ``declared``: beside it, as a mail does), UTF-8, UTF-16 with zeros in every other byte, Windows-1252. Raises Invalid
    for what is no text.
    """
    told = (_find_codec(declared) if declared else None) or (_find_declared(data) if markup else None)
    for name in _list_guesses(data, told):
        try:
            text = data.decode(name).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text, None if name == "utf-8" else _say_encoding(name)
    text = data.decode("utf-8", "replace")
    if not _is_text(text):
        raise refuse(
            say("This is no text that can be read. Upload a .docx, .html, .md or .txt file, or paste the text.")
        )
    return text, say("Some characters could not be read; each is shown as �.")


def _say_encoding(name: str) -> Message:
    return say(
        "The text was read as %(encoding)s. Look whether all letters are right.", encoding=_NAMES.get(name, name)
    )


def clean_characters(text: str) -> str:
    """The text with line feeds as its only line ends, and without characters that nobody sees.

    Soft hyphens go, with the line end behind them; a form feed stays, as the end of a page; the paragraph separator
    becomes a blank line; control characters become spaces.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    text = _UNSEEN.sub("", _SOFT_BREAK.sub("", text))
    pages = text.split("\f")
    return "\f".join(_CONTROL.sub(" ", page) for page in pages)
