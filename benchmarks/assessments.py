"""A class sits a test at once: does every answer that was acknowledged arrive, and how long does a save take?

    python benchmarks/assessments.py [--students 200] [--questions 20] [--seconds 120] [--arrive 15] [--workers 4]

A server with a new SQLite database is started with so many workers; each student, a thread of its own, opens the test
at a random moment of the first seconds (``--arrive``), answers its questions at random moments until the given seconds
are over, each answer saved as the page's script saves it, and hands in. Then what the server acknowledged is compared
with what the database holds. Told as JSON: times in milliseconds, of the requests of the clients, which share the
machine's processors with the server.
"""

import sys

sys.path = sys.path[1:]  # this folder, whose http.py is not the one that others mean

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.timing import Window
from quizapp.services import accounts, classes
from quizapp.services.accounts import Role
from quizapp.services.assessments import editing
from quizapp.services.assessments.editing import Draft
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade

QUIZAPP = Path(sys.executable).with_name("quizapp")
START_SECONDS = 60
PATIENCE = 30


@dataclass
class Student:
    """One student at a client: cookies, what was acknowledged, how long it took, and what went wrong."""

    port: int
    cookies: dict[str, str]
    acknowledged: dict[int, str] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=lambda: {"begin": [], "save": [], "hand in": []})
    wrong: list[str] = field(default_factory=list)
    token: str = ""

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Send a request; gives status, place to go on, and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None if fields is None else urlencode(fields | {"csrf_token": self.token})
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for cookie in response.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return response.status, response.headers.get("Location", ""), text
        finally:
            connection.close()

    def timed(self, kind: str, path: str, fields: dict[str, str], good: int) -> tuple[str, str]:
        """The same for a form, with its time written down; a status that is not the good one goes wrong."""
        started = time.perf_counter()
        status, place, text = self.ask("POST", path, fields)
        self.times[kind].append((time.perf_counter() - started) * 1000)
        if status != good:
            raise RuntimeError(f"{kind}: {status} {text[:200]}")
        return place, text

    def sit(self, test: str, options: argparse.Namespace, seed: int) -> None:
        """Come to the test, answer all questions within the seconds, and hand in."""
        random = Random(seed)  # noqa: S311 - moments, not secrets
        comes = random.uniform(0, options.arrive)
        moments = sorted(random.uniform(0, options.seconds - comes) for _ in range(options.questions))
        try:
            time.sleep(comes)
            self._sit(test, moments)
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            self.wrong.append(f"{type(error).__name__}: {error}")

    def _sit(self, test: str, moments: list[float]) -> None:
        self._read_token(self.ask("GET", test)[2])
        attempt, _ = self.timed("begin", f"{test}/attempts", {}, 303)
        self._read_token(self.ask("GET", attempt)[2])
        client, began = str(uuid.uuid4()), time.perf_counter()
        for number, moment in enumerate(moments, start=1):
            time.sleep(max(0.0, began + moment - time.perf_counter()))
            said = str(uuid.uuid4())
            fields = {"client": client, "counter": str(number), f"q{number}-version": "0", f"q{number}-response": said}
            self.timed("save", f"{attempt}/answers/{number}", fields, 200)
            self.acknowledged[number] = said
        self.timed("hand in", attempt, {"client": client, "counter": "999", "go": "hand-in"}, 303)

    def _read_token(self, page: str) -> None:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if found is None:
            raise RuntimeError("the page has no form")
        self.token = found[1]


def make_deck(questions: int) -> bytes:
    """A deck of so many questions to be answered by typing."""
    cards = "".join(
        f"  - {{id: c{number}, type: short, prompt: Question {number}, answer: right}}\n" for number in range(questions)
    )
    return f"format: 1\nid: load\ntitle: Load\nlanguage: en\ntheme: load\ncards:\n{cards}".encode()


def set_up(database: Database, students: int, questions: int) -> tuple[str, list[str]]:
    """A class with a test; gives the test's address and the sign-ins of its students."""
    now = datetime.now(UTC)
    with database.writing() as session:
        load_files(session, [], [InputFile("load.yaml", make_deck(questions))], now)
    with database.writing() as session:
        teacher = accounts.add_user(session, "Alice", Role.TEACHER, "three grey herons", now)
    with database.writing() as session:
        taught = classes.create_class(session, teacher, "A large class", now)
    tokens = []
    for number in range(students):
        with database.writing() as session:
            opened = accounts.start_guest(session, f"place {number}", now)
        with database.writing() as session:
            classes.add_member(session, taught, opened.viewer.learner_id, opened.viewer.handle, now)
        tokens.append(opened.token)
    plan = Plan(cards=tuple(f"load/c{number}" for number in range(questions)), shuffle_questions=False)
    with database.writing() as session:
        handle = editing.create_test(session, teacher, Draft("Load", plan, Window(), taught.handle, holds=True), now)
    with database.writing() as session:
        editing.publish_test(session, teacher, handle, now)
    return f"/tests/{handle}", tokens


def start_server(data_dir: Path, workers: int, port: int) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers."""
    command = [str(QUIZAPP), "serve", "--port", str(port), "--workers", str(workers)]
    environment = os.environ | {"QUIZAPP_DATA_DIR": str(data_dir)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    server.terminate()
    raise SystemExit("the server did not start")


def count_lost(database: Database, students: Sequence[Student]) -> int:
    """How many acknowledged answers the database does not hold."""
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT position, typed FROM attempt_question").all()
    held = Counter((position, json.loads(typed)) for position, typed in rows if typed)
    return sum(not held[one] for student in students for one in student.acknowledged.items())


def summarise(times: Sequence[float]) -> dict[str, float]:
    """Number, median, 99th percentile and worst, in milliseconds."""
    ranked = sorted(times) or [0.0]
    at = {"p50": len(ranked) // 2, "p99": int(len(ranked) * 0.99), "worst": len(ranked) - 1}
    return {"n": len(times)} | {name: round(ranked[min(index, len(ranked) - 1)], 1) for name, index in at.items()}


def run(options: argparse.Namespace) -> dict[str, object]:
    """The whole run; gives what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        url = f"sqlite:///{data_dir / 'quizapp.db'}"
        upgrade(url)
        database = Database(url)
        test, tokens = set_up(database, options.students, options.questions)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = start_server(data_dir, options.workers, port)
        students = [Student(port, {"quizapp_sign_in": token}) for token in tokens]
        try:
            threads = [
                threading.Thread(target=one.sit, args=(test, options, options.seed + number))
                for number, one in enumerate(students)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            server.terminate()
            server.wait()
        lost = count_lost(database, students)
        database.dispose()
    return {
        "students": options.students,
        "workers": options.workers,
        "acknowledged": sum(len(one.acknowledged) for one in students),
        "lost": lost,
        "errors": sum(len(one.wrong) for one in students),
        "first errors": [error for one in students for error in one.wrong][:3],
        **{kind: summarise([each for one in students for each in one.times[kind]]) for kind in students[0].times},
    }


def main() -> None:
    """Read the options, run, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--arrive", type=float, default=15)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    print(json.dumps(run(parser.parse_args()), indent=1))


if __name__ == "__main__":
    main()
