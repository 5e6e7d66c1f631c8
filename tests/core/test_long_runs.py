"""Long runs of one sign, wherever somebody may put them: read or refused in time that grows with their length alone.

Each of these took the square or the cube of it once: five hundred spaces in the title of a text, seconds.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

from quizapp.core.deck.read import read_deck
from quizapp.core.errors import Invalid
from quizapp.core.exchange import ankitext, moodlexml, tables
from quizapp.core.exchange.model import ImportOptions
from quizapp.core.learning.examscope import parse_ranges
from quizapp.core.learning.logform import cells
from quizapp.core.source.importing.markdown import read_markdown
from quizapp.core.source.importing.webpage import read_webpage

MANY = 100_000
SPACES, DIGITS = " " * MANY, "1" * MANY
OPTIONS = ImportOptions("a.txt")
QUESTION = (
    "<quiz><question type='shortanswer'><questiontext format='html'><text><![CDATA[<p>${}$ \\({}\\)</p>]]></text>"
    "</questiontext><answer fraction='100'><text>a</text></answer></question></quiz>"
)


@pytest.mark.parametrize(
    "read",
    [
        lambda: read_markdown(f"# a{SPACES}b\n\nIt waits."),
        lambda: read_markdown(f"# a{'# ' * MANY}b\n\nIt waits."),
        lambda: read_markdown(f"{SPACES}# a\n\nIt waits."),
        lambda: read_webpage(f"<title>a{SPACES}b</title><p>{'It waits. ' * 30}</p>".encode()),
        lambda: read_deck(f"format: 1\ncards:\n{SPACES}'a' b\n".encode(), "a.yaml"),
        lambda: read_deck(f"format: 1\ncards:\n  - id: a\n    prompt:{SPACES}'a' b\n".encode(), "a.yaml"),
        lambda: moodlexml.read(QUESTION.format(DIGITS, DIGITS).encode(), OPTIONS),
        lambda: ankitext.read(f"#html:true\n${DIGITS}$ \\({'1,' * MANY}\\)\tb\n".encode(), OPTIONS),
        lambda: tables.read(f"question;a{SPACES}b;answer\nx;y;z\n".encode(), OPTIONS),
        lambda: parse_ranges(f"{SPACES}x"),
        lambda: parse_ranges(f"§{SPACES}§{SPACES}x"),
        lambda: cells._ZONE_APART.sub("", f"a{SPACES}b"),
    ],
)
def test_a_long_run_is_read_or_refused_soon(read: Callable[[], object]) -> None:
    with suppress(Invalid):
        assert read() is not None


@pytest.mark.parametrize(
    ("line", "title"),
    [("# Herons ##", "Herons"), ("#  Herons  # ", "Herons"), ("# C# and F#", "C# and F"), ("# ##", "##")],
)
def test_the_closing_signs_of_a_title_are_no_part_of_it(line: str, title: str) -> None:
    assert read_markdown(f"{line}\n\nIt waits.").about.title == title
