"""Every report and every column of it, defined once: the page, the files, their README sheet and the docs say this."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from quizapp.core.analysis.items.model import FEWEST
from quizapp.core.messages import Message, say
from quizapp.core.reports.columns import Column, Type

_TEXT, _WHOLE, _NUMBER, _SHARE, _YES_NO, _MOMENT = Type


class Kind(StrEnum):
    """The reports there are."""

    STUDENTS = "students"
    ATTEMPTS = "attempts"
    RESPONSES = "responses"
    ITEMS = "items"
    CANVAS = "canvas"
    MOODLE = "moodle"


@dataclass(frozen=True, slots=True)
class Definition:
    """A report: its title, what a row of it is, what counts in it, and its columns.

    ``per_test`` says what the columns mean that follow, one for each published test of the class, if any do.
    ``sortable``: the rows are few enough to be put in another order.
    """

    kind: Kind
    title: Message
    about: Message
    counts: Message
    columns: tuple[Column, ...]
    per_test: Message | None = None
    sortable: bool = True


IDENTITY = (
    Column("student_id", _TEXT, say("The student in Quizapp: the same in every report, for ever.")),
    Column("external_id", _TEXT, say("The student's number in the school's list; blank where the list has none.")),
    Column(
        "last_name",
        _TEXT,
        say(
            "The family name in the school's list. Where the list has no name at all: the name to sign in with, or the"
            " pseudonym."
        ),
    ),
    Column("first_name", _TEXT, say("The first name in the school's list.")),
    Column("email", _TEXT, say("The e-mail address in the school's list.")),
    Column("class", _TEXT, say("The class by name.")),
    Column("groups", _TEXT, say("The groups of the class that the student is in, parted by commas.")),
)
"""What every row about a student begins with."""

_TEST = (
    Column("test_id", _TEXT, say("The test in Quizapp; blank where the answer was given while studying.")),
    Column("test", _TEXT, say("The test by title.")),
)
_ITEM = (
    Column("item_id", _TEXT, say("The card, as DECK/CARD: stable through all edits.")),
    Column("item_version", _WHOLE, say("The revision of the card that was asked; an edit makes a new one.")),
    Column("deck", _TEXT, say("The deck by title.")),
    Column("type", _TEXT, say("The type of the card: choice, multiple, short and so on.")),
)
_PROMPT = Column("prompt", _TEXT, say("The question, on one line."))

_STUDENTS = (
    *IDENTITY,
    Column("joined_at", _MOMENT, say("When the student joined the class.")),
    Column("left_at", _MOMENT, say("When the student left the class; blank for who is in it.")),
    Column(
        "answers",
        _WHOLE,
        say("Answers that count for remembering, given since joining: in study, and in tests with a final result."),
    ),
    Column("answers_right", _WHOLE, say("Those of them that count as right: at least 80 percent of the score.")),
    Column("active_days", _WHOLE, say("Study days with at least one such answer; a study day begins at 04:00.")),
    Column("minutes", _NUMBER, say("Time on these answers, in minutes; no answer counts with more than two.")),
    Column("last_answer_at", _MOMENT, say("When the last of them was given.")),
    Column("cards_seen", _WHOLE, say("Cards in use that the student has answered at least once.")),
    Column("cards_due", _WHOLE, say("Those of them that wait for review now.")),
    Column(
        "recall",
        _SHARE,
        say("The mean chance that the student remembers these cards today, by the memory model; blank without cards."),
    ),
    Column("returns", _WHOLE, say("Cards that came back for review and were answered, each once a day.")),
    Column("returns_recalled", _WHOLE, say("Those of them that were remembered.")),
    Column(
        "tests_set",
        _WHOLE,
        say("Published tests of the class that were given to the student; one that they sat counts in any case."),
    ),
    Column("tests_finished", _WHOLE, say("Tests that the student has finished at least once.")),
    Column("tests_late", _WHOLE, say("Tests with an attempt handed in after the due date.")),
    Column(
        "tests_percent",
        _NUMBER,
        say("The mean of the scores that count in the finished tests, in percent; blank where there is none."),
    ),
    Column("assigned", _WHOLE, say("The student's assignments that have opened, tests too; blank for who left.")),
    Column("completed", _WHOLE, say("Those of them that are done, in time or late.")),
    Column("late", _WHOLE, say("Those of them that were done after the student's own due date.")),
    Column("overdue", _WHOLE, say("Those that are not done though the due date has gone by.")),
    Column(
        "at_risk",
        _TEXT,
        say("Why the student may need help, as on the class's page, parted by commas: blank for no reason."),
    ),
)

_ATTEMPTS = (
    *IDENTITY,
    *_TEST,
    Column("attempt", _WHOLE, say("The number of the attempt, from 1.")),
    Column(
        "state",
        _TEXT,
        say(
            "“open”: under way. “handed-in”: by the student. “time”: the time was up. “closed”: the test closed"
            " meanwhile."
        ),
    ),
    Column("started_at", _MOMENT, say("When the attempt was begun.")),
    Column("submitted_at", _MOMENT, say("When it ended; blank while it is open.")),
    Column("seconds", _NUMBER, say("From begin to end; blank while it is open.")),
    Column("time_percent", _WHOLE, say("The time that the student gets, in percent of the usual: 100 without extra.")),
    Column("late", _YES_NO, say("Whether it ended after the due date; blank while it is open.")),
    Column("questions", _WHOLE, say("Questions asked.")),
    Column("answered", _WHOLE, say("Questions with an answer.")),
    Column("points", _NUMBER, say("Points reached; blank while it is open.")),
    Column("max_points", _NUMBER, say("Points that could be reached; blank while it is open.")),
    Column("percent", _NUMBER, say("The points in percent of those that could be reached; blank while it is open.")),
)

_KIND_OF_ANSWER = Column(
    "kind", _TEXT, say("“study”: answered while studying. “test”: answered in a test of this class.")
)

_RESPONSES = (
    *IDENTITY,
    _KIND_OF_ANSWER,
    *_TEST,
    Column("attempt", _WHOLE, say("The number of the attempt at the test; blank for study.")),
    *_ITEM,
    Column("tags", _TEXT, say("The tags of the card, parted by commas.")),
    _PROMPT,
    Column(
        "shown", _TEXT, say("The options in the order in which a test showed them, parted by “ | ”; blank for study.")
    ),
    Column("response", _TEXT, say("What the student answered, its parts parted by “ | ”; blank: nothing.")),
    Column("correct_answer", _TEXT, say("The right answer, in the same form.")),
    Column(
        "verdict", _TEXT, say("“right”, “almost” (a slip in spelling), “partly” or “wrong”; blank without an answer.")
    ),
    Column("score", _SHARE, say("What the answer is worth; blank without an answer, or while the attempt is open.")),
    Column("max_score", _WHOLE, say("What it could be worth: 1.")),
    Column("rating", _WHOLE, say("What it meant for remembering: 1 again, 2 hard, 3 good, 4 easy; blank for tests.")),
    Column("confidence", _WHOLE, say("How sure the student was: 1 not, 2 fairly, 3 sure; blank where not asked.")),
    Column("hint_used", _YES_NO, say("Whether the student looked at the hint; blank for tests, which give none.")),
    Column("try", _WHOLE, say("Which of the student's answers to this card it is within this report, from 1.")),
    Column("duration_ms", _WHOLE, say("How long the card was shown, in milliseconds; blank where it is not known.")),
    Column("answered_at", _MOMENT, say("When the answer was given, or last saved; blank without an answer.")),
    Column("source_id", _TEXT, say("The text that proves the answer: the first that the card cites.")),
    Column("paragraph", _WHOLE, say("The paragraph in that text.")),
    Column("quote", _TEXT, say("The words cited.")),
)


def _interval_of(name: str, what: Message) -> tuple[Column, Column]:
    return Column(f"{name}_low", _NUMBER, what), Column(f"{name}_high", _NUMBER, what)


_LOW_HIGH = say("The ends of the 95 percent interval of the column before them.")

_ITEMS = (
    Column("class", _TEXT, say("The class by name.")),
    _KIND_OF_ANSWER,
    *_TEST,
    *_ITEM,
    _PROMPT,
    Column("students", _WHOLE, say("Students who were asked; of each the first answer counts.")),
    Column("omitted", _WHOLE, say("Those of them who gave no answer in a test; that scores 0.")),
    Column("right", _WHOLE, say("Those whose answer counts as right: at least 80 percent of the score.")),
    Column(
        "facility",
        _SHARE,
        say("The mean score. This and all figures below are blank under %(fewest)s students.", fewest=FEWEST),
    ),
    *_interval_of("facility", _LOW_HIGH),
    Column(
        "discrimination",
        _NUMBER,
        say(
            "The correlation of the score with the mean score on the other items of the same test, or of the same deck"
            " in study: from -1 to 1. Below zero, better students do worse: look at the card."
        ),
    ),
    *_interval_of("discrimination", _LOW_HIGH),
    Column("alpha", _NUMBER, say("Cronbach's alpha of all items of the test or deck, by who answered all of them.")),
    Column(
        "alpha_without",
        _NUMBER,
        say("The same without this item. Where it is higher than with it, the item does not fit the others."),
    ),
    *_interval_of("alpha_without", _LOW_HIGH),
    Column("median_ms", _NUMBER, say("The median time that the card was shown, in milliseconds; blank for tests.")),
    *_interval_of("median_ms", _LOW_HIGH),
    Column("top", _WHOLE, say("Students in the best third by the other items; equal scores share a third.")),
    Column("middle", _WHOLE, say("Students in the middle third.")),
    Column("bottom", _WHOLE, say("Students in the lowest third.")),
    Column("right_top", _WHOLE, say("Students of the best third who were right.")),
    Column("right_middle", _WHOLE, say("Students of the middle third who were right.")),
    Column("right_bottom", _WHOLE, say("Students of the lowest third who were right.")),
    Column(
        "options",
        _TEXT,
        say("Each option with how many chose it (best/middle/lowest third), parted by “ | ”; right ones marked ✓."),
    ),
    Column(
        "likely_key",
        _TEXT,
        say(
            "A wrong option that looks like the right one: more of the best third chose it, and its correlation with"
            " the other items lies above zero with its whole interval."
        ),
    ),
    Column(
        "wrong_answers",
        _TEXT,
        say("The three most telling wrong answers, near-same texts together, with how many gave them and were sure."),
    ),
)

_STUDY_AND_TESTS = say(
    "Answers since the student joined the class, until they left. Practice does not count, nor do answers taken back,"
    " nor tests of other classes."
)
_CANVAS = (
    Column("Student", _TEXT, say("“Last name, first name” in the school's list; else the name to sign in with.")),
    Column("ID", _WHOLE, say("Canvas's own number of the student: blank; Canvas finds the student by the next two.")),
    Column("SIS User ID", _TEXT, say("The student's number in the school's list.")),
    Column("SIS Login ID", _TEXT, say("The e-mail address in the school's list.")),
    Column("Section", _TEXT, say("The class by name.")),
)
_MOODLE = (
    Column("First name", _TEXT, say("The first name in the school's list.")),
    Column("Last name", _TEXT, say("The family name in the school's list; else the name to sign in with.")),
    Column("ID number", _TEXT, say("The student's number in the school's list: map it to “ID number”.")),
    Column("Institution", _TEXT, say("Blank; Moodle's own export has this column.")),
    Column("Department", _TEXT, say("The class by name.")),
    Column("Email address", _TEXT, say("The e-mail address in the school's list: or map this to “Email address”.")),
)
_GRADES = say("The students in the class now, and the score that counts in each published test of the class.")

DEFINITIONS: Mapping[Kind, Definition] = {
    definition.kind: definition
    for definition in (
        Definition(
            Kind.STUDENTS,
            say("Students"),
            say("A row for each student of the class, those who left included."),
            _STUDY_AND_TESTS,
            _STUDENTS,
        ),
        Definition(
            Kind.ATTEMPTS,
            say("Attempts"),
            say("A row for each attempt of a student of the class at a test of the class."),
            say("All attempts at tests of this class, open ones too."),
            _ATTEMPTS,
        ),
        Definition(
            Kind.RESPONSES,
            say("Responses"),
            say("A row for each answer; in tests that have ended, for each question asked."),
            _STUDY_AND_TESTS,
            _RESPONSES,
            sortable=False,
        ),
        Definition(
            Kind.ITEMS,
            say("Items"),
            say("A row for each card and revision, for each test that asked it and for study: the item analysis."),
            say(
                "Of each student the first answer in the place: in study the first since joining, in a test that of the"
                " first attempt that has ended."
            ),
            _ITEMS,
        ),
        Definition(
            Kind.CANVAS,
            say("Canvas gradebook"),
            say("The file that Canvas's gradebook takes: a row for each student, a column for each test."),
            _GRADES,
            _CANVAS,
            say(
                "The points that count in the test of this title, to two places; blank without a score. The first row,"
                " “Points Possible”, says how many there are."
            ),
        ),
        Definition(
            Kind.MOODLE,
            say("Moodle gradebook"),
            say("The file that Moodle's grade import takes: a row for each student, a column for each test."),
            _GRADES,
            _MOODLE,
            say("The score that counts in the test of this title, out of 100; “-” without a score, as Moodle writes."),
        ),
    )
}
