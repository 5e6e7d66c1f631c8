"""Loading decks and sources from files: by card id, in one transaction, nothing of a file with problems."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.services import library, sources
from quizapp.services.library import InputFile, LoadReport
from quizapp.store.engine import Database
from quizapp.store.tables import CardRevisionRow, CardRow, CitationRow, DeckRow, SourceRow

HERONS = InputFile("herons.md", samples.SOURCE)
BIRDS = InputFile("birds.yaml", samples.DECK)


def _load(
    database: Database, now: datetime, *decks: bytes, source: bytes | None = None, dry: bool = False
) -> LoadReport:
    files = [InputFile(f"{number}.yaml", data) for number, data in enumerate(decks)]
    with database.writing() as session:
        return library.load_files(session, [InputFile("s.md", source)] if source else [], files, now, dry_run=dry)


def _counts(database: Database) -> list[int]:
    tables = (SourceRow, DeckRow, CardRow, CardRevisionRow, CitationRow)
    with database.reading() as session:
        return [session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def test_an_empty_load_is_no_harm(database: Database, noon: datetime) -> None:
    assert _load(database, noon) == LoadReport((), (), ())


def test_a_text_and_its_deck_are_loaded_together(database: Database, noon: datetime) -> None:
    report = _load(database, noon, samples.DECK, source=samples.SOURCE)
    (change,) = report.decks
    assert (change.slug, change.fresh, len(change.new), change.unchanged, report.problems) == ("birds", True, 8, 0, ())
    assert (report.sources[0].fresh, report.sources[0].changed) == (True, False)
    assert _counts(database) == [1, 1, 8, 8, 8]


def test_loading_the_same_again_changes_nothing(library_database: Database, noon: datetime) -> None:
    before = _counts(library_database)
    report = _load(library_database, noon, samples.DECK, source=samples.SOURCE)
    (change,) = report.decks
    assert (change.fresh, change.new, change.changed, change.retired, change.unchanged) == (False, (), (), (), 8)
    assert (report.sources[0].fresh, report.sources[0].changed) == (False, False)
    assert _counts(library_database) == before


def test_a_comment_makes_no_new_revision(library_database: Database, noon: datetime) -> None:
    (change,) = _load(library_database, noon, b"# a comment\n" + samples.DECK).decks
    assert (change.changed, change.unchanged) == ((), 8)
    assert _counts(library_database)[3] == 8


def test_moving_a_card_changes_its_place_and_not_its_words(library_database: Database, noon: datetime) -> None:
    start, end = samples.DECK.index(b"  - id: height"), samples.DECK.index(b"  - id: food")
    moved = samples.DECK[:start] + samples.DECK[end:] + samples.DECK[start:end]
    (change,) = _load(library_database, noon, moved).decks
    assert (change.changed, change.unchanged) == ((), 8)
    with library_database.reading() as session:
        last = session.execute(sa.select(CardRow.slug).order_by(CardRow.position.desc())).scalars().first()  # type: ignore[attr-defined]
    assert last == "height"


def test_an_edit_is_a_new_revision_and_the_old_one_stays(library_database: Database, noon: datetime) -> None:
    for number, year in enumerate((b"101 cm", b"102 cm"), start=2):
        edited = samples.DECK.replace(b"answer: 100 cm", b"answer: " + year)
        (change,) = _load(library_database, noon, edited).decks
        assert (change.changed, change.unchanged) == (("height",), 7)
        with library_database.reading() as session:
            card = session.execute(sa.select(CardRow).where(CardRow.slug == "height")).scalar_one()  # type: ignore[arg-type]
            assert card.revision == number
    assert _counts(library_database) == [1, 1, 8, 10, 10]


def test_a_title_alone_changes_no_card(library_database: Database, noon: datetime) -> None:
    (change,) = _load(library_database, noon, samples.DECK.replace(b"title: Birds", b"title: More birds")).decks
    assert (change.title, change.changed, change.unchanged) == ("More birds", (), 8)
    with library_database.reading() as session:
        assert session.execute(sa.select(DeckRow.title)).scalar_one() == "More birds"


def test_a_dry_run_says_all_and_changes_nothing(database: Database, noon: datetime) -> None:
    report = _load(database, noon, samples.DECK, source=samples.SOURCE, dry=True)
    assert len(report.decks[0].new) == 8
    assert _counts(database) == [0, 0, 0, 0, 0]


def test_nothing_of_a_file_with_problems_is_loaded_and_the_others_are(
    library_database: Database, noon: datetime
) -> None:
    good = samples.DECK.replace(b"id: birds", b"id: more-birds", 1).replace(b"title: Birds", b"title: More")
    bad = samples.DECK.replace(b"id: birds", b"id: bad-birds", 1).replace(b"answer: 100 cm", b"anser: 100 cm")
    report = _load(library_database, noon, bad, good)
    assert [change.slug for change in report.decks] == ["more-birds"]
    assert {problem.file for problem in report.problems} == {"0.yaml"}
    assert _counts(library_database)[1] == 2


def test_a_deck_that_cites_an_unknown_text_is_not_loaded(database: Database, noon: datetime) -> None:
    report = _load(database, noon, samples.DECK)
    assert report.decks == ()
    assert report.problems
    assert _counts(database) == [0, 0, 0, 0, 0]


def test_a_deck_is_checked_against_the_text_loaded_before(library_database: Database, noon: datetime) -> None:
    assert _load(library_database, noon, samples.DECK + b"# again\n").problems == ()
    lost = samples.DECK.replace(b"quote: long-legged bird", b"quote: short-legged bird")
    report = _load(library_database, noon, lost)
    assert [problem.severity.value for problem in report.problems] == ["error"]
    assert report.decks == ()


def test_a_text_that_loses_a_cited_passage_is_not_loaded_unless_its_decks_are_mended_with_it(
    library_database: Database, noon: datetime
) -> None:
    shorter = samples.SOURCE.replace(b"**long-legged** bird", b"bird")
    report = _load(library_database, noon, source=shorter)
    assert [problem.code for problem in report.problems] == ["quote-lost"]
    assert report.sources == ()
    mended = samples.DECK.replace(b"quote: long-legged bird", b"quote: up to 100 cm tall")
    report = _load(library_database, noon, mended, source=shorter)
    assert (report.problems, report.sources[0].changed) == ((), True)


def test_a_text_may_grow_under_the_cards(library_database: Database, noon: datetime) -> None:
    report = _load(library_database, noon, source=samples.SOURCE + b"\nA paragraph more.\n")
    assert (report.problems, report.sources[0].changed) == ((), True)
    with library_database.reading() as session:
        assert sources.list_sources(session, None)[0].paragraphs == 4


def test_files_that_repeat_an_id_are_told(database: Database, noon: datetime) -> None:
    with database.writing() as session:
        report = library.load_files(
            session,
            [HERONS, InputFile("again.md", samples.SOURCE)],
            [BIRDS, InputFile("again.yaml", samples.DECK)],
            noon,
        )
    assert [problem.code for problem in report.problems] == ["duplicate-source-id", "duplicate-deck-id"]
    assert _counts(database)[:2] == [1, 1]


def test_a_text_without_its_front_matter_is_told(database: Database, noon: datetime) -> None:
    report = _load(database, noon, source=b"Just words.")
    assert report.problems
    assert report.sources == ()


def test_a_card_that_comes_back_has_its_history(library_database: Database, noon: datetime) -> None:
    start, end = samples.DECK.index(b"  - id: height"), samples.DECK.index(b"  - id: food")
    (change,) = _load(library_database, noon, samples.DECK[:start] + samples.DECK[end:]).decks
    assert (change.retired, change.unchanged) == (("height",), 7)
    (change,) = _load(library_database, noon + timedelta(days=1), samples.DECK).decks
    assert (change.new, change.changed, change.retired, change.unchanged) == ((), ("height",), (), 7)
    assert _counts(library_database) == [1, 1, 8, 8, 8]


def test_many_cards_are_retired_at_once(database: Database, noon: datetime) -> None:
    head = b"format: 1\nid: big\ntitle: Big\nlanguage: en\ntheme: t\ncards:\n"
    cards = [
        f"  - {{id: c{n}, type: short, prompt: What comes after {n}?, answer: '{n + 1}', match: number}}\n".encode()
        for n in range(1100)
    ]
    assert len(_load(database, noon, head + b"".join(cards)).decks[0].new) == 1100
    assert len(_load(database, noon, head + b"".join(cards[:2])).decks[0].retired) == 1098


def test_a_checked_folder_needs_no_database() -> None:
    read = library.read_files([HERONS], [BIRDS])
    errors = [problem for problem in library.check_files(read, {}) if problem.severity.value == "error"]
    assert (read.problems, errors) == ((), [])


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"- 1", b"a: &x [*x]"])
def test_a_file_that_is_no_deck_is_told_and_not_loaded(database: Database, noon: datetime, data: bytes) -> None:
    report = _load(database, noon, data)
    assert report.problems
    assert report.decks == ()


def test_a_study_edition_is_held_against_its_original(database: Database) -> None:
    edition = samples.SOURCE.replace(
        b"kind: article\n", b"kind: study-edition\noriginal: {file: herons.txt, sha256: " + b"a" * 64 + b"}\n"
    )
    read = library.read_files([InputFile("herons.md", edition)], [BIRDS])
    assert read.problems == ()
    alone = {problem.code for problem in library.check_files(read, {})}
    compared = {
        problem.code for problem in library.check_files(read, {"herons.txt": b"Herons\n\nThere are 77 of them.\n"})
    }
    unreadable = {problem.code for problem in library.check_files(read, {"herons.txt": b"\xff\xfe\x00"})}
    assert compared - alone
    assert unreadable - alone


def test_a_whole_folder_is_told_of_paragraphs_that_nobody_cites() -> None:
    lonely = InputFile("herons.md", samples.SOURCE + b"\nNobody cites these words.\n")
    read = library.read_files([lonely], [BIRDS])
    told = [problem.code for problem in library.check_files(read, {}, whole=True)]
    assert "uncited-paragraph" in told
    assert "uncited-paragraph" not in [problem.code for problem in library.check_files(read, {})]


def test_a_text_stays_when_the_deck_that_should_go_along_is_refused(library_database: Database, noon: datetime) -> None:
    shorter = samples.SOURCE.replace(b"**long-legged** bird", b"bird")
    report = _load(library_database, noon, samples.DECK + b"# touched\n", source=shorter)
    assert {problem.code for problem in report.problems} >= {"quote-lost"}
    assert report.sources == ()
    with library_database.reading() as session:
        stored = sources.load_source_for_checks(session, "herons")
    assert stored is not None
    assert any("long-legged" in block.text for block in stored.blocks)


BROKEN_SOURCES = (
    samples.SOURCE.replace(b"id: herons", b"id: herons\ntitle: Two: titles"),
    samples.SOURCE.replace(b"kind: article", b"kind: novel"),
    b"\xff\xfe" + samples.SOURCE,
    b"Just words.",
    b"---\nid: herons\n---\n",
)


@pytest.mark.parametrize("broken", BROKEN_SOURCES)
def test_a_text_that_cannot_be_read_is_told_once_and_not_again_by_every_card(broken: bytes) -> None:
    read = library.read_files([InputFile("sources/herons.md", broken)], [BIRDS])
    assert read.problems
    told = {problem.code for problem in library.check_files(read, {}, whole=True)}
    assert not told & {"missing-source", "missing-paragraph", "quote-not-found", "answer-not-in-passage"}


def test_a_text_under_another_file_name_is_known_by_its_id() -> None:
    read = library.read_files([InputFile("s.md", BROKEN_SOURCES[1])], [BIRDS])
    assert "missing-source" not in {problem.code for problem in library.check_files(read, {})}
    read = library.read_files([InputFile("s.md", b"Just words.")], [BIRDS])
    assert "missing-source" in {problem.code for problem in library.check_files(read, {})}


@pytest.mark.parametrize("broken", BROKEN_SOURCES)
def test_a_deck_waits_for_its_text_that_cannot_be_read(database: Database, noon: datetime, broken: bytes) -> None:
    with database.writing() as session:
        report = library.load_files(session, [InputFile("herons.md", broken)], [BIRDS], noon)
    assert (report.sources, report.decks) == ((), ())
    assert {problem.file for problem in report.problems} == {"herons.md"}
    assert _counts(database) == [0, 0, 0, 0, 0]


def test_a_deck_waits_even_where_its_text_was_loaded_before_and_other_decks_do_not(
    library_database: Database, noon: datetime
) -> None:
    other = b"format: 1\nid: other\ntitle: O\nlanguage: en\ntheme: t\ncards:\n"
    other += b"  - {id: a, type: short, prompt: What is a heron?, answer: bird}\n"
    edited = samples.DECK.replace(b"answer: 100 cm", b"answer: 101 cm")
    files = [InputFile("birds.yaml", edited), InputFile("other.yaml", other)]
    with library_database.writing() as session:
        report = library.load_files(session, [InputFile("herons.md", b"Just words.")], files, noon)
    assert [change.slug for change in report.decks] == ["other"]
    assert {problem.file for problem in report.problems} == {"herons.md"}
