"""Moodle's GIFT becomes cards, question by question; what it has no card for is told with its line."""

from typing import Any

import pytest
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.exchange import gift
from quizapp.core.exchange.effort import Effort
from quizapp.core.exchange.model import Imported, ImportOptions


def read(text: str) -> Imported:
    return gift.read(text.encode(), ImportOptions("bank.gift.txt"))


def read_one(text: str) -> Any:
    imported = read(text)
    assert imported.decks, imported.problems
    return imported.decks[0].cards[0]


def make_deck(**card: object) -> Deck:
    head = {"format": 1, "id": "x", "title": "x", "language": "en", "theme": "x"}
    return Deck.model_validate({**head, "cards": [{"id": "a", "prompt": "p", **card}]})


def test_one_right_option_with_feedback() -> None:
    card = read_one(
        "::Hunt:: How does it hunt?{=It waits#Patience. ~It dives#A kingfisher does. ~%50%It stalks####Look!}"
    )
    assert (card.type, card.prompt, card.answer) == ("choice", "How does it hunt?", "It waits")
    assert [(option.text, option.why) for option in card.wrong] == [
        ("It dives", "A kingfisher does."),
        ("It stalks", ""),
    ]
    assert card.explanation == "Patience.\n\nLook!"


def test_several_right_options_by_weights() -> None:
    card = read_one("Which wade?{~%50%heron ~%50%egret ~%-100%swift}")
    assert (card.type, card.answers, card.wrong[0].text) == ("multiple", ("heron", "egret"), "swift")


def test_one_positive_weight_is_one_right_option() -> None:
    assert read_one("Which?{~%100%heron ~swift}").answer == "heron"


def test_several_right_answers_of_one_choice_are_told() -> None:
    imported = read("Which?{=heron =egret ~swift}")
    assert imported.decks[0].cards[0].type == "multiple"
    assert "each of its right answers was enough" in imported.problems[0].message


@pytest.mark.parametrize(("word", "truth"), [("T", True), ("TRUE", True), ("f", False), ("FALSE", False)])
def test_true_and_false(word: str, truth: bool) -> None:
    card = read_one(f"Herons wade.{{{word}#Not so.#Quite.####They do.}}")
    assert (card.answer, card.explanation) == (truth, "Not so.\n\nQuite.\n\nThey do.")


def test_short_answers_accept_what_is_wholly_right() -> None:
    imported = read("Which bird?{=heron#Yes =%100%grey heron =%50%egret =%0%*#No}")
    card: Any = imported.decks[0].cards[0]
    assert (card.type, card.answer, card.accept, card.explanation) == ("short", "heron", ("grey heron",), "Yes")
    assert "half right" in imported.problems[0].message


def test_a_wildcard_is_told() -> None:
    assert "no longer for any letters" in read("Which?{=her*}").problems[0].message


@pytest.mark.parametrize(
    ("answers", "answer", "tolerance"),
    [("#95..105", "100", "5"), ("#3.14:0.01", "3.14", "0.01"), ("#1822", "1822", "None"), ("#=4:0 =%50%4:1", "4", "0")],
)
def test_numbers_with_margins_and_ranges(answers: str, answer: str, tolerance: str) -> None:
    card = read_one(f"How many?{{{answers}}}")
    assert (card.match, card.answer, str(card.tolerance)) == ("number", answer, tolerance)


def test_several_numbers_share_the_first_margin() -> None:
    imported = read("How many?{#=4:1 =5:2 ~#Nearly}")
    card: Any = imported.decks[0].cards[0]
    assert (card.answer, card.accept) == ("4", ("5",))
    assert "tolerance of the first" in imported.problems[0].message


def test_pairs_to_match() -> None:
    imported = read("Who eats what?{=Heron -> fish =Swift->flies = -> mice}")
    card: Any = imported.decks[0].cards[0]
    assert card.pairs == (("Heron", "fish"), ("Swift", "flies"))
    assert "belong to nothing" in imported.problems[0].message


def test_a_missing_word_is_a_blank_or_a_choice() -> None:
    assert read_one("The heron is {=tall =long-legged} and grey.").text == "The heron is {{tall|long-legged}} and grey."
    assert read_one("The heron is {=tall ~round} and grey.").prompt == "The heron is \\_\\_\\_\\_\\_ and grey."
    assert read_one('How many? {#5}";').answer == "5"


def test_escapes_stand_for_themselves() -> None:
    card = read_one(r"::a\:b::Which is \{5\}?{~ \= 2 + 2 = \= 2 + 3 \#1 ~\\ \~ \: \n x}")
    assert (card.prompt, card.answer) == ("Which is {5}?", "= 2 + 3 #1")
    assert card.wrong[1].text == "\\ ~ : x"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("html", "**a** b*"),
        ("moodle", "**a** b*"),
        ("plain", "\\<b>a</b> b\\*"),
        ("markdown", "<b>a</b> b*"),
        ("", "**a** b*"),
    ],
)
def test_texts_have_formats(form: str, shown: str) -> None:
    text = f"[{form}]<b>a</b> b*" if form else "<b>a</b> b*"
    assert read_one(f"{text}{{=x}}").prompt in (shown, shown.replace("b*", "b\\*"))


def test_comments_hold_ids_and_tags() -> None:
    card = read_one("// question: 5 name: x\n// [id:heron\\]1] [tag:birds] [tag:water \\[fresh\\]]\nWhich?{=heron}")
    assert card.id == "heron-1"
    assert card.tags == ("birds", "water [fresh]")


def test_one_category_is_the_title_and_several_are_tags() -> None:
    assert read("$CATEGORY: $course$/top/Birds\n\nWhich?{=a}").decks[0].title == "Birds"
    imported = read("$CATEGORY: A//B\n\nWhich?{=a}\n\n$CATEGORY: top/C\n\nWho?{=b}")
    assert [card.tags for card in imported.decks[0].cards] == [("A/B",), ("C",)]
    assert imported.note == "2 categories became tags"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Tell of herons.{}", "essay question"),
        ("Herons are birds.", "description"),
        ("Broken {=a", "never closed"),
        ("Broken }=a", "without its {"),
        ("Broken } {", "before the {"),
        ("None right {~a ~b}", "no right answer"),
        ("None wrong {~%50%a ~%50%b}", "no wrong answer"),
        ("None {=%50%a}", "wholly right"),
        ("None {#~x}", "wholly right"),
        ("No number {#five}", "no number"),
        ("Pairs {=a->b =c}", "no ->"),
        ("Many {" + "~a" * 600 + "}", "at most 500"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_line(text: str, message: str) -> None:
    imported = read(f"\n\n{text}\n")
    assert imported.decks == ()
    assert imported.problems[0].line == 3
    assert message in imported.problems[0].message


def test_a_name_that_never_ends_is_part_of_the_text() -> None:
    assert read_one("::Which?{=a}").prompt == "Which?"


def test_cards_moodle_cannot_grade_are_essays_and_told() -> None:
    found = read_deck(DECK, "deck.yaml")
    assert isinstance(found, DeckFile)
    written = gift.write(found.deck, {})
    assert [problem.message for problem in written.problems] == [
        f"“{name}” is written as an essay question, which a person has to grade."
        for name in ("waiting", "sequence", "name")
    ]
    assert read(written.data.decode()).decks == (found.deck,)


def test_weights_are_those_moodle_knows() -> None:
    many = make_deck(type="multiple", answers=[f"r{number}" for number in range(12)], wrong=["%w", "[html]x"])
    text = gift.write(many, {}).data.decode()
    assert text.count("~%10%") == 8
    assert text.count("~%5%") == 4
    assert "[markdown][html]x" in text
    assert read(text).decks[0].cards == many.cards
    most = make_deck(type="multiple", answers=[f"r{number}" for number in range(21)], wrong=["w"])
    written = gift.write(most, {})
    assert written.problems
    assert read(written.data.decode()).decks[0].cards == most.cards


@pytest.mark.parametrize(
    "card",
    [
        {"type": "short", "answer": "a*b", "accept": ["%50%"]},
        {"type": "short", "answer": "1,000", "match": "number", "tolerance": "5"},
        {"type": "short", "answer": "1 May 1990", "match": "date"},
        {"type": "short", "answer": "5", "accept": ["6"], "match": "number"},
        {"type": "choice", "answer": "a", "wrong": ["%b"]},
        {"type": "match", "pairs": [["a -> b", "c = d"], ["e", "f"]]},
        {"type": "multiple", "answers": ["a"], "wrong": ["b"]},
    ],
)
def test_awkward_answers_come_back(card: dict[str, object]) -> None:
    deck = make_deck(**card)
    assert read(gift.write(deck, {}).data.decode()).decks[0].cards == deck.cards


def test_binary_is_refused() -> None:
    assert gift.read(b"PK\x03\x04", ImportOptions("x")).problems[0].code == "not-text"


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "text", ["{" * 500_000, "::" * 500_000, "x{~" + "~" * 500_000 + "}", "//[id:" * 100_000, "a\n\n" * 200_000]
)
def test_hostile_questions_are_read_within_limits(text: str) -> None:
    assert len(read(text).problems) <= 1_001


def test_a_question_without_end_is_cut_and_the_next_one_is_read() -> None:
    endless = "\n".join(["What wades?"] + ["and on"] * 11_000)
    imported = read(f"{endless}\n\nWhat dives?{{=A kingfisher}}\n")
    assert [card.prompt for deck in imported.decks for card in deck.cards] == ["What dives?"]
    assert imported.problems


def test_more_questions_than_are_read_at_once_are_left_out_with_their_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gift, "_MOST_BLOCKS", 150)
    text = "".join(f"::q{number}::What wades {number}?{{=a heron ~a stone}}\n\n" for number in range(300))
    imported = read(text)
    assert len(imported.decks[0].cards) == 150
    (problem,) = imported.problems
    assert (problem.code, problem.line) == ("too-many", 301)


def test_more_text_than_is_read_at_once_is_left_out_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gift, "Effort", lambda: Effort(100_000))
    asked = "What \\~ wades? " * 90
    imported = read("".join(f"::q{number}::{asked}{{=a heron ~a stone}}\n\n" for number in range(60)))
    assert 10 < len(imported.decks[0].cards) < 60
    problem = imported.problems[-1]
    assert (problem.code, problem.line) == ("file-too-large", 2 * len(imported.decks[0].cards) + 1)


def test_a_question_longer_than_any_card_is_left_out() -> None:
    read = gift.read(b"What? {=a}\n\n" + b"{" * 100_001 + b"\n", ImportOptions("long.gift"))
    assert len(read.decks[0].cards) == 1
    assert "100,000 characters" in read.problems[0].message


def test_a_brace_that_is_not_closed_costs_its_own_question_only() -> None:
    imported = read("::One:: broken {=a ~b\n::Two:: whole {=x ~y}\n::Three\\: a:: third {T}\nwith :: two colons\n")
    assert [card.prompt for card in imported.decks[0].cards][:1] == ["whole"]
    told = [problem for problem in imported.problems if problem.line == 1]
    assert ["never closed" in problem.message for problem in told] == [True]
