"""Drafts, their saves and who writes them: queries that never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from quizapp.store.authoring_texts import KEYFRAME_SHARE, pack, unpack
from quizapp.store.tables import (
    AccountRow,
    DeckFileRow,
    DraftEditorRow,
    DraftRow,
    DraftVersionRow,
    LearnerRow,
    known_id,
    table_of,
)

_draft, _version, _editor = table_of(DraftRow), table_of(DraftVersionRow), table_of(DraftEditorRow)


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """A draft as stored, without its text. ``published`` is 0 where nothing of it was published yet."""

    id: int
    slug: str
    title: str
    version: int
    cards: int
    published: int
    created_at: datetime
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class DraftHead:
    """What is kept beside the text of a version, so that lists need not read it."""

    title: str
    cards: int
    digest: str


@dataclass(frozen=True, slots=True)
class EditorRecord:
    """A teacher who writes a draft; ``handle`` is the name that leaves the database."""

    account_id: int
    name: str
    handle: str


@dataclass(frozen=True, slots=True)
class Save:
    """A save to be kept: what was done, to which cards, and by whom."""

    what: str
    cards: tuple[str, ...]
    by_account_id: int
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A save as kept, without its text."""

    number: int
    digest: str
    what: str
    cards: tuple[str, ...]
    by_name: str
    saved_at: datetime
    published_at: datetime | None


_HERE = _draft.c.handed_back_at.is_(None)
_DRAFT = sa.select(*(_draft.c[name] for name in DraftRecord.__dataclass_fields__)).where(_HERE)
_VERSION = sa.select(*(_version.c[name] for name in VersionRecord.__dataclass_fields__))


def find_draft(session: Session, slug: str) -> DraftRecord | None:
    """The draft with this slug."""
    row = session.execute(_DRAFT.where(_draft.c.slug == slug)).first()
    return None if row is None else DraftRecord(*row)


def lock_draft(session: Session, slug: str) -> DraftRecord | None:
    """The draft with this slug as it stands now; nobody else changes it until this transaction ends."""
    session.execute(sa.select(_draft.c.id).where(_draft.c.slug == slug).with_for_update())
    return find_draft(session, slug)


def list_drafts(session: Session, account_id: int | None) -> list[DraftRecord]:
    """The drafts that this account writes, or all (None), the last saved first."""
    wanted = _DRAFT.order_by(_draft.c.saved_at.desc(), _draft.c.slug)
    if account_id is not None:
        own = sa.select(_editor.c.draft_id).where(_editor.c.account_id == account_id)
        wanted = wanted.where(_draft.c.id.in_(own))
    return [DraftRecord(*row) for row in session.execute(wanted)]


def list_browser_decks(session: Session) -> set[str]:
    """The slugs of all decks whose master is in the browser."""
    return set(session.execute(sa.select(_draft.c.slug).where(_HERE)).scalars())


def add_draft(session: Session, slug: str, title: str, account_id: int, now: datetime) -> int | None:
    """Make a draft without any save yet, written by this account; gives its id.

    None where somebody else has begun one with this slug meanwhile: then nothing is made, and the transaction goes on.
    """
    row = DraftRow(slug=slug, title=title, version=0, created_at=now, saved_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    draft_id = known_id(row.id)
    add_editor(session, draft_id, account_id, now)
    return draft_id


def hand_back(session: Session, draft_id: int, now: datetime) -> None:
    """Let a folder be the master of a deck again: nobody writes the draft now, and its saves stay."""
    session.execute(sa.delete(_editor).where(_editor.c.draft_id == draft_id))
    session.execute(sa.update(_draft).where(_draft.c.id == draft_id).values(handed_back_at=now))


def take_again(session: Session, slug: str, account_id: int, now: datetime) -> int | None:
    """The draft of a deck that was handed back, to be written again by this account; None where there is none."""
    waiting = sa.select(_draft.c.id).where(_draft.c.slug == slug, ~_HERE).with_for_update()
    draft_id = session.execute(waiting).scalar_one_or_none()
    if draft_id is None:
        return None
    session.execute(sa.update(_draft).where(_draft.c.id == draft_id).values(handed_back_at=None))
    add_editor(session, draft_id, account_id, now)
    return int(draft_id)


def find_last_version(session: Session, draft_id: int, what: str) -> VersionRecord | None:
    """The last save of a draft at which this was done."""
    wanted = _VERSION.where(_version.c.draft_id == draft_id, _version.c.what == what)
    row = session.execute(wanted.order_by(_version.c.number.desc()).limit(1)).first()
    return None if row is None else _version_record(row)


def add_version(session: Session, draft_id: int, head: DraftHead, text: str, save: Save) -> int:
    """Keep a text as the next version of a draft that is locked; gives its number."""
    last, base = session.execute(
        sa.select(_draft.c.version, sa.func.coalesce(_version.c.base, 0))
        .select_from(_draft)
        .outerjoin(_version, (_version.c.draft_id == _draft.c.id) & (_version.c.number == _draft.c.version))
        .where(_draft.c.id == draft_id)
    ).one()
    base = base or last
    packed = pack(text, load_text(session, draft_id, base) if base else "")
    if base and len(packed) > KEYFRAME_SHARE * len(text):
        base, packed = 0, pack(text)
    number = int(last) + 1
    session.execute(
        sa.insert(_version).values(
            draft_id=draft_id,
            number=number,
            base=base,
            packed=packed,
            digest=head.digest,
            what=save.what,
            cards=list(save.cards),
            by_account_id=save.by_account_id,
            by_name=save.by_name,
            saved_at=save.at,
        )
    )
    changed = sa.update(_draft).where(_draft.c.id == draft_id)
    session.execute(changed.values(title=head.title, cards=head.cards, version=number, saved_at=save.at))
    return number


def mark_published(session: Session, draft_id: int, number: int, now: datetime) -> None:
    """Say that students study this version from now on."""
    session.execute(sa.update(_draft).where(_draft.c.id == draft_id).values(published=number))
    own = (_version.c.draft_id == draft_id, _version.c.number == number)
    session.execute(sa.update(_version).where(*own).values(published_at=now))


def load_text(session: Session, draft_id: int, number: int) -> str:
    """The text of a version. Raises NoResultFound where there is none."""
    chosen = (_version.c.draft_id == draft_id, _version.c.number == number)
    base, packed = session.execute(sa.select(_version.c.base, _version.c.packed).where(*chosen)).one()
    return unpack(packed, load_text(session, draft_id, base) if base else "")


def find_version(session: Session, draft_id: int, number: int) -> VersionRecord | None:
    """One save of a draft."""
    row = session.execute(_VERSION.where(_version.c.draft_id == draft_id, _version.c.number == number)).first()
    return None if row is None else _version_record(row)


def list_versions(session: Session, draft_id: int, *, offset: int = 0, limit: int = 100) -> list[VersionRecord]:
    """The saves of a draft, the last first."""
    wanted = _VERSION.where(_version.c.draft_id == draft_id).order_by(_version.c.number.desc())
    return [_version_record(row) for row in session.execute(wanted.offset(offset).limit(limit))]


def _version_record(row: Sequence[Any]) -> VersionRecord:
    number, digest, what, cards, *rest = row
    return VersionRecord(number, digest, what, tuple(cards), *rest)


def is_editor(session: Session, draft_id: int, account_id: int) -> bool:
    """Whether an account writes a draft."""
    return session.get(DraftEditorRow, (draft_id, account_id)) is not None


def add_editor(session: Session, draft_id: int, account_id: int, now: datetime) -> None:
    """Let an account write a draft; one that does so already goes on."""
    if not is_editor(session, draft_id, account_id):
        session.add(DraftEditorRow(draft_id=draft_id, account_id=account_id, added_at=now))
        session.flush()


def remove_editor(session: Session, draft_id: int, account_id: int) -> None:
    """Take a draft from an account."""
    session.execute(sa.delete(_editor).where(_editor.c.draft_id == draft_id, _editor.c.account_id == account_id))


def list_editors(session: Session, draft_id: int) -> list[EditorRecord]:
    """The teachers who write a draft, in the order in which they came."""
    rows = session.exec(
        select(AccountRow.id, AccountRow.name, LearnerRow.handle)
        .join(DraftEditorRow, col(DraftEditorRow.account_id) == col(AccountRow.id))
        .join(LearnerRow, col(LearnerRow.id) == col(AccountRow.learner_id))
        .where(DraftEditorRow.draft_id == draft_id)
        .order_by(col(DraftEditorRow.added_at), col(AccountRow.id))
    )
    return [EditorRecord(known_id(account_id), name, handle) for account_id, name, handle in rows]


def keep_file(session: Session, deck_id: int, text: str) -> None:
    """Keep the text of the file from which a deck was loaded last."""
    row = session.get(DeckFileRow, deck_id)
    if row is None:
        session.add(DeckFileRow(deck_id=deck_id, packed=pack(text)))
    else:
        row.packed = pack(text)
    session.flush()


def find_file(session: Session, deck_id: int) -> str | None:
    """The text of the file from which a deck was loaded last; None where it was not kept."""
    row = session.get(DeckFileRow, deck_id)
    return None if row is None else unpack(row.packed)
