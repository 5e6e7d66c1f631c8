"""Files as teachers have them: templates of quiz programs, saved by the wrong program, with something missing."""

import io
import zipfile

import pytest

from quizapp.core.deck.schema import Card
from quizapp.core.exchange.model import ImportOptions
from quizapp.core.exchange.registry import guess_format
from quizapp.core.problem import Problem


def read(file: str, data: bytes) -> tuple[list[Card], list[Problem]]:
    imported = guess_format(data, file).read(data, ImportOptions(file))
    return [card for deck in imported.decks for card in deck.cards], list(imported.problems)


KAHOOT = """Kahoot! quiz,,,,,,,
Add questions below,,,,,,,
,Question - max 120 characters,Answer 1 - max 75 characters,Answer 2 - max 75 characters,Correct answer(s) - choose at
1,What wades?,a heron,a stone,1
"""
BLOOKET = """"Blooket
Import Template",,,,
Question #,Question Text,Answer 1,Answer 2,"Answer 3
(Optional)","Time Limit (sec)
(Max: 300 seconds)","Correct Answer(s)
(Only include Answer #)"
1,What wades?,a stone,a heron,,20,2
"""
GIMKIT = """Gimkit Spreadsheet Import Template,,,
Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2 (Optional)
What wades?,a heron,a stone,
"""


@pytest.mark.parametrize("text", [KAHOOT, BLOOKET, GIMKIT], ids=["kahoot", "blooket", "gimkit"])
def test_the_names_of_columns_may_stand_below_a_title(text: str) -> None:
    (card,), problems = read("quiz.csv", text.encode())
    assert (card.prompt, card.answer) == ("What wades?", "a heron")  # type: ignore[union-attr]
    assert "above-header" in {problem.code for problem in problems}


def test_a_row_with_a_cell_too_many_says_what_was_left_out() -> None:
    cards, (problem,) = read("quiz.csv", b"front,back\nOne, two,three\nbird,heron\ncow,milk,\n")
    assert len(cards) == 3
    assert (problem.line, "three" in problem.message, "quotation marks" in problem.fix) == (2, True, True)


def test_a_quotation_mark_that_is_never_closed_hides_its_own_row_only() -> None:
    cards, (problem,) = read("quiz.csv", b'front,back\n"never closed,x\nbird,heron\ncow,milk\n')
    assert [card.prompt for card in cards] == ["bird", "cow"]
    assert (problem.line, "never closed" in problem.message) == (2, True)


def test_a_quotation_mark_within_a_cell_opens_nothing() -> None:
    cards, problems = read("quiz.csv", b'front,back\n5" pipe,"milk\nand water"\n')
    assert ([card.prompt for card in cards], problems) == (['5" pipe'], [])


def test_questions_of_gift_without_an_empty_line_between_them_are_told_apart() -> None:
    cards, problems = read("quiz.gift", b"::a::What?{=b ~c}\n::d::Who?{T}\n\nWhere?{=e ~f}\nWhen?{=g ~h}\n")
    assert [card.prompt for card in cards] == ["What?", "Who?"]
    (problem,) = problems
    assert (problem.line, "empty line" in problem.message) == (4, True)


def test_options_of_aiken_may_have_small_letters() -> None:
    ((card,), problems) = read("quiz.txt", b"What wades?\na) a heron\nb)a stone\nANSWER: a\n")
    assert (card.prompt, problems) == ("What wades?", [])


@pytest.mark.parametrize(
    ("file", "data", "line", "words"),
    [
        ("page.txt", b"<!DOCTYPE html>\n<html><body>What?", 0, "copy the questions"),
        ("page.csv", b"\xef\xbb\xbf<html xmlns:o='urn'>", 0, "web page"),
        ("letter.txt", b"{\\rtf1 What?}", 0, "word processor"),
        ("a.json", b"{'cards': []}", 1, "double quotation marks"),
        ("a.json", b'{"cards": [\n{"type": "flashcard"},\n]}', 3, "a comma before is one too many"),
        ("a.json", b'{"cards": [\n{"type" "a"}]}', 2, "a colon is missing"),
        ("a.json", b'{"cards": {}}{}', 1, "after its end"),
        ("a.xml", b"<quiz>\n<question>a & b</question></quiz>", 2, "&amp;"),
        ("a.xml", b"<quiz>\n<question></quiz>", 2, "not the one opened last"),
        ("a.xml", b"<quiz>\n", 2, "before it is complete"),
    ],
)
def test_a_broken_file_gets_its_line_the_reason_and_what_helps(file: str, data: bytes, line: int, words: str) -> None:
    cards, problems = read(file, data)
    assert cards == []
    assert words in f"{problems[0].message} {problems[0].fix}"
    assert (problems[0].line, bool(problems[0].fix)) == (line, True)


@pytest.mark.parametrize(
    ("inside", "words"),
    [("xl/workbook.xml", "workbook"), ("word/document.xml", "word processor"), ("META-INF/manifest.xml", "office")],
)
def test_a_document_of_an_office_program_is_called_that(inside: str, words: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(inside, "<a/>")
    cards, (problem,) = read("quiz.xlsx", out.getvalue())
    assert (cards, words in problem.message, "CSV" in problem.fix) == ([], True, True)
