"""Made-up answers are right where they should be, wrong where they should be, and never of a shape that is refused."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plumbing import samples

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Card, Flashcard
from quizapp.core.demo.answers import answer_right, answer_wrong, list_typed
from quizapp.core.demo.people import list_study_days, make_hardness, make_students
from quizapp.core.learning.grading import grade, parse_response


def _cards() -> tuple[Card, ...]:
    read = read_deck(samples.DECK, "birds.yaml")
    assert isinstance(read, DeckFile)
    return read.deck.cards


@pytest.mark.parametrize("card", _cards(), ids=lambda card: card.id)
@given(seed=st.integers(0, 10_000))
def test_every_type_has_right_and_wrong_answers(card: Card, seed: int) -> None:
    if isinstance(card, Flashcard):
        assert (answer_right(card), answer_wrong(card, Random(seed))) == (None, None)
        return
    assert grade(card, parse_response(card, answer_right(card)), "en").score == 1
    for others in [(), ("long", "fish")]:
        wrong = answer_wrong(card, Random(seed), others)
        assert grade(card, parse_response(card, wrong), "en").score < 0.8


def test_the_same_dice_give_the_same_answers() -> None:
    def throw() -> list[object]:
        return [answer_wrong(card, Random(7), list_typed(_cards())) for card in _cards()]

    assert throw() == throw()
    assert list_typed(_cards()) == ("long",)
    assert list_typed(()) == ()


def test_students_differ_and_stay_within_bounds() -> None:
    students = make_students(100, Random(1))
    assert len({one.first_name for one in students}) == 100
    assert all(-0.25 <= one.ability <= 0.15 and 0 < one.diligence < 1 for one in students)
    assert 10 < sum(one.stops_after < 1 for one in students) < 60
    assert all(-0.2 <= hard <= 0.25 for hard in make_hardness(200, Random(1)))


def test_days_lie_within_the_time_and_end_where_a_student_gives_up() -> None:
    last = date(2026, 11, 22)
    for student in make_students(30, Random(3)):
        days = list_study_days(student, last, 60, Random(5))
        assert days == sorted(set(days))
        assert all(0 <= (last - day).days < 60 for day in days)
        assert all((last - day).days >= 60 * (1 - student.stops_after) - 1 for day in days)
