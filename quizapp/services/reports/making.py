"""Making a report: the one function behind the page, the command line and the API."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from quizapp import __version__
from quizapp.core.errors import Invalid, NotFound
from quizapp.core.messages import Message, say
from quizapp.core.reports.columns import Column, Row, Value
from quizapp.core.reports.definitions import DEFINITIONS, Definition, Kind
from quizapp.core.reports.model import Report
from quizapp.services.assessments import finishing
from quizapp.services.classes import TaughtClass
from quizapp.services.reports import gradebooks
from quizapp.services.reports.attempts import list_attempts
from quizapp.services.reports.items import list_items
from quizapp.services.reports.responses import list_responses
from quizapp.services.reports.scope import Scope, load_scope
from quizapp.services.reports.students import list_students
from quizapp.services.rules import StudyRules
from quizapp.store import reports_tests as test_store


def find_definition(kind: str) -> Definition:
    """The report of this name. Raises NotFound."""
    if kind not in DEFINITIONS:
        raise NotFound(say("There is no such report."))
    return DEFINITIONS[Kind(kind)]


def tidy_tests(session: Session, taught: TaughtClass, now: datetime) -> None:
    """End the attempts at the class's tests whose time is over, so that a report has them. For a writing session."""
    for record in test_store.list_tests(session, taught.id):
        for assessment, attempt in finishing.list_untidy_of_test(session, record.id, now):
            session.rollback()
            finishing.end_if_over(session, assessment, attempt, now)
    session.commit()


def has_untidy(session: Session, taught: TaughtClass, now: datetime) -> bool:
    """Whether ``tidy_tests`` would have anything to do."""
    tests = test_store.list_tests(session, taught.id)
    return any(
        attempt.ended_at is None
        for record in tests
        for _, attempt in finishing.list_untidy_of_test(session, record.id, now)
    )


def _list_rows(session: Session, scope: Scope, kind: Kind) -> Iterable[Row]:
    match kind:
        case Kind.STUDENTS:
            return list_students(session, scope)
        case Kind.ATTEMPTS:
            return list_attempts(scope)
        case Kind.RESPONSES:
            return list_responses(session, scope)
        case Kind.ITEMS:
            return list_items(session, scope)
        case Kind.CANVAS:
            return gradebooks.list_for_canvas(scope)
    return gradebooks.list_for_moodle(scope)


def _rank(value: Value) -> tuple[str, object]:
    if isinstance(value, datetime):
        return "moment", value
    return ("text", value.casefold()) if isinstance(value, str) else ("number", value)


def _sort(rows: Iterable[Row], columns: tuple[Column, ...], definition: Definition, sort: str) -> Iterable[Row]:
    """The rows by one column (``-`` before its name: the other way round); blanks last, equals as they were."""
    names = [column.name for column in columns]
    name = sort.removeprefix("-")
    if name not in names or not definition.sortable:
        message = say("This report cannot be sorted by “%(name)s”.", name=name)
        raise Invalid(message, {"sort": message})
    place = names.index(name)
    every = list(rows)
    # The row of points that can be reached stays where Canvas looks for it.
    head = every[:1] if definition.kind is Kind.CANVAS else []
    rest = every[len(head) :]
    filled = [row for row in rest if row[place] not in (None, "")]
    filled.sort(key=lambda row: _rank(row[place]), reverse=sort.startswith("-"))
    return [*head, *filled, *(row for row in rest if row[place] in (None, ""))]


def _list_notes(scope: Scope, *, gradebook: bool) -> tuple[Message, ...]:
    notes = []
    if not scope.taught.sees_names:
        notes.append(say("Students go by pseudonyms: only the teachers of this class see names."))
    unlisted = sum(not (one.external_id or one.email) for one in scope.members if one.left_at is None)
    if gradebook and unlisted:
        notes.append(
            say(
                "%(count)s of the students have neither a number nor an e-mail address in the school's list, so that"
                " the gradebook can know them by name at best.",
                count=unlisted,
            )
        )
    if not scope.members:
        notes.append(say("There are no students in this class yet."))
    return tuple(notes)


def make_report(
    session: Session, taught: TaughtClass, kind: str, rules: StudyRules, now: datetime, *, sort: str = ""
) -> Report:
    """A report of a class that was loaded for who may see it: all columns, and the rows as a stream.

    ``session`` is used until the rows are through, in transactions of its own that only read: give the report one that
    nobody else uses, and close it afterwards. ``rules`` are those of the installation. Raises NotFound for a kind that
    there is not, Forbidden where names are needed and not to be seen, Invalid (field ``sort``) for a column that is
    not there.
    """
    definition = find_definition(kind)
    scope = load_scope(session, taught, rules, now)
    gradebook = definition.per_test is not None
    columns = gradebooks.list_columns(scope, definition) if gradebook else definition.columns
    rows = _list_rows(session, scope, definition.kind)
    return Report(
        definition=definition,
        class_name=taught.name,
        columns=columns,
        rows=_sort(rows, columns, definition, sort) if sort else rows,
        made_at=now,
        zone=rules.calendar.zone,
        version=__version__,
        notes=_list_notes(scope, gradebook=gradebook),
    )
