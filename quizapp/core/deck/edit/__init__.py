"""Changing a deck file without disturbing what does not change: see ``quizapp.core.deck.edit.revise``."""
