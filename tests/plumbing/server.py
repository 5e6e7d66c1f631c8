"""A real server for the tests: ``quizapp serve`` in a process of its own, with a data directory of its own."""

import contextlib
import http
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
QUIZAPP = Path(sys.executable).with_name("quizapp")
_START_SECONDS = 240
_STOP_SECONDS = 90


class ServerFailed(AssertionError):
    """The server did not do as asked; the message holds its output."""


def find_free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _is_open(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def make_environment(data_dir: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of a ``quizapp`` command: that of the tests less every setting, save the ones given here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUIZAPP_", "MAKE"))}
    return kept | {"PYTHONUNBUFFERED": "1", "QUIZAPP_DATA_DIR": str(data_dir)} | extra


def run_quizapp(
    data_dir: Path, *arguments: str, typed: str = "", extra: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    """Run ``quizapp ARGUMENTS`` to its end and give its exit status, output and errors."""
    return subprocess.run(
        [QUIZAPP, *arguments],
        cwd=CHECKOUT,
        env=make_environment(data_dir, extra),
        input=typed,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


class LiveServer:
    """A server that can be stopped, killed and started again on the same data and the same port."""

    def __init__(
        self,
        data_dir: Path,
        log: Path,
        *,
        through_make: bool = False,
        extra: Mapping[str, str] = {},
        program: Sequence[str | Path] = (QUIZAPP,),
    ) -> None:
        self.data_dir = data_dir
        self.port = find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._extra = dict(extra)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._command: Sequence[str | Path] = (
            ["make", "--no-print-directory", "run", f"PORT={self.port}"]
            if through_make
            else [*program, "serve", "--port", str(self.port)]
        )

    @property
    def output(self) -> str:
        """What the server has printed since its first start, errors among it."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    @property
    def pid(self) -> int:
        """The process id of the server's main process, which leads a process group of its own."""
        assert self._process is not None, "the server does not run"
        return self._process.pid

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run another ``quizapp`` command on the same data."""
        return run_quizapp(self.data_dir, *arguments, typed=typed, extra=self._extra)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=CHECKOUT,
                env=make_environment(self.data_dir, self._extra),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise ServerFailed(f"the server did not start:\n{self.output}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> int:
        """Ask the server to stop, as an administrator would; give its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise ServerFailed(f"the server did not stop:\n{self.output}") from error
        finally:
            self.kill()

    def kill(self) -> None:
        """End the server and all its workers at once, as a power cut would (SIGKILL)."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        # The workers die a moment after the process that is waited for; until then the port answers.
        deadline = time.monotonic() + _STOP_SECONDS
        while _is_open(self.port):
            if time.monotonic() > deadline:
                raise ServerFailed(f"something still listens on port {self.port}:\n{self.output}")
            time.sleep(0.02)

    def restart(self) -> None:
        """Stop and start again on the same data."""
        self.stop()
        self.start()
