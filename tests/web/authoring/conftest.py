"""Alice writes decks; Bob studies; Dana teaches elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest

from quizapp.services.accounts import Role


@pytest.fixture
def alice(browser_of: Callable[..., Any]) -> Any:
    """Alice's browser."""
    return browser_of("Alice", Role.TEACHER)


@pytest.fixture
def dana(browser_of: Callable[..., Any]) -> Any:
    """Dana's browser."""
    return browser_of("Dana", Role.TEACHER)


@pytest.fixture
def bob(browser_of: Callable[..., Any]) -> Any:
    """Bob's browser."""
    return browser_of("Bob")


@pytest.fixture
def deck(alice: Any) -> str:
    """A deck that Alice has begun; its slug."""
    alice.get("/author/")
    fields = {"title": "Herons", "language": "en", "theme": "nature", "sources": "herons"}
    assert alice.post("/author/", fields).status_code == 303
    return "herons"
