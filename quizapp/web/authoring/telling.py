"""What the checks and readers say, as the pages of authors show it: cards by what they ask, code as code."""

import html
import re

from flask import Blueprint
from markupsafe import Markup

from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.text import shorten
from quizapp.core.markup import plain_text
from quizapp.core.messages import Message, say
from quizapp.web.text import own_direction, translate

bp = Blueprint("telling", __name__)

_CODE = re.compile(r"`([^`]{1,200})`")
_LONGEST = 80


def _name_card(message: Message, content: Content | None) -> Message:
    """The question of a card in the place of its id and its line in the file; any other message as it is."""
    is_place = content is not None and {"id", "line"} == message.values.keys()
    card = content.find(str(message.values["id"])) if content and is_place else None
    if card is None:
        return message
    words = " ".join(plain_text(card.prompt or getattr(card, "text", "")).split())
    return say("“%(name)s”", name=shorten(words, _LONGEST) or card.id)


def _prepare(message: Message, content: Content | None, is_isolated: bool) -> Message:
    """The message with cards named, and each value kept in its own direction of reading where that is asked for."""
    named = _name_card(message, content)
    values: dict[str, object] = {}
    for name, value in named.values.items():
        if isinstance(value, Message):
            values[name] = _prepare(value, content, is_isolated)
        else:
            values[name] = f"\u2068{value}\u2069" if is_isolated and isinstance(value, str) else value
    return Message(named.template, values)


@bp.app_template_filter("told")
def tell(message: str, content: Content | None = None) -> Markup:
    """A message from below in the reader's language; what stands between backticks is shown as code.

    With ``content`` it names the cards there by what they ask. In languages that are read from right to left, words of
    others in it keep their own direction.
    """
    if isinstance(message, Message):
        message = _prepare(message, content, own_direction() == "rtl")
    return Markup(_CODE.sub(r"<code>\1</code>", html.escape(translate(message))))  # noqa: S704 - escaped
