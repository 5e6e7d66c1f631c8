"""Several runs side by side that share the tests between them: each file of tests is run by whoever comes to it first.

A pytest plugin. Runs that are given the same empty folder in ``QUIZAPP_TEST_SHARED`` belong together; all must collect
the same tests. Each keeps its own databases and servers for as long as it runs, so whole files are shared and no single
tests; but of each, what is traced comes first, and the rest when all that is traced is done (plumbing.measuring). Files
with many tests come first: then no run is left alone with a long one.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest
from plumbing.measuring import is_measured

SETTING = "QUIZAPP_TEST_SHARED"


def _claim(folder: Path, name: str) -> bool:
    """Whether nobody else has claimed this; from now on nobody else can."""
    try:
        (folder / name.replace("/", "+")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _take_files(items: list[pytest.Item], folder: Path) -> Iterator[pytest.Item]:
    # Those that are traced come first: what is worked out once in a process, and then remembered, is traced as well.
    for part, traced in (("", True), ("+later", False)):
        files: defaultdict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            if is_measured(item) is traced:
                files[item.nodeid.partition("::")[0]].append(item)
        for name, tests in sorted(files.items(), key=lambda file: -len(file[1])):
            if _claim(folder, name + part):
                yield from tests


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    folder = os.environ.get(SETTING)
    if not folder or session.testsfailed or session.config.option.collectonly:
        return None
    for item, following in pairwise(chain(_take_files(session.items, Path(folder)), [None])):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True
