"""The revisions are those that Alembic sees, though it is not asked."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from quizapp.store import migrate, revisions
from quizapp.store.engine import make_engine


def test_the_revisions_are_those_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(revisions.find_migrations()))
    scripts = ScriptDirectory.from_config(config)
    seen = {script.revision: script.down_revision or "" for script in scripts.walk_revisions()}
    assert revisions.list_revisions() == seen
    assert revisions.newest_revision() == scripts.get_current_head()


def test_a_database_stands_where_alembic_says(database_url: str) -> None:
    migrate.downgrade(database_url, "0002")
    engine = make_engine(database_url)
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0002"
    assert revisions.read_revision(database_url) == "0002"
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
    assert revisions.read_revision(database_url) is None
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
    assert revisions.read_revision(database_url) is None
    engine.dispose()


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        ({}, r"\[\]"),
        ({"a.py": 'revision = "1"\ndown_revision = None\n', "b.py": "revision: str = '2'\n"}, r"\['1', '2'\]"),
    ],
)
def test_two_ends_or_none_are_refused(
    files: dict[str, str], shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "versions").mkdir()
    for name, text in files.items():
        (tmp_path / "versions" / name).write_text(text)
    monkeypatch.setattr(revisions, "find_migrations", lambda: tmp_path)
    with pytest.raises(RuntimeError, match=shown):
        revisions.newest_revision()


def test_a_file_beside_the_migrations_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "first.py").write_text('revision = "1"\ndown_revision = None\n')
    (tmp_path / "versions" / "steps.py").write_text('"""What migrations share."""\n')
    monkeypatch.setattr(revisions, "find_migrations", lambda: tmp_path)
    assert revisions.list_revisions() == {"1": ""}
    assert revisions.newest_revision() == "1"
