"""What is kept beside the memory states is always what counting them would give."""

import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from plumbing import samples

from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import accounts, asking, merging, study
from quizapp.services.accounts import Role
from quizapp.services.asking import Question
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import queues, states
from quizapp.store.engine import Database
from quizapp.store.prepared import Prepared

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALENDAR = StudyCalendar(ZoneInfo("UTC"), time(4))
RULES = StudyRules(Scheduler(SchedulerSettings(), CALENDAR), CALENDAR, b"a secret for tests only")
HEAD = b"format: 1\nid: deck\ntitle: Herons\nlanguage: en\ntheme: nature\nsources: [herons]\ncards:\n"
CARD = """\
  - id: c{number}
    type: short
    prompt: What is asked by number {number}?
    answer: heron
    explanation: The text says so.
    citations:
      - {{source: herons, paragraph: 1, quote: heron}}
"""


def _load(database: Database, numbers: list[int]) -> None:
    data = HEAD + "".join(CARD.format(number=number) for number in numbers).encode()
    with database.writing() as session:
        report = load_files(session, [InputFile("herons.md", samples.SOURCE)], [InputFile("deck.yaml", data)], NOON)
    assert report.problems == ()


def _answer(database: Database, who: accounts.Viewer, card: str, response: str, now: datetime) -> str:
    key = str(uuid.uuid4())
    with database.writing() as session:
        study.answer_card(session, who, Submission("deck", card, 1, response), key, RULES, now)
    return key


def _next(database: Database, who: accounts.Viewer, now: datetime) -> str | None:
    with database.reading() as session:
        asked = asking.next_question(session, "deck", who, RULES, now)
    return asked.slug if isinstance(asked, Question) else None


def _count_slowly(database: Database, learner_id: int, now: datetime) -> tuple[int, int, int]:
    """New cards, steps of today and due reviews, counted without any help."""
    ends = int(RULES.day_ends(now).timestamp() * 1000)
    moment = int(now.timestamp() * 1000)
    in_use = "FROM card LEFT JOIN card_state s ON s.card_id = card.id AND s.learner_id = {} WHERE retired_at IS NULL"
    base = f"SELECT count(*) {in_use.format(learner_id)} AND "
    with database.reading() as session:
        run = session.connection().exec_driver_sql
        return (
            run(base + "s.card_id IS NULL").scalar_one(),
            run(base + f"s.phase <> 'review' AND s.due < {ends}").scalar_one(),
            run(base + f"s.phase = 'review' AND s.due <= {moment}").scalar_one(),
        )


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_counts_stay_true(database: Database, seed: int) -> None:
    dice = random.Random(seed)
    now, numbers, keys = NOON, list(range(6)), []
    _load(database, numbers)
    with database.writing() as session:
        bob = accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", now)
    for _ in range(60):
        match dice.choices(("answer", "undo", "load", "wait"), (8, 2, 1, 3))[0]:
            case "answer" if (card := _next(database, bob, now)) is not None:
                keys.append(_answer(database, bob, card, dice.choice(("heron", "egret")), now))
            case "undo" if keys:
                with database.writing() as session:
                    study.undo_answer(session, bob.learner_id, keys.pop(), now, rules=RULES)
            case "load":
                numbers = dice.sample(range(9), dice.randint(3, 8))
                _load(database, numbers)
            case "wait":
                now += timedelta(minutes=dice.choice((1, 20, 3_000, 20_000)))
        with database.reading() as session:
            assert states.find_miscounts(session) == 0
            counts = asking.count_queue(session, "deck", bob.learner_id, RULES, now)
        assert (counts.new, counts.learning, counts.due) == _count_slowly(database, bob.learner_id, now)


def test_the_first_new_card_is_found_whatever_was_answered_before(database: Database) -> None:
    _load(database, list(range(6)))
    with database.writing() as session:
        bob = accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", NOON)
    keys = {card: _answer(database, bob, card, "heron", NOON) for card in ("c3", "c0", "c1", "c5")}

    def list_new() -> list[int]:
        with database.reading() as session:
            return queues.list_new(session, bob.learner_id, 1, 9)

    assert len(list_new()) == 2
    first = list_new()[0]
    _answer(database, bob, "c2", "heron", NOON)
    assert first not in list_new()
    with database.writing() as session:
        study.undo_answer(session, bob.learner_id, keys["c0"], NOON, rules=RULES)
    assert len(list_new()) == 2
    assert _next(database, bob, NOON) == "c0"


def test_what_was_merged_is_counted(database: Database) -> None:
    _load(database, list(range(4)))
    with database.writing() as session:
        guest = accounts.start_guest(session, "192.0.2.1", NOON).viewer
        bob = accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", NOON)
    _answer(database, guest, "c0", "heron", NOON)
    _answer(database, guest, "c1", "heron", NOON)
    _answer(database, bob, "c1", "egret", NOON + timedelta(minutes=5))
    with database.writing() as session:
        merging.merge_guest(session, bob, guest.handle, RULES)
        assert states.find_miscounts(session) == 0
        assert asking.count_queue(session, "deck", bob.learner_id, RULES, NOON).new == 2


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE deck_progress SET seen = seen + 1",
        "UPDATE deck_progress SET frontier = 99",
        "DELETE FROM deck_progress",
        "UPDATE due_count SET cards = 7",
        "DELETE FROM due_count",
    ],
)
def test_a_wrong_count_is_noticed_and_put_right(database: Database, damage: str) -> None:
    _load(database, list(range(4)))
    with database.writing() as session:
        bob = accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", NOON)
    for minutes in (0, 20, 40):
        _answer(database, bob, "c0", "heron", NOON + timedelta(minutes=minutes))
    with database.writing() as session:
        session.connection().exec_driver_sql(damage)
        assert states.find_miscounts(session) > 0
        states.recount_learner(session, bob.learner_id)
        assert states.find_miscounts(session) == 0


@pytest.fixture
def explain(sqlite_database: Database) -> Callable[[Prepared, dict[str, object]], str]:
    """How SQLite goes about a statement."""

    def plan(statement: Prepared, values: dict[str, object]) -> str:
        with sqlite_database.reading() as session:
            compiled = statement.statement.compile(session.get_bind())
            written = str(compiled)
            bound = [values.get(name, 1) for name in compiled.positiontup]
            rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", tuple(bound)).all()
        return " | ".join(str(row[-1]) for row in rows)

    return plan


@pytest.mark.parametrize("name", ["_STEPS_DUE", "_REVIEWS_DUE", "_LATEST_DUE", "_NEW", "_COUNT", "_LOAD", "_NEXT"])
def test_what_waits_is_found_by_ranges_of_an_index(explain: Callable[..., str], name: str) -> None:
    plan = explain(getattr(queues, name), {})
    assert "SCAN card_state" not in plan
    assert "SCAN card" not in plan.replace("SCAN card_state", "")
    assert "SCAN due_count" not in plan


@pytest.mark.parametrize("name", ["_STEPS_DUE", "_REVIEWS_DUE", "_LATEST_DUE"])
def test_what_waits_is_read_from_the_index_alone(explain: Callable[..., str], name: str) -> None:
    plan = explain(getattr(queues, name), {})
    assert "USING COVERING INDEX ix_card_state_queue" in plan, plan
