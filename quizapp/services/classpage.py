"""The page of a class today: who has studied, what each student remembers, and who may need help."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.analysis.classpage import (
    DISMISSED_DAYS,
    STUCK_DAYS,
    STUCK_TIMES,
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
from quizapp.services.recalls import find_curves
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules
from quizapp.store import classpage as store
from quizapp.store.classpage import WorkRecord

WEEK = 7
PAGE = 100
"""So many students stand on a page, as many as anybody looks through; sorting and sums are over all of them."""
ORDERS = ("name", "today", "last", "week", "due", "recall", "signs")


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

    ``days_away`` counts study days since the last answer, None where there is none. ``test_since`` is when a test was
    begun that is not handed in.
    """

    member: Member
    activity: Activity
    days_away: int | None
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


@dataclass(slots=True)
class _Work:
    """What a student did: the answers of today, those right, those of the week, and its minutes."""

    today: int = 0
    right: int = 0
    week: int = 0
    minutes: float = 0.0


def _sum_up(work: Iterable[WorkRecord], today: int) -> dict[int, _Work]:
    sums: dict[int, _Work] = defaultdict(_Work)
    for one in work:
        own = sums[one.learner_id]
        own.week += one.answers
        own.minutes += one.millis / 60_000
        if one.day == today:
            own.today, own.right = one.answers, one.right
    return sums


def _show_stuck(session: Session, stuck: dict[int, dict[int, int]]) -> Callable[[int], tuple[StuckCard, ...]]:
    cards = store.list_cards(session, sorted({card for own in stuck.values() for card in own}))

    def show(learner_id: int) -> tuple[StuckCard, ...]:
        found = []
        for card_id, times in sorted(stuck.get(learner_id, {}).items(), key=lambda one: -one[1]):
            deck, language, body = cards[card_id]
            card = read_card(body)
            prompt = f"{card.prompt} {card.text}" if isinstance(card, Cloze) else card.prompt
            found.append(StuckCard(deck, language, prompt, times))
        return tuple(found)

    return show


def _read_activities(
    session: Session, taught: TaughtClass, members: list[Member], rules: StudyRules, now: datetime
) -> dict[int, Activity]:
    day_of = rules.calendar.day_of
    today = day_of(now).toordinal()
    last_days = store.list_last_days(session, taught.id)
    sums = _sum_up(store.list_work(session, taught.id, today - WEEK + 1), today)
    due = store.list_due(session, taught.id, now)
    stuck: dict[int, dict[int, int]] = defaultdict(dict)
    for learner_id, card_id, times in store.list_stuck(session, taught.id, today - STUCK_DAYS + 1, STUCK_TIMES):
        stuck[learner_id][card_id] = times
    recalls: dict[int, list[DeckRecall]] = defaultdict(list)
    for one in store.list_recalls(session, taught.id, now, rules.day_ends(now), find_curves(session, taught.id, rules)):
        recalls[one.learner_id].append(DeckRecall(one.deck_id, one.cards, one.recall))
        due[one.learner_id] = due.get(one.learner_id, 0) + one.in_steps
    found = {}
    for member in members:
        own = sums[member.learner_id]
        found[member.learner_id] = Activity(
            joined_day=day_of(member.joined_at).toordinal(),
            last_day=last_days.get(member.learner_id),
            today=own.today,
            today_right=own.right,
            week=own.week,
            week_minutes=own.minutes,
            due=due.get(member.learner_id, 0),
            recalls=tuple(recalls[member.learner_id]),
            stuck=stuck.get(member.learner_id, {}),
        )
    return found


def _sort(lines: list[StudentLine], order: str) -> list[StudentLine]:
    """By what the page was asked for; those who may need the teacher most come first. Equal ones stay by name."""
    keys: dict[str, Callable[[StudentLine], float]] = {
        "today": lambda line: -line.activity.today,
        "last": lambda line: -(line.days_away if line.days_away is not None else 10**6),
        "week": lambda line: -line.activity.week,
        "due": lambda line: -line.activity.due,
        "recall": lambda line: 2.0 if line.activity.recall is None else line.activity.recall,
        "signs": lambda line: -len(line.signs),
    }
    return sorted(lines, key=keys[order]) if order in keys else lines


def _make_lines(
    session: Session, taught: TaughtClass, rules: StudyRules, now: datetime
) -> tuple[tuple[ClassDeck, ...], list[StudentLine]]:
    """A line for each student; the cards that somebody is stuck at are told later, for the lines that are shown."""
    members = classes.list_members(session, taught)
    today = rules.calendar.day_of(now).toordinal()
    activities = _read_activities(session, taught, members, rules, now)
    met = {one.deck for activity in activities.values() for one in activity.recalls}
    decks = tuple(ClassDeck(*row) for row in store.list_decks(session, met))
    dismissed = store.list_dismissed(session, taught.id, now - timedelta(days=DISMISSED_DAYS))
    tests = store.list_open_attempts(session, taught.id)
    lines = []
    for member in members:
        activity = activities[member.learner_id]
        by_deck = {one.deck: one for one in activity.recalls}
        signs = tuple(one for one in find_signs(activity, today) if (member.learner_id, one.value) not in dismissed)
        lines.append(
            StudentLine(
                member=member,
                activity=activity,
                days_away=None if activity.last_day is None else today - activity.last_day,
                recalls=tuple(by_deck.get(deck.id) for deck in decks),
                signs=signs,
                stuck=(),
                test_since=tests.get(member.learner_id),
            )
        )
    return decks, lines


def list_signs(session: Session, taught: TaughtClass, rules: StudyRules, now: datetime) -> dict[int, tuple[Sign, ...]]:
    """Why students of a class may need help, as the class's page says it: by learner, for all who are in it now."""
    _, lines = _make_lines(session, taught, rules, now)
    return {line.member.learner_id: line.signs for line in lines}


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
    decks, lines = _make_lines(session, taught, rules, now)
    pages = max(-(-len(lines) // PAGE), 1)
    page = min(max(page, 1), pages)
    shown = _sort(lines, order)[(page - 1) * PAGE : page * PAGE]
    show_stuck = _show_stuck(session, {line.member.learner_id: dict(line.activity.stuck) for line in shown})
    told = tuple(replace(line, stuck=show_stuck(line.member.learner_id)) for line in shown)
    summary = summarise([line.activity for line in lines], [line.signs for line in lines])
    return ClassToday(taught, decks, told, summary, page, pages)


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
