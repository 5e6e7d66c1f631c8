"""`quizapp deck load` beside decks that are written in the browser."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from plumbing import samples
from plumbing.command_line import Run

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.services.authoring import Author
from quizapp.services.authoring.history import take_over
from quizapp.store.engine import Database

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Load = Callable[..., tuple[int, str]]


@pytest.fixture
def load(run: Run, folder: Path) -> Load:
    """Load a folder with this deck; gives the exit status and what was said: ``load(samples.DECK, "--dry-run")``."""

    def call(deck: bytes, *more: str) -> tuple[int, str]:
        (folder / "birds.yaml").write_bytes(deck)
        said = run("deck", "load", folder, *more)
        return said.status, said.out + said.err

    return call


def test_a_dry_run_tells_what_happens_to_whom_card_by_card(load: Load) -> None:
    load(samples.DECK)
    edited = samples.DECK.replace(b"answer: long", b"answer: thin").replace(b"id: winter", b"id: summer")
    status, said = load(edited, "--dry-run")
    assert status == 0
    assert "  legs: THE ANSWER CHANGES; learners with progress: 0, answers: 0" in said
    assert "  winter: retired; learners with progress: 0, answers: 0" in said
    assert "  summer:" not in said
    assert "THE ANSWER CHANGES" not in load(edited)[1]


def test_a_deck_that_was_taken_over_is_left_to_the_browser(load: Load, tmp_path: Path) -> None:
    load(samples.DECK)
    database = Database(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")
    with database.writing() as session:
        alice = accounts.add_user(session, "Alice", Role.TEACHER, "three grey herons", NOW)
    with database.writing() as session:
        take_over(session, Author(alice.account_id or 0, "Alice", is_admin=False), "birds", NOW)
    database.dispose()
    status, said = load(samples.DECK.replace(b"answer: long", b"answer: thin"))
    assert status == 0
    assert "deck birds: its master is in the browser, and it was left as it is." in said
    assert "1 changed" not in said
