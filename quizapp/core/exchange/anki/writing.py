"""A deck of ours as an ``.apkg``, in either inner format of Anki."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import zstandard

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.anki.newinner import write_new_collection
from quizapp.core.exchange.anki.oldinner import write_old_collection
from quizapp.core.exchange.anki.protobuf import write_message
from quizapp.core.exchange.anki.rows import make_rows
from quizapp.core.exchange.model import Exported, PastReview

MEDIA_TYPE: Final = "application/vnd.anki"
_NO_TIME = 1_700_000_000
# The time of archives has no zone and no years before 1980; the same deck gives the same bytes.
_ARCHIVED_AT = (1980, 1, 1, 0, 0, 0)
_LATEST = 3

_File = tuple[str, bytes, int]


def _archive(files: Iterator[_File]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data, method in files:
            archive.writestr(zipfile.ZipInfo(name, _ARCHIVED_AT), data, method)
    return written.getvalue()


def _list_old_files(collection: bytes, media: Mapping[str, bytes]) -> Iterator[_File]:
    names = {str(at): name for at, name in enumerate(sorted(media))}
    yield "collection.anki2", collection, zipfile.ZIP_DEFLATED
    yield "media", json.dumps(names, ensure_ascii=False).encode(), zipfile.ZIP_DEFLATED
    # Pictures and sounds are packed already.
    yield from ((key, media[name], zipfile.ZIP_STORED) for key, name in names.items())


def _write_entry(name: str, data: bytes) -> bytes:
    return write_message([(1, name), (2, len(data)), (3, hashlib.sha1(data, usedforsecurity=False).digest())])


def _list_new_files(collection: bytes, media: Mapping[str, bytes]) -> Iterator[_File]:
    packer = zstandard.ZstdCompressor()
    names = sorted(media)
    entries = write_message([(1, _write_entry(name, media[name])) for name in names])
    yield "meta", write_message([(1, _LATEST)]), zipfile.ZIP_STORED
    yield "collection.anki21b", packer.compress(collection), zipfile.ZIP_STORED
    yield "media", packer.compress(entries), zipfile.ZIP_STORED
    yield from ((str(at), packer.compress(media[name]), zipfile.ZIP_STORED) for at, name in enumerate(names))


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = (), *, at_ms: int = 0) -> Exported:
    """The deck as an Anki deck package, ``.apkg``, with its pictures, sounds and past reviews.

    The inner format is the old one, which every Anki reads. ``at_ms`` is the time of writing in milliseconds since
    1970: Anki updates the notes it has from a package that is newer. Without it, all packages count as equally old.
    Cards with reviews come due in Anki when they would here, others are new.
    """
    collection = write_old_collection(deck, make_rows(deck, reviews, at_ms // 1000 or _NO_TIME))
    return Exported(_archive(_list_old_files(collection, media)), f"{deck.id}.apkg", MEDIA_TYPE, ())


def write_new(
    deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = (), *, at_ms: int = 0
) -> Exported:
    """The same in the new inner format, which Anki reads since 2.1.50, and which is smaller."""
    collection = write_new_collection(deck, make_rows(deck, reviews, at_ms // 1000 or _NO_TIME))
    return Exported(_archive(_list_new_files(collection, media)), f"{deck.id}.apkg", MEDIA_TYPE, ())
