"""How passwords are kept."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

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


def test_the_same_password_is_never_kept_the_same_way_twice() -> None:
    assert passwords.hash_password("three grey herons") != passwords.hash_password("three grey herons")
