"""The process that talks to browsers: a gunicorn worker that nobody can hold up by sending slowly, oddly or not at all.

Gunicorn's own `timeout` says nothing about connections: it only ends a worker that is stuck as a whole.
"""

import contextlib
import os
import re
import select
import selectors
import signal
import socket
import struct
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from threading import Lock
from typing import Any

from flask import Flask
from gunicorn.http.body import LengthReader
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.http.message import Request
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker
from werkzeug.exceptions import BadRequest, RequestTimeout

RECEIVE_SECONDS = 10
"""Silence after which a request that is not whole yet is given up; its head must come within this time."""
BODY_SECONDS = 60
"""Time within which a whole body must come."""
SLOWEST = 4_000
"""Bytes a second, on the average and after the first seconds, below which a body is given up."""
_SEND_SECONDS = 30
_STOP_SECONDS = 2.0
"""So long a stopping worker waits for the request of a connection that it had taken before."""
_LEAVE_SECONDS = 1
_LARGEST_SEEN = 64 * 1024
"""Bytes of a request, its body included, that are waited for without a thread: all answers and most forms."""
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)


class Waits:
    """How many threads wait for bodies now: at most half of them, and for one address a quarter."""

    def __init__(self, threads: int, one_address: bool) -> None:
        """``one_address``: all connections come from proxies, which look after addresses themselves."""
        self._most = max(1, threads // 2)
        self._most_each = self._most if one_address else max(1, threads // 4)
        self._lock = Lock()
        self._waiting: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        """Begin to wait; False where too many do already."""
        with self._lock:
            if self._waiting.total() >= self._most or self._waiting[address] >= self._most_each:
                return False
            self._waiting[address] += 1
            return True

    def give_back(self, address: str) -> None:
        """End waiting."""
        with self._lock:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]


class ArrivingBody:
    """What gunicorn reads a body from: the socket, with an end to the waiting. A stopping server waits no longer."""

    def __init__(self, sock: socket.socket, is_stopping: Callable[[], bool], waits: Waits, address: str) -> None:
        self._sock = sock
        self._is_stopping = is_stopping
        self._waits = waits
        self._address = address
        self._is_waiting = False
        self._began = time.monotonic()
        self._received = 0

    def _find_end(self) -> float:
        spent = RECEIVE_SECONDS + self._received / SLOWEST
        return self._began + min(BODY_SECONDS, spent)

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        if poll.poll(0):
            return
        self._is_waiting = self._is_waiting or self._waits.take(self._address)
        until = min(self._find_end(), time.monotonic() + RECEIVE_SECONDS) if self._is_waiting else 0
        while not poll.poll(500 if self._is_waiting else 0):
            if time.monotonic() > until or self._is_stopping():
                self._received = -BODY_SECONDS * SLOWEST  # the page that says so may want to read the form again
                raise TimeoutError("the rest of the request did not come")

    def recv(self, size: int) -> bytes:
        """The next bytes. Raises TimeoutError where none come in time, or where too many threads wait already."""
        self._wait()
        data = self._sock.recv(size)
        self._received += len(data)
        return data

    def end(self) -> None:
        """Wait no more: the request is answered."""
        if self._is_waiting:
            self._waits.give_back(self._address)
        self._is_waiting = False


def _has_arrived(data: bytes) -> bool:
    """Whether enough of a request is there for a thread to serve it without waiting long."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return len(data) >= _LARGEST_SEEN
    length = _LENGTH.search(head + end)
    if length is None or b"\r\nexpect:" in head.lower():
        return True  # no body, one in chunks, or one that comes only when it is asked for
    return len(body) >= int(length[1]) or len(head) + int(length[1]) > _LARGEST_SEEN


def _leaves_a_rest(request: Request) -> bool:
    """Whether more of this request may still come, so that nobody knows where the next one begins.

    What is here already does no harm: gunicorn reads it away before the next request.
    """
    body = request.body
    if body.failed:
        return True
    if isinstance(body.reader, LengthReader):
        return int(body.reader.length) > len(request.unreader.buf.getvalue())
    return body.reader.parser is not None


class PatientWorker(ThreadWorker):
    """A gunicorn worker whose threads are not held by requests that never become whole.

    Until a request is there, or the head of a large one, its connection waits in the main loop and takes no thread; so
    does a connection that is closing, until the other side has read its answer. Where all connections are taken, those
    whose request is not whole go first.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._leaving: deque[TConn] = deque()
        self._waits = Waits(self.cfg.threads, one_address=False)

    def init_signals(self) -> None:
        """Meet signals, those that have come since the fork as well (``_Arbiter.spawn_worker``)."""
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_SETMASK, [])

    def load_wsgi(self) -> None:
        """Load the app, which knows whether there are proxies in front."""
        super().load_wsgi()
        self._waits = Waits(self.cfg.threads, one_address=getattr(self.wsgi, "proxies", 0) > 0)

    def handle(self, conn: TConn) -> object:
        """Serve one request, or put the connection back until more of it has come. Runs in a thread."""
        try:
            arrived = self._receive(conn)
        except OSError:
            arrived = False
        if arrived is not True:
            if arrived is _DEFER and not self.alive:  # a client let in a moment before the stop may be about to send
                conn.given_up_at = min(conn.given_up_at, time.monotonic() + _STOP_SECONDS)
            return arrived
        conn.given_up_at = None
        address = conn.client[0] if isinstance(conn.client, tuple) else ""
        body = ArrivingBody(conn.sock, lambda: not self.alive, self._waits, address)
        conn.parser.unreader.sock = body
        try:
            return super().handle(conn)
        finally:
            body.end()

    def handle_request(self, req: Request, conn: TConn) -> object:
        """Serve one request. Its answer says that the connection ends where a rest of the body may still come."""
        asks_to_close = req.should_close
        req.should_close = lambda: asks_to_close() or _leaves_a_rest(req)
        return super().handle_request(req, conn)

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

    def finish_request(self, conn: TConn, fs: "Future[object]") -> None:
        """Look after a connection whose request is served. Runs in the main loop."""
        if fs.cancelled() or fs.exception() is not None or fs.result():
            super().finish_request(conn, fs)
            if not self.alive and getattr(conn, "given_up_at", None) is not None:
                conn.timeout = min(conn.timeout, conn.given_up_at)
            return
        try:
            conn.sock.shutdown(socket.SHUT_WR)  # an end without this, and the other side could lose its answer
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_leaving_socket_readable, conn))
        except (OSError, ValueError):
            self._close(conn)
            return
        conn.timeout = time.monotonic() + _LEAVE_SECONDS
        self._leaving.append(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        conn.close()

    def _on_leaving_socket_readable(self, conn: TConn, _: object) -> None:
        """Throw away what still comes, until the other side has closed as well."""
        try:
            ended = not conn.sock.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            self._leaving.remove(conn)
            self._close(conn)

    def murder_pending(self) -> None:
        """Close connections whose time is over, and the oldest of those that send nothing whole where all are taken."""
        super().murder_pending()
        while self._leaving and self._leaving[0].timeout <= time.monotonic():
            self._close(self._leaving.popleft())
        for idle in (self.pending_conns, self.keepalived_conns):
            while idle and self.nr_conns >= self.max_keepalived:
                self._close(idle.popleft())

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


class CarefulApp:
    """The app, told apart from what gunicorn finds wrong with a body while the app reads it.

    ``proxies``: how many web servers stand in front.
    """

    def __init__(self, app: Flask, proxies: int) -> None:
        self._app = app
        self.proxies = proxies

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return self._app(environ, start_response)
