"""What a test may be, and what must stay once somebody has begun."""

import pytest
from pydantic import ValidationError

from quizapp.core.assessments.plan import Draw, Feedback, Plan, check_change, check_plan, refuse
from quizapp.core.errors import Invalid
from quizapp.core.messages import say

ASKING = Plan(cards=("birds/height",))


def test_a_plan_survives_being_written_down() -> None:
    plan = Plan(cards=("birds/height",), draws=(Draw(count=3, themes=("dates",)),), limit_minutes=20, confidence=True)
    assert Plan.model_validate_json(plan.model_dump_json()) == plan
    assert plan.questions == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit_minutes": 0},
        {"attempts": 0},
        {"cards": ("birds",)},
        {"cards": ("birds/height/more",)},
        {"feedback": "sometimes"},
        {"draws": ({"count": 0},)},
        {"draws": ({"count": 1, "paragraphs": (0,)},)},
        {"draws": ({"count": 1},) * 21},
        {"unknown": 1},
    ],
)
def test_what_makes_no_test_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Plan.model_validate(wrong)


def test_a_test_needs_questions_and_not_too_many() -> None:
    assert check_plan(ASKING, has_due=False) == {}
    assert "no questions" in check_plan(Plan(), has_due=False)["cards"]
    assert "201" in check_plan(Plan(cards=("birds/height",), draws=(Draw(count=200),)), has_due=False)["cards"]


def test_feedback_after_the_due_date_needs_one() -> None:
    plan = ASKING.model_copy(update={"feedback": Feedback.AFTER_DUE})
    assert list(check_plan(plan, has_due=False)) == ["due"]
    assert check_plan(plan, has_due=True) == {}


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ({}, {"cards": ("birds/food",)}, "cards"),
        ({}, {"draws": (Draw(count=1),)}, "cards"),
        ({}, {"confidence": True}, "confidence"),
        ({"attempts": 2}, {"attempts": 1}, "attempts"),
        ({"limit_minutes": 20}, {"limit_minutes": 19}, "limit_minutes"),
        ({}, {"limit_minutes": 60}, "limit_minutes"),
    ],
)
def test_once_begun_what_was_promised_stays(before: dict[str, object], after: dict[str, object], field: str) -> None:
    faults = check_change(ASKING.model_copy(update=before), ASKING.model_copy(update=before | after))
    assert list(faults) == [field]


def test_once_begun_more_time_more_attempts_and_other_feedback_are_fine() -> None:
    before = ASKING.model_copy(update={"limit_minutes": 20})
    more = {"limit_minutes": 30, "attempts": 3, "feedback": Feedback.NEVER, "introduction": "Good luck."}
    assert check_change(before, before.model_copy(update=more)) == {}
    assert check_change(before, before.model_copy(update={"limit_minutes": None})) == {}


def test_faults_are_refused_by_field() -> None:
    refuse({})
    with pytest.raises(Invalid) as refused:
        refuse({"cards": say("None.")})
    assert refused.value.fields == {"cards": "None."}
