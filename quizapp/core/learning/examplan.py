"""A plan towards an exam: what to do on each day, what recall to expect, and whether it can be reached at all.

The plan looks for the smallest daily portion of time with which all cards are begun, before the last week where there
is time for that, and the expected recall on the day is what is wished for, by playing the way there (``examrun``). A
large scope is thinned while portions are tried: every third card, say, in a third of the time. To follow what was
really done, make the plan anew each day from the memory as it then is.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean

from quizapp.core.errors import Invalid
from quizapp.core.learning.examrun import LAST_WEEK, Chances, ExamRun, Journey
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.scheduling import HIGHEST_RETENTION, LOWEST_RETENTION
from quizapp.core.learning.studyday import add_days
from quizapp.core.learning.workload import KnownCard
from quizapp.core.messages import say

LONGEST_PLAN = 730
LONGEST_DAY = 600.0
"""Minutes that nobody is asked to learn a day."""
MOST_NEW = 1_000

_SHORTEST_DAY = 0.2  # minutes: less than one card
_HALVINGS = 7
_CARDS_TRIED, _MOST_WAYS = 240, 8  # of few cards more ways are played, since chance is larger
_CARDS_SHOWN, _CARDS_ROUGHLY = 1_200, 120
_COARSEST = 240.0  # seconds: what is left of a day when it is thinned still holds some ten cards
_RANGE = 1.2816  # standard deviations to either side, between which eight of ten normal values lie


@dataclass(frozen=True, slots=True)
class ExamGoal:
    """The exam's study day, the share of all cards to be recalled on it (0.70 to 0.97), and what a day may take.

    Raises Invalid, naming the fields, for what cannot be.
    """

    day: date
    recall: float = 0.9
    minutes_per_day: float = 60.0
    new_per_day: int = 100

    def __post_init__(self) -> None:
        faults: dict[str, str] = {}
        if not LOWEST_RETENTION <= self.recall <= HIGHEST_RETENTION:
            faults["recall"] = say("The desired recall goes from 70 to 97 percent.")
        if not 1 <= self.minutes_per_day <= LONGEST_DAY:
            faults["minutes_per_day"] = say("A day takes 1 to %(most)s minutes.", most=round(LONGEST_DAY))
        if not 1 <= self.new_per_day <= MOST_NEW:
            faults["new_per_day"] = say("A day takes 1 to %(most)s new cards.", most=MOST_NEW)
        _refuse(faults)


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """What a day is likely to bring: means over the ways to the exam that were played."""

    day: date
    new: float
    reviews: float
    minutes: float


@dataclass(frozen=True, slots=True)
class ExamOutline:
    """A plan for every day from today to the eve.

    ``recall`` is the share of all cards expected to be recalled on the day, cards not begun counting as unknown; in
    about eight of ten exams it is between ``low`` and ``high``. ``unbegun`` cards are expected not to be reached at
    all. ``feasible`` says whether the wish is reached within the time a day has.
    """

    days: tuple[PlannedDay, ...]
    recall: float
    low: float
    high: float
    unbegun: float
    feasible: bool


@dataclass(frozen=True, slots=True)
class ExamAdvice:
    """What follows from an outline.

    If the goal can be reached, ``start_by`` is the last day on which starting is early enough. If not,
    ``minutes_needed`` a day would do, and so would so many more days (``delay``); each None where it would not either.
    """

    start_by: date | None = None
    minutes_needed: float | None = None
    delay: int | None = None


@dataclass(frozen=True, slots=True)
class ExamPlan(ExamOutline):
    """An outline with what follows from it (``ExamAdvice``)."""

    start_by: date | None = None
    minutes_needed: float | None = None
    delay: int | None = None


def _refuse(faults: dict[str, str]) -> None:
    for message in faults.values():
        raise Invalid(message, faults)


def check_day(day: date, today: date) -> int:
    """In how many days an exam is. Raises Invalid (field ``day``) where no plan can lead there."""
    days = (day - today).days
    if days < 1:
        _refuse({"day": say("The exam must be on a later day than today.")})
    if days > LONGEST_PLAN:
        _refuse({"day": say("A plan reaches at most %(most)s days ahead.", most=LONGEST_PLAN)})
    return days


def _halve(fits: Callable[[float], bool], low: float, high: float) -> float:
    """By halving the ratio: about the smallest value up to ``high``, which fits, that fits too."""
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def _halve_days(fits: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number of days above ``low``, which do not fit, up to ``high``, which do."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def _rank(card: KnownCard) -> tuple[float, int, float]:
    return card.stability, card.days_ago, card.difficulty


def _thin(journey: Journey, factor: int, ranked: Sequence[KnownCard]) -> Journey:
    """Every so manieth card, rounded up; those known are taken evenly from the weakest to the strongest: ``ranked``."""
    if factor < 2:
        return journey
    return replace(journey, known=ranked[::factor], unseen=-(-journey.unseen // factor), thinned=factor)


def roll_chances(seed: bytes) -> tuple[Chances, ...]:
    """The chances of all plans with this seed."""
    return tuple(Chances(seed + b"way %d" % number) for number in range(_MOST_WAYS))


class _Planner:
    """Plays a journey with portions of so many minutes a day."""

    def __init__(
        self, journey: Journey, parameters: Sequence[float], habits: Habits, chances: Sequence[Chances]
    ) -> None:
        self._journey, self._habits = journey, habits
        self._model, self._chances = MemoryModel(parameters), chances
        self._ranked = sorted(journey.known, key=_rank)
        self.tried = _CARDS_TRIED

    def play(self, minutes: float, cards: int, journey: Journey, *, begun_by: int | None = None) -> Iterator[ExamRun]:
        """Some ways with so many minutes a day, of about so many cards altogether."""
        factor = min(-(-journey.cards // cards), max(int(minutes * 60 / _COARSEST), 1))
        thinned = _thin(journey, factor, self._ranked)
        for chances in self._chances[: max(cards // journey.cards, 1)]:
            yield ExamRun(thinned, self._model, self._habits, minutes * 60, chances, begun_by=begun_by)

    def is_enough(self, minutes: float, journey: Journey) -> bool:
        """Whether so much a day does."""
        left = journey.days - journey.idle
        latest_new = journey.days - 1 - (LAST_WEEK if left >= 2 * LAST_WEEK else 0)
        expected = []
        for run in self.play(minutes, self.tried, journey, begun_by=latest_new):
            if run.late or run.unbegun or run.last_new > latest_new:
                return False
            expected.append(_expect(run))
        return fmean(expected) >= journey.retention

    def find_portion(self, most: float, least: float = _SHORTEST_DAY) -> float | None:
        """About the smallest portion up to ``most`` minutes that is enough; None where not even that is."""
        if not self.is_enough(most, self._journey):
            return None
        return _halve(lambda minutes: self.is_enough(minutes, self._journey), least, most)

    def find_idle(self, most: float) -> int:
        """How many days may pass unused, if after that ``most`` minutes a day are taken. They must be enough today."""
        days = self._journey.days
        return days - _halve_days(lambda left: self.is_enough(most, replace(self._journey, idle=days - left)), 0, days)

    def find_delay(self, most: float) -> int | None:
        """How many days more would do, with ``most`` minutes a day, which are not enough as it is."""
        days, delay = self._journey.days, 0
        longest = LONGEST_PLAN - days

        def does(more: int) -> bool:
            return self.is_enough(most, replace(self._journey, days=days + more))

        while delay < longest:
            tried, delay = delay, min(max(2 * delay, 4), longest)
            if does(delay):
                return _halve_days(does, tried, delay)
        return None


def _expect(run: ExamRun) -> float:
    """The share of the cards played that is recalled on the day."""
    return math.fsum(run.recalls) / run.cards


def _find_range(runs: Sequence[ExamRun], cards: int) -> tuple[float, float]:
    """Between which shares eight of ten exams lie, to whole cards outwards.

    What is recalled of the cards begun is as if drawn from an urn: the spread between the ways included, the variance
    of a card is that of their mean recall.
    """
    recalls = [recall for run in runs for recall in run.recalls]
    begun = len(recalls) / sum(run.cards for run in runs)
    mean = fmean(recalls) if recalls else 0.0
    spread = _RANGE * math.sqrt(begun * mean * (1 - mean) / cards)
    low, high = begun * mean - spread, begun * mean + spread
    return max(math.floor(low * cards) / cards, 0.0), min(math.ceil(high * cards) / cards, 1.0)


def _describe_days(runs: Sequence[ExamRun], cards: int, today: date) -> tuple[PlannedDay, ...]:
    each = cards / runs[0].cards  # so many cards each card played stands for
    return tuple(
        PlannedDay(
            day=add_days(today, number),
            new=each * fmean(day.new for day in days),
            reviews=each * fmean(day.reviews for day in days),
            minutes=each * fmean(day.seconds for day in days) / 60,
        )
        for number, days in enumerate(zip(*(run.days for run in runs), strict=True))
    )


class ExamPlanner:
    """Plans for one learner's exam, from today on, for cards known and not yet seen.

    Equal arguments give equal plans. Whoever shares a ``seed`` shares the chances; ``chances`` is what ``roll_chances``
    made of it, where that was done. Raises Invalid for an exam that is not on a later day or too far away (field
    ``day``) and for no cards at all (field ``scope``).
    """

    def __init__(
        self,
        known: Sequence[KnownCard],
        unseen: int,
        goal: ExamGoal,
        today: date,
        parameters: Sequence[float],
        habits: Habits,
        seed: bytes,
        chances: Sequence[Chances] | None = None,
    ) -> None:
        days = check_day(goal.day, today)
        if not known and not unseen:
            _refuse({"scope": say("There are no cards in this scope.")})
        self._goal, self._today = goal, today
        self._journey = Journey(known, unseen, days, goal.recall, goal.new_per_day)
        self._planner = _Planner(self._journey, parameters, habits, chances or roll_chances(seed))

    def outline(self, *, roughly: bool = False) -> ExamOutline:
        """What each day brings, and what to expect; ``roughly`` takes a fraction of the time."""
        most, cards = self._goal.minutes_per_day, self._journey.cards
        self._planner.tried = _CARDS_ROUGHLY if roughly else _CARDS_TRIED
        portion = self._planner.find_portion(most)
        shown = _CARDS_TRIED if roughly else _CARDS_SHOWN
        runs = list(self._planner.play(most if portion is None else portion, shown, self._journey))
        low, high = _find_range(runs, cards)
        return ExamOutline(
            days=_describe_days(runs, cards, self._today),
            recall=fmean(_expect(run) for run in runs),
            low=low,
            high=high,
            unbegun=cards * fmean(run.unbegun / run.cards for run in runs),
            feasible=portion is not None,
        )

    def advise(self, outline: ExamOutline) -> ExamAdvice:
        """What follows from the outline."""
        most = self._goal.minutes_per_day
        if outline.feasible:
            return ExamAdvice(start_by=add_days(self._today, self._planner.find_idle(most)))
        return ExamAdvice(
            minutes_needed=self._planner.find_portion(LONGEST_DAY, most), delay=self._planner.find_delay(most)
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
    """The outline and what follows from it, at once; see ``ExamPlanner``."""
    planner = ExamPlanner(known, unseen, goal, today, parameters, habits, seed)
    outline = planner.outline()
    advice = planner.advise(outline)
    return ExamPlan(
        start_by=advice.start_by,
        minutes_needed=advice.minutes_needed,
        delay=advice.delay,
        days=outline.days,
        recall=outline.recall,
        low=outline.low,
        high=outline.high,
        unbegun=outline.unbegun,
        feasible=outline.feasible,
    )
