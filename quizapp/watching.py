"""The process that serves the metrics: what the workers counted, and what the database says when it is asked.

`quizapp serve` starts it where QUIZAPP_METRICS names an address. It is none of the web processes: their address is for
everybody, this one is not, and it answers when they are busy.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, start_wsgi_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from quizapp.services import figures
from quizapp.services.figures import BackupFigures, Figures
from quizapp.settings import Settings, load_settings, split_address
from quizapp.store.engine import Database
from quizapp.web.logs import JSON_LOGGING
from quizapp.web.metrics import use_folder

_LOOK_SECONDS = 1.0


@contextmanager
def counting(address: str) -> Iterator[Path | None]:
    """A folder in which all processes of a server count while it runs; None where no metrics are wanted."""
    if not address:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="quizapp-metrics-"))
    use_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_options(settings: Settings) -> dict[str, Any]:
    """What gunicorn has to know about metrics and logs."""
    options: dict[str, Any] = {}
    if settings.metrics:
        forget: Callable[[int], None] = mark_process_dead
        options["child_exit"] = lambda _, worker: forget(worker.pid)  # nobody waits in a dead worker
    if settings.log == "json":
        options["logconfig_dict"] = JSON_LOGGING
    return options


class DatabaseCollector(Collector):
    """What is asked of the database at each scrape; where it does not answer, ``quizapp_database_up`` says so."""

    def __init__(self, database: Database, backups: Path | None) -> None:
        """``backups``: the folder of the backups that make themselves; None where there are none."""
        self._database = database
        self._backups = backups

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of this moment."""
        try:
            with self._database.reading() as session:
                read: Figures | None = figures.read_figures(session)
        except SQLAlchemyError:
            read = None
        yield GaugeMetricFamily("quizapp_database_up", "Whether the database answers.", 0 if read is None else 1)
        if read is not None:
            yield from _list_gauges(read)
        if self._backups is not None:
            yield from _list_backups(figures.read_backups(self._database.url, self._backups, datetime.now(UTC)))


def _list_gauges(read: Figures) -> Iterator[GaugeMetricFamily]:
    jobs = GaugeMetricFamily("quizapp_jobs", "Jobs by kind and state.", labels=["kind", "state"])
    for one in read.jobs:
        jobs.add_metric([one.kind, one.state], one.jobs)
    yield jobs
    if read.blocked is not None:
        yield GaugeMetricFamily(
            "quizapp_locks_waiting", "Connections to PostgreSQL that wait for a lock.", read.blocked
        )
    if read.archive_age is not None:
        yield GaugeMetricFamily(
            "quizapp_backup_age_seconds", "Age of the last log that was archived.", read.archive_age
        )


def _list_backups(read: BackupFigures) -> Iterator[GaugeMetricFamily]:
    if read.age is not None:
        yield GaugeMetricFamily("quizapp_backup_age_seconds", "Age of the last backup.", read.age)
    yield GaugeMetricFamily("quizapp_backup_unsaved", "Whether anything changed since the last backup.", read.unsaved)
    yield GaugeMetricFamily("quizapp_backup_failed", "Whether the last try to make one failed.", read.failed)


def make_registry(settings: Settings, database: Database, folder: Path) -> CollectorRegistry:
    """All that is served."""
    registry = CollectorRegistry()
    add_counts: Callable[..., Any] = MultiProcessCollector
    add_counts(registry, str(folder))
    on_sqlite = database.engine.dialect.name == "sqlite"
    registry.register(DatabaseCollector(database, settings.backup_folder if on_sqlite else None))
    return registry


def main(folder: Path, parent: int) -> None:
    """Serve the metrics until the process that started this one has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl+C is for the server, which ends this process
    settings = load_settings()
    host, port = split_address(settings.metrics)
    database = Database(settings.resolved_database_url)
    start_wsgi_server(port, host, make_registry(settings, database, folder))
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
