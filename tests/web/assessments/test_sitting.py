"""Sitting a test."""

from collections.abc import Callable
from typing import Any


def test_smoke(set_test: Callable[..., str], bob: Any, alice: Any, begin: Any, save: Any, position_of: Any) -> None:
    address = set_test("height", "food", "winter", "legs", "waiting", "sequence", "seasons", confidence="1")
    attempt = begin(bob, address)
    number = position_of(bob, "legs of the bird")
    saved = save(bob, attempt, number, {"response": "long", "confidence": "3"})
    print(saved.get_json())
    assert bob.get(attempt + "?at=overview").status_code == 200
    fields = {"client": "22222222-2222", "counter": "1", "go": "hand-in", "at": "overview"}
    done = bob.post(attempt, fields)
    assert done.status_code == 303
    page = bob.get(attempt)
    assert page.status_code == 200
    assert alice.get(address).status_code == 200
    assert alice.get(attempt).status_code == 200
    assert alice.get(address + "/preview").status_code == 200
    assert alice.get(address + "/edit").status_code == 200
    assert alice.get("/tests").status_code == 200
    assert bob.get("/tests").status_code == 200
