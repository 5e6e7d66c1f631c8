"""OneRoster archives: a zip of CSV files (1EdTech OneRoster 1.1 and 1.2, CSV binding).

Of the archive we read ``users.csv`` and, where they are there, ``enrollments.csv`` and ``classes.csv``: they say who is
a student of which class. Nothing is unpacked to a disk, and no entry is read beyond its limit.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.core.messages import say
from quizapp.core.rosters.cells import clean_cell
from quizapp.core.rosters.decoding import decode
from quizapp.core.rosters.headers import fold_header
from quizapp.core.rosters.model import ListedClass, Remark
from quizapp.core.rosters.tables import BrokenTable, read_table

LARGEST_ENTRY = 8_000_000
MOST_ENTRIES = 200
MOST_LINES = 50_000
_ZIP = b"PK\x03\x04"


class BadArchive(Exception):
    """The archive cannot be used; ``remark`` says what to do."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.reason)
        self.remark = remark


class NeedsChoice(Exception):
    """The archive holds several ``classes``, and none was chosen."""

    def __init__(self, classes: tuple[ListedClass, ...]) -> None:
        super().__init__("several classes")
        self.classes = classes


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive says: the text of ``users.csv``, and the ``sourcedId`` of the class's students (None: all)."""

    users: str
    only: frozenset[str] | None
    notes: tuple[Remark, ...]
    most: int = MOST_LINES


def is_archive(data: bytes) -> bool:
    """Whether these bytes are a zip file with a ``users.csv``; workbooks are zip files too."""
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "users.csv" in _list_entries(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def _list_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()[:MOST_ENTRIES]
    return {entry.filename.rpartition("/")[2].lower(): entry for entry in entries}


def _refuse(reason: str) -> BadArchive:
    return BadArchive(Remark(0, reason, say("Export it again, or import its users.csv alone.")))


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(entry) as file:
            data = file.read(LARGEST_ENTRY + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise _refuse(say("The archive is damaged, or locked with a password.")) from error
    if len(data) > LARGEST_ENTRY:
        raise _refuse(say("A file in the archive is far too large."))
    return data


def _read_records(text: str) -> Iterator[dict[str, str]]:
    """The lines of one of the files, by the folded names of the columns. Raises BrokenTable."""
    rows = read_table(text, MOST_LINES)
    names = [fold_header(cell) for cell in rows[0].cells] if rows else []
    for row in rows[1:]:
        yield {name: clean_cell(cell) for name, cell in zip(names, row.cells, strict=False)}


def _find_students(enrolments: str) -> dict[str, set[str]]:
    """The numbers of the students of each class."""
    found: dict[str, set[str]] = {}
    for record in _read_records(enrolments):
        is_gone = record.get("status", "").casefold() == "tobedeleted"
        if record.get("role", "").casefold() == "student" and not is_gone:
            found.setdefault(record.get("classsourcedid", ""), set()).add(record.get("usersourcedid", ""))
    return found


def _choose(students: dict[str, set[str]], titles: dict[str, str], chosen: str) -> frozenset[str]:
    if chosen:
        if chosen not in students:
            raise _refuse(say("The archive has no such class."))
        return frozenset(students[chosen])
    if len(students) > 1:
        listed = (ListedClass(number, titles.get(number) or number) for number in students)
        raise NeedsChoice(tuple(sorted(listed, key=lambda one: (one.title.casefold(), one.sourced_id))))
    return frozenset(next(iter(students.values())))


def open_archive(data: bytes, chosen: str) -> Archive:
    """What an archive says of the chosen class (blank: the only one). Raises BadArchive, NeedsChoice, NotText."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = _list_entries(archive)
        texts = {
            name: decode(_read_entry(archive, entries[name]))
            for name in ("users.csv", "enrollments.csv", "classes.csv")
            if name in entries
        }
    users, notes = texts["users.csv"]
    try:
        students = _find_students(texts["enrollments.csv"][0]) if "enrollments.csv" in texts else {}
        listed = _read_records(texts["classes.csv"][0]) if "classes.csv" in texts else ()
        titles = {record.get("sourcedid", ""): record.get("title", "") for record in listed}
    except BrokenTable as broken:
        raise _refuse(broken.remark.reason) from broken
    if not students:
        return Archive(users, None, notes)
    return Archive(users, _choose(students, titles, chosen), notes)
