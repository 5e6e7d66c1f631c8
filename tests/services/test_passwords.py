"""How passwords are kept."""

from importlib.resources import files

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from quizapp.core.errors import Invalid
from quizapp.services import passwords


def test_a_password_is_kept_with_no_less_work_than_owasp_names(
    house_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", house_hasher)
    kept = passwords.hash_password("three grey herons")
    work = extract_parameters(kept)
    assert work.type is Type.ID
    assert (work.memory_cost, work.time_cost, work.parallelism) == (19 * 1024, 2, 1)
    assert passwords.verify_password(kept, "three grey herons")
    assert not passwords.verify_password(kept, "three grey heron")
    assert not passwords.verify_password(None, "three grey herons")


def test_the_list_of_common_passwords_holds_no_line_of_its_head() -> None:
    common = passwords._load_common.__wrapped__()
    assert "password" in common
    assert not any(line.startswith("#") for line in common)


def test_the_same_password_is_never_kept_the_same_way_twice() -> None:
    assert passwords.hash_password("three grey herons") != passwords.hash_password("three grey herons")


def _refuses(password: str, name: str = "Bob") -> bool:
    try:
        passwords.check_password(password, name)
    except Invalid as error:
        return bool(error.fields["password"])
    return False


def test_the_three_thousand_commonest_passwords_of_our_length_are_refused() -> None:
    lines = files("quizapp.services").joinpath("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    common = [line for line in lines if not line.startswith("#")]
    assert len(common) == len(set(common)) >= 3_000
    assert all(len(word) >= passwords.SHORTEST_PASSWORD for word in common)
    assert common[:4] == ["password", "12345678", "123456789", "baseball"]
    assert [word for word in common if not _refuses(word) or not _refuses(word.upper())] == []


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("quizapp2026", "Bob"),
        ("Quizapp-quizapp", "Bob"),
        ("Teacher123!", "Bob"),
        ("school school", "Bob"),
        ("annabell99", "Annabell"),
        ("Müller-2011", "Anna Müller"),
        ("BrownCharlie1", "Charlie Brown"),
        ("aaaaaaaabb", "Bob"),
        ("passwort", "Bob"),
    ],
)
def test_a_password_of_words_that_are_near_at_hand_is_refused(password: str, name: str) -> None:
    assert _refuses(password, name)


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("three grey herons", "Bob"),
        ("Anna eats 3 plums", "Anna Müller"),
        ("old school tricycle", "Bob"),
        ("bobbing for apples", "Bob"),
        ("漢字仮名交じり文書", "Bob"),
        ("x1 y2 z3 🙂🙂", "Al"),
        ("q" * 30 + "xyzabc" * 28, "Bob"),
    ],
)
def test_any_other_password_may_hold_whatever_its_owner_likes(password: str, name: str) -> None:
    assert not _refuses(password, name)
