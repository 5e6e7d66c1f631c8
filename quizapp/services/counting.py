"""Counting memory states again from the log: each answer as it was scheduled, with the parameters now in force.

Steps, desired recall and calendar are those that the answer's own model names; the parameters, and the prior of the
first answer, are those in use today. When a card is due is not counted: load, days off and moves have shaped it, and
the log keeps it.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from quizapp.core.errors import Invalid
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.scheduling import Scheduler
from quizapp.core.learning.schedulings import load_scheduler
from quizapp.core.messages import say
from quizapp.services.rules import StudyRules
from quizapp.store.replays import ReplayCard


def find_due(card: ReplayCard) -> datetime:
    """Where the last answer put a card that was answered, or the last move in force of what that answer left.

    A move counts where it moved the card from where that answer, or another such move, had put it: not where the answer
    has been worth something else since, so that it puts the card elsewhere. Raises Invalid for a log that cannot be
    read.
    """
    last, due = card.answers[-1].at, MemoryState.from_json(card.put).due
    reached = {due}
    for move in card.moves:
        is_later = move.at >= last if move.last_review is None else move.last_review == last
        if move.reps == len(card.answers) and is_later and move.before in reached:
            reached.add(move.due)
            due = due if move.undone else move.due
    return due


class StateCounter:
    """Counts the states of one learner's cards.

    ``schedulings`` tell what models stand for; one that is missing there, as from before they were kept, stands for the
    school's ``rules``. ``parameters`` are the learner's own, as JSON; where they are blank, a deck's or the school's
    count. ``prior`` holds factors by the names of cards.
    """

    def __init__(
        self,
        schedulings: Mapping[str, str],
        rules: StudyRules,
        parameters: str,
        prior: Mapping[str, float],
    ) -> None:
        self._schedulings = dict(schedulings)
        self._school = rules.scheduler
        self._parameters = parameters
        self._prior = prior
        self._made: dict[tuple[str, str], Scheduler] = {}

    def learn(self, schedulings: Mapping[str, str]) -> None:
        """Know what further models stand for."""
        self._schedulings.update(schedulings)

    def count(self, card: ReplayCard) -> MemoryState | None:
        """The state of a card; None where no answer counts. Raises Invalid where the log cannot be read."""
        if not card.answers:
            return None
        state = None
        try:
            due = find_due(card)
            for answer in card.answers:
                scheduler = self._find_scheduler(answer.model, self._parameters or card.parameters)
                state = scheduler.review(state, Rating(answer.rating), answer.at, prior=self._prior.get(card.ref, 1.0))
        except (Invalid, ValueError) as error:
            message = say("The log of the card %(card)s cannot be read: %(why)s", card=card.ref, why=error)
            raise Invalid(message) from error
        return None if state is None else replace(state, due=due)

    def _find_scheduler(self, model: str, parameters: str) -> Scheduler:
        found = self._made.get((model, parameters))
        if found is None:
            found = self._made[model, parameters] = self._make_scheduler(model, parameters)
        return found

    def _make_scheduler(self, model: str, parameters: str) -> Scheduler:
        scheduler = load_scheduler(self._schedulings[model]) if model in self._schedulings else self._school
        values = json.loads(parameters) if parameters else self._school.settings.parameters
        return replace(scheduler, settings=replace(scheduler.settings, parameters=tuple(values)))
