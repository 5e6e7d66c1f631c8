"""Two schools that must not see each other, made once and copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from plumbing.school import OpenSchool, School, build_school


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


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address is taken for granted. Also: the fixture of this name in pytest-playwright warns with pytest 9.2."""
