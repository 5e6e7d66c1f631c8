"""`quizapp work`: the process that does what takes long, beside a server or on a machine of its own."""

import os
import signal
import time
from collections.abc import Sequence
from datetime import datetime

import click
from sqlmodel import Session

from quizapp.cli.base import cli, now, opening, school_rules
from quizapp.services import backups, jobs, working
from quizapp.services.privacy import replaying, sweeping
from quizapp.settings import load_settings
from quizapp.web import logs
from quizapp.web.reports_words import say_in

REST_SECONDS = 2.0
_NICENESS = 10  # whoever studies comes first


@cli.command()
@click.option("--once", is_flag=True, help="Do the jobs that wait, and end.")
@click.option("--while-pid", type=int, hidden=True, help="End when this process, which started this one, has ended.")
def work(once: bool, while_pid: int | None) -> None:
    """Do what takes long, such as fitting the memory model. `quizapp serve` runs one of these itself."""
    os.nice(_NICENESS)
    ending = jobs.Ending()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ending.ask)

    def rest() -> bool:
        time.sleep(0.0 if once else REST_SECONDS)
        return not once and while_pid in (None, os.getppid())

    settings = load_settings()
    logs.configure(settings.log)
    folder, rules = None if once else settings.backup_folder, school_rules()
    keeping = backups.keeping_backups(settings.resolved_database_url, folder, now)

    def look_around(session: Session, moment: datetime) -> Sequence[tuple[str, str]]:
        replaying.keep_log(session, settings.data_dir)
        return [*working.look_around(session, moment), *sweeping.find_owed(session, rules, moment)]

    with opening() as database, keeping:
        kinds = working.list_kinds(database, rules, now, say_in)
        jobs.work(database, kinds, now, look_around=look_around, rest=rest, ending=ending)
