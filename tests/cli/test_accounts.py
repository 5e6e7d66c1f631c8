"""Accounts are made, and their passwords set."""

from plumbing.command_line import Run


def test_an_account_is_made_and_its_token_is_the_last_line(run: Run) -> None:
    said = run("user", "add", "Bob", "--role", "teacher", "--password-stdin", stdin="three grey herons\n")
    assert (said.status, said.out) == (0, "Made the teacher “Bob”.\n")
    token = run("user", "token", "bob").out.splitlines()[-1]
    assert token.startswith("quizapp_")


def test_a_weak_password_and_an_unknown_name_exit_with_1(run: Run) -> None:
    weak = run("user", "add", "Bob", "--password-stdin", stdin="x\n")
    assert (weak.status, "password:" in weak.err) == (1, True)
    assert run("user", "token", "Nobody").status == 1


def test_without_a_terminal_no_password_is_asked_for(run: Run) -> None:
    said = run("user", "add", "Bob")
    assert said.status == 1
    assert "--password-stdin" in said.err


def test_a_forgotten_password_is_set_anew(run: Run) -> None:
    run("user", "add", "Bob", "--password-stdin", stdin="three grey herons\n")
    assert run("user", "password", "bob", "--password-stdin", stdin="four white storks\n").status == 0
    assert run("user", "password", "bob", "--password-stdin", stdin="x\n").status == 1
    assert run("user", "password", "Nobody", "--password-stdin", stdin="four white storks\n").status == 1
