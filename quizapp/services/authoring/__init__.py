"""Decks that teachers write in the browser. The functions that other use cases call are named here."""

from quizapp.services.authoring.drafts import (
    Author,
    Draft,
    add_cards,
    list_drafts,
    load_draft,
    start_draft,
    take_draft,
)
from quizapp.services.authoring.publishing import publish

__all__ = ["Author", "Draft", "add_cards", "list_drafts", "load_draft", "publish", "start_draft", "take_draft"]
