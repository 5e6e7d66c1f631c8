"""A deck as one file to carry about: a zip archive of ``DECK.yaml`` and ``media/DECK/``, as they lie in a folder."""

import io
import zipfile
from collections.abc import Mapping

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


def read_bundle(data: bytes) -> tuple[MediaFile, ...]:
    """The pictures and sounds in an archive, in whatever folder they lie; all else in it is left alone.

    Raises ArchiveRefused.
    """
    archive = Archive(data, _LIMITS)
    return tuple(
        MediaFile(name.rpartition("/")[2], archive.read(name))
        for name in archive.names
        if find_type(name) is not None and not name.rpartition("/")[2].startswith(".") and "__MACOSX" not in name
    )
