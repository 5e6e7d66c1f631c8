"""Motives."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.drafting import Sentence
from quizapp.core.deck.drafting.motives import find_motives


def _find(text: str) -> list[tuple[str, str]]:
    return [(finding.text, finding.sort) for finding in find_motives(Sentence(1, 0, text), "en")]


@pytest.mark.parametrize(
    ("text", "motives"),
    [
        ("He left in order to be free.", [("in order to be free", "purpose")]),
        ("They built a wall to keep people in.", [("to keep people in", "purpose")]),
        ("They made an effort to win.", [("effort to win", "purpose")]),
        ("He came with the aim of winning, but lost.", [("with the aim of winning", "purpose")]),
        ("She hid it so that nobody knew.", [("so that nobody knew", "purpose")]),
        ("It fell because it was old; nobody minded.", [("because it was old", "cause")]),
        ("Because of the rain, they stayed.", [("Because of the rain", "cause")]),
        ("However, due to the rain, they stayed.", [("due to the rain", "cause")]),
        ("They paid for fear of war.", [("for fear of war", "fear")]),
        (
            "They were driven by hunger, greed, and fear of war.",
            [("driven by hunger, greed, and fear of war", "cause")],
        ),
        ("They were driven by hunger, and left.", [("driven by hunger", "cause")]),
        ("The fall, caused by nobody, shaped by rain, has ended.", [("shaped by rain", "cause")]),
        ("Their interests are driving the war.", [("Their interests are driving the war", "cause")]),
        ("This is the reason why they left.", [("the reason why they left", "cause")]),
        ("It forced the men to leave.", [("forced the men to leave", "cause")]),
        ("As a result, they left.", [("As a result, they left", "cause")]),
        ("They left, as the winter was cold.", [("as the winter was cold", "cause")]),
        ("They left, as well as the others.", []),
        ("They feared that it would end.", [("feared that it would end", "fear")]),
        ("They are afraid of him.", [("afraid of him", "fear")]),
        ("It raises concerns among the poor.", [("raises concerns among the poor", "fear")]),
        ("They see this as a threat to peace.", [("see this as a threat to peace", "fear")]),
        ("He wants to win.", [("wants to win", "wish")]),
        ("He did not want to win.", [("did not want to win", "wish")]),
        ("They focused on building walls.", [("focused on building walls", "aim")]),
        ("The main aim of the party is to win.", [("main aim of the party is to win", "aim")]),
        ("Their desire for peace grew.", [("desire for peace grew", "wish")]),
        ("Unable to win, they left.", [("Unable to win", "cause")]),
        ("They are not interested in it.", [("not interested in it", "interest")]),
        ("They had a plan to buy ships.", []),
        ("He left because it fears him.", [("because it fears him", "cause")]),
        (
            "They left in light of the war that began due to greed.",
            [
                ("in light of the war that began", "cause"),
                ("due to greed", "cause"),
            ],
        ),
        ("They left because.", []),
        ("It rained, and nobody minded.", []),
        ("", []),
    ],
)
def test_motives_are_found_by_the_words_that_tell_them(text: str, motives: list[tuple[str, str]]) -> None:
    assert _find(text) == motives


def test_cue_and_reason_are_told_apart() -> None:
    (finding,) = find_motives(Sentence(1, 0, "He left in order to be free."), "en")
    assert (finding.cue, finding.reason) == ("in order to", "be free")


def test_other_languages_have_no_motives_yet() -> None:
    assert find_motives(Sentence(1, 0, "Er ging, because of that."), "de") == []


@given(
    st.lists(
        st.sampled_from(["because of", "to win", "sent", "fear that", "it", ",", "as", "a", "the aim is to"]),
        max_size=30,
    )
)
def test_no_two_motives_overlap(words: list[str]) -> None:
    found = find_motives(Sentence(1, 0, " ".join(words)), "en")
    assert all(one.end <= other.start for one, other in pairwise(found))
