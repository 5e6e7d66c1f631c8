"""Reviews made elsewhere join a learner's log: in the order of time, once, and as the memory would have it."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.exchange.model import PastReview
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.memory import Rating, to_millis
from quizapp.services import accounts, past_reviews, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author
from quizapp.services.authoring.regrading import preview_regrade, regrade
from quizapp.services.memory import Rebuild, rebuild_states
from quizapp.services.past_reviews import TakenReviews
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import authoring_effects, claims, fits, logs, plans_scope, reports, states
from quizapp.store import study as study_store
from quizapp.store.engine import Database
from quizapp.store.study import ReviewRecord
from quizapp.store.tables import CardRevisionRow, table_of

AddUser = Callable[..., Viewer]
Take = Callable[..., TakenReviews]
Give = Callable[..., str]


@pytest.fixture
def bob(library_add_user: AddUser) -> Viewer:
    """Somebody who studied elsewhere before."""
    return library_add_user("Bob")


@pytest.fixture
def take(library_database: Database, rules: StudyRules, noon: datetime) -> Take:
    """Take reviews of birds: ``take(who, ("height", -3, 4), …)`` with days from now and ratings."""

    def taking(who: Viewer, *reviews: tuple[str, float, int]) -> TakenReviews:
        made = [PastReview(card, to_millis(noon + timedelta(days=days)), rating, 900) for card, days, rating in reviews]
        with library_database.writing() as session:
            return past_reviews.take(session, who, "birds", made, rules, noon)

    return taking


@pytest.fixture
def give(library_database: Database, rules: StudyRules) -> Give:
    """Answer here: ``give(who, card, response, now)`` gives the key."""

    def answer(who: Viewer, card: str, response: object, now: datetime) -> str:
        with library_database.writing() as session:
            submission = Submission("birds", card, 1, response)
            return study.answer_card(session, who, submission, str(uuid.uuid4()), rules, now).key

    return answer


def read_log(database: Database, who: Viewer) -> list[ReviewRecord]:
    """Somebody's whole log."""
    with database.reading() as session:
        return logs.list_reviews(session, who.learner_id)


def test_they_stand_in_the_order_of_time_between_the_answers_that_are_there(
    library_database: Database, bob: Viewer, take: Take, give: Give, rules: StudyRules, noon: datetime
) -> None:
    first = give(bob, "height", "50 cm", noon - timedelta(days=10))
    legs = give(bob, "legs", "long", noon - timedelta(days=9))
    last = give(bob, "height", "100 cm", noon - timedelta(days=1))
    untouched = read_log(library_database, bob)[1]
    told = take(bob, ("height", -5, 3), ("height", -20, 1), ("name", -2, 2))
    assert (told.taken, told.known, told.skipped) == (3, 0, 0)
    log = read_log(library_database, bob)
    assert [review.seq for review in log] == [1, 2, 3, 4, 5, 6]
    assert [log[1].key, log[2].key, log[5].key] == [first, legs, last]
    assert replace(log[2], seq=untouched.seq) == untouched
    height = [review for review in log if review.card_id == log[0].card_id]
    assert [review.state_before for review in height] == ["", *(review.state_after for review in height[:-1])]
    assert [review.score for review in log if review.made_elsewhere] == [0.0, 1.0, 1.0]
    with library_database.reading() as session:
        state = states.find_state(session, bob.learner_id, log[0].card_id)
        assert fits.list_answers(session, "learner", bob.learner_id)[0].rating == 1  # fitting learns from them
    assert state == rules.scheduler.replay(
        [(Rating(review.rating), review.answered_at) for review in height],
        seed_of=lambda reps: fuzz_seed(bob.handle, "birds/height", reps),
    )
    with library_database.writing() as session:
        assert rebuild_states(session, rules, dry_run=True) == Rebuild(3)


def test_taking_them_again_changes_nothing(library_database: Database, bob: Viewer, take: Take) -> None:
    reviews = (("height", -5, 3), ("height", -2, 1), ("food", -5, 4), ("food", -5, 4))
    assert (take(bob, *reviews).taken, take(bob).taken) == (3, 0)
    before = read_log(library_database, bob)
    again = take(bob, *reviews)
    assert (again.taken, again.known) == (0, 4)
    assert read_log(library_database, bob) == before
    assert take(bob, ("food", -4, 2)).taken == 1
    after = read_log(library_database, bob)
    assert {review.key for review in before} < {review.key for review in after}


def test_each_learner_has_their_own(library_database: Database, bob: Viewer, take: Take, add_user: AddUser) -> None:
    charlie = add_user("Charlie")
    take(bob, ("height", -5, 3))
    take(charlie, ("height", -5, 3))
    (of_bob,), (of_charlie,) = read_log(library_database, bob), read_log(library_database, charlie)
    assert of_bob.key != of_charlie.key


def test_what_cannot_be_is_left_out_and_counted(library_database: Database, bob: Viewer, take: Take) -> None:
    told = take(
        bob,
        *(("height", 0.1, 3), ("height", -10_000, 3), ("height", -1, 0), ("height", -1, 5), ("nothing", -1, 3)),
        ("height", 0, 3),
    )
    assert told == TakenReviews(taken=1, known=0, unknown=1, future=1, old=1, unrated=2)
    assert told.skipped == 5
    assert len(read_log(library_database, bob)) == 1


def test_times_and_durations_that_no_clock_shows_are_no_trouble(
    library_database: Database, bob: Viewer, rules: StudyRules, noon: datetime
) -> None:
    made = [
        *(PastReview("height", at, 3, 1) for at in (10**30, -(10**30), 0)),
        *(PastReview("food", to_millis(noon) - at, 3, took) for at, took in ((1, -5), (2, 10**30), (3, None))),
    ]
    with library_database.writing() as session:
        told = past_reviews.take(session, bob, "birds", made, rules, noon)
    assert (told.taken, told.future, told.old) == (3, 1, 2)
    assert [review.shown_ms for review in read_log(library_database, bob)] == [None, None, None]


def test_only_account_holders_take_them_of_decks_that_are_studied(
    library_database: Database, bob: Viewer, rules: StudyRules, noon: datetime
) -> None:
    one = PastReview("height", to_millis(noon), 3, None)
    with library_database.writing() as session:
        guest = accounts.start_guest(session, "192.0.2.1", noon).viewer
        with pytest.raises(Forbidden):
            past_reviews.take(session, guest, "birds", [one], rules, noon)
        for nowhere in ("no-deck", "../birds", ""):
            with pytest.raises(NotFound):
                past_reviews.take(session, bob, nowhere, [one], rules, noon)
        with pytest.raises(Invalid):
            past_reviews.take(session, bob, "birds", [one] * (past_reviews.MOST_TAKEN + 1), rules, noon)
        assert past_reviews.list_unstudied(session, ("birds", "no-deck")) == ("no-deck",)


def test_nothing_shows_them_as_answers_or_takes_them_back(
    library_database: Database, bob: Viewer, take: Take, give: Give, rules: StudyRules, noon: datetime
) -> None:
    key = give(bob, "height", "50 cm", noon - timedelta(days=5))
    take(bob, ("height", -2, 1), ("food", -1, 1))
    imported = [review.key for review in read_log(library_database, bob) if review.made_elsewhere]
    with library_database.writing() as session:
        deck_id, height = (review := read_log(library_database, bob)[0]).deck_id, review.card_id
        assert study_store.find_latest(session, bob.learner_id, deck_id) is None
        cards = {one.card_id for one in logs.list_reviews(session, bob.learner_id)}
        assert plans_scope.find_last_answer(session, bob.learner_id, cards) is None
        assert claims.list_responses(session, height) == [(bob.learner_id, '"50 cm"')]
        for name in imported:
            with pytest.raises(NotFound):
                study.view_result(session, bob.learner_id, name, noon)
            with pytest.raises(NotFound):
                study.undo_answer(session, bob.learner_id, name, noon, rules=rules)
        with pytest.raises(Conflict):
            study.undo_answer(session, bob.learner_id, key, noon, rules=rules)  # a later review counts
        with pytest.raises(Conflict):
            study.answer_card(session, bob, Submission("birds", "height", 1, "100 cm"), imported[0], rules, noon)
        told = reports.page_answers(session, bob.learner_id, noon - timedelta(days=30), noon, 0)
        assert [answer.key for answer in told] == [key]
        assert authoring_effects.count_figures(session, deck_id)[height].answers == 1


def test_an_answer_after_them_is_the_last_and_can_be_taken_back(
    library_database: Database, bob: Viewer, take: Take, give: Give, noon: datetime, rules: StudyRules
) -> None:
    take(bob, ("height", -2, 1))
    before = read_log(library_database, bob)[0]
    key = give(bob, "height", "50 cm", noon)
    with library_database.writing() as session:
        latest = study_store.find_latest(session, bob.learner_id, before.deck_id)
        assert latest is not None
        assert latest.key == key
        study.undo_answer(session, bob.learner_id, key, noon, rules=rules)
        state = states.find_state(session, bob.learner_id, before.card_id)
    assert state is not None
    assert state.to_json() == before.state_after


def test_grading_again_leaves_them_as_they_are(
    library_database: Database,
    bob: Viewer,
    add_user: AddUser,
    take: Take,
    give: Give,
    rules: StudyRules,
    noon: datetime,
) -> None:
    teacher = add_user("Alice", Role.TEACHER)
    alice = Author(teacher.account_id or 0, "Alice", is_admin=False)
    give(bob, "height", "50 cm", noon - timedelta(days=5))
    take(bob, ("height", -2, 1), ("height", -7, 3))
    before = read_log(library_database, bob)
    with library_database.writing() as session:
        revision = study_store.get_current_revision(session, before[0].card_id)
        turned = revision.body.replace("50 cm", "?").replace("100 cm", "50 cm").replace("?", "100 cm")
        card = read_card(turned)
        seen = preview_regrade(session, alice, revision.card_id, card, "en", rules.secret)
        assert (seen.better, seen.worse, seen.same, seen.unread) == (1, 0, 0, 0)
        session.execute(
            sa.update(table_of(CardRevisionRow))
            .values(body=turned)
            .where(table_of(CardRevisionRow).c.id == revision.revision_id)
        )
        assert regrade(session, alice, revision.card_id, rules, noon, again=True) == 1
        session.commit()
    after = read_log(library_database, bob)
    assert [review.score for review in after] == [1.0, 1.0, 0.0]
    assert [review.rating for review in after] == [3, 3, 1]
    assert after[2].state_before == after[1].state_after != before[1].state_after


def parse(text: bytes) -> Deck:
    """The deck in a deck file."""
    found = read_deck(text, "birds.yaml")
    assert isinstance(found, DeckFile)
    return found.deck


def test_a_file_of_several_decks_brings_each_its_own(
    library_database: Database, bob: Viewer, rules: StudyRules, noon: datetime
) -> None:
    birds = parse(samples.DECK)
    fish = birds.model_copy(update={"id": "fish", "cards": birds.cards[:1]})
    at = to_millis(noon)
    reviews = [PastReview(name, at, 3, None) for name in ("birds/height", "fish/height", "food", "other/food", "x")]
    assert [one.card for one in past_reviews.pick_reviews(birds, reviews)] == ["height", "food"]
    with library_database.writing() as session:
        told = past_reviews.take_of_file(session, bob, {"birds": birds}, reviews, rules, noon)
        assert told == TakenReviews(taken=2, unknown=3)
        with pytest.raises(NotFound):
            past_reviews.take_of_file(session, bob, {"birds": birds, "fish": fish}, reviews, rules, noon)
        told = past_reviews.take_of_file(session, bob, {"fish": fish}, reviews[3:], rules, noon)
        assert told == TakenReviews(unknown=2)  # nothing of it was studied, so it need not be published
