"""The pictures and sounds of decks: keeping them, finding them for a page, sending them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from sqlmodel import Session

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.exchange.archives import ArchiveRefused
from quizapp.core.exchange.model import MediaFile
from quizapp.core.media import clean_medium, find_type, is_plain_name, is_sound, tidy_name
from quizapp.core.media.bundles import pack_bundle, read_bundle
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity
from quizapp.core.slugs import is_slug
from quizapp.store import media as store
from quizapp.store.former_media import MediumRecord, find_former

MOST_FILES = 5_000
MOST_BYTES = 500 * 1024 * 1024
"""What one deck may hold."""
_SHORT = 20  # hexadecimal digits of a digest in an address: 80 bits


@dataclass(frozen=True, slots=True)
class ShownMedium:
    """A picture or sound of a deck. ``mark`` stands in its address, and is another one when its content is.

    ``width`` and ``height`` are pixels, 0 for a sound; ``size`` counts bytes.
    """

    deck: str
    name: str
    mark: str
    media_type: str
    width: int
    height: int
    size: int

    @property
    def is_sound(self) -> bool:
        """Whether it is heard rather than seen."""
        return is_sound(self.name)


@dataclass(frozen=True, slots=True)
class SentMedium:
    """A picture or sound to be sent to a browser; ``digest`` is the SHA-256 of its ``data``."""

    data: bytes
    media_type: str
    digest: str


def name_file(deck_slug: str, name: str) -> str:
    """What problems name as the file of a picture or sound: its place beside the decks."""
    return f"media/{deck_slug}/{name}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refuse_more(deck_slug: str, name: str) -> Problem:
    message = say("A deck holds at most %(count)s pictures and sounds, of together 500 MB.", count=MOST_FILES)
    fix = say("Divide the deck, or leave this file away.")
    return Problem(name_file(deck_slug, name), 1, 1, "too-many-media", message, fix)


def _clean(
    session: Session, deck_slug: str, file: MediaFile
) -> tuple[MediumRecord, bytes, tuple[Problem, ...]] | Problem:
    """The file as it is to be kept. What the app has made itself is known again, and not written anew."""
    origin = _digest(file.data)
    ours = store.find_content(session, origin)
    if ours is not None and ours.media_type == find_type(file.name) and is_plain_name(file.name):
        return replace(ours, name=file.name), file.data, ()
    cleaned = clean_medium(file.name, file.data, name_file(deck_slug, file.name))
    if isinstance(cleaned, Problem):
        return cleaned
    digest = _digest(cleaned.data)
    kind, size = cleaned.media_type, len(cleaned.data)
    record = MediumRecord(file.name, digest, origin, kind, cleaned.width, cleaned.height, size)
    return record, cleaned.data, cleaned.problems


def keep(session: Session, deck_slug: str, files: Sequence[MediaFile], now: datetime) -> tuple[Problem, ...]:
    """Keep pictures and sounds of a deck under their names; the caller commits.

    A file of a name that is there takes its place; the same file again changes nothing. Each file that cannot be kept
    gives a problem with ``media/DECK/NAME`` as its file, and the others are kept. A warning says what was changed.
    """
    held = {record.name: record for record in store.list_media(session, deck_slug)}
    room = MOST_BYTES - sum(record.size for record in held.values())
    problems: list[Problem] = []
    for file in files:
        before = held.get(file.name)
        if before is not None and _digest(file.data) in (before.origin, before.digest):
            continue
        cleaned = _clean(session, deck_slug, file)
        if isinstance(cleaned, Problem):
            problems.append(cleaned)
            continue
        record, data, warnings = cleaned
        room -= record.size - (before.size if before else 0)
        if room < 0 or (before is None and len(held) >= MOST_FILES):
            return (*problems, _refuse_more(deck_slug, file.name))
        store.add_content(session, record, data)
        store.name_medium(session, deck_slug, record, now)
        held[file.name] = record
        problems += warnings
    return tuple(problems)


def find_new(session: Session, deck_slug: str, files: Sequence[MediaFile]) -> tuple[str, ...]:
    """The names of those of these pictures and sounds that a deck does not have, or not so."""
    held = {record.name: record for record in store.list_media(session, deck_slug)} if files else {}
    known = {name: (record.origin, record.digest) for name, record in held.items()}
    return tuple(file.name for file in files if _digest(file.data) not in known.get(file.name, ()))


def check_all(deck_slug: str, files: Sequence[MediaFile]) -> list[Problem]:
    """What keeping these pictures and sounds of a deck would have to say of them."""
    cleaned = (clean_medium(file.name, file.data, name_file(deck_slug, file.name)) for file in files)
    found = ((one,) if isinstance(one, Problem) else one.problems for one in cleaned)
    return [problem for problems in found for problem in problems]


def add(session: Session, deck_slug: str, file: MediaFile, now: datetime) -> tuple[str, tuple[Problem, ...]]:
    """Keep one picture or sound that somebody sends for a deck; gives its name, and what was changed of it. Commits.

    The name is made plain. It never takes the place of another file, which published cards may show; the same file
    again keeps its name. Raises Invalid (field ``file``).
    """
    held = {record.name: record for record in store.list_media(session, deck_slug)}
    origin = _digest(file.data)
    for record in held.values():
        if origin in (record.origin, record.digest) and find_type(record.name) == find_type(file.name):
            return record.name, ()
    name = tidy_name(file.name, held)
    problems = keep(session, deck_slug, [MediaFile(name, file.data)], now)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        session.rollback()
        raise Invalid(errors[0].message, {"file": errors[0].message, "fix": errors[0].fix})
    session.commit()
    return name, problems


def add_bundle(session: Session, deck_slug: str, data: bytes, now: datetime) -> tuple[int, tuple[Problem, ...]]:
    """Keep all pictures and sounds of a zip archive under their names there; gives how many came, and problems.

    Commits. A file of a name that is there takes its place. Raises Invalid (field ``file``).
    """
    try:
        files = read_bundle(data)
    except ArchiveRefused as refused:
        raise Invalid(refused.message, {"file": refused.message, "fix": refused.fix}) from None
    if not files:
        message = say("There is no picture or sound in this archive.")
        raise Invalid(message, {"file": message})
    problems = keep(session, deck_slug, files, now)
    session.commit()
    refused_files = sum(problem.severity is Severity.ERROR for problem in problems)
    return len(files) - refused_files, problems


def pack(session: Session, deck_slug: str, text: str) -> bytes:
    """A zip archive of a deck's file and its pictures and sounds."""
    return pack_bundle(deck_slug, text, load_all(session, deck_slug))


def remove(session: Session, deck_slug: str, name: str, now: datetime) -> None:
    """Take a picture or sound away from a deck; it is kept as a former one. Commits. Raises NotFound."""
    if not store.remove_name(session, deck_slug, name, now):
        raise NotFound(say("There is no such picture or sound."))
    session.commit()


def show_medium(deck_slug: str, record: MediumRecord) -> ShownMedium:
    """What a page needs to know of a picture or sound."""
    mark = record.digest[:_SHORT]
    return ShownMedium(deck_slug, record.name, mark, record.media_type, record.width, record.height, record.size)


def list_all(session: Session, deck_slug: str) -> list[ShownMedium]:
    """All pictures and sounds of a deck, by name."""
    return [show_medium(deck_slug, record) for record in store.list_media(session, deck_slug)]


def list_names(session: Session, deck_slug: str) -> frozenset[str]:
    """The names of a deck's pictures and sounds."""
    return frozenset(record.name for record in store.list_media(session, deck_slug))


def find(session: Session, deck_slug: str, names: Collection[str]) -> Mapping[str, ShownMedium]:
    """Those of these names that the deck has."""
    return {record.name: show_medium(deck_slug, record) for record in store.find_media(session, deck_slug, names)}


def load_all(session: Session, deck_slug: str) -> dict[str, bytes]:
    """All pictures and sounds of a deck, by name: for a file that takes them along."""
    return {record.name: store.load_data(session, record.digest) for record in store.list_media(session, deck_slug)}


def is_public(session: Session, deck_slug: str) -> bool:
    """Whether a deck is published, so that everybody may see what is in it."""
    return is_slug(deck_slug) and store.is_published(session, deck_slug)


def load(session: Session, deck_slug: str, mark: str, name: str) -> SentMedium:
    """The picture or sound that an address names, or named before. Whoever asks may see the deck. Raises NotFound."""
    if not is_plain_name(name):
        raise NotFound(say("There is no such picture or sound."))
    former = (one.medium for one in find_former(session, deck_slug, [name]))
    for record in chain(store.find_media(session, deck_slug, [name]), former):
        if record.digest[:_SHORT] == mark:
            return SentMedium(store.load_data(session, record.digest), record.media_type, record.digest)
    raise NotFound(say("There is no such picture or sound."))
