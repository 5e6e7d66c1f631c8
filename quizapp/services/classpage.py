"""The page of a class today: who has studied, what each student remembers, and who may need help."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.analysis.classpage import (
    DISMISSED_DAYS,
    Activity,
    DeckRecall,
    Sign,
    Summary,
    find_signs,
    summarise,
)
from quizapp.core.deck.schema import Cloze
from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.services import classes
from quizapp.services.accounts import Viewer
from quizapp.services.classes import Member, TaughtClass
from quizapp.services.classpage_figures import WEEK, Figures, read_figures
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules
from quizapp.store import classpage as store

PAGE = 100
"""So many students stand on a page, as many as anybody looks through; sorting and sums are over all of them."""


@dataclass(frozen=True, slots=True)
class ClassDeck:
    """A deck that somebody in the class has met."""

    id: int
    slug: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class StuckCard:
    """A card that a student is stuck at, and how often it was not known lately."""

    deck: str
    language: str
    prompt: str
    times: int


@dataclass(frozen=True, slots=True)
class StudentLine:
    """A student on the page. ``recalls`` has an entry for each deck of the page, None where it was not met.

    ``days_away`` counts study days since the last answer, None where there is none; ``minutes`` are of seven days.
    ``test_since`` is when a test was begun that is not handed in.
    """

    member: Member
    activity: Activity
    days_away: int | None
    minutes: float
    recalls: tuple[DeckRecall | None, ...]
    signs: tuple[Sign, ...]
    stuck: tuple[StuckCard, ...]
    test_since: datetime | None


@dataclass(frozen=True, slots=True)
class ClassToday:
    """A class today: the ``lines`` of one page of ``pages``, counted from 1. ``summary`` is of all students."""

    taught: TaughtClass
    decks: tuple[ClassDeck, ...]
    lines: tuple[StudentLine, ...]
    summary: Summary
    page: int
    pages: int


def _show_stuck(
    session: Session, stuck: Sequence[Mapping[int, int]]
) -> Callable[[Mapping[int, int]], tuple[StuckCard, ...]]:
    cards = store.list_cards(session, sorted({card for own in stuck for card in own}))

    def show(own: Mapping[int, int]) -> tuple[StuckCard, ...]:
        found = []
        for card_id, times in sorted(own.items(), key=lambda one: -one[1]):
            deck, language, body = cards[card_id]
            card = read_card(body)
            prompt = f"{card.prompt} {card.text}" if isinstance(card, Cloze) else card.prompt
            found.append(StuckCard(deck, language, prompt, times))
        return tuple(found)

    return show


@dataclass(frozen=True, slots=True)
class StudentToday:
    """How one student stands today, with the decks that the student has met."""

    decks: tuple[ClassDeck, ...]
    line: StudentLine


@dataclass(frozen=True, slots=True)
class _Student:
    """A student as far as sorting and summing up ask; the rest is told of those who are shown."""

    member: Member
    activity: Activity
    signs: tuple[Sign, ...]


_ORDERS: dict[str, Callable[[_Student], float]] = {
    "today": lambda one: -one.activity.today,
    "last": lambda one: -(10.0**6) if one.activity.last_day is None else one.activity.last_day,
    "week": lambda one: -one.activity.week,
    "due": lambda one: -one.activity.due,
    "recall": lambda one: 2.0 if one.activity.recall is None else one.activity.recall,
    "signs": lambda one: -len(one.signs),
}
"""What the page can be sorted by: those who may need the teacher most come first, equal ones stay by name."""
ORDERS = ("name", *_ORDERS)


def _list_students(
    session: Session, taught: TaughtClass, rules: StudyRules, now: datetime
) -> tuple[list[_Student], Figures]:
    today = rules.calendar.day_of(now).toordinal()
    members = classes.list_members(session, taught)
    figures = read_figures(session, taught, members, rules, now)
    dismissed = store.list_dismissed(session, taught.id, now - timedelta(days=DISMISSED_DAYS))
    students = []
    for member in members:
        activity = figures.activities[member.learner_id]
        signs = tuple(one for one in find_signs(activity, today) if (member.learner_id, one.value) not in dismissed)
        students.append(_Student(member, activity, signs))
    return students, figures


def list_signs(session: Session, taught: TaughtClass, rules: StudyRules, now: datetime) -> dict[int, tuple[Sign, ...]]:
    """Why students of a class may need help, as the class's page says it: by learner, for all who are in it now."""
    students, _ = _list_students(session, taught, rules, now)
    return {one.member.learner_id: one.signs for one in students}


def _tell_recalls(figures: Figures, learner_id: int, decks: Sequence[ClassDeck]) -> tuple[DeckRecall | None, ...]:
    own = {one.deck_id: DeckRecall(one.deck_id, one.cards, one.recall) for one in figures.recalls.get(learner_id, ())}
    return tuple(own.get(deck.id) for deck in decks)


def _tell(
    session: Session,
    taught: TaughtClass,
    students: Sequence[_Student],
    figures: Figures,
    decks: Sequence[ClassDeck],
    today: int,
) -> tuple[StudentLine, ...]:
    """The lines of the page, with what is told of nobody else: minutes, and the cards that somebody is stuck at."""
    minutes = store.sum_minutes(session, [one.member.learner_id for one in students], today - WEEK + 1)
    tests = store.list_open_attempts(session, taught.id)
    show_stuck = _show_stuck(session, [one.activity.stuck for one in students])
    return tuple(
        StudentLine(
            member=one.member,
            activity=one.activity,
            days_away=None if one.activity.last_day is None else today - one.activity.last_day,
            minutes=minutes.get(one.member.learner_id, 0.0),
            recalls=_tell_recalls(figures, one.member.learner_id, decks),
            signs=one.signs,
            stuck=show_stuck(one.activity.stuck),
            test_since=tests.get(one.member.learner_id),
        )
        for one in students
    )


def read_class_today(
    session: Session,
    viewer: Viewer | None,
    handle: str,
    rules: StudyRules,
    now: datetime,
    order: str = "name",
    page: int = 1,
) -> ClassToday:
    """The page of a class for its teacher. ``rules`` are the school's; an unknown ``order`` is that of names.

    A class of more than ``PAGE`` students comes in pages; one that is not there is the last or the first.
    Raises Forbidden for who is not signed in, NotFound where the class is not the viewer's.
    """
    taught = classes.load_taught_class(session, viewer, handle)
    students, figures = _list_students(session, taught, rules, now)
    summary = summarise([one.activity for one in students], [one.signs for one in students])
    if order in _ORDERS:
        students.sort(key=_ORDERS[order])
    pages = max(-(-len(students) // PAGE), 1)
    page = min(max(page, 1), pages)
    decks = tuple(ClassDeck(*row) for row in store.list_decks(session, figures.decks))
    shown = students[(page - 1) * PAGE : page * PAGE]
    lines = _tell(session, taught, shown, figures, decks, rules.calendar.day_of(now).toordinal())
    return ClassToday(taught, decks, lines, summary, page, pages)


def read_student_today(
    session: Session, taught: TaughtClass, learner_handle: str, rules: StudyRules, now: datetime
) -> StudentToday:
    """How a student of a class that was loaded for who may see it stands, as the page of the class says it.

    Raises NotFound for who is not in it now.
    """
    students, figures = _list_students(session, taught, rules, now)
    student = next((one for one in students if one.member.handle == learner_handle), None)
    if student is None:
        raise NotFound(say("There is no such student in this class."))
    met = sorted(one.deck_id for one in figures.recalls.get(student.member.learner_id, ()))
    decks = tuple(ClassDeck(*row) for row in store.list_decks(session, met))
    today = rules.calendar.day_of(now).toordinal()
    return StudentToday(decks, *_tell(session, taught, [student], figures, decks, today))


def dismiss_sign(
    session: Session, viewer: Viewer | None, handle: str, learner_handle: str, sign: str, now: datetime
) -> None:
    """Take a sign from the page for two weeks. Doing it again begins them anew. Raises NotFound, Forbidden."""
    taught = classes.load_taught_class(session, viewer, handle)
    member = classes.load_member(session, taught, learner_handle)
    if sign not in set(Sign):
        raise NotFound(say("There is no such sign."))
    account_id = viewer.account_id if viewer else None
    store.dismiss_sign(session, taught.id, member.learner_id, sign, account_id, now)
    session.commit()
