"""The report ``responses``: every answer, as a stream that a million of them do not make large.

Answers are read in batches, each in a transaction of its own, so that a slow download holds nobody up: an answer that
comes meanwhile may be in it or not, and none is in it twice.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlmodel import Session

from quizapp.core.reports.cells import clean_text, round_number
from quizapp.core.reports.columns import Row
from quizapp.services.assessments.counting import make_key
from quizapp.services.classes import Member
from quizapp.services.reports.attempts import name_test
from quizapp.services.reports.cards import BETWEEN, CardCells, CardShelf, show_response
from quizapp.services.reports.scope import Scope, identify
from quizapp.store import reports as store
from quizapp.store import reports_tests as test_store
from quizapp.store.reports import StudyAnswer
from quizapp.store.reports_tests import ClassAttempt, SatAnswer


@dataclass(slots=True)
class _Student:
    """A student while their answers are told: who it is, and how often each card was answered so far."""

    who: Row
    tries: Counter[str] = field(default_factory=Counter)

    def count(self, card: CardCells) -> int:
        name = str(card.item[0])
        self.tries[name] += 1
        return self.tries[name]


def find_test_keys(session: Session, scope: Scope, learner_ids: list[int]) -> frozenset[str]:
    """The keys of answers in the log of reviews that were given in tests: those are told with their tests."""
    counted = test_store.list_counted_questions(session, learner_ids)
    return frozenset(make_key(scope.rules.secret, attempt, position) for attempt, position in counted)


def _show_order(asked: str) -> str:
    """What a test showed: its options, or the two sides of its pairs, in their order."""
    shown = json.loads(asked)
    return clean_text(BETWEEN.join([*shown.get("options", ()), *shown.get("left", ()), *shown.get("right", ())]))


def _tell_sat(student: _Student, test: Row, attempt: ClassAttempt, answer: SatAnswer, card: CardCells) -> Row:
    ended = attempt.ended_at is not None
    return (
        *student.who,
        "test",
        *test,
        attempt.number,
        *card.item,
        card.tags,
        card.prompt,
        _show_order(answer.asked),
        show_response(answer.response),
        card.right,
        answer.verdict if ended else "",
        round_number(answer.score) if ended else None,
        1,
        None,
        answer.confidence,
        None,
        student.count(card) if answer.response else None,
        None,
        answer.saved_at if answer.response else None,
        *card.proof,
    )


def _tell_studied(student: _Student, answer: StudyAnswer, card: CardCells) -> Row:
    return (
        *student.who,
        "study",
        None,
        None,
        None,
        *card.item,
        card.tags,
        card.prompt,
        None,
        show_response(answer.response),
        card.right,
        answer.verdict,
        round_number(answer.score),
        1,
        answer.rating,
        answer.confidence,
        bool(answer.hint_used),
        student.count(card),
        answer.shown_ms,
        answer.answered_at,
        *card.proof,
    )


def _list_sat(session: Session, scope: Scope, member: Member, student: _Student, shelf: CardShelf) -> Iterator[Row]:
    attempts = {attempt.handle: attempt for attempt in scope.attempts.get(member.learner_id, ())}
    if not attempts:
        return
    names = {test.record.id: name_test(test) for test in scope.tests}
    answers = test_store.list_test_answers(session, member.learner_id, scope.taught.id)
    cards = shelf.fetch(session, {answer.revision_id for answer in answers})
    session.rollback()
    for answer in answers:
        attempt = attempts.get(answer.attempt)
        # What was begun since the report was is for the next one; what an open attempt has not answered is no answer.
        if attempt is not None and (answer.response or attempt.ended_at is not None):
            name = names[attempt.assessment_id]
            yield _tell_sat(student, name, attempt, answer, cards[answer.revision_id])


def _list_studied(session: Session, scope: Scope, member: Member, student: _Student, shelf: CardShelf) -> Iterator[Row]:
    in_tests = find_test_keys(session, scope, [member.learner_id])
    after = 0
    while True:
        page = store.page_answers(session, member.learner_id, member.joined_at, scope.until(member), after)
        cards = shelf.fetch(session, {answer.revision_id for answer in page})
        session.rollback()
        for answer in page:
            if answer.key not in in_tests:
                yield _tell_studied(student, answer, cards[answer.revision_id])
        if len(page) < store.BATCH:
            return
        after = page[-1].seq


def list_responses(session: Session, scope: Scope) -> Iterator[Row]:
    """A row for each answer: by student, first those in tests, then those in study, each in their order."""
    shelf = CardShelf()
    for member in scope.members:
        student = _Student(identify(scope.taught, member))
        yield from _list_sat(session, scope, member, student, shelf)
        yield from _list_studied(session, scope, member, student, shelf)
