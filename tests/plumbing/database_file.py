"""What a server has really written: its SQLite file, read from outside with the SQLite that Quizapp uses."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite


def run_sql(data_dir: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows that a statement gives; what it changes is kept."""
    with closing(sqlite.connect(data_dir / "quizapp.db", timeout=10)) as connection, connection:
        rows: Sequence[tuple[Any, ...]] = connection.execute(statement, values).fetchall()
        return list(rows)


def count_answers(data_dir: Path, key: str) -> int:
    """How often the answer with this key is there, whoever gave it."""
    return int(run_sql(data_dir, "SELECT count(*) FROM review WHERE key = ?", key)[0][0])
