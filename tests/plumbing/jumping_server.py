"""``quizapp`` with a clock that jumps: run as ``python jumping_server.py FILE serve …``.

The hours in FILE, a number, are added to the time of every request: whoever writes there lets the clock jump. Done
here and not by libfaketime, which makes the waiting of Python's own ``sleep`` fail.
"""

import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from quizapp.cli import main
from quizapp.web import context

_FILE = Path(sys.argv.pop(1))


class _JumpingClock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_JumpingClock":
        real = super().now(tz)
        return real + timedelta(hours=float(_FILE.read_text(encoding="ascii") or "0"))


context.datetime = _JumpingClock  # type: ignore[misc]
main()
