"""Two schools that must not see each other, made once and copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from plumbing.school import SECRET, OpenSchool, School, build_school

from quizapp.app import create_app
from quizapp.settings import Settings
from quizapp.store.copying import copy_database
from quizapp.store.engine import Database


@pytest.fixture(scope="session")
def _school(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> School:
    return build_school(_sqlite_template, tmp_path_factory.mktemp("school"))


@pytest.fixture
def school(_school: School, tmp_path: Path) -> Iterator[OpenSchool]:
    """A copy of the school with the app on it, to be changed."""
    opened = _school.copy(tmp_path / "quizapp.db")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_school(_school: School, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSchool]:
    """A copy of the school that many tests share: whoever changes it puts it back with ``restore_after``."""
    opened = _school.copy(tmp_path_factory.mktemp("shared") / "quizapp.db")
    yield opened
    opened.close()


@pytest.fixture
def filled(_school: School, database_url: str, tmp_path: Path) -> Iterator[tuple[Flask, School]]:
    """The app on a copy of the school in either database, and who owns what in it."""
    source, database = Database(f"sqlite:///{_school.file}"), Database(database_url)
    copy_database(source, database, lambda _: None)
    source.dispose()
    yield create_app(Settings(data_dir=tmp_path, secret_key=SECRET), database), _school
    database.dispose()


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address is taken for granted. Also: the fixture of this name in pytest-playwright warns with pytest 9.2."""
