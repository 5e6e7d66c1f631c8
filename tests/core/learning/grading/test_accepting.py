import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Cloze, Short
from quizapp.core.learning.grading import Response, Verdict, grade
from quizapp.core.learning.grading.accepting import suggest_line
from quizapp.core.learning.grading.folding import simplify

SHORT = Short(id="a-card", type="short", prompt="Who?", answer="Soviet Union", accept=["USSR"])
CLOZE = Cloze(id="a-card", type="cloze", text="The {{Soviet Union|USSR}} ended in {{1991}}.")


def test_a_wording_joins_those_that_are_accepted():
    assert suggest_line(SHORT, Response((" CCCP\n",))) == 'accept: ["USSR", "CCCP"]'


def test_a_wording_goes_into_the_blank_that_missed_it():
    line = suggest_line(CLOZE, Response(("CCCP", "1991")))
    assert line == 'text: "The {{Soviet Union|USSR|CCCP}} ended in {{1991}}."'


@pytest.mark.parametrize(
    ("card", "texts"),
    [
        (SHORT, ("",)),
        (SHORT, ("  ",)),
        (SHORT, ("USSR",)),
        (SHORT, ("x" * 201,)),
        (CLOZE, ("", "")),
        (CLOZE, ("a|b", "{x}")),
        (CLOZE, ("the ussr", "1991")),
    ],
)
def test_nothing_is_suggested_where_nothing_would_help(card, texts):
    assert suggest_line(card, Response(texts)) == ""


def test_only_typed_answers_have_a_line(make_card):
    card = make_card(type="choice", answer="1991", wrong=["1985"])
    assert suggest_line(card, Response(("1985",))) == ""


@given(st.text(max_size=60))
def test_the_line_reads_back_as_the_wording_that_was_typed(text: str):
    line = suggest_line(SHORT, Response((text,)))
    if line:
        said = json.loads(line.removeprefix("accept: "))
        assert said == ["USSR", " ".join(text.split())]
        if text.isprintable():
            assert yaml.safe_load(line) == {"accept": said}


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_with_the_line_in_its_deck_the_answer_is_right(first: str, second: str):
    response = Response((first, second))
    line = suggest_line(CLOZE, response)
    if line:
        text = json.loads(line.removeprefix("text: "))
        assert parse_cloze(text).pieces == parse_cloze(CLOZE.text).pieces
        extended = CLOZE.model_copy(update={"text": text})
        verdicts = [part.verdict for part in grade(extended, response).parts]
        for part, verdict in zip(grade(CLOZE, response).parts, verdicts, strict=True):
            assert verdict is not Verdict.WRONG or not simplify(part.given) or set("{}|") & set(part.given)
