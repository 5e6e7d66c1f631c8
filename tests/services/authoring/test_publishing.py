"""Publishing a draft: what it changes for whom, and what becomes of old answers."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from quizapp.core.deck.schema import Card
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.services import claims, classes, memory, settling, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author, add_cards, load_draft, publish, start_draft
from quizapp.services.authoring.cardhistory import load_card_history
from quizapp.services.authoring.editing import bring_back, retire_cards, save_card
from quizapp.services.authoring.effects import Effect
from quizapp.services.authoring.history import take_over
from quizapp.services.authoring.publishing import preview_publish
from quizapp.services.authoring.regrading import show_response
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import authoring_effects as store
from quizapp.store.engine import Database
from quizapp.store.tables import CardStateRow, ReviewRow

DAY = timedelta(days=1)
SECRET = b"a secret for tests only"
AddUser = Callable[..., Viewer]
Answer = Callable[..., str]
Change = Callable[..., None]


@pytest.fixture
def bob(library_add_user: AddUser) -> Viewer:
    """A student."""
    return library_add_user("Bob")


@pytest.fixture
def birds(library_database: Database, alice: Author, noon: datetime) -> str:
    """The deck of the samples, taken over by Alice."""
    with library_database.writing() as session:
        take_over(session, alice, "birds", noon)
    return "birds"


@pytest.fixture
def answer(library_database: Database, rules: StudyRules, noon: datetime) -> Answer:
    """Answer a card and give the key: ``answer(bob, "legs", "thin", after=DAY)``."""

    def give(who: Viewer, card: str, response: object, after: timedelta = timedelta(0), **more: Any) -> str:
        submission = Submission("birds", card, 1, response, **more)
        with library_database.writing() as session:
            return study.answer_card(session, who, submission, str(uuid.uuid4()), rules, noon + after).key

    return give


@pytest.fixture
def change(library_database: Database, alice: Author, noon: datetime) -> Change:
    """Save a card of the deck with other fields: ``change("legs", answer="thin")``."""

    def save(card_id: str, **fields: Any) -> None:
        with library_database.writing() as session:
            draft = load_draft(session, alice, "birds")
            card = draft.content.find(card_id)
            assert card is not None
            changed: Card = type(card).model_validate(card.model_dump() | fields)
            save_card(session, alice, "birds", changed, card_id, draft.version, noon + DAY)

    return save


def _publish(
    database: Database, alice: Author, rules: StudyRules, at: datetime, again: Mapping[str, bool] | None = None
) -> None:
    with database.writing() as session:
        publish(session, alice, "birds", at, again=again, rules=rules)


def _review(database: Database, key: str) -> Any:
    with database.reading() as session:
        table = ReviewRow
        return session.execute(
            sa.select(table.score, table.verdict, table.rating, table.revision_id).where(table.key == key)
        ).one()


def _state(database: Database, learner: Viewer) -> Any:
    with database.reading() as session:
        return session.execute(
            sa.select(CardStateRow.due, CardStateRow.stability, CardStateRow.lapses).where(
                CardStateRow.learner_id == learner.learner_id
            )
        ).one()


def test_the_preview_tells_each_effect_and_how_many_it_concerns(
    library_database: Database, alice: Author, birds: str, bob: Viewer, answer: Answer, change: Change, noon: datetime
) -> None:
    answer(bob, "legs", "long")
    answer(bob, "food", ["Fish"])
    change("legs", answer="thin")
    change("height", prompt="How tall is it?")
    with library_database.writing() as session:
        retire_cards(session, alice, birds, ["food"], noon)
        card = load_draft(session, alice, birds).content.cards[0]
        add_cards(session, alice, birds, [card.model_copy(update={"id": "fresh"})], None, noon)
        preview = preview_publish(session, alice, birds, SECRET)
    assert {effect.id: (effect.effect, effect.figures.learners) for effect in preview.effects} == {
        "legs": (Effect.ANSWER, 1),
        "height": (Effect.WORDING, 0),
        "food": (Effect.RETIRED, 1),
        "fresh": (Effect.NEW, 0),
    }
    assert (preview.kept, preview.learners) == (5, 1)
    assert (preview.regrades["legs"].better, preview.regrades["legs"].worse) == (0, 1)


def test_new_wording_keeps_progress_and_asks_nothing(
    library_database: Database,
    alice: Author,
    birds: str,
    bob: Viewer,
    answer: Answer,
    change: Change,
    rules: StudyRules,
    noon: datetime,
) -> None:
    key = answer(bob, "legs", "long")
    before = _state(library_database, bob), _review(library_database, key)
    change("legs", prompt="What are its legs like?")
    with library_database.writing() as session:
        assert preview_publish(session, alice, birds, SECRET).regrades == {}
    _publish(library_database, alice, rules, noon + DAY, {})
    assert (_state(library_database, bob), _review(library_database, key)) == before


def test_a_new_answer_has_to_be_decided_about(
    library_database: Database,
    alice: Author,
    birds: str,
    bob: Viewer,
    answer: Answer,
    change: Change,
    rules: StudyRules,
    noon: datetime,
) -> None:
    answer(bob, "legs", "long")
    change("legs", answer="thin")
    with pytest.raises(Invalid) as refused:
        _publish(library_database, alice, rules, noon, {})
    assert set(refused.value.fields) == {"again-legs"}


def test_grading_again_changes_results_and_memory_and_is_explained(
    library_database: Database,
    alice: Author,
    birds: str,
    bob: Viewer,
    answer: Answer,
    change: Change,
    rules: StudyRules,
    noon: datetime,
    library_add_user: AddUser,
) -> None:
    wrong, right = answer(bob, "legs", "thin"), answer(bob, "legs", "long", after=timedelta(minutes=2))
    before = _state(library_database, bob)
    change("legs", answer="thin", accept=[])
    _publish(library_database, alice, rules, noon + DAY, {"legs": True})
    now_right, now_wrong = _review(library_database, wrong), _review(library_database, right)
    assert (now_right.score, now_right.verdict, now_right.rating) == (1.0, "right", 3)
    assert (now_wrong.score, now_wrong.verdict, now_wrong.rating) == (0.0, "wrong", 1)
    assert _state(library_database, bob) != before
    with library_database.writing() as session:
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()
        history = load_card_history(session, alice, birds, "legs", SECRET)
        result = study.view_result(session, bob.learner_id, wrong, noon)
        logged = store.list_regraded_of(session, bob.learner_id, wrong)
        assert study.find_first_verdict(session, bob.learner_id, wrong) == "wrong"
        assert study.find_first_verdict(session, bob.learner_id, str(uuid.uuid4())) is None
        assert study.find_first_verdict(session, None, wrong) is None
    assert [(one.again, one.count, one.by_name) for one in history.regrades] == [(True, 2, "Alice")]
    shown = {(one.response, one.verdict_before, one.verdict_after) for one in history.regrades[0].changed}
    assert shown == {("thin", "wrong", "right"), ("long", "right", "wrong")}
    assert result.right_answer == "thin"
    assert (logged[0].verdict_before, logged[0].rating_before, logged[0].score_after) == ("wrong", 1, 1.0)
    assert [version.number for version in history.versions] == [2, 1]
    with library_database.writing() as session:
        store.move_regraded(session, bob.learner_id, library_add_user("Bert").learner_id)
        assert store.list_regraded_of(session, bob.learner_id, wrong) == []


def test_leaving_old_answers_is_written_down_too(
    library_database: Database,
    alice: Author,
    birds: str,
    bob: Viewer,
    answer: Answer,
    change: Change,
    rules: StudyRules,
    noon: datetime,
) -> None:
    key = answer(bob, "legs", "long")
    before = _review(library_database, key)
    change("legs", answer="thin")
    _publish(library_database, alice, rules, noon, {"legs": False})
    assert _review(library_database, key) == before
    with library_database.writing() as session:
        history = load_card_history(session, alice, birds, "legs", SECRET)
    assert [(one.again, one.count, one.changed) for one in history.regrades] == [(False, 0, ())]


def test_without_a_word_about_old_answers_they_stay(
    library_database: Database, alice: Author, birds: str, bob: Viewer, answer: Answer, change: Change, noon: datetime
) -> None:
    key = answer(bob, "legs", "long")
    change("legs", answer="thin")
    with library_database.writing() as session:
        publish(session, alice, birds, noon)
    assert _review(library_database, key).score == 1.0


def test_what_cannot_be_graded_or_was_judged_stays(
    library_database: Database,
    alice: Author,
    birds: str,
    bob: Viewer,
    answer: Answer,
    change: Change,
    rules: StudyRules,
    noon: datetime,
    library_add_user: AddUser,
) -> None:
    teacher = library_add_user("Carla", Role.ADMIN)
    gone, judged = answer(bob, "height", "50 cm"), answer(bob, "legs", "thin")
    with library_database.writing() as session:
        claim = claims.make_claim(session, bob, judged, claims.RIGHT, "Look again.", noon)
        settling.settle_claim(session, teacher, claim.handle, accept=True, rules=rules, now=noon)
    change("height", answer="90 cm", wrong=[{"text": "200 cm"}])
    change("legs", answer="slim", accept=[])
    with library_database.writing() as session:
        regrades = preview_publish(session, alice, birds, SECRET).regrades
        assert [(regrades[card].unread, regrades[card].same) for card in ("height", "legs")] == [(1, 0), (1, 0)]
    _publish(library_database, alice, rules, noon + DAY, {"height": True, "legs": True})
    assert _review(library_database, gone).score == 0.0
    assert _review(library_database, judged).score == 1.0


def test_answers_that_stay_the_same_are_not_logged(
    library_database: Database,
    alice: Author,
    birds: str,
    bob: Viewer,
    answer: Answer,
    change: Change,
    rules: StudyRules,
    noon: datetime,
) -> None:
    answer(bob, "legs", "long")
    answer(bob, "legs", "blue", after=timedelta(minutes=2))
    answer(bob, "legs", "lanky", after=timedelta(minutes=4))
    change("legs", accept=["lanky"])
    with library_database.writing() as session:
        preview = preview_publish(session, alice, birds, SECRET).regrades["legs"]
    assert (preview.better, preview.worse, preview.same, preview.learners) == (1, 0, 2, 1)
    _publish(library_database, alice, rules, noon + DAY, {"legs": True})
    with library_database.writing() as session:
        assert load_card_history(session, alice, birds, "legs", SECRET).regrades[0].count == 1
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()


def test_names_are_shown_of_ones_own_classes_alone(
    library_database: Database,
    library_add_user: AddUser,
    author_of: Callable[..., Author],
    answer: Answer,
    rules: StudyRules,
    noon: datetime,
) -> None:
    carl = library_add_user("Carl", Role.TEACHER)
    assert carl.account_id is not None
    author = Author(carl.account_id, "Carl", is_admin=False)
    mine, other = library_add_user("Mia"), library_add_user("Otto")
    for who in (mine, other):
        answer(who, "legs", "thin")
    with library_database.writing() as session:
        made = classes.create_class(session, carl, "7b", noon)
        classes.add_member(session, made, mine.learner_id, mine.handle, noon)
        take_over(session, author, "birds", noon)
        card = load_draft(session, author, "birds").content.find("legs")
        assert card is not None
        save_card(session, author, "birds", card.model_copy(update={"answer": "thin"}), "legs", 1, noon)
        preview = preview_publish(session, author, "birds", SECRET).regrades["legs"]
    assert [one.student for one in preview.changed] == ["Mia", ""]


def test_a_retired_card_can_be_brought_back_with_its_history(
    library_database: Database,
    alice: Author,
    birds: str,
    bob: Viewer,
    answer: Answer,
    rules: StudyRules,
    noon: datetime,
) -> None:
    answer(bob, "legs", "long")
    before = _state(library_database, bob)
    with library_database.writing() as session:
        retire_cards(session, alice, birds, ["legs"], noon)
    _publish(library_database, alice, rules, noon, {})
    with library_database.writing() as session:
        assert not load_card_history(session, alice, birds, "legs", SECRET).in_deck
        version = bring_back(session, alice, birds, "legs", noon)
        assert bring_back(session, alice, birds, "legs", noon) == version
        assert [effect.effect for effect in preview_publish(session, alice, birds, SECRET).effects] == [Effect.BACK]
        with pytest.raises(NotFound):
            bring_back(session, alice, birds, "never", noon)
    _publish(library_database, alice, rules, noon, {})
    assert _state(library_database, bob) == before


def test_a_flashcard_is_never_graded_again_since_its_learners_rated_themselves(
    library_database: Database, alice: Author, birds: str, bob: Viewer, answer: Answer, change: Change
) -> None:
    answer(bob, "name", None, rating=3)
    change("name", answer="A heron")
    with library_database.writing() as session:
        preview = preview_publish(session, alice, birds, SECRET)
    assert [(effect.effect, effect.can_regrade) for effect in preview.effects] == [(Effect.ANSWER, False)]


def test_errors_keep_a_deck_from_being_published(
    library_database: Database, alice: Author, birds: str, change: Change, noon: datetime
) -> None:
    change("legs", citations=[{"source": "nowhere", "paragraph": 1, "quote": "long-legged bird"}])
    with library_database.writing() as session:
        assert preview_publish(session, alice, birds, SECRET).problems
        with pytest.raises(Invalid, match="nowhere"):
            publish(session, alice, birds, noon)


def test_an_empty_draft_has_nothing_to_preview(library_database: Database, alice: Author, noon: datetime) -> None:
    with library_database.writing() as session:
        slug = start_draft(session, alice, "Empty", "en", "t", [], noon)
        preview = preview_publish(session, alice, slug, SECRET)
        assert (preview.effects, preview.problems, preview.kept) == ((), (), 0)
        with pytest.raises(Conflict):
            publish(session, alice, slug, noon, seen_version=7)


@pytest.mark.parametrize(
    ("response", "shown"),
    [('"long"', "long"), ("null", ""), ("true", "true"), ('["a", "b"]', "a, b"), ('{"a": "b"}', "a → b")],
)
def test_responses_are_shown_as_words(response: str, shown: str) -> None:
    assert show_response(response) == shown
