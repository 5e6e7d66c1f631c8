"""What all tests share: databases, a browser, a real server, no network, and words for what could not run."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher
from plumbing import browser, network, postgresql, samples
from plumbing.filled import Filling
from plumbing.server import LiveServer, run_quizapp

from quizapp.services import passwords
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade

pytest_plugins = ["plumbing.measuring", "plumbing.not_run", "plumbing.remembering", "plumbing.sharing"]

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("here", deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")
    # The settings of whoever runs the tests are no business of the tests.
    for name in [name for name in os.environ if name.startswith("QUIZAPP_") and not name.startswith("QUIZAPP_TEST_")]:
        del os.environ[name]
    config.add_cleanup(network.forbid_network())
    gc.disable()
    config.add_cleanup(gc.enable)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        used = getattr(item, "fixturenames", ())
        if "browser" in used:
            item.add_marker("browser")
        if "postgresql_url" in used:
            item.add_marker("postgresql")
        if item.get_closest_marker("browser") and browser.find_chromium() is None:
            item.add_marker(pytest.mark.skip(reason=browser.HOW_TO_GET))
        if item.get_closest_marker("postgresql") and postgresql.find_programs() is None:
            item.add_marker(pytest.mark.skip(reason=postgresql.HOW_TO_GET))
    # The slow ones last; and playwright keeps an event loop running, which others would meet.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_collection_finish() -> None:
    # Thousands of tests and all modules stay to the end: nothing is looked for among them, neither now nor later.
    gc.collect()
    gc.freeze()
    # A request makes thousands of objects: with the usual thresholds a thirtieth of all time goes into looking.
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def house_hasher() -> Iterator[PasswordHasher]:
    """The hasher of the house, for tests of it; all others, in this process, hash the same way in no time."""
    patch, hasher = pytest.MonkeyPatch(), passwords._HASHER
    patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield hasher
    patch.undo()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _postgresql_cluster() -> Iterator[postgresql.Cluster]:
    programs = postgresql.find_programs()
    if programs is None:
        pytest.skip(postgresql.HOW_TO_GET)
    with postgresql.run_cluster(programs) as cluster:
        upgrade(cluster.make_template())
        yield cluster


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a migrated, empty SQLite database of this test's own."""
    path = tmp_path / "quizapp.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(_postgresql_cluster: postgresql.Cluster) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database of this test's own."""
    with _postgresql_cluster.copy() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database of this test's own; the test runs once for each kind of database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database, open; the test runs once for each kind of database."""
    opened = Database(database_url)
    yield opened
    # A connection that somebody keeps outlives the database of this test, and breaks another test when it ends.
    kept = opened.engine.pool.checkedout()
    opened.dispose()
    assert kept == 0


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A migrated, empty SQLite database, open."""
    opened = Database(sqlite_url)
    yield opened
    opened.dispose()


def _load_birds(database: Database) -> None:
    texts, decks = [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)]
    with database.writing() as session:
        assert load_files(session, texts, decks, datetime(2026, 11, 22, 12, tzinfo=UTC)).problems == ()


@pytest.fixture(scope="session")
def filling() -> Filling:
    """One text and a deck with a card of every type, for a database: ``filling.into(database)``."""
    return Filling(_load_birds)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The Chromium of the system instead of one that playwright would download."""
    return browser_type_launch_args | browser.make_launch_arguments()


@pytest.fixture(scope="session")
def _loaded_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("loaded") / "instance"
    for arguments in (["db", "upgrade"], ["deck", "load", "decks"]):
        done = run_quizapp(data_dir, *arguments)
        assert done.returncode == 0, done.stderr
    return data_dir


@pytest.fixture
def live_server(_loaded_data_dir: Path, tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """Start a real server with the shipped decks and give it: ``live_server(QUIZAPP_TIMEZONE="Asia/Tokyo")``.

    Each call starts another one, with a data directory of its own. ``through_make=True`` starts it by the command of
    the README, ``make run``, which sets up and loads all by itself.
    """
    servers: list[LiveServer] = []

    def start(*, through_make: bool = False, **settings: str) -> LiveServer:
        home = tmp_path / f"server-{len(servers) + 1}"
        home.mkdir()
        if not through_make:
            shutil.copytree(_loaded_data_dir, home / "instance")
        extra: Mapping[str, str] = settings
        server = LiveServer(home / "instance", home / "output.txt", through_make=through_make, extra=extra)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.kill()
