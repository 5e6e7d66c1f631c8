"""A class with a history to look at: made up from a seed, marked as such, and written the way real answers are."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlmodel import Session

from quizapp.core.deck.schema import Card, Flashcard
from quizapp.core.demo.answers import answer_right, answer_wrong, list_typed
from quizapp.core.demo.people import (
    MARK,
    MOST_DAYS,
    MOST_STUDENTS,
    MadeUp,
    list_study_days,
    make_hardness,
    make_students,
)
from quizapp.core.errors import Invalid
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.grading import Grade, grade, parse_response
from quizapp.core.learning.memory import MemoryState, Phase, Rating
from quizapp.core.learning.rating import rate
from quizapp.core.messages import say
from quizapp.services.classes import find_teacher_account
from quizapp.services.recording import Review, record_review
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import accounts as account_store
from quizapp.store import classes as class_store
from quizapp.store import rosters as roster_store
from quizapp.store import study as study_store
from quizapp.store.demo import list_current_revisions
from quizapp.store.study import RevisionRecord

_FIRST_RECALL = 0.45
"""The chance that a card is right when it is met for the first time."""
_SITTING_HOURS = (9, 18)


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """How many students, over how many study days up to today, from which seed; ``teacher`` is an account's name."""

    teacher: str
    students: int = 30
    days: int = 60
    seed: int = 1

    def check(self) -> None:
        """Raises Invalid for a number out of bounds."""
        if not 1 <= self.students <= MOST_STUDENTS or not 1 <= self.days <= MOST_DAYS:
            message = say(
                "A demo has 1 to %(students)s students and 1 to %(days)s days.", students=MOST_STUDENTS, days=MOST_DAYS
            )
            raise Invalid(message)


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made: the class's handle and name, and how many answers."""

    handle: str
    name: str
    students: int
    answers: int


@dataclass(frozen=True, slots=True)
class _Question:
    """A card to be asked, the typed answers of its deck's other cards, and how much harder it is than most."""

    revision: RevisionRecord
    card: Card
    others: tuple[str, ...]
    hardness: float


def _list_questions(session: Session, dice: Random) -> list[_Question]:
    revisions = list_current_revisions(session)
    cards = {revision.card_id: read_card(revision.body) for revision in revisions}
    typed: dict[int, tuple[str, ...]] = {}
    for deck_id in {revision.deck_id for revision in revisions}:
        typed[deck_id] = list_typed([cards[one.card_id] for one in revisions if one.deck_id == deck_id])
    hardness = make_hardness(len(revisions), dice)
    return [
        _Question(one, cards[one.card_id], typed[one.deck_id], hard)
        for one, hard in zip(revisions, hardness, strict=True)
    ]


def _make_handle(dice: Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


class _Student:
    """One made-up student at work: answers card after card, and remembers by the memory model itself."""

    def __init__(self, session: Session, learner: tuple[int, str], person: MadeUp, rules: StudyRules, dice: Random):
        self._session = session
        self._learner_id, self._handle = learner
        self._person = person
        self._rules = rules
        self._dice = dice
        self._states: dict[int, MemoryState] = {}
        self.answers = 0

    def study(self, day: date, questions: Sequence[_Question], end: datetime) -> None:
        """Answer what is due on a study day and some new cards, as far as the day has come."""
        hours = self._dice.uniform(*_SITTING_HOURS)
        at = self._rules.calendar.start_of(day) + timedelta(hours=hours - 4)
        for question in self._choose(questions, day):
            at += timedelta(seconds=self._dice.uniform(8, 45))
            if at >= end:
                return
            if self._answer(question, at) is Rating.AGAIN:
                at += timedelta(minutes=1.5)
                self._answer(question, min(at, end - timedelta(seconds=1)))

    def _choose(self, questions: Sequence[_Question], day: date) -> list[_Question]:
        calendar = self._rules.calendar
        due = [
            one
            for one in questions
            if (state := self._states.get(one.revision.card_id)) and calendar.day_of(state.due) <= day
        ]
        fresh = [one for one in questions if one.revision.card_id not in self._states]
        return [*due, *fresh[: self._person.new_cards]]

    def _knows(self, question: _Question, at: datetime) -> bool:
        before = self._states.get(question.revision.card_id)
        if before is None:
            hardness = {"easy": 0.15, "hard": -0.15}.get(question.card.difficulty or "", 0.0)
            chance = _FIRST_RECALL + hardness
        else:
            chance = self._rules.scheduler.retrievability(before, at) if before.phase is Phase.REVIEW else 0.85
        return self._dice.random() < chance + self._person.ability - question.hardness

    def _grade(self, question: _Question, knows: bool) -> tuple[Submission, Grade]:
        card, revision = question.card, question.revision
        rating = (3 if knows else 1) if isinstance(card, Flashcard) else None
        response = answer_right(card) if knows else answer_wrong(card, self._dice, question.others)
        shown_ms = int(min(max(self._dice.lognormvariate(2.1, 0.5), 2), 90) * 1000)
        submission = Submission(
            revision.deck_slug, revision.card_slug, revision.number, response, shown_ms=shown_ms, rating=rating
        )
        return submission, grade(card, parse_response(card, response, rating), revision.language)

    def _answer(self, question: _Question, at: datetime) -> Rating:
        revision = question.revision
        submission, graded = self._grade(question, self._knows(question, at))
        before = self._states.get(revision.card_id)
        rating = rate(graded)
        seed = fuzz_seed(self._handle, revision.ref, before.reps if before else 0)
        after = self._rules.scheduler.review(before, rating, at, seed=seed)
        key = _make_handle(self._dice)
        answered = Review(self._learner_id, key, submission, revision, graded, rating, after.last_review, before, after)
        record_review(self._session, answered, self._rules)
        self._states[revision.card_id] = after
        self.answers += 1
        return rating


def _add_student(session: Session, class_id: int, person: MadeUp, joined: datetime, dice: Random) -> tuple[int, str]:
    handle = _make_handle(dice)
    learner_id = account_store.add_learner(session, handle, joined)
    class_store.add_member(session, class_id, learner_id, handle, joined)
    roster_store.change_member(
        session, class_id, learner_id, external_id="", first_name=person.first_name, last_name="Demo", email=""
    )
    return learner_id, handle


def make_demo(
    session: Session,
    plan: DemoPlan,
    rules: StudyRules,
    now: datetime,
    progress: Callable[[Iterator[MadeUp]], Iterator[MadeUp]] = iter,
) -> Demo:
    """Make a class of made-up students who have studied the decks that are loaded.

    Each student is a transaction, so that real answers need not wait for all of them. The same seed over the same decks
    at the same time gives the same answers. Raises Invalid where there are no cards, no such teacher, or a plan is out
    of bounds.
    """
    plan.check()
    dice = Random(f"{plan.seed}|{now.isoformat()}")  # noqa: S311 - made up, not secret
    questions = _list_questions(session, dice)
    if not questions:
        raise Invalid(say("There are no cards to study yet. Load decks first: quizapp deck load decks/"))
    account_id, _ = find_teacher_account(session, plan.teacher)
    first = now - timedelta(days=plan.days)
    name = f"Demo class {MARK}"
    made = class_store.add_class(
        session, handle=str(uuid.UUID(int=dice.getrandbits(128), version=4)), name=name, now=first
    )
    class_store.add_teacher(session, made.id, account_id, first)
    session.commit()
    answers = 0
    for person in progress(iter(make_students(plan.students, dice))):
        learner = _add_student(session, made.id, person, first, dice)
        study_store.lock_learner(session, learner[0])
        student = _Student(session, learner, person, rules, dice)
        for day in list_study_days(person, rules.calendar.day_of(now), plan.days, dice):
            student.study(day, questions, now)
        answers += student.answers
        session.commit()
    return Demo(made.handle, name, plan.students, answers)
