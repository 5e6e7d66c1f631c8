"""The pictures and sounds of a draft's versions: as they were when it was saved."""

from datetime import datetime

from sqlmodel import Session

from quizapp.core.deck.media import list_media_names
from quizapp.services import media_history
from quizapp.services.authoring.drafts import Author, Draft, load_draft
from quizapp.services.media_history import MediumChange
from quizapp.store import authoring as store


def _find_time(session: Session, draft: Draft, last: int) -> datetime | None:
    """When a version was saved; None for the last one, which shows what there is now."""
    version = None if draft.version == last else store.find_version(session, draft.id, draft.version)
    return None if version is None else version.saved_at


def pack_version(session: Session, author: Author, slug: str, number: int) -> bytes:
    """A zip archive of a deck's file and its pictures and sounds, as they were at a version. Raises NotFound."""
    last = load_draft(session, author, slug).version
    draft = load_draft(session, author, slug, version=number)
    return media_history.pack_at(session, slug, draft.text, _find_time(session, draft, last))


def compare_media(session: Session, author: Author, slug: str, old: int, new: int) -> tuple[MediumChange, ...]:
    """Which pictures and sounds, of those that cards of both versions show, are others. Raises NotFound.

    The last version shows them as they are now; version 0 is the empty deck.
    """
    if not old:
        return ()
    last = load_draft(session, author, slug).version
    before, after = (load_draft(session, author, slug, version=number) for number in (old, new))
    names = list_media_names(before.content.cards) & list_media_names(after.content.cards)
    since, until = _find_time(session, before, last), _find_time(session, after, last)
    return media_history.compare(session, slug, names, since, until)


def restore_media(session: Session, wanted: Draft, last: int, now: datetime) -> tuple[str, ...]:
    """Let the pictures and sounds of a version's cards be what they were then; gives those that changed.

    The caller commits.
    """
    at = _find_time(session, wanted, last)
    names = list_media_names(wanted.content.cards)
    return () if at is None else media_history.restore(session, wanted.slug, names, at, now)
