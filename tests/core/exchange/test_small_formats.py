"""Aiken, Quizlet's text and JSON: what they hold comes in, what they do not hold is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.exchange import aiken, deckjson, quizlet
from quizapp.core.exchange.heads import read_head
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.registry import find_format, guess_format
from quizapp.core.problem import Problem


def sample() -> Deck:
    found = read_deck(DECK, "deck.yaml")
    assert isinstance(found, DeckFile)
    return found.deck


def read_aiken(text: str) -> Imported:
    return aiken.read(text.encode(), ImportOptions("test.txt"))


def read_quizlet(text: str, separator: str = "") -> list[tuple[Any, Any]]:
    imported = quizlet.read(text.encode(), ImportOptions("set.txt", separator=separator))
    return [(card.prompt, card.answer) for deck in imported.decks for card in deck.cards]  # type: ignore[union-attr]


def read_json(value: object) -> Imported:
    return deckjson.read(json.dumps(value).encode(), ImportOptions("deck.json"))


def test_aiken_questions_have_lettered_options() -> None:
    imported = read_aiken(
        "Which bird\nwades?\nA) The heron\nB. The swift\nC)None\nANSWER: A\n\nRound?\nA) True\nB) False\nanswer: b\n"
    )
    first, second = imported.decks[0].cards
    assert (first.prompt, first.answer) == ("Which bird\\\nwades?", "The heron")  # type: ignore[union-attr]
    assert [option.text for option in first.wrong] == ["The swift", "None"]  # type: ignore[union-attr]
    assert (second.type, second.answer) == ("truefalse", False)  # type: ignore[union-attr]


def test_aiken_with_several_right_letters() -> None:
    card: Any = read_aiken("Which?\nA) x\nB) y\nC) z\nANSWER: A, C\n").decks[0].cards[0]
    assert card.answers == ("x", "z")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A) x\nB) y\nANSWER: A\n", "no question"),
        ("Which?\nA) x\nANSWER: A\n", "fewer than two"),
        ("Which?\nA) x\nB) y\nANSWER: D\n", "none of its options"),
        ("Which?\nA) x\nB) y\nANSWER: both\n", "none of its options"),
        ("Which?\nA) x\nB) y\n", "no line such as"),
        ("ANSWER: A\n", "no question"),
        ("Which?\n" * 300 + "A) x\nB) y\nANSWER: A\n", "too long"),
    ],
)
def test_broken_aiken_questions_are_told_with_their_line(text: str, message: str) -> None:
    imported = read_aiken(f"\n{text}")
    assert imported.decks == ()
    assert imported.problems[0].line == 2
    assert message in imported.problems[0].message


def test_a_question_without_an_answer_does_not_swallow_the_next() -> None:
    imported = read_aiken("Lost?\nA) x\nB) y\nFound?\nA) z\nB) w\nANSWER: B\n")
    assert [card.prompt for card in imported.decks[0].cards] == ["Found?"]
    assert imported.problems[0].line == 1


def test_aiken_writes_what_it_can_and_tells_the_rest() -> None:
    deck = sample()
    written = aiken.write(deck, {})
    assert b"A) 100 cm\nB) 200 cm\nC) 50 cm\nANSWER: A" in written.data
    codes = {problem.message.split("”")[0].strip("“"): problem.code for problem in written.problems}
    assert codes["height"] == "left-behind"
    assert codes["food"] == "not-written"
    odd = deck.model_copy(update={"cards": (deck.cards[0].model_copy(update={"prompt": "A) What?"}),)})
    assert aiken.write(odd, {}).data == b""
    bare = read_aiken("Which?\nA) x\nB) y\nANSWER: A\n").decks[0]
    assert aiken.write(bare, {}).problems == ()


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("heron\ta bird\npike\ta fish\n", ""),
        ("heron - a bird\npike - a fish", ""),
        ("heron,a bird;pike,a fish;", ""),
        ("heron\ta bird\n\npike\ta fish", ""),
        ("heron\ta bird;\n\npike\ta fish", ""),
        ("heron::a bird\npike::a fish", "::"),
        ("heron=a bird\r\npike=a fish\r\n", ""),
    ],
)
def test_quizlet_sides_are_parted_by_whatever_was_chosen(text: str, separator: str) -> None:
    assert read_quizlet(text, separator) == [("heron", "a bird"), ("pike", "a fish")]


def test_quizlet_definitions_may_have_several_lines() -> None:
    assert read_quizlet("heron\ta bird\nthat wades\npike\ta fish\n") == [
        ("heron", "a bird\\\nthat wades"),
        ("pike", "a fish"),
    ]


def test_quizlet_rows_without_a_side_are_told() -> None:
    imported = quizlet.read(b"\n\nheron\n\tbird\npike\ta fish\n", ImportOptions("set.txt"))
    assert [problem.line for problem in imported.problems] == [3, 4]
    assert quizlet.read(b"\x1f\x8b", ImportOptions("x")).problems[0].code == "not-text"


def test_quizlet_text_is_written_a_row_for_each_card() -> None:
    deck = sample()
    written = quizlet.write(deck, {})
    rows = [line.split("\t") for line in written.data.decode().splitlines()]
    assert ["In winter many herons stay where they are.", "False"] in rows
    assert ["Fill in the blanks. It waits ___ moving for its ___.", "without; prey"] in rows
    assert ["What belongs together?", "Winter – the south; Water – fish"] in rows
    assert len(rows) == len(written.problems) == len(deck.cards)
    bare = quizlet.read(b"heron\ta bird", ImportOptions("x")).decks[0]
    assert quizlet.write(bare, {}).problems == ()


def test_json_holds_a_deck_several_or_cards() -> None:
    deck = sample()
    whole = json.loads(deckjson.write(deck, {}).data)
    assert read_json(whole).decks == (deck,)
    assert len(read_json([whole, {**whole, "id": "two"}]).decks) == 2
    assert len(read_json({"decks": [whole]}).decks) == 1
    assert read_json(whole["cards"]).decks[0].cards == deck.cards


def test_json_numbers_and_truths_are_taken_as_written() -> None:
    imported = read_json([{"type": "short", "prompt": "p", "answer": 1.50, "match": "number", "hint": None}])
    assert imported.decks[0].cards[0].answer == "1.5"  # type: ignore[union-attr]
    assert read_json([{"type": "truefalse", "prompt": "p", "answer": True}]).decks[0].cards[0].answer is True  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[]", "[1]", "null", "[" * 100_000, '{"cards": [1]}', "\x00\x01"])
def test_other_json_is_told(text: str) -> None:
    imported = deckjson.read(text.encode(), ImportOptions("x.json"))
    assert imported.decks == ()
    assert imported.problems


def test_json_that_is_deep_or_binary_is_refused() -> None:
    deep: object = "x"
    for _ in range(30):
        deep = [deep]
    assert read_json({"cards": [{"type": "short", "prompt": deep}]}).problems[0].code == "too-deep"
    assert deckjson.read(b"PK\x03\x04", ImportOptions("x")).problems[0].code == "not-text"


def test_a_deck_file_is_read_and_may_be_renamed() -> None:
    options = ImportOptions("deck.yaml", deck_id="other", title="Other")
    imported = deckjson.read_yaml(DECK, options)
    assert (imported.decks[0].id, imported.decks[0].title) == ("other", "Other")
    assert deckjson.read_yaml(b"nonsense", options).problems


@pytest.mark.parametrize("line", ["", "1", "{", "[" * 100_000, '{"tags": [1], "waive": 2, "id": 3}'])
def test_a_head_that_makes_no_sense_says_nothing(line: str) -> None:
    assert read_head(line) == {}


@pytest.mark.parametrize(
    ("text", "file", "name"),
    [
        ("a\tb", "x.txt", "tsv"),
        ("a,b\nc,d", "x.txt", "csv"),
        ("a;b", "x.CSV", "csv"),
        ("a\tb", "x.tab", "tsv"),
        ("heron - bird", "x.txt", "quizlet"),
        ("#separator:tab\nx", "x.txt", "anki-text"),
        ("#guid column:1\nx", "x.csv", "anki-text"),
        ("Q?\nA) x\nB) y\nANSWER: A", "x.txt", "aiken"),
        ("Q?{=a}", "x.txt", "gift"),
        ("::n::Q?{T}", "x.gift", "gift"),
        ('{"cards": []}', "x", "json"),
        ("format: 1\ncards:\n", "x.yaml", "yaml"),
        ("", "", "quizlet"),
    ],
)
def test_a_format_is_known_by_its_look(text: str, file: str, name: str) -> None:
    assert guess_format(text.encode(), file).name == name
    assert guess_format(text.encode("utf-16"), file).name == name


@pytest.mark.parametrize("text", [b"[" * 500_001, b"{" * 500_001, b'{"cards": [' + b"1," * 2_000_001 + b"1]}"], ids=len)
def test_json_with_more_than_any_deck_holds_is_refused_unread(text: bytes) -> None:
    (problem,) = deckjson.read(text, ImportOptions("cards.json")).problems
    assert problem.code == "too-many"
    assert "Split" in problem.fix


@pytest.mark.parametrize("name", ["anki-text", "gift", "json"])
def test_half_a_character_that_json_can_spell_is_mended(name: str) -> None:
    card = r'"cards": [{"id": "a", "type": "flashcard", "prompt": "a\ud800", "answer": "b"}]'
    texts = {
        "anki-text": '#separator:tab\n#quizapp:{"theme": "nature\\ud800", "tags": ["x\\udfff"]}\na\tb\n',
        "gift": '// quizapp: {"title": "Birds\\ud800"}\n\n::a::b{T}\n',
        "json": '{"title": "Birds\\ud800", ' + card + "}",
    }
    form = find_format(name)
    assert form is not None
    (deck,) = form.read(texts[name].encode(), ImportOptions("a.txt")).decks
    assert "\ufffd" in deck.model_dump_json()


def test_of_an_aiken_file_without_end_so_many_questions_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiken, "_MOST_QUESTIONS", 3)
    imported = read_aiken("Q\nA) a\nB) b\nANSWER: A\n\n" * 5)
    assert len(imported.decks[0].cards) == 3
    (problem,) = imported.problems
    assert (problem.code, problem.line) == ("too-many", 16)
    whole = read_aiken("Q\nA) a\nB) b\nANSWER: A\n\n" * 3)
    assert whole.problems == ()


def _take(read: Callable[[bytes, ImportOptions], Imported], text: str) -> tuple[list[tuple[str, str]], list[Problem]]:
    imported = read(text.encode(), ImportOptions("list.txt"))
    cards = imported.decks[0].cards if imported.decks else ()
    return [(card.prompt, str(getattr(card, "answer", ""))) for card in cards], list(imported.problems)


@pytest.mark.parametrize(
    "options",
    ["a) one\nb) two", "a. one\nb. two", "(a) one\n(b) two", "[A] one\n[B] two", "A ) one\nB ) two", "A: one\nB: two"],
)
@pytest.mark.parametrize("answer", ["ANSWER: B", "answer: b", "Answer : b)", "ANSWER: B) two", "ANSWER: B."])
def test_aiken_as_people_type_it(options: str, answer: str) -> None:
    cards, problems = _take(aiken.read, f"Which one?\n{options}\n{answer}\n\nAnd?\n{options}\n{answer}")
    assert (cards, problems) == ([("Which one?", "two"), ("And?", "two")], [])


@pytest.mark.parametrize(
    "options",
    [
        "*a) one\nb) two\nc) three",
        "* A. one\nB. two\nC. three",
        "a) one *\nb) two\nc) three",
        "a) two\n✓ b) one\nc) three",
        "(a) **one**\n(b) two\n(c) three",
        "A) one (correct)\nB) two\nC) three",
    ],
)
def test_the_right_option_may_be_marked_instead_of_named(options: str) -> None:
    text = f"Which one?\n{options}\n\nAnd?\n{options}\n"
    assert _take(aiken.read, text) == ([("Which one?", "one"), ("And?", "one")], [])
    assert guess_format(text.encode(), "quiz.txt").name == "aiken"


def test_two_marked_options_are_both_right_and_a_mark_on_all_marks_none() -> None:
    card: Any = read_aiken("Which?\n*A) x\nB) y\n*C) z\n").decks[0].cards[0]
    assert (card.answers, [option.text for option in card.wrong]) == (("x", "z"), ["y"])
    text = "Which?\n* A) x\n* B) y\n"
    (problem,) = read_aiken(text).problems
    assert "no option marked" in problem.message
    assert guess_format(text.encode(), "quiz.txt").name != "aiken"


def test_a_line_that_names_the_answer_stands_above_marks() -> None:
    card: Any = read_aiken("Which?\nA) x *\nB) y\nCorrect answer: B\n").decks[0].cards[0]
    assert (card.answer, [option.text for option in card.wrong]) == ("y", [r"x \*"])


@pytest.mark.parametrize("number", ["%d. ", "%d) ", "Question %d: ", "Q%d. "])
def test_numbers_before_all_questions_are_no_part_of_them(number: str) -> None:
    questions = ("How many?\nA) 1\nB) 2\nANSWER: A\n", "1984. What was it?\nA) x\nB) y\nANSWER: B\n")
    cards, problems = _take(aiken.read, "\n".join(number % (7 + at) + text for at, text in enumerate(questions)))
    assert ([prompt for prompt, _ in cards], problems) == (["How many?", r"1984\. What was it?"], [])
    alone, _ = _take(aiken.read, "\n".join(questions))
    assert alone[1][0] == r"1984\. What was it?"


def test_aiken_that_is_no_text_is_refused() -> None:
    (problem,) = aiken.read(b"\x89PNG\r\n\0\0" * 200, ImportOptions("a.txt")).problems
    assert problem.severity == "error"


def test_words_that_could_name_an_answer_may_begin_a_question() -> None:
    cards, problems = _take(aiken.read, "Key: what opens it?\nA) one\nB) two\nKey: B\n")
    assert (cards, problems) == ([("Key: what opens it?", "two")], [])


def test_a_table_with_lettered_cells_is_no_list_of_marked_options() -> None:
    assert guess_format(b"Which?\nA) x *\tB\nB) y\tC\n", "list.txt").name == "tsv"


def test_a_letter_that_is_not_the_next_begins_no_option_of_aiken() -> None:
    cards, problems = _take(aiken.read, "What is\nc. 1900 in a. d.?\na. one\nb. two\nANSWER: A")
    assert (cards[0][1], problems) == ("one", [])
    assert "1900" in cards[0][0]


def test_aiken_of_an_old_mac_is_known_by_its_look() -> None:
    data = b"What?\rA) one\rB) two\rANSWER: B\r"
    assert guess_format(data, "list.txt").name == "aiken"
    assert guess_format(b"what?\na. one\nb. two\nanswer: b\n", "list.txt").name == "aiken"


@pytest.mark.parametrize(
    "text",
    [
        "cat###chat@@@dog###chien@@@fox###renard@@@",
        "cat :: chat || dog :: chien || fox :: renard",
        "cat\n\nchat;;;dog\n\nchien;;;fox\n\nrenard;;;",
        "cat => chat\ndog => chien\nfox => renard",
        "cat >>> chat\ndog >>> chien\nfox >>> renard",
        "cat, chat %% dog, chien %% fox, renard %%",
    ],
)
def test_quizlet_with_marks_of_ones_own(text: str) -> None:
    cards, problems = _take(quizlet.read, text)
    assert (cards, problems) == ([("cat", "chat"), ("dog", "chien"), ("fox", "renard")], [])


def test_marks_that_part_nothing_are_no_marks_of_quizlet() -> None:
    cards, problems = _take(quizlet.read, "Wait ... what ... is ... this?!")
    assert (cards, [problem.code for problem in problems]) == ([], ["bad-row"])
