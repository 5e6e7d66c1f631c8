"""What Prometheus is told of the requests of all workers. Numbers by endpoint only: nothing about any person.

Each worker counts in files of its own in one folder (prometheus_client's multi-process mode); ``quizapp.watching`` adds
them up and serves them at an address of their own.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values

from quizapp.web.logs import name_endpoint, name_method, seconds_so_far

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_WAIT_SECONDS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 10.0)
_SIGN_INS = frozenset({"accounts.sign_in", "accounts.choose_password"})
REHEARSAL = "quizapp.rehearsal"
"""In the environment of a request that the server makes of itself (``quizapp.rehearsal``): it is not counted."""
_REFUSED = frozenset({401, 422, 429})


def use_folder(folder: Path) -> None:
    """Let this process and those it starts count in ``folder``. Call it before the first ``Metrics``."""
    os.environ[FOLDER] = str(folder)
    make_kind: Callable[[], Any] = values.MultiProcessValue
    values.ValueClass = make_kind()  # the library itself chooses at its import, before the settings are read


class Metrics:
    """The counters of one app."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._requests = Counter(
            "quizapp_requests", "Requests answered.", ["endpoint", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "quizapp_request_seconds",
            "Seconds until a response was made.",
            ["endpoint"],
            buckets=_REQUEST_SECONDS,
            registry=registry,
        )
        self._answers = Counter("quizapp_answers", "Answers recorded.", registry=registry)
        self._refused = Counter("quizapp_sign_in_failures", "Attempts to sign in that failed.", registry=registry)
        self._errors = Counter(
            "quizapp_database_errors", "Requests ended by an error of the database.", ["kind"], registry=registry
        )
        self._writers = Gauge(
            "quizapp_writers_waiting",
            "Requests that wait for their turn to write to SQLite.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._waits = Histogram(
            "quizapp_write_wait_seconds",
            "Seconds waited for a turn to write.",
            buckets=_WAIT_SECONDS,
            registry=registry,
        )
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A writer stands in line until the block ends."""
        begun = time.perf_counter()
        self._writers.inc()
        try:
            yield
        finally:
            self._writers.dec()
            self._waits.observe(time.perf_counter() - begun)

    def count(self, response: Response) -> Response:
        """Count a request by what came of it."""
        if REHEARSAL in request.environ:
            return response
        endpoint, status = name_endpoint(), response.status_code
        key = (endpoint, name_method(), status)
        counter = self._counters.get(key)
        if counter is None:  # the library's own look-up takes longer than the counting
            counter = self._counters[key] = self._requests.labels(*map(str, key))
        counter.inc()
        seconds = self._histograms.get(endpoint)
        if seconds is None:
            seconds = self._histograms[endpoint] = self._seconds.labels(endpoint)
        seconds.observe(seconds_so_far())
        if "database_error" in g:
            self._errors.labels(g.database_error).inc()
        if endpoint in _SIGN_INS and status in _REFUSED:
            self._refused.inc()
        if status < 400 and "writer" in g and (recorded := g.writer.info.pop("recorded", 0)):
            self._answers.inc(recorded)
        return response


def init_app(app: Flask) -> Metrics:
    """Count the requests of an app. Call it before the others: what is counted is the response as it goes out."""
    metrics = Metrics()
    app.after_request(metrics.count)
    return metrics
