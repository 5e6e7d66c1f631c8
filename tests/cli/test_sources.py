"""`quizapp source replace`: what is told, what is done, and what is refused."""

from pathlib import Path

import pytest
from plumbing import samples
from plumbing.command_line import Run, Said


@pytest.fixture
def replace(run: Run, tmp_path: Path) -> Run:
    """Put these bytes into the place of the text that a loaded deck cites: ``replace(data, "--dry-run")``."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "herons.md").write_bytes(samples.SOURCE)
    (tmp_path / "birds.yaml").write_bytes(samples.DECK)
    assert run("deck", "load", tmp_path)[0] == 0

    def call(data: bytes, *more: str, name: str = "new.md", source: str = "herons") -> Said:
        (tmp_path / name).write_bytes(data)
        return run("source", "replace", source, tmp_path / name, *more)

    return call


def test_every_citation_is_told_and_the_cards_that_lost_theirs_rest(replace: Run) -> None:
    changed = samples.SOURCE.replace(b"## Looks", b"A first paragraph.\n\n## Looks").replace(
        b"In winter many herons fly to the south.", b"Nobody knows where they go."
    )
    changed = changed.replace(b"fish, frogs and voles", b"fishes, frogs and vole")
    status, dry, _ = replace(changed, "--dry-run")
    assert status == 0
    assert "This was a dry run: nothing was changed." in dry
    status, out, _ = replace(changed)
    assert status == 0
    assert out == dry.replace("This was a dry run: nothing was changed.\n", "")
    assert "moved: birds/height: paragraph 1 -> 2: “stands up to 100 cm tall”" in out
    assert "moved: birds/food: paragraph 2 -> 3: “fish, frogs and voles” -> “fishes, frogs and vole”" in out
    assert "lost: birds/winter: paragraph 3: “fly to the south”" in out
    assert "rests: birds/winter:" in out
    assert out.endswith("source herons: 4 paragraphs; citations: 0 kept, 5 moved, 3 lost\n")
    back = replace(samples.SOURCE)[1]
    assert "asked again: birds/winter:" in back
    assert "The text is the same as before." in replace(samples.SOURCE)[1]


def test_a_plain_text_or_a_page_may_take_the_place(replace: Run) -> None:
    text = b"Looks\nThe grey heron is a long-legged bird that stands up to 100 cm tall."
    assert "3 kept" in replace(text, "--dry-run", name="new.txt")[1]
    page = b"<!doctype html><p>The grey heron is a long-legged bird that stands up to 100 cm tall.</p>"
    assert "3 kept" in replace(page, "--dry-run", name="new.html")[1]


def test_what_cannot_be_done_is_said_in_words(replace: Run, run: Run, tmp_path: Path) -> None:
    status, out, err = replace(b"%PDF-1.7", name="new.pdf")
    assert (status, out) == (1, "")
    assert "This is a PDF" in err
    status, _, err = replace(samples.SOURCE, source="no-such-text")
    assert status == 1
    assert "There is no text with the id “no-such-text”" in err
    assert replace(b"---\nid: herons\n---\nText.", name="new.md")[0] == 1
    assert run("source", "replace", "herons")[0] == 2
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    status, _, err = run("source", "replace", "herons", tmp_path / "huge.txt")
    assert status == 1
    assert "larger than 10 MB" in err
