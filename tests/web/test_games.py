"""The games in the browser: they need script, say so, and leave no trace on the server."""

import re
from html import unescape

import sqlalchemy as sa

from quizapp.store.engine import Database
from quizapp.store.tables import LearnerRow, PracticeRow, ReviewRow

PARTNERS = {
    "How tall is a grey heron at most?": "100 cm",
    "What are the legs of the bird like?": "long",
    "Winter": "the south",
    "Water": "fish",
}


def _tiles(page: str, side: str) -> list[str]:
    """The texts on one side of the table, by place."""
    found = re.findall(rf'data-side="{side}"\s+data-place="(\d)".*?<span[^>]*>(.*?)</span>', page, re.DOTALL)
    return [unescape(text).strip() for _, text in sorted(found)]


def _is_untouched(database: Database) -> bool:
    with database.reading() as session:
        tables = (LearnerRow, PracticeRow, ReviewRow)
        return not any(session.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in tables)


def test_a_game_says_that_it_needs_script_and_offers_practice_instead(visitor) -> None:
    for game in ["match", "timed"]:
        assert visitor.get(f"/games/{game}?deck=birds&n=5").status_code == 200
        assert "This game needs script" in visitor.page
        assert re.search(r'href="/practice\?deck=birds[^"]*n=5', visitor.page)


def test_a_game_without_cards_says_why(visitor) -> None:
    for game in ["match", "timed"]:
        for query, status, words in [
            ("deck=nope", 404, "There is no deck"),
            ("n=0", 422, "From 1 to 500 cards"),
            ("mistakes=1", 422, "No card fits"),
            ("card=birds/name", 422, "Choose"),
        ]:
            assert visitor.get(f"/games/{game}?{query}").status_code == status
            assert words in unescape(visitor.page)
            assert 'href="/practice' in visitor.page


def test_the_practice_form_leads_to_a_game_with_its_choice_alone(visitor) -> None:
    for game in ["match", "timed"]:
        visitor.get("/practice")
        response = visitor.post(f"/games/{game}", {"deck": "birds", "paragraph": "herons:1", "key": "x", "n": ""})
        assert response.status_code == 303
        assert response.location == f"/games/{game}?deck=birds&paragraph=herons%3A1&n="


def test_pairs_are_told_by_the_server_alone(visitor, web_database: Database) -> None:
    visitor.get("/games/match")
    fields: dict[str, object] = {"game": visitor.hidden("game")}
    page = visitor.page
    left, right = _tiles(page, "left"), _tiles(page, "right")
    assert set(left) == set(PARTNERS)
    for place, text in enumerate(left):
        for other, answer in enumerate(right):
            visitor.page = page
            said = visitor.post("/games/match/check", fields | {"left": str(place), "right": str(other)})
            assert said.json == {"right": PARTNERS[text] == answer}
    assert _is_untouched(web_database)


def test_tiles_that_are_not_there_are_not_found(visitor) -> None:
    for fields in [{}, {"left": "9", "right": "0"}, {"left": "-1", "right": "x"}, {"game": "forged", "left": "0"}]:
        visitor.get("/games/match")
        game: dict[str, object] = {"game": visitor.hidden("game")}
        assert visitor.post("/games/match/check", game | fields).status_code == 404


def test_a_timed_round_goes_from_card_to_card_to_its_end(visitor, web_database: Database) -> None:
    visitor.get("/games/timed?deck=birds&tag=size")
    game: dict[str, object] = {"game": visitor.hidden("game")}
    assert visitor.post("/games/timed/ask", game).status_code == 200
    assert "How tall is a grey heron at most?" in visitor.page
    assert "small egret" not in visitor.page
    assert visitor.post("/games/timed/answer", game | {"number": "0"}).status_code == 422
    assert "Choose an answer." in visitor.page
    assert visitor.post("/games/timed/answer", game | {"number": "0", "response": "7 cm"}).status_code == 422
    assert visitor.post("/games/timed/answer", game | {"number": "0", "response": "50 cm"}).status_code == 200
    assert 'data-right="no"' in visitor.page
    assert 'name="card" value="birds/height"' in visitor.page
    assert "100 cm" in visitor.page
    assert "<form" not in visitor.page
    assert _is_untouched(web_database)


def test_the_next_card_comes_with_the_verdict(visitor) -> None:
    visitor.get("/games/timed?card=birds/height&card=birds/winter")
    game: dict[str, object] = {"game": visitor.hidden("game")}
    visitor.post("/games/timed/ask", game)
    assert visitor.hidden("number") == "0"
    first = re.search(r'<input type="radio"[^>]*value="([^"]*)"', visitor.page)
    assert first
    visitor.post("/games/timed/answer", game | {"number": "0", "response": unescape(first[1])})
    assert "data-right=" in visitor.page
    assert visitor.hidden("number") == "1"


def test_a_card_that_is_not_in_the_round_is_not_found(visitor) -> None:
    for fields in [{"number": "77"}, {"number": "-1"}, {"number": "5"}, {}, {"game": "forged"}]:
        visitor.get("/games/timed?deck=birds")
        game: dict[str, object] = {"game": visitor.hidden("game")}
        assert visitor.post("/games/timed/answer", game | fields).status_code == 404


def test_a_match_games_token_is_no_timed_round(visitor) -> None:
    visitor.get("/games/match")
    game: dict[str, object] = {"game": visitor.hidden("game")}
    assert visitor.post("/games/timed/ask", game).status_code == 200
    assert "<form" not in visitor.page
    visitor.get("/games/timed")
    game = {"game": visitor.hidden("game"), "left": "0", "right": "0"}
    assert visitor.post("/games/match/check", game).status_code == 404
