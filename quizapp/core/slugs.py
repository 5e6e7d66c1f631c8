"""The ids of decks, cards and sources."""

import re

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 80


def is_slug(text: str) -> bool:
    """Whether this can be an id at all: what cannot be one need not be looked up."""
    return len(text) <= LONGEST_SLUG and _SLUG.fullmatch(text) is not None
