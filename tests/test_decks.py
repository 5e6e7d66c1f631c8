"""The shipped decks keep their promises, and docs/coverage.md says what they cover.

After an edit of decks/, write docs/coverage.md anew with

    .venv/bin/python tests/test_decks.py > docs/coverage.md
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from plumbing.checkout import ROOT

from quizapp.cli import cli
from quizapp.core.deck.checks import list_coverage
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Card, Choice, Deck, Match, Multiple, TrueFalse
from quizapp.core.learning.grading import grade, parse_response
from quizapp.core.source.document import Source, read_source

DECKS = ROOT / "decks"
THEMES = ("dates", "organisations", "motivations")
# The articles themselves are not part of the project: without them, the study editions alone are checked.
ORIGINALS = [path for path in [ROOT.parent / "shared" / "sources"] if path.is_dir()]
WHY_OR_COMPARE = {"why", "compare"}

HEAD = """\
# What the decks cover

For each paragraph of the two articles, the cards that cite it, by theme. The themes are those of the decks:
a card named under *dates* is in `decks/dates.yaml`. A dash: no card of this theme cites the paragraph.

This page is generated, and a test compares it with the decks: see the first lines of `tests/test_decks.py`.
"""


def _read_deck(path: Path) -> DeckFile:
    deck = read_deck(path.read_bytes(), path.name)
    assert isinstance(deck, DeckFile), deck
    return deck


def _read_source(path: Path) -> Source:
    source = read_source(path.read_bytes(), path.name)
    assert isinstance(source, Source), source
    return source


FILES = {file.deck.id: file for file in map(_read_deck, sorted(DECKS.glob("*.yaml")))}
CARDS = {f"{name}/{card.id}": card for name, file in FILES.items() for card in file.deck.cards}


def _write_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _write_article(source: Source, cited: dict[tuple[str, int], tuple[str, ...]]) -> str:
    lines = ["", f"## {source.title}", "", _write_row(["Paragraph", *THEMES]), _write_row(["---:"] + ["---"] * 3)]
    for number in range(1, len(source.paragraphs) + 1):
        names = [[f"`{card.partition('/')[2]}`" for card in cited[theme, number]] for theme in THEMES]
        lines.append(_write_row([str(number), *(", ".join(cards) or "–" for cards in names)]))
    total = [len({card for (of, _), cards in cited.items() if of == theme for card in cards}) for theme in THEMES]
    lines.append(_write_row(["Cards", *map(str, total)]))
    return "\n".join(lines) + "\n"


def write_coverage() -> str:
    """The page docs/coverage.md: theme, article and paragraph, with the cards that cite it."""
    sources = {source.id: source for source in map(_read_source, sorted((DECKS / "sources").glob("*.md")))}
    by_article: dict[str, dict[tuple[str, int], tuple[str, ...]]] = defaultdict(dict)
    for row in list_coverage([FILES[theme] for theme in THEMES], sources):
        by_article[row.source][row.theme, row.paragraph] = row.cards
    return HEAD + "".join(_write_article(source, by_article[name]) for name, source in sources.items())


@pytest.mark.parametrize("originals", [None, *ORIGINALS])
def test_the_check_finds_nothing_to_say(originals: Path | None) -> None:
    options = ["--originals", str(originals)] if originals else []
    done = CliRunner().invoke(cli, ["deck", "check", str(DECKS), "--strict", *options])
    assert done.output.splitlines()[-1].endswith(" 2 sources: 0 errors, 0 warnings."), done.output
    assert done.exit_code == 0


def test_the_coverage_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert page == write_coverage(), __doc__


def test_every_theme_cites_both_articles() -> None:
    for theme in THEMES:
        cited = {citation.source for card in FILES[theme].deck.cards for citation in card.citations}
        assert cited == {"growing-partnership", "russia-vs-america"}, theme


def test_there_are_three_decks_named_after_their_themes() -> None:
    assert {name: file.deck.theme for name, file in FILES.items()} == {theme: theme for theme in THEMES}


def test_there_are_enough_cards_and_none_for_padding() -> None:
    assert 65 <= len(CARDS) <= 80


def test_no_waiver_is_needed() -> None:
    assert [name for name, card in CARDS.items() if card.waive] == []
    assert [name for name, file in FILES.items() if file.deck.waive] == []


def test_at_least_six_types_are_used() -> None:
    assert len({card.type for card in CARDS.values()}) >= 6


@pytest.mark.parametrize("deck", [FILES[theme].deck for theme in THEMES], ids=THEMES)
def test_each_deck_is_worth_opening(deck: Deck) -> None:
    assert len(deck.cards) >= 10
    assert len({card.type for card in deck.cards}) >= 4
    assert len({card.difficulty for card in deck.cards}) == 3


def test_a_quarter_of_the_cards_ask_why_or_compare() -> None:
    asking = [name for name, card in CARDS.items() if WHY_OR_COMPARE & set(card.tags)]
    assert 4 * len(asking) >= len(CARDS)


def test_true_and_false_are_about_as_frequent() -> None:
    answers = Counter(card.answer for card in CARDS.values() if isinstance(card, TrueFalse))
    assert abs(answers[True] - answers[False]) <= 2, answers


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())
def test_each_card_helps_and_proves(card: Card) -> None:
    assert card.explanation
    assert card.hint
    assert card.difficulty
    assert card.tags
    assert card.citations


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())
def test_each_wrong_option_says_why_it_is_wrong(card: Card) -> None:
    wrong = card.wrong if isinstance(card, Choice | Multiple) else ()
    assert [option.text for option in wrong if not option.why] == []


def test_what_stands_in_a_list_to_choose_from_needs_no_italics() -> None:
    """A browser's list of choices shows plain text only, so that the right sides of pairs hold no Markdown."""
    rights = [right for card in CARDS.values() if isinstance(card, Match) for _, right in card.pairs]
    assert rights
    assert [right for right in rights if set(right) & set("*_`[]$")] == []


TYPED = {
    "dates/soviet-union-breaks-up-year": (["1991", "in 1991", "December 1991", "26 December 1991"], ["1990", "1992"]),
    "dates/putin-in-office-year": (["2000", "in 2000", "the year 2000", "May 2000"], ["1999", "200", "31.12.1999"]),
    "dates/liberation-day": (
        ["August 15", "15 August", "the 15th of August", "15/8", "8/15", "August fifteenth", "15 August 1945"],
        ["August 16", "15 July", "15", "5 August"],
    ),
    "dates/meeting-with-two-presidents-when": (["a few days ago", "“Just a few days ago”"], ["last month", "recently"]),
    "dates/war-in-which-help-mattered": (
        ["Korean War", "the war in Korea", "Korean war of 1950"],
        ["the Cold War", "World War II", "Vietnam War"],
    ),
    "organisations/sco-full-name": (
        ["Shanghai Cooperation Organisation", "the shanghai co-operation organization"],
        ["Shanghai Security Organization", "Shanghai Cooperation"],
    ),
    "organisations/nato-full-name": (
        ["North Atlantic Treaty Organisation", "the north atlantic treaty organization"],
        ["North Atlantic Trade Organization", "North American Treaty Organization"],
    ),
    "organisations/scholars-university": (["Lancaster", "University of Lancaster"], ["Manchester", "Leicester"]),
    "motivations/kind-of-foreign-policy": (["pragmatic", "deeply pragmatic"], ["practical", "dogmatic", "problematic"]),
    "motivations/image-for-energy-supplies": (["lifeline", "a life line"], ["lifeboat", "pipeline", "deadline"]),
    "motivations/two-aims-one-word": (["counter-balance", "to counterbalance"], ["balance", "counterweight"]),
}


@pytest.mark.parametrize("name", TYPED)
def test_what_people_type_is_judged_as_a_teacher_would(name: str) -> None:
    card, (right, wrong) = CARDS[name], TYPED[name]
    scores = {typed: grade(card, parse_response(card, typed)).score for typed in [*right, *wrong]}
    assert scores == dict.fromkeys(right, 1.0) | dict.fromkeys(wrong, 0.0)


def test_every_card_to_type_into_was_tried() -> None:
    assert set(TYPED) == {name for name, card in CARDS.items() if card.type == "short"}


if __name__ == "__main__":
    sys.stdout.write(write_coverage())
