import base64
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Card
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.moodlexml import read

OPTIONS = ImportOptions("bank.xml")
LYON = "A &lt;i&gt;city&lt;/i&gt;."


def take(*questions: str, options: ImportOptions = OPTIONS) -> Imported:
    return read(("<quiz>\n" + "\n".join(questions) + "\n</quiz>").encode(), options)


def ask(kind: str, inside: str = "", text: str = "<p>Which <b>one</b>?</p>", more: str = "") -> str:
    name = "<name><text>Q</text></name>"
    shown = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
    return f'<question type="{kind}">{name}{shown}{more}{inside}</question>'


def answer(text: str, share: str = "0", feedback: str = "", inside: str = "") -> str:
    told = f'<feedback format="html"><text>{feedback}</text></feedback>' if feedback else ""
    return f'<answer fraction="{share}" format="html"><text>{text}</text>{told}{inside}</answer>'


def take_card(*questions: str) -> tuple[Card, list[str]]:
    found = take(*questions)
    (deck,) = found.decks
    (card,) = deck.cards
    return card, [problem.message for problem in found.problems]


def refuse(question: str) -> str:
    found = take(question)
    assert found.decks == ()
    (problem,) = found.problems
    assert (problem.file, problem.line) == ("bank.xml", 2)
    assert problem.fix
    return problem.message


def dump(card: Card, *names: str) -> list[Any]:
    return [getattr(card, name) for name in names]


def test_one_choice_with_feedback_for_options() -> None:
    inside = answer("Paris", "100", "Yes.") + answer("Lyon", "0", LYON) + answer(" ") + answer("Nice", "-50")
    feedback = '<generalfeedback format="html"><text>&lt;p&gt;Because.&lt;/p&gt;</text></generalfeedback>'
    card, told = take_card(ask("multichoice", inside, more=feedback))
    assert dump(card, "type", "prompt", "answer", "explanation") == [
        "choice",
        "Which **one**?",
        "Paris",
        "Because.\n\nYes.",
    ]
    assert [(option.text, option.why) for option in card.wrong] == [("Lyon", "A *city*."), ("Nice", "")]
    assert told == []


def test_several_right_options() -> None:
    inside = "<single>false</single>" + answer("a", "50") + answer("b", "50") + answer("c", "-100") + answer("d")
    card, told = take_card(ask("multichoice", inside))
    assert dump(card, "type", "answers") == ["multiple", ("a", "b")]
    assert told == []


def test_part_of_the_mark_is_lost_and_told() -> None:
    inside = answer("a", "100") + answer("b", "33.33333") + answer("c", "oops") + answer("d", "100")
    card, told = take_card(ask("multichoice", inside))
    assert card.answer == "a"
    assert [option.text for option in card.wrong] == ["b", "c"]
    assert "part of the mark" in told[0]
    assert "but the first" in told[0]


@pytest.mark.parametrize(
    ("words", "truth"),
    [
        ((("true", "100"), ("false", "0")), True),
        ((("true", "0"), ("false", "100")), False),
        ((("false", "100"), ("true", "0")), False),
        ((("Wahr", "0"), ("Falsch", "100")), False),
        ((("Wahr", "100"), ("Falsch", "0")), True),
    ],
)
def test_true_and_false_in_any_order_and_language(words: tuple[tuple[str, str], ...], truth: bool) -> None:
    card, _ = take_card(ask("truefalse", "".join(answer(text, share, f"on {text}") for text, share in words)))
    assert dump(card, "type", "answer") == ["truefalse", truth]
    assert card.explanation == "\n\n".join(f"on {text}" for text, _ in words)


def test_typed_answers() -> None:
    inside = (
        "<usecase>1</usecase>"
        + answer("Paris", "100")
        + answer("the  city \\* of light", "100", "Nicely put.")
        + answer("Lyon", "50")
        + answer("Par*", "100")
        + answer("*", "0", "No.")
    )
    card, (told,) = take_card(ask("shortanswer", inside))
    assert dump(card, "answer", "accept", "explanation") == ["Paris", ("the city * of light",), "Nicely put."]
    assert re.search("part of the mark.*star.*capital", told)


def test_numbers_with_tolerance_and_units() -> None:
    inside = (
        answer("3,14", "100", inside="<tolerance>0.01</tolerance>")
        + answer("3.15", "100", inside="<tolerance>0.01</tolerance>")
        + answer("4", "100", inside="<tolerance>1</tolerance>")
        + answer("5", "50", inside="<tolerance>1</tolerance>")
        + answer("*", "0")
        + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    )
    card, (told,) = take_card(ask("numerical", inside))
    assert dump(card, "match", "answer", "accept") == ["number", "3,14", ("3.15",)]
    assert str(card.tolerance) == "0.01"
    assert re.search("part of the mark.*units.*another tolerance", told)


def test_old_files_hold_numbers_outside_of_text() -> None:
    inside = "<answer>7<fraction>100</fraction><tolerance>x</tolerance></answer>"
    card, told = take_card(ask("numerical", inside))
    assert (dump(card, "answer", "tolerance"), told) == (["7", None], [])


@pytest.mark.parametrize("kind", ["matching", "match", "ddmatch"])
def test_pairs(kind: str) -> None:
    def pair(left: str, right: str) -> str:
        return f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'

    inside = pair("France", "Paris") + pair("Italy", "Rome") + pair("", "Bern") + pair("Spain", "")
    card, (told,) = take_card(ask(kind, inside))
    assert card.pairs == (("France", "Paris"), ("Italy", "Rome"))
    assert "right sides" in told
    assert "two pairs" in refuse(ask(kind, pair("a", "b")))


def test_an_order_as_the_file_lists_it() -> None:
    card, _ = take_card(ask("ordering", answer("first", "1.0") + answer("second", "2.0")))
    assert card.items == ("first", "second")
    assert "two items" in refuse(ask("ordering", answer("first", "1")))


def test_answers_embedded_in_a_text() -> None:
    text = "<p>{1:SHORTANSWER:=Paris#Yes~%50%Lyon} on the {:MW:=Seine~=the Seine}, {2:NM:=5:0.1}, {1:MC:no~=yes}</p>"
    card, (told,) = take_card(ask("cloze", text=text))
    assert card.text == "{{Paris}} on the {{Seine|the Seine}}, {{5}}, {{yes}}"
    assert re.search("part of the mark, feedback, tolerances.*lists to choose from", told)


def test_unknown_braces_are_text() -> None:
    card, _ = take_card(ask("multianswer", text="<p>{1:NOPE:=x} {{y}} {1:SA:=a}</p>"))
    assert card.text == "{1:NOPE:=x} { {y} } {{a}}"


def test_words_to_drag_or_select() -> None:
    boxes = "".join(f"<dragbox><text>{word}</text></dragbox>" for word in ("one", "two"))
    card, (told,) = take_card(ask("ddwtos", boxes, text="<p>[[2]] and [[1]]</p>"))
    assert card.text == "{{two}} and {{one}}"
    assert "lists to choose" in told
    options = "<selectoption><text>one</text></selectoption>"
    assert take_card(ask("gapselect", options, text="[[1]]"))[0].text == "{{one}}"
    assert "place [[3]]" in refuse(ask("ddwtos", boxes, text="[[3]]"))
    assert "no place" in refuse(ask("ddwtos", boxes, text="none"))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (ask("essay"), "essay"),
        (ask("description"), "without a question"),
        (ask("calculated"), "by chance"),
        (ask("randomsamatch"), "other questions"),
        (ask("stack"), "“stack”"),
        ("<question/>", "no cards of its type"),
        (ask("multichoice", answer("a", "50") + answer("b")), "fully right"),
        (ask("multichoice", answer("a", "100")), "no wrong option"),
        (ask("truefalse", answer("true") + answer("false")), "neither"),
        (ask("shortanswer", answer("a*", "100")), "typed"),
        (ask("numerical", answer("many", "100") + answer("1" * 200, "100") + answer("NaN", "100")), "no number"),
        (ask("cloze", text="none"), "no embedded answer"),
        (ask("cloze", text="{1:SA:=a"), "never closed"),
        (ask("cloze", text="{1:MR:=a~=b}"), "number 1"),
        (ask("cloze", text="{1:SA:=a*}"), "number 1"),
        (ask("cloze", text="{1:SA:=a|b}"), "number 1"),
        (ask("cloze", text="{1:SA:=a}" * 101), "number 101"),
        (ask("multichoice", answer("a") * 1_001), "more answers"),
    ],
)
def test_what_cannot_be_a_card_is_told_with_its_line(question: str, reason: str) -> None:
    assert reason in refuse(question)


def test_what_the_schema_refuses_is_told_with_its_line() -> None:
    found = take(ask("truefalse", answer("true", "100"), text=""))
    assert [problem.line for problem in found.problems] == [2]
    assert found.decks == ()


def test_hints_tags_idnumbers_and_common_feedback() -> None:
    more = (
        "<idnumber>capital-of-france</idnumber><hint format='html'><text>Seine</text></hint>"
        "<hint><hintcontent><text>Louvre</text></hintcontent></hint>"
        "<tags><tag><text>geo</text></tag><tag><text> </text></tag></tags>"
        "<correctfeedback format='html'><text>Your answer is correct.</text></correctfeedback>"
        "<incorrectfeedback format='html'><text>Read chapter 3.</text></incorrectfeedback>"
    )
    card, (told,) = take_card(ask("multichoice", answer("a", "100") + answer("b"), more=more))
    assert dump(card, "id", "hint", "tags") == ["capital-of-france", "Seine\n\nLouvre", ("geo",)]
    assert "alike" in told


def test_an_idnumber_that_is_no_slug_becomes_one() -> None:
    question = ask("truefalse", answer("true", "100"), more="<idnumber>Q 7/B</idnumber>")
    assert take_card(question)[0].id == "q-7-b"


@pytest.mark.parametrize(
    ("form", "text", "prompt"),
    [
        ("html", "a &lt;b&gt;bold&lt;/b&gt; $$x^2$$", "a **bold** $x^2$"),
        ("plain_text", "a *b* &lt;i&gt;", "a \\*b\\* \\<i>"),
        ("markdown", "a *b*", "a *b*"),
        ("moodle_auto_format", "a\nb", "a\\\nb"),
        ("html", "&lt;script&gt;alert(1)&lt;/script&gt;ok", "ok"),
    ],
)
def test_texts_in_any_of_moodles_formats(form: str, text: str, prompt: str) -> None:
    question = (
        f'<question type="truefalse"><name><text>Q</text></name><questiontext format="{form}"><text>{text}</text>'
        f"</questiontext>{answer('true', '100')}</question>"
    )
    assert take_card(question)[0].prompt == prompt


def test_files_come_along_under_names_of_their_own() -> None:
    def show(data: bytes, name: str = "a b.png") -> str:
        file = f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(data).decode()}</file>'
        shown = '<img src="@@PLUGINFILE@@/a%20b.png" alt="A">'
        return (
            '<question type="truefalse"><name><text>Q</text></name><questiontext format="html">'
            f"<text><![CDATA[{shown}]]></text>{file}</questiontext>{answer('true', '100')}</question>"
        )

    found = take(show(b"1"), show(b"2"), show(b"", "c.png"), show(b"1", "page.html"))
    assert [card.prompt for card in found.decks[0].cards][:2] == ["![A](<a b.png>)", "![A](a-b.png)"]
    assert [(file.name, file.data) for file in found.media] == [("a b.png", b"1"), ("a-b.png", b"2")]
    assert [problem.code for problem in found.problems] == ["file-not-taken", "file-not-taken"]


def test_a_broken_file_is_told() -> None:
    file = '<file name="a.png" path="/" encoding="base64">A</file>'
    text = f"<questiontext><text>p</text>{file}</questiontext>"
    question = f'<question type="truefalse">{text}{answer("true", "100")}</question>'
    found = take(question)
    assert [problem.code for problem in found.problems] == ["file-not-taken"]
    assert found.decks[0].cards[0].prompt == "p"


def category(path: str, info: str = "") -> str:
    told = f'<info format="html"><text>{info}</text></info>' if info else ""
    return f'<question type="category"><category><text>{path}</text></category>{told}</question>'


def test_each_category_becomes_a_deck() -> None:
    yes = answer("true", "100")
    found = take(
        category("$course$/top"),
        category("$course$/top/Birds and//or bats", "&lt;p&gt;All that flies.&lt;/p&gt;"),
        ask("truefalse", yes, text="One?"),
        category("$course$/top/Empty"),
        category("$course$/top/Fish"),
        ask("truefalse", yes, text="Two?"),
        options=ImportOptions("bank.xml", deck_id="mine", title="Mine"),
    )
    assert [(deck.id, deck.title) for deck in found.decks] == [
        ("mine-birds-and-or-bats", "Birds and/or bats"),
        ("mine-fish", "Fish"),
    ]
    assert found.decks[0].description == "All that flies."


def test_one_category_takes_the_name_that_is_given() -> None:
    found = take(
        category("Birds"),
        ask("truefalse", answer("true", "100")),
        options=ImportOptions("bank.xml", deck_id="mine", title="Mine"),
    )
    assert [(deck.id, deck.title) for deck in found.decks] == [("mine", "Mine")]


def test_problems_of_a_category_without_cards_are_told() -> None:
    found = take(category("Essays"), ask("essay"), category("Birds"), ask("truefalse", answer("true", "100")))
    assert len(found.decks) == 1
    assert [problem.line for problem in found.problems] == [3]


def test_an_empty_quiz_is_told() -> None:
    found = take()
    assert found.decks == ()
    assert [problem.code for problem in found.problems] == ["empty-file"]


def test_other_xml_is_told() -> None:
    (problem,) = read(b"<questestinterop/>", OPTIONS).problems
    assert (problem.code, problem.line) == ("not-moodle-xml", 1)
    assert read(b"<quiz>", OPTIONS).problems[0].code == "broken-xml"


def test_a_file_made_to_keep_us_busy_is_left_early() -> None:
    found = take(*[ask("truefalse", answer("true", "100"), text="x" + "<b>" * 9_000)] * 30)
    assert found.problems[-1].code == "file-too-large"
    assert len(found.decks[0].cards) < 30


WORDS = st.sampled_from(
    ["{1:SA:=", "}", "~", "#", "%50%", "a", "&amp;", "[[1]]", "$$", "<p>", "\\", "@@PLUGINFILE@@/a"]
)


@given(
    kind=st.sampled_from(["cloze", "multichoice", "matching", "ddwtos", "category", "numerical"]),
    text=st.lists(WORDS, max_size=20).map("".join),
    share=st.sampled_from(["100", "-1e999", "nan", "x", ""]),
)
def test_no_question_makes_it_raise(kind: str, text: str, share: str) -> None:
    safe = text.replace("&amp;", "&").replace("&", "&amp;").replace("<", "&lt;")
    take(ask(kind, answer(safe, share) + f"<subquestion><text>{safe}</text></subquestion>", text=text))
