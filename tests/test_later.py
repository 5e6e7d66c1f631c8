"""What a server and a command start without: libraries that few requests need, and that each process would hold."""

import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.later import load_later

SERVER = """
import sys
from quizapp.app import create_app
from quizapp.settings import load_settings
from quizapp.store.setup import open_database
settings = load_settings()
create_app(settings, open_database(settings.resolved_database_url))
"""
HEAVY = {
    "PIL": "pictures",
    "alembic": "migrations",
    "authlib": "sign-in by a school's server",
    "cryptography": "second factors",
    "fontTools": "printed sheets",
    "fpdf": "printed sheets",
    "icalendar": "calendars",
    "numpy": "nothing of ours: fpdf2 brings it",
    "psycopg": "PostgreSQL",
    "pygments": "nothing of ours: Mako brings it",
    "requests": "sign-in by a school's server",
    "uharfbuzz": "printed sheets",
    "xlsxwriter": "workbooks",
}
"""What is not loaded at the start, and what it is for."""


def _list_loaded(program: str, folder: Path) -> set[str]:
    code = f"{program}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    environment = {"QUIZAPP_DATA_DIR": str(folder), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_server_starts_without_what_few_requests_need(tmp_path: Path) -> None:
    assert "alembic" in _list_loaded(SERVER, tmp_path)  # the first start makes the database
    assert sorted(_list_loaded(SERVER, tmp_path) & set(HEAVY)) == []


def test_the_command_line_starts_without_it_too(tmp_path: Path) -> None:
    assert sorted(_list_loaded("import sys, quizapp.cli", tmp_path) & set(HEAVY)) == []


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("decks", {"flask", "gunicorn", "wtforms"}),
        ("databases", {"flask", "gunicorn", "wtforms", "markdown_it"}),
        ("working", {"gunicorn", "wtforms"}),
    ],
)
def test_a_command_is_loaded_without_what_others_need(tmp_path: Path, module: str, without: set[str]) -> None:
    loaded = _list_loaded(f"import sys, quizapp.cli.{module}", tmp_path)
    assert loaded & without == set()
    assert "sqlmodel" in loaded


def test_all_commands_are_listed_though_none_is_loaded(tmp_path: Path) -> None:
    program = "import sys, click, quizapp.cli; print(*quizapp.cli.cli.list_commands(click.Context(quizapp.cli.cli)))"
    assert _list_loaded(program, tmp_path) >= {"db", "deck", "demo", "memory", "report", "serve", "user", "work"}


def test_a_module_is_loaded_at_the_first_look_into_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loaded_once.py").write_text("import sys\nsys.times = getattr(sys, 'times', 0) + 1\nword = 'heron'\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "times", 0, raising=False)
    module = load_later("loaded_once")
    assert "loaded_once" not in sys.modules
    assert module.word == module.word == "heron"
    assert getattr(sys, "times", 0) == 1
    del sys.modules["loaded_once"]


def test_a_module_or_name_that_is_not_there_is_said_at_the_first_look() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = load_later("no_such_module").word
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = load_later("json").no_such_name
