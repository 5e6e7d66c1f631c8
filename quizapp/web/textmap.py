"""The map of a text for a class: the text shaded by what is remembered of it, and what to teach again."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.services import textmap
from quizapp.services.textmap import TextMap
from quizapp.web.classes_guard import require_sign_in
from quizapp.web.context import now, reader, services, viewer

bp = Blueprint("textmap", __name__)
bp.before_request(require_sign_in)


@bp.get("/classes/<handle>/texts")
def index(handle: str) -> ResponseReturnValue:
    """The texts that have a map."""
    taught, lines = textmap.list_maps(reader(), viewer(), handle)
    return render_template("textmap/index.html", taught=taught, lines=lines)


def _read(handle: str, source: str, *, to_teach: bool = False) -> TextMap:
    args = request.args
    return textmap.read_text_map(
        reader(),
        viewer(),
        handle,
        source,
        services().rules,
        now(),
        student=args.get("student", ""),
        at=args.get("at", ""),
        to_teach=to_teach,
    )


@bp.get("/classes/<handle>/texts/<source>")
def show(handle: str, source: str) -> ResponseReturnValue:
    """The map; with ``at``, the cards of one sentence and what was answered wrongly."""
    drawn = _read(handle, source)
    return render_template("textmap/show.html", map=drawn, taught=drawn.taught)


@bp.get("/classes/<handle>/texts/<source>/again")
def again(handle: str, source: str) -> ResponseReturnValue:
    """What to teach again, to print."""
    drawn = _read(handle, source, to_teach=True)
    return render_template("textmap/again.html", map=drawn, taught=drawn.taught)
