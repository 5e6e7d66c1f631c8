"""The pages about what is kept of people, and the record of who looked."""

from quizapp.web.privacy.blueprint import bp

__all__ = ["bp"]
