"""Anki's text files become cards by the rules of their heads, and what changed in Anki is seen."""

from typing import Any

import pytest
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.exchange import ankitext
from quizapp.core.exchange.ankitext_head import read_anki_head
from quizapp.core.exchange.model import Imported, ImportOptions


def read(text: str, **options: str) -> Imported:
    return ankitext.read(text.encode(), ImportOptions("notes.txt", **options))


def write_sample() -> str:
    found = read_deck(DECK, "deck.yaml")
    assert isinstance(found, DeckFile)
    return ankitext.write(found.deck, {}).data.decode()


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("tab", "\t"),
        ("Comma", ","),
        (";", ";"),
        ("\\t", "\t"),
        ("pipe", "|"),
        ("space", " "),
        ("colon", ":"),
        ("odd", ""),
    ],
)
def test_the_head_names_the_separator(said: str, sign: str) -> None:
    assert read_anki_head(f"#separator:{said}\na").separator == sign


def test_all_lines_of_the_head_are_read() -> None:
    head = read_anki_head(
        "#separator:;\n#html:true\n#tags:a b\n#columns:x;y;z\n#notetype:Basic\n#deck:A::B\n#guid column:1\n"
        "#notetype column:2\n#deck column:3\n#tags column:9\n#if matches:keep both\n# a comment\n#deck column:none\nq;a"
    )
    assert (head.separator, head.is_html, head.tags, head.labels) == (";", True, ("a", "b"), ("x", "y", "z"))
    assert (head.notetype, head.deck) == ("Basic", "A::B")
    assert head.columns == {"guid": 0, "notetype": 1, "deck": 2, "tags": 8}
    assert head.lines == 13


def test_an_old_file_begins_with_its_tags() -> None:
    card = read("tags:a b\nq\ta\n").decks[0].cards[0]
    assert card.tags == ("a", "b")


def test_columns_find_their_fields() -> None:
    imported = read(
        "#separator:comma\n#html:true\n#columns:id,Back,Front,More,Tags\n#guid column:1\n#tags column:5\n"
        "k%1,<b>a</b>,q,m,t_1 t2\n"
    )
    card: Any = imported.decks[0].cards[0]
    assert (card.prompt, card.answer, card.explanation, card.tags) == ("q", "**a**", "m", ("t_1", "t2"))
    assert card.id == "k-1"


def test_each_deck_named_becomes_a_deck() -> None:
    imported = read("#deck column:3\nq\ta\tA::B\nr\tb\tC\ns\tc\tA::B\n")
    assert [(deck.title, len(deck.cards)) for deck in imported.decks] == [("A – B", 2), ("C", 1)]
    assert [deck.id for deck in imported.decks] == ["a-b", "c"]
    crowd = read("#deck column:3\n" + "".join(f"q{n}\ta\td{n}\n" for n in range(150)))
    assert len(crowd.decks) == 100
    mine = read("#deck column:3\nq\ta\tA\nr\tb\tB\n", deck_id="mine")
    assert [deck.id for deck in mine.decks] == ["mine-a", "mine-b"]


def test_clozes_become_a_card_for_each_number() -> None:
    imported = read(
        "#html:true\n#guid column:2\nThe {{c1::heron}} and the {{c1::egret::bird}} eat {{c2::fish|x}}\tg\tsee\n"
    )
    texts = [(card.id, card.text, card.explanation) for card in imported.decks[0].cards]  # type: ignore[union-attr]
    assert texts == [
        ("g-c1", "The {{heron}} and the {{egret}} eat fish|x", "see"),
        ("g-c2", "The heron and the egret eat {{fish x}}", "see"),
    ]


def test_typed_notes_are_short_answers() -> None:
    head = "#notetype:Basic (type in the answer)\n"
    card: Any = read(f"{head}q\ta\n").decks[0].cards[0]
    assert (card.type, card.answer) == ("short", "a")
    card = read(f"{head}#html:true\nq\t<i>a</i>\n").decks[0].cards[0]
    assert (card.type, card.answer) == ("short", "a")


def test_html_is_guessed_and_plain_text_stays() -> None:
    assert read("q <b>x</b>\ta\n").decks[0].cards[0].prompt == "q **x**"
    assert read("#html:false\nq <b>x</b>\ta\n").decks[0].cards[0].prompt == "q \\<b>x</b>"
    assert read('#separator:tab\n"q\nr"\ta\n', separator='"').decks[0].cards[0].prompt == "q\\\nr"


def test_notes_that_ask_or_answer_nothing_are_told() -> None:
    imported = read("#html:true\nq\t\n\ta\n" + "x\t" * 300 + "\n" + '"' + "y" * 140_000 + "\n")
    assert imported.decks == ()
    assert [problem.line for problem in imported.problems] == [2, 3, 4, 5]


def test_the_deck_is_read_again_with_its_head() -> None:
    found = read_deck(DECK, "deck.yaml")
    assert isinstance(found, DeckFile)
    assert read(write_sample()).decks == (found.deck,)


def test_what_was_changed_in_anki_counts_where_it_can_be_told() -> None:
    text = write_sample()
    text = text.replace("How tall is a grey heron", "How high is a grey heron")
    text = text.replace("<p>The grey heron</p><hr>", "<p>A heron</p><hr>")
    text = text.replace("It waits {{c1::without}}", "It stands {{c1::without}}")
    text = text.replace("\tFalse<hr>", "\tTrue<hr>")
    text = text.replace("<p>[end of Quizapp's lines]", "[end of Quizapp's lines]").replace("\tsize\n", "\tsize more\n")
    imported = read(text)
    cards: dict[str, Any] = {card.id: card for card in imported.decks[0].cards}
    assert cards["height"].prompt == "How high is a grey heron at most?"
    assert cards["height"].tags == ("size", "more")
    assert cards["name"].answer == "A heron"
    assert cards["name"].explanation == "See the title."
    assert cards["winter"].answer is False
    assert [problem.code for problem in imported.problems] == ["changed-elsewhere"] * 2


def test_lines_that_no_longer_make_a_card_leave_the_note_as_it_stands() -> None:
    text = write_sample().replace("Answer: The grey heron", "Answerr: The grey heron")
    names = [card.type for card in read(text).decks[0].cards]
    assert names[-1] == "flashcard"
    broken = write_sample().replace("Wrong: 200 cm<br>", "").replace("Wrong: 50 cm<br>", "")
    assert read(broken).decks[0].cards[0].type == "flashcard"


def test_binary_is_refused() -> None:
    assert ankitext.read(b"PK\x03\x04", ImportOptions("x")).problems[0].code == "not-text"


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "text", ["#" * 500_000, "#a:b\n" * 200_000, "{{c1::" * 200_000 + "\tx", "#columns:" + "\t" * 900_000 + "\na\tb"]
)
def test_hostile_files_are_read_within_limits(text: str) -> None:
    assert len(read(text).problems) <= 1_001


def test_a_question_whose_markdown_goes_along_may_still_be_changed() -> None:
    found = read_deck(DECK.replace(b"Which bird is the text about?", b"__Which__ bird?"), "deck.yaml")
    assert isinstance(found, DeckFile)
    text = ankitext.write(found.deck, {}).data.decode()
    assert read(text).decks == (found.deck,)
    changed = read(text.replace("<strong>Which</strong>", "<strong>What</strong>"))
    assert changed.decks[0].cards[-1].prompt == "**What** bird?"


def test_a_plain_note_is_taken_as_it_stands_and_a_marked_one_is_escaped() -> None:
    plain, marked = read("What wades?\tA heron\nWhat is 2*3*4?\t24\n").decks[0].cards
    assert (plain.prompt, plain.answer) == ("What wades?", "A heron")  # type: ignore[union-attr]
    assert marked.prompt == "What is 2\\*3\\*4?"


def test_sides_in_quotation_marks_are_taken_as_plain_as_others() -> None:
    found = read('#separator:tab\n#html:false\n"Which bird wades"\t"a heron"\nWhich bird sings\ta wren\n')
    assert [(card.prompt, getattr(card, "answer", "")) for card in found.decks[0].cards] == [
        ("Which bird wades", "a heron"),
        ("Which bird sings", "a wren"),
    ]
    assert found.problems == ()


def test_long_plain_sides_are_taken_whole() -> None:
    (deck,) = read(f"#separator:tab\n#html:false\nWhich bird {'wades ' * 100}\t{'a heron ' * 200}\n").decks
    assert getattr(deck.cards[0], "answer", "").count("heron") == 200


def test_comments_are_passed_over_and_covered_pictures_are_told() -> None:
    rows = 'Front\tBack\n# a comment\n#only\t\n{{c1::image-occlusion:rect:left=.1}}\t<img src="map.png">\n"#1"\tfirst\n'
    imported = read(f"#separator:tab\n#html:true\n{rows}")
    assert [card.prompt for card in imported.decks[0].cards] == ["Front", "#1"]
    assert [(problem.line, problem.code) for problem in imported.problems] == [(6, "anki-occlusion")]
