"""Telling a teacher of an answer in the browser, and the desk where that is settled."""

import re
import uuid
from html import unescape

import pytest
import sqlalchemy as sa

from quizapp.services.accounts import Role
from quizapp.store.engine import Database
from quizapp.store.tables import ClaimRow, ReviewRow


def _answer(browser, response: str = "50 cm") -> str:
    browser.get("/study/birds")
    place = browser.answer("birds", {"response": response}).location
    browser.get(place)
    return place.rpartition("/")[2]


def _handle(browser) -> str:
    found = re.search(r'action="/claims/([0-9a-f-]{36})"', browser.page)
    assert found, browser.page
    return found[1]


def _outcomes(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(sa.select(ClaimRow.outcome).order_by(ClaimRow.made_at)).scalars())


@pytest.fixture
def alice(browser_of):
    """The teacher's browser."""
    return browser_of("Alice", Role.TEACHER)


@pytest.fixture
def bob(browser_of):
    """The student's browser."""
    return browser_of("Bob")


def test_i_was_right_is_one_press_and_stands_on_the_verdict(bob, web_database) -> None:
    key = _answer(bob)
    assert "I was right" in bob.page
    for _ in range(2):
        response = bob.post(f"/claims/about/{key}/right")
        assert response.status_code == 303
        assert response.location == f"/study/birds/answers/{key}?told=right#told-right"
        bob.get(response.location)
        assert "A teacher will look at your answer." in bob.page
        assert "I was right" not in bob.page
    assert _outcomes(web_database) == [""]


def test_a_claim_can_be_explained_and_withdrawn(bob, web_database) -> None:
    key = _answer(bob)
    bob.get(bob.post(f"/claims/about/{key}/right").location)
    bob.get(bob.post(f"/claims/about/{key}/right", {"text": "A <b>young</b> one."}).location)
    assert "A &lt;b&gt;young&lt;/b&gt; one." in bob.page
    for _ in range(2):
        response = bob.post(f"/claims/about/{key}/right/withdraw")
        assert response.status_code == 303
        bob.get(response.location)
    assert "I was right" in bob.page
    assert _outcomes(web_database) == []


def test_a_right_answer_offers_no_claim_but_a_note(bob) -> None:
    key = _answer(bob, "100 cm")
    assert "I was right" not in bob.page
    assert "Tell a teacher about this card" in bob.page
    assert bob.post(f"/claims/about/{key}/right").status_code == 409


def test_a_note_without_words_is_asked_for_them_and_one_too_long_is_kept(bob) -> None:
    key = _answer(bob)
    assert bob.post(f"/claims/about/{key}/note", {"text": " "}).status_code == 422
    assert re.search(r'role="alert".*href="#text"', bob.page, re.DOTALL)
    assert bob.post(f"/claims/about/{key}/note", {"text": "wordy " * 100}).status_code == 422
    assert "wordy wordy" in bob.page
    assert "at most 500 characters" in bob.page
    assert bob.post(f"/claims/about/{key}/right", {"text": "wordy " * 100}).status_code == 422


def test_a_guest_may_claim_too(visitor, alice) -> None:
    key = _answer(visitor)
    assert visitor.post(f"/claims/about/{key}/right").status_code == 303
    alice.get("/claims")
    assert "A guest" in alice.page


def test_nobody_claims_for_another_or_what_is_not_there(bob, browser_of, web_database) -> None:
    key = _answer(bob)
    charlie = browser_of("Charlie")
    charlie.get("/study/birds")
    for wanted, kind in ((key, "right"), (key, "note"), (str(uuid.uuid4()), "right"), ("x", "right")):
        assert charlie.post(f"/claims/about/{wanted}/{kind}", {"text": "x"}).status_code == 404
        charlie.get("/study/birds")
        assert charlie.post(f"/claims/about/{wanted}/{kind}/withdraw").status_code == 404
        charlie.get("/study/birds")
    assert bob.post(f"/claims/about/{key}/other").status_code == 404
    assert _outcomes(web_database) == []


def test_the_desk_shows_the_whole_case(bob, alice, browser_of) -> None:
    charlie = browser_of("Charlie")
    _answer(charlie)
    key = _answer(bob)
    bob.post(f"/claims/about/{key}/right", {"text": "Egrets are herons."})
    alice.get("/claims")
    page = unescape(alice.page)
    for words in ("Bob", "How tall is a grey heron", "50 cm", "100 cm", "Egrets are herons.", "Answer given"):
        assert words in page
    assert "One other student gave the same answer." in page
    assert re.search(r"<mark[^>]*>stands up to 100 cm tall", page)
    assert "Your answer" not in page


def test_an_accepted_claim_shows_the_student_a_right_answer(bob, alice, web_database) -> None:
    key = _answer(bob)
    bob.post(f"/claims/about/{key}/right")
    alice.get("/claims")
    handle = _handle(alice)
    response = alice.post(f"/claims/{handle}", {"decision": "accept", "reply": "Well spotted."})
    assert (response.status_code, response.location) == (303, "/claims?page=1&done=accepted")
    alice.get(response.location)
    assert "Nothing waits for you." in alice.page
    bob.get(f"/study/birds/answers/{key}")
    for words in ("counted it as right", "Well spotted.", 'data-verdict="right"'):
        assert words in bob.page
    bob.get("/claims")
    bob.get("/claims/mine")
    assert "counted as right" in bob.page
    with web_database.reading() as session:
        assert session.execute(sa.select(ReviewRow.verdict, ReviewRow.score)).one() == ("right", 1.0)


def test_a_declined_claim_needs_a_word_which_the_student_reads(bob, alice) -> None:
    key = _answer(bob)
    bob.post(f"/claims/about/{key}/right")
    alice.get("/claims")
    handle = _handle(alice)
    assert alice.post(f"/claims/{handle}", {"decision": "decline"}).status_code == 422
    assert f'href="#reply-{handle}"' in alice.page
    assert alice.post(f"/claims/{handle}", {"decision": "decline", "reply": "Read it again."}).status_code == 303
    bob.get(f"/study/birds/answers/{key}")
    assert "kept the verdict" in bob.page
    assert "Read it again." in bob.page
    alice.get("/claims?show=settled")
    assert "Verdict kept" in alice.page
    alice.get("/sources")
    alice.get("/claims?show=settled&page=99")
    assert "Bob" in alice.page


def test_a_decision_that_is_none_changes_nothing(bob, alice, web_database) -> None:
    key = _answer(bob)
    bob.post(f"/claims/about/{key}/right")
    alice.get("/claims")
    assert alice.post(f"/claims/{_handle(alice)}", {"decision": "maybe", "reply": "Hm."}).status_code == 422
    assert "Hm." in alice.page
    assert _outcomes(web_database) == [""]


def test_a_note_is_answered(bob, alice) -> None:
    key = _answer(bob)
    bob.post(f"/claims/about/{key}/note", {"text": "Too hard for me."})
    alice.get("/claims")
    assert "Keep the verdict" not in alice.page
    alice.post(f"/claims/{_handle(alice)}", {"decision": "accept", "reply": "We look at it together."})
    bob.get(f"/study/birds/answers/{key}")
    assert "We look at it together." in bob.page


def test_only_teachers_settle(bob, alice, visitor, web_database) -> None:
    key = _answer(bob)
    bob.post(f"/claims/about/{key}/right")
    alice.get("/claims")
    handle = _handle(alice)
    bob.get("/study/birds")
    assert bob.post(f"/claims/{handle}", {"decision": "accept"}).status_code == 403
    visitor.get("/study/birds")
    assert visitor.post(f"/claims/{handle}", {"decision": "accept"}).status_code == 401
    alice.get("/claims")
    assert alice.post(f"/claims/{uuid.uuid4()}", {"decision": "accept"}).status_code == 404
    assert _outcomes(web_database) == [""]


def test_who_is_no_teacher_is_led_elsewhere(bob, visitor, alice) -> None:
    assert visitor.get("/claims").location == "/sign-in?next=/claims"
    assert bob.get("/claims").location == "/claims/mine"
    for browser in (visitor, bob, alice):
        assert browser.get("/claims/mine").status_code == 200
        assert "Nothing yet." in browser.page


def test_the_wrong_method_is_refused(bob, alice) -> None:
    assert bob.client.get(f"/claims/about/{uuid.uuid4()}/right").status_code == 405
    assert alice.client.get(f"/claims/{uuid.uuid4()}").status_code == 405


def test_a_desk_of_many_has_pages(bob, alice, web_database) -> None:
    for number in range(21):
        key = _answer(bob) if number == 0 else _again(bob)
        bob.post(f"/claims/about/{key}/note", {"text": f"Note {number}."})
    alice.get("/claims")
    assert "Page 1 of 2" in alice.page
    alice.get("/claims?page=2")
    assert ("Page 2 of 2" in alice.page, "Note 20." in alice.page) == (True, True)


def _again(browser) -> str:
    """Answer the first card once more, out of turn: the form of an earlier card still counts."""
    browser.get("/study/birds")
    fields = browser.question_fields() | {"card": "height", "response": "50 cm"}
    place = browser.post("/study/birds", fields).location
    browser.get(place)
    return place.rpartition("/")[2]


def test_an_administrator_has_a_desk_too(bob, browser_of) -> None:
    key = _answer(bob)
    bob.post(f"/claims/about/{key}/right")
    erin = browser_of("Erin", Role.ADMIN)
    erin.get("/claims")
    assert "Bob" in erin.page


def test_what_was_told_of_an_answer_that_was_taken_back_says_so(bob) -> None:
    key = _answer(bob)
    bob.post(f"/claims/about/{key}/right")
    bob.get(f"/study/birds/answers/{key}")
    bob.post(f"/study/birds/answers/{key}/undo")
    bob.get(f"/study/birds/answers/{key}")
    assert "I was right" not in bob.page
    bob.get("/claims/mine")
    assert "you took the answer back" in bob.page
