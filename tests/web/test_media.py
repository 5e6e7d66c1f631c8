"""Pictures, sound and formulas as a browser gets them."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from plumbing.media import make_moving, make_picture, make_png_header, make_wav
from werkzeug.test import TestResponse

from quizapp.core.exchange.model import MediaFile
from quizapp.services import authoring, library, media
from quizapp.services.accounts import Role
from quizapp.services.authoring import Author
from quizapp.services.library import InputFile
from quizapp.store.engine import Database

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MAP, CALL = MediaFile("map.png", make_picture(size=(1600, 1200))), MediaFile("call.wav", make_wav())
DECK = r"""
format: 1
id: pictures
title: Pictures
language: fr
theme: nature
cards:
  - id: a
    type: choice
    prompt: "What is $x^2$? ![a map](map.png)"
    answer: "![the map](map.png)"
    wrong: ["![a call](call.wav)", "$5 or $10", "$\\frac{1}{2}$"]
    explanation: "See ![a map](map.png)"
    note: "Hear ![a call](call.wav)"
    hint: "It is $\\alpha$ ![a map](map.png)"
"""


def load(database: Database, text: str = DECK) -> None:
    with database.writing() as session:
        files = {"pictures": [MAP, CALL]}
        report = library.load_files(
            session, [], [InputFile("pictures.yaml", text.encode())], NOW, find_media=lambda deck: files.get(deck, ())
        )
    assert report.problems == ()


def find_addresses(page: str) -> list[str]:
    return re.findall(r'(?:img|audio)[^>]* src="(/media/[^"]+)"', page)


@pytest.fixture
def pictures(web_database: Database) -> Database:
    load(web_database)
    return web_database


def test_a_question_shows_pictures_sound_and_formulas_with_their_words(pictures: Database, visitor: Any) -> None:
    page = visitor.get("/study/pictures").get_data(as_text=True)
    assert re.search(r'lang="fr"[^>]*><p>What is <math display="inline">', page)
    assert re.search(r'<img src="/media/pictures/[0-9a-f]{20}/map.png" alt="a map" width="640" height="480"', page)
    assert re.search(r'<img [^>]* alt="the map" width="213" height="160"', page)
    assert re.search(
        r'<audio [^>]*preload="none" src="/media/pictures/[0-9a-f]{20}/call.wav" aria-label="a call"', page
    )
    assert "<span" in page
    assert "$5 or $10" in page
    assert (
        visitor.post("/study/pictures/hint", visitor.question_fields()).get_data(as_text=True).count("<mi>α</mi>") == 1
    )


def test_a_verdict_shows_them_too(pictures: Database, visitor: Any) -> None:
    visitor.get("/study/pictures")
    response = visitor.answer("pictures", {"response": "![the map](map.png)"}, follow_redirects=True)
    page = response.get_data(as_text=True)
    assert page.count('alt="a map"') == 2
    assert 'aria-label="a call"' in page
    assert 'alt="the map"' in page


def test_a_page_without_pictures_asks_nothing_of_them(web_database: Database, app: Flask, visitor: Any) -> None:
    said: list[str] = []

    def listen(*arguments: Any) -> None:
        said.append(arguments[2])

    with web_database.new_reader() as session:
        engine = session.get_bind().engine  # type: ignore[union-attr]
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        visitor.get("/study/birds")
        visitor.answer("birds", {"response": "100 cm"}, follow_redirects=True)
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)
    assert said
    assert not [statement for statement in said if "medium" in statement]


def test_a_picture_is_sent_so_that_it_can_be_kept_for_ever_and_does_nothing(pictures: Database, visitor: Any) -> None:
    address = find_addresses(visitor.get("/study/pictures").get_data(as_text=True))[0]
    response = visitor.client.get(address)
    assert response.status_code == 200
    assert response.mimetype == "image/png"
    assert response.get_data().startswith(b"\x89PNG")
    assert "immutable" in response.headers["Cache-Control"]
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Cookie" not in response.headers.get("Vary", "")
    again = visitor.client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_part_of_a_sound_can_be_asked_for(pictures: Database, visitor: Any) -> None:
    page = visitor.get("/study/pictures").get_data(as_text=True)
    address = next(one for one in find_addresses(page) if one.endswith(".wav"))
    whole = visitor.client.get(address)
    assert (whole.mimetype, whole.headers["Accept-Ranges"]) == ("audio/wav", "bytes")
    part: TestResponse = visitor.client.get(address, headers={"Range": "bytes=4-11"})
    assert part.status_code == 206
    assert part.get_data() == whole.get_data()[4:12]
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(whole.get_data())}"
    assert visitor.client.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_picture_can_only_be_read(pictures: Database, visitor: Any, method: str) -> None:
    address = find_addresses(visitor.get("/study/pictures").get_data(as_text=True))[0]
    assert getattr(visitor.client, method)(address).status_code in (400, 405)


@pytest.mark.parametrize(
    "address",
    [
        "/media/pictures/00000000000000000000/map.png",
        "/media/none/00000000000000000000/map.png",
        "/media/..%2f/0/map.png",
        "/media/pictures/0/..%2fmap.png",
        "/media/pictures/0/%00.png",
        "/media/" + "a" * 3000 + "/0/map.png",
    ],
)
def test_other_addresses_lead_nowhere(pictures: Database, visitor: Any, address: str) -> None:
    assert visitor.client.get(address, follow_redirects=True).status_code == 404


def test_the_policy_lets_pages_show_pictures_and_sound_of_this_site_only(visitor: Any) -> None:
    policy = visitor.get("/").headers["Content-Security-Policy"]
    assert "img-src 'self'" in policy
    assert "media-src 'self'" in policy


def test_choosing_partners_says_formulas_and_pictures_in_words(web_database: Database, visitor: Any) -> None:
    cards = r"""
  - id: m
    type: match
    prompt: Match
    pairs: [["![the map](map.png)", "$x^2$"], ["$\\alpha$", "![a call](call.wav)"]]
"""
    load(web_database, DECK[: DECK.index("  - id: a")] + cards.strip("\n") + "\n")
    page = visitor.get("/study/pictures").get_data(as_text=True)
    assert ">x²</option>" in page
    assert ">a call</option>" in page
    assert 'data-said="the map"' in page


def test_practice_shows_pictures_too(pictures: Database, browser_of: Callable[..., Any]) -> None:
    browser = browser_of("Bob")
    browser.get("/practice")
    page = browser.post("/practice", {"deck": "pictures", "count": "5"}, follow_redirects=True).get_data(as_text=True)
    assert find_addresses(page) or "practice" in page


def send(browser: Any, name: str, data: bytes, slug: str = "mine") -> TestResponse:
    response: TestResponse = browser.post(
        f"/author/{slug}/media", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )
    response.request.environ["wsgi.input"].close()  # a large form is a file, which the client leaves open
    return response


@pytest.fixture
def alice(web_database: Database, browser_of: Callable[..., Any]) -> Any:
    browser = browser_of("Alice", Role.TEACHER)
    with web_database.writing() as session:
        account = session.execute(sa.text("SELECT id FROM account WHERE name = 'Alice'")).scalar_one()
        slug = authoring.start_draft(session, Author(account, "Alice", False), "Mine", "en", "nature", (), NOW)
        session.commit()
    assert slug == "mine"
    browser.get("/author/mine/media")
    return browser


def test_a_teacher_adds_a_picture_larger_than_any_form_and_gets_a_line_for_cards(alice: Any) -> None:
    assert "Nothing yet" in alice.page
    picture = make_picture("PNG", (1000, 500))
    padded = picture + bytes(1_500_000)
    response = send(alice, "My Map.PNG", padded)
    assert response.status_code == 303
    page = alice.get(response.headers["Location"]).get_data(as_text=True)
    assert 'value="![what it shows](my-map.png)"' in page
    assert "my-map.png is here" in page
    (address,) = find_addresses(page)
    assert alice.client.get(address).mimetype == "image/png"


def test_pictures_of_a_draft_are_seen_by_its_authors_alone(alice: Any, browser_of: Any, visitor: Any) -> None:
    send(alice, "map.png", MAP.data)
    (address,) = find_addresses(alice.get("/author/mine/media").get_data(as_text=True))
    assert alice.client.get(address).status_code == 200
    dana = browser_of("Dana", Role.TEACHER)
    bob = browser_of("Bob")
    for stranger in (visitor, bob, dana):
        assert stranger.client.get(address).status_code == 404
    for stranger in (bob, dana):
        assert stranger.client.get("/author/mine/media").status_code == 404
        stranger.get("/settings")
        assert send(stranger, "map.png", MAP.data).status_code == 404
        assert stranger.post("/author/mine/media/map.png/remove").status_code == 404
    assert visitor.client.get("/author/mine/media").status_code == 303
    assert alice.client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bomb.png", make_png_header(25_000, 20_000), "pixels"),
        ("a.svg", b"<svg onload=alert(1)>", "not the name"),
        ("a.png", b"<html><script>alert(1)</script>", "not a PNG"),
        ("a.mp3", b"<html>", "not an MP3"),
        ("", b"x", "Choose a picture"),
        ("<script>.png", b"", "not a PNG"),
    ],
)
def test_what_cannot_be_kept_is_told_kindly(alice: Any, name: str, data: bytes, words: str) -> None:
    response = send(alice, name, data)
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert words in page
    assert 'role="alert"' in page
    assert "<script>.png" not in page
    assert "Nothing yet" in page


def test_a_form_without_a_file_is_asked_for_one(alice: Any) -> None:
    assert alice.post("/author/mine/media").status_code == 422


def test_a_form_that_is_forged_keeps_nothing(alice: Any) -> None:
    response = alice.client.post(
        "/author/mine/media", data={"file": (io.BytesIO(MAP.data), "a.png")}, content_type="multipart/form-data"
    )
    assert response.status_code == 400
    assert "Nothing yet" in alice.get("/author/mine/media").get_data(as_text=True)


def test_a_moving_picture_is_kept_still_and_that_is_said(alice: Any) -> None:
    response = send(alice, "a.gif", make_moving("GIF"))
    assert "only its first image" in alice.get(response.headers["Location"]).get_data(as_text=True)


def test_a_picture_in_no_card_can_be_removed(alice: Any) -> None:
    send(alice, "map.png", MAP.data)
    alice.get("/author/mine/media")
    assert alice.post("/author/mine/media/map.png/remove").status_code == 303
    page = alice.get("/author/mine/media").get_data(as_text=True)
    assert "Nothing yet" in page
    assert alice.post("/author/mine/media/map.png/remove").status_code == 404


def test_a_picture_that_a_card_shows_stays(alice: Any, web_database: Database) -> None:
    send(alice, "map.png", MAP.data)
    with web_database.writing() as session:
        account = session.execute(sa.text("SELECT id FROM account WHERE name = 'Alice'")).scalar_one()
        read = library.read_files([], [InputFile("pictures.yaml", DECK.encode())])
        author = Author(account, "Alice", False)
        authoring.add_cards(session, author, "mine", read.decks[0][1].deck.cards, 1, NOW)
    page = alice.get("/author/mine/media").get_data(as_text=True)
    assert "in a card" in page
    assert "/remove" not in page
    assert alice.post("/author/mine/media/map.png/remove").status_code == 422
    with web_database.new_reader() as session:
        assert media.list_names(session, "mine") == {"map.png"}


def test_questions_that_are_taken_along_name_their_pictures_and_sounds(
    pictures: Database, browser_of: Callable[..., Any]
) -> None:
    bob = browser_of("Bob")
    page = bob.get("/study/pictures").get_data(as_text=True)
    packed = bob.get("/offline/decks/pictures").get_json()
    assert set(packed["media"]) == set(find_addresses(page))
    assert len(packed["media"]) == 2
    assert bob.get("/offline/decks/birds").get_json()["media"] == []
    assert '"media": "/media/"' in bob.get("/service-worker.js").get_data(as_text=True)


def test_a_program_finds_a_picture_by_its_name(pictures: Database, visitor: Any) -> None:
    address = find_addresses(visitor.get("/study/pictures").get_data(as_text=True))[0]
    response = visitor.client.get("/media/pictures/map.png")
    assert (response.status_code, response.headers["Location"]) == (302, address)
    for name in ("pictures/none.png", "none/map.png", "pictures/%2e%2e"):
        assert visitor.client.get(f"/media/{name}").status_code == 404


def test_a_deck_travels_with_its_pictures_in_one_archive(alice: Any, visitor: Any) -> None:
    for file in (MAP, CALL):
        send(alice, file.name, file.data)
        alice.get("/author/mine/media")
    whole = alice.client.get("/author/mine/deck.zip")
    assert whole.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(whole.get_data())) as archive:
        assert archive.namelist() == ["mine.yaml", "media/mine/call.wav", "media/mine/map.png"]
    before = find_addresses(alice.get("/author/mine/media").get_data(as_text=True))
    for name in ("call.wav", "map.png"):
        alice.post(f"/author/mine/media/{name}/remove")
        alice.get("/author/mine/media")
    response = send(alice, "mine.zip", whole.get_data())
    page = alice.get(response.headers["Location"]).get_data(as_text=True)
    assert "2 files of the archive are here" in page
    assert find_addresses(page) == before
    assert visitor.client.get("/author/mine/deck.zip").status_code == 303


def make_archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        make_archive({"mine.yaml": b"format: 1"}),
        make_archive({"../../evil.png": MAP.data}),
        make_archive({"a.png": bytes(30_000_000)}),
        make_archive({f"{number}.png": b"" for number in range(7000)}),
    ],
    ids=len,
)
def test_a_hostile_or_empty_archive_is_told_and_keeps_nothing(alice: Any, data: bytes) -> None:
    response = send(alice, "mine.zip", data)
    assert response.status_code == 422
    assert 'role="alert"' in alice.page
    assert "Nothing yet" in alice.page


def test_of_an_archive_what_can_be_kept_is_kept_and_the_rest_told(alice: Any) -> None:
    files = {"x/map.png": MAP.data, "bad.png": b"<html>", "__MACOSX/._map.png": b"x", "notes.txt": b"x"}
    response = send(alice, "mine.zip", make_archive(files))
    page = alice.get(response.headers["Location"]).get_data(as_text=True)
    assert "1 file of the archive is here" in page
    assert "bad.png: This is not a PNG" in page
    assert len(find_addresses(page)) == 1


def test_a_past_verdict_shows_the_picture_that_was_answered(pictures: Database, visitor: Any) -> None:
    before = find_addresses(visitor.get("/study/pictures").get_data(as_text=True))[0]
    response = visitor.answer("pictures", {"response": "![the map](map.png)"})
    with pictures.writing() as session:
        other = MediaFile("map.png", make_picture(size=(30, 20)))
        assert media.keep(session, "pictures", [other], datetime.now(UTC)) == ()
        session.commit()
    page = visitor.get(response.headers["Location"]).get_data(as_text=True)
    shown = set(find_addresses(page))
    assert before in shown
    assert visitor.client.get(before).status_code == 200
    assert media_of(pictures) not in shown


def media_of(database: Database) -> str:
    with database.new_reader() as session:
        return f"/media/pictures/{media.find(session, 'pictures', ['map.png'])['map.png'].mark}/map.png"


def test_a_replaced_picture_is_shown_again_by_one_press_and_deleted_by_another(alice: Any) -> None:
    send(alice, "map.png", MAP.data)
    (old,) = find_addresses(alice.get("/author/mine/media").get_data(as_text=True))
    send(alice, "mine.zip", make_archive({"map.png": make_picture(size=(30, 20))}))
    page = alice.get("/author/mine/media").get_data(as_text=True)
    assert "What was there before" in page
    assert find_addresses(page)[1:] == [old]
    mark = old.split("/")[3]
    assert alice.post(f"/author/mine/media/map.png/former/{mark}/back").status_code == 303
    page = alice.get("/author/mine/media").get_data(as_text=True)
    assert find_addresses(page)[0] == old
    (new,) = (address.split("/")[3] for address in find_addresses(page)[1:])
    assert alice.post(f"/author/mine/media/map.png/former/{new}/forget").status_code == 303
    assert new not in alice.get("/author/mine/media").get_data(as_text=True)
    assert alice.post(f"/author/mine/media/map.png/former/{new}/back").status_code == 404


def test_a_version_comes_down_with_the_pictures_it_had(alice: Any, web_database: Database) -> None:
    send(alice, "map.png", MAP.data)
    with web_database.writing() as session:
        account = session.execute(sa.text("SELECT id FROM account WHERE name = 'Alice'")).scalar_one()
        cards = library.read_files([], [InputFile("pictures.yaml", DECK.encode())]).decks[0][1].deck.cards
        author, now = Author(account, "Alice", False), datetime.now(UTC)
        assert authoring.add_cards(session, author, "mine", cards, 1, now) == 2
        assert authoring.add_cards(session, author, "mine", cards, 2, now + timedelta(hours=2)) == 3
        other = MediaFile("map.png", make_picture(size=(30, 20)))
        media.keep(session, "mine", [other], now + timedelta(hours=1))
        session.commit()
        held = media.load_all(session, "mine")["map.png"]
    found = {}
    for number in (2, 3):
        whole = alice.client.get(f"/author/mine/deck.zip?version={number}")
        with zipfile.ZipFile(io.BytesIO(whole.get_data())) as archive:
            found[number] = archive.read("media/mine/map.png")
    assert found[3] == held != found[2]
    page = alice.get("/author/mine/versions/3").get_data(as_text=True)
    assert page.count("map.png</bdi>") == 1
    assert len(find_addresses(page)) == 2
    assert alice.client.get("/author/mine/deck.zip?version=99").status_code == 404
