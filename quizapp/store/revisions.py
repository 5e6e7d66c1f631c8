"""Which revisions of the tables there are, and at which one a database stands.

Read without Alembic, which is large: every server and command asks this, and only few of them change a database.
"""

import re
from functools import cache
from pathlib import Path

import sqlalchemy as sa

import quizapp
from quizapp.store.engine import make_engine

_NAMED = re.compile(r"""^(down_)?revision(?::[^=\n]*)?\s*=\s*(?:["'](\w+)["']|None)""", re.MULTILINE)
_TABLE = "alembic_version"


def find_migrations() -> Path:
    """The folder of the migrations: inside an installed package, else at the top of the checkout."""
    package = Path(quizapp.__file__).parent
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


@cache
def _read(file: Path) -> dict[bool, str]:
    """The revision that a migration makes, and, under True, the one that it starts from, where there is one."""
    return {bool(down): name for down, name in _NAMED.findall(file.read_text(encoding="utf-8"))}


def list_revisions() -> dict[str, str]:
    """All revisions of this release, each with the one before it; that is blank for the first."""
    named = map(_read, sorted((find_migrations() / "versions").glob("*.py")))
    return {names[False]: names.get(True, "") for names in named if False in names}


def newest_revision() -> str:
    """The revision that this release needs: the one that no other starts from."""
    revisions = list_revisions()
    ends = set(revisions) - set(revisions.values())
    if len(ends) != 1:
        raise RuntimeError(f"not one newest migration in {find_migrations()}: {sorted(ends)}")
    return ends.pop()


def read_revision(url: str) -> str | None:
    """The revision the database stands at; None where it was never set up."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table(_TABLE):
                return None
            revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return revision
    finally:
        engine.dispose()
