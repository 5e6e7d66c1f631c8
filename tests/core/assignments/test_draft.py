from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from quizapp.core.assignments.dates import Dates
from quizapp.core.assignments.draft import AssignmentOffer, TypedAssignment, read_assignment
from quizapp.core.errors import Invalid
from quizapp.core.learning.examdraft import Offered
from quizapp.core.learning.examscope import ExamScope, TextPart

OFFER = AssignmentOffer(
    Offered({"birds"}, {"size"}, {"herons": 3}), {"nature"}, {"t-1": "The test"}, {"g-1", "g-2"}, {"s-1"}
)
TYPED = TypedAssignment(title=" Read  on ", decks=("birds",), due="2027-01-31T14:30")


def read(typed: TypedAssignment):
    return read_assignment(typed, OFFER, ZoneInfo("UTC"))


def faults(**fields: object) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        read(replace(TYPED, **fields))  # type: ignore[arg-type]
    return dict(error.value.fields)


def test_what_was_typed_is_understood() -> None:
    draft = read(replace(TYPED, instructions="a\r\nb\x00 "))
    assert (draft.title, draft.instructions, draft.for_class) == ("Read on", "a\nb", True)
    assert draft.scope == ExamScope(decks=("birds",))
    assert draft.dates == Dates(due=datetime(2027, 1, 31, 14, 30, tzinfo=UTC))


def test_themes_stand_alone_or_beside_all_else() -> None:
    assert read(replace(TYPED, decks=(), themes=("nature", "nature"))).scope == ExamScope(themes=("nature",))
    both = read(replace(TYPED, decks=(), themes=("nature",), paragraphs={"herons": "2-3"})).scope
    assert both == ExamScope(themes=("nature",), parts=(TextPart(source="herons", ranges=((2, 3),)),))


def test_every_fault_is_told_at_once_with_its_field() -> None:
    found = faults(
        title=" \u202e ", instructions="x" * 5001, decks=("no",), opens="2028-01-01", closes="never", whom="me"
    )
    assert set(found) == {"title", "instructions", "decks", "due", "closes", "whom"}


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"title": "x" * 201}, {"title"}),
        ({"decks": ()}, {"scope"}),
        ({"decks": (), "paragraphs": {"herons": "9"}}, {"paragraphs-herons"}),
        ({"decks": (), "paragraphs": {"gone": "1"}}, {"scope"}),
        ({"themes": ("no",)}, {"themes"}),
        ({"kind": "dance"}, {"kind"}),
        ({"kind": "test", "test": "no"}, {"test"}),
        ({"whom": "groups"}, {"whom"}),
        ({"whom": "groups", "groups": ("gone",)}, {"whom"}),
        ({"whom": "students", "students": ("x",) * 501}, {"whom"}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(fields: dict, at_fault: set[str]) -> None:
    assert set(faults(**fields)) == at_fault


def test_a_test_has_its_own_title_and_dates() -> None:
    draft = read(
        replace(TYPED, title="", kind="test", test="t-1", decks=(), due="nonsense", whom="students", students=("s-1",))
    )
    assert (draft.title, draft.scope, draft.test, draft.dates) == ("The test", None, "t-1", Dates())
    assert (draft.for_class, draft.students, draft.groups) == (False, ("s-1",), ())


def test_groups_that_are_gone_are_passed_over() -> None:
    assert read(replace(TYPED, whom="groups", groups=("g-2", "gone", "g-2"))).groups == ("g-2",)
