"""Showing what cards say: the filters of templates that turn Markdown into HTML, with the pictures of its deck."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Flask, g, url_for
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from quizapp.core.markup import Medium, list_embedded, plain_text, render, render_inline
from quizapp.services import media, media_history
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


def find_shown(
    deck: str, texts: Sequence[str], room: tuple[int, int] = ROOM, at: datetime | None = None
) -> Mapping[str, Medium]:
    """The pictures and sounds that some texts of a deck ask for, each looked up once a request.

    As they are now or, for what was said to an answer, as they were ``at`` its time.
    """
    known: dict[tuple[str, datetime | None, str], ShownMedium | None] = g.setdefault("media", {})
    names = {embedded.name for text in texts for embedded in list_embedded(text)}
    wanted = {name for name in names if (deck, at, name) not in known}
    found = _look_up(deck, wanted, at) if wanted else {}
    known.update({(deck, at, name): found.get(name) for name in wanted})
    return {name: _make_medium(shown, room) for name in names if (shown := known[deck, at, name]) is not None}


def _look_up(deck: str, names: Collection[str], at: datetime | None) -> Mapping[str, ShownMedium]:
    return media.find(reader(), deck, names) if at is None else media_history.find_at(reader(), deck, names, at)


def _look(value: Any, name: str) -> Any:
    """What a template gets by ``value.name``; None where there is nothing."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _find_time(value: Any, context: Context) -> datetime | None:
    """When what the template shows was answered; None where it is to be answered yet, or stands for itself."""
    attempt = _look(context.get("result"), "attempt") if value is context.get("judged") else None
    times = (_look(value, "answered_at"), _look(attempt, "ended_at"))
    return next((time for time in times if isinstance(time, datetime)), None)


def _list_decks(context: Context) -> Iterator[tuple[str, datetime | None]]:
    """The deck of what the template shows at this place, by whatever it has at hand; and as of when it is shown."""
    card = context.get("card")
    values = [context.get(name) for name in _SHOWN]
    values.sort(key=lambda value: _look(value, "card") is not card)
    for value in values:
        ref, deck = _look(value, "ref"), _look(value, "deck")
        for slug in (ref.partition("/")[0] if isinstance(ref, str) else "", deck, _look(deck, "slug")):
            if isinstance(slug, str) and slug:
                yield slug, _find_time(value, context)
    if isinstance(slug := _look(context.get("draft"), "slug"), str):
        yield slug, None


def _find_media(
    context: Context, texts: Sequence[str], deck: str, room: tuple[int, int] = ROOM
) -> Mapping[str, Medium]:
    if not any("![" in text for text in texts):
        return {}  # nearly all texts: no query, and nothing else either
    found, at = (deck, None) if deck else next(_list_decks(context), ("", None))
    return find_shown(found, texts, room, at)


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
