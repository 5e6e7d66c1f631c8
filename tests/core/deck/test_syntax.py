"""What is said of errors in YAML's own syntax."""

from collections.abc import Callable

import pytest
from yaml import YAMLError

from quizapp.core.deck.syntax import explain_syntax_error
from quizapp.core.problem import Problem

Refuse = Callable[[str | bytes], tuple[Problem, ...]]


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("a: What: this", 1, 8, "A colon with a space after it"),
        ("a: - b", 1, 4, "A list cannot begin here"),
        ("a: **bold** text", 1, 4, "begins with *"),
        ("a: & co", 1, 4, "begins with &"),
        ("a: !<x", 1, 4, "begins with !"),
        ("a: !x!y z", 1, 4, "begins with !"),
        ('a: b\nc: "d\n\ne: f', 2, 4, "quotation mark that opens here is never closed"),
        ('a: "b\n---\nc', 1, 4, "not closed before the line of dashes"),
        ('a: "\\q"', 1, 5, "backslash"),
        ('a: "\\uD800"', 1, 7, "names no character"),
        ('a: "\\xZZ"', 1, 7, "hexadecimal digits"),
        ("a:\n\tb: c", 2, 1, "begins with a tab"),
        ("a: >\n\n\tb\n", 3, 1, "begins with a tab"),
        ("a: b\nc\nd: e", 2, 1, "neither `key: value` nor a list entry"),
        ("a: [b\nc: d", 1, 4, "square brackets is not closed"),
        ("a: {b: c\nd: e", 1, 4, "braces is not closed"),
        ("- a\nb: c", 2, 1, "lacks its dash"),
        ("a: 'It's'", 1, 8, "goes on after its closing quotation mark"),
        ("a: 'b' c", 1, 8, "goes on after its closing quotation mark"),
        ("a: ]", 1, 4, "A bracket or comma"),
        ("a: |b\n  c", 1, 5, "the text begins on the next line"),
        ("%FOO\n---\na: b", 1, 5, "begins with %"),
        ("%YAML 3.0\n---\na: b", 1, 1, "another version of YAML"),
        ("a: @b", 1, 4, "begins with @"),
        ("a: `b`", 1, 4, "begins with `"),
        ("a: %b", 1, 4, "begins with %"),
    ],
)
def test_a_syntax_error_is_told_in_a_teachers_words(
    refuse: Refuse, text: str, line: int, column: int, said: str
) -> None:
    problem = refuse(text)[-1]
    assert (problem.code, problem.line, problem.column) == ("yaml-syntax", line, column)
    assert said in f"{problem.message} {problem.fix}"


def test_unquoted_blanks_are_the_likely_cause_where_they_stand(refuse: Refuse) -> None:
    problem = refuse("a: x\ntext: {{Berlin}} has a Wall\nb: y")[-1]
    assert (problem.code, problem.line) == ("yaml-syntax", 2)
    assert "without them, {{ means something else" in problem.fix


def test_an_error_that_has_no_words_of_its_own_keeps_the_parsers() -> None:
    problem = explain_syntax_error(YAMLError("something new"), "a", "f")
    assert (problem.line, problem.column, problem.code) == (1, 1, "yaml-syntax")
    assert "something new" in problem.message


def test_what_the_parser_says_is_passed_on_where_it_is_not_known(refuse: Refuse) -> None:
    assert refuse("a: {? b: c}} : d")[-1].code in {"yaml-syntax", "complex-key"}
