"""Showing what cards say: the filters of templates that turn Markdown into HTML, with the pictures of its deck."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Flask, g, url_for
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from quizapp.core.markup import Medium, list_embedded, plain_text, render, render_inline
from quizapp.services import media
from quizapp.services.media import ShownMedium
from quizapp.web.context import reader
from quizapp.web.text import cloze_html

ROOM = (640, 480)
"""The most that a picture takes of a page, in the pixels of a style sheet: the card stays in sight around it."""
ROOM_IN_LINE = (240, 160)
"""The same for one within a line: an option, an item, a side of a pair."""
_SHOWN = ("judged", "verdict", "result", "question", "text", "card")
"""The names under which templates have what a card is shown of, innermost first."""


def media_url(shown: ShownMedium) -> str:
    """The address of a picture or sound: another one whenever its content is another."""
    return url_for("media.send", deck=shown.deck, mark=shown.mark, name=shown.name)


def _make_medium(shown: ShownMedium, room: tuple[int, int]) -> Medium:
    """As large as it is to be seen: sharp screens have more pixels for the same length."""
    scale = min(1, room[0] / max(shown.width, 1), room[1] / max(shown.height, 1))
    width, height = (max(round(scale * side), 1) for side in (shown.width, shown.height))
    return Medium(media_url(shown), shown.is_sound, width, height)


def find_shown(deck: str, texts: Sequence[str], room: tuple[int, int] = ROOM) -> Mapping[str, Medium]:
    """The pictures and sounds that some texts of a deck ask for, each looked up once a request."""
    known: dict[tuple[str, str], ShownMedium | None] = g.setdefault("media", {})
    names = {embedded.name for text in texts for embedded in list_embedded(text)}
    wanted = {name for name in names if (deck, name) not in known}
    found = media.find(reader(), deck, wanted) if wanted else {}
    known.update({(deck, name): found.get(name) for name in wanted})
    return {name: _make_medium(shown, room) for name in names if (shown := known[deck, name]) is not None}


def _look(value: Any, name: str) -> Any:
    """What a template gets by ``value.name``; None where there is nothing."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _list_decks(context: Context) -> Iterator[str]:
    """The deck of what the template shows at this place, by whatever it has at hand."""
    card = context.get("card")
    values = [context.get(name) for name in _SHOWN]
    values.sort(key=lambda value: _look(value, "card") is not card)
    for value in values:
        ref, deck = _look(value, "ref"), _look(value, "deck")
        for slug in (ref.partition("/")[0] if isinstance(ref, str) else "", deck, _look(deck, "slug")):
            if isinstance(slug, str) and slug:
                yield slug
    if isinstance(slug := _look(context.get("draft"), "slug"), str):
        yield slug


def _find_media(
    context: Context, texts: Sequence[str], deck: str, room: tuple[int, int] = ROOM
) -> Mapping[str, Medium]:
    if not any("![" in text for text in texts):
        return {}  # nearly all texts: no query, and nothing else either
    return find_shown(deck or next(_list_decks(context), ""), texts, room)


@pass_context
def show_markdown(context: Context, text: str, deck: str = "") -> Markup:
    """Filter: a card's text as blocks, with its pictures. ``deck`` where the template's values do not tell it."""
    return Markup(render(text, _find_media(context, [text], deck)))  # noqa: S704 - render's HTML is safe


@pass_context
def show_inline(context: Context, text: str, deck: str = "", *, sounds: bool = True) -> Markup:
    """Filter: a card's text within a line, with its pictures; within a button without its sounds."""
    found = _find_media(context, [text], deck, ROOM_IN_LINE)
    fit = found if sounds else {name: medium for name, medium in found.items() if not medium.is_sound}
    return Markup(render_inline(text, fit))  # noqa: S704 - safe too


def show_plain(text: str) -> str:
    """Filter: a card's text where no pictures can be: in a list to choose from, in a label. One line."""
    return " ".join(plain_text(text).split())


@pass_context
def show_cloze(context: Context, pieces: Sequence[str], deck: str = "") -> list[Markup]:
    """Filter: the pieces of a cloze text as HTML, with room for a field between each two."""
    return cloze_html(pieces, _find_media(context, pieces, deck))


def init_app(app: Flask) -> None:
    """Teach the app's templates to show what cards say."""
    filters: dict[str, Any] = {
        "markdown": show_markdown,
        "markdown_inline": show_inline,
        "plain": show_plain,
        "cloze_html": show_cloze,
    }
    for name, show in filters.items():
        app.add_template_filter(show, name)
