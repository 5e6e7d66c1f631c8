"""Keeping the pictures and sounds of decks, and finding them again."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import pytest
import sqlalchemy as sa
from plumbing.media import make_moving, make_mp3, make_picture, make_png_header, make_wav
from sqlmodel import Session

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.exchange.model import MediaFile
from quizapp.core.problem import Problem, Severity
from quizapp.services import library, media
from quizapp.services.library import InputFile
from quizapp.store.engine import Database

MAP = MediaFile("map.png", make_picture(size=(60, 40)))
OTHER = MediaFile("map.png", make_picture(size=(30, 20)))
CALL = MediaFile("call.mp3", make_mp3())
DECK = """\
format: 1
id: pictures
title: Pictures
language: en
theme: nature
cards:
  - {id: a, type: flashcard, prompt: "![a map](map.png)", answer: Berlin}
"""


def keep(database: Database, files: Sequence[MediaFile], now: datetime, deck: str = "birds") -> tuple[Problem, ...]:
    with database.writing() as session:
        problems = media.keep(session, deck, files, now)
        session.commit()
    return problems


def count_contents(session: Session) -> int:
    return int(session.execute(sa.text("SELECT count(*) FROM medium")).scalar_one())


def test_what_is_kept_is_found_again_cleaned(database: Database, noon: datetime) -> None:
    assert keep(database, [MAP, CALL], noon) == ()
    with database.new_reader() as session:
        call, shown = media.list_all(session, "birds")
        assert (shown.name, shown.media_type, shown.width, shown.height) == ("map.png", "image/png", 60, 40)
        assert (call.name, call.is_sound, shown.is_sound) == ("call.mp3", True, False)
        assert media.list_names(session, "birds") == {"map.png", "call.mp3"}
        assert media.list_names(session, "none") == frozenset()
        assert set(media.find(session, "birds", ["map.png", "x.png"])) == {"map.png"}
        held = media.load_all(session, "birds")
        assert set(held) == {"map.png", "call.mp3"}
        assert b"Somebody" not in held["call.mp3"]
        sent = media.load(session, "birds", shown.mark, "map.png")
        assert (sent.data, sent.media_type) == (held["map.png"], "image/png")
        assert sent.digest == sha256(sent.data).hexdigest()


def test_the_same_file_again_changes_nothing(database: Database, noon: datetime) -> None:
    photo = MediaFile("a.jpg", make_picture("JPEG", (2000, 1000)))
    keep(database, [photo], noon)
    with database.new_reader() as session:
        before = media.list_all(session, "birds")
        held = media.load_all(session, "birds")["a.jpg"]
    # What was sent and what was made of it are both known again: a download that comes back is not written anew.
    keep(database, [photo, photo], noon)
    keep(database, [MediaFile("a.jpg", held)], noon)
    keep(database, [MediaFile("a.jpg", held)], noon, "copy")
    with database.new_reader() as session:
        assert media.list_all(session, "birds") == before
        assert media.load_all(session, "copy") == {"a.jpg": held}
        assert count_contents(session) == 1


def test_what_is_known_under_the_name_of_another_kind_is_made_that_kind(database: Database, noon: datetime) -> None:
    keep(database, [MAP], noon)
    with database.new_reader() as session:
        held = media.load_all(session, "birds")["map.png"]
    keep(database, [MediaFile("map.gif", held)], noon)
    problems = keep(database, [MediaFile("../map.png", held)], noon)
    assert [problem.code for problem in problems] == ["bad-media-name"]
    with database.new_reader() as session:
        assert media.load_all(session, "birds")["map.gif"].startswith(b"GIF")


def test_another_file_of_the_same_name_takes_its_place_and_the_old_one_is_kept(
    database: Database, noon: datetime
) -> None:
    keep(database, [MAP], noon)
    keep(database, [MAP], noon, "other")
    with database.new_reader() as session:
        (before,) = media.list_all(session, "birds")
    keep(database, [OTHER], noon)
    with database.new_reader() as session:
        (after,) = media.list_all(session, "birds")
        assert after.width == 30
        assert after.mark != before.mark
        assert media.load(session, "birds", before.mark, "map.png")
        assert media.load(session, "other", before.mark, "map.png")
        assert count_contents(session) == 2


def test_what_cannot_be_kept_is_told_and_the_rest_is_kept(database: Database, noon: datetime) -> None:
    files = [MediaFile("bomb.png", make_png_header(25_000, 20_000)), MAP, MediaFile("page.html", b"<script>")]
    problems = keep(database, files, noon)
    assert [(problem.file, problem.code) for problem in problems] == [
        ("media/birds/bomb.png", "media-too-large"),
        ("media/birds/page.html", "bad-media-name"),
    ]
    with database.new_reader() as session:
        assert media.list_names(session, "birds") == {"map.png"}
    assert media.check_all("birds", files) == list(problems)
    assert keep(database, [], noon) == ()


def test_a_moving_picture_is_kept_still_with_a_warning(database: Database, noon: datetime) -> None:
    (problem,) = keep(database, [MediaFile("a.gif", make_moving("GIF"))], noon)
    assert (problem.code, problem.severity) == ("moving-picture", Severity.WARNING)
    assert media.check_all("birds", [MediaFile("a.gif", make_moving("GIF"))]) == [problem]


def test_a_deck_takes_only_so_many_files_and_bytes(
    database: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "MOST_FILES", 1)
    problems = keep(database, [MAP, OTHER, CALL, MediaFile("b.png", MAP.data)], noon)
    assert [problem.code for problem in problems] == ["too-many-media"]
    monkeypatch.setattr(media, "MOST_FILES", 100)
    monkeypatch.setattr(media, "MOST_BYTES", 1000)
    assert [problem.code for problem in keep(database, [MediaFile("a.wav", make_wav())], noon)] == ["too-many-media"]


def test_an_upload_gets_a_plain_name_and_never_takes_the_place_of_another(database: Database, noon: datetime) -> None:
    with database.writing() as session:
        assert media.add(session, "birds", MediaFile("C:\\My Map.PNG", MAP.data), noon) == ("my-map.png", ())
        assert media.add(session, "birds", MediaFile("my map.png", MAP.data), noon) == ("my-map.png", ())
        assert media.add(session, "birds", MediaFile("my map.png", OTHER.data), noon) == ("my-map-2.png", ())
        name, (warning,) = media.add(session, "birds", MediaFile("m.gif", make_moving("GIF")), noon)
        assert (name, warning.code) == ("m.gif", "moving-picture")
    with database.new_reader() as session:
        assert media.list_names(session, "birds") == {"my-map.png", "my-map-2.png", "m.gif"}


def test_an_upload_that_cannot_be_kept_leaves_nothing_behind(database: Database, noon: datetime) -> None:
    with database.writing() as session, pytest.raises(Invalid) as raised:
        media.add(session, "birds", MediaFile("virus.exe", b"MZ"), noon)
    assert set(raised.value.fields) == {"file", "fix"}
    with database.new_reader() as session:
        assert media.list_names(session, "birds") == frozenset()


def test_what_is_removed_is_gone(database: Database, noon: datetime) -> None:
    keep(database, [MAP], noon)
    with database.writing() as session:
        media.remove(session, "birds", "map.png", noon)
    with database.writing() as session, pytest.raises(NotFound):
        media.remove(session, "birds", "map.png", noon)
    with database.new_reader() as session:
        assert media.list_names(session, "birds") == frozenset()


@pytest.mark.parametrize(
    ("deck", "mark", "name"),
    [
        ("birds", "0" * 20, "map.png"),
        ("birds", "", "map.png"),
        ("none", None, "map.png"),
        ("birds", None, "../map.png"),
    ],
)
def test_only_the_whole_address_leads_to_a_picture(
    database: Database, noon: datetime, deck: str, mark: str | None, name: str
) -> None:
    keep(database, [MAP], noon)
    with database.new_reader() as session:
        (shown,) = media.list_all(session, "birds")
        with pytest.raises(NotFound):
            media.load(session, deck, shown.mark if mark is None else mark, name)


def test_a_deck_of_a_folder_brings_its_pictures(database: Database, noon: datetime) -> None:
    file = InputFile("pictures.yaml", DECK.encode())

    def find(files: Sequence[MediaFile]) -> library.FindMedia:
        return lambda deck: files if deck == "pictures" else ()

    with database.writing() as session:
        report = library.load_files(session, [], [file], noon)
    assert [problem.code for problem in report.problems] == ["missing-media"]
    with database.writing() as session:
        report = library.load_files(session, [], [file], noon, True, find([MAP]))
    assert report.problems == ()
    with database.new_reader() as session:
        assert not media.is_public(session, "pictures")
        assert media.list_names(session, "pictures") == frozenset()
    with database.writing() as session:
        assert library.load_files(session, [], [file], noon, find_media=find([MAP, CALL])).problems == ()
    with database.new_reader() as session:
        assert media.is_public(session, "pictures")
        assert not media.is_public(session, "../pictures")
        assert media.list_names(session, "pictures") == {"map.png", "call.mp3"}
    with database.writing() as session:  # what is here already need not come again
        assert library.load_files(session, [], [InputFile("p.yaml", DECK.encode() + b"# new")], noon).problems == ()


def test_checking_files_looks_at_pictures_too() -> None:
    read = library.read_files([], [InputFile("pictures.yaml", DECK.encode())])

    def codes(*files: MediaFile) -> set[str]:
        problems = library.check_files(read, {}, find_media=lambda _: files)
        return {problem.code for problem in problems} & {"missing-media", "unused-media", "unreadable-media"}

    assert codes() == {"missing-media"}
    assert codes(MAP) == set()
    assert codes(MAP, CALL) == {"unused-media"}
    assert codes(MediaFile("map.png", b"text")) == {"unreadable-media"}


def test_an_archive_brings_its_files_and_the_same_again_changes_nothing(database: Database, noon: datetime) -> None:
    keep(database, [MAP, CALL], noon)
    with database.new_reader() as session:
        packed = media.pack(session, "birds", "format: 1\n")
        before = media.list_all(session, "birds")
    for deck in ("birds", "copy"):
        with database.writing() as session:
            assert media.add_bundle(session, deck, packed, noon) == (2, ())
    with database.new_reader() as session:
        assert media.list_all(session, "birds") == before
        assert media.list_names(session, "copy") == {"map.png", "call.mp3"}
    for data in (b"PK\x03\x04", media.pack_bundle("birds", "", {})):
        with database.writing() as session, pytest.raises(Invalid):
            media.add_bundle(session, "birds", data, noon)
