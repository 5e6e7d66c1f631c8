"""What the checks and readers say, as the pages of authors show it: cards by what they ask, code as code."""

import html
import re

from flask import Blueprint
from markupsafe import Markup

from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.text import shorten
from quizapp.core.markup import plain_text
from quizapp.core.messages import Message, say
from quizapp.web.text import translate

bp = Blueprint("telling", __name__)

_CODE = re.compile(r"`([^`]{1,200})`")
_LONGEST = 80


def _name_cards(message: str, content: Content) -> str:
    """The message, with the question of each card in the place of its id and line in the file."""
    if not isinstance(message, Message):
        return message
    card = content.find(str(message.values["id"])) if {"id", "line"} == message.values.keys() else None
    if card is not None:
        words = " ".join(plain_text(card.prompt or getattr(card, "text", "")).split())
        return say("“%(name)s”", name=shorten(words, _LONGEST) or card.id)
    values = {name: _name_cards(value, content) if isinstance(value, str) else value
              for name, value in message.values.items()}  # fmt: skip
    return Message(message.template, values)


@bp.app_template_filter("told")
def tell(message: str, content: Content | None = None) -> Markup:
    """A message from below in the reader's language; what stands between backticks is shown as code.

    With ``content`` it names the cards there by what they ask.
    """
    said = translate(_name_cards(message, content) if content is not None else message)
    return Markup(_CODE.sub(r"<code>\1</code>", html.escape(said, quote=False)))  # noqa: S704 - escaped right here
