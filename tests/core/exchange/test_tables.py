"""Tables as spreadsheets and quiz programs save them become cards, whatever parts their cells."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.exchange import gathering, tables, tables_rows
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.tables_cards import guard_cell, unguard_cell


def read(text: str | bytes, **options: str) -> Imported:
    data = text.encode() if isinstance(text, str) else text
    return tables.read(data, ImportOptions("list.csv", **options))


def list_sides(imported: Imported) -> list[tuple[Any, Any]]:
    return [(card.prompt, getattr(card, "answer", None)) for deck in imported.decks for card in deck.cards]


def list_messages(imported: Imported) -> str:
    return " ".join(problem.message for problem in imported.problems)


@pytest.mark.parametrize(("separator", "name"), [("\t", "tabs"), (",", "commas"), (";", "semicolons"), ("|", "pipes")])
def test_the_separator_is_found_and_said(separator: str, name: str) -> None:
    imported = read(f"Heron{separator}a bird\nPike{separator}a fish\n")
    assert list_sides(imported) == [("Heron", "a bird"), ("Pike", "a fish")]
    assert imported.note == f"separated by {name}; no header; columns: question, right answer"


def test_a_separator_can_be_forced() -> None:
    assert list_sides(read("a,b;c\n", separator=";")) == [("a,b", "c")]
    assert list_sides(read("a\tb\n", separator='"')) == [("a", "b")]


def test_a_first_line_of_excel_names_the_separator() -> None:
    imported = read("sep=;\r\na,b;c\r\n")
    assert list_sides(imported) == [("a,b", "c")]


def test_a_header_is_found_and_said() -> None:
    imported = read("Term,Definition,Notes,Colour\nHeron,a bird,long legs,grey\n")
    assert list_sides(imported) == [("Heron", "a bird")]
    assert imported.decks[0].cards[0].note == "long legs"
    assert "header: Term, Definition" in imported.note
    assert list_messages(imported) == "Columns that are not used: Colour."


def test_quoted_cells_hold_separators_quotes_and_lines() -> None:
    imported = read('"a, ""b""","one\ntwo"\r\nc,d\r\n')
    assert list_sides(imported) == [('a, "b"', "one\\\ntwo"), ("c", "d")]


def test_every_problem_names_its_line() -> None:
    imported = read("Question,Answer\nWhat?,that\n\nOnly this,\n,only that\n")
    assert [(problem.line, problem.code) for problem in imported.problems] == [(4, "bad-row"), (5, "bad-row")]


@pytest.mark.parametrize(
    ("correct", "kind", "answer"),
    [
        ("B", "choice", "y"),
        ("2", "choice", "y"),
        ("option b)", "choice", "y"),
        ("Y", "choice", "y"),
        ('"1,3"', "multiple", ("x", "z")),
        ('"x; z"', "multiple", ("x", "z")),
    ],
)
def test_options_make_a_card_to_choose(correct: str, kind: str, answer: object) -> None:
    imported = read(f"Question,Option A,Option B,Option C,Correct\nWhich?,x,y,z,{correct}\n")
    card = imported.decks[0].cards[0]
    assert card.type == kind
    assert getattr(card, "answer", None) == answer or getattr(card, "answers", None) == answer


def test_options_without_a_right_or_a_wrong_one_are_told() -> None:
    imported = read('Question,A,B,Correct\nWhich?,x,y,9\nBoth?,x,y,"1,2"\nTwice?,x,x,A\n')
    assert imported.decks == ()
    assert "none of the options is “9”" in list_messages(imported)
    assert "all its options are right" in list_messages(imported)
    assert "listed twice" in list_messages(imported)


def test_wrong_answers_may_stand_in_columns_or_in_lines() -> None:
    imported = read('Question,Answer,Wrong 1,Wrong\nWhich?,x,y,"z\nw"\n')
    assert [option.text for option in imported.decks[0].cards[0].wrong] == ["y", "z", "w"]  # type: ignore[union-attr]


def test_types_tags_levels_and_explanations_are_read() -> None:
    imported = read(
        "Question,Answer,Type,Tags,Level,Feedback,Id\n"
        'Round?,true,flashcard,"a, b;a",easy,because,x-1\n'
        "True?,FALSE,,,odd,,\n"
        'How?,"so\nthus",short answer,,,,\n'
    )
    first, second, third = imported.decks[0].cards
    assert (first.type, first.tags, first.difficulty, first.explanation) == ("flashcard", ("a", "b"), "easy", "because")
    assert (first.id, second.type, second.difficulty) == ("x-1", "truefalse", None)
    assert (third.type, third.answer, third.accept) == ("short", "so", ("thus",))  # type: ignore[union-attr]


def test_plain_text_is_no_markdown_and_no_formula() -> None:
    imported = read("What *is* it?\t=1+1\n")
    assert list_sides(imported) == [("What \\*is\\* it?", "=1+1")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_are_read_whatever_program_saved_them(encoding: str) -> None:
    imported = read("Größe\tsize\nHöhe\theight\n".encode(encoding))
    assert list_sides(imported) == [("Größe", "size"), ("Höhe", "height")]
    assert ("Windows-1252" in imported.note) == (encoding == "cp1252")


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\x89PNG", b"\xff\xfe\x00"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    imported = read(data)
    assert imported.decks == ()
    assert imported.problems[0].code == "not-text"


def test_hidden_characters_are_told_and_become_spaces() -> None:
    imported = read("a\x00b\u202ec\td\n")
    assert list_sides(imported) == [("a b c", "d")]
    assert imported.problems[0].code == "hidden-character"


def test_a_lost_quotation_mark_does_not_hide_the_rest() -> None:
    text = "a\tb\n" + '"' + "x" * 140_000 + "\ty\nc\td\n"
    imported = read(text)
    assert list_sides(imported) == [("a", "b"), ("c", "d")]
    assert imported.problems[0].line == 2


def test_cards_of_one_prompt_differ_in_their_ids_and_keep_them() -> None:
    text = "Heron\ta bird\nHeron\ta fisher\nHeron\ta bird\nheron!\tx\n"
    first, again = read(text).decks[0], read(text).decks[0]
    assert first == again
    assert len({card.id for card in first.cards}) == 4


def test_the_deck_is_named_by_the_file_or_by_whoever_imports_it() -> None:
    deck = read("a\tb\n").decks[0]
    assert (deck.id, deck.title, deck.language, deck.theme) == ("list", "list", "en", "imported")
    deck = read("a\tb\n", title="My birds", language="no such", theme="nature").decks[0]
    assert (deck.id, deck.title, deck.language, deck.theme) == ("my-birds", "My birds", "en", "nature")


def test_the_head_of_the_deck_comes_back_too() -> None:
    found = read_deck(DECK, "deck.yaml")
    assert isinstance(found, DeckFile)
    assert read(tables.write(found.deck, {}).data).decks == (found.deck,)


@given(st.text(max_size=20))
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert unguard_cell(guard_cell(text)) == text
    assert not guard_cell(text).startswith(("=", "@", "\t", "\r"))


def test_a_written_table_holds_no_formula() -> None:
    card = {"id": "a", "type": "flashcard", "prompt": "=HYPERLINK(1)", "answer": "-5"}
    deck = Deck.model_validate({"format": 1, "id": "x", "title": "x", "language": "en", "theme": "x", "cards": [card]})
    data = tables.write(deck, {}).data
    assert b"'=HYPERLINK(1),,-5" in data
    assert read(data).decks[0].cards == deck.cards


def test_pairs_with_arrows_in_them_come_back() -> None:
    card = {"id": "a", "type": "match", "prompt": "p", "pairs": [["a => b", "c"], ["d", "e => f"]]}
    deck = Deck.model_validate({"format": 1, "id": "x", "title": "x", "language": "en", "theme": "x", "cards": [card]})
    assert read(tables.write(deck, {}).data).decks[0].cards == deck.cards


def test_a_hand_written_table_of_our_columns_is_markdown() -> None:
    imported = read("type,prompt,answer\nshort,What **is** it?,this\nodd,x,y\n")
    assert list_sides(imported) == [("What **is** it?", "this")]
    assert imported.problems[0].code == "unknown-type"


HOSTILE: list[Callable[[], str]] = [
    lambda: "\t" * 1_000_000,
    lambda: "a\tb" + "\t" * 1_000_000 + "\n",
    lambda: "a" * 5_000_000,
    lambda: "a\tb" * 1_000_000,
    lambda: '"' * 1_000_000,
    lambda: "\n" * 3_000_000,
    lambda: "\r" * 3_000_000,
    lambda: "a,b\n" * 300_000,
    lambda: "x\t" + "<b>" * 1_000_000,
]


@pytest.mark.unmeasured
@pytest.mark.parametrize("make", HOSTILE)
def test_hostile_tables_are_refused_or_read_within_limits(make: Callable[[], str]) -> None:
    imported = read(make())
    assert sum(len(deck.cards) for deck in imported.decks) <= 100_000
    assert len(imported.problems) <= 1_002


def test_more_cards_than_a_deck_holds_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_CARDS", 100)
    imported = read("".join(f"question {number}\tanswer\n" for number in range(102)))
    assert len(imported.decks[0].cards) == 100
    assert [problem.code for problem in imported.problems] == ["too-many"]


def test_a_huge_file_is_refused() -> None:
    imported = read(b"a" * (24 * 1024 * 1024 + 1))
    assert imported.problems[0].code == "file-too-large"


def test_after_many_rows_that_cannot_be_read_the_rest_is_left() -> None:
    broken = '"' + "x" * 140_000 + "\n"
    imported = read("What wades?;A heron\n" + broken * 25 + "What dives?;A kingfisher\n")
    assert ("What wades?", "A heron") in list_sides(imported)
    assert "never closed" in list_messages(imported)


def test_more_rows_than_any_deck_has_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_rows, "_MOST_ROWS", 300)
    imported = read("a;b\n" + ";\n" * 1_000 + "What dives?;A kingfisher\n")
    assert len(list_sides(imported)) <= 1
    assert "rows; split it" in list_messages(imported)


def test_a_row_of_a_thousand_columns_is_left_out_alone() -> None:
    imported = read("What wades?\tA heron\n" + "a\t" * 1_000 + "b\nWhat dives?\tA kingfisher\n")
    assert list_sides(imported) == [("What wades?", "A heron"), ("What dives?", "A kingfisher")]
    assert "has 1,001 columns" in list_messages(imported)


def test_a_warning_that_was_set_aside_stays_so() -> None:
    value = read_deck(
        DECK.replace(b"  - id: height\n", b"  - id: height\n    waive: {short-answer: it is meant}\n"), "d.yaml"
    )
    assert isinstance(value, DeckFile)
    (back,) = read(tables.write(value.deck, {}).data).decks
    assert [card.waive for card in back.cards] == [card.waive for card in value.deck.cards]
    assert any(card.waive for card in back.cards)


@pytest.mark.parametrize(
    "header",
    [
        "Frage;Antwort A;Antwort B;Richtig;Erklärung",
        "Question;Réponse 1;Réponse 2;Bonne réponse;Explication",
        "Pregunta;Respuesta a;Respuesta b;Correcta;Explicación",
        "Вопрос;Ответ 1;Ответ 2;Правильный ответ;Объяснение",
    ],
)
def test_names_of_columns_are_known_in_other_languages(header: str) -> None:
    (deck,) = read(f"{header}\nWhen?;1988;1989;2;Why\n").decks
    assert [card.model_dump(exclude_defaults=True, exclude={"id"}) for card in deck.cards] == [
        {"type": "choice", "prompt": "When?", "answer": "1989", "wrong": ({"text": "1988"},), "explanation": "Why"}
    ]


@pytest.mark.parametrize(
    ("said", "truth"), [("T", True), ("yes", True), ("Wahr", True), ("1", True), ("f", False), ("Faux", False)]
)
def test_truths_in_the_words_of_people(said: str, truth: bool) -> None:
    ((_, answer),) = list_sides(read(f"Question,Type,Answer\nSo?,True/False,{said}\n"))
    assert answer is truth


@pytest.mark.parametrize(
    "options",
    [
        "Paris;*Berlin;Rome",
        "Paris;Berlin*;Rome",
        "Paris;**Berlin**;Rome",
        "Paris;✓ Berlin;Rome",
        "Paris;Berlin ✔;Rome",
        "[ ] Paris;[x] Berlin;[] Rome",
        "☐ Paris;☑ Berlin;☐ Rome",
        "Paris;Berlin (correct);Rome",
        "a) Paris;b) Berlin (Richtig);c) Rome",
        "A. Paris;B. *Berlin;C. Rome",
    ],
)
def test_the_right_option_may_be_marked_where_no_column_names_it(options: str) -> None:
    imported = read(f"question;option 1;option 2;option 3\nWhich is Germany's capital?;{options}\n")
    ((card,),) = (deck.cards for deck in imported.decks)
    assert (card.type, card.answer) == ("choice", "Berlin")
    assert [option.text for option in card.wrong] == ["Paris", "Rome"]


def test_several_options_may_be_marked_and_none_or_all_are_no_answer() -> None:
    head = "question;a;b;c\n"
    ((card,),) = (deck.cards for deck in read(head + "Which are big?;*Paris;*Rome;Ulm\n").decks)
    assert (card.type, list(card.answers)) == ("multiple", ["Paris", "Rome"])
    for row in ("Which?;Paris;Rome;Ulm", "Which?;*Paris;*Rome;*Ulm"):
        assert "no answer" in list_messages(read(head + row + "\n"))


@pytest.mark.parametrize(
    "row",
    [
        "The capital is ____ now.;Paris",
        "The capital is {{c1::Paris}} now.;",
        "The capital is {{c1::Paris::a city}} now.;",
        "The capital is [Paris] now.;",
        "The capital is **Paris** now.;",
    ],
)
def test_a_blank_in_a_sentence_becomes_a_blank_however_it_is_marked(row: str) -> None:
    ((card,),) = (deck.cards for deck in read(f"question;answer\n{row}\n").decks)
    assert (card.type, card.text) == ("cloze", "The capital is {{Paris}} now.")


def test_a_sentence_may_have_several_blanks_that_hold_their_answers() -> None:
    ((card,),) = (deck.cards for deck in read("question;answer\n[Paris] is in [ France ], not in [ ].;\n").decks)
    assert card.text.startswith("{{Paris}} is in {{France}}, not in ")


@pytest.mark.parametrize("row", ["Fill ____ and ____.;a; b", "The ____ is.;a|b", "A \uf8f0 ____.;x", "See ___;{x}"])
def test_where_it_is_not_clear_what_a_blank_holds_there_is_none(row: str) -> None:
    ((card,),) = (deck.cards for deck in read(f"question;answer\n{row}\n").decks)
    assert card.type == "flashcard"


def test_a_question_without_an_answer_and_without_a_blank_is_left_out() -> None:
    assert "no answer" in list_messages(read("question;answer\nWhat is it?;\nWho?;Bob\n"))
