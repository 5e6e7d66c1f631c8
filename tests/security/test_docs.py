"""What docs/security.md says is there: each requirement that counts, and each test and file that it names."""

import re

import pytest
from plumbing.checkout import ROOT
from plumbing.school import OpenSchool

DOC = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")] for line in DOC.splitlines() if re.match(r"\| \d", line)
]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`((?:tests|quizapp|docs|deploy)/[^`]+)`", row[-1])})
WANTED = """
1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 5.2.1-2 5.3.1-2 6.1.1 6.2.1-8 6.3.1-2
6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 11.4.1 12.1.1 12.2.1-2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1
4.4.1 9.1.1-3 9.2.1 10.4.1-5 11.3.1-2
1.2.8-9 1.3.3-7 1.3.11 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.7.2 4.1.3 4.2.1 5.1.1 5.2.3 5.4.1-3 6.2.9-12
6.3.3-4 6.4.3 6.5.1-5 7.1.1-2 7.3.1-2 7.4.3-5 7.5.1-2 8.1.2 8.2.3 8.4.1 11.4.2 11.5.1 12.3.1 13.2.2-4 13.3.1 13.4.2-5
14.1.1-2 14.2.2-4 14.3.2-3 15.1.2-3 15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3
6.1.2-3 6.8.1-2 6.8.4 7.1.3 7.6.1-2 9.2.2-3 10.1.1-2 10.2.1-2 10.5.1-5
1.2.10 1.3.12 5.2.4-6 6.3.8 8.3.2 15.4.2
"""
"""Level 1, the named ones of level 2, and those borrowed from level 3."""
STATES = {"met", "part", "not met", "does not apply", "the proxy's", "the system's"}


def _spread(wanted: str) -> set[str]:
    """``1.2.1-5`` is five requirements."""
    found = set()
    for each in wanted.split():
        section, _, numbers = each.rpartition(".")
        first, _, last = numbers.partition("-")
        found |= {f"{section}.{number}" for number in range(int(first), int(last or first) + 1)}
    return found


def test_every_requirement_has_one_row() -> None:
    listed = [row[0] for row in ROWS]
    assert _spread(WANTED) - set(listed) == set()
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_met_is_shown_or_said(row: list[str]) -> None:
    assert row[2] in STATES
    assert len(row) == 5 or (len(row) == 4 and row[-1].endswith("|"))
    assert row[3] or "`" in row[-1]


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name: str) -> None:
    file, _, test = name.partition("::")
    assert (ROOT / file).exists()
    assert not test or f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


def test_no_route_answers_trace(shared_school: OpenSchool) -> None:
    client = shared_school.app.test_client()
    for path in ("/", "/sign-in", "/api/v1/decks"):
        assert client.open(path, method="TRACE").status_code == 405
