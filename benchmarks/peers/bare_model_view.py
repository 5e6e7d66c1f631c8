"""The bare view of bare_view.py in this project's own stack: SQLModel in the place of the driver's own statements.

One session a request, one card found by its slug, one answer added, as the documentation of SQLModel shows it; the same
worker, the same driver and the same PRAGMAs. ``BARE_MODEL_DATABASE`` names the SQLite file.
"""

import os
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, request
from pysqlite3 import dbapi2 as sqlite
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = Flask(__name__)
engine = create_engine(f"sqlite:///{os.environ['BARE_MODEL_DATABASE']}", module=sqlite)


class BareCard(SQLModel, table=True):
    """What is read."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    body: str


class BareAnswer(SQLModel, table=True):
    """What is written."""

    key: str = Field(primary_key=True)
    card_id: int
    response: str


@sa.event.listens_for(engine, "connect")
def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins, below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


@sa.event.listens_for(engine, "begin")
def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def fill(cards: int) -> None:
    """Make the tables, and so many cards."""
    tables = [SQLModel.metadata.tables[name] for name in ("barecard", "bareanswer")]
    SQLModel.metadata.create_all(engine, tables)
    with Session(engine) as session:
        session.add_all(BareCard(slug=f"c{number}", body="heron") for number in range(cards))
        session.commit()


@app.post("/<slug>")
def answer(slug: str) -> Response:
    """Look a card up, write an answer down, and say what the card holds."""
    with Session(engine) as session:
        card = session.exec(select(BareCard).where(BareCard.slug == slug)).one()
        body = card.body
        session.add(BareAnswer(key=request.form["key"], card_id=card.id, response=request.form["response"]))
        session.commit()
    return Response(f"<p>{body}</p>", mimetype="text/html")
