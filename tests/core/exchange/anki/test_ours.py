"""Our cards come back from Anki to the letter, and what was changed there is taken where it can be told."""

import base64
import html
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plumbing.decks import decks

from quizapp.core.deck.schema import Card, Choice, Deck, Flashcard
from quizapp.core.exchange.anki import read, write, write_new
from quizapp.core.exchange.anki.kinds import CARRY, KINDS
from quizapp.core.exchange.anki.model import Note, NoteType
from quizapp.core.exchange.anki.ours import (
    make_guid,
    pack_card,
    read_deck_head,
    read_our_note,
    write_deck_head,
    write_tag,
)
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.registry import WriteDated

Change = Callable[..., bytes]
_MEDIA = {"map.png": b"a picture", "tone.mp3": b"a sound"}


def _read_changed(
    change: Change, deck: Deck, card_id: str, changes: Mapping[str, str], **more: str
) -> tuple[Card, Imported]:
    imported = read(change(write(deck, _MEDIA).data, card_id, changes, **more), ImportOptions("x.apkg"))
    (card,) = (card for card in imported.decks[0].cards if card.id == card_id)
    return card, imported


def _differences(deck: Deck, card: Card) -> dict[str, Any]:
    (before,) = (one for one in deck.cards if one.id == card.id)
    return {name: value for name, value in card if value != getattr(before, name)}


@pytest.mark.unmeasured
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(decks())
def test_any_deck_comes_back_whole(deck: Deck) -> None:
    imported = read(write(deck, {}).data, ImportOptions("x.apkg"))

    assert imported.problems == ()
    assert imported.decks[0].cards == deck.cards
    assert (imported.decks[0].id, imported.decks[0].description) == (deck.id, deck.description)
    assert (imported.decks[0].author, imported.decks[0].waive) == (deck.author, deck.waive)


@pytest.mark.parametrize(("write_deck", "kind"), [(write, "old format"), (write_new, "new format")])
def test_the_whole_of_the_deck_and_its_files_come_back(
    deck: Deck, media: dict[str, bytes], write_deck: WriteDated, kind: str
) -> None:
    exported = write_deck(deck, media)
    imported = read(exported.data, ImportOptions("x.apkg"))

    assert exported == write_deck(deck, media)
    assert imported.decks == (deck,)
    assert {file.name: file.data for file in imported.media} == media
    assert imported.problems == ()
    assert kind in imported.note


def test_the_same_deck_is_written_as_the_same_bytes(deck: Deck, media: dict[str, bytes]) -> None:
    assert write(deck, media).data == write(deck, media).data
    assert write(deck, media).file == "all-kinds.apkg"


@pytest.mark.parametrize(
    ("card_id", "changes", "expected"),
    [
        ("front-and-back", {"Front": "What is <i>it</i>?"}, {"prompt": "What is *it*?"}),
        ("front-and-back", {"Explanation": ""}, {"explanation": ""}),
        ("front-and-back", {"Note": "<b>n</b>", "Hint": "h"}, {"note": "**n**", "hint": "h"}),
        ("it-is-so", {"Answer": "<b>false</b>."}, {"answer": False}),
        ("year", {"Back": "1992", "Also right": "<ul><li>92</li></ul>"}, {"answer": "1992", "accept": ("92",)}),
        ("row", {"Answer": "<ol><li>two</li><li>one<li>four</ol>"}, {"items": ("two", "one", "four")}),
        (
            "pairs",
            {"Answer": "<table><tr><td>a</td><td>x</td></tr><tr><td>b<td>y</table>"},
            {"pairs": (("a", "x"), ("b", "y"))},
        ),
        (
            "gaps",
            {"Text": "The {{c1::Soviet Union}} fell in {{c1::1990}}"},
            {"text": "The {{Soviet Union|USSR}} fell in {{1990}}"},
        ),
    ],
)
def test_a_change_made_in_anki_is_taken(
    change_fields: Change, deck: Deck, card_id: str, changes: dict[str, str], expected: dict[str, object]
) -> None:
    card, imported = _read_changed(change_fields, deck, card_id, changes)

    assert _differences(deck, card) == expected
    assert imported.decks[0].cards == tuple(card if one.id == card_id else one for one in deck.cards)
    assert imported.problems == ()


def test_options_changed_in_anki_keep_their_order_and_feedback(change_fields: Change, deck: Deck) -> None:
    changes = {"Options": "<ol><li>D</li><li>new</li><li>C &lt;i&gt;</li><li>A &amp; b</li></ol>"}

    card, _ = _read_changed(change_fields, deck, "choose-one", changes)

    assert isinstance(card, Choice)
    assert card.answer == "A & b"
    assert [(one.why, len(one.text)) for one in card.wrong] == [("Not & never", 5), ("", 1), ("", 3)]


def test_right_options_changed_in_anki_are_taken(change_fields: Change, deck: Deck) -> None:
    card, imported = _read_changed(change_fields, deck, "choose-many", {"Answer": "<ul><li>D</li><li>A</li></ul>"})

    assert _differences(deck, card)["answers"] == ("A", "D")
    assert [one["text"] for one in card.model_dump()["wrong"]] == ["B", "C"]
    assert imported.problems == ()


@pytest.mark.parametrize(
    ("card_id", "changes"),
    [
        ("front-and-back", {"Citations": "<blockquote>other</blockquote>"}),
        ("front-and-back", {"Back": ""}),
        ("front-and-back", {"Front": "<br>"}),
        ("it-is-so", {"Answer": "perhaps"}),
        ("choose-one", {"Answer": "not among them"}),
        ("choose-one", {"Options": ""}),
        ("choose-one", {"Feedback": "more"}),
        ("row", {"Items": "<ul></ul>"}),
        ("row", {"Answer": "nothing to order"}),
        ("pairs", {"Answer": "<table><tr><td>a</td></tr></table>"}),
        ("gaps", {"Text": "no blank any more"}),
        ("gap", {"Text": "a {{c1::<img src=x.png>}}"}),
        ("gap", {"Also right": "<ul><li>x</li></ul>"}),
        ("year", {"Back": "two<br>lines"}),
    ],
)
def test_a_change_that_cannot_be_told_is_named_and_the_card_stays(
    change_fields: Change, deck: Deck, card_id: str, changes: dict[str, str]
) -> None:
    card, imported = _read_changed(change_fields, deck, card_id, changes)

    assert _differences(deck, card) == {}
    (problem,) = imported.problems
    assert problem.code == "anki-changed"
    assert f"“{next(iter(changes))}”" in problem.message
    assert problem.severity == "warning"


def test_what_an_author_changed_in_the_carried_lines_is_taken(change_fields: Change, deck: Deck) -> None:
    carried = pack_card(deck.cards[3], deck.id, 3).replace("Answer: true", "Answer: false")

    card, imported = _read_changed(change_fields, deck, "it-is-so", {CARRY: carried, "Answer": "False"})

    assert _differences(deck, card) == {"answer": False}
    assert imported.problems == ()


@pytest.mark.parametrize("carried", ["", "words", "[Quizapp keeps these lines]", "[Quizapp keeps these lines] Card: a"])
def test_a_note_that_lost_its_lines_is_read_as_it_shows(change_fields: Change, deck: Deck, carried: str) -> None:
    imported = read(change_fields(write(deck, {}).data, "it-is-so", {CARRY: carried}), ImportOptions("x.apkg"))

    (card,) = (card for card in imported.decks[0].cards if card.id.startswith("anki-"))
    assert isinstance(card, Flashcard)
    assert card.prompt.startswith("Water is wet.")
    assert card.answer == "True"
    assert len(imported.decks[0].cards) == 10


def test_a_copied_note_is_another_card(change_fields: Change, deck: Deck) -> None:
    imported = read(change_fields(write(deck, {}).data, "year", {}, guid="another"), ImportOptions("x.apkg"))

    ids = [card.id for card in imported.decks[0].cards]
    assert "year" not in ids
    assert any(card_id.startswith("anki-") for card_id in ids)


def _make_note(card: Card, carried: str) -> tuple[Note, NoteType]:
    kind = KINDS[card.type]
    fields = tuple(carried if name == CARRY else "" for name in kind.fields)
    return Note(1, make_guid("deck", card.id), 1, (), fields), NoteType(1, kind.name, kind.fields, {})


@pytest.mark.parametrize(
    "whole", ["nonsense", "bnVsbA==", "W10=", "e30=", base64.b64encode(b"[" * 50_000).decode(), "e30", "é"]
)
def test_lines_for_programs_that_are_broken_carry_nothing(deck: Deck, whole: str) -> None:
    lines = f"[Quizapp keeps these lines]<br>Card: x<br>Type: short<br>Whole: {whole}<br>[end of Quizapp's lines]"

    assert read_our_note(*_make_note(deck.cards[0], lines)) is None


@pytest.mark.parametrize("place", ["x", "-1", "9" * 30, "²"])
def test_a_place_that_is_none_is_the_first(deck: Deck, place: str) -> None:
    carried = pack_card(deck.cards[3], "deck", 3).replace("Place: 3", f"Place: {place}")

    note = read_our_note(*_make_note(deck.cards[3], carried))

    assert note is not None
    assert note.place == 0


def test_a_card_that_lines_cannot_hold_is_carried_for_programs() -> None:
    card = Flashcard(id="a", type="flashcard", prompt="one  \ntwo", answer="[end of Quizapp's lines]\ne\u0301")

    carried = pack_card(card, "deck", 0)

    assert "Whole: " in carried
    note = read_our_note(*_make_note(card, carried))
    assert note is not None
    assert note.is_original
    assert json.loads(json.dumps(note.values)).keys() >= {"type"}


def test_ids_of_notes_are_short_and_differ() -> None:
    guids = {make_guid(deck, card) for deck in ("a", "b") for card in ("c", "d", "e")}

    assert len(guids) == 6
    assert {len(guid) for guid in guids} == {10}
    assert make_guid("a", "c") == make_guid("a", "c")
    assert make_guid("a-b", "c") != make_guid("a", "b-c")


@given(st.text(max_size=20).filter(str.strip))
def test_a_tag_has_no_space_and_no_empty_part(tag: str) -> None:
    written = write_tag(tag)

    assert written
    assert not set(written) & set(' \t\n\u3000"')
    assert all(written.split("::"))


def test_the_description_of_a_deck_carries_its_head(deck: Deck) -> None:
    said, rest = read_deck_head(write_deck_head(deck))

    assert rest == ""
    assert said["description"] == deck.description
    assert (said["id"], said["sources"], said["waive"]) == ("all-kinds", ["a-source"], {"no-citation": "a test"})


def test_a_description_changed_in_anki_is_taken(deck: Deck) -> None:
    changed = write_deck_head(deck).replace("<em>deck</em>", "<b>pile</b>") + " and more"

    said, rest = read_deck_head(changed)

    assert "description" not in said
    assert "<b>pile</b>" in rest
    assert rest.endswith(" and more")
    assert said["id"] == "all-kinds"


@pytest.mark.parametrize("head", ["", "{", "[]", "null", '{"id": 5, "waive": []}'])
def test_a_head_that_is_broken_says_nothing(head: str) -> None:
    said, _ = read_deck_head(f"About<details><summary>Quizapp</summary>{html.escape(head)}</details>")

    assert said == {}


def test_a_description_that_is_none_of_ours_stays() -> None:
    assert read_deck_head("About <b>it</b>") == ({}, "About <b>it</b>")
    assert read_deck_head("") == ({}, "")
