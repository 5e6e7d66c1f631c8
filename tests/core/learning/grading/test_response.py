import pytest

from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import LONGEST_TYPED, Response, parse_response
from quizapp.core.learning.memory import Rating

CARDS = {
    "flashcard": {"type": "flashcard", "answer": "Pyongyang"},
    "choice": {"type": "choice", "answer": "1991", "wrong": ["1985", {"text": "1989", "why": "The wall fell."}]},
    "multiple": {"type": "multiple", "answers": ["USSR", "China"], "wrong": ["Cuba", "Chile"]},
    "truefalse": {"type": "truefalse", "answer": "true"},
    "short": {"type": "short", "answer": "Pyongyang"},
    "cloze": {"type": "cloze", "text": "The {{Soviet Union|USSR}} ended in {{1991}}."},
    "order": {"type": "order", "items": ["one", "two", "three"]},
    "match": {"type": "match", "pairs": [["a", "1"], ["b", "2"], ["c", "1"]]},
}

FITTING = [
    ("flashcard", None, ()),
    ("flashcard", "", ()),
    ("choice", "1985", ("1985",)),
    ("choice", " 1985 ", ("1985",)),
    ("multiple", [], ()),
    ("multiple", ["Cuba", "USSR"], ("USSR", "Cuba")),
    ("multiple", ("ussr",), ("USSR",)),
    ("truefalse", True, ("true",)),
    ("truefalse", False, ("false",)),
    ("short", "", ("",)),
    ("short", " pyong ", (" pyong ",)),
    ("short", "x" * LONGEST_TYPED, ("x" * LONGEST_TYPED,)),
    ("short", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ✓", ("𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ✓",)),
    ("cloze", ["USSR", ""], ("USSR", "")),
    ("order", ["three", "one", "two"], ("three", "one", "two")),
    ("match", {"b": "1", "a": "2", "c": "2"}, ("2", "1", "2")),
]

UNFITTING = [
    ("flashcard", "Pyongyang"),
    ("flashcard", []),
    ("choice", "1992"),
    ("choice", ""),
    ("choice", None),
    ("choice", ["1985"]),
    ("choice", 1985),
    ("multiple", "USSR"),
    ("multiple", None),
    ("multiple", {"USSR": True}),
    ("multiple", ["Peru"]),
    ("multiple", ["USSR", "ussr"]),
    ("multiple", ["USSR"] * 5),
    ("multiple", [["USSR"]]),
    ("truefalse", "true"),
    ("truefalse", 1),
    ("truefalse", None),
    ("short", None),
    ("short", 1991),
    ("short", ["Pyongyang"]),
    ("short", "x" * (LONGEST_TYPED + 1)),
    ("short", "ﷺ" * 5_000),
    ("short", "a\x00b"),
    ("short", "a\ud800b"),
    ("cloze", ["\ufdfa" * 600] * 2),
    ("cloze", "USSR"),
    ("cloze", []),
    ("cloze", ["USSR"]),
    ("cloze", ["USSR", "1991", "1992"]),
    ("cloze", ["USSR", 1991]),
    ("cloze", ["x" * 6_000, "x" * 6_000]),
    ("order", None),
    ("order", []),
    ("order", ["one", "two"]),
    ("order", ["one", "two", "two"]),
    ("order", ["one", "two", "four"]),
    ("order", ["one", "two", "three", "one"]),
    ("match", None),
    ("match", [["a", "1"], ["b", "2"], ["c", "1"]]),
    ("match", {}),
    ("match", {"a": "1", "b": "2"}),
    ("match", {"a": "1", "b": "2", "c": "3"}),
    ("match", {"a": "1", "b": "2", "c": None}),
    ("match", {"a": "1", "b": "2", "d": "1"}),
    ("match", {"a": "1", "b": "2", "c": "1", "d": "1"}),
    ("match", {"a": "1", "A": "1", "b": "2"}),
    ("match", {1: "1", "b": "2", "c": "1"}),
]


@pytest.mark.parametrize(("kind", "raw", "texts"), FITTING)
def test_a_fitting_answer_is_read_in_the_order_of_the_card(make_card, kind, raw, texts):
    rating = 3 if kind == "flashcard" else None
    assert parse_response(make_card(**CARDS[kind]), raw, rating) == Response(texts, rating and Rating(rating))


@pytest.mark.parametrize(("kind", "raw"), UNFITTING)
def test_any_other_answer_is_refused_with_a_sentence_about_it(make_card, kind, raw):
    with pytest.raises(Invalid) as caught:
        parse_response(make_card(**CARDS[kind]), raw, 3)
    assert list(caught.value.fields) == ["response"]
    assert caught.value.fields["response"].endswith(".")


@pytest.mark.parametrize("rating", [None, 0, 5, "3", True])
def test_a_flashcard_needs_a_rating(make_card, rating):
    with pytest.raises(Invalid) as caught:
        parse_response(make_card(**CARDS["flashcard"]), None, rating)
    assert list(caught.value.fields) == ["rating"]


def test_a_rating_of_any_other_card_is_not_looked_at(make_card):
    assert parse_response(make_card(**CARDS["truefalse"]), True, "nonsense").rating is None
