"""A guest's answers become an account's: none lost, none doubled, the memory as if one person had given them all."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quizapp.core.errors import Forbidden, NotFound
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.limits import DailyLimits
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.practice import PracticeChoice
from quizapp.services import accounts, classes, merging, practice, practice_round, study
from quizapp.services.accounts import Viewer
from quizapp.services.memory import rebuild_states
from quizapp.services.rules import StudyRules, find_rules
from quizapp.services.submissions import Submission
from quizapp.store import logs, settings, states
from quizapp.store.engine import Database

AddUser = Callable[..., Viewer]
Give = Callable[..., str]


@pytest.fixture
def guest(library_database: Database, noon: datetime) -> Viewer:
    """Somebody who has not signed in yet."""
    with library_database.writing() as session:
        return accounts.start_guest(session, "192.0.2.1", noon).viewer


@pytest.fixture
def give(library_database: Database, rules: StudyRules) -> Give:
    """Answer: ``give(who, card, response, now)`` gives the key."""

    def answer(who: Viewer, card: str, response: object, now: datetime, key: str | None = None) -> str:
        with library_database.writing() as session:
            submission = Submission("birds", card, 1, response)
            return study.answer_card(session, who, submission, key or str(uuid.uuid4()), rules, now).key

    return answer


def test_all_answers_are_there_afterwards_in_the_order_of_time(
    library_database: Database, library_add_user: AddUser, guest: Viewer, give: Give, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    first = give(bob, "height", "100 cm", noon - timedelta(days=2))
    second = give(guest, "legs", "blue", noon)
    third = give(guest, "height", "50 cm", noon + timedelta(minutes=1))
    fourth = give(bob, "height", "100 cm", noon + timedelta(minutes=5))
    with library_database.writing() as session:
        assert merging.merge_guest(session, bob, guest.handle, rules) == 2
    with library_database.reading() as session:
        log = logs.list_reviews(session, bob.learner_id)
        assert [(review.key, review.seq) for review in log] == [(first, 1), (second, 2), (third, 3), (fourth, 4)]
        assert log[0].state_before == ""
        assert log[2].state_before == log[0].state_after
        assert log[3].state_before == log[2].state_after
        state = states.find_state(session, bob.learner_id, log[0].card_id)
        assert state is not None
        assert state.to_json() == log[3].state_after
        assert state == rules.scheduler.replay(
            [(Rating(r.rating), r.answered_at) for r in log if r.card_id == log[0].card_id],
            seed_of=lambda reps: fuzz_seed(bob.handle, "birds/height", reps),
        )
        assert states.find_state(session, bob.learner_id, log[1].card_id) is not None
        assert merging.find_guest(session, guest.handle) is None


def test_an_answer_taken_back_stays_taken_back(
    library_database: Database, library_add_user: AddUser, guest: Viewer, give: Give, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    give(bob, "height", "100 cm", noon)
    undone = give(guest, "height", "50 cm", noon + timedelta(minutes=1))
    give(guest, "food", ["Fish"], noon + timedelta(minutes=2))
    with library_database.writing() as session:
        study.undo_answer(session, guest.learner_id, undone, noon, rules=rules)
        assert merging.merge_guest(session, bob, guest.handle, rules) == 1
        assert account_answers(session, bob) == 2
        height = logs.list_reviews(session, bob.learner_id)[0]
        state = states.find_state(session, bob.learner_id, height.card_id)
    assert state is not None
    assert state.to_json() == height.state_after


def test_what_the_guest_chose_goes_along_where_the_account_has_chosen_nothing(
    library_database: Database, library_add_user: AddUser, guest: Viewer, give: Give, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    chosen = Choices(desired_retention=0.8, timezone="Asia/Kathmandu", limits=DailyLimits(new=7))
    with library_database.writing() as session:
        settings.write_choices(session, guest.learner_id, chosen.to_json())
        settings.write_choices(session, bob.learner_id, Choices(desired_retention=0.95).to_json())
        session.commit()
    give(guest, "height", "100 cm", noon - timedelta(days=9))
    give(guest, "height", "100 cm", noon)
    with library_database.writing() as session:
        merging.merge_guest(session, bob, guest.handle, find_rules(session, rules, bob.learner_id))
    with library_database.writing() as session:
        kept = Choices.from_json(settings.read_choices(session, bob.learner_id))
        log = logs.list_reviews(session, bob.learner_id)
        state = states.find_state(session, bob.learner_id, log[0].card_id)
        assert rebuild_states(session, rules, dry_run=True).differences == ()
    assert kept == Choices(desired_retention=0.95, timezone="Asia/Kathmandu", limits=DailyLimits(new=7))
    assert state is not None
    assert state.due.astimezone(ZoneInfo("Asia/Kathmandu")).hour == 4  # the study day is that of the chosen time zone


def account_answers(session: object, who: Viewer) -> int:
    """How many answers of somebody count."""
    return sum(review.undone_at is None for review in logs.list_reviews(session, who.learner_id))  # type: ignore[arg-type]


def test_one_key_used_by_both_is_kept_once(
    library_database: Database, library_add_user: AddUser, guest: Viewer, give: Give, rules: StudyRules, noon: datetime
) -> None:
    bob, key = library_add_user("Bob"), str(uuid.uuid4())
    give(bob, "height", "100 cm", noon, key)
    give(guest, "height", "100 cm", noon, key)
    with library_database.writing() as session:
        merging.merge_guest(session, bob, guest.handle, rules)
        assert len(logs.list_reviews(session, bob.learner_id)) == 1


def test_there_must_be_a_guest_with_answers(
    library_database: Database, library_add_user: AddUser, guest: Viewer, give: Give, rules: StudyRules, noon: datetime
) -> None:
    bob, charlie = library_add_user("Bob"), library_add_user("Charlie")
    give(charlie, "height", "100 cm", noon)
    with library_database.writing() as session:
        for handle in (guest.handle, charlie.handle, "nobody"):
            with pytest.raises(NotFound):
                merging.merge_guest(session, bob, handle, rules)
        with pytest.raises(Forbidden):
            merging.merge_guest(session, replace(guest), guest.handle, rules)


def test_merged_states_are_what_the_log_says(
    library_database: Database, library_add_user: AddUser, guest: Viewer, give: Give, rules: StudyRules, noon: datetime
) -> None:
    bob, key = library_add_user("Bob"), str(uuid.uuid4())
    give(bob, "height", "100 cm", noon, key)
    give(guest, "height", "100 cm", noon, key)
    for number, card in enumerate(("legs", "legs", "legs")):
        give(guest, card, "long", noon + timedelta(days=4 * number))
    with library_database.writing() as session:
        merging.merge_guest(session, bob, guest.handle, rules)
        assert rebuild_states(session, rules, dry_run=True).differences == ()


def test_who_only_practised_has_something_to_add(
    library_database: Database, library_add_user: AddUser, guest: Viewer, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    with library_database.writing() as session:
        choice = PracticeChoice(decks=("birds",))
        handle = practice.start_practice(session, guest, choice, str(uuid.uuid4()), rules, noon)
    with library_database.writing() as session:
        assert merging.find_guest(session, guest.handle) is None
        answer = practice_round.PracticeSubmission("birds/height", "100 cm")
        practice_round.answer_card(session, guest, handle, answer, str(uuid.uuid4()), rules, noon)
    with library_database.writing() as session:
        assert merging.merge_guest(session, bob, guest.handle, rules) == 1
    with library_database.reading() as session:
        assert practice_round.load_round(session, bob.learner_id, handle, noon).head.answered == 1
        assert merging.find_guest(session, guest.handle) is None


def test_the_classes_of_a_guest_go_along(
    library_database: Database, add_user: AddUser, guest: Viewer, give: Give, rules: StudyRules, noon: datetime
) -> None:
    alice, bob = add_user("Alice", accounts.Role.TEACHER), add_user("Bob")
    give(guest, "height", "100 cm", noon)
    with library_database.writing() as session:
        taught = classes.create_class(session, alice, "7b", noon)
        classes.add_member(session, taught, guest.learner_id, guest.handle, noon)
    with library_database.writing() as session:
        merging.merge_guest(session, bob, guest.handle, rules)
    with library_database.reading() as session:
        members = classes.list_members(session, taught)
    assert [member.learner_id for member in members] == [bob.learner_id]


def test_a_guest_who_answers_in_another_tab_while_signing_in_is_told_that_nothing_was_recorded(
    library_database: Database, library_add_user: AddUser, guest: Viewer, give: Give, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    key = give(guest, "height", "100 cm", noon)
    with library_database.writing() as session:
        merging.merge_guest(session, bob, guest.handle, rules)
    with pytest.raises(Forbidden, match="Nothing was recorded"):
        give(guest, "legs", "long", noon)
    with library_database.writing() as session:
        assert [review.key for review in logs.list_reviews(session, bob.learner_id)] == [key]
