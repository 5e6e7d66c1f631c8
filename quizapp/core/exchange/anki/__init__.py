"""Anki's deck packages, ``.apkg``, and collection packages, ``.colpkg``: read in all their formats, and written."""

from quizapp.core.exchange.anki.reading import read
from quizapp.core.exchange.anki.writing import write, write_new

__all__ = ["read", "write", "write_new"]
