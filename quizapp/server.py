"""Serving the app with gunicorn."""

import os
import socket
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from quizapp.app import create_app
from quizapp.core.errors import Invalid
from quizapp.services import accounts
from quizapp.settings import Settings
from quizapp.store.setup import open_database

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
THREADS = 4


def default_workers() -> int:
    """Few processes: a page takes a millisecond, and SQLite has one writer at a time."""
    return max(2, min(4, os.cpu_count() or 1))


class _Server(BaseApplication):
    """Gunicorn with our settings instead of a file."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app, made before the workers fork."""
        return self._app


def _base_url(settings: Settings, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return settings.public_url or f"http://{shown}:{port}"


def _check_free(host: str, port: int) -> None:
    """Raise Invalid where something else listens already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Invalid(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port: quizapp serve --port 8001,"
                " or PORT=8001 make run."
            ) from error


def _offer_first_teacher(settings: Settings, base_url: str) -> None:
    database = open_database(settings.resolved_database_url)
    with database.writing() as session:
        token = accounts.offer_first_teacher(session, datetime.now(UTC))
    database.dispose()
    if token is not None:
        click.echo(
            f"No teacher yet. Open this link once, within a day, to become the first:\n  {base_url}/welcome/{token}"
        )


def serve_forever(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Raises Invalid where the port is taken or the database is not ready."""
    settings.prepare_data_dir()
    _check_free(host, port)
    base_url = _base_url(settings, host, port)
    _offer_first_teacher(settings, base_url)
    app = create_app(settings)
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = {
        "bind": shown,
        "workers": workers,
        # Threads, because browsers open connections ahead of need: one that stays silent would hold a sync worker.
        "worker_class": "gthread",
        "threads": THREADS,
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 20,
        "loglevel": "warning",
        "when_ready": lambda _: click.echo(f"Quizapp is ready at {base_url} (Ctrl+C stops it)"),
        "control_socket_disable": True,
    }
    _Server(app, options).run()
