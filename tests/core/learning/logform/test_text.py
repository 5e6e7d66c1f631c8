import gzip

import pytest

from quizapp.core.learning.logform import text as module
from quizapp.core.learning.logform.fault import BrokenLog
from quizapp.core.learning.logform.text import read_text

LOG = "card_id,review_time,review_rating\nä,1795348800000,3\n"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_letters_may_be_stored_in_any_usual_way(code: str):
    assert read_text(LOG.encode(code), "log.csv") == (LOG, "")


def test_a_compressed_log_is_unpacked_all_its_parts():
    packed = gzip.compress(LOG.encode()) + gzip.compress(b"b,1,1\n") + b"\0\0"
    assert read_text(packed, "log.csv.gz") == (LOG + "b,1,1\n", "")


@pytest.mark.parametrize("data", [gzip.compress(LOG.encode())[:-4], gzip.compress(LOG.encode())[:12], b"\x1f\x8bxyz"])
def test_a_damaged_compressed_log_is_refused(data: bytes):
    with pytest.raises(BrokenLog, match="damaged"):
        read_text(data, "log.csv.gz")


def test_a_log_that_is_too_large_is_refused_packed_or_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LARGEST_LOG", 1_000)
    for data in (b"x" * 1_001, gzip.compress(b"x" * 10_000_000)):
        with pytest.raises(BrokenLog, match="MB"):
            read_text(data, "log.csv")


@pytest.mark.parametrize(
    ("data", "said"), [(b"PK\x03\x04", "--reviews"), (b"SQLite format 3\0", "--reviews"), (b"%PDF-1.7", "text")]
)
def test_what_is_no_text_is_refused_with_what_to_do(data: bytes, said: str):
    with pytest.raises(BrokenLog) as broken:
        read_text(data, "log.csv")
    assert broken.value.fault.code == "not-text"
    assert said in broken.value.fault.fix
