"""What decks showed before: kept for former versions and past answers, brought back, and deleted for good."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing.media import make_picture
from sqlmodel import Session

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.exchange.model import MediaFile
from quizapp.services import media, media_history
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author, history, versions
from quizapp.store import former_media
from quizapp.store.engine import Database

OLD, NEW = (MediaFile("map.png", make_picture(size=size)) for size in ((60, 40), (30, 20)))
HOUR = timedelta(hours=1)
DECK = """\
format: 1
id: maps
title: Maps
language: en
theme: nature
cards:
  - {id: a, type: flashcard, prompt: "![a map](map.png)", answer: %s}
"""


def keep(database: Database, file: MediaFile, now: datetime) -> None:
    with database.writing() as session:
        assert media.keep(session, "maps", [file], now) == ()
        session.commit()


def width_at(session: Session, at: datetime | None) -> int:
    found = media_history.find_at(session, "maps", ["map.png"], at)
    return found["map.png"].width if found else 0


@pytest.fixture
def replaced(database: Database, noon: datetime) -> Database:
    """A map that came at noon, and another one in its place an hour later."""
    keep(database, OLD, noon)
    keep(database, NEW, noon + HOUR)
    return database


def test_a_picture_that_was_replaced_is_shown_for_the_time_before(replaced: Database, noon: datetime) -> None:
    with replaced.new_reader() as session:
        times = (noon - HOUR, noon, noon + HOUR - timedelta(milliseconds=1), noon + HOUR, None)
        assert [width_at(session, at) for at in times] == [60, 60, 60, 30, 30]
        (former,) = media_history.list_former(session, "maps")
        assert (former.added_at, former.replaced_at) == (noon, noon + HOUR)
        sent = media.load(session, "maps", former.shown.mark, "map.png")
        assert sent.data != media.load_all(session, "maps")["map.png"]
        assert media_history.find_at(session, "maps", [], noon) == {}
        assert media_history.list_former(session, "birds") == []


def test_the_same_picture_again_leaves_no_former_one(database: Database, noon: datetime) -> None:
    keep(database, OLD, noon)
    keep(database, OLD, noon + HOUR)
    keep(database, MediaFile("map.png", OLD.data + b" "), noon + HOUR)
    with database.new_reader() as session:
        assert media_history.list_former(session, "maps") == []


def test_a_former_picture_is_brought_back_and_nothing_is_lost(replaced: Database, noon: datetime) -> None:
    with replaced.writing() as session:
        (former,) = media_history.list_former(session, "maps")
        assert media_history.bring_back(session, "maps", "map.png", former.shown.mark, noon + 2 * HOUR)
        assert not media_history.bring_back(session, "maps", "map.png", former.shown.mark, noon + 3 * HOUR)
    with replaced.new_reader() as session:
        assert [width_at(session, noon + hours * HOUR) for hours in (0, 1, 2)] == [60, 30, 60]
        assert [one.shown.width for one in media_history.list_former(session, "maps")] == [30]


def test_a_removed_picture_is_a_former_one_and_comes_back(database: Database, noon: datetime) -> None:
    keep(database, OLD, noon)
    with database.writing() as session:
        media.remove(session, "maps", "map.png", noon + HOUR)
        assert (width_at(session, noon), width_at(session, noon + HOUR), width_at(session, None)) == (60, 0, 0)
        assert media_history.restore(session, "maps", ["map.png", "none.png"], noon, noon + 2 * HOUR) == ("map.png",)
        assert media_history.restore(session, "maps", ["map.png"], noon, noon + 3 * HOUR) == ()
        assert width_at(session, None) == 60


def test_what_should_never_have_been_there_is_deleted_for_good(replaced: Database) -> None:
    with replaced.writing() as session:
        (former,) = media_history.list_former(session, "maps")
        media_history.forget(session, "maps", "map.png", former.shown.mark)
        with pytest.raises(NotFound):
            media_history.forget(session, "maps", "map.png", former.shown.mark)
        with pytest.raises(NotFound):
            media.load(session, "maps", former.shown.mark, "map.png")
        assert session.execute(sa.text("SELECT count(*) FROM medium")).scalar_one() == 1
        assert width_at(session, None) == 30


def test_no_more_former_pictures_are_kept_than_there_is_room_for(
    database: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(former_media, "MOST_FORMER", 2)
    for number in range(5):
        keep(database, MediaFile("map.png", make_picture(size=(10 + number, 10))), noon + number * HOUR)
    with database.new_reader() as session:
        assert [one.shown.width for one in media_history.list_former(session, "maps")] == [13, 12]
        assert session.execute(sa.text("SELECT count(*) FROM medium")).scalar_one() == 3


def test_nothing_comes_back_into_a_deck_that_is_full(
    replaced: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_history, "MOST_BYTES", 10)
    with replaced.writing() as session, pytest.raises(Invalid):
        media_history.restore(session, "maps", ["map.png"], noon, noon + 2 * HOUR)


@pytest.fixture
def alice(replaced: Database, noon: datetime, library_add_user: Callable[..., Viewer]) -> Author:
    """Alice, whose deck of two versions was saved before and after the map was replaced."""
    author = Author(library_add_user("Alice", Role.TEACHER).account_id or 0, "Alice", is_admin=False)
    with replaced.writing() as session:
        history.upload_new(session, author, (DECK % "Berlin").encode(), noon)
        history.upload_text(session, author, "maps", (DECK % "Bonn").encode(), 1, noon + HOUR)
    return author


def test_versions_are_compared_packed_and_restored_with_their_pictures(
    replaced: Database, alice: Author, noon: datetime
) -> None:
    with replaced.writing() as session:
        (change,) = versions.compare_media(session, alice, "maps", 1, 2)
        (back,) = versions.compare_media(session, alice, "maps", 2, 1)
        assert (change.before, change.after) == (back.after, back.before)
        assert [one.width for one in (change.before, change.after) if one] == [60, 30]
        assert versions.compare_media(session, alice, "maps", 0, 1) == ()
        held = media_history.load_all_at(session, "maps", noon)["map.png"]
        for number, expected in ((1, held), (2, media.load_all(session, "maps")["map.png"])):
            with zipfile.ZipFile(io.BytesIO(versions.pack_version(session, alice, "maps", number))) as archive:
                assert archive.read("media/maps/map.png") == expected
        assert history.restore_version(session, alice, "maps", 1, noon + 2 * HOUR) == 3
        assert media.load_all(session, "maps")["map.png"] == held
        assert versions.compare_media(session, alice, "maps", 1, 3) == ()


def test_a_version_that_differs_in_its_picture_alone_is_restored_too(
    replaced: Database, alice: Author, noon: datetime
) -> None:
    with replaced.writing() as session:
        assert history.restore_version(session, alice, "maps", 2, noon + 2 * HOUR) == 2
        history.upload_text(session, alice, "maps", (DECK % "Berlin").encode(), 2, noon + 2 * HOUR)
        assert history.restore_version(session, alice, "maps", 1, noon + 3 * HOUR) == 4
        assert width_at(session, None) == 60
        assert history.restore_version(session, alice, "maps", 1, noon + 4 * HOUR) == 4
