"""Writing acts down after the view has answered, and before the answer is sent."""

from flask import Response, current_app, request
from sqlalchemy.exc import DatabaseError

from quizapp.core.privacy.acts import Way
from quizapp.services.accounts import Role
from quizapp.services.privacy import audit
from quizapp.web.context import now, viewer, writer
from quizapp.web.errors import on_silent_database
from quizapp.web.privacy.decisions import RECORDED, Record

_EXTENSIONS = {"application/json": "json", "text/csv": "csv"}


def _wants_record(decided: Record, response: Response) -> bool:
    if request.method not in ("GET", "POST") or response.status_code >= 400:
        return False
    person = viewer()
    if decided.staff and (person is None or person.role not in (Role.TEACHER, Role.ADMIN)):
        return False
    if request.method == "GET" and response.status_code != 200:
        return False
    return not decided.only_then or bool(request.args.get(decided.query))


def _find_format(decided: Record, response: Response) -> str:
    if decided.file_format:
        return decided.file_format
    named = (request.view_args or {}).get("extension")
    if named:
        return str(named)
    if request.blueprint != "api":
        return ""
    kind = str(response.mimetype)
    return _EXTENSIONS.get(kind, "ods" if "opendocument" in kind else "xlsx")


def _write(decided: Record, response: Response) -> None:
    args = request.view_args or {}
    area = str(request.endpoint).partition(".")[0]
    place = {"assessments": "test", "assignments": "assignment"}.get(area, "taken")
    audit.write_down_by_names(
        writer(),
        decided.act,
        Way.API if request.blueprint == "api" else Way.PAGE,
        viewer(),
        now(),
        audit.Names(
            **{place: args.get("handle", "")},
            learner=args.get("learner", "") or request.args.get(decided.query, ""),
            attempt=args.get("attempt", ""),
        ),
        detail=args.get("kind", "") or decided.detail,
        file_format=_find_format(decided, response),
    )


def write_act_down(response: Response) -> Response:
    """Write the act down where one was decided on. Without it, nothing is sent."""
    decided = RECORDED.get(request.endpoint or "")
    if decided is None or not _wants_record(decided, response):
        return response
    try:
        _write(decided, response)
    except DatabaseError as error:
        response.close()
        return current_app.make_response(on_silent_database(error))
    return response
