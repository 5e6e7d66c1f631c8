"""Texts with clozes come apart as in Anki: one number is one card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.exchange.anki.clozes import Blank, hollow_out, list_numbers


@pytest.mark.parametrize(
    ("markup", "number", "shown", "filled"),
    [
        ("{{c1::a}} b {{c2::c}}", 1, "[…] b c", "a b c"),
        ("{{c1::a}} b {{c2::c}}", 2, "a b […]", "a b c"),
        ("{{c1::a::hint}} and {{c1::b}}", 1, "[hint] and […]", "a and b"),
        ("{{c1::a {{c2::b}} c}}", 1, "[…]", "a b c"),
        ("{{c1::a {{c2::b}} c}}", 2, "a […] c", "a b c"),
        ("{{c1::a {{c1::b}} c}}", 1, "[…]", "a b c"),
        ("{{c1,3::both}} {{c2::x}}", 3, "[…] x", "both x"),
        ("{{c1::open", 1, "{{c1::open", "{{c1::open"),
        ("{{c2::a {{c1::b}}", 1, "{{c2::a […]", "{{c2::a b"),
        ("a }} b {{c1::c}}", 1, "a }} b […]", "a }} b c"),
        ("{{c1::<b>x</b>}}", 1, "[…]", "<b>x</b>"),
        ("{{field}} {{c1::x}}", 1, "{{field}} […]", "{{field}} x"),
        ("{{c1::x::{{c1::y}}}}", 1, "[]", "x"),
    ],
)
def test_the_clozes_of_a_number_are_blanks(markup: str, number: int, shown: str, filled: str) -> None:
    hollow = hollow_out(markup, number)

    assert hollow.show(answers=False) == shown.replace("[]", "[…]")
    assert hollow.show(answers=True) == filled


def test_a_text_without_the_number_has_no_blank() -> None:
    assert hollow_out("{{c1::a}}", 2).blanks == ()
    assert hollow_out("plain", 1).markup == "plain"
    assert hollow_out("", 1).blanks == ()


def test_blanks_keep_answer_and_hint_in_their_order() -> None:
    assert hollow_out("{{c1::a::x}} {{c1::b}} {{c1::c::d::e}}", 1).blanks == (
        Blank("a", "x"),
        Blank("b", ""),
        Blank("c", "d::e"),
    )


def test_the_numbers_are_those_of_the_cards() -> None:
    assert list_numbers("{{c1::a}} {{c3::b}} {{c2,5::c}} {{c::d}} {{c1234::e}} }}") == {1, 2, 3, 5}
    assert list_numbers("") == frozenset()


def test_signs_for_private_use_in_the_text_do_not_become_blanks() -> None:
    hollow = hollow_out("\U000f0000{{c1::a\U000f0001}}", 1)

    assert hollow.blanks == (Blank("a", ""),)
    assert hollow.show(answers=True) == "a"


def test_nests_are_read_to_some_depth_and_the_rest_is_text() -> None:
    deep = "{{c1::" * 20 + "x" + "}}" * 20

    (blank,) = hollow_out(deep, 1).blanks

    assert blank.answer.startswith("{{c1")


def test_endless_clozes_come_to_an_end() -> None:
    many = hollow_out("{{c1::x}} " * 5_000, 1)

    assert 0 < len(many.blanks) <= 500
    assert many.show(answers=False).count("[…]") == len(many.blanks)


@given(st.text("{}c12:, x", max_size=80), st.integers(1, 3))
def test_no_text_makes_it_fall_over(markup: str, number: int) -> None:
    hollow = hollow_out(markup, number)

    assert all(hollow.markup.count(sign) == 1 for sign in hollow.signs)
    assert isinstance(hollow.show(answers=True), str)
