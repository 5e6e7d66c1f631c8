"""The schemas' rules for QTI 1.2 (as Canvas uses it), QTI 2.1 and content packages, as far as they can be told by hand.

Which elements stand in which, in what order and how often; which attributes they must have; which names must lead to
something. From the IMS specifications: QTI ASI 1.2.1, QTI 2.1 and Content Packaging 1.1.4.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from defusedxml.ElementTree import fromstring

Judge = Callable[[bytes], list[str]]
Rules = dict[str, tuple[str, str]]

# What stands in an element, as a pattern of the names of its parts, and the attributes that it must have.
V1: Rules = {
    "questestinterop": ("assessment ", ""),
    "assessment": ("(qticomment )?(qtimetadata )*(section )+", "ident"),
    "qtimetadata": ("(qtimetadatafield )+", ""),
    "qtimetadatafield": ("fieldlabel fieldentry ", ""),
    "section": ("(item )+", "ident"),
    "item": ("itemmetadata presentation resprocessing (itemfeedback )+", "ident"),
    "itemmetadata": ("qtimetadata ", ""),
    "presentation": ("material ((response_lid )+|response_str )", ""),
    "material": ("mattext ", ""),
    "mattext": ("", "texttype"),
    "response_lid": ("(material )?render_choice ", "ident"),
    "response_str": ("render_fib ", "ident rcardinality"),
    "render_choice": ("(response_label )+", ""),
    "render_fib": ("response_label ", ""),
    "response_label": ("(material )?", "ident"),
    "resprocessing": ("outcomes (respcondition )+", ""),
    "outcomes": ("decvar ", ""),
    "decvar": ("", "maxvalue minvalue varname vartype"),
    "respcondition": ("conditionvar (setvar )?(displayfeedback )?", "continue"),
    "conditionvar": ("(other |varequal |and |or )+", ""),
    "and": ("(varequal |not |vargte |varlte )+", ""),
    "or": ("(varequal |and )+", ""),
    "not": ("varequal ", ""),
    "varequal": ("", "respident"),
    "setvar": ("", "action varname"),
    "displayfeedback": ("", "feedbacktype linkrefid"),
    "itemfeedback": ("flow_mat ", "ident"),
    "flow_mat": ("material ", ""),
}
BLOCK = "(p |ul |ol |pre |blockquote |hr |div )"
INLINE = "(em |strong |code |a |br |img |object |math |textEntryInteraction )"
V2: Rules = {
    "assessmentItem": (
        "(responseDeclaration )+(outcomeDeclaration )+itemBody responseProcessing (modalFeedback )+",
        "identifier title adaptive timeDependent",
    ),
    "responseDeclaration": ("(correctResponse )?(mapping )?", "identifier cardinality baseType"),
    "correctResponse": ("(value )+", ""),
    "mapping": ("(mapEntry )+", "defaultValue"),
    "mapEntry": ("", "mapKey mappedValue"),
    "outcomeDeclaration": ("", "identifier cardinality baseType"),
    "itemBody": (f"({BLOCK}|choiceInteraction |orderInteraction |matchInteraction |extendedTextInteraction )+", ""),
    "choiceInteraction": ("(simpleChoice )+", "responseIdentifier shuffle maxChoices"),
    "orderInteraction": ("(simpleChoice )+", "responseIdentifier shuffle"),
    "matchInteraction": ("simpleMatchSet simpleMatchSet ", "responseIdentifier shuffle maxAssociations"),
    "simpleMatchSet": ("(simpleAssociableChoice )+", ""),
    "simpleChoice": (f"{INLINE}*", "identifier"),
    "simpleAssociableChoice": (f"{INLINE}*", "identifier matchMax"),
    "textEntryInteraction": ("", "responseIdentifier"),
    "extendedTextInteraction": ("", "responseIdentifier"),
    "responseProcessing": ("(setOutcomeValue |responseCondition )+", ""),
    "responseCondition": ("responseIf responseElse ", ""),
    "responseIf": ("(match |equal |or )setOutcomeValue ", ""),
    "responseElse": ("setOutcomeValue ", ""),
    "match": ("variable correct ", ""),
    "equal": ("variable baseValue ", "toleranceMode"),
    "or": ("(equal )+", ""),
    "divide": ("sum baseValue ", ""),
    "sum": ("(mapResponse )+", ""),
    "setOutcomeValue": ("(variable |mapResponse |baseValue |divide )", "identifier"),
    "modalFeedback": (f"{BLOCK}*", "outcomeIdentifier identifier showHide"),
    "p": (f"{INLINE}*", ""),
    "li": (f"({BLOCK}|{INLINE})*", ""),
    "ul": ("(li )+", ""),
    "ol": ("(li )+", ""),
    "blockquote": (f"{BLOCK}*", ""),
    "div": (f"{BLOCK}*", ""),
    "a": (f"{INLINE}*", "href"),
    "img": ("", "src alt"),
    "object": ("", "data type"),
    "math": ("semantics ", ""),
    "assessmentTest": ("testPart ", "identifier title"),
    "testPart": ("assessmentSection ", "identifier navigationMode submissionMode"),
    "assessmentSection": ("(assessmentItemRef )+", "identifier title visible"),
    "assessmentItemRef": ("", "identifier href"),
}
PACKAGE: Rules = {
    "manifest": ("metadata organizations resources ", "identifier"),
    "metadata": ("schema schemaversion (lom )?", ""),
    "resources": ("(resource )+", ""),
    "resource": ("(file )+(dependency )*", "identifier type"),
    "file": ("", "href"),
    "dependency": ("", "identifierref"),
}


def name_of(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def judge_structure(root: ElementTree.Element, rules: Rules) -> Iterator[str]:
    for node in root.iter():
        pattern, attributes = rules.get(name_of(node), (None, ""))
        inside = "".join(f"{name_of(child)} " for child in node)
        if pattern is not None and not re.fullmatch(pattern, inside):
            yield f"<{name_of(node)}> holds {inside}"
        if missing := [name for name in attributes.split() if name not in node.attrib]:
            yield f"<{name_of(node)}> lacks {missing}"


def find_all(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in root.iter() if name_of(node) == name]


def judge_names(names: list[str | None], what: str) -> Iterator[str]:
    if len(set(names)) < len(names) or None in names:
        yield f"{what} is missing or there twice"


def judge_v1_item(item: ElementTree.Element) -> Iterator[str]:
    feedback = {node.get("ident") for node in find_all(item, "itemfeedback")}
    shown = {node.get("linkrefid") for node in find_all(item, "displayfeedback")}
    if feedback != shown:
        yield f"feedback {feedback} is shown as {shown}"
    responses = {node.get("ident"): node for node in item.iter() if name_of(node) in ("response_lid", "response_str")}
    for equal in find_all(item, "varequal"):
        response = responses.get(equal.get("respident"))
        if response is None:
            yield "a response that is scored is not there"
            continue
        labels = {node.get("ident") for node in find_all(response, "response_label")}
        if name_of(response) == "response_lid" and equal.text not in labels:
            yield "a label that is scored is not there"
    scores = [float(node.text or "0") for node in find_all(item, "setvar")]
    kind = next(node.text for node in find_all(item, "fieldentry"))
    if kind != "essay_question" and not max(sum(scores), max(scores, default=0)) >= 99:
        yield f"scores are {scores}"


def judge_v2_item(item: ElementTree.Element) -> Iterator[str]:
    declared = {node.get("identifier"): node for node in find_all(item, "responseDeclaration")}
    used = [node.get("responseIdentifier") for node in item.iter() if name_of(node).endswith("Interaction")]
    if sorted(map(str, used)) != sorted(map(str, declared)):
        yield f"responses {sorted(map(str, declared))} are asked as {used}"
    outcomes = {node.get("identifier") for node in find_all(item, "outcomeDeclaration")}
    told = {node.get("outcomeIdentifier") for node in find_all(item, "modalFeedback")}
    told |= {node.get("identifier") for node in find_all(item, "setOutcomeValue")}
    if not told <= outcomes or "SCORE" not in outcomes:
        yield f"outcomes {outcomes} do not hold {told}"
    choices = {node.get("identifier") for node in item.iter() if name_of(node).startswith("simple")}
    for node in declared.values():
        values = [value.text or "" for value in find_all(node, "value")]
        if node.get("baseType") in ("identifier", "directedPair") and not set(" ".join(values).split()) <= choices:
            yield f"right values {values} are not among the choices"
        if node.get("baseType") == "float" and not re.fullmatch(r"-?[0-9.]+", values[0]):
            yield "a number is none"
    if not re.fullmatch(r"[A-Za-z_][\w.-]*", item.get("identifier") or ""):
        yield "the identifier is no name"


def judge_manifest(root: ElementTree.Element, names: set[str]) -> Iterator[str]:
    yield from judge_structure(root, PACKAGE)
    resources = find_all(root, "resource")
    identifiers = [node.get("identifier") for node in resources]
    yield from judge_names(identifiers, "the identifier of a resource")
    hrefs = {unquote(node.get("href") or "") for node in find_all(root, "file")}
    if hrefs != names - {"imsmanifest.xml"}:
        yield f"the manifest lists {hrefs} and the package holds {names}"
    for node in find_all(root, "dependency"):
        if node.get("identifierref") not in identifiers:
            yield "a dependency leads nowhere"


def judge_package(data: bytes) -> list[str]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = set(archive.namelist())
    found = list(judge_manifest(fromstring(archive.read("imsmanifest.xml")), names))
    for name in names:
        if not name.endswith(".xml") or name == "imsmanifest.xml":
            continue
        root = fromstring(archive.read(name))
        kind = name_of(root)
        found += judge_structure(root, V1 if kind == "questestinterop" else V2)
        items = find_all(root, "item")
        found += judge_names([item.get("ident") for item in items], "the name of an item")
        found += [told for item in items for told in judge_v1_item(item)]
        if kind == "assessmentItem":
            found += judge_v2_item(root)
        shown = [
            unquote(node.get("src") or node.get("data") or "")
            for node in root.iter()
            if name_of(node) in ("img", "object")
        ]
        found += [f"{one} is not in the package" for one in shown if one.removeprefix("../") not in names]
    return found


@pytest.fixture(scope="session")
def judge() -> Judge:
    """What the schemas would find wrong with a package; nothing where it is well made."""
    return judge_package
