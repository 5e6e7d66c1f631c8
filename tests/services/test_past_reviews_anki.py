"""The whole way: a deck exported for Anki, studied there, and its history taken into the learner's own log here."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

from quizapp.core.learning.memory import to_millis
from quizapp.services import exchange, past_reviews
from quizapp.services.accounts import Viewer
from quizapp.services.exchange import Choices
from quizapp.services.memory import Rebuild, rebuild_states
from quizapp.services.past_reviews import TakenReviews
from quizapp.services.rules import StudyRules
from quizapp.store import logs
from quizapp.store.engine import Database


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """A new collection of the real Anki."""
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def study_there(collection: Collection, times: int) -> list[int]:
    """Answer cards as Anki brings them; gives the ratings."""
    collection.decks.select(collection.decks.id_for_name("Birds") or 1)
    for number in range(times):
        queued = collection.sched.get_queued_cards(fetch_limit=1).cards[0]
        card = collection.get_card(queued.card.id)
        card.start_timer()
        answer = collection.sched.build_answer(card=card, states=queued.states, rating=number % 4)
        collection.sched.answer_card(answer)
    return [number % 4 + 1 for number in range(times)]


@pytest.mark.parametrize(("form", "legacy"), [("anki", True), ("anki-new", False)])
def test_what_was_studied_in_anki_counts_here(
    library_database: Database,
    library_add_user: Callable[..., Viewer],
    collection: Collection,
    rules: StudyRules,
    noon: datetime,
    tmp_path: Path,
    form: str,
    legacy: bool,
) -> None:
    bob, ours, theirs = library_add_user("Bob"), tmp_path / "ours.apkg", tmp_path / "theirs.apkg"
    with library_database.reading() as session:
        ours.write_bytes(exchange.export_loaded(session, "birds", form, noon).data)
    request = ImportAnkiPackageRequest(package_path=str(ours), options=ImportAnkiPackageOptions(with_scheduling=True))
    collection.import_anki_package(request)
    ratings = study_there(collection, 6)
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
    collection.export_anki_package(out_path=str(theirs), options=options, limit=None)

    _, imported = exchange.read_file(theirs.read_bytes(), "theirs.apkg", Choices())
    later = datetime.fromtimestamp(max(review.at_ms for review in imported.reviews) / 1000 + 60, noon.tzinfo)
    decks = {deck.id: deck for deck in imported.decks}
    with library_database.writing() as session:
        told = past_reviews.take_of_file(session, bob, decks, imported.reviews, rules, later)
        again = past_reviews.take_of_file(session, bob, decks, imported.reviews, rules, later)
        log = logs.list_reviews(session, bob.learner_id)
        assert rebuild_states(session, rules, dry_run=True) == Rebuild(len({review.card_id for review in log}))
    assert (told, again) == (TakenReviews(taken=6), TakenReviews(known=6))
    assert [review.rating for review in log] == ratings
    assert [to_millis(review.answered_at) for review in log] == [review.at_ms for review in imported.reviews]
