"""Numbers larger than any column holds, in every place of every address and form, on both databases."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from plumbing.matrix import ACTORS, Row, read_matrix
from plumbing.school import Person, School

TOO_LARGE = (2**31, 2**63)
ENDLESS = "9" * 5_000  # Python itself reads no more than 4,300 digits
_READ = re.compile(r'(?:args|values|form|asked|part)\.(?:get|getlist|pop)\(\s*"([\w-]+)"')
_MOST_OF_A_FORM = {"version", "revision", "seen", "position", "page", "before", "shown_ms", "given_at", "rating"}


def _list_parameters(app: Flask, row: Row) -> list[str]:
    """What the view's module asks of addresses and forms."""
    module = sys.modules[app.view_functions[row.endpoint].__module__]
    return sorted(set(_READ.findall(Path(str(module.__file__)).read_text(encoding="utf-8"))))


def _list_addresses(app: Flask, row: Row, ids: dict[str, str]) -> Iterator[str]:
    """The row's address with a number in each place of it, and in each parameter of its query."""
    for name in row.names:
        yield from (row.address({**ids, name: str(number)}) for number in TOO_LARGE)
    if row.method == "GET":
        path = row.address(ids)
        for name in _list_parameters(app, row):
            yield f"{path}{'&' if '?' in path else '?'}{name}={TOO_LARGE[1]}"
        endless = "&".join(f"{name}={ENDLESS}" for name in ("page", "before", "version", "at", "against", "paragraph"))
        yield f"{path}{'&' if '?' in path else '?'}{endless}"


def _list_forms(app: Flask, row: Row, ids: dict[str, str]) -> Iterator[dict[str, object]]:
    """The row's form with a number in each field that holds one, or could."""
    form = row.fields(ids)
    numbers = {name for name, values in form.items() if all(value.isdecimal() for value in values)}
    for name in sorted(numbers | (_MOST_OF_A_FORM & set(_list_parameters(app, row)))):
        yield from ({**form, name: str(number)} for number in (*TOO_LARGE, ENDLESS))


def test_no_number_is_too_large_for_an_answer_in_words(filled: tuple[Flask, School]) -> None:
    app, school = filled
    ids, broken = dict(school.owned[0]), []
    # What ends sign-ins, or empties what others would find, comes last.
    for row in sorted(read_matrix(), key=lambda row: (row.method != "GET", not row.names, "sign" in row.path)):
        actor = next((name for name in ("T", "S", "A") if row.cells[name] == "Y"), "anon")
        name = ACTORS[actor]
        who = Person(app, None if name is None else school.cookies[name])
        asked = [(address, row.fields(ids)) for address in _list_addresses(app, row, ids)]
        if row.method != "GET":
            asked += [(row.address(ids), form) for form in _list_forms(app, row, ids)]
        for address, form in asked:
            response = who.send(row.method, address, form)
            if response.status_code >= 500:
                broken.append((row.method, address[:100], {key: str(value)[:40] for key, value in form.items()}))
    assert broken == []
