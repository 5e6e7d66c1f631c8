"""`quizapp memory`: how well the memory model predicts, and whether its states are what the log says."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from quizapp.app import make_rules
from quizapp.cli.base import FORMAT, cli, say_problems, writing
from quizapp.core.errors import Invalid
from quizapp.core.learning.evaluate import Metrics
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import evaluation
from quizapp.services import memory as rebuilding
from quizapp.settings import load_settings


@cli.group()
def memory() -> None:
    """The memory model: how well it predicts, and whether its states are what the log says."""


def _figures(metrics: Metrics) -> dict[str, float | int | None]:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(metrics).items()}


@memory.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fit", is_flag=True, help="Fit parameters to the earlier reviews; measure all on the later ones.")
@FORMAT
def memory_evaluate(file: Path, fit: bool, output_format: str) -> None:
    """How well the memory model predicts a review log.

    FILE is a CSV with the columns card_id, review_time (milliseconds since 1970 UTC), review_rating (1 to 4) and,
    if known, review_duration (milliseconds).
    """
    settings = load_settings()
    calendar = StudyCalendar(settings.zone, settings.day_start)
    found = evaluation.evaluate_log(file.read_bytes(), str(file), calendar, fit=fit)
    if isinstance(found, tuple):
        say_problems(list(found), output_format)
        sys.exit(1)
    models = {"default": found.default, "average": found.average}
    if found.trial is not None:
        models["fitted"] = found.trial.fitted
    if output_format == "json":
        figures: dict[str, object] = {name: _figures(metrics) for name, metrics in models.items()}
        if found.trial is not None:
            figures["parameters"] = list(found.trial.parameters)
        click.echo(json.dumps(figures, indent=2))
        return
    click.echo(f"{found.reviews} reviews, {found.dropped} left out as outliers")
    click.echo(f"{'':10}{'items':>8}{'log_loss':>10}{'rmse_bins':>11}{'auc':>8}")
    for name, metrics in models.items():
        auc = "-" if metrics.auc is None else f"{metrics.auc:.4f}"
        click.echo(f"{name:10}{metrics.items:>8}{metrics.log_loss:>10.4f}{metrics.rmse_bins:>11.4f}{auc:>8}")
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
    settings = load_settings()
    rules = make_rules(settings, settings.find_secret())
    with writing() as session:
        done = rebuilding.rebuild_states(session, rules, dry_run=dry_run)
    for line in done.differences:
        stored = "none" if line.stored is None else line.stored.to_json()
        counted = "none" if line.counted is None else line.counted.to_json()
        click.echo(f"{line.handle} {line.ref}: stored {stored}, by the log {counted}")
    click.echo(f"{done.states} states, {len(done.differences)} differed.")
    if done.miscounts:
        click.echo(f"{done.miscounts} counts of cards seen or due were wrong.")
    if done.unreadable:
        raise Invalid("\n".join([*done.unreadable, "The states of these cards were left as they are."]))
