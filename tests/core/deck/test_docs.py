"""docs/writing-decks.md says what the program does."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from quizapp.core.deck.checks import READING_CODES, RULES, check_decks, check_source
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import CARD_MODELS, CARD_TYPES, AnyCard, Citation, Deck, WrongOption
from quizapp.core.source.document import FrontMatter, Original, Source, read_source

PAGE = (Path(__file__).parents[3] / "docs" / "writing-decks.md").read_text(encoding="utf-8")
COMMON = set(AnyCard.model_fields) | {"type"}


def read_section(heading: str) -> str:
    """What stands under a heading, up to the next."""
    match = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert match, heading
    return match[1]


def read_table(heading: str) -> list[list[str]]:
    rows = [line for line in read_section(heading).splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def list_fields(model: type[BaseModel]) -> dict[str, str]:
    return {key: "yes" if field.is_required() else "no" for key, field in model.model_fields.items()}


def read_fields(heading: str) -> dict[str, str]:
    rows = read_table(heading)
    assert all(len(row) == 3 and row[2] for row in rows)
    return {row[0].strip("`"): row[1] for row in rows}


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("The deck", Deck),
        ("A citation", Citation),
        ("A wrong option", WrongOption),
        ("A source", FrontMatter),
        ("An original", Original),
    ],
)
def test_every_field_is_told(heading: str, model: type[BaseModel]) -> None:
    assert read_fields(heading) == list_fields(model)


@pytest.mark.parametrize("kind", CARD_TYPES)
def test_every_field_of_every_card_type_is_told(kind: str) -> None:
    own = {key: needed for key, needed in list_fields(CARD_MODELS[kind]).items() if key not in COMMON}
    assert read_fields(kind) == own
    common = read_fields("Every card")
    assert set(common) == COMMON
    needed = {key: needed for key, needed in list_fields(CARD_MODELS[kind]).items() if key in COMMON}
    assert needed == common | ({"prompt": "no"} if kind == "cloze" else {})


def test_every_card_type_is_told() -> None:
    assert [row[0].strip("`") for row in read_table("Card types")] == list(CARD_TYPES)


def test_every_rule_is_told_as_the_program_has_it() -> None:
    expected = [[f"`{rule.code}`", str(rule.severity), rule.meaning, rule.bad, rule.good] for rule in RULES.values()]
    assert read_table("What the check looks for") == expected


def test_every_code_of_reading_is_told_as_the_program_has_it() -> None:
    assert read_table("When a file cannot be read") == [[f"`{code}`", told] for code, told in READING_CODES.items()]


def read_block(language: str, beginning: str) -> str:
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (block,) = [block for block in blocks if block.startswith(beginning)]
    return str(block)


def test_the_example_is_left_alone_by_the_checks() -> None:
    source = read_source(read_block("markdown", "---").encode(), "sources/eiffel-tower.md")
    assert isinstance(source, Source), source
    file = read_deck(read_block("yaml", "format: 1").encode(), "eiffel.yaml")
    assert isinstance(file, DeckFile), file
    assert [str(problem) for problem in check_decks([file], {source.id: source})] == []
    assert check_source(source) == []
    assert len({card.type for card in file.deck.cards}) >= 5


def test_the_example_of_a_waiver_works() -> None:
    cards = read_block("yaml", "  - id: opening-words")
    head = "format: 1\nid: a\ntitle: A\nlanguage: en\ntheme: t\ncards:\n"
    file = read_deck(f"{head}{cards}".encode(), "a.yaml")
    assert isinstance(file, DeckFile), file
    codes = {problem.code for problem in check_decks([file], {})}
    assert "no-hint" not in codes
    assert "unused-waiver" not in codes


def test_every_link_within_the_page_leads_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", text).lower().replace(" ", "-") for text in re.findall(r"^#+ (.+)$", PAGE, re.M)
    }
    links = re.findall(r"\]\(#([^)]+)\)", PAGE)
    assert links
    assert set(links) <= headings
