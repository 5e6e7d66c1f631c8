"""Classes in the browser: making one, coming in, importing, and what a stranger must not see."""

import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlmodel import select

from quizapp.services.accounts import Role
from quizapp.store.engine import Database
from quizapp.store.tables import ClassMemberRow

LIST = "first_name;last_name;groups\nZoë;Müller;Red\nAmir;=1+1;\n"
UNSAFE = [
    "",
    "/settings",
    "/teachers",
    "/archive",
    "/restore",
    "/groups",
    "/groups/x",
    "/groups/x/remove",
    "/invites",
    "/invites/link/close",
    "/requests/x",
    "/students/x",
    "/students/x/reset",
    "/students/x/remove",
    "/teachers/x/remove",
    "/import",
    "/import/confirm",
    "/slips",
]


@pytest.fixture
def alice(browser_of):
    """A teacher's browser."""
    return browser_of("Alice", Role.TEACHER)


@pytest.fixture
def herons(alice) -> str:
    """The path of Alice's class."""
    alice.get("/classes")
    response = alice.post("/classes", {"name": "Herons 8b"})
    assert response.status_code == 303
    return response.headers["Location"]


@pytest.fixture
def way_in(alice, herons: str) -> Callable[[str], str]:
    """Open a way into the class, and give its path: ``way_in("link")``."""

    def open_way(kind: str) -> str:
        alice.get(herons)
        assert alice.post(f"{herons}/invites", {"kind": kind, "lasts": "day"}).status_code == 303
        alice.get(herons)
        if kind == "link":
            found = re.search(r"(/join/[A-Z0-9]+)<", alice.page)
        else:
            found = re.search(r'class="board">([A-Z0-9-]+)<', alice.page)
        assert found
        return found[1]

    return open_way


def test_a_class_needs_a_name_and_says_so(alice) -> None:
    alice.get("/classes")
    assert alice.post("/classes", {"name": "  "}).status_code == 422
    assert "Give the class a name" in alice.page


def test_a_student_joins_by_link_once(browser_of, alice, herons: str, way_in, web_database: Database) -> None:
    path, bob = way_in("link"), browser_of("Bob")
    bob.get(path)
    assert "Join as Bob" in bob.page
    for _ in range(2):
        assert bob.post(path).headers["Location"] == herons
        bob.get(path.lower())
    assert "You are in this class." in bob.page
    bob.get(herons)
    assert "Alice" in bob.page
    alice.get(herons)
    assert "1 student" in alice.page
    with web_database.reading() as session:
        assert len(session.exec(select(ClassMemberRow)).all()) == 1


def test_a_visitor_joins_with_a_name_and_keeps_the_place_when_signing_up(
    visitor, alice, herons: str, way_in, password: str, web_database: Database
) -> None:
    path = way_in("link")
    visitor.get(path)
    assert visitor.post(path, {"name": " "}).status_code == 422
    assert "Write your name" in visitor.page
    assert visitor.client.get_cookie("quizapp_sign_in") is None
    assert visitor.post(path, {"name": "Kim <b>"}).status_code == 303
    visitor.get(herons)
    assert "You are in the class." in visitor.page
    visitor.get(f"/sign-up?next={herons}")
    fields = {"name": "kim", "password": password, "next": herons}
    assert visitor.post("/sign-up", fields).headers["Location"] == herons
    visitor.get("/classes")
    assert "Herons 8b" in visitor.page
    alice.get(herons)
    assert "Kim &lt;b&gt;" in alice.page


def test_who_comes_by_code_waits_for_the_teachers_yes(browser_of, alice, herons: str, way_in) -> None:
    code, bob, charlie = way_in("code"), browser_of("Bob"), browser_of("Charlie")
    assert len(code) == 11
    for browser in (bob, charlie):
        browser.get("/classes")
        path = browser.post("/join", {"code": f" {code.lower().replace('-', ' ')} "}).headers["Location"]
        browser.get(path)
        for _ in range(2):
            assert browser.post(path).headers["Location"] == path
            browser.get(path)
            assert "Your teacher was asked" in browser.page
        assert browser.get(herons).status_code == 404
    alice.get(herons)
    paths = re.findall(r'action="([^"]+/requests/[^"]+)"', alice.page)
    assert len(paths) == 2
    assert alice.post(paths[0], {"choice": "yes"}).status_code == 303
    alice.get(herons)
    assert alice.post(paths[1], {"choice": "no"}).status_code == 303
    alice.get(herons)
    assert alice.post(paths[0], {"choice": "yes"}).status_code == 404
    assert bob.get(herons).status_code == 200
    assert charlie.get(herons).status_code == 404


def test_a_closed_or_replaced_link_opens_nothing(visitor, alice, way_in, herons: str) -> None:
    first = way_in("link")
    second = way_in("link")
    assert first != second
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    alice.post(f"{herons}/invites/link/close")
    assert visitor.get(second).status_code == 404
    alice.get(herons)
    assert alice.post(f"{herons}/invites", {"kind": "door", "lasts": "day"}).status_code == 422


def test_a_code_that_is_none_is_said_beside_the_field_and_too_many_must_wait(visitor) -> None:
    visitor.get("/join")
    for _ in range(40):
        assert visitor.post("/join", {"code": "CDF-GHJ-KMN"}).status_code == 422
    assert "opens no class" in visitor.page
    assert visitor.post("/join", {"code": "CDF-GHJ-KMN"}).status_code == 429


def test_an_empty_code_is_asked_for_again(visitor) -> None:
    visitor.get("/join")
    assert visitor.post("/join", {"code": ""}).status_code == 422
    assert "Enter the code." in visitor.page


def test_teachers_do_not_join_as_students(alice, way_in) -> None:
    path = way_in("link")
    alice.get(path)
    assert "what your students see" in alice.page
    alice.get("/classes")
    assert alice.post(path).status_code == 403


def test_a_list_is_shown_imported_and_printed(alice, visitor, herons: str, password: str) -> None:
    alice.get(f"{herons}/import")
    file = (io.BytesIO(LIST.encode("cp1252")), "list.csv")
    shown = alice.post(f"{herons}/import", {"file": file}, content_type="multipart/form-data")
    assert shown.status_code == 200
    assert "zoe.mueller" in alice.page
    assert "looks like a formula" in alice.page
    assert "<b>2</b> new, with an account" in alice.page
    held = re.search(r'name="text" value="([^"]+)"', alice.page.replace("&#34;", "\x01"))
    assert held
    fields = {"text": held[1].replace("\x01", '"')}
    assert alice.post(f"{herons}/import/confirm", fields).headers["Location"] == f"{herons}/slips"
    alice.get(f"{herons}/slips")
    assert "2 students are new." in alice.page
    code = re.search(r"zoe\.mueller</code>.*?<code>([A-Z0-9-]{17})</code>", alice.page, re.DOTALL)
    assert code
    alice.get(herons)
    assert "has not signed in yet" in alice.page
    alice.get(f"{herons}/import")
    assert alice.post(f"{herons}/import/confirm", fields).headers["Location"] == herons
    alice.get(herons)
    assert "Nothing was left to import" in alice.page
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"name": "zoe.mueller", "password": code[1].lower()})
    assert "Choose your password" in visitor.page
    start = {"name": "zoe.mueller", "password": visitor.hidden("password")}
    assert visitor.post("/sign-in/start", start | {"new": ""}).status_code == 422
    assert visitor.post("/sign-in/start", start | {"new": "short"}).status_code == 422
    assert visitor.post("/sign-in/start", start | {"new": password}).status_code == 303
    visitor.get("/classes")
    assert "Herons 8b" in visitor.page
    assert visitor.post("/sign-out").status_code == 303


def test_what_was_typed_goes_through_the_choice_of_a_first_password(alice, visitor, herons: str, password: str) -> None:
    alice.get(f"{herons}/import")
    alice.post(f"{herons}/import/confirm", {"text": LIST})
    alice.get(f"{herons}/slips")
    code = re.search(r"zoe\.mueller</code>.*?<code>([A-Z0-9-]{17})</code>", alice.page, re.DOTALL)
    assert code
    visitor.get("/sign-in")
    assert visitor.post("/classes", {"name": "Grey herons"}).status_code == 401
    fields = {"name": "zoe.mueller", "password": code[1], "carried": unescape(visitor.hidden("carried"))}
    visitor.post("/sign-in", fields)
    assert "Choose your password" in visitor.page
    chosen = {name: unescape(visitor.hidden(name)) for name in fields} | {"new": password}
    assert visitor.post("/sign-in/start", chosen).status_code == 200
    assert "You are signed in again" in visitor.page
    assert visitor.hidden("name") == "Grey herons"


def test_a_list_of_nothing_is_asked_for_again_and_a_bad_one_told_line_by_line(alice, herons: str) -> None:
    alice.get(f"{herons}/import")
    assert alice.post(f"{herons}/import", {"pasted": " "}).status_code == 422
    assert "Choose a file" in alice.page
    alice.post(f"{herons}/import", {"pasted": "name,email\n<b>Ann</b>,bad\n"})
    assert "Line 2:" in alice.page
    assert "<b>Ann" not in alice.page
    assert "would change nothing" in alice.page


def test_details_groups_and_a_new_password(browser_of, alice, herons: str, way_in) -> None:
    path, bob = way_in("link"), browser_of("Bob")
    bob.get(path)
    bob.post(path)
    alice.get(herons)
    student = re.search(rf'"({re.escape(herons)}/students/[^"]+)"', alice.page)
    assert student
    alice.get(student[1])
    assert alice.post(student[1], {"first_name": "Bob", "email": "no"}).status_code == 422
    assert "is no e-mail address" in alice.page
    assert alice.post(student[1], {"first_name": "Robert", "last_name": "Ray"}).status_code == 303
    alice.get(f"{herons}/groups")
    assert alice.post(f"{herons}/groups", {"name": "Red"}).status_code == 303
    alice.get(f"{herons}/groups")
    assert "Robert Ray" in alice.page
    group = re.search(rf'action="({re.escape(herons)}/groups/[^"/]+)"', alice.page)
    assert group
    handle = student[1].rpartition("/")[2]
    assert alice.post(group[1], {"member": [handle, "nobody"]}).status_code == 303
    alice.get(f"{herons}/groups")
    assert alice.post(f"{herons}/groups", {"name": "red"}).status_code == 422
    assert "has a group of this name" in alice.page
    alice.get(student[1])
    assert "Red" in alice.page
    location = alice.post(f"{student[1]}/reset").headers["Location"]
    assert bob.get("/account").status_code == 303
    alice.get(location)
    assert "new start password" in alice.page
    alice.get(student[1])
    assert "by Alice" in alice.page
    alice.post(f"{group[1]}/remove")
    alice.get(student[1])
    assert alice.post(f"{student[1]}/remove").headers["Location"] == herons
    assert alice.get(student[1]).status_code == 404


def test_settings_teachers_and_the_archive(browser_of, alice, herons: str, way_in) -> None:
    path, dana = way_in("link"), browser_of("Dana", Role.TEACHER)
    alice.get(f"{herons}/settings")
    assert alice.post(f"{herons}/settings", {"name": ""}).status_code == 422
    assert alice.post(f"{herons}/settings", {"name": "Owls", "pseudonymous": "y"}).status_code == 303
    alice.get(f"{herons}/settings")
    assert alice.post(f"{herons}/teachers", {"teacher-name": "Bob"}).status_code == 422
    assert "No teacher signs in with the name" in alice.page
    assert dana.get(herons).status_code == 404
    assert alice.post(f"{herons}/teachers", {"teacher-name": "dana"}).status_code == 303
    assert dana.get(herons).status_code == 200
    alice.get(f"{herons}/settings")
    paths = re.findall(r'action="([^"]+/teachers/[^"]+/remove)"', alice.page)
    assert alice.post(paths[1]).status_code == 303
    assert dana.get(herons).status_code == 404
    alice.get(f"{herons}/settings")
    assert alice.post(paths[0]).status_code == 409
    alice.get(f"{herons}/settings")
    for _ in range(2):
        assert alice.post(f"{herons}/archive").status_code == 303
        alice.get(herons)
    assert "Archived" in alice.page
    assert alice.get(path).status_code == 404
    alice.get(herons)
    assert alice.post(f"{herons}/groups", {"name": "Red"}).status_code == 409
    alice.get(herons)
    assert alice.post(f"{herons}/restore").status_code == 303
    assert alice.get(herons).status_code == 200


def test_a_student_leaves(browser_of, herons: str, way_in) -> None:
    path, bob = way_in("link"), browser_of("Bob")
    bob.get(path)
    bob.post(path)
    bob.get(herons)
    assert bob.post(f"{herons}/leave").status_code == 303
    assert bob.get(herons).status_code == 404
    bob.get("/classes")
    assert "You have left the class." in bob.page
    assert bob.post(f"{herons}/leave").status_code == 404


@pytest.mark.parametrize("path", ["", "/settings", "/groups", "/import", "/slips", "/students/x"])
def test_strangers_see_no_page_of_a_class(browser_of, visitor, herons: str, path: str) -> None:
    for name, role in (("Bob", Role.STUDENT), ("Dana", Role.TEACHER)):
        stranger = browser_of(name, role)
        assert stranger.get(herons + path).status_code == 404
        assert "Herons" not in stranger.page
    assert visitor.get(herons + path).headers["Location"].startswith("/sign-in?next=")


def test_strangers_change_nothing(browser_of, visitor, alice, herons: str, web_database: Database) -> None:
    dana, bob = browser_of("Dana", Role.TEACHER), browser_of("Bob")
    alice.get(herons)
    before = alice.get(herons).get_data()
    for path in UNSAFE[1:]:
        for stranger in (dana, bob):
            stranger.get("/account")
            assert stranger.post(herons + path, {"choice": "yes", "name": "x"}).status_code == 404, path
        visitor.get("/sign-in")
        assert visitor.post(herons + path, {"choice": "yes"}).status_code in (401, 403), path
        assert visitor.client.post(herons + path).status_code == 400, path
    token = re.compile(rb'name="csrf_token" value="[^"]*"')
    assert token.sub(b"", alice.get(herons).get_data()) == token.sub(b"", before)


def test_a_student_makes_no_class_and_a_visitor_is_asked_to_sign_in(browser_of, visitor) -> None:
    bob = browser_of("Bob")
    bob.get("/classes")
    assert "Join a class" in bob.page
    assert bob.post("/classes", {"name": "Mine"}).status_code == 403
    assert visitor.get("/classes").headers["Location"] == "/sign-in?next=/classes"
    assert visitor.client.delete("/classes").status_code == 405
