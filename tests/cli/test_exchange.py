"""`quizapp deck import` and `quizapp deck export`: what is written, what is said, and what is refused."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from plumbing import samples
from plumbing.media import make_picture

from quizapp import cli
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.exchange import anki
from quizapp.core.exchange.model import PastReview

Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command in an installation of its own; gives the exit status, and what was said on both outputs."""
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path / "instance"))
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    def call(*arguments: object) -> Said:
        monkeypatch.setattr("sys.argv", ["quizapp", *map(str, arguments)])
        capfdbinary.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        said = capfdbinary.readouterr()
        return status, said.out.decode("utf-8", "replace"), said.err.decode()

    return call


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A table with two good rows and a bad one."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"What wades?\tA heron\nWhat?\t\nWhat dives?\tA kingfisher\n")
    return path


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """A deck file with a picture beside it."""
    path = tmp_path / "birds.yaml"
    path.write_bytes(samples.DECK.replace(b"See the title.", b"See ![a map](map.png)"))
    (tmp_path / "media" / "birds").mkdir(parents=True)
    (tmp_path / "media" / "birds" / "map.png").write_bytes(make_picture())
    return path


def test_import_writes_a_deck_file_and_tells_the_rest(run: Run, notes: Path, tmp_path: Path) -> None:
    status, out, err = run("deck", "import", notes)
    assert status == 0
    read = read_deck(out.encode(), "out.yaml")
    assert isinstance(read, DeckFile)
    assert len(read.deck.cards) == 2
    assert "read as Table with tabs (TSV) (separated by tabs" in err
    assert "line 2: error: This row is left out: it has no answer." in err
    assert run("deck", "import", notes, "-o", tmp_path / "out.yaml")[1] == ""
    assert (tmp_path / "out.yaml").read_text() == out


def test_what_is_guessed_can_be_said(run: Run, notes: Path) -> None:
    said = run("deck", "import", notes, "--from", "csv", "--separator", "tab", "--title", "T", "--theme", "x")
    assert "id: t\ntitle: T\nlanguage: en\ntheme: x\n" in said[1]


def test_a_dry_run_writes_nothing(run: Run, notes: Path) -> None:
    status, out, err = run("deck", "import", notes, "--dry-run")
    assert (status, out) == (0, "")
    assert "deck notes: 2 cards (2 flashcard)" in err


def test_load_brings_the_deck_to_the_students_once(run: Run, notes: Path) -> None:
    assert "deck notes: 2 new" in run("deck", "import", notes, "--load")[1]
    assert "deck notes: 0 new, 0 changed, 0 retired, 2 unchanged" in run("deck", "import", notes, "--load")[1]
    status, out, _ = run("deck", "export", "notes", "--to", "quizlet")
    assert (status, out) == (0, "What wades?\tA heron\nWhat dives?\tA kingfisher\n")


def test_a_deck_whose_citations_are_lost_is_not_loaded(run: Run, deck: Path) -> None:
    status, _, err = run("deck", "import", deck, "--load")
    assert status == 1
    assert "were not loaded" in err


def test_nothing_to_take_is_an_error(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    status, out, err = run("deck", "import", empty)
    assert (status, out) == (1, "")
    assert "nothing in this file" in err
    assert run("deck", "import", empty, "--from", "nonsense")[0] == 2


def test_several_decks_need_a_folder(run: Run, tmp_path: Path) -> None:
    several = tmp_path / "several.txt"
    several.write_bytes(b"#deck column:3\nq\ta\tOne\nr\tb\tTwo\n")
    assert run("deck", "import", several)[0] == 1
    assert run("deck", "import", several, "-o", tmp_path / "out")[0] == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.yaml", "two.yaml"]


def test_pictures_travel_with_a_package(run: Run, deck: Path, tmp_path: Path) -> None:
    package, folder = tmp_path / "birds.apkg", tmp_path / "back"
    folder.mkdir()
    assert run("deck", "export", deck, "--to", "anki", "-o", package)[0] == 0
    assert run("deck", "import", package, "-o", folder)[0] == 0
    assert (folder / "media" / "birds" / "map.png").read_bytes() == make_picture()
    assert (folder / "birds.yaml").exists()
    assert "1 pictures and sounds stay behind" in run("deck", "import", package)[2]


def test_export_writes_into_a_folder_and_tells_what_is_lost(run: Run, deck: Path, tmp_path: Path) -> None:
    status, _, err = run("deck", "export", deck, "--to", "aiken", "-o", tmp_path)
    assert status == 0
    assert "“food” is left out" in err
    assert (tmp_path / "birds.aiken.txt").exists()


def test_decks_that_are_not_there_or_broken_are_refused(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"format: 2\n")
    assert run("deck", "export", broken, "--to", "gift")[0] == 1
    assert run("deck", "export", "nothing", "--to", "gift")[0] == 1
    assert run("deck", "export", "nothing")[0] == 2


def test_past_reviews_are_kept_as_a_log_that_the_memory_model_reads(run: Run, deck: Path, tmp_path: Path) -> None:
    read = read_deck(deck.read_bytes(), "birds.yaml")
    assert isinstance(read, DeckFile)
    day = 24 * 60 * 60 * 1000
    reviews = [PastReview("legs", 1_700_000_000_000 + number * day, 3, 2_000) for number in range(3)]
    package, log = tmp_path / "birds.apkg", tmp_path / "log.csv"
    package.write_bytes(anki.write(read.deck, {"map.png": make_picture()}, reviews).data)
    status, _, err = run("deck", "import", package, "--reviews", log, "-o", tmp_path / "again.yaml")
    assert (status, f"written: {log}" in err) == (0, True)
    lines = log.read_text().splitlines()
    assert lines[0] == "card_id,review_time,review_rating,review_duration"
    assert [line.split(",")[:3] for line in lines[1:]] == [["legs", str(one.at_ms), "3"] for one in reviews]
    status, out, _ = run("memory", "evaluate", log)
    assert status == 0
    assert "reviews" in out or "items" in out
    unwritten = tmp_path / "none.csv"
    run("deck", "import", package, "--dry-run", "--reviews", unwritten)
    assert not unwritten.exists()


def test_past_reviews_go_into_the_log_of_an_account(
    run: Run, deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_deck(deck.read_bytes(), "birds.yaml")
    assert isinstance(read, DeckFile)
    reviews = [PastReview("legs", 1_700_000_000_000, 3, 2_000), PastReview("legs", 4_000_000_000_000, 3, None)]
    package = tmp_path / "birds.apkg"
    uncited = read.deck.model_copy(
        update={"sources": (), "cards": tuple(one.model_copy(update={"citations": ()}) for one in read.deck.cards)}
    )
    package.write_bytes(anki.write(uncited, {"map.png": make_picture()}, reviews).data)
    status, _, err = run("deck", "import", package, "--reviews-of", "Bob")
    assert (status, "There is no account “Bob”" in err) == (1, True)
    monkeypatch.setattr("sys.stdin", io.StringIO("three grey herons\nthree grey herons\n"))
    status, _, err = run("user", "add", "Bob", "--password-stdin")
    assert status == 0, err
    status, out, err = run("deck", "import", package, "--reviews-of", "Bob")
    assert (status, out) == (1, ""), "the deck is not loaded yet"
    status, out, err = run("deck", "import", package, "--load", "--reviews-of", "Bob", "--dry-run")
    assert "taken" not in out
    status, out, err = run("deck", "import", package, "--load", "--reviews-of", "Bob")
    assert status == 0, err
    assert "1 past reviews taken for Bob, 0 known already." in out
    assert "1 left out: in the future." in out
    status, out, err = run("deck", "import", package, "--reviews-of", "bob")
    assert (status, out.splitlines()[0]) == (0, "0 past reviews taken for Bob, 1 known already.")
    assert "format: 1" not in out


@pytest.mark.parametrize(
    ("said", "start"),
    [("apkg", b"PK"), ("QTI-2.1", b"PK"), ("Moodle XML", b"<?xml"), ("moodlexml", b"<?xml"), ("GIFT", b"//")],
)
def test_a_format_may_be_called_by_its_usual_names(
    run: Run, deck: Path, tmp_path: Path, said: str, start: bytes
) -> None:
    file = tmp_path / "out"
    assert run("deck", "export", deck, "--to", said, "-o", file)[0] == 0
    assert file.read_bytes().startswith(start)


def test_an_unknown_format_is_answered_with_those_that_there_are(run: Run, deck: Path) -> None:
    status, _, err = run("deck", "export", deck, "--to", "docx")
    assert status == 2
    assert "'moodle-xml'" in err
