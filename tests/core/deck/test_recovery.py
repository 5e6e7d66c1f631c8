"""Reading on behind errors of YAML's syntax."""

from collections.abc import Callable

import pytest

from quizapp.core.problem import Problem

Refuse = Callable[[str | bytes], tuple[Problem, ...]]


def told(problems: tuple[Problem, ...]) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in problems]


BROKEN = (
    "  - id: broken-{0}\n    type: short\n    prompt: 'It's here'\n    answer: x\n",
    "  - id: broken-{0}\n    type: short\n    prompt: Where: here\n    answer: x\n",
    '  - id: broken-{0}\n    type: short\n    answer: x\n    prompt: "never closed\n',
    "  - id: broken-{0}\n    type: choice\n    answer: x\n    wrong: [a, b\n",
    "  - id: broken-{0}\n   type: short\n    prompt: P\n    answer: x\n",
    "  - id: broken-{0}\n    type: cloze\n    text: {{{{a}}}} b\n    hint: h\n",
)


@pytest.mark.parametrize("broken", BROKEN)
def test_every_broken_card_is_told_and_so_is_what_is_wrong_with_the_others(
    refuse: Refuse, head: str, card: str, broken: str
) -> None:
    mistaken = "  - id: wall\n    type: short\n    prompt: P\n    anser: x\n"
    problems = refuse(head + card + broken.format(1) + mistaken + broken.format(2) + card.replace("wall", "last"))
    codes = [(problem.code, 11 <= problem.line <= 14, 19 <= problem.line <= 22) for problem in problems]
    assert [code for code in codes if code[0] == "yaml-syntax"] == [
        ("yaml-syntax", True, False),
        ("yaml-syntax", False, True),
    ]
    others = [(line, code) for line, code in told(problems) if 15 <= line <= 18 or line > 22]
    assert others == [(15, "missing-key"), (15, "duplicate-card-id"), (18, "unknown-key")]


def test_what_else_is_wrong_in_the_broken_card_before_the_error_is_told(refuse: Refuse, head: str) -> None:
    text = "  - id: a\n    id: b\n    prompt: Where: here\n    zzz: x\n"
    assert told(refuse(head + text)) == [(8, "duplicate-key"), (9, "yaml-syntax")]


def test_the_only_card_may_be_the_broken_one(refuse: Refuse, head: str) -> None:
    assert told(refuse(head.replace("title:", "titel:") + "  - id: a\n    prompt: a: b\n")) == [
        (1, "missing-key"),
        (3, "unknown-key"),
        (8, "yaml-syntax"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "format: 1\ntitle: a: b\ncards:\n  - id: a\n    zzz: x\n",
        "format: 1\nzzz: x\ncards: [{id: a, prompt: a: b}, {zzz: x}]\n",
        "a: b: c\n",
        "cards:\nid: [\n",
    ],
)
def test_an_error_outside_the_cards_hides_the_rest(refuse: Refuse, text: str) -> None:
    assert [code for _, code in told(refuse(text))] == ["yaml-syntax"]


def test_an_error_that_stays_ends_the_reading(refuse: Refuse, head: str, card: str) -> None:
    problems = refuse(head + card + "  - id: a\n    prompt: a: b\n- x\n" + card)
    assert "yaml-syntax" in [code for _, code in told(problems)]


def test_very_many_errors_end_the_reading(refuse: Refuse, head: str) -> None:
    problems = refuse(head + "  - id: a\n    prompt: a: b\n" * 50)
    assert [problem.code for problem in problems] == ["yaml-syntax"] * 21


def test_a_very_long_text_is_read_once(refuse: Refuse, head: str, card: str) -> None:
    long = "".join(card.replace("wall", f"wall-{number}") for number in range(13_000))
    problems = refuse(f"{head}  - id: a\n    prompt: a: b\n{long}  - id: b\n    prompt: c: d\n")
    assert told(problems) == [(8, "yaml-syntax")]


def test_depth_is_no_error_to_read_around(refuse: Refuse, head: str, card: str) -> None:
    assert told(refuse(f"{head}  - id: a\n    tags: {'[' * 30}\n{card}")) == [(8, "too-deep")]
