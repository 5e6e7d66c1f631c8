"""The server keeps answering whoever sends whole requests, whatever others send or leave unsent."""

import contextlib
import os
import runpy
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plumbing.checkout import ROOT
from plumbing.server import LiveServer

from quizapp import worker as serving
from quizapp.server import THREADS, _make_options
from quizapp.worker import RECEIVE_SECONDS, ArrivingBody, Waits

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
    "the start of a large body": FORM + b"Content-Length: 500000\r\n\r\nname=Bob",
    "a body that wants to be asked for": FORM + b"Content-Length: 500\r\nExpect: 100-continue\r\n\r\n",
    "the start of a body that is not wanted": (
        b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\nname=Bob"
    ),
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
        with contextlib.suppress(ConnectionError):  # refused before all of it was sent
            sock.sendall(data)
        return _receive(sock)


@pytest.mark.parametrize("kinds", [tuple(HALVES)[:3], tuple(HALVES)[3:]], ids=["no thread waits", "threads wait"])
def test_requests_that_are_never_whole_do_not_stop_the_others(
    live_server: Callable[..., LiveServer], kinds: tuple[str, ...]
) -> None:
    server = live_server()
    with contextlib.ExitStack() as stack:
        each = 4 * THREADS  # of each kind alone as many as there are threads in four workers
        held = [sock for kind in kinds for sock in stack.enter_context(_holding(server, HALVES[kind], each))]
        time.sleep(0.2)
        for _ in range(10):
            assert _ask(server, WHOLE, patience=RECEIVE_SECONDS - 1).startswith(b"HTTP/1.1 200")
        for sock in held:
            answer = _receive(sock).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")  # each is ended in the end
            assert answer == b"" or answer.split()[1] in (b"400", b"404", b"408")
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


def test_no_header_says_where_the_app_is_or_how_it_was_asked(live_server: Callable[..., LiveServer]) -> None:
    server = live_server()
    plain = _ask(server, WHOLE)
    assert plain.startswith(b"HTTP/1.1 200")
    for headers in (
        b"SCRIPT_NAME: /healthz",
        b"SCRIPT_NAME: /elsewhere",
        b"PATH_INFO: /sign-in",
        b"REMOTE_USER: Alice",
        b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off",
    ):
        answer = _ask(server, WHOLE.replace(b"Connection", headers + b"\r\nConnection"))
        assert answer.splitlines()[0] == plain.splitlines()[0], headers
        assert answer.splitlines()[-1] == plain.splitlines()[-1], headers


def test_gunicorn_by_hand_believes_no_proxy_by_itself_either() -> None:
    by_hand = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    built_in = _make_options("127.0.0.1", 8000, 2, "http://127.0.0.1:8000")
    for name in ("forwarded_allow_ips", "forwarder_headers", "secure_scheme_headers"):
        assert by_hand[name] == built_in[name]
        assert not by_hand[name]


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
        arriving = ArrivingBody(ours, lambda: False, Waits(4, one_address=False), "10.0.0.1")
        theirs.sendall(b"a")
        assert arriving.recv(10) == b"a"
        with pytest.raises(TimeoutError):
            arriving.recv(10)


def test_a_body_may_take_longer_the_more_of_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "RECEIVE_SECONDS", 0)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        arriving = ArrivingBody(ours, lambda: False, Waits(4, one_address=False), "10.0.0.1")
        began = arriving._find_end()
        theirs.sendall(b"a" * serving.SLOWEST)
        arriving.recv(serving.SLOWEST)
        assert arriving._find_end() == pytest.approx(began + 1)


def test_half_of_the_threads_wait_for_bodies_and_for_one_address_a_quarter() -> None:
    waits = Waits(16, one_address=False)
    assert [waits.take("10.0.0.1") for _ in range(5)] == [True] * 4 + [False]
    assert [waits.take(f"10.0.1.{number}") for number in range(5)] == [True] * 4 + [False]
    waits.give_back("10.0.0.1")
    assert waits.take("10.0.1.4")


def test_behind_proxies_all_come_from_one_address() -> None:
    waits = Waits(16, one_address=True)
    assert [waits.take("10.0.0.1") for _ in range(9)] == [True] * 8 + [False]


def test_a_thread_that_may_not_wait_gives_up_at_once_and_one_that_ends_makes_room() -> None:
    waits = Waits(2, one_address=False)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        first, second = (ArrivingBody(ours, lambda: False, waits, "10.0.0.1") for _ in range(2))
        assert waits.take("10.0.0.1")
        with pytest.raises(TimeoutError):
            first.recv(10)
        first.end()
        waits.give_back("10.0.0.1")
        with pytest.raises(TimeoutError):
            ArrivingBody(ours, lambda: True, waits, "10.0.0.1").recv(10)
        theirs.sendall(b"a")
        assert second.recv(1) == b"a"


def test_who_never_closes_holds_nobody_up(live_server: Callable[..., LiveServer]) -> None:
    server = live_server()
    with _holding(server, WHOLE, 3 * 4 * THREADS) as held:
        answer = _ask(server, WHOLE, patience=2.5)  # where these held the threads, it would take three seconds or more
        assert answer.startswith(b"HTTP/1.1 200")
        for sock in held:
            assert _receive(sock).startswith(b"HTTP/1.1 200")


KEPT = FORM.replace(b"Connection: close\r\n", b"")
NOWHERE = KEPT.replace(b"/sign-in", b"/nowhere")
SECOND = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
UNREAD = {
    "too large": KEPT + b"Content-Length: 90000000\r\n\r\n",
    "too large in chunks": KEPT + b"Transfer-Encoding: chunked\r\n\r\n200000\r\n" + b"a" * 0x200000 + b"\r\n",
    "nothing there": NOWHERE + b"Content-Length: 900000\r\n\r\n",
    "nothing there, in chunks": NOWHERE + b"Transfer-Encoding: chunked\r\n\r\n",
    "two lengths": NOWHERE + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    "two equal lengths": NOWHERE + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
    "lengths in a list": NOWHERE + b"Content-Length: 5, 5\r\n\r\nabcde",
    "a length with a sign": NOWHERE + b"Content-Length: +5\r\n\r\nabcde",
    "a length of odd digits": NOWHERE + "Content-Length: ٥\r\n\r\nabcde".encode(),
    "a length in hex": NOWHERE + b"Content-Length: 0x5\r\n\r\nabcde",
    "length and chunks": NOWHERE + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": NOWHERE + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "chunks twice": NOWHERE + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks in disguise": NOWHERE + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "odd chunks": NOWHERE + b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\nabcde",
    "a space before the colon": NOWHERE + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded line": NOWHERE + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "an underscore": NOWHERE + b"Content_Length: 5\r\nTransfer-Encoding: gzip, x\r\n\r\nabcde",
    "chunks in HTTP/1.0": NOWHERE.replace(b"1.1", b"1.0", 1)
    + b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a lying chunk": NOWHERE + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
    "a chunk of no size": NOWHERE + b"Transfer-Encoding: chunked\r\n\r\n;\r\n0\r\n\r\n",
    "a bare line end": NOWHERE + b"Transfer-Encoding: chunked\r\n\r\n0\n\n",
    "a name of two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00\r\n\r\n",
}


def test_what_follows_a_request_that_was_not_read_to_its_end_is_no_request(
    live_server: Callable[..., LiveServer],
) -> None:
    server = live_server()
    for name, sent in UNREAD.items():
        answer = _ask(server, sent + SECOND)
        head = answer.partition(b"\r\n\r\n")[0].lower()
        assert (name, answer.count(b"HTTP/1.1 ")) == (name, 1)
        assert (name, head.split()[1][:1]) in ((name, b"4"), (name, b"5"))
        assert (name, b"connection: close" in head) == (name, True)
    assert "Traceback" not in server.output


def test_a_small_body_that_nobody_read_is_no_request_and_ends_no_connection(
    live_server: Callable[..., LiveServer],
) -> None:
    server = live_server()
    for size in (5, 60_000):
        answer = _ask(server, NOWHERE + b"Content-Length: %d\r\n\r\n" % size + b"a" * size + WHOLE)
        assert answer.count(b"HTTP/1.1 404") == 1
        assert answer.count(b"HTTP/1.1 200") == 1


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
