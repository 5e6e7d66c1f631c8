"""What devices take along, the service worker, the page for no network, and answers that come in later."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from quizapp.core.learning.memory import to_millis
from quizapp.store.engine import Database
from quizapp.store.tables import ReviewRow, table_of
from quizapp.web import offline

SECRETS = [
    "That is a small egret",
    "The text says",
    "Measured standing",
    "Think of a table",
    "The opposite of short",
    "with no",
    "The grey heron",
    "stands up to",
]


def _taken(browser) -> dict[str, object]:
    response = browser.client.get("/offline/decks/birds")
    assert response.status_code == 200
    taken: dict[str, object] = response.get_json()
    return taken


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" type="hidden" value="([^"]*)"', html)
    assert found, name
    return unescape(found[1])


def _times(database: Database) -> list[datetime]:
    table = table_of(ReviewRow)
    with database.reading() as session:
        return [at for (at,) in session.execute(sa.select(table.c.answered_at).order_by(table.c.seq))]


def test_a_deck_is_taken_along_as_the_page_would_show_it(browser_of) -> None:
    bob = browser_of("Bob")
    taken = _taken(bob)
    bob.get("/study/birds")
    assert (taken["deck"], taken["title"], taken["address"]) == ("birds", "Birds", "/study/birds")
    assert taken["learner"] == bob.hidden("learner")
    first = taken["questions"][0]  # type: ignore[index]
    assert first["card"] == bob.hidden("card") == "height"
    form = re.search(r"<form[^>]*data-question.*?</form>", bob.page, re.DOTALL)
    assert form
    assert re.findall(r'<input type="radio"[^>]*value="([^"]*)"', " ".join(first["html"].split())) == re.findall(
        r'<input type="radio"[^>]*value="([^"]*)"', " ".join(form[0].split())
    )
    assert "<header" not in first["html"]
    assert 'class="strip"' not in first["html"]


def test_what_is_taken_along_is_small_and_gives_no_answer_away(browser_of) -> None:
    body = browser_of("Bob").client.get("/offline/decks/birds").get_data(as_text=True)
    assert [secret for secret in SECRETS if secret in body] == []
    assert '"name"' not in re.findall(r'"card":\s*("[^"]*")', body)  # a flashcard's back is asked for on the server
    assert len(body) < 30_000


def test_an_answer_to_a_question_taken_along_counts_once_from_when_it_was_given(
    browser_of, web_database: Database
) -> None:
    bob = browser_of("Bob")
    html = _taken(bob)["questions"][0]["html"]  # type: ignore[index]
    token = bob.client.get("/offline/token").get_json()
    given = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    fields = {name: _hidden(html, name) for name in ("key", "card", "revision", "learner", "hint_used", "shown_ms")}
    fields |= {"response": "100 cm", "given_at": str(to_millis(given)), "csrf_token": token["csrf_token"]}
    for _ in range(2):
        response = bob.client.post("/study/birds", data=fields, headers={"X-Fragment": "main"})
        assert response.status_code == 200
        assert response.headers["Content-Location"] == f"/study/birds/answers/{fields['key']}"
        assert 'data-verdict="right"' in response.get_data(as_text=True)
    assert _times(web_database) == [given]


@pytest.mark.parametrize("given", ["", "soon", "-5", "1.5", "9" * 14, "9" * 400, "٣", "0", "1795000000"])
def test_a_time_that_is_none_does_no_harm(browser_of, web_database: Database, given: str) -> None:
    bob = browser_of("Bob")
    bob.get("/study/birds")
    before = datetime.now(UTC) - timedelta(minutes=5)
    assert bob.answer("birds", {"response": "100 cm", "given_at": given}).status_code == 303
    (at,) = _times(web_database)
    assert before < at < datetime.now(UTC) + timedelta(minutes=5)


def test_the_answer_of_one_is_never_taken_as_anothers(browser_of, web_database: Database) -> None:
    bob, charlie = browser_of("Bob"), browser_of("Charlie")
    html = _taken(bob)["questions"][0]["html"]  # type: ignore[index]
    token = charlie.client.get("/offline/token").get_json()
    assert token["learner"] not in ("", _hidden(html, "learner"))
    fields = {name: _hidden(html, name) for name in ("key", "card", "revision", "learner")}
    response = charlie.client.post(
        "/study/birds", data=fields | {"response": "100 cm", "csrf_token": token["csrf_token"]}
    )
    assert response.status_code == 401
    assert _times(web_database) == []


def test_visitors_and_guests_take_nothing_along(visitor) -> None:
    assert visitor.client.get("/offline/decks/birds").status_code == 401
    assert visitor.client.get("/offline/token").get_json()["learner"] == ""
    visitor.get("/study/birds")
    assert visitor.answer("birds", {"response": "100 cm"}).status_code == 303
    assert visitor.client.get("/offline/decks/birds").status_code == 401
    visitor.get("/study/birds")
    assert "offline.js" not in visitor.page
    assert "data-account" not in visitor.page
    assert visitor.client.get("/offline/token").get_json()["learner"] == visitor.hidden("learner")


def test_asking_for_the_token_begins_no_browser_session_for_a_visitor(visitor) -> None:
    response = visitor.client.get("/offline/token")
    assert response.get_json() == {"learner": "", "csrf_token": ""}
    assert "Set-Cookie" not in response.headers  # it would take the place of the one that a sign-in's page begins


@pytest.mark.parametrize("deck", ["nothing", "..", "%00", "x" * 300])
def test_a_deck_that_is_not_there_is_not_found(browser_of, deck: str) -> None:
    assert browser_of("Bob").client.get(f"/offline/decks/{deck}").status_code == 404


@pytest.mark.parametrize("path", ["/service-worker.js", "/manifest.webmanifest", "/offline", "/offline/token"])
def test_what_is_for_reading_takes_no_forms(visitor, path: str) -> None:
    assert visitor.client.post(path).status_code == 405


def test_the_service_worker_may_serve_all_pages_and_is_asked_for_anew(visitor) -> None:
    response = visitor.client.get("/service-worker.js")
    assert response.content_type.startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in response.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in response.headers
    known = json.loads(re.match(r"const KNOWN = (\{.*\});\n", response.get_data(as_text=True))[1])  # type: ignore[index]
    assert known["page"].startswith("/offline")
    assert visitor.client.get(known["page"]).status_code == 200
    for address in known["files"]:
        assert "?v=" in address
        with visitor.client.get(address) as file:
            assert file.status_code == 200
    again = visitor.client.get("/service-worker.js", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_for_no_network_is_nobodys(browser_of, visitor) -> None:
    bob = browser_of("Bob")
    handle = _taken(bob)["learner"]
    page, strangers = (each.client.get("/offline").get_data(as_text=True) for each in (bob, visitor))
    assert page == strangers
    assert "Bob" not in page
    assert str(handle) not in page
    assert "csrf_token" not in page
    assert "Without network" in page


def test_the_app_can_be_installed(visitor) -> None:
    visitor.get("/")
    address = re.search(r'<link rel="manifest" href="([^"]*)"', visitor.page)
    assert address
    response = visitor.client.get(address[1])
    assert response.content_type == "application/manifest+json"
    manifest = json.loads(response.get_data())
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == ("Quizapp", "standalone", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in manifest["icons"]:
        with visitor.client.get(icon["src"]) as picture:
            data = picture.get_data()
            assert picture.content_type == "image/png"
        assert f"{int.from_bytes(data[16:20])}x{int.from_bytes(data[20:24])}" == icon["sizes"]
        assert len(data) < 20_000


def test_studying_costs_few_bytes_for_being_ready_to_go_offline(browser_of) -> None:
    bob = browser_of("Bob")
    bob.get("/study/birds")
    addresses = re.findall(r'"(/static/(?:outbox|offline)\.(?:js|css)\?v=[^"]*)"', bob.page)
    assert len(addresses) == 3
    total = 0
    for address in addresses:
        with bob.client.get(address, headers={"Accept-Encoding": "gzip"}) as file:
            assert file.headers["Content-Encoding"] == "gzip"
            total += len(file.get_data())  # what travels
    assert total < 6_000


def test_everybody_has_a_place_for_what_is_not_sent_yet(browser_of: Callable[..., object]) -> None:
    bob = browser_of("Bob")
    for path in ("/", "/study/birds", "/account", "/offline"):
        assert bob.get(path).status_code == 200  # type: ignore[attr-defined]
        assert 'id="outbox-bar"' in bob.page  # type: ignore[attr-defined]


def test_what_is_kept_of_pages_stays_small_wherever_they_are_asked_from(visitor) -> None:
    for number in range(100):
        visitor.client.get("/offline", environ_overrides={"SCRIPT_NAME": f"/{number}"})
    assert 0 < offline._render_part.cache_info().currsize <= 64
