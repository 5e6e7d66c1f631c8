"""What is wrong with a log of reviews, or with a line of it."""

from quizapp.core.problem import Problem


class Fault(Exception):
    """What is wrong with a cell: a stable ``code``, the place of its ``column`` (from 0), what it is, what to do."""

    def __init__(self, code: str, message: str, fix: str, column: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.fix, self.column = code, message, fix, column

    def at(self, file: str, line: int) -> Problem:
        """The same as the problem of a line, counted from 1."""
        return Problem(file, line, self.column + 1, self.code, self.message, self.fix)


class BrokenLog(Exception):
    """The file as a whole, or all from a line on, cannot be read."""

    def __init__(self, line: int, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.line, self.fault = line, Fault(code, message, fix)
