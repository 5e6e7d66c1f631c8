"""Questions to take along, and answers that come in later than they were given."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.errors import Conflict, NotFound
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.limits import DailyLimits
from quizapp.core.learning.memory import MemoryState, to_millis
from quizapp.services import asking, memory, offline, study
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question
from quizapp.services.library import InputFile, load_files
from quizapp.services.offline import Provision
from quizapp.services.results import AnswerResult
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.study import find_revision
from quizapp.store.tables import ReviewRow, table_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IN_ORDER = ["height", "food", "winter", "legs", "waiting", "sequence", "seasons"]


@pytest.fixture
def answer(library_database: Database, rules: StudyRules) -> Callable[..., AnswerResult]:
    """Answer a card rightly: ``answer(bob, "legs", now, given=moment)``."""

    def give(
        who: Viewer, card: str, now: datetime, given: datetime | int | None = None, key: str = "", **more: object
    ) -> AnswerResult:
        given_at = to_millis(given) if isinstance(given, datetime) else given
        submission = Submission("birds", card, 1, samples.RIGHT[card], rating=3 if card == "name" else None)
        submission = replace(submission, given_at=given_at, **more)  # type: ignore[arg-type]
        with library_database.writing() as session:
            return study.answer_card(session, who, submission, key or str(uuid.uuid4()), rules, now)

    return give


@pytest.fixture
def pack(library_database: Database, rules: StudyRules) -> Callable[..., Provision]:
    """What somebody takes along of the birds: ``pack(bob, now)``."""

    def take(who: Viewer, now: datetime, changed: StudyRules | None = None) -> Provision:
        with library_database.reading() as session:
            return offline.pack_questions(session, "birds", who, changed or rules, now)

    return take


def _cards(provision: Provision) -> list[str]:
    return [question.slug for question in provision.questions]


def _log(database: Database) -> list[tuple[object, ...]]:
    table = table_of(ReviewRow)
    with database.reading() as session:
        rows = session.execute(sa.select(table.c.seq, table.c.answered_at, table.c.state_after).order_by(table.c.seq))
        return [(seq, at, MemoryState.from_json(after).last_review) for seq, at, after in rows]


def test_an_answer_given_without_network_counts_from_when_it_was_given(
    library_add_user, answer, library_database: Database, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    result = answer(bob, "legs", noon, given=noon - 3 * HOUR)
    assert result.due == noon - 3 * HOUR + timedelta(minutes=10)
    assert _log(library_database) == [(1, noon - 3 * HOUR, noon - 3 * HOUR)]


@pytest.mark.parametrize(
    "given",
    [timedelta(milliseconds=1), timedelta(days=365), -timedelta(days=31), -timedelta(days=365)],
)
def test_a_time_that_cannot_be_is_not_believed(
    library_add_user, answer, library_database: Database, noon: datetime, given: timedelta
) -> None:
    answer(library_add_user("Bob"), "legs", noon, given=noon + given)
    assert _log(library_database) == [(1, noon, noon)]


@pytest.mark.parametrize("given", [0, -5, 10**40])
def test_numbers_that_are_no_times_are_not_believed(
    library_add_user, answer, library_database: Database, noon: datetime, given: int
) -> None:
    answer(library_add_user("Bob"), "legs", noon, given=given)
    assert _log(library_database) == [(1, noon, noon)]


def test_seconds_instead_of_milliseconds_are_not_believed(
    library_add_user, answer, library_database: Database, noon: datetime
) -> None:
    answer(library_add_user("Bob"), "legs", noon, given=to_millis(noon - HOUR) // 1000)
    assert _log(library_database) == [(1, noon, noon)]


def test_answers_out_of_order_keep_the_log_in_order_of_arrival_and_every_card_in_order_of_time(
    library_add_user, answer, library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, "legs", noon, given=noon - HOUR)
    answer(bob, "height", noon, given=noon - 2 * HOUR)  # another card: its own time
    answer(bob, "legs", noon + HOUR, given=noon - 2 * HOUR)  # before the last answer to this card: not believed
    answer(bob, "legs", noon + 2 * HOUR, given=noon + HOUR)
    assert [(seq, at - noon) for seq, at, _ in _log(library_database)] == [
        (1, -HOUR),
        (2, -2 * HOUR),
        (3, HOUR),
        (4, HOUR),
    ]


def test_an_answer_that_comes_twice_counts_once_with_or_without_its_time(
    library_add_user, answer, library_database: Database, noon: datetime
) -> None:
    bob, key = library_add_user("Bob"), str(uuid.uuid4())
    first = answer(bob, "legs", noon, key=key)
    again = answer(bob, "legs", noon + HOUR, given=noon - HOUR, key=key)
    once_more = answer(bob, "legs", noon + DAY, given=noon, key=key)
    assert (again.repeated, once_more.repeated) == (True, True)
    assert (again.due, once_more.due) == (first.due, first.due)
    assert _log(library_database) == [(1, noon, noon)]
    with pytest.raises(Conflict):
        answer(bob, "height", noon, key=key)


def test_the_time_changes_nothing_of_what_an_answer_says() -> None:
    said = Submission("birds", "legs", 1, "long")
    assert replace(said, given_at=5).digest() == said.digest()
    assert replace(said, response="short").digest() != said.digest()


def test_the_memory_rebuilt_from_the_log_is_the_same(
    library_add_user, answer, library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    for card, days in (("legs", 20), ("height", 19), ("legs", 12), ("height", 18), ("legs", 13)):
        answer(bob, card, noon, given=noon - days * DAY)
    with library_database.reading() as session:
        rebuilt = memory.rebuild_states(session, rules, dry_run=True)
    assert (rebuilt.states, rebuilt.differences, rebuilt.miscounts) == (2, (), 0)


def test_what_is_taken_along_is_what_would_be_asked_without_flashcards_and_hints(
    library_add_user, pack, library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    provision = pack(bob, noon)
    assert _cards(provision) == IN_ORDER
    assert provision.deck.title == "Birds"
    assert len({question.key for question in provision.questions}) == len(IN_ORDER)
    first = provision.questions[0]
    with library_database.reading() as session:
        asked = asking.next_question(session, "birds", bob, rules, noon)
    assert isinstance(asked, Question)
    assert (first.asked, first.revision, first.counts) == (
        replace(asked.asked, hint_available=False),
        asked.revision,
        asked.counts,
    )
    assert not any(
        question.hint or question.back or question.undoable or question.asked.hint_available
        for question in provision.questions
    )


def test_due_steps_and_reviews_come_before_new_cards_and_what_was_answered_is_left_out(
    library_add_user, answer, pack, noon: datetime
) -> None:
    bob = library_add_user("Bob")
    answer(bob, "legs", noon, response="blue")
    answer(bob, "sequence", noon - 20 * DAY)
    answer(bob, "sequence", noon - 19 * DAY)
    assert "legs" not in _cards(pack(bob, noon))
    later = _cards(pack(bob, noon + timedelta(minutes=2)))
    assert later[:2] == ["legs", "sequence"]
    assert len(later) == len(set(later))


def test_the_days_limits_hold(library_add_user, answer, pack, rules: StudyRules, noon: datetime) -> None:
    bob = library_add_user("Bob")
    for card in ("sequence", "seasons"):
        answer(bob, card, noon - 20 * DAY)
        answer(bob, card, noon - 19 * DAY)
    limited = replace(rules, choices=Choices(limits=DailyLimits(new=2, reviews=1)))
    assert len(_cards(pack(bob, noon, limited))) == 1
    limited = replace(rules, choices=Choices(limits=DailyLimits(new=2)))
    assert sorted(_cards(pack(bob, noon, limited)))[-2:] == ["seasons", "sequence"]
    assert len(_cards(pack(bob, noon, limited))) == 4


def test_no_more_than_a_lessons_worth_is_taken_along(
    library_add_user, pack, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "MOST_AHEAD", 3)
    assert _cards(pack(library_add_user("Bob"), noon)) == IN_ORDER[:3]


def test_of_a_deck_that_is_done_nothing_is_taken_along(library_add_user, answer, pack, noon: datetime) -> None:
    bob = library_add_user("Bob")
    for card in samples.RIGHT:
        answer(bob, card, noon)
    assert _cards(pack(bob, noon)) == []


@pytest.mark.parametrize("deck", ["nothing", "", "../birds", "BIRDS", "x" * 300])
def test_there_is_nothing_to_take_of_a_deck_that_is_not_there(
    library_add_user, library_database: Database, rules: StudyRules, noon: datetime, deck: str
) -> None:
    bob = library_add_user("Bob")
    with library_database.reading() as session, pytest.raises(NotFound):
        offline.pack_questions(session, deck, bob, rules, noon)


def _twins(*quotes: str) -> bytes:
    """A deck that asks whether each of these quotes of the text stands there."""
    cards = "".join(
        f"  - {{id: c{number}, type: truefalse, prompt: Does it say so {number}?, answer: true,"
        f" citations: [{{source: herons, paragraph: {place}, quote: {quote}}}]}}\n"
        for number, (place, quote) in enumerate((quote.split(":") for quote in quotes), start=1)
    )
    head = "format: 1\nid: twins\ntitle: Twins\nlanguage: en\ntheme: nature\nsources: [herons]\ncards:\n"
    return f"{head}{cards}".encode()


@pytest.mark.parametrize(
    ("quotes", "order"),
    [
        (("1:long-legged bird", "1:long-legged", "2:fish", "3:many herons"), ["c1", "c3", "c4", "c2"]),
        (("1:long-legged bird", "1:long-legged"), ["c1", "c2"]),
    ],
)
def test_siblings_are_kept_apart_within_what_is_taken_along_where_there_is_something_else(
    library_add_user,
    library_database: Database,
    rules: StudyRules,
    noon: datetime,
    quotes: tuple[str, ...],
    order: list[str],
) -> None:
    bob = library_add_user("Bob")
    with library_database.writing() as session:
        assert load_files(session, [], [InputFile("twins.yaml", _twins(*quotes))], noon).problems == ()
    with library_database.writing() as session:
        assert _cards(offline.pack_questions(session, "twins", bob, rules, noon)) == order
        first = Submission("twins", "c1", 1, False)
        study.answer_card(session, bob, first, str(uuid.uuid4()), rules, noon)
        later = noon + HOUR  # the first comes again, and its sibling was met
        rest = [card for card in order if card not in ("c1", "c2")]
        assert _cards(offline.pack_questions(session, "twins", bob, rules, later)) == ["c1", *rest, "c2"]


def test_cards_of_an_open_test_are_not_taken_along(
    library_add_user, library_database: Database, pack, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = library_add_user("Bob")
    with library_database.reading() as session:
        held = {
            revision.card_id
            for name in ("height", "legs")
            if (revision := find_revision(session, "birds", name, 1)) is not None
        }
    monkeypatch.setattr(offline, "list_held_cards", lambda *_: held)
    assert _cards(pack(bob, noon)) == [card for card in IN_ORDER if card not in ("height", "legs")]
