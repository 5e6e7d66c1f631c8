"""Reading a text: its blocks in order, what was studied, and the passage of one's own answer."""

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
from plumbing import samples

from quizapp.core.errors import NotFound
from quizapp.services import health, sources, study
from quizapp.services.accounts import Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database

AddUser = Callable[..., Viewer]


def test_a_text_is_shown_in_its_order_with_numbered_paragraphs(library_database: Database) -> None:
    with library_database.reading() as session:
        shown = sources.read_source(session, "herons", None)
    assert [(block.kind, block.number) for block in shown.blocks] == [
        ("heading", None),
        ("paragraph", 1),
        ("heading", None),
        ("paragraph", 2),
        ("paragraph", 3),
    ]
    assert shown.source.title == "The grey heron"
    assert "<strong>long-legged</strong>" in shown.blocks[1].html
    assert [block.cards for block in shown.blocks] == [0, 3, 0, 2, 3]


def test_what_was_studied_is_counted_by_paragraph(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    with library_database.writing() as session:
        for card, response in (("height", "100 cm"), ("legs", "blue"), ("legs", "long"), ("food", ["Bread"])):
            submission = Submission("birds", card, 1, response)
            key = study.answer_card(session, bob, submission, str(uuid.uuid4()), rules, noon).key
        study.undo_answer(session, bob.learner_id, key, noon, rules=rules)
        shown = sources.read_source(session, "herons", bob.learner_id)
        assert [(block.studied, block.recalled) for block in shown.blocks if block.number] == [(2, 2), (0, 0), (0, 0)]
        (line,) = sources.list_sources(session, bob.learner_id)
        assert (line.paragraphs, line.cards, line.studied) == (3, 8, 2)


def test_the_passage_of_an_answer_is_marked(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    with library_database.writing() as session:
        submission = Submission("birds", "legs", 1, "long")
        answer = study.answer_card(session, bob, submission, str(uuid.uuid4()), rules, noon)
        shown = sources.read_source(session, "herons", bob.learner_id, answer)
    marked = [block.number for block in shown.blocks if "<mark" in block.html]
    assert marked == [1]
    assert "long-legged" in shown.blocks[1].html.partition("<mark")[2]


@pytest.mark.parametrize("name", ["none", "", "../herons", "her\x00ons"])
def test_an_unknown_text_is_not_found(library_database: Database, name: str) -> None:
    with library_database.reading() as session, pytest.raises(NotFound):
        sources.read_source(session, name, None)


def test_without_texts_the_list_is_empty(database: Database) -> None:
    with database.reading() as session:
        assert sources.list_sources(session, None) == []
        assert sources.load_source_for_checks(session, "none") is None
        health.check(session)


def test_a_stored_text_is_given_back_as_it_was_read(database: Database, noon: datetime) -> None:
    full = samples.SOURCE.replace(
        b"kind: article\n",
        b"kind: study-edition\noriginal: {file: herons.txt, sha256: " + b"a" * 64 + b"}\nauthor: A naturalist\n"
        b"published: 2020-05-01\nurl: https://example.org/herons\nlicense: CC BY 4.0\n",
    )
    with database.writing() as session:
        assert load_files(session, [InputFile("h.md", full)], [], noon).problems == ()
        source = sources.load_source_for_checks(session, "herons")
    assert source is not None
    assert (source.kind, source.author, source.url) == ("study-edition", "A naturalist", "https://example.org/herons")
    assert source.original is not None
    assert source.original.file == "herons.txt"
