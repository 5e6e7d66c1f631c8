"""Word documents and archives made by hand, and what is inside them."""

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _make_docx(body: str, *, styles: str = "", numbering: str = "", more: Mapping[str, str] | None = None) -> bytes:
    parts = {"word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>"}
    if styles:
        parts["word/styles.xml"] = f"<w:styles {_W}>{styles}</w:styles>"
    if numbering:
        parts["word/numbering.xml"] = f"<w:numbering {_W}>{numbering}</w:numbering>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (parts | dict(more or {})).items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def make_docx() -> Callable[..., bytes]:
    """Make a Word document of the XML of its body."""
    return _make_docx


@pytest.fixture
def paragraph() -> Callable[..., str]:
    """The XML of a paragraph: its text, and what is said about it."""

    def write(text: str, about: str = "") -> str:
        said = f"<w:pPr>{about}</w:pPr>" if about else ""
        return f'<w:p>{said}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'

    return write
