"""The database file is damaged: it is found, nothing is written to it any more, and the words say what to do."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from plumbing.answer_key import Entry
from plumbing.api_client import make_body, make_tokens, read_page, send
from plumbing.database_file import run_sql
from plumbing.ledger import choose, tell
from plumbing.server import LiveServer, ServerFailed

from quizapp.core.errors import Invalid
from quizapp.store.backup import restore_backup, save_backup
from quizapp.store.setup import prepare_database

PAGE = 4096
SEEDS = choose(short=1, long=100)


def _overwrite(path: Path, random: Random) -> None:
    """Noise in the place of a page of the largest tables; the pages of the schema are left."""
    roots = run_sql(path.parent, "SELECT rootpage FROM sqlite_master WHERE name IN ('card_revision', 'paragraph')")
    with path.open("r+b") as file:
        for (root,) in roots:
            file.seek((root - 1) * PAGE)
            file.write(random.randbytes(PAGE))


def _truncate(path: Path, random: Random) -> None:
    pages = path.stat().st_size // PAGE
    with path.open("r+b") as file:
        file.truncate(random.randrange(pages // 2, pages - 1) * PAGE)


def _check_refusal(server: LiveServer, token: str, entry: Entry) -> None:
    """Whatever would write is refused, in words that say what to do; the file stays as it is."""
    before = (server.data_dir / "quizapp.db").read_bytes()
    reply = send(server, token, make_body(entry))
    assert reply.status == 503
    assert "The database is damaged." in reply.data["detail"]
    status, page = read_page(server, "/study/dates")
    if status == 200:
        assert "<form" in page
    else:
        assert (status, "quizapp db restore" in page) == (503, True)
    assert (server.data_dir / "quizapp.db").read_bytes() == before


@pytest.mark.parametrize("damage", [_overwrite, _truncate])
def test_a_damaged_file_is_found_at_the_start_only_read_and_replaced(
    live_server: Callable[..., LiveServer], entries: list[Entry], damage: Callable[[Path, Random], None], tmp_path: Path
) -> None:
    server = live_server(QUIZAPP_BACKUPS="off")
    (token,) = make_tokens(server, ["Bob"])
    assert send(server, token, make_body(entries[0])).status == 201
    server.stop()
    path, found, served = server.data_dir / "quizapp.db", 0, 0
    url = f"sqlite:///{path}"
    save_backup(url, tmp_path / "good.db")
    good = (tmp_path / "good.db").read_bytes()  # what a server left in its log too
    for side in ("-wal", "-shm"):
        path.with_name(f"{path.name}{side}").unlink(missing_ok=True)
    for seed in range(SEEDS):
        path.write_bytes(good)
        damage(path, Random(seed))
        said_before = len(server.output)
        try:
            server.start()
        except ServerFailed:
            pass  # so broken that not even its revision can be read
        else:
            served += 1
            _check_refusal(server, token, entries[1])
            server.kill()
        said = server.output[said_before:]
        assert "The database is damaged" in said
        assert "quizapp db restore" in said
        assert "Traceback" not in said
        found += 1
        with pytest.raises(Invalid, match="damaged"):
            prepare_database(url)
        restore_backup(url, tmp_path / "good.db", datetime.now(UTC))
    server.start()
    assert send(server, token, make_body(entries[1])).status == 201
    tell(f"R12 {damage.__name__.strip('_')}", files=SEEDS, found=found, served_for_reading=served)
