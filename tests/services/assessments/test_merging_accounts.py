"""Bob registered a second time as Robert and sat tests under both names: what becomes of the attempts."""

import pytest

from quizapp.core.assessments.plan import Plan
from quizapp.core.errors import Conflict
from quizapp.services import accounts, classes, merging_accounts
from quizapp.services.accounts import Viewer
from quizapp.services.assessments import students
from quizapp.services.memory import rebuild_states
from quizapp.store.assessments import ExceptionRecord
from quizapp.store.assessments_attempts import list_attempts_of
from tests.services.assessments.conftest import CARDS, School


@pytest.fixture
def robert(school: School) -> Viewer:
    """Bob's second account, in the same class."""
    with school.database.writing() as session:
        made = accounts.add_user(session, "Robert", accounts.Role.STUDENT, "three grey herons", school.noon)
        taught = classes.load_taught_class(session, school.alice, school.class_handle)
        classes.add_member(session, taught, made.learner_id, made.handle, school.noon)
    return made


def merge(school: School) -> int:
    """Put Robert into Bob; gives how many attempts came along."""
    with school.database.writing() as session:
        merged = merging_accounts.merge_accounts(session, "Bob", "Robert", school.rules, school.noon)
    return merged.moved.attempts


def sit(school: School, test: str, who: Viewer) -> str:
    """Begin a test and hand it in; gives the attempt."""
    attempt = school.begin(test, who=who)
    saved = school.make_save(1, "100 cm")
    school.save(attempt, saved, who=who)
    school.hand_in(test, attempt, who=who)
    return attempt


def attempts_of(school: School, who: Viewer) -> list[tuple[str, int]]:
    """Whose attempts there are, with their numbers."""
    with school.database.reading() as session:
        return [(one.handle, one.number) for one in list_attempts_of(session, who.learner_id)]


@pytest.mark.parametrize("name", ["Bob", "Robert"])
def test_while_either_is_sitting_a_test_nothing_is_merged(school: School, robert: Viewer, name: str) -> None:
    test = school.set_test(Plan(cards=CARDS[:1]))
    who = robert if name == "Robert" else school.bob
    attempt = school.begin(test, who=who)
    with pytest.raises(Conflict, match=f"“{name}” is sitting the test “Herons”"):
        merge(school)
    school.hand_in(test, attempt, who=who)
    assert merge(school) == (1 if who is robert else 0)
    assert attempts_of(school, school.bob) == [(attempt, 1)]


def test_attempts_are_numbered_on_and_their_answers_count_as_before(school: School, robert: Viewer) -> None:
    test = school.set_test(Plan(cards=CARDS[:1], attempts=2))
    own, other = sit(school, test, school.bob), sit(school, test, robert)
    assert merge(school) == 1
    assert attempts_of(school, school.bob) == [(own, 1), (other, 2)]
    with school.database.writing() as session:
        assert rebuild_states(session, school.rules, dry_run=True).differences == ()


def test_two_attempts_at_a_test_that_allows_one_want_the_teachers_word(school: School, robert: Viewer) -> None:
    test = school.set_test(Plan(cards=CARDS[:1]))
    sit(school, test, school.bob)
    sit(school, test, robert)
    with pytest.raises(Conflict, match=r"2 attempts together, and it allows 1.*more attempts at it"):
        merge(school)
    assert len(attempts_of(school, robert)) == 1
    with school.database.writing() as session:
        more = ExceptionRecord(extra_attempts=1)
        students.set_exception(session, school.alice, test, school.bob.handle, more, school.noon)
    assert merge(school) == 1
    assert [number for _, number in attempts_of(school, school.bob)] == [1, 2]
