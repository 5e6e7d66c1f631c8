import pytest

from quizapp.core.exchange.xmltree import LARGEST_XML, Budget, Node, escape, parse_xml, write_element
from quizapp.core.problem import Problem


def parse(data: bytes) -> Node:
    root = parse_xml(data, "a.xml")
    assert isinstance(root, Node)
    return root


def refuse(data: bytes, budget: Budget | None = None) -> Problem:
    problem = parse_xml(data, "a.xml", budget)
    assert isinstance(problem, Problem)
    assert problem.file == "a.xml"
    assert problem.fix
    return problem


def test_names_lose_their_namespaces_and_keep_their_lines() -> None:
    root = parse(b'<a xmlns="urn:x" xmlns:y="urn:y">\n<y:b y:c=" d "/>text</a>')
    (child,) = root.children
    assert (root.tag, child.tag, child.line, child.get("c"), child.get("e")) == ("a", "b", 2, "d", "")
    assert root.text.strip() == "text"


def test_elements_are_found_by_paths_and_names() -> None:
    root = parse(b"<a><b><c> one </c></b><b/><c>two</c><!-- <c>no</c> --><?c no?></a>")
    assert root.find_text("b", "c") == "one"
    assert root.find_text("b", "d") == ""
    assert root.find("d") is None
    assert len(list(root.list("b"))) == 2
    assert [node.text.strip() for node in root.search("c")] == ["one", "two"]
    assert [node.tag for node in root.walk()] == ["a", "b", "c", "b", "c"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "broken-xml"),
        (b"<a>", "broken-xml"),
        (b"<a>\xff</a>", "unknown-encoding"),
        (b"<a>\x00</a>", "broken-xml"),
        (b"<a>&nbsp;</a>", "broken-xml"),
        (b"<!DOCTYPE a><a/>", "xml-declarations"),
        (b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', "xml-declarations"),
        (b'<!DOCTYPE a SYSTEM "http://localhost/a.dtd"><a/>', "xml-declarations"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "unknown-encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "unknown-encoding"),
        (b"<a>" * 100, "file-too-large"),
        (b"<a>" + b"<b/>" * 250_000 + b"</a>", "file-too-large"),
        (b"<a b='" + b"=" * 500_001 + b"'/>", "file-too-large"),
        (b" " * (LARGEST_XML + 1), "file-too-large"),
    ],
)
def test_what_is_broken_or_made_to_harm_is_refused(data: bytes, code: str) -> None:
    assert refuse(data).code == code


def test_a_broken_document_is_told_with_its_place() -> None:
    problem = refuse(b"<a>\n<b></c></a>")
    assert (problem.line, problem.column) == (2, 6)


def test_several_documents_share_one_budget() -> None:
    budget = Budget(3)
    assert isinstance(parse_xml(b"<a><b/></a>", "a.xml", budget), Node)
    assert refuse(b"<a><b/></a>", budget).code == "file-too-large"


def test_utf_16_is_read() -> None:
    assert parse("<a>é</a>".encode("utf-16")).text == "é"


def test_what_is_written_is_read_again() -> None:
    text = "<\"'&>\x01 ]]> é\tf\n"
    written = write_element("a", escape(text), attributes=[("b", '"<&\n')])
    root = parse(written.encode())
    assert root.text == text.replace("\x01", "")
    assert root.attributes["b"].strip() == '"<&'
    assert write_element("a") == "<a/>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("<a>\n<b>é</b></a>".encode("cp1252"), "unknown-encoding"),
        ("<?xml version='1.0'?><a>é</a>".encode("cp1252"), "unknown-encoding"),
        ("<?xml version='1.0' encoding='UTF-8'?><a>é</a>".encode("cp1252"), "broken-xml"),
        ("<a>é & b</a>".encode(), "broken-xml"),
        ("<a>é & b</a>".encode("utf-16"), "broken-xml"),
    ],
)
def test_letters_that_are_not_utf_8_are_told_as_what_they_are(data: bytes, code: str) -> None:
    problem = refuse(data)
    assert (problem.code, problem.line > 0) == (code, True)
