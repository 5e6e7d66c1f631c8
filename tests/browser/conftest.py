"""Browsers that study: one server for all, each test a new visitor, and no trouble allowed on any page."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from plumbing import samples
from plumbing.answer_key import Entry, read_key
from plumbing.browser_steps import NETWORK_FAILS, Student, Watch
from plumbing.checkout import ROOT
from plumbing.server import LiveServer

Keys = dict[str, dict[str, Entry]]

expect.set_options(timeout=60_000)  # none of these tests is about speed, and the machine may be busy


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address is taken for granted. Also: the fixture of this name in pytest-playwright warns with pytest 9.2."""


@pytest.fixture(scope="session")
def answer_keys() -> Keys:
    """What is right and wrong, by deck and card: of the shipped decks and of the deck with a card of every type."""
    shipped = {path.stem: read_key(path.read_bytes()) for path in sorted((ROOT / "decks").glob("*.yaml"))}
    return shipped | {"birds": read_key(samples.DECK)}


def _add_birds(server: LiveServer, folder: Path) -> None:
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "herons.md").write_bytes(samples.SOURCE)
    (folder / "birds.yaml").write_bytes(samples.DECK)
    done = server.run("deck", "load", str(folder / "birds.yaml"), str(folder / "sources" / "herons.md"))
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def shared_server(_loaded_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with the shipped decks and the deck of every type. Tests share it, each as a visitor of its own."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copytree(_loaded_data_dir, folder / "instance")
    server = LiveServer(folder / "instance", folder / "output.txt", through_make=False, extra={})
    _add_birds(server, folder / "decks")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def watches() -> Iterator[list[Watch]]:
    """The pages that are watched; what a user should never see on them fails the test at its end."""
    watching: list[Watch] = []
    yield watching
    assert [trouble for watch in watching for trouble in watch.troubles] == []


@pytest.fixture
def new_student(
    new_context: Callable[..., BrowserContext], answer_keys: Keys, watches: list[Watch]
) -> Callable[..., Student]:
    """Somebody who was never here, in a browser of their own: ``new_student(server, java_script_enabled=False)``.

    ``beside`` opens another tab in the browser of that student; ``network_fails`` allows what Chromium says of that.
    """

    def open_browser(
        server: LiveServer, *, beside: Student | None = None, network_fails: bool = False, **context: object
    ) -> Student:
        page = (beside.page.context if beside else new_context(**context)).new_page()
        watches.append(Watch(page, server.url, *[NETWORK_FAILS] * network_fails))
        return Student(page, server.url, answer_keys)

    return open_browser


@pytest.fixture
def student(new_student: Callable[..., Student], shared_server: LiveServer) -> Student:
    """A new visitor of the shared server."""
    return new_student(shared_server)
