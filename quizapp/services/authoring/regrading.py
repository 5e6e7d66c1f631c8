"""Grading old answers again after the answer of a card was changed: who it concerns, doing it, and explaining it later.

The response stays as it was given; what it is worth is found anew by the changed card. What it was worth before is
kept, with who decided so and when, and the memory of the card is counted again from the first answer that changed.
Answers that a teacher judged (an accepted claim) stay as they are, and so do those that the changed card cannot read,
because they name an option that it does not have.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from quizapp.core.deck.schema import Card
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import Grade, grade, parse_response
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.rating import rate
from quizapp.services.authoring.drafts import Author
from quizapp.services.recording import place_of
from quizapp.services.replaying import replay
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules, find_rules
from quizapp.store import authoring_effects as store
from quizapp.store import claims as claim_store
from quizapp.store import states
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
    """

    better: int
    worse: int
    same: int
    unread: int
    learners: int
    changed: tuple[ChangedAnswer, ...]


@dataclass(frozen=True, slots=True)
class Regraded:
    """A decision about old answers, to be explained: what changed, the first 50."""

    revision: int
    again: bool
    count: int
    by_name: str
    at: datetime
    changed: tuple[ChangedAnswer, ...]


def _grade(card: Card, review: ReviewRecord, language: str) -> Grade | None:
    if review.made_elsewhere:
        return None
    try:
        return grade(card, parse_response(card, json.loads(review.response), review.rating), language)
    except Invalid:
        return None


def _differs(review: ReviewRecord, found: Grade) -> bool:
    return abs(review.score - found.score) > 1e-9 or review.verdict != found.verdict.value


def show_response(response: str) -> str:
    """A response (JSON, in the shape of Contracts 3.4) as words."""
    value = json.loads(response)
    if isinstance(value, dict):
        return "; ".join(f"{left} → {right}" for left, right in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value or "")


def preview_regrade(session: Session, author: Author, row: int, card: Card, language: str) -> RegradePreview:
    """Whose results change when the old answers of a stored card (its ``row``) are graded by what it is to say."""
    reviews, judged = store.list_reviews(session, row), store.list_judged(session, row)
    better = worse = same = unread = 0
    changed = list[tuple[ReviewRecord, Grade]]()
    for review in (one for of_one in reviews.values() for one in of_one):
        found = _grade(card, review, language)
        if found is None or (review.learner_id, review.key) in judged:
            unread += 1
        elif not _differs(review, found):
            same += 1
        else:
            better += found.score >= review.score
            worse += found.score < review.score
            changed.append((review, found))
    names = store.name_students(session, author.account_id, {review.learner_id for review, _ in changed})
    changed.sort(key=lambda one: (names.get(one[0].learner_id, "\uffff"), one[0].answered_at))
    shown = tuple(
        ChangedAnswer(
            names.get(review.learner_id, ""),
            show_response(review.response),
            review.answered_at,
            review.verdict,
            review.score,
            found.verdict.value,
            found.score,
        )
        for review, found in changed[:MOST_SHOWN]
    )
    people = len({review.learner_id for review, _ in changed})
    return RegradePreview(better, worse, same, unread, people, shown)


def _log(review: ReviewRecord, after: ReviewRecord, regrade_id: int) -> RegradedRecord:
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


def _regrade_learner(
    session: Session,
    reviews: Sequence[ReviewRecord],
    grades: dict[str, Grade],
    revision: RevisionRecord,
    school: StudyRules,
) -> list[ReviewRecord]:
    """Write one learner's answers to the card anew, from the first that changed on; gives those that changed."""
    learner_id = reviews[0].learner_id
    rules = find_rules(session, school, learner_id).in_deck(revision.parameters)
    first = next(number for number, review in enumerate(reviews) if review.key in grades)
    ratings: dict[str, Rating] = {
        review.key: rate(grades[review.key], hint_used=review.hint_used) for review in reviews if review.key in grades
    }
    rewritten = [
        replace(
            one, score=grades[one.key].score, verdict=grades[one.key].verdict.value, revision_id=revision.revision_id
        )
        if one.key in grades
        else one
        for one in replay(session, reviews[first:], ratings, revision.ref, rules)
    ]
    claim_store.rewrite_reviews(session, rewritten)
    before = states.find_state(session, learner_id, revision.card_id)
    after = MemoryState.from_json(rewritten[-1].state_after)
    states.write_state(session, place_of(learner_id, revision), before, after)
    return [one for one in rewritten if one.key in grades]


def regrade(session: Session, author: Author, row: int, school: StudyRules, now: datetime, *, again: bool) -> int:
    """Grade the old answers to a card by what it says now, or write down that they stay; gives how many changed.

    ``school`` are the rules of the installation. The caller commits.
    """
    revision = study_store.get_current_revision(session, row)
    record = RegradeRecord(0, revision.number, again, 0, author.name, now)
    logged = list[RegradedRecord]()
    regrade_id = store.add_regrade(session, row, record, author.account_id)
    if again:
        card, judged = read_card(revision.body), store.list_judged(session, row)
        for learner_id in sorted(store.list_reviews(session, row)):
            study_store.lock_learner(session, learner_id)
            reviews = claim_store.list_reviews_from(session, learner_id, row, 0)
            grades = {
                review.key: found
                for review in reviews
                if (learner_id, review.key) not in judged
                and (found := _grade(card, review, revision.language)) is not None
                and _differs(review, found)
            }
            if grades:
                old = {review.key: review for review in reviews}
                changed = _regrade_learner(session, reviews, grades, revision, school)
                logged += [_log(old[one.key], one, regrade_id) for one in changed]
    store.add_regraded(session, logged)
    store.count_changed(session, regrade_id, len(logged))
    return len(logged)


def list_regrades(session: Session, author: Author, row: int) -> list[Regraded]:
    """What was decided about the old answers of a card, the last first, with whose results changed."""
    found = []
    for decision in store.list_regrades(session, row):
        records = store.list_regraded_by(session, decision.id)
        names = store.name_students(session, author.account_id, {record.learner_id for record in records})
        shown = [
            ChangedAnswer(
                names.get(record.learner_id, ""),
                show_response(review.response),
                review.answered_at,
                record.verdict_before,
                record.score_before,
                record.verdict_after,
                record.score_after,
            )
            for record in records[:MOST_SHOWN]
            if (review := study_store.find_review(session, record.learner_id, record.review_key)) is not None
        ]
        found.append(
            Regraded(decision.revision, decision.again, decision.changed, decision.by_name, decision.at, tuple(shown))
        )
    return found
