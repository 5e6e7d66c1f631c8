"""Assignments in the browser: the teacher's side, doing one, and calendars."""

from quizapp.web.assignments import calendar, learning, students, teaching
from quizapp.web.assignments.blueprint import bp

__all__ = ["bp", "calendar", "learning", "students", "teaching"]
