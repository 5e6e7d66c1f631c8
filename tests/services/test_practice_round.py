"""A round of practice: asked, answered, looked back on; repeats, strangers and odd answers."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.grading import Verdict
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.practice import Mistakes, Order, PracticeChoice
from quizapp.services import practice, practice_round
from quizapp.services.accounts import Viewer
from quizapp.services.practice_round import PracticeResult, PracticeRound, PracticeSubmission
from quizapp.services.rules import StudyRules
from quizapp.store.engine import Database
from quizapp.store.tables import CardStateRow, PracticeAnswerRow, PracticeRow, ReviewRow

AddUser = Callable[..., Viewer]
ALL = PracticeChoice(count=None, order=Order.DECK)


def _key() -> str:
    return str(uuid.uuid4())


def _right(card: str, **more: object) -> PracticeSubmission:
    rating = 3 if card == "name" else None
    return PracticeSubmission(f"birds/{card}", samples.RIGHT[card], rating=rating, **more)  # type: ignore[arg-type]


def _wrong(card: str, **more: object) -> PracticeSubmission:
    rating = 1 if card == "name" else None
    return PracticeSubmission(f"birds/{card}", samples.WRONG[card], rating=rating, **more)  # type: ignore[arg-type]


@pytest.fixture
def bob(library_database: Database, add_user: AddUser) -> Viewer:
    """A student."""
    return add_user("Bob")


@pytest.fixture
def handle(library_database: Database, bob: Viewer, rules: StudyRules, noon: datetime) -> str:
    """A round of Bob's: all cards in the deck's order."""
    with library_database.writing() as session:
        return practice.start_practice(session, bob, ALL, _key(), rules, noon)


@pytest.fixture
def load(library_database: Database, noon: datetime) -> Callable[..., PracticeRound]:
    """Load a round: ``load(bob, handle)``."""

    def read(who: Viewer | None, handle: str) -> PracticeRound:
        with library_database.reading() as session:
            return practice_round.load_round(session, who.learner_id if who else None, handle, noon)

    return read


@pytest.fixture
def answer(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., PracticeResult]:
    """Answer a card: ``answer(bob, handle, submission, key)``."""

    def give(
        who: Viewer, handle: str, submission: PracticeSubmission, key: str = "", choice: PracticeChoice | None = None
    ) -> PracticeResult:
        with library_database.writing() as session:
            return practice_round.answer_card(session, who, handle, submission, key or _key(), rules, noon, choice)

    return give


def _count(database: Database, table: type = PracticeAnswerRow) -> int:
    with database.reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_round_is_answered_card_by_card_to_its_end_and_touches_no_schedule(
    library_database: Database,
    bob: Viewer,
    handle: str,
    load: Callable[..., PracticeRound],
    answer: Callable[..., PracticeResult],
    rules: StudyRules,
) -> None:
    asked = []
    while (question := practice_round.next_question(load(bob, handle), rules)) is not None:
        assert (question.number, question.head.total) == (len(asked) + 1, 8)
        card = question.ref.removeprefix("birds/")
        assert answer(bob, handle, _right(card)).grade.verdict is Verdict.RIGHT
        asked.append(card)
    assert asked == list(samples.RIGHT)
    head = load(bob, handle).head
    assert (head.answered, head.right, head.ended) == (8, 8, True)
    assert [_count(library_database, table) for table in (PracticeAnswerRow, ReviewRow, CardStateRow)] == [8, 0, 0]
    with library_database.reading() as session:
        assert session.execute(sa.select(PracticeRow.ended_at)).scalar_one() is not None


def test_a_round_goes_on_at_the_same_place_with_the_same_question(
    bob: Viewer,
    handle: str,
    load: Callable[..., PracticeRound],
    answer: Callable[..., PracticeResult],
    rules: StudyRules,
) -> None:
    first = practice_round.next_question(load(bob, handle), rules)
    again = practice_round.next_question(load(bob, handle.upper()), rules)
    assert first is not None
    assert again is not None
    assert (first.ref, first.asked) == (again.ref, again.asked)
    assert first.key != again.key
    answer(bob, handle, _wrong("height"))
    then = practice_round.next_question(load(bob, handle), rules)
    assert then is not None
    assert (then.ref, then.head.answered, then.head.right) == ("birds/food", 1, 0)


def test_nothing_of_the_answer_is_in_the_question(
    bob: Viewer, handle: str, load: Callable[..., PracticeRound], rules: StudyRules
) -> None:
    opened = load(bob, handle)
    plain = practice_round.same_question(opened, "birds/name", rules)
    turned = practice_round.same_question(opened, "birds/name", rules, back=True)
    hinted = practice_round.same_question(opened, "birds/height", rules, hint=True, back=True)
    assert (plain.back, plain.hint) == (None, "")
    assert turned.back is not None
    assert turned.back.answer == "The grey heron"
    assert (hinted.hint, hinted.back) == ("Think of a table.", None)


def test_a_result_holds_the_grade_the_right_answer_and_the_passage(
    bob: Viewer, handle: str, answer: Callable[..., PracticeResult]
) -> None:
    result = answer(bob, handle, _wrong("height", confidence=3, hint_used=True, shown_ms=1200))
    assert (result.grade.verdict, result.rating, result.right_answer) == (Verdict.WRONG, Rating.AGAIN, "100 cm")
    assert (result.confidence, result.hint_used, result.number, result.repeated) == (3, True, 1, False)
    assert result.grade.parts[0].why == "That is a small egret."
    assert [passage.quotes for passage in result.passages] == [("stands up to 100 cm tall",)]


def test_the_same_key_and_body_counts_once(
    library_database: Database, bob: Viewer, handle: str, answer: Callable[..., PracticeResult]
) -> None:
    key = _key()
    first = answer(bob, handle, _wrong("height"), key)
    again = answer(bob, handle, _wrong("height"), key.upper())
    assert replace(again, repeated=False) == first
    assert again.repeated
    assert _count(library_database) == 1


def test_the_same_key_with_another_body_is_refused(
    library_database: Database, bob: Viewer, handle: str, answer: Callable[..., PracticeResult]
) -> None:
    key = _key()
    answer(bob, handle, _wrong("height"), key)
    for other in (_right("height"), _right("food"), _wrong("height", confidence=1), _wrong("height", hint_used=True)):
        with pytest.raises(Conflict):
            answer(bob, handle, other, key)
    assert _count(library_database) == 1


def test_a_key_of_one_round_does_not_count_in_another(
    library_database: Database,
    bob: Viewer,
    handle: str,
    answer: Callable[..., PracticeResult],
    rules: StudyRules,
    noon: datetime,
) -> None:
    with library_database.writing() as session:
        other = practice.start_practice(session, bob, ALL, _key(), rules, noon)
    key = _key()
    answer(bob, handle, _wrong("height"), key)
    with pytest.raises(Conflict):
        answer(bob, other, _wrong("height"), key)


def test_a_card_is_answered_once_even_from_two_tabs_at_once(
    library_database: Database, bob: Viewer, handle: str, answer: Callable[..., PracticeResult]
) -> None:
    refused: list[Exception] = []
    ready = threading.Barrier(2)

    def press() -> None:
        ready.wait()
        try:
            answer(bob, handle, _right("height"))
        except Conflict as error:
            refused.append(error)

    tabs = [threading.Thread(target=press) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(refused) == 1
    assert _count(library_database) == 1


def test_after_the_end_nothing_is_added(
    library_database: Database,
    bob: Viewer,
    handle: str,
    load: Callable[..., PracticeRound],
    answer: Callable[..., PracticeResult],
    rules: StudyRules,
) -> None:
    for card in samples.RIGHT:
        answer(bob, handle, _right(card))
    assert practice_round.next_question(load(bob, handle), rules) is None
    with pytest.raises(Conflict):
        answer(bob, handle, _wrong("height"))
    assert _count(library_database) == 8


def test_a_card_that_is_not_in_the_round_is_not_found(
    library_database: Database, bob: Viewer, handle: str, answer: Callable[..., PracticeResult]
) -> None:
    for ref in ("birds/nope", "nope/height", "", "height", "birds/height/x"):
        with pytest.raises(NotFound):
            answer(bob, handle, PracticeSubmission(ref, "x"))
    assert _count(library_database) == 0


def test_a_card_of_the_deck_that_was_not_drawn_is_not_found(
    library_database: Database,
    bob: Viewer,
    answer: Callable[..., PracticeResult],
    rules: StudyRules,
    noon: datetime,
) -> None:
    with library_database.writing() as session:
        one = PracticeChoice(cards=("birds/legs",))
        handle = practice.start_practice(session, bob, one, _key(), rules, noon)
    with pytest.raises(NotFound):
        answer(bob, handle, _right("height"))


ODD = [
    (PracticeSubmission("birds/height", "7 cm"), "response"),
    (PracticeSubmission("birds/legs", "x" * 10_001), "response"),
    (PracticeSubmission("birds/legs", "long", rating=3), "rating"),
    (PracticeSubmission("birds/name"), "rating"),
    (PracticeSubmission("birds/name", rating=5), "rating"),
    (PracticeSubmission("birds/legs", "long", confidence=0), "confidence"),
    (PracticeSubmission("birds/legs", "long", confidence=4), "confidence"),
    (PracticeSubmission("birds/legs", "long", shown_ms=-1), "shown_ms"),
    (PracticeSubmission("birds/legs", "long", shown_ms=10**15), "shown_ms"),
]


def test_an_odd_answer_is_refused_and_not_recorded(
    library_database: Database, bob: Viewer, handle: str, answer: Callable[..., PracticeResult]
) -> None:
    for submission, field in ODD:
        with pytest.raises(Invalid) as error:
            answer(bob, handle, submission)
        assert field in error.value.fields
    with pytest.raises(Invalid):
        answer(bob, handle, _right("height"), "no-uuid")
    assert _count(library_database) == 0


def test_a_strangers_round_is_not_found(
    library_database: Database,
    add_user: AddUser,
    bob: Viewer,
    handle: str,
    load: Callable[..., PracticeRound],
    answer: Callable[..., PracticeResult],
    noon: datetime,
) -> None:
    key = answer(bob, handle, _right("height")).key
    charlie = add_user("Charlie")
    for who in (charlie, None):
        with pytest.raises(NotFound):
            load(who, handle)
        with library_database.reading() as session, pytest.raises(NotFound):
            practice_round.view_result(session, who.learner_id if who else None, handle, key, noon)
    with pytest.raises(NotFound):
        answer(charlie, handle, _right("food"))
    assert _count(library_database) == 1


def test_an_answer_is_found_again_by_its_key_or_its_card(
    library_database: Database, bob: Viewer, handle: str, answer: Callable[..., PracticeResult], noon: datetime
) -> None:
    given = answer(bob, handle, _right("height"))
    with library_database.reading() as session:
        assert practice_round.view_result(session, bob.learner_id, handle, given.key.upper(), noon) == given
        assert practice_round.view_answer_to(session, bob.learner_id, handle, "birds/height", noon) == given
        with pytest.raises(NotFound):
            practice_round.view_result(session, bob.learner_id, handle, _key(), noon)
        with pytest.raises(NotFound):
            practice_round.view_answer_to(session, bob.learner_id, handle, "birds/food", noon)


def test_the_result_shows_score_answers_and_how_sure_the_learner_was(
    library_database: Database,
    bob: Viewer,
    handle: str,
    load: Callable[..., PracticeRound],
    answer: Callable[..., PracticeResult],
) -> None:
    with library_database.reading() as session:
        empty = practice_round.view_round(session, load(bob, handle))
    assert (empty.score, empty.results, empty.calibration) == (None, (), ())
    answer(bob, handle, _right("legs", confidence=3))
    answer(bob, handle, _wrong("height", confidence=3))
    answer(bob, handle, PracticeSubmission("birds/food", ["Fish"], confidence=1))
    with library_database.reading() as session:
        shown = practice_round.view_round(session, load(bob, handle))
    assert [one.ref for one in shown.results] == ["birds/height", "birds/food", "birds/legs"]
    assert shown.score == pytest.approx((0 + 1 / 3 + 1) / 3)
    assert [(one.confidence, one.answers, one.right) for one in shown.calibration] == [(1, 1, 0), (3, 2, 1)]
    assert shown.head.right == 1


def test_practice_answers_count_as_mistakes_and_end_them(
    library_database: Database,
    bob: Viewer,
    handle: str,
    answer: Callable[..., PracticeResult],
    rules: StudyRules,
    noon: datetime,
) -> None:
    answer(bob, handle, _wrong("height", confidence=3))
    answer(bob, handle, _right("legs", confidence=3))
    with library_database.reading() as session:
        for kind in (Mistakes.LAST, Mistakes.RECENT, Mistakes.SURE):
            asked = PracticeChoice(mistakes=kind)
            assert practice.count_fitting(session, bob.learner_id, asked, rules, noon) == 1


def test_a_first_answer_begins_the_round_that_was_only_looked_at(
    library_database: Database,
    add_user: AddUser,
    bob: Viewer,
    load: Callable[..., PracticeRound],
    answer: Callable[..., PracticeResult],
    rules: StudyRules,
    noon: datetime,
) -> None:
    handle, key = _key(), _key()
    chosen = PracticeChoice(count=3)
    with library_database.reading() as session:
        seen = practice_round.preview_round(session, None, chosen, handle, rules, noon)
    assert _count(library_database, PracticeRow) == 0
    first = practice_round.next_question(seen, rules)
    assert first is not None
    submission = _wrong(first.ref.removeprefix("birds/"))
    answer(bob, handle, submission, key, chosen)
    answer(bob, handle, submission, key, chosen)
    assert (_count(library_database, PracticeRow), _count(library_database)) == (1, 1)
    opened = load(bob, handle)
    assert opened.plan.revisions == seen.plan.revisions
    with library_database.reading() as session:
        again = practice_round.preview_round(session, bob.learner_id, chosen, handle, rules, noon)
    assert again == opened
    assert practice_round.same_question(again, first.ref, rules).asked == first.asked


def test_a_preview_of_nothing_is_refused(library_database: Database, rules: StudyRules, noon: datetime) -> None:
    with library_database.reading() as session:
        with pytest.raises(Invalid):
            practice_round.preview_round(session, None, PracticeChoice(mistakes=Mistakes.LAST), _key(), rules, noon)
        with pytest.raises(NotFound):
            practice_round.preview_round(session, None, ALL, "no handle", rules, noon)


def test_a_card_that_a_test_keeps_for_itself_leaves_the_round_for_that_time(
    library_database: Database,
    bob: Viewer,
    handle: str,
    load: Callable[..., PracticeRound],
    answer: Callable[..., PracticeResult],
    rules: StudyRules,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = answer(bob, handle, _right("height"))
    first = load(bob, handle).cards[0]
    assert first is not None
    monkeypatch.setattr(practice_round, "list_held_cards", lambda *_: frozenset({first.card_id}))
    opened = load(bob, handle)
    assert (opened.head.total, opened.head.answered) == (7, 0)
    with library_database.reading() as session, pytest.raises(NotFound):
        practice_round.view_result(session, bob.learner_id, handle, given.key, noon)
    with pytest.raises(NotFound):
        answer(bob, handle, _right("height"))
    question = practice_round.next_question(opened, rules)
    assert question is not None
    assert (question.ref, question.number) == ("birds/food", 1)


def test_a_retired_card_is_asked_in_the_words_that_were_drawn(
    library_database: Database, bob: Viewer, handle: str, answer: Callable[..., PracticeResult], noon: datetime
) -> None:
    from_text = sa.text("UPDATE card SET retired_at = 0 WHERE slug = 'height'")
    with library_database.writing() as session:
        session.execute(from_text)
        session.commit()
    assert answer(bob, handle, _right("height")).grade.correct
