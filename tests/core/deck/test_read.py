"""Reading deck files: what is a deck, and what is said where it is none."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Choice, Short
from quizapp.core.problem import Problem, Severity

Refuse = Callable[[str | bytes], tuple[Problem, ...]]
Accept = Callable[[str | bytes], DeckFile]


def told(problems: tuple[Problem, ...]) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.code) for problem in problems]


def test_a_whole_deck_is_read(accept: Accept, head: str, card: str) -> None:
    file = accept(head + card)
    assert (file.file, file.deck.id, file.deck.title, file.deck.format) == ("deck.yaml", "small", "A small deck", 1)
    (only,) = file.deck.cards
    assert isinstance(only, Short)
    assert only.answer == "1989"


@pytest.mark.parametrize("answer", ["no", "1:30", "010", "2024-01-02", "null", "~", "1e3", "0x1F", "=", "<<", "yes"])
def test_every_scalar_is_kept_as_text(accept: Accept, head: str, card: str, answer: str) -> None:
    (only,) = accept(head + card.replace("1989", answer)).deck.cards
    assert isinstance(only, Short)
    assert only.answer == answer


def test_each_value_knows_its_place(accept: Accept, head: str, card: str) -> None:
    places = accept(head + card + "    tags: [east, west]\n").places
    assert places.at() == (1, 1)
    assert places.at("title") == (3, 8)
    assert places.key_at("title") == (3, 1)
    assert places.at("cards", 0) == (7, 5)
    assert places.at("cards", 0, "answer") == (10, 13)
    assert places.key_at("cards", 0, "answer") == (10, 5)
    assert places.at("cards", 0, "tags", 1) == (11, 18)


def test_a_path_that_leads_nowhere_gives_the_nearest_place_above(accept: Accept, head: str, card: str) -> None:
    places = accept(head + card).places
    assert places.at("cards", 0, "hint") == places.key_at("cards", 0, "hint") == (7, 5)
    assert places.at("cards", 9, "hint") == places.at("cards") == (7, 3)
    assert places.at("cards", -1) == places.at("cards", "id") == (7, 3)
    assert places.at("title", "deeper") == (3, 8)
    assert places.at("nothing") == (1, 1)
    assert places.at(0) == (1, 1)


def test_an_unquoted_value_is_in_place_behind_a_byte_order_mark_and_windows_line_ends(
    accept: Accept, head: str, card: str
) -> None:
    file = accept(b"\xef\xbb\xbf" + (head + card).replace("\n", "\r\n").encode())
    assert file.places.at("cards", 0, "answer") == (10, 13)
    assert file.deck.title == "A small deck"


def test_a_key_with_nothing_behind_it_counts_as_not_written(
    accept: Accept, refuse: Refuse, head: str, card: str
) -> None:
    (only,) = accept(head + card + "    hint:\n    tags:\n    difficulty:\n    citations:\n").deck.cards
    assert (only.hint, only.tags, only.difficulty, only.citations) == ("", (), None, ())
    (problem,) = refuse(head + card.replace("1989", ""))
    assert problem.code == "missing-key"
    assert problem.message == "`answer` of the card `wall` has nothing behind it."


def test_an_option_may_be_a_text_or_a_mapping(accept: Accept, head: str) -> None:
    text = head + "  - {id: a, type: choice, prompt: P?, answer: A, wrong: [B, {text: C, why: Not yet.}]}\n"
    (only,) = accept(text).deck.cards
    assert isinstance(only, Choice)
    assert only.options == ("A", "B", "C")
    assert [option.why for option in only.wrong] == ["", "Not yet."]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_told(refuse: Refuse, text: str) -> None:
    problems = refuse(text)
    assert [problem.code for problem in problems] in (["empty-file"], ["wrong-shape"])


@pytest.mark.parametrize("text", ["a text", "[a, list]", "- a\n- list\n", "''"])
def test_a_deck_that_is_no_mapping_is_told(refuse: Refuse, text: str) -> None:
    assert told(refuse(text)) == [(1, 1, "wrong-shape")]


def test_all_problems_of_a_file_are_told_at_once_in_the_order_of_their_places(refuse: Refuse) -> None:
    text = """\
format: 2
id: Dates & Periods
titel: X
language: english
theme: t
theme: u
sources: abc
waive: {A B: c, ok: " "}
cards:
  - id: a
    type: choise
    prompt: *foo
    difficulty: hrd
    citations: [{source: x, paragraph: 0, quot: y}]
  - id: a
    type: choice
    prompt: "x\\0y"
    wrong: [A, {why: x}]
    text: {{foo}}
  - id: b
    type: match
    pairs: [[a], [a, b, c], ab, [a, [b]]]
    accept: x
  - just text
  - id: c
    type: short
    prompt: !!str x
    answer: |
      a
      b
    tolerance: 1,5
    tags: &b y
    match: nummer
"""
    assert told(refuse(text)) == [
        (1, 1, "missing-key"),
        (1, 9, "wrong-value"),
        (2, 5, "bad-id"),
        (3, 1, "unknown-key"),
        (4, 11, "wrong-value"),
        (6, 1, "duplicate-key"),
        (7, 10, "wrong-shape"),
        (8, 9, "bad-id"),
        (8, 21, "empty-text"),
        (11, 11, "unknown-type"),
        (12, 13, "alias"),
        (13, 17, "wrong-value"),
        (14, 17, "missing-key"),
        (14, 40, "wrong-value"),
        (14, 43, "unknown-key"),
        (15, 5, "missing-key"),
        (15, 9, "duplicate-card-id"),
        (17, 13, "hidden-character"),
        (18, 16, "missing-key"),
        (19, 5, "unknown-key"),
        (19, 12, "complex-key"),
        (20, 5, "missing-key"),
        (22, 13, "wrong-shape"),
        (22, 18, "too-many"),
        (22, 29, "wrong-shape"),
        (22, 37, "wrong-shape"),
        (23, 5, "unknown-key"),
        (24, 5, "wrong-shape"),
        (27, 13, "tag"),
        (28, 13, "several-lines"),
        (31, 16, "wrong-value"),
        (32, 11, "anchor"),
        (32, 11, "wrong-shape"),
        (33, 12, "wrong-value"),
    ]


@pytest.mark.parametrize(
    ("key", "meant"),
    [("answr", "answer"), ("ANSWER ", "answer"), ("question", "prompt"), ("options", "id"), ("evidence", "citations")],
)
def test_a_key_of_another_program_or_with_a_slip_says_which_is_meant(
    refuse: Refuse, head: str, card: str, key: str, meant: str
) -> None:
    (problem,) = refuse(head + card + f"    '{key}': x\n")
    assert problem.code == "unknown-key"
    assert f"`{meant}`" in problem.fix


def test_options_are_wrong_ones_where_there_can_be_some(refuse: Refuse, head: str, card: str) -> None:
    fixes = [one.fix for one in refuse(head + card.replace("short", "choice") + "    options: [x, y]\n")]
    assert "Did you mean `wrong`?" in fixes


def test_merging_keys_is_said_to_be_yaml_that_is_not_used(refuse: Refuse, head: str, card: str) -> None:
    (problem,) = refuse(head + card + "    <<: {hint: x}\n")
    assert "merges" in problem.fix


def test_a_value_with_a_tag_is_one_mistake(refuse: Refuse, head: str, card: str) -> None:
    assert told(refuse(head + card.replace("answer: ", "answer: !!python/object/apply:os.system [ls] # "))) == [
        (10, 13, "tag")
    ]


def test_every_problem_is_an_error_that_says_what_to_do(refuse: Refuse, head: str) -> None:
    for problem in refuse(head + "  - {id: a}\n  - {id: a, type: x, tags: b}\n  - 3\n"):
        assert problem.severity is Severity.ERROR
        assert problem.file == "deck.yaml"
        assert problem.message.endswith(".")
        assert problem.fix.endswith(".")


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("promt: x", "Did you mean `prompt`?"),
        ("pairs: []", "It belongs to cards of the type `match`."),
        ("wrong: []", "It belongs to cards of the type `choice` or `multiple`."),
        ("zzz: 1", "Delete it; the keys here are `id`, `prompt`, "),
    ],
)
def test_an_unknown_key_gets_the_likeliest_help(refuse: Refuse, head: str, card: str, written: str, fix: str) -> None:
    (problem,) = refuse(f"{head}{card}    {written}\n")
    assert (problem.line, problem.column, problem.code) == (11, 5, "unknown-key")
    assert problem.fix.startswith(fix)


def test_a_card_id_used_twice_is_told_at_the_second(refuse: Refuse, head: str, card: str) -> None:
    (problem,) = refuse(head + card + card)
    assert (problem.line, problem.column, problem.code) == (11, 9, "duplicate-card-id")
    assert "line 7" in problem.message


def test_cards_without_a_usable_id_are_not_compared(refuse: Refuse, head: str) -> None:
    codes = {problem.code for problem in refuse(head + "  - {type: cloze, text: x, id: [a]}\n" * 2)}
    assert "duplicate-card-id" not in codes


def test_two_cards_of_unknown_type_and_the_same_id_are_told_both(refuse: Refuse, head: str) -> None:
    problems = refuse(head + "  - {id: a, type: [x], prompt: p}\n  - {id: a, type: zzz, hint: [x]}\n")
    assert [(problem.line, problem.code) for problem in problems] == [
        (7, "wrong-shape"),
        (8, "duplicate-card-id"),
        (8, "unknown-type"),
        (8, "wrong-shape"),
    ]


def test_a_deck_without_cards_is_told(refuse: Refuse, head: str) -> None:
    assert told(refuse(head)) == [(6, 7, "missing-key")]
    assert told(refuse(head.replace("cards:", "cards: []"))) == [(6, 8, "too-few")]
    assert told(refuse(head.replace("cards:", "cards: {a: b}"))) == [(6, 8, "wrong-shape")]


def test_what_stands_before_a_syntax_error_is_told_with_it(refuse: Refuse, head: str, card: str) -> None:
    problems = refuse(f"id: x\n{head}{card}    note: a: b\n    hint: x\n")
    assert told(problems) == [(3, 1, "duplicate-key"), (12, 12, "yaml-syntax")]


def test_a_thousand_problems_are_told_and_then_that_more_follow(refuse: Refuse, head: str) -> None:
    problems = refuse(head + "".join(f"  - {{id: c{n}, type: short, prompt: p, answer: [a]}}\n" for n in range(1500)))
    assert len(problems) == 1001
    assert problems[-1].code == "more-problems"
    assert problems[-1].line == 1007


def test_a_flood_of_cards_keys_or_entries_is_told_as_one_problem(refuse: Refuse, head: str, card: str) -> None:
    (problem,) = refuse(head.strip() + " [" + "{}," * 100_001 + "]")
    assert (problem.code, problem.line, problem.column) == ("too-many", 6, 8)
    (problem,) = refuse(head + card + "    accept: [" + "[]," * 101 + "]\n")
    assert (problem.code, problem.line, problem.column) == ("too-many", 11, 13)
    assert "At most 100" in problem.fix
    (problem,) = refuse(head + card + "".join(f"    key-{number}: x\n" for number in range(1000)))
    assert (problem.code, problem.line, problem.column) == ("too-many", 1007, 5)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    read_deck(data, "deck.yaml")


MARKS = [
    "[",
    "]",
    "{",
    "}",
    ",",
    ": ",
    "'",
    '"',
    "&a ",
    "*a",
    "!!x ",
    "? ",
    "# ",
    "\t",
    "\\u202e",
    "\x00",
    "|\n",
    ">\n",
]
WORDS = ["cards:", "\n", "  ", "- ", "id: a", "type: ", "choice", "---\n", "...\n", "%YAML 1.1\n", "{{a}}", "wrong: "]
PIECES = st.sampled_from([*MARKS, *WORDS, "format: 1\n"])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_that_looks_like_a_deck_makes_it_raise(text: str) -> None:
    result = read_deck(text.encode(), "deck.yaml")
    if isinstance(result, tuple):
        assert result
        lines = text.count("\n") + 1
        assert all(1 <= problem.line <= lines + 1 and problem.column >= 1 for problem in result)


TREES = st.recursive(
    st.sampled_from(["a", "", "1", "choice", "true"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cards", "id", "type", "wrong", "text", "pairs", "citations"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def _flow(tree: object) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f'"{key}": {_flow(value)}' for key, value in tree.items()) + "}"
    return "[" + ", ".join(map(_flow, tree)) + "]" if isinstance(tree, list) else f'"{tree}"'


@given(st.lists(TREES, max_size=3))
def test_cards_of_any_shape_are_refused_in_words(cards: list[object]) -> None:
    text = "{format: 1, id: x, title: X, language: en, theme: t, cards: " + _flow(cards) + "}"
    result = read_deck(text.encode(), "deck.yaml")
    assert isinstance(result, tuple)
    assert all(problem.message and problem.fix for problem in result)


@pytest.mark.parametrize(
    ("old", "new", "place", "fix"),
    [
        ("    type: short", "    Type: short", (8, 5), "Write it small: `type`."),
        ("    prompt:", "    Prompt:", (9, 5), "Write it small: `prompt`."),
        ("    answer:", "    ANSWER:", (10, 5), "Write it small: `answer`."),
        ("title:", "Title:", (3, 1), "Write it small: `title`."),
        ("cards:", "Cards:", (6, 1), "Write it small: `cards`."),
        ("    answer:", "    \u00a0answer:", (10, 5), "Type ordinary spaces."),
        ("    type:", "    \u2003type:", (8, 5), "Type ordinary spaces."),
        ("title:", "\u00a0title:", (3, 1), "Type ordinary spaces."),
    ],
)
def test_a_key_in_other_letters_or_behind_an_odd_space_is_told_once_and_not_as_missing(
    refuse: Refuse, head: str, card: str, old: str, new: str, place: tuple[int, int], fix: str
) -> None:
    (problem,) = refuse((head + card).replace(old, new))
    assert ((problem.line, problem.column), problem.code, problem.fix) == (place, "unknown-key", fix)


def test_behind_a_type_in_other_letters_the_rest_of_the_card_is_checked(refuse: Refuse, head: str, card: str) -> None:
    text = head + card.replace("type: short", "Type: short").replace("prompt:", "Prompt:") + "    anser: x\n"
    assert told(refuse(text)) == [(8, 5, "unknown-key"), (9, 5, "unknown-key"), (11, 5, "unknown-key")]
    assert refuse(text)[-1].fix == "Did you mean `answer`?"
    problems = refuse(head + card.replace("type: short", "Type: shrt"))
    assert told(problems) == [(7, 5, "unknown-type"), (8, 5, "unknown-key")]


def test_a_key_that_stands_there_in_both_letters_is_unknown(refuse: Refuse, head: str, card: str) -> None:
    (problem,) = refuse(head + card + "    Answer: x\n")
    assert (problem.line, problem.code, problem.fix) == (11, "unknown-key", "Did you mean `answer`?")


@pytest.mark.parametrize(
    ("identifier", "slug"),
    [
        ("Straße_1", "strasse-1"),
        ("STRASSE ẞ", "strasse-ss"),
        ("Ærø", "aero"),
        ("Łódź", "lodz"),
        ("Œuvre", "oeuvre"),
        ("Þingvellir-Đorđe", "thingvellir-dorde"),
        ("Ilıca", "ilica"),
        ("Ćwiczenie Zoë", "cwiczenie-zoe"),
    ],
)
def test_an_id_with_letters_of_other_alphabets_is_suggested_in_plain_ones(
    refuse: Refuse, head: str, card: str, identifier: str, slug: str
) -> None:
    (problem,) = refuse(head + card.replace("id: wall", f"id: {identifier}"))
    assert problem.code == "bad-id"
    assert problem.fix.endswith(f": `{slug}`.")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        *(("", key) for key in ("format", "id", "title", "language", "theme", "cards")),
        *(("type: short, prompt: P, id: a, answer: x", key) for key in ("id", "prompt", "answer")),
        *(("type: choice, prompt: P, id: a, answer: x, wrong: [y]", key) for key in ("answer", "wrong")),
        *(("type: multiple, prompt: P, id: a, answers: [x], wrong: [y]", key) for key in ("answers", "wrong")),
        ("type: cloze, id: a, text: '{{x}}'", "text"),
        ("type: order, id: a, prompt: P, items: [x, y]", "items"),
        ("type: match, id: a, prompt: P, pairs: [[x, y], [z, a]]", "pairs"),
    ],
)
def test_the_example_for_a_missing_key_can_be_pasted(
    refuse: Refuse, accept: Accept, head: str, card: str, fields: str, key: str
) -> None:
    if fields:
        top, lines = f"{head}  -\n", [f"    {field}" for field in re.split(r", (?=[a-z]+:)", fields)]
    else:
        top, lines = "", re.split(r"\n(?=[a-z])", head + card)
    rest = [line for line in lines if not line.strip().startswith(f"{key}:")]
    assert len(rest) == len(lines) - 1
    (problem,) = refuse("\n".join([top, *rest]))
    assert problem.code == "missing-key"
    example = problem.fix.removeprefix("Add it, for example `").removesuffix("`.")
    accept("\n".join([top, *rest, ("    " if fields else "") + example]))
