from datetime import UTC, date, datetime, timedelta

from fsrs.scheduler import DEFAULT_PARAMETERS

from quizapp.core.learning.examplan import PlannedDay
from quizapp.core.learning.examqueue import ExamCard, ExamChoice, ExamMoment, Portion, choose_exam_card, portion_of
from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.core.learning.model import MemoryModel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date().toordinal()
MODEL = MemoryModel(DEFAULT_PARAMETERS)
PLENTY = Portion(50, 50)


def known(
    number: int, stability: float, days_ago: int, due_in: int | None = None, given_away: bool = False, **state
) -> ExamCard:
    due = NOW + timedelta(days=round(stability) - days_ago if due_in is None else due_in)
    memory = {"phase": Phase.REVIEW, "step": None, "due": due} | state
    last = NOW - timedelta(days=days_ago)
    whole = MemoryState(stability=stability, difficulty=5, last_review=last, reps=1, lapses=0, **memory)
    return ExamCard(number, whole, TODAY - days_ago, given_away)


def in_steps(number: int, minutes: int) -> ExamCard:
    return known(number, 1, 0, phase=Phase.LEARNING, step=0, due=NOW + timedelta(minutes=minutes))


def new(number: int, given_away: bool = False) -> ExamCard:
    return ExamCard(number, given_away=given_away)


def choose(cards, portion: Portion = PLENTY, done: Portion | None = None, days: int = 30, recall: float = 0.9):
    moment = ExamMoment(NOW, TODAY, TODAY + days, recall, done or Portion())
    return choose_exam_card(cards, portion, moment, MODEL)


def test_an_empty_scope_asks_nothing():
    assert choose([]) == ExamChoice(None, Portion())


def test_steps_come_first_then_what_is_due_then_new_cards_then_early_ones():
    step, due, fresh, early = in_steps(4, -1), known(3, 5, 6), new(1), known(2, 10, 5)
    assert choose([fresh, early, due, step]).card_id == 4
    assert choose([fresh, early, due]).card_id == 3
    assert choose([fresh, early]).card_id == 1
    assert choose([early]).card_id == 2


def test_what_has_been_due_longest_goes_first():
    assert choose([known(1, 5, 6), known(2, 5, 9), known(3, 5, 7)]).card_id == 2


def test_a_higher_recall_makes_cards_due_before_their_schedule():
    cards = [known(1, 10, 5), new(2)]
    assert choose(cards, recall=0.95).card_id == 1
    assert choose(cards, recall=0.9).card_id == 2


def test_a_lower_recall_does_not_hold_back_what_the_schedule_asks():
    assert choose([known(1, 10, 11), new(2)], recall=0.7).card_id == 1


def test_nothing_is_asked_beyond_the_portion_but_steps():
    cards = [known(1, 5, 6), new(2)]
    assert choose(cards, Portion(1, 0)).card_id == 2
    assert choose(cards, Portion(1, 1), Portion(0, 1)).card_id == 2
    assert choose(cards, Portion(3, 2), Portion(5, 2)).card_id is None
    assert choose([*cards, in_steps(3, -1)], Portion(), Portion(5, 5)).card_id == 3


def test_what_is_left_of_the_portion_is_no_more_than_there_are_cards():
    assert choose([known(1, 5, 6), new(2), new(3)], Portion(9, 9), Portion(1, 1)).left == Portion(2, 1)


def test_a_card_answered_today_does_not_come_again_today_unless_it_is_in_steps():
    assert choose([known(1, 0.1, 0, due_in=-1)]) == ExamChoice(None, Portion())


def test_a_step_still_to_come_is_announced():
    assert choose([in_steps(1, 9), in_steps(2, 4)]) == ExamChoice(None, Portion(), NOW + timedelta(minutes=4))


def test_a_card_far_from_due_or_due_after_the_exam_is_left_alone():
    assert choose([known(1, 10, 2)]).card_id is None
    assert choose([known(1, 10, 5)], days=5).card_id is None
    assert choose([known(1, 60, 30)], days=100).card_id is None


def test_a_card_that_was_given_away_today_waits_for_the_others_of_its_kind():
    assert choose([new(1, given_away=True), new(2)]).card_id == 2
    assert choose([known(1, 5, 9, given_away=True), known(2, 5, 6)]).card_id == 2
    assert choose([new(1, given_away=True)]).card_id == 1
    assert choose([known(1, 5, 9, given_away=True), new(2)]).card_id == 1


def test_a_planned_day_is_counted_in_whole_cards():
    assert portion_of(PlannedDay(date(2026, 11, 22), 2.5, 3.49, 8)) == Portion(3, 3)
