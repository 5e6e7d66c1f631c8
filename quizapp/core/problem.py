"""A problem found in a file: where it is, what is wrong, and what would be right."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``error``: nothing is loaded from the file. ``warning``: it can be loaded, and should be better."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a file.

    ``line`` and ``column`` count from 1. ``code`` is stable, so that people and scripts can rely on it.
    ``message`` says what is wrong, ``fix`` what to do about it.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    fix: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity} {self.code}: {self.message} {self.fix}".rstrip()
