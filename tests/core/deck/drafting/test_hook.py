"""What a language model is asked, and what of its answer is taken."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.drafting import read_passages
from quizapp.core.deck.drafting.hook import HookError, read_answer, write_request
from quizapp.core.source.document import Block, Source

TEXT = "The wall fell in 1989. People danced on it. People danced on it again."
SOURCE = Source("wall", "The Wall", "en", "article", None, None, None, None, None, (Block("paragraph", 0, 1, TEXT, 1),))
PASSAGES = read_passages(SOURCE)
CARD = {"type": "short", "prompt": "In which year did the wall fall?", "answer": 1989, "match": "date"}


def _entry(**more: object) -> dict[str, object]:
    return {"paragraph": 1, "kind": "date", "quote": "fell in 1989", "card": CARD, **more}


def _read(*entries: object) -> Any:
    return read_answer(json.dumps({"suggestions": entries}).encode(), SOURCE, PASSAGES)


def test_the_request_holds_the_text_in_numbered_paragraphs() -> None:
    request = write_request(SOURCE, PASSAGES)
    assert request is not None
    assert json.loads(request) == {
        "contract": 1,
        "source": {"id": "wall", "title": "The Wall", "language": "en"},
        "paragraphs": [{"number": 1, "text": TEXT}],
        "wanted": {"kinds": ["date", "name", "motive"], "most": 60},
    }


def test_a_text_that_is_too_long_is_not_sent(make_source: Callable[..., Source]) -> None:
    source = make_source(*["word " * 1000] * 300)
    assert write_request(source, read_passages(source)) is None


def test_a_good_suggestion_is_taken_with_our_id_and_citation() -> None:
    card = {**CARD, "id": "../../evil", "citations": [{"source": "x"}], "waive": {"no-hint": "no"}}
    answered = _read(_entry(card=card))
    (one,) = answered.suggestions
    assert answered.refused == 0
    assert one.card.id.startswith("p1-model-m")
    assert one.card.answer == "1989"
    assert (one.card.citations[0].source, one.card.citations[0].quote) == ("wall", "fell in 1989")
    assert one.parts == ("The wall ", "fell in 1989", ".")
    assert one.card.waive == {}


def test_a_quote_over_the_end_of_a_sentence_stands_alone() -> None:
    (one,) = _read(_entry(quote="in 1989. People")).suggestions
    assert one.parts == ("", "in 1989. People", "")


def test_the_same_suggestion_twice_is_one() -> None:
    assert len(_read(_entry(), _entry()).suggestions) == 1


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        "text",
        {},
        _entry(paragraph=2),
        _entry(paragraph=0),
        _entry(paragraph="1"),
        _entry(kind="gossip"),
        _entry(quote="fell in 1990"),
        _entry(quote="People danced on it"),
        _entry(quote=""),
        _entry(quote="w " * 20),
        _entry(card=[]),
        _entry(card={}),
        _entry(card={"type": "essay", "prompt": "Why?"}),
        _entry(card={**CARD, "answer": ""}),
        _entry(card={**CARD, "answer": None}),
        _entry(card={**CARD, "colour": "red"}),
        _entry(card={**CARD, "prompt": "x\u202e" * 3}),
        _entry(card={**CARD, "type": "choice", "wrong": ["1989"]}),
        _entry(card={**CARD, "prompt": "\ud800"}),
    ],
)
def test_a_bad_suggestion_is_dropped_and_spoils_no_other(entry: object) -> None:
    answered = _read(entry, _entry())
    assert (len(answered.suggestions), answered.refused) == (1, 1)


def test_options_and_truths_are_read_as_the_deck_format_has_them() -> None:
    choice = {
        "type": "choice",
        "prompt": "When did it fall?",
        "answer": 1989,
        "wrong": [1990, {"text": "1991", "why": "No."}],
    }
    truth = {"type": "truefalse", "prompt": "It fell in 1989.", "answer": True}
    cards = [one.card for one in _read(_entry(card=choice), _entry(card=truth)).suggestions]
    assert [card.type for card in cards] == ["choice", "truefalse"]
    assert [option.text for option in cards[0].wrong] == ["1990", "1991"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b'"x"',
        b'{"suggestions": 3}',
        b"[" * 100_000,
        b'{"suggestions": [%s]}' % (b"1," * 100 + b"1"),
    ],
)
def test_what_is_not_the_contract_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(HookError):
        read_answer(data, SOURCE, PASSAGES)


def test_an_answer_without_suggestions_is_one() -> None:
    assert _read() == read_answer(b'{"suggestions": []}', SOURCE, PASSAGES)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["paragraph", "kind", "quote", "card", "type", "x"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_answer_is_too_odd(value: object) -> None:
    assert _read(value).refused == 1
