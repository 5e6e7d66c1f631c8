"""The reports ``canvas`` and ``moodle``: what those gradebooks take back.

Canvas: ``lib/gradebook_importer.rb`` of canvas-lms. The header begins with Student and ID, the columns of the student
end with Section, the row "Points Possible" holds no student; a number in round brackets at the end of a title is the
id of an assignment, and titles with the words of its own totals are passed over. Moodle: the columns of its own
export, which its import maps (``grade/import/csv/classes/load_data.php``); "-" is no grade, and a blank one would count
as zero in a new column; a grade is at most 100.
"""

import re
from collections.abc import Iterator

from quizapp.core.errors import Forbidden
from quizapp.core.messages import say
from quizapp.core.reports.cells import clean_text, round_number
from quizapp.core.reports.columns import Column, Row, Type, make_unique
from quizapp.core.reports.definitions import Definition, Kind
from quizapp.services.assessments.access import Assessment
from quizapp.services.classes import Member
from quizapp.services.reports.scope import Scope, last_name_of

POINTS_POSSIBLE = "Points Possible"
NO_GRADE = "-"
_PLACES = 2
"""Canvas's gradebook shows as many; Moodle's too."""
_MOST_POINTS_SURE = 3
_ID = re.compile(r"\(([^()]*)\)(?=\s*$)")
_TOTALS = re.compile(r"\b(Current|Final|Override) (?=(?:Score|Points|Grade|Status)\b)")


def _canvas_title(title: str) -> str:
    return _TOTALS.sub(r"\1-", _ID.sub(r"[\1]", title))


def list_columns(scope: Scope, definition: Definition) -> tuple[Column, ...]:
    """The columns of a gradebook: those of the student, and one for each test."""
    if not scope.taught.sees_names:
        raise Forbidden(
            say(
                "Students of this class go by pseudonyms, and a gradebook needs their names. Only a teacher of the"
                " class can make this file, signed in, on the pages of the class."
            )
        )
    titles = [clean_text(test.title) for test in scope.tests]
    if definition.kind is Kind.CANVAS:
        titles = [_canvas_title(title) for title in titles]
    fixed = definition.columns
    names = list(make_unique([*(column.name for column in fixed), *titles]))[len(fixed) :]
    meaning = definition.per_test or say("The score.")
    return (*fixed, *(Column(name, Type.NUMBER, meaning) for name in names))


def _most_points(test: Assessment) -> int:
    return test.plan.questions * (_MOST_POINTS_SURE if test.plan.confidence else 1)


def _score(scope: Scope, member: Member, test: Assessment, out_of: int) -> float | None:
    share = scope.score(member, test)
    return None if share is None else round_number(round(out_of * share, _PLACES))


def _list_members(scope: Scope) -> Iterator[Member]:
    return (member for member in scope.members if member.left_at is None)


def list_for_canvas(scope: Scope) -> Iterator[Row]:
    """The points that can be reached, then a row for each student in the class now."""
    yield (POINTS_POSSIBLE, None, None, None, None, *map(_most_points, scope.tests))
    for member in _list_members(scope):
        name = ", ".join(part for part in (last_name_of(member), member.first_name) if part)
        texts = (clean_text(text) for text in (member.external_id, member.email, scope.taught.name))
        scores = (_score(scope, member, test, _most_points(test)) for test in scope.tests)
        yield (clean_text(name), None, *texts, *scores)


def list_for_moodle(scope: Scope) -> Iterator[Row]:
    """A row for each student in the class now."""
    for member in _list_members(scope):
        first, last = clean_text(member.first_name), clean_text(last_name_of(member))
        scores = (_score(scope, member, test, 100) for test in scope.tests)
        grades = (NO_GRADE if score is None else score for score in scores)
        external, email = clean_text(member.external_id), clean_text(member.email)
        yield (first, last, external, None, clean_text(scope.taught.name), email, *grades)
