"""Serving the app with gunicorn."""

import os
import signal
import socket
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from quizapp import watching
from quizapp.app import create_app
from quizapp.core.errors import Invalid
from quizapp.helpers import Helper, work
from quizapp.processes import keep_memory_small, share_memory
from quizapp.rehearsal import rehearse
from quizapp.services import first_teacher
from quizapp.services.backups import refuse_lost_database
from quizapp.settings import Settings, load_settings, split_address
from quizapp.store.engine import Database
from quizapp.store.presence import being_open
from quizapp.store.setup import HOW_TO_MEND, find_damage, open_database
from quizapp.web import logs
from quizapp.worker import RECEIVE_SECONDS, CarefulApp, PatientWorker

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
THREADS = 16
_NO_PROXIES: dict[str, Any] = {"forwarded_allow_ips": "", "forwarder_headers": "", "secure_scheme_headers": {}}
"""Gunicorn would believe whoever is on this machine what SCRIPT_NAME and X-Forwarded-Proto say. The app itself reads
the headers of proxies, from as many as QUIZAPP_TRUSTED_PROXIES names."""


def default_workers() -> int:
    """Few processes: a page takes a millisecond, and SQLite has one writer at a time."""
    return max(2, min(4, os.cpu_count() or 1))


class _Arbiter(Arbiter):
    """Gunicorn's main process, which looks after the helpers as it does after its workers: each second."""

    def __init__(self, app: "_Server") -> None:
        self._helpers = app.helpers
        super().__init__(app)

    def spawn_worker(self) -> Any:
        """Start a worker. A signal that comes at once waits until it can meet the worker's own handlers.

        Those of the main process, which it has until then, would only note it: the worker would go on until killed.
        """
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            return super().spawn_worker()  # in the worker this comes back only to end it
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def manage_workers(self) -> None:
        """Start what is missing."""
        super().manage_workers()
        for helper in self._helpers:
            helper.keep(self._let_go)

    def _let_go(self) -> None:
        """In a helper: only the server and its workers hold the port, so that it is free when they have ended."""
        for worker in self.WORKERS.values():
            worker.tmp.close()
        for listener in self.LISTENERS:
            listener.close()

    def stop(self, graceful: bool = True) -> None:
        """Stop the workers, and the helpers meanwhile."""
        for helper in self._helpers:
            helper.ask_to_end()
        super().stop(graceful)
        for helper in self._helpers:
            helper.end()


class _Server(BaseApplication):
    """Gunicorn with our settings instead of a file."""

    def __init__(self, app: Flask, settings: Settings, options: dict[str, Any], counted: Path | None) -> None:
        self._app = app
        self._proxies = settings.trusted_proxies
        self.helpers = [Helper("quizapp-work", work)]
        if counted is not None:
            self.helpers.append(Helper("quizapp-metrics", partial(watching.main, counted)))
        self._options = options
        super().__init__()

    def run(self) -> None:
        """Serve until stopped."""
        _Arbiter(self).run()

    def load_config(self) -> None:
        """Take the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> CarefulApp:
        """The app, made before the workers fork."""
        return CarefulApp(self._app, self._proxies)


def _base_url(settings: Settings, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return settings.public_url or f"http://{shown}:{port}"


def _check_free(host: str, port: int) -> None:
    """Raise Invalid where nobody can listen: the port is taken, or the host is not of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, TypeError, ValueError) as error:  # a host of odd letters is a TypeError or a UnicodeError
            reason = getattr(error, "strerror", None) or "that is no host"
            raise Invalid(
                f"Cannot listen on {ascii(host)[1:-1]}:{port} ({reason}). Choose another port: quizapp serve --port"
                " 8001, or PORT=8001 make run."
            ) from error


def _offer_first_teacher(database: Database, base_url: str) -> None:
    with database.writing() as session:
        token = first_teacher.offer_first_teacher(session, datetime.now(UTC))
    if token is not None:
        click.echo(
            f"No teacher yet. Open this link once, within a day, to become the first:\n  {base_url}/welcome/{token}"
        )


def _make_options(host: str, port: int, workers: int, base_url: str) -> dict[str, Any]:
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        # Threads, because browsers open connections ahead of need: one that stays silent would hold a sync worker.
        "worker_class": PatientWorker,
        "threads": THREADS,
        "keepalive": RECEIVE_SECONDS,  # for connections that wait for their first request too
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 20,
        "loglevel": "warning",
        "when_ready": lambda _: click.echo(f"Quizapp is ready at {base_url} (Ctrl+C stops it)"),
        "control_socket_disable": True,
        **_NO_PROXIES,
    }


def _open_carefully(settings: Settings) -> tuple[Database, str | None]:
    """The database, and why it must only be read; None where it may be written to."""
    url = settings.resolved_database_url
    refuse_lost_database(url, settings.backup_folder)
    damage = find_damage(url)
    return open_database(url), damage


def make_app() -> CarefulApp:
    """The app for a gunicorn that somebody else starts (deploy/gunicorn.conf.py); settings from the environment."""
    keep_memory_small()
    settings = load_settings()
    settings.prepare_data_dir()
    logs.configure(settings.log)
    database, damage = _open_carefully(settings)
    app = create_app(settings, database)
    if damage is None:
        _offer_first_teacher(database, settings.public_url or "http://localhost:8000")
    database.dispose()
    rehearse(app)
    share_memory()
    return CarefulApp(app, settings.trusted_proxies)


def serve_forever(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Raises Invalid where the port is taken or the database is not ready."""
    keep_memory_small()
    settings.prepare_data_dir()
    _check_free(host, port)
    if settings.metrics:
        _check_free(*split_address(settings.metrics))
    base_url = _base_url(settings, host, port)
    logs.configure(settings.log)
    # The workers inherit the database's place and the folder of the counts.
    with being_open(settings.resolved_database_url), watching.counting(settings.metrics) as counted:
        database, damage = _open_carefully(settings)
        app = create_app(settings, database)
        if damage is None:
            _offer_first_teacher(database, base_url)  # only now: a link to an app that cannot start would be spent
        else:
            click.echo(f"The database is damaged: {damage}. It is only read. {HOW_TO_MEND}", err=True)
        database.dispose()  # no connection may be open in two processes
        rehearse(app)
        share_memory()
        options = _make_options(host, port, workers, base_url) | watching.make_options(settings)
        _Server(app, settings, options, counted).run()
