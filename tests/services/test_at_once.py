"""Two who work at the same time, on PostgreSQL: one waits for the other, nobody for ever, and the counts stay true."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from plumbing import samples
from plumbing.meanwhile import meanwhile
from sqlmodel import Session

from quizapp.core.deck.edit.content import read_content
from quizapp.core.source.document import Source, read_source
from quizapp.services import decks, study
from quizapp.services.accounts import Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.results import AnswerResult
from quizapp.services.rules import StudyRules
from quizapp.services.sources_replace import replace_source
from quizapp.services.submissions import Submission
from quizapp.store import study as study_store
from quizapp.store.engine import Database
from quizapp.store.states import RESTING, find_miscounts

pytestmark = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


def test_a_card_that_is_retired_while_it_is_answered_rests(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    without = samples.DECK.replace(b"id: legs", b"id: feathers")
    file = read_content(without, "birds.yaml")
    assert not isinstance(file, tuple)
    assert file.file is not None

    def answer(session: Session) -> object:
        submission = Submission("birds", "legs", 1, "long")
        return study.answer_card(session, bob, submission, str(uuid.uuid4()), rules, noon)

    with library_database.writing() as session:
        decks.load_deck(session, file.file.deck, without, noon)
        with meanwhile(library_database, answer) as answered:
            study_store.lock_learner(session, bob.learner_id)  # as for grading old answers again
            session.commit()
    (result,) = answered
    assert isinstance(result, AnswerResult), result
    with library_database.writing() as session:
        assert session.execute(sa.text("SELECT queue FROM card_state")).scalars().all() == [RESTING]
        assert find_miscounts(session) == 0


def test_an_answer_is_taken_back_after_its_card_was_retiredmeanwhile(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    keys = [str(uuid.uuid4()), str(uuid.uuid4())]
    without = samples.DECK.replace(b"id: legs", b"id: feathers")
    file = read_content(without, "birds.yaml")
    assert not isinstance(file, tuple)
    assert file.file is not None
    with library_database.writing() as session:
        for key in keys:
            study.answer_card(session, bob, Submission("birds", "legs", 1, "long"), key, rules, noon)
    with library_database.writing() as session:
        decks.load_deck(session, file.file.deck, without, noon)

        def undo(other: Session) -> object:
            return study.undo_answer(other, bob.learner_id, keys[1], noon, rules=rules)

        with meanwhile(library_database, undo) as undone:
            session.commit()
    (result,) = undone
    assert isinstance(result, AnswerResult), result
    with library_database.writing() as session:
        assert session.execute(sa.text("SELECT queue FROM card_state")).scalars().all() == [RESTING]
        assert find_miscounts(session) == 0


SOURCE = """\
---
id: {name}
title: The {name}
language: en
kind: article
---

The {name} is a {size} bird that lives by the water.
"""
DECK = """\
format: 1
id: {name}s
title: Two birds
language: en
theme: nature
sources: [{name}, heron]
cards:
  - id: own
    type: short
    prompt: Which bird is it?
    answer: {name}
    citations: [{{source: {name}, paragraph: 1, quote: lives by the water}}]
  - id: other
    type: short
    prompt: And which is this?
    answer: heron
    citations: [{{source: heron, paragraph: 1, quote: lives by the water}}]
"""


def _write(name: str, size: str) -> bytes:
    return SOURCE.format(name=name, size=size).encode()


def _read(data: bytes) -> Source:
    source = read_source(data, "bird.md")
    assert not isinstance(source, tuple)
    return source


def test_two_texts_whose_decks_share_a_third_are_replaced_at_once(
    database: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        sources = [InputFile(f"{name}.md", _write(name, "small")) for name in ("egret", "heron", "stork")]
        files = [InputFile(f"{name}.yaml", DECK.format(name=name).encode()) for name in ("egret", "stork")]
        assert load_files(session, sources, files, noon).problems == ()

    def replace(name: str) -> Callable[[Session], Any]:
        data = _write(name, "very large")
        return lambda session: replace_source(session, name, _read(data), data, noon)

    with database.writing() as session:
        commit = session.commit
        monkeypatch.setattr(session, "commit", lambda: None)  # all is done, and waits to be kept
        replace("egret")(session)
        with meanwhile(database, replace("stork")) as replaced:
            commit()
    (result,) = replaced
    assert not isinstance(result, Exception), result
    with database.writing() as session:
        pairs = session.execute(sa.text("SELECT count(*) FROM sibling")).scalar_one()
    assert pairs == 2  # each of the cards about the heron is the other's
