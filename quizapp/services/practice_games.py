"""The match game and the timed round: off the record. They read cards and write nothing."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from quizapp.core.deck.schema import Card
from quizapp.core.errors import Invalid, NotFound
from quizapp.core.learning.grading import Grade, parse_response
from quizapp.core.learning.practice import MOST_CARDS, Order, PracticeChoice
from quizapp.core.learning.practice_games import (
    FEWEST_PAIRS,
    QUICK_TYPES,
    Pair,
    are_alike,
    choose_pairs,
    find_pairs,
    lay_out,
)
from quizapp.core.learning.presentation import AskedCard, ask
from quizapp.core.messages import say
from quizapp.services.assessments.holding import list_held_cards
from quizapp.services.grading import grade_any
from quizapp.services.practice import plan_practice
from quizapp.services.results import DeckHead, read_card
from quizapp.services.rules import StudyRules
from quizapp.store import practice as store
from quizapp.store.practice import RoundCard

PairName = tuple[int, int]
"""A pair's revision, and its number in that card."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A text on the table, in Markdown, with its language and the slug of its deck."""

    text: str
    language: str
    deck: str


@dataclass(frozen=True, slots=True)
class MatchGame:
    """Tiles on two sides, each in an order of its own; ``pairs`` name them, and do not tell how they lie."""

    handle: str
    pairs: tuple[PairName, ...]
    left: tuple[Tile, ...]
    right: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class TimedQuestion:
    """A card of a timed round as asked; ``number`` counts from 0."""

    number: int
    deck: DeckHead
    ref: str
    asked: AskedCard


@dataclass(frozen=True, slots=True)
class TimedVerdict:
    """What an answer of a timed round is worth."""

    deck: DeckHead
    ref: str
    card: Card
    grade: Grade


def _head_of(card: RoundCard) -> DeckHead:
    return DeckHead(card.deck_slug, card.deck_title, card.language)


def _seed(rules: StudyRules, handle: str) -> bytes:
    return hmac.digest(rules.secret, f"game|{handle}".encode(), "sha256")


def _deal(
    session: Session, learner_id: int | None, choice: PracticeChoice, handle: str, rules: StudyRules, now: datetime
) -> list[RoundCard]:
    """The cards that fit a choice, shuffled. Raises NotFound and Invalid as ``plan_practice`` does."""
    everything = choice.model_copy(update={"count": MOST_CARDS, "order": Order.SHUFFLED})
    plan = plan_practice(session, learner_id, everything, handle, rules, now)
    cards = store.list_cards(session, plan.revisions)
    return [cards[number] for number in plan.revisions]


def deal_match(
    session: Session, learner_id: int | None, choice: PracticeChoice, handle: str, rules: StudyRules, now: datetime
) -> MatchGame:
    """Lay out a match game; the same handle gives the same one.

    Raises NotFound for a choice that names what is not there, Invalid where its cards hold too few short pairs.
    """
    dealt = _deal(session, learner_id, choice, handle, rules, now)
    pairs = {
        (card.revision_id, number): (pair, (card.language, card.deck_slug))
        for card in dealt
        for number, pair in enumerate(find_pairs(read_card(card.body)))
    }
    chosen = choose_pairs((name, pair) for name, (pair, _) in pairs.items())
    if len(chosen) < FEWEST_PAIRS:
        raise Invalid(say("These cards hold too few short pairs for this game. Choose more cards."))
    left, right = _lay_out([pairs[name] for name in chosen], _seed(rules, handle))
    return MatchGame(handle, tuple(chosen), left, right)


def _lay_out(pairs: list[tuple[Pair, tuple[str, str]]], seed: bytes) -> tuple[tuple[Tile, ...], tuple[Tile, ...]]:
    heads = [head for _, head in pairs]

    def side(texts: list[str], purpose: str) -> tuple[Tile, ...]:
        laid = zip(lay_out(texts, seed, purpose), lay_out(heads, seed, purpose), strict=True)
        return tuple(Tile(text, *head) for text, head in laid)

    return side([pair.left for pair, _ in pairs], "left"), side([pair.right for pair, _ in pairs], "right")


def _find_cards(session: Session, learner_id: int | None, revisions: list[int], now: datetime) -> dict[int, RoundCard]:
    """The cards of a game by revision, without those that a test keeps for itself since the game was dealt."""
    held = list_held_cards(session, learner_id, now)
    found = store.list_cards(session, revisions)
    return {number: card for number, card in found.items() if card.card_id not in held}


def is_pair(
    session: Session,
    learner_id: int | None,
    handle: str,
    pairs: tuple[PairName, ...],
    places: tuple[int, int],
    rules: StudyRules,
    now: datetime,
) -> bool:
    """Whether the tiles at two places, left and right, belong together. Raises NotFound for no such tiles."""
    left, right = places
    cards = _find_cards(session, learner_id, [revision for revision, _ in pairs], now)
    found = [find_pairs(read_card(cards[revision].body))[number] for revision, number in pairs if revision in cards]
    if len(found) < len(pairs) or not (0 <= left < len(found) and 0 <= right < len(found)):
        raise NotFound(say("There are no such tiles."))
    seed = _seed(rules, handle)
    chosen = lay_out([pair.left for pair in found], seed, "left")[left]
    partner = next(pair.right for pair in found if pair.left == chosen)
    return are_alike(lay_out([pair.right for pair in found], seed, "right")[right], partner)


def deal_timed(
    session: Session, learner_id: int | None, choice: PracticeChoice, handle: str, rules: StudyRules, now: datetime
) -> tuple[int, ...]:
    """The revisions of a timed round, in the order of asking.

    Raises NotFound for a choice that names what is not there, Invalid where none of its cards is quick to answer.
    """
    dealt = _deal(session, learner_id, choice, handle, rules, now)
    quick = tuple(card.revision_id for card in dealt if read_card(card.body).type in QUICK_TYPES)
    if not quick:
        raise Invalid(say("None of these cards is quick to answer. Choose other cards."))
    return quick


def _find_card(
    session: Session, learner_id: int | None, revisions: tuple[int, ...], number: int, now: datetime
) -> RoundCard:
    wanted = revisions[number] if 0 <= number < len(revisions) else None
    found = {} if wanted is None else _find_cards(session, learner_id, [wanted], now)
    if wanted is None or wanted not in found:
        raise NotFound(say("This round has no such card."))
    return found[wanted]


def ask_timed(
    session: Session,
    learner_id: int | None,
    handle: str,
    revisions: tuple[int, ...],
    number: int,
    rules: StudyRules,
    now: datetime,
) -> TimedQuestion | None:
    """A card of a timed round; None after the last one. Raises NotFound for a number that cannot be."""
    if number == len(revisions):
        return None
    drawn = _find_card(session, learner_id, revisions, number, now)
    seed = hmac.digest(_seed(rules, handle), drawn.ref.encode(), "sha256")
    return TimedQuestion(number, _head_of(drawn), drawn.ref, ask(read_card(drawn.body), seed))


def answer_timed(
    session: Session, learner_id: int | None, revisions: tuple[int, ...], number: int, response: Any, now: datetime
) -> TimedVerdict:
    """Grade an answer of a timed round; nothing is written. Raises Invalid for a wrong shape, NotFound for no card."""
    drawn = _find_card(session, learner_id, revisions, number, now)
    card = read_card(drawn.body)
    graded = grade_any(card, parse_response(card, response), drawn.language)
    return TimedVerdict(_head_of(drawn), drawn.ref, card, graded)
