"""Messages are read as far as Anki's packages need them, and nothing in them makes reading fall over."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.exchange.anki.protobuf import (
    BadMessage,
    get_bytes,
    get_number,
    get_text,
    read_message,
    write_message,
)

_FIELDS = st.lists(
    st.tuples(
        st.integers(1, 2**20), st.one_of(st.integers(0, 2**64 - 1), st.text(max_size=20), st.binary(max_size=20))
    ),
    max_size=8,
)


@given(_FIELDS)
def test_what_is_written_is_read_again(fields: list[tuple[int, int | str | bytes]]) -> None:
    read = read_message(write_message(fields))

    expected: dict[int, list[int | bytes]] = {}
    for number, value in fields:
        expected.setdefault(number, []).append(value.encode() if isinstance(value, str) else value)
    assert read == expected


def test_the_last_value_of_a_field_counts_and_what_is_not_there_is_empty() -> None:
    fields = read_message(write_message([(1, 5), (1, 7), (2, "first"), (2, "last"), (3, b"\xff")]))

    assert (get_number(fields, 1), get_text(fields, 2), get_bytes(fields, 3)) == (7, "last", b"\xff")
    assert (get_number(fields, 9), get_text(fields, 9), get_bytes(fields, 9)) == (0, "", b"")
    assert (get_number(fields, 2), get_bytes(fields, 1)) == (0, b"")
    assert get_text(fields, 3) == "\ufffd"


def test_numbers_of_fixed_width_are_passed_over_as_bytes() -> None:
    assert read_message(b"\x09" + b"12345678" + b"\x15" + b"1234") == {1: [b"12345678"], 2: [b"1234"]}


@pytest.mark.parametrize("data", [b"\x08", b"\x08\x80", b"\x08" + b"\xff" * 11, b"\x0b", b"\x0a\x05ab", b"\x09abc"])
def test_what_is_cut_off_or_of_another_kind_is_refused(data: bytes) -> None:
    with pytest.raises(BadMessage):
        read_message(data)


def test_endless_fields_are_refused() -> None:
    with pytest.raises(BadMessage, match="too many"):
        read_message(b"\x08\x00" * 200_001)


@given(st.binary(max_size=60))
def test_no_bytes_make_it_fall_over(data: bytes) -> None:
    with suppress(BadMessage):
        assert isinstance(read_message(data), dict)
