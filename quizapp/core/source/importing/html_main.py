"""Which part of a web page is its text: rules that anybody can follow.

1. What is never text goes: navigation, footers, sidebars, forms, dialogues, what is hidden, and what its own name calls
   a cookie banner, a menu, sharing, advertising, comments, or further reading.
2. Where the page marks its text, by ``itemprop="articleBody"``, ``<article>`` or ``<main>``, that is it; of several the
   one that has most of their text. A page of many short articles is a list of them: the whole list counts.
3. Else it is the element with the densest text: each paragraph counts for the element that holds it, and half as much
   for the one around that; links count against it.
"""

import re

from quizapp.core.source.importing.html_tree import Element

_DROPPED_TAGS = frozenset(
    (
        *("head", "nav", "footer", "aside", "form", "button", "select", "dialog", "object", "video", "audio", "canvas"),
        *("map", "menu", "input", "img", "picture", "embed", "link", "meta", "base", "title", "frameset"),
    )
)
_DROPPED_ROLES = frozenset(
    (
        *("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "alert"),
        *("menu", "menubar", "toolbar", "tablist", "form", "doc-toc"),
    )
)
_DROPPED_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|banner|nav|navbar|navigation|menu|breadcrumbs?|sidebar|side-bar|footer|"
    r"share|sharing|social|related|recommend(?:ed|ations?)?|promo(?:tion)?|adverts?|advertisement|ads|sponsored?|"
    r"newsletter|subscribe|subscription|paywall|comments?|commentlist|disqus|respond|popup|modal|overlay|toolbar|"
    r"pagination|pager|printfriendly|skip-link|screen-reader-text|sr-only|visually-hidden|noprint|mw-editsection|"
    r"reflist|navbox|toc|hatnote|metadata|catlinks)(?:$|[\s_-])",
    re.IGNORECASE,
)
# These names a page gives to its text as a whole, too: <body class="single comments-open has-sidebar">.
_WHOLE = frozenset(("root", "html", "body", "main", "article"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ENOUGH = 140  # characters that make a text
_SHORTEST_PARAGRAPH = 25
_MOST_LINKED = 0.8


def _is_dropped(element: Element, within_text: bool) -> bool:
    tag, own = element.tag, element.attributes
    if tag in _WHOLE:
        return False
    if tag in _DROPPED_TAGS or "hidden" in own or own.get("aria-hidden", "").lower() == "true":
        return True
    if own.get("role", "").lower() in _DROPPED_ROLES or _HIDDEN_STYLE.search(own.get("style", "")):
        return True
    if tag == "header":
        return not within_text
    names = f"{own.get('class', '')} {own.get('id', '')}"
    return tag not in ("p", "h1", "h2", "h3", "em", "strong", "b", "i", "blockquote", "a") and bool(
        _DROPPED_NAMES.search(names)
    )


def prune(element: Element, within_text: bool = False) -> None:
    """Take out of a page whatever is never its text."""
    inside = within_text or element.tag in ("article", "main")
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str) or not _is_dropped(child, inside):
            kept.append(child)
        elif kept and isinstance(kept[-1], str):
            kept.append(" ")
    element.children = kept
    for child in element.elements:
        prune(child, inside)


def _share_linked(element: Element) -> float:
    return element.linked / element.length if element.length else 0.0


def _find_marked(page: Element) -> Element | None:
    marks = (
        [each for each in page.walk() if each.attributes.get("itemprop", "").lower() == "articlebody"],
        [each for each in page.walk() if each.tag == "article" or each.attributes.get("role", "").lower() == "article"],
        [each for each in page.walk() if each.tag == "main" or each.attributes.get("role", "").lower() == "main"],
    )
    for found in marks:
        lengths = [each.length for each in found]
        longest = max(lengths, default=0)
        if longest >= _ENOUGH and longest * 2 >= sum(lengths) and longest * 5 >= page.length:
            return found[lengths.index(longest)]
    return None


def _score(page: Element) -> Element:
    """The element with the densest text."""
    scores: dict[int, float] = {}
    best, highest = page, 0.0
    above = {id(child): element for element in page.walk() for child in element.elements}
    for paragraph in page.find("p", "pre", "blockquote", "div"):
        if paragraph.length < _SHORTEST_PARAGRAPH or (paragraph.tag == "div" and not paragraph.is_flat()):
            continue
        points = 1 + paragraph.length / 100
        parent = above.get(id(paragraph), page)
        for holder in (parent, above.get(id(parent), page)):
            scores[id(holder)] = scores.get(id(holder), 0.0) + points * (1 - _share_linked(holder))
            if scores[id(holder)] > highest:
                best, highest = holder, scores[id(holder)]
            points /= 2
    return best


def find_main(page: Element) -> Element:
    """The element that holds the text of a page already pruned; the page itself where no rule tells."""
    page.measure()
    marked = _find_marked(page)
    if marked is not None:
        return marked
    best = _score(page)
    return best if best.length * 3 >= page.length and best.length >= _ENOUGH else page


def is_list_of_links(element: Element) -> bool:
    """Whether a measured list leads elsewhere and says nothing: three links or more and hardly a word beside them."""
    return _share_linked(element) > _MOST_LINKED and sum(1 for _ in element.find("a")) > 2
