import io
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from plumbing.decks import decks
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.model import Exported, ImportOptions
from quizapp.core.exchange.qti import read, write, write_canvas

Judge = Callable[[bytes], list[str]]
Write = Callable[[Deck, Mapping[str, bytes]], Exported]
BOTH = pytest.mark.parametrize("put", [write, write_canvas], ids=["qti21", "canvas"])


def make_deck(*cards: dict[str, Any]) -> Deck:
    numbered = [{"id": f"{number}-c", "prompt": "Which?", **card} for number, card in enumerate(cards)]
    head = {"format": 1, "id": "d", "title": "T", "language": "en", "theme": "t"}
    return Deck.model_validate({**head, "cards": numbered})


def read_sample() -> Deck:
    sample = read_deck(DECK, "deck.yaml")
    assert isinstance(sample, DeckFile)
    return sample.deck


def replace_in(data: bytes, there: bytes, instead: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        contents = {name: old.read(name) for name in old.namelist()}
        assert any(there in content for content in contents.values())
        for name, content in contents.items():
            new.writestr(name, content.replace(there, instead))
    return out.getvalue()


@BOTH
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=40)
@given(deck=decks())
def test_the_schemas_take_whatever_is_written(judge: Judge, put: Write, deck: Deck) -> None:
    assert judge(put(deck, {}).data) == []


@BOTH
def test_a_deck_with_every_type_and_media_comes_back(judge: Judge, put: Write) -> None:
    sample = read_sample()
    media = {"heron one.png": b"\x89PNG1", "call.mp3": b"ID3x"}
    shown = "![A heron](<heron one.png>) ![Its call](call.mp3) weighs $2^1$ kg\n\n$$a < b$$"
    told = {"explanation": shown, "hint": shown}
    cards = [
        card.model_copy(update=told if card.type == "cloze" else {**told, "prompt": shown}) for card in sample.cards
    ]
    deck = sample.model_copy(update={"cards": tuple(cards), "description": "Of *birds*."})
    written = put(deck, media)
    assert judge(written.data) == []
    back = read(written.data, ImportOptions(written.file))
    assert back.problems == ()
    assert back.decks == (deck,)
    assert {file.name: file.data for file in back.media} == media


@BOTH
def test_the_same_deck_is_written_the_same_each_time(put: Write) -> None:
    assert put(read_sample(), {}).data == put(read_sample(), {}).data


@BOTH
def test_what_other_systems_do_otherwise_is_told(put: Write) -> None:
    deck = make_deck(
        *({"type": "flashcard", "answer": "a"} for _ in range(6)),
        {"type": "short", "answer": "9 May 1945", "match": "date"},
        {"type": "short", "answer": "5 km", "match": "number", "tolerance": "1"},
        {"type": "truefalse", "answer": "true", "prompt": "![a](gone.png)"},
    )
    written = put(deck, {})
    assert [problem.code for problem in written.problems] == ["flashcard-as-essay", "typed-as-text", "missing-file"]
    assert "6: “0-c”" in written.problems[0].message
    assert read(written.data, ImportOptions("d.zip")).decks == (deck,)


def test_canvas_gets_an_order_as_pairs_with_places() -> None:
    deck = make_deck({"type": "order", "items": [f"item {n}" for n in range(12)]})
    written = write_canvas(deck, {})
    assert [problem.code for problem in written.problems] == ["order-as-match"]
    assert read(written.data, ImportOptions("d.zip")).decks == (deck,)


@BOTH
def test_numbers_keep_their_tolerance(judge: Judge, put: Write) -> None:
    deck = make_deck(
        {"type": "short", "answer": "3.14", "accept": ["3.141"], "match": "number", "tolerance": "0.01"},
        {"type": "short", "answer": "-2000", "match": "number"},
        {"type": "short", "answer": "7", "match": "number", "tolerance": "0"},
        {"type": "short", "answer": "2e3", "match": "number"},
    )
    written = put(deck, {})
    assert judge(written.data) == []
    back = read(written.data, ImportOptions("d.zip")).decks[0]
    assert back == deck
    assert [getattr(card, "tolerance", None) for card in back.cards] == [Decimal("0.01"), None, 0, None]


@BOTH
def test_words_in_brackets_beside_blanks_stay_words(judge: Judge, put: Write) -> None:
    deck = make_deck({"type": "cloze", "prompt": "", "text": "In [blank1] it is {{a|b}}, not {{c}}."})
    written = put(deck, {})
    assert judge(written.data) == []
    assert read(written.data, ImportOptions("d.zip")).decks == (deck,)


@BOTH
def test_options_that_look_like_true_and_false_stay_a_choice(put: Write) -> None:
    deck = make_deck(
        {"type": "choice", "answer": "True", "wrong": ["False"]},
        {"type": "multiple", "answers": ["a"], "wrong": [{"text": "b", "why": "No *b*."}]},
        {"type": "choice", "answer": "<b> & *c*", "wrong": ["d < e"]},
    )
    assert read(put(deck, {}).data, ImportOptions("d.zip")).decks == (deck,)


def test_a_formula_keeps_its_tex_beside_its_mathml() -> None:
    deck = make_deck({"type": "truefalse", "answer": "true", "prompt": "$\\frac{a}{b} < 1$"})
    with zipfile.ZipFile(io.BytesIO(write(deck, {}).data)) as archive:
        item = archive.read("items/card-0-c.xml").decode()
    assert "<mfrac>" in item
    assert '<annotation encoding="application/x-tex">\\frac{a}{b} &lt; 1</annotation>' in item


@pytest.mark.parametrize(
    ("put", "there", "instead", "told"),
    [
        (write_canvas, b"<outcomes>", b"<outcomes/><outcomes>", "<resprocessing> holds"),
        (write_canvas, b'linkrefid="1001_fb"', b'linkrefid="1_fb"', "feedback"),
        (write_canvas, b">1000</varequal>", b">7</varequal>", "label"),
        (write_canvas, b'respident="response1"', b'respident="nobody"', "response that is scored"),
        (write_canvas, b">100</setvar>", b">10</setvar>", "scores"),
        (write_canvas, b'ident="food"', b'ident="height"', "twice"),
        (write_canvas, b"assessment_meta.xml", b"other.xml", "manifest lists"),
        (write, b' adaptive="false"', b"", "lacks"),
        (write, b"<itemBody>", b"<itemBody/><itemBody>", "holds"),
        (write, b'responseIdentifier="RESPONSE"', b'responseIdentifier="R"', "asked as"),
        (write, b"<value>C1</value>", b"<value>C9</value>", "not among"),
        (write, b'identifier="SOLUTION" cardinality', b'identifier="S" cardinality', "outcomes"),
        (write, b'identifierref="card-food"', b'identifierref="food"', "nowhere"),
    ],
)
def test_the_judge_sees_what_the_schemas_would_not_take(
    judge: Judge, put: Write, there: bytes, instead: bytes, told: str
) -> None:
    assert told in " ".join(judge(replace_in(put(read_sample(), {}).data, there, instead)))
