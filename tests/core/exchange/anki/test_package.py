"""Collections come out of their packages, and broken ones are refused in words."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from quizapp.core.exchange.anki.model import AnkiDeck, Template
from quizapp.core.exchange.anki.package import PackageRefused, read_package
from quizapp.core.exchange.anki.protobuf import write_message
from quizapp.core.exchange.archives import Archive, ArchiveRefused

Package = Any


def _refusal(data: bytes) -> PackageRefused:
    with pytest.raises(PackageRefused) as refused:
        read_package(Archive(data))
    return refused.value


def test_the_old_inner_format_is_read(package: Package) -> None:
    package.decks[3] = ("Biology::Cells", "About <b>cells</b>")
    package.media = {"a.png": b"1", "b.mp3": b"2"}
    card = package.add(10, "one", "two", guid="g!", tags=" x y::z ", deck=2, queue=-1, flags=12, home=3)
    package.review(card, 1_700_000_000_000, 3, took=42)

    collection = read_package(Archive(package.pack()))

    assert not collection.is_new
    assert not collection.has_first_scheduler
    assert collection.decks[3] == AnkiDeck(3, ("Biology", "Cells"), "About <b>cells</b>")
    assert collection.media == {"a.png": "0", "b.mp3": "1"}
    (note,) = collection.notes
    assert (note.guid, note.type_id, note.tags, note.fields) == ("g!", 10, ("x", "y::z"), ("one", "two"))
    (read,) = collection.cards
    assert (read.deck_id, read.ord, read.flag, read.is_suspended) == (3, 0, 4, True)
    (review,) = collection.reviews
    assert (review.at_ms, review.card_id, review.ease, review.duration_ms) == (1_700_000_000_000, card, 3, 42)
    kind = collection.note_types[13]
    assert (kind.name, kind.fields, kind.is_cloze, kind.is_occlusion) == ("Cloze", ("Text", "Extra"), True, False)
    assert kind.templates == {0: Template("Card 1", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}")}
    assert collection.note_types[14].is_occlusion


@pytest.mark.parametrize("conf", [{}, {"schedVer": 1}, [], {"schedVer": None}])
def test_a_collection_of_the_first_scheduler_is_known(package: Package, conf: object) -> None:
    package.conf = conf

    assert read_package(Archive(package.pack())).has_first_scheduler


def test_ids_that_old_versions_wrote_as_text_and_odd_values_are_read(package: Package) -> None:
    package.types = [{"id": "77", "name": None, "flds": {"a": {"name": 5}}, "tmpls": [7, {"qfmt": None}], "type": "1"}]
    package.decks = {}
    decks = json.dumps({"1": {"id": 1e400, "name": "x"}, "2": "no deck", "3": {"id": True, "name": None, "desc": 7}})

    collection = read_package(Archive(package.pack(decks=decks)))

    assert collection.note_types[77].fields == ("5",)
    assert collection.note_types[77].is_cloze
    assert collection.note_types[77].templates == {0: Template("", "", "")}
    assert collection.decks == {0: AnkiDeck(0, ("x",)), 1: AnkiDeck(1, ("",), "7")}


@pytest.mark.parametrize(
    "models", ["{", "[" * 100_000, '{"1": ' + "9" * 10_000 + "}", " " * (4 * 1024 * 1024 + 1), "nonsense"]
)
def test_a_list_of_note_types_that_cannot_be_read_is_refused(package: Package, models: str) -> None:
    refusal = _refusal(package.pack(models=models))

    assert refusal.code == "anki-damaged"
    assert "Check Database" in refusal.fix


def test_endless_note_types_and_decks_are_refused(package: Package) -> None:
    many = "{" + ",".join(f'"{at}":{{}}' for at in range(10_001)) + "}"

    assert _refusal(package.pack(models=many)).code == "anki-damaged"
    assert _refusal(package.pack(decks=many)).code == "anki-damaged"


def test_empty_lists_and_lists_of_something_else_are_no_note_types(package: Package) -> None:
    collection = read_package(Archive(package.pack(models="", decks="[1, 2]")))

    assert collection.note_types == {}
    assert collection.decks == {}


def test_short_rows_are_filled_up(package: Package, pack_files: Callable[..., bytes]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "CREATE TABLE notes (id integer primary key, guid); CREATE TABLE cards (id integer primary key, nid);"
            "CREATE TABLE revlog (id integer primary key); INSERT INTO notes VALUES (1, x'00');"
            "INSERT INTO cards VALUES (2, 1); INSERT INTO revlog VALUES (3);"
        )
        data = pack_files({"collection.anki21": connection.serialize()})

    collection = read_package(Archive(data))

    assert (collection.notes[0].guid, collection.notes[0].fields) == ("", ("",))
    assert (collection.cards[0].note_id, collection.cards[0].deck_id) == (1, 0)
    assert (collection.reviews[0].at_ms, collection.reviews[0].ease) == (3, 0)
    assert collection.media == {}


def _new_database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "CREATE TABLE notes (id integer primary key, guid, mid, mod, usn, tags, flds);"
            "CREATE TABLE cards (id integer primary key, nid, did, ord);"
            "CREATE TABLE notetypes (id integer primary key, name, mtime, usn, config);"
            "CREATE TABLE fields (ntid, ord, name, config, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;"
            "CREATE TABLE templates (ntid, ord, name, mtime, usn, config, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;"
            "CREATE TABLE decks (id integer primary key, name, mtime, usn, common, kind);"
        )
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


def test_the_new_inner_format_is_read(pack_new_format: Callable[..., bytes]) -> None:
    cloze, template = write_message([(1, 1), (9, 6)]).hex(), write_message([(1, "{{cloze:B}}"), (2, "{{A}}")]).hex()
    deck = write_message([(1, write_message([(1, 1), (4, "About it")]))]).hex()
    database = _new_database(
        f"INSERT INTO notetypes VALUES (5, 'Kind', 0, 0, x'{cloze}'), (6, 'Odd', 0, 0, 'text')",
        "INSERT INTO fields VALUES (5, 1, 'B', x''), (5, 0, 'A', x'')",
        f"INSERT INTO templates VALUES (5, 0, 'T', 0, 0, x'{template}'), (6, 3, 'U', 0, 0, 'text')",
        f"INSERT INTO decks VALUES (1, 'Default', 0, 0, x'', 7), (2, 'A' || char(31) || 'B', 0, 0, x'', x'{deck}')",
    )

    collection = read_package(Archive(pack_new_format(database, {"x.png": b"1", "y.mp3": b"2"})))

    assert collection.is_new
    kind = collection.note_types[5]
    assert (kind.fields, kind.is_cloze, kind.is_occlusion) == (("A", "B"), True, True)
    assert kind.templates == {0: Template("T", "{{cloze:B}}", "{{A}}")}
    assert collection.note_types[6].templates == {3: Template("U", "", "")}
    assert collection.decks == {1: AnkiDeck(1, ("Default",)), 2: AnkiDeck(2, ("A", "B"), "About it")}
    assert collection.media == {"x.png": "0", "y.mp3": "1"}


def test_messages_that_are_broken_are_refused_and_odd_ones_passed_over(pack_new_format: Callable[..., bytes]) -> None:
    broken = _new_database("INSERT INTO notetypes VALUES (5, 'Kind', 0, 0, x'08')")

    assert _refusal(pack_new_format(broken)).code == "anki-damaged"
    assert _refusal(pack_new_format(_new_database(), entries=b"\x08")).code == "anki-damaged"
    assert read_package(Archive(pack_new_format(_new_database(), entries=b"\x08\x01"))).media == {}


def test_the_newest_inner_format_counts(
    package: Package, pack_files: Callable[..., bytes], pack_new_format: Callable[..., bytes]
) -> None:
    package.add(10, "Please update to the latest Anki version", "")
    old = package.database()
    package.notes.clear()
    package.cards.clear()
    package.add(10, "the real one", "")
    middle = package.database()

    both = read_package(Archive(pack_files({"collection.anki2": old, "collection.anki21": middle})))

    assert [note.fields[0] for note in both.notes] == ["the real one"]


def test_an_archive_without_a_collection_is_told(pack_files: Callable[..., bytes]) -> None:
    assert _refusal(pack_files({"word/document.xml": b"<x/>"})).code == "not-anki"


@pytest.mark.parametrize(
    "database",
    [b"", b"no database", b"SQLite format 3\0" + bytes(2_000), pytest.param(None, id="other tables")],
)
def test_a_broken_database_or_one_without_notes_is_refused(
    pack_files: Callable[..., bytes], database: bytes | None
) -> None:
    if database is None:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE TABLE t (a)")
            connection.execute("CREATE VIEW notes AS SELECT 1")
            database = connection.serialize()

    assert _refusal(pack_files({"collection.anki2": database})).code == "anki-damaged"


def _fill(statement: str, count: int) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE notes (id integer primary key)")
        connection.execute("CREATE TABLE cards (id integer primary key)")
        connection.execute("CREATE TABLE fields (id integer primary key)")
        connection.executemany(statement, ((at,) for at in range(count)))
        connection.commit()
        return connection.serialize()


@pytest.mark.parametrize(
    ("table", "count", "code"), [("notes", 100_001, "too-many"), ("fields", 40_001, "anki-damaged")]
)
def test_too_many_rows_are_refused_without_being_read(
    pack_files: Callable[..., bytes], table: str, count: int, code: str
) -> None:
    data = pack_files({"collection.anki2": _fill(f"INSERT INTO {table} VALUES (?)", count)})

    assert _refusal(data).code == code


def test_a_list_of_files_that_is_too_long_is_refused(package: Package, pack_files: Callable[..., bytes]) -> None:
    data = pack_files({"collection.anki2": package.database(), "media": b"{" + b" " * (5 * 1024 * 1024) + b"}"})

    with pytest.raises(ArchiveRefused):
        read_package(Archive(data))


def test_files_that_are_listed_and_not_there_are_left_out(package: Package, pack_files: Callable[..., bytes]) -> None:
    names = json.dumps({"0": "a.png", "1": "b.png", "../2": "c.png"})
    data = pack_files({"collection.anki2": package.database(), "media": names.encode(), "1": b"x"})

    assert read_package(Archive(data)).media == {"b.png": "1"}
