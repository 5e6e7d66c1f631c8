"""A card of a test is put right in the browser: the teacher sees whose score changes, before and after."""

import html
import re
from collections.abc import Callable
from typing import Any

LEGS = {
    "type": "short",
    "prompt": "What are the legs of the bird like?",
    "answer": "thin",
    "accept": "",
    "explanation": "It is called long-legged.",
    "source": "herons",
    "paragraph": "1",
    "quote": "long-legged bird",
}


def _words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_publishing_shows_whose_score_changes_and_the_history_of_the_card_keeps_it(
    alice: Any, bob: Any, class_of_alice: str, set_test: Callable[..., str], begin: Callable[..., str], save: Any
) -> None:
    address = set_test("legs", class_handle=class_of_alice)
    attempt = begin(bob, address)
    assert save(bob, attempt, 1, {"response": "thin"}).status_code == 200
    alice.get("/author/")
    assert alice.post("/author/birds/take-over").status_code == 303
    alice.get("/author/birds/cards/legs")
    changed = alice.post("/author/birds/cards/legs", LEGS | {"seen": alice.hidden("seen"), "act": "save"})
    assert changed.status_code == 303
    under_way = _words(alice.get("/author/birds/publish").text)
    assert "What becomes of the answers in tests that are under way?" in under_way
    assert "1 attempt at a test is under way; its answer is graded by the new one." in under_way
    bob.get(attempt)
    stamp = {"client": "11111111-1111", "counter": "2"}
    handed_in = bob.post(attempt, stamp | {"go": "hand-in"})
    assert handed_in.status_code == 303
    assert "0 of 1" in _words(bob.get(handed_in.location).text)
    preview = _words(alice.get("/author/birds/publish").text)
    assert "What becomes of the 1 old answer?" in preview
    assert "The score of 1 attempt at a test changes." in preview
    assert "Bob Herons 1 0 of 1 1 of 1" in preview
    done = alice.post("/author/birds/publish", {"seen": alice.hidden("seen"), "again-legs": "yes"})
    assert done.status_code == 303
    assert "1 of 1" in _words(bob.get(handed_in.location).text)
    assert "Bob Herons 1 0 of 1 1 of 1" in _words(alice.get("/author/birds/cards/legs/history").text)
