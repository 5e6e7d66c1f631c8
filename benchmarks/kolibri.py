"""Quizapp beside Kolibri, both on this machine over loopback: answers recorded, pages shown, memory taken.

    python benchmarks/kolibri.py [--seconds 6] [--rounds 3]

Sixteen clients, each a learner of its own, record one answer after the other: in Kolibri an attempt at a question of an
exercise (``PUT /api/logger/trackprogress/…``), in Quizapp an answer to a card (``POST /api/v1/answers``), which is also
graded, scheduled and explained, and durable before the reply. Then they fetch pages: the sign-in page, the first page
of a learner who is signed in (Quizapp: the deck list), and the page where a learner studies (Kolibri has no page of
its own for that: its pages are all one script, which fetches the rest by further requests that are not counted here).
The clients are one thread that spends little (``closed_loop.py``), the same for both: sixteen threads of an ordinary
client took up to half of the machine from the faster server.
Both servers run as they come, Quizapp with four workers; the measurements take turns, round by round. Memory is the
sum of the proportional set sizes of all processes of a server after the load.

Kolibri is installed into ``.venv-bench/kolibri`` where it is missing (some 380 MB).
"""

import sys

sys.path = [*sys.path[1:], sys.path[0]]  # this folder last: its http.py is not the one that others mean

import argparse
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode, urlsplit

from closed_loop import Client as Asking
from closed_loop import Failed, Reply, drive, write_request
from herons import find_port, write_files

from quizapp.services import accounts
from quizapp.store.engine import Database

KOLIBRI = "0.19.5"
CLIENTS = 16
CARDS = 4000
PASSWORD = "three grey herons"  # noqa: S105 - of learners that live for a minute
_ROOT = Path(__file__).parent.parent
_BIN = Path(sys.executable).parent
_PEER = _ROOT / ".venv-bench" / "kolibri"
_JSON = {"Content-Type": "application/json"}


@dataclass(slots=True)
class Client:
    """One learner's connection: keeps cookies and headers, and sends one request after the other."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None
    asked: int = 0
    session: str = ""
    location: str = ""

    def follow(self, path: str) -> str:
        """Where an address leads in the end: only that page is measured."""
        for _ in range(5):
            self.location = ""
            self.send("GET", path)
            if not self.location:
                return path
            path = urlsplit(self.location).path
        raise SystemExit(f"{path} leads nowhere")

    def _name_headers(self, body: object, headers: dict[str, str] | None = None) -> dict[str, str]:
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        more = cookie | self.headers | (headers or ({} if body is None or isinstance(body, str) else _JSON))
        if "kolibri_csrftoken" in self.cookies:
            more["X-CSRFToken"] = self.cookies["kolibri_csrftoken"]
        return more

    def write(self, method: str, path: str, body: object = None) -> bytes:
        """A request as it goes over the line."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept-Encoding": "identity"} | self._name_headers(body)
        return write_request(method, path, f"127.0.0.1:{self.port}", headers, data)

    def send(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> str:
        """The text of a reply. Ends the whole run where it is not 200 or 201 (or leads elsewhere after a sign-in)."""
        data = body if isinstance(body, str) or body is None else json.dumps(body)
        more = self._name_headers(body, headers)
        for attempt in (1, 2):  # a server may have closed a connection that was silent
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.request(method, path, data, more)
                response = self.connection.getresponse()
                break
            except (http.client.HTTPException, ConnectionError):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
        text = response.read().decode()
        for said in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = said.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.location = response.headers.get("Location", "")
        if response.status >= 400:
            raise SystemExit(f"{method} {path} said {response.status}: {text[:500]}")
        return text


class QuizappLearner(Client):
    """A student of Quizapp: answers by access token, reads pages by cookie."""

    def write_answer(self) -> bytes:
        """The answer to the next card."""
        body = {"key": str(uuid.uuid4()), "card": f"deck/c{self.asked}", "revision": 1, "response": "heron"}
        self.asked += 1
        return self.write("POST", "/api/v1/answers", body | {"shown_ms": 900})

    def sign_in(self, name: str) -> None:
        """Sign in as a browser does."""
        page = self.send("GET", "/sign-in")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
        fields = {"csrf_token": token[1] if token else "", "name": name, "password": PASSWORD}
        self.send("POST", "/sign-in", urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})


def _check_answer(reply: Reply) -> None:
    if b'"correct":true' not in reply.text.replace(b" ", b""):
        raise Failed("that answer was right")


class KolibriLearner(Client):
    """A learner of Kolibri at an exercise."""

    def sign_in(self, name: str, facility: str) -> None:
        """Sign in and begin an exercise."""
        self.send("GET", "/en/auth/")
        self.send("POST", "/api/auth/session/", {"username": name, "password": PASSWORD, "facility": facility})
        begin = {"kind": "exercise", "mastery_model": {"type": "num_correct_in_a_row_5"}}
        begin |= {part: uuid.uuid4().hex for part in ("node_id", "content_id", "channel_id")}
        self.session = json.loads(self.send("POST", "/api/logger/trackprogress/", begin))["session_id"]

    def write_answer(self) -> bytes:
        """An attempt at the next question."""
        said = {"item": uuid.uuid4().hex, "correct": 1, "time_spent": 0.9, "answer": {}, "simple_answer": "heron"}
        self.asked += 1
        path = f"/api/logger/trackprogress/{self.session}/"
        return self.write("PUT", path, {"time_spent_delta": 0.9, "interactions": [said]})


@contextmanager
def _serve(command: list[str], extra: dict[str, str], port: int) -> Iterator[int]:
    """Run a server until it answers, give its process id, and end all its processes."""
    child = subprocess.Popen(
        command, env=os.environ | extra, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        until = time.monotonic() + 120
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if child.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.2)
        yield child.pid
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _measure_memory(group: int) -> float:
    """MB of all processes of a process group, what they share counted once."""
    kib = 0
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and os.getpgid(int(folder.name)) == group:
                found = re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(), re.MULTILINE)
                kib += int(found[1]) if found else 0
        except OSError:
            continue
    return kib / 1024


def _prepare_quizapp(folder: Path, names: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    write_files(folder, CARDS)
    extra = {"QUIZAPP_DATA_DIR": str(folder / "instance")}

    for arguments in (["db", "upgrade"], ["deck", "load", str(folder)]):
        subprocess.run([str(_BIN / "quizapp"), *arguments], env=os.environ | extra, check=True, capture_output=True)
    database, tokens = Database(f"sqlite:///{folder / 'instance' / 'quizapp.db'}"), {}
    for name in names:
        with database.writing() as session:
            accounts.add_user(session, name, accounts.Role.STUDENT, PASSWORD, datetime.now(UTC))
            tokens[name] = accounts.create_token_for(session, name, "benchmark", datetime.now(UTC))
    database.dispose()
    return extra, tokens


def _prepare_kolibri(folder: Path, names: list[str]) -> tuple[dict[str, str], str]:
    if not (_PEER / "bin" / "kolibri").exists():
        print(f"Installing Kolibri {KOLIBRI} into .venv-bench/kolibri…", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(_PEER)], check=True)
        subprocess.run([str(_PEER / "bin" / "pip"), "install", "-q", f"kolibri=={KOLIBRI}"], check=True)
    extra = {"KOLIBRI_HOME": str(folder), "LEARNERS": " ".join(names), "LEARNERS_PASSWORD": PASSWORD}
    kolibri = str(_PEER / "bin" / "kolibri")
    first = ["--facility", "School", "--preset", "formal", "--language_id", "en", "--noinput"]
    first += ["--superusername", "admin", "--superuserpassword", PASSWORD]
    provision = [kolibri, "manage", "provisiondevice", *first]
    subprocess.run(provision, env=os.environ | extra, check=True, capture_output=True)
    script = Path(__file__).with_name("peers") / "kolibri_learners.py"
    done = subprocess.run(
        [kolibri, "manage", "shell", "-c", f"exec(open({str(script)!r}).read())"],
        env=os.environ | extra,
        check=True,
        capture_output=True,
        text=True,
    )
    return extra, re.findall(r"^[0-9a-f]{32}$", done.stdout, re.MULTILINE)[-1]


def _report(name: str, own: list[float], peer: list[float], goal: str) -> None:
    ratio = median(mine / theirs for mine, theirs in zip(own, peer, strict=True))
    print(f"{name}: Quizapp {median(own):.0f} a second, Kolibri {median(peer):.0f}; {ratio:.1f} times (goal: {goal})")


def _run(options: argparse.Namespace, own: list[QuizappLearner], peer: list[KolibriLearner]) -> None:
    tasks: list[tuple[str, list[Asking], list[Asking], str]] = [
        (
            "answers",
            [Asking(each.port, each.write_answer, _check_answer) for each in own],
            [Asking(each.port, each.write_answer) for each in peer],
            "at least 8",
        ),
    ]
    strangers = [Client(each.port) for each in own], [Client(each.port) for each in peer]
    pages = (
        ("sign-in page", "/sign-in", "/en/auth/", *strangers),
        ("first page of a learner", "/", "/en/learn/", own, peer),
        ("study page beside that", "/study/deck", "/en/learn/", own, peer),
    )
    for name, mine, theirs, ours, others in pages:
        path = others[0].follow(theirs)
        print(f"{name}: {mine} beside {path}")
        here = [Asking(each.port, partial(each.write, "GET", mine)) for each in ours]
        there = [Asking(each.port, partial(each.write, "GET", path)) for each in others]
        tasks.append((name, here, there, "at least 5"))
    for name, here, there, goal in tasks:
        drive(here, 1), drive(there, 1)  # to warm up
        rates: tuple[list[float], list[float]] = ([], [])
        times: tuple[list[float], list[float]] = ([], [])
        for turn in range(options.rounds):
            for side, clients in ((0, here), (1, there))[:: -1 if turn % 2 else 1]:  # who goes first takes turns, too
                rate, every = drive(clients, options.seconds)
                rates[side].append(rate)
                times[side].extend(every)
        _report(name, *rates, goal)
        shown = [f"p50 {median(each) * 1e3:.0f} ms, p99 {quantiles(each, n=100)[98] * 1e3:.0f} ms" for each in times]
        print(f"  Quizapp {shown[0]}; Kolibri {shown[1]}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    names = [f"learner{number}" for number in range(CLIENTS)]
    ports = find_port(), find_port()
    with tempfile.TemporaryDirectory() as folder:
        extra, tokens = _prepare_quizapp(Path(folder) / "quizapp", names)
        peer_extra, facility = _prepare_kolibri(Path(folder) / "kolibri", names)
        own_command = [str(_BIN / "quizapp"), "serve", "--port", str(ports[0]), "--workers", "4"]
        peer_command = [str(_PEER / "bin" / "kolibri"), "start", "--port", str(ports[1]), "--foreground"]
        with _serve(own_command, extra, ports[0]) as own_pid, _serve(peer_command, peer_extra, ports[1]) as peer_pid:
            own = [QuizappLearner(ports[0], {"Authorization": f"Bearer {tokens[name]}"}) for name in names]
            peer = [KolibriLearner(ports[1]) for _ in names]
            for learner, other, name in zip(own, peer, names, strict=True):
                learner.sign_in(name)
                other.sign_in(name, facility)
            _run(options, own, peer)
            memory = _measure_memory(own_pid), _measure_memory(peer_pid)
    print(f"memory after the load: Quizapp {memory[0]:.0f} MB with four workers, Kolibri {memory[1]:.0f} MB")


if __name__ == "__main__":
    main()
