"""Folders and the browser: who is the master, and what a load says before it does anything."""

import uuid
from collections.abc import Callable
from datetime import datetime

from plumbing import samples

from quizapp.services import study
from quizapp.services.accounts import Viewer
from quizapp.services.authoring import Author, load_draft
from quizapp.services.authoring.effects import Effect
from quizapp.services.authoring.history import take_over
from quizapp.services.library import InputFile, LoadReport, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database


def _load(database: Database, deck: bytes, now: datetime, *, dry_run: bool = False) -> LoadReport:
    with database.writing() as session:
        sources = [InputFile("herons.md", samples.SOURCE)]
        return load_files(session, sources, [InputFile("birds.yaml", deck)], now, dry_run=dry_run)


def test_a_folder_does_not_overwrite_what_is_written_in_the_browser(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    with library_database.writing() as session:
        take_over(session, alice, "birds", noon)
    report = _load(library_database, samples.DECK.replace(b"title: Birds", b"title: Others"), noon)
    assert (report.in_browser, report.decks, report.problems) == (("birds",), (), ())
    with library_database.reading() as session:
        assert load_draft(session, alice, "birds").title == "Birds"


def test_a_dry_run_says_what_changes_for_whom_and_changes_nothing(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    with library_database.writing() as session:
        study.answer_card(session, bob, Submission("birds", "legs", 1, "long"), str(uuid.uuid4()), rules, noon)
    edited = samples.DECK.replace(b"answer: long", b"answer: thin").replace(b"How tall is", b"How high is")
    edited = edited.replace(b"- id: winter", b"- id: summer")
    for _ in range(2):
        report = _load(library_database, edited, noon, dry_run=True)
        found = {one.id: (one.effect, one.figures.learners) for one in report.effects["birds"]}
        assert found == {
            "height": (Effect.WORDING, 0),
            "summer": (Effect.NEW, 0),
            "legs": (Effect.ANSWER, 1),
            "winter": (Effect.RETIRED, 0),
        }
    assert _load(library_database, edited, noon).effects == {}


def test_loading_the_same_file_again_keeps_it_as_it_is(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    commented = samples.DECK + b"# by hand\n"
    for _ in range(2):
        assert _load(library_database, commented, noon).problems == ()
    with library_database.writing() as session:
        take_over(session, alice, "birds", noon)
        assert load_draft(session, alice, "birds").text == commented.decode()
