"""What an answer is worth: by the words that it was given to, or by later ones where a teacher has decided so."""

from dataclasses import dataclass

from sqlmodel import Session

from quizapp.core.deck.schema import Flashcard
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import Grade, Response, parse_response
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.rating import rate
from quizapp.core.messages import say
from quizapp.services.grading import grade_any
from quizapp.services.results import read_card
from quizapp.services.submissions import Submission
from quizapp.store import study as store
from quizapp.store.study import RevisionRecord


@dataclass(frozen=True, slots=True)
class Decision:
    """What an answer is worth, and the ``revision`` that says so."""

    revision: RevisionRecord
    response: Response
    grade: Grade
    rating: Rating


def decide_by(revision: RevisionRecord, submission: Submission) -> Decision:
    """Grade and rate an answer by these words. Raises Invalid for a wrong shape."""
    card = read_card(revision.body)
    if submission.rating is not None and not isinstance(card, Flashcard):
        raise Invalid(say("The answer was not recorded."), {"rating": say("Only a flashcard is rated by the learner.")})
    response = parse_response(card, submission.response, submission.rating)
    graded = grade_any(card, response, revision.language)
    return Decision(revision, response, graded, rate(graded, hint_used=submission.hint_used))


def decide(session: Session, revision: RevisionRecord, submission: Submission) -> Decision:
    """Grade and rate an answer that was given to this revision. Raises Invalid for a wrong shape.

    Where a teacher has had the old answers to the card graded by later words, this is an old answer too, however late
    it arrives; one that those words cannot read is graded by its own, as the others were.
    """
    own = decide_by(revision, submission)
    later = None
    if revision.number < revision.current:
        later = store.find_regrading_revision(session, revision.card_id, revision.number)
    if later is None:
        return own
    try:
        return decide_by(later, submission)
    except Invalid:
        return own
