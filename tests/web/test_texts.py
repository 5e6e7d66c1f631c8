"""The texts' pages: bringing, correcting, keeping, making cards, replacing; and who may not."""

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask

from quizapp.services.accounts import Role

_TEXT = "The white stork\n\nThe stork eats frogs in the meadow.\n\nIt claps with its beak.\n"
_FIELDS = {"title": "The white stork", "language": "en", "body": "The stork eats frogs.\n\nIt claps with its beak."}


@pytest.fixture
def alice(browser_of: Callable[..., Any]) -> Any:
    """The browser of a teacher."""
    return browser_of("Alice", Role.TEACHER)


def _keep(browser: Any, **fields: str) -> str:
    browser.get("/texts/new")
    kept = browser.post("/texts/keep", _FIELDS | fields)
    assert kept.status_code == 303, browser.page
    return str(urlsplit(kept.location).path)


def test_a_text_is_pasted_looked_at_and_kept(alice: Any) -> None:
    alice.get("/texts/new")
    assert alice.post("/texts/new", {"pasted": _TEXT}).status_code == 200
    assert 'value="The white stork"' in alice.page
    assert "2 paragraphs" in alice.page
    assert alice.post("/texts/preview", _FIELDS | {"body": "One.\n\nTwo.\n\nThree."}).status_code == 200
    assert "3 paragraphs" in alice.page
    path = _keep(alice)
    alice.get(path)
    assert "The text is kept" in alice.page
    assert "Brought by Alice" in alice.page
    alice.get("/texts")
    assert "Yours" in alice.page
    alice.get("/texts/new")
    alice.post("/texts/preview", _FIELDS)
    assert "These very words are here already" in alice.page


def test_a_file_is_uploaded(alice: Any) -> None:
    alice.get("/texts/new")
    page = "<!doctype html><title>Storks</title><nav>Menu</nav><p>The stork eats frogs. Größe.".encode("cp1252")
    response = alice.post("/texts/new", {"file": (io.BytesIO(page), "storks.html")}, content_type="multipart/form-data")
    assert response.status_code == 200
    assert "Windows-1252" in alice.page
    assert "Menu</" not in alice.page.partition("<main")[2].partition("<form")[0]
    assert 'name="name" value="storks.html"' in re.sub(r"\s+", " ", alice.page)


def test_more_than_a_megabyte_comes_through_for_teachers_alone(alice: Any, browser_of: Callable[..., Any]) -> None:
    long = "The stork eats frogs in the meadow. " * 40_000
    bob = browser_of("Bob")
    for browser, page, status in ((alice, "/texts/new", 200), (bob, "/account", 413)):
        browser.get(page)
        sent = urlencode({"csrf_token": browser.hidden("csrf_token"), "pasted": long}).encode()
        form = {"data": sent, "content_type": "application/x-www-form-urlencoded"}
        assert browser.client.post("/texts/new", **form).status_code == status


def test_what_cannot_be_read_is_told_and_what_was_typed_stays(alice: Any) -> None:
    alice.get("/texts/new")
    assert alice.post("/texts/new", {"pasted": ""}).status_code == 422
    assert "no paragraph in this text" in alice.page
    bomb = io.BytesIO(b"PK\x03\x04 and nothing more")
    response = alice.post("/texts/new", {"file": (bomb, "x.docx")}, content_type="multipart/form-data")
    assert response.status_code == 422
    assert "damaged, locked" in alice.page
    assert alice.post("/texts/keep", _FIELDS | {"title": "", "url": "x"}).status_code == 422
    assert "Give the text a title" in alice.page
    assert "It claps with its beak." in alice.page
    assert "https://" in alice.page


def test_what_is_shown_is_inert(alice: Any) -> None:
    evil = "<script>alert(1)</script> ![x](https://evil.example/a.png) [y](javascript:alert(2)) <img src=x onerror=z>"
    alice.get("/texts/new")
    for field, value in (("pasted", f"{evil}."), ("pasted", f"# {evil}\n\n**{evil}**\n\n> {evil}")):
        alice.post("/texts/new", {field: value, "form": "markdown"})
        shown = alice.page.partition('id="as-read"')[2]
        assert "<script" not in shown
        assert "<img" not in shown
        assert "javascript:alert" not in re.sub(r">[^<]*<", "><", shown)
    path = _keep(alice, title=evil, body=evil, author=evil, license=evil)
    for page in (path, "/texts", f"{path}/about", f"{path}/correct"):
        alice.get(page)
        assert "<script>alert" not in alice.page
        assert "<img src=x" not in alice.page


def _make(browser: Any, path: str, **fields: str) -> Any:
    browser.get(path)
    return browser.post(f"{path}/card", fields)


def test_selected_words_lead_to_a_new_card_that_cites_them(alice: Any) -> None:
    path = _keep(alice)
    made = _make(alice, path, deck="+", paragraph="2", quote=" claps  with its beak ")
    assert made.status_code == 303
    place = urlsplit(made.location)
    assert place.path == "/author/cards-on-the-white-stork/cards/new"
    assert parse_qs(place.query) == {
        "source": ["the-white-stork"],
        "paragraph": ["2"],
        "quote": ["claps with its beak"],
    }
    alice.get(path)
    assert "Cards on “The white stork”" in alice.page
    again = _make(alice, path, **{"deck": "cards-on-the-white-stork", "paragraph": "1", "quote-1": "frogs"})
    assert urlsplit(again.location).path == "/author/cards-on-the-white-stork/cards/new"
    by_enter = _make(alice, path, **{"deck": "cards-on-the-white-stork", "quote-1": " ", "quote-2": "beak"})
    assert "paragraph=2" in by_enter.location
    assert alice.get(made.location).status_code == 200
    assert "claps with its beak" in alice.page


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"paragraph": "2"}, 422, "Select some words of paragraph 2"),
        ({}, 422, "Select some words of paragraph 1"),
        ({"paragraph": "2", "quote-2": "sings"}, 422, "do not stand in paragraph 2"),
        ({"paragraph": "1", "quote": "a " * 13}, 422, "13 words; at most 12"),
        ({"paragraph": "99", "quote": "x"}, 404, "no such paragraph"),
        ({"paragraph": "x" * 500, "quote": "stork"}, 303, ""),
    ],
)
def test_words_that_cannot_be_cited_are_told_beside_the_paragraph(
    alice: Any, fields: dict[str, str], status: int, told: str
) -> None:
    path = _keep(alice)
    assert _make(alice, path, **fields).status_code == status
    assert told in alice.page
    if status == 422:
        assert "aria-invalid" in alice.page


def test_a_text_downloads_as_a_source_file(alice: Any) -> None:
    path = _keep(alice)
    response = alice.get(f"{path}/file")
    assert response.headers["Content-Disposition"] == 'attachment; filename="the-white-stork.md"'
    assert alice.page.startswith('---\nid: "the-white-stork"\ntitle: "The white stork"')


def test_title_and_origin_are_changed_and_a_text_is_deleted(alice: Any) -> None:
    path = _keep(alice)
    alice.get(f"{path}/about")
    assert alice.post(f"{path}/about", {"title": "Storks", "language": "Xx yy"}).status_code == 422
    assert "Give the language by its code" in alice.page
    assert alice.post(f"{path}/about", {"title": "Storks", "language": "en"}).status_code == 303
    alice.get(path)
    assert "<title>Storks" in alice.page
    assert "It claps with its beak." in alice.page
    alice.get(f"{path}/about")
    assert alice.post(f"{path}/delete").status_code == 303
    assert alice.get(path).status_code == 404


def test_a_text_is_replaced_after_a_look_at_what_becomes_of_the_cards(
    browser_of: Callable[..., Any],
) -> None:
    root = browser_of("Root", Role.ADMIN)
    root.get("/texts/herons/replace")
    root.post(
        "/texts/herons/replace", {"pasted": "Intro of some length, to be sure.\n\nThe bird stands up to 100 cm tall."}
    )
    assert root.post("/texts/herons/preview", _form(root)).status_code == 200
    assert root.post("/texts/herons/check", _form(root)).status_code == 200
    assert re.search(r"<b>1</b>\s*moved", root.page)
    assert re.search(r"<b>7</b>\s*lost", root.page)
    assert "Nothing has been changed yet" in root.page
    seen = _form(root)
    assert root.post("/texts/herons/check", seen | {"body": ""}).status_code == 422
    assert root.post("/texts/herons/confirm", seen).status_code == 303
    root.get("/texts/herons")
    assert "7 cards wait" in root.page
    assert re.search(r'<a href="/author/birds/">birds/winter</a>', root.page)
    assert root.post("/texts/herons/confirm", seen).status_code == 409
    root.get("/texts")
    assert "7 cards wait" in root.page
    root.get("/texts/herons/correct")
    root.post("/texts/herons/check", _form(root))
    assert "The text is the same as before" in root.page


def _form(browser: Any) -> dict[str, str]:
    """What the form on the page would send."""
    fields = dict(
        re.findall(r'name="(title|language|author|published|url|license|name|seen)"\s+value="([^"]*)"', browser.page)
    )
    body = re.search(r'name="body".*?>\n?(.*?)</textarea>', browser.page, re.DOTALL)
    assert body
    return fields | {"body": body[1]}


def test_a_file_that_cannot_be_read_replaces_nothing(browser_of: Callable[..., Any]) -> None:
    root = browser_of("Root", Role.ADMIN)
    root.get("/texts/herons/replace")
    assert root.post("/texts/herons/replace", {"pasted": ""}).status_code == 422
    root.get("/texts/herons/replace")
    assert root.post("/texts/herons/confirm", {"body": ""}).status_code == 422


_PAGES = ("", "/new", "/herons", "/herons/file", "/herons/about", "/herons/replace", "/herons/correct")
_DEEDS = ("/new", "/preview", "/keep", "/herons/card", "/herons/about", "/herons/delete", "/herons/replace",
          "/herons/preview", "/herons/check", "/herons/confirm")  # fmt: skip


def test_students_find_none_of_these_pages(browser_of: Callable[..., Any]) -> None:
    bob = browser_of("Bob")
    assert {bob.get(f"/texts{page}").status_code for page in _PAGES} == {404}
    bob.get("/account")
    token = bob.hidden("csrf_token")
    sent = {bob.client.post(f"/texts{page}", data={"csrf_token": token}).status_code for page in _DEEDS}
    assert sent == {404}


def test_visitors_are_sent_to_sign_in(app: Flask) -> None:
    client = app.test_client()
    for page in _PAGES:
        response = client.get(f"/texts{page}")
        assert response.status_code == 303
        assert "/sign-in" in response.location


def test_another_teacher_reads_and_cites_but_changes_nothing(alice: Any, browser_of: Callable[..., Any]) -> None:
    path = _keep(alice)
    dana = browser_of("Dana", Role.TEACHER)
    dana.get(path)
    assert "Brought by Alice" in dana.page
    assert f"{path}/about" not in dana.page
    assert _make(dana, path, paragraph="1", quote="frogs").status_code == 303
    for page in ("about", "replace", "correct"):
        assert dana.get(f"{path}/{page}").status_code == 403
    dana.get("/texts/new")
    token = dana.hidden("csrf_token")
    for page in ("about", "delete", "replace", "preview", "check", "confirm"):
        sent = dana.client.post(f"{path}/{page}", data=_FIELDS | {"csrf_token": token})
        assert sent.status_code == 403, page
    alice.get(path)
    assert "It claps with its beak." in alice.page


def test_students_read_a_text_only_once_a_deck_cites_it(alice: Any, browser_of: Callable[..., Any]) -> None:
    _keep(alice)
    bob = browser_of("Bob")
    assert bob.get("/sources/the-white-stork").status_code == 404
    bob.get("/sources")
    assert "The white stork" not in bob.page
    assert alice.get("/sources/the-white-stork").status_code == 200
    alice.get("/sources")
    assert "The white stork" in alice.page


def test_what_is_not_there_is_not_there(alice: Any) -> None:
    for path in ("/texts/no-such-text", "/texts/No Such", "/texts/herons/nothing", "/texts/" + "x" * 500):
        assert alice.get(path).status_code == 404
    assert alice.get("/texts/keep").status_code == 404
    alice.get("/texts/new")
    assert alice.client.post("/texts/keep", data=_FIELDS).status_code == 400


def test_a_text_leads_to_suggestions_in_the_deck_that_is_chosen(alice: Any) -> None:
    path = _keep(alice, body="In 1911 the River Board drained the marsh.")
    alice.get(path)
    first = alice.post(f"{path}/card", {"suggest": "yes", "deck": ""})
    assert (first.status_code, urlsplit(first.location).path) == (
        *(303, "/author/cards-on-the-white-stork/suggestions/the-white-stork"),
    )
    assert "Suggested cards for" in alice.get(first.location).text
    alice.get(path)
    again = alice.post(f"{path}/card", {"suggest": "yes", "deck": "cards-on-the-white-stork"})
    assert urlsplit(again.location).path == urlsplit(first.location).path
