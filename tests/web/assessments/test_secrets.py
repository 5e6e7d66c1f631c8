"""While a test is open, nothing that a student's browser can fetch tells its answers: a crawl that looks for them.

The answers are words that stand nowhere else. The crawl goes through every route of the app with every name it could
want, follows what the pages link to, and looks into pages, JSON, scripts, headers and addresses.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database

CANARIES = ("zanzibarum", "quillomint", "frobnicade", "vexillarum", "obtunditas")
DECK = b"""\
format: 1
id: canaries
title: Canaries
language: en
theme: canaries
cards:
  - {id: alpha, type: short, prompt: Which island?, answer: zanzibarum, explanation: Because of quillomint.,
     note: See frobnicade., hint: It begins with vexillarum.}
  - {id: beta, type: choice, prompt: Which one?, answer: this one,
     wrong: [{text: that one, why: Not for obtunditas.}], explanation: Also quillomint.}
  - {id: gamma, type: cloze, prompt: Fill in., text: "It is {{zanzibarum|frobnicade}} here.", explanation: quillomint}
"""
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "123e4567-e89b-42d3-a456-426614174000"


@pytest.fixture
def canaries(web_database: Database) -> str:
    """A deck whose answers stand nowhere else."""
    with web_database.writing() as session:
        report = load_files(session, [], [InputFile("canaries.yaml", DECK)], datetime.now(UTC))
    assert report.problems == ()
    return "canaries"


@pytest.fixture
def set_canaries(
    alice: Any, canaries: str, form_of: Callable[..., dict[str, object]], class_of_alice: str
) -> Callable[..., str]:
    """A published test of all canaries for Bob's class: ``set_canaries(feedback="never")``."""

    def make(**fields: object) -> str:
        wanted = {"by_link": None, "class_handle": class_of_alice, "holds": "1", "draw-0-count": "3"}
        alice.get("/tests/new")
        made = alice.post("/tests/new", form_of(**(wanted | {"draw-0-deck": canaries} | fields)))
        assert made.status_code == 303, made.get_data(as_text=True)
        alice.get(made.location)
        assert alice.post(f"{made.location}/publish").status_code == 303
        return str(made.location)

    return make


def _list_names(address: str, attempt: str) -> dict[str, list[str]]:
    """What could stand in each place of an address."""
    test, sat = address.rsplit("/", 1)[1], attempt.rsplit("/", 1)[1]
    return {
        "": [test],
        "deck": ["canaries"],
        "key": [KEY],
        "attempt": [sat],
        "source_id": ["herons"],
        "position": ["1", "2", "3"],
        "filename": ["app.css", "study.js", "assessments.js", "assessments-store.js", "assessments.css"],
    }


def _fill(rule: Any, names: dict[str, list[str]]) -> Iterator[str]:
    wanted = sorted(rule.arguments)
    for values in itertools.product(*(names.get(name, names[""]) for name in wanted)):
        path = rule.rule
        for name, value in zip(wanted, values, strict=True):
            path = re.sub(rf"<(?:[^<>:]+:)?{name}>", value, path)
        yield path


def _text(response: Any) -> str:
    """The body of a response, whatever it is."""
    return str(response.get_data().decode("utf-8", "replace"))


def _look(response: Any) -> set[str]:
    """The canaries in a response: its body, its headers, the address it leads to."""
    told = _text(response) + str(response.headers)
    return {word for word in CANARIES if word in told.lower()}


_POSTED = (
    {"card": "alpha", "revision": "1", "response": "x", "key": KEY},
    {"card": ["canaries/alpha", "canaries/gamma"], "key": KEY, "count": "5"},
    {"deck": "canaries", "key": KEY, "count": "5"},
    {"client": "33333333-3333", "counter": "9", "shown": "1", "go": "check-1", "q1-response": "x"},
)


def _crawl(app: Flask, browser: Any, address: str, attempt: str) -> dict[str, set[str]]:
    """Every canary found, by where it was found."""
    names, found, seen = _list_names(address, attempt), {}, set()
    waiting = [path for rule in app.url_map.iter_rules() for path in _fill(rule, names)]
    waiting += [f"{attempt}?at={at}" for at in (1, 2, 3, "overview")]
    waiting += ["/practice?card=canaries/alpha", "/practice?deck=canaries", f"/sources/herons?answer={KEY}"]
    while waiting:
        path = waiting.pop()
        if path in seen or "sign-out" in path or len(seen) > 2_000:
            continue
        seen.add(path)
        with browser.client.get(path) as response:
            found[f"GET {path}"] = _look(response)
        links = re.findall(r'(?:href|action|src|data-pulse)="(/[^"#]*)', _text(response))
        waiting += [link.replace("&amp;", "&") for link in (*links, response.location or "") if link.startswith("/")]
    assert len(seen) > 60
    return found


def _post_everywhere(app: Flask, browser: Any, address: str, attempt: str) -> dict[str, set[str]]:
    """The same for forms and JSON that a student could send, all but handing in and signing out."""
    names, found = _list_names(address, attempt), {}
    browser.get("/account")
    token = {"csrf_token": browser.hidden("csrf_token")}
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint.startswith("accounts."):
            continue
        for path in _fill(rule, names):
            for number, fields in enumerate(_POSTED):
                response = browser.client.post(path, data=token | fields)
                found[f"POST {path} {number}"] = _look(response)
                if response.location:
                    found[f"after POST {path} {number}"] = _look(browser.client.get(response.location))
    headers = {"X-CSRFToken": token["csrf_token"]}
    body = {"key": KEY, "card": "canaries/alpha", "revision": 1, "response": "x", "shown_ms": 5}
    found["POST answers"] = _look(browser.client.post("/api/v1/answers", json=body, headers=headers))
    return found


def _leaks(found: dict[str, set[str]]) -> dict[str, set[str]]:
    return {where: words for where, words in found.items() if words}


@pytest.mark.parametrize("feedback", ["at-end", "never"])
def test_nothing_tells_the_answers_of_an_open_test(
    set_canaries: Callable[..., str], app: Flask, bob: Any, begin: Any, save: Any, feedback: str
) -> None:
    bob.get("/study/canaries")
    bob.answer("canaries", {"key": KEY, "response": "something"})  # studied before the test was there
    dates = {"closes": "2199-12-01T08:00"} if feedback == "never" else {}
    address = set_canaries(feedback=feedback, attempts="2", **dates)
    attempt = begin(bob, address)
    for position in (1, 2, 3):
        save(bob, attempt, position, {"response": "x", "blank-0": "x"})
    assert _leaks(_crawl(app, bob, address, attempt)) == {}
    assert _leaks(_post_everywhere(app, bob, address, attempt)) == {}
    if feedback == "never":
        bob.get(attempt)
        bob.post(attempt, {"client": "44444444-4444", "counter": "1", "go": "hand-in"})
        assert _leaks(_crawl(app, bob, address, attempt)) == {}


def test_the_crawl_finds_what_is_told_once_the_test_is_over(
    set_canaries: Callable[..., str], app: Flask, bob: Any, begin: Any
) -> None:
    address = set_canaries()
    attempt = begin(bob, address)
    bob.post(attempt, {"client": "44444444-4444", "counter": "1", "go": "hand-in"})
    found = _leaks(_crawl(app, bob, address, attempt))
    assert found[f"GET {attempt}"] == set(CANARIES) - {"vexillarum", "obtunditas"}


def test_right_and_wrong_answers_are_saved_in_the_same_words(
    set_canaries: Callable[..., str], bob: Any, begin: Any, save: Any, position_of: Any
) -> None:
    attempt = begin(bob, set_canaries(feedback="never"))
    number = position_of(bob, "Which island?")
    told = []
    for counter, response in ((1, "zanzibarum"), (2, "something wrong")):
        reply = save(bob, attempt, number, {"response": response}, counter=counter, version=counter - 1)
        said = reply.get_json() | {"saved": "", "version": 0}
        told.append((reply.status_code, said, sorted(reply.headers.keys())))
    assert told[0] == told[1]


def test_a_held_card_is_refused_in_words_and_others_of_its_deck_can_be_studied(
    set_canaries: Callable[..., str], bob: Any, charlie: Any, token_of: Any
) -> None:
    set_canaries()
    bob.get("/study/birds")
    assert "How tall" in bob.page
    asked = bob.client.get("/study/canaries")
    assert "Which island" not in asked.get_data(as_text=True)
    assert bob.client.get("/api/v1/decks/canaries/next").status_code in (204, 409)
    fields = dict.fromkeys(("learner", "hint_used", "shown_ms"), "") | {
        "key": KEY,
        "card": "alpha",
        "revision": "1",
    }
    refused = bob.post("/study/canaries", fields | {"response": "x"})
    assert refused.status_code == 409
    assert refused.headers["Retry-After"] == "600", "an answer from without network is sent again, not thrown away"
    assert "part of a test of yours" in refused.get_data(as_text=True)
    assert charlie.get("/study/canaries").status_code == 200
    assert "Which island" in charlie.page


def test_a_result_is_told_after_the_test_and_undo_is_not_offered_for_it(
    set_test: Callable[..., str], bob: Any, begin: Any, save: Any
) -> None:
    attempt = begin(bob, set_test("legs"))
    save(bob, attempt, 1, {"response": "stilts"})
    bob.post(attempt, {"client": "44444444-4444", "counter": "9", "go": "hand-in"})
    bob.get(attempt)
    told = re.search(r'href="(/study/birds/answers/[^"]*)"', bob.page)
    assert told is not None
    assert "/undo" not in bob.get(told[1]).text
    bob.get("/study/birds")
    assert "/undo" not in bob.page
    studied = bob.answer("birds", {"response": "100 cm"})
    assert "/undo" in bob.get(studied.location).text


@pytest.mark.parametrize("depth", [300, 700, 950, 2_000, 100_000])
@pytest.mark.parametrize(("before", "after"), [("", ""), ('{"card": "canaries/alpha", "response": ', "}")])
def test_a_body_nested_without_end_is_refused_in_words_and_tells_nothing(
    set_canaries: Callable[..., str], bob: Any, depth: int, before: str, after: str
) -> None:
    set_canaries()
    bob.get("/account")
    headers = {"X-CSRFToken": bob.hidden("csrf_token")}
    body = before + "[" * depth + "]" * depth + after
    for path in ("/api/v1/answers", "/study/canaries", "/practice", f"/api/v1/answers/{KEY}/undo"):
        refused = bob.client.post(path, data=body, content_type="application/json", headers=headers)
        assert refused.status_code < 500, path
        assert _look(refused) == set()
        if path == "/api/v1/answers":
            assert refused.status_code in (409, 422)
            assert json.loads(refused.data)["detail"] != ""
