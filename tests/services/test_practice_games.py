"""The match game and the timed round: dealt, checked, and never written down."""

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.learning.grading import Verdict
from quizapp.core.learning.practice import PracticeChoice
from quizapp.services import practice_games
from quizapp.services.practice_games import MatchGame
from quizapp.services.rules import StudyRules
from quizapp.store.engine import Database
from quizapp.store.tables import LearnerRow, PracticeRow, ReviewRow

PARTNERS = {
    "How tall is a grey heron at most?": "100 cm",
    "What are the legs of the bird like?": "long",
    "Winter": "the south",
    "Water": "fish",
}
EVERYTHING = PracticeChoice()


def _deal(
    database: Database, rules: StudyRules, now: datetime, choice: PracticeChoice = EVERYTHING, handle: str = ""
) -> MatchGame:
    with database.reading() as session:
        return practice_games.deal_match(session, None, choice, handle or str(uuid.uuid4()), rules, now)


def test_a_match_game_lays_every_short_pair_on_the_table(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    game = _deal(library_database, rules, noon)
    assert {tile.text for tile in game.left} == set(PARTNERS)
    assert {tile.text for tile in game.right} == set(PARTNERS.values())
    assert {tile.language for tile in game.left + game.right} == {"en"}


def test_the_same_game_lies_the_same_and_the_next_one_differs(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    handle = str(uuid.uuid4())
    assert _deal(library_database, rules, noon, handle=handle) == _deal(library_database, rules, noon, handle=handle)
    assert len({_deal(library_database, rules, noon).right for _ in range(12)}) > 1


def test_two_tiles_are_a_pair_where_the_deck_says_so(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    game = _deal(library_database, rules, noon)
    with library_database.reading() as session:
        for left, one in enumerate(game.left):
            for right, other in enumerate(game.right):
                said = practice_games.is_pair(session, None, game.handle, game.pairs, (left, right), rules, noon)
                assert said == (PARTNERS[one.text] == other.text)


def test_tiles_that_are_not_on_the_table_are_not_found(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    game = _deal(library_database, rules, noon)
    for places in ((-1, 0), (0, 4), (99, 99)):
        with library_database.reading() as session, pytest.raises(NotFound):
            practice_games.is_pair(session, None, game.handle, game.pairs, places, rules, noon)
    with library_database.reading() as session, pytest.raises(NotFound):
        practice_games.is_pair(session, None, game.handle, ((999, 0),), (0, 0), rules, noon)


def test_too_few_pairs_make_no_game(library_database: Database, rules: StudyRules, noon: datetime) -> None:
    with pytest.raises(Invalid, match="too few short pairs"):
        _deal(library_database, rules, noon, PracticeChoice(cards=("birds/height",)))


def test_a_timed_round_holds_the_quick_cards_alone(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    with library_database.reading() as session:
        handle = str(uuid.uuid4())
        cards = practice_games.deal_timed(session, None, EVERYTHING, handle, rules, noon)
        asked = [
            practice_games.ask_timed(session, None, handle, cards, number, rules, noon) for number in range(len(cards))
        ]
        assert practice_games.ask_timed(session, None, handle, cards, len(cards), rules, noon) is None
    assert {one.ref for one in asked if one} == {
        f"birds/{card}" for card in ("height", "food", "winter", "legs", "waiting")
    }


def test_cards_that_are_not_quick_make_no_timed_round(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    slow = PracticeChoice(cards=("birds/name", "birds/sequence"))
    with library_database.reading() as session, pytest.raises(Invalid, match="quick"):
        practice_games.deal_timed(session, None, slow, str(uuid.uuid4()), rules, noon)


def test_an_answer_of_a_timed_round_is_graded_and_never_written_down(
    library_database: Database, rules: StudyRules, noon: datetime
) -> None:
    with library_database.reading() as session:
        one = PracticeChoice(cards=("birds/legs",))
        cards = practice_games.deal_timed(session, None, one, str(uuid.uuid4()), rules, noon)
        right = practice_games.answer_timed(session, None, cards, 0, samples.RIGHT["legs"], noon)
        wrong = practice_games.answer_timed(session, None, cards, 0, samples.WRONG["legs"], noon)
        with pytest.raises(Invalid):
            practice_games.answer_timed(session, None, cards, 0, ["long"], noon)
    assert (right.grade.verdict, wrong.grade.verdict) == (Verdict.RIGHT, Verdict.WRONG)
    assert (right.ref, right.deck.title) == ("birds/legs", "Birds")
    with library_database.reading() as session:
        for table in (LearnerRow, PracticeRow, ReviewRow):
            assert session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0


def test_a_card_beyond_the_round_is_not_found(library_database: Database, rules: StudyRules, noon: datetime) -> None:
    for number in (-1, 1, 10**9):
        with library_database.reading() as session, pytest.raises(NotFound):
            practice_games.answer_timed(session, None, (1,), number, "x", noon)
    with library_database.reading() as session, pytest.raises(NotFound):
        practice_games.ask_timed(session, None, "x", (999,), 0, rules, noon)


def test_a_card_that_a_test_keeps_since_the_game_was_dealt_is_not_shown(
    library_database: Database, rules: StudyRules, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = _deal(library_database, rules, noon)
    monkeypatch.setattr(practice_games, "list_held_cards", lambda *_: frozenset(range(1, 100)))
    with library_database.reading() as session:
        with pytest.raises(NotFound):
            practice_games.is_pair(session, None, game.handle, game.pairs, (0, 0), rules, noon)
        with pytest.raises(NotFound):
            practice_games.answer_timed(session, None, (game.pairs[0][0],), 0, "x", noon)
