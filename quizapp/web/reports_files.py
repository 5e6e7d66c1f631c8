"""Sending a report as a file: as a stream, from a session of its own that ends with the response."""

from itertools import chain

from flask import Response

from quizapp.core.reports.formats import MEDIA_TYPES, Format
from quizapp.services.classes import TaughtClass
from quizapp.services.reports.files import name_file, write_file
from quizapp.services.reports.filing import OpenFile, peel, read_file
from quizapp.services.reports.making import has_untidy, make_report, tidy_tests
from quizapp.web.context import now, reader, services, writer
from quizapp.web.text import translate


def tidy(taught: TaughtClass) -> None:
    """End attempts whose time is over, if there are any: a report tells of them."""
    if has_untidy(reader(), taught, now()):
        tidy_tests(writer(), taught, now())


class TooLong(Exception):
    """A report is too long to be made while somebody waits."""


def send_report(
    taught: TaughtClass, kind: str, file_format: Format, *, bom: bool = False, sort: str = "", any_length: bool = True
) -> Response:
    """A report of a class that was loaded for whoever looks. What it refuses is refused before anything is sent.

    Raises TooLong where it is long and ``any_length`` is not wanted.
    """
    tidy(taught)
    session = services().database.new_reader()
    try:
        report = make_report(session, taught, kind, services().rules, now(), sort=sort)
        if not any_length:
            report, is_long = peel(report)
            if is_long:
                raise TooLong
        pieces = write_file(report, file_format, bom=bom, words=translate)
        first = next(pieces, b"")
    except BaseException:
        session.close()
        raise
    response = Response(chain((first,), pieces), mimetype=MEDIA_TYPES[file_format])
    response.call_on_close(pieces.close)
    response.call_on_close(session.close)
    response.headers.set("Content-Disposition", "attachment", filename=name_file(report, file_format))
    return response


def send_file(opened: OpenFile) -> Response:
    """A file that was made before. Where it is taken away meanwhile, the answer is broken off short of its length."""
    session = services().database.new_reader()
    pieces = read_file(session, opened)
    response = Response(pieces, mimetype=MEDIA_TYPES[opened.format])
    response.content_length = opened.size
    response.call_on_close(session.close)
    response.headers.set("Content-Disposition", "attachment", filename=opened.name)
    return response
