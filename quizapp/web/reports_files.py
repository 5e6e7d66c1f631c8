"""Sending a report as a file: as a stream, from a session of its own that ends with the response."""

from itertools import chain

from flask import Response

from quizapp.core.reports.formats import MEDIA_TYPES, Format
from quizapp.services.classes import TaughtClass
from quizapp.services.reports.files import name_file, write_file
from quizapp.services.reports.making import has_untidy, make_report, tidy_tests
from quizapp.web.context import now, reader, services, writer
from quizapp.web.text import translate


def tidy(taught: TaughtClass) -> None:
    """End attempts whose time is over, if there are any: a report tells of them."""
    if has_untidy(reader(), taught, now()):
        tidy_tests(writer(), taught, now())


def send_report(
    taught: TaughtClass, kind: str, file_format: Format, *, bom: bool = False, sort: str = "", download: bool = True
) -> Response:
    """A report of a class that was loaded for whoever looks. What it refuses is refused before anything is sent."""
    tidy(taught)
    session = services().database.new_reader()
    try:
        report = make_report(session, taught, kind, services().rules, now(), sort=sort)
        pieces = write_file(report, file_format, bom=bom, words=translate)
        first = next(pieces, b"")
    except BaseException:
        session.close()
        raise
    response = Response(chain((first,), pieces), mimetype=MEDIA_TYPES[file_format])
    response.call_on_close(pieces.close)
    response.call_on_close(session.close)
    if download:
        response.headers.set("Content-Disposition", "attachment", filename=name_file(report, file_format))
    return response
