"""Tests in the browser: the teacher's side, sitting one, and keeping its cards out of study meanwhile."""

from quizapp.web.assessments import guard, sitting, teaching
from quizapp.web.assessments.blueprint import bp

__all__ = ["bp", "guard", "sitting", "teaching"]
