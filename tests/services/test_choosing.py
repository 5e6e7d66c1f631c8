"""What a learner's day takes, and which card comes next."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from plumbing import samples

from quizapp.core.learning import limits
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.limits import DailyLimits
from quizapp.services import asking, choosing, study
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question, QueueEnd
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules, rules_over
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database

AddUser = Callable[..., Viewer]
HEAD = "format: 1\nid: {id}\ntitle: Herons\nlanguage: en\ntheme: nature\nsources: [herons]\ncards:\n"
CARD = """\
  - id: {id}
    type: short
    prompt: What is asked by {id}?
    answer: heron
    explanation: The text says so.
    citations:
      - {{source: herons, paragraph: {paragraph}, quote: "{quote}"}}
"""
APART = (
    (1, "The grey heron"),
    (1, "long-legged bird"),
    (1, "stands up to 100 cm"),
    (2, "eats fish, frogs"),
    (2, "without moving"),
    (3, "many herons"),
    (3, "fly to the south"),
)


class Desk:
    """A learner at work: asks for the next card, and answers."""

    def __init__(self, database: Database, who: Viewer, rules: StudyRules, now: datetime) -> None:
        self.database, self.who, self.rules, self.now = database, who, rules, now

    def ask(self, deck: str = "deck", **more: bool) -> Question | QueueEnd:
        with self.database.reading() as session:
            return asking.next_question(session, deck, self.who, self.rules, self.now, **more)

    def answer(self, card: str, response: str = "heron", deck: str = "deck") -> str:
        key = str(uuid.uuid4())
        with self.database.writing() as session:
            study.answer_card(session, self.who, Submission(deck, card, 1, response), key, self.rules, self.now)
        return key

    def undo(self, key: str) -> None:
        with self.database.writing() as session:
            study.undo_answer(session, self.who.learner_id, key, self.now, rules=self.rules)

    def study(self, most: int = 100, deck: str = "deck", **more: bool) -> list[str]:
        """Answer what is asked, a minute each, until the queue ends; gives the cards in their order."""
        asked = []
        while len(asked) < most and isinstance(question := self.ask(deck, **more), Question):
            asked.append(question.slug)
            self.answer(question.slug, deck=deck)
            self.now += timedelta(minutes=1)
        return asked


def load(database: Database, places: tuple[tuple[int, str], ...], now: datetime, deck: str = "deck") -> None:
    cards = "".join(CARD.format(id=f"c{n}", paragraph=p, quote=q) for n, (p, q) in enumerate(places))
    file = InputFile(f"{deck}.yaml", (HEAD.format(id=deck) + cards).encode())
    with database.writing() as session:
        report = load_files(session, [InputFile("herons.md", samples.SOURCE)], [file], now)
    assert report.problems == ()


@pytest.fixture
def desk(database: Database, add_user: AddUser, rules: StudyRules, noon: datetime) -> Desk:
    """Bob with a deck of seven cards on passages that do not touch."""
    load(database, APART, noon)
    return Desk(database, add_user("Bob"), rules, noon)


def limit(desk: Desk, **choices: object) -> None:
    desk.rules = rules_over(desk.rules, replace(Choices(), **choices))  # type: ignore[arg-type]


class TestDailyLimits:
    def test_new_cards_end_with_the_limit_and_go_on_the_next_day(self, desk: Desk) -> None:
        limit(desk, limits=DailyLimits(new=3))
        assert desk.study(most=3) == ["c0", "c1", "c2"]
        desk.now += timedelta(minutes=1)
        end = desk.ask()
        assert isinstance(end, QueueEnd)
        assert (end.day_full, end.counts.new, end.waiting.new) == (True, 0, 4)
        desk.now += timedelta(days=1)
        question = desk.ask()
        assert isinstance(question, Question)
        assert question.counts.new == 3

    def test_the_counts_say_what_still_fits_into_the_day(self, desk: Desk) -> None:
        limit(desk, limits=DailyLimits(new=2))
        first = desk.ask()
        assert isinstance(first, Question)
        assert first.counts.new == 2
        desk.answer(first.slug)
        second = desk.ask()
        assert isinstance(second, Question)
        assert second.counts.new == 1

    def test_an_answer_taken_back_gives_its_place_back(self, desk: Desk) -> None:
        limit(desk, limits=DailyLimits(new=1))
        key = desk.answer("c0")
        assert isinstance(desk.ask(), QueueEnd)
        desk.undo(key)
        assert isinstance(desk.ask(), Question)

    def test_who_wants_to_goes_beyond_the_limit(self, desk: Desk) -> None:
        limit(desk, limits=DailyLimits(new=1))
        desk.answer("c0")
        question = desk.ask(extra=True)
        assert isinstance(question, Question)
        assert (question.slug, question.counts.new) == ("c1", 6)

    def test_steps_are_finished_under_any_limit(self, desk: Desk) -> None:
        limit(desk, limits=DailyLimits(new=0, reviews=0))
        desk.answer("c0", "egret")
        desk.now += timedelta(minutes=2)
        question = desk.ask()
        assert isinstance(question, Question)
        assert question.slug == "c0"

    def test_a_limit_of_one_deck_leaves_the_others_alone(self, desk: Desk, noon: datetime) -> None:
        load(desk.database, APART[:2], noon, "other")
        limit(desk, decks={"deck": DailyLimits(new=0)})
        assert isinstance(desk.ask("deck"), QueueEnd)
        assert isinstance(desk.ask("other"), Question)

    def test_a_limit_for_all_decks_counts_what_was_done_in_each(self, desk: Desk, noon: datetime) -> None:
        load(desk.database, APART[:2], noon, "other")
        limit(desk, limits=DailyLimits(new=2), decks={"other": DailyLimits(new=5)})
        desk.answer("c0", deck="other")
        assert isinstance(desk.ask("deck"), Question)
        desk.answer("c1", deck="other")
        assert isinstance(desk.ask("deck"), QueueEnd)

    def test_under_a_backlog_reviews_end_with_the_limit_and_no_card_is_begun(self, desk: Desk) -> None:
        desk.study(most=5)
        desk.now += timedelta(minutes=20)
        desk.study(most=5)  # the second step of each, and one new card, which is left in its steps
        desk.now += timedelta(days=60)
        limit(desk, limits=DailyLimits(reviews=2))
        before = desk.ask()
        assert isinstance(before, Question)
        assert (before.counts.new, before.counts.due) == (0, 2)
        done = desk.study()
        reviews = [card for card in done if card not in {"c5", "c6"}]
        assert len(set(reviews)) == 2
        end = desk.ask()
        assert isinstance(end, QueueEnd)
        assert (end.day_full, end.waiting.due > 0, end.tomorrow >= end.waiting.due) == (True, True, True)

    def test_what_has_piled_up_is_spread_over_days_where_nobody_chose_a_limit(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.study(most=5)
        desk.now += timedelta(minutes=20)
        for card in ("c0", "c1", "c2", "c3", "c4"):
            desk.answer(card)
        desk.now += timedelta(days=60)
        monkeypatch.setattr(limits, "USUAL_PORTION", 2)
        first = desk.ask()
        assert isinstance(first, Question)
        assert (first.counts.new, first.counts.due) == (0, 2)
        assert len(desk.study()) == 2
        end = desk.ask()
        assert isinstance(end, QueueEnd)
        assert (end.day_full, end.waiting.due) == (True, 3)
        assert isinstance(desk.ask(extra=True), Question)
        desk.now += timedelta(days=1)
        assert len(desk.study()) == 2

    def test_where_all_is_done_nothing_is_left_over(self, desk: Desk) -> None:
        desk.study(most=7)
        end = desk.ask()
        assert isinstance(end, QueueEnd)
        assert (end.day_full, end.waiting.new, end.waiting.due) == (False, 0, 0)

    def test_a_visitor_has_no_day(self, desk: Desk, database: Database, rules: StudyRules, noon: datetime) -> None:
        limit(desk, limits=DailyLimits(new=0))
        with database.reading() as session:
            question = asking.next_question(session, "deck", None, desk.rules, noon)
        assert isinstance(question, Question)


class TestSiblings:
    PLACES = (
        (1, "The grey heron is"),
        (1, "grey heron is a"),
        (2, "It eats fish, frogs and voles"),
        (2, "frogs and voles"),
        (3, "many herons"),
    )

    @pytest.fixture
    def family(self, database: Database, add_user: AddUser, rules: StudyRules, noon: datetime) -> Desk:
        """Bob with a deck of two pairs of siblings and a card that has none."""
        load(database, self.PLACES, noon)
        return Desk(database, add_user("Bob"), rules, noon)

    def test_new_siblings_come_after_everything_else(self, family: Desk) -> None:
        assert family.study(most=5) == ["c0", "c2", "c4", "c1", "c3"]

    def test_siblings_in_other_decks_count_too(self, family: Desk, noon: datetime) -> None:
        load(family.database, (self.PLACES[1], self.PLACES[4], (1, "stands up")), noon, "other")
        family.answer("c0")
        assert family.study(most=3, deck="other") == ["c1", "c2", "c0"]

    def test_the_day_after_a_sibling_is_a_card_like_any_other(self, family: Desk) -> None:
        family.answer("c0")
        family.now += timedelta(days=1)
        family.answer("c0")
        family.now += timedelta(hours=1)
        question = family.ask()
        assert isinstance(question, Question)
        assert question.slug == "c2"  # its sibling was answered again today
        family.now += timedelta(days=1)
        assert isinstance(again := family.ask(), Question)
        assert again.slug in {"c0", "c1"}

    def test_siblings_come_back_on_different_days_where_the_band_has_room(self, family: Desk) -> None:
        for _ in range(6):
            for card in ("c0", "c1", "c2", "c3", "c4"):
                family.answer(card)
            family.now += timedelta(days=30)
        with family.database.reading() as session:
            rows = session.connection().exec_driver_sql(
                "SELECT card.slug, card_state.due FROM card_state JOIN card ON card.id = card_state.card_id"
            )
            due = dict(tuple(row) for row in rows)
        assert due["c0"] != due["c1"]
        assert due["c2"] != due["c3"]

    def test_a_retired_card_is_nobodys_sibling(self, family: Desk, noon: datetime) -> None:
        family.answer("c0")
        load(family.database, self.PLACES[:1] + self.PLACES[2:3] + self.PLACES[4:], noon)
        with family.database.reading() as session:
            kept = session.connection().exec_driver_sql("SELECT count(*) FROM sibling").scalar_one()
        assert kept == 0


class TestUndo:
    def test_fifty_answers_and_more_are_taken_back_one_by_one_over_the_end_and_a_restart(self, desk: Desk) -> None:
        keys = []
        for _ in range(8):
            while isinstance(question := desk.ask(), Question):
                keys.append(desk.answer(question.slug, "heron" if len(keys) % 3 else "egret"))
                desk.now += timedelta(minutes=1)
            desk.now += timedelta(days=2)
        assert len(keys) > 50
        assert isinstance(desk.ask(), Question)
        desk.database.engine.dispose()  # as after a restart
        while isinstance(asked := desk.ask(), Question | QueueEnd) and asked.undoable:
            assert asked.undoable == keys.pop()
            desk.undo(asked.undoable)
        assert keys == []
        with desk.database.reading() as session:
            for table in ("card_state", "deck_progress", "due_count"):
                count = {"deck_progress": "sum(seen)", "due_count": "sum(cards)"}.get(table, "count(*)")
                left = session.connection().exec_driver_sql(f"SELECT {count} FROM {table}").scalar_one()
                assert not left, table
        first = desk.ask()
        assert isinstance(first, Question)
        assert (first.slug, first.counts.new) == ("c0", 7)


def test_cards_that_a_test_holds_back_are_passed_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT slug, id FROM card")
        ids = dict(tuple(row) for row in rows)
    for card in ("c0", "c1", "c2"):
        desk.answer(card)
    desk.now += timedelta(minutes=30)
    held = frozenset(ids[card] for card in ("c0", "c1", "c3", "c4"))
    monkeypatch.setattr(choosing, "list_held_cards", lambda *_: held)
    assert desk.study(most=20)[:3] == ["c2", "c5", "c6"]
    assert isinstance(end := desk.ask(), QueueEnd)
    assert not end.day_full
