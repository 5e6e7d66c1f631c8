"""Request ids, and logs that programs can read: one JSON object a line, without anything about a person.

A line names the endpoint and never the address asked for, which may hold a code or a token. Of messages it takes the
words of the program and numbers; texts that were put into them are left out, and so are the words of exceptions: those
of a database quote what was being written.
"""

import json
import logging
import logging.config
import re
import secrets
import time
import traceback
from typing import Any, cast

from flask import Flask, Response, has_request_context, request

requests_log = logging.getLogger("quizapp.requests")

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9-]{8,64}")
_ID, _BEGUN = "quizapp.request_id", "quizapp.begun"
_OUR_LOGGERS = ("quizapp", "gunicorn")
"""Whose messages are known to be constant words with values to put in."""
_MOST_FRAMES = 20
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def request_id() -> str:
    """The id of this request: that of the ``X-Request-ID`` header where it is one, else a new one."""
    environ = request.environ  # plain look-ups: each request comes by here
    known = environ.get(_ID)
    if known is None:
        sent = environ.get("HTTP_X_REQUEST_ID")
        known = environ[_ID] = sent if sent and _SANE.fullmatch(sent) else secrets.token_hex(8)
    return cast(str, known)


def name_method() -> str:
    """The method of this request; what is no method of HTTP is one of "other"."""
    return request.method if request.method in _METHODS else "other"


def name_endpoint() -> str:
    """The endpoint of this request, which says what was asked for and not by whom or about whom."""
    return request.endpoint or "none"


def seconds_so_far() -> float:
    """How long this request has taken."""
    now = time.perf_counter()
    return now - cast(float, request.environ.get(_BEGUN, now))


def _begin() -> None:
    request.environ[_BEGUN] = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers.add(HEADER, request_id())
    if requests_log.isEnabledFor(logging.INFO):
        requests_log.info(
            "request",
            extra={
                "fields": {
                    "method": name_method(),
                    "endpoint": name_endpoint(),
                    "status": response.status_code,
                    "ms": round(1_000 * seconds_so_far(), 2),
                    "bytes": response.content_length,
                }
            },
        )
    return response


def _tell(value: object) -> object:
    """What may be told of a value in a message: a number, or the kind of an exception."""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        state = getattr(value, "sqlstate", None)  # PostgreSQL's five letters for what went wrong
        return f"{type(value).__name__} {state}" if state else type(value).__name__
    return "…"


def _list_frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


class JsonFormatter(logging.Formatter):
    """Log records as JSON lines without personal data."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without its end."""
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "time": f"{seconds}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.partition(".")[0] in _OUR_LOGGERS:
            line["message"] = str(record.msg)
        if record.args:
            given = record.args if isinstance(record.args, tuple) else tuple(record.args.values())
            line["values"] = [_tell(value) for value in given]
        line |= getattr(record, "fields", None) or {"place": f"{record.filename}:{record.lineno}"}
        if has_request_context():
            line["request_id"] = request_id()
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = _tell(error)
            line["frames"] = _list_frames(error)
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


JSON_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "quizapp": {"level": "INFO"},
        "quizapp.requests": {"level": "INFO"},
        "gunicorn.error": {"level": "WARNING"},
        "gunicorn.access": {"level": "CRITICAL"},
    },
}
"""For ``logging.config``, and for gunicorn, which sets up the logging of its processes once more."""


def configure(kind: str) -> None:
    """Let this process log to standard error, as "text" or as "json"; with "json" each request has a line."""
    requests_log.setLevel(logging.WARNING)
    if kind == "json":
        logging.config.dictConfig(JSON_LOGGING)
        logging.captureWarnings(True)


def init_app(app: Flask) -> None:
    """Give every request an id and, where asked for, a line in the log. Call it first: it sees what the others do."""
    app.before_request(_begin)
    app.after_request(_end)
    app.jinja_env.globals["request_id"] = request_id
