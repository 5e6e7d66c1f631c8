"""A plan towards an exam: what to do on each day, what recall to expect, and whether it can be reached at all.

The plan looks for the smallest daily portion of time with which all cards are begun, before the last week where there
is time for that, and the expected recall on the day is what is wished for, by playing the way there (``examrun``).
Playing it several times, with other chances, gives the range. To follow what was really done, make the plan anew each
day from the memory as it then is.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean

from quizapp.core.errors import Invalid
from quizapp.core.learning.dice import Dice
from quizapp.core.learning.examrun import LAST_WEEK, ExamRun, Journey
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.scheduling import HIGHEST_RETENTION, LOWEST_RETENTION
from quizapp.core.learning.studyday import add_days
from quizapp.core.learning.workload import KnownCard
from quizapp.core.messages import say

LONGEST_PLAN = 730
LONGEST_DAY = 600.0
"""Minutes that nobody is asked to learn a day."""

_RUNS = 20
_HALVINGS = 7
_SHARE_OUTSIDE = 0.1
_CARDS_PLAYED, _MOST_PLAYED = 600, 10


@dataclass(frozen=True, slots=True)
class ExamGoal:
    """The exam's study day, the share of all cards to be recalled on it (0.70 to 0.97), and what a day may take.

    Raises Invalid, naming the field, for what cannot be.
    """

    day: date
    recall: float = 0.9
    minutes_per_day: float = 60.0
    new_per_day: int = 100

    def __post_init__(self) -> None:
        if not LOWEST_RETENTION <= self.recall <= HIGHEST_RETENTION:
            _refuse("recall", say("The desired recall goes from 70 to 97 percent."))
        if not 1 <= self.minutes_per_day <= LONGEST_DAY:
            _refuse("minutes_per_day", say("A day takes 1 to %(most)s minutes.", most=round(LONGEST_DAY)))
        if self.new_per_day < 1:
            _refuse("new_per_day", say("At least one new card a day."))


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """What a day is likely to bring: means over many ways to the exam."""

    day: date
    new: float
    reviews: float
    minutes: float


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """A plan for every day from today to the eve.

    ``recall`` is the share of all cards expected to be recalled on the day, cards not begun counting as unknown; in
    eight of ten ways it is between ``low`` and ``high``. ``unbegun`` cards are expected not to be reached at all.
    ``feasible`` says whether the wish is reached within the time a day has; if so, ``start_by`` is the last day on
    which starting is early enough. If not, ``minutes_needed`` a day would do; None where no time a day would.
    """

    days: tuple[PlannedDay, ...]
    recall: float
    low: float
    high: float
    unbegun: float
    feasible: bool
    start_by: date | None
    minutes_needed: float | None


def _refuse(field: str, message: str) -> None:
    raise Invalid(message, {field: message})


def _check(today: date, goal: ExamGoal, cards: int) -> int:
    days = (goal.day - today).days
    if days < 1:
        _refuse("day", say("The exam must be on a later day than today."))
    if days > LONGEST_PLAN:
        _refuse("day", say("A plan reaches at most %(most)s days ahead.", most=LONGEST_PLAN))
    if not cards:
        _refuse("scope", say("There are no cards in this scope."))
    return days


def _smallest(fits: Callable[[float], bool], low: float, high: float) -> float:
    """By halving: about the smallest value up to ``high``, which fits, that fits too."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


class _Planner:
    """Plays a journey with portions of so many minutes a day."""

    def __init__(self, journey: Journey, parameters: Sequence[float], habits: Habits, recall: float) -> None:
        self._journey, self._habits, self._recall = journey, habits, recall
        self._model = MemoryModel(parameters)
        self._cards = len(journey.known) + journey.unseen

    def run(self, minutes: float, seed: bytes, idle: int = 0) -> ExamRun:
        journey = replace(self._journey, idle=idle)
        return ExamRun(journey, self._model, self._habits, minutes * 60, seed)

    def expect(self, run: ExamRun) -> float:
        return math.fsum(run.recalls) / self._cards

    def is_enough(self, minutes: float, seed: bytes, idle: int = 0) -> bool:
        """Whether so much a day does; of few cards more ways are played, since chance is larger."""
        count = min(max(_CARDS_PLAYED // self._cards, 1), _MOST_PLAYED)
        runs = [self.run(minutes, seed + b"try %d" % number, idle) for number in range(count)]
        left = self._journey.days - idle
        latest_new = self._journey.days - 1 - (LAST_WEEK if left >= 2 * LAST_WEEK else 0)
        in_time = all(not run.unbegun and run.last_new <= latest_new for run in runs)
        return in_time and fmean(self.expect(run) for run in runs) >= self._recall

    def find_portion(self, most: float, seed: bytes) -> float | None:
        """About the smallest portion up to ``most`` minutes that is enough; None where not even that is."""
        if not self.is_enough(most, seed):
            return None
        return _smallest(lambda minutes: self.is_enough(minutes, seed), 0.0, most)

    def find_idle(self, most: float, seed: bytes) -> int:
        """How many days may pass unused, if after that ``most`` minutes a day are taken. They must be enough today."""
        days = self._journey.days
        return days - math.ceil(_smallest(lambda left: self.is_enough(most, seed, days - int(left)), 0, days))

    def sit_exam(self, run: ExamRun, seed: bytes) -> float:
        """The share that is recalled on the day, by chance."""
        dice = Dice(seed + b"exam")
        return sum(dice.roll() < recall for recall in run.recalls) / self._cards


def _describe_days(runs: Sequence[ExamRun], today: date) -> tuple[PlannedDay, ...]:
    return tuple(
        PlannedDay(
            day=add_days(today, number),
            new=fmean(day.new for day in days),
            reviews=fmean(day.reviews for day in days),
            minutes=fmean(day.seconds for day in days) / 60,
        )
        for number, days in enumerate(zip(*(run.days for run in runs), strict=True))
    )


def plan_exam(
    known: Sequence[KnownCard],
    unseen: int,
    goal: ExamGoal,
    today: date,
    parameters: Sequence[float],
    habits: Habits,
    seed: bytes,
) -> ExamPlan:
    """The plan from today on, for cards known and not yet seen. Equal arguments give equal plans.

    Raises Invalid for an exam that is not on a later day (field ``day``) and for no cards at all (field ``scope``).
    """
    days = _check(today, goal, len(known) + unseen)
    journey = Journey(known, unseen, days, goal.recall, goal.new_per_day)
    planner = _Planner(journey, parameters, habits, goal.recall)
    most = goal.minutes_per_day
    portion = planner.find_portion(most, seed)
    feasible = portion is not None
    seeds = [seed + b"run %d" % number for number in range(_RUNS)]
    runs = [planner.run(most if portion is None else portion, one) for one in seeds]
    marks = sorted(planner.sit_exam(run, one) for run, one in zip(runs, seeds, strict=True))
    outside = round(_RUNS * _SHARE_OUTSIDE)
    return ExamPlan(
        days=_describe_days(runs, today),
        recall=fmean(planner.expect(run) for run in runs),
        low=marks[outside - 1],
        high=marks[-outside],
        unbegun=fmean(run.unbegun for run in runs),
        feasible=feasible,
        start_by=add_days(today, planner.find_idle(most, seed)) if feasible else None,
        minutes_needed=None if feasible else planner.find_portion(LONGEST_DAY, seed),
    )
