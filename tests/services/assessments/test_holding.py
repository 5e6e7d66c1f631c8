"""A card that a test keeps out of study: the services themselves tell nothing of it, and take nothing for it."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.assessments.plan import Plan
from quizapp.services import asking, claims, study
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.holding import HeldBack
from quizapp.services.submissions import Submission

LEGS = Plan(cards=("birds/legs",))
WRONG = Submission("birds", "legs", 1, "blue")


@pytest.fixture
def earlier(school: Any) -> str:
    """Bob has answered the card, and claimed to have been right, before it came into Alice's test; gives the key."""
    key = str(uuid.uuid4())
    with school.database.writing() as session:
        study.answer_card(session, school.bob, WRONG, key, school.rules, school.noon)
        claims.make_claim(session, school.bob, key, "right", "", school.noon)
    return key


def _count_logged(session: Session) -> tuple[int, int]:
    reviews = session.execute(sa.text("SELECT count(*) FROM review WHERE undone_at IS NULL")).scalar_one()
    return reviews, session.execute(sa.text("SELECT sum(reps) FROM card_state")).scalar_one()


def _ways(school: Any, who: Viewer, key: str) -> dict[str, Callable[[Session], object]]:
    """All ways to the answer of a card that is named."""
    rules, noon, named = school.rules, school.noon, ("birds", "legs", 1)

    def answer(key: str) -> Callable[[Session], object]:
        return lambda session: study.answer_card(session, who, WRONG, key, rules, noon)

    return {
        "an answer": answer(str(uuid.uuid4())),
        "an answer sent again": answer(key),
        "an answer in a form": lambda session: asking.read_asked(session, *named, who, rules, noon),
        "the hint": lambda session: asking.same_question(session, *named, who, rules, noon, hint=True),
        "the back": lambda session: asking.same_question(session, *named, who, rules, noon, back=True),
        "the result": lambda session: study.view_result(session, who.learner_id, key, noon),
        "undo": lambda session: study.undo_answer(session, who.learner_id, key, noon, rules=rules),
    }


def test_no_service_tells_or_takes_anything_of_a_held_card(school: Any, earlier: str) -> None:
    school.set_test(LEGS, holds=True)
    with school.database.writing() as session:
        before = _count_logged(session)
    for way in _ways(school, school.bob, earlier).values():
        with school.database.writing() as session, pytest.raises(HeldBack, match="part of a test of yours"):
            way(session)
    with school.database.writing() as session:
        assert _count_logged(session) == before
        assert claims.list_own(session, school.bob.learner_id, school.noon) == ()


def test_a_held_card_is_everybody_elses_to_study(school: Any) -> None:
    school.set_test(LEGS, holds=True)
    with school.database.writing() as session:
        assert study.answer_card(session, school.charlie, WRONG, str(uuid.uuid4()), school.rules, school.noon)
        assert asking.same_question(session, "birds", "legs", 1, None, school.rules, school.noon, hint=True).hint


def test_the_card_is_bobs_again_once_the_test_is_over(school: Any, earlier: str) -> None:
    handle = school.set_test(LEGS, holds=True)
    attempt = school.begin(handle)
    school.hand_in(handle, attempt)
    with school.database.writing() as session:
        assert len(claims.list_own(session, school.bob.learner_id, school.noon)) == 1
    ways = _ways(school, school.bob, earlier)
    for name in ("undo", *(name for name in ways if name != "undo")):  # first: an answer that came since would stay
        with school.database.writing() as session:
            assert ways[name](session)


def test_an_answer_that_was_given_before_the_test_and_arrives_in_it_waits_as_well(school: Any) -> None:
    school.set_test(LEGS, holds=True)
    given = round((school.noon - timedelta(hours=1)).timestamp() * 1000)
    late, key = Submission("birds", "legs", 1, "yellow", given_at=given), str(uuid.uuid4())
    with school.database.writing() as session, pytest.raises(HeldBack):
        study.answer_card(session, school.bob, late, key, school.rules, school.noon)
