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
from quizapp.core.learning.promises import write_promises
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.counting import list_test_keys
from quizapp.services.assessments.holding import refuse_held
from quizapp.services.choosing import Day, choose_card, count_for_today, read_day
from quizapp.services.loads import LearnerLoad
from quizapp.services.results import AnswerResult, DeckHead, head_of, read_card
from quizapp.services.rules import StudyRules
from quizapp.store import decks as deck_store
from quizapp.store import queues, states
from quizapp.store import study as store
from quizapp.store.decks import DeckRecord
from quizapp.store.queues import QueueCounts
from quizapp.store.study import RevisionRecord

LARGEST_NUMBER = 2**31
NOTHING = QueueCounts(0, 0, 0)


@dataclass(frozen=True, slots=True)
class CardBack:
    """The back of a flashcard, in Markdown."""

    answer: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Question:
    """A card as asked. ``back`` and ``intervals`` are there once a flashcard was turned over.

    ``promised`` says, for a program, on which days the intervals end: sent back with the answer, they are kept.
    """

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
    promised: str = ""

    @property
    def ref(self) -> str:
        """The card's name for the API: ``DECK/CARD``."""
        return f"{self.deck.slug}/{self.slug}"


@dataclass(frozen=True, slots=True)
class QueueEnd:
    """Nothing is asked any more today: when the next card comes back, and what was done on this study day.

    ``waiting`` is what the deck still holds beyond the learner's daily limits; ``day_full`` says that there is such, so
    that one could go on. ``tomorrow`` counts the reviews that will be due in this deck on the next study day, those
    left over included.
    """

    deck: DeckHead
    counts: QueueCounts
    next_due: datetime | None
    answered_today: int
    right_today: int
    undoable: str | None
    day_full: bool = False
    waiting: QueueCounts = NOTHING
    tomorrow: int = 0


def _load_deck(session: Session, slug: str) -> DeckRecord:
    deck = deck_store.find_deck(session, slug) if is_slug(slug) else None
    if deck is None:
        raise NotFound(say("There is no such deck."))
    return deck


def count_queue(
    session: Session,
    deck_slug: str,
    learner_id: int | None,
    rules: StudyRules,
    now: datetime,
    *,
    extra: bool = False,
) -> QueueCounts:
    """What waits in a deck and fits into the learner's day (``extra``: or goes beyond it). Raises NotFound."""
    deck = _load_deck(session, deck_slug)
    return count_for_today(read_day(session, deck, learner_id, rules, now, extra=extra))


@dataclass(frozen=True, slots=True)
class _Place:
    id: int
    slug: str


def count_after(
    session: Session, result: AnswerResult, learner_id: int, rules: StudyRules, now: datetime, *, extra: bool = False
) -> QueueCounts:
    """What waits in the deck of an answer, as ``count_queue`` counts it."""
    place = _Place(result.deck_id, result.deck.slug)
    return count_for_today(read_day(session, place, learner_id, rules, now, extra=extra))


def _find_undoable(session: Session, learner_id: int | None, deck_id: int, rules: StudyRules) -> str | None:
    """The key of the last answer in a deck, where it was given while studying, so that it can be taken back."""
    latest = None if learner_id is None else store.find_latest(session, learner_id, deck_id)
    if learner_id is None or latest is None:
        return None
    if latest.tested and latest.key in list_test_keys(session, [learner_id], rules.secret, latest.card_id):
        return None
    return latest.key


def next_question(
    session: Session,
    deck_slug: str,
    viewer: Viewer | None,
    rules: StudyRules,
    now: datetime,
    *,
    extra: bool = False,
) -> Question | QueueEnd:
    """The next card of a deck for a learner (None: a visitor), or the end of the queue. Raises NotFound.

    ``extra`` goes beyond the learner's daily limits.
    """
    deck = _load_deck(session, deck_slug)
    learner_id = None if viewer is None else viewer.learner_id
    day = read_day(session, deck, learner_id, rules, now, extra=extra)
    card_id = choose_card(session, day, rules.in_deck(deck.parameters))
    if card_id is None:
        return _end(session, deck, day, rules)
    revision = store.get_current_revision(session, card_id)
    return _show(session, revision, viewer, rules, now, counts=count_for_today(day))


def _end(session: Session, deck: DeckRecord, day: Day, rules: StudyRules) -> QueueEnd:
    head = DeckHead(deck.slug, deck.title, deck.language)
    counts = count_for_today(day)
    if day.learner_id is None:
        return QueueEnd(head, counts, None, 0, 0, None)
    tomorrow = rules.day_ends(day.now)
    return QueueEnd(
        deck=head,
        counts=counts,
        next_due=queues.find_next_due(session, day.learner_id, deck.id, day.now),
        answered_today=day.here.answered,
        right_today=day.here.right,
        undoable=_find_undoable(session, day.learner_id, deck.id, rules),
        day_full=counts.new < day.counts.new or counts.due < day.counts.due,
        waiting=day.counts,
        tomorrow=queues.count_due(session, day.learner_id, tomorrow, deck.id),
    )


def _find_revision(
    session: Session, deck_slug: str, card_slug: str, revision_number: int, viewer: Viewer | None, now: datetime
) -> RevisionRecord:
    known = is_slug(deck_slug) and is_slug(card_slug) and 0 < revision_number < LARGEST_NUMBER
    revision = store.find_revision(session, deck_slug, card_slug, revision_number) if known else None
    if revision is None:
        raise NotFound(say("There is no such card."))
    refuse_held(session, None if viewer is None else viewer.learner_id, revision.card_id, now)
    return revision


def _ask_again(
    session: Session, revision: RevisionRecord, viewer: Viewer | None, rules: StudyRules
) -> tuple[AskedCard, MemoryState | None]:
    """A card as a learner was asked it, and what is held of it."""
    state = None if viewer is None else states.find_state(session, viewer.learner_id, revision.card_id)
    handle, reps = "" if viewer is None else viewer.handle, state.reps if state else 0
    return ask(read_card(revision.body), rules.shuffle_seed(handle, revision.ref, revision.number, reps)), state


def read_asked(
    session: Session,
    deck_slug: str,
    card_slug: str,
    revision_number: int,
    viewer: Viewer | None,
    rules: StudyRules,
    now: datetime,
) -> AskedCard:
    """A card as it was asked, to read an answer by. Raises NotFound, and HeldBack as ``same_question`` does."""
    revision = _find_revision(session, deck_slug, card_slug, revision_number, viewer, now)
    return _ask_again(session, revision, viewer, rules)[0]


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
    """A card as it was asked, to be shown again, with its hint or (for a flashcard) its back.

    Raises NotFound, and HeldBack where the card waits for a test of the viewer's to be over.
    """
    revision = _find_revision(session, deck_slug, card_slug, revision_number, viewer, now)
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
    counts: QueueCounts | None = None,
) -> Question:
    card = read_card(revision.body)
    learner_id = None if viewer is None else viewer.learner_id
    asked, state = _ask_again(session, revision, viewer, rules)
    turned = back and isinstance(card, Flashcard)
    preview = _preview(session, revision, viewer, state, rules, now) if turned else None
    if counts is None:
        counts = count_queue(session, revision.deck_slug, learner_id, rules, now)
    return Question(
        deck=head_of(revision),
        slug=revision.card_slug,
        revision=revision.number,
        asked=asked,
        counts=counts,
        key=str(uuid.uuid4()),
        undoable=_find_undoable(session, learner_id, revision.deck_id, rules),
        hint=card.hint if hint else "",
        back=CardBack(card.answer, card.explanation) if turned and isinstance(card, Flashcard) else None,
        intervals={int(rating): after.due - now for rating, after in preview.items()} if preview else None,
        promised=write_promises(preview, rules.calendar) if preview else "",
    )


def _preview(
    session: Session,
    revision: RevisionRecord,
    viewer: Viewer | None,
    state: MemoryState | None,
    rules: StudyRules,
    now: datetime,
) -> dict[Rating, MemoryState]:
    """What each rating of a flashcard would do now."""
    rules = rules.in_deck(revision.parameters)
    prior = rules.prior_of(revision.ref)
    seed = fuzz_seed("" if viewer is None else viewer.handle, revision.ref, state.reps if state else 0)
    if viewer is None:
        return rules.scheduler.preview(state, now, seed=seed, prior=prior)
    load = LearnerLoad(session, viewer.learner_id, revision.card_id, state, rules, now)
    return rules.scheduler.preview(state, now, seed=seed, load=load, prior=prior)
