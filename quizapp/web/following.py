"""What is being followed while cards are answered: a plan or an assignment, whose next card is not its deck's.

The address of every page of study says so, so that it works without script and in several tabs at once.
"""

import re
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

_STUDY = {"plan": "plans.study", "assignment": "assignments.study"}
"""The name in the address of what can be followed, and the page that asks its next card."""
_PAGES = ("study.", "claims.")
_HANDLE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def follow(kind: str, handle: str) -> None:
    """From here on all addresses of study pages follow this ``plan`` or ``assignment``."""
    g.followed = (kind, handle)


def find_followed() -> ResponseReturnValue | None:
    """Where a card was answered for a plan or an assignment, the next one is its next, not the deck's."""
    if not (request.endpoint or "").startswith(_PAGES):
        return None
    for kind, page in _STUDY.items():
        handle = request.args.get(kind, "")
        if _HANDLE.fullmatch(handle):
            follow(kind, handle)
            return redirect(url_for(page, handle=handle)) if request.endpoint == "study.ask" else None
    return None


def keep_followed(endpoint: str, values: dict[str, Any]) -> None:
    """Every address of the study pages keeps what is being followed."""
    if endpoint.startswith(_PAGES) and (followed := g.get("followed")):
        kind, handle = followed
        values.setdefault(kind, handle)
