"""The documents of a Canvas package around its questions: the assessment, what is said of it, and the manifest."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.heads import write_head
from quizapp.core.exchange.xmltree import escape, write_element
from quizapp.core.markup import render

_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_QTI: Final = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_META: Final = "http://canvas.instructure.com/xsd/cccv1p0"
_PACKAGE: Final = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_META_TYPE: Final = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_metadata(fields: Mapping[str, str]) -> str:
    """Fields of metadata by their labels."""
    return write_element(
        "qtimetadata",
        *(
            write_element(
                "qtimetadatafield", write_element("fieldlabel", label), write_element("fieldentry", escape(entry))
            )
            for label, entry in fields.items()
        ),
    )


def identify(deck: Deck) -> str:
    """The name of a deck in its package: the same each time, so that a second import finds the first."""
    return "g" + hashlib.sha256(deck.id.encode()).hexdigest()[:32]


def write_assessment(deck: Deck, items: Sequence[str]) -> bytes:
    """The document of the questions; ``items`` are theirs."""
    section = write_element("section", "\n", "\n".join(items), "\n", attributes=[("ident", "root_section")])
    attempts = write_metadata({"cc_maxattempts": "1"})
    comment = write_element("qticomment", escape(write_head(deck)))
    names = [("ident", identify(deck)), ("title", deck.title)]
    assessment = write_element("assessment", comment, attempts, section, attributes=names)
    space = [("xmlns", _QTI), ("xmlns:xsi", _XSI), ("xsi:schemaLocation", f"{_QTI} {_QTI}p1.xsd")]
    return (_DECLARATION + write_element("questestinterop", "\n", assessment, attributes=space)).encode()


def write_meta(deck: Deck) -> bytes:
    """What Canvas wants to know of the quiz: for practice, as often as one likes, not yet shown."""
    fields = {
        "title": deck.title,
        "description": render(deck.description),
        "shuffle_answers": "true",
        "scoring_policy": "keep_highest",
        "quiz_type": "practice_quiz",
        "points_possible": f"{len(deck.cards)}.0",
        "show_correct_answers": "true",
        "allowed_attempts": "-1",
        "available": "false",
    }
    inside = "\n".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in fields.items())
    space = [("identifier", identify(deck)), ("xmlns", _META), ("xmlns:xsi", _XSI)]
    schema = ("xsi:schemaLocation", f"{_META} https://canvas.instructure.com/xsd/cccv1p0.xsd")
    return (_DECLARATION + write_element("quiz", "\n", inside, "\n", attributes=[*space, schema])).encode()


def _resource(ident: str, kind: str, path: str, *inside: str, is_page: bool = True) -> str:
    attributes = [("identifier", ident), ("type", kind), *([("href", path)] if is_page else [])]
    return write_element("resource", write_element("file", attributes=[("href", path)]), *inside, attributes=attributes)


def write_manifest(deck: Deck, media: Sequence[str]) -> bytes:
    """The manifest: what is in the package; ``media`` are the names of the files under ``media/``."""
    ident = identify(deck)
    needs = write_element("dependency", attributes=[("identifierref", f"{ident}_meta")])
    resources = [
        _resource(ident, "imsqti_xmlv1p2", f"{ident}/{ident}.xml", needs, is_page=False),
        _resource(f"{ident}_meta", _META_TYPE, f"{ident}/assessment_meta.xml"),
        *(
            _resource(f"{ident}_file{number}", "webcontent", f"media/{quote(name)}")
            for number, name in enumerate(media, 1)
        ),
    ]
    schema = write_element("schema", "IMS Content") + write_element("schemaversion", "1.1.3")
    body = "\n".join(
        [
            write_element("metadata", schema),
            write_element("organizations"),
            write_element("resources", "\n", "\n".join(resources), "\n"),
        ]
    )
    space = [("identifier", f"{ident}_manifest"), ("xmlns", _PACKAGE)]
    return (_DECLARATION + write_element("manifest", "\n", body, "\n", attributes=space)).encode()
