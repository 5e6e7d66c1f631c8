"""What authors did with suggestions, and what a language model suggested: queries that never commit."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import ModelSuggestionRow, SuggestionMarkRow, table_of

_mark, _model = table_of(SuggestionMarkRow), table_of(ModelSuggestionRow)


@dataclass(frozen=True, slots=True)
class Desk:
    """The draft and the source that suggestions are for."""

    draft_id: int
    source_id: str


@dataclass(frozen=True, slots=True)
class ModelSuggestion:
    """A model's suggestion as stored; ``body`` is the card as JSON."""

    key: str
    kind: str
    paragraph: int
    body: str


def list_marks(session: Session, desk: Desk) -> dict[str, str]:
    """The keys that are not shown again, and what was done with them: ``left`` or ``taken``."""
    query = sa.select(_mark.c.key, _mark.c.state).where(*_of(_mark, desk))
    return {str(row.key): str(row.state) for row in session.execute(query)}


def _of(table: sa.Table, desk: Desk) -> Sequence[sa.ColumnElement[bool]]:
    return (table.c.draft_id == desk.draft_id, table.c.source_id == desk.source_id)


def remove_marks(session: Session, desk: Desk, keys: Iterable[str]) -> None:
    """Show suggestions again."""
    session.execute(sa.delete(_mark).where(*_of(_mark, desk), _mark.c.key.in_(list(keys))))


def set_marks(session: Session, desk: Desk, keys: Sequence[str], state: str, now: datetime) -> None:
    """Keep what was done with some suggestions, whatever was done with them before."""
    remove_marks(session, desk, keys)
    rows = [{**asdict(desk), "key": key, "state": state, "at": now} for key in dict.fromkeys(keys)]
    if rows:
        session.execute(sa.insert(_mark), rows)


_FIELDS = tuple(ModelSuggestion.__dataclass_fields__)


def list_model_suggestions(session: Session, desk: Desk) -> list[ModelSuggestion]:
    """What a model suggested last, in the order of the text."""
    query = sa.select(*(_model.c[name] for name in _FIELDS)).where(*_of(_model, desk))
    rows = session.execute(query.order_by(_model.c.paragraph, _model.c.key))
    return [ModelSuggestion(*row) for row in rows]


def replace_model_suggestions(
    session: Session, desk: Desk, suggestions: Sequence[ModelSuggestion], now: datetime
) -> None:
    """Keep what a model suggested now, in the place of what it suggested before."""
    session.execute(sa.delete(_model).where(*_of(_model, desk)))
    rows = [{**asdict(desk), **asdict(one), "asked_at": now} for one in suggestions]
    if rows:
        session.execute(sa.insert(_model), rows)
