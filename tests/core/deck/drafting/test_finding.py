"""How well the rules find what is there: on the two articles and on a text that no rule was made for.

The figures stand in docs/drafting.md, and a test compares.
"""

from collections.abc import Callable
from typing import Any

import pytest
from plumbing.checkout import ROOT

from quizapp.core.deck.drafting import KINDS, draft_cards, find_all
from quizapp.core.source.document import Source

PRECISION, RECALL = 0.8, 0.7


def _find(sample: Any) -> list[tuple[int, int, int, str]]:
    found = find_all(sample.passages, "en")
    return [(one.sentence.paragraph, one.start, one.end, one.finding.kind) for one in found]


def _suggest(sample: Any, make_source: Callable[..., Source]) -> list[tuple[int, int, int, str]]:
    drafted = draft_cards(make_source(*sample.paragraphs))
    return [(one.paragraph, one.start, one.end, one.kind) for one in drafted.suggestions]


def _measure(sample: Any, found: list[tuple[int, int, int, str]], kind: str) -> tuple[int, int, int, int]:
    """Of one kind: what was found, how much of it is listed, what is listed, how much of it was found."""
    ours = [one for one in found if one[3] == kind]
    listed = [one for one in sample.listed if one.kind == kind]
    right = sum(any(entry.is_found_by(*one) for entry in listed) for one in ours)
    known = sum(any(entry.is_found_by(*one) for one in ours) for entry in listed)
    return len(ours), right, len(listed), known


@pytest.mark.parametrize("kind", KINDS)
def test_most_of_what_is_found_is_there_and_most_of_what_is_there_is_found(sample: Any, kind: str) -> None:
    ours, right, listed, known = _measure(sample, _find(sample), kind)
    assert right >= PRECISION * ours, f"{sample.name}, {kind}: {right} of {ours} are right"
    assert known >= RECALL * listed, f"{sample.name}, {kind}: {known} of {listed} are found"


@pytest.mark.parametrize("kind", KINDS)
def test_most_suggestions_ask_about_something_really_there(
    sample: Any, make_source: Callable[..., Source], kind: str
) -> None:
    ours, right, _, _ = _measure(sample, _suggest(sample, make_source), kind)
    assert ours > 0
    assert right >= PRECISION * ours, f"{sample.name}, {kind}: {right} of {ours}"


def _write_row(sample: Any, kind: str, found: Any, suggested: Any) -> str:
    ours, right, listed, known = _measure(sample, found, kind)
    cards, good, _, _ = _measure(sample, suggested, kind)
    mine = [entry for entry in sample.listed if entry.kind == kind]
    asked = {entry.thing for entry in mine if any(entry.is_found_by(*one) for one in suggested)}
    things = f"{len(asked)} of {len({entry.thing for entry in mine})}"
    return f"| {sample.name} | {kind} | {right} of {ours} | {known} of {listed} | {good} of {cards} | {things} |"


def test_the_page_about_drafting_has_these_figures(sample: Any, make_source: Callable[..., Source]) -> None:
    page = (ROOT / "docs" / "drafting.md").read_text(encoding="utf-8").splitlines()
    found, suggested = _find(sample), _suggest(sample, make_source)
    for kind in KINDS:
        assert _write_row(sample, kind, found, suggested) in page


def _add_up(rows: list[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    ours, right, listed, known = map(sum, zip(*rows, strict=True))
    return ours, right, listed, known


def test_texts_in_other_manners_are_read_as_well(registers: list[Any], make_source: Callable[..., Source]) -> None:
    page = (ROOT / "docs" / "drafting.md").read_text(encoding="utf-8").splitlines()
    everything = [(sample, _find(sample), _suggest(sample, make_source)) for sample in registers]
    for kind in KINDS:
        ours, right, listed, known = _add_up([_measure(sample, found, kind) for sample, found, _ in everything])
        cards, good, _, asked = _add_up([_measure(sample, cards, kind) for sample, _, cards in everything])
        assert right >= PRECISION * ours
        assert known >= RECALL * listed
        row = f"| {right} of {ours} | {known} of {listed} | {good} of {cards} | {asked} of {listed} |"
        assert f"| thirteen short texts | {kind} {row}" in page


@pytest.mark.parametrize("kind", KINDS)
def test_most_things_that_are_there_get_a_suggestion(
    sample: Any, make_source: Callable[..., Source], kind: str
) -> None:
    suggested = [one for one in _suggest(sample, make_source) if one[3] == kind]
    listed = [one for one in sample.listed if one.kind == kind]
    things = {one.thing for one in listed}
    asked = {entry.thing for entry in listed if any(entry.is_found_by(*one) for one in suggested)}
    assert len(asked) >= RECALL * len(things), f"{sample.name}, {kind}: {len(asked)} of {len(things)}"
