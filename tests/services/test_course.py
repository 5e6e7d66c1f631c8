"""Whatever a learner goes through, the states of the cards are what the log says: courses of all that can happen."""

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from plumbing import samples
from sqlmodel import Session

from quizapp.core.assessments.answers import Given
from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.saving import Stamp
from quizapp.core.assessments.timing import Window
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.exchange.model import PastReview
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.memory import to_millis
from quizapp.core.learning.presentation import AskedCard
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.privacy.acts import Way
from quizapp.services import accounts, claims, classes, memory, merging, past_reviews, rescheduling, settling, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.adopting import make_adoption
from quizapp.services.assessments import editing, finishing, sitting
from quizapp.services.authoring import Author, load_draft, publish
from quizapp.services.authoring.editing import bring_back, move_card, retire_cards, save_card
from quizapp.services.authoring.history import take_over
from quizapp.services.library import InputFile, load_files
from quizapp.services.privacy import erasing
from quizapp.services.rules import StudyRules, find_rules
from quizapp.services.submissions import Submission
from quizapp.store import settings as settings_store
from quizapp.store.engine import Database
from quizapp.store.tables import FitRow

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("UTC"))
CALENDAR = StudyCalendar(ZoneInfo("UTC"), time(4))
SCHOOL = StudyRules(Scheduler(SchedulerSettings(), CALENDAR), CALENDAR, b"a secret for tests only")
CARDS = ("height", "winter", "legs", "name")
WORDS = {"height": ("100 cm", "50 cm", "200 cm"), "winter": (False, True), "legs": ("long", "blue", "thin")}
CHOICES = (
    Choices(),
    Choices(desired_retention=0.8),
    Choices(learning_steps=(), relearning_steps=()),
    Choices(timezone="Pacific/Kiritimati", desired_retention=0.95),
    Choices(learning_steps=(timedelta(minutes=5),), maximum_interval=9),
)


@pytest.fixture(scope="module")
def begun(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the birds, which Alice has taken over, and her class, in which Bob and Charlie study."""
    path = tmp_path_factory.mktemp("course") / "begun.db"
    shutil.copyfile(_sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        load_files(session, [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)], NOON)
        people = {
            name: accounts.add_user(session, name, Role.STUDENT, "three grey herons", NOON)
            for name in ("Bob", "Charlie")
        }
        alice = accounts.add_user(session, "Alice", Role.TEACHER, "three grey herons", NOON)
        take_over(session, _author(alice), "birds", NOON)
        taught = classes.create_class(session, alice, "Year 7", NOON)
        for one in people.values():
            classes.add_member(session, taught, one.learner_id, one.handle, NOON)
        session.commit()
    database.dispose()
    return path


def _type_in(said: str | bool, _: AskedCard) -> Given:
    return Given(str(said).lower(), said)


def _author(teacher: Viewer) -> Author:
    assert teacher.account_id is not None
    return Author(teacher.account_id, "Alice", False)


@dataclass
class Course:
    """What Bob goes through, and Alice does meanwhile; ``number`` chooses among the ways to do it."""

    database: Database
    now: datetime = NOON
    keys: list[str] = field(default_factory=list)
    people: dict[str, Viewer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.database.writing() as session:
            for name in ("Alice", "Bob", "Charlie"):
                role = Role.TEACHER if name == "Alice" else Role.STUDENT
                self.people[name] = replace(rescheduling.find_viewer(session, name), role=role)

    def rules(self, session: Session, who: Viewer) -> StudyRules:
        """What counts for somebody now."""
        return find_rules(session, SCHOOL, who.learner_id)

    def give(self, session: Session, who: Viewer, number: int, given: datetime | None = None) -> str:
        """Answer a card at some revision, rightly or not."""
        card = CARDS[number % len(CARDS)]
        latest = session.execute(sa.text("SELECT revision FROM card WHERE slug = :card"), {"card": card}).scalar_one()
        rating = number % 4 + 1 if card == "name" else None
        words = WORDS.get(card, (None,))
        submission = Submission(
            "birds",
            card,
            1 if number % 5 == 0 else latest,
            words[number // 4 % len(words)],
            rating=rating,
            hint_used=number % 7 == 0,
            given_at=None if given is None else to_millis(given),
        )
        key = str(uuid.UUID(int=number + 1000 * len(self.keys) + 1_000_000 * who.learner_id, version=4))
        study.answer_card(session, who, submission, key, self.rules(session, who), self.now)
        return key

    def answer(self, session: Session, number: int) -> None:
        """Bob answers."""
        self.keys.append(self.give(session, self.people["Bob"], number))

    def answer_late(self, session: Session, number: int) -> None:
        """An answer arrives that Bob gave without network."""
        self.keys.append(self.give(session, self.people["Bob"], number, self.now - timedelta(hours=number % 100)))

    def undo(self, session: Session, number: int) -> None:
        """Bob takes one of his last answers back."""
        bob = self.people["Bob"]
        if self.keys:
            key = self.keys[-1 - number % min(3, len(self.keys))]
            study.undo_answer(session, bob.learner_id, key, self.now, rules=self.rules(session, bob))

    def wait(self, session: Session, number: int) -> None:
        """Time goes by; now and then a clock is put back."""
        self.now += timedelta(hours=-(number % 50)) if number % 11 == 0 else timedelta(hours=number % 300)

    def choose(self, session: Session, number: int) -> None:
        """Bob chooses other settings."""
        chosen = CHOICES[number % len(CHOICES)]
        settings_store.write_choices(session, self.people["Bob"].learner_id, chosen.to_json())
        session.commit()

    def fit(self, session: Session, number: int) -> None:
        """The model is fitted to Bob anew, and brought to him while he answers or a teacher grades again."""
        bob = self.people["Bob"]
        own = (
            *(round(value * (0.6 + number % 13 / 13), 4) for value in DEFAULT_PARAMETERS[:4]),
            *DEFAULT_PARAMETERS[4:],
        )
        prior = '{"birds/legs":2.0}' if number % 2 else ""
        session.add(
            FitRow(
                scope="learner",
                subject_id=bob.learner_id,
                outcome="kept",
                parameters=json.dumps(own),
                prior=prior,
                reviews=9,
                held_out=1,
                log_loss=0.3,
                log_loss_before=0.4,
                log_loss_average=0.4,
                created_at=self.now,
            )
        )
        session.commit()
        write = make_adoption(SCHOOL)(session, str(bob.learner_id))()
        session.rollback()
        for act in ((), (self.answer,), (self.undo, self.answer), (self.regrade,), (self.accept,))[number % 5]:
            self.try_to(act, session, number // 5)
        write(session, self.now)
        session.commit()

    def regrade(self, session: Session, number: int) -> None:
        """Alice changes the answer of a card; what becomes of old answers, she decides."""
        card_id = ("height", "winter", "legs")[number % 3]
        alice = _author(self.people["Alice"])
        draft = load_draft(session, alice, "birds")
        card = draft.content.find(card_id)
        if card is None:
            return
        answer = WORDS[card_id][number % len(WORDS[card_id])]
        fields: dict[str, Any] = {"answer": answer}
        if card_id == "height":
            fields["wrong"] = [{"text": each} for each in WORDS["height"] if each != answer]
        changed = type(card).model_validate(card.model_dump() | fields)
        if changed == card:
            return
        save_card(session, alice, "birds", changed, card_id, draft.version, self.now)
        again = dict.fromkeys(WORDS, number % 4 > 0)
        publish(session, alice, "birds", self.now, again=again, rules=SCHOOL)

    def accept(self, session: Session, number: int) -> None:
        """Bob claims to have been right, and Alice accepts it."""
        if self.keys:
            key = self.keys[number % len(self.keys)]
            claim = claims.make_claim(session, self.people["Bob"], key, "right", "", self.now)
            settling.settle_claim(session, self.people["Alice"], claim.handle, accept=True, rules=SCHOOL, now=self.now)

    def sit(self, session: Session, number: int) -> None:
        """Bob sits a test of Alice's; it counts in his log."""
        alice, bob = self.people["Alice"], self.people["Bob"]
        (taught,) = editing.list_class_choices(session, alice)
        draft = editing.Draft("Birds", Plan(cards=("birds/legs", "birds/winter")), Window(), taught.handle)
        handle = editing.create_test(session, alice, draft, self.now)
        editing.publish_test(session, alice, handle, self.now)
        drawn = sitting.draw_attempt(session, bob, handle, b"seed", SCHOOL)
        attempt = sitting.begin_attempt(session, bob, handle, drawn, self.now)
        held = sitting.view_sitting(session, bob, handle, attempt)
        assert held is not None
        for one in held.questions:
            said = ("long", "blue")[number % 2] if one.asked.type == "short" else number % 3 == 0
            read = partial(_type_in, said)
            save = sitting.Save(one.position, Stamp("11111111-1111", one.position, 0), read)
            sitting.save_answers(session, bob, attempt, [save], self.now)
        sitting.hand_in(session, bob, handle, attempt, self.now)
        for assessment, sat in finishing.list_untidy_of_learner(session, bob.learner_id, self.now):
            finishing.tidy_attempt(session, assessment, sat, SCHOOL, self.now)

    def reschedule(self, session: Session, number: int) -> None:
        """Bob moves his cards to the days that go with the parameters, or back."""
        bob = self.people["Bob"]
        if number % 3:
            rescheduling.apply_reschedule(session, bob, self.rules(session, bob), self.now)
        else:
            rescheduling.undo_reschedule(session, bob, self.now)

    def edit(self, session: Session, number: int) -> None:
        """Alice retires a card, takes it in again, or moves it up or down."""
        alice, card = _author(self.people["Alice"]), CARDS[number // 3 % len(CARDS)]
        if number % 3 == 0:
            retire_cards(session, alice, "birds", [card], self.now)
        elif number % 3 == 1:
            move_card(session, alice, "birds", card, number % 5 + 1, self.now)
        else:
            bring_back(session, alice, "birds", card, self.now)
        publish(session, alice, "birds", self.now)

    def merge(self, session: Session, number: int) -> None:
        """Bob answers as a guest, and then signs in."""
        bob = self.people["Bob"]
        guest = accounts.start_guest(session, "192.0.2.1", self.now).viewer
        session.commit()
        keys = [self.give(session, guest, number + more) for more in range(number % 3 + 1)]
        if number % 2:
            study.undo_answer(session, guest.learner_id, keys[-1], self.now, rules=self.rules(session, guest))
        merging.merge_guest(session, bob, guest.handle, self.rules(session, bob))
        self.keys += keys

    def take(self, session: Session, number: int) -> None:
        """Bob brings reviews from elsewhere."""
        bob = self.people["Bob"]
        at = to_millis(self.now - timedelta(hours=number))
        reviews = [PastReview(CARDS[number % 4], at - more * 100_000_000, number % 4 + 1, 900) for more in range(2)]
        past_reviews.take(session, bob, "birds", reviews, self.rules(session, bob), self.now)

    def erase(self, session: Session, number: int) -> None:
        """Charlie answers, and is deleted."""
        charlie = self.people["Charlie"]
        if "gone" not in self.people:
            self.give(session, charlie, number)
            self.people["gone"] = charlie
            person = erasing.find_person(session, "Charlie")
            erasing.erase_now(session, person, Way.COMMAND, None, SCHOOL, self.now)

    def try_to(self, act: Any, session: Session, number: int) -> None:
        """Do what may be refused."""
        try:
            act(session, number)
        except (Conflict, Invalid, NotFound):
            session.rollback()


ACTS = (
    "answer",
    "answer",
    "answer",
    "answer_late",
    "undo",
    "wait",
    "wait",
    "choose",
    "fit",
    "regrade",
    "accept",
    "sit",
)
ALL = (*ACTS, "reschedule", "reschedule", "edit", "merge", "take", "erase")


@pytest.fixture
def places(begun: Path, tmp_path: Path) -> Iterator[Path]:
    """Where a course begins, each time from the same database."""
    place = tmp_path / "course.db"
    yield place
    place.unlink(missing_ok=True)


LEARNED = [("answer", 2), ("wait", 2), ("answer", 2), ("wait", 250), ("answer", 2), ("wait", 299)]
MOVED = [*LEARNED, ("choose", 1), ("reschedule", 1)]


@pytest.mark.unmeasured
@example([("erase", 103)])  # what is kept of the deleted has no states
@example([("sit", 45), ("sit", 390), ("fit", 467), ("regrade", 677)])  # older answers say what older parameters made
@example([("answer", 690), ("fit", 124)])  # a fit is brought while an answer comes to be worth something else
@example([*MOVED, ("wait", 3), ("answer", 2), ("reschedule", 0), ("undo", 0)])  # moved, and moved back since
@example([*MOVED, ("regrade", 5)])  # an answer that a move was made from is worth something else
@example([("answer", 6), *MOVED, ("accept", 0)])
@example([("wait", 200), ("answer", 2), ("wait", 44), ("answer", 2), ("take", 3)])  # a clock that was put back
@example([("wait", 200), ("answer", 2), ("wait", 44), ("answer", 2), ("merge", 0)])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(ALL), st.integers(0, 999)), min_size=3, max_size=30))
def test_after_any_course_there_is_nothing_to_rebuild(begun: Path, places: Path, course: list[tuple[str, int]]) -> None:
    shutil.copyfile(begun, places)
    database = Database(f"sqlite:///{places}")
    bobs = Course(database)
    try:
        for name, number in course:
            with database.writing() as session:
                bobs.try_to(getattr(bobs, name), session, number)
        with database.writing() as session:
            found = memory.rebuild_states(session, SCHOOL, dry_run=True)
    finally:
        database.dispose()
        for left in places.parent.glob("course.db-*"):
            left.unlink()
    assert (found.differences, found.unreadable, found.miscounts) == ((), (), 0)
