"""An installation of its own for each test of the command line."""

import io
from pathlib import Path

import pytest
from plumbing import samples
from plumbing.command_line import Run, Said

from quizapp import cli


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an installation of its own: ``run("deck", "check", path)``."""
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path / "instance"))

    def call(*arguments: object, stdin: str = "") -> Said:
        monkeypatch.setattr("sys.argv", ["quizapp", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(status, said.out, said.err)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of decks."""
    path = tmp_path / "library"
    (path / "sources").mkdir(parents=True)
    (path / "birds.yaml").write_bytes(samples.DECK)
    (path / "sources" / "herons.md").write_bytes(samples.SOURCE)
    return path
