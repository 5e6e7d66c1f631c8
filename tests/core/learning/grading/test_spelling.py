from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.grading.spelling import find_difference, is_slip
from quizapp.core.learning.grading.verdict import Change

KEPT, MISSING, EXTRA = Change


def test_a_slip_needs_a_word_of_five_letters():
    assert not is_slip("koria", "kora")
    assert is_slip("kore", "korea")


def test_up_to_eight_letters_forgive_one_edit_and_more_forgive_two():
    assert is_slip("sanctoin", "sanction")
    assert not is_slip("sanctoinn", "sanction")
    assert is_slip("sanctoinss", "sanctions")
    assert not is_slip("sanctoinsss", "sanctions")


def test_two_edits_are_forgiven_where_seven_letters_are_left():
    assert is_slip("pyonyan", "pyongyang")
    assert not is_slip("pyonan", "pyongyang")


def test_words_with_signs_are_no_slips():
    assert not is_slip("dollar$", "dollars$")


def test_a_difference_shows_what_is_missing_and_what_is_too_much():
    assert find_difference("Sovet Unionn", "Soviet Union") == (
        (KEPT, "Sov"),
        (MISSING, "i"),
        (KEPT, "et Unio"),
        (EXTRA, "n"),
        (KEPT, "n"),
    )


def test_a_changed_letter_is_one_too_much_and_one_missing():
    assert find_difference("Gorbachov", "Gorbachev") == (
        (KEPT, "Gorbach"),
        (EXTRA, "o"),
        (MISSING, "e"),
        (KEPT, "v"),
    )


def test_case_and_accents_are_no_difference():
    assert find_difference("  MULLER ", "Müller") == ((KEPT, "Müller"),)


def test_an_invisible_character_is_a_difference_like_another():
    assert find_difference("ab\u0378", "ab") == ((KEPT, "ab"), (EXTRA, "\u0378"))


@given(st.text(max_size=20), st.text(max_size=20))
def test_kept_and_missing_pieces_are_the_expected_text_and_no_piece_is_empty(typed: str, expected: str):
    pieces = find_difference(typed, expected)
    shown = "".join(text for change, text in pieces if change is not EXTRA)
    assert find_difference(shown, expected) in ((), ((KEPT, shown),))
    assert all(text for _, text in pieces)
