"""Who may do what: tests/security/matrix.csv, cell by cell, with real things of two schools.

After every refusal nothing is changed and nothing private is told. The head of the table says how to add a row.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from plumbing.matrix import ACTORS, Row, read_matrix
from plumbing.school import CANARIES, OpenSchool
from werkzeug.test import TestResponse

from quizapp.services import accounts, classes, classes_settings
from quizapp.services.accounts import Viewer
from quizapp.services.authoring import Author, sharing

ROWS = tuple(read_matrix())
_HIDDEN = {"anon": CANARIES, "S": CANARIES[1:], "SX": CANARIES[:1], "T": CANARIES[1:], "TX": CANARIES[:1], "A": ()}
"""Whose words an actor never sees, whatever is asked; only who has the code of a class sees its name."""


def _is_refusal(actor: str, response: TestResponse) -> str:
    """``N`` or ``F``; blank where the request was let in."""
    if response.status_code == 403:
        return "F"
    to_sign_in = response.status_code == 303 and response.location.startswith("/sign-in")
    visitor = actor == "anon" and (to_sign_in or response.status_code == 401)
    return "N" if visitor or response.status_code == 404 else ""


def _check_refused(school: OpenSchool, row: Row, response: TestResponse, before: object) -> None:
    told = response.get_data()
    assert not [canary for canary in CANARIES if canary.encode() in told], row
    assert school.digest(before) == school.clean, f"{row} was refused, and changed something"


def _ask(school: OpenSchool, actor: str, row: Row, ids: Mapping[str, str]) -> tuple[TestResponse, object]:
    before = school.version()
    who = school.person(ACTORS[actor])
    return who.send(row.method, row.address(ids), row.fields(ids)), before


def test_every_route_and_method_has_a_row(shared_school: OpenSchool) -> None:
    rules = shared_school.app.url_map.iter_rules()
    routes = {(rule.endpoint, method) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    rows = {(row.endpoint, row.method) for row in ROWS}
    assert routes - rows == set(), "add rows to tests/security/matrix.csv; its head says how"
    assert rows - routes == set(), "rows of tests/security/matrix.csv that no route answers"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_is_let_in_or_refused_as_the_matrix_says(shared_school: OpenSchool, row: Row) -> None:
    school, ids = shared_school, shared_school.school.owned[0]
    where = school.app.url_map.bind("localhost").match(row.address(ids).partition("?")[0], row.method)
    assert where[0] == row.endpoint
    for actor, cell in row.cells.items():
        response, before = _ask(school, actor, row, ids)
        assert response.status_code < 500, (actor, response.text)
        assert _is_refusal(actor, response) == cell.replace("Y", ""), (actor, response.status_code, response.location)
        if cell == "Y":
            told = response.get_data()
            hidden = () if row.endpoint.startswith("classes.joining.") else _HIDDEN[actor]
            assert not [canary for canary in hidden if canary.encode() in told], actor
            if row.method == "GET":
                assert school.digest(before) == school.clean, f"{actor}: asking changed something"
        else:
            _check_refused(school, row, response, before)
        school.restore_after(before)


OF_ALICE = [row for row in ROWS if row.names and row.cells["T"] == "Y"]


@pytest.mark.parametrize("row", OF_ALICE, ids=str)
def test_no_name_in_an_address_can_be_changed_to_that_of_somebody_elses(shared_school: OpenSchool, row: Row) -> None:
    school, (alices, danas) = shared_school, shared_school.school.owned
    for name in row.names:
        if alices[name] == danas[name]:
            continue  # "map.png" is the name of both
        mixed = {**alices, name: danas[name]}
        response, before = _ask(school, "T", row, mixed)
        refusal = _is_refusal("T", response)
        assert refusal or row.cells["TX"] == "Y", (name, response.status_code)
        if refusal:
            _check_refused(school, row, response, before)
        school.restore_after(before)


def _viewer(school: OpenSchool, name: str) -> Viewer:
    with school.database.reading() as session:
        found = accounts.recognise(session, school.school.cookies[name], datetime.now(UTC))
    assert found is not None
    return found[0]


def _remove_student(school: OpenSchool) -> None:
    ids = school.school.owned[0]
    with school.database.writing() as session:
        classes.remove_member(session, _viewer(school, "Alice"), ids["class"], ids["student"], datetime.now(UTC))


def _remove_co_teacher(school: OpenSchool) -> None:
    ids, alice = school.school.owned[0], _viewer(school, "Alice")
    with school.database.writing() as session:
        classes_settings.remove_teacher(session, alice, ids["class"], ids["teacher"])
        author = Author(alice.account_id or 0, "Alice", is_admin=False)
        sharing.remove_editor(session, author, ids["draft"], ids["editor"])


def _demote(school: OpenSchool) -> None:
    with school.database.writing() as session:
        session.execute(sa.text("UPDATE account SET role = 'student' WHERE name = 'Alice'"))
        session.commit()


def _delete(school: OpenSchool) -> None:
    with school.database.writing() as session:
        session.execute(sa.text("DELETE FROM account WHERE name = 'Rita'"))
        session.commit()


@pytest.mark.parametrize(
    ("name", "change", "column", "within"),
    [
        ("Bob", _remove_student, "SX", "{class}"),
        ("Erin", _remove_co_teacher, "TX", "{"),
        ("Alice", _demote, "SX", "{"),
        ("Rita", _delete, "anon", "/"),
    ],
)
def test_who_loses_a_right_is_a_stranger_at_once_in_a_live_sign_in(
    school: OpenSchool, name: str, change: Callable[[OpenSchool], None], column: str, within: str
) -> None:
    ids, who = school.school.owned[0], school.person(name)
    rows = [row for row in ROWS if within in row.path and row.cells[column] != "Y"]
    assert {who.send(row.method, row.address(ids)).status_code for row in rows if row.method == "GET"} & {200}
    change(school)
    school.clean = school.count_all()
    for row in rows:
        before = school.version()
        response = who.send(row.method, row.address(ids), row.fields(ids))
        assert _is_refusal(column, response), (str(row), response.status_code)
        _check_refused(school, row, response, before)
