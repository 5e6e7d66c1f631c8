"""Texts that teachers bring: kept, shown to the right people, changed by their owners alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from plumbing import samples

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.source.document import read_source
from quizapp.core.source.importing.reading import read_text
from quizapp.services import sources, texts
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author, publish, start_draft, take_draft
from quizapp.services.library import InputFile, load_files, read_files
from quizapp.services.texts import TextFields
from quizapp.store.engine import Database

AddUser = Callable[..., Viewer]
_BODY = "## Food\n\nThe stork eats *frogs* in the meadow.\n\nIt claps with its beak.\n"
_FIELDS = TextFields("The white stork", "en", _BODY, "A. Writer", "2024-05", "https://a.example/x", "CC0")
_CARD = """\
format: 1
id: storks
title: Storks
language: en
theme: birds
sources: [the-white-stork]
cards:
  - {id: claps, type: flashcard, prompt: What does it do?, answer: It claps., citations: [
      {source: the-white-stork, paragraph: 2, quote: It claps with its beak}]}
"""


def _author(viewer: Viewer) -> Author:
    assert viewer.account_id is not None
    return Author(viewer.account_id, viewer.name or "", viewer.role is Role.ADMIN)


@pytest.fixture
def alice(add_user: AddUser) -> Author:
    """A teacher with a text of her own to come."""
    return _author(add_user("Alice", Role.TEACHER))


@pytest.fixture
def dana(add_user: AddUser) -> Author:
    """Another teacher."""
    return _author(add_user("Dana", Role.TEACHER))


def test_a_text_is_kept_as_its_teachers_own(database: Database, alice: Author, dana: Author, noon: datetime) -> None:
    with database.writing() as session:
        assert texts.keep_text(session, alice, _FIELDS, "C:\\stork.docx", noon) == "the-white-stork"
        page = texts.load_text(session, alice, "the-white-stork")
        assert (page.text.owner, page.text.file, page.can_change) == ("Alice", "stork.docx", True)
        assert page.fields == _FIELDS
        assert [line.is_own for line in texts.list_texts(session, alice)] == [True]
        assert [line.is_own for line in texts.list_texts(session, dana)] == [False]
        assert not texts.load_text(session, dana, "the-white-stork").can_change


def test_the_same_title_twice_gives_two_texts_and_the_twin_is_told(
    database: Database, alice: Author, noon: datetime
) -> None:
    with database.writing() as session:
        assert texts.preview_text(session, _FIELDS).twins == ()
        texts.keep_text(session, alice, _FIELDS, "", noon)
        shown = texts.preview_text(session, _FIELDS)
        assert [twin.id for twin in shown.twins] == ["the-white-stork"]
        assert texts.preview_text(session, _FIELDS, besides="the-white-stork").twins == ()
        assert (shown.paragraphs, shown.words) == (2, 13)
        assert [block.html for block in shown.blocks][1] == "The stork eats <em>frogs</em> in the meadow."
        assert texts.keep_text(session, alice, _FIELDS, "", noon) == "the-white-stork-2"


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        (TextFields("", "en", _BODY), {"title"}),
        (TextFields("x" * 501, "en", _BODY, "x" * 501, "May", "nowhere", "x" * 501),
         {"title", "author", "published", "url", "license"}),
        (TextFields("T", "", ""), {"language", "body"}),
        (TextFields("T", "English", "## H"), {"language", "body"}),
        (TextFields("T", "en", "A.\n\n" * 10_001), {"body"}),
    ],
)  # fmt: skip
def test_what_is_at_fault_is_said_field_by_field(
    database: Database, alice: Author, noon: datetime, fields: TextFields, at_fault: set[str]
) -> None:
    with database.writing() as session:
        with pytest.raises(Invalid) as refused:
            texts.keep_text(session, alice, fields, "", noon)
        assert set(refused.value.fields) == at_fault
        assert texts.list_texts(session, alice) == []


def test_what_hides_from_the_eye_is_not_kept(database: Database, alice: Author, noon: datetime) -> None:
    odd = TextFields("A\u202e title\x00\nhere", "en", "One\u200b para\u00adgraph.\r\n\r\n\fTwo\x07here.", "\u2028B")
    with database.writing() as session:
        source_id = texts.keep_text(session, alice, odd, "", noon)
        page = texts.load_text(session, alice, source_id)
        assert page.source.title == "A title here"
        assert [block.text for block in page.source.blocks] == ["One paragraph.", "Two here."]
        assert page.source.author == "B"


def test_a_text_at_the_very_limit_is_refused_in_words(database: Database, alice: Author, noon: datetime) -> None:
    long = TextFields("T", "en", "x" * (2 * 1024 * 1024))
    with database.writing() as session, pytest.raises(Invalid) as refused:
        texts.keep_text(session, alice, long, "", noon)
    assert "bytes" in refused.value.fields["body"]


def test_nothing_is_shown_of_a_text_that_could_not_be_kept(database: Database) -> None:
    with database.reading() as session:
        shown = texts.preview_text(session, TextFields("T", "en", "- a\n" * 60_000))
    assert (shown.blocks, shown.paragraphs, shown.words) == ((), 0, 0)


def test_what_was_read_fills_the_form() -> None:
    read = read_text(b"---\ntitle: T\nauthor: B\n---\nThe heron waits.", "x.md")
    assert texts.take_fields(read) == TextFields("T", "en" if read.about.language else "", "The heron waits.\n", "B")


def test_details_are_changed_and_the_words_stay(
    database: Database, alice: Author, dana: Author, noon: datetime
) -> None:
    with database.writing() as session:
        texts.keep_text(session, alice, _FIELDS, "", noon)
        changed = TextFields("Storks", "en-GB", "ignored")
        texts.change_about(session, alice, "the-white-stork", changed, noon + timedelta(days=1))
        page = texts.load_text(session, alice, "the-white-stork")
        assert page.fields == TextFields("Storks", "en-GB", _BODY)
        assert page.text.changed_at == noon + timedelta(days=1)
        with pytest.raises(Forbidden):
            texts.change_about(session, dana, "the-white-stork", changed, noon)
        with pytest.raises(NotFound):
            texts.load_text(session, dana, "No such text")
        with pytest.raises(NotFound):
            texts.load_text(session, dana, "no-such-text")


def test_an_administrator_changes_a_text_of_a_folder_and_it_stays_one(
    library_database: Database, add_user: AddUser, noon: datetime
) -> None:
    root, alice = _author(add_user("Root", Role.ADMIN)), _author(add_user("Alice", Role.TEACHER))
    with library_database.writing() as session:
        texts.change_about(session, root, "herons", TextFields("Herons", "en", ""), noon)
        page = texts.load_text(session, root, "herons")
        assert (page.source.title, page.text.is_uploaded) == ("Herons", False)
        with pytest.raises(Conflict, match="comes from a folder"):
            texts.delete_text(session, root, "herons")
        with pytest.raises(Forbidden):
            texts.load_own_text(session, alice, "herons")


def test_a_text_that_nothing_cites_can_be_deleted(database: Database, alice: Author, noon: datetime) -> None:
    with database.writing() as session:
        texts.keep_text(session, alice, _FIELDS, "", noon)
        slug = start_draft(session, alice, "Storks", "en", "", ["the-white-stork"], noon)
        with pytest.raises(Conflict, match="Cards cite this text"):
            texts.delete_text(session, alice, "the-white-stork")
        assert slug
        start_draft(session, alice, "Empty", "en", "", [], noon)
        texts.keep_text(session, alice, TextFields("Other", "en", _BODY), "", noon)
        texts.delete_text(session, alice, "other")
        with pytest.raises(NotFound):
            texts.load_text(session, alice, "other")


def test_students_see_a_text_once_a_published_deck_cites_it(database: Database, alice: Author, noon: datetime) -> None:
    with database.writing() as session:
        texts.keep_text(session, alice, _FIELDS, "", noon)
        assert sources.list_sources(session, None, published_only=True) == []
        assert len(sources.list_sources(session, None)) == 1
        assert sources.read_source(session, "the-white-stork", None).blocks
        with pytest.raises(NotFound):
            sources.read_source(session, "the-white-stork", None, published_only=True)
        deck = read_files((), [InputFile("storks.yaml", _CARD.encode())]).decks[0][1].deck
        take_draft(session, alice, deck, noon)
        publish(session, alice, "storks", noon)
        assert [line.cards for line in sources.list_sources(session, None, published_only=True)] == [1]
        assert sources.read_source(session, "the-white-stork", None, published_only=True).blocks
        assert [line.cards for line in texts.list_texts(session, alice)] == [1]
        with pytest.raises(Conflict):
            texts.delete_text(session, alice, "the-white-stork")


def test_a_text_of_a_folder_is_everybodys(library_database: Database) -> None:
    with library_database.reading() as session:
        assert len(sources.list_sources(session, None, published_only=True)) == 1
        assert sources.read_source(session, "herons", None, published_only=True).blocks


def test_a_file_never_takes_the_place_of_a_teachers_text(database: Database, alice: Author, noon: datetime) -> None:
    with database.writing() as session:
        texts.keep_text(session, alice, _FIELDS, "", noon)
        own = texts.write_file(texts.load_text(session, alice, "the-white-stork"))
        assert load_files(session, [InputFile("a.md", own)], [], noon).problems == ()
        other = own.replace(b"claps", b"sings")
        report = load_files(session, [InputFile("a.md", other)], [], noon)
        assert [problem.code for problem in report.problems] == ["source-taken"]


def test_a_downloaded_text_is_a_source_file(database: Database, alice: Author, noon: datetime) -> None:
    with database.writing() as session:
        texts.keep_text(session, alice, _FIELDS, "", noon)
        source = read_source(texts.write_file(texts.load_text(session, alice, "the-white-stork")), "x.md")
        assert not isinstance(source, tuple)
        assert (source.title, source.published, source.license) == ("The white stork", "2024-05", "CC0")


def test_what_is_cited_is_marked_for_whoever_makes_cards(
    library_database: Database, add_user: AddUser, noon: datetime
) -> None:
    alice, dana = _author(add_user("Alice", Role.TEACHER)), _author(add_user("Dana", Role.TEACHER))
    draft = samples.DECK.replace(b"id: birds", b"id: own").replace(b"fly to the south", b"In winter")
    with library_database.writing() as session:
        take_draft(session, alice, read_files((), [InputFile("own.yaml", draft)]).decks[0][1].deck, noon)
        page = texts.load_text(session, alice, "herons")
        seen = [block for block in texts.read_for_cards(session, alice, page) if block.number]
        assert [block.cards for block in seen] == [6, 4, 6]
        assert seen[0].html.count("<mark") >= 1
        others = [block.cards for block in texts.read_for_cards(session, dana, page) if block.number]
        assert others == [3, 2, 3]


def test_an_uncited_paragraph_has_no_mark(database: Database, alice: Author, noon: datetime) -> None:
    with database.writing() as session:
        texts.keep_text(session, alice, _FIELDS, "", noon)
        start_draft(session, alice, "Empty", "en", "", [], noon)
        page = texts.load_text(session, alice, "the-white-stork")
        assert [block.cards for block in texts.read_for_cards(session, alice, page)] == [0, 0, 0]
        start_draft(session, alice, "Listed", "en", "", ["the-white-stork"], noon)
        assert [block.cards for block in texts.read_for_cards(session, alice, page)] == [0, 0, 0]


def test_words_are_cited_as_they_stand(library_database: Database, add_user: AddUser) -> None:
    alice = _author(add_user("Alice", Role.TEACHER))
    with library_database.reading() as session:
        page = texts.load_text(session, alice, "herons")
    assert texts.check_quote(page, 2, " fish,\n frogs  and voles ") == "fish, frogs and voles"
    for number in (0, 4, -1, 10**9):
        with pytest.raises(NotFound):
            texts.check_quote(page, number, "fish")
    for words, told in (("", "Select some words"), ("word " * 13, "13 words; at most 12"), ("cats", "do not stand")):
        with pytest.raises(Invalid, match=told) as refused:
            texts.check_quote(page, 2, words)
        assert set(refused.value.fields) == {"quote"}


def test_a_card_is_mended_where_its_deck_is_written(
    library_database: Database, add_user: AddUser, noon: datetime
) -> None:
    alice, dana = _author(add_user("Alice", Role.TEACHER)), _author(add_user("Dana", Role.TEACHER))
    with library_database.writing() as session:
        own = start_draft(session, alice, "Own", "en", "", [], noon)
        hers = start_draft(session, dana, "Hers", "en", "", [], noon)
        ways = texts.find_ways(session, alice)
    assert (ways.own, ways.others) == ({own}, {hers})
