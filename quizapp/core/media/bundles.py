"""A deck as one file to carry about: a zip archive of ``DECK.yaml`` and ``media/DECK/``, as they lie in a folder."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.core.exchange.archives import MEGABYTE, Archive, Limits
from quizapp.core.exchange.model import MediaFile
from quizapp.core.media.names import find_type
from quizapp.core.media.refusals import LARGEST_PICTURE

LARGEST_BUNDLE = 32 * MEGABYTE
_LIMITS = Limits(archive=LARGEST_BUNDLE, entries=6_000, entry=LARGEST_PICTURE, total=64 * MEGABYTE)
_WHEN = (1980, 1, 1, 0, 0, 0)  # the first day of zip: equal decks give equal bytes


def pack_bundle(deck_id: str, text: str, media: Mapping[str, bytes]) -> bytes:
    """The archive of a deck's file and its pictures and sounds by name."""
    out = io.BytesIO()
    files = {f"{deck_id}.yaml": text.encode()} | {f"media/{deck_id}/{name}": media[name] for name in sorted(media)}
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            method = zipfile.ZIP_DEFLATED if name.endswith(".yaml") else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name, _WHEN), data, compress_type=method)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of an archive: its whole name there, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class DeckBundle:
    """The deck files of an archive, and its pictures and sounds."""

    decks: tuple[PackedFile, ...]
    media: tuple[PackedFile, ...]


def _is_hidden(name: str) -> bool:
    """Whether a program put it there for itself, as that of macOS does."""
    return "__MACOSX" in name or name.rpartition("/")[2].startswith(".")


def is_deck_file(name: str) -> bool:
    """Whether a name in an archive is that of a deck file."""
    return name.lower().endswith((".yaml", ".yml")) and not _is_hidden(name)


def unpack_bundle(data: bytes) -> DeckBundle:
    """The deck files in an archive, and its pictures and sounds, in whatever folder they lie; nothing else of it.

    Raises ArchiveRefused.
    """
    archive = Archive(data, _LIMITS)
    shown = [name for name in archive.names if find_type(name) is not None and not _is_hidden(name)]
    decks = tuple(PackedFile(name, archive.read(name)) for name in archive.names if is_deck_file(name))
    return DeckBundle(decks, tuple(PackedFile(name, archive.read(name)) for name in shown))


def choose_media(bundle: DeckBundle, deck_id: str, *, is_only: bool) -> tuple[MediaFile, ...]:
    """The pictures and sounds of a deck: those in its folder, and, of its only deck, all others of an archive.

    Of two with one name, that in the folder of the deck is taken.
    """
    own = f"media/{deck_id}/"
    folders = {file.name: f"/{file.name}".rpartition("/")[0] + "/" for file in bundle.media}
    ordered = sorted(bundle.media, key=lambda file: folders[file.name].endswith(f"/{own}"))
    chosen = [file for file in ordered if is_only or folders[file.name].endswith(f"/{own}")]
    named = {file.name.rpartition("/")[2]: file.data for file in chosen}
    return tuple(MediaFile(name, data, deck_id) for name, data in named.items())


def read_bundle(data: bytes) -> tuple[MediaFile, ...]:
    """The pictures and sounds in an archive, in whatever folder they lie; all else in it is left alone.

    Raises ArchiveRefused.
    """
    archive = Archive(data, _LIMITS)
    return tuple(
        MediaFile(name.rpartition("/")[2], archive.read(name))
        for name in archive.names
        if find_type(name) is not None and not _is_hidden(name)
    )
