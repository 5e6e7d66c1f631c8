"""The report ``students``: what each student of the class has done, and what they remember."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from sqlmodel import Session

from quizapp.core.analysis.classpage import Sign
from quizapp.core.analysis.progress import DayCounter, Recall, StudiedCard, expect_recall
from quizapp.core.assignments.standing import AssignmentCells
from quizapp.core.learning.grading import CORRECT_FROM
from quizapp.core.reports.cells import round_number
from quizapp.core.reports.columns import Row
from quizapp.services.assignments.asked import assignment_cells
from quizapp.services.classes import Member
from quizapp.services.classpage import list_signs
from quizapp.services.progress import LONGEST_ANSWER_MS
from quizapp.services.reports.scope import Scope, identify
from quizapp.services.rules import find_rules
from quizapp.store import progress as progress_store
from quizapp.store import reports as store
from quizapp.store import reports_tests as test_store
from quizapp.store.progress import DeckRecord
from quizapp.store.reports import ReturnRecord, WorkRecord

_MINUTE_MS = 60_000
_NOT_ASKED: Row = (None, None, None, None, None)
"""Of who has left nothing is asked any more: blank, which is not zero."""


@dataclass(frozen=True, slots=True)
class KnownDeck:
    """A deck with what a student remembers of it today."""

    deck: DeckRecord
    recall: Recall


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The cards that a student has seen, how many of them are due, and what is remembered of each deck."""

    seen: int
    due: int
    recall: Recall
    decks: tuple[KnownDeck, ...]


def find_knowledge(session: Session, scope: Scope, member: Member, decks: dict[int, DeckRecord]) -> Knowledge:
    """What a student remembers today, by their own rules. ``decks`` keeps the decks that were met before."""
    states = progress_store.list_states(session, member.learner_id)
    new = sorted({state.deck_id for state in states} - decks.keys())
    decks |= {deck.id: deck for deck in progress_store.list_decks(session, new)} if new else {}
    rules = find_rules(session, scope.rules, member.learner_id)
    days, today = DayCounter(rules.calendar), rules.calendar.day_of(scope.now).toordinal()
    ends = rules.day_ends(scope.now)
    decays = {deck.id: rules.in_deck(deck.parameters).scheduler.settings.decay for deck in decks.values()}
    cards: dict[int, list[StudiedCard]] = {}
    for state in states:
        ago = max(today - days.find(state.last_review), 0)
        seen = StudiedCard(state.deck_id, state.stability, ago, days.find(state.due) - today, decays[state.deck_id])
        cards.setdefault(state.deck_id, []).append(seen)
    known = sorted(
        (KnownDeck(decks[deck], expect_recall(group)) for deck, group in cards.items()), key=lambda one: one.deck.title
    )
    return Knowledge(
        seen=len(states),
        due=sum(state.due < ends for state in states),
        recall=Recall(len(states), sum(one.recall.recalled for one in known)),
        decks=tuple(known),
    )


def _find_tests(scope: Scope, member: Member, given: int) -> Row:
    scores = [scope.score(member, test) for test in scope.tests]
    counted = [score for score in scores if score is not None]
    late = sum(any(attempt.late for attempt in scope.attempts_at(member, test)) for test in scope.tests)
    mean = round_number(100 * fmean(counted)) if counted else None
    return given, len(counted), late, mean


def _find_work(work: WorkRecord | None) -> Row:
    if work is None:
        return 0, 0, 0, 0.0, None
    last: datetime = work.last_at
    return work.answers, work.right, work.days, round_number(work.millis / _MINUTE_MS), last


def _find_asked(cells: AssignmentCells, signs: Iterable[Sign]) -> Row:
    return cells.assigned, cells.completed, cells.late, cells.overdue, ", ".join(sign.value for sign in signs)


def list_students(session: Session, scope: Scope) -> Iterator[Row]:
    """A row for each student, those who left included."""
    work = store.sum_work(session, scope.taught.id, CORRECT_FROM, LONGEST_ANSWER_MS)
    returns = store.count_returns(session, scope.taught.id)
    cells = assignment_cells(session, scope.taught, scope.now)
    given = Counter(learner_id for learner_id, _ in test_store.list_given(session, scope.taught.id))
    signs = list_signs(session, scope.taught, scope.rules, scope.now)
    decks: dict[int, DeckRecord] = {}
    for member in scope.members:
        own = member.learner_id
        known = find_knowledge(session, scope, member, decks)
        came_back = returns.get(own, ReturnRecord(0, 0))
        yield (
            *identify(scope.taught, member),
            member.joined_at,
            member.left_at,
            *_find_work(work.get(member.learner_id)),
            known.seen,
            known.due,
            round_number(known.recall.share) if known.seen else None,
            came_back.answers,
            came_back.recalled,
            *_find_tests(scope, member, given[own]),
            *(_find_asked(cells.get(own, AssignmentCells()), signs.get(own, ())) if not member.left_at else _NOT_ASKED),
        )
