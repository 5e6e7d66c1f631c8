"""The rules of Moodle's importer for its XML, written down anew from what it does, as a judge of what we write.

From ``question/format/xml/format.php`` (what each type must have), ``question/format.php`` and ``question/engine``
(shares of a mark), ``question/type/multianswer`` (embedded answers) and ``question/type/ordering``.
"""

import base64
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import pytest
from defusedxml.ElementTree import fromstring

Judge = Callable[[bytes], list[str]]

FORMATS = {"html", "plain_text", "markdown", "moodle_auto_format", "wiki_like"}
SHARES = [p / q for q in range(1, 7) for p in range(q + 1)] + [p / 10 for p in range(11)]
SHARES += [1 / q for q in range(1, 11)] + [1 / 20]
ANSWER = r"(?:=|%-?[0-9]+(?:[.,][0-9]*)?%)?.+?(?<!\\|&)(?<!&amp;)(?=[~#}]|$)(?:#.*?(?<!\\)(?=[~}]|$))?"
EMBEDDED = re.compile(rf"\{{[0-9]*:SHORTANSWER:({ANSWER}(?:~{ANSWER})*)\}}", re.DOTALL)
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def judge_text(node: ElementTree.Element | None, what: str, *, html: bool = True) -> Iterator[str]:
    """An element with one ``text`` in it, in a known format, whose files are there and used."""
    if node is None:
        yield f"{what} is missing"
        return
    texts = node.findall("text")
    if len(texts) != 1 or len(texts[0]):
        yield f"{what} has not one plain text"
        return
    if html and node.get("format") not in FORMATS:
        yield f"{what} has no format"
    text = texts[0].text or ""
    files = [file.get("name") or "" for file in node.findall("file")]
    for file in node.findall("file"):
        if (
            file.get("path") != "/"
            or file.get("encoding") != "base64"
            or not base64.b64decode(file.text or "", validate=True)
        ):
            yield f"{what} has a broken file"
    used = set(re.findall(r"@@PLUGINFILE@@/([^\"]+)", text))
    if used != {name.replace(" ", "%20") for name in files} or len(files) != len(set(files)):
        yield f"{what} shows {used} and has {files}"


def judge_shares(question: ElementTree.Element) -> Iterator[str]:
    shares = [float(answer.get("fraction", "x")) / 100 for answer in question.findall("answer")]
    if any(all(abs(abs(share) - allowed) > 0.00001 for allowed in SHARES) for share in shares):
        yield f"shares {shares} are not allowed"
    if question.findtext("single") == "false":
        if round(sum(share for share in shares if share > 0), 2) != 1:
            yield f"shares {shares} add up to something else than all"
    elif max(shares, default=0) != 1:
        yield "no answer is fully right"


def judge_options(question: ElementTree.Element) -> Iterator[str]:
    if question.findtext("single") not in ("true", "false") or question.findtext("shuffleanswers") not in (
        "true",
        "false",
    ):
        yield "single or shuffleanswers is unclear"
    if question.findtext("answernumbering") not in ("none", "abc", "ABCD", "123", "iii", "IIII"):
        yield "answernumbering is unknown"
    answers = question.findall("answer")
    if len(answers) < 2:
        yield "fewer than two answers"
    for answer in answers:
        yield from judge_text(answer, "an answer")
        yield from judge_text(answer.find("feedback"), "feedback")
        if not (answer.findtext("text") or "").strip():
            yield "an answer is empty"
    yield from judge_shares(question)


def judge_truefalse(question: ElementTree.Element) -> Iterator[str]:
    found = {answer.findtext("text"): answer.get("fraction") for answer in question.findall("answer")}
    if set(found) != {"true", "false"} or sorted(map(str, found.values())) != ["0", "100"]:
        yield f"answers are {found}"


def judge_short(question: ElementTree.Element) -> Iterator[str]:
    if question.findtext("usecase") not in ("0", "1"):
        yield "usecase is unclear"
    texts = [answer.findtext("text") or "" for answer in question.findall("answer")]
    if not texts or not all(text.strip() for text in texts):
        yield "an answer is empty"
    if any(re.search(r"(?<!\\)\*", text) for text in texts):
        yield "a star would stand for any letters"
    yield from judge_shares(question)


def judge_numerical(question: ElementTree.Element) -> Iterator[str]:
    for answer in question.findall("answer"):
        if not NUMBER.fullmatch(answer.findtext("text") or "") or not NUMBER.fullmatch(
            answer.findtext("tolerance") or ""
        ):
            yield "an answer or tolerance is no number"
    yield from judge_shares(question)


def judge_matching(question: ElementTree.Element) -> Iterator[str]:
    pairs = question.findall("subquestion")
    if len(pairs) < 2:
        yield "fewer than two pairs"
    for pair in pairs:
        yield from judge_text(pair, "a left side")
        yield from judge_text(pair.find("answer"), "a right side", html=False)
        if not (pair.findtext("answer/text") or "").strip():
            yield "a right side is empty"


def judge_cloze(question: ElementTree.Element) -> Iterator[str]:
    text = question.findtext("questiontext/text") or ""
    if not EMBEDDED.search(text):
        yield "there is no embedded answer"
    if any(not re.search(r"(?:^|~)(?:=|%100%)", found) for found in EMBEDDED.findall(text)):
        yield "no embedded answer is fully right"
    if ":SHORTANSWER:" in EMBEDDED.sub("", text):
        yield "an embedded answer does not close"


def judge_ordering(question: ElementTree.Element) -> Iterator[str]:
    answers = question.findall("answer")
    if len(answers) < 2 or question.findtext("selectcount") != str(len(answers)):
        yield "too few items, or not all are shown"
    if question.findtext("selecttype") != "ALL" or question.findtext("layouttype") not in ("VERTICAL", "HORIZONTAL"):
        yield "selecttype or layouttype is unknown"
    for answer in answers:
        yield from judge_text(answer, "an item")


def judge_essay(question: ElementTree.Element) -> Iterator[str]:
    if question.findtext("responseformat") not in ("editor", "plain", "editorfilepicker", "monospaced", "noinline"):
        yield "responseformat is unknown"
    yield from judge_text(question.find("graderinfo"), "graderinfo")


JUDGES = {
    "multichoice": judge_options,
    "truefalse": judge_truefalse,
    "shortanswer": judge_short,
    "numerical": judge_numerical,
    "matching": judge_matching,
    "cloze": judge_cloze,
    "ordering": judge_ordering,
    "essay": judge_essay,
}


def judge_question(question: ElementTree.Element) -> Iterator[str]:
    kind = question.get("type", "")
    if kind not in JUDGES:
        yield f"the type “{kind}” is unknown"
        return
    if not (question.findtext("name/text") or "").strip() or len(question.findtext("name/text") or "") > 255:
        yield "the name is missing or too long"
    yield from judge_text(question.find("questiontext"), "questiontext")
    yield from judge_text(question.find("generalfeedback"), "generalfeedback")
    if (question.find("defaultgrade") is None) != (kind == "cloze"):
        yield "defaultgrade is there for all but cloze"
    if not 0 <= float(question.findtext("penalty") or "-1") <= 1 or len(question.findtext("idnumber") or "") > 100:
        yield "penalty or idnumber is not right"
    for hint in question.findall("hint"):
        yield from judge_text(hint, "a hint")
    for tag in question.findall("tags/tag"):
        yield from judge_text(tag, "a tag", html=False)
    yield from JUDGES[kind](question)


def judge_quiz(data: bytes) -> list[str]:
    root = fromstring(data)
    if root.tag != "quiz" or any(child.tag != "question" for child in root):
        return ["a quiz holds questions only"]
    first, *questions = root
    found = []
    if first.get("type") != "category" or not (first.findtext("category/text") or "").startswith("$course$/"):
        found.append("the category is missing")
    idnumbers = [question.findtext("idnumber") for question in questions]
    if len(set(idnumbers)) < len(idnumbers):
        found.append("an idnumber is there twice")
    for question in questions:
        found += [f"{question.findtext('idnumber')}: {told}" for told in judge_question(question)]
    return found


@pytest.fixture(scope="session")
def judge() -> Judge:
    """What Moodle would find wrong with a file; nothing where it would take all of it."""
    return judge_quiz
