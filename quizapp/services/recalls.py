"""The forgetting curves of a class: the school's, those of decks, and those of students."""

import json

from sqlmodel import Session

from quizapp.core.learning.scheduling import DECAY
from quizapp.services.rules import StudyRules
from quizapp.store import recalls as store
from quizapp.store.recalls import Curves


def _read_decays(curves: dict[int, str]) -> dict[int, float]:
    return {one: float(json.loads(parameters)[DECAY]) for one, parameters in curves.items()}


def find_curves(session: Session, class_id: int, rules: StudyRules) -> Curves:
    """How fast is forgotten in a class; ``rules`` are the school's."""
    return Curves(
        decay=rules.scheduler.settings.decay,
        of_deck=_read_decays(store.list_deck_curves(session)),
        of_learner=_read_decays(store.list_own_curves(session, class_id)),
    )
