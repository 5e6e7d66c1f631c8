"""Acts in words."""

import pytest

from quizapp.core.privacy.acts import ACT_WORDS, ROLE_WORDS, WAY_WORDS, Act, Way, name_person, write_act


def test_every_act_and_way_has_words() -> None:
    assert set(ACT_WORDS) == set(Act)
    assert set(WAY_WORDS) == set(Way)
    assert write_act("sheet", "page") == (ACT_WORDS[Act.SHEET], WAY_WORDS[Way.PAGE])


@pytest.mark.parametrize(
    ("name", "code", "role", "said"),
    [
        ("Alice", "", "teacher", "Alice"),
        (None, "person-1", "teacher", "person-1 (deleted since)"),
        (None, "", "teacher", "a teacher"),
        (None, "", "", "the school"),
        (None, "", "pirate", "the school"),
    ],
)
def test_a_person_is_named_as_well_as_can_be(name: str | None, code: str, role: str, said: str) -> None:
    assert name_person(name, code, role) == said
    assert ROLE_WORDS["admin"]
