"""Which card of an exam's scope next: what serves the exam, up to the portion that the plan has for today.

Cards in steps come first, since their minutes are short. Then what is due, then new cards, then cards that would fall
due before the exam: the order in which the plan itself is played (``examrun``). Cards that share a passage with one
answered today are passed over as long as there are others of their kind.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.core.learning.examplan import PlannedDay
from quizapp.core.learning.examrun import LOOK_AHEAD, is_early_enough
from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.core.learning.model import MemoryModel


@dataclass(frozen=True, slots=True)
class Portion:
    """Cards begun and cards reviewed on a day, each card counted once."""

    new: int = 0
    reviews: int = 0


@dataclass(frozen=True, slots=True)
class ExamCard:
    """A card of the scope: what is known of it (None: not begun), and the ordinal of the study day of its last answer.

    ``given_away``: another card on the same passage was answered today.
    """

    card_id: int
    state: MemoryState | None = None
    last_day: int = 0
    given_away: bool = False


@dataclass(frozen=True, slots=True)
class ExamMoment:
    """When the choice is made: the instant, the ordinals of its study day and of the exam's, and what was done today.

    ``recall`` is the recall at which the plan has cards reviewed.
    """

    now: datetime
    today: int
    exam: int
    recall: float
    done: Portion


@dataclass(frozen=True, slots=True)
class ExamChoice:
    """The card to ask, None where there is none now; ``left`` is what is left of today's portion.

    ``next_step`` is the first moment at which a card in steps comes back.
    """

    card_id: int | None
    left: Portion
    next_step: datetime | None = None


def portion_of(day: PlannedDay) -> Portion:
    """A planned day in whole cards."""
    return Portion(math.floor(day.new + 0.5), math.floor(day.reviews + 0.5))


class _Desk:
    """The cards of the scope as they lie at one moment."""

    def __init__(self, cards: Sequence[ExamCard], moment: ExamMoment, model: MemoryModel) -> None:
        self._moment, self._model = moment, model
        known = [(card, card.state) for card in cards if card.state is not None]
        self.new = [card for card in cards if card.state is None]
        self.steps = sorted((state.due, card.card_id) for card, state in known if state.phase is not Phase.REVIEW)
        self.reviews = sorted(
            (self._planned(card, state), card.card_id, card)
            for card, state in known
            if state.phase is Phase.REVIEW and card.last_day < moment.today
        )

    def _planned(self, card: ExamCard, state: MemoryState) -> int:
        """The ordinal of the day on which the plan has a card reviewed; today at the latest where it is due."""
        planned = card.last_day + self._model.interval(state.stability, self._moment.recall)
        return min(planned, self._moment.today) if state.due <= self._moment.now else planned

    def due(self) -> list[ExamCard]:
        return [card for planned, _, card in self.reviews if planned <= self._moment.today]

    def early(self) -> list[ExamCard]:
        today = self._moment.today
        latest = min(today + LOOK_AHEAD, self._moment.exam - 1)
        return [
            card
            for planned, _, card in self.reviews
            if today < planned <= latest and is_early_enough(today - card.last_day, planned - card.last_day)
        ]


def _find_first(cards: Sequence[ExamCard]) -> ExamCard | None:
    """The first that was not given away, else the first."""
    return next((card for card in cards if not card.given_away), cards[0] if cards else None)


def choose_exam_card(cards: Sequence[ExamCard], portion: Portion, moment: ExamMoment, model: MemoryModel) -> ExamChoice:
    """The card of the scope to ask now. ``cards`` come in the order in which new ones are begun.

    Nothing is asked beyond the portion but steps, which are finished in any case; nor is anything but a step asked
    twice on a day.
    """
    desk, done = _Desk(cards, moment, model), moment.done
    due, early = desk.due(), desk.early()
    left = Portion(
        min(max(portion.new - done.new, 0), len(desk.new)),
        min(max(portion.reviews - done.reviews, 0), len(due) + len(early)),
    )
    if desk.steps and desk.steps[0][0] <= moment.now:
        return ExamChoice(desk.steps[0][1], left)
    kinds = ((left.reviews, due), (left.new, desk.new), (left.reviews, early))
    chosen = next((_find_first(some) for room, some in kinds if room and some), None)
    return ExamChoice(None if chosen is None else chosen.card_id, left, desk.steps[0][0] if desk.steps else None)
