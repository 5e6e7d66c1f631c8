"""Changing a draft: cards one by one and many at once, its head, its writers, and two people at the same place."""

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from plumbing import samples
from plumbing.media import make_picture

from quizapp.core.deck.edit.content import Content, read_content
from quizapp.core.deck.schema import Card, Flashcard
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.media.bundles import pack_bundle
from quizapp.services import media
from quizapp.services.authoring import Author, drafts, load_draft, start_draft, take_draft
from quizapp.services.authoring.cardhistory import load_card_history
from quizapp.services.authoring.checking import find_findings
from quizapp.services.authoring.drafts import read_text
from quizapp.services.authoring.editing import (
    BulkChange,
    CardConflict,
    HeadConflict,
    change_cards,
    duplicate_card,
    move_card,
    retire_cards,
    save_card,
    save_head,
)
from quizapp.services.authoring.history import (
    Unreadable,
    compare_versions,
    download_text,
    find_folder_deck,
    read_folder,
    restore_version,
    take_over,
    upload_new,
    upload_text,
)
from quizapp.services.authoring.pages import Filter, list_entries, load_page
from quizapp.services.authoring.previewing import preview_card
from quizapp.services.authoring.sharing import add_editor, remove_editor
from quizapp.store import authoring as store
from quizapp.store.engine import Database
from quizapp.store.tables import DeckFileRow

SECRET = b"a secret for tests only"
CARD = Flashcard(id="card", type="flashcard", prompt="How tall is it?", answer="100 cm")


@pytest.fixture
def slug(library_database: Database, alice: Author, noon: datetime) -> str:
    """The deck of the samples as a draft of Alice's."""
    with library_database.writing() as session:
        take_over(session, alice, "birds", noon)
    return "birds"


def _card(session: Any, author: Author, slug: str, card_id: str) -> Card:
    card = load_draft(session, author, slug).content.find(card_id)
    assert card is not None
    return card


def test_a_new_card_is_named_by_its_words_and_never_by_a_name_used_before(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        retire_cards(session, alice, slug, ["legs"], noon)
        names = [
            save_card(session, alice, slug, CARD.model_copy(update={"prompt": prompt}), None, 1, noon).id
            for prompt in ("How tall?", "How tall?", "Legs", "鳥")
        ]
    assert names == ["how-tall", "how-tall-2", "legs-2", "card-11"]


def test_saving_what_is_there_already_makes_no_version(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        card = _card(session, alice, slug, "legs")
        assert save_card(session, alice, slug, card, "legs", 1, noon).version == 1


def test_a_save_of_an_old_sight_is_refused_where_the_card_changed_and_taken_where_not(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        legs, height = _card(session, alice, slug, "legs"), _card(session, alice, slug, "height")
        theirs = legs.model_copy(update={"prompt": "Theirs"})
        save_card(session, alice, slug, theirs, "legs", 1, noon)
        assert save_card(session, alice, slug, height.model_copy(update={"hint": "x"}), "height", 1, noon).version == 3
        with pytest.raises(CardConflict) as refused:
            save_card(session, alice, slug, legs.model_copy(update={"prompt": "Mine"}), "legs", 1, noon)
        assert (refused.value.base, refused.value.theirs, refused.value.version) == (legs, theirs, 3)
        assert save_card(session, alice, slug, theirs, "legs", 1, noon).version == 3
        save_card(session, alice, slug, legs.model_copy(update={"prompt": "Mine"}), "legs", 3, noon)
        assert _card(session, alice, slug, "legs").prompt == "Mine"


def test_a_card_that_somebody_took_out_comes_back_only_knowingly(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        legs = _card(session, alice, slug, "legs").model_copy(update={"prompt": "Mine"})
        retire_cards(session, alice, slug, ["legs"], noon)
        with pytest.raises(CardConflict) as refused:
            save_card(session, alice, slug, legs, "legs", 1, noon)
        assert refused.value.theirs is None
        with pytest.raises(NotFound):
            save_card(session, alice, slug, legs, "never", 2, noon)
        for card_id, put_back in (("legs", False), ("no slug", True)):
            with pytest.raises(NotFound):
                save_card(session, alice, slug, legs, card_id, 2, noon, put_back=put_back)
        assert save_card(session, alice, slug, legs, "legs", 2, noon, put_back=True).version == 3
        assert load_draft(session, alice, slug).content.cards[-1].prompt == "Mine"


def test_the_head_is_saved_and_a_conflict_told(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        assert save_head(session, alice, slug, {"title": "All birds", "id": "ignored"}, 1, noon) == 2
        assert save_head(session, alice, slug, {"title": "All birds"}, 1, noon) == 2
        with pytest.raises(HeadConflict) as refused:
            save_head(session, alice, slug, {"title": "Other birds"}, 1, noon)
        assert (refused.value.theirs.title, refused.value.version) == ("All birds", 2)
        with pytest.raises(Invalid) as wrong:
            save_head(session, alice, slug, {"title": "", "language": "?"}, 2, noon)
        assert set(wrong.value.fields) == {"title", "language"}
        draft = load_draft(session, alice, slug)
    assert (draft.title, draft.slug) == ("All birds", "birds")


def test_cards_move_within_the_ends_and_copies_stand_behind(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        move_card(session, alice, slug, "name", -5, noon)
        move_card(session, alice, slug, "height", 99, noon)
        assert duplicate_card(session, alice, slug, "food", noon).id == "food-2"
        ids = [card.id for card in load_draft(session, alice, slug).content.cards]
        with pytest.raises(NotFound):
            move_card(session, alice, slug, "never", 1, noon)
    assert (ids[0], ids[-1], ids[ids.index("food") + 1]) == ("name", "height", "food-2")


def test_many_cards_change_at_once_or_not_at_all(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        change = BulkChange(add_tags=("new", "size"), remove_tags=("gone",), difficulty="hard")
        change_cards(session, alice, slug, ["height", "food"], change, noon)
        height = _card(session, alice, slug, "height")
        assert (height.tags, height.difficulty) == (("size", "new"), "hard")
        change_cards(session, alice, slug, ["height"], BulkChange(remove_tags=("size",), difficulty="none"), noon)
        height = _card(session, alice, slug, "height")
        assert (height.tags, height.difficulty) == (("new",), None)
        with pytest.raises(NotFound):
            change_cards(session, alice, slug, ["height", "never"], change, noon)
        with pytest.raises(NotFound):
            retire_cards(session, alice, slug, [], noon)
        with pytest.raises(Invalid) as refused:
            change_cards(session, alice, slug, ["height"], BulkChange(add_tags=("x" * 501,)), noon)
        assert set(refused.value.fields) == {"tags"}
        many = BulkChange(add_tags=tuple(f"t{number}" for number in range(51)))
        with pytest.raises(Invalid, match="not changed"):
            change_cards(session, alice, slug, ["height"], many, noon)


def test_every_card_can_go_and_the_deck_stays(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        retire_cards(session, alice, slug, [card.id for card in load_draft(session, alice, slug).content.cards], noon)
        draft = load_draft(session, alice, slug)
        page = load_page(session, alice, slug, Filter())
        assert (draft.deck, page.total, len(page.retired)) == (None, 0, 8)
        assert find_findings(session, draft.content).cards == {}
        restore_version(session, alice, slug, 1, noon)
        assert load_draft(session, alice, slug).text == samples.DECK.decode()
        assert restore_version(session, alice, slug, 1, noon) == 3


def test_versions_compare_with_each_other_and_with_nothing(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        move_card(session, alice, slug, "name", 1, noon)
        assert [one.kind for one in compare_versions(session, alice, slug, 1, 2).cards] == ["moved"]
        assert len(compare_versions(session, alice, slug, 0, 1).cards) == 8
        assert not compare_versions(session, alice, slug, 2, 2)
        with pytest.raises(NotFound):
            compare_versions(session, alice, slug, 9, 2)


def test_an_upload_of_an_old_sight_is_refused(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        move_card(session, alice, slug, "name", 1, noon)
        with pytest.raises(Conflict):
            upload_text(session, alice, slug, samples.DECK, 1, noon)
        assert upload_text(session, alice, slug, samples.DECK, 2, noon).changed
        assert not upload_text(session, alice, slug, samples.DECK, 1, noon).changed
        assert not upload_text(session, alice, slug, b"\xef\xbb\xbf" + samples.DECK, 1, noon).changed
        with pytest.raises(Unreadable) as refused:
            upload_text(session, alice, slug, samples.DECK.replace(b"prompt", b"promt"), 3, noon)
        assert len(refused.value.problems) > 8
        for hostile in (b"", b"\x00", b"&a [*a]", b"[" * 5000, b"a: &x 1", b"- " * 9000):
            with pytest.raises(Unreadable):
                upload_text(session, alice, slug, hostile, 3, noon)


def test_an_archive_brings_its_pictures_and_twice_changes_nothing(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    def pack(text: bytes, size: int) -> bytes:
        return pack_bundle(slug, text.decode(), {"map.png": make_picture(size=(size, size)), "bad.png": b"no picture"})

    with library_database.writing() as session:
        text = load_draft(session, alice, slug).text.encode()
        first = upload_text(session, alice, slug, pack(text, 4), 1, noon)
        assert (first.changed, first.files, [one.code for one in first.problems]) == (False, 1, ["unreadable-media"])
        assert upload_text(session, alice, slug, pack(text, 4), 1, noon).files == 0
        other = upload_text(session, alice, slug, pack(text + b"# the end\n", 5), 1, noon)
        assert (other.changed, other.version, other.files) == (True, 2, 1)
        assert load_draft(session, alice, slug).text.endswith("# the end\n")
        fresh = upload_new(session, alice, pack(samples.DECK.replace(b"id: birds", b"id: mine"), 4), noon)
        assert (fresh.slug, fresh.files, media.list_names(session, "mine")) == ("mine", 1, {"map.png"})


def test_an_archive_that_is_no_deck_is_refused_and_leaves_nothing_behind(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a.yaml", samples.DECK)
        archive.writestr("b.yaml", samples.DECK)
    broken = pack_bundle(slug, "format: 1\n", {"map.png": make_picture()})
    with library_database.writing() as session:
        for data in (b"PK", b"PK\x03\x04" + bytes(90), two.getvalue(), broken):
            with pytest.raises(Unreadable) as refused:
                upload_text(session, alice, slug, data, 1, noon)
            assert refused.value.problems
        with pytest.raises(Invalid):
            strange = samples.DECK.replace(b"id: birds", b"id: strange")
            upload_text(session, alice, slug, pack_bundle(slug, strange.decode(), {"m.png": make_picture()}), 1, noon)
        assert media.list_names(session, slug) == frozenset()


def test_a_deck_of_somebody_else_is_not_overwritten_by_an_upload(
    library_database: Database, alice: Author, dana: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        with pytest.raises(Conflict):
            upload_new(session, dana, samples.DECK, noon)
        fresh = upload_new(session, dana, samples.DECK.replace(b"id: birds", b"id: mine"), noon)
        assert (fresh.slug, fresh.version) == ("mine", 1)
        with pytest.raises(Conflict):
            take_draft(session, alice, load_draft(session, dana, "mine").deck, noon)


def test_too_large_a_deck_is_refused(
    library_database: Database, alice: Author, slug: str, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_CARDS", 8)
    with library_database.writing() as session, pytest.raises(Invalid, match="too large"):
        save_card(session, alice, slug, CARD, None, 1, noon)


def test_a_folder_deck_loaded_before_files_were_kept_is_written_anew(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    with library_database.writing() as session:
        deck = find_folder_deck(session, "birds")
        kept = session.get(DeckFileRow, deck.id)
        assert kept is not None
        session.delete(kept)
        session.flush()
        text, content = read_folder(session, deck)
        assert isinstance(read_content(text.encode(), "birds.yaml"), Content)
        original = read_content(samples.DECK, "birds.yaml")
        assert isinstance(original, Content)
        assert content.says_the_same_as(original)
        store.keep_file(session, deck.id, "format: 7")
        assert read_folder(session, deck) == (text, content)
        take_over(session, alice, "birds", noon)
        for name in ("birds", "never", "../x"):
            with pytest.raises(NotFound):
                find_folder_deck(session, name)


def test_what_is_kept_of_a_file_is_what_was_loaded(library_database: Database, alice: Author) -> None:
    with library_database.reading() as session:
        assert download_text(session, alice, "birds") == samples.DECK.decode()


def test_the_list_counts_cards_and_tells_states(
    library_database: Database, alice: Author, slug: str, noon: datetime, author_of: Any
) -> None:
    with library_database.writing() as session:
        start_draft(session, alice, "Empty", "en", "t", [], noon)
        move_card(session, alice, slug, "name", 1, noon)
        entries = {entry.slug: entry for entry in list_entries(session, alice, noon)}
    assert (entries["birds"].cards, entries["birds"].has_changes, entries["birds"].folder) == (8, True, False)
    assert (entries["empty"].cards, entries["empty"].is_published) == (0, False)


def test_writers_come_and_go_but_one_stays(
    library_database: Database, alice: Author, dana: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        assert add_editor(session, alice, slug, "dana", noon) == "Dana"
        add_editor(session, alice, slug, "Dana", noon)
        editors = store.list_editors(session, load_draft(session, dana, slug).id)
        assert [editor.name for editor in editors] == ["Alice", "Dana"]
        with pytest.raises(Invalid):
            add_editor(session, alice, slug, "Nobody", noon)
        with pytest.raises(NotFound):
            remove_editor(session, alice, slug, "never")
        remove_editor(session, alice, slug, editors[1].handle)
        with pytest.raises(Conflict):
            remove_editor(session, alice, slug, editors[0].handle)
        with pytest.raises(NotFound):
            load_draft(session, dana, slug)


def test_a_preview_shows_the_passage_and_finds_what_is_wrong_within_the_deck(
    library_database: Database, alice: Author, slug: str
) -> None:
    with library_database.reading() as session:
        content = load_draft(session, alice, slug).content
        legs = content.find("legs")
        assert legs is not None
        good = preview_card(session, content, legs, "legs")
        assert (good.right, good.passages[0].quotes) == ("long", ("long-legged bird",))
        twin = preview_card(session, content, legs, None)
        assert "near-duplicate" in {problem.code for problem in twin.findings}
        assert "near-duplicate" not in {problem.code for problem in good.findings}


def test_an_administrator_reaches_every_draft(
    library_database: Database, slug: str, author_of: Any, noon: datetime
) -> None:
    admin = Author(author_of("Root").account_id, "Root", is_admin=True)
    with library_database.reading() as session:
        assert load_draft(session, admin, slug).slug == slug
        assert slug in {entry.slug for entry in list_entries(session, admin, noon)}


def test_what_the_checks_say_of_the_head_is_said_of_the_deck(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        save_head(session, alice, slug, {"sources": ["herons", "nowhere"]}, 1, noon)
        page = load_page(session, alice, slug, Filter())
        assert {problem.code for problem in page.findings} == {"missing-source"}
        assert [text.source for text in page.coverage] == ["herons"]


def test_a_text_that_no_release_reads_is_told_in_words() -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read_text("format: 9", "birds")


def test_the_history_of_a_card_that_never_was_is_not_found(
    library_database: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with library_database.writing() as session:
        with pytest.raises(NotFound):
            load_card_history(session, alice, slug, "never", SECRET)
        fresh = save_card(session, alice, slug, CARD, None, 1, noon)
        found = load_card_history(session, alice, slug, fresh.id, SECRET)
        assert (found.words, found.versions, found.in_deck) == ("How tall is it?", (), True)
