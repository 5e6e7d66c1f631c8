"""The first page, and the sign of life."""

from itertools import groupby

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from quizapp.services import decks, health
from quizapp.services.assignments.todo import list_todo
from quizapp.web.context import learner_id, now, reader

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """The decks, with what is new and due."""
    lines = decks.list_decks(reader(), learner_id(), now())
    themes = [(theme, list(group)) for theme, group in groupby(lines, key=lambda line: line.theme)]
    to_do = list_todo(reader(), learner_id(), now(), recent=True)
    first_visit = not any(line.studied for line in lines)
    return render_template("home.html", themes=themes, first_visit=first_visit, todo=to_do)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Whether the app and its database answer; ``read-only`` where the database is damaged and only read."""
    return jsonify(status=health.check(reader(), current_app.config["DATABASE_URL"]))
