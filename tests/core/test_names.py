"""Names, ids, messages and problems: the small things everything else uses."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid, TooManyAttempts
from quizapp.core.messages import say
from quizapp.core.names import clean_name, name_key
from quizapp.core.problem import Problem, Severity
from quizapp.core.slugs import is_slug


@given(st.text(max_size=100))
def test_a_cleaned_name_stays_as_it_is(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except Invalid:
        return
    assert clean_name(cleaned) == cleaned
    assert name_key(cleaned) == name_key(name)


@given(st.text(max_size=100))
def test_a_name_can_always_be_looked_up(name: str) -> None:
    key = name_key(name)
    key.encode()
    assert "\x00" not in key


@pytest.mark.parametrize("name", ["Bob", "O'Hara", "Żółć", "李小龍", "محمد", "anna.k@school", "J.-P. 2"])
def test_names_of_the_world_are_welcome(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("slug", ["a", "north-korea", "1991", "a-1-b"])
def test_an_id_is_recognised(slug: str) -> None:
    assert is_slug(slug)


@pytest.mark.parametrize("text", ["", "A", "a--b", "-a", "a-", "a_b", "a b", "../a", "a\n", "é", "a" * 81])
def test_what_is_no_id_is_recognised_too(text: str) -> None:
    assert not is_slug(text)


def test_a_message_is_its_english_text_and_knows_its_template() -> None:
    message = say("At most %(count)s.", count=3)
    assert message == "At most 3."
    assert (message.template, message.values) == ("At most %(count)s.", {"count": 3})


def test_a_message_without_values_may_hold_a_percent_sign() -> None:
    assert say("100 % right") == "100 % right"


def test_an_error_carries_its_words() -> None:
    assert Invalid("no", {"name": "why"}).fields == {"name": "why"}
    assert (TooManyAttempts("wait", 5).retry_after, str(Invalid("no"))) == (5, "no")


def test_a_problem_says_its_place_as_compilers_do() -> None:
    problem = Problem("d.yaml", 3, 5, "no-hint", "has no hint.", "Add one.", Severity.WARNING)
    assert str(problem) == "d.yaml:3:5: warning no-hint: has no hint. Add one."
    assert pickle.loads(pickle.dumps(problem)) == problem  # noqa: S301 - our own bytes


def test_a_name_whose_signs_stand_for_many_is_too_long() -> None:
    with pytest.raises(Invalid):
        clean_name("ﷺ" * 18)
