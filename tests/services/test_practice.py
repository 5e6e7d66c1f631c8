"""Choosing what to practise, and beginning a round; no schedule is touched."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.practice import Mistakes, Order, PracticeChoice
from quizapp.services import practice, practice_round, study
from quizapp.services.accounts import Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.practice import RoundPlan
from quizapp.services.practice_round import PracticeSubmission
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import practice as store
from quizapp.store.engine import Database
from quizapp.store.tables import PracticeAnswerRow, PracticeRow

STONES = b"""\
format: 1
id: stones
title: Stones
language: en
theme: earth
tags: [hard-things]
sources: [herons]
cards:
  - id: colour
    type: short
    prompt: Which colour has a pebble?
    answer: grey
    difficulty: hard
    citations:
      - {source: herons, paragraph: 1, quote: The grey heron}
"""
AddUser = Callable[..., Viewer]
ALL = PracticeChoice(count=None, order=Order.DECK)


def _key() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def shelf(library_database: Database, noon: datetime) -> Database:
    """Two decks of different themes."""
    with library_database.writing() as session:
        assert load_files(session, [], [InputFile("stones.yaml", STONES)], noon).problems == ()
    return library_database


@pytest.fixture
def fitting(shelf: Database, rules: StudyRules, noon: datetime) -> Callable[..., int]:
    """How many cards fit: ``fitting(bob, decks=("birds",))``."""

    def count(who: Viewer | None, now: datetime = noon, **choice: object) -> int:
        with shelf.reading() as session:
            asked = PracticeChoice(**choice)  # type: ignore[arg-type]
            return practice.count_fitting(session, who.learner_id if who else None, asked, rules, now)

    return count


@pytest.fixture
def begin(shelf: Database, rules: StudyRules, noon: datetime) -> Callable[..., str]:
    """Begin a round: ``begin(bob, choice)``."""

    def start(who: Viewer, choice: PracticeChoice = ALL, handle: str = "", now: datetime = noon) -> str:
        with shelf.writing() as session:
            return practice.start_practice(session, who, choice, handle or _key(), rules, now)

    return start


@pytest.fixture
def study_card(shelf: Database, rules: StudyRules, noon: datetime) -> Callable[..., None]:
    """Answer a card in study: ``study_card(bob, "height", "50 cm", confidence=3)``."""

    def answer(who: Viewer, card: str, response: object, confidence: int | None = None, now: datetime = noon) -> str:
        key = _key()
        with shelf.writing() as session:
            submission = Submission("birds", card, 1, response, confidence=confidence)
            study.answer_card(session, who, submission, key, rules, now)
        return key

    return answer


def _refs(database: Database, who: Viewer, handle: str, now: datetime) -> list[str]:
    with database.reading() as session:
        opened = practice_round.load_round(session, who.learner_id, handle, now)
    return [card.ref for card in opened.cards if card is not None]


def _count_rows(database: Database, table: type = PracticeRow) -> int:
    with database.reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_the_offer_counts_the_cards_of_every_choice(shelf: Database, rules: StudyRules, noon: datetime) -> None:
    with shelf.reading() as session:
        offer = practice.offer_practice(session, None, PracticeChoice(), rules, noon)
    assert offer.cards == 9
    assert {(one.value, one.name, one.cards) for one in offer.decks} == {("birds", "Birds", 8), ("stones", "Stones", 1)}
    assert {(one.value, one.cards) for one in offer.themes} == {("nature", 8), ("earth", 1)}
    assert {(one.value, one.cards) for one in offer.tags} == {("size", 1), ("hard-things", 1)}
    (text,) = offer.texts
    assert (text.text.value, text.text.name, text.text.cards) == ("herons", "The grey heron", 9)
    assert [(one.value, one.cards) for one in text.paragraphs] == [("herons:1", 4), ("herons:2", 2), ("herons:3", 3)]
    assert offer.mistakes == {"all": 9, "last": 0, "recent": 0, "sure": 0}
    assert offer.open_rounds == ()


def test_an_empty_shelf_offers_nothing(database: Database, rules: StudyRules, noon: datetime) -> None:
    with database.reading() as session:
        offer = practice.offer_practice(session, None, PracticeChoice(), rules, noon)
    assert (offer.cards, offer.decks, offer.texts) == (0, (), ())


def test_choices_mix(fitting: Callable[..., int]) -> None:
    assert fitting(None) == 9
    assert fitting(None, decks=("birds",)) == 8
    assert fitting(None, decks=("birds",), themes=("earth",)) == 9
    assert fitting(None, tags=("hard-things",)) == 1
    assert fitting(None, sources=("herons",), decks=("stones",)) == 1
    assert fitting(None, paragraphs=(("herons", 2),)) == 2
    assert fitting(None, paragraphs=(("herons", 2), ("herons", 3))) == 5
    assert fitting(None, cards=("birds/height", "stones/colour")) == 2


MISSING: list[dict[str, object]] = [
    {"decks": ("nope",)},
    {"themes": ("nope",)},
    {"tags": ("nope",)},
    {"sources": ("nope",)},
    {"paragraphs": (("herons", 9),)},
    {"cards": ("birds/nope",)},
    {"decks": ("'; DROP TABLE deck; --",)},
]


def test_what_is_not_there_is_said_to_be_missing(fitting: Callable[..., int]) -> None:
    for choice in MISSING:
        with pytest.raises(NotFound) as error:
            fitting(None, **choice)
        assert "“" in error.value.message


def test_mistakes_come_from_study_and_a_later_right_answer_ends_them(
    add_user: AddUser, fitting: Callable[..., int], study_card: Callable[..., None], noon: datetime
) -> None:
    bob = add_user("Bob")
    study_card(bob, "height", "50 cm")
    study_card(bob, "legs", "long")
    assert fitting(bob, mistakes=Mistakes.LAST) == 1
    study_card(bob, "height", "100 cm", now=noon + timedelta(minutes=1))
    assert fitting(bob, mistakes=Mistakes.LAST) == 0
    assert fitting(bob, mistakes=Mistakes.RECENT) == 1


def test_of_late_counts_study_days(
    add_user: AddUser, fitting: Callable[..., int], study_card: Callable[..., None], noon: datetime
) -> None:
    bob = add_user("Bob")
    study_card(bob, "height", "50 cm")
    evening = noon.replace(hour=3) + timedelta(days=1)
    assert fitting(bob, now=evening, mistakes=Mistakes.RECENT, days=1) == 1
    assert fitting(bob, now=evening + timedelta(hours=1), mistakes=Mistakes.RECENT, days=1) == 0
    assert fitting(bob, now=evening + timedelta(hours=1), mistakes=Mistakes.RECENT, days=2) == 1


def test_days_beyond_the_calendar_reach_back_as_far_as_it_goes(
    add_user: AddUser, fitting: Callable[..., int], study_card: Callable[..., None]
) -> None:
    bob = add_user("Bob")
    study_card(bob, "height", "50 cm")
    assert fitting(bob, mistakes=Mistakes.RECENT, days=3650) == 1


def test_sure_and_wrong_lasts_until_sure_and_right(
    add_user: AddUser, fitting: Callable[..., int], study_card: Callable[..., None], noon: datetime
) -> None:
    bob = add_user("Bob")
    study_card(bob, "legs", "blue", confidence=2)
    assert fitting(bob, mistakes=Mistakes.SURE) == 0
    study_card(bob, "legs", "blue", confidence=3, now=noon + timedelta(minutes=1))
    assert fitting(bob, mistakes=Mistakes.SURE) == 1
    study_card(bob, "legs", "long", confidence=1, now=noon + timedelta(minutes=2))
    assert fitting(bob, mistakes=Mistakes.SURE) == 1
    study_card(bob, "legs", "long", confidence=3, now=noon + timedelta(minutes=3))
    assert fitting(bob, mistakes=Mistakes.SURE) == 0


def test_what_was_taken_back_is_no_mistake(
    shelf: Database,
    add_user: AddUser,
    fitting: Callable[..., int],
    study_card: Callable[..., str],
    noon: datetime,
    rules: StudyRules,
) -> None:
    bob = add_user("Bob")
    key = study_card(bob, "height", "50 cm", confidence=3)
    with shelf.writing() as session:
        study.undo_answer(session, bob.learner_id, key, noon, rules=rules)
    assert (fitting(bob, mistakes=Mistakes.LAST), fitting(bob, mistakes=Mistakes.SURE)) == (0, 0)


def test_another_learners_mistakes_are_not_mine(
    add_user: AddUser, fitting: Callable[..., int], study_card: Callable[..., None]
) -> None:
    study_card(add_user("Bob"), "height", "50 cm", confidence=3)
    assert fitting(add_user("Charlie"), mistakes=Mistakes.LAST) == 0
    assert fitting(None, mistakes=Mistakes.SURE) == 0


def test_a_round_holds_the_cards_in_the_order_asked_for(
    shelf: Database, add_user: AddUser, begin: Callable[..., str], noon: datetime
) -> None:
    bob = add_user("Bob")
    refs = _refs(shelf, bob, begin(bob, ALL), noon)
    assert refs[0] == "stones/colour"
    assert refs[1:] == [f"birds/{card}" for card in samples.RIGHT]
    hardest = _refs(shelf, bob, begin(bob, PracticeChoice(order=Order.HARDEST, count=2)), noon)
    assert hardest[0] == "stones/colour"
    assert len(hardest) == 2


def test_what_a_learner_found_hard_comes_before_what_the_deck_calls_easy(
    shelf: Database, add_user: AddUser, begin: Callable[..., str], study_card: Callable[..., None], noon: datetime
) -> None:
    bob = add_user("Bob")
    choice = PracticeChoice(decks=("birds",), order=Order.HARDEST)
    assert _refs(shelf, bob, begin(bob, choice), noon)[-1] == "birds/height"
    study_card(bob, "height", "50 cm")
    assert _refs(shelf, bob, begin(bob, choice), noon)[0] == "birds/height"


def test_a_shuffled_round_stays_as_it_was_drawn(
    shelf: Database, add_user: AddUser, begin: Callable[..., str], noon: datetime
) -> None:
    bob = add_user("Bob")
    handle = begin(bob, PracticeChoice(count=None))
    assert _refs(shelf, bob, handle, noon) == _refs(shelf, bob, handle, noon)
    others = {tuple(_refs(shelf, bob, begin(bob, PracticeChoice(count=None)), noon)) for _ in range(4)}
    assert len(others) > 1


def test_beginning_twice_with_one_form_begins_one_round(
    shelf: Database, add_user: AddUser, begin: Callable[..., str]
) -> None:
    bob, handle = add_user("Bob"), _key()
    assert begin(bob, ALL, handle) == begin(bob, ALL, handle) == handle
    assert _count_rows(shelf) == 1
    other = begin(bob, PracticeChoice(decks=("birds",)), handle)
    assert other == begin(bob, PracticeChoice(decks=("birds",)), handle) != handle
    assert _count_rows(shelf) == 2


def test_two_learners_may_have_rounds_of_one_name(
    shelf: Database, add_user: AddUser, begin: Callable[..., str]
) -> None:
    handle = _key()
    assert begin(add_user("Bob"), ALL, handle) == begin(add_user("Charlie"), ALL, handle)
    assert _count_rows(shelf) == 2


def test_a_round_of_no_cards_does_not_begin(shelf: Database, add_user: AddUser, begin: Callable[..., str]) -> None:
    bob = add_user("Bob")
    with pytest.raises(Invalid, match="No card fits"):
        begin(bob, PracticeChoice(mistakes=Mistakes.LAST))
    with pytest.raises(Invalid, match="UUID"):
        begin(bob, ALL, "not-a-key")
    assert _count_rows(shelf) == 0


def test_writing_a_round_down_in_the_place_of_another_is_refused(
    shelf: Database, add_user: AddUser, begin: Callable[..., str], noon: datetime
) -> None:
    bob = add_user("Bob")
    handle = begin(bob, ALL)
    with shelf.writing() as session, pytest.raises(Conflict):
        practice.begin_round(session, bob.learner_id, RoundPlan(handle, PracticeChoice(), (1,)), noon)


def test_a_handle_that_can_be_none_is_not_found() -> None:
    for handle in ("", "x", "../../etc", "0" * 36):
        with pytest.raises(NotFound):
            practice.check_handle(handle)


def test_rounds_not_ended_are_offered_to_go_on_with(
    shelf: Database, add_user: AddUser, begin: Callable[..., str], rules: StudyRules, noon: datetime
) -> None:
    bob = add_user("Bob")
    handles = [begin(bob, ALL, now=noon + timedelta(minutes=number)) for number in range(4)]
    with shelf.reading() as session:
        own = practice.offer_practice(session, bob.learner_id, PracticeChoice(), rules, noon)
        other = practice.offer_practice(session, add_user("Charlie").learner_id, PracticeChoice(), rules, noon)
    assert [one.handle for one in own.open_rounds] == handles[:0:-1]
    assert {(one.answered, one.total, one.choice) for one in own.open_rounds} == {(0, 9, ALL)}
    assert other.open_rounds == ()
    with shelf.reading() as session:
        later = practice.offer_practice(session, bob.learner_id, PracticeChoice(), rules, noon + timedelta(days=31))
    assert later.open_rounds == ()


def test_cards_that_a_test_keeps_for_itself_are_not_practised(
    add_user: AddUser, fitting: Callable[..., int], begin: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fitting(None, cards=("stones/colour",)) == 1
    monkeypatch.setattr(practice, "list_held_cards", lambda *_: frozenset(range(1, 9)))
    assert fitting(None) == 1


def _answer(
    database: Database, who: Viewer, handle: str, card: str, response: object, rules: StudyRules, now: datetime
) -> None:
    with database.writing() as session:
        practice_round.answer_card(session, who, handle, PracticeSubmission(card, response), _key(), rules, now)


def test_the_mistakes_of_a_round_are_practised_again(
    shelf: Database, add_user: AddUser, begin: Callable[..., str], rules: StudyRules, noon: datetime
) -> None:
    bob = add_user("Bob")
    handle = begin(bob, PracticeChoice(decks=("birds",), count=None, order=Order.DECK, confidence=True))
    for card in ("height", "food", "winter"):
        wrong = card != "food"
        response = samples.WRONG[card] if wrong else samples.RIGHT[card]
        _answer(shelf, bob, handle, f"birds/{card}", response, rules, noon)
    key = _key()
    with shelf.writing() as session:
        again = practice.start_again(session, bob, handle, key, rules, noon)
    with shelf.writing() as session:
        assert practice.start_again(session, bob, handle, key, rules, noon) == again
    assert _refs(shelf, bob, again, noon) == ["birds/height", "birds/winter"]
    with shelf.reading() as session:
        assert practice_round.load_round(session, bob.learner_id, again, noon).head.choice.confidence


def test_without_mistakes_or_a_round_there_is_nothing_to_do_again(
    shelf: Database,
    add_user: AddUser,
    begin: Callable[..., str],
    rules: StudyRules,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bob, charlie = add_user("Bob"), add_user("Charlie")
    handle = begin(bob)
    with shelf.writing() as session, pytest.raises(Invalid, match="nothing to do again"):
        practice.start_again(session, bob, handle, _key(), rules, noon)
    with shelf.writing() as session, pytest.raises(NotFound):
        practice.start_again(session, charlie, handle, _key(), rules, noon)
    _answer(shelf, bob, handle, "stones/colour", "red", rules, noon)
    monkeypatch.setattr(practice, "list_candidates", lambda *_: [])
    with shelf.writing() as session, pytest.raises(Invalid, match="not in the decks any more"):
        practice.start_again(session, bob, handle, _key(), rules, noon)


def test_a_guests_practice_can_be_made_an_accounts(
    shelf: Database, add_user: AddUser, begin: Callable[..., str], rules: StudyRules, noon: datetime
) -> None:
    guest, bob, charlie, handle = add_user("Guest"), add_user("Bob"), add_user("Charlie"), _key()
    begin(guest, ALL, handle)
    _answer(shelf, guest, handle, "stones/colour", "red", rules, noon)
    begin(bob, ALL, shared := _key())
    begin(guest, ALL, shared)
    with shelf.writing() as session:
        store.move_practice(session, guest.learner_id, bob.learner_id)
        store.move_practice(session, charlie.learner_id, bob.learner_id)
        session.commit()
    with shelf.reading() as session:
        assert practice_round.load_round(session, bob.learner_id, handle, noon).head.answered == 1
    assert _count_rows(shelf) == 4
    assert _count_rows(shelf, PracticeAnswerRow) == 2
