"""What the working process does: the kinds of jobs there are, and where it looks for work that nobody asked for."""

from datetime import datetime

from sqlmodel import Session

from quizapp.services import adopting, fitting
from quizapp.services.jobs import Read
from quizapp.services.privacy import sweeping
from quizapp.services.rules import StudyRules


def list_adoptions(rules: StudyRules) -> dict[str, Read]:
    """The jobs that bring learners to new fits; ``rules`` are the school's."""
    return {fitting.ADOPT: adopting.make_adoption(rules)}


def list_kinds(rules: StudyRules) -> dict[str, Read]:
    """All kinds of jobs."""
    return {fitting.FIT: fitting.read_fit, **list_adoptions(rules), **sweeping.list_kinds(rules)}


def look_around(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Jobs that should wait, found by looking: new learners of a class with a fit, people to be deleted, sweeps."""
    return [*fitting.find_unadopted(session), *sweeping.find_due(session, now)]
