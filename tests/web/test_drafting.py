"""The pages of suggestions."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.core.deck.drafting import draft_cards
from quizapp.core.messages import say
from quizapp.services import authoring, drafting
from quizapp.services.accounts import Role
from quizapp.services.authoring import Author
from quizapp.services.drafting import Asked
from quizapp.services.drafting_model import ModelFailed
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HEAD = "---\nid: {id}\ntitle: <b>{id}</b>\nlanguage: {language}\nkind: article\n---\n\n"
WALL = (
    "The old wall fell down in 1989. Spain sold the ship in order to pay its debts. Nobody saw Ada Lovelace there."
    " During the Cold War Ada met Bea, in the Middle Ages it rained, and others like the Soviet era.\n"
)
BOARD = "/author/walls/suggestions/wall"


def _file(name: str, text: str, language: str = "en") -> InputFile:
    return InputFile(f"{name}.md", (HEAD.format(id=name, language=language) + text).encode())


@pytest.fixture
def alice(web_database: Database, browser_of: Callable[..., Any]) -> Any:
    """Alice's browser; she has begun a deck about the wall."""
    browser = browser_of("Alice", Role.TEACHER)
    files = [_file("wall", WALL), _file("mauer", "Die Mauer fiel 1989.\n", "de"), _file("rain", "It rained.\n")]
    with web_database.writing() as session:
        assert load_files(session, files, [], NOW).problems == ()
    with web_database.writing() as session:
        authoring.start_draft(session, _author(web_database), "Walls", "en", "history", ["wall"], NOW)
    return browser


def _author(database: Database) -> Author:
    """Alice as the services know her; an administrator reaches every draft, whoever began it."""
    with database.reading() as session:
        row = session.execute(sa.text("SELECT id FROM account WHERE name = 'Alice'")).one()
    return Author(int(row.id), "Alice", is_admin=False)


def _keys(browser: Any) -> list[str]:
    return re.findall(r'name="key"\s+value="([0-9a-fm]+)"', browser.page)


def test_a_deck_of_one_text_leads_to_its_suggestions(alice: Any) -> None:
    response = alice.get("/author/walls/suggestions")
    assert (response.status_code, response.headers["Location"]) == (303, BOARD)
    assert alice.get(BOARD).status_code == 200
    assert "In which year did the old wall fall down?" in alice.page
    assert "<mark>1989</mark>" in alice.page
    assert "&lt;b&gt;wall&lt;/b&gt;" in alice.page
    assert "<b>wall" not in alice.page
    assert len(_keys(alice)) >= 6


def test_another_text_can_be_chosen(alice: Any) -> None:
    assert alice.get("/author/walls/suggestions?choose=1").status_code == 200
    assert "This deck is about it." in alice.page
    assert "/author/walls/suggestions/mauer" in alice.page
    alice.get("/author/walls/suggestions/mauer")
    assert "The rules are made for English." in alice.page


def test_ticked_suggestions_are_taken_all_at_once(alice: Any) -> None:
    alice.get(BOARD)
    keys = _keys(alice)
    response = alice.post(BOARD, {"do": "take", "key": keys[:3], "page": "1", "kind": "name"})
    assert (response.status_code, response.headers["Location"]) == (303, f"{BOARD}?kind=name")
    alice.get(BOARD)
    assert "3 cards are in your draft now." in alice.page
    assert _keys(alice) == keys[3:]
    alice.get("/author/walls/")
    assert "In which year did the old wall fall down?" in alice.page


def test_students_see_nothing_of_what_was_taken(alice: Any, browser_of: Callable[..., Any]) -> None:
    alice.get(BOARD)
    alice.post(BOARD, {"do": "take", "key": _keys(alice)})
    bob = browser_of("Bob")
    assert "Walls" not in bob.client.get("/").get_data(as_text=True)
    assert bob.get("/study/walls").status_code == 404


def test_one_is_taken_and_changed_in_the_card_editor(alice: Any) -> None:
    alice.get(BOARD)
    key = _keys(alice)[0]
    response = alice.post(BOARD, {"do": f"change:{key}"})
    assert response.status_code == 303
    assert re.fullmatch(r"/author/walls/cards/[a-z0-9-]+", response.headers["Location"])
    assert alice.get(response.headers["Location"]).status_code == 200
    assert "The card is in your draft. Change it here." in alice.page
    again = alice.post(BOARD, {"do": f"change:{key}"})
    assert again.headers["Location"] == BOARD


def test_what_is_left_can_be_brought_back(alice: Any) -> None:
    alice.get(BOARD)
    keys = _keys(alice)
    alice.post(BOARD, {"do": f"leave:{keys[0]}"})
    alice.get(BOARD)
    assert "1 suggestion was left out" in alice.page
    assert _keys(alice) == keys[1:]
    alice.post(BOARD, {"do": f"back:{keys[0]}"})
    alice.get(BOARD)
    assert "1 suggestion is back." in alice.page
    assert _keys(alice) == keys


def test_all_looked_through_is_said(alice: Any) -> None:
    alice.get(BOARD)
    alice.post(BOARD, {"do": "leave", "key": _keys(alice)})
    alice.get(BOARD)
    assert "You have looked through all suggestions here." in alice.page


def test_without_a_tick_the_page_says_what_to_do(alice: Any) -> None:
    alice.get(BOARD)
    for what in ("take", "leave"):
        response = alice.post(BOARD, {"do": what})
        assert response.status_code == 422
        assert "Tick the suggestions first." in alice.page
        assert 'href="#take"' in alice.page
        assert 'id="take"' in alice.page


@pytest.mark.parametrize("what", ["", "publish", "change", "change:", "x:y", "back"])
def test_other_wishes_change_nothing(alice: Any, what: str) -> None:
    alice.get(BOARD)
    count = len(_keys(alice))
    assert alice.post(BOARD, {"do": what}).status_code in (303, 422)
    alice.get(BOARD)
    assert len(_keys(alice)) == count


def test_a_text_about_nothing_says_so(alice: Any) -> None:
    alice.get("/author/walls/suggestions/rain")
    assert "Nothing to suggest was found in this text." in alice.page
    assert _keys(alice) == []


@pytest.mark.parametrize(
    "query", ["?kind=date", "?kind=nonsense", "?page=0", "?page=99999999999999", "?page=x&kind=", "?page=٣"]
)
def test_odd_addresses_show_a_page(alice: Any, query: str) -> None:
    assert alice.get(BOARD + query).status_code == 200
    assert _keys(alice)


def test_a_long_text_comes_in_pages(alice: Any, web_database: Database) -> None:
    text = "\n\n".join(f"The wall fell in {1100 + number} by {number} winds." for number in range(300))
    with web_database.writing() as session:
        load_files(session, [_file("rain", text)], [], NOW)
    alice.get("/author/walls/suggestions/rain?page=2")
    assert "Page 2 of 4" in alice.page
    assert "100 more had no room" in alice.page
    assert 'rel="prev"' in alice.page
    response = alice.post("/author/walls/suggestions/rain", {"do": "leave", "key": _keys(alice)[:1], "page": "2"})
    assert response.headers["Location"].endswith("/rain?page=2")


def test_visitors_sign_in_and_strangers_find_nothing(alice: Any, visitor: Any, browser_of: Callable[..., Any]) -> None:
    response = visitor.get(BOARD)
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/sign-in")
    dana, bob = browser_of("Dana", Role.TEACHER), browser_of("Bob")
    alice.get(BOARD)
    key = _keys(alice)[0]
    for browser in (dana, bob):
        assert browser.get("/author/walls/suggestions").status_code == 404
        assert browser.get(BOARD).status_code == 404
        browser.get("/sign-in" if browser is bob else "/classes")
        assert browser.post(BOARD, {"do": "take", "key": key}).status_code == 404
        browser.get("/classes")
        assert browser.post(f"{BOARD}/model").status_code == 404
    assert alice.get("/author/walls/suggestions/no-such-text").status_code == 404
    assert alice.get("/author/no-such-deck/suggestions").status_code == 404


def test_a_form_without_its_token_and_wrong_methods_are_refused(alice: Any) -> None:
    assert alice.client.post(BOARD, data={"do": "take"}).status_code == 400
    assert alice.client.get(f"{BOARD}/model").status_code == 405
    assert alice.client.put(BOARD).status_code == 405


def test_without_a_model_there_is_no_button_and_nothing_is_asked(alice: Any) -> None:
    alice.get(BOARD)
    assert "language model" not in alice.page
    assert alice.post(f"{BOARD}/model").status_code == 422


def test_a_model_is_asked_only_at_the_press_of_a_button(
    alice: Any, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config.update(DRAFT_URL="https://models.example.org/draft", DRAFT_TOKEN="secret-token")
    asked = []

    def answer(hook: Any, source: Any) -> Any:
        asked.append((hook.url, hook.token, source.id))
        return draft_cards(source).suggestions[:1], Asked(1, 2)

    monkeypatch.setattr(drafting, "question_model", answer)
    alice.get(BOARD)
    assert "the whole text is sent to models.example.org" in alice.page
    assert "secret-token" not in alice.page
    assert asked == []
    assert alice.post(f"{BOARD}/model").status_code == 303
    assert asked == [("https://models.example.org/draft", "secret-token", "wall")]
    alice.get(BOARD)
    assert "The language model made 1 suggestion. 2 more did not pass the checks." in alice.page
    assert "by the language model" in alice.page


def test_a_model_that_fails_leaves_the_suggestions_of_the_rules(
    alice: Any, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config.update(DRAFT_URL="https://models.example.org/draft")

    def fail(hook: Any, source: Any) -> Any:
        raise ModelFailed(say("The language model took too long."))

    monkeypatch.setattr(drafting, "question_model", fail)
    alice.get(BOARD)
    count = len(_keys(alice))
    assert alice.post(f"{BOARD}/model").status_code == 303
    alice.get(BOARD)
    assert "The language model took too long. The suggestions made by rules are here as before." in alice.page
    assert len(_keys(alice)) == count
