"""Rules set aside with a reason."""

from collections.abc import Callable

from quizapp.core.deck.checks import check_deck, check_decks
from quizapp.core.deck.read import DeckFile
from quizapp.core.problem import Problem
from quizapp.core.source.document import Source
from quizapp.core.source.original import OriginalText

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]
Codes = Callable[..., list[str]]

HEAD = "format: 1\nid: small\ntitle: A small deck\nlanguage: en\ntheme: dates\nsources: [wall]\n"


def test_a_card_waives_a_rule_for_itself(codes: Codes, change: Change) -> None:
    bare = change(hint=None, waive="{no-hint: A guess is wanted.}")
    assert codes(bare) == []
    assert codes(bare, change(id="other", prompt="Who?", answer="Berlin", hint=None)) == ["no-hint"]


def test_a_deck_waives_a_rule_for_all_its_cards(codes: Codes, change: Change) -> None:
    head = HEAD + "waive: {no-hint: The deck is for an exam.}\n"
    assert codes(change(hint=None), change(id="other", prompt="Who?", answer="Berlin", hint=None), head=head) == []


def test_a_waiver_that_nothing_needs_is_told_at_its_key(check: Check, deck: Build, change: Change) -> None:
    (problem,) = check(deck(change(waive="{no-hint: Why not.}")))
    assert (problem.code, problem.line, problem.column) == ("unused-waiver", 16, 13)
    (problem,) = check(deck(head=HEAD + "waive:\n  no-hint: Why not.\n"))
    assert (problem.code, problem.line, problem.column) == ("unused-waiver", 8, 3)


def test_a_waiver_of_the_deck_that_its_cards_have_already_is_told(codes: Codes, change: Change) -> None:
    head = HEAD + "waive: {no-hint: The deck is for an exam.}\n"
    assert codes(change(hint=None, waive="{no-hint: A guess.}"), head=head) == ["unused-waiver"]


def test_a_waiver_for_an_unknown_rule_is_told(check: Check, deck: Build, change: Change) -> None:
    (problem,) = check(deck(change(waive="{no-hnt: Why not.}")))
    assert (problem.code, problem.fix) == ("unknown-waiver", "Did you mean `no-hint`?")
    (problem,) = check(deck(change(waive="{zzz: Why not.}")))
    assert problem.fix == "docs/writing-decks.md lists the rules."


def test_errors_cannot_be_waived(codes: Codes, change: Change) -> None:
    citation = "[{source: wall, paragraph: 1, quote: fell in 1990}]"
    found = codes(change(citations=citation, waive="{quote-not-found: I like it.}"))
    assert found == ["quote-not-found", "unknown-waiver"]


def test_a_waiver_for_what_only_all_decks_show_is_judged_when_all_are_there(
    check: Check, deck: Build, change: Change
) -> None:
    file = deck(change(waive="{near-duplicate: The other deck asks it too.}"))
    assert check(file) == []
    assert "unused-waiver" in [problem.code for problem in check(file, whole=True)]


def test_a_waiver_for_what_only_originals_show_is_judged_when_they_are_there(
    deck: Build, change: Change, wall: Source, original: OriginalText
) -> None:
    file = deck(change(waive="{copied-run: It is a law and free.}"))
    assert check_deck(file, {"wall": wall}) == []
    assert [problem.code for problem in check_deck(file, {"wall": wall}, {"wall": original})] == ["unused-waiver"]


def test_paragraphs_without_cards_are_waived_by_a_deck(deck: Build, wall: Source) -> None:
    waiving = deck(head=HEAD + "waive: {uncited-paragraph: The rest is for another lesson.}\n")
    assert check_decks([waiving], {"wall": wall}) == []
    assert [problem.code for problem in check_decks([deck()], {"wall": wall})] == ["uncited-paragraph"]
