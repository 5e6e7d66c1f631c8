"""The rows of a table that are one person's, as their export has them. Queries that never commit.

Which tables and columns, the inventory says. Numbers that lead to other tables are shown as what people know: names of
decks, cards and classes.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.privacy.files import Value, asks
from quizapp.core.privacy.model import Column, Owner, Table
from quizapp.store.privacy_audit import is_about
from quizapp.store.tables import SQLModel

BATCH = 2_000
_BLANKS = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_DAYS = {
    ("review", "study_day"),
    *(("exam_plan", name) for name in ("day", "planned_from")),
    *(("exam_forecast", name) for name in ("first_day", "day", "start_by", "lost_since")),
}
"""Columns that hold the ordinals of days."""
_ORDER = {"review": ("seq",), "audit": ("id",), "fit": ("id",)}
"""Columns that go up with time and name a row; elsewhere the key does."""
_REFERENCES = {
    "deck_id": ("deck", "slug"),
    "class_id": ("class", "name"),
    "assessment_id": ("assessment", "title"),
    "assignment_id": ("assignment", "title"),
    "group_id": ("class_group", "name"),
    "plan_id": ("exam_plan", "title"),
    "draft_id": ("draft", "slug"),
    "revision_id": ("card_revision", "number"),
}


def _table(name: str) -> sa.Table:
    return SQLModel.metadata.tables[name]


def _look_up(target: str, column: str, key: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    there = _table(target).alias()
    return sa.select(there.c[column]).where(there.c.id == key).scalar_subquery()


def _show_card(key: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    card, deck = _table("card").alias(), _table("deck").alias()
    ref = deck.c.slug + sa.literal("/") + card.c.slug
    return sa.select(ref).join_from(card, deck, deck.c.id == card.c.deck_id).where(card.c.id == key).scalar_subquery()


def _show(table: Table, column: Column) -> sa.ColumnElement[Any]:
    stored = _table(table.name).c[column.name]
    if column.name == "card_id":
        return _show_card(stored)
    if column.name in _REFERENCES and stored.foreign_keys:
        return _look_up(*_REFERENCES[column.name], stored)
    return stored


def _is_theirs(table: Table, learner_id: int, account_id: int | None) -> sa.ColumnElement[bool]:
    stored = _table(table.name)
    if table.name == "audit":
        return is_about(learner_id)
    if table.name == "fit":
        return (stored.c.scope == "learner") & (stored.c.subject_id == learner_id)
    if table.name == "regraded_answer":
        # What was graded again in a test is told when the answer itself is: before, the test may keep it back.
        review = _table("review")
        told = sa.exists().where(review.c.learner_id == learner_id, review.c.key == stored.c.review_key)
        return (stored.c.learner_id == learner_id) & told
    if table.owner is Owner.ACCOUNT:
        return stored.c.account_id == (account_id or -1)
    return stored.c[table.owner.value] == learner_id


def _say_question(body: str | None) -> str:
    """What a card asks; never what belongs into its blanks."""
    card = json.loads(body or "{}")
    parts = (str(card.get("prompt") or ""), _BLANKS.sub("____", str(card.get("text") or "")))
    return " ".join(" ".join(parts).split())


def _read(table: Table, row: Sequence[Any]) -> list[Value]:
    """A row as the export has it; days and JSON are made readable."""
    values: list[Value] = list(row)
    for place, column in enumerate(table.exported):
        if (table.name, column.name) in _DAYS and values[place] is not None:
            values[place] = date.fromordinal(int(row[place]))
    if asks(table):
        values[-1] = _say_question(row[-1])
    return values


def list_rows(session: Session, table: Table, learner_id: int, account_id: int | None) -> Iterator[list[Value]]:
    """The rows in a fixed order, in the columns of ``core.privacy.files.list_names``.

    They are read in batches, each in a transaction of its own, so that a slow download holds nobody up.
    """
    stored = _table(table.name)
    order = [stored.c[name] for name in _ORDER.get(table.name, [column.name for column in stored.primary_key])]
    columns = [_show(table, column) for column in table.exported]
    if asks(table):
        columns.append(_look_up("card_revision", "body", stored.c.revision_id))
    query = (
        sa.select(*order, *(column.label(f"shown_{place}") for place, column in enumerate(columns)))
        .where(_is_theirs(table, learner_id, account_id))
        .order_by(*order)
        .limit(BATCH)
    )
    last: tuple[Any, ...] | None = None
    while True:
        later = query if last is None else query.where(sa.tuple_(*order) > sa.tuple_(*_bind(order, last)))
        rows = session.execute(later).all()
        session.rollback()
        for row in rows:
            yield _read(table, row[len(order) :])
        if len(rows) < BATCH:
            return
        last = tuple(rows[-1][: len(order)])


def _bind(order: Sequence[sa.Column[Any]], values: tuple[Any, ...]) -> list[sa.ColumnElement[Any]]:
    return [sa.literal(value, column.type) for column, value in zip(order, values, strict=True)]


def count_rows(session: Session, table: Table, learner_id: int, account_id: int | None) -> int:
    """How many rows of a table are theirs."""
    counted = sa.select(sa.func.count()).select_from(_table(table.name))
    return int(session.execute(counted.where(_is_theirs(table, learner_id, account_id))).scalar_one())
