import pytest

from quizapp.core.learning.grading.lookalikes import mean_different_things


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("austria", "australia"),
        ("corporation", "cooperation"),
        ("relegation", "delegation"),
        ("sixty", "sixth"),
        ("hyperthermia", "hypothermia"),
        ("mortgagor", "mortgagee"),
        ("sulfide", "sulfite"),
        ("regular", "irregular"),
        ("important", "unimportant"),
    ],
)
def test_words_known_to_look_alike_mean_different_things_either_way(one: str, other: str):
    assert mean_different_things(one, other)
    assert mean_different_things(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("soviet", "sovjet"), ("united", "untied"), ("america", "merica"), ("", "")]
)
def test_slips_do_not(one: str, other: str):
    assert not mean_different_things(one, other)
