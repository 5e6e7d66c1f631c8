"""Handing a deck back to its folder, and two who take the same name at once."""

import threading
from datetime import datetime

import pytest
from plumbing import samples

from quizapp.core.errors import Conflict, NotFound
from quizapp.services.authoring import Author, load_draft, start_draft, take_draft
from quizapp.services.authoring.effects import Effect
from quizapp.services.authoring.handing import find_origin, hand_back, preview_hand_back
from quizapp.services.authoring.history import list_versions, take_over, upload_text
from quizapp.services.authoring.publishing import publish
from quizapp.services.library import InputFile, LoadReport, load_files
from quizapp.store import authoring as store
from quizapp.store.engine import Database

CHANGED = samples.DECK.replace(b"How tall is", b"How high is").replace(b"- id: winter", b"- id: summer")


def _load(database: Database, deck: bytes, now: datetime) -> LoadReport:
    with database.writing() as session:
        return load_files(session, [InputFile("h.md", samples.SOURCE)], [InputFile("birds.yaml", deck)], now)


def test_a_deck_goes_back_to_its_folder_and_its_history_goes_on_when_it_is_taken_over_again(
    library_database: Database, alice: Author, dana: Author, noon: datetime
) -> None:
    with library_database.writing() as session:
        take_over(session, alice, "birds", noon)
        assert preview_hand_back(session, alice, "birds").effects == ()
        upload_text(session, alice, "birds", CHANGED, 1, noon)
        publish(session, alice, "birds", noon)
        preview = preview_hand_back(session, alice, "birds")
        found = {one.id: one.effect for one in preview.effects}
        assert found == {"height": Effect.WORDING, "winter": Effect.BACK, "summer": Effect.RETIRED}
        assert (preview.kept, preview.learners, preview.since.by_name) == (6, 0, "Alice")
        with pytest.raises(NotFound):
            preview_hand_back(session, dana, "birds")
        with pytest.raises(NotFound):
            hand_back(session, dana, "birds", 2, noon)
        with pytest.raises(Conflict):
            hand_back(session, alice, "birds", 1, noon)
        hand_back(session, alice, "birds", 2, noon)
        with pytest.raises(NotFound):
            load_draft(session, alice, "birds")
        with pytest.raises(NotFound):
            hand_back(session, alice, "birds", 3, noon)
        assert store.list_browser_decks(session) == set()
        assert store.list_drafts(session, None) == []
    report = _load(library_database, samples.DECK, noon)
    assert (report.in_browser, report.problems) == ((), ())
    assert set(report.decks[0].changed) == {"height", "winter"}
    with library_database.writing() as session:
        assert take_over(session, dana, "birds", noon) == 4
        draft = load_draft(session, dana, "birds")
        assert (draft.text, draft.has_changes) == (samples.DECK.decode(), False)
        told = [(one.what, one.by_name) for one in list_versions(session, dana, "birds")]
        assert told == [
            ("taken-over", "Dana"),
            ("handed-back", "Alice"),
            ("uploaded", "Alice"),
            ("taken-over", "Alice"),
        ]
        with pytest.raises(NotFound):
            load_draft(session, alice, "birds")
        origin = find_origin(session, draft)
        assert origin is not None
        assert origin.number == 4


def test_a_deck_that_was_begun_here_has_no_folder(library_database: Database, alice: Author, noon: datetime) -> None:
    with library_database.writing() as session:
        slug = start_draft(session, alice, "Herons", "en", "nature", [], noon)
        for act in (lambda: preview_hand_back(session, alice, slug), lambda: hand_back(session, alice, slug, 1, noon)):
            with pytest.raises(Conflict):
                act()


def test_two_who_begin_a_deck_of_one_title_at_once_get_two_decks(
    library_database: Database, alice: Author, dana: Author, noon: datetime
) -> None:
    begun = []

    def begin() -> None:
        with library_database.writing() as session:
            begun.append(start_draft(session, dana, "Herons", "en", "nature", [], noon))

    other = threading.Thread(target=begin)
    with library_database.writing() as session:
        assert store.add_draft(session, "herons", "Herons", alice.account_id, noon) is not None
        other.start()
        other.join(0.5)  # where the database lets both write, the other has looked by now and waits for this one
        session.commit()
    other.join(60)
    assert begun == ["herons-2"]


def test_taking_a_deck_that_somebody_begins_at_the_same_moment_is_a_conflict(
    library_database: Database, alice: Author, dana: Author, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with library_database.writing() as session:
        content = load_draft(session, alice, start_draft(session, alice, "Herons", "en", "nature", [], noon)).content
        birds = take_over(session, alice, "birds", noon)
        deck = load_draft(session, alice, "birds", version=birds).deck
        assert deck is not None
    monkeypatch.setattr(store, "lock_draft", lambda *_: None)  # as it was when one looked
    monkeypatch.setattr("quizapp.services.authoring.drafts.deck_store.find_deck", lambda *_: None)
    with library_database.writing() as session, pytest.raises(Conflict):
        take_draft(session, dana, deck.model_copy(update={"id": content.head.id}), noon)
