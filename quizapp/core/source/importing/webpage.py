"""A saved web page, to the Markdown of its text, and what it says about itself."""

import re
from collections.abc import Iterator, Sequence

from quizapp.core.messages import Message, say
from quizapp.core.source.importing.decoding import clean_characters, decode
from quizapp.core.source.importing.html_main import find_main, prune
from quizapp.core.source.importing.html_pieces import read_pieces
from quizapp.core.source.importing.html_tree import Element, read_tree
from quizapp.core.source.importing.model import About, ImportedText, Piece, refuse
from quizapp.core.source.importing.writing import write_markdown
from quizapp.core.source.quotes import fold_text

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)\s*-->", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SITE = re.compile(r"\s+[|–—·»]\s+|\s+-\s+")
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "byl")
_DATES = ("article:published_time", "date", "dc.date", "citation_publication_date", "datepublished", "pubdate")


def _read_meta(page: Element) -> dict[str, str]:
    said: dict[str, str] = {}
    for meta in page.find("meta"):
        own = meta.attributes
        name = (own.get("property") or own.get("name") or own.get("itemprop") or "").lower()
        if name and own.get("content", "").strip():
            said.setdefault(name, " ".join(clean_characters(own["content"]).split()))
    return said


def _first(said: dict[str, str], names: Sequence[str]) -> str:
    return next((said[name] for name in names if name in said), "")


def _find_title(page: Element, said: dict[str, str]) -> str:
    """What the page calls itself, without the name of the site behind it."""
    if told := _first(said, _TITLES):
        return told
    heading = next((text for each in page.find("h1") if (text := each.read())), "")
    title = next((each.read() for each in page.find("title")), "")
    if heading and (not title or fold_text(heading) in fold_text(title)):
        return heading
    return max(_SITE.split(" ".join(title.split())), key=len)


def _find_url(html: str, page: Element, said: dict[str, str]) -> str:
    saved = _SAVED_FROM.search(html[:4096])
    linked = (
        link.attributes.get("href", "") for link in page.find("link") if link.attributes.get("rel") == "canonical"
    )
    found = (saved[1] if saved else "", *linked, said.get("og:url", ""))
    return next((url for url in found if re.match(r"https?://[^\s/]", url) and len(url) <= 2000), "")


def _find_about(html: str, page: Element) -> About:
    said = _read_meta(page)
    language = next((each.attributes.get("lang", "") for each in page.find("html")), "") or said.get("og:locale", "")
    author = _first(said, _AUTHORS)
    date = _DATE.search(_first(said, _DATES))
    return About(
        title=_find_title(page, said),
        language=language.replace("_", "-"),
        author="" if author.startswith("http") else author,
        published=date[0] if date else "",
        url=_find_url(html, page, said),
    )


def _leave_title(pieces: Sequence[Piece], title: str) -> Iterator[Piece]:
    """The pieces without the headings at the start that say the title again."""
    at_start = True
    for piece in pieces:
        at_start = at_start and piece.kind == "heading"
        if not (at_start and fold_text(piece.text) == fold_text(title)):
            yield piece


def read_webpage(data: bytes, declared: str = "") -> ImportedText:
    """A web page: its main text by the rules of ``html_main``. Raises Invalid where there is no text in it.

    ``declared`` is the encoding that something beside the page names.
    """
    decoded, remark = decode(data, markup=True, declared=declared)
    html = clean_characters(decoded).replace("\f", " ")
    page = read_tree(html)
    about = _find_about(html, page)
    prune(page)
    body = write_markdown(_leave_title(read_pieces(find_main(page)), about.title))
    if not body.strip():
        raise refuse(
            say("There is no text in this page: it may be made by a script. Copy the text and paste it instead.")
        )
    return ImportedText(about, body, (*([remark] if remark else []), _SAY_MAIN))


_SAY_MAIN: Message = say(
    "Menus, footers, comments and other things around the text were left out. Look whether all of it is here."
)
