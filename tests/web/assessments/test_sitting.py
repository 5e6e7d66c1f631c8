"""Sitting a test in the browser, with and without script, and what is refused."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

ALL = ("height", "food", "winter", "legs", "waiting", "sequence", "seasons")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _stamp(client: str = "22222222-2222", counter: int = 1) -> dict[str, object]:
    return {"client": client, "counter": str(counter)}


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page)
    return found[1] if found else ""


def _page_fields(browser: Any) -> dict[str, object]:
    """All hidden fields of the page's form, as a browser without script sends them."""
    shown = re.findall(r'name="shown" value="(\d+)"', browser.page)
    names = [f"q{number}-{kind}" for number in shown for kind in ("version", "was")]
    fields: dict[str, object] = {name: _hidden(browser.page, name) for name in (*names, "client", "counter", "learner")}
    return fields | {"shown": shown}


def test_a_student_begins_answers_and_hands_in_without_script(
    set_test: Callable[..., str], bob: Any, begin: Any, position_of: Any
) -> None:
    address = set_test(*ALL)
    attempt = begin(bob, address)
    number = position_of(bob, "legs of the bird")
    fields = _page_fields(bob) | {f"q{number}-response": "long", "go": "overview"}
    saved = bob.post(attempt, fields)
    assert saved.status_code == 303
    page = bob.get(saved.location).get_data(as_text=True)
    assert "6 questions are not answered yet." in page
    assert bob.post(attempt, _stamp() | {"go": "hand-in"}).status_code == 303
    result = bob.get(attempt).get_data(as_text=True)
    assert "14%" in result
    assert "1 of 7 points" in result
    assert "It is called long-legged." in result


def test_one_question_a_page_goes_on_back_and_to_the_overview(
    set_test: Callable[..., str], bob: Any, begin: Any
) -> None:
    attempt = begin(bob, set_test("legs", "height", layout="one"))
    for at, go, then in [("1", "next", "at=2"), ("2", "previous", "at=1"), ("2", "next", "at=overview")]:
        moved = bob.post(attempt, _stamp() | {"at": at, "go": go})
        assert moved.location.endswith(then)
        assert bob.get(moved.location).status_code == 200
    assert bob.post(attempt, _stamp() | {"at": "1", "go": "nonsense"}).location.endswith("at=1")
    for odd in ("0", "99", "-1", "x", "٣"):
        assert bob.get(f"{attempt}?at={odd}").status_code == 200


def test_the_script_is_told_when_an_answer_was_saved(
    set_test: Callable[..., str], bob: Any, begin: Any, save: Any
) -> None:
    attempt = begin(bob, set_test("legs"))
    told = save(bob, attempt, 1, {"response": "long"}).get_json()
    assert re.fullmatch(r"\d\d:\d\d:\d\d", told["saved"])
    assert (told["version"], told["fill"], told["overtaken"], told["left_ms"]) == (1, "whole", False, None)
    page = bob.get(attempt).get_data(as_text=True)
    assert f"saved {told['saved']}" in page
    assert 'value="long"' in page


def test_a_page_with_old_fields_overwrites_nothing_it_did_not_change(
    set_test: Callable[..., str], bob: Any, begin: Any, save: Any, position_of: Any
) -> None:
    attempt = begin(bob, set_test("legs", "height"))
    text, choice = position_of(bob, "legs of the bird"), position_of(bob, "How tall")
    old = _page_fields(bob)
    save(bob, attempt, text, {"response": "long"})
    assert bob.post(attempt, old | {f"q{choice}-response": "100 cm", "go": "stay"}).status_code == 303
    page = bob.get(attempt).get_data(as_text=True)
    assert 'value="long"' in page
    assert re.search(r'value="100 cm"[^>]* checked', page)


def test_a_form_that_overwrites_another_window_says_so(
    set_test: Callable[..., str], bob: Any, begin: Any, save: Any
) -> None:
    attempt = begin(bob, set_test("legs"))
    old = _page_fields(bob)
    save(bob, attempt, 1, {"response": "long"})
    done = bob.post(attempt, old | {"q1-response": "short", "go": "stay"})
    assert "over=1" in done.location
    assert "Another window had changed this answer" in bob.get(done.location).get_data(as_text=True)


def test_the_pulse_tells_versions_and_time(set_test: Callable[..., str], bob: Any, begin: Any, save: Any) -> None:
    attempt = begin(bob, set_test("legs", limit_minutes="10"))
    save(bob, attempt, 1, {"response": "long"})
    pulse = bob.client.get(f"{attempt}/pulse").get_json()
    assert pulse["versions"] == {"1": 1}
    assert 9 * 60_000 < pulse["left_ms"] <= 10 * 60_000
    assert pulse["open"]


@pytest.mark.parametrize(
    ("position", "fields", "more", "status"),
    [
        (2, {"response": "long"}, {}, 404),
        (0, {"response": "long"}, {}, 404),
        (1, {"response": "x" * 10_001}, {}, 422),
        (1, {"response": "x" * 1_000_001}, {}, 413),
        (1, {"response": "long", "confidence": "2"}, {}, 422),
        (1, {"response": "long"}, {"client": "<script>"}, 422),
        (1, {"response": "long"}, {"counter": 0}, 422),
        (1, {"response": "long"}, {"counter": 10**30}, 422),
    ],
)
def test_odd_saves_are_refused_and_nothing_is_written(
    set_test: Callable[..., str],
    bob: Any,
    begin: Any,
    save: Any,
    position: int,
    fields: dict[str, object],
    more: dict[str, Any],
    status: int,
) -> None:
    attempt = begin(bob, set_test("legs"))
    refused = save(bob, attempt, position, fields, **more)
    assert refused.status_code == status
    assert bob.client.get(f"{attempt}/pulse").get_json()["versions"] == {"1": 0}


@pytest.mark.parametrize(
    ("card", "fields"),
    [
        ("height", {"response": "3 m"}),
        ("food", {"response": ["Fish", "Stones"]}),
        ("winter", {"response": "perhaps"}),
        ("sequence", {"item-0": "What it dreams", "position-0": "1"}),
        ("seasons", {"left-0": "Winter", "right-0": "the moon"}),
    ],
)
def test_options_that_were_never_offered_are_refused_in_words(
    set_test: Callable[..., str], bob: Any, begin: Any, save: Any, card: str, fields: dict[str, object]
) -> None:
    attempt = begin(bob, set_test(card))
    refused = save(bob, attempt, 1, fields)
    assert refused.status_code == 422
    assert refused.get_json()["message"]
    named = {f"q1-{name}": value for name, value in fields.items()}
    page = bob.post(attempt, _stamp() | {"shown": "1", "q1-version": "0", "q1-was": "", "go": "stay"} | named)
    assert page.status_code == 422
    assert "One thing to put right" in page.get_data(as_text=True)


def test_after_the_end_nothing_is_taken(set_test: Callable[..., str], bob: Any, begin: Any, save: Any) -> None:
    attempt = begin(bob, set_test("legs"))
    bob.post(attempt, _stamp() | {"go": "hand-in"})
    bob.get("/account")
    late = save(bob, attempt, 1, {"response": "long"})
    assert late.status_code == 409
    assert "over" in late.get_json()["message"]
    fields = _stamp() | {"shown": "1", "q1-version": "0", "q1-response": "long", "go": "stay"}
    assert bob.post(attempt, fields).status_code == 303
    assert not bob.client.get(f"{attempt}/pulse").get_json()["open"]


def test_another_students_attempt_is_not_there(
    set_test: Callable[..., str], bob: Any, charlie: Any, begin: Any, save: Any
) -> None:
    address = set_test("legs")
    attempt = begin(bob, address)
    begin(charlie, address)
    assert charlie.client.get(attempt).status_code == 404
    assert charlie.client.get(f"{attempt}/pulse").status_code == 404
    assert save(charlie, attempt, 1, {"response": "long"}).status_code == 404
    assert charlie.post(attempt, _stamp() | {"go": "hand-in"}).status_code == 404
    assert bob.client.get(f"{attempt}/pulse").get_json()["open"]


def test_a_visitor_is_asked_to_sign_in_and_what_was_typed_is_kept(
    set_test: Callable[..., str], bob: Any, begin: Any, save: Any, visitor: Any, password: str
) -> None:
    address = set_test("legs")
    attempt = begin(bob, address)
    for path in ("/tests", address, attempt, "/tests/new"):
        assert "/sign-in?next=" in visitor.client.get(path).location
    visitor.get("/sign-in")
    assert save(visitor, attempt, 1, {"response": "long"}).status_code == 401
    assert visitor.client.get(f"{attempt}/pulse").status_code == 401
    assert "/sign-in" in visitor.post(f"{address}/attempts").location

    visitor.get("/sign-in")
    lost = visitor.post(attempt, _page_fields(bob) | {"q1-response": "long legs", "go": "stay", "shown": "1"})
    assert lost.status_code == 401
    assert "long legs" in lost.get_data(as_text=True)
    carried = visitor.hidden("carried")
    again = visitor.post("/sign-in", {"name": "Bob", "password": password, "carried": carried})
    assert "long legs" in again.get_data(as_text=True)
    fields = {name: _hidden(visitor.page, name) for name in ("client", "counter", "q1-version", "q1-was", "go")}
    assert visitor.post(attempt, fields | {"shown": "1", "q1-response": "long legs"}).status_code == 303
    assert 'value="long legs"' in visitor.get(attempt).get_data(as_text=True)


def test_the_form_of_somebody_who_signed_out_is_not_taken_for_another(
    set_test: Callable[..., str], bob: Any, charlie: Any, begin: Any
) -> None:
    attempt = begin(bob, set_test("legs"))
    fields = _page_fields(bob)
    charlie.get("/account")
    assert charlie.post(attempt, fields | {"go": "stay"}).status_code == 401


def test_feedback_at_once_shows_the_verdict_and_keeps_the_answer(
    set_test: Callable[..., str], bob: Any, begin: Any
) -> None:
    attempt = begin(bob, set_test("legs", "height", feedback="at-once"))
    number = "1" if "legs of the bird" in bob.page.split('data-question="2"')[0] else "2"
    fields = _page_fields(bob) | {f"q{number}-response": "blue"}
    checked = bob.post(attempt, fields | {"go": f"check-{number}"})
    assert checked.status_code == 303
    page = bob.get(checked.location).get_data(as_text=True)
    assert "It is called long-legged." in page
    assert "The text says" not in page
    nothing = bob.post(attempt, _page_fields(bob) | {"go": f"check-{3 - int(number)}"})
    assert nothing.status_code == 422
    assert "Answer the whole question first." in nothing.get_data(as_text=True)


def test_mistakes_go_to_practice_with_one_key(set_test: Callable[..., str], bob: Any, begin: Any) -> None:
    attempt = begin(bob, set_test("legs", "height", "food"))
    bob.post(attempt, _stamp() | {"go": "hand-in"})
    page = bob.get(attempt).get_data(as_text=True)
    assert "Practise the 3 that are not right yet" in page
    assert 'data-key="p"' in page
    refs = re.findall(r'name="card" value="([^"]+)"', page)
    practice = bob.post("/practice", {"card": refs})
    assert practice.status_code == 303
    assert bob.get(practice.location).status_code == 200


def test_from_the_result_a_student_can_tell_the_teacher_that_an_answer_was_right(
    set_test: Callable[..., str], alice: Any, bob: Any, begin: Any, save: Any
) -> None:
    attempt = begin(bob, set_test("legs"))
    save(bob, attempt, 1, {"response": "stilts"})
    bob.post(attempt, _stamp() | {"go": "hand-in"})
    bob.get(attempt)
    link = re.search(r'href="(/study/birds/answers/[^"]+)"', bob.page)
    assert link
    alice.get(attempt)
    assert "stilts" in alice.page
    assert "/study/birds/answers/" not in alice.page
    assert bob.get(link[1]).status_code == 200
    assert bob.post(f"/claims/about/{link[1].rsplit('/', 1)[1]}/right").status_code == 303
    assert alice.get("/claims").status_code == 200
    assert "stilts" in alice.page


def test_confidence_is_explained_before_and_calibrated_after(
    set_test: Callable[..., str], bob: Any, begin: Any, save: Any
) -> None:
    address = set_test("legs", confidence="1")
    assert "more than 4 of 5 cases" in bob.get(address).get_data(as_text=True)
    attempt = begin(bob, address)
    save(bob, attempt, 1, {"response": "long", "confidence": "3"})
    bob.post(attempt, _stamp() | {"go": "hand-in"})
    page = bob.get(attempt).get_data(as_text=True)
    assert "3 of 3 points" in page
    assert "How sure, and how often right" in page


def test_the_time_runs_out_without_anybody_doing_anything(
    set_test: Callable[..., str], alice: Any, bob: Any, begin: Any, save: Any
) -> None:
    address = set_test("legs", limit_minutes="1")
    attempt = begin(bob, address)
    save(bob, attempt, 1, {"response": "long"})
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=66), tick=False):
        assert save(bob, attempt, 1, {"response": "blue"}, counter=2).status_code == 409
        assert "time ran out" in alice.get(address).get_data(as_text=True)
        page = bob.get(attempt).get_data(as_text=True)
    assert "The time ran out" in page
    assert "1 of 1 points" in page
