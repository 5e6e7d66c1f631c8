"""The pictures and sounds that a deck showed before: for its former versions, for past answers, and to bring back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.media.bundles import pack_bundle
from quizapp.core.messages import say
from quizapp.services import media
from quizapp.services.media import MOST_BYTES, MOST_FILES, ShownMedium, show_medium
from quizapp.store import former_media as store
from quizapp.store import media as media_store
from quizapp.store.former_media import MediumRecord


@dataclass(frozen=True, slots=True)
class FormerMedium:
    """A picture or sound that had its name from ``added_at`` until ``replaced_at``."""

    shown: ShownMedium
    added_at: datetime
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class MediumChange:
    """What a name meant at two times; None where it meant nothing."""

    name: str
    before: ShownMedium | None
    after: ShownMedium | None


def list_former(session: Session, deck_slug: str) -> list[FormerMedium]:
    """What a deck showed before and does not now, each content of a name once, what was replaced last first."""
    seen = {(record.name, record.digest) for record in media_store.list_media(session, deck_slug)}
    found: list[FormerMedium] = []
    for one in store.list_former(session, deck_slug):
        key = one.medium.name, one.medium.digest
        if key not in seen:
            seen.add(key)
            found.append(FormerMedium(show_medium(deck_slug, one.medium), one.added_at, one.replaced_at))
    return found


def _find_then(session: Session, deck_slug: str, at: datetime) -> dict[str, MediumRecord]:
    """What names meant at a moment, of those that mean something else since, or nothing.

    What came only later is taken from then on: it was missing before.
    """
    return {one.medium.name: one.medium for one in store.find_replaced_after(session, deck_slug, at)}


def find_at(session: Session, deck_slug: str, names: Collection[str], at: datetime | None) -> Mapping[str, ShownMedium]:
    """Those of these names that the deck had at a moment, as they were then; as they are, where that is None."""
    then = _find_then(session, deck_slug, at) if names and at is not None else {}
    before = {name: show_medium(deck_slug, then[name]) for name in names if name in then}
    return {**media.find(session, deck_slug, names), **before}


def load_all_at(session: Session, deck_slug: str, at: datetime | None) -> dict[str, bytes]:
    """All pictures and sounds that a deck had at a moment, by name, and those that came since; None is now."""
    records = {record.name: record for record in media_store.list_media(session, deck_slug)}
    records |= {} if at is None else _find_then(session, deck_slug, at)
    return {name: media_store.load_data(session, record.digest) for name, record in sorted(records.items())}


def pack_at(session: Session, deck_slug: str, text: str, at: datetime | None) -> bytes:
    """A zip archive of a deck's file and its pictures and sounds as they were at a moment."""
    return pack_bundle(deck_slug, text, load_all_at(session, deck_slug, at))


def compare(
    session: Session, deck_slug: str, names: Collection[str], old: datetime | None, new: datetime | None
) -> tuple[MediumChange, ...]:
    """Which of these names meant something else at one moment than at another; None is now."""
    before, after = find_at(session, deck_slug, names, old), find_at(session, deck_slug, names, new)
    changes = (MediumChange(name, before.get(name), after.get(name)) for name in sorted(names))
    return tuple(change for change in changes if change.before != change.after)


def _check_room(session: Session, deck_slug: str, records: Collection[MediumRecord]) -> None:
    held = {record.name: record.size for record in media_store.list_media(session, deck_slug)}
    held |= {record.name: record.size for record in records}
    if len(held) > MOST_FILES or sum(held.values()) > MOST_BYTES:
        raise Invalid(say("A deck holds at most %(count)s pictures and sounds, of together 500 MB.", count=MOST_FILES))


def _name_again(session: Session, deck_slug: str, records: Collection[MediumRecord], now: datetime) -> None:
    _check_room(session, deck_slug, records)
    for record in records:
        media_store.name_medium(session, deck_slug, record, now)


def restore(session: Session, deck_slug: str, names: Collection[str], at: datetime, now: datetime) -> tuple[str, ...]:
    """Let these names mean again what they meant at a moment; gives those that meant something else.

    The caller commits. What they meant until now is kept as former. Raises Invalid where there is no room for them.
    """
    then = _find_then(session, deck_slug, at)
    held = {record.name: record.digest for record in media_store.find_media(session, deck_slug, names)}
    changed = [then[name] for name in sorted(names) if name in then and held.get(name) != then[name].digest]
    if changed:
        _name_again(session, deck_slug, changed, now)
    return tuple(record.name for record in changed)


def _find_one(session: Session, deck_slug: str, name: str, mark: str) -> MediumRecord:
    for one in store.find_former(session, deck_slug, [name]):
        if show_medium(deck_slug, one.medium).mark == mark:
            return one.medium
    raise NotFound(say("There is no such picture or sound."))


def bring_back(session: Session, deck_slug: str, name: str, mark: str, now: datetime) -> bool:
    """Let a name mean a former picture or sound again; whether it meant something else. Commits.

    ``mark`` is that of its address. What it meant until now is kept. Raises NotFound, and Invalid for want of room.
    """
    record = _find_one(session, deck_slug, name, mark)
    changes = {held.digest for held in media_store.find_media(session, deck_slug, [name])} != {record.digest}
    if changes:
        _name_again(session, deck_slug, [record], now)
        session.commit()
    return changes


def forget(session: Session, deck_slug: str, name: str, mark: str) -> None:
    """Delete a former picture or sound for good: what showed it before will lack it. Commits. Raises NotFound."""
    store.drop_former(session, deck_slug, name, _find_one(session, deck_slug, name, mark).digest)
    session.commit()
