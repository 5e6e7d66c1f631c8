"""Quizapp: learn from a text by cards whose answers the text proves."""

__version__ = "0.1.0"
