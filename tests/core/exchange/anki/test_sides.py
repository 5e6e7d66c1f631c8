"""A note of Anki and the number of a card become front and back, or blanks."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from quizapp.core.exchange.anki.model import Note, NoteType, Template
from quizapp.core.exchange.anki.sides import CardRefused, find_template, read_card
from quizapp.core.markup import render

_BACK = "{{FrontSide}}<hr id=answer>{{Back}}"


def _read(
    fields: Mapping[str, str], front: str, back: str = _BACK, *, ord_: int = 0, is_cloze: bool = False
) -> dict[str, Any]:
    note_type = NoteType(1, "Kind & sort", tuple(fields), {0: Template("Card 1", front, back)}, is_cloze)
    note = Note(1, "guid", 1, ("a", "b"), tuple(fields.values()))
    return read_card(note, note_type, ord_, ("Top", "Sub <deck>"))


def _cloze(text: str, *, ord_: int = 0, front: str = "{{cloze:Text}}", **more: str) -> dict[str, Any]:
    fields = {"Text": text, "Extra": "", **more}
    return _read(fields, front, "{{cloze:Text}}<br>{{Extra}}", ord_=ord_, is_cloze=True)


def _refusal(*arguments: Any, **options: Any) -> CardRefused:
    with pytest.raises(CardRefused) as refused:
        _read(*arguments, **options)
    return refused.value


def test_front_and_back_are_a_flashcard() -> None:
    assert _read({"Front": "<b>Q</b>", "Back": "A<br>B"}, "{{Front}}") == {
        "type": "flashcard",
        "prompt": "**Q**",
        "answer": "A\\\nB",
    }


def test_a_note_type_of_ones_own_with_any_fields_is_read_as_it_shows() -> None:
    fields = {"Word": "Haus", "Meaning": "house", "Example": "", "Rule": "neuter"}
    front = "<h1>{{Word}}</h1>{{#Example}}({{Example}}){{/Example}}"
    back = "{{FrontSide}}<hr id='answer'>{{Meaning}}{{^Example}} <i>{{Rule}}</i>{{/Example}}"

    assert _read(fields, front, back) == {"type": "flashcard", "prompt": "**Haus**", "answer": "house *neuter*"}


def test_a_back_that_repeats_the_front_without_a_line_is_the_rest() -> None:
    assert _read({"F": "Q", "B": "A"}, "{{F}}", "{{F}}<br>{{B}}")["answer"] == "A"


def test_templates_may_show_deck_type_card_and_tags() -> None:
    read = _read({"F": "Q", "B": "A"}, "{{Deck}}|{{Subdeck}}|{{Type}}|{{Card}}|{{Tags}}|{{F}}", "{{B}}")

    assert read["prompt"] == "Top::Sub \\<deck>|Sub \\<deck>|Kind & sort|Card 1|a b|Q"


def test_hints_to_ask_for_become_the_hint() -> None:
    read = _read({"F": "Q", "B": "A", "H": "look <i>up</i>"}, "{{F}} {{hint:H}}", "{{FrontSide}}<hr id=answer>{{B}}")

    assert read["hint"] == "look *up*"
    assert read["prompt"] == "Q"


def test_an_answer_to_type_is_a_short_answer_and_the_rest_explains() -> None:
    fields = {"F": "Q", "B": "answer", "E": "because"}

    assert _read(fields, "{{F}}{{type:B}}", "{{F}}<hr id=answer>{{type:B}}<br>{{E}}") == {
        "type": "short",
        "prompt": "Q",
        "answer": "answer",
        "explanation": "because",
    }
    assert _read(fields, "{{F}}{{type:B}}", "{{F}}<hr id=answer>{{B}}") == {
        "type": "short",
        "prompt": "Q",
        "answer": "answer",
    }


@pytest.mark.parametrize(
    "answer", ["long " * 30, "two<br>lines", "<img src='a.png'>", r"\(x^2\)", "[sound:a.mp3]"], ids=range(5)
)
def test_what_nobody_can_type_is_recalled_and_rated(answer: str) -> None:
    read = _read({"F": "Q", "B": answer}, "{{F}}{{type:B}}", "{{F}}<hr id=answer>{{type:B}}")

    assert read["type"] == "flashcard"
    assert read["answer"]


def test_a_field_to_type_that_is_not_there_or_empty_is_none() -> None:
    assert _read({"F": "Q", "B": "A"}, "{{F}}{{type:Missing}}", "{{B}}")["type"] == "flashcard"
    assert _read({"F": "Q", "B": "A", "T": ""}, "{{F}}{{type:T}}", "{{B}}")["type"] == "flashcard"


def test_empty_sides_are_refused_in_words() -> None:
    assert _refusal({"Front": "<br>", "Back": "A"}, "{{Front}}").code == "anki-empty-front"
    assert _refusal({"Front": "Q", "Back": "&nbsp;"}, "{{Front}}").code == "anki-empty-back"


def test_clozes_of_one_number_are_the_blanks_of_one_card() -> None:
    text = "The {{c1::sun::a star}} is {{c2::hot}}, the {{c1::moon::a <i>satellite</i>}} is not"

    assert _cloze(text) == {
        "type": "cloze",
        "text": "The {{sun}} is hot, the {{moon}} is not",
        "hint": "a star; a satellite",
    }
    assert _cloze(text, ord_=1, Extra="more") == {
        "type": "cloze",
        "text": "The sun is {{hot}}, the moon is not",
        "explanation": "more",
    }


def test_what_stands_around_a_cloze_stays_and_is_no_explanation() -> None:
    front = "<b>{{Title}}</b><br>{{cloze:Text}}"
    fields = {"Text": "a {{c1::b}}", "Title": "Letters", "Extra": "x"}

    read = _read(fields, front, front + "<br>{{Extra}}", is_cloze=True)

    assert read == {"type": "cloze", "text": "**Letters**\\\na {{b}}", "explanation": "x"}


def test_a_cloze_shows_what_goes_with_its_number_alone() -> None:
    front = "{{#c1}}first{{/c1}}{{#c2}}second{{/c2}} {{cloze:Text}}"

    assert _cloze("{{c1::a}}{{c2::b}}", ord_=1, front=front)["text"] == "second a{{b}}"


def test_signs_of_our_cloze_texts_do_no_harm() -> None:
    assert _cloze("{{c1::a|b}} and }} {{ and {{c2::c}}")["text"] == "{{a/b}} and } } { { and c"
    assert _cloze("{{c1::{x}}} y")["text"] == "{{x}}} y"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("a very long answer " * 8, ("a very long answer " * 8).strip()),
        ("<img src='a.png'>", "![a](a.png)"),
        (r"\(x^2\)", "$x^2$"),
    ],
)
def test_a_blank_that_nobody_can_type_is_recalled_and_rated(answer: str, expected: str) -> None:
    read = _cloze(f"It is {{{{c1::{answer}::what}}}}.", Extra="more")

    assert read == {
        "type": "flashcard",
        "prompt": "It is [what].",
        "answer": expected,
        "explanation": "more",
    }


@pytest.mark.parametrize("front", ["{{cloze:Text}} {{cloze:Text}}", "{{cloze:Text}}{{cloze:Extra}}"])
def test_a_blank_that_is_shown_twice_is_recalled_and_rated(front: str) -> None:
    read = _cloze("a {{c1::b}}", front=front, Extra="c {{c1::d}}")

    assert read["type"] == "flashcard"
    assert "[…]" in read["prompt"]


def test_a_cloze_that_is_gone_is_refused() -> None:
    refusal = _refusal({"Text": "a {{c2::b}}"}, "{{cloze:Text}}", is_cloze=True)

    assert refusal.code == "anki-no-cloze"
    assert "Empty Cards" in refusal.fix
    assert _refusal({"Text": "x"}, "no cloze", is_cloze=True).code == "anki-no-cloze"


def test_an_empty_cloze_is_refused() -> None:
    assert _refusal({"Text": "a {{c1::}} b"}, "{{cloze:Text}}", is_cloze=True).code == "anki-empty-back"


def test_a_template_that_is_missing_is_told() -> None:
    assert _refusal({"F": "Q"}, "{{F}}", ord_=4).code == "anki-no-template"
    assert find_template(NoteType(1, "x", (), {}), 0) is None


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src=x>",
    ],
)
def test_what_could_run_is_gone(harm: str) -> None:
    read = _read({"Front": f"Q {harm}", "Back": f"A {harm}"}, "{{Front}}" + harm)

    shown = render(read["prompt"]) + render(read["answer"])
    assert not re.search(r"<(?!/?(?:p|a|br)\b)|javascript|onerror", shown)
