"""`quizapp memory`: how well the model predicts, fitting it, moving cards, and states against the log."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from quizapp.cli.base import FORMAT, cli, now, opening, say_count, say_problems, school_rules, writing
from quizapp.core.errors import Invalid
from quizapp.core.learning.evaluate import Metrics
from quizapp.core.learning.reviewlog import LINE_CODES, MOST_PROBLEMS
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import evaluation, fitting, jobs, rescheduling, working
from quizapp.services import memory as rebuilding
from quizapp.services.evaluation import Evaluation
from quizapp.services.fitting import FitScope
from quizapp.services.rules import find_rules
from quizapp.settings import load_settings


@cli.group()
def memory() -> None:
    """The memory model: how well it predicts, fitting it, and whether its states are what the log says."""


def _figures(metrics: Metrics) -> dict[str, float | int | None]:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(metrics).items()}


def _say_figures(models: Mapping[str, Metrics]) -> None:
    click.echo(f"{'':10}{'items':>8}{'log_loss':>10}{'rmse_bins':>11}{'auc':>8}")
    for name, metrics in models.items():
        auc = "-" if metrics.auc is None else f"{metrics.auc:.4f}"
        click.echo(f"{name:10}{metrics.items:>8}{metrics.log_loss:>10.4f}{metrics.rmse_bins:>11.4f}{auc:>8}")


def _say_log(found: Evaluation, on_stderr: bool) -> None:
    """What was taken of the log, what was left out and why, and how it was understood."""
    for one in found.left_out:
        lines = "1 line" if one.rows == 1 else f"{one.rows:,} lines"
        click.echo(f"{lines} left out, the first is line {one.line:,}: {one.why}.", err=on_stderr)
    for note in found.notes:
        click.echo(f"Note: {note}", err=on_stderr)


@memory.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fit", is_flag=True, help="Fit parameters to the earlier reviews; measure all on the later ones.")
@click.option(
    "--skip-faulty", is_flag=True, help="Leave out lines at fault and count them, instead of refusing the log."
)
@FORMAT
def memory_evaluate(file: Path, fit: bool, skip_faulty: bool, output_format: str) -> None:
    """How well the memory model predicts a review log.

    FILE is a CSV with the columns card_id, review_time (milliseconds since 1970 UTC), review_rating (1 to 4) and,
    if known, review_duration (milliseconds). Other forms are known by their looks: other separators, JSON Lines, a JSON
    array, gzip; Anki's revlog, a report of responses, somebody's own data from Quizapp; times in seconds or as ISO 8601
    writes them (without a zone: of QUIZAPP_TIMEZONE); ratings as words. Lines may stand in any order.

    What is left out is told with its reason: below the first line, with --format json on standard error.

    Exit status 0 where it was measured; 1 where the log cannot be read, line by line why, or holds too little; 2 where
    the call is wrong.
    """
    settings = load_settings()
    calendar = StudyCalendar(settings.zone, settings.day_start)
    found = evaluation.evaluate_log(file.read_bytes(), str(file), calendar, fit=fit, skips_faulty=skip_faulty)
    if isinstance(found, tuple):
        say_problems(list(found), output_format)
        if len(found) >= MOST_PROBLEMS:
            click.echo(f"Only the first {MOST_PROBLEMS} problems are listed.", err=True)
        if not skip_faulty and any(problem.code in LINE_CODES for problem in found):
            click.echo("With --skip-faulty the other lines are measured without these.", err=True)
        sys.exit(1)
    models = {"default": found.default, "average": found.average}
    if found.trial is not None:
        models["fitted"] = found.trial.fitted
    if output_format == "json":
        _say_log(found, on_stderr=True)
        figures: dict[str, object] = {name: _figures(metrics) for name, metrics in models.items()}
        if found.trial is not None:
            figures["parameters"] = list(found.trial.parameters)
        click.echo(json.dumps(figures, indent=2))
        return
    click.echo(f"{say_count(found.reviews, 'review')}, {found.dropped} left out as outliers")
    _say_log(found, on_stderr=False)
    _say_figures(models)
    if found.trial is not None:
        verdict = "better than" if found.trial.better else "no better than"
        click.echo(f"On the later reviews the fitted parameters are {verdict} what they would replace.")


@memory.command("rebuild")
@click.option("--dry-run", is_flag=True, help="Say what differs, and change nothing.")
def memory_rebuild(dry_run: bool) -> None:
    """Count every memory state again from the review log, and tell any that differs.

    The counts kept beside the states (cards seen, cards due by day) are checked too. Each learner is a transaction of
    its own: others can study meanwhile.
    """
    with writing() as session:
        done = rebuilding.rebuild_states(session, school_rules(), dry_run=dry_run)
    for line in done.differences:
        stored = "none" if line.stored is None else line.stored.to_json()
        counted = "none" if line.counted is None else line.counted.to_json()
        click.echo(f"{line.handle} {line.ref}: stored {stored}, by the log {counted}")
    click.echo(f"{say_count(done.states, 'state')}, {len(done.differences)} differed.")
    if done.miscounts:
        click.echo(f"{done.miscounts} counts of cards seen or due were wrong.")
    if done.unreadable:
        raise Invalid("\n".join([*done.unreadable, "The states of these cards were left as they are."]))


def _choose_subject(named: dict[FitScope, str | None]) -> tuple[FitScope, str]:
    chosen = [(scope, name) for scope, name in named.items() if name is not None]
    if len(chosen) != 1:
        raise click.UsageError("Name one: --learner NAME, --class HANDLE or --deck ID.")
    return chosen[0]


@memory.command("fit")
@click.option("--learner", help="The account's name.")
@click.option("--class", "class_", help="The class's id, as in its address.")
@click.option("--deck", help="The deck's id.")
@FORMAT
def memory_fit(learner: str | None, class_: str | None, deck: str | None, output_format: str) -> None:
    """Fit the model's parameters to answers, and keep them if they predict later ones better.

    What is found is kept only where it predicts the last fifth of the reviews, which it has not seen, better than what
    is in use and than the plain running average. The states of all who study by it are counted again; no due date
    changes.
    """
    scope, name = _choose_subject({FitScope.LEARNER: learner, FitScope.CLASS: class_, FitScope.DECK: deck})
    with opening() as database:
        with database.reading() as session:
            subject_id = fitting.find_subject(session, scope, name)
            compute = fitting.read_fit(session, fitting.name_job(scope, subject_id))
        if sys.stderr.isatty():
            click.echo("Fitting…", err=True)
        write = compute()
        with database.writing() as session:
            said = write(session, now())
            session.commit()
            fit = fitting.find_last_fit(session, scope, subject_id)
        adopted = 0
        while fit is not None and jobs.run_next(database, working.list_adoptions(school_rules()), now) is not None:
            adopted += 1
    if output_format == "json" and fit is not None:
        click.echo(json.dumps(fitting.show_fit(fit), indent=2))
        return
    click.echo(said[0].upper() + said[1:] + ".")
    if adopted:
        click.echo(f"States counted again for {adopted} {'learner' if adopted == 1 else 'learners'}.")


@memory.command("reschedule")
@click.option("--learner", required=True, help="The account's name.")
@click.option("--dry-run", is_flag=True, help="Say what would move, and change nothing.")
@click.option("--undo", is_flag=True, help="Take the last rescheduling back.")
def memory_reschedule(learner: str, dry_run: bool, undo: bool) -> None:
    """Move a learner's cards to where their present parameters and desired recall would have put them."""
    if dry_run and undo:
        raise click.UsageError("--dry-run and --undo do not go together.")
    with writing() as session:
        viewer = rescheduling.find_viewer(session, learner)
        if undo:
            done = rescheduling.undo_reschedule(session, viewer, now())
            click.echo(f"{done.back} cards went back; {done.kept} answered or moved since stay where they are.")
            return
        rules = find_rules(session, school_rules(), viewer.learner_id)
        move = rescheduling.preview_reschedule if dry_run else rescheduling.apply_reschedule
        told = move(session, viewer, rules, now())
    click.echo(
        f"Of {told.cards} cards that wait, {told.earlier} move earlier, {told.later} later;"
        f" {told.due_today} become due today."
    )
    if dry_run:
        click.echo("This was a dry run: nothing was changed.")
