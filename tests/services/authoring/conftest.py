"""Alice and Dana, who write decks, and a database with a text to cite."""

from collections.abc import Callable

import pytest

from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author


@pytest.fixture
def author_of(library_add_user: Callable[..., Viewer]) -> Callable[..., Author]:
    """Make a teacher who writes decks: ``author_of("Alice")``."""

    def make(name: str, role: Role = Role.TEACHER) -> Author:
        viewer = library_add_user(name, role)
        assert viewer.account_id is not None
        return Author(viewer.account_id, name, role is Role.ADMIN)

    return make


@pytest.fixture
def alice(author_of: Callable[..., Author]) -> Author:
    """Alice, a teacher."""
    return author_of("Alice")


@pytest.fixture
def dana(author_of: Callable[..., Author]) -> Author:
    """Dana, who teaches elsewhere."""
    return author_of("Dana")
