"""A demo is a class like any other: its log replays, its counts agree, and everybody sees that it is made up."""

from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa

from quizapp.core.errors import Invalid
from quizapp.services import classes, demo, memory
from quizapp.services.accounts import Role, Viewer
from quizapp.services.demo import Demo, DemoPlan
from quizapp.services.rules import StudyRules
from quizapp.store.engine import Database

SMALL = DemoPlan("Alice", students=3, days=12, seed=4)


@pytest.fixture
def make(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., Demo]:
    """Make a demo."""

    def made(plan: DemoPlan = SMALL) -> Demo:
        with library_database.writing() as session:
            return demo.make_demo(session, plan, rules, noon)

    return made


def test_a_demo_is_a_class_of_made_up_students_with_a_sound_log(
    make, library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules
) -> None:
    alice = library_add_user("Alice", Role.TEACHER)
    made = make()
    assert made.answers > 20
    assert "(made up)" in made.name
    with library_database.reading() as session:
        members = classes.list_members(session, classes.load_taught_class(session, alice, made.handle))
    assert len(members) == 3
    assert all(member.last_name == "Demo" for member in members)
    with library_database.writing() as session:
        checked = memory.rebuild_states(session, rules, dry_run=True)
    assert (checked.differences, checked.miscounts, checked.unreadable) == ((), 0, ())


def test_the_same_seed_gives_the_same_number_of_answers(make, library_add_user: Callable[..., Viewer]) -> None:
    library_add_user("Alice", Role.TEACHER)
    first = make()
    other = make(DemoPlan("Alice", students=3, days=12, seed=5))
    assert other.handle != first.handle
    assert other.answers != first.answers


def test_nobody_has_answered_what_the_day_has_not_come_to(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> None:
    library_add_user("Alice", Role.TEACHER)
    early = noon.replace(hour=5)
    with library_database.writing() as session:
        made = demo.make_demo(session, DemoPlan("Alice", students=9, days=4, seed=1), rules, early)
    assert made.answers > 0
    with library_database.reading() as session:
        assert session.execute(sa.text("SELECT max(answered_at) FROM review")).scalar_one() < early.timestamp() * 1000


@pytest.mark.parametrize(
    "plan", [DemoPlan("Alice", students=0), DemoPlan("Alice", days=0), DemoPlan("Alice", students=10_000)]
)
def test_plans_out_of_bounds_are_refused(make, library_add_user: Callable[..., Viewer], plan: DemoPlan) -> None:
    library_add_user("Alice", Role.TEACHER)
    with pytest.raises(Invalid, match="demo"):
        make(plan)


def test_a_demo_needs_a_teacher_and_cards(
    make, database: Database, rules: StudyRules, noon: datetime, library_add_user: Callable[..., Viewer]
) -> None:
    library_add_user("Bob")
    with pytest.raises(Invalid):
        make(DemoPlan("Bob"))


def test_a_demo_without_cards_says_what_to_do(
    database: Database, rules: StudyRules, noon: datetime, add_user: Callable[..., Viewer]
) -> None:
    add_user("Alice", Role.TEACHER)
    with database.writing() as session, pytest.raises(Invalid, match="Load decks first"):
        demo.make_demo(session, SMALL, rules, noon)
