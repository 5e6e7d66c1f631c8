"""Plain text, saved or pasted, to paragraphs: no word is lost, and what was broken is whole again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.markup import plain_text
from quizapp.core.source.document import read_blocks
from quizapp.core.source.importing.decoding import clean_characters
from quizapp.core.source.importing.plaintext import read_plain
from quizapp.core.source.original import OriginalText, read_original

_LINES = st.lists(st.text(alphabet="abc AB1 .,!?-#*>•", max_size=70), max_size=12).map("\n".join)
# No wrapped line, so that a title and words at line ends keep their hyphens apart.
_GAPS = re.compile(r"[\s\-]+")


def _paragraphs(body: str) -> list[str]:
    return [plain_text(block.text) for block in read_blocks(body) if block.number]


def _letters(text: str) -> str:
    return _GAPS.sub("", re.sub(r"^\s*(?:[-*•‣◦▪●#]+|\d{1,3}[.)])\s", "", text, flags=re.MULTILINE))


@given(st.one_of(_LINES, st.text(max_size=300)))
def test_no_word_of_any_text_is_lost(text: str) -> None:
    read = read_plain(text)
    shown = [plain_text(block.text) for block in read_blocks(read.body)]
    kept = sorted(_letters("\n".join([read.about.title, *shown, *read.dropped])))
    whole = sorted(_letters(clean_characters(text)))
    marks = set("#•*>-.0123456789)")
    assert [sign for sign in kept if sign not in marks] == [sign for sign in whole if sign not in marks]


@given(st.lists(st.text(alphabet="abcdefg ", min_size=30, max_size=90).filter(str.strip), min_size=1, max_size=6))
def test_sentences_each_on_a_line_are_read_word_for_word_and_in_order(sentences: list[str]) -> None:
    text = "\n".join(f"{sentence.strip()}." for sentence in sentences)
    assert " ".join(_paragraphs(read_plain(text).body)).split() == text.split()


@given(st.text(max_size=200))
def test_reading_what_was_read_changes_nothing_more(text: str) -> None:
    body = read_plain(text).body
    assert [block.text for block in read_blocks(body)] == [block.text for block in read_blocks(body.strip())]


def test_a_line_is_a_paragraph_where_lines_are_long() -> None:
    read = read_plain("Herons stand still.\r\nThey wait for fish in the water.\r\n\r\n\r\nThen they strike.")
    assert _paragraphs(read.body) == ["Herons stand still.", "They wait for fish in the water.", "Then they strike."]


def test_short_lines_without_a_full_stop_are_headings_and_the_first_is_the_title() -> None:
    read = read_plain("The grey heron\nIt is a bird.\nWhat does it eat?\nIt eats fish.")
    assert read.about.title == "The grey heron"
    assert [block.text for block in read_blocks(read.body) if block.kind == "heading"] == ["What does it eat?"]


def test_hash_marks_before_headings_go() -> None:
    assert read_plain("# Herons\nThey wait.").about.title == "Herons"


def test_a_text_of_nothing_but_headings_is_a_text() -> None:
    assert _paragraphs(read_plain("Herons").body) == ["Herons"]
    assert _paragraphs(read_plain("Herons\nStorks").body) == ["Storks"]


def test_verses_stay_together_with_their_breaks() -> None:
    read = read_plain("It is a poem.\nRoses are red\nViolets are blue\nHerons are grey\nAnd so are you")
    assert _paragraphs(read.body)[1] == "Roses are red\nViolets are blue\nHerons are grey\nAnd so are you"


def test_items_in_a_row_are_a_list_and_one_alone_is_none() -> None:
    read = read_plain("They eat this.\n• fish\n• frogs\nAnd more.\n1. One\n2. Two\n- a single thing\nEnd.")
    assert "- fish\n- frogs" in read.body
    assert "1. One\n2. Two\n- a single thing" in read.body
    assert "## \\- a thing" in read_plain("First of all.\n- a thing\nEnd.").body


_WRAPPED = """\
The grey heron is a long-legged bird that is found in most of the wet lands of
the old world, from the shores of the north to the lakes of the south, and too
in the cities of people, where they eat from well-stocked ponds of small Chin-
ese fish, and where their nests stand on trees that are well-
known to everybody who walks by, be it in the years that are called the pre-
and the post-war years, or today; and some of them fly along the North-
South line.
A second paragraph begins here, since the line before it was short, and it had
an end as a sentence has; it goes on for a while, so that it has to be a whole
paragraph by itself.
"""


def test_lines_broken_at_a_width_become_paragraphs_again() -> None:
    paragraphs = _paragraphs(read_plain(_WRAPPED).body)
    assert len(paragraphs) == 2
    assert "small Chinese fish" in paragraphs[0]
    assert "trees that are well-known to everybody" in paragraphs[0]
    assert "called the pre- and the post-war years" in paragraphs[0]
    assert "the North-South line." in paragraphs[0]


def test_a_hyphen_that_the_text_writes_elsewhere_is_kept() -> None:
    text = _WRAPPED + "\nA long-legged bird is a bird whose legs are long, and that is all of it: long-\nlegged."
    assert _paragraphs(read_plain(text).body)[-1].endswith("long-legged.")


def test_blank_lines_between_all_lines_are_not_taken_for_paragraphs() -> None:
    text = "\n\n".join(_WRAPPED.splitlines()[:6])
    assert len(_paragraphs(read_plain(text).body)) == 1


def test_page_numbers_are_left_out_and_the_sentence_goes_on() -> None:
    lines = _WRAPPED.splitlines()
    text = "\n".join([*lines[:2], "", "12", "", *lines[2:8], "", "13", "", *lines[8:], "\fPage 14 of 20", "- 15 -"])
    read = read_plain(text)
    assert read.dropped == ("12", "13", "Page 14 of 20", "- 15 -")
    assert "“12”, “13”" in str(read.remarks[0])
    assert len(_paragraphs(read.body)) == 2


def test_many_page_numbers_are_not_all_listed() -> None:
    text = "\n\n".join(f"It is sentence number {number}, and here is its end.\n\n{number}" for number in range(1, 9))
    assert str(read_plain(text).remarks[0]).endswith("…")


def test_a_year_or_a_chapter_alone_is_no_page_number() -> None:
    assert read_plain("1991\n\nThe year began.\n\n1992\n\nIt went on.").dropped == ()
    assert read_plain("7\n\nThe chapter began.").dropped == ()
    assert read_plain("7\n\nThe chapter began.\n\n12\n\nAnother did.").dropped == ()


def test_items_behind_wrapped_lines_are_a_list() -> None:
    assert read_plain(f"{_WRAPPED}- fish\n- frogs").body.endswith("- fish\n- frogs\n")


def test_a_dash_or_a_span_of_years_at_the_end_of_a_line_divides_no_word() -> None:
    text = _WRAPPED.replace("A second paragraph", "A second paragraph, as was said - it was said from 1990-").replace(
        "paragraph by itself.", "paragraph by itself -\nin the end."
    )
    body = read_plain(text).body
    assert "from 1990-" in body
    assert "itself - in the end." in body


def test_a_heading_within_wrapped_lines_is_found() -> None:
    read = read_plain(_WRAPPED.replace("A second", "Where it lives\nA second"))
    assert [block.text for block in read_blocks(read.body) if block.kind == "heading"] == ["Where it lives"]


def test_an_indented_line_begins_a_paragraph_and_an_item_too() -> None:
    wide = "and so the heron stands in the water for a very long time until there is a fish."
    text = f"It begins here {wide}\n   Then again, {wide}\nand on it goes, {wide}\nand on, as if to no end\n- an item"
    assert len(_paragraphs(read_plain(text).body)) >= 3


def test_chinese_lines_are_joined_without_a_space() -> None:
    line = "苍鹭是一种常见的大型水鸟它站在浅水中等待鱼儿游过然后迅速出击把鱼儿吞下去"
    read = read_plain(f"{line}\n{line}\n{line}。")
    assert _paragraphs(read.body) == [f"{line * 3}。"]


def test_an_empty_text_has_no_paragraph() -> None:
    assert read_plain("").body == "\n"
    assert read_plain(" \n\f\n\t").body == "\n"


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n\r\n"])
def test_the_paragraphs_are_those_of_an_original(gap: str) -> None:
    long = "It says this of the herons, and so on, and on, until the line is longer than any that is broken by hand."
    blocks = ["The title of it", long, "A heading", long.upper(), f"{long} Is it?", "Does it?", "No.", "“Yes.”", long]
    text = gap.join(blocks)
    read = read_original(text.encode(), "x.txt")
    assert isinstance(read, OriginalText)
    assert tuple(_paragraphs(read_plain(text).body)) == read.paragraphs
