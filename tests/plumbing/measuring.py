"""What the measured floor, every branch of core and services, is measured by: tests of the house itself, once each.

A pytest plugin. To trace what runs makes a test of ours half as long again, and one that reads a hostile file ten times
as long. So a test on PostgreSQL is not traced, which runs on SQLite as well; nor those that try what others do with
much more of it, marked ``unmeasured``; nor those of security, which ask every page, and of pages, save where they alone
come to something. A run without coverage is as ever.
"""

import sys
from collections.abc import Iterator

import pytest

_UNMEASURED = ("tests/security/", "tests/web/")
_ALONE = tuple(f"tests/web/{name}" for name in ("authoring/", "oidc/", "test_classes", "test_exchange", "test_health"))


def is_measured(item: pytest.Item) -> bool:
    """Whether what a test runs is traced."""
    is_second = "[postgresql" in item.name or "-postgresql" in item.name
    is_left = item.nodeid.startswith(_UNMEASURED) and not item.nodeid.startswith(_ALONE)
    return not (is_second or is_left or item.get_closest_marker("unmeasured"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    tracer = sys.gettrace()
    if tracer is None or is_measured(item):
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
