"""Drafts: beginning one, reading it, and keeping every save of it."""

from datetime import datetime

import pytest
from plumbing import samples
from sqlmodel import Session

from quizapp.core.deck.edit.content import Content, read_content
from quizapp.core.deck.schema import Citation, Deck, Flashcard
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.services import decks
from quizapp.services.authoring import Author, add_cards, list_drafts, load_draft, publish, start_draft, take_draft
from quizapp.store import authoring as store
from quizapp.store.engine import Database

CARD = Flashcard(id="tall", type="flashcard", prompt="How tall is it?", answer="100 cm")


def _read(text: bytes) -> Deck:
    content = read_content(text, "deck.yaml")
    assert isinstance(content, Content)
    assert content.deck is not None
    return content.deck


def test_a_new_draft_is_an_empty_deck_file(library_database: Database, alice: Author, noon: datetime) -> None:
    with library_database.writing() as session:
        slug = start_draft(session, alice, "Herons of Łódź", "en", "nature", ["herons"], noon)
        draft = load_draft(session, alice, slug)
    assert (slug, draft.title, draft.version) == ("herons-of-lodz", "Herons of Łódź", 1)
    assert (draft.deck, draft.is_published, draft.has_changes) == (None, False, True)
    assert draft.text.endswith("cards: []\n")


def test_a_title_that_is_taken_gives_another_id(library_database: Database, alice: Author, noon: datetime) -> None:
    with library_database.writing() as session:
        slugs = [
            start_draft(session, alice, title, "en", "nature", [], noon)
            for title in ("Birds", "Birds", "鳥", "鳥", "Import")
        ]
    assert slugs == ["birds-2", "birds-3", "deck", "deck-2", "import-2"]


def test_a_title_that_somebody_takes_at_the_same_moment_gives_another_id(
    library_database: Database, alice: Author, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, tried = store.add_draft, list[str]()

    def lose_the_first(session: Session, slug: str, *more: object) -> int | None:
        tried.append(slug)
        return add(session, slug, *more) if len(tried) > 1 else None  # type: ignore[arg-type]

    monkeypatch.setattr(store, "add_draft", lose_the_first)
    with library_database.writing() as session:
        assert start_draft(session, alice, "Herons", "en", "nature", [], noon) == "herons-2"
    assert tried == ["herons", "herons-2"]


def test_a_draft_without_a_title_is_refused_with_its_field(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    with library_database.writing() as session, pytest.raises(Invalid) as refused:
        start_draft(session, alice, " ", "?", "nature", [], noon)
    assert set(refused.value.fields) == {"title", "language"}


def test_cards_that_are_added_get_ids_of_their_own(library_database: Database, alice: Author, noon: datetime) -> None:
    with library_database.writing() as session:
        slug = start_draft(session, alice, "Herons", "en", "nature", ["herons"], noon)
        assert add_cards(session, alice, slug, [], None, noon) == 1
        assert add_cards(session, alice, slug, [CARD, CARD], 1, noon) == 2
        assert add_cards(session, alice, slug, [CARD], 1, noon) == 3
        draft = load_draft(session, alice, slug)
    assert draft.deck is not None
    assert [card.id for card in draft.deck.cards] == ["tall", "tall-2", "tall-3"]


def test_a_text_that_an_added_card_cites_is_listed_with_the_deck(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    citing = CARD.model_copy(update={"citations": (Citation(source="herons", paragraph=1, quote="100 cm tall"),)})
    with library_database.writing() as session:
        slug = start_draft(session, alice, "Herons", "en", "nature", [], noon)
        add_cards(session, alice, slug, [citing, citing], None, noon)
        add_cards(session, alice, slug, [citing], None, noon)
        draft = load_draft(session, alice, slug)
    assert draft.content.head.sources == ("herons",)


def test_strangers_find_no_draft(library_database: Database, alice: Author, dana: Author, noon: datetime) -> None:
    with library_database.writing() as session:
        slug = start_draft(session, alice, "Herons", "en", "nature", [], noon)
        for stranger in (
            lambda: load_draft(session, dana, slug),
            lambda: add_cards(session, dana, slug, [CARD], 1, noon),
        ):
            with pytest.raises(NotFound):
                stranger()
        with pytest.raises(NotFound):
            load_draft(session, alice, "x" * 81)
        with pytest.raises(NotFound):
            load_draft(session, alice, slug, version=7)
        assert list_drafts(session, dana) == []
        assert [draft.slug for draft in list_drafts(session, alice)] == [slug]


def test_taking_the_same_deck_twice_changes_nothing(library_database: Database, alice: Author, noon: datetime) -> None:
    deck = _read(samples.DECK.replace(b"id: birds", b"id: herons-deck"))
    with library_database.writing() as session:
        slug = take_draft(session, alice, deck, noon)
        assert slug == "herons-deck"
        take_draft(session, alice, deck, noon)
        draft = load_draft(session, alice, slug)
        assert draft.version == 1
        assert draft.deck == deck
        take_draft(session, alice, deck.model_copy(update={"cards": deck.cards[1:]}), noon)
        assert load_draft(session, alice, slug).version == 2


def test_the_id_of_somebody_elses_deck_is_not_taken(
    library_database: Database, alice: Author, dana: Author, noon: datetime
) -> None:
    deck = _read(samples.DECK)
    with library_database.writing() as session:
        with pytest.raises(Conflict, match="folder"):
            take_draft(session, alice, deck, noon)
        take_draft(session, alice, deck.model_copy(update={"id": "mine"}), noon)
        with pytest.raises(Conflict, match="another one"):
            take_draft(session, dana, deck.model_copy(update={"id": "mine"}), noon)


def test_publishing_shows_the_deck_to_students(library_database: Database, alice: Author, noon: datetime) -> None:
    with library_database.writing() as session:
        slug = start_draft(session, alice, "Herons", "en", "nature", ["herons"], noon)
        with pytest.raises(Invalid, match="no cards"):
            publish(session, alice, slug, noon)
        add_cards(session, alice, slug, [CARD], None, noon)
        with pytest.raises(Conflict):
            publish(session, alice, slug, noon, seen_version=1)
        change = publish(session, alice, slug, noon)
        assert change.new == ("tall",)
        assert not load_draft(session, alice, slug).has_changes
        assert slug in {line.slug for line in decks.list_decks(session, None, noon)}


def test_every_save_is_kept_with_who_and_what(library_database: Database, alice: Author, noon: datetime) -> None:
    with library_database.writing() as session:
        slug = start_draft(session, alice, "Herons", "en", "nature", ["herons"], noon)
        for _ in range(5):
            add_cards(session, alice, slug, [CARD], None, noon)
        draft = load_draft(session, alice, slug)
        versions = store.list_versions(session, draft.id)
        texts = [store.load_text(session, draft.id, number) for number in range(1, 7)]
    assert [(one.number, one.what, one.by_name) for one in versions][::5] == [
        (6, "added", "Alice"),
        (1, "started", "Alice"),
    ]
    assert versions[0].cards == ("tall-5",)
    assert [text.count("prompt:") for text in texts] == [0, 1, 2, 3, 4, 5]
