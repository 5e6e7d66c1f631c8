"""Clients that cost little: each sends its next request when the reply to the last one is there, all in one thread.

Sixteen threads of an ordinary HTTP client take up to half of what a fast server takes, so that on one machine the
faster of two servers is the one that is slowed down. These build a request once, and of a reply they read its status,
its length and its text.
"""

import re
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:\s*chunked", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection:\s*close", re.IGNORECASE)
_WITHOUT_TEXT = (204, 304)
_WANTED = (200, 201)


class Failed(Exception):
    """A reply that is none of those that were asked for."""


@dataclass(slots=True)
class Reply:
    """What came back: ``text`` as it was sent, chunks and all."""

    status: int
    head: bytes
    text: bytes


def write_request(method: str, path: str, host: str, headers: dict[str, str], body: bytes | None = None) -> bytes:
    """A request as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def read_reply(data: bytes) -> Reply | None:
    """The reply in what has come so far; None while it is not whole."""
    head, end, text = data.partition(b"\r\n\r\n")
    if not end:
        return None
    status = int(head[9:12])
    if status in _WITHOUT_TEXT:
        return Reply(status, head, b"")
    if (length := _LENGTH.search(head)) is not None:
        return Reply(status, head, text) if len(text) >= int(length[1]) else None
    if _CHUNKED.search(head) is not None:
        return Reply(status, head, text) if text.endswith(b"0\r\n\r\n") else None
    raise Failed(f"a reply that does not say where it ends: {head!r}")


@dataclass(slots=True)
class Client:
    """One client: makes requests by ``make``, and looks at each reply by ``check`` (which may raise Failed)."""

    port: int
    make: Callable[[], bytes]
    check: Callable[[Reply], None] = lambda _: None
    times: list[float] = field(default_factory=list)
    _socket: socket.socket | None = None
    _began: float = 0.0
    _received: bytes = b""

    def begin(self, watched: selectors.BaseSelector) -> None:
        """Send the next request."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            watched.register(self._socket, selectors.EVENT_READ, self)
        request = self.make()
        self._received = b""
        self._began = time.perf_counter()
        self._socket.sendall(request)

    def go_on(self, watched: selectors.BaseSelector) -> bool:
        """Read what has come; whether the reply is whole. Raises Failed for an error or the end of the connection."""
        assert self._socket is not None
        data = self._socket.recv(1 << 18)
        if not data:
            raise Failed("the connection ended before the reply")
        self._received = self._received + data if self._received else data
        reply = read_reply(self._received)
        if reply is None:
            return False
        self.times.append(time.perf_counter() - self._began)
        if reply.status not in _WANTED:
            raise Failed(f"{reply.status}: {reply.text[:300]!r}")
        self.check(reply)
        if _CLOSES.search(reply.head):
            self.end(watched)
        return True

    def end(self, watched: selectors.BaseSelector) -> None:
        """Close the connection."""
        if self._socket is not None:
            watched.unregister(self._socket)
            self._socket.close()
            self._socket = None


def drive(clients: list[Client], seconds: float) -> tuple[float, list[float]]:
    """Requests a second of all clients together, and how long each took, in seconds. Raises Failed."""
    with selectors.DefaultSelector() as watched:
        began = time.perf_counter()
        until = began + seconds
        for client in clients:
            client.times.clear()
            client.begin(watched)
        open_ones = len(clients)
        while open_ones:
            events = watched.select(60)
            if not events:
                raise Failed("no reply for a minute")
            for key, _ in events:
                client = key.data
                if not client.go_on(watched):
                    continue
                if time.perf_counter() < until:
                    client.begin(watched)
                else:
                    open_ones -= 1
        took = time.perf_counter() - began
        for client in clients:
            client.end(watched)
    every = [each for client in clients for each in client.times]
    return len(every) / took, every
