"""When a card comes back: FSRS-6, in study days.

The ``fsrs`` package does the mathematics of memory (https://github.com/open-spaced-repetition/py-fsrs, FSRS-6). This
layer makes a calendar of it. Steps of learning run in real time; intervals of days run in study days, from the start
of one day to the start of another, so that a lesson at a shifting hour still counts as the next day.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import NoReturn, cast

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS, STABILITY_MIN

from quizapp.core.errors import Invalid
from quizapp.core.learning.balance import Load, LoadOf, balance_interval
from quizapp.core.learning.fuzz import fuzz_range, spread_interval
from quizapp.core.learning.memory import MemoryState, Phase, Rating, floor_to_millis, parse_rating
from quizapp.core.learning.studyday import StudyCalendar, add_days, add_time
from quizapp.core.messages import Message, say

MODEL = "fsrs-6/1"  # the model and the version of this layer: to be raised when the same log would give other states

LOWEST_RETENTION = 0.70
HIGHEST_RETENTION = 0.97
LONGEST_INTERVAL = 36_500
LOWEST_STABILITY = STABILITY_MIN
HIGHEST_STABILITY = 36_500.0  # as in fsrs-rs; without it, a hundred same-day reviews could reach infinity

DECAY = 20  # the place of the forgetting curve's exponent among the parameters
DEFAULT_DECAY = DEFAULT_PARAMETERS[DECAY]
REFERENCE_RECALL = 0.9  # stability is the time to this recall, by definition
_LONGEST_ELAPSED = 1_000_000
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_LONGEST_STEP = timedelta(hours=16)  # one and a half times the step, as Hard on a single one takes, is still a day

_STATES = {
    Phase.LEARNING: fsrs.State.Learning,
    Phase.REVIEW: fsrs.State.Review,
    Phase.RELEARNING: fsrs.State.Relearning,
}
_PHASES = {state: phase for phase, state in _STATES.items()}
_RATINGS = {rating: fsrs.Rating(rating.value) for rating in Rating}


def recall_after(days: float, stability: float, decay: float = DEFAULT_DECAY) -> float:
    """The probability of recall so many days after a review: the forgetting curve of FSRS-6.

    ``(1 + f·days/stability)^-decay``, with ``f`` such that recall after ``stability`` days is 90 %.
    """
    factor = REFERENCE_RECALL ** (-1 / decay) - 1
    return float((1 + factor * max(days, 0) / stability) ** -decay)


def days_until(recall: float, stability: float, decay: float = DEFAULT_DECAY) -> int:
    """In how many whole days, at least one, the probability of recall falls to ``recall``: the inverse of the curve."""
    factor = REFERENCE_RECALL ** (-1 / decay) - 1
    return max(1, round(float(stability / factor * (recall ** (-1 / decay) - 1))))


@dataclass(frozen=True, slots=True)
class SchedulerSettings:
    """What a learner, a teacher or a fit may choose.

    ``parameters`` are the 21 weights of FSRS-6, ``desired_retention`` is the recall at which a card comes back (0.70 to
    0.97), the steps are whole seconds up to 16 hours, none shorter than the one before; ``maximum_interval`` is in
    days. Raises Invalid, naming the field, for anything else.
    """

    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    desired_retention: float = 0.9
    learning_steps: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=10))
    relearning_steps: tuple[timedelta, ...] = (timedelta(minutes=10),)
    maximum_interval: int = LONGEST_INTERVAL

    def __post_init__(self) -> None:
        if not LOWEST_RETENTION <= self.desired_retention <= HIGHEST_RETENTION:
            _refuse("desired_retention", say("The desired recall goes from 70 to 97 percent."))
        if not 1 <= self.maximum_interval <= LONGEST_INTERVAL:
            _refuse(
                "maximum_interval", say("The longest interval goes from 1 to %(most)s days.", most=LONGEST_INTERVAL)
            )
        _check_steps("learning_steps", self.learning_steps)
        _check_steps("relearning_steps", self.relearning_steps)
        try:
            fsrs.Scheduler(parameters=self.parameters)
        except ValueError:
            _refuse("parameters", say("These are not the 21 parameters of FSRS-6, each in its range."))

    @property
    def decay(self) -> float:
        """The exponent of the forgetting curve, above zero."""
        return self.parameters[DECAY]

    @property
    def version(self) -> str:
        """Short and the same for equal settings only: to name, in each review, what it was scheduled with."""
        text = json.dumps(asdict(self), default=timedelta.total_seconds)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _refuse(field: str, message: Message) -> NoReturn:
    raise Invalid(message, {field: message})


def _check_steps(field: str, steps: Sequence[timedelta]) -> None:
    in_range = all(_SECOND <= step <= _LONGEST_STEP and not step % _SECOND for step in steps)
    if not in_range or list(steps) != sorted(steps):
        _refuse(field, say("Steps take whole seconds up to 16 hours, and none is shorter than the one before it."))


def _to_card(state: MemoryState | None) -> fsrs.Card:
    # Without an id and a due date, its constructor would ask the clock and sleep.
    if state is None:
        return fsrs.Card(card_id=0, due=_ORIGIN)
    return fsrs.Card(
        card_id=0,
        state=_STATES[state.phase],
        step=state.step,
        stability=state.stability,
        difficulty=state.difficulty,
        due=_ORIGIN,
        last_review=_ORIGIN,
    )


def _lapses(before: MemoryState | None, rating: Rating) -> int:
    if before is None:
        return 0
    return before.lapses + (before.phase is Phase.REVIEW and rating is Rating.AGAIN)


@dataclass(frozen=True)
class Scheduler:
    """Turns reviews into memory states. It holds no state of its own: equal questions get equal answers."""

    settings: SchedulerSettings
    calendar: StudyCalendar

    @cached_property
    def model(self) -> str:
        """What each review records: the model, and a version that changes with the settings and the calendar."""
        calendar = f"{self.calendar.zone.key} {self.calendar.day_start.isoformat()}"
        days = hashlib.sha256(calendar.encode()).hexdigest()[:6]
        return f"{MODEL}/{self.settings.version}-{days}"

    def review(
        self,
        state: MemoryState | None,
        rating: Rating,
        now: datetime,
        *,
        seed: bytes | None = None,
        load: Load | LoadOf | None = None,
        promised: date | None = None,
        prior: float = 1.0,
        never_sooner: bool = False,
    ) -> MemoryState:
        """The state after a review at ``now``; ``state`` is None where it is the first.

        Intervals of days are spread where a ``seed`` is given (``fuzz.fuzz_seed``), and moved to the days that suit
        best within the same band where a ``load``, or a function that finds it, is given too; neither touches what is
        known of the memory. A day that was ``promised`` is kept where it lies in that band: then nothing that happened
        since the preview moves it.
        ``prior`` multiplies the stability after a first review (``prior``). With ``never_sooner``, as for an answer in
        a test, a card that was known does not come back sooner than it would have without the review.

        A card in steps is due a step from now; any other at the start of a study day, later than today. A time before
        the last review counts as the same study day and becomes the new last review, so that a clock that once ran
        ahead heals itself; answers that come in late from another device are better replayed in their order.
        Raises Invalid for a rating that is none, ValueError for a time without a zone.
        """
        rating = parse_rating(rating)
        now = floor_to_millis(now)
        today = self.calendar.day_of(now)
        card, interval = self._remember(state, rating, today, prior)
        in_steps = card.state is not fsrs.State.Review
        days = interval.days if in_steps else self._spread(interval.days, today, seed, load, promised)
        due = add_time(now, interval) if in_steps else self._due(state, now, add_days(today, days))
        if never_sooner and state is not None and rating is not Rating.AGAIN:
            due = max(due, state.due)
        return MemoryState(
            phase=_PHASES[card.state],
            step=card.step,
            stability=cast(float, card.stability),
            difficulty=cast(float, card.difficulty),
            due=due,
            last_review=now,
            reps=state.reps + 1 if state else 1,
            lapses=_lapses(state, rating),
        )

    def _remember(
        self, state: MemoryState | None, rating: Rating, today: date, prior: float
    ) -> tuple[fsrs.Card, timedelta]:
        """What the model holds of the card after a review today, its stability in bounds, and the interval to the next.

        The interval is a step, or whole days that are not spread yet.
        """
        reviewed = _ORIGIN + timedelta(days=self._elapsed(state, today))
        card, _ = self._model.review_card(_to_card(state), _RATINGS[rating], reviewed)
        interval = card.due - reviewed
        card.stability = min(cast(float, card.stability), HIGHEST_STABILITY)
        if state is None and prior != 1.0:
            card.stability = min(max(card.stability * prior, LOWEST_STABILITY), HIGHEST_STABILITY)
            if card.state is fsrs.State.Review:
                interval = timedelta(days=self._next_interval(card.stability))
        return card, interval

    def preview(
        self,
        state: MemoryState | None,
        now: datetime,
        *,
        seed: bytes | None = None,
        load: Load | LoadOf | None = None,
        prior: float = 1.0,
    ) -> dict[Rating, MemoryState]:
        """What each rating would do now. It is what ``review`` does with the same seed, load and prior."""
        return {rating: self.review(state, rating, now, seed=seed, load=load, prior=prior) for rating in Rating}

    def retrievability(self, state: MemoryState, now: datetime) -> float:
        """The probability, from 0 to 1, that the card is recalled on the study day of ``now``."""
        return recall_after(self._elapsed(state, self.calendar.day_of(now)), state.stability, self.settings.decay)

    def replay(
        self,
        log: Sequence[tuple[Rating, datetime]],
        *,
        seed_of: Callable[[int], bytes] | None = None,
        prior: float = 1.0,
    ) -> MemoryState:
        """The state after these reviews, in the order given. Raises Invalid for an empty log or a rating that is none.

        ``seed_of`` gives the seed of each review from the number of reviews before it. The same log, calendar, settings
        and seeds give the same state to the last digit. Where loads moved cards, ``due`` alone is not in the log.
        """
        state = None
        for reps, (rating, now) in enumerate(log):
            state = self.review(state, rating, now, seed=seed_of(reps) if seed_of else None, prior=prior)
        if state is None:
            raise Invalid(say("There is no review to replay."))
        return state

    @cached_property
    def _model(self) -> fsrs.Scheduler:
        return fsrs.Scheduler(
            parameters=self.settings.parameters,
            desired_retention=self.settings.desired_retention,
            learning_steps=self.settings.learning_steps,
            relearning_steps=self.settings.relearning_steps,
            maximum_interval=self.settings.maximum_interval,
            enable_fuzzing=False,
        )

    def _elapsed(self, state: MemoryState | None, today: date) -> int:
        if state is None:
            return 0
        return min(max((today - self.calendar.day_of(state.last_review)).days, 0), _LONGEST_ELAPSED)

    def _next_interval(self, stability: float) -> int:
        days = days_until(self.settings.desired_retention, stability, self.settings.decay)
        return min(days, self.settings.maximum_interval)

    def _spread(
        self, interval: int, today: date, seed: bytes | None, load: Load | LoadOf | None, promised: date | None
    ) -> int:
        if seed is None:
            return interval
        band = fuzz_range(interval, self.settings.maximum_interval)
        if promised and (promised - today).days in band:
            return (promised - today).days
        if callable(load):
            load = load(band) if len(band) > 1 else None
        if load is None:
            return spread_interval(interval, seed, self.settings.maximum_interval)
        return balance_interval(interval, today, load, seed, self.settings.maximum_interval)

    def _due(self, before: MemoryState | None, now: datetime, day: date) -> datetime:
        # Just before a day starts, its start is nearer than a step; but a card that is known never comes back sooner
        # than one that is not.
        return max(self.calendar.start_of(day), add_time(now, self._longest_step(before)))

    def _longest_step(self, before: MemoryState | None) -> timedelta:
        learning = before is None or before.phase is Phase.LEARNING
        steps = self.settings.learning_steps if learning else self.settings.relearning_steps
        # Hard on a single step takes one and a half times as long.
        return steps[0] * 1.5 if len(steps) == 1 else max(steps, default=timedelta(0))
