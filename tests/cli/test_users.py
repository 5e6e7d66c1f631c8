"""Accounts at the command line."""

from typing import Any

from plumbing.server import run_quizapp


def test_the_command_line_takes_it_off(tmp_path: Any) -> None:
    run_quizapp(tmp_path, "db", "upgrade")
    run_quizapp(tmp_path, "user", "add", "Alice", "--role", "teacher", "--password-stdin", typed="three grey herons\n")
    done = run_quizapp(tmp_path, "user", "no-codes", "Alice")
    assert (done.returncode, done.stdout.strip()) == (0, "“Alice” was not asked for codes.")
    assert run_quizapp(tmp_path, "user", "no-codes", "Nobody").returncode == 1
