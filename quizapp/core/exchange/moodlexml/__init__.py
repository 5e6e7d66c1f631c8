"""Moodle XML, the format in which Moodle's question bank keeps most: read and write."""

from quizapp.core.exchange.moodlexml.reading import read
from quizapp.core.exchange.moodlexml.writing import write

__all__ = ["read", "write"]
