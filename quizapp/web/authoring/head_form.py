"""What is said of a whole deck, as it is typed into a form."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from quizapp.core.deck.schema import DeckHead
from quizapp.web.authoring.card_form import split_tags

TEXTS = ("title", "description", "language", "theme", "author", "license")


def read_head(form: MultiDict[str, str]) -> dict[str, object]:
    """The values to save."""
    texts: dict[str, object] = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS}
    return texts | {"tags": split_tags(form.get("tags", "")), "sources": form.getlist("sources")}


def fill_head(head: DeckHead) -> Mapping[str, object]:
    """What stands in the fields of a deck that is there."""
    texts: dict[str, object] = {name: getattr(head, name) for name in TEXTS}
    return texts | {"tags": ", ".join(head.tags), "sources": list(head.sources)}
