"""What the working process does: the kinds of jobs there are, and where it looks for work that nobody asked for."""

from datetime import datetime

from sqlmodel import Session

from quizapp.services import adopting, fitting
from quizapp.services.jobs import Clock, Read
from quizapp.services.privacy import sweeping
from quizapp.services.reports import filing_work
from quizapp.services.reports.filing_work import SayIn
from quizapp.services.rules import StudyRules
from quizapp.store.engine import Database


def list_adoptions(rules: StudyRules) -> dict[str, Read]:
    """The jobs that bring learners to new fits; ``rules`` are the school's."""
    return {fitting.ADOPT: adopting.make_adoption(rules)}


def list_kinds(database: Database, rules: StudyRules, clock: Clock, say_in: SayIn = lambda _: str) -> dict[str, Read]:
    """All kinds of jobs; ``say_in`` says what stands in files in a reader's language."""
    own = {fitting.FIT: fitting.read_fit, **list_adoptions(rules), **sweeping.list_kinds(rules)}
    return own | filing_work.list_kinds(database, rules, clock, say_in)


def look_around(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Jobs that should wait, found by looking: new learners of a class with a fit, deletions, sweeps, files."""
    return [*fitting.find_unadopted(session), *sweeping.find_due(session, now), *filing_work.find_due(session, now)]
