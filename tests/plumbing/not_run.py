"""Which tests did not run, why, and how to get what they need: said at the end, or counted as a failure.

A pytest plugin. With ``QUIZAPP_TEST_NOTHING_SKIPPED=1`` a run in which any test was skipped ends with exit status 1.
"""

import os
from collections import Counter
from collections.abc import Generator

import pytest

SETTING = "QUIZAPP_TEST_NOTHING_SKIPPED"


def _read_reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


def _list_skipped(config: pytest.Config) -> Counter[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return Counter(_read_reason(report) for report in reporter.stats.get("skipped", []))


def _nothing_may_be_skipped() -> bool:
    return os.environ.get(SETTING, "") not in ("", "0")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    if session.exitstatus == pytest.ExitCode.OK and _nothing_may_be_skipped() and _list_skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = _list_skipped(config)
    if not skipped:
        return
    terminalreporter.section("Tests that did not run")
    for reason, number in skipped.most_common():
        terminalreporter.line(f"{number} {'test' if number == 1 else 'tests'}: {reason}")
    if _nothing_may_be_skipped():
        terminalreporter.line(f"This run fails: {SETTING} is set, and tests were skipped.", red=True)
