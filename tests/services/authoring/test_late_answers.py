"""An answer that arrives after its card was changed: by which words it is graded."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from quizapp.core.deck.schema import Card
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import Verdict
from quizapp.core.privacy.acts import Way
from quizapp.services import classes, memory, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author, load_draft, publish
from quizapp.services.authoring.editing import save_card
from quizapp.services.authoring.history import take_over
from quizapp.services.memory import Rebuild
from quizapp.services.privacy import erasing
from quizapp.services.results import AnswerResult
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database

DAY = timedelta(days=1)
LATE = 9 * DAY
Publish = Callable[..., None]
Answer = Callable[..., AnswerResult]


@pytest.fixture
def bob(library_add_user: Callable[..., Viewer]) -> Viewer:
    """A student."""
    return library_add_user("Bob")


@pytest.fixture
def answer(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> Answer:
    """Answer a card of the birds: ``answer(bob, "legs", "thin", revision=2, after=DAY)``."""

    def give(
        who: Viewer,
        card: str,
        response: object,
        revision: int = 1,
        after: timedelta = timedelta(0),
        key: str = "",
        **more: Any,
    ) -> AnswerResult:
        submission = Submission("birds", card, revision, response, **more)
        with library_database.writing() as session:
            return study.answer_card(session, who, submission, key or str(uuid.uuid4()), rules, noon + after)

    return give


@pytest.fixture
def change(library_database: Database, alice: Author, rules: StudyRules, noon: datetime, answer: Answer) -> Publish:
    """Publish a card with other fields: ``change("legs", again=True, answer="thin")``; Bob's old answers may follow."""
    with library_database.writing() as session:
        take_over(session, alice, "birds", noon)

    def save(card_id: str, *, again: bool, **fields: Any) -> None:
        with library_database.writing() as session:
            draft = load_draft(session, alice, "birds")
            card = draft.content.find(card_id)
            assert card is not None
            changed: Card = type(card).model_validate(card.model_dump() | fields)
            save_card(session, alice, "birds", changed, card_id, draft.version, noon + DAY)
        with library_database.writing() as session:
            publish(session, alice, "birds", noon + DAY, again={card_id: again}, rules=rules)

    return save


def test_a_late_answer_is_graded_by_the_new_words_where_old_answers_were(
    library_database: Database,
    library_add_user: Callable[..., Viewer],
    bob: Viewer,
    answer: Answer,
    change: Publish,
    rules: StudyRules,
) -> None:
    charlie = library_add_user("Charlie")
    answer(bob, "legs", "long")
    change("legs", again=True, answer="thin", accept=[])
    key = str(uuid.uuid4())
    late = answer(charlie, "legs", "thin", after=LATE, key=key)
    assert (late.grade.verdict, late.right_answer, late.revision) == (Verdict.RIGHT, "thin", 2)
    assert answer(bob, "legs", "long", after=LATE).grade.verdict is Verdict.WRONG
    again = answer(charlie, "legs", "thin", after=LATE + DAY, key=key)
    assert again.repeated
    assert (again.grade, again.revision) == (late.grade, 2)
    with library_database.writing() as session:
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()


def test_a_late_answer_is_graded_by_its_own_words_where_old_answers_stayed(
    bob: Viewer, answer: Answer, change: Publish
) -> None:
    answer(bob, "legs", "long")
    change("legs", again=False, answer="thin", accept=[])
    late = answer(bob, "legs", "long", after=LATE)
    assert (late.grade.verdict, late.right_answer, late.revision) == (Verdict.RIGHT, "long", 1)
    assert answer(bob, "legs", "long", revision=2, after=LATE).grade.verdict is Verdict.WRONG


def test_the_last_decision_to_grade_again_counts_for_all_that_is_older_than_it(
    bob: Viewer, answer: Answer, change: Publish
) -> None:
    answer(bob, "legs", "long")
    change("legs", again=True, answer="thin", accept=[])
    change("legs", again=False, answer="red", accept=[])
    assert answer(bob, "legs", "thin", revision=1, after=LATE).grade.verdict is Verdict.RIGHT
    assert answer(bob, "legs", "thin", revision=2, after=LATE).grade.verdict is Verdict.RIGHT
    assert answer(bob, "legs", "red", revision=3, after=LATE).grade.verdict is Verdict.RIGHT
    change("legs", again=True, answer="pink", accept=[])
    for revision in (1, 2, 3, 4):
        assert answer(bob, "legs", "pink", revision=revision, after=2 * LATE).grade.verdict is Verdict.RIGHT


def test_a_late_answer_that_the_new_words_cannot_read_is_graded_by_its_own(
    bob: Viewer, answer: Answer, change: Publish
) -> None:
    answer(bob, "height", "50 cm")
    change("height", again=True, answer="2 m", wrong=[{"text": "1 m"}])
    late = answer(bob, "height", "100 cm", after=LATE)
    assert (late.grade.verdict, late.revision) == (Verdict.RIGHT, 1)
    with pytest.raises(Invalid):
        answer(bob, "height", "2 m", after=LATE)
    assert answer(bob, "height", "2 m", revision=2, after=LATE).grade.verdict is Verdict.RIGHT


def test_answers_of_the_deleted_are_graded_again_and_bring_no_memory_back(
    library_database: Database,
    library_add_user: Callable[..., Viewer],
    bob: Viewer,
    answer: Answer,
    change: Publish,
    rules: StudyRules,
    noon: datetime,
) -> None:
    teacher, charlie = library_add_user("Carla", Role.TEACHER), library_add_user("Charlie")
    with library_database.writing() as session:
        taught = classes.create_class(session, teacher, "Year 7", noon - DAY)
        classes.add_member(session, taught, charlie.learner_id, charlie.handle, noon - DAY)
        session.commit()
    answer(charlie, "height", "50 cm")
    answer(bob, "height", "50 cm")
    with library_database.writing() as session:
        erasing.erase_now(session, erasing.find_person(session, "Charlie"), Way.COMMAND, None, rules, noon + DAY)
    change("height", again=True, answer="50 cm", wrong=[{"text": "100 cm"}, {"text": "200 cm"}])
    with library_database.writing() as session:
        rows = session.execute(sa.text("SELECT learner_id, score, verdict, rating, state_before FROM review")).all()
        assert {tuple(row)[1:] for row in rows} == {(1.0, "right", 3, "")}
        assert len(rows) == 2
        assert session.execute(sa.text("SELECT learner_id FROM card_state")).scalars().all() == [bob.learner_id]
        assert memory.rebuild_states(session, rules, dry_run=True) == Rebuild(1, ())
