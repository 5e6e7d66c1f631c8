"""The forgetting curves of a class: the school's, those of decks, and those of students."""

from sqlmodel import Session

from quizapp.services.rules import StudyRules
from quizapp.store import recalls as store
from quizapp.store.recalls import Curves


def find_curves(session: Session, rules: StudyRules) -> Curves:
    """How fast is forgotten; ``rules`` are the school's."""
    return Curves(decay=rules.scheduler.settings.decay, of_decks=store.has_deck_curves(session))
