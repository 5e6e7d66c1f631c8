"""Our Markdown as the HTML of Anki's fields: pictures by file name, ``[sound:…]``, and formulas for its MathJax."""

import html
import re
from itertools import islice

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.markup import plain_text, render, render_inline
from quizapp.core.media.names import is_sound

_FIRST_SIGN, _LAST_SIGN = 0xF8000, 0xFF000
_SIGN = re.compile("[\U000f8000-\U000fffff]")
_SHOWN = re.compile(
    r"!\[(?P<words>(?:[^\[\]\\\n]|\\.){0,500})\]\((?P<name><[^<>\n]{1,300}>|[^\s()<>]{1,300})\)"
    r"|(?<![\\$])\$\$(?P<block>[^$]{1,1000})(?<!\\)\$\$"
    r"|(?<![\\$\w])\$(?![\d.,]{1,30}\S{0,30}\s+[^\W\d_]{2})(?P<inline>[^\s$](?:[^$\n]{0,998}[^\s$\\])?)\$(?![\w$])"
)
_ITEM = re.compile(r"<li\b[^<>]*>(.*?)(?=<li\b|</li>|</ol>|</ul>|\Z)", re.DOTALL | re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*>(.*?)(?=<tr\b|</tr>|</table>|\Z)", re.DOTALL | re.IGNORECASE)
_CELL = re.compile(r"<td\b[^<>]*>(.*?)(?=<td\b|</td>|\Z)", re.DOTALL | re.IGNORECASE)


def _write_shown(shown: re.Match[str]) -> str:
    """A picture, sound or formula as Anki's fields have it."""
    if shown["name"] is None:
        # Two braces that close would end a cloze.
        latex = html.escape((shown["block"] or shown["inline"]).strip(), quote=False).replace("}}", "} }")
        return f"\\[{latex}\\]" if shown["block"] else f"\\({latex}\\)"
    name = shown["name"].strip("<>")
    if is_sound(name):
        return f"[sound:{html.escape(name, quote=False)}]"
    return f'<img src="{html.escape(name)}" alt="{html.escape(plain_text(shown["words"]))}">'


def _write(markdown: str, *, inline: bool) -> str:
    if _SIGN.search(markdown):
        return render_inline(markdown) if inline else render(markdown)
    kept: list[str] = []

    def keep(shown: re.Match[str]) -> str:
        kept.append(_write_shown(shown))
        return chr(_FIRST_SIGN + len(kept) - 1) if len(kept) < _LAST_SIGN - _FIRST_SIGN else shown[0]

    text = _SHOWN.sub(keep, markdown)
    written = render_inline(text) if inline else render(text)
    return _SIGN.sub(lambda sign: kept[ord(sign[0]) - _FIRST_SIGN], written)


def write_line(markdown: str) -> str:
    """Markdown of one line as HTML without a paragraph around it."""
    return _write(markdown, inline=True)


def write_text(markdown: str) -> str:
    """Markdown as HTML; one paragraph alone goes without its tag, as Anki's editor likes it."""
    written = _write(markdown, inline=False)
    is_one = written.startswith("<p>") and written.endswith("</p>") and written.count("<p>") == 1
    return written[3:-4] if is_one and "<pre>" not in written else written


def write_list(items: list[str], tag: str = "ul", kind: str = "") -> str:
    """Lines of Markdown as a list; ``kind`` is how its items are counted."""
    counted = f' type="{kind}"' if kind else ""
    return f"<{tag}{counted}>{''.join(f'<li>{write_line(item)}</li>' for item in items)}</{tag}>" if items else ""


def write_pairs(pairs: list[tuple[str, str]]) -> str:
    """Pairs of lines as the rows of a table."""
    rows = (f"<tr><td>{write_line(left)}</td><td>{write_line(right)}</td></tr>" for left, right in pairs)
    return f"<table>{''.join(rows)}</table>"


def write_cloze(text: str) -> str:
    """A text with our blanks as Anki's: all of them are the first cloze, so that they stay one card."""
    cloze = parse_cloze(text)
    used = set(text)
    free = (chr(code) for code in range(0xF0000, _FIRST_SIGN) if chr(code) not in used)
    signs = list(islice(free, len(cloze.blanks)))
    pieces = [*(piece for pair in zip(cloze.pieces, signs, strict=False) for piece in pair), cloze.pieces[-1]]
    written = write_text("".join(pieces))
    for sign, wordings in zip(signs, cloze.blanks, strict=True):
        answer = html.escape(wordings[0], quote=False).replace("::", ":&#58;")
        written = written.replace(sign, f"{{{{c1::{answer}}}}}")
    return written


def read_list(markup: str) -> list[str]:
    """The items of a list as HTML."""
    return _ITEM.findall(markup)


def read_pairs(markup: str) -> list[list[str]]:
    """The cells of a table as HTML, row by row."""
    return [_CELL.findall(row) for row in _ROW.findall(markup)]
