"""Tag soup, to text and whole tags only: so that the standard parser reads it in one pass, whatever it holds.

The parser of the standard library looks for the end of each open comment, script or tag to the end of the page; a page
of nothing but openings would keep it busy for hours. Here each of them is looked for once.
"""

import re
from collections.abc import Iterator

_TAG = re.compile(
    r"""</?([a-zA-Z][^\s/<>"'=]{0,40})(?:=\s*+"[^"]*"|=\s*+'[^']*'|[^<>=]++|=(?!\s*["']))*+>""",
)
_END_OF_TAG = re.compile("[<>]")
_RAW_ENDS = {
    name: re.compile(rf"</{name}(?=[\s/>]|$)", re.IGNORECASE)
    for name in ("script", "style", "noscript", "template", "textarea", "iframe", "svg", "math", "xmp", "noembed")
}
_LONGEST_TAG = 4096  # characters; the attributes of longer ones are data, not words


def _skip(text: str, start: int, end: str) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)


def _skip_raw(text: str, name: str, start: int) -> int:
    """The end of an element whose content is no text of the page."""
    match = _RAW_ENDS[name].search(text, start)
    return len(text) if match is None else _skip(text, match.end(), ">")


def split_markup(text: str) -> Iterator[str]:
    """The texts and tags of a page, without comments, declarations, scripts and styles.

    What is no whole tag is text. An open comment or script swallows the rest of the page, as in a browser.
    """
    at = 0
    while (start := text.find("<", at)) >= 0:
        yield text[at:start]
        if text.startswith("<!--", start):
            at = _skip(text, start + 4, "-->")
        elif text.startswith(("<!", "<?"), start):
            at = _skip(text, start, ">")
        elif (match := _TAG.match(text, start)) is None:
            at = _pass_stray(text, start)
            yield "&lt;" if at == start + 1 else ""
        else:
            name, at = match[1].lower(), match.end()
            if name in _RAW_ENDS and text[start + 1] != "/":
                at = at if text[at - 2] == "/" and name in ("svg", "math") else _skip_raw(text, name, at)
                yield " "
            else:
                yield match[0] if at - start <= _LONGEST_TAG else f"{text[start : match.end(1)]}>"
    yield text[at:]


def _pass_stray(text: str, start: int) -> int:
    """Behind a broken tag, or behind the sign alone where none begins."""
    if not text[start + 1 : start + 2].isalpha() and not text.startswith("</", start):
        return start + 1
    end = _END_OF_TAG.search(text, start + 1)
    return end.end() if end and end[0] == ">" else start + 1
