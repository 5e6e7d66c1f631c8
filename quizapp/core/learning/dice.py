"""Chance for simulations: the same seed gives the same numbers, on every machine and in every version of Python."""

import hashlib
import struct
from collections.abc import Iterator
from typing import Protocol

_UNIT = 2.0**-53


class Rolls(Protocol):
    """Whatever gives numbers from 0 to below 1, one after the other."""

    def roll(self) -> float:
        """The next number."""


class Dice:
    """An endless stream of numbers from 0 to below 1, all equally likely, that hangs on nothing but the seed."""

    def __init__(self, seed: bytes) -> None:
        self._numbers = self._draw(seed)

    @staticmethod
    def _draw(seed: bytes) -> Iterator[float]:
        start = hashlib.sha256(seed).digest()
        count = 0
        while True:
            block = hashlib.sha256(start + count.to_bytes(8)).digest()
            yield from ((number >> 11) * _UNIT for number in struct.unpack("<4Q", block))
            count += 1

    def roll(self) -> float:
        """The next number."""
        return next(self._numbers)
