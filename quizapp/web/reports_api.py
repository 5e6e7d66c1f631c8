"""Reports for programs: ``GET /api/v1/classes/ID/report/KIND``, in the format that is asked for."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MIMEAccept

from quizapp.core.reports.formats import MEDIA_TYPES, Format, parse_format
from quizapp.services import classes
from quizapp.services.reports.making import find_definition
from quizapp.web.api.problem import make_problem
from quizapp.web.api.views import bp
from quizapp.web.context import reader, viewer
from quizapp.web.reports_files import send_report
from quizapp.web.words import gettext

_FIRST_CHOICE = (Format.JSON, Format.CSV, Format.XLSX, Format.ODS)


def choose_format(named: str | None, accept: MIMEAccept) -> Format | None:
    """The format named, else the best that is accepted, JSON where it does not matter; None where none is.

    Raises Invalid (field ``format``) for a name that is none.
    """
    if named is not None:
        return parse_format(named)
    if not accept:
        return Format.JSON
    plain = MIMEAccept([(name.partition(";")[0].strip(), quality) for name, quality in accept])  # less ; charset=utf-8
    best = plain.best_match([MEDIA_TYPES[each] for each in _FIRST_CHOICE])
    return next((each for each in _FIRST_CHOICE if MEDIA_TYPES[each] == best), None)


@bp.get("/classes/<handle>/report/<kind>")
def report(handle: str, kind: str) -> ResponseReturnValue:
    """The rows of ``quizapp report``, streamed."""
    taught = classes.load_taught_class(reader(), viewer(), handle)
    find_definition(kind)
    wanted = choose_format(request.args.get("format"), request.accept_mimetypes)
    if wanted is None:
        detail = gettext("A report comes as %(types)s.", types=", ".join(MEDIA_TYPES.values()))
        return make_problem(406, gettext("There is no such format"), detail)
    bom, sort = "bom" in request.args, request.args.get("sort", "")
    response = send_report(taught, kind, wanted, bom=bom, sort=sort)
    response.vary.add("Accept")
    return response
