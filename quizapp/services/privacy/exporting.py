"""All that is kept of a person, as one archive that is sent while it is made."""

import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.privacy.acts import Act, Way
from quizapp.core.privacy.files import Value, list_names, write_csv, write_json, write_readme
from quizapp.core.privacy.inventory import EXPORTED
from quizapp.core.privacy.model import Table
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.access import find_terms, has_open, read_assessment
from quizapp.services.privacy.audit import write_down
from quizapp.services.privacy.proving import prove, require_somebody
from quizapp.store import assessments as test_store
from quizapp.store import assessments_attempts as attempt_store
from quizapp.store import privacy_export as store
from quizapp.store.privacy import PersonRecord

_IN_MEMORY = 4 * 1024 * 1024
_PIECE = 256 * 1024
_HIDDEN = {
    "attempt": ("points", "most_points"),
    "attempt_question": ("score", "verdict"),
}
"""What is left blank while a test keeps its result back."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is."""

    learner_id: int
    account_id: int | None


class _Pipe:
    """A file that is only written: what came in is taken out again, to be sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take in."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is to be closed."""

    def take(self) -> bytes:
        """What came in since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def begin_download(session: Session, viewer: Viewer | None, password: str, address: str, now: datetime) -> Subject:
    """Check who asks, and write the act down; gives whose data is to be sent by ``stream_export``.

    Raises Forbidden for a visitor, Invalid (field ``password``), TooManyAttempts.
    """
    person = require_somebody(viewer)
    prove(session, person, password, address, now)
    write_down(session, Act.DOWNLOADED, Way.PAGE, person, now, learner_id=person.learner_id, file_format="zip")
    session.commit()
    return Subject(person.learner_id, person.account_id)


def begin_command(session: Session, person: PersonRecord, now: datetime) -> Subject:
    """The same for the command line, which asks nobody."""
    write_down(session, Act.DOWNLOADED, Way.COMMAND, None, now, learner_id=person.learner_id, file_format="zip")
    session.commit()
    return Subject(person.learner_id, person.account_id)


def _find_hidden(session: Session, learner_id: int, now: datetime) -> frozenset[str]:
    """The attempts whose results their student may not see now."""
    hidden = set()
    found = attempt_store.list_attempts_of(session, learner_id)
    for attempt in found:
        assessment = read_assessment(test_store.get_assessment(session, attempt.assessment_id))
        terms, _ = find_terms(session, assessment, learner_id)
        is_open = has_open(terms, (one for one in found if one.assessment_id == attempt.assessment_id), now)
        if not terms.shows_result(assessment.plan.feedback, attempt.ended_at, now, open_attempt=is_open):
            hidden.add(attempt.handle)
    return frozenset(hidden)


def _hide(table: Table, rows: Iterable[list[Value]], hidden: frozenset[str]) -> Iterator[list[Value]]:
    """The rows, without what a test keeps back; a question that was checked at once hides nothing."""
    names = list_names(table)
    places = [names.index(name) for name in _HIDDEN.get(table.name, ())]
    attempt = names.index("attempt") if places else 0
    settled = names.index("settled") if "settled" in names and table.name == "attempt_question" else None
    for row in rows:
        if places and row[attempt] in hidden and (settled is None or row[settled] is None):
            for place in places:
                row[place] = None
        yield row


def _write_table(
    archive: zipfile.ZipFile, table: Table, rows: Iterable[list[Value]], take: Callable[[], bytes]
) -> Iterator[bytes]:
    """Both files of a table from one reading of its rows, so that they hold the same."""
    names = list_names(table)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as aside:
        with archive.open(f"{table.file}.csv", "w", force_zip64=True) as file:
            for piece in write_csv(names, _copy_json(names, rows, aside.write)):
                file.write(piece)
                yield take()
        aside.seek(0)
        with archive.open(f"{table.file}.json", "w", force_zip64=True) as file:
            while piece := aside.read(_PIECE):
                file.write(piece)
                yield take()


def _copy_json(names: list[str], rows: Iterable[list[Value]], write: Callable[[bytes], int]) -> Iterator[list[Value]]:
    """The rows one by one; what ``write_json`` makes of them goes aside meanwhile."""
    passed: list[list[Value]] = []

    def tell() -> Iterator[list[Value]]:
        for row in rows:
            passed.append(row)
            yield row

    for piece in write_json(names, tell()):
        write(piece)
        yield from passed
        passed.clear()


def stream_export(session: Session, whose: Subject, now: datetime) -> Generator[bytes, None, None]:
    """The archive in pieces. ``session`` is used until the last of them, in transactions that only read."""
    hidden = _find_hidden(session, whose.learner_id, now)
    session.rollback()
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", write_readme(EXPORTED, now))
        for table in EXPORTED:
            rows = store.list_rows(session, table, whose.learner_id, whose.account_id)
            for piece in _write_table(archive, table, _hide(table, rows, hidden), pipe.take):
                if piece:
                    yield piece
    yield pipe.take()


def count_kept(session: Session, viewer: Viewer) -> dict[str, int]:
    """How many rows of each kind are kept of somebody, by file; kinds of which there is nothing are left out."""
    counts = {table.file: store.count_rows(session, table, viewer.learner_id, viewer.account_id) for table in EXPORTED}
    return {file: count for file, count in counts.items() if count}
