"""Questions to take along: what a learner's device holds of a deck for when the network goes."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from quizapp.core.deck.schema import Flashcard
from quizapp.core.errors import NotFound
from quizapp.core.learning.presentation import ask
from quizapp.core.learning.queue import Waiting, choose_next
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question
from quizapp.services.assessments.holding import list_held_cards
from quizapp.services.choosing import Day, count_for_today, read_day
from quizapp.services.results import DeckHead, head_of, read_card
from quizapp.services.rules import StudyRules
from quizapp.store import decks as deck_store
from quizapp.store import queues, siblings, states
from quizapp.store import study as store
from quizapp.store.decks import DeckRecord

MOST_AHEAD = 20
"""So many questions are taken along at most: a lesson's worth, and small to send."""
_CANDIDATES = 3 * MOST_AHEAD


@dataclass(frozen=True, slots=True)
class Provision:
    """The next questions of a deck, in the order in which they would be asked."""

    deck: DeckHead
    questions: tuple[Question, ...]


def pack_questions(session: Session, deck_slug: str, viewer: Viewer, rules: StudyRules, now: datetime) -> Provision:
    """What a learner takes along of a deck: at most ``MOST_AHEAD`` questions, one after another.

    Nothing in them gives an answer away: hints stay here, and so do flashcards, whose back cannot be had without the
    network unless it lay on the device before it is asked for. Raises NotFound.
    """
    deck = deck_store.find_deck(session, deck_slug) if is_slug(deck_slug) else None
    if deck is None:
        raise NotFound(say("There is no such deck."))
    day = read_day(session, deck, viewer.learner_id, rules, now)
    questions: list[Question] = []
    for card_id in _list_ahead(session, deck, day, viewer.learner_id, rules):
        question = _ask(session, card_id, viewer, rules, day)
        if question is not None:
            questions.append(question)
        if len(questions) == MOST_AHEAD:
            break
    return Provision(DeckHead(deck.slug, deck.title, deck.language), tuple(questions))


def _ask(session: Session, card_id: int, viewer: Viewer, rules: StudyRules, day: Day) -> Question | None:
    """A card as it is asked; None for one that needs the server before it is answered."""
    revision = store.get_current_revision(session, card_id)
    card = read_card(revision.body)
    if isinstance(card, Flashcard):
        return None
    state = states.find_state(session, viewer.learner_id, card_id)
    seed = rules.shuffle_seed(viewer.handle, revision.ref, revision.number, state.reps if state else 0)
    return Question(
        deck=head_of(revision),
        slug=revision.card_slug,
        revision=revision.number,
        asked=replace(ask(card, seed), hint_available=False),
        counts=count_for_today(day),
        key=str(uuid.uuid4()),
        undoable=None,
    )


@dataclass(slots=True)
class _Apart:
    """Which cards are kept apart: ``away`` are those with a sibling that was met today, or is taken along already."""

    siblings: Mapping[int, frozenset[int]]
    away: set[int]

    def take(self, card_id: int) -> None:
        self.away |= self.siblings.get(card_id, frozenset())


def _list_ahead(session: Session, deck: DeckRecord, day: Day, learner_id: int, rules: StudyRules) -> Iterator[int]:
    """The cards that would be asked next, were each answered once: steps, then the queue.

    Siblings of cards met today, or of others in the list, come only where the day holds nothing else. Cards of a test
    of the learner's wait until it is over.
    """
    held = list_held_cards(session, learner_id, day.now)
    most = _CANDIDATES + len(held)
    steps = [card.card_id for card in queues.list_steps_due(session, learner_id, deck.id, day.now, most)]
    steps = [card_id for card_id in steps if card_id not in held]
    due = queues.list_reviews_due(session, learner_id, deck.id, day.now, most)
    reviews = [Waiting(card.card_id, card.state) for card in due if card.card_id not in held]
    new = [card_id for card_id in queues.list_new(session, learner_id, deck.id, most) if card_id not in held]
    queued = [*(card.card_id for card in reviews), *new]
    met = siblings.find_met(session, learner_id, queued, day.starts)
    apart = _Apart(siblings.list_pairs(session, [*steps, *queued]), set(met))
    for card_id in steps:
        yield card_id
        apart.take(card_id)
    yield from _take_turns(day, reviews, new, rules.in_deck(deck.parameters).scheduler.settings.decay, apart)


def _take_turns(day: Day, reviews: Sequence[Waiting], new: Sequence[int], decay: float, apart: _Apart) -> Iterator[int]:
    """Reviews and new cards in the order in which the queue would ask them, as far as the day takes them."""
    waiting, fresh, room = list(reviews), list(new), day.room
    answered, seen = day.here.answered, day.here.new
    while True:
        choose = partial(
            choose_next,
            learning=[],
            answered_today=answered,
            new_today=seen,
            now=day.now,
            room=room,
            decay=decay,
        )
        card_id = choose(
            reviews=[card for card in waiting if card.card_id not in apart.away],
            new=[one for one in fresh if one not in apart.away],
        )
        if card_id is None:
            card_id = choose(reviews=waiting, new=fresh)
        if card_id is None:
            return
        yield card_id
        apart.take(card_id)
        answered += 1
        if card_id in fresh:
            fresh.remove(card_id)
            seen += 1
            room = replace(room, new=_less(room.new))
        else:
            waiting = [card for card in waiting if card.card_id != card_id]
            room = replace(room, reviews=_less(room.reviews))


def _less(left: int | None) -> int | None:
    return None if left is None else left - 1
