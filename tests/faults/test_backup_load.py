"""Backups made while students answer hold every answer acknowledged before they began, and can be brought back."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from plumbing.answer_key import Entry
from plumbing.ledger import answering, choose, compare, prove_states, tell, wait_for_answers, wait_until
from plumbing.server import LiveServer, run_quizapp

from quizapp.core.errors import Invalid
from quizapp.store.backup import restore_backup

BACKUPS = choose(short=2, long=100)


def _restore(backup: Path, place: Path) -> Path:
    place.mkdir()
    restore_backup(f"sqlite:///{place}/quizapp.db", backup, datetime.now(UTC))
    return place


def test_a_backup_under_load_comes_back_whole(
    live_server: Callable[..., LiveServer], entries: list[Entry], tmp_path: Path
) -> None:
    server = live_server()
    url = f"sqlite:///{server.data_dir}/quizapp.db"
    with answering(server, entries) as clients:
        for number in range(BACKUPS):
            wait_for_answers(clients, 20)
            told, backup = clients.told, tmp_path / f"backup-{number}.db"
            done = run_quizapp(server.data_dir, "db", "backup", str(backup))
            assert (done.returncode, done.stderr) == (0, "")
            back = _restore(backup, tmp_path / f"restored-{number}")
            stored = compare(back, told, clients.asked)
            if number == BACKUPS - 1:
                prove_states(back)
                with pytest.raises(Invalid, match="Stop it first"):
                    restore_backup(url, backup, datetime.now(UTC))
            shutil.rmtree(back)
            backup.unlink()
        made = server.data_dir / "backups"
        wait_until(lambda: bool(list(made.glob("quizapp-*.db"))), "a backup made itself", seconds=400)
    tell("R11 backup", backups=BACKUPS, acknowledged=clients.acknowledged, last_stored=stored, lost=0)
