"""Changing a deck file: what does not change keeps its lines byte for byte, and the result says what was wanted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbing import samples
from plumbing.decks import FIELDS, HEADS, decks

from quizapp.core.deck.edit.content import Content, content_of, head_of, read_content
from quizapp.core.deck.edit.nodes import NoPlace, Splice, apply
from quizapp.core.deck.edit.revise import revise
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Card, Deck, DeckHead
from quizapp.core.deck.write import write_card, write_content, write_deck

HAND = """\
# The deck of the spring term
format: 1   # never change this
id: "wall"
title: 'The Wall'
language: en
theme: dates  # one of ours

cards:
# Everybody knows this one
-   id: fall
    prompt: In which year
      did the Wall fall?
    type: choice     # four options
    answer: "1989"   # see paragraph 4
    wrong: ["1961", "1990"]  # more?
    # the reason
    explanation: >
      The text says so,
      twice.
    # nothing more to say

# Hard ones

-
    id: 'who'
    type: short
    hint:
    answer: Schabowski
    accept:
    - Günter Schabowski   # in full
    - Guenter Schabowski
    - G. Schabowski
    prompt: Who said it?

# Later: a card on Leipzig
- {id: flow, type: truefalse, prompt: It is still there., answer: false}
sources: [wall]
# The end
"""


def _read(text: str) -> Content:
    content = read_content(text.encode(), "deck.yaml")
    assert isinstance(content, Content), [str(problem) for problem in content]
    return content


def _change(text: str, card_id: str, **fields: object) -> str:
    before = _read(text)
    cards = [
        type(card).model_validate(card.model_dump() | fields) if card.id == card_id else card for card in before.cards
    ]
    after = before.with_cards(cards)
    made = revise(text, before, after)
    assert _read(made).says_the_same_as(after)
    return made


def _lines_that_differ(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return [line.rstrip() for line in old], [line.rstrip() for line in new]


def test_saying_the_same_changes_nothing() -> None:
    content = _read(HAND)
    assert revise(HAND, content, content_of(content.deck)) == HAND if content.deck else False


@pytest.mark.parametrize(
    ("card", "fields", "old", "new"),
    [
        (
            "fall",
            {"answer": "1988"},
            ['    answer: "1989"   # see paragraph 4'],
            ['    answer: "1988"   # see paragraph 4'],
        ),
        (
            "fall",
            {"prompt": "When did it fall?"},
            ["    prompt: In which year", "      did the Wall fall?"],
            ["    prompt: When did it fall?"],
        ),
        (
            "fall",
            {"wrong": ["1961", {"text": "1990", "why": "That was unity."}]},
            ['    wrong: ["1961", "1990"]  # more?'],
            ["    wrong:", '      - "1961"', '      - text: "1990"', "        why: That was unity.", "    # more?"],
        ),
        ("fall", {"explanation": ""}, ["    explanation: >", "      The text says so,", "      twice."], []),
        ("fall", {"difficulty": "hard"}, [], ["    difficulty: hard"]),
        ("who", {"hint": "A spokesman."}, ["    hint:"], ["    hint: A spokesman."]),
        (
            "who",
            {"accept": ["Günter Schabowski", "Gunter Schabowski", "G. Schabowski"]},
            ["    - Guenter Schabowski"],
            ["    - Gunter Schabowski"],
        ),
        (
            "who",
            {"accept": ["Günter Schabowski", "Guenter Schabowski", "Schabowsky", "G. Schabowski"]},
            [],
            ["    - Schabowsky"],
        ),
        (
            "who",
            {"accept": ["S.", "Günter Schabowski", "Guenter Schabowski", "G. Schabowski"]},
            [],
            ["    - S."],
        ),
        ("who", {"accept": ["Günter Schabowski", "G. Schabowski"]}, ["    - Guenter Schabowski"], []),
        ("who", {"prompt": "Who?"}, ["    prompt: Who said it?"], ["    prompt: Who?"]),
        (
            "flow",
            {"answer": True},
            ["- {id: flow, type: truefalse, prompt: It is still there., answer: false}"],
            ["- id: flow", "  type: truefalse", "  prompt: It is still there.", "  answer: true"],
        ),
    ],
)
def test_one_change_touches_its_own_lines(card: str, fields: dict[str, object], old: list[str], new: list[str]) -> None:
    assert _lines_that_differ(HAND, _change(HAND, card, **fields)) == (old, new)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_the_ends_of_lines_are_the_writers_own(newline: str) -> None:
    made = _change(HAND.replace("\n", newline), "fall", answer="1988", note="Two\nlines.")
    assert made.replace(newline, "").count("\n" if newline == "\r" else "\r") == 0
    assert newline.join(["    note: |-", "      Two", "      lines."]) in made


def test_a_file_without_an_end_of_its_last_line_can_grow() -> None:
    text = (
        "format: 1\nid: a\ntitle: A\nlanguage: en\ntheme: t\ncards:\n- {id: a, type: flashcard, prompt: p, answer: b}"
    )
    before = _read(text)
    card = before.cards[0].model_copy(update={"id": "b"})
    made = revise(text, before, before.with_cards([*before.cards, card]))
    assert made.startswith(text + "\n\n- id: b\n")
    head = before.head.model_copy(update={"license": "CC0"})
    assert revise(text, before, Content(head, before.cards)).count("license: CC0") == 1


def test_a_moved_card_takes_its_comment_along_and_a_removed_one_leaves_those_set_apart() -> None:
    before = _read(HAND)
    fall, who, flow = before.cards
    moved = revise(HAND, before, before.with_cards([flow, fall, who]))
    assert (
        moved.index("# Later: a card") < moved.index("id: flow") < moved.index("# Everybody") < moved.index("id: fall")
    )
    gone = revise(HAND, before, before.with_cards([fall, flow]))
    assert "# Hard ones" in gone
    assert "who" not in gone
    assert gone.endswith("sources: [wall]\n# The end\n")
    last = revise(HAND, before, before.with_cards([fall]))
    assert "# Hard ones" in last
    assert "Leipzig" not in last


def test_the_head_changes_beside_the_cards() -> None:
    before = _read(HAND)
    values = before.head.model_dump() | {"title": "Walls", "tags": ["x"], "theme": "d", "sources": []}
    made = revise(HAND, before, Content(DeckHead.model_validate(values), before.cards))
    assert "title: Walls\n" in made
    assert "theme: d  # one of ours\ntags: [x]\n" in made
    assert "sources" not in made
    assert made[made.index("cards:") : made.index("# The end")] == HAND[HAND.index("cards:") : HAND.index("sources:")]


@pytest.mark.parametrize(
    "ending", ["cards: []\n", "cards: [] # none\n", "cards:\n", "cards:", "", "cards: []\nauthor: B\n"]
)
def test_a_deck_without_cards_takes_its_first(ending: str) -> None:
    text = f"format: 1\nid: a\ntitle: A # ours\nlanguage: en\ntheme: t\n{ending}"
    before = _read(text)
    made = revise(text, before, before.with_cards(_read(HAND).cards[:1]))
    assert made.startswith(text[: text.index("theme")])
    assert [card.id for card in _read(made).cards] == ["fall"]
    back = revise(made, _read(made), before)
    assert _read(back).says_the_same_as(before)
    assert "# ours" in back


_HEAD = "format: 1\nid: a\ntitle: A\nlanguage: en\ntheme: t\n"
_CARD = "id: a\n    type: flashcard\n    prompt: p\n    answer: b\n"
_JSON_CARD = '{"id": "a", "type": "flashcard", "prompt": "p", "answer": "b"}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"format": 1, "id": "a", "title": "A", "language": "en", "theme": "t", "cards": [{_JSON_CARD}]}}',
        f"{_HEAD}cards: [{_JSON_CARD}]\n",
        f"{_HEAD}cards: [\n{_JSON_CARD}\n]\n",
        f"{_HEAD}? cards\n: - {_CARD}",
        f"---\n{_HEAD}cards:\n  - ? {_CARD.replace(':', chr(10) + '    :', 1)}...\n",
        f"{_HEAD}cards:\n  - hint: h\n    {_CARD}",
        f"{_HEAD}cards:\n  - {_CARD}    waive: {{x: y}}\n",
        f"{_HEAD}cards:\n  - {_CARD}    waive:\n      x: y\n",
        f"{_HEAD}cards:\n  - {_CARD}    waive:\n      x: y\n      z: v\n",
    ],
)
def test_unusual_ways_of_writing_are_changed_all_the_same(text: str) -> None:
    made = _change(text, "a", prompt="q", answer="two\nlines", note="n", waive={"z": "w"}, hint="")
    assert "q" in made


def _with_comments(deck: Deck, words: list[str]) -> str:
    """A deck file as somebody keeps it who comments on everything."""
    lines = write_content(head_of(deck), ()).removesuffix("cards: []\n") + "# cards follow\n\ncards:\n"
    for card, word in zip(deck.cards, words, strict=True):
        lines += f"\n# part {word}\n\n  # on {word}\n{write_card(card)}    # end of {word}\n"
    return lines + "\n# bye\n"


@settings(max_examples=50)
@given(decks(), st.data())
def test_any_card_of_any_deck_can_be_changed_and_the_others_keep_their_lines(deck: Deck, data: st.DataObject) -> None:
    words = [f"w{number}" for number in range(len(deck.cards))]
    text = _with_comments(deck, words)
    before = _read(text)
    chosen = data.draw(st.integers(0, len(deck.cards) - 1))
    fields = data.draw(FIELDS) | {"id": deck.cards[chosen].id}
    changed = Deck.model_validate(head_of(deck).model_dump() | {"cards": [fields]}).cards[0]
    after = before.with_cards([changed if card.id == changed.id else card for card in before.cards])
    made = revise(text, before, after)
    assert _read(made).says_the_same_as(after)
    for card, word in zip(deck.cards, words, strict=True):
        assert f"# part {word}\n\n  # on {word}\n  - id: {card.id}\n" in made
        if card.id != changed.id:
            assert f"  # on {word}\n{write_card(card)}    # end of {word}\n" in made
    assert made.endswith("\n# bye\n")


@settings(max_examples=50)
@given(decks(), HEADS, st.data())
def test_heads_change_and_cards_come_go_and_move(deck: Deck, head: dict[str, object], data: st.DataObject) -> None:
    text = _with_comments(deck, [f"w{number}" for number in range(len(deck.cards))])
    before = _read(text)
    kept = data.draw(st.lists(st.sampled_from(before.cards), unique_by=lambda card: card.id))
    added = [card.model_copy(update={"id": f"new-{number}"}) for number, card in enumerate(kept[:2])]
    after = Content(DeckHead.model_validate(head), (*data.draw(st.permutations([*kept, *added])),))
    made = revise(text, before, after)
    assert _read(made).says_the_same_as(after)
    for card in kept:
        assert write_card(card) in made
    assert "# cards follow\n" in made


@given(decks())
def test_deck_to_file_to_deck_loses_nothing(deck: Deck) -> None:
    file = read_deck(write_deck(deck).encode(), "deck.yaml")
    assert isinstance(file, DeckFile)
    assert file.deck == deck
    assert content_of(file.deck).says_the_same_as(content_of(deck))


def _shipped() -> list[Path]:
    return sorted((Path(__file__).parents[4] / "decks").glob("*.yaml"))


@pytest.mark.parametrize("read", [samples.DECK.decode, *(lambda path=path: path.read_text() for path in _shipped())])
def test_every_card_of_the_shipped_decks_can_be_changed_alone(read: Callable[[], str]) -> None:
    text = read()
    for card in _read(text).cards[:12]:
        made = _change(text, card.id, prompt="Is this new?")
        old, new = _lines_that_differ(text, made)
        assert new == ["    prompt: Is this new?"]
        assert len(old) <= 3


def test_what_cannot_be_written_is_an_error_and_not_a_broken_file() -> None:
    before = _read(HAND)
    broken: Card = before.cards[0].model_copy(update={"prompt": ""})
    with pytest.raises(ValueError, match="cannot be written"):
        revise(HAND, before, before.with_cards([broken]))


def test_pairs_written_line_by_line_are_changed_alone() -> None:
    text = f"{_HEAD}cards:\n- id: a\n  type: match\n  prompt: p\n  pairs:\n  - - b # b\n    - c\n  - - d\n    - e\n"
    made = _change(text, "a", pairs=[["b", "c"], ["d", "f"]])
    assert "  - - b # b\n    - c\n  - [d, f]\n" in made


def test_two_changes_at_one_place_are_no_change() -> None:
    with pytest.raises(NoPlace):
        apply("abc", [Splice(0, 2, "x"), Splice(1, 3, "y")])


@pytest.mark.parametrize(
    "text", ["", "cards: []", "format: 1\nid: a\ncards: []\n", "format: 1\nid: A\ncards:\n", "cards: [a]"]
)
def test_a_file_without_cards_still_needs_its_head(text: str) -> None:
    assert isinstance(read_content(text.encode(), "a.yaml"), tuple)
