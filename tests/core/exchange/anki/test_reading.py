"""Packages become decks: what can be taken is taken, what cannot is named, and what was made to harm stays out."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Deck, Flashcard
from quizapp.core.exchange.anki import reading, write, write_new
from quizapp.core.exchange.anki.reading import make_card_id, read
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.registry import find_format, guess_format
from quizapp.core.markup import render

Package = Any


def _read(package: Package, **options: str) -> Imported:
    return read(package.pack(), ImportOptions("Biology 101.apkg", **options))


def _codes(imported: Imported) -> list[str]:
    return [problem.code for problem in imported.problems]


def test_each_deck_of_anki_that_holds_cards_becomes_a_deck(package: Package) -> None:
    package.decks |= {3: ("Biology::Cells", "About <b>cells</b>"), 4: ("Empty", "")}
    package.add(10, "one", "1", deck=3)
    package.add(10, "two", "2")
    package.add(10, "three", "3", deck=3)

    imported = _read(package, theme="life", language="de")

    assert [(deck.id, deck.title, deck.theme, deck.language) for deck in imported.decks] == [
        ("biology", "Biology", "life", "de"),
        ("biology-cells", "Biology: Cells", "life", "de"),
    ]
    assert [card.prompt for card in imported.decks[1].cards] == ["one", "three"]
    assert imported.decks[1].description == "About **cells**"
    assert imported.problems == ()
    assert imported.note == "Anki package in the old format; notes: 3; cards: 3; decks: “Biology”, “Biology: Cells”"


def test_title_and_id_can_be_given(package: Package) -> None:
    package.add(10, "one", "1")
    alone = _read(package, deck_id="mine", title="My own")
    package.decks[3] = ("Biology::Cells", "")
    package.add(10, "two", "2", deck=3)
    both = _read(package, deck_id="mine", title="My own")

    assert [(deck.id, deck.title) for deck in alone.decks] == [("mine", "My own")]
    assert [(deck.id, deck.title) for deck in both.decks] == [
        ("mine-biology", "My own: Biology"),
        ("mine-biology-cells", "My own: Biology: Cells"),
    ]


@pytest.mark.parametrize(
    ("deck", "expected"), [(1, ("biology-101", "Biology 101")), (9, ("biology-101", "Biology 101"))]
)
def test_the_default_deck_and_one_that_is_missing_are_named_after_the_file(
    package: Package, deck: int, expected: tuple[str, str]
) -> None:
    package.add(10, "one", "1", deck=deck)

    assert [(one.id, one.title) for one in _read(package).decks] == [expected]


def test_decks_of_one_id_are_told_apart(package: Package) -> None:
    package.decks |= {3: ("Biology!", ""), 4: ("biology?", ""), 5: ("\u202e", ""), 6: ("", "")}
    for deck in (2, 3, 4, 5, 6, 9):
        package.add(10, "one", f"{deck}", deck=deck)

    decks = _read(package).decks

    assert len({deck.id for deck in decks}) == 6
    assert {"biology", "biology-2", "biology-3", "anki", "anki-2", "anki-3"} == {deck.id for deck in decks}


def test_reversed_cards_are_two_cards_and_ids_come_from_the_note(package: Package) -> None:
    package.add(11, "one", "two", guid="g", ords=(0, 1))

    (deck,) = _read(package).decks

    assert [(card.id, card.prompt) for card in deck.cards] == [
        (make_card_id("g", 0), "one"),
        (make_card_id("g", 1), "two"),
    ]


def test_the_same_package_twice_is_the_same_deck(package: Package) -> None:
    package.add(10, "one", "1")
    package.add(13, "{{c1::a}} {{c2::b}}", "", ords=(0, 1))

    assert _read(package) == _read(package)


def test_notes_of_one_guid_and_notes_without_one_are_cards_of_their_own(package: Package) -> None:
    for guid in ("same", "same", "same"):
        package.add(10, "one", guid, guid=guid)
    package.notes = [(row[0], row[1] if at else None, *row[2:]) for at, row in enumerate(package.notes)]

    cards = _read(package).decks[0].cards

    assert len({card.id for card in cards}) == 3


def test_tags_flags_and_suspended_cards_become_tags(package: Package) -> None:
    package.add(10, "one", "1", tags=" x y::z flag-red ", flags=1, queue=-1)
    package.add(10, "two", "2", tags=" " + " ".join(f"t{at}" for at in range(80)), flags=7)

    imported = _read(package)

    first, second = imported.decks[0].cards
    assert first.tags == ("x", "y::z", "flag-red", "suspended")
    assert len(second.tags) == 50
    assert _codes(imported) == ["anki-suspended"]
    assert "1 cards" in imported.problems[0].message


def test_pictures_with_covered_parts_are_named_and_the_rest_is_taken(package: Package) -> None:
    package.types.append({"id": 20, "name": "Image Occlusion Enhanced+", "flds": [{"name": "A"}], "tmpls": [{}]})
    package.add(14, "{{c1::image-occlusion:rect}}", "<img src=a.png>")
    package.add(20, "x")
    package.add(10, "one", "1")

    imported = _read(package)

    assert _codes(imported) == ["anki-occlusion", "anki-occlusion"]
    assert len(imported.decks[0].cards) == 1
    assert imported.media == ()


def test_what_does_not_hang_together_is_named(package: Package) -> None:
    package.add(99, "no type", "")
    package.add(10, "no template", "", ords=(7, 501, -1))
    package.add(10, "no card", "", ords=())
    package.add(10, "", "no front")
    package.add(10, "twice", "1", ords=(0, 0))
    package.cards.append((50_000, 77_777, 2, 0, *([0] * 14)))

    imported = _read(package)

    assert sorted(_codes(imported)) == [
        "anki-empty-front",
        "anki-no-card",
        "anki-no-note",
        *["anki-no-template"] * 3,
        "anki-no-type",
    ]
    assert [card.prompt for card in imported.decks[0].cards] == ["twice"]
    assert "“no type”" in next(one.message for one in imported.problems if one.code == "anki-no-type")
    assert all(problem.fix for problem in imported.problems)


def test_a_card_that_our_decks_cannot_hold_is_named(package: Package) -> None:
    package.add(10, "long", "word " * 15_000)
    package.add(10, "longer", "x" * 100_001)

    imported = _read(package)

    assert imported.decks == ()
    assert len(imported.problems) == 2
    assert {"too-long"} <= set(_codes(imported))


def test_a_package_without_cards_says_so(package: Package) -> None:
    assert _codes(_read(package)) == ["empty-file"]


def test_pictures_and_sounds_are_taken_where_a_card_shows_them(package: Package) -> None:
    package.media = {"a.png": b"1", "b (x) é.mp3": b"2", "unused.png": b"3", "evil/../x.png": b"4", "c.svg": b"5"}
    package.add(10, "<img src='a.png'><img src='a.png'> [sound:b (x) é.mp3]", "<img src='c.svg'> <img src=gone.png>")
    package.add(10, "again <img src=a.png>", "<img src='evil/../x.png'>")

    imported = _read(package)

    assert {file.name: file.data for file in imported.media} == {"a.png": b"1", "b (x) é.mp3": b"2"}
    first, second = imported.decks[0].cards
    assert first.prompt == "![a](a.png)![a](a.png) ![b (x) é](<b (x) é.mp3>)"
    assert isinstance(first, Flashcard)
    assert first.answer == "c gone"
    assert second.prompt == "again ![a](a.png)"
    assert _codes(imported) == ["anki-file-type", "anki-file-missing", "anki-file-missing"]


def test_files_get_names_that_decks_can_use(package: Package) -> None:
    package.media = {"a?b=1.png": b"1", "-x.png": b"2", "a\u0301.png": b"3", "x" * 150 + ".png": b"4", "(.png": b"5"}
    package.add(10, "<img src='-x.png'> <img src='a\u0301.png'>", f"<img src='{'x' * 150}.png'><img src='(.png'>")

    imported = _read(package)

    names = [file.name for file in imported.media]
    assert names == ["x.png", "a.png", "x" * 50 + ".png", "file.png"]
    assert all(f"({name})" in imported.decks[0].cards[0].model_dump_json() for name in names)


def test_files_that_are_too_large_or_too_many_are_named(
    package: Package, pack_files: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MOST_FILES_TOLD", 1)
    package.add(10, "<img src='a.png'><img src=b.png>", "<img src=c.png>[sound:d.mp3]")
    names = {"0": "a.png", "1": "d.mp3"}
    files = {"collection.anki2": package.database(), "media": json.dumps(names).encode()}
    data = pack_files(files | {"0": bytes(21 * 1024 * 1024), "1": bytes(11 * 1024 * 1024)})

    imported = read(data, ImportOptions("x.apkg"))

    assert _codes(imported) == ["archive-too-large", "more-problems"]
    assert "“a.png”" in imported.problems[0].message
    assert imported.decks[0].cards[0].prompt == "ab"


def test_reviews_come_along_without_what_was_none(package: Package) -> None:
    card = package.add(10, "one", "1")
    lost = package.add(99, "two", "2")
    at = 1_700_000_000_000
    package.review(card, at + 5, 4, took=0)
    package.review(card, at + 1, 1, kind=0, took=-7)
    package.review(card, at + 2, 2, kind=2)
    package.review(card, at + 3, 3, kind=3)
    package.review(card, at + 4, 3, kind=3, factor=0)
    package.review(card, at + 6, 0, kind=4)
    package.review(card, at + 7, 9)
    package.review(card, at + 8, 3, kind=5)
    package.review(card, -5, 3)
    package.review(lost, at + 9, 3)

    imported = _read(package)

    card_id = imported.decks[0].cards[0].id
    assert [(one.card, one.at_ms - at, one.rating, one.duration_ms) for one in imported.reviews] == [
        (card_id, 1, 1, None),
        (card_id, 2, 2, 900),
        (card_id, 3, 3, 900),
        (card_id, 5, 4, None),
    ]
    assert "reviews: 10" in imported.note


def test_ratings_of_the_first_scheduler_mean_what_they_meant_there(package: Package) -> None:
    package.conf = {}
    card = package.add(10, "one", "1")
    for at, (ease, kind) in enumerate([(1, 0), (2, 0), (3, 0), (2, 2), (2, 1), (4, 1)]):
        package.review(card, 1_700_000_000_000 + at, ease, kind=kind)

    assert [review.rating for review in _read(package).reviews] == [1, 3, 4, 3, 2, 4]


def test_reviews_of_decks_whose_cards_have_the_same_ids_name_the_deck(deck: Deck, package: Package) -> None:
    package.decks[3] = ("Copies", "")
    for number, home in ((0, 2), (1, 3)):
        package.add(10, "same", "guid", guid="same", deck=home)
        package.review(10_000 + number, 1_700_000_000_000 + number, 3)

    imported = _read(package)

    same = make_card_id("same", 0)
    assert [review.card for review in imported.reviews] == [f"biology/{same}", f"copies/{same}"]


def test_too_much_text_is_taken_up_to_a_limit(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST_WORK", 1_000)
    for number in range(30):
        package.add(10, "some words " * 10, f"{number}")
    package.add(10, "no card", "", ords=())

    imported = _read(package)

    assert 0 < len(imported.decks[0].cards) < 30
    assert _codes(imported) == ["too-long"]
    assert "up to card" in imported.problems[0].message


def test_a_crowd_of_marks_is_left_before_it_is_read(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    package.add(10, "<i>an honest</i> note with <b>some</b> words &amp; marks", "here")
    for number in range(30):
        package.add(10, f"{number}" + "\\(x\\)<b>[" * 2_000, "b")
    seen = list[str]()
    monkeypatch.setattr(reading, "read_card", lambda note, *_: seen.append(note.guid) or {"type": "flashcard"})

    imported = _read(package)

    assert "too-long" in _codes(imported)
    assert 1 < len(seen) < 20


def test_cards_of_ours_that_were_given_more_clozes_are_more_cards(deck: Deck, package: Package) -> None:
    cards = tuple(card for card in deck.cards if card.id == "gap")
    ours = read(write(deck.model_copy(update={"cards": cards}), {}).data, ImportOptions("x.apkg"))

    assert [card.id for card in ours.decks[0].cards] == ["gap"]


HARM = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "=HYPERLINK(1)",
    "\u202eabc\x00\x1b",
    "{{#x}}",
    "![a](javascript:x)",
)


@pytest.mark.parametrize("harm", HARM)
def test_harm_in_every_text_is_inert(package: Package, harm: str) -> None:
    package.decks[2] = (f"Deck {harm}", f"About {harm}")
    package.types[0] = {**package.types[0], "name": harm, "css": harm}
    package.types[0]["tmpls"] = [{"name": harm, "qfmt": "{{Front}}" + harm, "afmt": "{{Back}}" + harm}]
    package.media = {f"{harm}.png": b"x"}
    package.add(10, f"front {harm}", f"back {harm}", guid=harm, tags=f" {harm} ")

    imported = _read(package)

    (deck,) = imported.decks
    card = deck.cards[0]
    assert isinstance(card, Flashcard)
    shown = "".join(map(render, (deck.description, card.prompt, card.answer)))
    assert set(re.findall(r"<(\w+)", shown)) <= {"p"}
    assert not re.search("[\u202e\0\x1b]", deck.model_dump_json())
    assert deck.id.isascii()
    assert deck.cards[0].prompt.startswith("front")


def test_a_database_full_of_traps_is_read_as_tables_alone(package: Package, pack_files: Callable[..., bytes]) -> None:
    package.add(10, "one", "1")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(package.database())
        connection.executescript(
            "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END;"
            "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n;"
            "CREATE VIRTUAL TABLE words USING fts5(a);"
        )
        data = pack_files({"collection.anki2": connection.serialize()})

    assert len(read(data, ImportOptions("x.apkg")).decks[0].cards) == 1


def test_endless_views_in_the_place_of_tables_are_refused(pack_files: Callable[..., bytes]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for table in ("col", "notes", "cards", "revlog"):
            connection.execute(
                f"CREATE VIEW {table} AS WITH RECURSIVE n(x) AS (SELECT 1 UNION SELECT x + 1 FROM n) SELECT x FROM n"
            )
        data = pack_files({"collection.anki2": connection.serialize()})

    assert _codes(read(data, ImportOptions("x.apkg"))) == ["anki-damaged"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "not-an-archive"), (b"PK\x05\x06" + bytes(18), "not-anki"), (b"\x00" * 500, "not-an-archive")],
)
def test_what_is_no_package_is_refused_in_words(data: bytes, code: str) -> None:
    imported = read(data, ImportOptions("x.apkg"))

    assert imported.decks == ()
    assert _codes(imported) == [code]
    assert imported.problems[0].file == "x.apkg"
    assert imported.problems[0].fix


@given(st.integers(0, 3_000), st.binary(min_size=1, max_size=6))
def test_no_bytes_make_reading_fall_over(at: int, noise: bytes) -> None:
    package = bytearray(_PACKAGE)
    package[at : at + len(noise)] = noise

    assert isinstance(read(bytes(package), ImportOptions("x.apkg")), Imported)


_DECK = Deck.model_validate(
    {
        "format": 1,
        "id": "d",
        "title": "D",
        "language": "en",
        "theme": "t",
        "cards": [{"type": "flashcard", "id": "a", "prompt": "b", "answer": "c"}],
    }
)
_PACKAGE = write(_DECK, {}).data


@pytest.mark.parametrize("file", ["x.apkg", "x.colpkg", "x.zip", "no ending"])
def test_a_package_is_known_by_its_looks(file: str) -> None:
    found = guess_format(_PACKAGE, file)

    assert found.name == "anki"
    assert found == find_format("anki")
    assert found.write_dated is write
    assert guess_format(write_new(_DECK, {}).data, file).write_dated is write_new
