"""Sitting a test: beginning an attempt, saving its answers one by one, and handing it in."""

import json
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import Session

from quizapp.core.assessments import saving
from quizapp.core.assessments.answers import Fill, Given, Typed, check_given
from quizapp.core.assessments.draw import draw_questions
from quizapp.core.assessments.plan import Feedback, Plan
from quizapp.core.assessments.saving import Stamp
from quizapp.core.assessments.timing import Phase, Terms
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.grading import Grade
from quizapp.core.learning.presentation import AskedCard, ask
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.access import Assessment, find_terms, load_attempt, load_for_student, terms_of
from quizapp.services.assessments.finishing import finish_attempt
from quizapp.services.assessments.judging import grade_by_later
from quizapp.services.assessments.pool import list_pool
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules
from quizapp.store import assessments as test_store
from quizapp.store import assessments_attempts as store
from quizapp.store import assessments_regrading as regrading
from quizapp.store import study as study_store
from quizapp.store.assessments_attempts import AttemptRecord, NewQuestion, OpenQuestion, QuestionRecord, SavedAnswer

_ASKED: TypeAdapter[AskedCard] = TypeAdapter(AskedCard)
_CLIENT = re.compile(r"[0-9a-f-]{8,40}")
LARGEST_POSITION = 10_000


@dataclass(frozen=True, slots=True)
class SittingQuestion:
    """A question as the student has it: nothing that gives the answer away. ``typed`` is what was saved last."""

    position: int
    asked: AskedCard
    language: str
    typed: Typed | None
    fill: Fill
    confidence: int | None
    version: int
    saved_at: datetime | None
    settled: bool
    deck: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """An open attempt."""

    assessment: Assessment
    attempt: AttemptRecord
    questions: tuple[SittingQuestion, ...]
    ends_at: datetime | None

    @property
    def unanswered(self) -> tuple[SittingQuestion, ...]:
        """The questions without a whole answer."""
        return tuple(question for question in self.questions if question.fill is not Fill.WHOLE)


@dataclass(frozen=True, slots=True)
class Save:
    """An answer on its way. ``read`` takes it out of the form, once it is known how the question was asked.

    ``was`` is what the page held when it was made, for a form that sends all it has: what was not changed is not saved.
    """

    position: int
    stamp: Stamp
    read: Callable[[AskedCard], Given]
    confidence: int | None = None
    was: Callable[[Typed], bool] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save.

    ``overtaken``: another tab or device had written since this one last looked. ``stale``: the save came late or twice,
    and what is stored is another answer.
    """

    position: int
    version: int
    saved_at: datetime | None
    fill: Fill
    overtaken: bool
    ends_at: datetime | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a page asks again and again: the versions of its answers, and when its time runs out."""

    versions: dict[int, int]
    ends_at: datetime | None
    open: bool


def make_questions(assessment: Assessment, session: Session, seed: bytes, rules: StudyRules) -> list[NewQuestion]:
    """The questions of an attempt as they are drawn with this seed, from the pool written down for the test."""
    plan, pool = assessment.plan, list_pool(session, assessment.record.id)
    drawn = draw_questions(plan, [entry.card for entry in pool], seed)
    cards = {entry.card.card_id: entry.body for entry in pool}
    # Where all are to see one order, it still must not be the deck's, which begins with what is right.
    shuffle = seed if plan.shuffle_options else rules.shuffle_seed("", assessment.handle, 0, 0)
    return [
        NewQuestion(
            one.card_id,
            one.revision_id,
            _ASKED.dump_json(replace(ask(read_card(cards[one.card_id]), shuffle), hint_available=False)).decode(),
        )
        for one in drawn
    ]


def _check_may_begin(terms: Terms, used: int, most: int, now: datetime) -> None:
    phase = terms.phase(now)
    if phase is Phase.BEFORE:
        raise Conflict(say("This test is not open yet."))
    if phase is Phase.CLOSED:
        raise Conflict(say("This test is closed."))
    if used >= most:
        raise Conflict(say("You have used all your attempts at this test."))


@dataclass(frozen=True, slots=True)
class Drawn:
    """The questions for an attempt to come, from which version of the test, and all it takes to draw them again."""

    version: int
    seed: bytes
    questions: Sequence[NewQuestion]
    rules: StudyRules


def draw_attempt(session: Session, viewer: Viewer | None, handle: str, seed: bytes, rules: StudyRules) -> Drawn:
    """Draw the questions for an attempt to come; nothing is written. Raises NotFound, PoolTooSmall."""
    assessment = load_for_student(session, viewer, handle)
    return Drawn(assessment.record.version, seed, make_questions(assessment, session, seed, rules), rules)


def begin_attempt(session: Session, viewer: Viewer, handle: str, drawn: Drawn, now: datetime) -> str:
    """Begin an attempt, or go on with the one that is open; gives its handle.

    Where the test was changed since its questions were drawn, they are drawn again: nobody changes it from here on.
    Raises NotFound, Conflict where the test is not open or no attempt is left, and PoolTooSmall.
    """
    test_store.lock_assessment(session, handle)
    study_store.lock_learner(session, viewer.learner_id)
    assessment = load_for_student(session, viewer, handle)
    earlier = store.list_attempts(session, assessment.record.id, viewer.learner_id)
    terms, most = find_terms(session, assessment, viewer.learner_id)
    going_on = next((attempt for attempt in earlier if attempt.ended_at is None), None)
    if going_on is not None and not terms.is_over(going_on.started_at, now):
        return going_on.handle
    if going_on is not None:
        finish_attempt(session, going_on, assessment.plan, terms, now)
        session.commit()  # it has ended whatever comes now; nothing is locked any more, so all is looked at anew
        return begin_attempt(session, viewer, handle, drawn, now)
    if not assessment.given:
        raise Conflict(say("This test is not given to you any more. What you have handed in stays."))
    _check_may_begin(terms, len(earlier), most, now)
    attempt = AttemptRecord(
        viewer.learner_id, str(uuid.uuid4()), assessment.record.id, len(earlier) + 1, drawn.seed.hex(), now
    )
    questions = drawn.questions
    if drawn.version != assessment.record.version:
        questions = make_questions(assessment, session, drawn.seed, drawn.rules)
    store.add_attempt(session, attempt, questions)
    session.commit()
    return attempt.handle


def read_asked_json(asked: str) -> AskedCard:
    """The card as it was shown, from what is stored."""
    return _ASKED.validate_json(asked)


def read_fill(question: QuestionRecord) -> Fill:
    """How much of a question is answered."""
    if question.response:
        return Fill.WHOLE
    return Fill.PART if question.typed else Fill.NOTHING


def show_question(question: QuestionRecord) -> SittingQuestion:
    """A question as the student may see it."""
    return SittingQuestion(
        position=question.position,
        asked=read_asked_json(question.asked),
        language=question.language,
        typed=json.loads(question.typed) if question.typed else None,
        fill=read_fill(question),
        confidence=question.confidence,
        version=question.version,
        saved_at=question.saved_at,
        settled=question.settled_at is not None,
        deck=question.deck_slug,
    )


def view_sitting(session: Session, viewer: Viewer | None, handle: str, attempt_handle: str) -> Sitting | None:
    """An open attempt of the viewer's; None where it has ended. Raises NotFound."""
    assessment = load_for_student(session, viewer, handle)
    attempt = load_attempt(session, assessment, attempt_handle, viewer.learner_id if viewer else 0)
    if attempt.ended_at is not None:
        return None
    terms, _ = find_terms(session, assessment, attempt.learner_id)
    questions = tuple(show_question(question) for question in store.list_questions(session, attempt))
    return Sitting(assessment, attempt, questions, terms.deadline(attempt.started_at))


def view_pulse(session: Session, viewer: Viewer | None, handle: str, attempt_handle: str, now: datetime) -> Pulse:
    """How an attempt of the viewer's stands. Raises NotFound."""
    assessment = load_for_student(session, viewer, handle)
    attempt = load_attempt(session, assessment, attempt_handle, viewer.learner_id if viewer else 0)
    terms, _ = find_terms(session, assessment, attempt.learner_id)
    is_open = attempt.ended_at is None and not terms.is_over(attempt.started_at, now)
    return Pulse(store.list_versions(session, attempt), terms.deadline(attempt.started_at), is_open)


def _lock(
    session: Session, viewer: Viewer, attempt_handle: str, position: int, now: datetime
) -> tuple[OpenQuestion, Plan, Terms]:
    known = 0 < position <= LARGEST_POSITION
    found = store.lock_question(session, viewer.learner_id, attempt_handle, position) if known else None
    if found is None:
        raise NotFound(say("There is no such question in this test."))
    plan = Plan.model_validate_json(found.plan)
    terms = terms_of(plan, found.dates, found.exception)
    if found.attempt.ended_at is not None:
        raise Conflict(say("This attempt is over. What was saved before counts."))
    if not terms.takes_answers(found.attempt.started_at, now):
        raise Conflict(say("The time is over. What was saved before counts."))
    return found, plan, terms


def _check_stamp(stamp: Stamp) -> None:
    good = 0 < stamp.counter < saving.LARGEST_COUNTER and 0 <= stamp.base < saving.LARGEST_COUNTER
    if not good or not _CLIENT.fullmatch(stamp.client):
        raise Invalid(say("The answer was not saved: the page that sent it is not one of ours."))


def _write_save(session: Session, viewer: Viewer, attempt_handle: str, save: Save, now: datetime) -> Saved:
    _check_stamp(save.stamp)
    found, plan, terms = _lock(session, viewer, attempt_handle, save.position, now)
    question, ends_at = found.question, terms.deadline(found.attempt.started_at)
    asked = read_asked_json(question.asked)
    given = save.read(asked)
    # What was checked takes no other answer, and its card may say something else by now.
    fill = Fill.WHOLE if question.settled_at else check_given(read_card(question.body), asked, given)
    if save.confidence not in (None, 1, 2, 3) or (save.confidence and not plan.confidence):
        raise Invalid(say("The answer was not saved."), {"confidence": say("1, 2 or 3.")})
    clients = saving.read_clients(question.clients)
    typed = "" if fill is Fill.NOTHING else json.dumps(given.typed, ensure_ascii=False)
    overtaken = question.version > save.stamp.base and (list(clients) or [save.stamp.client])[-1] != save.stamp.client
    untouched = (typed, save.confidence) == (question.typed, question.confidence)
    late = not saving.is_new(clients, save.stamp)
    if untouched or late or (save.was is not None and save.was(given.typed)):
        kept = question.version, question.saved_at, read_fill(question)
        return Saved(question.position, *kept, overtaken and not late, ends_at, stale=late and not untouched)
    if question.settled_at is not None:
        raise Conflict(say("You have checked this answer, so it stays as it is."))
    written = SavedAnswer(
        typed=typed,
        response=json.dumps(given.response, ensure_ascii=False) if fill is Fill.WHOLE else "",
        confidence=save.confidence,
        version=question.version + 1,
        clients=saving.write_clients(saving.note(clients, save.stamp)),
        saved_at=now,
    )
    store.write_save(session, found.attempt, question.position, written)
    return Saved(question.position, question.version + 1, now, fill, overtaken, ends_at)


def save_answers(
    session: Session, viewer: Viewer, attempt_handle: str, saves: Iterable[Save], now: datetime
) -> list[Saved]:
    """Save answers of an open attempt, all of them or none.

    A save that comes late or twice changes nothing; between tabs the newest counts. Raises NotFound for another's
    attempt or a question that is not in it, Invalid for what the question cannot be answered with, Conflict after the
    end or once an answer was checked.
    """
    saved = [_write_save(session, viewer, attempt_handle, save, now) for save in saves]
    session.commit()
    return saved


def check_answer(session: Session, viewer: Viewer, attempt_handle: str, save: Save, now: datetime) -> Grade:
    """Save an answer and have it graded at once, for good. Raises as ``save_answers`` does, and Invalid for a part.

    Checking again changes nothing.
    """
    found, plan, _ = _lock(session, viewer, attempt_handle, save.position, now)
    if plan.feedback is not Feedback.AT_ONCE:
        raise Conflict(say("This test tells later what was right."))
    if found.question.settled_at is None:
        _write_save(session, viewer, attempt_handle, save, now)
        found, _, _ = _lock(session, viewer, attempt_handle, save.position, now)
    later = regrading.list_later_revisions(session, found.attempt).get(save.position)
    graded, revision_id = grade_by_later(found.question, None if found.question.settled_at else later)
    if graded is None:
        message = say("Answer the whole question first.")
        raise Invalid(message, {"response": message})
    if found.question.settled_at is None:
        worth = {"score": graded.score, "verdict": graded.verdict.value}
        values = {"settled_at": now, "revision_id": revision_id} | worth
        store.write_answer(session, found.attempt, found.question.position, values)
    session.commit()
    return graded


def hand_in(session: Session, viewer: Viewer, handle: str, attempt_handle: str, now: datetime) -> None:
    """End an attempt and grade what is saved. Handing in again changes nothing. Raises NotFound."""
    assessment = load_for_student(session, viewer, handle)
    load_attempt(session, assessment, attempt_handle, viewer.learner_id)
    attempt = store.lock_attempt(session, viewer.learner_id, attempt_handle)
    if attempt is not None and attempt.ended_at is None:
        terms, _ = find_terms(session, assessment, viewer.learner_id)
        finish_attempt(session, attempt, assessment.plan, terms, now)
    session.commit()
