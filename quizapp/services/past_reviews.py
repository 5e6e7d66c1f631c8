"""Reviews made elsewhere, in Anki say, become part of a learner's own log.

Such a review says how well a card was remembered and when, and nothing of what was answered: so its response stays
blank in the log, it is never taken back or graded again, and no report about answers tells it. The memory knows it like
any other.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sqlmodel import Session

from quizapp.core.deck.schema import Deck
from quizapp.core.errors import Forbidden, Invalid, NotFound
from quizapp.core.exchange.model import PastReview
from quizapp.core.learning.grading import Verdict
from quizapp.core.learning.memory import Rating, from_millis, to_millis
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services.accounts import Viewer
from quizapp.services.fitting import queue_if_due
from quizapp.services.replaying import join_logs, rewrite_log
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import LONGEST_SHOWN_MS
from quizapp.store import logs
from quizapp.store import past_reviews as store
from quizapp.store import study as study_store
from quizapp.store.locks import lock_decks
from quizapp.store.past_reviews import ReviewedCard
from quizapp.store.study import ReviewRecord

MOST_TAKEN: Final = 100_000
"""So many are taken of a deck at once at most: its learner waits for them, and so do others who write."""
_EARLIEST_MS: Final = to_millis(datetime(2000, 1, 1, tzinfo=UTC))
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_OID, "past reviews")
_RATINGS: Final = frozenset(map(int, Rating))


@dataclass(frozen=True, slots=True)
class TakenReviews:
    """What became of past reviews: how many were taken, how many the log knew, and why others were left out.

    ``unknown``: their cards are not in the deck; ``future``: they lie ahead; ``old``: they were before the year 2000;
    ``unrated``: their rating is not 1 to 4.
    """

    taken: int = 0
    known: int = 0
    unknown: int = 0
    future: int = 0
    old: int = 0
    unrated: int = 0

    @property
    def skipped(self) -> int:
        """How many were left out."""
        return self.unknown + self.future + self.old + self.unrated

    def __add__(self, other: "TakenReviews") -> "TakenReviews":
        return TakenReviews(
            self.taken + other.taken,
            self.known + other.known,
            self.unknown + other.unknown,
            self.future + other.future,
            self.old + other.old,
            self.unrated + other.unrated,
        )


def pick_reviews(deck: Deck, reviews: Sequence[PastReview]) -> tuple[PastReview, ...]:
    """Those of the reviews of a file that are about one of its decks, by the ids that the cards have there."""
    cards, prefix = {card.id for card in deck.cards}, f"{deck.id}/"  # named with its deck where two have the same id
    named = (replace(one, card=one.card.removeprefix(prefix)) if "/" in one.card else one for one in reviews)
    return tuple(one for one in named if one.card in cards)


def _find_fault(review: PastReview, cards: Mapping[str, ReviewedCard], now_ms: int) -> str:
    """Why a review cannot be taken, by the name of the count; blank where it can."""
    if review.card not in cards:
        return "unknown"
    if review.rating not in _RATINGS:
        return "unrated"
    if review.at_ms > now_ms:
        return "future"
    return "old" if review.at_ms < _EARLIEST_MS else ""


def _make_record(review: PastReview, card: ReviewedCard, key: str, learner: Viewer, rules: StudyRules) -> ReviewRecord:
    """The review as the log has it, without the states, which are counted for the whole log."""
    at, remembered = from_millis(review.at_ms), review.rating != Rating.AGAIN
    took = review.duration_ms
    return ReviewRecord(
        learner_id=learner.learner_id,
        key=key,
        seq=0,
        deck_id=card.deck_id,
        card_id=card.card_id,
        revision_id=card.revision_id,
        answered_at=at,
        study_day=rules.calendar.day_of(at).toordinal(),
        response="",
        body_digest="",
        score=float(remembered),
        verdict=(Verdict.RIGHT if remembered else Verdict.WRONG).value,
        rating=review.rating,
        hint_used=False,
        confidence=None,
        shown_ms=took if took is not None and 0 <= took <= LONGEST_SHOWN_MS else None,
        model="",
        phase_before="",
        interval_before=0,
        state_before="",
        state_after="",
    )


def _sift(
    reviews: Sequence[PastReview], cards: Mapping[str, ReviewedCard], own: Sequence[ReviewRecord], now: datetime
) -> tuple[list[PastReview], TakenReviews]:
    """The reviews that are new to the log, in the order of time, and the count of all."""
    held = {(review.card_id, to_millis(review.answered_at)) for review in own}
    counts = dict.fromkeys(("taken", "known", "unknown", "future", "old", "unrated"), 0)
    new = list[PastReview]()
    for review in sorted(reviews, key=lambda one: (one.at_ms, one.card)):
        fault = _find_fault(review, cards, to_millis(now))
        if not fault:
            place = cards[review.card].card_id, review.at_ms
            fault = "known" if place in held else "taken"
            held.add(place)
        counts[fault] += 1
        if fault == "taken":
            new.append(review)
    return new, TakenReviews(**counts)


def _make_key(learner: Viewer, deck: str, review: PastReview) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{learner.handle}|{deck}/{review.card}|{review.at_ms}"))


def take(
    session: Session, learner: Viewer, deck: str, reviews: Sequence[PastReview], rules: StudyRules, now: datetime
) -> TakenReviews:
    """Take reviews of a deck's cards into a learner's log, between those that are there.

    The same again changes nothing.
    ``rules`` are the learner's. The memory of the cards concerned is counted again from the whole log. Raises NotFound
    where nobody studies such a deck yet, Invalid for more than ``MOST_TAKEN`` reviews, Forbidden for a guest. Commits.
    """
    if not learner.signed_in:
        raise Forbidden(say("Only the holder of an account can do this. Sign in first."))
    if len(reviews) > MOST_TAKEN:
        raise Invalid(say("These are too many reviews to take at once: at most %(most)s.", most=MOST_TAKEN))
    cards = store.find_deck_cards(session, deck) if is_slug(deck) else None
    if cards is None:
        raise NotFound(say("There is no such deck."))
    lock_decks(session, {card.deck_id for card in cards.values()})
    study_store.lock_learner(session, learner.learner_id)
    own = logs.list_reviews(session, learner.learner_id)
    new, counted = _sift(reviews, cards, own, now)
    if new:
        added = [_make_record(one, cards[one.card], _make_key(learner, deck, one), learner, rules) for one in new]
        places = store.list_places(session, learner.learner_id, {review.card_id for review in added})
        rewrite_log(session, learner, join_logs(own, added), places, rules)
        queue_if_due(session, learner.learner_id, len(own) + len(added), now)
        session.commit()
    return counted


def list_unstudied(session: Session, slugs: Iterable[str]) -> tuple[str, ...]:
    """Those of these decks that nobody can study yet, so that no reviews can be taken for them."""
    return tuple(slug for slug in slugs if store.find_deck_cards(session, slug) is None)


def take_of_file(
    session: Session,
    learner: Viewer,
    decks: Mapping[str, Deck],
    reviews: Sequence[PastReview],
    rules: StudyRules,
    now: datetime,
) -> TakenReviews:
    """Take the reviews of an imported file: ``decks`` are its decks by the ids that they have here. As ``take``."""
    counted, placed = TakenReviews(), 0
    for slug, deck in decks.items():
        some = pick_reviews(deck, reviews)
        placed += len(some)
        if some:
            counted += take(session, learner, slug, some, rules, now)
    return counted + TakenReviews(unknown=len(reviews) - placed)
