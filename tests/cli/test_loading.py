"""Decks and texts are checked and loaded from folders."""

import json
from pathlib import Path

from plumbing import samples
from plumbing.command_line import Run


def test_a_good_folder_is_checked_and_loaded(run: Run, folder: Path) -> None:
    assert run("deck", "check", folder).status == 0
    said = run("deck", "load", folder)
    assert (said.status, said.err) == (0, "")
    assert "deck birds: 8 new, 0 changed, 0 retired, 0 unchanged" in said.out
    assert "source herons: new" in said.out
    assert "deck birds: 0 new, 0 changed, 0 retired, 8 unchanged" in run("deck", "load", folder / "birds.yaml").out


def test_a_dry_run_says_the_same_and_changes_nothing(run: Run, folder: Path) -> None:
    for _ in range(2):
        said = run("deck", "load", folder, "--dry-run")
        assert "deck birds: 8 new" in said.out
        assert "nothing was changed" in said.out


def test_an_edit_is_told_card_by_card(run: Run, folder: Path) -> None:
    run("deck", "load", folder)
    start, end = samples.DECK.index(b"  - id: winter"), samples.DECK.index(b"  - id: legs")
    edited = (samples.DECK[:start] + samples.DECK[end:]).replace(b"answer: 100 cm", b"answer: 101 cm")
    added = b"  - {id: extra, type: truefalse, prompt: Is it grey?, answer: true, explanation: It is called so.}\n"
    (folder / "birds.yaml").write_bytes(edited + added)
    assert "deck birds: 1 new, 1 changed, 1 retired, 6 unchanged" in run("deck", "load", folder).out


def test_a_broken_deck_names_every_place_and_loads_nothing_of_that_file(run: Run, folder: Path) -> None:
    broken = samples.DECK.replace(b"type: choice", b"type: choise").replace(b"answer: false", b"answer: perhaps")
    (folder / "broken.yaml").write_bytes(broken.replace(b"id: birds", b"id: broken"))
    said = run("deck", "load", folder)
    assert said.status == 1
    assert "deck birds: 8 new" in said.out
    assert said.err.count("broken.yaml:") == 2
    assert "broken.yaml:10:" in said.err
    checked = run("deck", "check", folder / "broken.yaml", "--format", "json")
    problems = json.loads(checked.out)
    assert checked.status == 1
    assert 10 in {problem["line"] for problem in problems}
    assert set(problems[0]) == {"file", "line", "column", "code", "severity", "message", "fix"}


def test_a_quote_that_is_not_in_the_text_is_an_error(run: Run, folder: Path) -> None:
    (folder / "birds.yaml").write_bytes(samples.DECK.replace(b"stands up to 100 cm tall", b"sits down"))
    said = run("deck", "load", folder)
    assert said.status == 1
    assert "sits down" in said.err
    assert "deck birds" not in said.out


def test_a_text_that_loses_a_cited_passage_is_not_loaded_alone(run: Run, folder: Path) -> None:
    run("deck", "load", folder)
    shorter = samples.SOURCE.replace(b"In winter many herons fly to the south.", b"They stay.")
    (folder / "sources" / "herons.md").write_bytes(shorter)
    said = run("deck", "load", folder / "sources" / "herons.md")
    assert said.status == 1
    assert "quote-lost" in said.err


def test_two_files_with_one_id_are_told(run: Run, folder: Path) -> None:
    (folder / "birds2.yaml").write_bytes(samples.DECK)
    (folder / "sources" / "herons2.md").write_bytes(samples.SOURCE)
    said = run("deck", "load", folder)
    assert said.status == 1
    assert "duplicate-deck-id" in said.err
    assert "duplicate-source-id" in said.err


def test_what_programs_hide_in_a_folder_and_links_to_its_files_are_no_decks(run: Run, folder: Path) -> None:
    before = run("deck", "check", folder).out.splitlines()[-1]
    (folder / "._birds.yaml").write_bytes(b"\0\5\x16\7")
    (folder / ".draft.yaml").write_text("x: [")
    (folder / "more.yaml").mkdir()
    (folder / "other-name.yaml").symlink_to(folder / "birds.yaml")
    (folder / "gone.yaml").symlink_to(folder / "nowhere.yaml")
    said = run("deck", "check", folder)
    assert said.status == 0
    assert said.out.splitlines()[-1] == before
    assert run("deck", "check", folder / ".draft.yaml").status == 1


def test_a_folder_without_decks_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "No deck or source files" in run("deck", "check", tmp_path / "empty").err


def test_bytes_that_are_no_deck_are_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "picture.yaml"
    path.write_bytes(bytes(range(256)))
    assert run("deck", "load", path).status == 1


def test_a_deck_file_that_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deck.yaml").mkdir()
    assert run("deck", "check", tmp_path / "deck.yaml").status == 1


def test_a_source_is_checked_alone(run: Run, folder: Path) -> None:
    assert run("source", "check", folder / "sources").status == 0
    (folder / "sources" / "broken.md").write_text("no front matter")
    said = run("source", "check", folder / "sources", "--format", "json")
    assert said.status == 1
    assert {Path(problem["file"]).name for problem in json.loads(said.out)} == {"broken.md"}
