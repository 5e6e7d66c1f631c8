"""The pages on which teachers import decks and download them for other programs."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from plumbing import samples

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.exchange.model import ImportOptions, PastReview
from quizapp.core.exchange.registry import FORMATS
from quizapp.services.accounts import Role

PASTED = "Question\tAnswer\n<script>alert(1)</script>\t=1+1\nWhat wades?\tA heron\nOnly this\t\n"


@pytest.fixture
def alice(browser_of: Callable[..., Any]) -> Any:
    """Alice's browser."""
    return browser_of("Alice", Role.TEACHER)


def paste(browser: Any, text: str = PASTED, **fields: str) -> str:
    browser.get("/author/import")
    response = browser.post("/author/import", {"pasted": text, **fields})
    assert response.status_code == 303, browser.page
    return str(response.headers["Location"])


def test_a_pasted_table_is_looked_at_and_taken(alice: Any) -> None:
    place = paste(alice, title="My birds")
    page = alice.get(place).get_data(as_text=True)
    assert "Table with tabs" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "This row is left out: it has no answer." in page
    response = alice.post(place)
    assert response.headers["Location"].endswith("/author/my-birds/")
    assert "2 cards are in your draft now." in alice.get("/author/my-birds/").get_data(as_text=True)
    assert "holds all of this already" in alice.get(paste(alice, title="My birds")).get_data(as_text=True)


def test_what_was_guessed_can_be_changed(alice: Any) -> None:
    place = paste(alice, "a,b;c\n").split("?")[0]
    page = alice.get(f"{place}?from=csv&separator=%3B&title=T&language=de&theme=x&as_new=yes").get_data(as_text=True)
    assert "separated by semicolons" in page
    assert re.search(r'<option value="csv"[^>]*selected', page)
    alice.get(f"{place}?separator=tab")
    response = alice.post(place, {"from": "csv", "separator": ";", "title": "T", "language": "de", "as_new": "yes"})
    assert response.headers["Location"].endswith("/author/t/")


def test_an_uploaded_file_is_taken_and_several_decks_lead_to_the_list(alice: Any) -> None:
    alice.get("/author/import")
    notes = b"#deck column:3\nq\ta\tOne\nr\tb\tTwo\n"
    response = alice.post("/author/import", {"file": (io.BytesIO(notes), "notes.txt")})
    place = response.headers["Location"]
    alice.get(place)
    assert alice.post(place).headers["Location"].endswith("/author/")


def test_what_cannot_be_read_is_told(alice: Any) -> None:
    alice.get("/author/import")
    assert alice.post("/author/import", {"pasted": " "}).status_code == 422
    place = paste(alice, "Only this\t")
    assert "Nothing in this file can be taken" in alice.get(place).get_data(as_text=True)
    assert alice.client.post(place, data={"csrf_token": alice.hidden("csrf_token")}).status_code == 422
    assert alice.get(f"{place}?from=nonsense").status_code in (400, 422)


def test_a_picture_that_cannot_be_kept_is_told(alice: Any) -> None:
    form = next(form for form in FORMATS if form.name == "anki")
    found = read_deck(samples.DECK.replace(b"See the title.", b"See ![a map](map.png)"), "deck.yaml")
    assert isinstance(found, DeckFile)
    package = form.write(found.deck.model_copy(update={"id": "pictured"}), {"map.png": b"no picture"}, ())
    alice.get("/author/import")
    response = alice.post("/author/import", {"file": (io.BytesIO(package.data), "pictured.apkg")})
    place = response.headers["Location"]
    alice.get(place)
    assert alice.post(place).status_code == 303


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_deck_downloads_in_every_format(alice: Any, form: Any) -> None:
    alice.get("/author/birds/export")
    assert form.title in alice.page
    response = alice.client.get(f"/author/birds/export/{form.name}?anyway=yes")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''birds")
    assert form.read(response.data, ImportOptions("birds")).decks


def test_what_a_format_cannot_hold_is_told_first(alice: Any) -> None:
    page = alice.get("/author/birds/export/aiken").get_data(as_text=True)
    assert "Aiken has only questions with one right option" in page
    assert "anyway=yes" in page


def test_formats_and_decks_that_are_not_there(alice: Any) -> None:
    assert alice.get("/author/birds/export/nonsense").status_code == 422
    assert alice.get("/author/nothing/export").status_code == 404
    assert alice.get("/author/nothing/export/csv").status_code == 404
    assert alice.get("/author/import/nothing").status_code == 404


def test_only_teachers_come_in(browser_of: Callable[..., Any], visitor: Any, alice: Any) -> None:
    place = paste(alice)
    bob, dana = browser_of("Bob"), browser_of("Dana", Role.TEACHER)
    for path in ("/author/import", "/author/birds/export", "/author/birds/export/csv", place):
        assert bob.get(path).status_code == 404
        assert visitor.get(path).status_code == 303
    assert dana.get(place).status_code == 404
    dana.get("/author/import")
    assert dana.post(place).status_code == 404


@pytest.mark.parametrize("path", ["/author/birds/export", "/author/birds/export/csv"])
def test_downloads_are_not_posted_to(alice: Any, path: str) -> None:
    alice.get("/author/import")
    assert alice.post(path).status_code == 405


def test_past_reviews_wait_until_the_deck_is_published_and_are_taken_once(alice: Any) -> None:
    form = next(form for form in FORMATS if form.name == "anki")
    found = read_deck(samples.DECK, "deck.yaml")
    assert isinstance(found, DeckFile)
    cards = tuple(card.model_copy(update={"citations": ()}) for card in found.deck.cards)
    deck = found.deck.model_copy(update={"id": "reviewed", "sources": (), "cards": cards})
    reviews = [PastReview("legs", 1_700_000_000_000, 3, 900), PastReview("legs", 4_000_000_000_000, 3, None)]
    package = form.write(deck, {}, reviews).data

    def upload() -> str:
        alice.get("/author/import")
        return str(alice.post("/author/import", {"file": (io.BytesIO(package), "birds.apkg")}).headers["Location"])

    place = upload()
    assert "Take the 2 reviews in this package" in alice.get(place).get_data(as_text=True)
    waiting = alice.post(place, {"reviews": "yes"}).headers["Location"]
    page = alice.get(waiting).get_data(as_text=True)
    assert "Publish the deck first" in page
    assert "into my study history" not in page
    alice.get("/author/reviewed/publish")
    assert alice.post("/author/reviewed/publish", {"seen": alice.hidden("seen")}).status_code == 303
    page = alice.get(waiting).get_data(as_text=True)
    assert "Take 2 reviews into my study history" in page
    taken = alice.post(waiting.split("?")[0], {"deck": "reviewed"})
    assert "1 review is part of your study history now. 1 was left out" in alice.get(
        taken.headers["Location"]
    ).get_data(as_text=True)
    assert alice.get(waiting).status_code == 404
    alice.get(again := upload())
    alice.get(again := alice.post(again, {"reviews": "yes"}).headers["Location"])
    taken = alice.post(again.split("?")[0], {"deck": "reviewed"})
    assert "0 reviews are part of your study history now. 1 was there already." in alice.get(
        taken.headers["Location"]
    ).get_data(as_text=True)


def test_a_page_of_past_reviews_is_there_for_the_uploader_alone(alice: Any, browser_of: Callable[..., Any]) -> None:
    place = paste(alice).split("?")[0]
    assert "no reviews in this file" in alice.get(f"{place}/reviews").get_data(as_text=True)
    for stranger in (browser_of("Dana", Role.TEACHER), browser_of("Bob", Role.STUDENT)):
        assert stranger.get(f"{place}/reviews").status_code == 404
        assert stranger.client.post(f"{place}/reviews").status_code in (400, 404)


def _upload(browser: Any, data: bytes, name: str) -> tuple[str, str]:
    """The address of the look at a file, and the page."""
    browser.get("/author/import")
    place = str(browser.post("/author/import", {"file": (io.BytesIO(data), name)}).headers["Location"])
    return place, browser.get(place).get_data(as_text=True)


def test_how_letters_are_stored_is_told_and_can_be_chosen(alice: Any) -> None:
    place, page = _upload(alice, "Что это?\tЭто цапля\n".encode("cp1251"), "waders.tsv")
    assert "letters read as Windows-1252 (Western Europe)" in page
    assert "The letters beyond A to Z look wrong" in page
    page = alice.get(f"{place}?encoding=cp1251").get_data(as_text=True)
    assert "Это цапля" in page
    assert re.search(r'<option value="cp1251"\s+selected', page)
    assert '<input type="hidden" name="encoding" value="cp1251">' in page
    alice.post(place, {"encoding": "cp1251"})
    assert "Что это?" in alice.get("/author/waders/").get_data(as_text=True)


def test_where_nothing_can_be_taken_the_reason_comes_first(alice: Any) -> None:
    _, page = _upload(alice, b"%PDF-1.7 ...", "birds.pdf")
    assert page.index("This is a PDF, not a text file.") < page.index("Change what was guessed")
    assert "copy the text and paste it here" in page
    _, page = _upload(alice, PASTED.encode(), "birds.tsv")
    assert page.index("Change what was guessed") < page.index("it has no answer")


def test_a_problem_in_an_archive_names_the_document_it_is_in(alice: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one/qti.xml", "<assessmentItem><itemBody></assessmentItem>")
    _, page = _upload(alice, packed.getvalue(), "items.zip")
    assert "(one/qti.xml)" in page
