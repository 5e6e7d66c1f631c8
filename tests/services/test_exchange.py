"""Teachers look at files of other systems, take them into drafts, and write decks for other systems."""

import gc
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from plumbing import samples
from plumbing.media import make_picture

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.exchange.model import MediaFile
from quizapp.core.exchange.registry import find_format
from quizapp.core.media.bundles import pack_bundle
from quizapp.services import decks, exchange, media
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author, load_draft, publish, start_draft, take_draft
from quizapp.services.exchange import Choices
from quizapp.store.engine import Database

TABLE = b"Question\tAnswer\nWhat wades?\tA heron\nWhat dives?\tA kingfisher\nWhat?\t\n"
AUTO = Choices()


@pytest.fixture
def author_of(library_add_user: Callable[..., Viewer]) -> Callable[..., Author]:
    """Make a teacher: ``author_of("Alice")``."""

    def make(name: str, role: Role = Role.TEACHER) -> Author:
        viewer = library_add_user(name, role)
        assert viewer.account_id is not None
        return Author(viewer.account_id, name, role is Role.ADMIN)

    return make


@pytest.fixture
def alice(author_of: Callable[..., Author]) -> Author:
    """Alice, a teacher."""
    return author_of("Alice")


@pytest.fixture
def dana(author_of: Callable[..., Author]) -> Author:
    """Dana, who teaches elsewhere."""
    return author_of("Dana")


def upload(database: Database, author: Author, now: datetime, data: bytes = TABLE, file: str = "birdlist.tsv") -> str:
    with database.writing() as session:
        return exchange.keep_upload(session, author, file, data, now)


def take(
    database: Database, author: Author, now: datetime, data: bytes = TABLE, choices: Choices = AUTO
) -> exchange.Taken:
    handle = upload(database, author, now, data)
    with database.writing() as session:
        return exchange.take(session, author, handle, choices, now)


def test_a_look_tells_what_would_come_and_changes_nothing(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    handle = upload(library_database, alice, noon)
    with library_database.reading() as session:
        seen = exchange.look(session, alice, handle, AUTO)
        again = exchange.look(session, alice, handle, Choices(format="quizlet", title="Other"))
        with pytest.raises(NotFound):
            load_draft(session, alice, "birdlist")
    assert (seen.format.name, seen.plans[0].fresh, seen.plans[0].new) == ("tsv", True, 2)
    assert seen.plans[0].changes_something
    assert [problem.line for problem in seen.imported.problems] == [4]
    assert (again.format.name, again.plans[0].slug) == ("quizlet", "other")


def test_taking_makes_a_draft_and_twice_changes_nothing(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    assert take(library_database, alice, noon).slugs == ("birdlist",)
    taken = take(library_database, alice, noon)
    assert (taken.slugs, taken.cards, taken.problems) == (("birdlist",), 2, ())
    with library_database.reading() as session:
        draft = load_draft(session, alice, "birdlist")
    assert (draft.version, draft.is_published, len(draft.content.cards)) == (1, False, 2)


def test_a_changed_file_is_the_next_version(library_database: Database, alice: Author, noon: datetime) -> None:
    take(library_database, alice, noon)
    handle = upload(library_database, alice, noon, TABLE.replace(b"A heron", b"An egret").replace(b"dives", b"sings"))
    with library_database.writing() as session:
        plan = exchange.look(session, alice, handle, AUTO).plans[0]
        assert (plan.fresh, plan.new, plan.changed, plan.same, plan.gone) == (False, 1, 1, 0, 1)
        exchange.take(session, alice, handle, AUTO, noon)
    with library_database.reading() as session:
        assert load_draft(session, alice, "birdlist").version == 2


def test_a_new_deck_can_be_asked_for(library_database: Database, alice: Author, noon: datetime) -> None:
    take(library_database, alice, noon)
    assert take(library_database, alice, noon, choices=Choices(as_new=True)).slugs == ("birdlist-2",)


def test_decks_of_others_and_of_folders_stay_untouched(
    library_database: Database, alice: Author, dana: Author, noon: datetime
) -> None:
    take(library_database, alice, noon)
    assert take(library_database, dana, noon).slugs == ("birdlist-2",)
    assert take(library_database, dana, noon).slugs == ("birdlist-2",)
    assert take(library_database, dana, noon, samples.DECK, Choices(format="yaml")).slugs == ("birds-2",)


def test_an_upload_is_its_uploaders_alone_and_for_a_day(
    library_database: Database, alice: Author, dana: Author, noon: datetime
) -> None:
    handle = upload(library_database, alice, noon)
    with library_database.reading() as session, pytest.raises(NotFound):
        exchange.look(session, dana, handle, AUTO)
    upload(library_database, dana, noon + timedelta(days=2))
    with library_database.reading() as session, pytest.raises(NotFound):
        exchange.look(session, alice, handle, AUTO)


def test_what_was_taken_is_forgotten(library_database: Database, alice: Author, noon: datetime) -> None:
    handle = upload(library_database, alice, noon)
    with library_database.writing() as session:
        exchange.take(session, alice, handle, AUTO, noon)
    with library_database.writing() as session, pytest.raises(NotFound):
        exchange.take(session, alice, handle, AUTO, noon)


@pytest.mark.parametrize("data", [b"", b"  \n", b"x" * (exchange.LARGEST_UPLOAD + 1)])
def test_empty_and_huge_uploads_are_refused(
    library_database: Database, alice: Author, noon: datetime, data: bytes
) -> None:
    with pytest.raises(Invalid) as refused:
        upload(library_database, alice, noon, data)
    assert "file" in refused.value.fields


def test_nothing_to_take_and_unknown_formats_are_refused(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    handle = upload(library_database, alice, noon, b"PK\x03\x04nothing")
    with library_database.writing() as session:
        with pytest.raises(Invalid):
            exchange.take(session, alice, handle, AUTO, noon)
        with pytest.raises(Invalid):
            exchange.look(session, alice, handle, Choices(format="nonsense"))


def test_pictures_come_along_where_cards_show_them(library_database: Database, alice: Author, noon: datetime) -> None:
    form = find_format("anki")
    found = read_deck(samples.DECK.replace(b"See the title.", b"See ![a map](map.png)"), "deck.yaml")
    assert form is not None
    assert isinstance(found, DeckFile)
    deck = found.deck.model_copy(update={"id": "pictured"})
    package = form.write(deck, {"map.png": make_picture(), "other.png": make_picture()}, ())
    handle = upload(library_database, alice, noon, package.data, package.file)
    with library_database.writing() as session:
        assert exchange.take(session, alice, handle, AUTO, noon).problems == ()
    with library_database.reading() as session:
        written = exchange.export(session, alice, "pictured", "anki", noon)
    assert [file.name for file in exchange.read_file(written.data, "x.apkg", AUTO)[1].media] == ["map.png"]
    assert exchange.list_shown(deck, [MediaFile("other.png", b"")]) == ()


def pack(text: bytes, **files: bytes) -> bytes:
    return pack_bundle("birds", text.decode(), {f"{name}.png": data for name, data in files.items()})


OWN = samples.DECK.replace(b"id: birds", b"# Mind the herons\nid: flock").replace(b"Birds", b"Flock", 1)


def test_a_deck_with_its_pictures_is_taken_whole_and_twice_changes_nothing(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    data = pack(OWN, shown=make_picture(), spare=make_picture(size=(3, 3)))
    for _ in range(2):
        handle = upload(library_database, alice, noon, data, "flock.zip")
        with library_database.writing() as session:
            taken = exchange.take(session, alice, handle, AUTO, noon)
            assert (taken.slugs, taken.problems) == (("flock",), ())
    with library_database.reading() as session:
        draft = load_draft(session, alice, "flock")
        assert (draft.text.encode(), draft.version) == (OWN, 1)
        assert media.list_names(session, "flock") == {"shown.png", "spare.png"}
        again = media.pack(session, "flock", draft.text)
    handle = upload(library_database, alice, noon, again, "flock.zip")
    with library_database.writing() as session:
        kept = {one.name: one.mark for one in media.list_all(session, "flock")}
        exchange.take(session, alice, handle, AUTO, noon)
        assert {one.name: one.mark for one in media.list_all(session, "flock")} == kept
        assert load_draft(session, alice, "flock").version == 1


@pytest.mark.parametrize(
    ("text", "picture", "told"),
    [
        (OWN, (40, 30), (False, False, 0)),
        (OWN.replace(b"Mind", b"Watch"), (40, 30), (True, True, 0)),
        (OWN.replace(b"title: Flock", b"title: Swarm"), (40, 30), (True, True, 0)),
        (OWN, (41, 30), (True, False, 1)),
    ],
    ids=["nothing", "a comment", "the title", "a picture"],
)
def test_a_look_tells_of_what_differs_beside_the_cards(
    library_database: Database,
    alice: Author,
    noon: datetime,
    text: bytes,
    picture: tuple[int, int],
    told: tuple[bool, bool, int],
) -> None:
    handle = upload(library_database, alice, noon, pack(OWN, shown=make_picture()), "flock.zip")
    with library_database.writing() as session:
        plan = exchange.look(session, alice, handle, AUTO).plans[0]
        assert (plan.fresh, plan.files, plan.changes_something) == (True, 1, True)
        exchange.take(session, alice, handle, AUTO, noon)
    handle = upload(library_database, alice, noon, pack(text, shown=make_picture(size=picture)), "flock.zip")
    with library_database.writing() as session:
        plan = exchange.look(session, alice, handle, AUTO).plans[0]
    assert (plan.new, plan.changed, plan.gone) == (0, 0, 0)
    assert (plan.changes_something, plan.rewritten, plan.files) == told


def test_a_deck_with_its_pictures_can_be_a_new_one_under_another_id(
    library_database: Database, alice: Author, noon: datetime
) -> None:
    data = pack(OWN, shown=make_picture())
    for choices, slug in ((AUTO, "flock"), (Choices(as_new=True), "flock-2"), (Choices(title="Mine"), "flock")):
        handle = upload(library_database, alice, noon, data, "flock.zip")
        with library_database.writing() as session:
            assert exchange.take(session, alice, handle, choices, noon).slugs == (slug,)
    with library_database.reading() as session:
        assert media.list_names(session, "flock-2") == {"shown.png"}
        assert load_draft(session, alice, "flock").title == "Mine"


def test_an_archive_is_loaded_whole_by_the_command_line(library_database: Database, noon: datetime) -> None:
    data = pack(OWN, shown=make_picture())
    for new in (True, False):
        _, imported = exchange.read_file(data, "flock.zip", AUTO)
        with library_database.writing() as session:
            changes, problems = exchange.load(session, data, imported, noon)
        assert (problems, bool(changes[0].new), changes[0].changed) == ([], new, ())
    with library_database.reading() as session:
        assert media.list_names(session, "flock") == {"shown.png"}
        assert exchange.export_loaded(session, "flock", "zip", noon).file == "flock.zip"


def test_drafts_are_written_for_their_authors_and_decks_for_teachers(
    library_database: Database, alice: Author, dana: Author, noon: datetime
) -> None:
    take(library_database, alice, noon)
    with library_database.writing() as session:
        start_draft(session, alice, "Empty", "en", "", [], noon)
    with library_database.reading() as session:
        assert b"A heron" in exchange.export(session, alice, "birdlist", "json", noon).data
        assert b"herons stay" in exchange.export(session, dana, "birds", "gift", noon).data
        for slug in ("birdlist", "nothing", "No Slug"):
            with pytest.raises(NotFound):
                exchange.export(session, dana, slug, "json", noon)
        for slug, name in (("empty", "json"), ("birdlist", "nonsense"), ("birdlist", "")):
            with pytest.raises(Invalid):
                exchange.export(session, alice, slug, name, noon)
        assert exchange.export_loaded(session, "birds", "yaml", noon).file == "birds.yaml"


def test_what_is_published_can_be_written_by_any_teacher(
    library_database: Database, alice: Author, dana: Author, noon: datetime
) -> None:
    take(library_database, alice, noon)
    with library_database.writing() as session:
        publish(session, alice, "birdlist", noon)
    with library_database.reading() as session:
        assert b"A heron" in exchange.export(session, dana, "birdlist", "csv", noon).data


def test_decks_are_loaded_at_once_and_twice_changes_nothing(library_database: Database, noon: datetime) -> None:
    for new in (2, 0):
        _, imported = exchange.read_file(TABLE, "birdlist.tsv", AUTO)
        with library_database.writing() as session:
            changes, problems = exchange.load(session, TABLE, imported, noon)
        assert [len(change.new) for change in changes] == [new]
        assert problems == []
    with library_database.reading() as session:
        assert b"A heron" in exchange.export_loaded(session, "birdlist", "yaml", noon).data


def test_loading_over_a_deck_file_keeps_what_it_says_up_to_date(library_database: Database, noon: datetime) -> None:
    data = samples.DECK.replace(b"title: Birds", b"title: Other birds")
    _, imported = exchange.read_file(data, "birds.yaml", AUTO)
    with library_database.writing() as session:
        assert exchange.load(session, data, imported, noon)[1] == []
    with library_database.reading() as session:
        assert b"Other birds" in exchange.export_loaded(session, "birds", "yaml", noon).data


def test_decks_that_cite_what_is_not_there_are_not_loaded(library_database: Database, noon: datetime) -> None:
    data = samples.DECK.replace(b"id: birds", b"id: lost").replace(b"fly to the south", b"fly to the moon")
    _, imported = exchange.read_file(data, "lost.yaml", AUTO)
    with library_database.writing() as session:
        changes, problems = exchange.load(session, data, imported, noon)
    assert changes == ()
    assert problems


def test_a_deck_of_the_browser_is_not_loaded_over(library_database: Database, alice: Author, noon: datetime) -> None:
    _, imported = exchange.read_file(TABLE, "birdlist.tsv", AUTO)
    with library_database.writing() as session:
        take_draft(session, alice, imported.decks[0], noon)
        with pytest.raises(Conflict):
            exchange.load(session, TABLE, imported, noon)


def test_the_collector_stays_off_where_somebody_has_turned_it_off() -> None:
    gc.disable()
    try:
        with exchange.many_at_once():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
    with exchange.many_at_once():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_deck_from_another_format_in_the_place_of_a_file_has_a_file_again(
    library_database: Database, noon: datetime
) -> None:
    found = read_deck(samples.DECK, "birds.yaml")
    assert isinstance(found, DeckFile)
    deck = found.deck.model_copy(update={"title": "Birds from elsewhere"})
    with library_database.writing() as session:
        decks.load_deck(session, found.deck, samples.DECK, noon)
        decks.load_deck(session, deck, b"what the other format said", noon, is_deck_file=False)
        session.commit()
    with library_database.reading() as session:
        assert b"Birds from elsewhere" in exchange.export_loaded(session, "birds", "yaml", noon).data
