"""Which views are written down as acts: a decision for every one that shows or takes away what is kept of students.

A test compares this list with all addresses of the app, so that a new view cannot be forgotten. What is decided here is
done after the view has answered, and before anything of the answer is sent: where the act cannot be written down, the
answer is not sent. Views for studying have no decision and cost nothing but looking their name up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.core.privacy.acts import Act


@dataclass(frozen=True, slots=True)
class Record:
    """An act to be written down. ``detail`` stands beside it; ``kind``, where the address has one, comes first.

    ``staff``: only where a teacher looks; students see their own there. ``query`` is the argument behind the question
    mark that names a student; ``only_then``: without it, nothing is written down.
    """

    act: Act
    detail: str = ""
    file_format: str = ""
    staff: bool = False
    query: str = ""
    only_then: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is written down, and why."""

    why: str


_CLASS_AS_A_WHOLE = Nothing("the class as a whole, which its teachers have before them every day")
_CHANGES_THE_CLASS = Nothing("changes who or what is in the class, and shows nothing")
_OWN = Nothing("what students do for themselves")
_CARDS = Nothing("figures of cards, with nobody's name")
_TEST_ITSELF = Nothing("the test, not its students")
_TASK_ITSELF = Nothing("the assignment, not its students")

_CLASSES: dict[str, Record | Nothing] = {
    "classes.show": _CLASS_AS_A_WHOLE,
    "classes.groups": _CLASS_AS_A_WHOLE,
    "classes.settings": _CLASS_AS_A_WHOLE,
    "classpage.today": _CLASS_AS_A_WHOLE,
    "classpage.dismiss": _CHANGES_THE_CLASS,
    "classes.archive": _CHANGES_THE_CLASS,
    "classes.restore": _CHANGES_THE_CLASS,
    "classes.leave": _OWN,
    "classes.add_group": _CHANGES_THE_CLASS,
    "classes.change_group": _CHANGES_THE_CLASS,
    "classes.remove_group": _CHANGES_THE_CLASS,
    "classes.add_teacher": _CHANGES_THE_CLASS,
    "classes.remove_teacher": _CHANGES_THE_CLASS,
    "classes.people.open_invite": _CHANGES_THE_CLASS,
    "classes.people.close_invite": _CHANGES_THE_CLASS,
    "classes.people.settle_request": _CHANGES_THE_CLASS,
    "classes.people.remove": _CHANGES_THE_CLASS,
    "classes.people.student": Record(Act.LOOKED),
    "classes.people.reset_password": Nothing("written down with the new password itself, in one transaction"),
    "classes.rosters.choose": _CHANGES_THE_CLASS,
    "classes.rosters.preview": Nothing("shows what the teacher has brought"),
    "classes.rosters.confirm": Record(Act.ROSTER),
    "classes.rosters.slips": Record(Act.SLIPS, query="only"),
    "classes.rosters.renew": Nothing("written down with the new passwords themselves, in one transaction"),
    "textmap.index": _CARDS,
    "textmap.show": Record(Act.LOOKED, "map", query="student", only_then=True),
    "textmap.again": Record(Act.LOOKED, "map", query="student", only_then=True),
    "privacy.school.of_class": Nothing("the record itself"),
}
_REPORTS: dict[str, Record | Nothing] = {
    "reports.index": _CLASS_AS_A_WHOLE,
    "reports.show": Record(Act.REPORT),
    "reports.download": Record(Act.REPORT),
    "reports.item": _CARDS,
    "reports.files.index": Nothing("the list of files that one asked for oneself"),
    "reports.files.ask": Nothing("makes a file and shows nothing of it; taking it away is written down"),
    "reports.files.download": Nothing("written down with the kind of report and file, as it is sent"),
    "reports.files.remove": Nothing("removes what one asked for oneself"),
    "reports.sheets.sheet": Record(Act.SHEET),
    "reports.sheets.pdf": Record(Act.SHEET, file_format="pdf"),
    "api.report": Record(Act.REPORT),
}
_TESTS: dict[str, Record | Nothing] = {
    "assessments.show": Record(Act.REPORT, "test", staff=True),
    "assessments.sit": Record(Act.LOOKED, "test", staff=True),
    "assessments.student": Record(Act.LOOKED, "test"),
    "assessments.begin": _OWN,
    "assessments.save_page": _OWN,
    "assessments.save_answer": _OWN,
    "assessments.pulse": _OWN,
    "assessments.cards": _TEST_ITSELF,
    "assessments.copy": _TEST_ITSELF,
    "assessments.edit": _TEST_ITSELF,
    "assessments.preview": _TEST_ITSELF,
    "assessments.publish": _TEST_ITSELF,
    "assessments.remove": _TEST_ITSELF,
    "assessments.withdraw": _TEST_ITSELF,
}
_ASSIGNMENTS: dict[str, Record | Nothing] = {
    "assignments.show": Record(Act.REPORT, "assignment", staff=True),
    "assignments.student_page": Record(Act.LOOKED, "assignment"),
    "assignments.student": Record(Act.LOOKED, "assignment"),
    "assignments.of_class": _CLASS_AS_A_WHOLE,
    "assignments.new": _TASK_ITSELF,
    "assignments.create": _TASK_ITSELF,
    "assignments.copy": _TASK_ITSELF,
    "assignments.edit_page": _TASK_ITSELF,
    "assignments.edit": _TASK_ITSELF,
    "assignments.take_cards": _TASK_ITSELF,
    "assignments.delete_page": _TASK_ITSELF,
    "assignments.delete": _TASK_ITSELF,
    "assignments.study": _OWN,
    "assignments.one_date": _OWN,
}
DECISIONS: Mapping[str, Record | Nothing] = _CLASSES | _REPORTS | _TESTS | _ASSIGNMENTS
"""By the name of the view."""
RECORDED: Mapping[str, Record] = {name: one for name, one in DECISIONS.items() if isinstance(one, Record)}
"""Those that are written down."""
