"""Forged requests: every unsafe route is refused without our token, with another's, and from another site."""

import pytest
from plumbing.matrix import ACTORS, Row, read_matrix
from plumbing.school import OpenSchool

UNSAFE = tuple(row for row in read_matrix() if row.method != "GET" and "Y" in row.cells.values())
_HARMLESS = ("language.choose",)
"""Choosing a language may be forged from here: nothing is gained by it, and pages without forms need no session."""
_FORGERIES: dict[str, dict[str, object]] = {
    "no token": {"token": False},
    "somebody else's token": {"token": False, "headers": {"X-CSRFToken": "IjE0Y2Y4ZWQ1Ig.made.up"}},
    "another origin": {"headers": {"Origin": "https://evil.example"}},
    "a broken origin": {"headers": {"Origin": "https://[evil"}},
    "another site": {"headers": {"Sec-Fetch-Site": "cross-site"}},
    "a sibling of the site": {"headers": {"Sec-Fetch-Site": "same-site"}},
}


@pytest.mark.parametrize("row", UNSAFE, ids=str)
def test_a_forged_request_is_refused_and_changes_nothing(shared_school: OpenSchool, row: Row) -> None:
    school, ids = shared_school, shared_school.school.owned[0]
    actor = next(one for one in ("S", "T", "A", "anon") if row.cells[one] == "Y")
    who, before = school.person(ACTORS[actor]), school.version()
    for name, forgery in _FORGERIES.items():
        if row.endpoint in _HARMLESS and "token" in name:
            continue
        response = who.send(row.method, row.address(ids), row.fields(ids), **forgery)
        assert response.status_code == 400, (name, response.status_code, response.location)
        assert school.digest(before) == school.clean, name


def test_a_token_in_an_address_counts_for_nothing(shared_school: OpenSchool) -> None:
    alice = shared_school.person("Alice")
    token = alice.form_token
    assert alice.send("POST", f"/classes?csrf_token={token}", {"name": "Forged"}, token=False).status_code == 400


def test_a_token_of_another_browser_counts_for_nothing(shared_school: OpenSchool) -> None:
    alice, bob = shared_school.person("Alice"), shared_school.person("Bob")
    sent = alice.send("POST", "/classes", {"name": "X"}, token=False, headers={"X-CSRFToken": bob.form_token})
    assert sent.status_code == 400
