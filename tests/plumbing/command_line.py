"""What a command of the command line printed, and the way to run one."""

from collections.abc import Callable
from typing import NamedTuple


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]
