"""Review logs are evaluated; memories are counted, fitted and moved."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from plumbing.command_line import Run
from plumbing.learning import load_cards, study_for_a_year
from plumbing.server import run_quizapp

from quizapp.cli.base import school_rules
from quizapp.services import fitting, jobs, rescheduling
from quizapp.store.engine import Database


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
        study_for_a_year(session, rescheduling.find_viewer(session, "Bob"), school_rules(), start)
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
