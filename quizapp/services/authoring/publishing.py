"""Publishing: students study what a draft says now."""

from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid
from quizapp.core.messages import say
from quizapp.services import decks
from quizapp.services.authoring.drafts import Author, load_draft
from quizapp.services.decks import DeckChange
from quizapp.store import authoring as store


def publish(
    session: Session, author: Author, slug: str, now: datetime, *, seen_version: int | None = None
) -> DeckChange:
    """Let students study the draft as it stands."""
    draft = load_draft(session, author, slug, lock=True)
    if seen_version is not None and seen_version != draft.version:
        raise Conflict(say("The deck was saved in the meantime. Look at what would change now."))
    if draft.content.file is None:
        raise Invalid(say("The deck has no cards yet. Add one; then it can be published."))
    problems = decks.find_errors(session, draft.content.file, {})
    if problems:
        raise Invalid(say("This deck cannot be published yet: %(problem)s", problem=problems[0]))
    change = decks.load_deck(session, draft.content.file.deck, draft.text.encode(), now)
    store.mark_published(session, draft.id, draft.version, now)
    session.commit()
    return change
