"""Reading source texts: the front matter and the numbered blocks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.problem import Problem
from quizapp.core.source.document import LARGEST_SOURCE, Block, Original, Source, name_unread, read_blocks, read_source

FRONT = "---\nid: wall\ntitle: The Wall\nlanguage: en\nkind: article\n---\n"


def read(text: str) -> Source:
    source = read_source(text.encode(), "wall.md")
    assert isinstance(source, Source), [str(problem) for problem in source]
    return source


def refuse(text: str) -> list[tuple[int, int, str]]:
    problems = read_source(text.encode(), "wall.md")
    assert isinstance(problems, tuple)
    assert all(problem.file == "wall.md" and problem.fix for problem in problems)
    return [(problem.line, problem.column, problem.code) for problem in problems]


def test_paragraphs_are_numbered_and_headings_are_not() -> None:
    source = read(FRONT + "\n# The *Wall*\n\nFirst\nparagraph.\n\nPart two\n--------\n\nSecond.\n")
    assert source.blocks == (
        Block("heading", 1, None, "The *Wall*", 8),
        Block("paragraph", 0, 1, "First\nparagraph.", 10),
        Block("heading", 2, None, "Part two", 13),
        Block("paragraph", 0, 2, "Second.", 16),
    )
    assert [block.number for block in source.paragraphs] == [1, 2]


def test_a_list_a_quote_and_code_are_a_paragraph_each_and_a_rule_is_nothing() -> None:
    blocks = read_blocks("- a\n- b\n\n> q\n>\n> r\n\n***\n\n```\n# x\n```\n\n#\n\n[a]: b\n")
    assert [(block.kind, block.text, block.line) for block in blocks] == [
        ("paragraph", "- a\n- b", 1),
        ("paragraph", "> q\n>\n> r", 4),
        ("paragraph", "```\n# x\n```", 10),
        ("paragraph", "[a]: b", 16),
    ]


def test_html_is_text() -> None:
    (block,) = read_blocks("<div>\n\n</div>")[:1]
    assert block.text == "<div>"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = FRONT + "\nOne.\n\nTwo.\n"
    assert read_source(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "wall.md") == read(text)


def test_the_front_matter_is_read() -> None:
    digits = "0123456789ABCDEF" * 4
    extra = (
        f"original: {{file: wall.txt, sha256: {digits}}}\npublished: 2024-01\nauthor: A. Name\n"
        "url: https://example.org/wall\nlicense: CC BY 4.0\n---\n"
    )
    source = read(FRONT.replace("kind: article\n---\n", f"kind: study-edition\n{extra}") + "Text.")
    assert (source.id, source.title, source.language, source.kind) == ("wall", "The Wall", "en", "study-edition")
    assert source.original == Original(file="wall.txt", sha256=digits.lower())
    assert (source.published, source.author, source.license) == ("2024-01", "A. Name", "CC BY 4.0")
    assert source.url == "https://example.org/wall"
    assert source.file == "wall.md"
    assert source.places.at("original", "sha256") == (6, 36)


def test_what_is_not_known_may_be_left_out() -> None:
    source = read(FRONT.replace("kind: article\n", "kind: article\nauthor:\n") + "Text.")
    assert (source.original, source.published, source.author, source.url, source.license) == (None,) * 5


@pytest.mark.parametrize("published", ["2024", "2024-02", "2024-02-29"])
def test_a_date_may_be_a_year_a_month_or_a_day(published: str) -> None:
    assert read(FRONT.replace("---\n", f"---\npublished: {published}\n", 1) + "Text.").published == published


@pytest.mark.parametrize("published", ["24", "2024-13", "2023-02-29", "May 2024", "2024-1-1", "0000"])
def test_no_other_date_is_taken(published: str) -> None:
    assert refuse(FRONT.replace("---\n", f"---\npublished: {published}\n", 1) + "Text.") == [(2, 12, "wrong-value")]


def test_every_problem_of_the_front_matter_has_its_line_in_the_file() -> None:
    text = (
        "---\nid: A B\nkind: book\ntitle: x\ntitle: y\noriginal: {file: x, sha256: 12, size: 3}\n"
        "url: javascript:x\nnotes: x\n---\n"
    )
    assert refuse(text) == [
        (2, 1, "missing-key"),
        (2, 5, "bad-id"),
        (3, 7, "wrong-value"),
        (5, 1, "duplicate-key"),
        (6, 29, "wrong-value"),
        (6, 33, "unknown-key"),
        (7, 6, "wrong-value"),
        (8, 1, "unknown-key"),
        (9, 1, "empty-source"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [(1, 1, "no-front-matter")]),
        ("Only a text.", [(1, 1, "no-front-matter")]),
        ("---\nid: x\n", [(1, 1, "open-front-matter")]),
        ("---\n- a\n---\nText.", [(2, 1, "wrong-shape")]),
        ("---\na: b: c\n---\nText.", [(2, 5, "yaml-syntax")]),
        ("---\nid: wall\n---\n", [(2, 1, "missing-key")] * 3 + [(3, 1, "empty-source")]),
        (FRONT + "# Only a heading", [(6, 1, "empty-source")]),
        (FRONT + "a\u202eb", [(7, 2, "hidden-character")]),
        ("no front\x00", [(1, 9, "hidden-character"), (1, 1, "no-front-matter")]),
    ],
)
def test_what_is_no_source_is_told(text: str, told: list[tuple[int, int, str]]) -> None:
    assert refuse(text) == told


def test_an_empty_front_matter_lacks_everything() -> None:
    assert refuse("---\n---\nText.") == [(2, 1, "missing-key")] * 4


def test_bytes_that_are_no_text_are_told() -> None:
    for data, line, column in ((b"---\n\xff", 2, 1), (b"x" * (LARGEST_SOURCE + 1), 1, 1)):
        (problem,) = read_source(data, "wall.md")
        assert isinstance(problem, Problem)
        assert (problem.line, problem.column) == (line, column)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    read_source(data, "wall.md")


@given(st.text(alphabet="-# \n>a`*[]():<|1.", max_size=120))
def test_every_text_has_blocks_numbered_in_the_order_of_their_lines(text: str) -> None:
    blocks = read_blocks(text)
    assert [block.number for block in blocks if block.kind == "paragraph"] == list(
        range(1, 1 + sum(block.kind == "paragraph" for block in blocks))
    )
    assert sorted(block.line for block in blocks) == [block.line for block in blocks]
    assert all(block.text.strip() for block in blocks)


@pytest.mark.parametrize(
    ("data", "file", "names"),
    [
        (b"", "wall.md", ["wall"]),
        (b"---\nid: wall\n", "sources/wall.md", ["wall"]),
        (b"---\nid: wall\nid: gate\n", "C:\\texts\\berlin.md", ["berlin", "wall"]),
        (b"\xff---\r\n\xc2\xa0Id : 'wall'\r\n", "Berlin Wall.md", ["wall"]),
        (b"id:\nwall", "", []),
        (b"id: -\n", "a_b", []),
    ],
)
def test_a_source_that_cannot_be_read_is_known_by_the_name_of_its_file_and_by_its_id(
    data: bytes, file: str, names: list[str]
) -> None:
    unread = name_unread(data, file)
    assert [source.id for source in unread] == names
    assert not any(source.is_read or source.paragraphs for source in unread)


def test_only_the_start_of_an_unread_source_is_looked_at() -> None:
    assert name_unread(b" " * 20_000 + b"\nid: wall", "") == ()


def test_a_missing_checksum_is_told_with_a_real_one_and_where_to_get_it() -> None:
    front = FRONT.replace("kind: article", "kind: study-edition\noriginal: {file: wall.txt}")
    problems = read_source(f"{front}Text.".encode(), "wall.md")
    assert isinstance(problems, tuple)
    (problem,) = problems
    match = re.search("`sha256: ([0-9a-f]{64})`", problem.fix)
    assert match
    assert "`sha256sum FILE`" in problem.fix
    read(f"{front}Text.".replace("wall.txt}", f"wall.txt, sha256: {match[1]}}}"))
