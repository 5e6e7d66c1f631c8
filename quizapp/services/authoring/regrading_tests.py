"""Answers in tests, when the old answers of a card are graded again: the scores of the tests follow.

An answer that is graded already is graded anew at once, and the score of its attempt added up anew. One that still
waits, in an open attempt, is graded by the new words when it comes to its end (``finishing``). A question that nobody
answered counts for the new words as well, so that its result says what is right and the item analysis stays one.
What the student may see of it, the settings of the test decide, as before.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.scoring import Scored, add_up
from quizapp.core.deck.schema import Card
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import Grade, grade, parse_response
from quizapp.services.assessments.access import Assessment, read_assessment
from quizapp.services.assessments.counting import make_key
from quizapp.store import assessments as test_store
from quizapp.store import assessments_attempts as attempt_store
from quizapp.store import assessments_regrading as store
from quizapp.store.assessments_attempts import AttemptRecord
from quizapp.store.assessments_regrading import AskedRecord, MovedRecord, WorthEvent, WorthRecord
from quizapp.store.authoring_effects import RegradeRecord
from quizapp.store.study import RevisionRecord

Judged = Collection[tuple[int, str]]
"""Answers that a teacher has judged, as (learner, key): they stay."""


@dataclass(frozen=True, slots=True)
class AskedAnswer:
    """A question that tests asked, graded by other words of its card.

    ``key`` is that of the review which its answer becomes. ``grade`` is None where the answer cannot be read by those
    words, was judged by a teacher, or is not there.
    """

    asked: AskedRecord
    key: str
    grade: Grade | None
    judged: bool

    @property
    def is_graded(self) -> bool:
        """Whether the answer is worth something by now; those of open attempts mostly wait for the end."""
        return bool(self.asked.response) and self.asked.score is not None

    @property
    def differs(self) -> bool:
        """Whether the answer is worth something else."""
        if self.grade is None or self.asked.score is None:
            return False
        return abs(self.asked.score - self.grade.score) > 1e-9 or self.asked.verdict != self.grade.verdict.value


@dataclass(frozen=True, slots=True)
class ChangedTest:
    """An attempt whose score changes. ``student`` is blank for who is in no class of the author's."""

    learner_id: int
    title: str
    number: int
    points_before: float
    points_after: float
    most_points: float
    student: str = ""


@dataclass(frozen=True, slots=True)
class TestEffects:
    """What becomes of tests: the answers in them, and the attempts whose score changes.

    ``elsewhere`` counts those in tests that the author may not look into, ``open`` the attempts that are under way.
    ``shown`` are the answers in the author's own tests, by key.
    """

    answers: tuple[AskedAnswer, ...] = ()
    changed: tuple[ChangedTest, ...] = ()
    elsewhere: int = 0
    open: int = 0
    shown: frozenset[str] = frozenset()


def read_again(card: Card, response: str, language: str, rating: int | None = None) -> Grade | None:
    """What an old answer (JSON) is worth by these words; None where the card cannot be answered so."""
    try:
        return grade(card, parse_response(card, json.loads(response), rating), language)
    except Invalid:
        return None


def _grade_asked(
    asked: Iterable[AskedRecord], card: Card, language: str, secret: bytes, judged: Judged
) -> Iterable[AskedAnswer]:
    for one in asked:
        key = make_key(secret, one.attempt, one.position)
        stays = (one.learner_id, key) in judged
        found = None if stays or not one.response else read_again(card, one.response, language)
        yield AskedAnswer(one, key, found, stays)


def _add_up(worth: Sequence[WorthRecord], changed: Mapping[int, float | None], *, by_confidence: bool) -> float:
    """The points of an attempt with other scores at these positions."""
    scored = (Scored(changed.get(one.position, one.score), one.confidence) for one in worth)
    return add_up(scored, by_confidence=by_confidence)[0]


class _Tests:
    """The tests that attempts belong to, each read once; and whether an author may look into them."""

    def __init__(self, session: Session, account_id: int) -> None:
        self._session, self._account_id = session, account_id
        self._known: dict[int, tuple[Assessment, bool]] = {}

    def find(self, attempt: AttemptRecord) -> tuple[Assessment, bool]:
        """The test of an attempt, and whether the author teaches it."""
        if attempt.assessment_id not in self._known:
            record = test_store.get_assessment(self._session, attempt.assessment_id)
            taught = test_store.may_teach(self._session, record, self._account_id)
            self._known[attempt.assessment_id] = read_assessment(record), taught
        return self._known[attempt.assessment_id]


def _tell(test: Assessment, attempt: AttemptRecord, before: float, after: float) -> ChangedTest:
    return ChangedTest(attempt.learner_id, test.title, attempt.number, before, after, attempt.most_points or 0.0)


def preview_tests(
    session: Session, account_id: int, row: int, card: Card, language: str, secret: bytes, judged: Judged
) -> TestEffects:
    """What becomes of tests when the old answers of a stored card (its ``row``) are graded by other words.

    ``account_id`` is the author's, ``secret`` the installation's.
    """
    attempts = {attempt.handle: attempt for attempt in store.list_attempts(session, row)}
    asked = store.list_asked(session, row)
    answers = tuple(_grade_asked(asked, card, language, secret, judged))
    tests, worth = _Tests(session, account_id), store.list_worth(session, row) if attempts else {}
    changes = defaultdict[str, dict[int, float | None]](dict)
    for one in answers:
        if one.differs and one.grade is not None:
            changes[one.asked.attempt][one.asked.position] = one.grade.score
    changed, elsewhere = list[ChangedTest](), 0
    for handle, scores in changes.items():
        attempt = attempts[handle]
        test, taught = tests.find(attempt)
        after = _add_up(worth[handle], scores, by_confidence=test.plan.confidence)
        if attempt.points is not None and attempt.points != after:
            elsewhere += not taught
            changed += [_tell(test, attempt, attempt.points, after)] if taught else []
    shown = frozenset(one.key for one in answers if tests.find(attempts[one.asked.attempt])[1])
    under_way = sum(attempt.ended_at is None for attempt in attempts.values())
    return TestEffects(answers, tuple(changed), elsewhere, under_way, shown)


def _move(one: AskedAnswer, revision_id: int) -> MovedRecord:
    asked = one.asked
    moved = MovedRecord(asked.learner_id, asked.attempt, asked.position, revision_id, asked.score, asked.verdict)
    return replace(moved, score=one.grade.score, verdict=one.grade.verdict.value) if one.grade else moved


def regrade_tests(
    session: Session, learner_id: int, revision: RevisionRecord, card: Card, secret: bytes, judged: Judged
) -> list[AskedAnswer]:
    """Grade what a learner answered to a card in tests by this revision, and add the attempts up anew.

    Gives the answers that were graded again, those worth the same among them. The caller holds the learner's lock and
    commits.
    """
    row = revision.card_id
    attempts = {attempt.handle: attempt for attempt in store.list_attempts(session, row, learner_id)}
    if not attempts:
        return []
    asked = store.list_asked(session, row, learner_id)
    answers = list(_grade_asked(asked, card, revision.language, secret, judged))
    graded = [one for one in answers if one.is_graded and one.grade is not None]
    unanswered = [one for one in answers if not one.asked.response and attempts[one.asked.attempt].ended_at is not None]
    store.move_questions(session, [_move(one, revision.revision_id) for one in (*graded, *unanswered)])
    worth, tests = store.list_worth(session, row, learner_id), _Tests(session, 0)
    for handle in {one.asked.attempt for one in graded if one.differs}:
        attempt = attempts[handle]
        if attempt.ended_at is not None:
            test, _ = tests.find(attempt)
            points = _add_up(worth[handle], {}, by_confidence=test.plan.confidence)
            attempt_store.change_attempt(session, attempt, {"points": points})
    return graded


def _worth_at(now: float | None, events: Iterable[WorthEvent], is_later: Callable[[WorthEvent], bool]) -> float | None:
    """What an answer was worth before the first of those events that are later; ``now`` where there is none."""
    return next((one.score_before for one in events if is_later(one)), now)


def list_shown_answers(session: Session, account_id: int, row: int, secret: bytes) -> dict[str, tuple[str, datetime]]:
    """The answers to a card in tests that the author teaches, as response (JSON) and moment, by their keys."""
    attempts = {attempt.handle: attempt for attempt in store.list_attempts(session, row)}
    tests = _Tests(session, account_id)
    return {
        make_key(secret, one.attempt, one.position): (one.response, one.saved_at)
        for one in store.list_asked(session, row)
        if one.saved_at is not None and tests.find(attempts[one.attempt])[1]
    }


def list_changed_tests(
    session: Session, account_id: int, row: int, secret: bytes, decision: RegradeRecord, learners: Collection[int]
) -> list[ChangedTest]:
    """Of which attempts a decision changed the score, and how: those of these learners in tests the author teaches.

    The scores are wound back from what is kept of every answer that was graded again or judged by a teacher.
    """
    attempts = [one for one in store.list_attempts(session, row) if one.learner_id in learners]
    tests, worth = _Tests(session, account_id), store.list_worth(session, row) if attempts else {}
    events = defaultdict[tuple[int, str], list[WorthEvent]](list)
    for event in store.list_events(session, {one.learner_id for one in attempts}):
        events[event.learner_id, event.key].append(event)

    def is_since(event: WorthEvent) -> bool:
        return (event.at, event.regrade_id or 0) >= (decision.at, decision.id)

    def is_after(event: WorthEvent) -> bool:
        return is_since(event) and event.regrade_id != decision.id

    changed = list[ChangedTest]()
    for attempt in attempts:
        test, taught = tests.find(attempt)
        if not taught or attempt.ended_at is None or attempt.ended_at > decision.at:
            continue
        before, after = dict[int, float | None](), dict[int, float | None]()
        for one in worth[attempt.handle]:
            own = events[attempt.learner_id, make_key(secret, attempt.handle, one.position)]
            before[one.position] = _worth_at(one.score, own, is_since)
            after[one.position] = _worth_at(one.score, own, is_after)
        sums = [
            _add_up(worth[attempt.handle], scores, by_confidence=test.plan.confidence) for scores in (before, after)
        ]
        if sums[0] != sums[1]:
            changed.append(_tell(test, attempt, sums[0], sums[1]))
    return changed
