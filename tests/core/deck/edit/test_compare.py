"""What differs between two versions, for people to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.edit.compare import (
    Kind,
    Run,
    changes_answer,
    compare_contents,
    compare_models,
    compare_texts,
    show_value,
)
from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.schema import Cloze, DeckHead, Flashcard, Match, Short

HEAD = DeckHead(format=1, id="a", title="A", language="en", theme="t")


def _card(card_id: str, prompt: str = "p") -> Flashcard:
    return Flashcard(id=card_id, type="flashcard", prompt=prompt, answer="x")


def _content(*cards: Flashcard, head: DeckHead = HEAD) -> Content:
    return Content(head, cards)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_runs_hold_both_texts_whole(old: str, new: str) -> None:
    runs = compare_texts(old, new)
    assert "".join(text for run, text in runs if run is not Run.PUT) == old
    assert "".join(text for run, text in runs if run is not Run.TAKEN) == new


def test_words_are_told_apart() -> None:
    runs = compare_texts("How tall is it?", "How high is it?")
    assert runs == ((Run.SAME, "How "), (Run.TAKEN, "tall"), (Run.PUT, "high"), (Run.SAME, " is it?"))


def test_texts_beyond_reason_are_exchanged_as_a_whole() -> None:
    old, new = "a b " * 2000, "b a " * 2000
    assert compare_texts(old, new) == ((Run.TAKEN, old), (Run.PUT, new))
    assert compare_texts("", new) == ((Run.PUT, new),)


def test_cards_come_change_move_and_go() -> None:
    old = _content(_card("a"), _card("b"), _card("c"), _card("d"))
    new = _content(_card("d"), _card("a"), _card("b", "q"), _card("e"), head=HEAD.model_copy(update={"title": "B"}))
    difference = compare_contents(old, new)
    assert [(one.id, one.kind) for one in difference.cards] == [
        ("d", Kind.MOVED),
        ("b", Kind.CHANGED),
        ("e", Kind.NEW),
        ("c", Kind.GONE),
    ]
    assert [change.field for change in difference.head] == ["title"]
    assert difference
    assert not compare_contents(old, old)


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({"prompt": "q"}, False),
        ({"hint": "q"}, False),
        ({"tags": ["q"]}, False),
        ({"answer": "q"}, True),
        ({"accept": ["q"]}, True),
        ({"match": "date"}, True),
    ],
)
def test_only_what_counts_as_right_changes_the_answer(fields: dict[str, object], changes: bool) -> None:
    card = Short(id="a", type="short", prompt="p", answer="x")
    assert changes_answer(card, Short.model_validate(card.model_dump() | fields)) is changes


def test_the_words_around_a_blank_are_wording_and_its_answers_are_the_answer() -> None:
    card = Cloze(id="a", type="cloze", text="It {{fell|ended}}.")
    assert not changes_answer(card, card.model_copy(update={"text": "At last it {{fell|ended}}."}))
    assert changes_answer(card, card.model_copy(update={"text": "It {{fell}}."}))
    assert changes_answer(card, _card("a"))


def test_values_are_shown_as_lines() -> None:
    match = Match(id="a", type="match", prompt="p", pairs=(("a", "b"), ("c", "d")))
    shown = {change.field: "".join(text for _, text in change.runs) for change in compare_models(None, match)}
    assert shown["pairs"] == "a → b\nc → d"
    assert show_value(True) == "true"
    assert show_value(False) == "false"
    assert show_value([{"source": "s", "paragraph": 4}]) == "source: s; paragraph: 4"
    assert show_value(7) == "7"


def test_citations_are_named_by_title_paragraph_and_quote_and_sources_by_title() -> None:
    cited = {"source": "wall", "paragraph": 4, "quote": "it fell"}
    old = Short.model_validate({"id": "a", "type": "short", "prompt": "p", "answer": "x", "citations": [cited]})
    new = Short.model_validate(old.model_dump() | {"citations": [cited | {"source": "other"}]})
    titles = {"wall": "The Wall"}
    (change,) = compare_models(old, new, titles)
    assert "".join(text for run, text in change.runs if run != Run.PUT) == "The Wall, ¶ 4: “it fell”"
    assert "".join(text for run, text in change.runs if run != Run.TAKEN) == "other, ¶ 4: “it fell”"
    (change,) = compare_models(HEAD, HEAD.model_copy(update={"sources": ("wall", "other")}), titles)
    assert change.runs[-1] == (Run.PUT, "The Wall\nother")


def test_sources_of_the_same_title_are_told_apart_by_their_ids() -> None:
    head = HEAD.model_copy(update={"sources": ("one",)})
    (change,) = compare_models(head, head.model_copy(update={"sources": ("two",)}), {"one": "A", "two": "A"})
    assert change.runs == ((Run.TAKEN, "one"), (Run.PUT, "two"))
