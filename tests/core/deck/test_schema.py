"""The deck format: what each card type needs, and what is said where it lacks it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from quizapp.core.deck.read import DeckFile
from quizapp.core.deck.refusals import explain_refusals
from quizapp.core.deck.schema import CARD_MODELS, CARD_TYPES, Cloze, Deck, Match, Multiple, Order, Short, TrueFalse
from quizapp.core.deck.tree import read_tree
from quizapp.core.problem import Problem

Refuse = Callable[[str | bytes], tuple[Problem, ...]]
Accept = Callable[[str | bytes], DeckFile]

GOOD = {
    "flashcard": "answer: 'A *long* answer'",
    "choice": "answer: A, wrong: [B]",
    "multiple": "answers: [A, B], wrong: [C]",
    "truefalse": "answer: True",
    "short": "answer: '3.5', accept: [3.50], match: number, tolerance: 0.1",
    "cloze": "text: 'The {{Wall}} fell'",
    "order": "items: [A, B]",
    "match": "pairs: [[A, B], [C, D]]",
}


def test_every_type_has_an_example_here() -> None:
    assert set(GOOD) == set(CARD_TYPES) == set(CARD_MODELS)


@pytest.mark.parametrize("kind", CARD_TYPES)
def test_each_type_is_read(accept: Accept, head: str, kind: str) -> None:
    (card,) = accept(f"{head}  - {{id: a, type: {kind}, prompt: P, {GOOD[kind]}}}").deck.cards
    assert type(card) is CARD_MODELS[kind]


def test_values_are_converted_by_the_schema_alone(accept: Accept, head: str) -> None:
    cards = accept(
        head + "".join(f"  - {{id: c-{kind}, type: {kind}, prompt: P, {good}}}\n" for kind, good in GOOD.items())
    ).deck.cards
    by_type = {card.type: card for card in cards}
    short, truth = by_type["short"], by_type["truefalse"]
    assert isinstance(short, Short)
    assert (short.answer, short.accept, short.tolerance) == ("3.5", ("3.50",), Decimal("0.1"))
    assert isinstance(truth, TrueFalse)
    assert truth.answer is True
    assert isinstance(by_type["cloze"], Cloze)
    assert isinstance(by_type["order"], Order)
    multiple, match = by_type["multiple"], by_type["match"]
    assert isinstance(multiple, Multiple)
    assert multiple.options == ("A", "B", "C")
    assert isinstance(match, Match)
    assert match.pairs == (("A", "B"), ("C", "D"))


@pytest.mark.parametrize(
    ("kind", "fields", "code", "said"),
    [
        ("choice", "answer: A, wrong: []", "too-few", "at least 1"),
        ("choice", "answer: A, wrong: {text: B}", "wrong-shape", "must be a list"),
        ("choice", "answer: A, wrong: [a ]", "repeated-option", "“a” is listed twice"),
        ("choice", "answer: A b, wrong: [B, 'a  B']", "repeated-option", "listed twice"),
        ("choice", "answer: A, wrong: [{why: x}]", "missing-key", "Entry 1 of `wrong` of the card `a` has no `text`"),
        ("choice", "answer: A, wrong: [{text: B, wy: x}]", "unknown-key", "`why`"),
        ("multiple", "answers: [], wrong: [C]", "too-few", "at least 1"),
        ("multiple", "answers: [A], wrong: [A]", "repeated-option", "listed twice"),
        ("truefalse", "answer: yes", "wrong-value", "neither true nor false"),
        ("truefalse", "answer: [true]", "wrong-shape", "true or false"),
        ("short", "answer: A, tolerance: 1", "stray-tolerance", "match: number"),
        ("short", "answer: 1, match: number, tolerance: -1", "wrong-value", "0 or more"),
        ("short", "answer: 1, match: number, tolerance: .inf", "wrong-value", "not such a number"),
        ("short", "answer: 1, match: number, tolerance: NaN", "wrong-value", "finite"),
        ("short", "answer: 1, match: number, tolerance: [1]", "wrong-shape", "a number"),
        ("short", "answer: A, match: fuzzy", "wrong-value", "`text`, `number` or `date`"),
        ("short", "answer: A, match: [text]", "wrong-shape", "a word"),
        ("short", "answer: A, accept: B", "wrong-shape", "must be a list"),
        ("cloze", "text: no blank", "bad-cloze", "{{answer}}"),
        ("order", "items: [A]", "too-few", "at least 2"),
        ("order", "items: [A, a]", "repeated-option", "The item “a”"),
        ("match", "pairs: [[A, B]]", "too-few", "at least 2"),
        ("match", "pairs: [[A, B], [a, C]]", "repeated-option", "The left side “a”"),
        ("match", "pairs: [[A, B], [C, b]]", "nothing-to-match", "two different right sides"),
        ("match", "pairs: [[A], [C, D]]", "wrong-shape", "one side only"),
        ("match", "pairs: [[A, B, C], [C, D]]", "too-many", "At most 2"),
        ("flashcard", "answer: A, difficulty: hrad", "wrong-value", "`hard`"),
        ("flashcard", f"answer: A, hint: {'x' * 20_001}", "too-long", "At most 20000"),
        ("flashcard", f"answer: A, tags: [{','.join(['x'] * 51)}]", "too-many", "At most 50"),
        ("flashcard", 'answer: A, note: "a\\u202eb"', "hidden-character", "cannot be seen"),
        ("flashcard", "answer: A, waive: [x]", "wrong-shape", "a mapping"),
        ("flashcard", "answer: A, waive: {x: ' '}", "empty-text", "`x` of the card `a` is empty"),
        ("flashcard", "answer: A, citations: [x]", "wrong-shape", "Citation 1 of the card `a` must be a mapping"),
        ("flashcard", "answer: A, citations: [{source: x, paragraph: 0, quote: q}]", "wrong-value", "1 or more"),
        ("flashcard", "answer: A, citations: [{source: x, paragraph: 100001, quote: q}]", "wrong-value", "or less"),
        ("flashcard", "answer: A, citations: [{source: x, paragraph: one, quote: q}]", "wrong-value", "digits"),
        ("flashcard", "answer: A, citations: [{source: x, paragraph: [1], quote: q}]", "wrong-shape", "whole number"),
        (
            "flashcard",
            "answer: A, citations: [{source: x, paragraph: 1, quote: a b c d e f g h i j k l m}]",
            "quote-too-long",
            "13 words",
        ),
    ],
)
def test_what_a_card_lacks_is_told(refuse: Refuse, head: str, kind: str, fields: str, code: str, said: str) -> None:
    (problem,) = refuse(f"{head}  - {{id: a, type: {kind}, prompt: P, {fields}}}")
    assert (problem.line, problem.code) == (7, code)
    assert said in f"{problem.message} {problem.fix}"


@pytest.mark.parametrize("identifier", ["A", "a b", "a_b", "-a", "a-", "a--b", "é", "a" * 81])
def test_ids_are_slugs(refuse: Refuse, head: str, card: str, identifier: str) -> None:
    (problem,) = refuse(head + card.replace("id: wall", f"id: '{identifier}'"))
    assert problem.code in ("bad-id", "too-long")


def test_an_id_that_is_none_gets_one_suggested(refuse: Refuse, head: str, card: str) -> None:
    (problem,) = refuse(head + card.replace("wall", "Größe & Ära!"))
    assert problem.fix.endswith(": `grosse-ara`.")
    (problem,) = refuse(head + card.replace("wall", "'壁'"))
    assert problem.fix.endswith("between them.")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("format: 2", "wrong-value"),
        ("format: 1.0", "wrong-value"),
        ("format: [1]", "wrong-shape"),
        ("title: |\n  a\n  b", "several-lines"),
        ("language: english", "wrong-value"),
        ("theme: ''", "missing-key"),
        ("sources: wall", "wrong-shape"),
        ("sources: [The Wall]", "bad-id"),
    ],
)
def test_what_a_deck_lacks_is_told(refuse: Refuse, head: str, card: str, written: str, code: str) -> None:
    key = written.partition(":")[0]
    lines = [line for line in head.splitlines() if not line.startswith(f"{key}:")]
    problems = refuse("\n".join([written, *lines, card]))
    assert [problem.code for problem in problems] == [code]


@pytest.mark.parametrize("language", ["en", "pt-BR", "zh-Hans-CN", "sgn-ase"])
def test_languages_are_tags(accept: Accept, head: str, card: str, language: str) -> None:
    assert accept(head.replace("language: en", f"language: {language}") + card).deck.language == language


def test_a_deck_made_by_a_program_is_checked_the_same_way() -> None:
    with pytest.raises(ValueError, match="missing"):
        Deck.model_validate({"format": 1})


@pytest.mark.parametrize(
    "text",
    [
        "See [the page](https://example.org/{{Berlin}}).",
        "See [the page](https://example.org '{{Berlin}}').",
        "See ![the page](https://example.org/{{Berlin|Bonn}}) and {{this}}.",
        "See [the page].\n\n[the page]: https://example.org/{{Berlin}}",
        "```{{Berlin}}\ncode\n```",
        "\U000f0000 [the page](https://example.org/{{Berlin}})",
    ],
)
def test_a_blank_where_no_field_can_be_shown_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="where no field can be shown") as refusal:
        Cloze(id="a", type="cloze", text=text)
    assert [error["type"] for error in refusal.value.errors()] == ["bad-cloze"]


@pytest.mark.parametrize(
    "text",
    [
        "See [the {{Berlin}} page](https://example.org/a).",
        "[a](https://example.org): {{Berlin}} \U000f0000",
        "Use ```x``` and ```{{y}}```.",
        "a[{{1}}](b) [x]: {{y}}",
        "{{1 < 2}} [a](b) 3 > 2",
        "[" * 1000 + "](" * 1000 + "{{a}}",
    ],
)
def test_a_blank_in_words_that_are_read_is_allowed(text: str) -> None:
    assert Cloze(id="a", type="cloze", text=text).text == text


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ("type: choice\n    answer: Rome\n    wrong: [Paris, rome]", (11, 20)),
        ("type: choice\n    answer: Rome\n    wrong:\n      - Paris\n      - text: Rome", (13, 15)),
        ("type: multiple\n    answers: [Rome, Rome]\n    wrong: [Paris]", (10, 21)),
        ("type: multiple\n    answers: [Oslo, Rome]\n    wrong: [Paris, Rome]", (11, 20)),
        ("type: order\n    items: [Rome, Oslo, Rome]", (10, 25)),
        ("type: match\n    pairs: [[Rome, a], [Oslo, b], [Rome, c]]", (10, 36)),
    ],
)
def test_an_option_that_stands_there_twice_is_told_where_it_stands_again(
    refuse: Refuse, head: str, fields: str, place: tuple[int, int]
) -> None:
    (problem,) = refuse(f"{head}  - id: a\n    prompt: Which?\n    {fields}\n")
    assert (problem.code, (problem.line, problem.column)) == ("repeated-option", place)


def test_a_refusal_that_has_no_words_of_its_own_is_still_told_with_its_place() -> None:
    class Dated(BaseModel):
        when: date

    tree = read_tree("when: soon\n", "deck.yaml")
    with pytest.raises(ValidationError) as refused:
        Dated.model_validate(tree.value)
    (problem,) = explain_refusals(refused.value, tree.value or "", tree.places, "deck.yaml", "the deck", lambda _: ())
    assert (problem.line, problem.column, problem.code) == (1, 7, "wrong-value")
    assert "not right" in problem.message
