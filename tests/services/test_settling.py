"""A teacher settles claims: the answer's worth, the memory behind it, and what cannot be settled."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.services import claims, memory, settling, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.claims import NOTE, RIGHT
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import claims as store
from quizapp.store.claims import ClaimRecord
from quizapp.store.engine import Database
from quizapp.store.study import find_review
from quizapp.store.tables import CardStateRow, ReviewRow, SchedulingRow

AddUser = Callable[..., Viewer]
DAY = timedelta(days=1)


@pytest.fixture
def alice(library_add_user: AddUser) -> Viewer:
    """The teacher."""
    return library_add_user("Alice", Role.TEACHER)


@pytest.fixture
def bob(library_add_user: AddUser) -> Viewer:
    """A student."""
    return library_add_user("Bob")


@pytest.fixture
def answer(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., str]:
    """Answer a card and give the key: ``answer(bob, "legs", "thin", after=DAY)``."""

    def give(who: Viewer, card: str, response: object, after: timedelta = timedelta(0), **more: object) -> str:
        submission = Submission("birds", card, 1, response, **more)
        with library_database.writing() as session:
            return study.answer_card(session, who, submission, str(uuid.uuid4()), rules, noon + after).key

    return give


@pytest.fixture
def claim(library_database: Database, answer: Callable[..., str], noon: datetime) -> Callable[..., ClaimRecord]:
    """Claim to have been right with an answer: ``claim(bob, key)``; without a key, with a thin pair of legs."""

    def make(who: Viewer, key: str = "", kind: str = RIGHT, text: str = "Look again.") -> ClaimRecord:
        key = key or answer(who, "legs", "thin")
        with library_database.writing() as session:
            return claims.make_claim(session, who, key, kind, text, noon)

    return make


@pytest.fixture
def settle(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., ClaimRecord]:
    """Settle a claim: ``settle(alice, claim, accept=True)``."""

    def decide(teacher: Viewer | None, said: ClaimRecord, *, accept: bool = True, **more: object) -> ClaimRecord:
        with library_database.writing() as session:
            more = {"reply": "It is written there."} | more
            return settling.settle_claim(
                session, teacher, said.handle, accept=accept, rules=rules, now=noon + DAY, **more
            )

    return decide


def _state(database: Database, learner: Viewer) -> MemoryState:
    with database.reading() as session:
        log = sa.select(ReviewRow.state_after).where(ReviewRow.learner_id == learner.learner_id)
        return MemoryState.from_json(session.execute(log.order_by(ReviewRow.seq.desc())).scalars().first())


def _due(database: Database, learner: Viewer) -> datetime:
    with database.reading() as session:
        return session.execute(
            sa.select(CardStateRow.due).where(CardStateRow.learner_id == learner.learner_id)
        ).scalar_one()


def test_an_accepted_claim_makes_the_answer_right_and_keeps_what_it_was(
    library_database, alice, bob, answer, claim, settle, noon
) -> None:
    key = answer(bob, "legs", "thin")
    settled = settle(alice, claim(bob, key))
    assert (settled.outcome, settled.reply, settled.settled_at) == ("accepted", "It is written there.", noon + DAY)
    assert (settled.verdict_before, settled.score_before, settled.rating_before) == ("wrong", 0.0, 1)
    assert settled.settled_by == alice.account_id
    with library_database.reading() as session:
        result = study.view_result(session, bob.learner_id, key, noon)
        review = find_review(session, bob.learner_id, key)
    assert (result.grade.verdict, result.grade.score, result.rating) == ("right", 1.0, Rating.GOOD)
    assert result.due == noon + timedelta(minutes=10) == _due(library_database, bob)
    assert json.loads(review.response) == "thin"


def test_with_a_hint_the_answer_is_right_but_was_hard(
    library_database, alice, bob, answer, claim, settle, noon
) -> None:
    key = answer(bob, "legs", "thin", hint_used=True)
    settle(alice, claim(bob, key))
    with library_database.reading() as session:
        assert study.view_result(session, bob.learner_id, key, noon).rating is Rating.HARD


def test_the_memory_is_as_if_the_answer_had_been_right_from_the_start(
    library_database, library_add_user, alice, bob, answer, claim, settle, rules
) -> None:
    later = [("long", 10 * DAY), ("blue", 20 * DAY), ("long", 21 * DAY)]
    key = answer(bob, "legs", "thin")
    said = claim(bob, key)
    for given, after in later:
        answer(bob, "legs", given, after=after)
    settle(alice, said)
    state = _state(library_database, bob)
    twin = library_add_user("Evelyn")
    for given, after in [("long", timedelta(0)), *later]:
        answer(twin, "legs", given, after=after)
    expected = _state(library_database, twin)
    assert (state.stability, state.difficulty, state.reps, state.lapses) == (
        expected.stability,
        expected.difficulty,
        expected.reps,
        expected.lapses,
    )
    assert _due(library_database, bob) == state.due


def test_the_log_and_the_states_agree_after_a_claim_was_accepted(
    library_database, alice, bob, answer, claim, settle, rules
) -> None:
    answer(bob, "legs", "blue")
    key = answer(bob, "legs", "thin", after=DAY)
    said = claim(bob, key)
    answer(bob, "legs", "long", after=5 * DAY)
    settle(alice, said)
    with library_database.reading() as session:
        log = session.execute(sa.select(ReviewRow.state_before, ReviewRow.state_after).order_by(ReviewRow.seq)).all()
    assert [before for before, _ in log[1:]] == [after for _, after in log[:-1]]
    with library_database.writing() as session:
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()


@pytest.mark.parametrize(("kept", "minutes"), [(True, 10), (False, 25)])
def test_each_answer_is_done_again_with_the_settings_it_was_done_with_where_they_are_known(
    library_database, alice, bob, claim, rules, noon, kept, minutes
) -> None:
    said = claim(bob)
    steps = (timedelta(minutes=5), timedelta(minutes=25))
    settings = replace(rules.scheduler.settings, learning_steps=steps)
    changed = replace(rules, scheduler=replace(rules.scheduler, settings=settings))
    with library_database.writing() as session:
        if not kept:
            session.execute(sa.delete(SchedulingRow))
        settling.settle_claim(session, alice, said.handle, accept=True, rules=changed, now=noon)
    assert _due(library_database, bob) == noon + timedelta(minutes=minutes)


def test_a_declined_claim_changes_nothing_but_has_a_reply(library_database, alice, bob, claim, settle) -> None:
    said = claim(bob)
    before = _state(library_database, bob)
    settled = settle(alice, said, accept=False)
    assert (settled.outcome, settled.verdict_before, settled.rating_before) == ("declined", "", None)
    assert _state(library_database, bob) == before
    with library_database.reading() as session:
        assert claims.find_claims(session, bob.learner_id, said.review_key).right.reply == "It is written there."


def test_declining_needs_a_word_and_no_reply_is_longer_than_500_characters(alice, bob, claim, settle) -> None:
    said = claim(bob)
    for accept, reply in ((False, " "), (True, "x" * 501)):
        with pytest.raises(Invalid) as caught:
            settle(alice, said, accept=accept, reply=reply)
        assert list(caught.value.fields) == ["reply"]


def test_settling_again_the_same_way_changes_nothing_and_otherwise_is_refused(
    library_database, alice, bob, claim, settle
) -> None:
    said = claim(bob)
    first = settle(alice, said)
    assert settle(alice, said, reply="Other words.") == first
    with pytest.raises(Conflict):
        settle(alice, said, accept=False)
    with pytest.raises(Conflict), library_database.writing() as session:
        claims.withdraw_claim(session, bob, said.review_key, RIGHT)
    with pytest.raises(Conflict), library_database.writing() as session:
        claims.make_claim(session, bob, said.review_key, RIGHT, "And yet!", first.made_at)


def test_a_note_is_answered_with_or_without_words_and_changes_no_answer(
    library_database, alice, bob, answer, claim, settle
) -> None:
    said = claim(bob, answer(bob, "legs", "thin"), NOTE, "Too hard.")
    before = _state(library_database, bob)
    assert settle(alice, said, reply="", alike=True).outcome == "accepted"
    assert _state(library_database, bob) == before


def test_all_claims_for_the_same_answer_are_settled_at_once_where_the_teacher_says_so(
    library_database, library_add_user, alice, bob, answer, claim, settle
) -> None:
    charlie, evelyn = library_add_user("Charlie"), library_add_user("Evelyn")
    first = claim(bob)
    same, other = claim(charlie, answer(charlie, "legs", " THIN! ")), claim(evelyn, answer(evelyn, "legs", "blue"))
    settle(alice, first, alike=True)
    with library_database.reading() as session:
        outcomes = [store.find_claim(session, each.handle).outcome for each in (first, same, other)]
    assert outcomes == ["accepted", "accepted", ""]


def test_only_the_teachers_whose_desk_it_is_settle_a_claim(library_add_user, bob, claim, settle) -> None:
    said = claim(bob)
    for nobody in (None, bob, Viewer(1, "guest")):
        with pytest.raises(Forbidden):
            settle(nobody, said)
    for handle in ("none", "x" * 1000):
        with pytest.raises(NotFound):
            settle(library_add_user(f"Dana {len(handle)}", Role.TEACHER), _named(said, handle))


def _named(said: ClaimRecord, handle: str) -> ClaimRecord:
    return ClaimRecord(said.learner_id, said.review_key, said.kind, handle, said.card_id, 1, "", said.made_at)


def test_a_claim_that_was_withdrawn_or_whose_answer_was_taken_back_is_not_settled(
    library_database, alice, bob, answer, claim, settle, noon, rules
) -> None:
    withdrawn, undone = claim(bob), claim(bob, answer(bob, "waiting", samples.WRONG["waiting"]))
    with library_database.writing() as session:
        claims.withdraw_claim(session, bob, withdrawn.review_key, RIGHT)
    with library_database.writing() as session:
        study.undo_answer(session, bob.learner_id, undone.review_key, noon, rules=rules)
    with pytest.raises(NotFound):
        settle(alice, withdrawn)
    with pytest.raises(Conflict):
        settle(alice, undone)


def test_an_answer_is_taken_back_as_ever_after_its_claim_was_accepted(
    library_database, alice, bob, claim, settle, noon, rules
) -> None:
    said = claim(bob)
    settle(alice, said)
    with library_database.writing() as session:
        assert study.undo_answer(session, bob.learner_id, said.review_key, noon + DAY, rules=rules).undone


def test_a_guests_claims_move_with_the_guests_answers(library_database, library_add_user, bob, claim) -> None:
    said = claim(bob)
    evelyn = library_add_user("Evelyn")
    with library_database.writing() as session:
        store.move_claims(session, bob.learner_id, evelyn.learner_id)
        assert store.find_claim(session, said.handle).learner_id == evelyn.learner_id
