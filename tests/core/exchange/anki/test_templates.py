"""Cards are made of fields as Anki's templates say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.exchange.anki.templates import (
    LONGEST_SIDE,
    Side,
    escape,
    fill,
    is_empty,
    list_filtered,
    measure,
    take_answer,
)

_FIELDS = {"Front": "Question <b>1</b>", "Back": "Answer", "Empty": "<br>&nbsp; <div></div>", "Rubi": "漢字[かんじ] x"}


def _front(template: str) -> str:
    return fill(template, _FIELDS, Side.FRONT)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", ""),
        ("no field", "no field"),
        ("{{Front}}: {{ Back }}!", "Question <b>1</b>: Answer!"),
        ("{{Missing}}x", "x"),
        ("{{text:Front}}", "Question 1"),
        ("{{unknown:Front}}", "Question <b>1</b>"),
        ("{{{Front}}}", "Question <b>1</b>"),
        ("{{Front", "{{Front"),
        ("a}}b", "a}}b"),
        ("{{#Front}}yes{{/Front}}{{^Front}}no{{/Front}}", "yes"),
        ("{{#Empty}}yes{{/Empty}}{{^Empty}}no{{/Empty}}", "no"),
        ("{{#Empty}}a{{#Front}}b{{/Front}}c{{/Empty}}d", "d"),
        ("{{#Front}}a{{#Empty}}b{{/Empty}}c{{/Front}}d", "acd"),
        ("{{^Missing}}none{{/Missing}}", "none"),
        ("{{/Front}}x", "x"),
        ("{{#Empty}}never closed", ""),
        ("{{furigana:Rubi}}|{{kanji:Rubi}}|{{kana:Rubi}}", "漢字 (かんじ) x|漢字 x|かんじ x"),
        ("{{tts en_US:Front}}x", "x"),
        ("{{=<% %>=}}<%Front%> and <% Back %>", "Question <b>1</b> and Answer"),
        ("a<!-- {{Front}} -->b<!-- open", "ab<!-- open"),
        ("<script>{{Front}}</script>a<STYLE>b</STYLE>c", "ac"),
        ("İ<script>x</script>", "İ<script>x</script>"),
    ],
)
def test_a_template_is_filled(template: str, expected: str) -> None:
    assert _front(template) == expected


def test_what_a_learner_types_or_asks_for_is_on_the_back_alone() -> None:
    template = "{{Front}} {{type:Back}} {{hint:Back}}"

    assert fill(template, _FIELDS, Side.FRONT) == "Question <b>1</b>  "
    assert fill(template, _FIELDS, Side.BACK) == "Question <b>1</b> Answer Answer"
    assert list_filtered(template, "type") == ("Back",)
    assert list_filtered(template, "cloze") == ()
    assert list_filtered("{{type:cloze:Text}}{{cloze:Text}}", "cloze") == ("Text",)


def test_sounds_are_no_readings() -> None:
    assert fill("{{kana:Word}}", {"Word": "x[sound:a.mp3]"}, Side.FRONT) == "x[sound:a.mp3]"


@pytest.mark.parametrize(
    ("markup", "empty"),
    [("", True), (" \n&nbsp;", True), ("<br><div></div><P>", True), ("x", False), ("<img src=a>", False)],
)
def test_a_field_of_breaks_alone_is_empty(markup: str, empty: bool) -> None:
    assert is_empty(markup) is empty


def test_a_long_field_with_words_at_its_end_is_not_empty() -> None:
    assert not is_empty(" " * 2_000 + "x")
    assert is_empty(" " * 5_000)


@pytest.mark.parametrize(
    ("back", "front", "answer"),
    [
        ("Q<hr id=answer>A", "Q", "A"),
        ('Q<HR class="x" id="answer" />A', "Q", "A"),
        ("Q A", "Q", " A"),
        ("other A", "Q", "other A"),
        ("A", "", "A"),
        ("Q<hr>A", "", "Q<hr>A"),
    ],
)
def test_the_answer_stands_behind_the_line_or_behind_the_question(back: str, front: str, answer: str) -> None:
    assert take_answer(back, front) == answer


def test_a_side_is_cut_before_it_grows_without_end() -> None:
    assert len(fill("{{Front}}" * 10_000, {"Front": "x" * 1_000}, Side.FRONT)) == LONGEST_SIDE


def test_the_length_of_a_template_counts_what_is_seen_and_its_fields() -> None:
    assert measure("") < measure("{{Front}}") < measure("{{Front}}" * 100)
    assert measure("<script>" + "x" * 1_000 + "</script>") == measure("")


def test_plain_text_is_escaped_for_templates() -> None:
    assert escape("a & <b>") == "a &amp; &lt;b&gt;"


@given(st.text("{}#^/: Front<!->", max_size=60))
def test_no_template_makes_it_fall_over(template: str) -> None:
    assert isinstance(fill(template, _FIELDS, Side.BACK), str)
    assert measure(template) > 0
