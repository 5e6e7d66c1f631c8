"""Grading old answers again after the answer of a card was changed: who it concerns, doing it, and explaining it later.

The response stays as it was given; what it is worth is found anew by the changed card. What it was worth before is
kept, with who decided so and when, and the memory of the card is counted again from the first answer that changed.
Answers that a teacher judged (an accepted claim) stay as they are, and so do those that the changed card cannot read,
because they name an option that it does not have. An answer that is worth the same counts for the new revision too, so
that its result says what is right now and the analysis of the item is not torn. Tests follow: ``regrading_tests``.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from quizapp.core.deck.schema import Card
from quizapp.core.learning.grading import Grade, Verdict
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.rating import rate
from quizapp.services.authoring.drafts import Author
from quizapp.services.authoring.regrading_tests import (
    AskedAnswer,
    ChangedTest,
    list_changed_tests,
    list_shown_answers,
    preview_tests,
    read_again,
    regrade_tests,
)
from quizapp.services.recording import place_of
from quizapp.services.replaying import put_states, replay
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules, find_rules
from quizapp.store import assessments_regrading as test_store
from quizapp.store import authoring_effects as store
from quizapp.store import claims as claim_store
from quizapp.store import study as study_store
from quizapp.store.authoring_effects import RegradedRecord, RegradeRecord
from quizapp.store.study import ReviewRecord, RevisionRecord

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An old answer that is worth something else. ``student`` is blank for who is in no class of the author's."""

    student: str
    response: str
    at: datetime
    verdict_before: str
    score_before: float
    verdict_after: str
    score_after: float


@dataclass(frozen=True, slots=True)
class RegradePreview:
    """What grading the old answers of a card again does: ``changed`` lists the first 50 of them.

    ``better`` and ``worse`` count all that change, ``same`` those that do not, ``unread`` those that cannot be graded.
    ``tests`` are attempts whose score changes, the first 50 of ``tests_changed``; ``tests_elsewhere`` counts those in
    tests that the author may not look into, ``tests_open`` the attempts under way, whose answers are graded by the new
    words at their end.
    """

    better: int
    worse: int
    same: int
    unread: int
    learners: int
    changed: tuple[ChangedAnswer, ...]
    tests: tuple[ChangedTest, ...] = ()
    tests_changed: int = 0
    tests_elsewhere: int = 0
    tests_open: int = 0

    @property
    def answers(self) -> int:
        """How many old answers there are."""
        return self.better + self.worse + self.same + self.unread


@dataclass(frozen=True, slots=True)
class Regraded:
    """A decision about old answers, to be explained: what changed, the first 50 answers and the first 50 tests."""

    revision: int
    again: bool
    count: int
    by_name: str
    at: datetime
    changed: tuple[ChangedAnswer, ...]
    tests: tuple[ChangedTest, ...] = ()


@dataclass(frozen=True, slots=True)
class _OldAnswer:
    """An answer to be graded again, from the log of reviews or from a test, and what it is worth by the new words."""

    learner_id: int
    response: str
    at: datetime
    verdict: str
    score: float
    found: Grade | None
    shown: bool = True

    @property
    def differs(self) -> bool:
        """Whether it is worth something else."""
        return self.found is not None and _is_other(self.score, self.verdict, self.found)


def _is_other(score: float, verdict: str, found: Grade) -> bool:
    return abs(score - found.score) > 1e-9 or verdict != found.verdict.value


def _grade(card: Card, review: ReviewRecord, language: str) -> Grade | None:
    return None if review.made_elsewhere else read_again(card, review.response, language, review.rating)


def _differs(review: ReviewRecord, found: Grade) -> bool:
    return _is_other(review.score, review.verdict, found)


def show_response(response: str) -> str:
    """A response (JSON, in the shape of Contracts 3.4) as words."""
    value = json.loads(response)
    if isinstance(value, dict):
        return "; ".join(f"{left} → {right}" for left, right in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value or "")


def _name_tests(tests: Sequence[ChangedTest], names: Mapping[int, str]) -> tuple[ChangedTest, ...]:
    named = [replace(one, student=names.get(one.learner_id, "")) for one in tests]
    return tuple(sorted(named, key=lambda one: (one.student or "\uffff", one.title, one.number))[:MOST_SHOWN])


def _list_old(
    reviews: Iterable[ReviewRecord],
    asked: Iterable[AskedAnswer],
    shown: Collection[str],
    judged: Collection[tuple[int, str]],
    card: Card,
    language: str,
) -> list[_OldAnswer]:
    """All old answers that are graded: those of the log, and those of tests that are not in it."""
    old, keys = list[_OldAnswer](), set[str]()
    for review in reviews:
        stays = (review.learner_id, review.key) in judged
        found = None if stays else _grade(card, review, language)
        keys.add(review.key)
        old.append(
            _OldAnswer(review.learner_id, review.response, review.answered_at, review.verdict, review.score, found)
        )
    for one in asked:
        sat = one.asked
        if one.key not in keys and one.is_graded and sat.score is not None and sat.saved_at is not None:
            mine = one.key in shown
            old.append(_OldAnswer(sat.learner_id, sat.response, sat.saved_at, sat.verdict, sat.score, one.grade, mine))
    return old


def _show(names: Mapping[int, str], old: Sequence[_OldAnswer]) -> tuple[ChangedAnswer, ...]:
    """The first 50 of the answers that change; those in tests of other teachers are only counted."""
    listed = [one for one in old if one.shown]
    listed.sort(key=lambda one: (names.get(one.learner_id, "\uffff"), one.at))
    return tuple(
        ChangedAnswer(
            names.get(one.learner_id, ""),
            show_response(one.response),
            one.at,
            one.verdict,
            one.score,
            one.found.verdict.value,
            one.found.score,
        )
        for one in listed[:MOST_SHOWN]
        if one.found is not None
    )


def preview_regrade(
    session: Session, author: Author, row: int, card: Card, language: str, secret: bytes
) -> RegradePreview:
    """Whose results change when the old answers of a stored card (its ``row``) are graded by what it is to say.

    ``secret`` is the installation's: by it the answers of tests are known in the log.
    """
    reviews, judged = store.list_reviews(session, row), store.list_judged(session, row)
    tests = preview_tests(session, author.account_id, row, card, language, secret, judged)
    logged = (review for of_one in reviews.values() for review in of_one)
    old = _list_old(logged, tests.answers, tests.shown, judged, card, language)
    changed = [one for one in old if one.differs]
    people = {one.learner_id for one in changed}
    names = store.name_students(session, author.account_id, people | {one.learner_id for one in tests.changed})
    better = sum(one.found is not None and one.found.score >= one.score for one in changed)
    unread = sum(one.found is None for one in old)
    return RegradePreview(
        better=better,
        worse=len(changed) - better,
        same=len(old) - len(changed) - unread,
        unread=unread,
        learners=len(people),
        changed=_show(names, changed),
        tests=_name_tests(tests.changed, names),
        tests_changed=len(tests.changed),
        tests_elsewhere=tests.elsewhere,
        tests_open=tests.open,
    )


def _log_review(review: ReviewRecord, after: ReviewRecord, regrade_id: int) -> RegradedRecord:
    return RegradedRecord(
        review.learner_id,
        review.key,
        regrade_id,
        review.revision_id,
        review.verdict,
        review.score,
        review.rating,
        after.verdict,
        after.score,
        after.rating,
    )


def _log_asked(one: AskedAnswer, regrade_id: int) -> RegradedRecord:
    """The same for an answer in a test, under the key of the review that it is or will be."""
    asked = one.asked
    before = Grade(asked.score or 0.0, Verdict(asked.verdict), ())
    after = one.grade or before
    return RegradedRecord(
        asked.learner_id,
        one.key,
        regrade_id,
        asked.revision_id,
        before.verdict.value,
        before.score,
        int(rate(before)),
        after.verdict.value,
        after.score,
        int(rate(after)),
    )


def _rewrite_reviews(
    session: Session,
    reviews: Sequence[ReviewRecord],
    grades: dict[str, Grade],
    revision: RevisionRecord,
    school: StudyRules,
) -> list[ReviewRecord]:
    """Write one learner's answers to the card anew, from the first that changed on; gives those that changed."""
    learner_id = reviews[0].learner_id
    ratings: dict[str, Rating] = {
        review.key: rate(grades[review.key], hint_used=review.hint_used) for review in reviews if review.key in grades
    }
    nobody = store.is_nobody(session, learner_id)
    if nobody:
        replayed = [replace(one, rating=int(ratings[one.key])) for one in reviews if one.key in ratings]
    else:
        rules = find_rules(session, school, learner_id).in_deck(revision.parameters)
        replayed = list(replay(session, reviews, ratings, revision.ref, rules))
    rewritten = [
        replace(
            one, score=grades[one.key].score, verdict=grades[one.key].verdict.value, revision_id=revision.revision_id
        )
        if one.key in grades
        else one
        for one in replayed
    ]
    claim_store.rewrite_reviews(session, rewritten)
    if not nobody:
        put_states(session, learner_id, [place_of(learner_id, revision)], school)
    return [one for one in rewritten if one.key in grades]


def _regrade_reviews(
    session: Session,
    learner_id: int,
    card: Card,
    revision: RevisionRecord,
    judged: Collection[tuple[int, str]],
    school: StudyRules,
    regrade_id: int,
) -> list[RegradedRecord]:
    """Grade one learner's answers in the log again; gives what is to be kept of it, for all that could be read."""
    reviews = claim_store.list_counted(session, learner_id, revision.card_id)
    grades = {
        review.key: found
        for review in reviews
        if (learner_id, review.key) not in judged and (found := _grade(card, review, revision.language)) is not None
    }
    old = {review.key: review for review in reviews if review.key in grades}
    changed = {key: found for key, found in grades.items() if _differs(old[key], found)}
    same = [one for key, one in old.items() if key not in changed and one.revision_id != revision.revision_id]
    rewritten = _rewrite_reviews(session, reviews, changed, revision, school) if changed else []
    store.move_reviews(session, learner_id, [one.key for one in same], revision.revision_id)
    return [
        *(_log_review(old[one.key], one, regrade_id) for one in rewritten),
        *(_log_review(one, one, regrade_id) for one in same),
    ]


def _regrade_all(
    session: Session, revision: RevisionRecord, school: StudyRules, regrade_id: int
) -> list[RegradedRecord]:
    """Grade the answers of everybody again, in one order of learners for all who lock them."""
    row, card, logged = revision.card_id, read_card(revision.body), list[RegradedRecord]()
    judged = store.list_judged(session, row)
    asked = {one.learner_id for one in test_store.list_attempts(session, row)}
    for learner_id in sorted({*store.list_reviews(session, row), *asked}):
        study_store.lock_learner(session, learner_id)
        mine = {
            one.review_key: one
            for one in _regrade_reviews(session, learner_id, card, revision, judged, school, regrade_id)
        }
        sat = regrade_tests(session, learner_id, revision, card, school.secret, judged)
        logged += [*mine.values(), *(_log_asked(one, regrade_id) for one in sat if one.key not in mine)]
    return logged


def regrade(session: Session, author: Author, row: int, school: StudyRules, now: datetime, *, again: bool) -> int:
    """Grade the old answers to a card by what it says now, or write down that they stay; gives how many changed.

    Answers in tests are graded with them, and the scores of the tests follow. ``school`` are the rules of the
    installation. The caller commits.
    """
    revision = study_store.get_current_revision(session, row)
    record = RegradeRecord(0, revision.number, again, 0, author.name, now)
    regrade_id = store.add_regrade(session, row, record, author.account_id)
    logged = _regrade_all(session, revision, school, regrade_id) if again else []
    store.add_regraded(session, logged)
    changed = sum(one.changed for one in logged)
    store.count_changed(session, regrade_id, changed)
    return changed


def _tell_decision(session: Session, author: Author, row: int, decision: RegradeRecord, secret: bytes) -> Regraded:
    records = store.list_regraded_by(session, decision.id)
    people = {record.learner_id for record in records}
    tests = list_changed_tests(session, author.account_id, row, secret, decision, people) if records else []
    names = store.name_students(session, author.account_id, people)
    in_tests = list_shown_answers(session, author.account_id, row, secret) if records else {}
    shown = list[ChangedAnswer]()
    for record in records[:MOST_SHOWN]:
        review = study_store.find_review(session, record.learner_id, record.review_key)
        given = (review.response, review.answered_at) if review else in_tests.get(record.review_key)
        if given is not None:
            shown.append(
                ChangedAnswer(
                    names.get(record.learner_id, ""),
                    show_response(given[0]),
                    given[1],
                    record.verdict_before,
                    record.score_before,
                    record.verdict_after,
                    record.score_after,
                )
            )
    told = decision.revision, decision.again, decision.changed, decision.by_name, decision.at
    return Regraded(*told, tuple(shown), _name_tests(tests, names))


def list_regrades(session: Session, author: Author, row: int, secret: bytes) -> list[Regraded]:
    """What was decided about the old answers of a card, the last first, with whose results changed.

    ``secret`` is the installation's.
    """
    return [_tell_decision(session, author, row, one, secret) for one in store.list_regrades(session, row)]
