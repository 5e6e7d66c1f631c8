"""Which card a learner is asked next: what waits, what the day still takes, and siblings kept apart."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Protocol

from sqlmodel import Session

from quizapp.core.learning.backlog import gain
from quizapp.core.learning.limits import DailyLimits, DayCount, Room, find_portion, room_today
from quizapp.core.learning.queue import Waiting, choose_next
from quizapp.services.assessments.holding import list_held_cards
from quizapp.services.rules import StudyRules
from quizapp.store import queues, siblings
from quizapp.store.queues import DayTotals, DueCard, QueueCounts

CANDIDATES = 12
"""How many due cards are looked at to choose the next."""
NEW_CANDIDATES = 8
_NO_LIMITS = DailyLimits()


class DeckPlace(Protocol):
    """What says which deck: its id, and the slug by which learners set limits."""

    @property
    def id(self) -> int:
        """Its id in the store."""

    @property
    def slug(self) -> str:
        """Its name in files and addresses."""


@dataclass(frozen=True, slots=True)
class Day:
    """A learner's day in a deck: what waits in it, what was done ``here`` and in ``all`` decks, and what still fits.

    ``learner_id`` is None for a visitor, for whom all cards are new.
    """

    deck_id: int
    learner_id: int | None
    now: datetime
    starts: datetime
    counts: QueueCounts
    here: DayTotals
    all: DayTotals
    room: Room


def read_day(
    session: Session,
    deck: DeckPlace,
    learner_id: int | None,
    rules: StudyRules,
    now: datetime,
    *,
    extra: bool = False,
) -> Day:
    """How a learner's day stands. ``extra``: the learner goes beyond the daily limits."""
    counts, waiting = queues.count_queue(session, learner_id, deck.id, now, rules.day_ends(now))
    starts = rules.day_starts(now)
    if learner_id is None:
        return Day(deck.id, None, now, starts, counts, DayTotals(), DayTotals(), Room())
    here, everywhere = queues.count_day(session, learner_id, deck.id, rules.calendar.day_of(now))
    own, general = rules.choices.decks.get(deck.slug, _NO_LIMITS), rules.choices.limits
    room = Room()
    if not extra and own != _NO_LIMITS:
        room = room_today([(own, _done(here))], counts.due)
    if not extra:
        done = _done(everywhere)
        room = _narrower(room, room_today([(find_portion(general, done, waiting), done)], waiting))
    return Day(deck.id, learner_id, now, starts, counts, here, everywhere, room)


def _done(totals: DayTotals) -> DayCount:
    return DayCount(totals.new, totals.reviews)


def _narrower(one: Room, other: Room) -> Room:
    return Room(_less(one.new, other.new), _less(one.reviews, other.reviews), one.backlog or other.backlog)


def _less(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def count_for_today(day: Day) -> QueueCounts:
    """What waits and still fits into the day."""
    new = min(day.counts.new, day.counts.new if day.room.new is None else day.room.new)
    due = min(day.counts.due, day.counts.due if day.room.reviews is None else day.room.reviews)
    return QueueCounts(new, day.counts.learning, due)


def choose_card(session: Session, day: Day, rules: StudyRules) -> int | None:
    """The id of the card to ask, None where nothing is left for today.

    Cards that a test of the learner's holds back are not asked. Cards in their steps come in any case. Of the others,
    those whose sibling was answered on this study day come last: on the same day only where the day holds nothing else.
    """
    if day.learner_id is None:
        return next(iter(queues.list_new(session, None, day.deck_id, 1)), None)
    held = list_held_cards(session, day.learner_id, day.now)
    steps = queues.list_steps_due(session, day.learner_id, day.deck_id, day.now, 1 + len(held))
    if asked := [card for card in steps if card.card_id not in held]:
        return asked[0].card_id
    decay = rules.scheduler.settings.decay
    due = _list_due(session, day.learner_id, day, decay, held) if count_for_today(day).due else []
    new = queues.list_new(session, day.learner_id, day.deck_id, 1 + len(held)) if day.counts.new else []
    new = [card_id for card_id in new if card_id not in held][:1]
    reviews = [card.card_id for card in due]
    met = siblings.find_met(session, day.learner_id, [*reviews, *new], day.starts)
    if met.intersection(new):
        nearby = queues.list_new_after(session, day.learner_id, day.deck_id, new[0], NEW_CANDIDATES + len(held))
        more = [card_id for card_id in nearby if card_id not in held]
        new += more
        met |= siblings.find_met(session, day.learner_id, more, day.starts)
    same_topic = siblings.find_same_topic(session, day.learner_id, day.deck_id, reviews)
    for apart in (True, False) if met else (False,):
        chosen = choose_next(
            learning=[],
            reviews=[Waiting(card.card_id, card.state) for card in due if not (apart and card.card_id in met)],
            new=[card_id for card_id in new if not (apart and card_id in met)],
            answered_today=day.here.answered,
            new_today=day.here.new,
            now=day.now,
            room=day.room,
            decay=decay,
            same_topic=same_topic,
        )
        if chosen is not None:
            return chosen
    return None


def _list_due(session: Session, learner_id: int, day: Day, decay: float, held: Collection[int]) -> list[DueCard]:
    """The candidates among the reviews; under a backlog those that gain most, of which many became due last."""
    if not day.room.backlog:
        due = queues.list_reviews_due(session, learner_id, day.deck_id, day.now, CANDIDATES + len(held))
        return [card for card in due if card.card_id not in held][:CANDIDATES]
    found = {
        card.card_id: card
        for list_due in (queues.list_reviews_due, queues.list_latest_due)
        for card in list_due(session, learner_id, day.deck_id, day.now, 4 * CANDIDATES + len(held))
        if card.card_id not in held
    }
    return nlargest(CANDIDATES, found.values(), key=lambda card: (gain(card.state, day.now, decay), -card.card_id))
