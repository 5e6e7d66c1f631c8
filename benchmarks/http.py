"""How fast an answer is checked over HTTP, durable and explained, beside a bare Flask view that reads and writes once.

    python benchmarks/http.py [--answers 100] [--rounds 9]

There are two bare views: one speaks to the driver itself, which is as little as can be done, the other by SQLModel, as
an app of this stack is usually written. All are served by gunicorn with one worker of the kind that Quizapp uses, and
write to SQLite with ``synchronous=FULL``; one client sends one answer after the other over one connection, to all in
turns, so that whatever else the machine does weighs on all. Quizapp's answer is the study page's own: the form with its
token against forgery, and the verdict with the explanation and the passage. The same answer by the API, which says all
that as JSON, is measured too. In each round another learner answers, as many cards as somebody may on one day. Times
move with the machine: the ratio counts.
"""

import sys

sys.path = [*sys.path[1:], sys.path[0]]  # this folder last: its http.py is not the one that others mean

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from herons import find_port, write_files

from quizapp.services import accounts
from quizapp.store.setup import open_database

_BIN = Path(sys.executable).parent
_GOAL = 1.6
_BARE = {"bare view": "bare_view", "bare view by SQLModel": "bare_model_view"}
"""The two, each with its module in ``peers``."""


@contextmanager
def _serve(command: list[str], extra: dict[str, str], port: int) -> Iterator[http.client.HTTPConnection]:
    with subprocess.Popen(
        command, env=os.environ | extra, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            while socket.socket().connect_ex(("127.0.0.1", port)):
                if child.poll() is not None:
                    raise SystemExit(f"{command[0]} ended with {child.returncode}")
                time.sleep(0.1)
            yield connection
        finally:
            connection.close()
            child.terminate()


def _post(connection: http.client.HTTPConnection, path: str, fields: dict[str, str], headers: dict[str, str]) -> str:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode(fields), form | headers)
    response = connection.getresponse()
    page = response.read().decode()
    if response.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path} said {response.status}: {page[:500]}")
    return page


class Student:
    """A guest who answers one card of the deck after the other."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.connection = connection

    def begin(self) -> None:
        """Become another guest."""
        self.asked = 0
        self.cookies: dict[str, str] = {}
        self.connection.request("GET", "/study/deck")
        self.page = self._take(self.connection.getresponse())
        self.fields = {name: self._hidden(name) for name in ("csrf_token", "revision")}
        self.answer(redirected=True)  # makes the guest

    def _take(self, response: http.client.HTTPResponse) -> str:
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return response.read().decode()

    def _hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.page)
        if found is None:
            raise SystemExit(f"no field {name} in the study page")
        return found[1]

    def answer(self, *, redirected: bool = False) -> None:
        """Answer the next card; gives up unless the answer was right."""
        fields = self.fields | {"key": str(uuid.uuid4()), "card": f"c{self.asked}", "response": "heron"}
        self.asked += 1
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if redirected:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            self.connection.request("POST", "/study/deck", urlencode(fields), form | cookie)
            self._take(self.connection.getresponse())
        elif "The text says so." not in _post(self.connection, "/study/deck", fields, cookie | {"X-Fragment": "main"}):
            raise SystemExit("that was no verdict")


class Program:
    """Programs that answer the same cards by the API, each with an access token."""

    def __init__(self, connection: http.client.HTTPConnection, tokens: Iterable[str]) -> None:
        self.connection, self._tokens = connection, iter(tokens)

    def begin(self) -> None:
        """Become the next one."""
        self.asked = 0
        self.headers = {"Authorization": f"Bearer {next(self._tokens)}", "Content-Type": "application/json"}

    def answer(self) -> None:
        """Answer the next card; gives up unless the answer was right."""
        body = {"key": str(uuid.uuid4()), "card": f"deck/c{self.asked}", "revision": 1, "response": "heron"}
        self.asked += 1
        self.connection.request("POST", "/api/v1/answers", json.dumps(body), self.headers)
        if json.loads(self.connection.getresponse().read()).get("correct") is not True:
            raise SystemExit("that was no verdict")


class Bare:
    """The same number of answers for the bare view."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.connection, self.asked = connection, 0

    def begin(self) -> None:
        """Go on: nobody is anybody to a bare view."""

    def answer(self) -> None:
        """Answer the next card."""
        fields = {"key": str(uuid.uuid4()), "response": "heron"}
        _post(self.connection, f"/c{self.asked}", fields, {})
        self.asked += 1


def _measure(connection: http.client.HTTPConnection, answer: Callable[[], None], count: int) -> list[float]:
    connection.close()  # a server keeps silent ones only for a while; the next request opens it anew
    times = []
    for _ in range(count):
        start = time.perf_counter()
        answer()
        times.append(time.perf_counter() - start)
    return times


def _prepare(folder: Path, cards: int) -> dict[str, str]:
    write_files(folder, cards)
    extra = {"QUIZAPP_DATA_DIR": str(folder / "instance"), "BARE_DATABASE": str(folder / "bare.db")}
    extra["BARE_MODEL_DATABASE"] = str(folder / "bare-model.db")
    for arguments in (["db", "upgrade"], ["deck", "load", str(folder)]):
        subprocess.run([str(_BIN / "quizapp"), *arguments], env=os.environ | extra, check=True, capture_output=True)
    peers = str(Path(__file__).with_name("peers"))
    for name in _BARE.values():
        script = f"import {name}; {name}.fill({cards})"
        subprocess.run([sys.executable, "-c", script], env=os.environ | extra | {"PYTHONPATH": peers}, check=True)
    return extra | {"PYTHONPATH": peers}


def _add_programs(folder: Path, count: int) -> list[str]:
    """So many accounts, and an access token of each."""
    database = open_database(f"sqlite:///{folder}/instance/quizapp.db")
    now = datetime.now(UTC)
    tokens = []
    for number in range(count):
        with database.writing() as session:
            accounts.add_user(session, f"Bob {number}", accounts.Role.STUDENT, "three grey herons", now)
        with database.writing() as session:
            tokens.append(accounts.create_token_for(session, f"Bob {number}", "http", now))
    database.dispose()
    return tokens


def _take_turns(kinds: dict[str, Bare | Student | Program], answers: int, rounds: int) -> dict[str, list[list[float]]]:
    """Seconds of each answer, by kind and round."""
    times: dict[str, list[list[float]]] = {name: [] for name in kinds}
    for number in range(rounds + 1):
        for name, client in kinds.items():
            client.begin()
            measured = _measure(client.connection, client.answer, answers)
            if number:  # the first round is to warm up
                times[name].append(measured)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        extra = _prepare(Path(folder), 1 + options.answers * (options.rounds + 1))
        tokens = _add_programs(Path(folder), options.rounds + 1)
        kinds: dict[str, Bare | Student | Program] = {}
        for name, module in _BARE.items():
            port = find_port()
            kinds[name] = Bare(stack.enter_context(_serve(_bare_command(module, port), extra, port)))
        own = find_port()
        served = _serve([str(_BIN / "quizapp"), "serve", "--port", str(own), "--workers", "1"], extra, own)
        connection = stack.enter_context(served)
        kinds |= {"answer": Student(connection), "answer by the API": Program(connection, tokens)}
        _tell(_take_turns(kinds, options.answers, options.rounds))


def _bare_command(module: str, port: int) -> list[str]:
    command = [str(_BIN / "gunicorn"), "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "8"]
    return [*command, "-k", "quizapp.server.PatientWorker", f"{module}:app"]


def _tell(times: dict[str, list[list[float]]]) -> None:
    for name, rounds in times.items():
        every = [each for one_round in rounds for each in one_round]
        print(f"{name}: median {median(every) * 1e3:.2f} ms, p99 {quantiles(every, n=100)[98] * 1e3:.2f} ms")
    for bare in _BARE:
        for name in ("answer", "answer by the API"):
            ratios = [median(mine) / median(theirs) for mine, theirs in zip(times[name], times[bare], strict=True)]
            print(f"{name}, beside the {bare}: {median(ratios):.2f} times, round by round (goal: at most {_GOAL})")


if __name__ == "__main__":
    main()
