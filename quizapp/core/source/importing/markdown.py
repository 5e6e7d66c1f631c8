"""Markdown from elsewhere: its front matter read kindly, its text left as it is written."""

import re

from quizapp.core.deck.tree import read_tree
from quizapp.core.source.document import read_blocks
from quizapp.core.source.importing.decoding import clean_characters
from quizapp.core.source.importing.model import About, ImportedText

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"\A\s*#[ \t]+(?P<title>[^\n]+)(?:\n|\Z)")  # and its closing signs, which are taken off after
_UNDERLINED = re.compile(r"\A\s*(?P<title>[^\s#>*+=\-][^\n]*)\n=+[ \t]*(?:\n|\Z)")
_KEYS = {
    "title": ("title",),
    "language": ("language", "lang"),
    "author": ("author", "authors", "by"),
    "published": ("published", "date"),
    "url": ("url", "source", "link"),
    "license": ("license", "licence", "rights"),
}
_LOOKS = re.compile(
    r"^(?:#{1,6}[ \t]+\S|>[ \t]|```|\[[^\]\n]+\]:[ \t]|={3,}[ \t]*$)|\]\(https?://|\*\*\S", re.MULTILINE
)
_START = 20_000


def looks_like_markdown(text: str) -> bool:
    """Whether a text without a name seems to be Markdown: a front matter, or two of its marks."""
    start = text[:_START].replace("\r\n", "\n")
    return bool(_FRONT.match(start)) or len(_LOOKS.findall(start)) > 1


def _read_front(text: str) -> About:
    value = read_tree(text, "").value
    said = value if isinstance(value, dict) else {}
    found: dict[str, str] = {}
    for name, keys in _KEYS.items():
        values = (said.get(key) for key in keys)
        found[name] = next((" ".join(each.split()) for each in values if isinstance(each, str) and each.strip()), "")
    return About(**found)


def read_markdown(text: str) -> ImportedText:
    """A Markdown text: what its front matter says, and its body.

    A heading of the first level at its start is the title.
    """
    body = clean_characters(text).replace("\f", "\n")
    front = _FRONT.match(body)
    about = _read_front(front[1]) if front else About()
    body = body[front.end() :] if front else body
    heading = _TITLE.match(body) or _UNDERLINED.match(body)
    title = ""
    if heading and any(block.number for block in read_blocks(body[heading.end() :])):
        title = heading["title"].strip()
        title = title.rstrip("#").rstrip() or title if heading.re is _TITLE else title
        if not about.title or title == about.title:
            body = body[heading.end() :]
    return ImportedText(
        About(about.title or title, about.language, about.author, about.published, about.url, about.license),
        body.strip("\n") + "\n",
    )
