"""A deck and its pictures in one archive."""

import io
import zipfile

import pytest
from plumbing.media import make_picture

from quizapp.core.exchange.archives import ArchiveRefused
from quizapp.core.exchange.model import MediaFile
from quizapp.core.media.bundles import LARGEST_BUNDLE, pack_bundle, read_bundle

MAP = make_picture()


def test_what_is_packed_is_read_again_and_packed_the_same() -> None:
    packed = pack_bundle("birds", "format: 1\n", {"b.png": MAP, "a.mp3": b"sound"})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["birds.yaml", "media/birds/a.mp3", "media/birds/b.png"]
        assert archive.read("birds.yaml") == b"format: 1\n"
    assert read_bundle(packed) == (MediaFile("a.mp3", b"sound"), MediaFile("b.png", MAP))
    assert pack_bundle("birds", "format: 1\n", {"a.mp3": b"sound", "b.png": MAP}) == packed
    assert read_bundle(pack_bundle("birds", "", {})) == ()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", bytes(LARGEST_BUNDLE + 1)], ids=len)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(ArchiveRefused):
        read_bundle(data)
