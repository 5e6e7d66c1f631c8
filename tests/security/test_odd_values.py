"""Values that no form of ours sends: refused in words or taken as they are, on both databases, and never a crash."""

import pytest
from flask import Flask
from plumbing.matrix import ACTORS, read_matrix
from plumbing.school import OpenSchool, Person, School

NUL = "a\x00b"
ODD = (NUL, "\u202e\u0301\ufdd0\U0010ffff", "x" * 100_000)


@pytest.mark.parametrize("odd", ODD, ids=("nul", "no letters", "long"))
def test_no_odd_value_ends_in_a_crash(filled: tuple[Flask, School], odd: str) -> None:
    app, school = filled
    ids, broken = dict(school.owned[0]), []
    for row in sorted(read_matrix(), key=lambda row: (row.method != "GET", not row.names, "sign" in row.path)):
        actor = next((name for name in ("T", "S", "A") if row.cells[name] == "Y"), "anon")
        name = ACTORS[actor]
        who = Person(app, None if name is None else school.cookies[name])
        fields = row.fields(ids)
        asked = [(row.address({**ids, each: odd.replace("\0", "%00")[:2_000]}), fields) for each in row.names]
        if row.method == "GET":
            query = "&".join(f"{each}={odd[:500]}" for each in ("q", "sort", "deck", "answer", "class", "at", "from"))
            asked.append((f"{row.address(ids).partition('?')[0]}?{query}".replace("\0", "%00"), fields))
        else:
            asked += [(row.address(ids), {**fields, each: odd}) for each in fields]
        for address, form in asked:
            response = who.send(row.method, address, form)
            if response.status_code >= 500:
                broken.append((row.method, address[:100], {key: str(value)[:40] for key, value in form.items()}))
    assert broken == []


BODIES = (
    ("application/json", b"[1]"),
    ("application/json; charset=bogus", b"[" * 50_000),
    ("application/json", b'{"name": {"a": 1}}'),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name*=utf-8''%ff\r\n\r\na\r\n"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"a=%ff%fe&b=\xff\xfe&=&&;=%"),
)


@pytest.mark.parametrize(("content_type", "body"), BODIES)
def test_no_odd_body_ends_in_a_crash(shared_school: OpenSchool, content_type: str, body: bytes) -> None:
    school, broken = shared_school, []
    ids = school.school.owned[0]
    for row in (row for row in read_matrix() if row.method != "GET"):
        who = school.person(ACTORS[next((name for name in ("T", "S", "A") if row.cells[name] == "Y"), "anon")])
        before = school.version()
        who.send("GET", "/language")  # sets the cookies
        sent = who.client.open(
            row.address(ids),
            method=row.method,
            data=body,
            content_type=content_type,
            headers=who.headers,
            buffered=True,
        )
        broken += [str(row)] if sent.status_code >= 500 else []
        school.restore_after(before)
    assert broken == []


def test_asking_for_the_head_of_a_page_is_asking_for_the_page_and_no_sending(shared_school: OpenSchool) -> None:
    school = shared_school
    ids = school.school.owned[0]
    for row in (row for row in read_matrix() if row.method == "GET"):
        who = school.person(ACTORS[next((name for name in ("T", "S", "A") if row.cells[name] == "Y"), "anon")])
        before = school.version()
        head = who.send("HEAD", row.address(ids))
        assert school.digest(before) == school.clean, row
        assert head.status_code == who.send("GET", row.address(ids)).status_code, row
        school.restore_after(before)
