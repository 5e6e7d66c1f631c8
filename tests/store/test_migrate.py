"""The migrations make the tables of the code, up and down, and again."""

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.errors import Invalid
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import accounts, study
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import migrate, revisions
from quizapp.store.engine import Database, make_engine
from quizapp.store.setup import open_database, prepare_database
from quizapp.store.states import recount_deck


def _tables(url: str) -> set[str]:
    engine = make_engine(url)
    names = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_the_newest_revision_has_the_tables_of_the_code(database_url: str) -> None:
    assert migrate.tables_differ(database_url) is False
    assert revisions.read_revision(database_url) == revisions.newest_revision()


def test_a_missing_column_is_noticed(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE deck DROP COLUMN description")
    engine.dispose()
    assert migrate.tables_differ(sqlite_url) is True


def test_down_to_nothing_and_up_again(database_url: str) -> None:
    before = _tables(database_url)
    migrate.downgrade(database_url, "base")
    assert _tables(database_url) == {"alembic_version"}
    migrate.upgrade(database_url)
    assert _tables(database_url) == before


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    before = _tables(database_url)
    prepare_database(database_url)
    assert _tables(database_url) == before


def test_every_constraint_has_a_name(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    inspector = sa.inspect(engine)
    unnamed = [
        (table, kind)
        for table in inspector.get_table_names()
        if table != "alembic_version"
        for kind, found in (
            ("pk", [inspector.get_pk_constraint(table)]),
            ("fk", inspector.get_foreign_keys(table)),
            ("uq", inspector.get_unique_constraints(table)),
            ("ck", inspector.get_check_constraints(table)),
        )
        if any(constraint["name"] is None for constraint in found)
    ]
    engine.dispose()
    assert unnamed == []


def test_a_new_database_is_made_when_it_is_opened(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    database = open_database(url)
    assert isinstance(database, Database)
    database.dispose()
    assert revisions.read_revision(url) == revisions.newest_revision()


def test_a_database_that_is_not_there_is_not_made_by_a_check(tmp_path: object) -> None:
    with pytest.raises(Invalid, match="db upgrade"):
        open_database(f"sqlite:///{tmp_path}/new.db", create=False)


def test_a_database_of_a_newer_release_is_left_alone(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(Invalid, match="newer release"):
        open_database(sqlite_url)
    with pytest.raises(Invalid, match="newer release"):
        prepare_database(sqlite_url)


def test_a_sound_database_has_no_faults(database_url: str) -> None:
    assert migrate.find_faults(database_url) == []


def test_a_row_without_its_parent_is_found(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("INSERT INTO citation VALUES (404, 0, 'nowhere', 1, 'words')")
    engine.dispose()
    assert len(migrate.find_faults(sqlite_url)) == 2


_KEPT = (
    "SELECT slug, cards FROM deck ORDER BY slug",
    "SELECT learner_id, card_id, queue, phase, due FROM card_state ORDER BY learner_id, card_id",
    "SELECT learner_id, deck_id, seen FROM deck_progress WHERE seen <> 0 ORDER BY learner_id, deck_id",
    "SELECT learner_id, due, deck_id, cards FROM due_count WHERE cards <> 0 ORDER BY learner_id, due, deck_id",
    "SELECT key, phase_before, interval_before FROM review ORDER BY key",
)


def _read_kept(url: str) -> list[list[tuple[object, ...]]]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = [[tuple(row) for row in connection.exec_driver_sql(query)] for query in _KEPT]
    engine.dispose()
    return found


def test_what_is_kept_beside_the_states_is_counted_for_answers_given_before(database_url: str) -> None:
    calendar = StudyCalendar(ZoneInfo("UTC"))
    rules = StudyRules(Scheduler(SchedulerSettings(), calendar), calendar, b"a secret for tests only")
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    files = [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)]
    database = Database(database_url)
    with database.writing() as session:
        load_files(session, *files, noon)
        bob = accounts.add_user(session, "Bob", accounts.Role.STUDENT, "three grey herons", noon)
        for day, card in enumerate(("height", "height", "height", "winter", "height", "food")):
            answer = Submission("birds", card, 1, samples.RIGHT[card] if day % 5 else samples.WRONG[card])
            study.answer_card(session, bob, answer, str(uuid.uuid4()), rules, noon + timedelta(days=4 * day))
        session.connection().exec_driver_sql("UPDATE card SET retired_at = 1 WHERE slug = 'winter'")
        recount_deck(session, 1)
        session.commit()
    database.dispose()
    before = _read_kept(database_url)
    assert all(before)
    migrate.downgrade(database_url, "0001")
    migrate.upgrade(database_url)
    assert _read_kept(database_url) == before


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused_with_words(url: str) -> None:
    with pytest.raises(Invalid, match="forget every answer"):
        open_database(url)


def test_sign_ins_and_acts_outlive_the_way_to_0004_and_back(database_url: str) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    database = Database(database_url)
    with database.writing() as session:
        opened = accounts.sign_up(session, "Bob", "three grey herons", None, "192.0.2.1", noon, "firefox/android")
        for act in ("looked", "merged"):
            session.execute(
                sa.text(
                    "INSERT INTO audit (at, act, way, detail, format, pupil_code, by_role, by_code)"
                    " VALUES (1, :act, 'page', '', '', '', '', '')"
                ),
                {"act": act},
            )
        session.commit()
    database.dispose()
    migrate.downgrade(database_url, "0004")
    migrate.upgrade(database_url)
    assert migrate.tables_differ(database_url) is False
    database = Database(database_url)
    with database.writing() as session:
        assert session.execute(sa.text("SELECT act FROM audit")).scalars().all() == ["looked"]
        assert session.execute(sa.text("SELECT device FROM sign_in")).scalars().all() == [None]
        assert accounts.recognise(session, opened.token, noon)
        for column in ("act", "way"):
            with pytest.raises(sa.exc.IntegrityError):
                session.execute(sa.text(f"UPDATE audit SET {column} = 'unheard-of'"))
            session.rollback()
    database.dispose()
