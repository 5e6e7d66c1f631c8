"""The server keeps answering whoever sends whole requests, whatever others send or leave unsent."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plumbing.server import LiveServer

from quizapp import server as serving
from quizapp.server import RECEIVE_SECONDS

WHOLE = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
FORM = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Connection: close\r\n"
)
HALVES = {
    "silence": b"",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: local",
    "half a body": FORM + b"Content-Length: 500\r\n\r\nname=Bob",
    "half a chunk": FORM + b"Transfer-Encoding: chunked\r\n\r\nff\r\nname=Bob",
}


@contextlib.contextmanager
def _holding(server: LiveServer, data: bytes, times: int) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        held = []
        for _ in range(times):
            sock = stack.enter_context(
                socket.create_connection(("127.0.0.1", server.port), timeout=3 * RECEIVE_SECONDS)
            )
            sock.sendall(data)
            held.append(sock)
        yield held


def _receive(sock: socket.socket) -> bytes:
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while data := sock.recv(65_536):
            answer += data
    return answer


def _ask(server: LiveServer, data: bytes, patience: float = RECEIVE_SECONDS + 5) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as sock:
        sock.sendall(data)
        return _receive(sock)


@pytest.mark.parametrize("half", HALVES)
def test_requests_that_are_never_whole_do_not_stop_the_others(
    live_server: Callable[..., LiveServer], half: str
) -> None:
    server = live_server()
    # A body in chunks has to be waited for by a thread; everything else waits without one.
    with _holding(server, HALVES[half], 24 if half == "half a chunk" else 40) as held:
        time.sleep(0.2)
        assert _ask(server, WHOLE).startswith(b"HTTP/1.1 200")
        for sock in held:
            answer = _receive(sock)  # each is ended in the end
            assert answer == b"" or answer.split()[1] in (b"400", b"408")
    assert "Traceback" not in server.output


def test_a_head_that_comes_in_pieces_is_answered(live_server: Callable[..., LiveServer]) -> None:
    server = live_server()
    with socket.create_connection(("127.0.0.1", server.port), timeout=RECEIVE_SECONDS) as sock:
        for start in range(0, len(WHOLE), 7):
            sock.sendall(WHOLE[start : start + 7])
            time.sleep(0.01)
        assert _receive(sock).startswith(b"HTTP/1.1 200")


def test_two_requests_sent_at_once_are_both_answered(live_server: Callable[..., LiveServer]) -> None:
    first = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert _ask(live_server(), first + WHOLE).count(b"HTTP/1.1 200") == 2


def test_a_server_with_half_sent_requests_stops_soon(live_server: Callable[..., LiveServer]) -> None:
    server = live_server()
    with contextlib.ExitStack() as stack:
        for data in HALVES.values():
            stack.enter_context(_holding(server, data, 8))
        time.sleep(0.3)
        assert server.stop() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc",
    ],
)
def test_a_broken_body_is_the_senders_mistake(live_server: Callable[..., LiveServer], body: bytes) -> None:
    server = live_server()
    assert _ask(server, FORM + body).startswith(b"HTTP/1.1 400")
    assert "Traceback" not in server.output


def test_a_body_cut_short_is_no_crash(live_server: Callable[..., LiveServer]) -> None:
    server = live_server()
    with _holding(server, HALVES["half a chunk"], 1) as (sock,):
        sock.shutdown(socket.SHUT_WR)
        assert _receive(sock).startswith(b"HTTP/1.1 400")
    assert "Traceback" not in server.output


def test_a_body_that_drips_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "BODY_SECONDS", 0)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        arriving = serving._ArrivingBody(ours, lambda: False)
        theirs.sendall(b"a")
        assert arriving.recv(10) == b"a"
        with pytest.raises(TimeoutError):
            arriving.recv(10)


def _find_helper(server: LiveServer) -> int | None:
    """The process that works beside the server, by what Linux tells of all processes."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            environment = (folder / "environ").read_bytes().split(b"\0")
            named = (folder / "comm").read_text().strip() == "quizapp-work"
            if named and f"QUIZAPP_DATA_DIR={server.data_dir}".encode() in environment:
                return int(folder.name)
    return None


def _wait_for(find: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not find():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_helper_works_beside_the_server_is_started_again_and_ends_with_it(
    live_server: Callable[..., LiveServer],
) -> None:
    server = live_server()
    _wait_for(lambda: _find_helper(server))
    first = _find_helper(server)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    _wait_for(lambda: _find_helper(server) not in (None, first))
    assert server.stop() == 0
    assert _find_helper(server) is None
    assert "Traceback" not in server.output


def test_a_helper_ends_soon_after_a_server_that_was_killed(live_server: Callable[..., LiveServer]) -> None:
    server = live_server()
    _wait_for(lambda: _find_helper(server))
    helper = _find_helper(server)
    assert helper is not None
    os.kill(int(Path(f"/proc/{helper}/stat").read_text().rsplit(")", 1)[1].split()[1]), signal.SIGKILL)
    _wait_for(lambda: _find_helper(server) is None)
