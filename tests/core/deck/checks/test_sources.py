"""Study editions that are true to their originals."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.checks import check_source, find_repeated_sources
from quizapp.core.problem import Severity
from quizapp.core.source.document import Source, read_source
from quizapp.core.source.original import OriginalText

Read = Callable[..., Source]
FRONT = "---\nid: wall\ntitle: The Wall\nlanguage: LANGUAGE\nkind: KIND\noriginal: {file: w, sha256: DIGEST}\n---\n\n"


def compare(
    original: str, edition: str, kind: str = "study-edition", language: str = "en"
) -> list[tuple[str, int, str]]:
    """Code, line and message of what is found between paragraphs parted by blank lines."""
    digest = "0" * 64
    front = FRONT.replace("DIGEST", digest).replace("KIND", kind).replace("LANGUAGE", language)
    source = read_source((front + edition).encode(), "wall.md")
    assert isinstance(source, Source)
    problems = check_source(source, OriginalText("wall.txt", digest, tuple(original.split("\n\n"))))
    assert all(problem.file == "wall.md" and problem.fix for problem in problems)
    return [(problem.code, problem.line, problem.message) for problem in problems]


def test_a_true_edition_is_left_alone(wall: Source, original: OriginalText) -> None:
    assert check_source(wall, original) == check_source(wall) == []


def test_another_original_is_told_where_the_digest_stands(wall: Source) -> None:
    paragraphs = ("In 1989 Berlin, Leipzig.", "Guards.")
    (problem,) = check_source(wall, OriginalText("wall.txt", "0" * 64, paragraphs))
    assert (problem.code, problem.line, problem.column) == ("original-differs", 6, 36)
    assert problem.severity is Severity.ERROR
    assert "0" * 64 in problem.message


def test_an_edition_without_original_is_told() -> None:
    text = "---\nid: wall\ntitle: The Wall\nlanguage: en\nkind: study-edition\n---\n\nIn 1989 it fell."
    source = read_source(text.encode(), "wall.md")
    assert isinstance(source, Source)
    assert [problem.code for problem in check_source(source)] == ["no-original"]
    original = OriginalText("wall.txt", "0" * 64, ("It fell in 1988.",))
    assert [problem.code for problem in check_source(source, original)] == ["no-original", "lost-number"]


def test_an_article_is_not_compared_word_for_word() -> None:
    assert compare("In 1989 the Wall fell.\n\nMore.", "Nothing of that.", kind="article") == []


def test_the_numbers_of_paragraphs_are_compared() -> None:
    assert [(code, line) for code, line, _ in compare("One.\n\nTwo.", "One.\n\n# Heading\n\nTwo.\n\nThree.")] == [
        ("paragraphs-differ", 15)
    ]


@pytest.mark.parametrize(
    ("original", "edition", "lost"),
    [
        ("In 1989, 12 of 1,000 came.", "In 1989 twelve of 1000 came.", None),
        ("In 1989 it fell.", "Long ago it fell.", "1989"),
        ("From 1961 to 1989.", "From 1961 on.", "1989"),
        ("It cost 3.5 in 13 parts.", "It cost much in thirteen parts.", "3.5, 13"),
    ],
)
def test_a_lost_number_is_told(original: str, edition: str, lost: str | None) -> None:
    found = compare(original, edition)
    if lost is None:
        assert found == []
    else:
        ((code, line, message),) = found
        assert (code, line) == ("lost-number", 9)
        assert f"number {lost} of" in message


@pytest.mark.parametrize(
    ("original", "edition", "lost"),
    [
        ("The people of Berlin met Leipzig’s.", "“Berliners” met those from **Leipzig**.", None),
        ("It was in Leipzig. Leipzig had seen it.", "A city had seen it.", "Leipzig"),
        ("Guards of Berlin met. There guards met.", "Guards met in Berlin, there.", None),
        ("Then Kim Jong-un met Barbara Yoxon.", "He met Yoxon.", "Kim, Jong, Barbara"),
        ("The North and the SCO agree.", "The north agrees.", "SCO"),
        ("“Guards?” asked Ann. (Perhaps.) Who: He.", "Ann asked.", None),
    ],
)
def test_a_lost_name_is_told(original: str, edition: str, lost: str | None) -> None:
    found = compare(original, edition)
    if lost is None:
        assert found == []
    else:
        ((code, line, message),) = found
        assert (code, line) == ("lost-name", 9)
        assert f"name {lost} of" in message


def test_a_name_known_from_another_paragraph_is_one_at_the_beginning_of_a_sentence_too() -> None:
    assert [
        line for _, line, _ in compare("He was in Leipzig.\n\nLeipzig met.", "He was in Leipzig.\n\nThey met.")
    ] == [11]


def test_in_german_a_capital_tells_no_name() -> None:
    assert compare("Sie sahen die Mauer.", "Sie sahen sie.", language="de") == []


TWELVE = "one two three four five six seven eight nine ten eleven twelve"


@pytest.mark.parametrize(
    ("original", "edition", "copied"),
    [
        (f"A {TWELVE} b.", f"Said: “{TWELVE}”, so.", False),
        (f"A {TWELVE} b.", f"Said: “{TWELVE}” B, so.", True),
        (f"A {TWELVE} b.", f"Said: *{TWELVE}* B so.", True),
        (f"A {TWELVE} – b.", f"{TWELVE}, b", True),
        ("U.S. and Jong-un’s " + TWELVE[:44], "U.S. and Jong-un's " + TWELVE[:44], False),
    ],
)
def test_over_twelve_words_in_a_row_are_copied(original: str, edition: str, copied: bool) -> None:
    found = [(code, line) for code, line, _ in compare(original, edition) if code == "copied-run"]
    assert found == ([("copied-run", 9)] if copied else [])


def test_a_copied_heading_is_told_too() -> None:
    assert ("copied-run", 9) in [(code, line) for code, line, _ in compare(f"A {TWELVE} b.", f"# A {TWELVE}\n\nText.")]


def test_sources_with_the_same_id_are_told_at_the_second(wall: Source, read_wall: Read) -> None:
    assert find_repeated_sources([]) == find_repeated_sources([wall]) == []
    (problem,) = find_repeated_sources([wall, read_wall()])
    assert (problem.code, problem.line, problem.column) == ("duplicate-source-id", 2, 5)
    assert "wall.md" in problem.message
