"""Answering, seeing the result again, and taking an answer back."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing import samples
from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.grading import Verdict
from quizapp.core.learning.memory import Rating
from quizapp.services import asking, decks, library, study
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question, QueueEnd
from quizapp.services.library import InputFile
from quizapp.services.results import AnswerResult
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import states
from quizapp.store.engine import Database
from quizapp.store.tables import CardStateRow, ReviewRow

AddUser = Callable[..., Viewer]


def _key() -> str:
    return str(uuid.uuid4())


def _right(name: str, **more: object) -> Submission:
    rating = 3 if name == "name" else None
    return replace(Submission("birds", name, 1, samples.RIGHT[name], rating=rating), **more)  # type: ignore[arg-type]


def _wrong(card: str) -> Submission:
    return Submission("birds", card, 1, samples.WRONG[card], rating=1 if card == "name" else None)


def _tables(session: Session) -> list[list[tuple[object, ...]]]:
    """Everything an answer may touch, save what only says that it was taken back."""
    states = session.execute(sa.select(CardStateRow.__table__).order_by("card_id")).all()  # type: ignore[attr-defined]
    log = sa.select(ReviewRow.key).where(ReviewRow.undone_at.is_(None)).order_by(ReviewRow.seq)  # type: ignore[union-attr]
    return [[tuple(row) for row in states], [tuple(row) for row in session.execute(log)]]


@pytest.fixture
def answer(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., AnswerResult]:
    """Answer a card: ``answer(bob, submission, key, now)``."""

    def give(who: Viewer, submission: Submission, key: str | None = None, now: datetime = noon) -> AnswerResult:
        with library_database.writing() as session:
            return study.answer_card(session, who, submission, key or _key(), rules, now)

    return give


Answer = Callable[..., AnswerResult]


@pytest.mark.parametrize("card", list(samples.RIGHT))
def test_a_right_answer_is_graded_explained_and_comes_back_later(
    library_add_user: AddUser, answer: Answer, noon: datetime, card: str
) -> None:
    result = answer(library_add_user("Bob"), _right(card))
    assert (result.grade.correct, result.grade.verdict, result.rating) == (True, Verdict.RIGHT, Rating.GOOD)
    assert result.due == noon + timedelta(minutes=10)
    assert result.ref == f"birds/{card}"
    assert result.card.explanation
    assert all("<mark" in passage.html and not passage.lost for passage in result.passages)
    if card != "name":
        assert result.right_answer == samples.RIGHT[card]


@pytest.mark.parametrize("card", list(samples.WRONG))
def test_a_wrong_answer_comes_back_in_a_minute(
    library_add_user: AddUser, answer: Answer, noon: datetime, card: str
) -> None:
    result = answer(library_add_user("Bob"), _wrong(card))
    assert (result.grade.correct, result.rating) == (False, Rating.AGAIN)
    assert result.due == noon + timedelta(minutes=1)


def test_a_right_answer_with_a_hint_counts_as_hard(library_add_user: AddUser, answer: Answer) -> None:
    assert answer(library_add_user("Bob"), _right("height", hint_used=True)).rating is Rating.HARD


def test_a_near_miss_is_almost_right_and_hard(library_add_user: AddUser, answer: Answer) -> None:
    result = answer(library_add_user("Bob"), Submission("birds", "waiting", 1, ["without", "prey"]))
    assert result.grade.verdict is Verdict.RIGHT
    result = answer(library_add_user("Charlie"), Submission("birds", "waiting", 1, ["witout", "prey"]))
    assert (result.grade.verdict, result.grade.correct, result.rating) == (Verdict.ALMOST, True, Rating.HARD)


def test_the_same_key_and_answer_is_recorded_once(
    library_database: Database, library_add_user: AddUser, answer: Answer
) -> None:
    bob, key = library_add_user("Bob"), _key()
    first = answer(bob, _right("height"), key)
    again = answer(bob, _right("height"), key.upper())
    assert again == replace(first, repeated=True)
    with library_database.reading() as session:
        assert [len(rows) for rows in _tables(session)] == [1, 1]


def test_the_same_key_for_another_answer_is_refused(
    library_database: Database, library_add_user: AddUser, answer: Answer
) -> None:
    bob, key = library_add_user("Bob"), _key()
    answer(bob, _right("height"), key)
    nowhere = _right("height", card="nothing")
    for other in (
        _wrong("height"),
        _right("food"),
        _right("height", shown_ms=5),
        nowhere,
        _right("height", shown_ms=-5),
    ):
        with pytest.raises(Conflict):
            answer(bob, other, key)
    with library_database.reading() as session:
        assert [len(rows) for rows in _tables(session)] == [1, 1]


def test_two_learners_may_use_the_same_key(library_add_user: AddUser, answer: Answer) -> None:
    key = _key()
    for name in ("Bob", "Charlie"):
        assert answer(library_add_user(name), _right("height"), key).repeated is False


def test_the_same_answer_at_once_from_many_threads_is_one_review(
    library_database: Database, library_add_user: AddUser, answer: Answer
) -> None:
    bob, key = library_add_user("Bob"), _key()
    results: list[AnswerResult] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait()
        results.append(answer(bob, _right("height"), key))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.repeated for result in results) == [False] + [True] * 7
    with library_database.reading() as session:
        assert [len(rows) for rows in _tables(session)] == [1, 1]


@pytest.mark.parametrize("key", ["", "1", "not-a-uuid", "g" * 36, "123e4567-e89b-42d3-a456-4266141740001"])
def test_a_key_that_is_no_uuid_is_refused(library_add_user: AddUser, answer: Answer, key: str) -> None:
    bob = library_add_user("Bob")
    with pytest.raises(Invalid) as caught:
        answer(bob, _right("height"), key or " ")
    assert list(caught.value.fields) == ["key"]


@pytest.mark.parametrize(
    ("submission", "field"),
    [
        (_right("height", response=["100 cm"]), "response"),
        (_right("height", response="1 km"), "response"),
        (_right("height", response=None), "response"),
        (_right("food", response="Fish"), "response"),
        (_right("sequence", response=["How it looks"]), "response"),
        (_right("seasons", response={"Winter": "fish"}), "response"),
        (_right("winter", response="no"), "response"),
        (_right("height", rating=3), "rating"),
        (_right("name", rating=None), "rating"),
        (_right("name", rating=5), "rating"),
        (_right("height", shown_ms=-1), "shown_ms"),
        (_right("height", shown_ms=10**12), "shown_ms"),
        (_right("height", confidence=4), "confidence"),
        (_right("height", revision=2), "revision"),
    ],
)
def test_an_answer_of_the_wrong_shape_names_the_field_and_records_nothing(
    library_database: Database, library_add_user: AddUser, answer: Answer, submission: Submission, field: str
) -> None:
    bob = library_add_user("Bob")
    with pytest.raises(Invalid) as caught:
        answer(bob, submission)
    assert list(caught.value.fields) == [field]
    with library_database.reading() as session:
        assert _tables(session) == [[], []]


@pytest.mark.parametrize("submission", [_right("height", card="none"), _right("height", deck="none")])
def test_an_unknown_card_is_not_found(library_add_user: AddUser, answer: Answer, submission: Submission) -> None:
    bob = library_add_user("Bob")
    with pytest.raises(NotFound):
        answer(bob, submission)


def test_an_answer_is_its_learners_own(
    library_database: Database, library_add_user: AddUser, answer: Answer, noon: datetime, rules: StudyRules
) -> None:
    bob, charlie, key = library_add_user("Bob"), library_add_user("Charlie"), _key()
    answer(bob, _right("height"), key)
    with library_database.writing() as session:
        assert study.view_result(session, bob.learner_id, key, noon).slug == "height"
        assert study.view_result(session, bob.learner_id, key, noon, "birds").slug == "height"
        for stranger, deck in ((charlie.learner_id, None), (None, None), (bob.learner_id, "other")):
            with pytest.raises(NotFound):
                study.view_result(session, stranger, key, noon, deck)
        with pytest.raises(NotFound):
            study.undo_answer(session, charlie.learner_id, key, noon, rules=rules)


def test_undo_puts_card_log_counts_and_queue_back(
    library_database: Database, library_add_user: AddUser, answer: Answer, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    keys, before = [], []
    for step, card in enumerate(["height", "food", "height", "legs", "height"]):
        now = noon + timedelta(minutes=11 * step)
        with library_database.reading() as session:
            queue = asking.next_question(session, "birds", bob, rules, now)
            before.append((now, _tables(session), queue.counts, getattr(queue, "ref", None)))
        keys.append(answer(bob, _right(card) if step % 2 else _wrong(card), now=now).key)
    for key, (now, tables, counts, ref) in zip(reversed(keys), reversed(before), strict=True):
        for _ in range(2):
            with library_database.writing() as session:
                assert study.undo_answer(session, bob.learner_id, key, now, rules=rules).undone
        with library_database.reading() as session:
            queue = asking.next_question(session, "birds", bob, rules, now)
            assert (_tables(session), queue.counts, getattr(queue, "ref", None)) == (tables, counts, ref)


def test_an_answer_is_not_undone_under_a_later_one(
    library_database: Database, library_add_user: AddUser, answer: Answer, noon: datetime, rules: StudyRules
) -> None:
    bob = library_add_user("Bob")
    first, second = answer(bob, _wrong("height")), answer(bob, _right("height"), now=noon + timedelta(minutes=1))
    with library_database.writing() as session, pytest.raises(Conflict):
        study.undo_answer(session, bob.learner_id, first.key, noon, rules=rules)
    with library_database.writing() as session:
        study.undo_answer(session, bob.learner_id, second.key, noon, rules=rules)
        study.undo_answer(session, bob.learner_id, first.key, noon, rules=rules)
    with library_database.reading() as session:
        assert _tables(session) == [[], []]


def test_an_undone_key_is_not_used_again(
    library_database: Database, library_add_user: AddUser, answer: Answer, noon: datetime, rules: StudyRules
) -> None:
    bob, key = library_add_user("Bob"), _key()
    answer(bob, _right("height"), key)
    with library_database.writing() as session:
        study.undo_answer(session, bob.learner_id, key, noon, rules=rules)
    again = answer(bob, _right("height"), key)
    assert (again.repeated, again.undone) == (True, True)


def test_a_review_keeps_all_there_is_to_know(
    library_database: Database, library_add_user: AddUser, answer: Answer, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    moment = noon + timedelta(milliseconds=123)
    result = answer(bob, _right("height", shown_ms=4200, confidence=2, hint_used=True), now=moment)
    with library_database.reading() as session:
        row = session.get_one(ReviewRow, (bob.learner_id, result.key))
        state = session.execute(sa.select(CardStateRow)).scalar_one()
    assert (row.seq, row.answered_at, row.shown_ms, row.confidence, row.hint_used) == (1, moment, 4200, 2, True)
    assert (row.response, row.score, row.verdict, row.rating) == ('"100 cm"', 1.0, "right", 2)
    assert row.model == rules.scheduler.model
    assert (row.state_before, row.state_after != "") == ("", True)
    assert (state.due, state.reps) == (result.due, 1)


def test_an_old_revision_is_graded_by_its_own_answer(
    library_database: Database, library_add_user: AddUser, answer: Answer, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    changed = samples.DECK.replace(b"answer: 100 cm", b"answer: 101 cm")
    with library_database.writing() as session:
        report = library.load_files(session, [], [InputFile("birds.yaml", changed)], noon)
    assert report.problems == ()
    assert report.decks[0].changed == ("height",)
    assert answer(bob, _right("height")).grade.correct is True
    with pytest.raises(Invalid):
        answer(bob, Submission("birds", "height", 2, "100 cm"))
    assert answer(bob, Submission("birds", "height", 2, "101 cm")).grade.correct is True


def test_a_retired_card_leaves_the_queue_and_keeps_its_history(
    library_database: Database, library_add_user: AddUser, answer: Answer, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    key = answer(bob, _wrong("height")).key
    start, end = samples.DECK.index(b"  - id: height"), samples.DECK.index(b"  - id: food")
    shorter = samples.DECK[:start] + samples.DECK[end:]
    with library_database.writing() as session:
        report = library.load_files(session, [], [InputFile("birds.yaml", shorter)], noon)
        assert (report.problems, report.decks[0].retired) == ((), ("height",))
    later = noon + timedelta(days=1)
    with library_database.reading() as session:
        assert study.view_result(session, bob.learner_id, key, noon).slug == "height"
        asked = asking.next_question(session, "birds", bob, rules, later)
        assert isinstance(asked, Question)
        assert asked.slug == "food"
        assert (asked.counts.new, asked.counts.learning) == (7, 0)
        assert decks.list_decks(session, bob.learner_id, later)[0].cards == 7
    assert answer(bob, _right("height"), now=later).grade.correct  # asked before, answered after: not lost
    with library_database.writing() as session:
        report = library.load_files(session, [], [InputFile("birds.yaml", samples.DECK)], noon)
        assert report.decks[0].changed == ("height",)
        assert asking.next_question(session, "birds", bob, rules, later).counts.new == 7


def test_a_visitor_is_asked_the_first_card_and_sees_nothing_of_the_answer(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    with library_database.reading() as session:
        asked = asking.next_question(session, "birds", None, rules, noon)
    assert isinstance(asked, Question)
    assert (asked.ref, asked.revision, asked.counts.new, asked.undoable) == ("birds/height", 1, 8, None)
    assert sorted(asked.asked.options or ()) == ["100 cm", "200 cm", "50 cm"]
    assert (asked.hint, asked.back, asked.intervals, asked.asked.hint_available) == ("", None, None, True)


def test_the_queue_ends_and_says_when_to_come_back(
    library_database: Database, library_add_user: AddUser, answer: Answer, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    asked_refs = []
    for minute in range(20):
        now = noon + timedelta(seconds=minute)
        with library_database.reading() as session:
            asked = asking.next_question(session, "birds", bob, rules, now)
        if isinstance(asked, QueueEnd):
            break
        asked_refs.append(asked.slug)
        answer(bob, _right(asked.slug), now=now)
    assert asked_refs == list(samples.RIGHT)
    assert isinstance(asked, QueueEnd)
    assert (asked.answered_today, asked.right_today) == (8, 8)
    assert asked.next_due == noon + timedelta(minutes=10)
    assert (asked.counts.new, asked.counts.learning, asked.counts.due) == (0, 8, 0)
    assert asked.undoable is not None


def test_a_flashcard_turned_over_shows_its_back_and_keeps_its_promise(
    library_database: Database, library_add_user: AddUser, answer: Answer, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    with library_database.reading() as session:
        front = asking.same_question(session, "birds", "name", 1, bob, rules, noon)
        turned = asking.same_question(session, "birds", "name", 1, bob, rules, noon, back=True)
    assert front.back is None
    assert turned.back is not None
    assert turned.back.answer == "The grey heron"
    assert turned.intervals is not None
    promised = turned.intervals[4]
    assert answer(bob, _right("name", rating=4)).due == noon + promised


def test_what_the_buttons_promise_is_what_happens_days_ahead_too(
    library_database: Database, library_add_user: AddUser, answer: Answer, rules: StudyRules, noon: datetime
) -> None:
    bob, now = library_add_user("Bob"), noon
    for rating in (3, 3, 3, 4, 3, 2):
        with library_database.reading() as session:
            turned = asking.same_question(session, "birds", "name", 1, bob, rules, now, back=True)
        assert turned.intervals is not None
        result = answer(bob, _right("name", rating=rating), now=now)
        assert result.due == now + turned.intervals[rating]
        now = result.due


def test_a_hint_is_shown_when_asked_for(library_database: Database, rules: StudyRules, noon: datetime) -> None:
    with library_database.reading() as session:
        hinted = asking.same_question(session, "birds", "legs", 1, None, rules, noon, hint=True, back=True)
    assert hinted.hint == "The opposite of short."
    assert hinted.back is None


def test_what_waits_is_counted(
    library_database: Database, library_add_user: AddUser, answer: Answer, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, _wrong("height"))
    with library_database.reading() as session:
        counts = asking.count_queue(session, "birds", bob.learner_id, rules, noon)
        later = asking.count_queue(session, "birds", bob.learner_id, rules, noon + timedelta(days=1))
    assert (counts.new, counts.learning, counts.due) == (7, 1, 0)
    assert (later.new, later.learning, later.due) == (7, 1, 0)


def test_a_deck_of_retired_cards_has_nothing_to_ask_a_visitor(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    with library_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE card SET retired_at = 1")
        states.recount_deck(session, 1)
        asked = asking.next_question(session, "birds", None, rules, noon)
    assert isinstance(asked, QueueEnd)
    assert (asked.next_due, asked.answered_today, asked.undoable, asked.counts.new) == (None, 0, None, 0)


@pytest.mark.parametrize(("deck", "card"), [("no such", "height"), ("birds", "no such"), ("bi\x00rds", "height")])
def test_what_cannot_be_an_id_is_not_looked_up(library_add_user: AddUser, answer: Answer, deck: str, card: str) -> None:
    bob = library_add_user("Bob")
    with pytest.raises(NotFound):
        answer(bob, Submission(deck, card, 1, "x"))


def test_an_unknown_deck_is_not_found(library_database: Database, rules: StudyRules, noon: datetime) -> None:
    with library_database.reading() as session:
        with pytest.raises(NotFound):
            asking.next_question(session, "none", None, rules, noon)
        with pytest.raises(NotFound):
            asking.same_question(session, "birds", "height", 7, None, rules, noon)
        with pytest.raises(NotFound):
            asking.count_queue(session, "none", None, rules, noon)


def test_the_shuffle_differs_between_learners_and_stays_for_one(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    orders = set()
    with library_database.reading() as session:
        for number in range(12):
            viewer = Viewer(-number - 1, f"handle-{number}")
            shown = asking.same_question(session, "birds", "food", 1, viewer, rules, noon).asked.options
            assert shown == asking.same_question(session, "birds", "food", 1, viewer, rules, noon).asked.options
            orders.add(shown)
    assert len(orders) > 3


def test_progress_counts_in_the_list(
    library_database: Database, library_add_user: AddUser, answer: Answer, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, _wrong("height"))
    answer(bob, _right("food"))
    with library_database.reading() as session:
        line = decks.list_decks(session, bob.learner_id, noon + timedelta(minutes=2))[0]
        visitor = decks.list_decks(session, None, noon)[0]
    assert (line.cards, line.new, line.due, line.learning, line.studied) == (8, 6, 0, 1, 2)
    assert (visitor.cards, visitor.new, visitor.due, visitor.studied) == (8, 8, 0, 0)


def test_a_source_that_lost_the_passage_leaves_the_answer_explained_without_it(
    library_database: Database, library_add_user: AddUser, answer: Answer
) -> None:
    with library_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE source_block SET text = 'Gone.' WHERE number = 1")
        session.connection().exec_driver_sql("DELETE FROM source_block WHERE number = 3")
        session.commit()
    bob = library_add_user("Bob")
    height, winter = answer(bob, _right("height")).passages, answer(bob, _right("winter")).passages
    assert [(passage.html, passage.lost) for passage in (*height, *winter)] == [
        ("", ("stands up to 100 cm tall",)),
        ("", ("fly to the south",)),
    ]


def test_a_paragraph_cited_twice_is_shown_once_with_both_quotes(
    library_database: Database, library_add_user: AddUser, answer: Answer, noon: datetime
) -> None:
    twice = samples.DECK.replace(
        b"quote: stands up to 100 cm tall}",
        b"quote: stands up to 100 cm tall}\n      - {source: herons, paragraph: 1, quote: long-legged}",
    )
    with library_database.writing() as session:
        assert library.load_files(session, [], [InputFile("birds.yaml", twice)], noon).problems == ()
    (passage,) = answer(library_add_user("Bob"), _right("height", revision=2)).passages
    assert passage.html.count("<mark") == 2


def test_an_answer_nested_without_end_is_refused_even_under_a_used_key(
    library_add_user: AddUser, answer: Answer
) -> None:
    bob, key, nested = library_add_user("Bob"), _key(), []
    for _ in range(100_000):
        nested = [nested]
    answer(bob, _right("height"), key)
    with pytest.raises(Invalid):
        answer(bob, _right("height", response=nested), key)


def test_an_answer_is_taken_back_under_its_own_deck_only(
    library_database: Database, library_add_user: AddUser, answer: Answer, noon: datetime, rules: StudyRules
) -> None:
    bob = library_add_user("Bob")
    key = answer(bob, _right("height")).key
    with library_database.writing() as session:
        with pytest.raises(NotFound):
            study.undo_answer(session, bob.learner_id, key, noon, "other", rules=rules)
        assert study.undo_answer(session, bob.learner_id, key, noon, "birds", rules=rules).undone


def test_a_visitor_is_shown_the_back_of_a_flashcard_with_its_days(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    with library_database.reading() as session:
        turned = asking.same_question(session, "birds", "name", 1, None, rules, noon, back=True)
        assert turned.intervals is not None
        assert turned.intervals[4] > turned.intervals[3]
        assert turned.promised.startswith("4:")


def test_an_answer_is_read_by_the_card_as_it_was_asked(
    library_database: Database, library_add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    with library_database.reading() as session:
        asked = asking.read_asked(session, "birds", "height", 1, bob, rules, noon)
        assert asked == asking.same_question(session, "birds", "height", 1, bob, rules, noon).asked
        with pytest.raises(NotFound):
            asking.read_asked(session, "birds", "height", 9, bob, rules, noon)
