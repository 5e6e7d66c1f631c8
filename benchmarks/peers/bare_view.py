"""A bare Flask app for benchmarks/http.py: one view with one indexed read and one durable write, and nothing else.

Served by gunicorn with the worker that Quizapp uses. ``BARE_DATABASE`` names the SQLite file.
"""

import os
import threading

from flask import Flask, Response, request
from pysqlite3 import dbapi2 as sqlite

app = Flask(__name__)
_local = threading.local()
_TABLES = """
CREATE TABLE IF NOT EXISTS card (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, card_id INTEGER NOT NULL, response TEXT NOT NULL);
"""


def _connect() -> sqlite.Connection:
    if not hasattr(_local, "connection"):
        _local.connection = sqlite.connect(os.environ["BARE_DATABASE"], isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            _local.connection.execute(f"PRAGMA {pragma}")
    return _local.connection


def fill(cards: int) -> None:
    """Make the tables, and so many cards."""
    connection = _connect()
    connection.executescript(_TABLES)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO card VALUES (?, ?, ?)", ((number, f"c{number}", "heron") for number in range(cards))
    )
    connection.execute("COMMIT")


@app.post("/<slug>")
def answer(slug: str) -> Response:
    """Look a card up, write an answer down, and say what the card holds."""
    connection = _connect()
    connection.execute("BEGIN IMMEDIATE")
    card_id, body = connection.execute("SELECT id, body FROM card WHERE slug = ?", (slug,)).fetchone()
    connection.execute("INSERT INTO answer VALUES (?, ?, ?)", (request.form["key"], card_id, request.form["response"]))
    connection.execute("COMMIT")
    return Response(f"<p>{body}</p>", mimetype="text/html")
