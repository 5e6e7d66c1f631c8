import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Card
from quizapp.core.exchange import effort
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.qti import read

OPTIONS = ImportOptions("item.xml")


def declare(*right: str, kind: str = "identifier", name: str = "RESPONSE", mapping: str = "") -> str:
    values = "".join(f"<value>{value}</value>" for value in right)
    correct = f"<correctResponse>{values}</correctResponse>" if right else ""
    mapped = f'<mapping defaultValue="0">{mapping}</mapping>' if mapping else ""
    return f'<responseDeclaration identifier="{name}" baseType="{kind}">{correct}{mapped}</responseDeclaration>'


def entry(key: str, value: str) -> str:
    return f'<mapEntry mapKey="{key}" mappedValue="{value}"/>'


def item(declared: str, body: str, more: str = "", ident: str = "one") -> str:
    return (
        f'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{ident}" title="Q">\n'
        f"{declared}<itemBody>{body}</itemBody>{more}</assessmentItem>"
    )


def take(text: str) -> Imported:
    return read(text.encode(), OPTIONS)


def take_card(text: str) -> tuple[Card, list[str]]:
    found = take(text)
    (deck,) = found.decks
    (card,) = deck.cards
    return card, [problem.message for problem in found.problems]


def refuse(text: str) -> str:
    found = take(text)
    assert found.decks == ()
    (problem,) = found.problems
    assert (problem.file, problem.line) == ("item.xml", 1)
    assert problem.fix
    return problem.message


def dump(card: Card, *names: str) -> list[Any]:
    return [getattr(card, name) for name in names]


def choices(*texts: str, most: str = "1", prompt: str = "Which?", tag: str = "choiceInteraction") -> str:
    inside = "".join(f'<simpleChoice identifier="C{n}">{text}</simpleChoice>' for n, text in enumerate(texts))
    asked = f"<prompt>{prompt}</prompt>" if prompt else ""
    return f'<{tag} responseIdentifier="RESPONSE" maxChoices="{most}">{asked}{inside}</{tag}>'


def modal(name: str, text: str, how: str = "show") -> str:
    return f'<modalFeedback outcomeIdentifier="F" identifier="{name}" showHide="{how}">{text}</modalFeedback>'


def test_one_choice_with_feedback_of_every_kind() -> None:
    inline = (
        'Lyon <feedbackInline outcomeIdentifier="F" identifier="C1" showHide="show">A <em>city</em>.</feedbackInline>'
    )
    told = (
        modal("C2", "On the sea.")
        + modal("C0", "Yes.")
        + modal("CORRECT", "Well done.")
        + modal("INCORRECT", "Not yet.")
        + modal("HINT", "Think of the Seine.")
        + modal("HIDDEN", "never", "hide")
    )
    body = "<p>Look.</p>" + choices("Paris", inline, "Nice", " ", prompt="Which <strong>one</strong>?")
    card, (problem,) = take_card(item(declare("C0"), body, told))
    assert dump(card, "id", "type", "answer", "prompt") == ["one", "choice", "Paris", "Look.\n\nWhich **one**?"]
    assert [(option.text, option.why) for option in card.wrong] == [
        ("Lyon", "A *city*."),
        ("Nice", "On the sea."),
    ]
    assert dump(card, "explanation", "hint") == ["Yes.\n\nWell done.", "Think of the Seine."]
    assert "wrong answers alike" in problem


def test_several_right_options_declared_or_mapped() -> None:
    card, told = take_card(item(declare("C0", "C1"), choices("a", "b", "c", most="0")))
    assert (dump(card, "type", "answers"), told) == (["multiple", ("a", "b")], [])
    mapped = declare(mapping=entry("C0", "1") + entry("C2", "0.5") + entry("C1", "-1"))
    assert dump(take_card(item(mapped, choices("a", "b", "c", most="0")))[0], "answers") == [("a", "c")]
    card, (told_of,) = take_card(item(mapped, choices("a", "b", "c")))
    assert dump(card, "type", "answer") == ["choice", "a"]
    assert "but the first" in told_of


def test_what_is_declared_as_single_has_one_right_option_whatever_stands_at_the_choices() -> None:
    single = declare("C0").replace("baseType", 'cardinality="single" baseType')
    many = declare("C0").replace("baseType", 'cardinality="multiple" baseType')
    asked = choices("right", "wrong").replace(' maxChoices="1"', "")
    assert take_card(item(single, asked))[0].type == "choice"
    assert take_card(item(many, asked))[0].type == "multiple"


def test_true_and_false_by_name_or_word() -> None:
    named = '<p>p</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{}</choiceInteraction>'.format(
        '<simpleChoice identifier="true">Wahr</simpleChoice><simpleChoice identifier="false">Falsch</simpleChoice>'
    )
    assert dump(take_card(item(declare("false"), named))[0], "type", "answer") == ["truefalse", False]
    card, _ = take_card(item(declare("C0"), choices("True", "False"), modal("C1", "No.") + modal("C0", "Yes.")))
    assert dump(card, "type", "answer", "explanation") == ["truefalse", True, "Yes.\n\nNo."]


def test_an_order() -> None:
    asked = choices("first", "second", "third", tag="orderInteraction", prompt="Order!")
    card, _ = take_card(item(declare("C2", "C0", "C1"), asked))
    assert dump(card, "items", "prompt") == [("third", "first", "second"), "Order!"]
    assert "not declared" in refuse(item(declare("C2"), asked))


def match(lefts: str, rights: str) -> str:
    def side(names: str) -> str:
        one = '<simpleAssociableChoice identifier="{0}" matchMax="1">text {0}</simpleAssociableChoice>'
        return f"<simpleMatchSet>{''.join(one.format(name) for name in names)}</simpleMatchSet>"

    return f'<matchInteraction responseIdentifier="RESPONSE">{side(lefts)}{side(rights)}</matchInteraction>'


def test_pairs() -> None:
    card, told = take_card(item(declare("A X", "B Y", "C X", "Z Q", "A"), "<p>p</p>" + match("ABC", "XYZ")))
    assert dump(card, "pairs") == [(("text A", "text X"), ("text B", "text Y"), ("text C", "text X"))]
    assert len(told) == 1
    assert "what belongs to nothing on the other side" in told[0]  # Z
    turned = item(declare("A X", "A Y", "B Z"), "<p>p</p>" + match("AB", "XYZ"))
    assert dump(take_card(turned)[0], "pairs") == [(("text X", "text A"), ("text Y", "text A"), ("text Z", "text B"))]
    card, (problem,) = take_card(item(declare("A X", "A Y", "B Y"), "<p>p</p>" + match("AB", "XY")))
    assert dump(card, "pairs") == [(("text A", "text X"), ("text B", "text Y"))]
    assert "several" in problem


def test_pairs_that_are_too_few_are_told() -> None:
    assert "two right pairs" in refuse(item(declare("A X"), match("AB", "XY")))


ENTRY = '<textEntryInteraction responseIdentifier="RESPONSE"/>'


def test_a_typed_answer() -> None:
    mapping = entry("York", "1") + entry("york", "1") + entry("Yorck", "0.5")
    declared = declare("York", kind="string", mapping=mapping)
    card, (told,) = take_card(item(declared, f"<p>Whose son?</p><p>{ENTRY}</p>"))
    assert dump(card, "type", "prompt", "answer", "accept") == ["short", "Whose son?", "York", ("york",)]
    assert "part of the mark" in told
    assert "person has to read" in refuse(item(declare(kind="string"), f"<p>Why?</p><p>{ENTRY}</p>"))


def test_answers_to_a_blank_for_part_of_the_mark_are_told() -> None:
    field = '<p>It is <textEntryInteraction responseIdentifier="RESPONSE"/> now.</p>'
    mapped = declare("Paris", mapping=entry("Paris", "1") + entry("Lyon", "0.5"))
    card, (told,) = take_card(item(mapped, field))
    assert "{{Paris}}" in card.text
    assert "part of the mark" in told


def test_a_field_within_a_text_is_a_blank() -> None:
    declared = declare("York", kind="string", mapping=entry("york", "1"))
    card, _ = take_card(item(declared, f"<blockquote><p>this sun of {ENTRY};<br/>and all</p></blockquote>"))
    assert dump(card, "type", "text") == ["cloze", "> this sun of {{York|york}};\\\n> and all"]
    bad = declare("a|b", kind="string")
    assert "can be typed" in refuse(item(bad, f"<p>x {ENTRY}</p>"))


def test_a_number_with_its_tolerance() -> None:
    def equals(value: str, mode: str, bounds: str) -> str:
        return f'<equal toleranceMode="{mode}" tolerance="{bounds}"><variable/>{value}</equal>'

    scoring = (
        "<responseProcessing>"
        + equals("<correct/>", "absolute", "0.5 0.5")
        + equals("<baseValue>10</baseValue>", "relative", "5 5")
        + equals("<baseValue>9</baseValue>", "exact", "")
        + equals("<baseValue>x</baseValue>", "absolute", "y")
        + "</responseProcessing>"
    )
    body = f"<p>How long?</p><p>{ENTRY}</p>"
    card, (told,) = take_card(item(declare("42", kind="float"), body, scoring))
    assert [str(one) for one in dump(card, "match", "answer", "accept", "tolerance")] == [
        "number",
        "42",
        "('10',)",
        "0.5",
    ]
    assert "another tolerance" in told
    assert dump(take_card(item(declare("42", kind="integer"), body))[0], "answer", "tolerance") == ["42", None]
    assert "no right number" in refuse(item(declare("many", kind="float"), body))


def test_lists_and_words_to_drag_become_blanks() -> None:
    inline = (
        '<p>It is <inlineChoiceInteraction responseIdentifier="RESPONSE">'
        '<inlineChoice identifier="A">this</inlineChoice>'
        '<inlineChoice identifier="B">that</inlineChoice></inlineChoiceInteraction>.</p>'
    )
    card, (told,) = take_card(item(declare("B"), inline))
    assert dump(card, "text") == ["It is {{that}}."]
    assert "lists to choose" in told
    gaps = (
        '<gapMatchInteraction responseIdentifier="RESPONSE"><prompt>Drag.</prompt>'
        '<gapText identifier="W">winter</gapText>'
        '<gapText identifier="S">summer</gapText><p>Now is the <gap identifier="G1"/>, then <gap identifier="G2"/>.</p>'
        "</gapMatchInteraction>"
    )
    card, (told,) = take_card(item(declare("W G1", "S G2", "broken"), gaps))
    assert "Now is the {{winter}}, then {{summer}}." in card.text
    assert "drag" in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (item("", "<p>Only text.</p>"), "nothing that learners answer"),
        ("<assessmentItem/>", "nothing that learners answer"),
        (item("<templateDeclaration/>", choices("a", "b")), "by chance"),
        (item("", "<extendedTextInteraction/>"), "long answer"),
        (item("", "<hotspotInteraction/>"), "hotspotInteraction"),
        (item("", "<customInteraction><portableCustomInteraction/></customInteraction>"), "customInteraction"),
        (item("", choices("a", "b") * 2), "several things"),
        (item(declare(), choices("a", "b")), "declared as right"),
        (item(declare("C0"), choices("a")), "no wrong option"),
        (item("", "<p/>" * 3_001), "more parts"),
    ],
)
def test_what_cannot_be_a_card_is_told(text: str, reason: str) -> None:
    assert reason in refuse(text)


def test_what_the_schema_refuses_is_told() -> None:
    assert "prompt" in refuse(item(declare("C0"), choices("True", "False", prompt="")))


def test_texts_are_taken_with_what_a_card_can_show() -> None:
    body = (
        '<rubricBlock view="scorer"><p>Secret.</p></rubricBlock><h2>Title</h2><p>A <i>b</i> <span>c</span> '
        '<a href="https://x.y/">link</a> <img src="a.png" alt="A"/> '
        '<object data="a.mp3" type="audio/mpeg">Call</object> '
        '<video><source src="b.mp3"/></video><object data="c.png" type="image/png"/></p><script>bad</script>'
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi><mo>+</mo><mn>1</mn></math>'
        '<math display="block"><semantics><mi>y</mi><annotation encoding="x">z</annotation>'
        '<annotation encoding="application/x-tex">y^2</annotation></semantics></math><hr/>'
        '<feedbackBlock outcomeIdentifier="F" identifier="SOLUTION" showHide="show"><p>So.</p></feedbackBlock>'
        "<endAttemptInteraction/>"
    )
    card, _ = take_card(item(declare("C0"), body + choices("True", "False", prompt="")))
    assert card.prompt == (
        "**Title**\n\nA *b* c [link](<https://x.y/>) ![A](a.png) ![Call](a.mp3) ![b](b.mp3)![c](c.png)\n\nx+1$y^2$"
    )
    assert card.explanation == "So."


def pack(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def ask(text: str, ident: str) -> str:
    return item(declare("C0"), f"<p>{text}</p>" + choices("True", "False", prompt=""), ident=ident)


def test_the_test_gives_order_and_title() -> None:
    refs = "".join(f'<assessmentItemRef identifier="{n}" href="../items/{n}.xml"/>' for n in ("b", "gone", "a"))
    files = {
        "items/a.xml": ask("A?", "a"),
        "items/b.xml": ask('B? <img src="../pics/x.png" alt="X"/>', "b"),
        "items/c.xml": ask("C?", "c"),
        "pics/x.png": b"1",
        "tests/t.xml": f'<assessmentTest title="Letters"><testPart>{refs}</testPart></assessmentTest>',
        "imsmanifest.xml": '<manifest><resources><resource href="items/c.xml"/></resources></manifest>',
    }
    found = read(pack(files), ImportOptions("package.zip"))
    (deck,) = found.decks
    assert (deck.title, [card.id for card in deck.cards]) == ("Letters", ["b", "a", "c"])
    assert deck.cards[0].prompt == "B? ![X](x.png)"
    assert [file.name for file in found.media] == ["x.png"]
    assert found.problems == ()


def test_items_come_in_the_order_of_the_manifest() -> None:
    files = {
        "p/a.xml": ask("A?", "a"),
        "p/b.xml": ask("B?", "b"),
        "p/imsmanifest.xml": '<manifest><resource href="b.xml"><file href="b.xml"/></resource></manifest>',
    }
    (deck,) = read(pack(files), OPTIONS).decks
    assert [card.id for card in deck.cards] == ["b", "a"]


def test_items_that_the_manifest_names_and_nobody_packed_are_told() -> None:
    resource = '<resource type="{}" href="{}"><file href="{}"/></resource>'
    listed = [("imsqti_item_xmlv2p1", f"gone/{n}.xml", "x") for n in range(6)]
    listed += [
        ("imsqti_xmlv1p2", "", "old.xml"),
        ("imsqti_item_xmlv2p1", "a.xml", "a.xml"),
        ("webcontent", "b.png", ""),
    ]
    resources = "".join(resource.format(*one) for one in [*listed, ("imsqti_xmlv1p2", "", "")])
    found = read(pack({"a.xml": ask("A?", "a"), "imsmanifest.xml": f"<manifest>{resources}</manifest>"}), OPTIONS)
    assert len(found.decks) == 1
    (problem,) = found.problems
    assert problem.code == "missing-file"
    assert "“gone/0.xml”, “gone/1.xml”" in problem.message
    assert problem.message.endswith(", ….")


def test_a_problem_names_the_item_of_the_package() -> None:
    found = read(pack({"a.xml": ask("A?", "a"), "b.xml": item("", "<p/>")}), ImportOptions("p.zip"))
    assert [problem.file for problem in found.problems] == ["p.zip/b.xml"]
    assert len(found.decks) == 1


def test_a_package_made_to_keep_us_busy_is_left_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "_MARKS", (("<", 8_000),))
    text = "x" + "<br/>" * 290
    found = read(pack({f"{n}.xml": ask(text, f"i{n}") for n in range(9)}), OPTIONS)
    assert found.problems[-1].code == "file-too-large"


BODIES = [
    ENTRY,
    "<p>a</p>",
    choices("a", "b"),
    match("A", "X"),
    "<gap identifier='G'/>",
    "<inlineChoiceInteraction/>",
    "{{x",
]
DECLARED = [declare("C0"), declare("A X", "B"), declare("1", kind="float"), declare("", mapping=entry("C0", "x"))]


@given(
    body=st.lists(st.sampled_from([*BODIES, "<extendedTextInteraction/>", "<orderInteraction/>"]), max_size=4),
    declared=st.lists(st.sampled_from(DECLARED), max_size=2),
)
def test_no_item_makes_it_raise(body: list[str], declared: list[str]) -> None:
    found = take(item("".join(declared), "".join(body), "<modalFeedback/><equal/>"))
    assert found.decks or found.problems
