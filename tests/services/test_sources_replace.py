"""Another text in a source's place: citations kept, moved and lost, and the cards that hang on them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from plumbing import samples

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.services import decks, sources_replace, texts
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author, load_draft, publish, start_draft, take_draft
from quizapp.services.library import InputFile, load_files, read_files
from quizapp.services.sources_replace import Replacement
from quizapp.services.texts import TextFields
from quizapp.store import authoring as authoring_store
from quizapp.store import decks as deck_store
from quizapp.store import texts as text_store
from quizapp.store.engine import Database

AddUser = Callable[..., Viewer]
_CHANGED = (
    samples.SOURCE.replace(b"## Looks", b"It is a bird of the waters.\n\n## Looks")
    .replace(b"fish, frogs and voles", b"fishes, frogs and vole")
    .replace(b"In winter many herons fly to the south.", b"Nobody knows where they go when it is cold.")
)
_LATER = timedelta(days=1)


def _author(viewer: Viewer) -> Author:
    assert viewer.account_id is not None
    return Author(viewer.account_id, viewer.name or "", viewer.role is Role.ADMIN)


@pytest.fixture
def alice(add_user: AddUser) -> Author:
    """A teacher."""
    return _author(add_user("Alice", Role.TEACHER))


def _replace(database: Database, data: bytes, now: datetime, source: str = "herons", **more: object) -> Replacement:
    with database.writing() as session:
        new, text = sources_replace.read_replacement(session, source, data, "x.md")
        return sources_replace.replace_source(session, source, new, text, now, **more)  # type: ignore[arg-type]


def _citations(database: Database, source: str = "herons") -> dict[str, tuple[int, str]]:
    with database.reading() as session:
        cards = text_store.list_citing_cards(session, source)
        return {card.slug: (card.revision, "rests" if card.rests else "asked") for card in cards}


def _count_cards(database: Database, now: datetime) -> list[int]:
    with database.reading() as session:
        return [line.cards for line in decks.list_decks(session, None, now)]


def test_citations_are_kept_moved_and_lost_and_nothing_is_dropped(library_database: Database, noon: datetime) -> None:
    told = _replace(library_database, _CHANGED, noon)
    assert {(change.card, change.found.after.paragraph) for change in told.list_in("moved")} == {
        ("height", 2),
        ("legs", 2),
        ("name", 2),
        ("food", 3),
        ("waiting", 3),
    }
    assert {change.card for change in told.list_in("moved") if change.found.is_reworded} == {"food"}
    assert {change.card for change in told.list_in("lost")} == {"winter", "sequence", "seasons"}
    assert told.list_in("kept") == ()
    assert told.resting == ("birds/winter", "birds/sequence", "birds/seasons")
    assert told.paragraphs == 4
    assert not told.is_same
    assert _count_cards(library_database, noon) == [5]
    found = _citations(library_database)
    assert found["food"] == (2, "asked")
    assert found["winter"] == (1, "rests")


def test_a_preview_and_a_dry_run_change_nothing(library_database: Database, noon: datetime) -> None:
    before = _citations(library_database)
    told = _replace(library_database, _CHANGED, noon, dry_run=True)
    with library_database.reading() as session:
        new, _ = sources_replace.read_replacement(session, "herons", _CHANGED, "x.md")
        assert sources_replace.preview_replacement(session, "herons", new) == told
    assert _citations(library_database) == before
    assert _count_cards(library_database, noon) == [8]


def test_cards_are_asked_again_when_their_words_come_back(library_database: Database, noon: datetime) -> None:
    _replace(library_database, _CHANGED, noon)
    again = _replace(library_database, _CHANGED, noon + _LATER)
    assert again.is_same
    assert len(again.list_in("lost")) == 3
    assert {slug for slug, (_, state) in _citations(library_database).items() if state == "rests"} == {
        *("winter", "sequence", "seasons"),
    }
    told = _replace(library_database, samples.SOURCE, noon + _LATER)
    assert told.woken == ("birds/winter", "birds/sequence", "birds/seasons")
    assert told.resting == ()
    assert _count_cards(library_database, noon) == [8]
    assert set(_citations(library_database).values()) == {(1, "asked"), (3, "asked")}


def test_a_deck_mended_in_its_file_takes_its_cards_into_use_again(library_database: Database, noon: datetime) -> None:
    _replace(library_database, _CHANGED, noon)
    with library_database.writing() as session:
        report = load_files(session, [], [InputFile("birds.yaml", samples.DECK)], noon + _LATER)
        assert report.decks == ()
        assert {problem.code for problem in report.problems} == {
            "quote-not-found",
            "no-such-paragraph",
        } or report.problems
    mended = (
        samples.DECK.replace(b"paragraph: 3, quote: fly to the south", b"paragraph: 4, quote: when it is cold")
        .replace(b"paragraph: 3, quote: many herons", b"paragraph: 4, quote: Nobody knows")
        .replace(b"paragraph: 3, quote: In winter", b"paragraph: 4, quote: they go")
        .replace(b'paragraph: 2, quote: "fish, frogs and voles"', b'paragraph: 3, quote: "fishes, frogs and vole"')
        .replace(b"paragraph: 1,", b"paragraph: 2,")
        .replace(b'paragraph: 2, quote: "\\"without', b'paragraph: 3, quote: "\\"without')
    )
    with library_database.writing() as session:
        report = load_files(session, [], [InputFile("birds.yaml", mended)], noon + _LATER)
        assert report.problems == ()
        assert set(report.decks[0].changed) == {"winter", "sequence", "seasons"} | set(report.decks[0].changed)
        assert text_store.list_resting(session) == []
    assert _count_cards(library_database, noon) == [8]


def test_a_card_retired_later_for_another_reason_rests_no_more(library_database: Database, noon: datetime) -> None:
    _replace(library_database, _CHANGED, noon)
    with library_database.writing() as session:
        (card,) = [each for each in text_store.list_citing_cards(session, "herons") if each.slug == "winter"]
        deck_store.retire_cards(session, [card.card_id], noon + _LATER)
        session.commit()
        assert [each.slug for each in text_store.list_resting(session, "herons")] == ["sequence", "seasons"]


def test_a_card_whose_other_text_lost_it_goes_on_resting(library_database: Database, noon: datetime) -> None:
    other = samples.SOURCE.replace(b"id: herons", b"id: storks")
    two = samples.DECK.replace(b"sources: [herons]", b"sources: [herons, storks]").replace(
        b"      - {source: herons, paragraph: 3, quote: fly to the south}",
        b"      - {source: herons, paragraph: 3, quote: fly to the south}\n"
        b"      - {source: storks, paragraph: 3, quote: fly to the south}",
    )
    with library_database.writing() as session:
        assert load_files(session, [InputFile("s.md", other)], [InputFile("b.yaml", two)], noon).problems == ()
    gone = _CHANGED.replace(b"id: herons", b"id: storks")
    assert _replace(library_database, gone, noon, "storks").resting == ("birds/winter",)
    assert "birds/winter" in _replace(library_database, _CHANGED, noon + _LATER).resting
    back = _replace(library_database, samples.SOURCE, noon + _LATER)
    assert "birds/winter" not in back.woken
    assert "birds/winter" in _replace(library_database, other, noon + 2 * _LATER, "storks").woken
    assert _count_cards(library_database, noon) == [8]


def test_the_file_kept_for_taking_over_follows(library_database: Database, noon: datetime) -> None:
    with library_database.writing() as session:
        deck = deck_store.find_deck(session, "birds")
        assert deck is not None
        authoring_store.keep_file(session, deck.id, "# mine\n" + samples.DECK.decode())
        session.commit()
    _replace(library_database, _CHANGED, noon)
    with library_database.reading() as session:
        text = authoring_store.find_file(session, deck.id)
    assert text is not None
    assert text.startswith("# mine\n")
    cards = {card.id: card for card in read_files((), [InputFile("b.yaml", text.encode())]).decks[0][1].deck.cards}
    assert cards["height"].citations[0].paragraph == 2
    assert cards["winter"].citations[0].quote == "fly to the south"


def test_a_kept_file_that_no_release_reads_is_left_alone(library_database: Database, noon: datetime) -> None:
    with library_database.writing() as session:
        deck = deck_store.find_deck(session, "birds")
        assert deck is not None
        authoring_store.keep_file(session, deck.id, "cards: {")
        session.commit()
    assert _replace(library_database, _CHANGED, noon).resting
    with library_database.reading() as session:
        assert authoring_store.find_file(session, deck.id) == "cards: {"


def _take(database: Database, author: Author, now: datetime, *, publishes: bool) -> None:
    text = samples.DECK.replace(b"id: birds", b"id: own").replace(b"cards:\n", b"# a comment of mine\ncards:\n")
    with database.writing() as session:
        deck = read_files((), [InputFile("own.yaml", text)]).decks[0][1].deck
        take_draft(session, author, deck, now, text=text.decode())
        if publishes:
            publish(session, author, "own", now)


def test_a_published_draft_follows_and_stays_published(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    _take(library_database, alice, noon, publishes=True)
    _replace(library_database, _CHANGED, noon + _LATER)
    with library_database.reading() as session:
        draft = load_draft(session, alice, "own")
    assert "# a comment of mine" in draft.text
    assert (draft.version, draft.has_changes) == (2, False)
    card = draft.content.find("food")
    assert card is not None
    assert card.citations[0].quote == "fishes, frogs and vole"


def test_a_draft_that_is_not_published_is_told_and_follows(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    _take(library_database, alice, noon, publishes=False)
    told = _replace(library_database, _CHANGED, noon + _LATER, author=alice)
    assert {change.deck for change in told.changes if change.in_draft} == {"own"}
    assert len(told.changes) == 16
    again = _replace(library_database, _CHANGED.replace(b"is a bird of", b"is one of"), noon + _LATER, author=alice)
    assert len(again.list_in("lost")) == 6
    with library_database.reading() as session:
        assert load_draft(session, alice, "own").version == 2


def test_a_draft_that_only_names_the_text_or_need_not_change_is_left_alone(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    _take(library_database, alice, noon, publishes=False)
    with library_database.writing() as session:
        start_draft(session, alice, "Empty", "en", "", ["herons"], noon)
        slug = start_draft(session, alice, "About herons", "en", "", [], noon)
    _replace(library_database, samples.SOURCE + b"\nA last paragraph.\n", noon)
    with library_database.reading() as session:
        assert [load_draft(session, alice, each).version for each in ("own", "empty", slug)] == [1, 1, 1]


def test_a_draft_saved_at_the_same_moment_is_not_overwritten(
    library_database: Database, alice: Author, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(library_database, alice, noon, publishes=False)
    monkeypatch.setattr(authoring_store, "lock_draft", lambda session, slug: None)
    with pytest.raises(Conflict, match="saved in the meantime"):
        _replace(library_database, _CHANGED, noon)
    assert _count_cards(library_database, noon) == [8]


def test_a_text_changed_since_it_was_looked_at_is_not_replaced(library_database: Database, noon: datetime) -> None:
    with pytest.raises(Conflict):
        _replace(library_database, _CHANGED, noon, seen="another digest")
    with pytest.raises(NotFound):
        _replace(library_database, _CHANGED, noon, "no-such-text")


def test_an_uploaded_text_stays_its_owners(database: Database, alice: Author, noon: datetime) -> None:
    with database.writing() as session:
        texts.keep_text(session, alice, TextFields("Storks", "en", "The stork claps."), "a.txt", noon)
    told = _replace(database, b"The stork sings.", noon + _LATER, "storks", file="b.txt")
    assert told.changes == ()
    with database.reading() as session:
        page = texts.load_text(session, alice, "storks")
        assert (page.text.owner, page.text.file, page.text.changed_at) == ("Alice", "b.txt", noon + _LATER)
        assert page.source.title == "Storks"


def test_a_plain_text_keeps_what_is_known_and_a_source_file_says_it_anew(
    library_database: Database, noon: datetime
) -> None:
    with library_database.reading() as session:
        plain, _ = sources_replace.read_replacement(session, "herons", b"Herons\nThe heron waits for fish.", "x.txt")
        assert (plain.id, plain.title, plain.kind, len(plain.paragraphs)) == ("herons", "The grey heron", "article", 1)
        renamed = samples.SOURCE.replace(b"id: herons", b"id: other").replace(b"The grey heron\n", b"Herons\n")
        anew, _ = sources_replace.read_replacement(session, "herons", renamed, "x.md")
        assert (anew.id, anew.title) == ("herons", "Herons")
        for data in (b"---\nid: x\n---\nText.", b"", b"%PDF-1.4"):
            with pytest.raises(Invalid) as refused:
                sources_replace.read_replacement(session, "herons", data, "x.md")
            assert refused.value.fields["file"]
        with pytest.raises(NotFound):
            sources_replace.read_replacement(session, "nothing", b"Text.", "x.md")


def test_a_card_without_a_prompt_is_told_by_its_text(library_database: Database, noon: datetime) -> None:
    deck = samples.DECK.replace(b"    prompt: Fill in the blanks.\n", b"")
    with library_database.writing() as session:
        assert load_files(session, [], [InputFile("b.yaml", deck)], noon).problems == ()
    told = _replace(library_database, _CHANGED, noon, dry_run=True)
    (change,) = [each for each in told.changes if each.card == "waiting"]
    assert change.prompt.startswith("It waits {{without")


def test_a_kept_text_of_a_draft_that_no_release_reads_is_passed_over(
    library_database: Database, alice: Author, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(library_database, alice, noon, publishes=False)
    monkeypatch.setattr(authoring_store, "load_text", lambda *_: "herons: {")
    assert not any(change.in_draft for change in _replace(library_database, _CHANGED, noon, dry_run=True).changes)
