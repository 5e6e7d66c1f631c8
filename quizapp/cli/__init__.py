"""The command line. Thin: it reads files and words, calls a service, and says what came of it."""

from quizapp.cli.base import cli
from quizapp.cli.entry import main

__all__ = ["cli", "main"]
