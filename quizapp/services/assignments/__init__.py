"""Assignments of a class: made and changed by its teachers, done by its students, and the calendars of both."""
