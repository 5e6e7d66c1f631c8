"""How a learner answers and how long it takes, as far as their log tells: what simulations are made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizapp.core.learning.dice import Rolls
from quizapp.core.learning.memory import Phase, Rating
from quizapp.core.learning.reviewlog import LoggedReview

_USUAL_FIRST = (0.30, 0.10, 0.50, 0.10)
_USUAL_KNOWN = (0.10, 0.80, 0.10)
_USUAL_SECONDS = (25.0, 10.0, 25.0)
_USUAL_WEIGHT = 20  # so many reviews of one's own count as much as what is usual
LONGEST_ANSWER_MS = 120_000
"""After two minutes on one card, somebody was interrupted."""
USUAL_PACE = 10
"""New cards a day, where nobody knows better."""


@dataclass(frozen=True, slots=True)
class Habits:
    """``first`` are the shares of Again, Hard, Good and Easy among first answers; ``known`` those of Hard, Good and
    Easy among later answers that were right. The seconds are for a new card, a known and a forgotten one, relearning
    on the same day included.
    """

    first: tuple[float, ...] = _USUAL_FIRST
    known: tuple[float, ...] = _USUAL_KNOWN
    new_seconds: float = _USUAL_SECONDS[0]
    known_seconds: float = _USUAL_SECONDS[1]
    forgotten_seconds: float = _USUAL_SECONDS[2]

    def seconds_for(self, rating: int) -> float:
        """What a later answer with this rating takes."""
        return self.forgotten_seconds if rating == Rating.AGAIN else self.known_seconds

    def rate_first(self, dice: Rolls) -> int:
        """The rating of a first answer, by chance."""
        return 1 + _choose(self.first, dice)

    def rate_later(self, recall: float, dice: Rolls) -> int:
        """The rating of a later answer, by chance, where the probability of recall is known."""
        known = dice.roll() < recall
        kind = _choose(self.known, dice)
        return 2 + kind if known else int(Rating.AGAIN)


def _choose(shares: tuple[float, ...], dice: Rolls) -> int:
    rest = dice.roll() * sum(shares)
    for place, share in enumerate(shares[:-1]):
        if rest < share:
            return place
        rest -= share
    return len(shares) - 1


def _shares(counts: dict[int, int], ratings: Iterable[int], usual: tuple[float, ...]) -> tuple[float, ...]:
    mine = [counts.get(rating, 0) for rating in ratings]
    total = sum(mine) + _USUAL_WEIGHT
    return tuple((count + _USUAL_WEIGHT * share) / total for count, share in zip(mine, usual, strict=True))


def observe_habits(reviews: Iterable[LoggedReview]) -> Habits:
    """The habits that a log in the order of time tells of; the fewer reviews, the nearer to what is usual."""
    seen: set[str] = set()
    first: dict[int, int] = {}
    later: dict[int, int] = {}
    seconds = [_USUAL_WEIGHT * usual for usual in _USUAL_SECONDS]
    timed = [_USUAL_WEIGHT] * len(_USUAL_SECONDS)
    for review in reviews:
        new = review.card_id not in seen
        seen.add(review.card_id)
        counts = first if new else later
        counts[review.rating] = counts.get(review.rating, 0) + 1
        if review.duration is not None:
            kind = 0 if new else 1 if review.rating > Rating.AGAIN else 2
            seconds[kind] += min(review.duration, LONGEST_ANSWER_MS) / 1000
            timed[kind] += 1
    return Habits(
        _shares(first, (1, 2, 3, 4), _USUAL_FIRST),
        _shares(later, (2, 3, 4), _USUAL_KNOWN),
        *(total / count for total, count in zip(seconds, timed, strict=True)),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """So many answers of one kind: to cards in ``phase`` (blank: new ones), with one rating; ``timed`` of them took
    ``millis`` together.
    """

    phase: str
    rating: int
    answers: int
    timed: int
    millis: int


def _count(tallies: Iterable[Tally]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for tally in tallies:
        counts[tally.rating] = counts.get(tally.rating, 0) + tally.answers
    return counts


def _seconds_each(begun: list[Tally], steps: list[Tally], usual: float) -> float:
    """The seconds for each of the cards that ``begun`` counts, the steps that follow included."""
    cards = sum(tally.answers for tally in begun if tally.timed)
    spent = sum(tally.millis * tally.answers / tally.timed for tally in begun + steps if tally.timed) if cards else 0.0
    return (_USUAL_WEIGHT * usual + spent / 1000) / (_USUAL_WEIGHT + cards)


def weigh_habits(tallies: Iterable[Tally]) -> Habits:
    """The habits that counted answers tell of; the fewer answers, the nearer to what is usual.

    A new card's time holds that of its learning steps, a forgotten one's that of its relearning steps.
    """
    found = list(tallies)
    new = [tally for tally in found if not tally.phase]
    review = [tally for tally in found if tally.phase == Phase.REVIEW]
    known = [tally for tally in review if tally.rating > Rating.AGAIN]
    forgotten = [tally for tally in review if tally.rating == Rating.AGAIN]
    learning = [tally for tally in found if tally.phase == Phase.LEARNING]
    relearning = [tally for tally in found if tally.phase == Phase.RELEARNING]
    return Habits(
        _shares(_count(new), (1, 2, 3, 4), _USUAL_FIRST),
        _shares(_count(known), (2, 3, 4), _USUAL_KNOWN),
        new_seconds=_seconds_each(new, learning, _USUAL_SECONDS[0]),
        known_seconds=_seconds_each(known, [], _USUAL_SECONDS[1]),
        forgotten_seconds=_seconds_each(forgotten, relearning, _USUAL_SECONDS[2]),
    )


def find_pace(begun: Mapping[int, int], today: int) -> int:
    """How many new cards a day a learner begins, at least one: the mean since the first of these days, days off too.

    ``begun`` maps the ordinals of study days up to ``today`` to the cards begun. Nothing begun: the usual pace.
    """
    cards = sum(begun.values())
    if not cards:
        return USUAL_PACE
    days = max(today - min(day for day, count in begun.items() if count) + 1, 1)
    return max(round(cards / days), 1)
