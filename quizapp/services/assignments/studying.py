"""Studying exactly what an assignment asks, across decks, until it is done."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assignments.queue import Choice, OpenCard, choose_card
from quizapp.core.errors import Conflict
from quizapp.core.messages import say
from quizapp.services import asking
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question
from quizapp.services.assessments.holding import list_held_cards
from quizapp.services.assignments.access import OwnAssignment, load_own
from quizapp.services.rules import StudyRules
from quizapp.store import assignments_asked as asked_store
from quizapp.store import assignments_study as store
from quizapp.store import plans_scope as scope_store
from quizapp.store import siblings as sibling_store
from quizapp.store import study as study_store
from quizapp.store.assignments_asked import Asking


@dataclass(frozen=True, slots=True)
class StudyStep:
    """The card to answer now, or None: all is done, the rest comes back at ``next_step``, or nothing counts any more.

    ``held`` cards wait until a test is over. ``undoable`` is the learner's last answer where it was one to this
    material: its deck and key. ``decks`` (slug, title, language) are those to study on in.
    """

    own: OwnAssignment
    question: Question | None
    next_step: datetime | None = None
    held: int = 0
    undoable: tuple[str, str] | None = None
    decks: tuple[tuple[str, str, str], ...] = ()


def _choose(
    session: Session, own: OwnAssignment, learner_id: int, rules: StudyRules, now: datetime
) -> tuple[Choice, int, tuple[str, str] | None]:
    material = store.list_material(session, own.record.id, learner_id)
    done = asked_store.list_done_cards(session, Asking(learner_id=learner_id, assignment_id=own.record.id), now)
    held = list_held_cards(session, learner_id, now)
    open_cards = [card for card in material if card.id not in done]
    free = [card for card in open_cards if card.id not in held]
    met = sibling_store.find_met(session, learner_id, [card.id for card in free], rules.day_starts(now))
    choice = choose_card([OpenCard(card.id, card.state, card.id in met) for card in free], now)
    undoable = scope_store.find_last_answer(session, learner_id, {card.id for card in material})
    return choice, len(open_cards) - len(free), undoable


def next_step(session: Session, viewer: Viewer, handle: str, rules: StudyRules, now: datetime) -> StudyStep:
    """The next card of an assignment that is not done, whatever its deck.

    Raises NotFound for who is not asked, Conflict where it is a test or has not opened.
    """
    own = load_own(session, viewer, handle, now)
    if own.record.is_test:
        raise Conflict(say("This assignment is a test. Open it from its page."))
    if not own.asked.dates.has_opened(now):
        raise Conflict(say("This assignment has not opened yet."))
    decks = tuple(store.list_decks(session, own.record.id))
    if own.asked.dates.has_closed(now):
        return StudyStep(own, None, decks=decks)
    choice, held, undoable = _choose(session, own, viewer.learner_id, rules, now)
    question = None
    if choice.card_id is not None:
        revision = study_store.get_current_revision(session, choice.card_id)
        question = asking.same_question(
            session, revision.deck_slug, revision.card_slug, revision.number, viewer, rules, now
        )
    return StudyStep(own, question, choice.next_step, held, undoable, decks)
