"""Rows that are taken the short way are the rows that a reader of quoted cells would give."""

import csv
import io

from hypothesis import assume, example, given
from hypothesis import strategies as st

from quizapp.core.exchange import ankitext
from quizapp.core.exchange.model import ImportOptions
from quizapp.core.exchange.tables_rows import read_rows


def is_closed(text: str) -> bool:
    """Whether every quotation mark that opens a cell is closed as it should be."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True)) is not None
    except csv.Error:
        return False


_CELLS = st.text(st.sampled_from('aZß1 "\t,|*{-]\n\r'), max_size=8)


@given(st.lists(_CELLS, max_size=20).map("".join), st.sampled_from("\t,|-] "))
@example('one\ttwo\n"three\nfour"\tfive\nsix\tseven', "\t")
@example('one\ttwo\n"never closed\tx\nthree\tfour\n', "\t")
@example("a,b\r\n\r\nc,d\re,f", ",")
def test_the_short_way_takes_what_the_reader_would_give(text: str, separator: str) -> None:
    taken = list[list[str]]()

    def take(prompt: str, answer: str) -> bool:
        taken.append([prompt, answer])
        return True

    others = [(row.line, row.cells) for row in read_rows(text, separator, take=take)]
    left = [(row.line, row.cells) for row in read_rows(text, separator)]
    for cells in taken:
        left.remove(next(row for row in left if row[1] == cells))
    assert others == left


@given(st.lists(_CELLS, max_size=20).map("".join))
def test_rows_are_those_of_the_csv_reader(text: str) -> None:
    assume(is_closed(text))
    read = csv.reader(io.StringIO(text, newline=""))
    known = [cells for cells in read if any(cells) and (cells[0] or any(map(str.strip, cells)))]
    assert [row.cells for row in read_rows(text, ",")] == known


def test_what_is_not_taken_keeps_its_line() -> None:
    refused = list(read_rows("a\tb\nc\td\ne\tf\n", "\t", first_line=3, take=lambda prompt, _: prompt != "c"))
    assert [(row.line, row.cells) for row in refused] == [(4, ["c", "d"])]


def test_a_cloze_in_plain_text_is_a_cloze_whatever_it_begins_with() -> None:
    read = ankitext.read(b"#html:false\nThe {{c1::heron}} wades\tIn water\n", ImportOptions("notes.txt"))
    assert [card.type for card in read.decks[0].cards] == ["cloze"]


def test_plain_notes_read_the_short_way_are_those_of_the_long_way() -> None:
    plain = b"#separator:tab\n#html:false\n" + b"".join(b"Heron %d -- wades?\tYes %d. \n" % (n, n) for n in range(50))
    short = ankitext.read(plain, ImportOptions("notes.txt"))
    long = ankitext.read(
        plain.replace(b"#html:false\n", b"#html:false\n#notetype:Basic (type in)\n"), ImportOptions("notes.txt")
    )
    assert [(card.id, card.prompt) for card in short.decks[0].cards] == [(c.id, c.prompt) for c in long.decks[0].cards]
    assert short.decks[0] == type(short.decks[0]).model_validate(short.decks[0].model_dump())
