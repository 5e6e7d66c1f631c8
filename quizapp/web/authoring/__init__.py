"""The pages on which teachers write decks."""

from flask import Blueprint

from quizapp.web.authoring import cards, decks, guard, history, telling

bp = Blueprint("authoring", __name__, url_prefix="/author")
bp.before_request(guard.require_sign_in)
for part in (decks.bp, cards.bp, history.bp, telling.bp):
    bp.register_blueprint(part)
