"""The description of the API, as OpenAPI 3.1. The body of an answer comes from the model that reads it."""

from typing import Any

from quizapp import __version__
from quizapp.core.deck.schema import CARD_TYPES
from quizapp.core.reports.definitions import Kind
from quizapp.core.reports.formats import MEDIA_TYPES, Format
from quizapp.services.submissions import LONGEST_SHOWN_MS
from quizapp.web.api.bodies import AnswerBody

_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": required | (optional or {}),
        "additionalProperties": False,
    }


def _reply(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


# What the services check: their sentences say more than a schema's would, so the model itself leaves it open.
_KEY = {"type": "string", "format": "uuid"}
_BOUNDS = {"shown_ms": (0, LONGEST_SHOWN_MS), "confidence": (1, 3), "rating": (1, 4)}


def _describe_answer() -> dict[str, Any]:
    schema = AnswerBody.model_json_schema()
    fields = schema["properties"]
    fields["key"] = {"description": fields["key"]["description"]} | _KEY
    for name, (least, most) in _BOUNDS.items():
        kept = {key: fields[name][key] for key in ("description", "default")}
        fields[name] = kept | {"anyOf": [{"type": "integer", "minimum": least, "maximum": most}, {"type": "null"}]}
    return schema


_SCHEMAS: dict[str, Any] = {
    "Problem": _object(
        {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
        {"errors": {"type": "object", "additionalProperties": _TEXT}},
    ),
    "Deck": _object({"id": _TEXT, "title": _TEXT, "theme": _TEXT, "cards": _COUNT, "new": _COUNT, "due": _COUNT}),
    "Counts": _object({"new": _COUNT, "learning": _COUNT, "due": _COUNT}),
    "Card": _object(
        {
            "ref": {"type": "string", "description": "DECK/CARD"},
            "revision": {"type": "integer", "minimum": 1},
            "type": {"enum": list(CARD_TYPES)},
            "prompt": _TEXT,
            "language": _TEXT,
            "hint_available": {"type": "boolean"},
        },
        {
            "options": _TEXTS,
            "blanks": {"type": "integer", "minimum": 1},
            "text": _TEXTS,
            "left": _TEXTS,
            "right": _TEXTS,
        },
    ),
    "Citation": _object(
        {"source": _TEXT, "paragraph": {"type": "integer", "minimum": 1}, "quote": _TEXT, "url": _TEXT}
    ),
    "Result": _object(
        {
            "key": _KEY,
            "card": _TEXT,
            "revision": {"type": "integer", "minimum": 1},
            "correct": {"type": "boolean"},
            "verdict": {"enum": ["right", "almost", "partly", "wrong"]},
            "score": {"type": "number", "minimum": 0, "maximum": 1},
            "answer": {"description": "The right answer, in the shape that a response to this card has."},
            "explanation": {"type": "string", "description": "Markdown without HTML"},
            "note": {"type": "string", "description": "Markdown without HTML: the editor's word, not the text's"},
            "citations": {"type": "array", "items": {"$ref": "#/components/schemas/Citation"}},
            "rating": {"type": "integer", "minimum": 1, "maximum": 4},
            "due": {"type": "string", "format": "date-time"},
            "undone": {"type": "boolean"},
        }
    ),
    "Answer": _describe_answer(),
}

_RESULT = {"$ref": "#/components/schemas/Result"}
_DECK = _parameter("deck", "The id of the deck.", {"type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": 80})
_UNSIGNED = {"401": _problem("No sign-in and no good access token.")}
_BUSY = {"503": _problem("The database does not answer.")}

_CLASS = _parameter("handle", "The id of the class.", {"type": "string", "maxLength": 80})
_REPORT = _parameter("kind", "Which report: docs/reports.md.", {"enum": [kind.value for kind in Kind]})


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _describe_files() -> dict[str, Any]:
    """The rows as they come in each format; columns differ from report to report."""
    rows = {"type": "array", "items": {"type": "object"}}
    files = {media: {"schema": {"type": "string"}} for media in MEDIA_TYPES.values()}
    return files | {MEDIA_TYPES[Format.JSON]: {"schema": rows}}


_PATHS: dict[str, Any] = {
    "/healthz": {
        "get": {
            "operationId": "checkHealth",
            "summary": "Whether the app and its database answer.",
            "security": [],
            "responses": {
                "200": _reply(
                    "All is well, or the database is only read.", _object({"status": {"enum": ["ok", "read-only"]}})
                ),
                "503": {"description": "The database does not answer."},
            },
        }
    },
    "/api/v1/decks": {
        "get": {
            "operationId": "listDecks",
            "summary": "All decks, with what is new and due.",
            "responses": {
                "200": _reply("The decks.", {"type": "array", "items": {"$ref": "#/components/schemas/Deck"}}),
                **_UNSIGNED,
                **_BUSY,
            },
        }
    },
    "/api/v1/decks/{deck}/next": {
        "get": {
            "operationId": "nextCard",
            "summary": "The next card of a deck, as asked.",
            "parameters": [_DECK],
            "responses": {
                "200": _reply(
                    "The card.",
                    _object(
                        {
                            "card": {"$ref": "#/components/schemas/Card"},
                            "counts": {"$ref": "#/components/schemas/Counts"},
                        }
                    ),
                ),
                "204": {"description": "Nothing is due."},
                "404": _problem("There is no such deck."),
                **_UNSIGNED,
                **_BUSY,
            },
        }
    },
    "/api/v1/answers": {
        "post": {
            "operationId": "answerCard",
            "summary": "Record an answer.",
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}},
            },
            "responses": {
                "201": _reply("Recorded, graded and scheduled.", _RESULT),
                "200": _reply("The same key had brought the same answer before; nothing was recorded again.", _RESULT),
                "400": _problem("A browser session without its X-CSRFToken header."),
                "404": _problem("There is no such card."),
                "409": _problem("The key was used for another answer, or a test that is open holds the card."),
                "422": _problem("The answer has the wrong shape; `errors` names the fields."),
                **_UNSIGNED,
                **_BUSY,
            },
        }
    },
    "/api/v1/classes/{handle}/report/{kind}": {
        "get": {
            "operationId": "getReport",
            "summary": "A report of a class, for its teachers, streamed; the format by Accept or by name.",
            "parameters": [
                _CLASS,
                _REPORT,
                _query("format", "Counts more than Accept.", {"enum": [each.value for each in Format]}),
                _query("bom", "Begin CSV with a byte order mark.", {"type": "string"}),
                _query("sort", "Order by this column; with a dash before it, the other way.", {"type": "string"}),
            ],
            "responses": {
                "200": {"description": "The rows of `quizapp report`.", "content": _describe_files()},
                "403": _problem("Students go by pseudonyms, and this report needs names."),
                "404": _problem("There is no such class or report, or it is not yours."),
                "406": _problem("No report comes in a format that is accepted."),
                "422": _problem("No such format or column; or more rows than a sheet holds."),
                **_UNSIGNED,
                **_BUSY,
            },
        }
    },
    "/api/v1/answers/{key}/undo": {
        "post": {
            "operationId": "undoAnswer",
            "summary": "Take an answer back: card, log and counts are as they were.",
            "parameters": [_parameter("key", "The key of the answer.", _KEY)],
            "responses": {
                "200": _reply("Taken back.", _RESULT),
                "400": _problem("A browser session without its X-CSRFToken header."),
                "404": _problem("You gave no such answer."),
                "409": _problem(
                    "A later answer to the same card counts, a test made it, or an open test holds the card."
                ),
                **_UNSIGNED,
                **_BUSY,
            },
        }
    },
}


def describe() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Quizapp",
            "version": __version__,
            "description": "Study decks whose every answer is proved by a passage. Errors are problem documents"
            " (RFC 9457).",
            "license": {"name": "MIT"},
        },
        "security": [{"token": []}, {"browser": [], "form": []}],
        "paths": _PATHS,
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "From `quizapp user token NAME`."},
                "browser": {"type": "apiKey", "in": "cookie", "name": "quizapp_sign_in"},
                "form": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
        },
    }
