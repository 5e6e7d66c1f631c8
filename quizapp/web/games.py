"""Two games with cards, for those who like them: off the record, so nothing here is stored.

What the server must know of a game travels, signed, with the page. It names the cards; how they were shuffled hangs on
the server's secret, so that it gives no answer away.
"""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.learning.practice import PracticeChoice, read_choice
from quizapp.core.messages import say
from quizapp.services import practice_games
from quizapp.services.practice_games import TimedQuestion, TimedVerdict
from quizapp.web.answers import read_answer, read_typed
from quizapp.web.context import learner_id, now, reader, rules
from quizapp.web.numbers import number_of
from quizapp.web.text import translate

bp = Blueprint("games", __name__, url_prefix="/games")

SECONDS = (60, 120, 300, 0)
"""How long a timed round may be; 0 is without a timer."""


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="game")


def _read_game() -> dict[str, Any]:
    """The game that the form in hand is about. Raises NotFound."""
    try:
        held: dict[str, Any] = _serializer().loads(request.form.get("game", ""))
    except BadSignature as error:
        raise NotFound(say("There is no such game. Begin a new one.")) from error
    return held


def _read_place(name: str) -> int:
    return number_of(request.form.get(name, ""), -1)


def _query(choice: PracticeChoice) -> str:
    return urlencode(choice.to_fields())


def _show_game(template: str, deal: Callable[[PracticeChoice, str], dict[str, Any]]) -> ResponseReturnValue:
    """The page of a game; where the choice allows none, the page says why."""
    game: dict[str, Any] = {}
    query, problem, status = "", "", 200
    try:
        choice = read_choice(request.args.to_dict(flat=False))
        query = _query(choice)
        game = deal(choice, str(uuid.uuid4()))
    except Invalid as error:
        problem, status = translate(next(iter(error.fields.values()), error.message)), 422
    except NotFound as error:
        problem, status = translate(error.message), 404
    practice_url = url_for("practice.start") + (f"?{query}" if query and status == 200 else "")
    return render_template(template, problem=problem, query=query, practice_url=practice_url, **game), status


def _send_to(endpoint: str) -> ResponseReturnValue:
    """From the practice page's form to the game's address, which holds the choice and no more."""
    known = {name for name, _ in PracticeChoice(confidence=True).to_fields()}
    lists = {"deck", "theme", "tag", "source", "card", "paragraph"}
    fields = [(name, value) for name, value in request.form.items(multi=True) if name in known | lists]
    return redirect(f"{url_for(endpoint)}?{urlencode(fields)}", code=303)


@bp.get("/match")
def match() -> ResponseReturnValue:
    """A match game with the cards that the address chooses."""

    def deal(choice: PracticeChoice, handle: str) -> dict[str, Any]:
        table = practice_games.deal_match(reader(), learner_id(), choice, handle, rules(), now())
        return {"table": table, "game": _serializer().dumps({"handle": handle, "pairs": table.pairs})}

    return _show_game("practice/match.html", deal)


@bp.post("/match")
def to_match() -> ResponseReturnValue:
    """To the game, with what the practice page's form holds."""
    return _send_to("games.match")


@bp.post("/match/check")
def check() -> ResponseReturnValue:
    """Whether two tiles belong together."""
    game = _read_game()
    pairs = tuple((int(revision), int(number)) for revision, number in game.get("pairs", ()))
    places = _read_place("left"), _read_place("right")
    return jsonify(
        right=practice_games.is_pair(reader(), learner_id(), str(game["handle"]), pairs, places, rules(), now())
    )


@bp.get("/timed")
def timed() -> ResponseReturnValue:
    """A round against the clock, or without it, with the cards that the address chooses."""

    def deal(choice: PracticeChoice, handle: str) -> dict[str, Any]:
        cards = practice_games.deal_timed(reader(), learner_id(), choice, handle, rules(), now())
        token = _serializer().dumps({"handle": handle, "cards": cards})
        return {"cards": len(cards), "game": token, "seconds": SECONDS}

    return _show_game("practice/timed.html", deal)


@bp.post("/timed")
def to_timed() -> ResponseReturnValue:
    """To the round, with what the practice page's form holds."""
    return _send_to("games.timed")


def _read_cards(game: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(number) for number in game.get("cards", ()))


def _show_turn(
    question: TimedQuestion | None, verdict: TimedVerdict | None = None, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    typed = None
    if errors and question is not None:
        typed = read_typed(request.form, question.asked).typed
    page = render_template("practice/turn.html", question=question, verdict=verdict, typed=typed, errors=errors or {})
    return page, 422 if errors else 200


@bp.post("/timed/ask")
def ask() -> ResponseReturnValue:
    """The first card of a timed round, as a part of its page."""
    game = _read_game()
    return _show_turn(
        practice_games.ask_timed(reader(), learner_id(), str(game.get("handle")), _read_cards(game), 0, rules(), now())
    )


@bp.post("/timed/answer")
def answer() -> ResponseReturnValue:
    """What an answer is worth, and the next card, as a part of the round's page."""
    game, number = _read_game(), _read_place("number")
    handle, cards = str(game.get("handle")), _read_cards(game)
    question = practice_games.ask_timed(reader(), learner_id(), handle, cards, number, rules(), now())
    if question is None:
        raise NotFound(say("This round has no such card."))
    try:
        given = read_answer(request.form, question.asked)
        verdict = practice_games.answer_timed(reader(), learner_id(), cards, number, given.response, now())
    except Invalid as error:
        faults = {name: translate(words) for name, words in error.fields.items()}
        return _show_turn(question, errors=faults or {"response": translate(error.message)})
    return _show_turn(
        practice_games.ask_timed(reader(), learner_id(), handle, cards, number + 1, rules(), now()), verdict
    )
