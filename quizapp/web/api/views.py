"""The web API, version 1: ``/api/v1``. Its description is at ``/api/v1/openapi.json``."""

from typing import Any, cast

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from quizapp.services import asking, decks, study
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question, QueueEnd
from quizapp.services.results import AnswerResult
from quizapp.web.api.bodies import read_answer_body
from quizapp.web.api.openapi import describe
from quizapp.web.api.problem import make_problem
from quizapp.web.context import came_with_token, now, reader, rules, viewer, writer
from quizapp.web.passages import find_address
from quizapp.web.words import gettext

bp = Blueprint("api", __name__, url_prefix="/api/v1")

_OPEN = frozenset({"api.openapi"})


@bp.before_request
def require_learner() -> ResponseReturnValue | None:
    """Let in whoever has a token or a sign-in; all else is 401."""
    if request.endpoint in _OPEN or viewer() is not None:
        return None
    detail = (
        gettext("This access token is not known. Make a new one on your account page.")
        if came_with_token()
        else gettext("Send an access token: Authorization: Bearer TOKEN.")
    )
    return make_problem(401, gettext("Sign in first"), detail, headers={"WWW-Authenticate": 'Bearer realm="quizapp"'})


def _person() -> Viewer:
    """Who is asking; ``require_learner`` has let nobody else in."""
    return cast(Viewer, viewer())


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The description of this API."""
    return jsonify(describe())


@bp.get("/decks")
def list_decks() -> ResponseReturnValue:
    """All decks, with what is new and due."""
    lines = decks.list_decks(reader(), _person().learner_id, now())
    return jsonify(
        [
            {
                "id": line.slug,
                "title": line.title,
                "theme": line.theme,
                "cards": line.cards,
                "new": line.new,
                "due": line.due + line.learning,
            }
            for line in lines
        ]
    )


def question_json(question: Question) -> dict[str, Any]:
    """A card as asked: nothing that gives the answer away."""
    asked = question.asked
    card: dict[str, Any] = {
        "ref": question.ref,
        "revision": question.revision,
        "type": asked.type,
        "prompt": asked.prompt,
        "language": question.deck.language,
        "hint_available": asked.hint_available,
    }
    if asked.options:
        card["options"] = list(asked.options)
    if asked.blanks:
        card["blanks"], card["text"] = asked.blanks, list(asked.pieces)
    if asked.left:
        card["left"], card["right"] = list(asked.left), list(asked.right)
    counts = {"new": question.counts.new, "learning": question.counts.learning, "due": question.counts.due}
    return {"card": card, "counts": counts}


@bp.get("/decks/<deck>/next")
def next_card(deck: str) -> ResponseReturnValue:
    """The next card of a deck; 204 where nothing is due."""
    asked = asking.next_question(reader(), deck, _person(), rules(), now())
    if isinstance(asked, QueueEnd):
        return Response(status=204)
    return jsonify(question_json(asked))


def result_json(result: AnswerResult) -> dict[str, Any]:
    """What came of an answer."""
    return {
        "key": result.key,
        "card": result.ref,
        "revision": result.revision,
        "correct": result.grade.correct,
        "verdict": result.grade.verdict.value,
        "score": round(result.grade.score, 6),
        "answer": result.right_answer,
        "explanation": result.card.explanation,
        "note": result.card.note,
        "citations": [
            {
                "source": citation.source,
                "paragraph": citation.paragraph,
                "quote": citation.quote,
                "url": find_address(citation.source, citation.paragraph, result.key),
            }
            for citation in result.card.citations
        ],
        "rating": int(result.rating),
        "due": result.due.astimezone(rules().calendar.zone).isoformat(timespec="milliseconds"),
        "undone": result.undone,
    }


@bp.post("/answers")
def answer() -> ResponseReturnValue:
    """Record an answer: 201, or 200 where the same key had brought the same answer before."""
    key, submission = read_answer_body(request)
    person = _person()
    result = study.answer_card(writer(), person, submission, key, rules(), now())
    return jsonify(result_json(result)), 200 if result.repeated else 201


@bp.post("/answers/<key>/undo")
def undo(key: str) -> ResponseReturnValue:
    """Take an answer back."""
    person = _person()
    return jsonify(result_json(study.undo_answer(writer(), person.learner_id, key, now(), rules=rules())))
