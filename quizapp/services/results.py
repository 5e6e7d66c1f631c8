"""What a learner sees after an answer: the grade, the right answer, and the passages that prove it."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import Session

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import (
    Card,
    Choice,
    Citation,
    Cloze,
    Flashcard,
    Multiple,
    Order,
    Short,
    TrueFalse,
)
from quizapp.core.learning.grading import Grade, Response, Verdict, parse_response
from quizapp.core.learning.leech import Advice, advise, is_time_to_tell
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.markup import plain_text, render_passage
from quizapp.core.source.quotes import find_quote
from quizapp.services.grading import grade_any
from quizapp.store import sources as source_store
from quizapp.store.sources import ParagraphRecord
from quizapp.store.study import ReviewRecord, RevisionRecord

_CARDS: TypeAdapter[Card] = TypeAdapter(Card)

RightAnswer = str | bool | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class DeckHead:
    """What a page says of the deck it is in."""

    slug: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A paragraph that a card cites, once or more often: ``html`` is safe, with its ``quotes`` in ``<mark>``.

    ``lost`` lists the quotes that the source no longer holds; ``html`` is blank where all of them are lost.
    """

    source_id: str
    source_title: str
    language: str
    paragraph: int
    html: str
    quotes: tuple[str, ...]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """An answer and all that follows from it. ``repeated``: the same key had been sent before.

    ``leech`` is what helps against a card that was forgotten too often, where it is time to say so; else blank.
    """

    key: str
    deck: DeckHead
    slug: str
    revision: int
    card: Card
    response: Response
    grade: Grade
    rating: Rating
    hint_used: bool
    answered_at: datetime
    due: datetime
    passages: tuple[CitedPassage, ...]
    undone: bool
    repeated: bool
    leech: tuple[Advice, ...] = ()
    deck_id: int = 0

    @property
    def ref(self) -> str:
        """The card's name for the API: ``DECK/CARD``."""
        return f"{self.deck.slug}/{self.slug}"

    @property
    def right_answer(self) -> RightAnswer:
        """The right answer in the shape a response has."""
        return find_right_answer(self.card)


@functools.lru_cache(maxsize=4096)
def read_card(body: str) -> Card:
    """The card that a revision's JSON holds."""
    return _CARDS.validate_json(body)


def head_of(revision: RevisionRecord) -> DeckHead:
    """What the page says of a revision's deck."""
    return DeckHead(revision.deck_slug, revision.deck_title, revision.language)


def find_right_answer(card: Card) -> RightAnswer:
    """The right answer to a card, in the shape a response has."""
    match card:
        case Flashcard() | Choice() | Short() | TrueFalse():
            return card.answer
        case Multiple():
            return list(card.answers)
        case Cloze():
            return [wordings[0] for wordings in parse_cloze(card.text).blanks]
        case Order():
            return list(card.items)
    return dict(card.pairs)


@functools.lru_cache(maxsize=4096)
def _show_passage(place: tuple[str, int], quotes: tuple[str, ...], paragraph: ParagraphRecord | None) -> CitedPassage:
    source, number = place
    if paragraph is None:
        return CitedPassage(source, source, "", number, "", (), quotes)
    text = plain_text(paragraph.text)
    spans = {quote: find_quote(text, quote) for quote in quotes}
    found = sorted(span for places in spans.values() for span in places)
    return CitedPassage(
        source_id=source,
        source_title=paragraph.source_title,
        language=paragraph.language,
        paragraph=number,
        html=render_passage(paragraph.text, found) if found else "",
        quotes=tuple(quote for quote, places in spans.items() if places),
        lost=tuple(quote for quote, places in spans.items() if not places),
    )


def show_passages(session: Session, citations: Sequence[Citation]) -> tuple[CitedPassage, ...]:
    """Each cited paragraph once, in the order of the card's citations, with all its quotes marked."""
    quotes: dict[tuple[str, int], list[str]] = {}
    for citation in citations:
        quotes.setdefault((citation.source, citation.paragraph), []).append(citation.quote)
    paragraphs = source_store.find_paragraphs(session, quotes)
    return tuple(_show_passage(place, tuple(said), paragraphs.get(place)) for place, said in quotes.items())


def show_result(
    session: Session, revision: RevisionRecord, review: ReviewRecord, repeated: bool = False
) -> AnswerResult:
    """The result of a stored answer. What was decided when it was given stands; the details are worked out again."""
    card = read_card(revision.body)
    response = parse_response(card, json.loads(review.response), review.rating)
    details = grade_any(card, response, revision.language)
    graded = replace(details, score=review.score, verdict=Verdict(review.verdict))
    before = MemoryState.from_json(review.state_before) if review.state_before else None
    after = MemoryState.from_json(review.state_after)
    return show_graded(session, revision, review, response, graded, before, after, repeated=repeated)


def show_graded(
    session: Session,
    revision: RevisionRecord,
    review: ReviewRecord,
    response: Response,
    graded: Grade,
    before: MemoryState | None,
    after: MemoryState,
    *,
    repeated: bool = False,
) -> AnswerResult:
    """The result of an answer that was graded just now, between these two states of the card."""
    card = read_card(revision.body)
    return AnswerResult(
        key=review.key,
        deck=head_of(revision),
        slug=revision.card_slug,
        revision=revision.number,
        card=card,
        response=response,
        grade=graded,
        rating=Rating(review.rating),
        hint_used=review.hint_used,
        answered_at=review.answered_at,
        due=after.due,
        passages=show_passages(session, card.citations),
        undone=review.undone_at is not None,
        repeated=repeated,
        leech=advise(after) if is_time_to_tell(before, after) else (),
        deck_id=revision.deck_id,
    )
