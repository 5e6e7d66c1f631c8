"""Anki's deck packages, ``.apkg``, and collection packages, ``.colpkg``: read in all their formats, and written."""

from quizapp.core.exchange.anki.reading import read
from quizapp.core.exchange.anki.writing import write

__all__ = ["read", "write"]
