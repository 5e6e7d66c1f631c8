"""The documents of a QTI 2.1 package around its items: the test that lists them, and the manifest."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from quizapp.core.deck.schema import Card, Deck
from quizapp.core.exchange.heads import write_head
from quizapp.core.exchange.xmltree import escape, write_element

SPACE: Final = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SCHEMA: Final = f"{SPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_PACKAGE: Final = "http://www.imsglobal.org/xsd/imscp_v1p1"
_METADATA: Final = "http://www.imsglobal.org/xsd/imsmd_v1p2"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def item_path(card: Card) -> str:
    """Where the item of a card stands in the package."""
    return f"items/card-{card.id}.xml"


def write_test(deck: Deck) -> bytes:
    """The test: all items in the deck's order, to be answered in any."""
    refs = "\n".join(
        write_element("assessmentItemRef", attributes=[("identifier", f"card-{card.id}"), ("href", item_path(card))])
        for card in deck.cards
    )
    names = [("identifier", "cards"), ("title", deck.title), ("visible", "true")]
    section = write_element("assessmentSection", "\n", refs, "\n", attributes=names)
    modes = [("identifier", "part"), ("navigationMode", "nonlinear"), ("submissionMode", "individual")]
    attributes = [
        *(("xmlns", SPACE), ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"), ("xsi:schemaLocation", SCHEMA)),
        *(("identifier", f"deck-{deck.id}"), ("title", deck.title), ("toolName", "Quizapp")),
    ]
    part = write_element("testPart", section, attributes=modes)
    return (_DECLARATION + write_element("assessmentTest", "\n", part, "\n", attributes=attributes)).encode()


def _lang(text: str, language: str) -> str:
    return write_element("imsmd:langstring", escape(text), attributes=[("xml:lang", language)])


def _resource(ident: str, kind: str, path: str, files: Sequence[str] = (), needs: Sequence[str] = ()) -> str:
    inside = [write_element("file", attributes=[("href", one)]) for one in (path, *files)]
    inside += [write_element("dependency", attributes=[("identifierref", one)]) for one in needs]
    return write_element("resource", *inside, attributes=[("identifier", ident), ("type", kind), ("href", path)])


def write_manifest(deck: Deck, uses: Mapping[str, Sequence[str]]) -> bytes:
    """The manifest; ``uses`` are the names of the files that each card shows, by the card's id."""
    general = write_element(
        "imsmd:general",
        write_element("imsmd:title", _lang(deck.title, deck.language)),
        write_element("imsmd:description", _lang(write_head(deck), deck.language)),
    )
    metadata = write_element(
        "metadata",
        write_element("schema", "QTIv2.1 Package"),
        write_element("schemaversion", "1.0.0"),
        write_element("imsmd:lom", general),
    )
    resources = [
        _resource("test", "imsqti_test_xmlv2p1", "test.xml", needs=[f"card-{card.id}" for card in deck.cards]),
        *(
            _resource(
                f"card-{card.id}",
                "imsqti_item_xmlv2p1",
                item_path(card),
                [f"media/{quote(name)}" for name in uses.get(card.id, ())],
            )
            for card in deck.cards
        ),
    ]
    listed = write_element("resources", "\n", "\n".join(resources), "\n")
    space = [("xmlns", _PACKAGE), ("xmlns:imsmd", _METADATA), ("identifier", f"manifest-{deck.id}")]
    body = "\n".join([metadata, write_element("organizations"), listed])
    return (_DECLARATION + write_element("manifest", "\n", body, "\n", attributes=space)).encode()
