"""What is older than the school keeps it: counted, and taken out. Queries that never commit."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from quizapp.store.tables import (
    AccessTokenRow,
    AccountRow,
    AnonymousLearnerRow,
    AuditRow,
    JobRow,
    LastSeenRow,
    LearnerRow,
    PracticeAnswerRow,
    ReviewRow,
    SignInRow,
    ThrottleRow,
    table_of,
)

_learner, _account, _seen = table_of(LearnerRow), table_of(AccountRow), table_of(LastSeenRow)
_sign_in, _token, _review = table_of(SignInRow), table_of(AccessTokenRow), table_of(ReviewRow)
_practice, _nobody = table_of(PracticeAnswerRow), table_of(AnonymousLearnerRow)
_audit, _job, _throttle = table_of(AuditRow), table_of(JobRow), table_of(ThrottleRow)


def _keep(session: Session, found: "sa.Select[tuple[int, datetime]]") -> None:
    """Write down when learners were here, unless something later is written down already."""
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    new = make(_seen).from_select(["learner_id", "at"], found)
    later = sa.case((new.excluded.at > _seen.c.at, new.excluded.at), else_=_seen.c.at)
    session.execute(new.on_conflict_do_update(index_elements=["learner_id"], set_={"at": later}))


def note_last_seen(session: Session) -> None:
    """Write down when learners were last here, as far as sign-ins and tokens tell; of new learners, all that tells."""
    last = sa.func.max(_sign_in.c.seen_at)
    _keep(session, sa.select(_sign_in.c.learner_id, last).where(sa.true()).group_by(_sign_in.c.learner_id))
    used = sa.func.max(_token.c.used_at)
    joined = sa.join(_token, _account, _account.c.id == _token.c.account_id)
    _keep(
        session,
        sa.select(_account.c.learner_id, used)
        .select_from(joined)
        .where(_token.c.used_at.is_not(None))
        .group_by(_account.c.learner_id),
    )
    unknown = _learner.c.id.not_in(sa.select(_seen.c.learner_id)) & _learner.c.id.not_in(
        sa.select(_nobody.c.learner_id)
    )
    answered = sa.select(sa.func.max(_review.c.answered_at)).where(_review.c.learner_id == _learner.c.id)
    since = sa.func.coalesce(answered.scalar_subquery(), _learner.c.created_at, type_=_seen.c.at.type)
    _keep(session, sa.select(_learner.c.id, since).where(unknown))


def _was_here(table: sa.Table, cut: datetime) -> sa.ColumnElement[bool]:
    """Whether anything of a learner is newer than this in a table of answers: the night's list may be older."""
    return sa.exists().where(table.c.learner_id == _learner.c.id, table.c.answered_at >= cut)


def _is_unseen(cut: datetime, *, guests: bool) -> sa.ColumnElement[bool]:
    role = _account.c.id.is_(None) if guests else _account.c.role == "student"
    signed_in = sa.exists().where(_sign_in.c.learner_id == _learner.c.id, _sign_in.c.seen_at >= cut)
    by_program = sa.exists().where(_token.c.account_id == _account.c.id, _token.c.used_at >= cut)
    here = signed_in | by_program | _was_here(_review, cut) | _was_here(_practice, cut)
    nobody = _learner.c.id.in_(sa.select(_nobody.c.learner_id))
    return role & (_seen.c.at < cut) & ~here & ~nobody


def _unseen(cut: datetime, *, guests: bool) -> "sa.Select[tuple[int]]":
    return (
        sa.select(_learner.c.id)
        .join_from(_learner, _seen, _seen.c.learner_id == _learner.c.id)
        .outerjoin(_account, _account.c.learner_id == _learner.c.id)
        .where(_is_unseen(cut, guests=guests))
    )


def list_unseen(session: Session, cut: datetime, most: int, *, guests: bool) -> list[int]:
    """Students with an account, or guests, who have not been here since ``cut``, as written down by the last night."""
    return list(session.execute(_unseen(cut, guests=guests).order_by(_seen.c.at).limit(most)).scalars())


def count_unseen(session: Session, cut: datetime, *, guests: bool) -> int:
    """How many they are."""
    found = _unseen(cut, guests=guests).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(found)).scalar_one())


def is_unseen(session: Session, learner_id: int, cut: datetime, *, guest: bool) -> bool:
    """Whether a learner has not been here since ``cut``."""
    query = _unseen(cut, guests=guest).where(_learner.c.id == learner_id)
    return session.execute(query).first() is not None


def _is_old(name: str, cut: datetime) -> sa.ColumnElement[bool]:
    return {
        "sign_ins": _sign_in.c.expires_at < cut,
        "audit": _audit.c.at < cut,
        "jobs": _job.c.state.in_(("done", "failed")) & (_job.c.ended_at < cut),
        "throttles": _throttle.c.updated_at < cut,
    }[name]


_OLD = {"sign_ins": _sign_in, "audit": _audit, "jobs": _job, "throttles": _throttle}


def count_old(session: Session, name: str, cut: datetime) -> int:
    """How many rows are older than the cut: ``sign_ins`` that ran out before it, ``audit``, ``jobs``, ``throttles``."""
    counted = sa.select(sa.func.count()).select_from(_OLD[name]).where(_is_old(name, cut))
    return int(session.execute(counted).scalar_one())


def remove_old(session: Session, name: str, cut: datetime) -> None:
    """Take them out."""
    session.execute(sa.delete(_OLD[name]).where(_is_old(name, cut)))


def was_swept(session: Session, kind: str, subject: str) -> bool:
    """Whether a job of this kind and subject is there, in whatever state."""
    return (
        session.execute(sa.select(_job.c.id).where(_job.c.kind == kind, _job.c.subject == subject)).first() is not None
    )
