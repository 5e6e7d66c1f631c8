"""What is written down when somebody looks at, takes away or changes what is kept of a person."""

from enum import StrEnum

from quizapp.core.messages import Message, say


class Act(StrEnum):
    """What was done."""

    LOOKED = "looked"
    REPORT = "report"
    SHEET = "sheet"
    SLIPS = "slips"
    ROSTER = "roster"
    RESET = "reset"
    ROLE = "role"
    DOWNLOADED = "downloaded"
    ASKED = "asked"
    KEPT = "kept"
    ERASED = "erased"
    MERGED = "merged"


class Way(StrEnum):
    """From where, in coarse form."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"
    SELF = "self"


ACTS = tuple(act.value for act in Act)
WAYS = tuple(way.value for way in Way)

ACT_WORDS = {
    Act.LOOKED: say("Looked at a student’s page"),
    Act.REPORT: say("Opened or downloaded a report of the class"),
    Act.SHEET: say("Opened a student’s sheet"),
    Act.SLIPS: say("Opened the sign-in slips"),
    Act.ROSTER: say("Imported a list of students"),
    Act.RESET: say("Made a new start password"),
    Act.ROLE: say("Changed a role"),
    Act.DOWNLOADED: say("Downloaded all that is kept of a person"),
    Act.ASKED: say("Asked to be deleted"),
    Act.KEPT: say("Took the wish to be deleted back"),
    Act.ERASED: say("Deleted a person’s data"),
    Act.MERGED: say("Put two accounts of one person together"),
}
"""Each act in plain words."""
WAY_WORDS = {
    Way.PAGE: say("in the browser"),
    Way.API: say("by a program"),
    Way.COMMAND: say("at the command line of the server"),
    Way.SELF: say("by Quizapp itself, when the time was over"),
}
ROLE_WORDS = {
    "student": say("a student"),
    "teacher": say("a teacher"),
    "admin": say("an administrator"),
    "guest": say("a guest"),
    "": say("the school"),
}


def name_person(name: str | None, code: str, role: str) -> str:
    """Who it was: by name, else by the code that stands in for somebody deleted, else by role."""
    if name:
        return name
    if code:
        return say("%(code)s (deleted since)", code=code)
    return ROLE_WORDS.get(role, ROLE_WORDS[""])


def write_act(act: str, way: str) -> tuple[Message, Message]:
    """An act and its way in words."""
    return ACT_WORDS[Act(act)], WAY_WORDS[Way(way)]
