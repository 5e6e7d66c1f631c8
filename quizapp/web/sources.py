"""The texts, to be read."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.errors import NotFound
from quizapp.services import sources, study
from quizapp.services.accounts import Role
from quizapp.services.assessments.holding import HeldBack
from quizapp.services.results import AnswerResult
from quizapp.services.sources import ShownBlock
from quizapp.web.context import learner_id, now, reader, viewer

bp = Blueprint("sources", __name__, url_prefix="/sources")


def _teaches() -> bool:
    person = viewer()
    return person is not None and person.role in (Role.TEACHER, Role.ADMIN)


@bp.get("")
def index() -> ResponseReturnValue:
    """All texts."""
    shown = sources.list_sources(reader(), learner_id(), published_only=not _teaches())
    return render_template("sources/index.html", sources=shown)


def _find_answer() -> AnswerResult | None:
    """The viewer's own answer that the address names; any other name is passed over, so that old links still read.

    So is one to a card that waits for a test to be over: its passage would tell.
    """
    key = request.args.get("answer")
    if not key:
        return None
    try:
        found = study.view_result(reader(), learner_id(), key, now())
    except (NotFound, HeldBack):
        return None
    return None if found.undone else found


def _block_view(block: ShownBlock) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "level": block.level,
        "number": block.number,
        "html": Markup(block.html),  # noqa: S704 - made by core.markup
        "cards": block.cards,
        "studied": block.studied,
        "recalled": block.recalled / block.studied if block.studied else None,
    }


@bp.get("/<source_id>")
def read(source_id: str) -> ResponseReturnValue:
    """A text, its paragraphs numbered, marked with what the viewer has studied."""
    answer = _find_answer()
    shown = sources.read_source(reader(), source_id, learner_id(), answer, published_only=not _teaches())
    back = None
    if answer is not None:
        url = url_for("study.verdict", deck=answer.deck.slug, key=answer.key)
        back = {"deck": answer.deck, "slug": answer.slug, "url": url}
    return render_template(
        "sources/read.html", source=shown.source, blocks=[_block_view(block) for block in shown.blocks], answer=back
    )
