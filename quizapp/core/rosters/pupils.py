"""From one row of a list to a student, or to what is the matter with the row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.core.names import clean_name
from quizapp.core.rosters.cells import clean_cell
from quizapp.core.rosters.headers import Column, fold_header
from quizapp.core.rosters.model import Pupil, Remark
from quizapp.core.rosters.tables import Row

LONGEST_NAME = 80
LONGEST_ID = 120
LONGEST_EMAIL = 254
MOST_GROUPS = 20
_STUDENTS = frozenset({"", "student", "students", "learner", "pupil", "schuler", "eleve", "alumno"})
_GONE = frozenset({"tobedeleted", "inactive", "deleted"})
_OFF = frozenset({"false", "0", "no"})
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
_BETWEEN_GROUPS = re.compile(r"[;,|]")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is meant for somebody else: a teacher, or a student who is no longer at the school."""

    remark: Remark


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a whole one: ``Last, First``, or all words but the last before the last."""
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    first, _, last = name.rpartition(" ")
    return (first, last) if first else (last, "")


def _split_groups(cell: str) -> tuple[str, ...]:
    named = (clean_cell(group) for group in _BETWEEN_GROUPS.split(cell))
    return tuple(dict.fromkeys(group for group in named if group))


def find_complaint(pupil: Pupil) -> Remark | None:
    """What is the matter with what is said of a student; None where all can be kept."""
    line = pupil.number
    if not pupil.sign_in_name and not any(sign.isalnum() for sign in pupil.full_name):
        return Remark(line, say("The name is missing."), say("Fill in the name, or take the line out."))
    if max(len(pupil.first_name), len(pupil.last_name), *map(len, pupil.groups), 0) > LONGEST_NAME:
        reason = say("A name has more than %(count)s characters.", count=LONGEST_NAME)
        return Remark(line, reason, say("Shorten it. Perhaps two cells have become one."))
    if len(pupil.external_id) > LONGEST_ID:
        reason = say("The student’s number has more than %(count)s characters.", count=LONGEST_ID)
        return Remark(line, reason, say("Look whether another column has slipped in."))
    if pupil.email and (len(pupil.email) > LONGEST_EMAIL or not _EMAIL.fullmatch(pupil.email)):
        reason = say("“%(email)s” is no e-mail address.", email=pupil.email[:80])
        return Remark(line, reason, say("Put it right, or leave the cell empty: no address is needed."))
    if len(pupil.groups) > MOST_GROUPS:
        reason = say("A student can be in %(count)s groups at most.", count=MOST_GROUPS)
        return Remark(line, reason, say("Name fewer groups in this line."))
    return _find_name_complaint(pupil)


def _find_name_complaint(pupil: Pupil) -> Remark | None:
    try:
        clean_name(pupil.sign_in_name or "nobody")
    except Invalid as error:
        reason = say("“%(name)s” cannot be a sign-in name.", name=pupil.sign_in_name[:80])
        return Remark(pupil.number, reason, error.fields["name"])
    return None


def read_pupil(row: Row, columns: Mapping[Column, int], width: int) -> Pupil | Remark | Skipped:
    """The student of a row. ``width`` is how many columns have a name."""

    def cell(column: Column) -> str:
        place = columns.get(column)
        return clean_cell(row.cells[place]) if place is not None and place < len(row.cells) else ""

    if any(extra.strip() for extra in row.cells[width:]):
        advice = say("A comma inside a name? Put the whole cell in quotation marks.")
        return Remark(row.line, say("The line has more cells than there are columns."), advice)
    if fold_header(cell(Column.ROLE)) not in _STUDENTS:
        reason = say("Not a student but “%(role)s”.", role=cell(Column.ROLE)[:40])
        return Skipped(Remark(row.line, reason, say("Left out. Teachers are added by their account’s name.")))
    if fold_header(cell(Column.STATUS)) in _GONE or fold_header(cell(Column.ENABLED)) in _OFF:
        return Skipped(Remark(row.line, say("Marked as no longer there."), say("Left out.")))
    first, last = cell(Column.FIRST_NAME), cell(Column.LAST_NAME)
    if not (first or last):
        first, last = split_name(cell(Column.FULL_NAME))
    pupil = Pupil(
        number=row.line,
        external_id=cell(Column.EXTERNAL_ID),
        first_name=first,
        last_name=last,
        email=cell(Column.EMAIL),
        sign_in_name=cell(Column.SIGN_IN_NAME),
        groups=_split_groups(cell(Column.GROUPS)),
    )
    return find_complaint(pupil) or pupil


def note_formula(pupil: Pupil) -> Remark | None:
    """What to say where a cell would be run as a formula by a spreadsheet program."""
    cells = (pupil.external_id, pupil.first_name, pupil.last_name, pupil.sign_in_name, *pupil.groups)
    if not any(cell.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")) for cell in cells):
        return None
    return Remark(
        pupil.number,
        say("A cell looks like a formula."),
        say("It is kept as the plain text it is, and no program is made to run it. Look whether it is a name."),
    )
