"""Cited passages, as the templates show them."""

from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from quizapp.services.results import CitedPassage
from quizapp.web.urls import url_for


def find_address(source_id: str, paragraph: int, answer: str = "") -> str:
    """The address of a paragraph in its text. ``answer`` is the key of an answer, whose passages the text marks."""
    asked = f"?answer={quote(answer, safe='')}" if answer else ""
    return f"{url_for('sources.read', source_id=source_id)}{asked}#p{paragraph}"


def view_passage(passage: CitedPassage, answer: str = "") -> dict[str, Any]:
    """A cited passage for the template: its HTML is marked as safe, and it knows its address in the text.

    ``answer`` is the key of an answer in the log, whose passages the text then marks. Without one, the address holds
    the words themselves, for the browser to mark.
    """
    url = find_address(passage.source_id, passage.paragraph, answer)
    words = "" if answer else "&".join(f"text={quote(words, safe='')}" for words in passage.quotes)
    return {
        "source_id": passage.source_id,
        "source_title": passage.source_title,
        "language": passage.language,
        "paragraph": passage.paragraph,
        "html": Markup(passage.html),  # noqa: S704 - made by core.markup
        "quotes": passage.quotes,
        "lost": passage.lost,
        "url": f"{url}:~:{words}" if words else url,
    }
