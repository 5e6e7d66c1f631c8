"""What a learner's cards will ask for: simulated for each desired retention, from their own states and habits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from quizapp.core.analysis.progress import DayCounter
from quizapp.core.analysis.workloadtomorrow import adapt_habits
from quizapp.core.learning.habits import LONGEST_ANSWER_MS, Habits, find_pace, weigh_habits
from quizapp.core.learning.scheduling import SchedulerSettings
from quizapp.core.learning.workload import RETENTIONS, Future, KnownCard, Workload, simulate_workload
from quizapp.services.rules import StudyRules
from quizapp.store import settings as store
from quizapp.store.settings import BegunCard, BegunDeck

HORIZON_DAYS = 365
HABIT_DAYS = 365
PACE_DAYS = 30
MOST_PLAYED = 300
"""So many known cards, and so many new ones, are played for each retention: they stand for all."""
_FEWEST_PLAYED = 40  # where decks have parameters of their own
_SEED = b"workload"


@dataclass(frozen=True, slots=True)
class Situation:
    """What a learner's coming work is made of: the cards and decks begun, habits, and new cards a day so far."""

    cards: tuple[BegunCard, ...]
    decks: tuple[BegunDeck, ...]
    habits: Habits
    pace: int


@dataclass(frozen=True, slots=True)
class WorkloadPage:
    """The work that each desired retention would bring, by rising retention; ``own`` is the learner's.

    ``best`` is the one that remembers most for each minute, None where no minute is needed. ``known`` and ``unseen``
    cards were simulated over ``days`` days with ``new_per_day``, by playing ``played`` of them.
    """

    rows: tuple[Workload, ...]
    own: float
    best: float | None
    known: int
    unseen: int
    new_per_day: int
    played: int
    days: int = HORIZON_DAYS

    @property
    def begun(self) -> bool:
        """Whether there is anything to simulate."""
        return bool(self.known)


@dataclass(frozen=True, slots=True)
class _Group:
    """Cards that follow the same parameters, and how many of them are played to stand for all."""

    parameters: tuple[float, ...]
    future: Future
    most: int

    @property
    def played(self) -> int:
        begun = min(self.future.unseen, self.future.new_per_day * self.future.days)
        return min(len(self.future.known), self.most) + min(begun, self.most)


@dataclass(frozen=True, slots=True)
class ComingYear:
    """A year to be simulated under one set of choices, whatever the desired retention."""

    groups: tuple[_Group, ...]
    habits: Habits
    longest: int

    def play(self, retention: float) -> Workload:
        """The work of the year under a desired retention."""
        reviews = minutes = remembered = 0.0
        for group in self.groups:
            work = simulate_workload(
                group.future, group.parameters, self.habits, retention, _SEED, longest=self.longest, most=group.most
            )
            reviews, minutes = reviews + work.reviews, minutes + work.minutes
            remembered += work.remembered
        return Workload(retention, reviews, minutes, remembered)


def load_situation(session: Session, learner_id: int, today: date) -> Situation:
    """What a learner's coming work is made of, on a study day."""
    last = today.toordinal()
    tallies = store.tally_answers(session, learner_id, last - HABIT_DAYS + 1, last, LONGEST_ANSWER_MS)
    return Situation(
        cards=tuple(store.list_begun_cards(session, learner_id)),
        decks=tuple(store.list_begun_decks(session, learner_id)),
        habits=weigh_habits(tallies),
        pace=find_pace(store.count_begun(session, learner_id, last - PACE_DAYS + 1, last), last),
    )


def find_new_per_day(situation: Situation, rules: StudyRules) -> int:
    """How many new cards a day are begun: as many as the limits let in, or as many as so far where there are none."""
    limits = rules.choices
    total = situation.pace if limits.limits.new is None else limits.limits.new
    own = [limits.decks[deck.slug].new for deck in situation.decks if deck.slug in limits.decks]
    given = [limit for limit in own if limit is not None]
    return min(total, sum(given)) if given and len(given) == len(situation.decks) else total


def _count_unseen(deck: BegunDeck, rules: StudyRules) -> int:
    """The cards of a deck that will be begun some day: none where the learner wants no new ones."""
    own = rules.choices.decks.get(deck.slug)
    closed = rules.choices.limits.new == 0 or (own is not None and own.new == 0)
    return 0 if closed else max(deck.cards - deck.seen, 0)


def _share(part: int, whole: int, amount: int) -> int:
    """The share of an amount that goes to a part, at least one."""
    return max(round(amount * part / whole), 1) if whole else 1


def prepare_year(situation: Situation, rules: StudyRules, observed: SchedulerSettings, today: date) -> ComingYear:
    """The coming year under these rules. ``observed`` are the settings under which the habits were formed."""
    days = DayCounter(rules.calendar)
    settings = {deck.id: rules.in_deck(deck.parameters).scheduler.settings for deck in situation.decks}
    known: dict[tuple[float, ...], list[KnownCard]] = {each.parameters: [] for each in settings.values()}
    unseen = dict.fromkeys(known, 0)
    for deck in situation.decks:
        unseen[settings[deck.id].parameters] += _count_unseen(deck, rules)
    for card in situation.cards:
        ago = max(today.toordinal() - days.find(card.last_review), 0)
        known[settings[card.deck_id].parameters].append(KnownCard(card.stability, card.difficulty, ago))
    new_per_day, all_unseen = find_new_per_day(situation, rules), sum(unseen.values())
    groups = [
        _Group(
            parameters=each,
            future=Future(known[each], unseen[each], _share(unseen[each], all_unseen, new_per_day), HORIZON_DAYS),
            most=max(_share(len(known[each]), len(situation.cards), MOST_PLAYED), _FEWEST_PLAYED),
        )
        for each in known
    ]
    chosen = rules.scheduler.settings
    return ComingYear(tuple(groups), adapt_steps(situation.habits, observed, chosen), chosen.maximum_interval)


def adapt_steps(habits: Habits, observed: SchedulerSettings, settings: SchedulerSettings) -> Habits:
    """The habits under the steps of other settings than those they were observed under."""
    before, after = ((len(each.learning_steps), len(each.relearning_steps)) for each in (observed, settings))
    return adapt_habits(habits, before, after)


def _find_best(rows: list[Workload]) -> float | None:
    worked = [row for row in rows if row.minutes > 0]
    return max(worked, key=lambda row: row.remembered / row.minutes).retention if worked else None


def view_workload(session: Session, learner_id: int, rules: StudyRules, now: datetime) -> WorkloadPage:
    """What each desired retention would bring to a learner."""
    today = rules.calendar.day_of(now)
    situation = load_situation(session, learner_id, today)
    settings = rules.scheduler.settings
    own = settings.desired_retention
    year = prepare_year(situation, rules, settings, today)
    rows = [year.play(retention) for retention in sorted({*RETENTIONS, own})] if situation.cards else []
    return WorkloadPage(
        rows=tuple(rows),
        own=own,
        best=_find_best(rows),
        known=len(situation.cards),
        unseen=sum(group.future.unseen for group in year.groups),
        new_per_day=find_new_per_day(situation, rules),
        played=sum(group.played for group in year.groups),
    )
