"""The command line: what it prints, how it exits, and that no traceback reaches a person."""

import errno
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from plumbing import samples
from plumbing.learning import load_cards, study_for_a_year
from plumbing.server import find_free_port, run_quizapp

from quizapp import __version__, cli, server
from quizapp.core.errors import Invalid
from quizapp.services import fitting, jobs, rescheduling
from quizapp.store import migrate
from quizapp.store.engine import Database


class _FullDisk(Exception):
    """What SQLite raises where there is no room."""

    sqlite_errorcode = 13


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an installation of its own: ``run("deck", "check", path)``."""
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path / "instance"))

    def call(*arguments: object, stdin: str = "") -> Said:
        monkeypatch.setattr("sys.argv", ["quizapp", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(status, said.out, said.err)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of decks."""
    path = tmp_path / "library"
    (path / "sources").mkdir(parents=True)
    (path / "birds.yaml").write_bytes(samples.DECK)
    (path / "sources" / "herons.md").write_bytes(samples.SOURCE)
    return path


def test_help_and_version(run: Run) -> None:
    assert run("--version").out == f"quizapp, version {__version__}\n"
    assert "deck" in run("--help").out
    assert run().status in (0, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        ["nonsense"],
        ["deck", "nonsense"],
        ["deck", "load"],
        ["deck", "check", "nowhere"],
        ["user", "add", "Bob", "--role", "king"],
    ],
)
def test_a_wrong_call_exits_with_2(run: Run, wrong: list[str]) -> None:
    said = run(*wrong)
    assert (said.status, said.out) == (2, "")
    assert said.err


def test_a_good_folder_is_checked_and_loaded(run: Run, folder: Path) -> None:
    assert run("deck", "check", folder).status == 0
    said = run("deck", "load", folder)
    assert (said.status, said.err) == (0, "")
    assert "deck birds: 8 new, 0 changed, 0 retired, 0 unchanged" in said.out
    assert "source herons: new" in said.out
    assert "deck birds: 0 new, 0 changed, 0 retired, 8 unchanged" in run("deck", "load", folder / "birds.yaml").out


def test_a_dry_run_says_the_same_and_changes_nothing(run: Run, folder: Path) -> None:
    for _ in range(2):
        said = run("deck", "load", folder, "--dry-run")
        assert "deck birds: 8 new" in said.out
        assert "nothing was changed" in said.out


def test_an_edit_is_told_card_by_card(run: Run, folder: Path) -> None:
    run("deck", "load", folder)
    start, end = samples.DECK.index(b"  - id: winter"), samples.DECK.index(b"  - id: legs")
    edited = (samples.DECK[:start] + samples.DECK[end:]).replace(b"answer: 100 cm", b"answer: 101 cm")
    added = b"  - {id: extra, type: truefalse, prompt: Is it grey?, answer: true, explanation: It is called so.}\n"
    (folder / "birds.yaml").write_bytes(edited + added)
    assert "deck birds: 1 new, 1 changed, 1 retired, 6 unchanged" in run("deck", "load", folder).out


def test_a_broken_deck_names_every_place_and_loads_nothing_of_that_file(run: Run, folder: Path) -> None:
    broken = samples.DECK.replace(b"type: choice", b"type: choise").replace(b"answer: false", b"answer: perhaps")
    (folder / "broken.yaml").write_bytes(broken.replace(b"id: birds", b"id: broken"))
    said = run("deck", "load", folder)
    assert said.status == 1
    assert "deck birds: 8 new" in said.out
    assert said.err.count("broken.yaml:") == 2
    assert "broken.yaml:10:" in said.err
    checked = run("deck", "check", folder / "broken.yaml", "--format", "json")
    problems = json.loads(checked.out)
    assert checked.status == 1
    assert 10 in {problem["line"] for problem in problems}
    assert set(problems[0]) == {"file", "line", "column", "code", "severity", "message", "fix"}


def test_a_quote_that_is_not_in_the_text_is_an_error(run: Run, folder: Path) -> None:
    (folder / "birds.yaml").write_bytes(samples.DECK.replace(b"stands up to 100 cm tall", b"sits down"))
    said = run("deck", "load", folder)
    assert said.status == 1
    assert "sits down" in said.err
    assert "deck birds" not in said.out


def test_a_text_that_loses_a_cited_passage_is_not_loaded_alone(run: Run, folder: Path) -> None:
    run("deck", "load", folder)
    shorter = samples.SOURCE.replace(b"In winter many herons fly to the south.", b"They stay.")
    (folder / "sources" / "herons.md").write_bytes(shorter)
    said = run("deck", "load", folder / "sources" / "herons.md")
    assert said.status == 1
    assert "quote-lost" in said.err


def test_two_files_with_one_id_are_told(run: Run, folder: Path) -> None:
    (folder / "birds2.yaml").write_bytes(samples.DECK)
    (folder / "sources" / "herons2.md").write_bytes(samples.SOURCE)
    said = run("deck", "load", folder)
    assert said.status == 1
    assert "duplicate-deck-id" in said.err
    assert "duplicate-source-id" in said.err


def test_what_programs_hide_in_a_folder_and_links_to_its_files_are_no_decks(run: Run, folder: Path) -> None:
    before = run("deck", "check", folder).out.splitlines()[-1]
    (folder / "._birds.yaml").write_bytes(b"\0\5\x16\7")
    (folder / ".draft.yaml").write_text("x: [")
    (folder / "more.yaml").mkdir()
    (folder / "other-name.yaml").symlink_to(folder / "birds.yaml")
    (folder / "gone.yaml").symlink_to(folder / "nowhere.yaml")
    said = run("deck", "check", folder)
    assert said.status == 0
    assert said.out.splitlines()[-1] == before
    assert run("deck", "check", folder / ".draft.yaml").status == 1


def test_a_folder_without_decks_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "No deck or source files" in run("deck", "check", tmp_path / "empty").err


def test_bytes_that_are_no_deck_are_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "picture.yaml"
    path.write_bytes(bytes(range(256)))
    assert run("deck", "load", path).status == 1


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


def _run_shell(tmp_path: Path, command: str) -> Said:
    quizapp = Path(sys.executable).with_name("quizapp")
    done = subprocess.run(
        ["bash", "-c", command.replace("quizapp", str(quizapp))],
        env=os.environ | {"QUIZAPP_DATA_DIR": str(tmp_path / "shell")},
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (r"printf 'abc\377defgh\n' | quizapp user add bob --password-stdin", "UTF-8"),
        ("quizapp user add bob --password-stdin <&-", "closed"),
        ("quizapp user add bob <&-", "--password-stdin"),
        (r"quizapp serve --host $'\xff'", "no host"),
        ("QUIZAPP_DATABASE_URL=postgresql://u:p@h:notaport/x quizapp db check", "QUIZAPP_DATABASE_URL"),
    ],
)
def test_what_a_shell_can_do_to_a_command_ends_in_one_sentence(tmp_path: Path, command: str, told: str) -> None:
    said = _run_shell(tmp_path, command)
    assert said.status == 1
    assert told in said.err
    assert "Traceback" not in said.err


def test_a_mistake_of_ours_is_told_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise KeyError("a\nb")

    monkeypatch.setattr(cli.databases, "prepare_database", fail)
    said = run("db", "upgrade")
    assert said.status == 1
    assert "KeyError" in said.err.splitlines()[0]
    assert "report" in said.err.splitlines()[1]


def test_no_link_is_offered_where_the_app_cannot_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Invalid("The app cannot start.")

    monkeypatch.setattr(server, "create_app", fail)
    said = run("serve", "--port", find_free_port())
    assert said.status == 1
    assert "/welcome/" not in said.out


def test_a_database_whose_pages_are_broken_is_told_with_the_remedy(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deck", "load", folder)
    run("db", "backup", tmp_path / "saved.db")
    path = tmp_path / "instance" / "quizapp.db"
    with path.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(b"\xff" * (path.stat().st_size - 2 * 4096))
    said = run("deck", "load", folder)
    assert said.status == 1
    assert "quizapp db restore" in said.err
    assert "does not answer" not in said.err
    assert run("db", "restore", tmp_path / "saved.db").status == 0
    assert run("db", "check").status == 0


def test_the_database_is_upgraded_and_checked(run: Run) -> None:
    assert "db upgrade" in run("db", "check").err
    for _ in range(2):
        assert run("db", "upgrade").out == "The database is up to date.\n"
    assert run("db", "check").out == "The database is sound.\n"


def test_a_damaged_database_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("db", "upgrade")
    monkeypatch.setattr(migrate, "find_faults", lambda _: ["page 7 is never used"])
    monkeypatch.setattr(migrate, "tables_differ", lambda _: True)
    said = run("db", "check")
    assert said.status == 1
    assert "page 7 is never used" in said.err
    assert "not those of this release" in said.err


def test_a_file_that_is_no_database_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "quizapp.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    said = run("db", "check")
    assert said.status == 1
    assert "not a database" in said.err


def test_a_database_that_does_not_answer_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", "postgresql://127.0.0.1:9/none")
    said = run("db", "upgrade")
    assert said.status == 1
    assert "QUIZAPP_DATABASE_URL" in said.err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/data/quizapp.db.in-use"), "must be able to write there"),
        (OSError(errno.ENOENT, "No such file", "/data"), "No such file: /data"),
        (OSError(errno.ENOENT, "No such file", "/no/such/file.db"), "There is no folder /no/such. Make it first"),
        (sa.exc.OperationalError("", {}, _FullDisk()), "Make room"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_with_the_remedy(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(cli.databases, "prepare_database", fail)
    said = run("db", "upgrade")
    assert said.status == 1
    assert told in said.err


def test_a_wrong_setting_is_told_with_its_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_TIMEZONE", "Moon/Crater")
    said = run("serve")
    assert said.status == 1
    assert "QUIZAPP_TIMEZONE" in said.err


def test_a_port_that_is_taken_is_told(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = run("serve", "--port", taken.getsockname()[1])
    assert said.status == 1
    assert "Choose another port" in said.err


def test_a_data_directory_that_is_a_file_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("")
    assert "QUIZAPP_DATA_DIR" in run("db", "upgrade").err


def test_a_deck_file_that_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deck.yaml").mkdir()
    assert run("deck", "check", tmp_path / "deck.yaml").status == 1


def test_a_backup_brings_everything_back(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deck", "load", folder)
    saved = tmp_path / "saved.db"
    assert run("db", "backup", saved).out == f"The database is saved in {saved}.\n"
    assert run("db", "backup", saved).status == 1
    run("user", "add", "Bob", "--password-stdin", stdin="three grey herons\n")
    said = run("db", "restore", saved)
    assert said.status == 0
    assert "is kept in" in said.out
    assert run("user", "token", "Bob").status == 1
    assert "8 unchanged" in run("deck", "load", folder).out
    assert run("db", "check").status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["instance", "library", "saved.db"]


def test_who_was_deleted_stays_deleted_after_a_restore_unless_it_is_wanted_otherwise(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "saved.db"
    run("user", "add", "Bob", "--password-stdin", stdin="three grey herons\n")
    run("db", "backup", saved)
    assert run("privacy", "erase", "Bob", "--yes").status == 0
    assert "deleted again: 1." in run("db", "restore", saved).out
    assert run("user", "token", "Bob").status == 1
    assert run("db", "erase-again").out == "People deleted again: 0.\n"
    assert "brought back: 1." in run("db", "restore", saved, "--with-deleted").out
    assert run("user", "token", "Bob").status == 0


def test_an_upgrade_says_where_the_old_database_is(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    url = f"sqlite:///{tmp_path}/instance/quizapp.db"
    migrate.downgrade(url, "0003")
    said = run("db", "upgrade").out
    (made,) = (tmp_path / "instance" / "backups").glob("quizapp-*.db")
    assert said == f"The database as it was is saved in {made}.\nThe database is up to date.\n"
    migrate.downgrade(url, "0003")
    assert run("db", "upgrade", "--no-backup").out == "The database is up to date.\n"


def test_a_backup_is_restored_on_a_new_machine(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deck", "load", folder)
    run("db", "backup", tmp_path / "saved.db")
    for path in (tmp_path / "instance").iterdir():
        path.unlink()
    assert run("db", "restore", tmp_path / "saved.db").status == 0
    assert "8 unchanged" in run("deck", "load", folder).out


@pytest.mark.parametrize("content", [b"", b"no database at all" * 500, None])
def test_a_bad_backup_changes_nothing(run: Run, folder: Path, tmp_path: Path, content: bytes | None) -> None:
    run("deck", "load", folder)
    if content is not None:
        (tmp_path / "bad.db").write_bytes(content)
    assert run("db", "restore", tmp_path / "bad.db").status == 1
    assert "8 unchanged" in run("deck", "load", folder).out


def test_a_damaged_backup_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deck", "load", folder)
    run("db", "backup", tmp_path / "saved.db")
    data = bytearray((tmp_path / "saved.db").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = b"\xa5" * 8192
    (tmp_path / "saved.db").write_bytes(data)
    assert run("db", "restore", tmp_path / "saved.db").status == 1
    assert "8 unchanged" in run("deck", "load", folder).out


def test_there_is_nothing_to_save_before_there_is_a_database(run: Run, tmp_path: Path) -> None:
    assert "There is no database" in run("db", "backup", tmp_path / "saved.db").err


def test_postgresql_is_saved_by_its_own_tools(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", "postgresql://127.0.0.1:9/none")
    assert "pg_dump" in run("db", "backup", tmp_path / "saved.db").err


def test_a_source_is_checked_alone(run: Run, folder: Path) -> None:
    assert run("source", "check", folder / "sources").status == 0
    (folder / "sources" / "broken.md").write_text("no front matter")
    said = run("source", "check", folder / "sources", "--format", "json")
    assert said.status == 1
    assert {Path(problem["file"]).name for problem in json.loads(said.out)} == {"broken.md"}


@pytest.fixture
def review_log(tmp_path: Path) -> Path:
    """A review log of two hundred cards over a month."""
    path = tmp_path / "log.csv"
    rows = [
        f"c{card},{1_700_000_000_000 + day * 86_400_000 + card},{1 if (card + day) % 7 == 0 else 3}"
        for card in range(200)
        for day in (0, 1, 3, 7, 15, 31)
    ]
    path.write_text("card_id,review_time,review_rating\n" + "\n".join(rows))
    return path


def test_a_review_log_is_evaluated(run: Run, review_log: Path) -> None:
    figures = json.loads(run("memory", "evaluate", review_log, "--format", "json").out)
    assert set(figures) == {"default", "average"}
    assert set(figures["default"]) == {"items", "log_loss", "rmse_bins", "auc"}
    fitted = json.loads(run("memory", "evaluate", review_log, "--fit", "--format", "json").out)
    assert set(fitted) == {"default", "average", "fitted", "parameters"}
    assert len(fitted["parameters"]) == 21
    said = run("memory", "evaluate", review_log, "--fit").out
    assert "log_loss" in said
    assert "better than what they would replace" in said


def test_a_review_log_of_one_outcome_has_no_auc(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("card_id,review_time,review_rating\na,1700000000000,3\na,1700090000000,3\n")
    assert json.loads(run("memory", "evaluate", path, "--format", "json").out)["default"]["auc"] is None
    assert run("memory", "evaluate", path).out.splitlines()[-1].endswith(" -")


def test_a_broken_review_log_is_told_line_by_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("card_id,review_time,review_rating\na,1700000000,3\na,1700000000000,0\n")
    said = run("memory", "evaluate", path)
    assert said.status == 1
    assert "log.csv:2:" in said.out
    assert "log.csv:3:" in said.out
    assert "--skip-faulty" in said.err


def test_what_is_left_out_of_a_review_log_is_told_in_both_forms(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    lines = [f"a,{1_700_000_000_000 + day * 86_400_000},3" for day in range(5)]
    plain = "card_id,review_time,review_rating\n" + "\n".join(lines) + "\n"
    path.write_text(plain)
    figures = run("memory", "evaluate", path, "--format", "json").out
    path.write_text(f"{plain}{lines[0]}\na,yesterday,3\nb,today,3\n")
    said = run("memory", "evaluate", path, "--skip-faulty", "--format", "json")
    assert (said.status, said.out) == (0, figures)
    assert "1 line left out, the first is line 7: the same review" in said.err
    assert "2 lines left out, the first is line 8: at fault" in said.err
    text = run("memory", "evaluate", path, "--skip-faulty")
    assert said.err in text.out
    path.write_text(plain + "a,yesterday,3\n" * 200)
    assert "first 100 problems" in run("memory", "evaluate", path).err
    assert run("memory", "evaluate", tmp_path / "nowhere.csv").status == 2


def test_an_empty_review_log_is_told_without_talk_of_lines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.touch()
    said = run("memory", "evaluate", path)
    assert (said.status, said.err) == (1, "")
    assert "empty" in said.out


def test_memory_states_are_counted_again(run: Run) -> None:
    assert run("memory", "rebuild").out == "0 states, 0 differed.\n"


@pytest.fixture
def learned(run: Run, tmp_path: Path) -> None:
    """Bob has studied sixty cards for a year, and forgets fast."""
    run("db", "upgrade")
    run("user", "add", "Bob", "--password-stdin", stdin="three grey herons\n")
    database = Database(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")
    start = datetime(2025, 1, 1, 12, tzinfo=UTC)
    load_cards(database, "many", 60, start)
    with database.writing() as session:
        study_for_a_year(session, rescheduling.find_viewer(session, "Bob"), cli.base.school_rules(), start)
    database.dispose()


def test_a_fit_is_made_told_and_taken_into_use(run: Run, learned: None) -> None:
    said = run("memory", "fit", "--learner", "bob")
    assert said.status == 0
    assert said.out.startswith("Kept: log loss 0.")
    assert "States counted again for 1 learner." in said.out
    again = json.loads(run("memory", "fit", "--learner", "bob", "--format", "json").out)
    assert again["outcome"] == "refused"
    assert len(again["parameters"]) == 21
    assert run("memory", "rebuild").out.startswith("60 states, 0 differed.")
    assert run("memory", "fit", "--deck", "many").err.startswith("Error: Everybody here has parameters")


def test_cards_are_moved_after_a_dry_run_and_back(run: Run, learned: None) -> None:
    run("memory", "fit", "--learner", "bob")
    told = run("memory", "reschedule", "--learner", "bob", "--dry-run")
    assert told.status == 0
    assert told.out.startswith("Of 60 cards that wait, ")
    assert "nothing was changed" in told.out
    done = run("memory", "reschedule", "--learner", "bob")
    assert done.out == told.out.splitlines(keepends=True)[0]
    assert "cards went back; 0 answered or moved since" in run("memory", "reschedule", "--learner", "bob", "--undo").out
    assert "no rescheduling" in run("memory", "reschedule", "--learner", "bob", "--undo").err


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (2, ["fit"]),
        (2, ["fit", "--learner", "Bob", "--deck", "many"]),
        (1, ["fit", "--learner", "Nobody"]),
        (1, ["fit", "--class", "none"]),
        (1, ["fit", "--deck", "none"]),
        (1, ["reschedule", "--learner", "Nobody"]),
        (2, ["reschedule"]),
        (2, ["reschedule", "--learner", "Bob", "--dry-run", "--undo"]),
    ],
)
def test_a_fit_or_a_reschedule_of_nobody_is_told(run: Run, status: int, arguments: list[str]) -> None:
    said = run("memory", *arguments)
    assert (said.status, said.out) == (status, "")
    assert "Error" in said.err


def test_too_few_answers_to_fit_are_told(run: Run) -> None:
    run("user", "add", "Bob", "--password-stdin", stdin="three grey herons\n")
    said = run("memory", "fit", "--learner", "bob")
    assert said.status == 1
    assert "0 reviews to learn from, and 300 are needed" in said.err


def test_a_log_that_cannot_be_read_is_told_by_the_rebuild(run: Run, learned: None, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE review SET state_after = '' WHERE card_id = 1")
        session.connection().exec_driver_sql("UPDATE deck_progress SET seen = 7")
        session.commit()
    database.dispose()
    said = run("memory", "rebuild")
    assert said.status == 1
    assert said.out.startswith("59 states, 0 differed.\n")
    assert "counts of cards seen or due were wrong" in said.out
    assert "many/card-1 cannot be read" in said.err
    assert "counts of cards" not in run("memory", "rebuild").out


def test_waiting_jobs_are_done_once(run: Run, learned: None, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")
    with database.writing() as session:
        jobs.enqueue(session, "fit", "learner:1", datetime.now(UTC))
        session.commit()
    done = run_quizapp(tmp_path / "instance", "work", "--once")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with database.reading() as session:
        assert fitting.find_fit(session, 1).in_use is not None
    database.dispose()


def test_a_forgotten_password_is_set_anew(run: Run) -> None:
    run("user", "add", "Bob", "--password-stdin", stdin="three grey herons\n")
    assert run("user", "password", "bob", "--password-stdin", stdin="four white storks\n").status == 0
    assert run("user", "password", "bob", "--password-stdin", stdin="x\n").status == 1
    assert run("user", "password", "Nobody", "--password-stdin", stdin="four white storks\n").status == 1
