"""Cards as they are asked, and the log of answers: queries that never commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, col, select

from quizapp.core.errors import Forbidden
from quizapp.core.messages import say
from quizapp.store.prepared import Prepared
from quizapp.store.tables import (
    AttemptQuestionRow,
    CardRevisionRow,
    CardRow,
    DeckRow,
    FitRow,
    LearnerRow,
    RegradeRow,
    ReviewRow,
    table_of,
)

_deck, _card, _revision = table_of(DeckRow), table_of(CardRow), table_of(CardRevisionRow)
_fit, _learner, _review = table_of(FitRow), table_of(LearnerRow), table_of(ReviewRow)
_regrade, _question = table_of(RegradeRow), table_of(AttemptQuestionRow)


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """A card at one revision, with what the page says of its deck. ``body`` is the card as JSON.

    ``current`` is the number of the revision in use. ``parameters`` are those fitted to the deck, as JSON; blank where
    there are none.
    """

    deck_id: int
    deck_slug: str
    deck_title: str
    language: str
    card_id: int
    card_slug: str
    position: int
    retired: bool
    revision_id: int
    number: int
    current: int
    body: str
    parameters: str

    @property
    def ref(self) -> str:
        """The card's name for people and programs: ``DECK/CARD``."""
        return f"{self.deck_slug}/{self.card_slug}"


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """An answer as stored. ``state_before`` and ``state_after`` are memory states as JSON.

    A blank ``response`` says that the card was reviewed elsewhere, and that the review came with an import.
    """

    learner_id: int
    key: str
    seq: int
    deck_id: int
    card_id: int
    revision_id: int
    answered_at: datetime
    study_day: int
    response: str
    body_digest: str
    score: float
    verdict: str
    rating: int
    hint_used: bool
    confidence: int | None
    shown_ms: int | None
    model: str
    phase_before: str
    interval_before: int
    state_before: str
    state_after: str
    undone_at: datetime | None = None

    @property
    def made_elsewhere(self) -> bool:
        """Whether the review was imported: then there is no answer to show, to grade again or to take back."""
        return not self.response


_LOCK = Prepared(
    sa.select(_learner.c.id, _learner.c.fit_id).where(_learner.c.id == sa.bindparam("learner")).with_for_update()
)


def lock_learner(session: Session, learner_id: int) -> int | None:
    """Let nobody else write for this learner until the transaction ends (SQLite has one writer anyhow).

    Gives the fit that the learner studies by, if any. Raises Forbidden where the learner is gone: deleted, or a guest
    whose answers were added to an account, while another tab or device was still at work.
    """
    found = _LOCK.first(session, {"learner": learner_id})
    if found is None:
        raise Forbidden(say("You are no longer signed in as before. Nothing was recorded; reload the page."))
    fit_id: int | None = found[1]
    return fit_id


_REVISION = (
    sa.select(
        _deck.c.id,
        _deck.c.slug,
        _deck.c.title,
        _deck.c.language,
        _card.c.id,
        _card.c.slug,
        _card.c.position,
        _card.c.retired_at.is_not(None),
        _revision.c.id,
        _revision.c.number,
        _card.c.revision,
        _revision.c.body,
        sa.func.coalesce(_fit.c.parameters, ""),
    )
    .select_from(_deck)
    .join(_card, _card.c.deck_id == _deck.c.id)
    .join(_revision, _revision.c.card_id == _card.c.id)
    .outerjoin(_fit, _fit.c.id == _deck.c.fit_id)
)
_BY_NAME = _REVISION.where(
    _deck.c.slug == sa.bindparam("deck"),
    _card.c.slug == sa.bindparam("card"),
    _revision.c.number == sa.bindparam("revision"),
)
_NAMED = Prepared(_BY_NAME)
# The deck comes first: who has to wait for it gets its card as it is then. Not by FOR KEY SHARE, which on PostgreSQL
# gives a row as it was before, where another transaction has changed it meanwhile and left its keys alone.
_NAMED_LOCKED = Prepared(_BY_NAME.with_for_update(read=True, of=(_deck, _card)))
_CURRENT = Prepared(_REVISION.where(_card.c.id == sa.bindparam("card"), _revision.c.number == _card.c.revision))
_REGRADING = Prepared(
    _REVISION.join(_regrade, (_regrade.c.card_id == _card.c.id) & (_regrade.c.revision == _revision.c.number))
    .where(_card.c.id == sa.bindparam("card"), _regrade.c.revision > sa.bindparam("number"), _regrade.c.again)
    .order_by(_regrade.c.id.desc())
    .limit(1)
)
_GIVEN = Prepared(_REVISION.where(_revision.c.id == sa.bindparam("revision")))


def _one(row: tuple[Any, ...] | None) -> RevisionRecord:
    if row is None:
        raise NoResultFound("there is no such revision")
    return RevisionRecord(*row)


def find_revision(session: Session, deck_slug: str, card_slug: str, number: int) -> RevisionRecord | None:
    """A card of a deck at one revision, whether in use or retired."""
    row = _NAMED.first(session, {"deck": deck_slug, "card": card_slug, "revision": number})
    return None if row is None else RevisionRecord(*row)


def lock_revision(session: Session, deck_slug: str, card_slug: str, number: int) -> RevisionRecord | None:
    """The same, and nobody changes the deck until the transaction ends. To be called before a learner is locked."""
    row = _NAMED_LOCKED.first(session, {"deck": deck_slug, "card": card_slug, "revision": number})
    return None if row is None else RevisionRecord(*row)


def get_current_revision(session: Session, card_id: int) -> RevisionRecord:
    """A card that is there, at its current revision."""
    return _one(_CURRENT.first(session, {"card": card_id}))


def get_revision(session: Session, revision_id: int) -> RevisionRecord:
    """The revision that a review names."""
    return _one(_GIVEN.first(session, {"revision": revision_id}))


def find_regrading_revision(session: Session, card_id: int, number: int) -> RevisionRecord | None:
    """The words by which answers to this revision of a card are to be graded, if a teacher has decided so since."""
    row = _REGRADING.first(session, {"card": card_id, "number": number})
    return None if row is None else RevisionRecord(*row)


def has_card(session: Session, deck_slug: str, card_slug: str) -> bool:
    """Whether the deck has, or had, this card."""
    found = (
        select(CardRow.id)
        .join(DeckRow, col(DeckRow.id) == col(CardRow.deck_id))
        .where(DeckRow.slug == deck_slug, CardRow.slug == card_slug)
    )
    return session.exec(found).first() is not None


REVIEW_FIELDS = tuple(ReviewRecord.__dataclass_fields__)
"""The columns of the log, which are the fields of its records."""


_REVIEW = sa.select(*(_review.c[name] for name in REVIEW_FIELDS))
_mine = _review.c.learner_id == sa.bindparam("learner")
_BY_KEY = Prepared(_REVIEW.where(_mine, _review.c.key == sa.bindparam("key")))
_ASKED_IN_TEST = (
    sa.exists()
    .where(_question.c.learner_id == _review.c.learner_id, _question.c.card_id == _review.c.card_id)
    .correlate(_review)
)
_LATEST = Prepared(
    sa.select(_review.c.key, _review.c.response, _review.c.card_id, _ASKED_IN_TEST)
    .where(_mine, _review.c.deck_id == sa.bindparam("deck"), _review.c.undone_at.is_(None))
    .order_by(_review.c.seq.desc())
    .limit(1)
)
_LATER = Prepared(
    sa.select(_review.c.seq)
    .where(
        _mine,
        _review.c.card_id == sa.bindparam("card"),
        _review.c.seq > sa.bindparam("seq"),
        _review.c.undone_at.is_(None),
    )
    .limit(1)
)
_HIGHEST = Prepared(sa.select(sa.func.max(_review.c.seq)).where(_mine))
_ADD = Prepared(sa.insert(_review).values({name: sa.bindparam(name) for name in REVIEW_FIELDS}))


def find_review(session: Session, learner_id: int, key: str) -> ReviewRecord | None:
    """A learner's answer by its key, whether it counts or was taken back."""
    row = _BY_KEY.first(session, {"learner": learner_id, "key": key})
    return None if row is None else ReviewRecord(*row)


@dataclass(frozen=True, slots=True)
class LatestAnswer:
    """The last answer in a deck that counts. ``tested``: its card was asked in a test, too, so it may be from there."""

    key: str
    card_id: int
    tested: bool


def find_latest(session: Session, learner_id: int, deck_id: int) -> LatestAnswer | None:
    """The last answer of a learner in a deck that counts; None where that is a review made elsewhere."""
    found = _LATEST.first(session, {"learner": learner_id, "deck": deck_id})
    return LatestAnswer(found[0], found[2], bool(found[3])) if found is not None and found[1] else None


def has_later_review(session: Session, learner_id: int, card_id: int, seq: int) -> bool:
    """Whether a later answer to the same card counts."""
    return _LATER.first(session, {"learner": learner_id, "card": card_id, "seq": seq}) is not None


def next_seq(session: Session, learner_id: int) -> int:
    """The number of a learner's next answer. Lock the learner first."""
    return int(_HIGHEST.value(session, {"learner": learner_id}) or 0) + 1


def add_review(session: Session, review: ReviewRecord) -> None:
    """Write an answer into the log."""
    _ADD.run(session, {name: getattr(review, name) for name in REVIEW_FIELDS})


def mark_undone(session: Session, learner_id: int, key: str, now: datetime) -> None:
    """Take an answer back: it stays in the log and counts nowhere."""
    session.execute(
        sa.update(_review).where(_review.c.learner_id == learner_id, _review.c.key == key).values(undone_at=now)
    )
