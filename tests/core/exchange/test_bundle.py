"""Archives of deck files with their pictures and sounds."""

import io
import zipfile

from plumbing.samples import DECK

from quizapp.core.exchange import bundle
from quizapp.core.exchange.model import ImportOptions

OPTIONS = ImportOptions("birds.zip")


def pack(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_each_deck_of_several_takes_what_lies_in_its_own_folder() -> None:
    other = DECK.replace(b"id: birds", b"id: other")
    names = {"media/birds/a.png": b"1", "x/media/other/a.png": b"2", "spare.png": b"3"}
    read = bundle.read(pack({"x/birds.yaml": DECK, "other.yml": other, "__MACOSX/birds.yaml": b"", **names}), OPTIONS)
    assert [deck.id for deck in read.decks] == ["birds", "other"]
    assert read.texts == (DECK.decode(), other.decode())
    assert [(file.deck, file.name, file.data) for file in read.media] == [
        ("birds", "a.png", b"1"),
        ("other", "a.png", b"2"),
    ]


def test_what_is_wrong_with_an_archive_is_told() -> None:
    def codes(data: bytes) -> list[str]:
        return [problem.code for problem in bundle.read(data, OPTIONS).problems]

    assert codes(b"PK") == ["not-an-archive"]
    assert codes(pack({"a.png": b"1"})) == ["empty-file"]
    assert codes(pack({"a.yaml": DECK, "b.yaml": DECK})) == ["repeated-deck"]
    assert codes(pack({"a.yaml": b"- x"}))
    assert codes(pack({"../a.yaml": DECK})) == ["archive-unsafe"]


def test_a_title_that_is_asked_for_takes_the_place_of_the_files_own() -> None:
    read = bundle.read(pack({"birds.yaml": DECK}), ImportOptions("birds.zip", title="Mine"))
    assert (read.decks[0].title, read.find_text("birds"), read.find_text("none")) == ("Mine", None, None)
