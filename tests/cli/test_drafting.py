"""`quizapp deck draft`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quizapp.cli import cli
from quizapp.core.deck.read import DeckFile, read_deck

HEAD = "---\nid: wall\ntitle: The Wall\nlanguage: en\nkind: article\n---\n\n"
TEXT = "The old wall fell down in 1989, and nobody minded it at all.\n"


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["deck", "draft", *map(str, arguments)])


def _write(folder: Path, text: str | bytes, name: str = "wall.md") -> Path:
    path = folder / "sources" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_draft_is_printed_as_a_deck_file(tmp_path: Path) -> None:
    done = _run(_write(tmp_path, HEAD + TEXT))
    assert done.exit_code == 0
    file = read_deck(done.stdout.encode(), "draft.yaml")
    assert isinstance(file, DeckFile)
    assert (file.deck.id, file.deck.sources, len(file.deck.cards)) == ("wall-draft", ("wall",), 1)


def test_a_draft_is_written_to_a_file_that_the_check_takes(tmp_path: Path) -> None:
    out = tmp_path / "draft.yaml"
    done = _run(_write(tmp_path, HEAD + TEXT), "-o", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"1 card to look through in {out}.\n"
    checked = CliRunner().invoke(cli, ["deck", "check", str(out)])
    assert checked.exit_code == 0
    assert "1 deck with 1 card, 1 source: 0 errors, 0 warnings." in checked.output


def test_the_same_draft_may_be_written_again_but_edits_are_not_lost(tmp_path: Path) -> None:
    source, out = _write(tmp_path, HEAD + TEXT), tmp_path / "draft.yaml"
    assert [_run(source, "-o", out).exit_code for _ in range(2)] == [0, 0]
    out.write_text("# mine\n")
    with pytest.raises(Exception, match="is there already"):
        CliRunner().invoke(cli, ["deck", "draft", str(source), "-o", str(out)], catch_exceptions=False)
    assert out.read_text() == "# mine\n"


def test_a_plain_text_is_drafted_from_and_its_language_can_be_said(tmp_path: Path) -> None:
    done = _run(_write(tmp_path, f"The Wall\n{TEXT}", "Die Mauer.txt"))
    assert "sources/die-mauer.md" in done.stdout
    assert "In which year did the old wall fall down?" in done.stdout
    german = _run(_write(tmp_path, "Alles fiel 1989 um, sagen sie uns dort.\n"), "--language", "de")
    assert "language: de" in german.stdout


def test_the_seed_is_kept(tmp_path: Path) -> None:
    source = _write(tmp_path, HEAD + TEXT)
    assert _run(source, "--seed", "3").stdout == _run(source, "--seed", "3").stdout


@pytest.mark.parametrize(
    "text", ["", "\n \n", "It rained.\n", HEAD + "It rained.\n", HEAD, "---\nid: x\n", b"\xff\xfea\x00"]
)
def test_a_text_that_gives_nothing_ends_with_a_reason_and_status_1(tmp_path: Path, text: str | bytes) -> None:
    done = _run(_write(tmp_path, text))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.exception is not None
    assert str(done.exception)


def test_a_text_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    done = _run(_write(tmp_path, "word " * 500_000))
    assert "file-too-large" in str(done.exception)


@pytest.mark.parametrize("arguments", [["no-such-file.md"], ["."], [__file__, "--language", "english please"], []])
def test_a_wrong_call_has_status_2(arguments: list[str]) -> None:
    assert _run(*arguments).exit_code == 2
