"""What is believed of a sign-in server before it is asked anything."""

import pytest

from quizapp.core.identities import TeacherMark, is_safe_server, read_mark


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://id.example.org/school", True),
        ("http://127.0.0.1:9000", True),
        ("http://id.example.org", False),
        ("https://", False),
        ("https://[::1", False),
        ("https://id.example.org:port", False),
        ("https://somebody@id.example.org", False),
        ("https://id.example.org\\evil", False),
        ("", False),
    ],
)
def test_only_https_and_this_machine_are_asked(address: str, safe: bool) -> None:
    assert is_safe_server(address) is safe


def test_a_mark_is_a_claim_and_its_value() -> None:
    assert read_mark(" groups = teachers ") == TeacherMark("groups", "teachers")


@pytest.mark.parametrize("text", ["", "groups", "groups=", "=teachers", " = "])
def test_half_a_mark_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="groups=teachers"):
        read_mark(text)
