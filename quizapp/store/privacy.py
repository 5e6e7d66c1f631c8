"""What the school chose about privacy, who asked to be deleted, who was last here when. Queries that never commit."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from quizapp.store.tables import (
    AccountRow,
    ClassMemberRow,
    ErasureRequestRow,
    LastSeenRow,
    LearnerRow,
    PrivacyChoiceRow,
    table_of,
)

_choice, _request, _seen = table_of(PrivacyChoiceRow), table_of(ErasureRequestRow), table_of(LastSeenRow)
_learner, _account, _member = table_of(LearnerRow), table_of(AccountRow), table_of(ClassMemberRow)


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A wish to be deleted. ``name`` is that of the account; None for a guest."""

    learner_id: int
    handle: str
    name: str | None
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A learner, and the account if there is one."""

    learner_id: int
    handle: str
    account_id: int | None
    name: str | None
    role: str


def list_choices(session: Session) -> dict[str, int]:
    """What was chosen, by name."""
    return {row.name: row.value for row in session.execute(sa.select(_choice.c.name, _choice.c.value))}


def save_choice(session: Session, name: str, value: int) -> None:
    """Choose something."""
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    new = make(_choice).values(name=name, value=value)
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def find_person(session: Session, learner_id: int) -> PersonRecord | None:
    """The learner with this id."""
    row = session.execute(_PEOPLE.where(_learner.c.id == learner_id)).first()
    return None if row is None else PersonRecord(*row)


def find_person_by_name(session: Session, name_key: str) -> PersonRecord | None:
    """The learner whose account has this name, in the form of ``core.names.name_key``."""
    row = session.execute(_PEOPLE.where(_account.c.name_key == name_key)).first()
    return None if row is None else PersonRecord(*row)


_PEOPLE = sa.select(
    _learner.c.id,
    _learner.c.handle,
    _account.c.id,
    _account.c.name,
    sa.func.coalesce(_account.c.role, "guest"),
).outerjoin_from(_learner, _account, _account.c.learner_id == _learner.c.id)

_REQUESTS = (
    sa.select(_request.c.learner_id, _learner.c.handle, _account.c.name, _request.c.asked_at, _request.c.due_at)
    .join_from(_request, _learner, _learner.c.id == _request.c.learner_id)
    .outerjoin(_account, _account.c.learner_id == _learner.c.id)
    .order_by(_request.c.due_at, _request.c.learner_id)
)


def add_request(session: Session, learner_id: int, now: datetime, due_at: datetime) -> bool:
    """Ask to be deleted; False where that was asked before, and stays as it was."""
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    new = make(_request).values(learner_id=learner_id, asked_at=now, due_at=due_at).on_conflict_do_nothing()
    return session.execute(new.returning(_request.c.learner_id)).first() is not None


def remove_request(session: Session, learner_id: int) -> bool:
    """Take the wish back; says whether there was one."""
    gone = sa.delete(_request).where(_request.c.learner_id == learner_id).returning(_request.c.learner_id)
    return session.execute(gone).first() is not None


def find_request(session: Session, learner_id: int) -> RequestRecord | None:
    """Whether and when a learner asked to be deleted."""
    row = session.execute(_REQUESTS.where(_request.c.learner_id == learner_id)).first()
    return None if row is None else RequestRecord(*row)


def list_requests(session: Session, class_id: int | None = None, most: int = 200) -> list[RequestRecord]:
    """Who asked to be deleted, the first due first; of one class's students now, where one is named."""
    query = _REQUESTS.limit(most)
    if class_id is not None:
        now_in = sa.select(_member.c.learner_id).where(_member.c.class_id == class_id, _member.c.left_at.is_(None))
        query = query.where(_request.c.learner_id.in_(now_in))
    return [RequestRecord(*row) for row in session.execute(query)]


def list_due(session: Session, now: datetime, most: int = 100) -> list[int]:
    """Learners whose deletion is due."""
    return list(session.execute(sa.select(_request.c.learner_id).where(_request.c.due_at <= now).limit(most)).scalars())


def list_unseen_members(session: Session, class_id: int, before: datetime) -> list[tuple[int, datetime]]:
    """Students of a class with an account of a student who were last here before this time, and when."""
    rows = session.execute(
        sa.select(_seen.c.learner_id, _seen.c.at)
        .join_from(_seen, _member, _member.c.learner_id == _seen.c.learner_id)
        .join(_account, _account.c.learner_id == _seen.c.learner_id)
        .where(_member.c.class_id == class_id, _member.c.left_at.is_(None), _account.c.role == "student")
        .where(_seen.c.at < before)
        .order_by(_seen.c.at)
    )
    return [(learner_id, at) for learner_id, at in rows]
