"""Clocks that jump: what is due never shrinks or comes twice a study day, in any zone; no answer is lost meanwhile.

The calendar itself is held for every zone and every change of its clock in tests/core/learning/test_studyday.py.
"""

import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import plumbing
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plumbing import samples
from plumbing.answer_key import Entry
from plumbing.database_file import run_sql
from plumbing.ledger import answering, choose, compare, prove_states, tell, wait_for_answers
from plumbing.server import LiveServer

from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import asking, study
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import LearnerRow

EXAMPLES = choose(short=25, long=2_000)
JUMPS = (0, 366 * 24, -400 * 24, 26, -1, 0)
"""Hours, from the true time."""
TIMES = choose(short=1, long=20)
START = datetime(1995, 1, 1, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.integers(-60, 90), st.booleans()), min_size=3, max_size=12)


def _find_changes(zone: ZoneInfo) -> list[datetime]:
    """About when the clocks of a zone were changed, to the day."""
    days = [START + timedelta(days=number) for number in range(0, 36 * 365, 7)]
    changed = [day for day, later in pairwise(days) if zone.utcoffset(day) != zone.utcoffset(later)]
    return changed or days[:1]


def _make_rules(zone: ZoneInfo, start: time) -> StudyRules:
    calendar = StudyCalendar(zone, start)
    return StudyRules(Scheduler(SchedulerSettings(), calendar), calendar, b"a secret for tests only")


@pytest.fixture
def birds(sqlite_database: Database) -> Database:
    """A database with a deck."""
    with sqlite_database.writing() as session:
        load_files(session, [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)], START)
    return sqlite_database


def _add_learner(database: Database) -> Viewer:
    with database.writing() as session:
        row = LearnerRow(handle=str(uuid.uuid4()), created_at=START)
        session.add(row)
        session.commit()
        assert row.id is not None
        return Viewer(row.id, row.handle)


def _count_due(database: Database, who: Viewer, rules: StudyRules, now: datetime) -> int:
    with database.reading() as session:
        counts = asking.count_queue(session, "birds", who.learner_id, rules, now, extra=True)
    return counts.learning + counts.due


def _answer(database: Database, who: Viewer, rules: StudyRules, now: datetime, right: bool) -> None:
    """Answer what is asked; a card that went by days comes back on a later study day only."""
    with database.reading() as session:
        asked = asking.next_question(session, "birds", who, rules, now, extra=True)
    if not isinstance(asked, Question):
        return
    card = asked.ref.partition("/")[2]
    given = (samples.RIGHT if right else samples.WRONG)[card]
    rating = (3 if right else 1) if card == "name" else None
    submission = Submission("birds", card, 1, given, rating=rating)
    with database.writing() as session:
        study.answer_card(session, who, submission, str(uuid.uuid4()), rules, now)
    query = "SELECT phase, due FROM card_state JOIN card ON card.id = card_id WHERE learner_id = :who AND slug = :card"
    with database.reading() as session:
        phase, due = session.execute(sa.text(query), {"who": who.learner_id, "card": card}).one()
    if phase == "review":
        back = datetime.fromtimestamp(due / 1000, UTC)
        assert rules.calendar.day_of(back) > rules.calendar.day_of(now)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(available_timezones())),
    st.sampled_from([time(4), time(0), time(2, 30)]),
    st.randoms(use_true_random=False),
    STEPS,
)
def test_what_is_due_never_shrinks_by_waiting_nor_comes_twice_a_study_day(
    birds: Database, name: str, start: time, random: object, steps: list[tuple[int, bool]]
) -> None:
    zone = ZoneInfo(name)
    rules, who = _make_rules(zone, start), _add_learner(birds)
    now = random.choice(_find_changes(zone)) + timedelta(hours=random.randrange(24 * 7))  # type: ignore[attr-defined]
    for hours, right in steps:
        _answer(birds, who, rules, now, right)
        due = _count_due(birds, who, rules, now)
        for ahead in (1, 23, 25, 24 * 40):
            later = _count_due(birds, who, rules, now + timedelta(hours=ahead))
            assert later >= due
            due = later
        now += timedelta(hours=hours)


def test_no_answer_is_lost_while_the_clock_of_the_server_jumps(
    live_server: Callable[..., LiveServer], entries: list[Entry], tmp_path: Path
) -> None:
    loaded, clock = live_server(), tmp_path / "clock"
    loaded.stop()
    clock.write_text("0")
    program = [sys.executable, Path(plumbing.__path__[0]) / "jumping_server.py", clock]
    server = LiveServer(loaded.data_dir, tmp_path / "output.txt", program=program)
    server.start()
    try:
        with answering(server, entries) as clients:
            for hours in JUMPS * TIMES:
                clock.with_suffix(".new").write_text(str(hours))
                clock.with_suffix(".new").rename(clock)
                wait_for_answers(clients, 20)
    finally:
        server.kill()
    stored = compare(server.data_dir, clients.told, clients.asked)
    prove_states(server.data_dir)
    assert "Traceback" not in server.output
    moments = run_sql(server.data_dir, "SELECT max(answered_at) - min(answered_at) FROM review")
    assert moments[0][0] > timedelta(days=700) / timedelta(milliseconds=1)
    tell("R9 clocks", jumps=len(JUMPS) * TIMES, acknowledged=clients.acknowledged, stored=stored, lost=0)
