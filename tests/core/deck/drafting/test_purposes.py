"""A bare “to”, and where it tells a purpose."""

import pytest

from quizapp.core.deck.drafting.purposes import list_purposes


@pytest.mark.parametrize(
    ("text", "purposes"),
    [
        ("They sailed round the Cape of Good Hope to avoid the war.", ["to avoid the war."]),
        ("To avoid a war, they left.", ["To avoid a war, they left."]),
        ("It grew, partly to raise money.", ["partly to raise money."]),
        ("She wants to widen the canal to prevent a jam.", ["to prevent a jam."]),
        ("The Senate pardoned them; to prevent it was hard.", []),
        ("To avoid it was hard.", []),
        ("They asked the mayor to stop it.", []),
        ("They were able to stop it and decided not to help.", []),
        ("It was visible to help them and they were too weak to stop it.", []),
        ("She was the first woman to earn it.", []),
        ("They walked to Rome.", []),
        ("", []),
    ],
)
def test_a_purpose_is_told_where_nothing_else_claims_the_word(text: str, purposes: list[str]) -> None:
    assert [text[start:] for start, _ in list_purposes(text)] == purposes
