"""The command line. Thin: it reads files and words, calls a service, and says what came of it."""

from quizapp.cli import (
    databases,
    db_copy,
    decks,
    demo,
    drafting,
    exchange,
    memory,
    privacy,
    reports,
    serving,
    sources,
    users,
)
from quizapp.cli.base import cli
from quizapp.cli.entry import main

__all__ = [
    "cli",
    "databases",
    "db_copy",
    "decks",
    "demo",
    "drafting",
    "exchange",
    "main",
    "memory",
    "privacy",
    "reports",
    "serving",
    "sources",
    "users",
]
