"""Reading a school's list of students: CSV from any spreadsheet program, OneRoster, or pasted lines.

Every problem is a remark with its line, the reason and what to do; all of a list are told at once.
"""

from collections.abc import Iterable, Sequence

from quizapp.core.messages import say
from quizapp.core.rosters.decoding import NotText, decode
from quizapp.core.rosters.headers import Column, count_known, find_columns, list_unused
from quizapp.core.rosters.model import LARGEST_ROSTER, Pupil, Remark, Roster
from quizapp.core.rosters.oneroster import BadArchive, NeedsChoice, is_archive, open_archive
from quizapp.core.rosters.pupils import Skipped, note_formula, read_pupil
from quizapp.core.rosters.tables import BrokenTable, Row, read_table, say_too_many
from quizapp.core.rosters.twins import part_twins

_NAMED_BY = (Column.FIRST_NAME, Column.LAST_NAME, Column.FULL_NAME, Column.SIGN_IN_NAME)


def _name_columns(rows: Sequence[Row]) -> tuple[dict[Column, int], int, Sequence[Row], list[Remark]]:
    """The columns, how many there are, the rows under them, and notes. Raises BrokenTable."""
    first = rows[0]
    if not count_known(first.cells) and all(len(row.cells) == 1 for row in rows):
        note = Remark(0, say("There are no names of columns; every line was read as a student’s name."), "")
        return {Column.FULL_NAME: 0}, 1, rows, [note]
    columns = find_columns(first.cells)
    if not any(column in columns for column in _NAMED_BY):
        reason = say("The first line does not say which column holds the name.")
        advice = say("Put a line on top such as: first_name, last_name, email, groups.")
        raise BrokenTable(Remark(first.line, reason, advice))
    unused = list_unused(first.cells, columns)
    notes = []
    if unused:
        listed = ", ".join(name[:40] for name in unused[:12]) + (" …" if len(unused) > 12 else "")
        notes.append(Remark(0, say("Columns that are not used: %(columns)s.", columns=listed), ""))
    return columns, len(first.cells), rows[1:], notes


def _read_rows(rows: Sequence[Row], only: frozenset[str] | None) -> Roster:
    columns, width, rows, notes = _name_columns(rows)
    pupils, problems = list[Pupil](), list[Remark]()
    place = columns.get(Column.EXTERNAL_ID, width)
    for row in rows:
        if only is not None and (place >= len(row.cells) or row.cells[place].strip() not in only):
            continue
        read = read_pupil(row, columns, width)
        if isinstance(read, Pupil):
            pupils.append(read)
        elif isinstance(read, Skipped):
            notes.append(read.remark)
        else:
            problems.append(read)
    kept, clashes, repeats = part_twins(pupils)
    if len(kept) > LARGEST_ROSTER:
        raise BrokenTable(say_too_many(LARGEST_ROSTER))
    notes += [*repeats, *(note for note in map(note_formula, kept) if note)]
    return Roster(tuple(kept), _in_order([*problems, *clashes]), _in_order(notes))


def _in_order(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(sorted(remarks, key=lambda remark: remark.line))


def read_text(text: str, only: frozenset[str] | None = None, most: int = LARGEST_ROSTER) -> Roster:
    """The list in a text. ``only`` takes just the students with these numbers; ``most`` is how many lines may come."""
    try:
        rows = read_table(text.removeprefix("\ufeff"), most)
        if not rows:
            advice = say("Choose a list with a line for each student.")
            raise BrokenTable(Remark(0, say("There is nothing in it."), advice))
        read = _read_rows(rows, only)
    except BrokenTable as broken:
        return Roster(problems=(broken.remark,))
    if not (read.pupils or read.problems):
        return Roster(problems=(Remark(0, say("There is no student in the list."), ""),), notes=read.notes)
    return read


def read_roster(data: bytes, chosen: str = "") -> Roster:
    """The list in an uploaded file. ``chosen`` is the ``sourcedId`` of the class meant, for archives of several.

    Where an archive holds several classes and none is chosen, the roster has no students but the ``classes``.
    """
    try:
        if not is_archive(data):
            text, notes = decode(data)
            read = read_text(text)
        else:
            archive = open_archive(data, chosen)
            read, notes = read_text(archive.users, archive.only, archive.most), archive.notes
    except (NotText, BadArchive) as refused:
        return Roster(problems=(refused.remark,))
    except NeedsChoice as asked:
        return Roster(classes=asked.classes)
    return Roster(read.pupils, read.problems, (*notes, *read.notes))
