"""Our packages: their notes, cards and reviews, as any program that reads Anki's files finds them."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.anki.kinds import CARRY, KINDS
from quizapp.core.exchange.anki.writing import MEDIA_TYPE, write
from quizapp.core.exchange.model import PastReview


def _query(data: bytes, statement: str) -> list[Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        return connection.execute(statement).fetchall()


def _fields(data: bytes, card_id: str) -> dict[str, str]:
    models = json.loads(_query(data, "SELECT models FROM col")[0][0])
    for kind, written in _query(data, "SELECT mid, flds FROM notes"):
        if f"Card: {card_id}<" in written:
            names = [field["name"] for field in models[str(kind)]["flds"]]
            return dict(zip(names, written.split("\x1f"), strict=True))
    return {}


def test_the_archive_holds_the_collection_and_the_files(deck: Deck, media: dict[str, bytes]) -> None:
    exported = write(deck, media)

    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        assert archive.namelist() == ["collection.anki2", "media", "0", "1"]
        assert json.loads(archive.read("media")) == {"0": "map.png", "1": "tone.mp3"}
        assert archive.read("0") == media["map.png"]
    assert (exported.file, exported.media_type, exported.problems) == ("all-kinds.apkg", MEDIA_TYPE, ())


def test_each_type_of_card_has_its_note_type(deck: Deck) -> None:
    models = json.loads(_query(write(deck, {}).data, "SELECT models FROM col")[0][0])

    assert {model["name"] for model in models.values()} == {kind.name for kind in KINDS.values()}
    assert {model["name"] for model in models.values() if model["type"] == 1} == {"Quizapp Cloze"}
    one = deck.model_copy(update={"cards": deck.cards[:1]})
    assert len(json.loads(_query(write(one, {}).data, "SELECT models FROM col")[0][0])) == 1


def test_options_are_shown_in_an_order_that_tells_nothing_and_stays(deck: Deck) -> None:
    data = write(deck, {}).data

    shown = {card.id: _fields(data, card.id) for card in deck.cards}
    assert shown["row"]["Items"] != shown["row"]["Answer"].replace("ol>", "ul>")
    assert shown["pairs"]["Right"].count("<li>") == 2
    assert sorted(shown["choose-many"]["Options"].split("<li>")[1:]) == [
        "A</li>",
        "B</li>",
        "C</li>",
        "D</li></ol>",
    ] or shown["choose-many"]["Options"].endswith("</li></ol>")
    assert shown == {card.id: _fields(write(deck, {}).data, card.id) for card in deck.cards}


def test_no_template_has_a_script() -> None:
    for kind in KINDS.values():
        for template in (kind.question_template, kind.answer_template):
            assert "script" not in template
            assert CARRY not in template
            names = [part.split("}}")[0].lstrip("#/^").split(":")[-1] for part in template.split("{{")[1:]]
            assert set(names) <= set(kind.fields)


def test_fields_hold_what_anki_shows(deck: Deck) -> None:
    data = write(deck, {}).data

    fields = _fields(data, "front-and-back")
    assert "[sound:tone.mp3]" in fields["Back"]
    assert '<img src="map.png" alt="A map">' in fields["Front"]
    assert r"\(x^{2}\)" in fields["Front"]
    assert _fields(data, "gaps")["Text"].startswith("The {{c1::Soviet Union}} ended in {{c1::1991}}")
    assert "{{c1::a:&#58;b}}" in _fields(data, "gaps")["Text"]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("$$x$$ and $a}}b$ costs", r"\[x\] and \(a} }b\) costs"),
        ("It costs $5 or 6$.", "It costs $5 or 6$."),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("\U000f8000 **b** ![x](a.png)", "\U000f8000 <strong>b</strong> x"),
        ("    code", "<pre><code>code</code></pre>"),
        ("a\x1eb".replace("\x1e", " "), "a b"),
    ],
)
def test_markdown_becomes_html_for_anki(deck: Deck, prompt: str, expected: str) -> None:
    card = deck.cards[4].model_copy(update={"prompt": prompt})

    data = write(deck.model_copy(update={"cards": (card,)}), {}).data

    assert _fields(data, card.id)["Question"] == expected


def test_many_formulas_and_signs_for_private_use_in_options_do_no_harm(deck: Deck) -> None:
    card = deck.cards[1].model_copy(update={"answer": "\U000f8000 $x$", "prompt": "$x$ " * 30})

    fields = _fields(write(deck.model_copy(update={"cards": (card,)}), {}).data, card.id)

    assert fields["Question"].count(r"\(x\)") == 30
    assert fields["Answer"].startswith("\U000f8000")


def test_a_title_is_one_deck_however_many_colons_it_has(deck: Deck) -> None:
    def name(title: str) -> str:
        decks = json.loads(
            _query(write(deck.model_copy(update={"title": title}), {}).data, "SELECT decks FROM col")[0][0]
        )
        return next(str(one["name"]) for one in decks.values() if one["id"] != 1)

    assert name("History::Cold War:: now") == "History:Cold War: now"
    assert name("::") == "all-kinds"


def _cards(deck: Deck, reviews: Sequence[PastReview]) -> dict[int, tuple[int, ...]]:
    rows = _query(write(deck, {}, reviews).data, "SELECT id, type, queue, due, ivl, reps FROM cards ORDER BY id")
    return {at: row[1:] for at, row in enumerate(rows)}


def test_cards_without_reviews_are_new_and_in_the_order_of_the_deck(deck: Deck) -> None:
    assert _cards(deck, ()) == {at: (0, 0, at, 0, 0) for at in range(10)}


def test_cards_with_reviews_are_due_and_the_log_is_kept(deck: Deck) -> None:
    at = 1_700_000_000_000
    reviews = [PastReview("year", at, 4, 700), PastReview("gaps", at, 1, None), PastReview("stranger", at, 3, 5)]

    cards = _cards(deck, reviews)
    log = _query(write(deck, {}, reviews).data, "SELECT id, ease, time, type FROM revlog ORDER BY id")

    assert cards[5][:2] == (2, 2)
    assert cards[5][3] > 1
    assert cards[6][:2] == (0, 0)
    assert log == [(at, 4, 700, 0), (at + 1, 1, 0, 0)]


def test_the_time_of_writing_is_that_of_the_notes(deck: Deck) -> None:
    dated = write(deck, {}, at_ms=1_764_000_000_999).data

    assert _query(dated, "SELECT DISTINCT mod FROM notes") == [(1_764_000_000,)]
    assert _query(write(deck, {}).data, "SELECT DISTINCT mod FROM notes") == [(1_700_000_000,)]
