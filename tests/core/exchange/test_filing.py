from quizapp.core.exchange import filing
from quizapp.core.exchange.filing import FoundFiles


def test_the_same_file_is_kept_once() -> None:
    files = FoundFiles()
    assert files.add("heron.png", b"1") == "heron.png"
    assert files.add("pictures/heron.png", b"1") == "heron.png"
    assert [file.name for file in files.list()] == ["heron.png"]


def test_another_file_of_the_same_name_gets_a_name_of_its_own() -> None:
    files = FoundFiles()
    assert [files.add("heron.png", data) for data in (b"1", b"2", b"3", b"2")] == [
        "heron.png",
        "heron-2.png",
        "heron-3.png",
        "heron-2.png",
    ]


def test_odd_names_become_plain_ones() -> None:
    assert FoundFiles().add("..\\Mein Bild #1?.PNG", b"1") == "mein-bild-1.png"


def test_what_is_neither_picture_nor_sound_is_left() -> None:
    files = FoundFiles()
    assert files.add("page.html", b"1") is None
    assert files.add("empty.png", b"") is None
    assert files.add("", b"1") is None


def test_too_many_files_are_left() -> None:
    files = FoundFiles()
    names = {files.add(f"{number}.png", b"1") for number in range(filing.MOST_FILES + 1)}
    assert None in names
    assert len(files.kept) == filing.MOST_FILES
