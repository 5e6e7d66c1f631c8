"""A learner's progress: what is remembered now, what comes back, how it went, and the time it took."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from quizapp.core.analysis.progress import (
    MATURE_DAYS,
    DayCounter,
    DayWork,
    Recall,
    Retention,
    StudiedCard,
    count_waiting,
    expect_recall,
    expect_recall_by_deck,
    forecast_due,
    sum_recall_by_theme,
    sum_work,
)
from quizapp.core.learning.studyday import add_days
from quizapp.services.rules import StudyRules
from quizapp.store import progress as store
from quizapp.store.progress import DeckRecord, RetentionRecord, StateRecord

FORECAST_DAYS = 30
YEAR_DAYS = 365
SPANS = (1, 7, 30)
"""The spans of days, today included, for which the time is told."""
LONGEST_ANSWER_MS = 2 * 60 * 1000
"""Nobody thinks longer about a card than that: whoever left the page open was elsewhere."""


@dataclass(frozen=True, slots=True)
class DeckRecall:
    """A deck with how much of it is remembered."""

    slug: str
    title: str
    language: str
    recall: Recall


@dataclass(frozen=True, slots=True)
class ThemeRecall:
    """A theme with how much of it is remembered."""

    theme: str
    recall: Recall


@dataclass(frozen=True, slots=True)
class RetentionSpan:
    """How often cards that came back were remembered, in the last so many days: after short breaks and long ones."""

    days: int
    young: Retention
    mature: Retention

    @property
    def all(self) -> Retention:
        """After whatever break."""
        return self.young + self.mature


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """The work of the last so many days, today included."""

    days: int
    work: DayWork


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the page of progress shows.

    ``now`` and ``later`` are the recall today and, without any study, at the end of the forecast; ``forecast`` counts
    the cards due on each study day from today on, of which ``waiting`` have been due since earlier. ``days`` are the
    study days of a year up to today, only those with answers.
    """

    today: date
    desired: float
    now: Recall
    later: Recall
    forecast: tuple[int, ...]
    waiting: int
    themes: tuple[ThemeRecall, ...]
    decks: tuple[DeckRecall, ...]
    retention: tuple[RetentionSpan, ...]
    days: tuple[DayWork, ...]
    time: tuple[TimeSpan, ...]

    @property
    def begun(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.now.cards or self.days)

    @property
    def first_day(self) -> date:
        """The first day of the year that ends today."""
        return add_days(self.today, 1 - YEAR_DAYS)


def _list_cards(states: list[StateRecord], decks: list[DeckRecord], rules: StudyRules, today: int) -> list[StudiedCard]:
    days = DayCounter(rules.calendar)
    decays = {deck.id: rules.in_deck(deck.parameters).scheduler.settings.decay for deck in decks}
    return [
        StudiedCard(
            deck=state.deck_id,
            stability=state.stability,
            days_ago=max(today - days.find(state.last_review), 0),
            due_in=days.find(state.due) - today,
            decay=decays[state.deck_id],
        )
        for state in states
    ]


def _tell_decks(decks: list[DeckRecord], by_deck: dict[int, Recall]) -> tuple[DeckRecall, ...]:
    return tuple(DeckRecall(deck.slug, deck.title, deck.language, by_deck[deck.id]) for deck in decks)


def _tell_themes(decks: list[DeckRecord], by_deck: dict[int, Recall]) -> tuple[ThemeRecall, ...]:
    by_theme = sum_recall_by_theme(by_deck, {deck.id: deck.theme for deck in decks})
    return tuple(ThemeRecall(theme, by_theme[theme]) for theme in sorted(by_theme))


def _sum_retention(days: int, records: list[RetentionRecord]) -> RetentionSpan:
    young = mature = Retention()
    for record in records:
        if record.mature:
            mature += Retention(record.answers, record.recalled)
        else:
            young += Retention(record.answers, record.recalled)
    return RetentionSpan(days, young, mature)


def _tell_retention(session: Session, learner_id: int, today: date) -> tuple[RetentionSpan, ...]:
    first, recent = (add_days(today, 1 - days).toordinal() for days in (YEAR_DAYS, FORECAST_DAYS))
    records = store.count_retention(session, learner_id, first, today.toordinal(), recent, MATURE_DAYS)
    return (
        _sum_retention(FORECAST_DAYS, [record for record in records if record.recent]),
        _sum_retention(YEAR_DAYS, records),
    )


def view_progress(session: Session, learner_id: int, rules: StudyRules, now: datetime) -> Progress:
    """A learner's progress at a moment. Answers taken back count nowhere; retired cards count as work done only."""
    today = rules.calendar.day_of(now)
    last = today.toordinal()
    states = store.list_states(session, learner_id)
    decks = store.list_decks(session, sorted({state.deck_id for state in states}))
    cards = _list_cards(states, decks, rules, last)
    by_deck = expect_recall_by_deck(cards)
    first = add_days(today, 1 - YEAR_DAYS).toordinal()
    days = store.list_days(session, learner_id, first, last, LONGEST_ANSWER_MS)
    return Progress(
        today=today,
        desired=rules.scheduler.settings.desired_retention,
        now=expect_recall(cards),
        later=expect_recall(cards, in_days=FORECAST_DAYS),
        forecast=forecast_due(cards, FORECAST_DAYS),
        waiting=count_waiting(cards),
        themes=_tell_themes(decks, by_deck),
        decks=_tell_decks(decks, by_deck),
        retention=_tell_retention(session, learner_id, today),
        days=tuple(days),
        time=tuple(TimeSpan(span, sum_work(days, last - span + 1, last)) for span in SPANS),
    )
