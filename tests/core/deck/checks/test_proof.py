"""Citations that hold, and answers that they prove."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.checks import check_deck
from quizapp.core.deck.read import DeckFile
from quizapp.core.problem import Problem, Severity
from quizapp.core.source.document import Source, name_unread, read_source
from quizapp.core.source.original import OriginalText

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]
Codes = Callable[..., list[str]]


def test_a_good_deck_is_left_alone(check: Check, deck: Build) -> None:
    assert check(deck()) == []


def test_a_card_without_citation_is_told(check: Check, deck: Build, change: Change) -> None:
    problem, unused = check(deck(change(citations=None)))
    assert (problem.code, problem.line, problem.severity) == ("unused-source", 6, Severity.WARNING)
    assert (unused.code, unused.line) == ("no-citation", 8)


@pytest.mark.parametrize(
    ("citation", "code", "column", "said"),
    [
        ("{source: wal, paragraph: 1, quote: autumn of 1989}", "missing-source", 26, "`wall`"),
        ("{source: wall, paragraph: 3, quote: autumn of 1989}", "missing-paragraph", 43, "It has 2 paragraphs"),
        ("{source: wall, paragraph: 1, quote: Autumn of 1989}", "quote-not-found", 53, "Did you mean “autumn of 1989”"),
        ("{source: wall, paragraph: 2, quote: autumn of 1989}", "quote-not-found", 53, "It stands in paragraph 1."),
        ("{source: wall, paragraph: 1, quote: spring of 1848}", "quote-not-found", 53, "letter for letter"),
        ("{source: wall, paragraph: 2, quote: guards}", "quote-not-unique", 53, "a few words more"),
    ],
)
def test_a_citation_that_does_not_hold_is_told(
    check: Check, deck: Build, change: Change, citation: str, code: str, column: int, said: str
) -> None:
    problems = check(deck(change(citations=f"[{citation}]", answer="gates of 1989")))
    problem = next(problem for problem in problems if problem.code == code)
    assert (problem.line, problem.column, problem.severity) == (15, column, Severity.ERROR)
    assert said in problem.fix


def test_without_any_source_the_fix_names_none(deck: Build) -> None:
    problems = check_deck(deck(), {})
    assert [(problem.code, problem.line) for problem in problems] == [("missing-source", 6), ("missing-source", 15)]


def test_a_source_that_is_listed_and_not_cited_or_cited_and_not_listed_is_told(
    check: Check, deck: Build, change: Change
) -> None:
    head = "format: 1\nid: small\ntitle: A\nlanguage: en\ntheme: t\n"
    (problem,) = check(deck(head=head))
    assert (problem.code, problem.line, problem.column) == ("unlisted-source", 14, 26)
    (problem,) = check(deck(head=head + "sources: [wall, bridge]\n"))
    assert (problem.code, problem.line, problem.column) == ("missing-source", 6, 17)


def test_a_place_cited_twice_by_a_card_is_told(codes: Codes, change: Change) -> None:
    citation = "{source: wall, paragraph: 1, quote: autumn of 1989}"
    other = "{source: wall, paragraph: 1, quote: fell in Berlin}"
    assert codes(change(citations=f"[{citation}, {other}, {citation}]")) == ["repeated-citation"]


@pytest.mark.parametrize(
    ("paragraph", "problem"),
    [
        ("In the autumn of 1989 the Berlin Wall fell.", []),
        ("In autumn 1989 the Berlin Wall fell.", ["original-lacks-quote"]),
        ("In the autumn of 1989, yes, the autumn of 1989 the Wall fell.", ["original-lacks-quote"]),
        ("Who knows when?", ["original-lacks-quote"]),
    ],
)
def test_a_quote_stands_in_the_original_too(deck: Build, wall: Source, paragraph: str, problem: list[str]) -> None:
    original = OriginalText("wall.txt", "0" * 64, (paragraph,))
    assert [found.code for found in check_deck(deck(), {"wall": wall}, {"wall": original})] == problem


def test_an_original_without_the_paragraph_lacks_the_quote(deck: Build, wall: Source) -> None:
    (problem,) = check_deck(deck(), {"wall": wall}, {"wall": OriginalText("wall.txt", "0" * 64, ())})
    assert (problem.code, problem.line, problem.severity) == ("original-lacks-quote", 15, Severity.ERROR)
    assert "wall.txt" in problem.message


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"answer": "Berlin"}, []),
        ({"answer": "Berliners"}, []),
        ({"answer": "in June", "accept": "[autumn]"}, []),
        ({"answer": "Moscow"}, ["answer-not-in-passage"]),
        ({"answer": "1990"}, ["answer-not-in-passage"]),
        ({"answer": "to it"}, []),
        ({"type": "truefalse", "answer": "true"}, []),
        ({"type": "flashcard", "answer": "Moscow"}, ["answer-not-in-passage"]),
        ({"type": "choice", "answer": "Moscow", "wrong": "[Berlin]"}, ["answer-not-in-passage"]),
        ({"type": "multiple", "answer": None, "answers": "[Moscow, Berlin]", "wrong": "[Bonn]"}, []),
        ({"type": "order", "answer": None, "items": "[protests, the fall]"}, []),
        ({"type": "match", "answer": None, "pairs": "[[Paris, Nice], [Rome, Pisa]]"}, ["answer-not-in-passage"]),
        (
            {"type": "cloze", "answer": None, "prompt": None, "text": "'It fell in {{Moscow}}.'"},
            ["answer-not-in-passage"],
        ),
    ],
)
def test_a_telling_word_of_the_answer_stands_in_a_cited_paragraph(
    codes: Codes, change: Change, fields: dict[str, str | None], found: list[str]
) -> None:
    assert codes(change(**fields)) == found


def test_answers_in_scripts_without_spaces_are_compared_by_pairs_of_letters(deck: Build, change: Change) -> None:
    text = "---\nid: wall\ntitle: 墙\nlanguage: zh\nkind: article\n---\n1989年秋天，柏林墙倒塌了。"
    from_text = change(citations="[{source: wall, paragraph: 1, quote: 柏林墙}]", prompt="哪一堵墙？")
    source = read_source(text.encode(), "wall.md")
    assert isinstance(source, Source)
    for answer, found in (("'柏林墙'", []), ("'长城砖'", ["answer-not-in-passage"])):
        file = deck(from_text.replace("answer: in the autumn of 1989", f"answer: {answer}"))
        assert [problem.code for problem in check_deck(file, {"wall": source})] == found


def test_nothing_is_said_of_what_is_cited_from_a_source_that_could_not_be_read(
    deck: Build, change: Change, wall: Source
) -> None:
    sources = {"wall": wall} | {source.id: source for source in name_unread(b"", "bridge.md")}
    head = "format: 1\nid: small\ntitle: A\nlanguage: en\ntheme: t\nsources: [wall, bridge]\n"
    both = "[{source: bridge, paragraph: 7, quote: not read}, {source: wall, paragraph: 1, quote: autumn of 1989}]"
    assert check_deck(deck(change(citations=both, answer="Leningrad"), head=head), sources) == []
    waived = change(citations=both, answer="Leningrad", waive="{answer-not-in-passage: It follows.}")
    assert check_deck(deck(waived, head=head), sources) == []
