"""How cards are worded."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.checks.wording import measure_lix
from quizapp.core.deck.read import DeckFile
from quizapp.core.problem import Problem

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]
Codes = Callable[..., list[str]]

OPTIONS = {"type": "choice", "wrong": "[in June, in May]"}
STATEMENT = {"type": "truefalse", "answer": "true"}
HARD = (
    "Notwithstanding considerable administrative complications surrounding international negotiations, representatives "
    "nevertheless continuously demonstrated extraordinary determination concerning fundamental constitutional "
    "arrangements, simultaneously acknowledging longstanding disagreements regarding responsibilities, obligations, "
    "entitlements and expectations"
)


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("Which city was not divided?", "not"),
        ("They met. Never mind how. When didn't they meet?", "didn't"),
        ("All except which?", "except"),
        ("What could he not do? Say.", "not"),
        ("Name what did not fall", "not"),
    ],
)
def test_a_plain_negation_in_a_question_is_told(
    check: Check, deck: Build, change: Change, prompt: str, word: str
) -> None:
    (problem,) = check(deck(change(prompt=prompt, **OPTIONS)))
    assert (problem.code, problem.line, problem.column) == ("unmarked-negation", 10, 13)
    assert f"“{word}”" in problem.message


@pytest.mark.parametrize(
    "prompt",
    [
        "Which city was **not** divided?",
        "Which city was *never* divided?",
        "Which city was NOT divided?",
        "Who said “I did not know”?",
        "They did not meet. What did they do?",
        "Which was not only a wall but a border?",
        "Which notice, which knot?",
    ],
)
def test_a_negation_that_stands_out_or_asks_nothing_is_left_alone(codes: Codes, change: Change, prompt: str) -> None:
    assert codes(change(prompt=f"'{prompt}'", **OPTIONS)) == []


def test_a_statement_is_looked_at_whole_and_other_types_not_at_all(codes: Codes, change: Change) -> None:
    prompt = "They did not meet. They wrote letters."
    assert codes(change(prompt=prompt, **STATEMENT)) == ["unmarked-negation"]
    assert codes(change(prompt=prompt)) == []


@pytest.mark.parametrize(
    ("language", "prompt", "found"),
    [
        ("de-AT", "Welche Stadt war nicht geteilt?", ["unmarked-negation"]),
        ("de", "Was war nicht nur eine Mauer?", []),
        ("fr", "Quelle ville sauf une ?", ["unmarked-negation"]),
        ("es", "¿Qué ciudad no cayó?", ["unmarked-negation"]),
        ("sw", "Which city was not divided?", []),
    ],
)
def test_negations_are_known_in_four_languages(
    check: Check, deck: Build, change: Change, language: str, prompt: str, found: list[str]
) -> None:
    head = f"format: 1\nid: small\ntitle: S\nlanguage: {language}\ntheme: t\nsources: [wall]\n"
    assert [problem.code for problem in check(deck(change(prompt=prompt, **OPTIONS), head=head))] == found


def test_long_sentences_of_long_words_are_hard_to_read(check: Check, deck: Build, change: Change) -> None:
    (problem,) = check(deck(change(explanation=f"{HARD}.")))
    assert (problem.code, problem.line) == ("hard-to-read", 8)
    assert check(deck(change(explanation=f"“{HARD}.” So it was, the text says."))) == []


def test_reading_is_measured_by_lix() -> None:
    assert measure_lix("One two three.") is None
    assert measure_lix("word " * 29 + "word.") == 30
    assert measure_lix("word word word word word. " * 6) == 5
    assert measure_lix("longest word word word word. " * 6) == 25
    assert measure_lix("Longest word word word word. " * 6) == 5
    assert measure_lix("“quoted” word word word word word. " * 6) == 5


def test_other_languages_are_not_measured(codes: Codes, change: Change) -> None:
    head = "format: 1\nid: small\ntitle: S\nlanguage: fi\ntheme: t\nsources: [wall]\n"
    assert codes(change(explanation=f"{HARD}."), head=head) == []


@pytest.mark.parametrize("explanation", [None, "See the text.", "1989!"])
def test_an_explanation_shorter_than_a_sentence_is_told(codes: Codes, change: Change, explanation: str | None) -> None:
    assert codes(change(explanation=explanation)) == ["short-explanation"]


@pytest.mark.parametrize("explanation", ["The text says so here.", "课文里说柏林墙在那年秋天倒塌了。"])
def test_a_sentence_is_enough(codes: Codes, change: Change, explanation: str) -> None:
    assert codes(change(explanation=explanation)) == []


def test_a_missing_hint_and_difficulty_are_told(codes: Codes, change: Change) -> None:
    assert codes(change(hint=None, difficulty=None)) == ["no-hint", "no-difficulty"]


@pytest.mark.parametrize(
    ("hint", "column"), [("Who is #1?", 18), ("#1 of all", 11), ("[a #b\n      ]", None), ("é 日 #x", 15)]
)
def test_a_comment_that_cuts_a_text_is_told(
    deck: Build, check: Check, change: Change, hint: str, column: int | None
) -> None:
    key = "tags" if hint.startswith("[") else "hint"
    problems = [problem for problem in check(deck(change(**{key: hint}))) if problem.code == "comment-cuts-text"]
    assert len(problems) == 1
    assert column is None or (problems[0].line, problems[0].column) == (13, column)


@pytest.mark.parametrize("hint", ["'Who is #1?'", "Who?  #1", "Who? # one", "C#1", "Who? #"])
def test_a_comment_as_people_write_them_is_left_alone(codes: Codes, change: Change, hint: str) -> None:
    assert codes(change(hint=hint)) == []
