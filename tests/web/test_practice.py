"""Practising in the browser: chosen, asked, answered, looked back on; visitors, repeats, strangers and odd forms."""

import hashlib
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.services import practice
from quizapp.store.engine import Database
from quizapp.store.tables import CardStateRow, LearnerRow, PracticeAnswerRow, PracticeRow, ReviewRow

NAMES = ("key", "card", "learner", "hint_used", "shown_ms")
ANSWERS: dict[str, dict[str, object]] = {
    "height": {"response": "100 cm"},
    "food": {"response": ["Fish", "Frogs", "Voles"]},
    "winter": {"response": "false"},
    "legs": {"response": "long"},
    "waiting": {"blank-0": "without", "blank-1": "prey"},
    "name": {"rating": "3"},
}
SECRETS = ["That is a small egret", "The text says", "Measured standing", "Think of a table", "stands up to"]


def _fill(page: str, card: str) -> dict[str, object]:
    """The fields of a right answer; the order of lines and sides is read off the page."""
    if card == "sequence":
        items = {n: unescape(t) for n, t in re.findall(r'name="item-(\d)" value="([^"]*)"', page)}
        return {f"item-{n}": t for n, t in items.items()} | {
            f"position-{n}": str(samples.RIGHT["sequence"].index(t) + 1)  # type: ignore[union-attr]
            for n, t in items.items()
        }
    if card == "seasons":
        lefts = {n: unescape(t) for n, t in re.findall(r'name="left-(\d)" value="([^"]*)"', page)}
        return {f"left-{n}": t for n, t in lefts.items()} | {
            f"right-{n}": samples.RIGHT["seasons"][t]  # type: ignore[index]
            for n, t in lefts.items()
        }
    return ANSWERS[card]


def _hidden(who) -> dict[str, object]:
    return {name: who.hidden(name) for name in NAMES}


def _begin(who, **choice: object) -> str:
    """Begin a round, all cards in the deck's order where nothing else is said; give its address, opened."""
    who.get("/practice")
    fields: dict[str, object] = {"key": who.hidden("key"), "order": "deck", "n": ""}
    response = who.post("/practice", fields | choice)
    assert response.status_code == 303, who.page
    assert who.get(response.location).status_code == 200
    return urlsplit(response.location).path


def _answer(who, place: str, fields: dict[str, object], **more: object):
    return who.post(place, _hidden(who) | fields, **more)


def _count(database: Database, *tables: type) -> list[int]:
    with database.reading() as session:
        return [session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def _see(page: str) -> str:
    """The words of a page, on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_the_start_page_counts_the_cards_of_each_choice_and_makes_nobody_a_guest(
    visitor, web_database: Database
) -> None:
    assert visitor.get("/practice").status_code == 200
    page = _see(visitor.page)
    for words in (
        "Birds 8 cards",
        "nature 8 cards",
        "The whole text 8 cards",
        "size 1 card ",
        "My mistakes",
        "0 cards",
    ):
        assert words in page
    assert "8 cards fit." in page
    assert _count(web_database, LearnerRow) == [0]


def test_a_link_fills_the_form_in(visitor) -> None:
    for query, words, ticked in [
        ("deck=birds", "8 cards fit.", ['value="birds"']),
        ("source=herons&paragraph=2", "2 cards fit.", ['value="herons:2"']),
        ("tag=size&n=5", "One card fits.", ['value="size"']),
        ("mistakes=1", "No card fits.", ['value="last"']),
        ("n=3&order=hardest&confidence=1", "8 cards fit; you get 3 of them.", ['value="hardest"', 'name="confidence"']),
    ]:
        assert visitor.get(f"/practice?{query}").status_code == 200
        assert words in _see(visitor.page)
        for mark in ticked:
            assert re.search(rf"<input[^>]*{mark}[^>]*checked", visitor.page), mark
        said = visitor.client.get(f"/practice/count?{query}")
        assert (said.status_code, said.text) == (200, words)


def test_a_link_that_cannot_be_followed_says_why_and_keeps_the_form(visitor) -> None:
    for query, status, words in [
        ("deck=nope", 404, "There is no deck “nope”."),
        ("source=nope", 404, "No card is about the text “nope”."),
        ("source=herons&paragraph=77", 404, "No card is about paragraph 77 of “herons”."),
        ("n=0", 422, "From 1 to 500 cards"),
        ("n=-3", 422, "From 1 to 500 cards"),
        ("n=1000000000", 422, "From 1 to 500 cards"),
        ("order=sideways", 422, "Choose one of these."),
        ("paragraph=4", 422, "Name a text and the number of a paragraph"),
    ]:
        assert visitor.get(f"/practice?{query}").status_code == status
        assert words in _see(visitor.page)
        assert 'name="n"' in visitor.page
        assert words in visitor.client.get(f"/practice/count?{query}").text


def test_a_practice_that_cannot_begin_keeps_what_was_chosen(visitor, browser_of, web_database: Database) -> None:
    people = (visitor, browser_of("Bob"))
    for fields, status, words in [
        ({"n": "0"}, 422, "From 1 to 500 cards"),
        ({"n": "lots", "deck": "birds"}, 422, "From 1 to 500 cards"),
        ({"deck": "nope"}, 404, "There is no deck"),
        ({"mistakes": "last"}, 422, "No card fits all that is chosen."),
        ({"tag": ["x"] + [f"t{n}" for n in range(300)]}, 422, "more than can be chosen"),
    ]:
        for who in people:
            who.get("/practice")
            assert who.post("/practice", fields).status_code == status
            assert words in _see(who.page)
            if fields.get("deck") == "birds":
                assert re.search(r'value="birds"[^>]*checked', who.page)
                assert 'value="lots"' in who.page
        assert _count(web_database, PracticeRow) == [0]


def test_without_script_a_button_counts_the_cards(visitor, web_database: Database) -> None:
    visitor.get("/practice")
    assert visitor.post("/practice/count", {"source": "herons", "paragraph": "herons:3", "n": ""}).status_code == 200
    assert "3 cards fit." in _see(visitor.page)


def test_a_visitor_practises_every_type_without_script_and_is_a_guest_from_the_first_answer_on(
    visitor, web_database: Database
) -> None:
    place = _begin(visitor, deck="birds")
    assert _count(web_database, LearnerRow, PracticeRow) == [0, 0]
    for number, card in enumerate(samples.RIGHT, start=1):
        assert visitor.hidden("card") == f"birds/{card}"
        assert f"Card {number} of 8" in visitor.page
        response = _answer(visitor, place, _fill(visitor.page, card))
        assert response.status_code == 303, (card, visitor.page)
        assert visitor.get(response.location).status_code == 200
        assert "Right" in visitor.page
        assert re.search(r"<mark[^>]*>", visitor.page)
        assert 'href="/sources/herons#p' in visitor.page
        assert "Comes back" not in visitor.page
        place = "/practice/" + response.location.split("/")[2]
        visitor.get(place)
    assert "Practice done" in visitor.page
    assert "8 of 8 right" in _see(visitor.page)
    assert "not yet right" not in _see(visitor.page)
    assert _count(web_database, LearnerRow, PracticeRow, PracticeAnswerRow) == [1, 1, 8]
    assert _count(web_database, ReviewRow, CardStateRow) == [0, 0]


def test_nothing_gives_the_answer_away_before_it_is_in(visitor) -> None:
    place = _begin(visitor, deck="birds")
    assert [secret for secret in SECRETS if secret in visitor.page + place] == []


def test_a_hint_and_the_back_of_a_flashcard_come_on_demand_and_keep_what_was_typed(
    visitor, web_database: Database
) -> None:
    place = _begin(visitor, card="birds/legs")
    visitor.post(f"{place}/hint", _hidden(visitor) | {"response": "lo"})
    assert "The opposite of short." in visitor.page
    assert 'value="lo"' in visitor.page
    assert visitor.hidden("hint_used") == "1"
    place = _begin(visitor, card="birds/name")
    visitor.post(f"{place}/reveal", _hidden(visitor))
    assert "The grey heron" in visitor.page
    assert "comes back" not in visitor.page
    assert _count(web_database, LearnerRow, PracticeRow) == [0, 0]
    response = _answer(visitor, place, {"rating": "1"})
    visitor.get(response.location)
    assert "Not yet" in visitor.page
    again = visitor.get("/practice/" + response.location.split("/")[2] + "/result")
    assert "Practise the one not yet right" in again.text


def test_a_signed_in_learner_goes_on_where_they_were_on_another_device(browser_of, new_browser, password) -> None:
    bob = browser_of("Bob")
    place = _begin(bob, deck="birds")
    _answer(bob, place, {"response": "50 cm"})
    other = new_browser()
    other.get("/sign-in")
    other.post("/sign-in", {"name": "Bob", "password": password})
    other.get("/practice")
    assert f'href="{place}"' in other.page
    assert "Card 2 of 8" in _see(other.page)
    other.get(place)
    assert other.hidden("card") == "birds/food"
    for action, card in (("hint", "height"), ("reveal", "name")):
        other.post(f"{place}/{action}", _hidden(other) | {"card": f"birds/{card}"})
        assert other.page.count('name="hint_used"') == 1


def test_a_reload_records_nothing_and_a_repeat_counts_once(browser_of, web_database: Database) -> None:
    bob = browser_of("Bob")
    place = _begin(bob, deck="birds")
    page = bob.page
    first = _answer(bob, place, {"response": "50 cm"})
    bob.page = page
    again = _answer(bob, place, {"response": "50 cm"})
    assert first.location == again.location
    for _ in range(2):
        assert bob.get(first.location).status_code == 200
    assert _count(web_database, PracticeAnswerRow) == [1]


def test_a_visitors_form_sent_twice_begins_one_round(visitor, web_database: Database) -> None:
    place = _begin(visitor, deck="birds")
    page = visitor.page
    first = _answer(visitor, place, {"response": "50 cm"})
    visitor.page = page
    again = _answer(visitor, place, {"response": "50 cm"})
    assert first.location == again.location
    assert _count(web_database, LearnerRow, PracticeRow, PracticeAnswerRow) == [1, 1, 1]
    assert visitor.get(place).status_code == 303


@pytest.mark.parametrize("other", [{"key": "123e4567-e89b-42d3-a456-426614174000"}, {}])
def test_a_second_answer_to_a_card_is_refused_and_the_first_shown(
    browser_of, web_database: Database, other: dict[str, object]
) -> None:
    bob = browser_of("Bob")
    place = _begin(bob, deck="birds")
    page = bob.page
    _answer(bob, place, {"response": "50 cm"})
    bob.page = page
    late = _answer(bob, place, {"response": "100 cm"} | other)
    assert late.status_code == 409
    assert "50 cm" in bob.page
    assert "Not yet" in bob.page
    assert "counts" in bob.page
    assert _count(web_database, PracticeAnswerRow) == [1]


def test_a_key_used_for_another_card_is_refused(browser_of, web_database: Database) -> None:
    bob = browser_of("Bob")
    place = _begin(bob, deck="birds")
    fields = _hidden(bob)
    _answer(bob, place, {"response": "50 cm"})
    bob.get(place)
    assert bob.post(place, fields | {"card": "birds/legs", "response": "long"}).status_code == 409
    assert _count(web_database, PracticeAnswerRow) == [1]


def test_after_the_end_and_for_a_card_outside_the_round_nothing_is_recorded(browser_of, web_database: Database) -> None:
    bob = browser_of("Bob")
    place = _begin(bob, card="birds/legs")
    fields = _hidden(bob)
    assert bob.post(place, fields | {"card": "birds/height", "response": "100 cm"}).status_code == 404
    assert "not part of this practice" in bob.page
    bob.get(place)
    assert bob.post(place, fields | {"response": "long"}).status_code == 303
    bob.get(place)
    assert "Practice done" in bob.page
    bob.get("/practice")
    late = fields | {"key": "123e4567-e89b-42d3-a456-426614174000", "response": "blue"}
    assert bob.post(place, late).status_code == 409
    assert _count(web_database, PracticeAnswerRow) == [1]


def test_an_answer_that_is_missing_or_odd_is_asked_for_and_makes_nobody_a_guest(
    visitor, web_database: Database
) -> None:
    place = _begin(visitor, deck="birds", confidence="1")
    for fields, words in (
        ({}, "Choose an answer."),
        ({"response": "7 cm"}, "an option that this card does not have"),
        ({"response": "50 cm", "confidence": "9"}, "Choose one of the three steps."),
        ({"response": "50 cm", "key": "x"}, "Send a UUID"),
    ):
        assert _answer(visitor, place, fields).status_code == 422, fields
        assert words in _see(visitor.page)
        assert len(str(visitor.hidden("key"))) == 36
    assert visitor.post(place, {"response": "50 cm"}).status_code == 404
    assert _count(web_database, LearnerRow, PracticeRow) == [0, 0]


def test_how_sure_one_is_is_asked_where_wanted_and_shown_back(browser_of, web_database: Database) -> None:
    bob = browser_of("Bob")
    _begin(bob, deck="birds")
    assert "How sure are you?" not in bob.page
    place = _begin(bob, deck="birds", confidence="1")
    assert "How sure are you?" in bob.page
    response = _answer(bob, place, {"response": "50 cm", "confidence": "3"})
    bob.get(response.location)
    assert "You were sure of this one" in bob.page
    bob.get(place)
    response = _answer(bob, place, {"response": ["Fish", "Frogs", "Voles"], "confidence": "2"})
    bob.get(response.location)
    assert "You said: Fairly sure." in bob.page
    bob.get(f"{place}/result")
    assert "Sure 0 of 1" in _see(bob.page)
    assert "Practice so far" in bob.page
    bob.get("/practice?mistakes=sure")
    assert "One card fits." in _see(bob.page)


def test_the_result_shows_own_and_right_answer_why_and_passage_and_practises_the_mistakes(
    browser_of, web_database: Database
) -> None:
    bob = browser_of("Bob")
    place = _begin(bob, deck="birds", n="2")
    _answer(bob, place, {"response": "50 cm"})
    bob.get(place)
    _answer(bob, place, {"response": ["Fish", "Frogs", "Voles"]})
    bob.get(place)
    page = _see(bob.page)
    for words in (
        "1 of 2 right",
        "Score 50%",
        "50 cm",
        "100 cm",
        "The text says",
        "stands up to 100 cm tall",
        "small egret",
    ):
        assert words in page, words
    fields = {"key": bob.hidden("key")}
    first = bob.post(f"{place}/again", fields)
    assert first.status_code == 303
    bob.get(first.location)
    assert (bob.hidden("card"), "Card 1 of 1" in bob.page) == ("birds/height", True)
    assert bob.post(f"{place}/again", fields).location == first.location


def test_without_mistakes_there_is_nothing_to_practise_again(browser_of) -> None:
    bob = browser_of("Bob")
    place = _begin(bob, deck="birds", n="1")
    _answer(bob, place, {"response": "100 cm"})
    bob.get("/practice")
    assert bob.post(f"{place}/again").status_code == 422
    assert "nothing to do again" in bob.page


def test_another_learners_round_is_not_there(browser_of, visitor) -> None:
    bob, charlie = browser_of("Bob"), browser_of("Charlie")
    place = _begin(bob, deck="birds")
    fields = _hidden(bob) | {"response": "50 cm", "learner": ""}
    verdict = _answer(bob, place, {"response": "50 cm"}).location
    for who in (charlie, visitor):
        who.get("/practice")
        token = {"csrf_token": who.hidden("csrf_token")}
        for path in (place, f"{place}/result", verdict):
            assert who.client.get(path).status_code == 404
        for path in (place, f"{place}/hint", f"{place}/reveal", f"{place}/again"):
            assert who.client.post(path, data=token | fields).status_code == 404


def test_addresses_that_lead_nowhere_say_so(visitor) -> None:
    for method, path, status in [
        ("get", "/practice/nonsense", 404),
        ("get", "/practice/123e4567-e89b-42d3-a456-426614174000", 404),
        ("get", "/practice/try/forged", 404),
        ("get", "/practice/nonsense/answers/x", 404),
        ("delete", "/practice", 405),
        ("put", "/practice/count", 405),
        ("get", "/practice/x/hint", 405),
    ]:
        assert getattr(visitor.client, method)(path).status_code == status


def test_a_form_of_somebody_who_is_signed_out_asks_to_sign_in(browser_of, web_database: Database) -> None:
    bob = browser_of("Bob")
    place = _begin(bob, deck="birds")
    fields = _hidden(bob) | {"response": "50 cm"}
    bob.get("/practice")
    bob.post("/sign-out")
    bob.get("/practice")
    assert bob.post(place, fields).status_code == 401
    assert "You are no longer signed in" in bob.page
    bob.get("/practice")
    assert bob.post("/practice/try/x", fields).status_code == 401
    assert _count(web_database, PracticeAnswerRow) == [0]


def test_a_choice_that_fits_into_no_address_is_refused(visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a choice needs very many long names; here they are all taken for names of tags that exist."""
    monkeypatch.setattr(practice, "check_choice", lambda *_: None)
    monkeypatch.setattr(practice, "find_fitting", lambda candidates, *_: candidates)
    visitor.get("/practice")
    tags = [hashlib.sha512(bytes([number])).hexdigest() for number in range(100)]
    assert visitor.post("/practice", {"tag": tags}).status_code == 422
    assert "more than can be chosen at once" in visitor.page


def test_with_script_the_verdict_comes_in_place(visitor) -> None:
    place = _begin(visitor, deck="birds")
    response = _answer(visitor, place, {"response": "100 cm"}, headers={"X-Fragment": "main"})
    assert response.status_code == 200
    assert re.match(r"/practice/[0-9a-f-]{36}/answers/", response.headers["Content-Location"])
    assert "<html" not in visitor.page
    assert "Card 1 of 8" in visitor.page


def test_a_form_key_that_is_none_begins_a_round_all_the_same(browser_of: Callable[..., object]) -> None:
    assert _begin(browser_of("Bob"), key="not a key", deck="birds").startswith("/practice/")
