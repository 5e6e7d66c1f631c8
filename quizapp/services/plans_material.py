"""What a plan is worked out from: the cards of its scope, and what each learner knows of them and did for them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from quizapp.core.analysis.plandays import DoneDay, sum_days
from quizapp.core.analysis.progress import DayCounter
from quizapp.core.learning.memory import MemoryState
from quizapp.core.learning.workload import KnownCard
from quizapp.services.plans import Plan
from quizapp.services.rules import StudyRules
from quizapp.store import plans_scope as store
from quizapp.store.plans_scope import AnswerRecord, ScopeCard


@dataclass(frozen=True, slots=True)
class Material:
    """One learner's part of a scope at one moment. ``answers`` go back to a study day that was asked for."""

    learner_id: int
    cards: tuple[ScopeCard, ...]
    states: Mapping[int, MemoryState]
    answers: tuple[AnswerRecord, ...]
    rules: StudyRules
    days: DayCounter
    today: date

    @property
    def parameters(self) -> tuple[float, ...]:
        """The memory model's parameters: the learner's own, else those of the deck that has most of the cards."""
        counts = Counter(card.parameters for card in self.cards)
        most = max(counts, key=lambda name: counts[name], default="")
        return self.rules.in_deck(most).scheduler.settings.parameters

    def states_at(self, day: int) -> dict[int, MemoryState]:
        """The states as they were when a study day (its ordinal) began."""
        states = dict(self.states)
        undone: set[int] = set()
        for answer in self.answers:
            if answer.study_day >= day and answer.card_id not in undone:
                undone.add(answer.card_id)
                states.pop(answer.card_id, None)
                if answer.state_before:
                    states[answer.card_id] = MemoryState.from_json(answer.state_before)
        return states

    def known_at(self, day: int) -> tuple[list[KnownCard], int]:
        """The cards known when a study day (its ordinal) began, and how many were not begun."""
        states = self.states_at(day)
        known = [
            KnownCard(state.stability, state.difficulty, max(day - self.days.find(state.last_review), 0))
            for state in states.values()
        ]
        return sorted(known, key=lambda card: (card.stability, card.difficulty, card.days_ago)), len(self.cards) - len(
            known
        )

    def done_days(self) -> dict[int, DoneDay]:
        """What was done on each study day (its ordinal) on which anything was."""
        return sum_days(
            (answer.study_day, answer.card_id, not answer.state_before, answer.shown_ms) for answer in self.answers
        )


def load_material(
    session: Session, plan: Plan, learners: Mapping[int, StudyRules], now: datetime, first_day: int
) -> dict[int, Material]:
    """For each learner, by id: the scope, its states, and the answers from a study day (its ordinal) on."""
    cards = store.list_scope_cards(session, plan.scope)
    deck_ids, learner_ids = sorted({card.deck_id for card in cards}), sorted(learners)
    scope = {card.id for card in cards}
    states = store.list_scope_states(session, learner_ids, deck_ids)
    answers: dict[int, list[AnswerRecord]] = {}
    for answer in store.list_scope_answers(session, learner_ids, deck_ids, first_day):
        if answer.card_id in scope:
            answers.setdefault(answer.learner_id, []).append(answer)
    return {
        learner_id: Material(
            learner_id=learner_id,
            cards=tuple(cards),
            states={card: state for card, state in states.get(learner_id, {}).items() if card in scope},
            answers=tuple(answers.get(learner_id, ())),
            rules=rules,
            days=DayCounter(rules.calendar),
            today=rules.calendar.day_of(now),
        )
        for learner_id, rules in learners.items()
    }
