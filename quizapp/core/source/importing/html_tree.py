"""A web page as a tree, by the parser of the standard library; flat enough to walk without fear."""

from collections.abc import Iterator
from html.parser import HTMLParser

from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.core.source.importing.html_clean import split_markup
from quizapp.core.source.importing.model import refuse

DEEPEST = 100
MOST_ELEMENTS = 40_000
MOST_SIGNS = 150_000
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figcaption"),
        *(
            "figure",
            "footer",
            "form",
            "header",
            "hr",
            "main",
            "menu",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "ul",
        ),
        *_HEADINGS,
    )
)
_APART = frozenset(("br", "td", "th", "li", "tr", "dt", "dd", "caption"))
# A tag -> the open elements that it closes, and those beyond which it closes none.
_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "menu"))),
    "dt": (frozenset(("dt", "dd")), frozenset(("dl",))),
    "dd": (frozenset(("dt", "dd")), frozenset(("dl",))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
    "td": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "th": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    **dict.fromkeys(_BLOCKS, (frozenset(("p",)), frozenset(("div", "td", "th", "li", "section", "article", "button")))),
}


class Element:
    """An element of a page: its tag in small letters, its attributes, and what it holds in order.

    ``length`` is that of its text, ``linked`` of that in links, in characters but white space, once measured.
    """

    __slots__ = ("attributes", "children", "length", "linked", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []
        self.length = self.linked = 0

    @property
    def elements(self) -> Iterator["Element"]:
        """The elements directly within this one."""
        return (child for child in self.children if isinstance(child, Element))

    def walk(self) -> Iterator["Element"]:
        """This element and all within it, in the order of the page."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [child for child in reversed(element.children) if not isinstance(child, str)]

    def find(self, *tags: str) -> Iterator["Element"]:
        """The elements within this one, itself too, that have one of these tags."""
        return (element for element in self.walk() if element.tag in tags)

    def read(self) -> str:
        """All its text in one line."""
        parts: list[str] = []
        waiting: list[Element | str] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                parts.append(part)
                continue
            apart = part.tag in _BLOCKS or part.tag in _APART
            waiting += [" ", *reversed(part.children), " "] if apart else reversed(part.children)
        return " ".join("".join(parts).split())

    def is_flat(self) -> bool:
        """Whether it holds text alone."""
        return not any(True for _ in self.elements)

    def measure(self) -> None:
        """Count the text of this element and of all within it."""
        for element in reversed(list(self.walk())):
            own = sum(sum(map(len, child.split())) for child in element.children if isinstance(child, str))
            element.length = own + sum(child.length for child in element.elements)
            linked = sum(child.linked for child in element.elements)
            element.linked = element.length if element.tag == "a" else linked


def _refuse_size() -> Invalid:
    return refuse(say("This page has too many parts to be read. Copy its text and paste it instead."))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self._open = [self.root]
        self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._close_for(tag)
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise _refuse_size()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID and len(self._open) < DEEPEST:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def _close_for(self, tag: str) -> None:
        if tag not in _CLOSES:
            return
        closed, walls = _CLOSES[tag]
        for depth in range(len(self._open) - 1, 0, -1):
            name = self._open[depth].tag
            if name in closed:
                del self._open[depth:]
                return
            if name in walls:
                return

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read_tree(html: str) -> Element:
    """The page as a tree. Raises Invalid where it has more than 40,000 elements."""
    if html.count("<") > MOST_SIGNS:
        raise _refuse_size()
    builder = _Builder()
    builder.feed("".join(split_markup(html)))
    builder.close()
    return builder.root
