"""Who writes a draft."""

from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Conflict, NotFound
from quizapp.core.messages import say
from quizapp.services.authoring.drafts import Author, load_draft
from quizapp.services.classes import find_teacher_account
from quizapp.store import authoring as store


def add_editor(session: Session, author: Author, slug: str, name: str, now: datetime) -> str:
    """Let another teacher write the draft too; gives the name as it is kept. Raises NotFound, Invalid (``name``)."""
    draft = load_draft(session, author, slug, lock=True)
    account_id, kept = find_teacher_account(session, name)
    store.add_editor(session, draft.id, account_id, now)
    session.commit()
    return kept


def remove_editor(session: Session, author: Author, slug: str, handle: str) -> None:
    """Take the draft from a teacher, oneself perhaps. Raises NotFound; Conflict for the last one."""
    draft = load_draft(session, author, slug, lock=True)
    editors = {one.handle: one.account_id for one in store.list_editors(session, draft.id)}
    if handle not in editors:
        raise NotFound(say("This teacher does not write this deck."))
    if len(editors) == 1:
        raise Conflict(say("Somebody has to write the deck. Add another teacher first."))
    store.remove_editor(session, draft.id, editors[handle])
    session.commit()
