from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from plumbing.decks import decks
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.model import ImportOptions
from quizapp.core.exchange.moodlexml import read, write
from quizapp.core.exchange.moodlexml.embedded import read_embedded, write_blank
from quizapp.core.exchange.moodlexml.fractions import penalise, share_evenly

Judge = Callable[[bytes], list[str]]


def make_deck(*cards: dict[str, Any]) -> Deck:
    numbered = [{"id": f"c{number}", "prompt": "Which?", **card} for number, card in enumerate(cards)]
    head = {"format": 1, "id": "d", "title": "T", "language": "en", "theme": "t"}
    return Deck.model_validate({**head, "cards": numbered})


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
@given(deck=decks())
def test_moodle_takes_whatever_is_written(judge: Judge, deck: Deck) -> None:
    assert judge(write(deck, {}).data) == []


def test_a_deck_with_every_type_and_media_comes_back(judge: Judge) -> None:
    sample = read_deck(DECK, "deck.yaml")
    assert isinstance(sample, DeckFile)
    media = {"heron one.png": b"\x89PNG1", "call.mp3": b"ID3x"}
    shown = "![A heron](<heron one.png>) ![Its call](call.mp3) weighs $2^1$ kg"
    cards = [
        card.model_copy(
            update={"explanation": shown, "hint": shown, **({} if card.type == "cloze" else {"prompt": shown})}
        )
        for card in sample.deck.cards
    ]
    deck = sample.deck.model_copy(update={"cards": tuple(cards)})
    written = write(deck, media)
    assert judge(written.data) == []
    back = read(written.data, ImportOptions("birds.xml"))
    assert back.problems == ()
    assert back.decks == (deck,)
    assert {file.name: file.data for file in back.media} == media


def test_what_moodle_does_otherwise_is_told() -> None:
    deck = make_deck(
        {"type": "flashcard", "answer": "a"},
        {"type": "order", "items": ["a", "b"]},
        {"type": "short", "answer": "9 May 1945", "match": "date"},
        {"type": "short", "answer": "5 km", "match": "number", "tolerance": "1"},
        {"type": "multiple", "answers": [f"a{n}" for n in range(21)], "wrong": ["b"]},
        {"type": "truefalse", "answer": "true", "prompt": "![a](gone.png)"},
    )
    written = write(deck, {})
    assert [problem.code for problem in written.problems] == [
        "flashcard-as-essay",
        "number-as-text",
        "date-as-text",
        "needs-ordering",
        "too-many-right",
        "missing-file",
        "changes-on-return",
    ]
    back = read(written.data, ImportOptions("d.xml"))
    assert back.decks[0].cards == deck.cards[:4] + deck.cards[5:]


def test_many_cards_are_told_by_the_first_of_them() -> None:
    deck = make_deck(*({"type": "flashcard", "answer": "a"} for _ in range(101)))
    (problem,) = write(deck, {}).problems
    assert "101: “c0”" in problem.message
    assert problem.message.endswith(", …).")


def test_numbers_keep_their_tolerance(judge: Judge) -> None:
    deck = make_deck(
        {"type": "short", "answer": "3.14", "accept": ["3.141"], "match": "number", "tolerance": "0.01"},
        {"type": "short", "answer": "-2e3", "match": "number"},
        {"type": "short", "answer": "7", "match": "number", "tolerance": "0"},
        {"type": "short", "answer": "about 7", "match": "number"},
        {"type": "short", "answer": "a*b", "accept": ["*"]},
    )
    written = write(deck, {})
    assert judge(written.data) == []
    back = read(written.data, ImportOptions("d.xml")).decks[0]
    assert back == deck
    assert getattr(back.cards[0], "tolerance", None) == Decimal("0.01")
    assert getattr(back.cards[2], "tolerance", None) == 0


@pytest.mark.parametrize("title", ["Birds / Herons", "/ Herons", "A//B", "top"])
def test_titles_with_slashes_stay_one_category(judge: Judge, title: str) -> None:
    deck = make_deck({"type": "truefalse", "answer": "true"}).model_copy(update={"title": title})
    written = write(deck, {})
    assert judge(written.data) == []
    assert read(written.data, ImportOptions("d.xml")).decks[0].title == title


def test_a_cloze_without_a_prompt_is_named_by_its_text(judge: Judge) -> None:
    deck = make_deck({"type": "cloze", "prompt": "", "text": "It fell in {{1989}}."})
    written = write(deck, {})
    assert judge(written.data) == []
    assert b"<name><text>It fell in" in written.data
    assert read(written.data, ImportOptions("d.xml")).decks[0] == deck


def test_shares_add_up_to_all_of_the_mark() -> None:
    for count in range(1, 21):
        shares = share_evenly(count)
        assert shares is not None
        assert len(shares) == count
        assert round(sum(map(float, shares)), 2) == 100
    assert share_evenly(21) is None
    assert penalise(3) == "-33.33333"


@pytest.mark.parametrize("word", ["a", "x}y", "a~b", "#1", "*", "=", "50%", "\\", "<b>", "AT&T", "&", 'say "a"', "{"])
def test_any_word_can_be_a_blank(judge: Judge, word: str) -> None:
    deck = make_deck({"type": "cloze", "text": f"It is {{{{{word}|other}}}}."})
    written = write(deck, {})
    assert judge(written.data) == []
    assert read(written.data, ImportOptions("d.xml")).decks[0] == deck
    assert read_embedded(write_blank([word])).blanks == [(word,)]


@pytest.mark.parametrize(
    ("there", "instead", "told"),
    [
        (b'fraction="33.33333"', b'fraction="33.3"', "not allowed"),
        (b'fraction="33.33333"', b'fraction="50"', "add up"),
        (b'fraction="100"', b'fraction="90"', "fully right"),
        (b'format="html"', b'format="rtf"', "no format"),
        (b"<name><text>", b"<name><text> </text></name><name><text>", "the name"),
        (b"<single>true", b"<single>maybe", "unclear"),
        (b"<selecttype>ALL", b"<selecttype>SOME", "selecttype"),
        (b'type="essay"', b'type="poem"', "unknown"),
        (b"{1:SHORTANSWER:=prey}", b"{1:SHORTANSWER:prey}", "fully right"),
        (b"{1:SHORTANSWER:=prey}", b"{1:SHORTANSWER:=prey", "does not close"),
        (b"<idnumber>food", b"<idnumber>height", "twice"),
        (b'type="category"', b'type="truefalse"', "category"),
    ],
)
def test_the_judge_sees_what_moodle_would_not_take(judge: Judge, there: bytes, instead: bytes, told: str) -> None:
    sample = read_deck(DECK, "deck.yaml")
    assert isinstance(sample, DeckFile)
    data = write(sample.deck, {}).data
    assert there in data
    assert told in " ".join(judge(data.replace(there, instead)))
