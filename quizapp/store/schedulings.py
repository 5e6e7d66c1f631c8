"""What each review's ``model`` stands for: written down once, in the transaction of the first review that names it."""

from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from quizapp.core.learning.scheduling import Scheduler
from quizapp.core.learning.schedulings import to_json

_KEEP = sa.text("INSERT INTO scheduling (model, settings) VALUES (:model, :settings) ON CONFLICT (model) DO NOTHING")
_known: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()
"""The models that each engine of this process is known to have, so that answers need not ask."""


def keep(session: Session, scheduler: Scheduler) -> None:
    """Write down what a scheduler's model stands for, where that is not known to have been done."""
    known = _known.setdefault(session.bind, set())
    if scheduler.model in known:
        return
    session.execute(_KEEP, {"model": scheduler.model, "settings": to_json(scheduler.settings, scheduler.calendar)})

    def remember(_: object) -> None:
        known.add(scheduler.model)

    event.listen(session, "after_commit", remember, once=True)
