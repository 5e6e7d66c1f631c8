"""Codes, pseudonyms, sign-in names and cells: safe to keep, easy to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.names import clean_name
from quizapp.core.rosters.cells import clean_cell
from quizapp.core.rosters.codes import (
    ALPHABET,
    BITS_PER_SIGN,
    LINK_SIGNS,
    SPOKEN_SIGNS,
    hash_code,
    make_code,
    read_code,
    show_code,
)
from quizapp.core.rosters.model import Pupil
from quizapp.core.rosters.pseudonyms import choose_pseudonym, propose_pseudonym
from quizapp.core.rosters.sign_in_names import propose_sign_in_names


def test_a_link_has_more_than_60_bits_and_no_sign_looks_like_another() -> None:
    assert LINK_SIGNS * BITS_PER_SIGN > 67
    assert SPOKEN_SIGNS * BITS_PER_SIGN > 40
    assert not set(ALPHABET) & set("AEIOU01L2Z5S8B") - {"8"}


def test_a_code_goes_with_its_secret_purpose_and_nonce() -> None:
    code = make_code(b"s", "join", "n", 15)
    assert code == make_code(b"s", "join", "n", 15)
    assert (
        len({code, make_code(b"t", "join", "n", 15), make_code(b"s", "x", "n", 15), make_code(b"s", "join", "m", 15)})
        == 4
    )


@given(st.binary(), st.text(), st.sampled_from([LINK_SIGNS, SPOKEN_SIGNS]))
def test_a_code_is_read_back_however_it_is_typed(secret: bytes, nonce: str, signs: int) -> None:
    code = make_code(secret, "join", nonce, signs)
    assert len(code) == signs
    for typed in (code, code.lower(), show_code(code), f" {show_code(code).replace('-', ' – ')} "):
        assert read_code(typed) == code
    assert hash_code(code) == hash_code(read_code(show_code(code)))


@pytest.mark.parametrize("typed", ["", "AEIOU", "CDF_GHJ", "three grey herons"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) == ""


def test_a_pseudonym_is_chosen_once_for_everybody() -> None:
    assert propose_pseudonym("seed") == propose_pseudonym("seed")
    taken: set[str] = set()
    for _ in range(60):
        name = choose_pseudonym("seed", taken)
        assert name not in taken
        taken.add(name)


@pytest.mark.parametrize(
    ("pupil", "name"),
    [
        (Pupil(1, "", "Zoë", "Müller"), "zoe.mueller"),
        (Pupil(1, "", "Łukasz", "Weiß"), "lukasz.weiss"),
        (Pupil(1, "", "Анна", "Иванова"), "анна.иванова"),
        (Pupil(1, "", "Anna-Lena", "O’Neil"), "annalena.oneil"),
        (Pupil(1, "", "=1+1", ""), "11"),
        (Pupil(1, "", "!!!", ""), "student"),
        (Pupil(1, sign_in_name="Xy"), "Xy"),
    ],
)
def test_a_sign_in_name_is_readable(pupil: Pupil, name: str) -> None:
    assert propose_sign_in_names(pupil, "seed", pseudonymous=False)[0] == name


@given(st.text(max_size=90), st.text(max_size=90), st.booleans())
def test_every_sign_in_name_is_one_that_can_be_signed_in_with(first: str, last: str, hidden: bool) -> None:
    for name in propose_sign_in_names(Pupil(1, "", clean_cell(first), clean_cell(last)), "seed", pseudonymous=hidden):
        assert clean_name(name) == name


@given(st.text())
def test_a_clean_cell_is_clean(text: str) -> None:
    cell = clean_cell(text)
    assert clean_cell(cell) == cell
    assert "\n" not in cell
    assert cell == cell.strip()
