"""Fits of the memory model: what there is to learn from, what was found, and who uses it. Queries that never commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import (
    AccountRow,
    CardRow,
    ClassMemberRow,
    ClassRow,
    DeckRow,
    FitRow,
    LearnerRow,
    ReviewRow,
    table_of,
)

_fit, _learner, _review = table_of(FitRow), table_of(LearnerRow), table_of(ReviewRow)
_deck, _card, _class, _member = table_of(DeckRow), table_of(CardRow), table_of(ClassRow), table_of(ClassMemberRow)
_account = table_of(AccountRow)


@dataclass(frozen=True, slots=True)
class NewFit:
    """A fit as it was found: see ``FitRow``."""

    scope: str
    subject_id: int
    outcome: str
    parameters: str
    prior: str
    reviews: int
    held_out: int
    log_loss: float
    log_loss_before: float
    log_loss_average: float
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FitRecord(NewFit):
    """A fit as it is stored."""

    id: int


@dataclass(frozen=True, slots=True)
class FitAnswer:
    """An answer as fitting looks at it: ``at`` in milliseconds since 1970 UTC, ``day`` the ordinal of the study day."""

    learner_id: int
    card_id: int
    deck_id: int
    rating: int
    at: int
    day: int


@dataclass(frozen=True, slots=True)
class InUse:
    """What a learner studies by: the fit's scope, parameters and prior, blank where there is none."""

    scope: str = ""
    parameters: str = ""
    prior: str = ""


_FIELDS = tuple(field.name for field in fields(FitRecord))
_COLUMNS = tuple(_fit.c[name] for name in _FIELDS)


def _members(class_id: int) -> sa.Select[tuple[int]]:
    return sa.select(_member.c.learner_id).where(_member.c.class_id == class_id, _member.c.left_at.is_(None))


def _classes(learner_id: int) -> sa.Select[tuple[int]]:
    return (
        sa.select(_member.c.class_id)
        .join(_class, _class.c.id == _member.c.class_id)
        .where(_member.c.learner_id == learner_id, _member.c.left_at.is_(None), _class.c.archived_at.is_(None))
    )


def _answers_of(scope: str, subject_id: int) -> sa.ColumnElement[bool]:
    if scope == "learner":
        return _review.c.learner_id == subject_id
    if scope == "class":
        return _review.c.learner_id.in_(_members(subject_id))
    return _review.c.deck_id == subject_id


def list_answers(session: Session, scope: str, subject_id: int) -> list[FitAnswer]:
    """The answers that count, by learner and card, each card's in their order."""
    rows = session.execute(
        sa.select(
            *(_review.c.learner_id, _review.c.card_id, _review.c.deck_id, _review.c.rating),
            *(sa.type_coerce(_review.c.answered_at, sa.BigInteger), _review.c.study_day),
        )
        .where(_answers_of(scope, subject_id), _review.c.undone_at.is_(None))
        .order_by(_review.c.learner_id, _review.c.card_id, _review.c.seq)
    )
    return [FitAnswer(*row) for row in rows]


def count_class_answers(session: Session, class_id: int) -> int:
    """About how many answers a class has given: the sum of its members' last numbers, each the end of an index."""
    last = (
        sa.select(sa.func.max(_review.c.seq))
        .where(_review.c.learner_id == _member.c.learner_id)
        .correlate(_member)
        .scalar_subquery()
    )
    query = sa.select(last).where(_member.c.class_id == class_id, _member.c.left_at.is_(None))
    return sum(seq or 0 for seq in session.execute(query).scalars())


def list_in_use(session: Session, learner_ids: Iterable[int]) -> dict[int, InUse]:
    """What each of these learners studies by."""
    wanted = set(learner_ids)
    rows = session.execute(
        sa.select(_learner.c.id, _fit.c.scope, _fit.c.parameters, _fit.c.prior).join(
            _fit, _fit.c.id == _learner.c.fit_id
        )
    )
    found = {learner_id: InUse(*fit) for learner_id, *fit in rows if learner_id in wanted}
    return {learner_id: found.get(learner_id, InUse()) for learner_id in wanted}


def list_deck_parameters(session: Session) -> dict[int, str]:
    """The parameters that are fitted to decks, as JSON, by the decks' ids."""
    rows = session.execute(sa.select(_deck.c.id, _fit.c.parameters).join(_fit, _fit.c.id == _deck.c.fit_id))
    return {row.id: row.parameters for row in rows}


def list_refs(session: Session, deck_ids: Iterable[int]) -> dict[int, str]:
    """The names ``DECK/CARD`` of all cards of these decks, by id."""
    rows = session.execute(
        sa.select(_card.c.id, _deck.c.slug, _card.c.slug)
        .join(_deck, _deck.c.id == _card.c.deck_id)
        .where(_card.c.deck_id.in_(list(deck_ids)))
    )
    return {card_id: f"{deck}/{card}" for card_id, deck, card in rows}


def add_fit(session: Session, fit: NewFit) -> int:
    """Keep a fit; gives its id."""
    row = FitRow(**{field.name: getattr(fit, field.name) for field in fields(NewFit)})
    session.add(row)
    session.flush()
    return int(row.id or 0)


def find_last_fit(
    session: Session, scope: str, subject_ids: Sequence[int], outcome: str | None = None
) -> FitRecord | None:
    """The last fit made for any of these learners, classes or decks; only of this outcome where one is given."""
    query = sa.select(*_COLUMNS).where(_fit.c.scope == scope, _fit.c.subject_id.in_(subject_ids))
    if outcome is not None:
        query = query.where(_fit.c.outcome == outcome)
    row = session.execute(query.order_by(_fit.c.id.desc()).limit(1)).first()
    return None if row is None else FitRecord(**dict(zip(_FIELDS, row, strict=True)))


def find_fit_in_use(session: Session, learner_id: int) -> FitRecord | None:
    """The fit that a learner studies by."""
    row = session.execute(
        sa.select(*_COLUMNS).join(_learner, _learner.c.fit_id == _fit.c.id).where(_learner.c.id == learner_id)
    ).first()
    return None if row is None else FitRecord(**dict(zip(_FIELDS, row, strict=True)))


def choose_fit(session: Session, learner_id: int) -> FitRecord | None:
    """The fit that a learner should study by: the last kept one of the learner's own, else of the learner's classes."""
    return find_last_fit(session, "learner", [learner_id], "kept") or find_last_fit(
        session, "class", list_classes(session, learner_id), "kept"
    )


def list_classes(session: Session, learner_id: int) -> list[int]:
    """The ids of the classes in which a learner is now."""
    return list(session.execute(_classes(learner_id)).scalars())


def list_followers(session: Session, scope: str, subject_id: int) -> list[int]:
    """Who would study by a kept fit of a class or a deck: those concerned who have no fit of their own.

    For a deck, these are all who have answered in it and have no fit at all.
    """
    own = sa.select(_fit.c.id).where(_fit.c.scope == "learner")
    if scope == "class":
        free = (_learner.c.fit_id.is_(None) | _learner.c.fit_id.not_in(own)) & _learner.c.id.in_(_members(subject_id))
    else:
        answered = sa.exists().where(_review.c.learner_id == _learner.c.id, _review.c.deck_id == subject_id)
        free = _learner.c.fit_id.is_(None) & answered
    return list(session.execute(sa.select(_learner.c.id).where(free).order_by(_learner.c.id)).scalars())


def list_waiting_for_class_fit(session: Session) -> list[int]:
    """Members of classes with a kept fit who have no fit at all: most of them came after it was made."""
    kept = sa.exists().where(_fit.c.scope == "class", _fit.c.subject_id == _member.c.class_id, _fit.c.outcome == "kept")
    query = (
        sa.select(_learner.c.id)
        .join(_member, _member.c.learner_id == _learner.c.id)
        .join(_class, _class.c.id == _member.c.class_id)
        .where(_learner.c.fit_id.is_(None), _member.c.left_at.is_(None), _class.c.archived_at.is_(None), kept)
        .distinct()
        .order_by(_learner.c.id)
    )
    return list(session.execute(query).scalars())


def set_learner_fit(session: Session, learner_id: int, fit_id: int | None) -> None:
    """Let a learner study by a fit; None: by the deck's, or the school's."""
    session.execute(sa.update(_learner).where(_learner.c.id == learner_id).values(fit_id=fit_id))


def set_deck_fit(session: Session, deck_id: int, fit_id: int) -> None:
    """Let whoever has no fit study a deck by this one."""
    session.execute(sa.update(_deck).where(_deck.c.id == deck_id).values(fit_id=fit_id))


def has_subject(session: Session, scope: str, subject_id: int) -> bool:
    """Whether this learner, class or deck is there."""
    table = {"learner": _learner, "class": _class, "deck": _deck}[scope]
    return session.execute(sa.select(table.c.id).where(table.c.id == subject_id)).first() is not None


def find_subject(session: Session, scope: str, name: str) -> int | None:
    """The id behind the name of an account (as its key), the handle of a class, or the slug of a deck."""
    query = {
        "learner": sa.select(_account.c.learner_id).where(_account.c.name_key == name),
        "class": sa.select(_class.c.id).where(_class.c.handle == name),
        "deck": sa.select(_deck.c.id).where(_deck.c.slug == name),
    }[scope]
    return session.execute(query).scalar_one_or_none()
