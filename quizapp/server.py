"""Serving the app with gunicorn."""

import contextlib
import os
import re
import select
import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker
from werkzeug.exceptions import BadRequest, RequestTimeout

from quizapp import watching
from quizapp.app import create_app
from quizapp.core.errors import Invalid
from quizapp.helpers import Helper, work
from quizapp.processes import keep_memory_small, share_memory
from quizapp.rehearsal import rehearse
from quizapp.services import accounts
from quizapp.services.backups import refuse_lost_database
from quizapp.settings import Settings, load_settings, split_address
from quizapp.store.engine import Database
from quizapp.store.presence import being_open
from quizapp.store.setup import HOW_TO_MEND, find_damage, open_database
from quizapp.web import logs

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
THREADS = 16
RECEIVE_SECONDS = 10
"""Silence after which a request that is not whole yet is given up; its head must come within this time."""
BODY_SECONDS = 60
"""Time within which a whole body must come."""
_SEND_SECONDS = 30
_LARGEST_SEEN = 64 * 1024
"""Bytes of a request, its body included, that are waited for without a thread: all answers and most forms."""
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)


def default_workers() -> int:
    """Few processes: a page takes a millisecond, and SQLite has one writer at a time."""
    return max(2, min(4, os.cpu_count() or 1))


class _ArrivingBody:
    """What gunicorn reads a body from: the socket, with an end to the waiting. A stopping server waits no longer."""

    def __init__(self, sock: socket.socket, is_stopping: Callable[[], bool]) -> None:
        self._sock = sock
        self._is_stopping = is_stopping
        self._until = time.monotonic() + BODY_SECONDS

    def recv(self, size: int) -> bytes:
        """The next bytes. Raises TimeoutError where none come in time."""
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        until = min(self._until, time.monotonic() + RECEIVE_SECONDS)
        while not poll.poll(500):
            if time.monotonic() > until or self._is_stopping():
                self._until = 0  # the page that says so may want to read the form again
                raise TimeoutError("the rest of the request did not come")
        return self._sock.recv(size)


def _hang_up(sock: socket.socket) -> None:
    """End a connection so that the other side still gets the answer; gunicorn would wait for it in its main loop."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(1)
        until = time.monotonic() + 1
        while time.monotonic() < until and sock.recv(65_536):
            pass
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _has_arrived(data: bytes) -> bool:
    """Whether enough of a request is there for a thread to serve it without waiting long."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return len(data) >= _LARGEST_SEEN
    length = _LENGTH.search(head + end)
    if length is None or b"\r\nexpect:" in head.lower():
        return True  # no body, one in chunks, or one that comes only when it is asked for
    return len(body) >= int(length[1]) or len(head) + int(length[1]) > _LARGEST_SEEN


class PatientWorker(ThreadWorker):
    """A gunicorn worker whose threads are not held by requests that never become whole.

    Until a request is there, or the head of a large one, its connection waits in the main loop and takes no thread.
    Gunicorn's own `timeout` says nothing about connections: it only ends a worker that is stuck as a whole.
    """

    def handle(self, conn: TConn) -> object:
        """Serve one request, or put the connection back until more of it has come. Runs in a thread."""
        try:
            arrived = self._receive(conn)
        except OSError:
            arrived = False
        if arrived is _DEFER and self.alive:
            return arrived
        kept: object = False
        if arrived is True:
            conn.given_up_at = None
            conn.parser.unreader.sock = _ArrivingBody(conn.sock, lambda: not self.alive)
            kept = super().handle(conn)
        if not kept:
            _hang_up(conn.sock)
        return kept

    def _receive(self, conn: TConn) -> object:
        """True: enough of a request is there. False: it will not come. _DEFER: not yet."""
        if not conn.initialized:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _SEND_SECONDS, 0))
            conn.init()
        if getattr(conn, "given_up_at", None) is None:
            conn.given_up_at = time.monotonic() + RECEIVE_SECONDS
        buffer = conn.parser.unreader.buf
        while not _has_arrived(buffer.getvalue()):
            try:
                data = conn.sock.recv(8192, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return _DEFER if time.monotonic() < conn.given_up_at else False
            if not data:
                return False
            buffer.seek(0, os.SEEK_END)
            buffer.write(data)
        return True

    def _cap_keepalive(self, deadline: float) -> None:
        """A stopping worker waits for no request that has not come."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


class _Body:
    """The body of a request; what is wrong with it is the sender's mistake and no crash of ours."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def _ask(self, name: str, *arguments: Any) -> Any:
        try:
            return getattr(self._body, name)(*arguments)
        except TimeoutError as error:
            raise RequestTimeout from error
        except (ParseException, NoMoreData) as error:
            raise BadRequest from error

    def read(self, *size: int) -> bytes:
        """The next bytes."""
        return bytes(self._ask("read", *size))

    def readline(self, *size: int) -> bytes:
        """The next line."""
        return bytes(self._ask("readline", *size))

    def readlines(self, *hint: int) -> list[bytes]:
        """The lines that are left."""
        return list(self._ask("readlines", *hint))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")


class _CarefulApp:
    """The app, told apart from what gunicorn finds wrong with a body while the app reads it."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return self._app(environ, start_response)


class _Arbiter(Arbiter):
    """Gunicorn's main process, which looks after the helpers as it does after its workers: each second."""

    def __init__(self, app: "_Server") -> None:
        self._helpers = app.helpers
        super().__init__(app)

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

    def __init__(self, app: Flask, options: dict[str, Any], counted: Path | None) -> None:
        self._app = app
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

    def load(self) -> _CarefulApp:
        """The app, made before the workers fork."""
        return _CarefulApp(self._app)


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
        token = accounts.offer_first_teacher(session, datetime.now(UTC))
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
    }


def _open_carefully(settings: Settings) -> tuple[Database, str | None]:
    """The database, and why it must only be read; None where it may be written to."""
    url = settings.resolved_database_url
    refuse_lost_database(url, settings.backup_folder)
    damage = find_damage(url)
    return open_database(url), damage


def make_app() -> _CarefulApp:
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
    return _CarefulApp(app)


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
        _Server(app, options, counted).run()
