"""Which card a learner is asked next, and how it is shown before it is answered."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.deck.schema import Flashcard
from quizapp.core.errors import NotFound
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.presentation import AskedCard, ask
from quizapp.core.learning.queue import Waiting, choose_next
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services.accounts import Viewer
from quizapp.services.results import DeckHead, head_of, read_card
from quizapp.services.rules import StudyRules
from quizapp.store import decks as deck_store
from quizapp.store import study as store
from quizapp.store.decks import DeckRecord
from quizapp.store.study import QueueCounts, RevisionRecord

LARGEST_NUMBER = 2**31
CANDIDATES = 50
"""How many cards of each kind are looked at to choose the next."""


@dataclass(frozen=True, slots=True)
class CardBack:
    """The back of a flashcard, in Markdown."""

    answer: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Question:
    """A card as asked. ``back`` and ``intervals`` are there once a flashcard was turned over."""

    deck: DeckHead
    slug: str
    revision: int
    asked: AskedCard
    counts: QueueCounts
    key: str
    undoable: str | None
    hint: str = ""
    back: CardBack | None = None
    intervals: Mapping[int, timedelta] | None = None

    @property
    def ref(self) -> str:
        """The card's name for the API: ``DECK/CARD``."""
        return f"{self.deck.slug}/{self.slug}"


@dataclass(frozen=True, slots=True)
class QueueEnd:
    """Nothing is due: when the next card comes back, and what was done on this study day."""

    deck: DeckHead
    counts: QueueCounts
    next_due: datetime | None
    answered_today: int
    right_today: int
    undoable: str | None


def _load_deck(session: Session, slug: str) -> DeckRecord:
    deck = deck_store.find_deck(session, slug) if is_slug(slug) else None
    if deck is None:
        raise NotFound(say("There is no such deck."))
    return deck


def count_queue(
    session: Session, deck_slug: str, learner_id: int | None, rules: StudyRules, now: datetime
) -> QueueCounts:
    """What waits in a deck. Raises NotFound."""
    deck = _load_deck(session, deck_slug)
    return store.count_queue(session, learner_id, deck.id, now, rules.day_ends(now))


def _find_undoable(session: Session, learner_id: int | None, deck_id: int) -> str | None:
    latest = None if learner_id is None else store.find_latest_review(session, learner_id, deck_id)
    return None if latest is None else latest.key


def _choose(session: Session, deck: DeckRecord, learner_id: int | None, rules: StudyRules, now: datetime) -> int | None:
    """The id of the card to ask, None where nothing is due."""
    new = store.list_new(session, learner_id, deck.id, 1)
    if learner_id is None:
        return new[0] if new else None
    learning = store.list_learning_due(session, learner_id, deck.id, now, CANDIDATES)
    reviews = store.list_reviews_due(session, learner_id, deck.id, now, CANDIDATES)
    today = store.count_day(session, learner_id, deck.id, rules.calendar.day_of(now))
    return choose_next(
        learning=[Waiting(card.card_id, card.state) for card in learning],
        reviews=[Waiting(card.card_id, card.state) for card in reviews],
        new=new,
        answered_today=today.answered,
        new_today=today.new,
        now=now,
    )


def next_question(
    session: Session, deck_slug: str, viewer: Viewer | None, rules: StudyRules, now: datetime
) -> Question | QueueEnd:
    """The next card of a deck for a learner (None: a visitor), or the end of the queue. Raises NotFound."""
    deck = _load_deck(session, deck_slug)
    learner_id = None if viewer is None else viewer.learner_id
    card_id = _choose(session, deck, learner_id, rules, now)
    if card_id is None:
        return _end(session, deck, learner_id, rules, now)
    return _show(session, store.get_current_revision(session, card_id), viewer, rules, now)


def _end(session: Session, deck: DeckRecord, learner_id: int | None, rules: StudyRules, now: datetime) -> QueueEnd:
    head = DeckHead(deck.slug, deck.title, deck.language)
    counts = store.count_queue(session, learner_id, deck.id, now, rules.day_ends(now))
    if learner_id is None:
        return QueueEnd(head, counts, None, 0, 0, None)
    today = store.count_day(session, learner_id, deck.id, rules.calendar.day_of(now))
    return QueueEnd(
        deck=head,
        counts=counts,
        next_due=store.find_next_due(session, learner_id, deck.id, now),
        answered_today=today.answered,
        right_today=today.right,
        undoable=_find_undoable(session, learner_id, deck.id),
    )


def same_question(
    session: Session,
    deck_slug: str,
    card_slug: str,
    revision_number: int,
    viewer: Viewer | None,
    rules: StudyRules,
    now: datetime,
    *,
    hint: bool = False,
    back: bool = False,
) -> Question:
    """A card as it was asked, to be shown again, with its hint or (for a flashcard) its back. Raises NotFound."""
    known = is_slug(deck_slug) and is_slug(card_slug) and 0 < revision_number < LARGEST_NUMBER
    revision = store.find_revision(session, deck_slug, card_slug, revision_number) if known else None
    if revision is None:
        raise NotFound(say("There is no such card."))
    return _show(session, revision, viewer, rules, now, hint=hint, back=back)


def _show(
    session: Session,
    revision: RevisionRecord,
    viewer: Viewer | None,
    rules: StudyRules,
    now: datetime,
    *,
    hint: bool = False,
    back: bool = False,
) -> Question:
    card = read_card(revision.body)
    learner_id = None if viewer is None else viewer.learner_id
    state = None if learner_id is None else store.read_state(session, learner_id, revision.card_id)
    turned = back and isinstance(card, Flashcard)
    handle = "" if viewer is None else viewer.handle
    reps = state.reps if state else 0
    shuffle = rules.shuffle_seed(handle, revision.ref, revision.number, reps)
    return Question(
        deck=head_of(revision),
        slug=revision.card_slug,
        revision=revision.number,
        asked=ask(card, shuffle),
        counts=store.count_queue(session, learner_id, revision.deck_id, now, rules.day_ends(now)),
        key=str(uuid.uuid4()),
        undoable=_find_undoable(session, learner_id, revision.deck_id),
        hint=card.hint if hint else "",
        back=CardBack(card.answer, card.explanation) if turned and isinstance(card, Flashcard) else None,
        intervals=_intervals(rules, state, now, fuzz_seed(handle, revision.ref, reps)) if turned else None,
    )


def _intervals(rules: StudyRules, state: MemoryState | None, now: datetime, seed: bytes) -> dict[int, timedelta]:
    preview = rules.scheduler.preview(state, now, seed=seed)
    return {int(rating): preview[rating].due - now for rating in Rating}
