"""Addresses that others choose: where a sign-in goes on, and hosts that are not ours."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from plumbing.school import PASSWORD, SECRET, OpenSchool, Person
from werkzeug.test import TestResponse

from quizapp.app import create_app
from quizapp.settings import Settings

ELSEWHERE = (
    *("https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example/a"),
    *("/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "//\\evil.example"),
    *("/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example"),
    *("\u0000//evil.example", "/\u0000/evil.example", "\u00a0//evil.example", "/\u200b/evil.example"),
    *("https:evil.example", "https:/evil.example", "http:///evil.example", "HTTPS://EVIL.EXAMPLE"),
    *("//localhost@evil.example", "https://localhost:pass@evil.example", "//evil.example#@localhost"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x"),
    *("//evil.example/%2f..", "/%09/evil.example", "/%5cevil.example", "//evil%E3%80%82example", "．．//evil.example"),
    *("//[::1]", "//[evil", "?next=//evil.example", "evil.example", "./evil.example", "@evil.example", "/../../x"),
)


def _goes_elsewhere(response: TestResponse) -> bool:
    """Whether a browser would leave this site: browsers drop tabs and line ends, and read a backslash as a slash."""
    read = re.sub(r"[\t\r\n]", "", response.location).strip(" \0").replace("\\", "/")
    return urlsplit(urljoin("http://localhost/sign-in", read)).netloc != "localhost"


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_elsewhere_after_signing_in(shared_school: OpenSchool, wanted: str) -> None:
    school, visitor = shared_school, shared_school.person(None)
    before = school.version()
    for path, fields in (
        ("/sign-in", {"name": "Bob", "password": PASSWORD, "next": wanted}),
        ("/language", {"language": "ar", "next": wanted}),
    ):
        response = visitor.send("POST", path, fields)
        assert response.status_code == 303, path
        assert not _goes_elsewhere(response), path
    school.restore_after(before)


def test_a_return_address_is_kept_to_this_site_when_signing_up(school: OpenSchool) -> None:
    for number, wanted in enumerate(ELSEWHERE[:9]):
        person = Person(school.app, None)
        fields = {"name": f"Kim {number}", "password": PASSWORD, "next": wanted}
        assert not _goes_elsewhere(person.send("POST", "/sign-up", fields))


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "quiz.example.org.evil.example", "evilquiz.example.org", "quiz.example.org@evil.example"),
        *("quiz.example.org:evil", "127.0.0.1.evil.example", "localhost.evil.example", "quiz.example.org\\evil"),
    ],
)
def test_no_page_is_made_for_a_host_that_is_not_ours(school: OpenSchool, host: str) -> None:
    settings = Settings(data_dir=school.file.parent, secret_key=SECRET, public_url="https://quiz.example.org")
    client = create_app(settings, school.database).test_client()
    for path in ("/", "/sign-in", "/api/v1/decks", "/nothing"):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == 400, path
        assert b"evil" not in response.get_data()


def test_no_header_of_a_stranger_changes_an_address(shared_school: OpenSchool) -> None:
    alice, ids = shared_school.person("Alice"), shared_school.school.owned[0]
    forged = ("X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL")
    headers = dict.fromkeys(forged, "evil.example") | {
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "host=evil.example",
    }
    for path in ("/", f"/classes/{ids['class']}", "/account", "/sign-in", "/nothing"):
        assert "evil.example" not in alice.send("GET", path, headers=headers).text
    sent = alice.send("GET", "/decks", headers=headers | {"X-HTTP-Method-Override": "DELETE"})
    assert sent.status_code == 404
