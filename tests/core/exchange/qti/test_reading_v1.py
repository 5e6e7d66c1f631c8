import io
import re
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Card
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.qti import read
from quizapp.core.exchange.xmltree import Budget

OPTIONS = ImportOptions("quiz.xml")


def take(*items: str, title: str = "Capitals", options: ImportOptions = OPTIONS) -> Imported:
    inside = "\n".join(items)
    text = f'<questestinterop xmlns="urn:q">\n<assessment ident="a" title="{title}"><section>\n{inside}\n'
    return read(f"{text}</section></assessment></questestinterop>".encode(), options)


def material(text: str, kind: str = "text/html") -> str:
    return f'<material><mattext texttype="{kind}"><![CDATA[{text}]]></mattext></material>'


def label(ident: str, text: str, kind: str = "text/plain", more: str = "") -> str:
    return f'<response_label ident="{ident}" {more}>{material(text, kind)}</response_label>'


def choose(*labels: str, ident: str = "response1", cardinality: str = "Single", left: str = "") -> str:
    shown = material(left, "text/plain") if left else ""
    inside = "".join(labels)
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{shown}<render_choice>{inside}</render_choice>'
        "</response_lid>"
    )


def equal(value: str, ident: str = "response1", more: str = "") -> str:
    return f'<varequal respident="{ident}" {more}>{value}</varequal>'


def when(test: str, score: str = "100", show: str = "") -> str:
    scored = f'<setvar action="Set" varname="SCORE">{score}</setvar>' if score else ""
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{show}"/>' if show else ""
    return f"<respcondition><conditionvar>{test}</conditionvar>{scored}{shown}</respcondition>"


def feedback(name: str, text: str) -> str:
    return f'<itemfeedback ident="{name}"><flow_mat>{material(text)}</flow_mat></itemfeedback>'


def item(kind: str, responses: str, *conditions: str, more: str = "", text: str = "<p>Which <b>one</b>?</p>") -> str:
    field = (
        f"<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield>"
    )
    metadata = f"<itemmetadata><qtimetadata>{field}</qtimetadata></itemmetadata>" if kind else ""
    scoring = f"<resprocessing><outcomes/>{''.join(conditions)}</resprocessing>"
    shown = f"<presentation>{material(text)}{responses}</presentation>"
    return f'<item ident="one" title="Q">{metadata}{shown}{scoring}{more}</item>'


TYPED = '<response_str ident="response1"><render_fib><response_label ident="answer1"/></render_fib></response_str>'
OTHER = "<other/>"


def take_card(*items: str) -> tuple[Card, list[str]]:
    found = take(*items)
    (deck,) = found.decks
    (card,) = deck.cards
    return card, [problem.message for problem in found.problems]


def refuse(one: str) -> str:
    found = take(one)
    assert found.decks == ()
    (problem,) = found.problems
    assert (problem.file, problem.line) == ("quiz.xml", 3)
    assert problem.fix
    return problem.message


def dump(card: Card, *names: str) -> list[Any]:
    return [getattr(card, name) for name in names]


def test_one_choice_of_canvas_with_all_its_feedback() -> None:
    told = (
        feedback("general_fb", "<p>Because.</p>")
        + feedback("2_fb", "<p>A <i>city</i>.</p>")
        + feedback("1_fb", "<p>Yes.</p>")
        + feedback("correct_fb", "<p>Well done.</p>")
        + feedback("general_incorrect_fb", "<p>Not yet.</p>")
    )
    conditions = (
        when(OTHER, "", "general_fb"),
        when(equal("1"), "", "1_fb"),
        when(equal("2"), "", "2_fb"),
        when(equal("1"), "100", "correct_fb"),
        when(OTHER, "", "general_incorrect_fb"),
    )
    labels = choose(label("1", "Paris"), label("2", "<b>Lyon</b>", "text/html"), label("3", "a < b"), label("4", ""))
    card, (problem,) = take_card(item("multiple_choice_question", labels, *conditions, more=told))
    assert dump(card, "id", "type", "prompt", "answer") == ["one", "choice", "Which **one**?", "Paris"]
    assert [(option.text, option.why) for option in card.wrong] == [("**Lyon**", "A *city*."), ("a < b", "")]
    assert card.explanation == "Because.\n\nYes.\n\nWell done."
    assert "wrong answers alike" in problem


def test_several_right_options() -> None:
    test = f"<and>{equal('1')}{equal('2')}<not>{equal('3')}</not></and>"
    labels = choose(label("1", "a"), label("2", "b"), label("3", "c"), cardinality="Multiple")
    card, told = take_card(item("multiple_answers_question", labels, when(test)))
    assert dump(card, "type", "answers") == ["multiple", ("a", "b")]
    assert told == []


def test_points_for_a_second_answer_are_lost_and_told() -> None:
    labels = choose(label("1", "a"), label("2", "b"), label("3", "c"))
    conditions = [when(equal("2"), "50"), when(equal("1"), "100"), when(equal("3"), "x")]
    card, (told,) = take_card(item("multiple_choice_question", labels, *conditions))
    assert card.answer == "a"
    assert "part of the mark" in told


@pytest.mark.parametrize(
    ("words", "right", "truth"),
    [(("True", "False"), "1", True), (("True", "False"), "2", False), (("Wahr", "Falsch"), "2", False)],
)
def test_true_and_false_in_any_language(words: tuple[str, str], right: str, truth: bool) -> None:
    labels = choose(label("1", words[0]), label("2", words[1]))
    told = feedback("1_fb", "on one") + feedback("2_fb", "on two")
    conditions = [when(equal("1"), "", "1_fb"), when(equal("2"), "", "2_fb"), when(equal(right))]
    card, _ = take_card(item("true_false_question", labels, *conditions, more=told))
    assert dump(card, "type", "answer") == ["truefalse", truth]
    assert sorted(card.explanation.split("\n\n")) == ["on one", "on two"]


def test_typed_answers() -> None:
    test = equal("Paris", more='case="Yes"') + equal("the  city of light") + equal("Paris")
    card, (told,) = take_card(item("short_answer_question", TYPED, when(test)))
    assert dump(card, "answer", "accept") == ["Paris", ("the city of light",)]
    assert "capital" in told
    assert "person has to read" in refuse(item("short_answer_question", TYPED))


def bound(tag: str, value: str) -> str:
    return f'<{tag} respident="response1">{value}</{tag}>'


def test_numbers_as_canvas_writes_them() -> None:
    exact = f"<or>{equal('42.0')}<and>{bound('vargt', '41.5')}{bound('varlte', '42.5')}</and></or>"
    between = bound("vargte", "40.5") + bound("varlte", "41.5")
    alone = equal("7")
    broken = bound("vargte", "x")
    conditions = [when(test) for test in (exact, between, alone, broken)]
    card, (told,) = take_card(item("numerical_question", TYPED, *conditions))
    assert [str(one) for one in dump(card, "match", "answer", "accept", "tolerance")] == [
        "number",
        "42",
        "('41',)",
        "0.5",
    ]
    assert "another tolerance" in told
    assert "no right number" in refuse(item("numerical_question", TYPED, when(broken)))


def test_blanks_in_a_text() -> None:
    first = choose(label("1", "Paris"), label("2", "paris"), ident="response_city", left="city")
    second = choose(label("3", "Seine"), ident="response_river", left="river")
    unused = choose(label("4", "x"), ident="response_gone", left="gone")
    text = "<p>[city] lies on the [river], see [1].</p>"
    one = item(
        "fill_in_multiple_blanks_question", first + second + unused, when(equal("1", "response_city")), text=text
    )
    card, (told,) = take_card(one)
    assert card.text == "{{Paris|paris}} lies on the {{Seine}}, see [1]."
    assert "not in its text" in told
    bad = choose(label("1", "a|b"), ident="response_x")
    assert "can be typed" in refuse(item("fill_in_multiple_blanks_question", bad, text="[x]"))
    assert "can be typed" in refuse(item("fill_in_multiple_blanks_question", bad, text="none"))


def test_lists_in_a_text_become_blanks() -> None:
    labels = choose(label("1", "Lyon"), label("2", "Paris"), ident="response_city")
    one = item("multiple_dropdowns_question", labels, when(equal("2", "response_city")), text="It is [city].")
    card, (told,) = take_card(one)
    assert card.text == "It is {{Paris}}."
    assert "lists to choose from" in told
    more = 'answer_type="wordbank"'
    labels = choose(label("1", "Lyon", more=more), label("2", "Paris", more=more), ident="response_city")
    one = item("fill_in_multiple_blanks_question", labels, when(equal("2", "response_city")), text="It is [city].")
    assert take_card(one)[0].text == "It is {{Paris}}."


def test_typed_blanks_of_other_systems() -> None:
    fields = TYPED + TYPED.replace("response1", "second")
    conditions = [when(equal("a") + equal("A")), when(equal("b", "second"))]
    card, _ = take_card(item("", fields, *conditions, text="First [response1], then [second]."))
    assert card.text == "First {{a|A}}, then {{b}}."


def test_pairs() -> None:
    rights = [label("1", "Paris"), label("2", "Rome")]
    one = choose(*rights, ident="response_9", left="France")
    two = choose(*rights, ident="response_8", left="Italy")
    three = choose(*rights, ident="response_7", left="Spain")
    conditions = [when(equal("1", "response_9"), "50"), when(equal("2", "response_8"), "50")]
    card, (told,) = take_card(item("matching_question", one + two + three, *conditions))
    assert "left sides that have no right one" in told
    assert card.pairs == (("France", "Paris"), ("Italy", "Rome"))
    assert take_card(item("", one + two, *conditions)) == (card, [])
    more = choose(*rights, label("3", "Oslo"), ident="response_9", left="France")
    assert "belong to no left one" in take_card(item("matching_question", more + two, *conditions))[1][0]
    assert "two pairs" in refuse(item("matching_question", one, *conditions))


def test_an_order() -> None:
    labels = choose(label("A", "first"), label("B", "second"), label("C", "third"), cardinality="Ordered")
    one = item("", labels, when(equal("A") + equal("C") + equal("B"), "5"))
    assert take_card(one)[0].items == ("first", "third", "second")
    assert "right order" in refuse(item("ordering_question", labels, when(equal("A"))))
    assert "right order" in refuse(item("ordering_question", labels))


def test_what_an_item_is_shows_where_it_does_not_say() -> None:
    labels = choose(label("1", "a"), label("2", "b"))
    assert take_card(item("", labels, when(equal("1"))))[0].type == "choice"
    assert take_card(item("", choose(label("1", "True"), label("2", "false")), when(equal("2"))))[0].type == "truefalse"
    assert take_card(item("", TYPED, when(equal("a"))))[0].type == "short"
    number = TYPED.replace("<render_fib>", '<render_fib fibtype="Decimal">')
    assert take_card(item("", number, when(equal("4"))))[0].match == "number"
    assert "person has to read" in refuse(item("", number))


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (item("essay_question", TYPED), "essay"),
        (item("file_upload_question", ""), "file"),
        (item("text_only_question", ""), "without a question"),
        (item("calculated_question", TYPED), "by chance"),
        (item("", ""), "without a question"),
        (item("hot_spot_question", ""), "picture"),
        (item("", "<response_xy ident='r'/>"), "a way"),
        (item("multiple_choice_question", choose(label("1", "a"), label("2", "b"))), "marked as right"),
        (item("multiple_choice_question", choose(label("1", "a")), when(equal("1"))), "no wrong option"),
        (item("", choose(*[label("1", "a")] * 1_000)), "more parts"),
    ],
)
def test_what_cannot_be_a_card_is_told_with_its_line(one: str, reason: str) -> None:
    message = refuse(one)
    assert "“Q”" in message
    assert reason in message


def test_an_item_without_a_title_is_named_by_its_text() -> None:
    assert "“Which one?”" in refuse(item("essay_question", TYPED).replace('title="Q"', ""))


def test_material_of_other_systems() -> None:
    shown = (
        "<presentation><flow><material><mattext>a &lt; b</mattext><matbreak/>"
        '<matimage uri="a.png" label="A"/></material></flow>' + choose(label("1", "True"), label("2", "False"))
    )
    one = f'<item ident="x y">{shown}</presentation><resprocessing>{when(equal("1"), "1", "why")}</resprocessing>'
    told = f'<itemfeedback ident="why"><solution><solutionmaterial>{material("So.")}</solutionmaterial></solution>'
    found = take(f"{one}{told}</itemfeedback></item>")
    (card,) = found.decks[0].cards
    assert dump(card, "id", "prompt", "explanation") == ["x-y", "a < b\\\n![A](a.png)", "So."]
    assert [problem.code for problem in found.problems] == ["missing-file"]


def test_equations_of_canvas_become_formulas() -> None:
    tex = '<img class="equation_image" title="x" data-equation-content="x^2" src="/equation_images/x" alt="x">'
    old = '<img class="equation_image" title="y^2" src="/equation_images/y">'
    bare = '<img class="equation_image" src="/equation_images/y">'
    labels = choose(label("1", "True"), label("2", "False"))
    card, _ = take_card(item("", labels, when(equal("1")), text=f"<p>{tex} {old}{bare}</p>"))
    assert card.prompt == "$x^2$ $y^2$"


def test_a_bank_has_its_title_in_the_metadata() -> None:
    field = "<qtimetadatafield><fieldlabel>bank_title</fieldlabel><fieldentry>Birds</fieldentry></qtimetadatafield>"
    one = item("", choose(label("1", "True"), label("2", "False")), when(equal("1")))
    bank = f'<objectbank ident="{{}}"><qtimetadata>{field}</qtimetadata>{one}</objectbank>'
    text = f"<questestinterop>{bank.format('a')}{bank.format('b').replace('Birds', 'Fish')}</questestinterop>"
    found = read(text.encode(), ImportOptions("banks.xml", deck_id="mine"))
    assert [(deck.id, deck.title) for deck in found.decks] == [("mine-birds", "Birds"), ("mine-fish", "Fish")]


def test_items_may_stand_alone() -> None:
    one = item("", choose(label("1", "True"), label("2", "False")), when(equal("1")))
    found = read(f"<questestinterop>{one}</questestinterop>".encode(), ImportOptions("alone.xml"))
    assert [deck.id for deck in found.decks] == ["alone"]


def pack(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def quiz(text: str, ident: str = "a") -> str:
    one = item("", choose(label("1", "True"), label("2", "False")), when(equal("1")), text=text)
    return f'<questestinterop><assessment ident="{ident}" title="T">{one}</assessment></questestinterop>'


@pytest.mark.parametrize("turn", [1, -1])
def test_the_fuller_of_canvas_two_versions_counts(turn: int) -> None:
    files: list[tuple[str, str | bytes]] = [
        ("x/assessment_qti.xml", quiz("Short?")),
        ("x/assessment_meta.xml", "<quiz/>"),
        ("non_cc_assessments/x.xml.qti", quiz("Whole?")),
        ("imsmanifest.xml", "<manifest/>"),
    ]
    data = pack(dict(files[::turn]))
    (deck,) = read(data, OPTIONS).decks
    assert [card.prompt for card in deck.cards] == ["Whole?"]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("%24IMS-CC-FILEBASE%24/images/a%20b.png", "images/a b.png"),
        ("$IMS-CC-FILEBASE$/images/a%20b.png?canvas_=1", "web_resources/images/a b.png"),
        ("$IMS-CC-FILEBASE$/elsewhere/a%20b.png", "deep/down/a b.png"),
        ("../images/a%20b.png", "images/a b.png"),
    ],
)
def test_pictures_are_found_where_canvas_puts_them(address: str, place: str) -> None:
    data = pack({"q/q.xml": quiz(f'<img src="{address}" alt="A"><img src="{address}" alt="B">'), place: b"1"})
    found = read(data, OPTIONS)
    assert found.decks[0].cards[0].prompt == "![A](<a b.png>)![B](<a b.png>)"
    assert [(file.name, file.data) for file in found.media] == [("a b.png", b"1")]
    assert found.problems == ()


def test_pictures_that_are_missing_are_told_and_those_elsewhere_left() -> None:
    shown = "".join(f'<img src="{n}.png" alt="{n}">' for n in range(6))
    far = '<img src="https://localhost/x.png" alt="far"><img src="$IMS-CC-FILEBASE$/" alt="none">'
    found = read(pack({"q.xml": quiz(f"Look {shown}{far}")}), OPTIONS)
    (problem,) = found.problems
    assert "“4.png”, …" in problem.message
    assert "localhost" not in found.decks[0].cards[0].prompt


def test_a_picture_that_cannot_be_unpacked_is_missing() -> None:
    data = pack({"q.xml": quiz('See <img src="a.png" alt="A">'), "a.png": b"secret"})
    found = read(data.replace(b"secret", b"sEcret"), OPTIONS)
    assert [problem.code for problem in found.problems] == ["missing-file"]


def test_problems_name_the_document_of_the_package() -> None:
    data = pack({"a/q.xml": quiz("Fine?"), "b.xml": "<broken", "imsmanifest.xml": "<broken", "c.txt": "no"})
    found = read(data, ImportOptions("quiz.zip"))
    assert sorted(problem.file for problem in found.problems) == ["quiz.zip/b.xml", "quiz.zip/imsmanifest.xml"]
    assert len(found.decks) == 1


def test_packages_too_large_are_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.core.exchange.qti.package._LARGEST_TOGETHER", 1_000)
    found = read(pack({"a.xml": quiz("One?"), "b.xml": quiz("Two?" + " " * 1_000, "b")}), OPTIONS)
    assert [card.prompt for deck in found.decks for card in deck.cards] == ["One?"]
    assert [problem.code for problem in found.problems] == ["file-too-large"]


def test_documents_that_are_too_many_are_refused_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.core.exchange.qti.package.Budget", lambda: Budget(1_000))
    many = "<questestinterop>" + "<a/>" * 800 + "</questestinterop>"
    found = read(pack({f"{n}.xml": many for n in range(4)}), OPTIONS)
    assert [problem.code for problem in found.problems] == ["file-too-large"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "broken-xml"),
        (b"<html/>", "not-qti"),
        (b"<assessmentTest/>", "not-qti"),
        (b"PK\x03\x04nonsense", "not-an-archive"),
        (pack({"a.txt": "x"}), "not-qti"),
        (pack({"../a.xml": "<a/>"}), "archive-unsafe"),
        (pack({"imsmanifest.xml": "<manifest/>", "t.xml": "<assessmentTest/>"}), "empty-file"),
        (b"<questestinterop/>", "empty-file"),
    ],
)
def test_what_is_no_qti_is_told(data: bytes, code: str) -> None:
    found = read(data, OPTIONS)
    assert found.decks == ()
    assert [problem.code for problem in found.problems] == [code]


def test_a_file_made_to_keep_us_busy_is_left_early() -> None:
    one = item("", choose(label("1", "True"), label("2", "False")), when(equal("1")), text="x" + "<b>" * 9_000)
    found = take(*[one] * 30)
    assert found.problems[-1].code == "file-too-large"
    assert len(found.decks[0].cards) < 30


KINDS = ["", "essay_question", "matching_question", "ordering_question", "numerical_question", "true_false_question"]
KINDS += ["fill_in_multiple_blanks_question", "multiple_dropdowns_question", "short_answer_question"]
PARTS = [TYPED, choose(label("1", "a"), label("2", "b")), choose(ident="x", cardinality="Ordered"), "<response_grp/>"]
TESTS = [
    when(equal("1")),
    when(equal("1", "x"), "50"),
    when(OTHER, "", "f"),
    when(bound("vargte", "1")),
    "<respcondition/>",
]


@given(
    kind=st.sampled_from(KINDS),
    parts=st.lists(st.sampled_from(PARTS), max_size=4),
    tests=st.lists(st.sampled_from(TESTS), max_size=4),
    text=st.sampled_from(["", "[x]", "[response1]", "{{a", "<img src='//x'>"]),
)
def test_no_item_makes_it_raise(kind: str, parts: list[str], tests: list[str], text: str) -> None:
    found = take(item(kind, "".join(parts), *tests, more=feedback("f", "x"), text=text))
    assert found.decks or re.search("not taken|no|card", found.problems[0].message)
