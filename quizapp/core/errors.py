"""What can go wrong in a use case, in words that a person understands.

Each error carries what happened and what to do; the web and the command line choose the shape (page, problem document,
line on standard error).
"""

from collections.abc import Mapping


class QuizappError(Exception):
    """The base of all errors that are meant to be shown to a person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(QuizappError):
    """There is no such thing, or it is not yours: a stranger cannot tell the two apart."""


class Forbidden(QuizappError):
    """You are known, and may not do this."""


class Conflict(QuizappError):
    """The request does not fit what is stored, for example a key used twice for different answers."""


class Invalid(QuizappError):
    """What came in has the wrong shape or value.

    ``fields`` maps the name of each field at fault to a sentence about it.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class TooManyAttempts(QuizappError):
    """Someone tried too often; ``retry_after`` says in how many seconds it makes sense to come back."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
