"""A text from elsewhere, whatever it is: the one way in."""

import re
from dataclasses import replace
from typing import Literal

from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.core.source.document import LARGEST_SOURCE, read_blocks
from quizapp.core.source.importing.decoding import decode
from quizapp.core.source.importing.docx import read_docx
from quizapp.core.source.importing.language import guess_language
from quizapp.core.source.importing.markdown import looks_like_markdown, read_markdown
from quizapp.core.source.importing.mhtml import is_mhtml, read_mhtml
from quizapp.core.source.importing.model import MOST_LINES, About, ImportedText, refuse, refuse_lines, refuse_size
from quizapp.core.source.importing.plaintext import read_plain
from quizapp.core.source.importing.webpage import read_webpage

LARGEST_UPLOAD = 10 * 1024 * 1024
MOST_PARAGRAPHS = 10_000
Form = Literal["", "docx", "html", "mhtml", "markdown", "plain"]
FORMS: tuple[Form, ...] = ("docx", "html", "mhtml", "markdown", "plain")

_ENDINGS: dict[str, Form] = {
    **dict.fromkeys(("html", "htm", "xhtml", "shtml"), "html"),
    **dict.fromkeys(("mhtml", "mht"), "mhtml"),
    **dict.fromkeys(("md", "markdown", "mdown", "mkd"), "markdown"),
    **dict.fromkeys(("txt", "text"), "plain"),
    "docx": "docx",
}
_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html[\s>]|<\?xml[^>]{0,200}>\s*<!doctype\s+html)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_LONGEST_LINE = 500
# What a file begins with -> what it is, and what to do about it.
_FOREIGN = (
    (b"%PDF-", say("This is a PDF. Open it, select and copy its text, and paste it here.")),
    (b"\xd0\xcf\x11\xe0", say("This is a document of an old Word. Open it and save it as .docx.")),
    (b"{\\rtf", say("This is an RTF document. Open it in a word processor and save it as .docx.")),
    (b"bplist00", say("This is a web archive of Safari. Save the page as page source instead, or copy its text.")),
    (b"\x89PNG", say("This is a picture. A text is needed: type or paste it.")),
    (b"\xff\xd8\xff", say("This is a picture. A text is needed: type or paste it.")),
)
_ODT = b"mimetypeapplication/vnd.oasis.opendocument"


def _find_form(data: bytes, file: str) -> Form:
    """What a file is, by its first bytes before its name: names are changed more easily."""
    for start, message in _FOREIGN:
        if data.startswith(start):
            raise refuse(message)
    if data.startswith(b"PK"):
        if _ODT in data[:200]:
            raise refuse(say("This is an OpenDocument file. Open it and save it as .docx."))
        return "docx"
    if is_mhtml(data):
        return "mhtml"
    ending = _ENDINGS.get(file.rpartition(".")[2].lower(), "") if "." in file else ""
    if ending == "docx":
        raise refuse(say("This file is called .docx and is none. Open it in a word processor and save it as .docx."))
    return "html" if _HTML.match(data) else ending


def _read_text(data: bytes, form: Form) -> ImportedText:
    if len(data) > 4 * LARGEST_SOURCE + 4:  # more than UTF-32 could need
        raise refuse_size()
    text, remark = decode(data)
    if len(text) > LARGEST_SOURCE:
        raise refuse_size()
    is_markdown = form == "markdown" or (form == "" and looks_like_markdown(text))
    read = read_markdown(text) if is_markdown else read_plain(text)
    return replace(read, remarks=(*([remark] if remark else []), *read.remarks))


def _tidy(about: About, body: str) -> About:
    """What the file says of itself, as far as it fits the fields that a teacher sees next."""
    return About(
        title=about.title[:_LONGEST_LINE].strip(),
        language=about.language if _LANGUAGE.fullmatch(about.language) else guess_language(body),
        author=about.author[:_LONGEST_LINE].strip(),
        published=about.published if _DATE.fullmatch(about.published) else "",
        url=about.url if re.match(r"https?://[^\s/]", about.url) and len(about.url) <= 2000 else "",
        license=about.license[:_LONGEST_LINE].strip(),
    )


def check_body(body: str) -> None:
    """Raises Invalid (field ``body``) for a text without a paragraph, over 2 MB, 50,000 lines or 10,000 paragraphs."""
    if len(body.encode()) > LARGEST_SOURCE:
        raise _refuse_body(refuse_size())
    if body.count("\n") > MOST_LINES:
        raise _refuse_body(refuse_lines())
    paragraphs = sum(block.number is not None for block in read_blocks(body))
    if not paragraphs:
        raise _refuse_body(refuse(say("There is no paragraph in this text. Paste or type some sentences.")))
    if paragraphs > MOST_PARAGRAPHS:
        raise _refuse_body(
            refuse(
                say("This text has more than %(most)s paragraphs. Split it into several texts.", most=MOST_PARAGRAPHS)
            )
        )


def _refuse_body(error: Invalid) -> Invalid:
    return Invalid(error.message, {"body": error.message})


def read_text(data: bytes, file: str = "", form: Form = "") -> ImportedText:
    """A text from the bytes of a file, or from what was pasted (as UTF-8).

    ``file`` is its name as people know it. ``form`` says what it is; blank: found out by its first bytes, then by the
    name's ending, then by what the text looks like. Raises Invalid (field ``file``), in words for a teacher, for what
    cannot be read, is too large or holds no text.
    """
    if len(data) > LARGEST_UPLOAD:
        raise refuse(say("This file is larger than 10 MB. Take the pictures out of it, or paste its text."))
    found = form or _find_form(data, file)
    if found == "docx":
        read = read_docx(data)
    elif found == "html":
        read = read_webpage(data)
    elif found == "mhtml":
        read = read_mhtml(data)
    else:
        read = _read_text(data, found)
    try:
        check_body(read.body)
    except Invalid as error:
        raise Invalid(error.message, {"file": error.message}) from error
    return replace(read, about=_tidy(read.about, read.body))
