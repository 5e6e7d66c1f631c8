"""The page of a class: counted from the log, for its own teachers only, each sign to be dismissed."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from fsrs.scheduler import DEFAULT_PARAMETERS
from plumbing import samples
from sqlmodel import Session, select

from quizapp.core.analysis.classpage import Sign
from quizapp.core.assignments.draft import TypedAssignment
from quizapp.core.errors import Forbidden, NotFound
from quizapp.core.learning.memory import MemoryState
from quizapp.core.learning.scheduling import recall_after
from quizapp.services import classes, classpage, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assignments import editing
from quizapp.services.classpage import ClassToday, StudentLine
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import AssessmentRow, AttemptRow, DeckRow, FitRow, LearnerRow, ReviewRow, known_id

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def alice(library_add_user: Callable[..., Viewer]) -> Viewer:
    """She teaches."""
    return library_add_user("Alice", Role.TEACHER)


@pytest.fixture
def bob(library_add_user: Callable[..., Viewer]) -> Viewer:
    """He studies in her class."""
    return library_add_user("Bob")


@pytest.fixture
def handle(library_database: Database, alice: Viewer, bob: Viewer, noon: datetime) -> str:
    """Alice's class, with Bob in it."""
    with library_database.writing() as session:
        made = classes.create_class(session, alice, "Birds", noon)
        classes.add_member(session, made, bob.learner_id, bob.handle, noon)
    return made.handle


@pytest.fixture
def answer(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., None]:
    """Answer a card: ``answer(bob, "legs", right=False, after=DAY)``."""

    def give(who: Viewer, card: str, *, right: bool = True, after: timedelta = timedelta(0)) -> None:
        response = (samples.RIGHT if right else samples.WRONG)[card]
        submission = Submission("birds", card, 1, response, shown_ms=30_000)
        with library_database.writing() as session:
            study.answer_card(session, who, submission, str(uuid.uuid4()), rules, noon + after)

    return give


@pytest.fixture
def read(library_database: Database, rules: StudyRules, noon: datetime, handle: str, alice: Viewer):
    """The page: ``read(after=DAY, order="due")``."""

    def see(who: Viewer | None = alice, after: timedelta = timedelta(0), order: str = "name") -> ClassToday:
        with library_database.reading() as session:
            return classpage.read_class_today(session, who, handle, rules, noon + after, order)

    return see


def _only(today: ClassToday) -> StudentLine:
    assert len(today.lines) == 1
    return today.lines[0]


def test_a_class_in_which_nobody_has_answered(read) -> None:
    line = _only(read())
    assert (line.days_away, line.activity.today, line.activity.recall, line.signs) == (None, 0, None, ())
    assert (read().decks, read().summary.recall) == ((), None)


def test_what_was_answered_is_counted_by_study_days(read, answer, bob: Viewer) -> None:
    answer(bob, "legs")
    answer(bob, "height", right=False)
    line = _only(read(after=MINUTE))
    seen = line.activity
    assert (seen.today, seen.today_right, seen.week, line.minutes) == (2, 1, 2, 1.0)
    later = _only(read(after=3 * DAY))
    assert (later.days_away, later.activity.today, later.activity.week, later.activity.due) == (3, 0, 2, 2)
    assert _only(read(after=8 * DAY)).activity.week == 0


def test_recall_today_is_what_the_memory_model_expects(
    read, answer, bob: Viewer, library_database: Database, rules: StudyRules
) -> None:
    answer(bob, "legs")
    answer(bob, "height")
    with library_database.reading() as session:
        states = [MemoryState.from_json(text) for text in session.exec(select(ReviewRow.state_after))]
    for days in (0, 1, 40):
        expected = sum(recall_after(days, state.stability) for state in states) / 2
        line = _only(read(after=days * DAY))
        assert line.activity.recall == pytest.approx(expected)
        assert [(one.cards, one.recall) for one in line.recalls if one] == [(2, pytest.approx(expected))]
    assert [deck.slug for deck in read().decks] == ["birds"]


def _add_fit(session: Session, scope: str, subject: int, decay: float, now: datetime) -> int:
    parameters = json.dumps([*DEFAULT_PARAMETERS[:20], decay])
    row = FitRow(
        scope=scope,
        subject_id=subject,
        outcome="kept",
        parameters=parameters,
        reviews=1,
        held_out=1,
        log_loss=0.1,
        log_loss_before=0.2,
        log_loss_average=0.3,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return known_id(row.id)


def test_who_studies_by_a_curve_of_its_own_is_counted_by_it_a_learners_before_a_decks(
    read, answer, bob: Viewer, library_database: Database, noon: datetime
) -> None:
    answer(bob, "legs")
    usual = _only(read(after=40 * DAY)).activity.recall
    with library_database.reading() as session:
        stability = MemoryState.from_json(session.exec(select(ReviewRow.state_after)).one()).stability
        deck = known_id(session.exec(select(DeckRow.id)).one())
    assert usual == pytest.approx(recall_after(40, stability))
    for row, scope, subject, decay in ((DeckRow, "deck", deck, 0.5), (LearnerRow, "learner", bob.learner_id, 0.8)):
        with library_database.writing() as session:
            fit = _add_fit(session, scope, subject, decay, noon)
            session.execute(sa.update(row).where(sa.column("id") == subject).values(fit_id=fit))
            session.commit()
        line = _only(read(after=40 * DAY))
        assert line.activity.recall == pytest.approx(recall_after(40, stability, decay))
        assert [one.cards for one in line.recalls if one] == [1]


def test_a_card_that_is_missed_again_and_again_is_one_that_the_student_is_stuck_at(read, answer, bob: Viewer) -> None:
    for minute in range(4):
        answer(bob, "waiting", right=False, after=minute * MINUTE)
    line = _only(read(after=5 * MINUTE))
    assert line.signs == (Sign.STUCK,)
    assert [(card.deck, card.times) for card in line.stuck] == [("birds", 4)]
    assert "It waits" in line.stuck[0].prompt
    assert _only(read(after=9 * DAY)).signs == (Sign.AWAY,)


def test_a_sign_that_was_seen_to_stays_away_for_two_weeks(
    read, library_database: Database, alice: Viewer, bob: Viewer, handle: str, noon: datetime
) -> None:
    assert _only(read(after=8 * DAY)).signs == (Sign.AWAY,)
    for _ in range(2):
        with library_database.writing() as session:
            classpage.dismiss_sign(session, alice, handle, bob.handle, "away", noon + 8 * DAY)
    assert _only(read(after=9 * DAY)).signs == ()
    assert read(after=9 * DAY).summary.signs == 0
    assert _only(read(after=23 * DAY)).signs == (Sign.AWAY,)


def test_strangers_see_nothing_and_dismiss_nothing(
    read, library_database: Database, bob: Viewer, handle: str, noon: datetime, library_add_user: Callable[..., Viewer]
) -> None:
    dana = library_add_user("Dana", Role.TEACHER)
    for who, error in [(dana, NotFound), (bob, NotFound), (None, Forbidden)]:
        with pytest.raises(error):
            read(who)
        with library_database.writing() as session, pytest.raises(error):
            classpage.dismiss_sign(session, who, handle, bob.handle, "away", noon)


def test_only_known_signs_of_students_of_the_class_are_dismissed(
    library_database: Database,
    alice: Viewer,
    bob: Viewer,
    handle: str,
    noon: datetime,
    library_add_user: Callable[..., Viewer],
) -> None:
    charlie = library_add_user("Charlie")
    for learner, sign in [(charlie.handle, "away"), (bob.handle, "lazy")]:
        with library_database.writing() as session, pytest.raises(NotFound):
            classpage.dismiss_sign(session, alice, handle, learner, sign, noon)


@pytest.mark.parametrize("order", classpage.ORDERS)
def test_the_page_can_be_sorted_by_each_column(
    read,
    answer,
    library_database: Database,
    alice: Viewer,
    bob: Viewer,
    handle: str,
    noon: datetime,
    order: str,
    library_add_user: Callable[..., Viewer],
) -> None:
    anna = library_add_user("Anna")
    with library_database.writing() as session:
        taught = classes.load_taught_class(session, alice, handle)
        classes.add_member(session, taught, anna.learner_id, anna.handle, noon)
    for minute in range(4):
        answer(bob, "waiting", right=False, after=minute * MINUTE)
    names = [line.member.name for line in read(order=order, after=2 * DAY).lines]
    assert names == (["Anna", "Bob"] if order in ("name", "last", "today") else ["Bob", "Anna"])


def test_a_test_that_is_not_handed_in_is_told(
    read, library_database: Database, alice: Viewer, bob: Viewer, noon: datetime
) -> None:
    with library_database.writing() as session:
        columns = AssessmentRow.__table__.c  # type: ignore[attr-defined]
        values = {
            "handle": str(uuid.uuid4()),
            "title": "Herons",
            "plan": "{}",
            "created_at": noon,
            "seed": "s",
            "by_link": True,
            "account_id": alice.account_id,
            "version": 1,
            "changed_at": noon,
        }
        row = AssessmentRow(**{name: value for name, value in values.items() if name in columns})
        session.add(row)
        session.flush()
        session.add(
            AttemptRow(
                learner_id=bob.learner_id,
                handle=str(uuid.uuid4()),
                assessment_id=known_id(row.id),
                number=1,
                seed="s",
                started_at=noon,
            )
        )
        session.commit()
    assert _only(read()).test_since == noon


def test_a_large_class_comes_in_pages_and_is_summed_up_as_a_whole(
    answer,
    bob: Viewer,
    monkeypatch: pytest.MonkeyPatch,
    library_database: Database,
    alice: Viewer,
    handle: str,
    noon: datetime,
    library_add_user: Callable[..., Viewer],
    rules: StudyRules,
) -> None:
    charlie = library_add_user("Charlie")
    with library_database.writing() as session:
        taught = classes.load_taught_class(session, alice, handle)
        classes.add_member(session, taught, charlie.learner_id, charlie.handle, noon)
    answer(charlie, "legs")
    monkeypatch.setattr(classpage, "PAGE", 1)

    def names(page: int, order: str = "name") -> list[str]:
        with library_database.reading() as session:
            today = classpage.read_class_today(session, alice, handle, rules, noon, order, page)
        assert (today.pages, today.summary.students, today.summary.answers) == (2, 2, 1)
        return [line.member.name for line in today.lines]

    assert [names(1), names(2), names(0), names(10**20)] == [["Bob"], ["Charlie"], ["Bob"], ["Charlie"]]
    assert names(1, "today") == ["Charlie"]


def test_work_that_was_due_lately_and_is_not_done_is_a_sign_on_the_page_and_in_the_report(
    read, library_database: Database, alice: Viewer, bob: Viewer, handle: str, noon: datetime, rules: StudyRules
) -> None:
    moments = {
        name: (noon + days * DAY).strftime("%Y-%m-%dT%H:%M") for name, days in (("opens", 0), ("due", 2), ("closes", 9))
    }
    typed = TypedAssignment(title="Herons", kind="study", decks=("birds",), whom="class", **moments)
    for _ in range(2):
        with library_database.writing() as session:
            editing.create_assignment(session, alice, handle, typed, rules, noon, key=str(uuid.uuid4()))
    found = {days: _only(read(after=days * DAY)) for days in (1, 3, 10, 29, 31)}
    assert [Sign.OVERDUE in line.signs for line in found.values()] == [False, True, True, True, False]
    assert [line.activity.overdue for line in found.values()] == [0, 2, 2, 2, 0]
    with library_database.reading() as session:
        taught = classes.load_taught_class(session, alice, handle)
        assert classpage.list_signs(session, taught, rules, noon + 3 * DAY) == {bob.learner_id: (Sign.OVERDUE,)}
    with library_database.writing() as session:
        classpage.dismiss_sign(session, alice, handle, bob.handle, "overdue", noon + 3 * DAY)
    assert _only(read(after=4 * DAY)).signs == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_has_not_answered_for_weeks_is_known_by_the_last_answer(read, answer, bob: Viewer) -> None:
    answer(bob, "legs")
    assert _only(read(after=30 * DAY)).days_away == 30


def test_a_students_own_page_says_what_the_class_page_says(
    read, answer, bob: Viewer, library_database: Database, rules: StudyRules, noon: datetime, handle: str, alice: Viewer
) -> None:
    answer(bob, "legs")
    answer(bob, "height", right=False)
    with library_database.reading() as session:
        taught = classes.load_taught_class(session, alice, handle)
        own = classpage.read_student_today(session, taught, bob.handle, rules, noon + 9 * DAY)
    page = read(after=9 * DAY)
    assert (own.line, own.decks) == (_only(page), page.decks)
    assert Sign.AWAY in own.line.signs


def test_a_student_who_has_answered_nothing_has_no_decks_on_the_own_page(
    library_database: Database, rules: StudyRules, noon: datetime, handle: str, alice: Viewer, bob: Viewer
) -> None:
    with library_database.reading() as session:
        taught = classes.load_taught_class(session, alice, handle)
        own = classpage.read_student_today(session, taught, bob.handle, rules, noon)
        assert (own.decks, own.line.days_away) == ((), None)
        with pytest.raises(NotFound):
            classpage.read_student_today(session, taught, alice.handle, rules, noon)
